//! `keys.json`: `{ "version": 1, "keys": { "next": ["n", "F7"], "run": [] } }`. A command that is listed has these keys
//! and no other; all others keep their own. Every mistake is a sentence with its place, and the rest still works.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::Keymap;
use crate::app::keys::Keys;
use crate::app::table::TABLE;

/// The file's name in the folder of settings.
pub const NAME: &str = "keys.json";
/// The version that is written and understood.
const VERSION: u64 = 1;

#[derive(Deserialize)]
struct Written {
    version: u64,
    #[serde(default)]
    keys: Listed,
}

/// What is listed, in the file's order, and what is listed twice, twice.
#[derive(Default)]
struct Listed(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Listed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("commands with their keys, such as { \"next\": [\"n\"] }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listed, A::Error> {
                let mut list = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    list.push(pair);
                }
                Ok(Listed(list))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A key that is given away.
struct Taken {
    keys: Keys,
    /// The command's place in the table.
    by: usize,
    line: usize,
}

/// The keys in force with this file, and what is wrong with it.
///
/// # Errors
/// When nothing of it can be used, as a sentence.
pub fn read(text: &str, file: &str) -> Result<(Keymap, Vec<String>), String> {
    let Written { version, keys: Listed(listed) } = serde_json::from_str(text)
        .map_err(|error| format!("{file} cannot be read ({error}). The keys stay as they were; put that right."))?;
    if version != VERSION {
        return Err(format!(
            "{file} has version {version}, and this DetTrace knows version {VERSION}. The keys stay as they were."
        ));
    }
    let mut said = Vec::new();
    let mut taken: Vec<Taken> = Vec::new();
    let mut map: Vec<Option<Vec<Keys>>> = vec![None; TABLE.len()];
    let mut places = Places { text, at: text.find("\"keys\"").map_or(0, |at| at + 6) };
    for (id, value) in listed {
        let line = places.line_of(&id);
        let Some(by) = TABLE.iter().position(|entry| entry.id == id) else {
            said.push(format!("{file}, line {line}: there is no command “{id}”. The help shows every command."));
            continue;
        };
        if map[by].is_some() {
            said.push(format!("{file}, line {line}: “{id}” is listed twice; the first list holds."));
            continue;
        }
        let texts = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        let Some(texts) = texts else {
            said.push(format!(
                "{file}, line {line}: “{id}” has no list of keys. Write [\"n\", \"F7\"], or [] for none."
            ));
            continue;
        };
        let own = map[by].insert(Vec::new());
        for text in texts {
            let line = places.line_of(text);
            let keys = match text.parse::<Keys>() {
                Ok(keys) => keys,
                Err(bad) => {
                    said.push(format!("{file}, line {line}: {bad}"));
                    continue;
                }
            };
            if let Some(other) = taken.iter().find(|other| clash(other.keys, keys)) {
                let how = in_the_way(other, keys);
                said.push(format!("{file}, line {line}: {how}, so “{text}” does not do “{id}”."));
            } else {
                own.push(keys);
                taken.push(Taken { keys, by, line });
            }
        }
    }
    let keys = map.into_iter().zip(TABLE).map(|(listed, entry)| {
        listed.unwrap_or_else(|| {
            let free = |keys: &&Keys| {
                let Some(other) = taken.iter().find(|other| clash(other.keys, **keys)) else { return true };
                let (line, how, lost) = (other.line, in_the_way(other, **keys), keys.text());
                said.push(format!(
                    "{file}, line {line}: {how}, so “{lost}” no longer does “{0}”. List “{0}” too, and this is not said again.",
                    entry.id
                ));
                false
            };
            entry.keys.iter().filter(free).copied().collect()
        })
    });
    let keys = keys.collect();
    Ok((Keymap { keys }, said))
}

/// True when both cannot be told apart: the same keys, or one begins a sequence that the other acts before.
fn clash(one: Keys, other: Keys) -> bool {
    let begins = |sequence: Keys, alone: Keys| matches!(sequence, Keys::Then(first, _) if Keys::key(first) == alone);
    one == other || begins(one, other) || begins(other, one)
}

fn in_the_way(other: &Taken, keys: Keys) -> String {
    let (text, id) = (other.keys.text(), TABLE[other.by].id);
    if other.keys == keys {
        format!("“{text}” does “{id}”")
    } else if matches!(keys, Keys::Then(..)) {
        format!("“{text}” acts alone, for “{id}”")
    } else {
        format!("it begins “{text}”, for “{id}”")
    }
}

/// Finds where the words of the file stand, one after the other.
struct Places<'a> {
    text: &'a str,
    at: usize,
}

impl Places<'_> {
    /// The line, from 1, of the next place where this text stands in quotes; that of the last one where it is not found.
    fn line_of(&mut self, word: &str) -> usize {
        let quoted = Value::from(word).to_string();
        if let Some(found) = self.text[self.at..].find(&quoted) {
            self.at += found + quoted.len();
        }
        self.text[..self.at].lines().count().max(1)
    }
}

/// A file that says these keys, a command a line, for a person to change.
pub fn written(keymap: &Keymap) -> String {
    let lines = TABLE.iter().map(|entry| {
        let keys: Vec<String> = keymap.of(entry.id).iter().map(|keys| Value::from(keys.text()).to_string()).collect();
        format!("    {}: [{}]", Value::from(entry.id), keys.join(", "))
    });
    format!("{{\n  \"version\": {VERSION},\n  \"keys\": {{\n{}\n  }}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Keymap, Vec<String>) {
        read(&format!("{{ \"version\": 1,\n\"keys\": {{\n{text}\n}} }}"), "keys.json").unwrap()
    }

    fn texts(keymap: &Keymap, id: &str) -> Vec<String> {
        keymap.of(id).iter().map(|keys| keys.text()).collect()
    }

    #[test]
    fn what_is_listed_is_changed_and_the_rest_stays() {
        let (keymap, said) = of("\"next\": [\"7\", \"F7\"], \"run\": []");
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(texts(&keymap, "next"), ["7", "F7"]);
        assert_eq!(texts(&keymap, "run"), Vec::<String>::new());
        assert_eq!(keymap.of("previous"), Keymap::default().of("previous"));
        assert_eq!(of("").0, Keymap::default());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (changed, _) = of("\"next\": [\"7\"], \"theme\": [\"Ctrl+Alt+T\", \"h x\"]");
        for keymap in [Keymap::default(), changed] {
            assert_eq!(read(&written(&keymap), "keys.json"), Ok((keymap, Vec::new())));
        }
    }

    #[test]
    fn every_mistake_is_said_with_its_line_and_the_rest_works() {
        let (keymap, said) = of(concat!(
            "\"nxt\": [\"7\"],\n",
            "\"next\": [\"Ctrl+Foo\",\n\"7\"],\n",
            "\"previous\": \"k\",\n",
            "\"run\": [\"7\"],\n",
            "\"play\": [\"7 h\"],\n",
            "\"next\": [\"F2\"],\n",
            "\"fit\": [\"F12\"]",
        ));
        let starts = [
            "keys.json, line 3: there is no command “nxt”",
            "keys.json, line 4: “Ctrl+Foo” is no key",
            "keys.json, line 6: “previous” has no list of keys",
            "keys.json, line 7: “7” does “next”, so “7” does not do “run”.",
            "keys.json, line 8: “7” acts alone, for “next”, so “7 h” does not do “play”.",
            "keys.json, line 9: “next” is listed twice",
        ];
        assert_eq!(said.len(), starts.len(), "{said:#?}");
        for (said, start) in said.iter().zip(starts) {
            assert!(said.starts_with(start) && said.ends_with('.'), "{said}");
        }
        assert_eq!((texts(&keymap, "next"), texts(&keymap, "fit")), (vec!["7".to_owned()], vec!["F12".to_owned()]));
        assert_eq!(keymap.of("previous"), Keymap::default().of("previous"));
    }

    #[test]
    fn what_a_person_wrote_goes_before_the_tables_own_keys_and_that_is_said() {
        let (keymap, said) = of("\"run\": [\"n\"],\n\"play\": [\"g\"]");
        assert_eq!((texts(&keymap, "run"), texts(&keymap, "play")), (vec!["n".to_owned()], vec!["g".to_owned()]));
        assert!(!texts(&keymap, "next").contains(&"n".to_owned()) && texts(&keymap, "next").contains(&"F7".to_owned()));
        assert!(!texts(&keymap, "first").contains(&"g d".to_owned()), "g d can no longer be reached");
        assert!(said.iter().any(|s| s.starts_with("keys.json, line 3: “n” does “run”, so “n” no longer does “next”.")));
        assert!(
            said.iter().any(|s| s.contains("line 4: “g” acts alone, for “play”, so “g d” no longer does “first”."))
        );
    }

    #[test]
    fn a_file_that_is_no_json_or_of_another_version_changes_nothing() {
        let torn = read("{ \"version\": 1,\n \"keys\": {", "keys.json").unwrap_err();
        assert!(torn.contains("keys.json cannot be read") && torn.contains("line 2"), "{torn}");
        assert!(read("{ \"version\": 2 }", "keys.json").unwrap_err().contains("version 2"));
        assert!(read("{ \"keys\": {} }", "keys.json").unwrap_err().contains("version"));
        assert!(read("{ \"version\": 1, \"keys\": [] }", "keys.json").unwrap_err().contains("such as"));
    }
}
