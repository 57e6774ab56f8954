//! What went wrong or is worth saying: stays until it is dismissed (what is only good to know, until more is), and is kept after
//! that, up to a bound.

use std::collections::VecDeque;

/// Messages kept for the panel. More than a person reads; few enough to cost nothing.
const KEPT: usize = 200;

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Note,
    /// Something is not as it should be.
    Warning,
    /// Something that was asked for did not happen.
    Error,
}

impl Level {
    /// The word on screen and in copies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Warning => "Warning",
            Self::Error => "Error",
        }
    }
}

/// Names a message for dismissing and copying.
pub type MessageId = u64;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub id: MessageId,
    /// How much it matters.
    pub level: Level,
    /// What happened and what to do, in sentences.
    pub text: String,
    /// What a developer wants to know, if there is more.
    pub detail: Option<String>,
    /// True until a person dismisses it.
    pub standing: bool,
}

impl Message {
    /// The message as it is copied.
    pub fn whole(&self) -> String {
        let detail = self.detail.as_deref().map_or_else(String::new, |detail| format!("\n{detail}"));
        format!("{}: {}{detail}", self.level.word(), self.text)
    }
}

/// All messages, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    list: VecDeque<Message>,
    next: MessageId,
}

impl Messages {
    /// Adds a message; one that stands already with the same words is not said twice. Of what is only good to know the newest
    /// stands.
    pub fn say(&mut self, level: Level, text: impl Into<String>, detail: Option<String>) {
        let text = text.into();
        if self.list.iter().any(|m| m.standing && m.level == level && m.text == text && m.detail == detail) {
            return;
        }
        if level == Level::Note {
            for before in self.list.iter_mut().filter(|m| m.level == Level::Note) {
                before.standing = false;
            }
        }
        if self.list.len() == KEPT {
            self.list.pop_front();
        }
        self.list.push_back(Message { id: self.next, level, text, detail, standing: true });
        self.next += 1;
    }

    /// The messages that were not dismissed, newest first.
    pub fn standing(&self) -> impl Iterator<Item = &Message> {
        self.list.iter().rev().filter(|m| m.standing)
    }

    /// Every message that is kept, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Message> {
        self.list.iter().rev()
    }

    /// One message.
    pub fn get(&self, id: MessageId) -> Option<&Message> {
        self.list.iter().find(|m| m.id == id)
    }

    /// Takes a message off the window; the panel keeps it.
    pub fn dismiss(&mut self, id: MessageId) {
        if let Some(message) = self.list.iter_mut().find(|m| m.id == id) {
            message.standing = false;
        }
    }

    /// Takes those messages off the window that begin like this.
    pub fn dismiss_starting(&mut self, start: &str) {
        for message in self.list.iter_mut().filter(|m| m.text.starts_with(start)) {
            message.standing = false;
        }
    }

    /// Takes all messages off the window.
    pub fn dismiss_all(&mut self) {
        for message in &mut self.list {
            message.standing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissed_message_is_kept_and_the_oldest_goes_first() {
        let mut messages = Messages::default();
        messages.say(Level::Error, "one", None);
        messages.say(Level::Error, "one", None);
        assert_eq!(messages.all().count(), 1, "the same words twice");
        let id = messages.standing().next().unwrap().id;
        messages.dismiss(id);
        assert_eq!((messages.standing().count(), messages.all().count()), (0, 1));
        for i in 0..KEPT {
            messages.say(Level::Note, format!("note {i}"), None);
        }
        assert_eq!(messages.all().count(), KEPT);
        assert!(messages.get(id).is_none(), "the oldest is still there");
    }

    #[test]
    fn of_notes_the_newest_stands_and_errors_stay() {
        let mut messages = Messages::default();
        for (level, text) in [(Level::Note, "saved"), (Level::Error, "broken"), (Level::Note, "kept")] {
            messages.say(level, text, None);
        }
        assert_eq!(messages.standing().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["kept", "broken"]);
    }

    #[test]
    fn a_copy_carries_level_text_and_detail() {
        let mut messages = Messages::default();
        messages.say(Level::Warning, "It broke.", Some("line 7".to_owned()));
        assert_eq!(messages.all().next().unwrap().whole(), "Warning: It broke.\nline 7");
    }
}
