//! The field of a plot: `egui_plot` without what it does by itself. What is in sight is state that commands change, for all
//! views at once, and what stands under the pointer is said by ours.

use egui::{AsIdSalt, Rect, Sense, Ui, UiBuilder};
use egui_plot::{GridMark, Plot, PlotBounds, PlotUi};

use crate::ui::theme::Tokens;
use crate::view::Ticks;

/// A field that neither zooms nor moves, with quiet lines.
pub fn ruled<'a>(id: impl AsIdSalt, t: &Tokens) -> Plot<'a> {
    Plot::new(id)
        .grid_color(t.line_soft)
        .grid_fade(0.0)
        .grid_spacing(1.0..=2.0)
        .show_background(false)
        .show_crosshair(false)
        .label_formatter(|_| None)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .sense(Sense::hover())
}

/// Lines at round places.
pub fn marks(ticks: &Ticks) -> Vec<GridMark> {
    ticks.places().map(|value| GridMark { value, step_size: ticks.step }).collect()
}

/// Lines and dots that stand on the edge of a field reach so many points beyond it.
const BEYOND: f32 = 3.0;

/// What a field shows of time, and how many pixels wide that is.
#[derive(Debug, Clone, Copy)]
pub struct Across {
    pub times: [f64; 2],
    pub columns: usize,
}

/// A field of values over time, from one time and value to another, without axes of its own.
pub fn over_time<'a>(
    ui: &mut Ui,
    id: impl AsIdSalt,
    room: Rect,
    (times, values): ([f64; 2], [f64; 2]),
    ticks: Ticks,
    t: &Tokens,
    add: impl FnOnce(&mut PlotUi<'a>, Across) + 'a,
) {
    // A plot paints over what is around it, so that only what is in sight of a scrolled one is a field.
    let seen = room.expand(BEYOND).intersect(ui.clip_rect());
    if !room.is_positive() || !seen.is_positive() {
        return;
    }
    let time = |x: f32| times[0] + f64::from((x - room.left()) / room.width()) * (times[1] - times[0]);
    let value = |y: f32| values[0] + f64::from((room.bottom() - y) / room.height()) * (values[1] - values[0]);
    let least = [time(seen.left()), value(seen.bottom())];
    let bounds = PlotBounds::from_min_max(least, [time(seen.right()), value(seen.top())]);
    let across = Across { times, columns: (room.width() * ui.pixels_per_point()).round().max(1.0) as usize };
    let ruled = ruled(id, t).show_axes(false).show_grid([false, true]).y_grid_spacer(move |_| marks(&ticks));
    ui.scope_builder(UiBuilder::new().max_rect(seen), |ui| {
        ruled.show(ui, move |plot| {
            plot.set_plot_bounds(bounds);
            add(plot, across);
        });
    });
}
