//! The name of an event that outlives its file's changes: where it stood, what it says, who it is, and which of its like.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Anchor, EventIndex, Side};

/// A 64-bit hash, written as sixteen hexadecimal digits: many readers of JSON keep only 53 bits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hash(u64);

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// What tells an event from all others, beside its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// Hash of its text, byte by byte.
    pub text: u64,
    /// Hash of its kind, home lane and ids.
    pub identity: u64,
    /// Which of the events of this identity it is, from 0.
    pub nth: u32,
    /// Of how many.
    pub of: u32,
}

/// An event by its place, its words and its hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "File", into = "File")]
pub struct EventName {
    /// Where it stood when it was last seen, such as `actual:5@queue:0`.
    pub anchor: Anchor,
    /// What a person knows it by, such as `TASK_DEQUEUED task:2`; empty for one that is known by its place only.
    pub name: String,
    /// What else tells it; `None` for one that is known by its place only, such as one that a person typed.
    pub traits: Option<Traits>,
    /// What a newer version added.
    rest: Map<String, Value>,
}

/// What stands in a file.
#[derive(Serialize, Deserialize)]
struct File {
    anchor: Anchor,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nth: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<u32>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl From<File> for EventName {
    fn from(File { anchor, name, text, identity, nth, of, rest }: File) -> Self {
        let known = text.zip(identity).zip(nth.zip(of));
        let traits = known.map(|((text, identity), (nth, of))| Traits { text: text.0, identity: identity.0, nth, of });
        Self { anchor, name, traits, rest }
    }
}

impl From<EventName> for File {
    fn from(EventName { anchor, name, traits, rest }: EventName) -> Self {
        Self {
            anchor,
            name,
            text: traits.map(|t| Hash(t.text)),
            identity: traits.map(|t| Hash(t.identity)),
            nth: traits.map(|t| t.nth),
            of: traits.map(|t| t.of),
            rest,
        }
    }
}

impl EventName {
    /// An event with everything that tells it.
    pub fn new(anchor: Anchor, name: String, traits: Traits) -> Self {
        Self { anchor, name, traits: Some(traits), rest: Map::new() }
    }

    /// The event that stands at this place, whatever it is.
    pub fn at(side: Side, index: EventIndex) -> Self {
        Self { anchor: Anchor { side, index, lane: None }, name: String::new(), traits: None, rest: Map::new() }
    }

    /// The same event after the sides were exchanged.
    #[must_use]
    pub fn exchanged(mut self) -> Self {
        self.anchor.side = self.anchor.side.other();
        self
    }

    /// True when both mean one event: by what tells them where that is known of both, else by their place.
    pub fn means(&self, other: &Self) -> bool {
        let place = |name: &Self| (name.anchor.side, name.anchor.index);
        match (self.traits, other.traits) {
            (Some(one), Some(two)) => self.anchor.side == other.anchor.side && one == two,
            _ => place(self) == place(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_json_and_is_read_again_with_what_a_newer_version_added() {
        let anchor: Anchor = "actual:4@task:0".parse().unwrap();
        let name = EventName::new(anchor, "B task:0".to_owned(), Traits { text: 15, identity: 16, nth: 1, of: 2 });
        let mut value = serde_json::to_value(&name).unwrap();
        assert_eq!(value["anchor"], "actual:4@task:0");
        assert_eq!(value["text"], "000000000000000f");
        assert_eq!(serde_json::from_value::<EventName>(value.clone()).unwrap(), name);
        value["later"] = 7.into();
        let newer: EventName = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&newer).unwrap(), value);
        value["anchor"] = "nowhere".into();
        assert!(serde_json::from_value::<EventName>(value).is_err());
    }

    #[test]
    fn a_place_alone_is_a_name_too() {
        let name: EventName = serde_json::from_str(r#"{"anchor":"expected:5"}"#).unwrap();
        assert_eq!(name, EventName::at(Side::Expected, 5));
        assert_eq!(serde_json::to_string(&name).unwrap(), r#"{"anchor":"expected:5"}"#);
        assert_eq!(name.clone().exchanged(), EventName::at(Side::Actual, 5));
        let known = |index, nth| {
            let traits = Traits { text: 1, identity: 2, nth, of: 9 };
            EventName::new(Anchor { index, ..name.anchor.clone() }, String::new(), traits)
        };
        assert!(known(5, 0).means(&name) && !known(6, 0).means(&name));
        assert!(known(5, 0).means(&known(7, 0)) && !known(5, 0).means(&known(5, 1)));
    }
}
