//! One bookmark: an event or a range of them, and a note.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::trace::EventName;

/// A bookmark with its note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bookmark {
    /// The event, or the first one of a range.
    pub at: EventName,
    /// The last event of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<EventName>,
    /// What a person wrote, as Markdown; empty for a bookmark alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What a newer version added.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Bookmark {
    /// A bookmark on one event, without a note.
    pub fn new(at: EventName) -> Self {
        Self { at, to: None, note: String::new(), rest: Map::new() }
    }

    /// What it stands on, such as `TASK_DEQUEUED task:2` or `A task:1 to B task:2`.
    pub fn title(&self) -> String {
        match &self.to {
            Some(to) => format!("{} to {}", self.at.name, to.name),
            None => self.at.name.clone(),
        }
    }

    /// The events it names.
    pub fn names(&self) -> impl Iterator<Item = &EventName> {
        std::iter::once(&self.at).chain(&self.to)
    }

    /// The same bookmark after the sides were exchanged.
    #[must_use]
    pub fn exchanged(mut self) -> Self {
        self.at = self.at.exchanged();
        self.to = self.to.map(EventName::exchanged);
        self
    }
}
