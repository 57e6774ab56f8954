//! What is selected in two windows, to be copied: a span of the request that is looked at, else a service.

use super::{Opened, RequestsPage, RequestsView};
use crate::report::{self, Form};
use crate::trace::{Side, escape};

impl RequestsPage {
    /// The request whose spans are gone through, if they are.
    fn walked(&self) -> Option<&Opened> {
        let opened = self.opened.as_ref().filter(|opened| !opened.waterfall().rows.is_empty());
        opened.filter(|_| self.view == RequestsView::Waterfall)
    }

    /// True when there is something to copy.
    pub fn has_selected(&self) -> bool {
        !self.services.is_empty()
    }

    /// What is selected in words, or for a program.
    pub(in crate::app) fn selected_as(&self, form: Form) -> Option<String> {
        if let Some(opened) = self.walked() {
            let (evidence, stands_for) = (self.evidence().nth(self.evidence), self.example().1);
            let (request, row) = (opened.request(), opened.seen.row());
            return Some(report::selected_span(self.population(), request, evidence, stands_for, row, form));
        }
        let service = *self.services.get(self.service)?;
        Some(report::selected_service(&self.survey, service, form))
    }

    /// Says what was copied.
    pub(in crate::app) fn tell_copied(&mut self) {
        let words = &self.population().words;
        let (what, word) = match self.walked() {
            Some(opened) => {
                let (waterfall, row) = (opened.waterfall(), opened.seen.row());
                let span = [Side::Actual, Side::Expected].into_iter().find_map(|side| waterfall.span(side, row));
                ("span", span.map(|span| span.operation))
            }
            None => ("service", self.services.get(self.service).copied()),
        };
        self.notice = format!("Copied the {what} {}.", escape(word.map_or("", |word| words.get(word))));
    }
}
