//! Every command has a name, a title and a key of its own.

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
    let starts = taken.iter().filter_map(|(keys, _)| if let Keys::Then(first, _) = keys { Some(*first) } else { None });
    for first in starts {
        assert!(!taken.iter().any(|(keys, _)| *keys == Keys::key(first)), "{first:?} begins a sequence and acts alone");
    }
}

#[test]
fn every_command_is_in_its_menu_once_and_groups_keep_the_order_of_the_table() {
    for menu in Menu::ALL {
        let shown: Vec<&str> = menu.entries().iter().map(|entry| entry.id).collect();
        assert!(!shown.is_empty(), "{} is empty", menu.title());
        let groups = 0..=u8::MAX;
        let expected: Vec<&str> = groups
            .flat_map(|group| TABLE.iter().filter(move |entry| entry.menu == menu && entry.group == group))
            .map(|entry| entry.id)
            .collect();
        assert_eq!(shown, expected, "{}", menu.title());
    }
    let shown: usize = Menu::ALL.map(|menu| menu.entries().len()).iter().sum();
    assert_eq!(shown, TABLE.len(), "a menu is not in the bar");
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
