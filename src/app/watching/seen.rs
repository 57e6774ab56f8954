//! What is seen of a watched folder, as it is kept over a restart: the filter, the groups, and whether the latest is followed.

use serde::{Deserialize, Serialize};

use super::Watching;

/// How a list of runs is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenWatching {
    /// What the runs are filtered by.
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    /// True when the runs that failed alike stand together.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    grouped: bool,
    /// True when every run is selected as soon as it has an answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    follow: bool,
}

impl Watching {
    /// How it is seen.
    pub fn seen(&self) -> SeenWatching {
        SeenWatching { filter: self.filter.clone(), grouped: self.grouped, follow: self.follow }
    }

    /// Shows it as it was seen.
    pub(in crate::app) fn set_seen(&mut self, seen: SeenWatching) {
        (self.filter, self.grouped, self.follow) = (seen.filter, seen.grouped, seen.follow);
        self.make();
    }
}
