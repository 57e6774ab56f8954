//! The axis above the lanes, its grid, and the three answers on it.

use egui::{FontId, Painter, Pos2, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use super::tools;
use crate::app::pair::{Mode, PairCommand, PairRequest, TimelineCommand};
use crate::trace::Side;
use crate::ui::fonts::medium;
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::sides;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
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

/// A line at every tick.
pub fn grid(painter: &Painter, stage: &Stage<'_>) {
    for place in ticks(stage).places() {
        for &side in stage.sides() {
            let x = painter.round_to_pixel_center(stage.at(side, place));
            if stage.canvas(side).x_range().contains(x) {
                painter.vline(x, stage.whole().y_range(), Stroke::new(1.0, stage.t.line_soft));
            }
        }
    }
}

/// The axis itself, with its ticks in words.
pub fn head(ui: &Ui, stage: &Stage<'_>, answers: &[Answer], head: Rect, out: &mut Vec<PairRequest>) {
    let t = stage.t;
    let painter = ui.painter_at(head);
    painter.rect_filled(head, 0.0, t.panel);
    painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, t.line));
    let ticks = ticks(stage);
    let unit = stage.scale.unit();
    let signed = *stage.pair.timeline().anchor() != Anchor::Recorded;
    for &side in stage.sides() {
        let canvas = stage.canvas(side);
        let clipped = painter.with_clip_rect(Rect::from_x_y_ranges(canvas.x_range(), head.y_range()));
        let mut flags: Vec<Rangef> = answers.iter().filter_map(|answer| Some(answer.flag?.0.x_range())).collect();
        let halves = stage.sides().len() > 1;
        flags.extend(halves.then(|| half_title(&clipped, side, canvas, head.center().y, &flags, t)).flatten());
        for place in ticks.places() {
            let x = painter.round_to_pixel_center(stage.at(side, place));
            clipped.vline(x, head.bottom() - 6.0..=head.bottom(), Stroke::new(1.0, t.line));
            let words = place_words(place, ticks.step, unit, signed);
            let words = Words::of(&words, FontId::monospace(size::SMALL), t.dim).layout(&clipped, TICK - 8.0);
            let room = Rangef::new(x, x + words.width() + 12.0);
            if !flags.iter().any(|flag| flag.intersects(room)) {
                words.paint(&clipped, pos2(x + 5.0, head.center().y - 1.0));
            }
        }
    }
    let title = match stage.scale.axis() {
        Axis::Time => "LANES",
        Axis::Index => "LANES · BY INDEX",
        Axis::Row => "LANES · BY ROW",
    };
    let label = head.with_max_x(stage.whole().left());
    painter.rect_filled(label.shrink2(vec2(0.0, 1.0)), 0.0, t.panel);
    let timeline = stage.pair.timeline();
    let filtered = timeline.leaves_out();
    let mut left = head.left() + 16.0;
    let mut right = label.right() - 8.0;
    if filtered {
        all_lanes(ui, &painter, pos2(left + 5.0, head.center().y - 1.0), stage, out);
        left += 18.0;
    }
    if stage.sides().len() == 1 {
        let said =
            if timeline.mode() == Mode::Stacked { sides::ABOVE } else { "expected and actual, one over the other" };
        right = sides::key(ui, &painter, pos2(right, head.center().y - 0.5), left, said, t) - 6.0;
    }
    // The menu of the axis says by what as well, and the groups below that they are lanes.
    let words = |title: &str| Words::of(title, medium(size::SMALL), t.dim).layout(&painter, f32::INFINITY);
    let title = [title, "LANES"].into_iter().map(words).find(|title| title.width() <= right - left);
    if let Some(title) = title {
        title.paint(&painter, pos2(left, head.center().y - 1.0));
    }
}

/// Says that some lanes are left out; pressed, it shows them again.
fn all_lanes(ui: &Ui, painter: &Painter, at: Pos2, stage: &Stage<'_>, out: &mut Vec<PairRequest>) {
    let catch = Rect::from_center_size(at, vec2(22.0, 22.0));
    let response = ui.interact(catch, ui.scope_id().with("all lanes"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show all lanes again"));
    if response.hovered() || response.has_focus() {
        painter.rect_filled(catch, 4.0, stage.t.raised);
    }
    tools::funnel(painter, at, stage.t);
    if response.clicked() {
        out.push(PairCommand::Timeline(TimelineCommand::AllLanes).into());
    }
    response.on_hover_text(format!("Lanes are left out: {}. Click for all of them.", tools::left_out(stage.pair)));
}

/// The name of a side over its half: at the left end of it, else at the right end, else not. Says where it stands.
fn half_title(painter: &Painter, side: Side, canvas: Rect, y: f32, flags: &[Rangef], t: &Tokens) -> Option<Rangef> {
    let words = sides::heading(painter, side, t);
    let width = words.width();
    let free = |left: &f32| {
        let room = Rangef::new(left - 6.0, left + width + 6.0);
        room.min >= canvas.left() && room.max <= canvas.right() && !flags.iter().any(|flag| flag.intersects(room))
    };
    let left = [canvas.left() + 8.0, canvas.right() - width - 12.0].into_iter().find(free)?;
    let shown = words.paint(painter, pos2(left, y - 1.0));
    Some(shown.x_range().expand(6.0))
}

/// One of the three answers, where it stands on the axis.
pub struct Answer {
    mark: Mark,
    title: &'static str,
    /// Where on the screen.
    x: f32,
    /// Its flag, and whether there is room for its title; `None` where another covers it.
    flag: Option<(Rect, bool)>,
}

/// The three answers that are in sight, the cause first: its flag has room before the others.
pub fn answers(painter: &Painter, stage: &Stage<'_>, head: Rect) -> Vec<Answer> {
    let comparison = &stage.pair.analysis().comparison;
    let cause = comparison.causes.first().map(|cause| (cause.side, cause.index));
    let first = comparison.first_difference.and_then(|first| {
        let actual = first.actual.map(|event| (Side::Actual, event));
        actual.or_else(|| first.expected.map(|event| (Side::Expected, event)))
    });
    let symptom = comparison.first_symptom.as_ref().map(|symptom| (symptom.side, symptom.index));
    let known = [
        (Mark::Diamond { first: true }, "cause", cause),
        (Mark::Flag, "first difference", first),
        (Mark::Ring, "symptom", symptom),
    ];
    let mut taken: Vec<Rect> = Vec::new();
    let mut answers = Vec::new();
    for (mark, title, event) in known {
        let Some((side, event)) = event else { continue };
        let x = stage.scale.x(side, event);
        let side = stage.shown_on(side);
        let x = painter.round_to_pixel_center(stage.at(side, x));
        let canvas = stage.canvas(side).x_range();
        if !canvas.contains(x) {
            continue;
        }
        let width = Words::of(title, medium(size::SMALL), stage.t.text).layout(painter, 160.0).width() + 24.0;
        let left = if x + width > canvas.max { x - width } else { x };
        let whole = Rect::from_min_size(pos2(left, head.top() + 4.0), vec2(width, 20.0));
        // What would cover another answer is drawn as its mark alone.
        let mark_alone = Rect::from_min_size(pos2(x - 20.0, whole.top()), vec2(18.0, 20.0));
        let free = |rect: &Rect| !taken.iter().any(|other| other.intersects(*rect));
        let flag = [(whole, true), (mark_alone, false)].into_iter().find(|(rect, _)| free(rect));
        taken.extend(flag.map(|(rect, _)| rect));
        answers.push(Answer { mark, title, x, flag });
    }
    answers
}

/// The lines of the answers through all lanes.
pub fn lines(ui: &Ui, stage: &Stage<'_>, answers: &[Answer], body: Rect) {
    let painter = ui.painter_at(body);
    for answer in answers.iter().rev() {
        let cause = matches!(answer.mark, Mark::Diamond { .. });
        let (width, veil) = if cause { (1.5, 0.9) } else { (1.0, 0.45) };
        let colour = theme::veil(answer.mark.colour(stage.t), veil);
        painter.vline(answer.x, body.y_range(), Stroke::new(width, colour));
    }
}

/// The answers' flags on the axis, to be read and pressed.
pub fn flags(ui: &Ui, stage: &Stage<'_>, answers: &[Answer], head: Rect, out: &mut Vec<PairRequest>) {
    let t = stage.t;
    let painter = ui.painter_at(head);
    for answer in answers {
        let Some((rect, titled)) = answer.flag else { continue };
        let cause = matches!(answer.mark, Mark::Diamond { .. });
        let ink = if cause { if t.dark { t.bg } else { t.panel } } else { t.text };
        let colour = answer.mark.colour(t);
        let filled = cause && titled;
        painter.rect_filled(rect, 3.0, if filled { colour } else { t.raised });
        let mark = pos2(rect.left() + 9.0, rect.center().y);
        answer.mark.paint(&painter, mark, 0.75, if filled { ink } else { colour });
        if titled {
            let words = Words::of(answer.title, medium(size::SMALL), ink);
            words.paint(&painter, pos2(rect.left() + 18.0, rect.center().y), 160.0);
        }
        let response = ui.interact(rect, ui.scope_id().with(answer.title), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("Go to the {}", answer.title)));
        if response.has_focus() {
            painter.rect_stroke(rect, 3.0, Stroke::new(1.0, t.expected), StrokeKind::Inside);
        }
        if response.clicked() {
            let command = match answer.mark {
                Mark::Flag => PairCommand::FirstDifference,
                Mark::Ring => PairCommand::FirstSymptom,
                _ => PairCommand::Cause(0),
            };
            out.push(command.into());
        }
    }
}
