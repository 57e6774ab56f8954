//! The places of a graph: boxes with their names and what happened there, or shapes with the names of what matters beside them.

use egui::{FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::key::mark_of;
use super::labels::Labels;
use super::lines::{Ink, outline, pointer};
use super::{Asked, Detail, Drawing, Stage};
use crate::app::graph::PlaceMark;
use crate::incident::{Node, Part, Place, Tally};
use crate::trace::{Side, escape, grouped};
use crate::ui::fonts::semibold;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};
use crate::view::TWO_LINES;

/// From a line of a name to the next, and from the middle of a place to its name and to what it says.
const NAME_LINE: f32 = 16.0;
const ABOVE: f32 = 9.0;
const BELOW: f32 = 10.0;
/// The same where it is seen small.
const SMALL_LINE: f32 = 11.0;
/// The smallest letters.
const LEAST: f32 = 10.0;
/// Places that are seen smaller than this have smaller letters.
const SMALLER: f32 = 0.85;
/// A name beside a shape is at most so wide, and so high.
const NAME: f32 = 220.0;
const HIGH: f32 = 17.0;

impl Drawing<'_> {
    /// What a place says of itself, in a few words.
    fn says(&self, place: Place) -> String {
        let node = &self.seen.graph.nodes[place as usize];
        let (expected, actual) = (node.tally.expected, node.tally.actual);
        let reached = self.seen.reached(node.reached);
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
            _ if self.seen.is_next(node) => "likely next, not seen".to_owned(),
            _ if self.seen.until.is_some() && node.reached.is_some() => "not reached yet".to_owned(),
            _ if self.seen.until.is_some() && expected.events + actual.events == 0 => "nothing yet".to_owned(),
            _ if expected.events + actual.events == 0 => self.silent(place).to_owned(),
            _ if !self.seen.graph.paired => events(actual),
            _ if expected == actual => "equal".to_owned(),
            _ if actual.events == 0 => "not heard of".to_owned(),
            _ if expected.events == 0 => "only in actual".to_owned(),
            _ => format!("{}, not {}", events(actual), grouped(u64::from(expected.events))),
        }
    }

    /// What is said of a place that nothing was recorded at: who it is to the others.
    fn silent(&self, place: Place) -> &'static str {
        let calls = self.seen.graph.callees(place).next().is_some();
        let is_called = self.seen.graph.callers(place).next().is_some();
        match (calls, is_called) {
            (true, false) => "only calls",
            (false, true) => "only called",
            _ => "no events",
        }
    }
}

impl Stage<'_> {
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
        let reached = self.drawing.seen.reached(node.reached);
        match node.part {
            Part::Root if reached => Ink { line: t.cause, fill: t.cause_wash, width: 2.0, ..plain },
            _ if reached => Ink { line: t.actual, fill: t.actual_wash, width: 1.5, ..plain },
            _ if self.drawing.seen.is_next(node) => Ink { line: t.symptom, fill: t.bg, dashed: true, width: 1.5 },
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

    /// What a place says of itself.
    fn said(&self, place: Place) -> String {
        let d = &self.drawing.seen;
        let own = || self.drawing.says(place);
        match d.notes[0].get(place as usize) {
            Some(note) if d.is_next(&d.graph.nodes[place as usize]) => format!("likely next · {note}"),
            Some(note) => note.clone(),
            None => own(),
        }
    }

    pub(super) fn node(&self, ui: &Ui, place: Place, asked: &mut Asked) {
        let (d, t) = (&self.drawing.seen, self.t);
        let Some(rect) = self.rect(place) else { return };
        let node = &d.graph.nodes[place as usize];
        let response = ui.interact(rect, ui.scope_id().with(("place", place)), Sense::click());
        let selected = d.selected == Some(place);
        let lit = d.lit == Some(place);
        if response.clicked() {
            asked.clicked = Some(place);
        }
        if response.double_clicked() {
            asked.commands.push(crate::app::graph::GraphCommand::Focus(place));
        }
        if response.hovered() {
            asked.hovered = Some(place);
        }
        let says = self.said(place);
        response.widget_info(|| {
            let mut part = if node.part == Part::None { String::new() } else { format!(", {}", node.part.word()) };
            if d.is_next(node) {
                part.push_str(", likely next");
            }
            let now = match (selected, lit) {
                (true, _) => ", selected",
                (false, true) => ", lit",
                (false, false) => "",
            };
            WidgetInfo::selected(Role::Button, true, selected, format!("{}{part}: {says}{now}", escape(&node.name)))
        });
        if !ui.is_rect_visible(rect.expand(12.0)) {
            return;
        }
        let painter = ui.painter();
        let ink = self.node_ink(node);
        let round = self.scaled(8.0, 2.0);
        let fill = if lit || response.hovered() { theme::mix(ink.fill, t.raised, 0.6) } else { ink.fill };
        painter.rect_filled(rect, round, fill);
        outline(painter, rect, round, ink);
        let around = self.scaled(4.0, 2.5);
        if selected || response.has_focus() {
            painter.rect_stroke(rect.expand(around), round + 2.0, Stroke::new(1.5, t.text), StrokeKind::Middle);
        } else if lit {
            painter.rect_stroke(rect.expand(around), round + 2.0, Stroke::new(1.0, t.dim), StrokeKind::Middle);
        }
        self.marks(ui, place, rect);
        if self.detail > Detail::Shapes {
            self.words(ui, place, rect, &says, ink.dashed && !d.is_next(node));
        }
        response.on_hover_text(format!("{}: {says}", escape(&node.name)));
    }

    /// What a place is in the incident, as shapes at its corners.
    fn marks(&self, ui: &Ui, place: Place, rect: Rect) {
        let (d, t, painter) = (&self.drawing.seen, self.t, ui.painter());
        let node = &d.graph.nodes[place as usize];
        let reached = d.reached(node.reached);
        let size = self.scaled(1.4, 0.9);
        if let Some(mark) = d.mark_of(place) {
            let at = rect.left_top() + vec2(1.0, 1.0);
            if !matches!(mark, PlaceMark::Cause) {
                painter.circle_filled(at, 6.0 * size, t.bg);
            }
            let (mark, colour) = mark_of(mark, t);
            mark.paint(painter, at, size, colour);
        }
        if self.detail > Detail::Shapes && d.side != Some(Side::Expected) {
            let ink = if reached { t.actual } else { t.dim };
            match node.part {
                Part::Upstream | Part::Downstream => {
                    // Seen small it keeps clear of the name.
                    let scale = self.scaled(1.0, 0.7);
                    let at = rect.right_top() + vec2(1.0, -1.0) * (1.0 - scale) * 10.0;
                    pointer(painter, at, scale, [node.part == Part::Upstream, reached], [ink, t.bg]);
                }
                Part::None | Part::Root => {}
            }
        }
    }

    /// The name of a place in its box and, where there is room, what happened there.
    fn words(&self, ui: &Ui, place: Place, rect: Rect, says: &str, absent: bool) {
        let (d, t, painter) = (&self.drawing.seen, self.t, ui.painter());
        let node = &d.graph.nodes[place as usize];
        let reached = self.drawing.seen.reached(node.reached);
        let middle = |words: Words, y: f32, width: f32| {
            let words = words.layout(painter, width);
            let x = (rect.center().x - words.width() / 2.0).round();
            words.paint(painter, pos2(x, y.round()));
        };
        let letters = |size: f32| {
            let share = if self.scale < 1.0 { (self.scale / SMALLER).min(1.0) } else { self.scale };
            (size * share).round().max(LEAST)
        };
        let strong = if absent { t.dim } else { t.text };
        if self.detail < Detail::All {
            let name = escape(&node.name);
            let lines = self.small_name(ui, place, &name, rect);
            let half = lines.len().saturating_sub(1) as f32 * SMALL_LINE / 2.0;
            for (at, line) in lines.iter().enumerate() {
                let y = rect.center().y + at as f32 * SMALL_LINE - half;
                middle(Words::of(line, semibold(LEAST), strong), y, rect.width() - 6.0);
            }
            return;
        }
        let dim = if reached { theme::mix(t.dim, t.text, 0.5) } else { t.dim };
        let apart = if self.scale < 1.0 { (self.scale / SMALLER).min(1.0) } else { self.scale };
        let width = rect.width() - 16.0 * apart;
        let lines = d.layout.names.get(place as usize).map_or(&[][..], Vec::as_slice);
        // Two lines take as much more above as below.
        let half = lines.len().saturating_sub(1) as f32 * NAME_LINE / 2.0;
        for (at, line) in lines.iter().enumerate() {
            let y = rect.center().y + (at as f32 * NAME_LINE - ABOVE - half) * apart;
            middle(Words::of(line, semibold(letters(size::BODY)), strong), y, width);
        }
        let font = FontId::proportional(letters(size::SMALL));
        middle(Words::of(says, font, dim), rect.center().y + (BELOW + half) * apart, rect.width() - 6.0);
    }

    /// The lines of a name where there is little room for it.
    fn small_name<'n>(&'n self, ui: &Ui, place: Place, name: &'n str, rect: Rect) -> Vec<&'n str> {
        let layout = self.drawing.seen.layout;
        if self.has_room(ui, name, rect) {
            return vec![name];
        }
        let small = layout.small.get(place as usize).filter(|_| rect.height() >= TWO_LINES);
        let short = || vec![layout.short.get(place as usize).map_or(name, String::as_str)];
        let fits = |lines: &[String]| lines.iter().all(|line| self.has_room(ui, line, rect));
        let lines = small.map(|[whole, cut]| if fits(whole) { whole } else { cut });
        lines.map_or_else(short, |lines| lines.iter().map(String::as_str).collect())
    }

    /// True for a box that has room for all of a name in small letters.
    fn has_room(&self, ui: &Ui, name: &str, rect: Rect) -> bool {
        !Words::of(name, semibold(LEAST), self.t.text).layout(ui.painter(), rect.width() - 6.0).is_cut()
    }

    /// Where the names of what matters stand that their boxes have no room for, the most important first.
    pub(super) fn far_names(&self, ui: &Ui, labels: &mut Labels) -> Vec<(Place, Rect)> {
        let d = &self.drawing.seen;
        if self.detail == Detail::All {
            return Vec::new();
        }
        let ranks = (0..d.graph.nodes.len() as Place).filter_map(|place| Some((self.rank(place)?, place)));
        let mut places: Vec<_> = ranks.collect();
        places.sort_unstable();
        let mut names = Vec::new();
        for (_, place) in places {
            let Some(rect) = self.rect(place) else { continue };
            let name = escape(&d.graph.nodes[place as usize].name);
            // Where a line ends there may have been a space.
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let is_whole = || letters(&self.small_name(ui, place, &name, rect).concat()) == letters(&name);
            if !ui.is_rect_visible(rect) || self.detail == Detail::Names && is_whole() {
                continue;
            }
            let words = Words::of(&name, semibold(size::LABEL), self.t.text).layout(ui.painter(), NAME);
            let size = vec2((words.width() + 10.0).round(), HIGH);
            let gap = 4.0;
            let at = [
                pos2(rect.center().x, rect.top() - gap - HIGH / 2.0),
                pos2(rect.center().x, rect.bottom() + gap + HIGH / 2.0),
                pos2(rect.right() + gap + size.x / 2.0, rect.center().y),
                pos2(rect.left() - gap - size.x / 2.0, rect.center().y),
                pos2(rect.left() + size.x / 2.0, rect.top() - gap - HIGH / 2.0),
                pos2(rect.right() - size.x / 2.0, rect.bottom() + gap + HIGH / 2.0),
            ];
            if let Some(rect) = labels.place(at.map(|at| Rect::from_center_size(at, size))) {
                names.push((place, rect));
            }
        }
        names
    }

    /// A name beside its shape.
    pub(super) fn far_name(&self, ui: &Ui, place: Place, rect: Rect) {
        let (d, t, painter) = (&self.drawing.seen, self.t, ui.painter());
        let node = &d.graph.nodes[place as usize];
        let reached = self.drawing.seen.reached(node.reached);
        let line = match node.part {
            Part::Root if reached => t.cause,
            _ if reached => t.actual,
            _ => t.line,
        };
        painter.rect(rect, 4.0, theme::veil(t.bg, 0.92), Stroke::new(1.0, line), StrokeKind::Inside);
        let words = Words::of(&escape(&node.name), semibold(size::LABEL), t.text).layout(painter, NAME);
        let left = (rect.center().x - words.width() / 2.0).round();
        words.paint(painter, pos2(left, rect.center().y.round()));
    }
}
