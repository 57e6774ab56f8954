//! Opened pairs and control loops whose files grow: told what came, and what a person does about it.

use crate::app::growth::Grown;
use crate::app::state::State;
use crate::app::tabs::TabId;
use crate::app::watching::WatchCommand;

/// Takes in what became of a tab's files; nothing of an earlier load, and nothing while it is read again.
pub fn take(state: &mut State, id: TabId, number: u64, grown: Grown) {
    let Some(tab) = state.tabs.get_mut(id) else { return };
    if tab.growth.number() == number && tab.loading.is_none() {
        tab.growth.take(&mut tab.page, grown);
    }
}

/// Pauses or resumes, or shows what came, in the tab in front.
pub fn change(state: &mut State, command: &WatchCommand) {
    let tab = state.front_mut();
    match command {
        WatchCommand::Pause => tab.growth.pause(),
        WatchCommand::ShowNew => tab.growth.show_new(&mut tab.page),
        _ => {}
    }
}
