//! The ways of a graph: curves with heads, what went over them, what was tried again.

use egui::{Color32, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::labels::Labels;
use super::lines::{Ink, bow, forward, head, line};
use super::{Detail, Drawing, Stage};
use crate::app::graph::Way;
use crate::incident::{Act, Edge, Place, Tally};
use crate::trace::{escape, grouped};
use crate::ui::fonts::medium;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};
use crate::view::NODE;

/// How far along a way its words may stand, the best place first.
const LABELS: [f32; 9] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/// Height of the words.
const HIGH: f32 = 16.0;
/// With more ways than these, those that say nothing step back.
const MANY: usize = 30;

/// What is said of a way, and where there is room for it.
#[derive(Default)]
pub struct WayWords {
    /// What went over it; empty for nothing worth saying.
    told: String,
    told_at: Option<Rect>,
    strong: bool,
    /// True for a way that is not drawn as any other.
    special: bool,
    /// The least that is said of it.
    short: String,
    /// What was tried again on it.
    again: String,
    again_at: Option<Rect>,
    /// The ways: there, and back for what was tried again.
    points: Vec<Pos2>,
    back: Vec<Pos2>,
}

impl Drawing<'_> {
    /// What went over a way, in a few words; empty where it needs none.
    fn went(&self, edge: &Edge) -> String {
        let (expected, actual) = (edge.tally.expected, edge.tally.actual);
        let calls = |tally: Tally| tally.calls.max(u32::from(tally.events > 0));
        let many = |n: u32| if n == 1 { "1 call".to_owned() } else { format!("{} calls", grouped(u64::from(n))) };
        match self.seen.side {
            Some(side) => many(calls(edge.tally[side])),
            None if !self.seen.graph.paired => many(calls(actual)),
            None if expected.events + actual.events == 0 => many(0),
            None if actual.events == 0 => format!("0 of {}", many(calls(expected))),
            None if expected.events == 0 => format!("{}, not 0", many(calls(actual))),
            None if calls(expected) == calls(actual) => many(calls(actual)),
            None => format!("{}, not {}", many(calls(actual)), grouped(u64::from(calls(expected)))),
        }
    }
}

impl Stage<'_> {
    fn edge_ink(&self, edge: &Edge) -> Ink {
        let (d, t) = (&self.drawing.seen, self.t);
        let plain = Ink { line: theme::mix(t.bg, t.dim, 0.75), fill: t.bg, dashed: false, width: 1.0 };
        // What has nothing to do with what broke is never what is seen first.
        let aside = d.is_aside(edge);
        let only = |line: Color32| if aside { theme::mix(t.bg, line, 0.6) } else { line };
        let width = if aside { 1.0 } else { 1.5 };
        match d.way(edge) {
            Way::Absent => Ink { line: t.line, dashed: true, ..plain },
            Way::Leading => Ink { line: t.cause, width: 2.5, ..plain },
            Way::Reached => Ink { line: t.actual, width: 1.5, ..plain },
            Way::OnlyExpected => Ink { line: only(t.expected), dashed: true, width, ..plain },
            Way::OnlyActual => Ink { line: only(t.actual), width, ..plain },
            Way::Plain => self.quiet(edge, plain),
        }
    }

    /// Among many, a way that says nothing steps back, unless it is of the place that is looked at.
    fn quiet(&self, edge: &Edge, plain: Ink) -> Ink {
        let looked_at = [edge.from, edge.to].iter().any(|&place| self.drawing.seen.selected == Some(place));
        if self.drawing.seen.graph.edges.len() <= MANY || looked_at {
            return plain;
        }
        Ink { line: theme::mix(self.t.bg, self.t.dim, 0.45), ..plain }
    }

    /// What is said of every way, and where: of those that trouble took first.
    pub(super) fn way_words(&self, ui: &Ui, labels: &mut Labels) -> Vec<WayWords> {
        let edges = &self.drawing.seen.graph.edges;
        let mut ways: Vec<WayWords> = edges.iter().enumerate().map(|(at, edge)| self.told(at, edge)).collect();
        let mut order: Vec<usize> = (0..ways.len()).filter(|&at| !ways[at].points.is_empty()).collect();
        order.sort_by_key(|&at| (!ways[at].strong, !ways[at].special));
        let sight = ui.clip_rect().expand(8.0);
        for at in order {
            let way = &mut ways[at];
            let far = self.detail < Detail::All;
            if !Rect::from_points(&way.points).intersects(sight) || far && !way.strong {
                continue;
            }
            let width = |text: &str| {
                Words::of(text, medium(size::SMALL), Color32::PLACEHOLDER).layout(ui.painter(), NODE[0]).width() + 8.0
            };
            if !way.again.is_empty() {
                way.again_at = labels.place(along(&way.back, width(&way.again)));
            }
            if !way.told.is_empty() && !far {
                way.told_at = labels.place(along(&way.points, width(&way.told)));
            }
            // What is not as any other way says why wherever there is any room, with fewer words if need be.
            if way.told_at.is_none() && !far && way.special {
                let found = [&way.told, &way.short]
                    .into_iter()
                    .filter(|words| !words.is_empty())
                    .find_map(|words| Some((words.clone(), labels.place(beside(&way.points, width(words)))?)));
                if let Some((words, at)) = found {
                    (way.told, way.told_at) = (words, Some(at));
                }
            }
        }
        ways
    }

    fn told(&self, at: usize, edge: &Edge) -> WayWords {
        let (Some(from), Some(to)) = (self.rect(edge.from), self.rect(edge.to)) else { return WayWords::default() };
        let d = &self.drawing.seen;
        let strong = self.drawing.seen.reached(edge.reached);
        let went = d.notes[1].get(at).cloned().unwrap_or_else(|| self.drawing.went(edge));
        // A retry has a bow of its own, and a failure is said where it happened.
        let says = strong && !matches!(edge.act, Act::Work | Act::Retry | Act::Fault);
        let short = if says { edge.act.word().to_owned() } else { String::new() };
        let told = if says { format!("{went} · {short}") } else { went };
        let special = !matches!(d.way(edge), Way::Plain | Way::Absent);
        let back = to.left() <= from.right();
        let points = if back { bow(from, to, self.scale) } else { forward(from, to, self.scale) };
        let mut way = WayWords { told, strong, special, short, points, ..WayWords::default() };
        if strong && edge.tally.actual.retries > edge.tally.expected.retries {
            let more = edge.tally.actual.retries - edge.tally.expected.retries;
            let retries =
                if more == 1 { "1 retry".to_owned() } else { format!("{} retries", grouped(u64::from(more))) };
            way.again = format!("{retries} · ×{:.1}", edge.amplification);
            way.back = self.retry_bow(to, from);
        }
        way
    }

    pub(super) fn edge(&self, ui: &Ui, at: usize, edge: &Edge, way: &WayWords) {
        let Some(&first) = way.points.first() else { return };
        let d = &self.drawing.seen;
        let middle = way.points.get(way.points.len() / 2).copied().unwrap_or(first);
        let place = way
            .told_at
            .unwrap_or_else(|| Rect::from_center_size(middle, vec2(self.scaled(56.0, 8.0), self.scaled(16.0, 8.0))));
        let response = ui.interact(place, ui.scope_id().with(("way", at)), Sense::hover());
        let name = |place: Place| escape(&d.graph.nodes[place as usize].name).into_owned();
        let said = || {
            let tries = if way.again.is_empty() {
                String::new()
            } else {
                format!(", each tried ×{:.1} as often", edge.amplification)
            };
            let said = if way.told.is_empty() { "as before" } else { &way.told };
            format!("{} to {}: {said}{tries}", name(edge.from), name(edge.to))
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said()));
        if !ui.is_rect_visible(Rect::from_points(&way.points).union(Rect::from_points(&way.back)).expand(16.0)) {
            return;
        }
        if response.hovered() {
            response.on_hover_text(said());
        }
        let painter = ui.painter();
        let thin = self.scaled(1.0, 0.6);
        let mut ink = self.edge_ink(edge);
        ink.width *= thin;
        line(painter, &way.points, ink);
        head(painter, &way.points, ink.line, self.scaled(9.0, 4.0));
        if !way.back.is_empty() {
            let ink = Ink { line: self.t.actual, dashed: false, width: 1.5 * thin, fill: self.t.bg };
            line(painter, &way.back, ink);
            head(painter, &way.back, ink.line, self.scaled(9.0, 4.0));
        }
    }

    pub(super) fn paint_way_words(&self, ui: &Ui, way: &WayWords) {
        let t = self.t;
        if let Some(rect) = way.told_at {
            self.on_ground(ui, rect, &way.told, if way.strong { t.text } else { t.dim });
        }
        if let Some(rect) = way.again_at {
            self.on_ground(ui, rect, &way.again, t.actual);
        }
    }

    /// The way of what is tried again: over the top, or below where something stands there.
    fn retry_bow(&self, from: Rect, to: Rect) -> Vec<Pos2> {
        let stands = |points: &[Pos2]| {
            let room = Rect::from_points(points).shrink(4.0);
            let places = self.rects.iter().flatten();
            places.filter(|rect| **rect != from && **rect != to).any(|rect| rect.intersects(room))
        };
        let over = bow(from, to, self.scale);
        if !stands(&over) {
            return over;
        }
        let middle = from.center().y + to.center().y;
        let mirrored =
            |rect: Rect| Rect::from_center_size(pos2(rect.center().x, middle - rect.center().y), rect.size());
        let below = bow(mirrored(from), mirrored(to), self.scale).into_iter().map(|at| pos2(at.x, middle - at.y));
        below.collect()
    }

    /// Words on a ground that hides the line below them.
    fn on_ground(&self, ui: &Ui, rect: Rect, text: &str, colour: Color32) {
        let painter = ui.painter();
        let words = Words::of(text, medium(size::SMALL), colour).layout(painter, NODE[0]);
        painter.rect_filled(rect, 3.0, theme::veil(self.t.bg, 0.9));
        let left = (rect.center().x - words.width() / 2.0).round();
        words.paint(painter, pos2(left, rect.center().y.round()));
    }
}

/// Where words may stand on a way: along it, beside it where it is level, since they would hide a short one and its head.
fn along(points: &[Pos2], width: f32) -> Vec<Rect> {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return Vec::new() };
    let room = |at: Pos2| Rect::from_center_size(at, vec2(width, HIGH));
    let level = (first.y - last.y).abs() < 12.0 && points.iter().all(|at| (at.y - first.y).abs() < 12.0);
    if level {
        let middle = first.lerp(last, 0.5);
        return vec![room(middle - vec2(0.0, 11.0)), room(middle + vec2(0.0, 11.0))];
    }
    let at = |share: f32| points[((points.len() - 1) as f32 * share).round() as usize];
    let mut all: Vec<Rect> = LABELS.into_iter().map(|share| room(at(share))).collect();
    let top = points.iter().copied().fold(first, |top, at| if at.y < top.y { at } else { top });
    if top.y < first.y.min(last.y) - 8.0 {
        // A bow has its words on top.
        all.insert(0, room(pos2(first.lerp(last, 0.5).x, top.y - 2.0)));
    }
    all
}

/// Further places for the words of a way: above and below it.
fn beside(points: &[Pos2], width: f32) -> Vec<Rect> {
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    let at = |share: f32| points[(last as f32 * share).round() as usize];
    let up = [-1.0, 1.0, -1.6, 1.6, -2.2, 2.2].into_iter();
    up.flat_map(|up| LABELS.map(|share| Rect::from_center_size(at(share) + vec2(0.0, up * HIGH), vec2(width, HIGH))))
        .collect()
}
