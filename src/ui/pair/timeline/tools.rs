//! What the timeline can be told, right of the tabs: how the sides are drawn, what is on the axis, which lanes.

use egui::{
    Align, Layout, Painter, Popup, PopupCloseBehavior, Pos2, Rect, Response, Role, Sense, SetOpenCommand, Shape,
    Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::app::pair::{Mode, Pair, PairCommand, PairRequest, SyncCommand, TimelineCommand};
use crate::trace::{escape, grouped};
use crate::ui::fonts::medium;
use crate::ui::hints;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Anchor, Axis, Scale};

/// Below this width the filter stands in the menu of the lanes. Below the next ones these are left out: the ways to draw, which
/// have a key, the names of the menus, and at last the menus, whose choices are commands; that of the lanes still opens where
/// one asks for its field.
const WITH_FILTER: f32 = 620.0;
const WITH_MODES: f32 = 400.0;
const WITH_NAMES: f32 = 232.0;
const WITH_AXIS: f32 = 176.0;
const WITH_LANES: f32 = 88.0;

/// Draws the tools into `rect`, from its right end.
pub fn show(ui: &mut Ui, pair: &Pair, rect: Rect, wanted: bool, out: &mut Vec<PairRequest>) {
    let layout = Layout::right_to_left(Align::Center);
    if pair.lanes().list().is_empty() {
        // There is no field that could have the keyboard.
        out.extend(wanted.then_some(PairRequest::Focused));
        return;
    }
    let named = rect.width() >= WITH_NAMES;
    let mut asked = Vec::new();
    let mut commands = Vec::new();
    let mut send = |command: TimelineCommand| commands.push(command);
    let mut focused = false;
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        focused = if rect.width() < WITH_LANES {
            // The menu alone, where a command asks for it.
            let corner = Rect::from_min_max(pos2(rect.right() - 1.0, rect.top()), rect.max);
            let corner = ui.interact(corner, ui.scope_id().with("lanes"), Sense::hover());
            lanes_menu(&corner, pair, Some(wanted), &mut send)
        } else {
            lanes(ui, pair, named, (rect.width() <= WITH_FILTER).then_some(wanted), &mut send)
        };
        if rect.width() >= WITH_AXIS {
            asked = axis(ui, pair, named, &mut send);
        }
        if rect.width() > WITH_MODES {
            modes(ui, pair, &mut send);
        }
        if rect.width() > WITH_FILTER {
            focused = filter(ui, pair, wanted, &mut send);
        }
    });
    out.extend(focused.then_some(PairRequest::Focused));
    out.extend(commands.into_iter().map(|command| PairCommand::Timeline(command).into()));
    out.extend(asked.into_iter().map(|command| PairCommand::Sync(command).into()));
}

/// A menu's button: what is chosen, after its name where there is room.
fn button(ui: &Ui, (name, named): (&str, bool), value: &str) -> egui::RichText {
    let text = if named { format!("{name} {value} ▾") } else { format!("{value} ▾") };
    egui::RichText::new(text).font(medium(size::LABEL)).color(theme::tokens(ui).dim)
}

/// Names a menu's button in full.
fn name_button(response: Response, name: &str, named: bool, value: &str) {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {value}")));
    if !named {
        response.on_hover_text(format!("{name} {value}"));
    }
}

fn choice(ui: &mut Ui, chosen: bool, text: &str) -> bool {
    let clicked = ui.selectable_label(chosen, text).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

/// Which lanes are shown. `field` is there where the filter's field stands in the menu, and true where it is to have the
/// keyboard; the answer is true once it has it.
fn lanes(ui: &mut Ui, pair: &Pair, named: bool, field: Option<bool>, send: &mut impl FnMut(TimelineCommand)) -> bool {
    let timeline = pair.timeline();
    let number = |lanes: u32| grouped(u64::from(lanes));
    let value = format!("{} of {}", number(timeline.lanes_shown()), number(pair.lanes().used()));
    let filtered = timeline.leaves_out();
    // Room for the mark of a filter.
    let (before, name) = if filtered { ("     ", "     lanes") } else { ("", "lanes") };
    let text = if named { value.clone() } else { format!("{before}{value}") };
    let response = ui.button(button(ui, (name, named), &text));
    if filtered {
        funnel(ui.painter(), pos2(response.rect.left() + 14.0, response.rect.center().y), theme::tokens(ui));
    }
    let whole = if filtered { format!("{value}, {}", left_out(pair)) } else { value };
    let focused = lanes_menu(&response, pair, field, send);
    name_button(response, "lanes", named && !filtered, &whole);
    focused
}

/// Why lanes are left out: `only those that differ, filtered by queue, 2 hidden`.
pub fn left_out(pair: &Pair) -> String {
    let timeline = pair.timeline();
    let mut why = Vec::new();
    if timeline.only_differing() {
        why.push("only those that differ".to_owned());
    }
    if !timeline.filter().is_empty() {
        why.push(format!("filtered by {}", timeline.filter()));
    }
    if let Some(only) = timeline.only().and_then(|lane| pair.lanes().list().get(lane as usize)) {
        why.push(format!("only {}", escape(&only.name)));
    }
    if timeline.hidden() > 0 {
        why.push(format!("{} hidden", grouped(timeline.hidden() as u64)));
    }
    why.join(", ")
}

/// The menu of the lanes, below its button.
fn lanes_menu(button: &Response, pair: &Pair, field: Option<bool>, send: &mut impl FnMut(TimelineCommand)) -> bool {
    let timeline = pair.timeline();
    let mut menu = Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    if field == Some(true) {
        menu = menu.open_memory(SetOpenCommand::Bool(true));
    }
    let shown = menu.show(|ui| {
        let mut focused = false;
        if let Some(wanted) = field {
            focused = filter(ui, pair, wanted, send);
            ui.separator();
        }
        if choice(ui, !timeline.leaves_out(), "All lanes") {
            send(TimelineCommand::AllLanes);
        }
        if choice(ui, timeline.only_differing(), "Only lanes that differ") && !timeline.only_differing() {
            send(TimelineCommand::OnlyDiffering);
        }
        ui.separator();
        let ways = [
            ("Fold all groups", "fold-groups", TimelineCommand::FoldGroups(true)),
            ("Unfold all groups", "unfold-groups", TimelineCommand::FoldGroups(false)),
            ("Reset the order", "reset-lanes", TimelineCommand::NaturalOrder),
        ];
        for (title, id, command) in ways {
            let response = ui.add(egui::Button::new(title).shortcut_text(hints::key(ui, id)));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
            if response.clicked() {
                send(command);
                ui.close();
            }
        }
        focused
    });
    shown.is_some_and(|shown| shown.inner)
}

/// Says on a button that something is left out.
pub fn funnel(painter: &Painter, at: Pos2, t: &Tokens) {
    let points = [(-5.0, -4.5), (5.0, -4.5), (1.2, 0.5), (1.2, 4.0), (-1.2, 5.5), (-1.2, 0.5)];
    let line = points.map(|(x, y)| at + vec2(x, y)).to_vec();
    painter.add(Shape::closed_line(line, Stroke::new(1.4, t.expected)));
}

fn axis(ui: &mut Ui, pair: &Pair, named: bool, send: &mut impl FnMut(TimelineCommand)) -> Vec<SyncCommand> {
    let timeline = pair.timeline();
    let mut asked = Vec::new();
    let value = timeline.axis().word();
    let shown = ui.menu_button(button(ui, ("axis", named), value), |ui| {
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
    name_button(shown.response, "axis", named, value);
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

/// The field that lanes are filtered by; true once it has the keyboard that it is `wanted` to have.
fn filter(ui: &mut Ui, pair: &Pair, wanted: bool, send: &mut impl FnMut(TimelineCommand)) -> bool {
    let mut text = pair.timeline().filter().to_owned();
    let field = egui::TextEdit::singleline(&mut text)
        .hint_text("Filter lanes…")
        .margin(egui::Margin::symmetric(8, 4))
        .align(egui::Align2::LEFT_CENTER)
        .desired_width(132.0);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter lanes"));
    if response.changed() {
        send(TimelineCommand::Filter(text));
    }
    if wanted {
        response.request_focus();
    }
    wanted
}
