//! What can be done with a lane, from its name: by the right button or the menu key.

use egui::{Key, Popup, Response, Role, SetOpenCommand, Ui, WidgetInfo};

use crate::app::pair::{LaneCommand, Pair, PairCommand, PairRequest, TimelineCommand};
use crate::ui::hints;

/// The menu of a lane's name. The keys beside its lines do the same with the lane of the selected event.
pub fn show(ui: &Ui, response: &Response, pair: &Pair, lane: u32, out: &mut Vec<PairRequest>) {
    let by_key = response.id.with("by key");
    if response.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Menu)) {
        ui.data_mut(|data| data.insert_temp(by_key, true));
        Popup::open_id(ui.ctx(), Popup::default_response_id(response));
    } else if response.secondary_clicked() {
        ui.data_mut(|data| data.remove::<bool>(by_key));
    }
    let below = ui.data(|data| data.get_temp::<bool>(by_key)).unwrap_or(false);
    // A key has no place of its own, so that its menu is below the name.
    let menu =
        if below { Popup::menu(response).open_memory(None::<SetOpenCommand>) } else { Popup::context_menu(response) };
    menu.show(|ui| lines(ui, pair, lane, out));
}

fn lines(ui: &mut Ui, pair: &Pair, lane: u32, out: &mut Vec<PairRequest>) {
    let timeline = pair.timeline();
    let one = |command: LaneCommand| TimelineCommand::Lane(lane, command);
    let pin = if timeline.is_pinned(lane) { "Let it go" } else { "Pin" };
    let only = if timeline.only() == Some(lane) { "Show the others again" } else { "Show only this lane" };
    let all = [
        (pin, "pin-lane", one(LaneCommand::Pin)),
        ("Hide", "hide-lane", one(LaneCommand::Hide)),
        (only, "only-lane", one(LaneCommand::Only)),
        ("Move up", "lane-up", one(LaneCommand::Move(-1))),
        ("Move down", "lane-down", one(LaneCommand::Move(1))),
        ("Move to the top", "lane-top", one(LaneCommand::Top)),
        ("Reset the order", "reset-lanes", TimelineCommand::NaturalOrder),
        ("Fold its group", "fold-group", one(LaneCommand::FoldGroup)),
    ];
    for (title, id, command) in all {
        if matches!(id, "lane-up" | "fold-group") {
            ui.separator();
        }
        let enabled = id != "reset-lanes" || timeline.is_moved(pair.lanes());
        let button = egui::Button::new(title).shortcut_text(hints::key(ui, id)).wrap_mode(egui::TextWrapMode::Extend);
        let response = ui.add_enabled(enabled, button);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, title));
        if response.clicked() {
            out.push(PairCommand::Timeline(command).into());
            ui.close();
        }
    }
}
