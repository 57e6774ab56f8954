//! One run in a line: verdict, name, cause in words, fingerprint, and a small picture of where it differs.

use egui::{FontId, Painter, Rect, Stroke, pos2, vec2};

use crate::app::watching::Known;
use crate::compare::Verdict;
use crate::runs::{Outcome, Shape};
use crate::trace::escape;
use crate::ui::fonts::medium;
use crate::ui::pair::words::Words;
use crate::ui::pair::{Mark, glyph};
use crate::ui::theme::{self, Tokens, size};

/// Where the word of the verdict begins, and where the name does.
const WORD: f32 = 40.0;
const NAME: f32 = 136.0;
/// Width of the picture, its height, and room for a fingerprint.
const PICTURE: f32 = 120.0;
const TALL: f32 = 20.0;
pub const LETTERS: f32 = 84.0;
/// Narrower lines have no picture.
const PICTURE_FROM: f32 = 560.0;
/// Letters of a fingerprint that are shown.
const SHOWN: usize = 8;

/// The first letters of a fingerprint.
pub fn letters(shape: Shape) -> String {
    shape.to_string().chars().take(SHOWN).collect()
}

/// The one word of a run.
pub fn word(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        None => "not looked at yet",
        Some(outcome) => outcome.verdict.map_or("unreadable", Verdict::word),
    }
}

/// What is said of a run.
pub fn said(known: &Known) -> String {
    let outcome = known.entry.outcome.as_ref();
    let mut said = format!("{}, {}", escape(&known.entry.run.name), word(outcome));
    for state in states(known) {
        said.push_str(", ");
        said.push_str(state);
    }
    if let Some(outcome) = outcome {
        said.push_str(": ");
        said.push_str(&escape(&outcome.said()));
        if let Some(shape) = outcome.shape {
            said.push_str(", fingerprint ");
            said.push_str(&letters(shape));
        }
    }
    said
}

/// What makes its answer less than final.
fn states(known: &Known) -> Vec<&'static str> {
    let outcome = known.entry.outcome.as_ref();
    let mut states = Vec::new();
    if known.gone {
        states.push("no longer there");
    }
    if known.entry.provisional && outcome.is_some() {
        states.push(if outcome.is_some_and(|outcome| outcome.waits) { "waiting for more" } else { "looked at again" });
    }
    if outcome.is_some_and(|outcome| outcome.partial && outcome.verdict.is_some()) {
        states.push("read in part");
    }
    states
}

/// The glyph and the colour of a run.
fn mark(painter: &Painter, at: egui::Pos2, outcome: Option<&Outcome>, t: &Tokens) -> egui::Color32 {
    let Some(outcome) = outcome else {
        painter.circle_stroke(at, 4.5, Stroke::new(1.5, t.dim));
        return t.dim;
    };
    if let Some(verdict) = outcome.verdict {
        return glyph::verdict(painter, at, verdict, t);
    }
    glyph::warning(painter, at, t.warn);
    t.warn
}

/// Paints a run; says whether its words were cut.
pub fn paint(painter: &Painter, known: &Known, rect: Rect, t: &Tokens) -> bool {
    let outcome = known.entry.outcome.as_ref();
    let y = rect.center().y;
    let colour = mark(painter, pos2(rect.left() + 22.0, y), outcome, t);
    let short = if outcome.is_none() { "waiting" } else { word(outcome) };
    let label = FontId::proportional(size::LABEL);
    Words::of(short, label.clone(), colour).paint(painter, pos2(rect.left() + WORD, y), NAME - WORD - 8.0);
    let mut right = rect.right() - 16.0;
    if rect.width() >= PICTURE_FROM {
        let picture = Rect::from_min_size(pos2(right - PICTURE, y - TALL / 2.0), vec2(PICTURE, TALL));
        if let Some(outcome) = outcome {
            density(painter, picture, outcome, t);
        }
        right = picture.left() - 20.0;
    }
    if let Some(shape) = outcome.and_then(|outcome| outcome.shape) {
        fingerprint(painter, pos2(right - LETTERS, y), shape, t);
    }
    right -= LETTERS + 16.0;
    let left = rect.left() + NAME;
    let strong = if known.gone { t.dim } else { t.text };
    let name = Words::of(&escape(&known.entry.run.name), medium(size::BODY), strong);
    let (_, cut_name) = name.paint(painter, pos2(left, rect.top() + 16.0), right - left);
    let mut line = Words::new();
    let states = states(known);
    let mut x = left;
    if !states.is_empty() {
        Mark::Unrecorded.paint(painter, pos2(left + 5.0, rect.top() + 33.0), 1.0, t.warn);
        x += 18.0;
        line = line.add(&states.join(", "), label.clone(), t.warn).gap(8.0);
    }
    let headline = outcome.map_or("It is looked at when its writing has come to rest.".into(), Outcome::said);
    let line = line.add(&escape(&headline), label, t.dim);
    let (_, cut) = line.paint(painter, pos2(x, rect.top() + 33.0), right - x);
    cut || cut_name
}

/// A fingerprint: one of four shapes in one of eight colours, and its first letters.
pub fn fingerprint(painter: &Painter, left: egui::Pos2, shape: Shape, t: &Tokens) {
    let colour = theme::fingerprint(shape.number(), t);
    let at = pos2(left.x + 5.0, left.y);
    let p = |x: f32, y: f32| at + vec2(x, y);
    let polygon = |points: Vec<egui::Pos2>| {
        painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
    };
    match shape.number() / 8 % 4 {
        0 => {
            painter.rect_filled(Rect::from_center_size(at, vec2(10.0, 10.0)), 1.0, colour);
        }
        1 => {
            painter.circle_filled(at, 5.5, colour);
        }
        2 => polygon(vec![p(0.0, -6.5), p(6.5, 0.0), p(0.0, 6.5), p(-6.5, 0.0)]),
        _ => polygon(vec![p(0.0, -6.0), p(6.0, 5.0), p(-6.0, 5.0)]),
    }
    let words = Words::of(&letters(shape), FontId::monospace(size::LABEL), t.text);
    words.paint(painter, pos2(left.x + 18.0, left.y), LETTERS - 18.0);
}

/// Where along the run something differs: the higher, the more.
fn density(painter: &Painter, rect: Rect, outcome: &Outcome, t: &Tokens) {
    if outcome.density.is_empty() {
        return;
    }
    let step = rect.width() / outcome.density.len() as f32;
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    for (at, &share) in outcome.density.iter().enumerate().filter(|(_, share)| **share > 0) {
        let height = (f32::from(share) / 255.0 * rect.height()).max(3.0);
        let left = rect.left() + at as f32 * step;
        let bar = Rect::from_min_max(pos2(left, rect.bottom() - height), pos2(left + step - 1.0, rect.bottom()));
        painter.rect_filled(bar, 0.0, if outcome.failed() { t.cause } else { t.dim });
    }
}
