//! The key of a graph: what is seen in it, in words.

use egui::{Color32, FontId, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::lines::{Ink, bow, head, line, outline, pointer};
use crate::app::graph::SeenGraph;
use crate::incident::Part;
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
const PAD: f32 = 20.0;
const GAP: f32 = 20.0;

/// What an entry of the key shows.
#[derive(Clone, Copy)]
pub enum Sample {
    Mark(Mark, Color32),
    Place(Ink),
    Way(Ink),
    Again(Ink),
    Pointer { left: bool },
}

/// The key as a line above the graph; what it has no room for is in its accessible name and its tooltip.
pub fn strip(ui: &mut Ui, seen: &SeenGraph<'_>, t: &Tokens) {
    let entries = key(seen, t);
    if entries.is_empty() {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), STRIP), Sense::hover());
    let all: Vec<&str> = entries.iter().map(|(_, says)| *says).collect();
    let all = all.join(" · ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Key: {all}")));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    let mut left = rect.left() + PAD;
    for (sample, says) in entries {
        let words = Words::of(says, FontId::proportional(size::SMALL), t.dim).layout(ui.painter(), ENTRY);
        let begin = sample.width() + 8.0;
        if left + begin + words.width() > rect.right() - PAD {
            break;
        }
        sample.paint(
            ui.painter(),
            Rect::from_min_size(pos2(left, rect.center().y - 6.0), vec2(sample.width(), 12.0)),
            t,
        );
        let end = left + begin + words.width();
        words.paint(ui.painter(), pos2(left + begin, rect.center().y));
        left = end + GAP;
    }
    response.on_hover_text(all);
}

/// What the key explains: only what is seen.
pub fn key(seen: &SeenGraph<'_>, t: &Tokens) -> Vec<(Sample, &'static str)> {
    let plain = Ink { line: theme::mix(t.line, t.dim, 0.35), fill: t.panel, dashed: false, width: 1.0 };
    let nodes = &seen.graph.nodes;
    let edges = &seen.graph.edges;
    let shown = seen.side != Some(Side::Expected);
    let difference = seen.side.is_none();
    let gone = |expected: u32, actual: u32| difference && seen.graph.paired && actual == 0 && expected > 0;
    let trouble = |line: Color32, width: f32| Ink { line, fill: t.bg, dashed: false, width };
    let dashed = |line: Color32| Ink { line, fill: t.bg, dashed: true, width: 1.5 };
    let reached = Ink { line: t.actual, fill: t.actual_wash, dashed: false, width: 1.5 };
    let is = |part: Part| nodes.iter().any(|node| node.part == part && node.reached.is_some());
    let entries = [
        (
            shown && nodes.iter().any(|node| node.part == Part::Root),
            Sample::Mark(Mark::Diamond { first: true }, t.cause),
            "where it broke first",
        ),
        (shown && seen.symptom.is_some(), Sample::Mark(Mark::Ring, t.symptom), "first symptom"),
        (
            shown && nodes.iter().any(|node| node.reached.is_some() && node.part != Part::Root),
            Sample::Place(reached),
            "reached by the trouble",
        ),
        (shown && is(Part::Upstream), Sample::Pointer { left: true }, "upstream: it waits for that"),
        (shown && is(Part::Downstream), Sample::Pointer { left: false }, "downstream: called by that"),
        (nodes.iter().any(|node| node.reached.is_none()), Sample::Place(plain), "not reached"),
        (nodes.iter().any(|node| seen.is_next(node)), Sample::Place(dashed(t.symptom)), "likely next, not seen"),
        (
            nodes.iter().any(|node| gone(node.tally.expected.events, node.tally.actual.events)),
            Sample::Place(dashed(t.expected)),
            "only in expected",
        ),
        (
            shown && edges.iter().any(|edge| edge.reached.is_some()),
            Sample::Way(trouble(t.cause, 2.5)),
            "trouble, to or from there",
        ),
        (
            edges.iter().any(|edge| gone(edge.tally.expected.events, edge.tally.actual.events)),
            Sample::Way(dashed(t.expected)),
            "a way only in expected",
        ),
        (
            shown && edges.iter().any(|edge| edge.tally.actual.retries > edge.tally.expected.retries),
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
            Self::Pointer { left } => pointer(painter, room.center(), left, t.actual, t.bg),
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
