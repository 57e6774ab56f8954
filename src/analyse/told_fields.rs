//! Some fields of events read again: their texts in big blocks, and of those only these fields.

use std::ops::Range;

use super::Events;
use crate::ingest::{FieldReader, Format, clock_fields};
use crate::trace::{EventIndex, Path, PathKey, Scalar};

/// Neighbouring events are read together: at most so many bytes, and so many events.
const BLOCK: (u64, u32) = (512 << 10, 4_096);

/// Reads the fields it was asked for.
#[derive(Default)]
pub struct ToldFields {
    keys: Vec<PathKey>,
    /// What they hold in the event at hand; empty where they hold nothing.
    values: Vec<String>,
    reader: FieldReader,
}

impl ToldFields {
    /// The number of a field, which is read from now on.
    pub fn number(&mut self, path: &str) -> usize {
        let key = PathKey::of(path);
        self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.values.push(String::new());
            self.keys.len() - 1
        })
    }

    /// What a field of the event at hand holds, if it holds anything.
    pub fn value(&self, number: usize) -> Option<&str> {
        Some(self.values[number].as_str()).filter(|text| !text.is_empty())
    }

    /// Calls `each` with events of a side, in their order, when their fields were read, until it says false. Of what cannot be read
    /// any more the fields hold nothing.
    pub fn of_side(
        &mut self,
        events: &Events,
        range: Range<EventIndex>,
        each: &mut impl FnMut(EventIndex, &Self) -> bool,
    ) {
        let places = &events.trace.events.places;
        let mut first = range.start;
        while first < range.end {
            let end = places.run(first, BLOCK.1.min(range.end - first), BLOCK.0).clamp(first + 1, range.end);
            let begin = places.get(first).unwrap_or_default().offset;
            let last = places.get(end - 1).unwrap_or_default();
            let bytes = (last.offset + u64::from(last.len)).saturating_sub(begin) as u32;
            let block = events.recording.source.text(begin, bytes).unwrap_or_default();
            for (index, place) in (first..end).zip(places.iter(first..end)) {
                let start = place.offset.saturating_sub(begin) as usize;
                self.read(events, block.get(start..start + place.len as usize).unwrap_or_default());
                if !each(index, self) {
                    return;
                }
            }
            first = end;
        }
    }

    /// Reads the fields of a record.
    fn read(&mut self, events: &Events, raw: &[u8]) {
        self.values.iter_mut().for_each(String::clear);
        let Self { keys, values, reader } = self;
        let mut keep = |path: Path<'_>, value: Scalar<'_>| {
            let number = keys.iter().position(|known| *known == path.key);
            if let Some(own) = number.map(|number| &mut values[number]).filter(|own| own.is_empty()) {
                own.push_str(&value.plain());
            }
            false
        };
        if events.recording.format == Format::VectorClocks {
            for field in clock_fields(raw).unwrap_or_default() {
                keep(Path::new(&field.path), Scalar::Text(field.value.plain()));
            }
        } else {
            reader.any(raw, &events.recording.select, &mut keep);
        }
    }
}
