//! Where a person was in two windows: back and forward over view, service, request, span, range and moment.

use super::{RequestsCommand, RequestsPage, RequestsView};
use crate::app::graph::Look;
use crate::app::trail::Trail;
use crate::app::waterfall::WaterfallCommand;

/// A place to come back to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    view: RequestsView,
    service: usize,
    evidence: usize,
    example: usize,
    /// The selected row of the waterfall, and the part of its axis that is in sight.
    span: Option<(u32, (f64, f64))>,
    /// The moment of the failing window that the graph shows.
    until: Option<usize>,
}

/// True for what a person does many times in a row to get somewhere.
const fn is_small(command: RequestsCommand) -> bool {
    matches!(
        command,
        RequestsCommand::Step(_)
            | RequestsCommand::Page(_)
            | RequestsCommand::Example(_)
            | RequestsCommand::StepPlace { .. }
            | RequestsCommand::Until(_)
            | RequestsCommand::UntilBy(_)
            | RequestsCommand::Look(Look::Zoom(_) | Look::Pan(_))
            | RequestsCommand::Waterfall(
                WaterfallCommand::Step(_)
                    | WaterfallCommand::Page(_)
                    | WaterfallCommand::Zoom { .. }
                    | WaterfallCommand::Pan(_)
                    | WaterfallCommand::Look(Look::Zoom(_) | Look::Pan(_))
            )
    )
}

impl RequestsPage {
    fn spot(&self) -> Spot {
        Spot {
            view: self.view,
            service: self.service,
            evidence: self.evidence,
            example: self.example,
            // What is opened behind another view is no place that was seen.
            span: self
                .opened
                .as_ref()
                .filter(|_| self.view == RequestsView::Waterfall)
                .map(|opened| (opened.seen.row(), opened.seen.range())),
            until: self.chart.past().map(|past| past.step),
        }
    }

    /// Carries out a command, and remembers where it came from if it led away.
    pub fn apply(&mut self, command: RequestsCommand) {
        match command {
            RequestsCommand::Back => self.walk_trail(true),
            RequestsCommand::Forward => self.walk_trail(false),
            command => {
                let before = self.spot();
                self.carry_out(command);
                self.trail.went(before, &self.spot(), is_small(command));
            }
        }
    }

    fn walk_trail(&mut self, back: bool) {
        self.notice.clear();
        let here = self.spot();
        let Some(spot) = self.trail.go(back, here, &mut self.notice) else { return };
        self.go_to(spot.view, (spot.service, spot.evidence, spot.example));
        if let (Some(opened), Some((row, range))) = (&mut self.opened, spot.span) {
            opened.seen.reveal(row, &opened.request.waterfall);
            opened.seen.show_range(range, &opened.request.waterfall);
        }
        if self.chart.past().map(|past| past.step) != spot.until {
            self.chart.go_to(&self.survey, spot.until);
        }
    }

    /// What was seen of an older answer about the same recordings, and where a person was in it, as far as it is still there.
    pub(in crate::app) fn take_over(&mut self, old: &Self) {
        // What is gone was asked for by nobody by name.
        let _missing = self.set_seen(&old.seen());
        let now = |service: usize| {
            let name = old.population().words.get(*old.services.get(service)?);
            self.services.iter().position(|&word| self.population().words.get(word) == name)
        };
        let trail: Trail<Spot> = old.trail.mapped(|spot| {
            let service = now(spot.service)?;
            let examples = self.survey.examples(service, spot.evidence).len();
            let shown = self.is_metrics() || spot.example < examples;
            let (evidence, example) = if shown { (spot.evidence, spot.example) } else { (0, 0) };
            // A row of another request is another span.
            let then = old.request_id(spot.service, spot.evidence, spot.example);
            let span = spot.span.filter(|_| then == self.request_id(service, evidence, example));
            Some(Spot { service, evidence, example, span, ..spot.clone() })
        });
        self.trail = trail;
    }
}
