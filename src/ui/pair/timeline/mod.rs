//! The timeline: every lane with both its sides along one axis, what is the same event joined, what is missing hatched, what
//! the cause reached shaded.

mod axis;
mod bars;
mod bookmarks;
mod drag;
mod gutter;
mod heights;
mod hits;
mod joins;
mod lane_menu;
mod marks;
mod skyline;
mod stage;
mod sync;
pub mod tools;

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use self::stage::Stage;
use crate::app::pair::{Hovered, LaneLine, Mode, Pair, PairCommand, PairRequest, TimelineCommand};
use crate::app::region::Region;
use crate::trace::{Side, escape, grouped};
use crate::ui::hints;
use crate::ui::parts;
use crate::ui::regions;
use crate::ui::theme;

/// Height of the axis.
const AXIS: f32 = 28.0;
/// Width of the lanes' names, and the least of it.
const GUTTER: f32 = 176.0;
const GUTTER_LEAST: f32 = 104.0;

/// Draws the timeline into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Timeline, ui.max_rect());
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let gutter = GUTTER.min(whole.width() * 0.25).max(GUTTER_LEAST).round();
    let (head, body) = whole.split_top_bottom_at_y(whole.top() + AXIS);
    if (pair.timeline().viewport() - body.height()).abs() > 0.5 {
        out.push(PairCommand::Timeline(TimelineCommand::Viewport(body.height())).into());
    }
    let (names, canvas) = body.split_left_right_at_x(body.left() + gutter);
    ui.painter().rect_filled(whole, 0.0, t.bg);
    if pair.timeline().lines().is_empty() {
        empty(ui, pair, whole);
        return;
    }
    ui.painter().rect_filled(Rect::from_min_max(whole.min, pos2(names.right(), whole.bottom())), 0.0, t.panel);
    let stage = Stage::new(ui, pair, canvas, t);
    interact(ui, &stage, out);

    let painter = ui.painter_at(body);
    let lines = pair.timeline().visible();
    let place = |(line, y): (LaneLine, f32)| {
        let top = body.top() + y;
        (line, Rect::from_min_max(pos2(body.left(), top), pos2(body.right(), top + pair.timeline().height_of(line))))
    };
    let lines: Vec<(LaneLine, Rect)> = lines.into_iter().map(place).collect();
    for (line, rect) in &lines {
        if let LaneLine::Lane(lane) = line {
            stage.shade(&painter, *lane, *rect);
            if pair.is_lane_lit(*lane) {
                painter.rect_filled(rect.with_min_x(canvas.left()), 0.0, theme::veil(t.raised, 0.7));
            }
        }
    }
    axis::grid(&painter, &stage);
    for (line, rect) in &lines {
        if let LaneLine::Group(group, number) = line {
            gutter::group(ui, &painter, pair, *group, *number, *rect, t, out);
        }
    }
    let over = painter.with_clip_rect(painter.clip_rect().intersect(canvas));
    // What passes by is below the marks and their words, so that it strikes none through.
    let answers = axis::answers(&painter, &stage, head);
    axis::lines(ui, &stage, &answers, body);
    joins::passing(&over, &stage, &lines);
    let mut shown = marks::Shown::default();
    for (line, rect) in &lines {
        let LaneLine::Lane(lane) = line else { continue };
        let own = Rect::from_min_max(pos2(canvas.left(), rect.top()), rect.max);
        marks::lane(ui, &over, &stage, *lane, own, &mut shown, out);
        let name = Rect::from_min_max(rect.min, pos2(names.right(), rect.bottom()));
        if gutter::lane(ui, &painter, pair, *lane, name, t, out) {
            shown.hovered = pair.place_of_lane(*lane).map(Hovered::Place);
        }
        painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    }
    joins::looked_at(&over, &stage, &lines);
    axis::head(ui, &stage, &answers, head, out);
    sync::show(ui, &stage, head, body, out);
    bookmarks::show(ui, &stage, head, out);
    axis::flags(ui, &stage, &answers, head, out);
    painter.vline(names.right(), whole.y_range(), Stroke::new(1.0, t.line));
    drag::show(ui, &painter, pair, body, names, t, out);
    if pair.timeline().mode() == Mode::SideBySide {
        painter.vline(stage.canvas(Side::Actual).left(), whole.y_range(), Stroke::new(1.0, t.line));
    }
    if stage.heights.is_behind() || stage.hits.is_behind() {
        ui.ctx().request_repaint();
    }
    if shown.hovered != pair.hover() {
        out.push(PairCommand::Hover(shown.hovered).into());
    }
}

/// The wheel, the pointer's buttons: zooms at the pointer, pans, selects a range.
fn interact(ui: &Ui, stage: &Stage<'_>, out: &mut Vec<PairRequest>) {
    let ground = ui.interact(stage.whole(), ui.scope_id().with("timeline"), Sense::click_and_drag());
    let pair = stage.pair;
    ground.widget_info(|| {
        let lanes = pair.timeline().lanes_shown();
        let found = match pair.search().count() {
            0 => String::new(),
            count => format!(", {} found", grouped(u64::from(count))),
        };
        let words = format!(
            "Timeline, {} lanes, {} rows, by {}, {}{found}",
            grouped(u64::from(lanes)),
            grouped(u64::from(pair.rows().len())),
            pair.timeline().axis().word(),
            pair.timeline().mode().word()
        );
        WidgetInfo::labeled(Role::Canvas, true, words)
    });
    let mut send = |command: TimelineCommand| out.push(PairCommand::Timeline(command).into());
    if ground.contains_pointer() {
        let (scroll, zoom, at) =
            ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
        let share = at.map_or(0.5, |at| stage.share(at));
        if (zoom - 1.0).abs() > f32::EPSILON {
            send(TimelineCommand::Zoom { at: share, by: f64::from(1.0 / zoom) });
        } else {
            if scroll.x.abs() > 0.0 {
                send(TimelineCommand::Pan(f64::from(-scroll.x / stage.width())));
            }
            if scroll.y.abs() > 0.0 {
                send(TimelineCommand::Scroll(-scroll.y));
            }
        }
    }
    let range_id = ground.id.with("range");
    let shift = ui.input(|input| input.modifiers.shift);
    if ground.drag_started() && shift {
        let from = ground.interact_pointer_pos().map(|at| stage.share(at));
        ui.data_mut(|data| data.insert_temp(range_id, from));
    }
    let began = ui.data(|data| data.get_temp::<Option<f64>>(range_id)).flatten();
    match (began, ground.interact_pointer_pos()) {
        (Some(from), Some(at)) => {
            let share = stage.share(at);
            stage.range(&ui.painter_at(stage.whole()), from.min(share), from.max(share));
            if ground.drag_stopped() {
                send(TimelineCommand::Range(stage.place(from.min(share)), stage.place(from.max(share))));
                ui.data_mut(|data| data.remove::<Option<f64>>(range_id));
            }
        }
        (Some(_), None) => ui.data_mut(|data| data.remove::<Option<f64>>(range_id)),
        (None, _) if ground.dragged() => {
            let delta = ground.drag_delta();
            if delta.x.abs() > 0.0 {
                send(TimelineCommand::Pan(f64::from(-delta.x / stage.width())));
            }
            if delta.y.abs() > 0.0 {
                send(TimelineCommand::Scroll(-delta.y));
            }
        }
        (None, _) => {}
    }
}

fn empty(ui: &Ui, pair: &Pair, body: Rect) {
    let timeline = pair.timeline();
    let (title, aside) = if pair.lanes().list().is_empty() {
        ("There is no event to draw", "Neither side has one.".to_owned())
    } else if timeline.hidden() > 0 || timeline.only().is_some() {
        ("No lane is left", format!("{} shows all lanes again.", hints::with_key(ui, "“All lanes”", "all-lanes")))
    } else if timeline.only_differing() && timeline.filter().is_empty() {
        (
            "No lane differs",
            format!("{} shows all lanes again.", hints::with_key(ui, "“Only lanes that differ”", "lanes-differing")),
        )
    } else {
        let way = hints::with_key(ui, "“Filter lanes…”", "filter-lanes");
        ("No lane has such a name", format!("The filter is “{}”; {way} changes it.", escape(timeline.filter())))
    };
    parts::nothing(ui, body, title, &aside);
}
