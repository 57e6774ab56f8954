//! A graph of places: who calls whom, where it broke, how far it spread. Layers from left to right, the same for both sides.

mod lines;
mod picture;

use egui::{
    Color32, FontId, Painter, Pos2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use self::lines::{Ink, bow, forward, head, line, outline};
use crate::app::graph::SeenGraph;
use crate::incident::{Act, Edge, Node, Part, Place, Tally};
use crate::trace::{Side, escape, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{LEAST_SCALE, NODE};

pub use picture::{picture, picture_size};

/// Room around the graph.
const MARGIN: f32 = 40.0;
/// Height of the line that says how many places are left out.
const LEFT_OUT: f32 = 28.0;
/// From a line of a name to the next.
const NAME_LINE: f32 = 16.0;
/// How far along a way its words may stand, the best place first.
const LABELS: [f32; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
/// With more ways than these, those that say nothing step back.
const MANY: usize = 30;

/// A graph that is drawn.
pub struct Drawing<'a> {
    /// What is seen of it.
    pub seen: SeenGraph<'a>,
    /// Where the places are that a large graph leaves out, such as `“Services” lists all`.
    pub elsewhere: &'a str,
}

/// What a person does with the drawing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// The place that was clicked.
    pub clicked: Option<Place>,
    /// The place under the pointer.
    pub hovered: Option<Place>,
}

impl Drawing<'_> {
    /// Draws it into all the room there is.
    pub fn show(&self, ui: &mut Ui, t: &Tokens) -> Asked {
        self.left_out(ui, t);
        let whole = ui.available_rect_before_wrap();
        let [width, height] = self.seen.layout.size;
        let room = vec2(width, height) + vec2(MARGIN, MARGIN) * 2.0;
        let scale = (whole.width() / room.x).min(whole.height() / room.y).clamp(LEAST_SCALE, 1.0);
        let size = (room * scale).max(whole.size());
        let mut asked = Asked::default();
        let mut area = ScrollArea::both().id_salt("graph").auto_shrink(false);
        if let Some([x, y]) = self.newly_selected(ui) {
            let offset = |at: f32, drawn: f32, all: f32, seen: f32| {
                ((all - drawn * scale) / 2.0 + at * scale - seen / 2.0).clamp(0.0, (all - seen).max(0.0))
            };
            area = area
                .horizontal_scroll_offset(offset(x, width, size.x, whole.width()))
                .vertical_scroll_offset(offset(y, height, size.y, whole.height()));
        }
        area.show(ui, |ui| {
            let (rect, ground) = ui.allocate_exact_size(size, Sense::hover());
            ground.widget_info(|| {
                let (places, ways) = (self.seen.graph.nodes.len(), self.seen.graph.edges.len());
                WidgetInfo::labeled(
                    Role::Canvas,
                    true,
                    format!("Propagation, {places} places, {ways} ways between them"),
                )
            });
            let origin = rect.min + (size - vec2(width, height) * scale) / 2.0;
            asked = self.draw(ui, t, origin, scale);
        });
        asked
    }

    /// Draws ways and places from `origin` on.
    fn draw(&self, ui: &Ui, t: &Tokens, origin: Pos2, scale: f32) -> Asked {
        let mut asked = Asked::default();
        let stage = Stage { drawing: self, t, origin, scale };
        for (at, edge) in self.seen.graph.edges.iter().enumerate() {
            stage.edge(ui, at, edge);
        }
        for place in 0..self.seen.graph.nodes.len() as Place {
            stage.node(ui, place, &mut asked);
        }
        asked
    }

    /// Says of a large graph that not all of it is drawn, and where the rest is.
    fn left_out(&self, ui: &mut Ui, t: &Tokens) {
        let left_out = self.seen.layout.left_out as u64;
        if left_out == 0 {
            return;
        }
        let all = grouped(self.seen.graph.nodes.len() as u64);
        let places = if left_out == 1 { "place is" } else { "places are" };
        let text = format!(
            "{} of {all} {places} not drawn: those with least to do with the trouble. {}.",
            grouped(left_out),
            self.elsewhere
        );
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LEFT_OUT), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, t.warn_wash);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        let words = Words::of(&text, FontId::proportional(size::LABEL), t.text);
        let (_, cut) = words.paint(ui.painter(), pos2(rect.left() + 20.0, rect.center().y), rect.width() - 40.0);
        if cut {
            response.on_hover_text(text);
        }
    }

    /// Where the selected place stands, when it was not selected in the frame before.
    fn newly_selected(&self, ui: &Ui) -> Option<[f32; 2]> {
        let id = ui.unique_id().with("graph shows");
        let before = ui.data_mut(|data| data.get_temp::<Option<Place>>(id));
        ui.data_mut(|data| data.insert_temp(id, self.seen.selected));
        if before == Some(self.seen.selected) {
            return None;
        }
        self.seen.layout.at.get(self.seen.selected? as usize).copied().flatten()
    }

    fn reached(&self, moment: Option<i64>) -> bool {
        self.seen.side != Some(Side::Expected)
            && moment.is_some_and(|moment| self.seen.until.is_none_or(|until| moment <= until))
    }

    /// What a place says of itself, in a few words.
    fn says(&self, node: &Node) -> String {
        let (expected, actual) = (node.tally.expected, node.tally.actual);
        let reached = self.reached(node.reached);
        let events = |tally: Tally| match tally.events {
            1 => "1 event".to_owned(),
            n => format!("{} events", grouped(u64::from(n))),
        };
        match self.seen.side {
            Some(side) if self.seen.graph.paired => events(node.tally[side]),
            _ if reached && !node.first.is_empty() => {
                let retries = actual.retries.saturating_sub(expected.retries);
                let retries = match retries {
                    0 => String::new(),
                    1 => " · 1 retry".to_owned(),
                    n => format!(" · {n} retries"),
                };
                let root = if node.part == Part::Root { " · first" } else { "" };
                format!("{}{retries}{root}", escape(&node.first))
            }
            _ if reached => "where it broke first".to_owned(),
            _ if node.part == Part::Predicted => "likely next, not seen".to_owned(),
            _ if !self.seen.graph.paired => {
                if actual.events == 0 {
                    "only called".to_owned()
                } else {
                    events(actual)
                }
            }
            _ if self.seen.until.is_some() && node.reached.is_some() => "not reached yet".to_owned(),
            _ if expected == actual && actual.events == 0 => "only called".to_owned(),
            _ if expected == actual => "equal".to_owned(),
            _ if actual.events == 0 => "not heard of".to_owned(),
            _ if expected.events == 0 => "only in actual".to_owned(),
            _ => format!("{}, not {}", events(actual), grouped(u64::from(expected.events))),
        }
    }

    /// What went over a way, in a few words; empty where it needs none.
    fn went(&self, edge: &Edge) -> String {
        let (expected, actual) = (edge.tally.expected, edge.tally.actual);
        let calls = |tally: Tally| tally.calls.max(u32::from(tally.events > 0));
        let many = |n: u32| if n == 1 { "1 call".to_owned() } else { format!("{} calls", grouped(u64::from(n))) };
        match self.seen.side {
            Some(side) => many(calls(edge.tally[side])),
            None if !self.seen.graph.paired => many(calls(actual)),
            None if actual.events == 0 => format!("0 of {}", many(calls(expected))),
            None if expected.events == 0 => format!("{}, not 0", many(calls(actual))),
            None if calls(expected) == calls(actual) => many(calls(actual)),
            None => format!("{}, not {}", many(calls(actual)), grouped(u64::from(calls(expected)))),
        }
    }
}

/// A drawing in its place on the screen.
struct Stage<'a> {
    drawing: &'a Drawing<'a>,
    t: &'a Tokens,
    origin: Pos2,
    scale: f32,
}

impl Stage<'_> {
    fn rect(&self, place: Place) -> Option<Rect> {
        let [x, y] = self.drawing.seen.layout.at.get(place as usize).copied().flatten()?;
        let at = self.origin + vec2(x, y) * self.scale;
        Some(Rect::from_center_size(at, Vec2::from(self.drawing.seen.layout.node) * self.scale))
    }

    fn node_ink(&self, node: &Node) -> Ink {
        let (d, t) = (&self.drawing.seen, self.t);
        let plain = Ink { line: theme::mix(t.line, t.dim, 0.35), fill: t.panel, dashed: false, width: 1.0 };
        let absent = match d.side {
            Some(side) if d.graph.paired => node.tally[side].events == 0,
            _ => false,
        };
        if absent {
            return Ink { line: t.line, fill: t.bg, dashed: true, ..plain };
        }
        let reached = self.drawing.reached(node.reached);
        match node.part {
            Part::Root if reached => Ink { line: t.cause, fill: t.cause_wash, width: 2.0, ..plain },
            _ if reached => Ink { line: t.actual, fill: t.actual_wash, width: 1.5, ..plain },
            Part::Predicted if d.side.is_none() => Ink { line: t.symptom, fill: t.bg, dashed: true, width: 1.5 },
            _ if d.side.is_none()
                && d.graph.paired
                && node.tally.actual.events == 0
                && node.tally.expected.events > 0 =>
            {
                Ink { line: t.expected, fill: t.bg, dashed: true, width: 1.5 }
            }
            _ => plain,
        }
    }

    fn node(&self, ui: &Ui, place: Place, asked: &mut Asked) {
        let (d, t) = (&self.drawing.seen, self.t);
        let Some(rect) = self.rect(place) else { return };
        let node = &d.graph.nodes[place as usize];
        let response = ui.interact(rect, ui.scope_id().with(("place", place)), Sense::click());
        let selected = d.selected == Some(place);
        let lit = d.lit == Some(place);
        if response.clicked() {
            asked.clicked = Some(place);
        }
        if response.hovered() {
            asked.hovered = Some(place);
        }
        let says = d.notes[0].get(place as usize).cloned().unwrap_or_else(|| self.drawing.says(node));
        response.widget_info(|| {
            let part = if node.part == Part::None { String::new() } else { format!(", {}", node.part.word()) };
            let now = match (selected, lit) {
                (true, _) => ", selected",
                (false, true) => ", lit",
                (false, false) => "",
            };
            WidgetInfo::selected(Role::Button, true, selected, format!("{}{part}: {says}{now}", escape(&node.name)))
        });
        if !ui.is_rect_visible(rect) {
            return;
        }
        let painter = ui.painter();
        let ink = self.node_ink(node);
        let fill = if lit || response.hovered() { theme::mix(ink.fill, t.raised, 0.6) } else { ink.fill };
        painter.rect_filled(rect, 8.0, fill);
        outline(painter, rect, ink);
        if selected || response.has_focus() {
            painter.rect_stroke(rect.expand(4.0), 10.0, Stroke::new(1.5, t.text), StrokeKind::Middle);
        } else if lit {
            painter.rect_stroke(rect.expand(4.0), 10.0, Stroke::new(1.0, t.dim), StrokeKind::Middle);
        }
        let reached = self.drawing.reached(node.reached);
        if node.part == Part::Root && reached {
            Mark::Diamond { first: true }.paint(painter, rect.left_top() + vec2(1.0, 1.0), 1.4, t.cause);
        } else if d.symptom == Some(place) && reached {
            painter.circle_filled(rect.left_top(), 8.0, t.bg);
            Mark::Ring.paint(painter, rect.left_top(), 1.3, t.symptom);
        }
        let middle = |words: Words, y: f32, width: f32| {
            let words = words.layout(painter, width);
            let x = (rect.center().x - words.width() / 2.0).round();
            words.paint(painter, pos2(x, y.round()));
        };
        let width = rect.width() - 16.0;
        let dim = if reached { theme::mix(t.dim, t.text, 0.5) } else { t.dim };
        let strong = if ink.dashed { t.dim } else { t.text };
        let lines = d.layout.names.get(place as usize).map_or(&[][..], Vec::as_slice);
        // Two lines take as much more above as below.
        let half = lines.len().saturating_sub(1) as f32 * NAME_LINE / 2.0;
        for (at, line) in lines.iter().enumerate() {
            let y = rect.center().y - 9.0 - half + at as f32 * NAME_LINE;
            middle(Words::of(line, semibold(size::BODY), strong), y, width);
        }
        middle(Words::of(&says, FontId::proportional(size::SMALL), dim), rect.center().y + 10.0 + half, width);
        response.on_hover_text(format!("{}: {says}", escape(&node.name)));
    }

    fn edge_ink(&self, edge: &Edge) -> Ink {
        let (d, t) = (&self.drawing.seen, self.t);
        let plain = Ink { line: theme::mix(t.bg, t.dim, 0.65), fill: t.bg, dashed: false, width: 1.0 };
        let absent = d.side.is_some_and(|side| edge.tally[side].events == 0);
        if absent {
            return Ink { line: t.line, dashed: true, ..plain };
        }
        if self.drawing.reached(edge.reached) {
            let leads = [edge.from, edge.to].iter().any(|&place| d.graph.nodes[place as usize].part == Part::Root);
            let line = if leads { t.cause } else { t.actual };
            return Ink { line, width: if leads { 2.5 } else { 1.5 }, ..plain };
        }
        match edge.only() {
            Some(_) if edge.tally.expected.events.max(edge.tally.actual.events) < d.few => self.quiet(edge, plain),
            Some(Side::Expected) if d.side.is_none() && d.graph.paired => {
                Ink { line: t.expected, dashed: true, width: 1.5, ..plain }
            }
            Some(Side::Actual) if d.side.is_none() && d.graph.paired => Ink { line: t.actual, width: 1.5, ..plain },
            _ => self.quiet(edge, plain),
        }
    }

    /// Among many, a way that says nothing steps back, unless it is of the place that is looked at.
    fn quiet(&self, edge: &Edge, plain: Ink) -> Ink {
        let looked_at = [edge.from, edge.to].iter().any(|&place| self.drawing.seen.selected == Some(place));
        if self.drawing.seen.graph.edges.len() <= MANY || looked_at {
            return plain;
        }
        Ink { line: theme::mix(self.t.bg, self.t.dim, 0.28), ..plain }
    }

    fn edge(&self, ui: &Ui, at: usize, edge: &Edge) {
        let (Some(from), Some(to)) = (self.rect(edge.from), self.rect(edge.to)) else { return };
        let d = &self.drawing.seen;
        let ink = self.edge_ink(edge);
        let back = to.left() <= from.right();
        let points = if back { bow(from, to) } else { forward(from, to) };
        let bounds = Rect::from_points(&points);
        let act = edge.act;
        let went = d.notes[1].get(at).cloned().unwrap_or_else(|| self.drawing.went(edge));
        // A retry has a bow of its own, and a failure is said where it happened.
        let says = self.drawing.reached(edge.reached) && !matches!(act, Act::Work | Act::Retry | Act::Fault);
        let told = if says { format!("{went} · {}", act.word()) } else { went };
        let reached = self.drawing.reached(edge.reached);
        let tries = reached && edge.tally.actual.retries > edge.tally.expected.retries;
        let name = |place: Place| escape(&d.graph.nodes[place as usize].name).into_owned();
        let words = Words::of(&told, medium(size::SMALL), Color32::PLACEHOLDER).layout(ui.painter(), NODE[0]);
        let label = self.label_place(&points, back, words.width());
        let response = ui.interact(label, ui.scope_id().with(("way", at)), Sense::hover());
        response.widget_info(|| {
            let tries =
                if tries { format!(", each tried ×{:.1} as often", edge.amplification) } else { String::new() };
            let said = if told.is_empty() { "as before" } else { &told };
            WidgetInfo::labeled(Role::Label, true, format!("{} to {}: {said}{tries}", name(edge.from), name(edge.to)))
        });
        if !ui.is_rect_visible(bounds.expand(48.0)) {
            return;
        }
        let painter = ui.painter();
        line(painter, &points, ink);
        head(painter, &points, ink.line);
        if !told.is_empty() {
            self.words(painter, label.center(), &told, if reached { self.t.text } else { self.t.dim });
        }
        if tries {
            let points = self.retry_bow(to, from);
            let ink = Ink { line: self.t.actual, dashed: false, width: 1.5, fill: self.t.bg };
            line(painter, &points, ink);
            head(painter, &points, ink.line);
            let more = edge.tally.actual.retries - edge.tally.expected.retries;
            let retries = if more == 1 { "1 retry".to_owned() } else { format!("{more} retries") };
            let words = format!("{retries} · ×{:.1}", edge.amplification);
            self.words(painter, points[points.len() / 2], &words, self.t.actual);
        }
    }

    /// The way of what is tried again: over the top, or below where something stands there.
    fn retry_bow(&self, from: Rect, to: Rect) -> Vec<Pos2> {
        let stands = |points: &[Pos2]| {
            let room = Rect::from_points(points).shrink(4.0);
            let places = (0..self.drawing.seen.graph.nodes.len() as Place).filter_map(|place| self.rect(place));
            places.filter(|rect| *rect != from && *rect != to).any(|rect| rect.intersects(room))
        };
        let over = bow(from, to);
        if !stands(&over) {
            return over;
        }
        let middle = from.center().y + to.center().y;
        let mirrored =
            |rect: Rect| Rect::from_center_size(pos2(rect.center().x, middle - rect.center().y), rect.size());
        let below = bow(mirrored(from), mirrored(to)).into_iter().map(|at| pos2(at.x, middle - at.y));
        below.collect()
    }

    /// Where the words of a way stand: in its middle, or where no place hides them.
    fn label_place(&self, points: &[Pos2], back: bool, width: f32) -> Rect {
        let level = (points[0].y - points[points.len() - 1].y).abs() < 12.0;
        let room = |at: Pos2| Rect::from_center_size(at, vec2((width + 8.0).max(64.0 * self.scale), 16.0));
        if back {
            let top = points.iter().copied().fold(points[0], |top, at| if at.y < top.y { at } else { top });
            return room(top - vec2(0.0, 2.0));
        }
        if level {
            // Above, so that they do not hide a short way and its head.
            return room(points[0].lerp(points[points.len() - 1], 0.5) - vec2(0.0, 11.0));
        }
        let hidden = |room: &Rect| {
            let mut places = (0..self.drawing.seen.graph.nodes.len() as Place).filter_map(|place| self.rect(place));
            width > 0.0 && places.any(|place| place.intersects(*room))
        };
        let part = |share: f32| room(points[((points.len() - 1) as f32 * share) as usize]);
        LABELS.into_iter().map(part).find(|room| !hidden(room)).unwrap_or_else(|| part(LABELS[0]))
    }

    /// Words on a ground that hides the line below them.
    fn words(&self, painter: &Painter, at: Pos2, text: &str, colour: Color32) {
        let words = Words::of(text, medium(size::SMALL), colour).layout(painter, NODE[0]);
        let ground = Rect::from_center_size(at, vec2(words.width() + 8.0, 16.0));
        painter.rect_filled(ground, 3.0, theme::veil(self.t.bg, 0.9));
        let left = (at.x - words.width() / 2.0).round();
        words.paint(painter, pos2(left, at.y.round()));
    }
}
