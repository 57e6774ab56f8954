//! The one table of commands: menu, palette, shortcuts and help all read it.

mod entries;

use super::command::Command;
use super::keys::Keys;
use super::pair::View;
use super::state::{Page, State};

pub use entries::TABLE;

/// Where a command stands in the menu bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Opening and closing.
    File,
    /// What is seen.
    View,
    /// Where to look.
    Go,
    /// Going through the rows, and where to stop.
    Step,
    /// How the sides are compared.
    Compare,
    /// Learning.
    Help,
}

impl Menu {
    /// Every menu, in the order of the bar.
    pub const ALL: [Self; 6] = [Self::File, Self::View, Self::Go, Self::Step, Self::Compare, Self::Help];

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::View => "View",
            Self::Go => "Go",
            Self::Step => "Step",
            Self::Compare => "Compare",
            Self::Help => "Help",
        }
    }
}

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A pair on screen.
    Pair,
    /// A pair with two sides.
    TwoSides,
    /// Something that was opened, or failed to.
    Something,
    /// A selected row.
    Row,
    /// A difference.
    Difference,
    /// A symptom.
    Symptom,
    /// A breakpoint.
    Breakpoint,
    /// A load that runs.
    Load,
    /// The timeline of a pair.
    Timeline,
}

/// One command as people meet it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its stable name.
    pub id: &'static str,
    /// Its title in menu and palette.
    pub title: &'static str,
    /// What it does, in a sentence, for help and palette.
    pub description: &'static str,
    /// Its own keys, until a person changes them.
    pub keys: &'static [Keys],
    /// Its menu.
    pub menu: Menu,
    /// A line is drawn in the menu where the group changes.
    pub group: u8,
    /// What it needs.
    pub needs: Needs,
    /// True when holding the key down repeats it.
    pub repeats: bool,
    /// What it does.
    pub command: fn() -> Command,
}

impl Entry {
    /// Whether it can be used now; else the reason, as a sentence.
    pub fn enabled(&self, state: &State) -> Result<(), &'static str> {
        let pair = state.pair();
        let comparison = pair.map(|pair| &pair.analysis().comparison);
        let no_pair = "Open a pack first.";
        let check = |holds: bool, reason: &'static str| if holds { Ok(()) } else { Err(reason) };
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Pair => check(pair.is_some(), no_pair),
            Needs::TwoSides => {
                let sides = &pair.ok_or(no_pair)?.analysis().sides;
                check(sides.expected.is_some() && sides.actual.is_some(), "This trace has no other side.")
            }
            Needs::Something => {
                let failed = matches!(state.page, Page::Failed(_) | Page::Choose(_));
                check(state.open.is_some() || failed, "Nothing is open.")
            }
            Needs::Row => check(pair.ok_or(no_pair)?.selected_row().is_some(), "Select a row first."),
            Needs::Difference => {
                check(!comparison.ok_or(no_pair)?.rows.differences().is_empty(), "The sides do not differ.")
            }
            Needs::Symptom => check(comparison.ok_or(no_pair)?.first_symptom.is_some(), "No symptom was recorded."),
            Needs::Timeline => check(pair.ok_or(no_pair)?.view() == View::Timeline, "Show the timeline first."),
            Needs::Breakpoint => {
                let breakpoints = pair.ok_or(no_pair)?.transport().breakpoints();
                check(!breakpoints.is_empty(), "Set a breakpoint first.")
            }
            Needs::Load => check(state.loading.is_some(), "Nothing is being loaded."),
        }
    }

    /// True when it moves within a pair, and so must not act while something lies over it.
    pub const fn is_about_the_pair(&self) -> bool {
        matches!(
            self.needs,
            Needs::Pair
                | Needs::TwoSides
                | Needs::Row
                | Needs::Difference
                | Needs::Symptom
                | Needs::Timeline
                | Needs::Breakpoint
        )
    }
}

const fn entry(menu: Menu, group: u8, id: &'static str, title: &'static str, command: fn() -> Command) -> Entry {
    Entry { id, title, description: "", keys: &[], menu, group, needs: Needs::Nothing, repeats: false, command }
}

impl Entry {
    const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    const fn on(mut self, keys: &'static [Keys]) -> Self {
        self.keys = keys;
        self
    }

    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }
}

/// The command with this name.
pub fn by_id(id: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_titles_and_descriptions_are_there_and_differ() {
        let mut ids = BTreeSet::new();
        let mut titles = BTreeSet::new();
        for entry in TABLE {
            assert!(ids.insert(entry.id), "two commands are called {}", entry.id);
            assert!(titles.insert(entry.title), "two commands are titled {}", entry.title);
            assert!(!entry.title.is_empty() && !entry.title.ends_with('.'), "{}", entry.id);
            assert!(entry.description.ends_with('.') && entry.description.len() > 10, "{} says too little", entry.id);
        }
    }

    #[test]
    fn no_two_commands_share_a_key_and_no_sequence_begins_with_one() {
        let mut taken: Vec<(Keys, &str)> = Vec::new();
        for entry in TABLE {
            for &keys in entry.keys {
                if let Some((_, other)) = taken.iter().find(|(known, _)| *known == keys) {
                    panic!("{} and {other} share {}", entry.id, keys.text());
                }
                taken.push((keys, entry.id));
            }
        }
        let starts =
            taken.iter().filter_map(|(keys, _)| if let Keys::Then(first, _) = keys { Some(*first) } else { None });
        for first in starts {
            assert!(
                !taken.iter().any(|(keys, _)| *keys == Keys::key(first)),
                "{first:?} begins a sequence and acts alone"
            );
        }
    }

    #[test]
    fn every_menu_has_its_commands_together_in_groups() {
        for menu in Menu::ALL {
            let groups: Vec<u8> = TABLE.iter().filter(|e| e.menu == menu).map(|e| e.group).collect();
            assert!(!groups.is_empty(), "{} is empty", menu.title());
            assert!(groups.is_sorted(), "{} jumps between groups", menu.title());
        }
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let state = State::default();
        for entry in TABLE {
            if let Err(reason) = entry.enabled(&state) {
                assert!(reason.ends_with('.') && reason.len() > 10, "{}: {reason}", entry.id);
            } else {
                assert!(!entry.is_about_the_pair(), "{} works without a pair", entry.id);
            }
        }
        assert!(by_id("open").is_some_and(|entry| entry.enabled(&state).is_ok()));
        assert_eq!(by_id("next").and_then(|entry| entry.enabled(&state).err()), Some("Open a pack first."));
    }
}
