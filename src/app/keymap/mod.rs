//! The keys in force: the table's own, changed by what a person wrote into `keys.json`.

mod file;

use super::keys::Keys;
use super::table::{Entry, TABLE};

pub use file::{NAME, read, written};

/// For each command of the table its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// By the command's place in the table.
    keys: Vec<Vec<Keys>>,
}

impl Default for Keymap {
    /// The table's own keys.
    fn default() -> Self {
        Self { keys: TABLE.iter().map(|entry| entry.keys.to_vec()).collect() }
    }
}

impl Keymap {
    /// The keys of a command; the first is shown in the menu.
    pub fn of(&self, id: &str) -> &[Keys] {
        let place = TABLE.iter().position(|entry| entry.id == id);
        place.and_then(|place| self.keys.get(place)).map_or(&[], Vec::as_slice)
    }

    /// Every key with its command.
    pub fn all(&self) -> impl Iterator<Item = (&'static Entry, Keys)> {
        TABLE.iter().zip(&self.keys).flat_map(|(entry, keys)| keys.iter().map(move |&keys| (entry, keys)))
    }

    /// The key that menus and tooltips show; empty when there is none.
    pub fn shortcut(&self, id: &str) -> String {
        self.of(id).first().map_or_else(String::new, |keys| keys.text())
    }

    /// All keys as the help shows them.
    pub fn all_keys(&self, id: &str) -> String {
        self.of(id).iter().map(|keys| keys.text()).collect::<Vec<_>>().join("  ·  ")
    }
}
