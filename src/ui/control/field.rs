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

/// A field of values over time, from one time and value to another, without axes of its own. `add` gets how many pixels wide it is.
pub fn over_time<'a>(
    ui: &mut Ui,
    id: impl AsIdSalt,
    room: Rect,
    (times, values): ([f64; 2], [f64; 2]),
    ticks: Ticks,
    t: &Tokens,
    add: impl FnOnce(&mut PlotUi<'a>, usize) + 'a,
) {
    // A plot paints over what is around it, so that only what is in sight of a scrolled one is a field.
    let seen = room.intersect(ui.clip_rect());
    if !seen.is_positive() {
        return;
    }
    let value = |y: f32| values[0] + f64::from((room.bottom() - y) / room.height()) * (values[1] - values[0]);
    let bounds = PlotBounds::from_min_max([times[0], value(seen.bottom())], [times[1], value(seen.top())]);
    let columns = (seen.width() * ui.pixels_per_point()).round().max(1.0) as usize;
    let ruled = ruled(id, t).show_axes(false).show_grid([false, true]).y_grid_spacer(move |_| marks(&ticks));
    ui.scope_builder(UiBuilder::new().max_rect(seen), |ui| {
        ruled.show(ui, move |plot| {
            plot.set_plot_bounds(bounds);
            add(plot, columns);
        });
    });
}
