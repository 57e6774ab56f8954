//! The scroll bar of the events table, with a tick for every difference.

use egui::{Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::strip::Strip;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::ui::theme::Tokens;
use crate::view::{Scroller, Weight};

/// Its width.
pub const WIDTH: f32 = 14.0;
/// The ticks' room at its right edge, beside the thumb.
const TICK: f32 = 4.0;
/// A mark is at least this high, however many rows there are.
const LEAST_MARK: f32 = 2.0;

/// Draws a bar with its thumb; says to which share of the whole it was dragged.
pub fn bar(ui: &Ui, rect: Rect, scroller: &Scroller, name: &str, t: &Tokens) -> Option<f64> {
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, t.panel);
    painter.vline(rect.left() + 0.5, rect.y_range(), Stroke::new(1.0, t.line));
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ScrollBar, true, name);
        info.value = Some(scroller.fraction());
        info
    });
    if let Some(thumb) = scroller.thumb(rect.height()) {
        let lit = response.hovered() || response.dragged();
        let handle = Rect::from_min_max(
            pos2(rect.left() + 2.0, rect.top() + thumb.start + 1.0),
            pos2(rect.left() + 9.0, rect.top() + thumb.start + thumb.length - 1.0),
        );
        painter.rect_filled(handle, 3.0, if lit { t.dim } else { t.faint });
        if let Some(at) = response.interact_pointer_pos() {
            let id = response.id.with("grip");
            let within = at.y - rect.top() - thumb.start;
            if response.drag_started() || response.clicked() {
                // A press beside the thumb brings its middle there; on it, it keeps the place where it was caught.
                let grip = if (0.0..=thumb.length).contains(&within) { within } else { thumb.length / 2.0 };
                ui.data_mut(|data| data.insert_temp(id, grip));
            }
            let grip = ui.data(|data| data.get_temp(id)).unwrap_or(thumb.length / 2.0);
            let fraction = scroller.fraction_at(at.y - rect.top() - grip, rect.height());
            return ((fraction - scroller.fraction()).abs() > 0.0).then_some(fraction);
        }
    }
    None
}

/// Draws the bar of the events.
pub fn show(ui: &Ui, pair: &Pair, rect: Rect, t: &Tokens, out: &mut Vec<PairRequest>) {
    if let Some(fraction) = bar(ui, rect, pair.scroller(), "Scroll events", t) {
        out.push(PairCommand::ScrollTo(fraction).into());
    }
    let painter = ui.painter_at(rect);
    // The marks are those of the answer, which ends above what came since.
    let share = f64::from(pair.lines().count()) / f64::from(pair.all_lines().max(1));
    let rect = Rect::from_min_size(rect.min, vec2(rect.width(), rect.height() * share as f32));
    let strip = Strip::of(ui, pair);
    let lines = strip.lines(pair);
    let gap = if rect.height() / lines.buckets().len() as f32 >= 2.0 * LEAST_MARK { 1.0 } else { 0.0 };
    let mut mesh = Mesh::default();
    let mut tick = |from: f32, to: f32| {
        let top = rect.top() + from * rect.height();
        let bottom = (rect.top() + to * rect.height() - gap).max(top + LEAST_MARK);
        mesh.add_colored_rect(Rect::from_min_max(pos2(rect.right() - TICK, top), pos2(rect.right(), bottom)), t.cause);
    };
    if pair.analysis().is_incomparable_pair() {
        // Which rows there are is all that is known.
    } else if gap > 0.0 {
        // Few lines: each difference has a tick of its own.
        let step = 1.0 / lines.buckets().len() as f32;
        for (i, bucket) in lines.buckets().iter().enumerate() {
            if matches!(bucket.worst, Weight::Different | Weight::Inverted) {
                tick(i as f32 * step, (i + 1) as f32 * step);
            }
        }
    } else {
        for (_, from, to) in lines.marks().filter(|(weight, ..)| *weight != Weight::Unrecorded) {
            tick(from, to);
        }
    }
    found(&mut mesh, pair, rect, t);
    painter.add(Shape::mesh(mesh));
}

/// What was found, at the left edge: a tick for every pixel that holds a row of it.
fn found(mesh: &mut Mesh, pair: &Pair, rect: Rect, t: &Tokens) {
    // Where rows are sorted, those of a pixel are no range that could be asked for at once.
    if pair.search().count() == 0 || pair.lines().sorted().is_some() {
        return;
    }
    let (lines, steps) = (pair.lines().count(), (rect.height() / LEAST_MARK) as u32);
    let steps = steps.clamp(1, lines.max(1));
    // The first row of a line; behind the last line, behind the last row.
    let row = |line: u32| if line < lines { pair.lines().at(line).first_row() } else { pair.rows().len() };
    let line = |step: u32| (u64::from(step) * u64::from(lines) / u64::from(steps)) as u32;
    for step in 0..steps {
        if pair.search().any_in(row(line(step))..row(line(step + 1))) {
            let top = rect.top() + rect.height() * step as f32 / steps as f32;
            let tick =
                Rect::from_min_max(pos2(rect.left() + 1.0, top), pos2(rect.left() + 1.0 + TICK, top + LEAST_MARK));
            mesh.add_colored_rect(tick, t.warn);
        }
    }
}
