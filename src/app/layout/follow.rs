//! The arrangement and the opened pair follow each other: what a pair's own commands show or hide is shown or hidden in the
//! window, and a pair that comes to the front is seen as the window is arranged.

use super::Pane;
use crate::app::command::Command;
use crate::app::pair::{PairCommand, PairRequest, View};
use crate::app::state::{Page, State};

/// The panes that a pair knows to be open or not.
const LISTS: [Pane; 3] = [Pane::Causes, Pane::Spec, Pane::Bookmarks];

/// What a command could change of what is seen of a pair, as it was before.
#[derive(Debug)]
pub struct Before {
    /// View and open lists of the pair; none where the command is not the pair's own.
    seen: Option<(View, [bool; LISTS.len()])>,
    /// The view that the command asks for, though it may be the current one.
    asks: Option<View>,
    /// The section of the state's pane that the command opens or closes.
    section: Option<PairCommand>,
    /// True for the command that closes what is open.
    closes: bool,
}

impl Before {
    /// Notes what there is before a command.
    pub fn of(state: &State, command: &Command) -> Self {
        let own = match command {
            Command::Pair(command) | Command::Request(PairRequest::Pair(command)) => Some(command),
            _ => None,
        };
        let pair = match &state.front().page {
            Page::Pair(pair) if own.is_some() || matches!(command, Command::Escape) => Some(pair),
            _ => None,
        };
        Self {
            seen: pair.map(|pair| (pair.view(), LISTS.map(|list| pair.has_open(list)))),
            asks: match own {
                Some(PairCommand::Show(view)) => Some(*view),
                Some(PairCommand::ShowLane(_)) => Some(View::Timeline),
                _ => None,
            },
            section: own.filter(|command| opens_section(command)).cloned(),
            closes: matches!((command, own), (Command::Escape, _) | (_, Some(PairCommand::Escape))),
        }
    }

    /// Makes window and pair agree after the command. Says whether the arrangement changed.
    pub fn follow(self, state: &mut State) -> bool {
        let Page::Pair(pair) = &mut state.tabs.front_mut().page else { return false };
        let layout = &mut state.layout;
        let mut changed = false;
        if let Some((view, lists)) = self.seen {
            if pair.view() != view || self.asks.is_some() {
                changed |= layout.show(self.asks.unwrap_or_else(|| pair.view()).into());
            }
            for (list, was) in LISTS.into_iter().zip(lists) {
                let is = pair.has_open(list);
                if was && !is && (self.closes || layout.shows(list)) {
                    changed |= layout.close(list);
                } else if was != is {
                    // It was closed, or open behind another tab: now it is in front.
                    changed |= layout.show(list);
                }
            }
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
        for list in LISTS {
            pair.set_open(list, layout.is_open(list));
        }
        changed
    }
}

const fn opens_section(command: &PairCommand) -> bool {
    matches!(command, PairCommand::ToggleState | PairCommand::ToggleBreakpointList | PairCommand::EditBreakpoint(_))
}
