//! Opened pairs whose files grow: told what came, and what a person does about it.

use crate::app::growth::Grown;
use crate::app::state::{Page, State};
use crate::app::tabs::TabId;
use crate::app::watching::WatchCommand;

/// Takes in what became of a pair's files; nothing of an earlier load, and nothing while it is read again.
pub fn take(state: &mut State, id: TabId, number: u64, grown: Grown) {
    let Some(tab) = state.tabs.get_mut(id) else { return };
    if let Page::Pair(pair) = &mut tab.page
        && tab.growth.number() == number
        && tab.loading.is_none()
    {
        tab.growth.take(pair, grown);
    }
}

/// Pauses or resumes, or shows what came, in the pair in front.
pub fn change(state: &mut State, command: &WatchCommand) {
    let tab = state.front_mut();
    let Page::Pair(pair) = &mut tab.page else { return };
    match command {
        WatchCommand::Pause => tab.growth.pause(),
        WatchCommand::ShowNew => tab.growth.show_new(pair),
        _ => {}
    }
}
