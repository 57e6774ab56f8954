//! A graph as a picture for a document: its title, all of it, and a key to what is seen in it.

use egui::{Color32, FontId, Painter, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};

use super::lines::{Ink, bow, head, line, outline};
use super::{Drawing, MARGIN};
use crate::app::graph::{GraphPicture, SeenGraph};
use crate::incident::Part;
use crate::trace::{Side, escape};
use crate::ui::fonts::semibold;
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};

/// Room for the title and the line below it.
const HEAD: f32 = 76.0;
/// Room above the graph for ways that lead back over it.
const ABOVE: f32 = 64.0;
/// A picture is at least so wide.
const LEAST: f32 = 760.0;
/// Height of a line of the key, and width of one of its entries.
const LINE: f32 = 28.0;
const ENTRY: f32 = 232.0;
/// Where the words of an entry begin.
const SAMPLE: f32 = 44.0;

/// What an entry of the key shows.
#[derive(Clone, Copy)]
enum Sample {
    Mark(Mark, Color32),
    Place(Ink),
    Way(Ink),
    Again(Ink),
}

/// How large a picture is, in points.
pub fn picture_size(picture: &GraphPicture) -> Vec2 {
    let [width, height] = picture.seen().layout.size;
    let width = (width + MARGIN * 2.0).max(LEAST).ceil();
    let entries = key(&picture.seen(), theme::of_picture(picture.dark)).len();
    let lines = entries.div_ceil(per_line(width)) as f32;
    vec2(width, (HEAD + ABOVE + height + MARGIN + LINE * lines + 24.0).ceil())
}

fn per_line(width: f32) -> usize {
    ((width - MARGIN * 2.0) / ENTRY).max(1.0) as usize
}

/// Draws a picture into all the room there is.
pub fn picture(ui: &mut Ui, picture: &GraphPicture) {
    let t = theme::tokens(ui);
    let whole = ui.max_rect();
    let seen = picture.seen();
    ui.painter().rect_filled(whole, 0.0, t.bg);
    let width = whole.width() - MARGIN * 2.0;
    let left = whole.left() + MARGIN;
    let side = seen.side.map_or_else(String::new, |side| format!(" · {side} alone"));
    let title = format!("{}{side}", escape(&picture.title));
    Words::of(&title, semibold(size::TITLE), t.text).paint(ui.painter(), pos2(left, whole.top() + 32.0), width);
    let line = Words::of(&escape(&picture.line), FontId::proportional(size::LABEL), t.dim);
    line.paint(ui.painter(), pos2(left, whole.top() + 54.0), width);
    ui.painter().hline(whole.x_range(), whole.top() + HEAD, Stroke::new(1.0, t.line));
    let [drawn, height] = seen.layout.size;
    let origin = pos2((whole.center().x - drawn / 2.0).round(), whole.top() + HEAD + ABOVE);
    Drawing { seen, elsewhere: "" }.draw(ui, t, origin, 1.0);
    let top = origin.y + height + MARGIN;
    ui.painter().hline(whole.x_range(), top - 8.0, Stroke::new(1.0, t.line));
    for (at, (sample, says)) in key(&seen, t).into_iter().enumerate() {
        let (row, column) = (at / per_line(whole.width()), at % per_line(whole.width()));
        let place = pos2(left + column as f32 * ENTRY, top + 8.0 + (row as f32 + 0.5) * LINE);
        entry(ui.painter(), place, sample, says, t);
    }
}

/// What the key explains: only what is seen.
fn key(seen: &SeenGraph<'_>, t: &Tokens) -> Vec<(Sample, &'static str)> {
    let plain = Ink { line: theme::mix(t.line, t.dim, 0.35), fill: t.panel, dashed: false, width: 1.0 };
    let nodes = &seen.graph.nodes;
    let edges = &seen.graph.edges;
    let shown = seen.side != Some(Side::Expected);
    let difference = seen.side.is_none();
    let gone = |expected: u32, actual: u32| difference && seen.graph.paired && actual == 0 && expected > 0;
    let trouble = |line: Color32, width: f32| Ink { line, fill: t.bg, dashed: false, width };
    let dashed = |line: Color32| Ink { line, fill: t.bg, dashed: true, width: 1.5 };
    let reached = Ink { line: t.actual, fill: t.actual_wash, dashed: false, width: 1.5 };
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
        (nodes.iter().any(|node| node.reached.is_none()), Sample::Place(plain), "not reached"),
        (
            difference && nodes.iter().any(|node| node.part == Part::Predicted && node.reached.is_none()),
            Sample::Place(dashed(t.symptom)),
            "likely next, not seen",
        ),
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
fn entry(painter: &Painter, at: Pos2, sample: Sample, says: &str, t: &Tokens) {
    let room = Rect::from_min_max(at - vec2(0.0, 8.0), at + vec2(SAMPLE - 12.0, 8.0));
    match sample {
        Sample::Mark(mark, colour) => mark.paint(painter, room.center(), 1.2, colour),
        Sample::Place(ink) => {
            painter.rect_filled(room, 8.0, ink.fill);
            outline(painter, room, ink);
        }
        Sample::Way(ink) => {
            let points = [room.left_center(), room.right_center()];
            line(painter, &points, ink);
            head(painter, &points, ink.line);
        }
        Sample::Again(ink) => {
            let end = |x: f32| Rect::from_center_size(pos2(x, at.y + 40.0), vec2(8.0, 64.0));
            let points = bow(end(room.right() - 4.0), end(room.left() + 4.0));
            let points: Vec<Pos2> =
                points.into_iter().map(|point| pos2(point.x, at.y + 7.0 + (point.y - at.y - 8.0) * 0.3)).collect();
            line(painter, &points, ink);
            head(painter, &points, ink.line);
        }
    }
    let words = Words::of(says, FontId::proportional(size::LABEL), t.text);
    words.paint(painter, at + vec2(SAMPLE, 0.0), ENTRY - SAMPLE - 8.0);
}
