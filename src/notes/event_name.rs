//! The name of an event that outlives its file's changes: what it says, who it is, and which of its like.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::analyse::Analysis;
use crate::report::Anchor;
use crate::trace::{EventIndex, Side, fnv};

/// Events of the right identity whose text is read, the nearest ones: more would take longer than a person waits.
const READ: usize = 256;
/// Events on either side of the old place whose text is read.
const AROUND: u32 = 1000;

/// A 64-bit hash, written as sixteen hexadecimal digits: many readers of JSON keep only 53 bits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// An event by its place, its words and its hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventName {
    /// Where it stood when it was last seen, such as `actual:5@queue:0`.
    pub anchor: Anchor,
    /// What a person knows it by, such as `TASK_DEQUEUED task:2`.
    pub name: String,
    /// Of its text, byte by byte.
    text: Hash,
    /// Of its kind, home lane and ids.
    identity: Hash,
    /// Which of the events of this identity it is, from 0, of how many.
    nth: u32,
    of: u32,
    /// What a newer version added.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl EventName {
    /// The name of an event; `None` when there is no such event or its text cannot be read.
    pub fn of(analysis: &Analysis, side: Side, index: EventIndex) -> Option<Self> {
        let identities = identities(analysis, side);
        let identity = *identities.get(index as usize)?;
        let alike = |events: &[u64]| events.iter().filter(|&&other| other == identity).count() as u32;
        let nth = alike(&identities[..index as usize]);
        let lane = analysis.lanes(side, index).first().map(|lane| (*lane).to_owned());
        Some(Self {
            anchor: Anchor { side, index, lane },
            name: analysis.name(side, index),
            text: text_of(analysis, side, index)?,
            identity: Hash(identity),
            nth,
            of: nth + alike(&identities[index as usize..]),
            rest: Map::new(),
        })
    }

    /// The same event after the sides were exchanged.
    #[must_use]
    pub fn exchanged(mut self) -> Self {
        self.anchor.side = self.anchor.side.other();
        self
    }
}

/// Who each event is; a waveform's changes are what they say.
fn identities(analysis: &Analysis, side: Side) -> &[u64] {
    let Some(events) = &analysis.sides[side] else { return &[] };
    let columns = &events.trace.events;
    if columns.identities.is_empty() { &columns.tokens } else { &columns.identities }
}

fn text_of(analysis: &Analysis, side: Side, index: EventIndex) -> Option<Hash> {
    let events = analysis.sides[side].as_ref()?;
    let place = events.trace.events.places.get(index)?;
    let text = events.recording.source.text(place.offset, place.len).ok()?;
    Some(Hash(fnv(&text)))
}

/// Where the named events are now; `None` for those that are gone. Takes one pass over the columns for all of them, and reads
/// a bounded number of texts for each that moved.
///
/// In this order: the event with the same text at the old place; the nearest one of its identity with the same text; one with
/// the same text around the old place (a decision can change identities); and, where everything was recorded anew, the one
/// with the same identity and number, unless there are fewer of them than there were.
pub fn find(analysis: &Analysis, names: &[&EventName]) -> Vec<Option<EventIndex>> {
    let mut found: Vec<Option<EventIndex>> = names.iter().map(|name| in_place(analysis, name)).collect();
    for side in Side::BOTH {
        let lost = || names.iter().zip(&found).filter(|(name, found)| found.is_none() && name.anchor.side == side);
        let mut alike: BTreeMap<u64, Vec<EventIndex>> = lost().map(|(name, _)| (name.identity.0, Vec::new())).collect();
        if alike.is_empty() {
            continue;
        }
        for (event, identity) in identities(analysis, side).iter().enumerate() {
            if let Some(events) = alike.get_mut(identity) {
                events.push(event as EventIndex);
            }
        }
        for (name, found) in names.iter().zip(&mut found).filter(|(name, _)| name.anchor.side == side) {
            if found.is_none() {
                *found = moved(analysis, name, &alike[&name.identity.0]);
            }
        }
    }
    found
}

fn says_the_same(analysis: &Analysis, name: &EventName, event: EventIndex) -> bool {
    text_of(analysis, name.anchor.side, event) == Some(name.text)
}

fn in_place(analysis: &Analysis, name: &EventName) -> Option<EventIndex> {
    says_the_same(analysis, name, name.anchor.index).then_some(name.anchor.index)
}

/// The event among those of its identity, else around its old place.
fn moved(analysis: &Analysis, name: &EventName, alike: &[EventIndex]) -> Option<EventIndex> {
    let nth = name.nth as usize;
    let mut by_distance: Vec<usize> = (nth.saturating_sub(READ)..alike.len().min(nth.saturating_add(READ))).collect();
    by_distance.sort_by_key(|&place| place.abs_diff(nth));
    let same = |event: &EventIndex| says_the_same(analysis, name, *event);
    if let Some(event) = by_distance.into_iter().take(READ).map(|place| alike[place]).find(same) {
        return Some(event);
    }
    let (old, len) = (name.anchor.index, analysis.len(name.anchor.side));
    let mut near: Vec<EventIndex> = (old.saturating_sub(AROUND)..len.min(old.saturating_add(AROUND))).collect();
    near.sort_by_key(|&event| event.abs_diff(old));
    if let Some(event) = near.into_iter().find(same) {
        return Some(event);
    }
    alike.get(nth).copied().filter(|_| alike.len() as u64 >= u64::from(name.of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Session;
    use crate::pack::{Found, in_memory};

    /// An analysis whose sides hold these lines, beside a fixed other side.
    fn analysis(actual: &[&str]) -> Analysis {
        let expected = lines(10).join("\n");
        let actual = actual.join("\n");
        let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
        match in_memory("pair", &files) {
            Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn lines(count: u32) -> Vec<String> {
        (0..count).map(line).collect()
    }

    fn line(i: u32) -> String {
        format!(
            r#"{{"ts":{},"type":"{}","task":{}}}"#,
            1000 + i * 10,
            if i.is_multiple_of(3) { "A" } else { "B" },
            i % 2
        )
    }

    fn named(index: u32) -> EventName {
        let lines = lines(10);
        let analysis = analysis(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        EventName::of(&analysis, Side::Actual, index).unwrap()
    }

    fn found(name: &EventName, actual: &[String]) -> Option<EventIndex> {
        find(&analysis(&actual.iter().map(String::as_str).collect::<Vec<_>>()), &[name])[0]
    }

    #[test]
    fn an_event_is_found_where_it_was_and_where_it_went() {
        let name = named(4);
        assert_eq!(found(&name, &lines(10)), Some(4));
        let mut moved = lines(10);
        moved.insert(0, r#"{"ts":900,"type":"A","task":0}"#.to_owned());
        moved.insert(0, r#"{"ts":901,"type":"B","task":0}"#.to_owned());
        assert_eq!(found(&name, &moved), Some(6), "two events stand before it now");
        assert_eq!(found(&name, &lines(10)[3..]), Some(1));
    }

    #[test]
    fn in_a_new_recording_the_same_one_of_its_like_is_it() {
        let name = named(4);
        let again: Vec<String> = lines(10).iter().map(|line| line.replace("\"ts\":1", "\"ts\":7")).collect();
        assert_eq!(found(&name, &again), Some(4));
    }

    #[test]
    fn an_event_that_was_deleted_is_gone_and_its_likes_are_not_taken_for_it() {
        let name = named(4);
        let mut without = lines(10);
        without.remove(4);
        assert_eq!(found(&name, &without), None);
        assert_eq!(found(&name, &lines(2)), None);
    }

    #[test]
    fn a_name_is_readable_json_and_is_read_again_with_what_a_newer_version_added() {
        let name = named(4);
        let mut value = serde_json::to_value(&name).unwrap();
        assert_eq!(value["anchor"], "actual:4@task:0");
        assert!(value["name"].as_str().is_some_and(|name| name.contains('B')), "{value}");
        assert_eq!(serde_json::from_value::<EventName>(value.clone()).unwrap(), name);
        value["later"] = 7.into();
        let newer: EventName = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&newer).unwrap(), value);
        value["anchor"] = "nowhere".into();
        assert!(serde_json::from_value::<EventName>(value).is_err());
    }

    #[test]
    fn numbers_from_a_file_that_point_nowhere_find_nothing() {
        let mut name = named(4);
        (name.nth, name.of, name.text) = (u32::MAX, 0, Hash(0));
        name.anchor.index = u32::MAX - 1;
        assert_eq!(found(&name, &lines(10)), None);
    }
}
