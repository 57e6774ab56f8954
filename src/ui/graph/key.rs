//! The key of a graph: what is seen in it, in words.

use egui::{Color32, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::lines::{Ink, bow, head, line, outline, pointer};
use crate::app::graph::{PlaceMark, SeenGraph, Way};
use crate::incident::{Node, Part, Place};
use crate::trace::Side;
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};

/// Width of an entry in a picture.
pub const ENTRY: f32 = 232.0;
/// Where the words of an entry begin.
const SAMPLE: f32 = 44.0;
/// Height of the strip in a window, and room at its sides and between entries.
const STRIP: f32 = 28.0;
const THIN: f32 = 22.0;
/// From a sample to its words.
const BESIDE: f32 = 8.0;
/// In a view lower than this the key is thin; in one higher than that it may have two lines.
const LOW: f32 = 260.0;
const ROOMY: f32 = 420.0;
const PAD: f32 = 20.0;
const GAP: f32 = 20.0;

/// What an entry of the key shows.
#[derive(Clone, Copy)]
pub enum Sample {
    Mark(Mark, Color32),
    Place(Ink),
    Way(Ink),
    Again(Ink),
    Pointer { left: bool, reached: bool },
}

/// The key as a line above the graph, or as two where the view is high, with room `aside` at its right end; what it has no room
/// for is in its accessible name and its tooltip. Says where it stands.
pub fn strip(ui: &mut Ui, seen: &SeenGraph<'_>, aside: f32, t: &Tokens) -> Rect {
    let entries = key(seen, t);
    let (width, high) = (ui.available_width() - PAD - GAP - aside, ui.available_height());
    let says: Vec<&str> = entries.iter().map(|(_, says)| *says).collect();
    let words = entries.iter().map(|(sample, says)| {
        let words = Words::of(says, FontId::proportional(size::SMALL), t.dim).layout(ui.painter(), ENTRY);
        (*sample, words)
    });
    // Each with its line and where it begins there.
    let (mut line, mut left) = (0_u8, 0.0);
    let placed: Vec<_> = words
        .map(|(sample, words)| {
            let needs = sample.width() + BESIDE + words.width();
            if left + needs > width && left > 0.0 {
                (line, left) = (line.saturating_add(1), 0.0);
            }
            let at = (line, left);
            left += needs + GAP;
            (at, sample, words)
        })
        .collect();
    let lines = if high > ROOMY { (line + 1).min(2) } else { 1 };
    let each = if high < LOW { THIN } else { STRIP };
    let height = if lines > 1 { f32::from(lines) * THIN + 4.0 } else { each };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let all = says.join(" · ");
    if !all.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Key: {all}")));
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    let clipped = ui.painter_at(rect.with_max_x(rect.right() - aside));
    for ((line, left), sample, words) in placed.into_iter().filter(|((line, _), ..)| *line < lines) {
        let line = if lines > 1 { rect.top() + 2.0 + (f32::from(line) + 0.5) * THIN } else { rect.center().y };
        let left = rect.left() + PAD + left;
        let room = Rect::from_min_size(pos2(left, line - 6.0), vec2(sample.width(), 12.0));
        sample.paint(&clipped, room, t);
        words.paint(&clipped, pos2(left + sample.width() + BESIDE, line));
    }
    if !all.is_empty() {
        response.on_hover_text(all);
    }
    rect
}

/// The shape and colour of what stands at the corner of a place.
pub fn mark_of(mark: PlaceMark, t: &Tokens) -> (Mark, Color32) {
    match mark {
        PlaceMark::Cause => (Mark::Diamond { first: true }, t.cause),
        PlaceMark::BrokeFirst => (Mark::Bolt, t.cause),
        PlaceMark::Symptom => (Mark::Ring, t.symptom),
    }
}

/// What the key explains: only what is seen.
pub fn key(seen: &SeenGraph<'_>, t: &Tokens) -> Vec<(Sample, &'static str)> {
    let plain = Ink { line: theme::mix(t.line, t.dim, 0.35), fill: t.panel, dashed: false, width: 1.0 };
    let nodes = &seen.graph.nodes;
    let edges = &seen.graph.edges;
    let shown = seen.side != Some(Side::Expected);
    let difference = seen.side.is_none() && seen.graph.paired;
    let gone = |node: &Node| difference && node.tally.actual.events == 0 && node.tally.expected.events > 0;
    let trouble = |line: Color32, width: f32| Ink { line, fill: t.bg, dashed: false, width };
    let dashed = |line: Color32| Ink { line, fill: t.bg, dashed: true, width: 1.5 };
    let reached_ink = Ink { line: t.actual, fill: t.actual_wash, dashed: false, width: 1.5 };
    let is_marked = |mark: PlaceMark| (0..nodes.len() as Place).any(|place| seen.mark_of(place) == Some(mark));
    let mark = |mark: PlaceMark| {
        let (mark, colour) = mark_of(mark, t);
        Sample::Mark(mark, colour)
    };
    let is = |part: Part, reached: bool| {
        shown && nodes.iter().any(|node| node.part == part && seen.reached(node.reached) == reached)
    };
    let pointer = |left: bool, reached: bool| Sample::Pointer { left, reached };
    let is_way = |kind: Way| edges.iter().any(|edge| seen.way(edge) == kind);
    let cause = if is_marked(PlaceMark::BrokeFirst) { "most likely cause" } else { "cause: where it broke first" };
    let entries = [
        (is_marked(PlaceMark::Cause), mark(PlaceMark::Cause), cause),
        (is_marked(PlaceMark::BrokeFirst), mark(PlaceMark::BrokeFirst), "where it broke first"),
        (is_marked(PlaceMark::Symptom), mark(PlaceMark::Symptom), "first symptom"),
        (
            nodes.iter().any(|node| seen.reached(node.reached) && node.part != Part::Root),
            Sample::Place(reached_ink),
            "reached by the trouble",
        ),
        (is(Part::Upstream, true), pointer(true, true), "upstream: it waits for that"),
        (is(Part::Downstream, true), pointer(false, true), "downstream: called by that"),
        (is(Part::Upstream, false), pointer(true, false), "upstream, not reached"),
        (is(Part::Downstream, false), pointer(false, false), "downstream, not reached"),
        (
            // Where nothing broke nothing was spared.
            nodes.iter().any(|node| node.part != Part::None)
                && nodes
                    .iter()
                    .any(|node| node.part == Part::None && !seen.reached(node.reached) && !seen.is_next(node)),
            Sample::Place(plain),
            "not reached",
        ),
        (nodes.iter().any(|node| seen.is_next(node)), Sample::Place(dashed(t.symptom)), "likely next, not seen"),
        (
            nodes.iter().any(|node| gone(node) && !seen.reached(node.reached) && !seen.is_next(node)),
            Sample::Place(dashed(t.expected)),
            "only in expected",
        ),
        (is_way(Way::Leading), Sample::Way(trouble(t.cause, 2.5)), "trouble, to or from there"),
        (is_way(Way::Reached), Sample::Way(trouble(t.actual, 1.5)), "trouble, further on"),
        (is_way(Way::OnlyActual), Sample::Way(trouble(t.actual, 1.0)), "a way only in actual"),
        (is_way(Way::OnlyExpected), Sample::Way(dashed(t.expected)), "a way only in expected"),
        (
            edges
                .iter()
                .any(|edge| seen.reached(edge.reached) && edge.tally.actual.retries > edge.tally.expected.retries),
            Sample::Again(trouble(t.actual, 1.5)),
            "calls tried again",
        ),
    ];
    entries.into_iter().filter(|(seen, ..)| *seen).map(|(_, sample, says)| (sample, says)).collect()
}

/// A sample and its words.
pub fn entry(painter: &Painter, at: Pos2, sample: Sample, says: &str, t: &Tokens) {
    sample.paint(painter, Rect::from_min_max(at - vec2(0.0, 8.0), at + vec2(SAMPLE - 12.0, 8.0)), t);
    let words = Words::of(says, FontId::proportional(size::LABEL), t.text);
    words.paint(painter, at + vec2(SAMPLE, 0.0), ENTRY - SAMPLE - 8.0);
}

impl Sample {
    /// How wide it is in a line of several.
    const fn width(self) -> f32 {
        match self {
            Self::Mark(..) | Self::Pointer { .. } => 12.0,
            Self::Place(_) => 20.0,
            Self::Way(_) | Self::Again(_) => 24.0,
        }
    }

    fn paint(self, painter: &Painter, room: Rect, t: &Tokens) {
        let middle = room.center().y;
        match self {
            Self::Mark(mark, colour) => mark.paint(painter, room.center(), 1.2, colour),
            Self::Pointer { left, reached } => {
                pointer(painter, room.center(), 1.0, [left, reached], [if reached { t.actual } else { t.dim }, t.bg]);
            }
            Self::Place(ink) => {
                let round = room.height() / 2.0;
                painter.rect_filled(room, round, ink.fill);
                outline(painter, room, round, ink);
            }
            Self::Way(ink) => {
                let points = [room.left_center(), room.right_center()];
                line(painter, &points, ink);
                head(painter, &points, ink.line, 9.0);
            }
            Self::Again(ink) => {
                let end = |x: f32| Rect::from_center_size(pos2(x, middle + 40.0), vec2(8.0, 64.0));
                let points = bow(end(room.right() - 4.0), end(room.left() + 4.0), 1.0);
                let flat = |point: Pos2| pos2(point.x, middle + 7.0 + (point.y - middle - 8.0) * 0.3);
                let points: Vec<Pos2> = points.into_iter().map(flat).collect();
                line(painter, &points, ink);
                head(painter, &points, ink.line, 9.0);
            }
        }
    }
}
