//! What is seen of two windows, as it is saved: the view, the service, the request and its span, the part of the graph in sight.

use serde::{Deserialize, Serialize};

use super::{RequestsPage, RequestsView};
use crate::app::trail::Trail;
use crate::app::waterfall::{SavedWaterfall, VIEWPORT};
use crate::trace::{Word, escape};
use crate::view::Near;

/// What is seen of two windows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenRequests {
    view: String,
    /// The selected service.
    service: String,
    /// Which piece of its evidence is looked at, from 0, the strongest first.
    evidence: usize,
    /// Which of the requests that show it, from 0.
    example: usize,
    /// The trace id of that request, which is looked for first; none where only the place is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    request: String,
    /// What is seen of that request.
    #[serde(skip_serializing_if = "Option::is_none")]
    waterfall: Option<SavedWaterfall>,
    /// The part of the graph in sight; all of it where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph: Option<Near>,
    /// The step of the failing window that the graph shows; all of it where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<usize>,
    /// The first service in sight of the table.
    #[serde(skip_serializing_if = "String::is_empty")]
    top: String,
}

impl SeenRequests {
    /// The same without what is scrolled, zoomed and walked through: what is worth a write to disk at once.
    #[must_use]
    pub fn place(self) -> Self {
        Self { waterfall: None, graph: None, until: None, top: String::new(), ..self }
    }
}

impl RequestsPage {
    fn name(&self, service: usize) -> &str {
        self.services.get(service).map_or("", |&service: &Word| self.population().words.get(service))
    }

    /// What is seen, to be kept.
    pub fn seen(&self) -> SeenRequests {
        let top = self.table.top() as usize;
        SeenRequests {
            view: self.view.name().to_owned(),
            service: self.name(self.service).to_owned(),
            evidence: self.evidence,
            example: self.example,
            request: self.request_id(self.service, self.evidence, self.example).unwrap_or_default().to_owned(),
            waterfall: self
                .opened
                .as_ref()
                .map(|opened| opened.seen.saved(opened.waterfall(), &self.population().words)),
            graph: self.camera.near(),
            until: self.chart.past().map(|past| past.step),
            top: if top == 0 { String::new() } else { self.name(top).to_owned() },
        }
    }

    /// Shows what was seen before; says what of it is not here.
    pub fn set_seen(&mut self, seen: &SeenRequests) -> Vec<String> {
        let mut missing = Vec::new();
        let mut view = self.view;
        match seen.view.parse::<RequestsView>() {
            Ok(wanted) if self.views().contains(&wanted) => view = wanted,
            Ok(wanted) => missing.push(format!("There is no view {} here. The view file asks for it.", wanted.name())),
            Err(_) if seen.view.is_empty() => {}
            Err(trouble) => missing.push(format!("{trouble} The view file asks for it.")),
        }
        if let Some(place) = (0..self.services.len()).find(|&place| self.name(place) == seen.service) {
            self.set_request(view, place, seen, &mut missing);
        } else {
            self.go_to(view, (self.service, self.evidence, self.example));
            if !seen.service.is_empty() {
                missing.push(format!("The view file selects {}, which is not here.", escape(&seen.service)));
            }
        }
        self.camera.set_near(self.chart.layout.size, seen.graph);
        if self.has_past() {
            self.chart.go_to(&self.survey, seen.until);
        }
        if let Some(top) = (0..self.services.len()).find(|&place| self.name(place) == seen.top) {
            self.table.begin_at(top as u32);
        }
        self.trail = Trail::default();
        missing
    }

    /// The trace id of one of the requests that show a piece of evidence.
    pub(super) fn request_id(&self, service: usize, evidence: usize, example: usize) -> Option<&str> {
        let at = *self.survey.examples(service, evidence).get(example)?;
        Some(self.population().words.get(self.survey.requests.actual.get(at).trace))
    }

    /// Opens the request of a service that was looked at, wherever it stands now among those that show the evidence.
    fn set_request(&mut self, view: RequestsView, service: usize, seen: &SeenRequests, missing: &mut Vec<String>) {
        let examples = self.survey.examples(service, seen.evidence).len();
        let is_it = |at: usize| self.request_id(service, seen.evidence, at) == Some(&seen.request);
        let found = match seen.request.as_str() {
            "" => Some(seen.example).filter(|at| *at < examples),
            _ if is_it(seen.example) => Some(seen.example),
            _ => (0..examples).find(|&at| is_it(at)),
        };
        let known = examples > 0 || self.is_metrics() && seen.evidence < self.survey.evidence(service).count();
        let example = found.unwrap_or_else(|| seen.example.min(examples.saturating_sub(1)));
        self.go_to(view, if known { (service, seen.evidence, example) } else { (service, 0, 0) });
        let Some(waterfall) = &seen.waterfall else { return };
        if self.opened.is_none() {
            self.open_now(VIEWPORT);
        }
        let words = &self.survey.population.words;
        match self.opened.as_mut().filter(|_| found.is_some()) {
            Some(opened) => missing.extend(opened.seen.set_saved(waterfall, &opened.request.waterfall, words)),
            None => missing.push("The request that the view file shows is not here.".to_owned()),
        }
    }
}
