//! What is seen of two windows, as it is saved: the view, the service, the request and its span, the part of the graph in sight.

use serde::{Deserialize, Serialize};

use super::{RequestsCommand, RequestsPage, RequestsView};
use crate::app::trail::Trail;
use crate::app::waterfall::{SavedWaterfall, VIEWPORT};
use crate::trace::{Word, escape};

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

/// A part of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Near {
    /// Its point in the middle.
    middle: [f32; 2],
    /// How large it is drawn.
    scale: f32,
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
            waterfall: self.opened.as_ref().map(|opened| opened.seen.saved(opened.waterfall())),
            graph: self.camera.near().map(|(middle, scale)| Near { middle, scale }),
            until: self.chart.past().map(|past| past.step),
            top: if top == 0 { String::new() } else { self.name(top).to_owned() },
        }
    }

    /// Shows what was seen before; says what of it is not here.
    pub fn set_seen(&mut self, seen: &SeenRequests) -> Vec<String> {
        let mut missing = Vec::new();
        match seen.view.parse::<RequestsView>() {
            Ok(view) if self.views().contains(&view) => self.carry_out(RequestsCommand::Show(view)),
            Ok(view) => missing.push(format!("There is no view {} here. The view file asks for it.", view.name())),
            Err(_) if seen.view.is_empty() => {}
            Err(trouble) => missing.push(format!("{trouble} The view file asks for it.")),
        }
        match (0..self.services.len()).find(|&place| self.name(place) == seen.service) {
            Some(place) => self.set_request(place, seen, &mut missing),
            None if seen.service.is_empty() => {}
            None => missing.push(format!("The view file selects {}, which is not here.", escape(&seen.service))),
        }
        self.camera.set_near(self.chart.layout.size, seen.graph.map(|near| (near.middle, near.scale)));
        if self.has_past() {
            self.chart.go_to(&self.survey, seen.until);
        }
        if let Some(top) = (0..self.services.len()).find(|&place| self.name(place) == seen.top) {
            self.table.begin_at(top as u32);
        }
        self.trail = Trail::default();
        missing
    }

    /// Opens the request of a service that was looked at.
    fn set_request(&mut self, service: usize, seen: &SeenRequests, missing: &mut Vec<String>) {
        self.select(service);
        let examples = self.survey.examples(service, seen.evidence).len();
        if self.is_metrics() && seen.evidence < self.survey.evidence(service).count() || examples > 0 {
            (self.evidence, self.example) = (seen.evidence, seen.example.min(examples.saturating_sub(1)));
            self.open();
        }
        let same = (self.evidence, self.example) == (seen.evidence, seen.example);
        let Some(waterfall) = &seen.waterfall else { return };
        if self.opened.is_none() {
            self.open_now(VIEWPORT);
        }
        match self.opened.as_mut().filter(|_| same) {
            Some(opened) => opened.seen.set_saved(waterfall, &opened.request.waterfall),
            None => missing.push("The request that the view file shows is not here.".to_owned()),
        }
    }
}
