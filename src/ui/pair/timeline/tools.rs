//! What the timeline can be told, right of the tabs: how the sides are drawn, what is on the axis, which lanes.

use egui::{Align, Layout, Rect, Role, Ui, UiBuilder, WidgetInfo};

use crate::app::pair::{Mode, Pair, PairCommand, PairRequest, SyncCommand, TimelineCommand};
use crate::trace::grouped;
use crate::ui::fonts::medium;
use crate::ui::theme::{self, size};
use crate::view::{Anchor, Axis, Scale};

/// Below this width the filter is left out; below the next one the ways to draw too, which have a key; then the names of the
/// menus, and at last the menus, whose choices are commands.
const WITH_FILTER: f32 = 620.0;
const WITH_MODES: f32 = 400.0;
const WITH_NAMES: f32 = 232.0;
const WITH_AXIS: f32 = 176.0;
const WITH_LANES: f32 = 88.0;

/// Draws the tools into `rect`, from its right end.
pub fn show(ui: &mut Ui, pair: &Pair, rect: Rect, out: &mut Vec<PairRequest>) {
    let layout = Layout::right_to_left(Align::Center);
    let mut send = |command: TimelineCommand| out.push(PairCommand::Timeline(command).into());
    if pair.lanes().list().is_empty() || rect.width() < WITH_LANES {
        return;
    }
    let named = rect.width() >= WITH_NAMES;
    let mut asked = Vec::new();
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        lanes(ui, pair, named, &mut send);
        if rect.width() >= WITH_AXIS {
            asked = axis(ui, pair, named, &mut send);
        }
        if rect.width() > WITH_MODES {
            modes(ui, pair, &mut send);
        }
        if rect.width() > WITH_FILTER {
            filter(ui, pair, &mut send);
        }
    });
    out.extend(asked.into_iter().map(|command| PairCommand::Sync(command).into()));
}

/// A menu whose button says what is chosen.
fn menu(ui: &mut Ui, (name, named): (&str, bool), value: &str, add: impl FnOnce(&mut Ui)) {
    let t = theme::tokens(ui);
    let text = if named { format!("{name} {value} ▾") } else { format!("{value} ▾") };
    let text = egui::RichText::new(text).font(medium(size::LABEL)).color(t.dim);
    let shown = ui.menu_button(text, add);
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {value}")));
    if !named {
        shown.response.on_hover_text(format!("{name} {value}"));
    }
}

fn choice(ui: &mut Ui, chosen: bool, text: &str) -> bool {
    let clicked = ui.selectable_label(chosen, text).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

fn lanes(ui: &mut Ui, pair: &Pair, named: bool, send: &mut impl FnMut(TimelineCommand)) {
    let timeline = pair.timeline();
    let number = |lanes: u32| grouped(u64::from(lanes));
    let value = format!("{} of {}", number(timeline.lanes_shown()), number(pair.lanes().used()));
    menu(ui, ("lanes", named), &value, |ui| {
        if choice(ui, !timeline.only_differing(), "All lanes") && timeline.only_differing() {
            send(TimelineCommand::OnlyDiffering);
        }
        if choice(ui, timeline.only_differing(), "Only lanes that differ") && !timeline.only_differing() {
            send(TimelineCommand::OnlyDiffering);
        }
    });
}

fn axis(ui: &mut Ui, pair: &Pair, named: bool, send: &mut impl FnMut(TimelineCommand)) -> Vec<SyncCommand> {
    let timeline = pair.timeline();
    let mut asked = Vec::new();
    menu(ui, ("axis", named), timeline.axis().word(), |ui| {
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
        if timeline.axis() == Axis::Time {
            ui.separator();
            meetings(ui, pair, &mut asked);
        }
    });
    asked
}

/// Where times meet: the ways there are, then each sync point with a way to it and one to take it away.
fn meetings(ui: &mut Ui, pair: &Pair, asked: &mut Vec<SyncCommand>) {
    let anchor = pair.timeline().anchor();
    let points: Vec<u32> = pair.sync_points().map(|(row, _)| row).collect();
    let only = |row: Option<u32>| row.is_some() && points == row.as_slice();
    let first = pair.analysis().comparison.first_difference.map(|first| first.row);
    let here = pair.selection().map(|selection| selection.row);
    let ways = [
        ("Times as recorded", *anchor == Anchor::Recorded, true, SyncCommand::Recorded),
        ("Sync at the start", *anchor == Anchor::Start, true, SyncCommand::Start),
        ("Sync at the first difference", only(first), first.is_some(), SyncCommand::FirstDifference),
        ("Sync point only here", only(here), here.is_some(), SyncCommand::OnlyHere),
        ("Sync point here", here.is_some_and(|row| points.contains(&row)), here.is_some(), SyncCommand::Here),
    ];
    for (title, chosen, there, command) in ways {
        if there && choice(ui, chosen, title) {
            asked.push(command);
        }
    }
    if points.is_empty() {
        return;
    }
    ui.separator();
    for (place, row) in points.into_iter().enumerate() {
        ui.horizontal(|ui| {
            let title = format!("Sync point {}: {}", place + 1, pair.sync_words(row));
            if choice(ui, here == Some(row), &title) {
                asked.push(SyncCommand::Go(place));
            }
            let remove = ui.small_button("×");
            remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove sync point {}", place + 1)));
            if remove.clicked() {
                asked.push(SyncCommand::Remove(place));
            }
        });
        if let Some(stretch) = pair.timeline().clocks().stretch(place) {
            let t = theme::tokens(ui);
            ui.label(egui::RichText::new(stretched(stretch)).size(size::SMALL).color(t.dim));
        }
    }
}

/// How actual's clock is drawn between two points.
fn stretched(by: f64) -> String {
    match by {
        by if (by - 1.0).abs() < 5e-4 => "up to the next: as recorded".to_owned(),
        by if by > 1.0 => format!("up to the next: actual stretched to {by:.3} times"),
        by => format!("up to the next: actual pressed to {by:.3} times"),
    }
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
