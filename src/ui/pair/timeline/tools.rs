//! What the timeline can be told, right of the tabs: how the sides are drawn, what is on the axis, which lanes.

use egui::{Align, Layout, Rect, Role, Ui, UiBuilder, WidgetInfo};

use crate::app::pair::{Mode, Pair, PairCommand, PairRequest, TimelineCommand};
use crate::trace::grouped;
use crate::ui::fonts::medium;
use crate::ui::theme::{self, size};
use crate::view::{Anchor, Axis, Scale};

/// Below this width the filter is left out; below the next one the ways to draw too, which have a key.
const WITH_FILTER: f32 = 620.0;
const WITH_MODES: f32 = 400.0;

/// Draws the tools into `rect`, from its right end.
pub fn show(ui: &mut Ui, pair: &Pair, rect: Rect, out: &mut Vec<PairRequest>) {
    let layout = Layout::right_to_left(Align::Center);
    let mut send = |command: TimelineCommand| out.push(PairCommand::Timeline(command).into());
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        lanes(ui, pair, &mut send);
        axis(ui, pair, &mut send);
        if rect.width() > WITH_MODES {
            modes(ui, pair, &mut send);
        }
        if rect.width() > WITH_FILTER {
            filter(ui, pair, &mut send);
        }
    });
}

/// A menu whose button says what is chosen.
fn menu(ui: &mut Ui, name: &str, value: &str, add: impl FnOnce(&mut Ui)) {
    let t = theme::tokens(ui);
    let text = egui::RichText::new(format!("{name} {value} ▾")).font(medium(size::LABEL)).color(t.dim);
    let shown = ui.menu_button(text, add);
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {value}")));
}

fn choice(ui: &mut Ui, chosen: bool, text: &str) -> bool {
    let clicked = ui.selectable_label(chosen, text).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

fn lanes(ui: &mut Ui, pair: &Pair, send: &mut impl FnMut(TimelineCommand)) {
    let timeline = pair.timeline();
    let number = |lanes: u32| grouped(u64::from(lanes));
    let value = format!("{} of {}", number(timeline.lanes_shown()), number(pair.lanes().used()));
    menu(ui, "lanes", &value, |ui| {
        if choice(ui, !timeline.only_differing(), "All lanes") && timeline.only_differing() {
            send(TimelineCommand::OnlyDiffering);
        }
        if choice(ui, timeline.only_differing(), "Only lanes that differ") && !timeline.only_differing() {
            send(TimelineCommand::OnlyDiffering);
        }
    });
}

fn axis(ui: &mut Ui, pair: &Pair, send: &mut impl FnMut(TimelineCommand)) {
    let timeline = pair.timeline();
    menu(ui, "axis", timeline.axis().word(), |ui| {
        let timed = Scale::has_times(pair.compared());
        for axis in Axis::ALL {
            let enabled = timed || axis != Axis::Time;
            let response = ui.add_enabled_ui(enabled, |ui| choice(ui, timeline.axis() == axis, axis.word()));
            if response.inner {
                send(TimelineCommand::Axis(axis));
            }
            if !enabled {
                response.response.on_disabled_hover_text("The events of one side have no time.");
            }
        }
        if timeline.axis() != Axis::Time {
            return;
        }
        ui.separator();
        let first = pair.analysis().comparison.first_difference.map(|first| first.row);
        let here = pair.selection().map(|selection| selection.row);
        let anchors = [
            ("Times as recorded", Some(Anchor::Recorded)),
            ("Sync at the start", Some(Anchor::Start)),
            ("Sync at the first difference", first.map(Anchor::Row)),
            ("Sync at the selection", here.map(Anchor::Row)),
        ];
        for (title, anchor) in anchors {
            let Some(anchor) = anchor else { continue };
            if choice(ui, timeline.anchor() == anchor, title) {
                send(TimelineCommand::Anchor(anchor));
            }
        }
    });
}

fn modes(ui: &mut Ui, pair: &Pair, send: &mut impl FnMut(TimelineCommand)) {
    let t = theme::tokens(ui);
    // Right to left, so that they read in order.
    ui.spacing_mut().item_spacing.x = 0.0;
    for mode in Mode::ALL.into_iter().rev() {
        let chosen = pair.timeline().mode() == mode;
        let text = egui::RichText::new(mode.word()).font(medium(size::LABEL));
        let text = text.color(if chosen { t.text } else { t.dim });
        let button = egui::Button::new(text).fill(if chosen { t.selection } else { t.raised }).corner_radius(4);
        let response = ui.add(button);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, mode.word()));
        if response.clicked() {
            send(TimelineCommand::Mode(mode));
        }
    }
    ui.spacing_mut().item_spacing.x = 8.0;
    ui.add_space(8.0);
}

fn filter(ui: &mut Ui, pair: &Pair, send: &mut impl FnMut(TimelineCommand)) {
    let mut text = pair.timeline().filter().to_owned();
    let field = egui::TextEdit::singleline(&mut text).hint_text("Filter lanes…").desired_width(132.0);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter lanes"));
    if response.changed() {
        send(TimelineCommand::Filter(text));
    }
}
