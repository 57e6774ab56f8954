//! What the command palette offers: commands, and everything that has a name to jump to, by what is typed.

mod offers;
mod rank;

use super::command::Command;
use super::state::State;
use rank::Ranking;

/// Hits of one kind that are offered at once; of a longer list, more letters find the rest.
const MOST: usize = 20;
/// The same where nothing was typed yet: enough to show that they can be found.
const FEW: usize = 4;

/// What a hit is, in the order in which they stand when nothing was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An event by its anchor.
    Event,
    /// Commands of the table.
    Commands,
    /// The ranked causes.
    Causes,
    /// Events by their kind.
    Kinds,
    /// Lanes.
    Lanes,
    /// Places of the propagation graph.
    Places,
    /// Bookmarks.
    Bookmarks,
    /// What is open in other tabs.
    Tabs,
    /// What was opened before.
    Recents,
    /// The built-in samples.
    Samples,
    /// What cannot be done now, with the reason.
    NotNow,
}

impl Group {
    /// The caption over its hits.
    pub const fn caption(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Commands => "COMMANDS",
            Self::Causes => "CAUSES",
            Self::Kinds => "EVENTS BY KIND",
            Self::Lanes => "LANES",
            Self::Places => "PLACES",
            Self::Bookmarks => "BOOKMARKS",
            Self::Tabs => "OPEN PACKS",
            Self::Recents => "RECENT PACKS",
            Self::Samples => "SAMPLES",
            Self::NotNow => "NOT NOW",
        }
    }
}

/// One thing that can be chosen.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it is.
    pub group: Group,
    /// What it is called.
    pub title: String,
    /// What Enter does with it, in a sentence.
    pub does: String,
    /// Its keys.
    pub keys: String,
    /// Why it cannot be chosen now.
    pub off: Option<&'static str>,
    /// What choosing it does.
    pub command: Command,
}

/// What fits what was typed.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// The hits, group by group; within a group the best first.
    pub list: Vec<Hit>,
    /// How many fit in each group that has more than are offered.
    pub more: Vec<(Group, usize)>,
}

impl Hits {
    /// The caption over a group, with the number of hits where not all are offered.
    pub fn caption(&self, group: Group) -> String {
        match self.more.iter().find(|(of, _)| *of == group) {
            Some(&(_, all)) => {
                let shown = self.list.iter().filter(|hit| hit.group == group).count();
                format!("{} · {shown} OF {}", group.caption(), crate::trace::grouped(all as u64))
            }
            None => group.caption().to_owned(),
        }
    }
}

/// What fits the query: the group with the best hit first, what cannot be done now last. Everything, in its own order,
/// for an empty one. The work is bounded: of each group the first twenty thousand names are looked at.
pub fn hits(state: &State, query: &str) -> Hits {
    let mut ranking = Ranking::new(query);
    offers::event(state, query, &mut ranking);
    offers::commands(state, &mut ranking);
    offers::causes(state, &mut ranking);
    offers::kinds(state, &mut ranking);
    offers::lanes(state, &mut ranking);
    offers::places(state, &mut ranking);
    offers::bookmarks(state, &mut ranking);
    offers::tabs(state, &mut ranking);
    offers::recents(state, &mut ranking);
    offers::samples(&mut ranking);
    ranking.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::table::TABLE;

    /// Places in which a command must be found by its whole title: what is seen without scrolling.
    const SEEN: usize = 10;

    fn titles(query: &str) -> Vec<String> {
        hits(&State::default(), query).list.into_iter().map(|hit| hit.title).collect()
    }

    #[test]
    fn every_command_can_be_found_by_its_title() {
        for entry in TABLE.iter().filter(|entry| entry.id != "palette" && entry.id != "escape") {
            let list = hits(&State::default(), entry.title).list;
            let alike: Vec<&Hit> =
                list.iter().filter(|hit| (hit.group == Group::NotNow) == hit.off.is_some()).collect();
            assert_eq!(alike.len(), list.len());
            let off = entry.enabled(&State::default()).is_err();
            let place = list.iter().filter(|hit| hit.off.is_some() == off).position(|hit| hit.title == entry.title);
            assert!(place.is_some_and(|place| place < SEEN), "{} is at {place:?}", entry.title);
        }
    }

    #[test]
    fn what_can_be_done_comes_before_what_cannot() {
        let list = hits(&State::default(), "difference").list;
        assert!(list.iter().any(|hit| hit.title == "Next difference" && hit.off == Some("Open a pack first.")));
        let first_off = list.iter().position(|hit| hit.off.is_some()).unwrap();
        assert!(list[first_off..].iter().all(|hit| hit.off.is_some() && hit.group == Group::NotNow));
    }

    #[test]
    fn fuzzy_letters_are_enough_and_nonsense_finds_nothing() {
        assert!(titles("thm").iter().any(|title| title.contains("theme") || title.contains("Theme")));
        assert!(titles("qqqzzzxxx").is_empty());
    }

    #[test]
    fn every_hit_says_what_enter_does() {
        for hit in hits(&State::default(), "").list {
            assert!(hit.does.ends_with('.') && hit.does.len() > 10, "{}: {}", hit.title, hit.does);
        }
    }
}
