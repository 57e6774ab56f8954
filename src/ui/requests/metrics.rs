//! What the selected node of tables of metrics showed: the metric that speaks for it, that of the symptom, and its others.

use egui::{Align2, FontId, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use egui_plot::{HLine, Line, LineStyle, Plot, PlotPoints, VLine};

use crate::app::requests::{Curve, RequestsPage};
use crate::ui::fonts::semibold;
use crate::ui::theme::{self, Tokens, size};

/// Least height of a plot.
const LEAST: f32 = 160.0;
/// Room above a plot for its title and its legend.
const HEADING: f32 = 44.0;
/// Room around.
const PAD: f32 = 20.0;

/// Draws the plots, one below the other.
pub fn show(ui: &mut Ui, page: &RequestsPage) {
    let t = theme::tokens(ui);
    let room = ui.available_size();
    let curves = page.curves();
    if curves.is_empty() {
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::hover());
        let none = "Nothing was measured at this node.";
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, none));
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, none, FontId::proportional(size::BODY), t.dim);
        return;
    }
    let height = (room.y / curves.len() as f32 - HEADING - 12.0).max(LEAST);
    ScrollArea::vertical().id_salt("metrics").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (place, curve) in curves.iter().enumerate() {
            one(ui, place, curve, vec2(room.x, height), t);
        }
    });
}

fn one(ui: &mut Ui, place: usize, curve: &Curve, room: egui::Vec2, t: &Tokens) {
    let last = curve.points.last().map_or_else(|| "nothing".to_owned(), |point| curve.value(point[1]));
    let usual = curve.usual.map_or_else(|| "not measured".to_owned(), |usual| curve.value(usual[1]));
    let since = curve.since.map_or_else(String::new, |since| format!(", under suspicion from minute {since:.0} on"));
    let said = format!("{}: {last} in the last of {} rows, usually {usual}{since}", curve.title, curve.points.len());
    let (heading, response) = ui.allocate_exact_size(vec2(room.x, HEADING), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    let painter = ui.painter();
    let left = heading.left_bottom() + vec2(PAD, -8.0);
    let title = painter.text(left, Align2::LEFT_BOTTOM, &curve.title, semibold(size::BODY), t.text);
    let legend =
        format!("solid: actual · dashed: expected, {usual} and where 90 % of it is · minutes since the first row");
    let right = heading.right_bottom() + vec2(-PAD, -8.0);
    let font = FontId::proportional(size::LABEL);
    let galley = painter.layout_no_wrap(legend, font, t.dim);
    if right.x - galley.size().x > title.right() + 16.0 {
        painter.galley(right - galley.size(), galley, t.dim);
    }
    ui.horizontal(|ui| {
        ui.add_space(PAD);
        Plot::new(("metric", place))
            .width(room.x - PAD * 2.0)
            .height(room.y)
            .show_background(false)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .allow_axis_zoom_drag(false)
            .include_y(0.0)
            .y_axis_formatter(|mark, _| curve.value(mark.value))
            .show(ui, |plot| {
                for (name, value, width) in curve.usual.into_iter().flat_map(|[low, middle, high]| {
                    [("expected, low", low, 1.0), ("expected", middle, 2.0), ("expected, high", high, 1.0)]
                }) {
                    plot.hline(HLine::new(name, value).color(t.expected).width(width).style(LineStyle::dashed_loose()));
                }
                if let Some(since) = curve.since {
                    plot.vline(VLine::new("since", since).color(t.cause).width(2.0));
                }
                let points = PlotPoints::from(curve.points.clone());
                plot.line(Line::new("actual", points).color(t.actual).width(2.0));
            });
    });
}
