//! Events that stand one behind the other in their recording, read again together.

use std::ops::Range;

use super::Events;
use crate::trace::{EventIndex, Place};

/// Neighbouring events are read together: at most so many bytes, so that the first do not wait for the last.
const BYTES: u64 = 512 << 10;
/// And at most so many events.
const EVENTS: u32 = 1 << 14;
/// Of a longer record only so much is read, so that one giant line cannot fill the memory.
const RECORD: u32 = 16 << 20;

/// The bytes of a block.
pub struct Block {
    pub raw: Vec<u8>,
    /// Where it begins in the source.
    offset: u64,
}

impl Block {
    /// Behind the last event of the block that begins with this one, and ends before `end` at the latest.
    pub fn end(events: &Events, first: u32, end: u32) -> u32 {
        events.trace.events.places.run(first, EVENTS.min(end - first), BYTES)
    }

    /// Reads what these events, at least one, stand in; `None` where there are none such.
    pub fn read(events: &Events, span: &Range<u32>) -> Result<Option<Self>, String> {
        let places = &events.trace.events.places;
        let (Some(first), Some(last)) = (places.get(span.start), places.get(span.end - 1)) else { return Ok(None) };
        let bytes = (last.offset + u64::from(last.len) - first.offset).min(u64::from(RECORD)) as u32;
        let raw = events.recording.source.text(first.offset, bytes).map_err(|error| error.to_string())?;
        Ok(Some(Self { raw, offset: first.offset }))
    }

    /// Where an event's text is in it.
    pub fn range(&self, place: Place) -> Range<usize> {
        let start = ((place.offset - self.offset) as usize).min(self.raw.len());
        start..(start + place.len as usize).min(self.raw.len())
    }

    /// Reads these events, ascending, and calls `see` with each, what stands beside it in the list, and its text.
    pub fn each<T: Copy>(
        events: &Events,
        wanted: &[(EventIndex, T)],
        mut see: impl FnMut(EventIndex, T, &[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut left = wanted;
        while let (Some(&(first, _)), Some(&(last, _))) = (left.first(), left.last()) {
            let end = Self::end(events, first, last + 1).max(first + 1);
            let (near, rest) = left.split_at(left.partition_point(|&(event, _)| event < end));
            let span = first..near.last().map_or(end, |&(event, _)| event + 1);
            let Some(block) = Self::read(events, &span)? else { return Ok(()) };
            let mut places = span.clone().zip(events.trace.events.places.iter(span));
            for &(event, beside) in near {
                let place = places.find(|&(at, _)| at == event).map_or_else(Place::default, |(_, place)| place);
                see(event, beside, &block.raw[block.range(place)])?;
            }
            left = rest;
        }
        Ok(())
    }
}
