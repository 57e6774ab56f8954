//! What is wrong with a dump, said with its line.

use crate::trace::{Warning, WarningKind, Warnings};

/// The warnings of one recording.
#[derive(Debug)]
pub struct Said {
    file: String,
    pub warnings: Warnings,
}

impl Said {
    /// Of the recording that a person knows as `file`.
    pub fn of(file: &str) -> Self {
        Self { file: file.to_owned(), warnings: Warnings::default() }
    }

    /// Says it.
    pub fn say(&mut self, kind: WarningKind, line: u32, what: &str, remedy: &str) {
        self.warnings.push(Warning {
            kind,
            file: self.file.clone(),
            line: Some(line),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
            more: 0,
        });
    }

    /// Something could not be read and was left out.
    pub fn unreadable(&mut self, line: u32, what: &str) {
        self.say(WarningKind::Unreadable, line, what, "It was left out; repair the dump or record it again.");
    }
}

/// A word of the dump as it may stand in a sentence: not all of it, if it is long.
pub fn quoted(word: &[u8]) -> String {
    /// As many characters as tell a word apart.
    const SHOWN: usize = 24;
    let text = String::from_utf8_lossy(word);
    let end = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
    format!("`{}{end}`", text.chars().take(SHOWN).collect::<String>())
}
