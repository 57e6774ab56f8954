//! The axis above the lanes, its grid, and the three answers on it.

use egui::{FontId, Painter, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use crate::app::pair::{Mode, PairCommand, PairRequest};
use crate::trace::Side;
use crate::ui::fonts::medium;
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};
use crate::view::{Anchor, Axis, Ticks, place_words};

/// Ticks are at least so far apart, in points.
const TICK: f32 = 88.0;

fn ticks(stage: &Stage<'_>) -> Ticks {
    let (from, to) = stage.range_in_sight();
    let least = stage.per_point() * f64::from(TICK);
    match stage.scale.axis() {
        Axis::Time => Ticks::new(from, to, least),
        Axis::Index | Axis::Row => Ticks::whole(from, to, least),
    }
}

fn sides(stage: &Stage<'_>) -> &'static [Side] {
    if stage.pair.timeline().mode() == Mode::SideBySide { &Side::BOTH } else { &[Side::Actual] }
}

/// A line at every tick.
pub fn grid(painter: &Painter, stage: &Stage<'_>) {
    for place in ticks(stage).places() {
        for &side in sides(stage) {
            let x = painter.round_to_pixel_center(stage.at(side, place));
            if stage.canvas(side).x_range().contains(x) {
                painter.vline(x, stage.whole().y_range(), Stroke::new(1.0, stage.t.line_soft));
            }
        }
    }
}

/// The axis itself, with its ticks in words.
pub fn head(ui: &Ui, stage: &Stage<'_>, head: Rect) {
    let t = stage.t;
    let painter = ui.painter_at(head);
    painter.rect_filled(head, 0.0, t.panel);
    painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, t.line));
    let taken = labels(ui, stage, head);
    let ticks = ticks(stage);
    let unit = stage.scale.unit();
    let signed = stage.pair.timeline().anchor() != Anchor::Recorded;
    for &side in sides(stage) {
        let canvas = stage.canvas(side);
        let clipped = painter.with_clip_rect(Rect::from_x_y_ranges(canvas.x_range(), head.y_range()));
        for place in ticks.places() {
            let x = painter.round_to_pixel_center(stage.at(side, place));
            clipped.vline(x, head.bottom() - 6.0..=head.bottom(), Stroke::new(1.0, t.line));
            let words = place_words(place, ticks.step, unit, signed);
            let words = Words::of(&words, FontId::monospace(size::SMALL), t.dim).layout(&clipped, TICK - 8.0);
            let room = Rangef::new(x, x + words.width() + 12.0);
            if !taken.iter().any(|flag| flag.x_range().intersects(room)) {
                words.paint(&clipped, pos2(x + 5.0, head.center().y - 1.0));
            }
        }
    }
    let title = match stage.scale.axis() {
        Axis::Time => "LANES",
        Axis::Index => "LANES · BY INDEX",
        Axis::Row => "LANES · BY ROW",
    };
    let room = stage.whole().left() - head.left();
    let label = head.with_max_x(stage.whole().left());
    painter.rect_filled(label.shrink2(vec2(0.0, 1.0)), 0.0, t.panel);
    Words::of(title, medium(size::SMALL), t.dim).paint(
        &painter,
        pos2(head.left() + 16.0, head.center().y - 1.0),
        room - 24.0,
    );
}

/// One of the three answers, where it stands on the axis.
struct Answer {
    mark: Mark,
    title: &'static str,
    side: Side,
    x: f64,
}

fn list(stage: &Stage<'_>) -> Vec<Answer> {
    let comparison = &stage.pair.analysis().comparison;
    let place = |side: Side, event| stage.scale.x(side, event);
    let mut answers = Vec::new();
    if let Some(symptom) = &comparison.first_symptom {
        let x = place(symptom.side, symptom.index);
        answers.push(Answer { mark: Mark::Ring, title: "symptom", side: symptom.side, x });
    }
    if let Some(first) = comparison.first_difference {
        let of = |side| match side {
            Side::Expected => first.expected,
            Side::Actual => first.actual,
        };
        if let Some((side, event)) = [Side::Actual, Side::Expected].into_iter().find_map(|s| Some((s, of(s)?))) {
            answers.push(Answer { mark: Mark::Flag, title: "first difference", side, x: place(side, event) });
        }
    }
    if let Some(cause) = comparison.causes.first() {
        let x = place(cause.side, cause.index);
        answers.push(Answer { mark: Mark::Diamond { first: true }, title: "cause", side: cause.side, x });
    }
    answers
}

/// The lines of the answers through all lanes.
pub fn answers(ui: &Ui, stage: &Stage<'_>, head: Rect, body: Rect) {
    let painter = ui.painter_at(body);
    for answer in list(stage) {
        let width = if matches!(answer.mark, Mark::Diamond { .. }) { 1.5 } else { 1.0 };
        let colour = theme::veil(answer.mark.colour(stage.t), if width > 1.0 { 0.9 } else { 0.45 });
        for side in shown_on(stage, answer.side) {
            let x = painter.round_to_pixel_center(stage.at(side, answer.x));
            if stage.canvas(side).x_range().contains(x) {
                painter.vline(x, head.bottom()..=body.bottom(), Stroke::new(width, colour));
            }
        }
    }
}

/// Side by side, an answer stands on the half of its side; else there is one axis.
fn shown_on(stage: &Stage<'_>, side: Side) -> [Side; 1] {
    if stage.pair.timeline().mode() == Mode::SideBySide { [side] } else { [Side::Actual] }
}

/// The answers' flags on the axis, the cause's first; tells where they stand.
fn labels(ui: &Ui, stage: &Stage<'_>, head: Rect) -> Vec<Rect> {
    let t = stage.t;
    let painter = ui.painter_at(head);
    let mut taken: Vec<Rect> = Vec::new();
    for answer in list(stage).into_iter().rev() {
        let [side] = shown_on(stage, answer.side);
        let x = painter.round_to_pixel_center(stage.at(side, answer.x));
        if !stage.canvas(side).x_range().contains(x) {
            continue;
        }
        let cause = matches!(answer.mark, Mark::Diamond { .. });
        let ink = if cause { if t.dark { t.bg } else { t.panel } } else { t.text };
        let colour = answer.mark.colour(t);
        let words = Words::of(answer.title, medium(size::SMALL), ink).layout(&painter, 160.0);
        let room = words.width() + 24.0;
        let mut rect = Rect::from_min_size(pos2(x, head.top() + 4.0), vec2(room, 20.0));
        if rect.right() > stage.canvas(side).right() {
            rect = rect.translate(vec2(-room, 0.0));
        }
        // What would cover another answer is drawn as its mark alone.
        let only_mark = taken.iter().any(|other| other.intersects(rect));
        if only_mark {
            let free = Rect::from_min_size(pos2(x - 20.0, rect.top()), vec2(18.0, 20.0));
            if taken.iter().any(|other| other.intersects(free)) {
                continue;
            }
            rect = free;
        }
        taken.push(rect);
        let ground = if cause && !only_mark { colour } else { t.raised };
        painter.rect_filled(rect, 3.0, ground);
        let mark_colour = if cause && !only_mark { ink } else { colour };
        answer.mark.paint(&painter, pos2(rect.left() + 9.0, rect.center().y), 0.75, mark_colour);
        if !only_mark {
            words.paint(&painter, pos2(rect.left() + 18.0, rect.center().y));
        }
    }
    taken
}

/// Buttons over the flags, so that they can be pressed and read.
pub fn buttons(ui: &Ui, stage: &Stage<'_>, head: Rect, out: &mut Vec<PairRequest>) {
    for answer in list(stage) {
        let [side] = shown_on(stage, answer.side);
        let x = stage.at(side, answer.x);
        if !stage.canvas(side).x_range().contains(x) {
            continue;
        }
        let rect = Rect::from_min_size(pos2(x, head.top() + 4.0), vec2(24.0, 20.0));
        let response = ui.interact(rect, ui.scope_id().with(answer.title), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Go to the {}", answer.title)));
        if response.clicked() {
            out.push(
                match answer.mark {
                    Mark::Flag => PairCommand::FirstDifference,
                    Mark::Ring => PairCommand::FirstSymptom,
                    _ => PairCommand::Cause(0),
                }
                .into(),
            );
        }
    }
}
