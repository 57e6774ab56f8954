//! Two opened windows of requests: the services, the evidence, and the request that is looked at.

mod chart;
mod command;
mod copied;
mod curve;
mod saved;
#[cfg(test)]
mod tests;
mod trail;

use std::sync::Arc;

use super::graph::{GraphCommand, Look, SeenGraph, next_place};
use super::trail::Trail;
use super::waterfall::{SeenWaterfall, VIEWPORT, WaterfallCommand};
use crate::analyse::{Population, Representative, ServiceGraph, Survey};
use crate::compare::Verdict;
use crate::incident::Place;
use crate::population::{Evidence, Suspect, Waterfall};
use crate::report;
use crate::trace::{Side, Word};
use crate::view::{Camera, Scroller};
use trail::Spot;

pub use chart::{Chart, Past, STEPS, row_at};
pub use command::{RequestsCommand, RequestsView};
pub use curve::Curve;
pub use saved::SeenRequests;

/// Height of a line of the table of services.
pub const SERVICE_HEIGHT: f32 = 32.0;

/// Two opened windows.
#[derive(Debug)]
pub struct RequestsPage {
    survey: Arc<Survey>,
    chart: Chart,
    title: String,
    view: RequestsView,
    /// The ranked services, then the others by name.
    services: Vec<Word>,
    /// Which of them is selected.
    service: usize,
    /// Which piece of its evidence, and which of the requests that show it, is looked at.
    evidence: usize,
    example: usize,
    opened: Option<Opened>,
    /// What the selected node of tables of metrics showed.
    curves: Vec<Curve>,
    table: Scroller,
    /// Which part of the graph is in sight.
    camera: Camera,
    /// The service that the pointer is over, in whichever view.
    hover: Option<usize>,
    notice: String,
    trail: Trail<Spot>,
}

/// A request of each side on screen.
#[derive(Debug)]
pub struct Opened {
    request: Representative,
    seen: SeenWaterfall,
}

impl Opened {
    /// The request, and what it stands for.
    pub const fn request(&self) -> &Representative {
        &self.request
    }

    /// Both requests aligned.
    pub const fn waterfall(&self) -> &Waterfall {
        &self.request.waterfall
    }

    /// What is seen of them.
    pub const fn seen(&self) -> &SeenWaterfall {
        &self.seen
    }

    fn apply(&mut self, command: WaterfallCommand) {
        self.seen.apply(command, &self.request.waterfall);
    }
}

impl RequestsPage {
    /// The page as it is first seen: the services, the likeliest cause selected. `title` is what the windows are called
    /// together, such as the name of their folder; without one they are called by their own names.
    pub fn new(survey: Arc<Survey>, chart: Chart, title: Option<String>) -> Self {
        let told = &survey.population.told;
        let title = title.unwrap_or_else(|| format!("{} ⇄ {}", told.expected.label, told.actual.label));
        let Population { ranking, words, .. } = &survey.population;
        let mut services: Vec<Word> = ranking.suspects.iter().map(|suspect| suspect.service).collect();
        let mut others: Vec<Word> = Side::BOTH
            .into_iter()
            .flat_map(|side| survey.requests[side].work().keys().copied())
            .chain(survey.population.tables.iter().flat_map(|tables| tables.now.nodes()))
            .filter(|service| !services.contains(service))
            .collect();
        others.sort_by_key(|&service| words.get(service));
        others.dedup();
        services.extend(others);
        let table = Scroller::new(SERVICE_HEIGHT, VIEWPORT, services.len() as u32);
        let view = if survey.population.tables.is_some() { RequestsView::Metrics } else { RequestsView::default() };
        let mut page = Self {
            survey,
            chart,
            title,
            view,
            services,
            service: 0,
            evidence: 0,
            example: 0,
            opened: None,
            curves: Vec::new(),
            table,
            camera: Camera::default(),
            hover: None,
            notice: String::new(),
            trail: Trail::default(),
        };
        page.open();
        page
    }

    /// What was found out.
    pub const fn survey(&self) -> &Arc<Survey> {
        &self.survey
    }

    /// The graph of the services as it is laid out.
    pub const fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The graph of the services as it is seen now.
    pub fn graph(&self) -> SeenGraph<'_> {
        let all = &self.survey.population.services.graph;
        let past = self.chart.past();
        let place = |service: Option<usize>| {
            let name = self.population().words.get(*self.services.get(service?)?);
            all.nodes.iter().position(|node| node.name == name).map(|place| place as Place)
        };
        let blast = self.population().incident.as_ref().and_then(|incident| incident.blast.as_ref());
        SeenGraph {
            graph: past.map_or(all, |past| &past.graph),
            layout: &self.chart.layout,
            camera: self.camera,
            side: None,
            selected: place(Some(self.service)),
            lit: place(self.hover),
            until: None,
            root: blast.map(|blast| blast.root),
            cause: blast.map(|blast| blast.root),
            symptom: blast.and_then(|blast| blast.noticed),
            few: ServiceGraph::FEW,
            notes: past.map_or([&self.chart.services, &self.chart.ways], |past| [&past.notes[0], &past.notes[1]]),
        }
    }

    /// The place among all services of one of the graph's.
    pub fn service_at(&self, place: Place) -> Option<usize> {
        let name = &self.survey.population.services.graph.nodes.get(place as usize)?.name;
        self.services.iter().position(|&word| self.population().words.get(word) == name)
    }

    /// The two windows compared.
    pub fn population(&self) -> &Population {
        &self.survey.population
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        report::population::verdict(self.population())
    }

    /// What the windows are called together.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// True for tables of metrics, which have no requests.
    pub fn is_metrics(&self) -> bool {
        self.population().tables.is_some()
    }

    /// The views that there are.
    pub fn views(&self) -> &'static [RequestsView] {
        const METRICS: &[RequestsView] = &[RequestsView::Services, RequestsView::Propagation, RequestsView::Metrics];
        let [requests @ .., _] = &RequestsView::ALL;
        if self.is_metrics() { METRICS } else { requests }
    }

    /// What the selected node of tables of metrics showed, that of the evidence first.
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// The view that is shown.
    pub const fn view(&self) -> RequestsView {
        self.view
    }

    /// The services: the ranked ones, then the others by name.
    pub fn services(&self) -> &[Word] {
        &self.services
    }

    /// Which of the services is selected.
    pub const fn service(&self) -> usize {
        self.service
    }

    /// The service that the pointer is over, or what is of it, by its place among all.
    pub const fn hover(&self) -> Option<usize> {
        self.hover
    }

    /// The place of a service among all.
    pub fn place_of(&self, service: Word) -> Option<usize> {
        self.services.iter().position(|&other| other == service)
    }

    /// The selected service as it is ranked; `None` where nothing speaks for it.
    pub fn suspect(&self) -> Option<&Suspect> {
        self.population().ranking.suspects.get(self.service)
    }

    /// The evidence for the selected service that requests are known for.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.survey.evidence(self.service)
    }

    /// Which piece of the evidence is looked at.
    pub const fn evidence_place(&self) -> usize {
        self.evidence
    }

    /// Which of the requests that show the evidence is looked at, from 0, and how many there are.
    pub fn example(&self) -> (usize, usize) {
        (self.example, self.survey.examples(self.service, self.evidence).len())
    }

    /// The request that is looked at; `None` where none shows the evidence.
    pub const fn opened(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    /// Which services are in sight.
    pub const fn table(&self) -> &Scroller {
        &self.table
    }

    /// True when some request shows some evidence.
    pub fn has_evidence(&self) -> bool {
        let ranked = 0..self.population().ranking.suspects.len();
        if self.is_metrics() {
            return !ranked.is_empty();
        }
        ranked.into_iter().any(|suspect| !self.survey.examples(suspect, 0).is_empty())
    }

    /// True when the graph can be gone through in time.
    pub fn has_past(&self) -> bool {
        self.chart.known.last().is_some_and(|all| all.requests > 0)
    }

    /// What was said last, until the next command.
    pub fn notice(&self) -> &str {
        &self.notice
    }

    fn carry_out(&mut self, command: RequestsCommand) {
        if command.answers_a_person() {
            self.notice.clear();
        }
        let waterfall = self.view == RequestsView::Waterfall;
        match command {
            RequestsCommand::Show(view) if self.views().contains(&view) => {
                self.view = view;
                self.open_request(VIEWPORT);
            }
            RequestsCommand::Show(_) => {}
            RequestsCommand::Service(place) => self.select(place),
            RequestsCommand::Hover(service) => self.hover = service.filter(|place| *place < self.services.len()),
            // Without a clear cause, tables of metrics tell of no trouble that could spread.
            RequestsCommand::Until(_) | RequestsCommand::UntilBy(_) if !self.has_past() => {}
            RequestsCommand::Until(step) => self.chart.go_to(&self.survey, step),
            RequestsCommand::UntilBy(steps) => {
                self.view = RequestsView::Propagation;
                self.open_request(VIEWPORT);
                let now = self.chart.past().map_or(STEPS, |past| past.step) as i64;
                let step = now.saturating_add(steps).clamp(0, STEPS as i64) as usize;
                self.chart.go_to(&self.survey, Some(step));
            }
            RequestsCommand::Evidence(service, evidence) => self.look_at(service, evidence),
            RequestsCommand::StepEvidence { forward } => self.step_evidence(forward),
            RequestsCommand::Example(by) => {
                let (at, all) = self.example();
                let last = all.saturating_sub(1) as i64;
                self.example = (at as i64).saturating_add(by).clamp(0, last) as usize;
                if self.example != at {
                    self.open();
                }
            }
            RequestsCommand::Cause => self.look_at(0, 0),
            RequestsCommand::Viewport(height) if !waterfall => self.table.set_viewport(height),
            RequestsCommand::Scroll(points) if !waterfall => self.table.scroll_by(points),
            RequestsCommand::ScrollTo(share) if !waterfall => self.table.set_fraction(share),
            RequestsCommand::Step(by) if !waterfall => self.step(by),
            RequestsCommand::Page(by) if !waterfall => self.step(by * i64::from(self.table.page())),
            RequestsCommand::Top if !waterfall => self.select(0),
            RequestsCommand::Bottom if !waterfall => self.select(self.services.len().saturating_sub(1)),
            RequestsCommand::Enter if !waterfall => self.look_at(self.service, self.evidence),
            RequestsCommand::Graph(command) => command.apply(&mut self.camera, &self.chart.layout),
            RequestsCommand::Look(look) => self.look(look),
            RequestsCommand::StepPlace { forward } => {
                let can = |place: Place| self.service_at(place).is_some();
                let next = next_place(&self.chart.layout, self.graph().selected, forward, can);
                if let Some(service) = next.and_then(|place| self.service_at(place)) {
                    self.select(service);
                }
            }
            RequestsCommand::ShowService(service) => {
                self.view = RequestsView::Propagation;
                self.open_request(VIEWPORT);
                self.select(service);
                self.look(Look::Focus);
            }
            command => {
                if let (Some(opened), Some(command)) = (&mut self.opened, in_waterfall(command)) {
                    opened.apply(command);
                }
            }
        }
    }

    /// Changes what the graph or the waterfall shows, whichever is in front.
    fn look(&mut self, look: Look) {
        if self.view == RequestsView::Waterfall {
            if let Some(opened) = &mut self.opened {
                opened.apply(WaterfallCommand::Look(look));
            }
            return;
        }
        let selected = self.graph().selected;
        if let Some(command) = GraphCommand::of(look, self.camera.room(), selected) {
            command.apply(&mut self.camera, &self.chart.layout);
        }
    }

    fn step(&mut self, by: i64) {
        let last = self.services.len().saturating_sub(1) as i64;
        self.select((self.service as i64).saturating_add(by).clamp(0, last) as usize);
    }

    fn select(&mut self, service: usize) {
        if service < self.services.len() {
            let (evidence, example) = if service == self.service { (self.evidence, self.example) } else { (0, 0) };
            self.go_to(self.view, (service, evidence, example));
        }
    }

    /// Shows a view, and in it a service, a piece of its evidence and a request that shows it: that is opened once.
    fn go_to(&mut self, view: RequestsView, place: (usize, usize, usize)) {
        let before = (self.service, self.evidence, self.example);
        self.view = view;
        (self.service, self.evidence, self.example) = place;
        self.table.reveal(self.service as u32, 1);
        if place == before {
            return self.open_request(VIEWPORT);
        }
        self.open();
        if self.service != before.0 {
            let layout = &self.chart.layout;
            let selected = self.graph().selected;
            if let Some(at) = selected.and_then(|place| layout.at.get(place as usize).copied().flatten()) {
                self.camera.reveal(layout.size, at, layout.node);
            }
        }
    }

    /// Shows a request for a piece of evidence.
    fn look_at(&mut self, service: usize, evidence: usize) {
        if self.is_metrics() {
            self.view = RequestsView::Metrics;
            if evidence < self.survey.evidence(service).count() {
                self.table.reveal(service as u32, 1);
                (self.service, self.evidence) = (service, evidence);
                self.open();
            }
            return;
        }
        if self.survey.examples(service, evidence).is_empty() {
            return;
        }
        self.view = RequestsView::Waterfall;
        let other = (service, evidence) != (self.service, self.evidence);
        if other {
            (self.service, self.evidence, self.example) = (service, evidence, 0);
            self.table.reveal(service as u32, 1);
            self.open();
            return;
        }
        self.open_request(VIEWPORT);
        if let Some(opened) = &mut self.opened {
            let row = opened.waterfall().causes.first().copied();
            opened.apply(WaterfallCommand::Row(row.unwrap_or_else(|| opened.seen.row())));
        }
    }

    /// The next piece of evidence that a request shows, of this service or of the next one.
    fn step_evidence(&mut self, forward: bool) {
        let all = (0..self.population().ranking.suspects.len())
            .flat_map(|service| (0..self.survey.evidence(service).count()).map(move |evidence| (service, evidence)));
        let metrics = self.is_metrics();
        let mut all = all.filter(|&(service, evidence)| metrics || !self.survey.examples(service, evidence).is_empty());
        let here = (self.service, self.evidence);
        let found = if !metrics && self.view != RequestsView::Waterfall {
            Some(here)
        } else if forward {
            all.find(|place| *place > here)
        } else {
            all.take_while(|place| *place < here).last()
        };
        if let Some((service, evidence)) = found {
            self.look_at(service, evidence);
        }
    }

    /// Shows what is looked at now. Its request is looked for where it is seen: that is much work for one of thousands of spans.
    fn open(&mut self) {
        if let (Some(tables), Some(&node)) = (&self.population().tables, self.services.get(self.service)) {
            let what = self.evidence().nth(self.evidence).map(|evidence| evidence.what);
            self.curves = Curve::of(tables, node, what.as_ref(), &self.population().words);
        }
        let viewport = self.opened.take().map_or(VIEWPORT, |opened| opened.seen.scroller().viewport());
        self.open_request(viewport);
    }

    /// Opens the request that is looked at, where it is seen and not yet open, in a view of this height.
    fn open_request(&mut self, viewport: f32) {
        if self.opened.is_none() && self.view != RequestsView::Services {
            self.open_now(viewport);
        }
    }

    fn open_now(&mut self, viewport: f32) {
        let request = self.survey.representative(self.service, self.evidence, self.example);
        self.opened = request.map(|request| Opened { seen: SeenWaterfall::new(&request.waterfall, viewport), request });
    }
}

/// What a command means for the waterfall, if it is about it.
const fn in_waterfall(command: RequestsCommand) -> Option<WaterfallCommand> {
    Some(match command {
        RequestsCommand::Waterfall(command) => command,
        RequestsCommand::Viewport(height) => WaterfallCommand::Viewport(height),
        RequestsCommand::Scroll(points) => WaterfallCommand::Scroll(points),
        RequestsCommand::ScrollTo(share) => WaterfallCommand::ScrollTo(share),
        RequestsCommand::Step(by) => WaterfallCommand::Step(by),
        RequestsCommand::Page(by) => WaterfallCommand::Page(by),
        RequestsCommand::Top => WaterfallCommand::Top,
        RequestsCommand::Bottom => WaterfallCommand::Bottom,
        RequestsCommand::Enter => WaterfallCommand::FoldSelected,
        RequestsCommand::Show(_)
        | RequestsCommand::Hover(_)
        | RequestsCommand::Until(_)
        | RequestsCommand::UntilBy(_)
        | RequestsCommand::Service(_)
        | RequestsCommand::Evidence(..)
        | RequestsCommand::StepEvidence { .. }
        | RequestsCommand::Example(_)
        | RequestsCommand::Look(_)
        | RequestsCommand::Graph(_)
        | RequestsCommand::StepPlace { .. }
        | RequestsCommand::ShowService(_)
        | RequestsCommand::Back
        | RequestsCommand::Forward
        | RequestsCommand::Cause => return None,
    })
}
