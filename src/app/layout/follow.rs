//! The arrangement and the opened pair follow each other: what a pair's own commands ask to see is shown in the window, and a
//! pair that comes to the front is seen as the window is arranged.

use super::Pane;
use crate::app::command::Command;
use crate::app::pair::{BookmarkCommand, Pair, PairCommand, PairRequest, View};
use crate::app::state::{Page, State};
use crate::app::tabs::TabId;

/// What a command could change of what is seen of a pair, as it was before.
#[derive(Debug)]
pub struct Before {
    /// The tab that was in front.
    front: TabId,
    /// The view of the pair; none where the command is not the pair's own.
    view: Option<View>,
    /// The pane that the command asks for, though it may be seen already.
    asks: Option<Pane>,
    /// The section of the state's pane that the command opens or closes.
    section: Option<PairCommand>,
}

impl Before {
    /// Notes what there is before a command.
    pub fn of(state: &State, command: &Command) -> Self {
        let own = match command {
            Command::Pair(command) | Command::Request(PairRequest::Pair(command)) => Some(command),
            _ => None,
        };
        Self {
            front: state.front().id,
            view: own.and_then(|_| state.pair()).map(Pair::view),
            asks: own.and_then(asks),
            section: own.filter(|command| opens_section(command)).cloned(),
        }
    }

    /// Makes window and pair agree after the command. Says whether the arrangement changed.
    pub fn follow(self, state: &mut State) -> bool {
        let another = state.front().id != self.front;
        let Page::Pair(pair) = &mut state.tabs.front_mut().page else { return false };
        let layout = &mut state.layout;
        // A pack is seen again as it was left.
        let mut changed = another && pair.view() != layout.view() && layout.show(pair.view().into());
        if let Some(view) = self.view {
            // Without a selected row there is no note to write.
            let asks = self.asks.filter(|pane| *pane != Pane::Bookmarks || pair.bookmarks().editing().is_some());
            let moved = (pair.view() != view).then(|| pair.view().into());
            changed |= asks.or(moved).is_some_and(|pane| layout.show(pane));
            if let Some(section) = self.section.filter(|_| !layout.shows(Pane::State)) {
                changed |= layout.show(Pane::State);
                // It was opened or closed where nobody saw it: now it is open.
                if !pair.transport().state_open() && section == PairCommand::ToggleState
                    || !pair.transport().list_open() && section == PairCommand::ToggleBreakpointList
                {
                    pair.apply(section);
                }
            }
        }
        pair.set_view(layout.view());
        if !layout.is_open(Pane::Bookmarks) {
            pair.close_note();
        }
        changed
    }
}

/// The pane in which a command is to be seen.
fn asks(command: &PairCommand) -> Option<Pane> {
    match command {
        PairCommand::Show(view) => Some((*view).into()),
        PairCommand::ShowLane(_) => Some(Pane::Timeline),
        PairCommand::Bookmark(BookmarkCommand::EditHere | BookmarkCommand::Edit(Some(_))) => Some(Pane::Bookmarks),
        _ => None,
    }
}

const fn opens_section(command: &PairCommand) -> bool {
    matches!(command, PairCommand::ToggleState | PairCommand::ToggleBreakpointList | PairCommand::EditBreakpoint(_))
}
