//! Finding named events again: in the analysis they were named in, and in later ones of files that changed.

use std::collections::BTreeMap;

use super::Analysis;
use super::analysis::Events;
use crate::trace::{Anchor, EventIndex, EventName, Side, Sides, Traits, fnv};

/// Events of the right identity whose text is read, the nearest ones: more would take longer than a person waits.
const READ: usize = 256;
/// Events on either side of the old place whose text is read.
const AROUND: u32 = 1000;

/// The name of an event; `None` when there is no such event or its text cannot be read.
pub fn event_name(analysis: &Analysis, side: Side, index: EventIndex) -> Option<EventName> {
    let events = analysis.sides[side].as_ref()?;
    let identities = identities(events);
    let identity = *identities.get(index as usize)?;
    let alike = |events: &[u64]| events.iter().filter(|&&other| other == identity).count() as u32;
    let nth = alike(&identities[..index as usize]);
    let lane = analysis.lanes(side, index).first().map(|lane| (*lane).to_owned());
    let of = nth + alike(&identities[index as usize..]);
    let traits = Traits { text: text_of(events, index)?, identity, nth, of };
    Some(EventName::new(Anchor { side, index, lane }, analysis.name(side, index), traits))
}

/// Who each event is; a waveform's changes are what they say.
fn identities(events: &Events) -> &[u64] {
    let columns = &events.trace.events;
    if columns.identities.is_empty() { &columns.tokens } else { &columns.identities }
}

fn text_of(events: &Events, index: EventIndex) -> Option<u64> {
    let place = events.trace.events.places.get(index)?;
    let text = events.recording.source.text(place.offset, place.len).ok()?;
    Some(fnv(&text))
}

/// Where the named events are now; `None` for those that are gone.
pub fn find_events(analysis: &Analysis, names: &[&EventName]) -> Vec<Option<EventIndex>> {
    find_in(analysis.sides.as_ref().map(Option::as_ref), names)
}

/// Where the named events are among these; `None` for those that are gone. Takes one pass over the columns for all of them, and
/// reads a bounded number of texts for each that moved.
///
/// In this order: the event with the same text at the old place; the nearest one of its identity with the same text; one with
/// the same text around the old place (a decision can change identities); and, where everything was recorded anew, the one
/// with the same identity and number, unless there are fewer of them than there were. An event that is known by its place only
/// is what stands there.
pub(super) fn find_in(sides: Sides<Option<&Events>>, names: &[&EventName]) -> Vec<Option<EventIndex>> {
    let in_place = |name: &&EventName| in_place(sides[name.anchor.side]?, name);
    let mut found: Vec<Option<EventIndex>> = names.iter().map(in_place).collect();
    for side in Side::BOTH {
        let Some(events) = sides[side] else { continue };
        let lost = names.iter().zip(&found).filter(|(name, found)| found.is_none() && name.anchor.side == side);
        let mut alike: BTreeMap<u64, Vec<EventIndex>> =
            lost.filter_map(|(name, _)| Some((name.traits?.identity, Vec::new()))).collect();
        if alike.is_empty() {
            continue;
        }
        for (event, identity) in identities(events).iter().enumerate() {
            if let Some(alike) = alike.get_mut(identity) {
                alike.push(event as EventIndex);
            }
        }
        for (name, found) in names.iter().zip(&mut found).filter(|(name, _)| name.anchor.side == side) {
            if let (None, Some(traits)) = (&found, name.traits) {
                *found = moved(events, name.anchor.index, traits, &alike[&traits.identity]);
            }
        }
    }
    found
}

fn in_place(events: &Events, name: &EventName) -> Option<EventIndex> {
    let index = name.anchor.index;
    let there = match name.traits {
        Some(traits) => text_of(events, index) == Some(traits.text),
        None => (index as usize) < events.trace.events.len(),
    };
    there.then_some(index)
}

/// The event among those of its identity, else around its old place.
fn moved(events: &Events, old: EventIndex, traits: Traits, alike: &[EventIndex]) -> Option<EventIndex> {
    let nth = traits.nth as usize;
    let mut by_distance: Vec<usize> = (nth.saturating_sub(READ)..alike.len().min(nth.saturating_add(READ))).collect();
    by_distance.sort_by_key(|&place| place.abs_diff(nth));
    let same = |event: &EventIndex| text_of(events, *event) == Some(traits.text);
    if let Some(event) = by_distance.into_iter().take(READ).map(|place| alike[place]).find(same) {
        return Some(event);
    }
    let len = events.trace.events.len() as u32;
    let mut near: Vec<EventIndex> = (old.saturating_sub(AROUND)..len.min(old.saturating_add(AROUND))).collect();
    near.sort_by_key(|&event| event.abs_diff(old));
    if let Some(event) = near.into_iter().find(same) {
        return Some(event);
    }
    alike.get(nth).copied().filter(|_| alike.len() as u64 >= u64::from(traits.of))
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
        event_name(&analysis, Side::Actual, index).unwrap()
    }

    fn found(name: &EventName, actual: &[String]) -> Option<EventIndex> {
        find_events(&analysis(&actual.iter().map(String::as_str).collect::<Vec<_>>()), &[name])[0]
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
    fn numbers_from_a_file_that_point_nowhere_find_nothing() {
        let mut name = named(4);
        name.traits = Some(Traits { text: 0, nth: u32::MAX, of: 0, ..name.traits.unwrap() });
        name.anchor.index = u32::MAX - 1;
        assert_eq!(found(&name, &lines(10)), None);
        let place = |index| found(&EventName::at(Side::Actual, index), &lines(10));
        assert_eq!((place(9), place(10)), (Some(9), None), "a place alone is what stands there");
    }
}
