//! Where the events' texts stand: eight bytes an event, since neighbours stand near each other.

use std::ops::Range;

use super::Place;

/// So many events at most have their places told relative to that of the first of them.
const CHUNK: u32 = 256;
/// The length of a place that is not near its chunk's first.
const FAR: u16 = u16::MAX;

/// A place relative to its chunk's first.
#[derive(Debug, Clone, Copy)]
struct Near {
    offset: i32,
    len: u16,
    line: i16,
}

impl Near {
    fn from(self, first: Place) -> Place {
        Place {
            offset: first.offset.wrapping_add_signed(self.offset.into()),
            len: self.len.into(),
            line: first.line.wrapping_add_signed(self.line.into()),
        }
    }
}

/// One [`Place`] for each event.
#[derive(Debug, Clone, Default)]
pub struct Places {
    near: Vec<Near>,
    /// The first event of each chunk, and its place.
    firsts: Vec<(u32, Place)>,
    /// Places that are too long or too far from their chunk's first, by event.
    far: Vec<(u32, Place)>,
}

impl Places {
    /// Appends the place of the next event.
    pub fn push(&mut self, place: Place) {
        let event = self.near.len() as u32;
        let (_, first) = match self.firsts.last() {
            Some(&chunk) if event - chunk.0 < CHUNK => chunk,
            _ => {
                self.firsts.push((event, place));
                (event, place)
            }
        };
        let near = || {
            let len = u16::try_from(place.len).ok().filter(|&len| len != FAR)?;
            let offset = i32::try_from(place.offset.checked_signed_diff(first.offset)?).ok()?;
            let line = i16::try_from(place.line.checked_signed_diff(first.line)?).ok()?;
            Some(Near { offset, len, line })
        };
        let near = near().unwrap_or_else(|| {
            self.far.push((event, place));
            Near { offset: 0, len: FAR, line: 0 }
        });
        self.near.push(near);
    }

    /// The place of an event, if there is such an event.
    pub fn get(&self, event: u32) -> Option<Place> {
        let near = self.near.get(event as usize)?;
        if near.len == FAR {
            return self.far.binary_search_by_key(&event, |f| f.0).ok().map(|at| self.far[at].1);
        }
        let (_, first) = self.firsts[self.firsts.partition_point(|chunk| chunk.0 <= event) - 1];
        Some(near.from(first))
    }

    /// The places of these events, one after another: faster than asking for each.
    pub fn iter(&self, events: Range<u32>) -> impl Iterator<Item = Place> {
        let mut chunk = self.firsts.partition_point(|chunk| chunk.0 <= events.start);
        let end = events.end.min(self.near.len() as u32);
        (events.start..end).map(move |event| {
            if self.firsts.get(chunk).is_some_and(|next| next.0 <= event) {
                chunk += 1;
            }
            let near = self.near[event as usize];
            if near.len == FAR { self.get(event).unwrap_or_default() } else { near.from(self.firsts[chunk - 1].1) }
        })
    }

    /// Behind the last event, from `first` on, whose text follows that of the one before, no further than `bytes` from the
    /// first's beginning and at most `most` of them. The first is always taken.
    pub fn run(&self, first: u32, most: u32, bytes: u64) -> u32 {
        let mut places = self.iter(first..first.saturating_add(most));
        let Some(start) = places.next() else { return first };
        let mut before = start.offset + u64::from(start.len);
        let more = places.take_while(|place| {
            let end = place.offset + u64::from(place.len);
            let follows = place.offset >= before && end - start.offset <= bytes;
            before = end;
            follows
        });
        first + 1 + more.count() as u32
    }

    /// Takes over all places of another.
    pub fn append(&mut self, later: &mut Self) {
        let base = self.near.len() as u32;
        self.near.append(&mut later.near);
        self.firsts.extend(later.firsts.drain(..).map(|(event, place)| (event + base, place)));
        self.far.extend(later.far.drain(..).map(|(event, place)| (event + base, place)));
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        // Without that much room it grows as it must.
        let _unneeded = self.near.try_reserve_exact(more);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.near.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.near.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_comes_back_as_it_was_pushed() {
        let mut places = Places::default();
        let mut pushed = Vec::new();
        for i in 0..2_000_u32 {
            let offset = match i % 700 {
                600 => 1 << 40,
                601 => 3,
                _ => u64::from(i) * 90,
            };
            let len = [40, 65_534, 65_535, 1 << 27][(i % 97).min(3) as usize];
            let line = if i % 300 == 299 { u32::MAX } else { i * 2 + 1 };
            pushed.push(Place { offset, len, line });
        }
        for &place in &pushed {
            places.push(place);
        }
        let mut parts = Places::default();
        for piece in pushed.chunks(370) {
            let mut later = Places::default();
            piece[1..].iter().for_each(|&place| later.push(place));
            parts.push(piece[0]);
            parts.append(&mut later);
            assert!(later.is_empty());
        }
        for places in [places, parts] {
            assert_eq!((0..2_000).filter_map(|event| places.get(event)).collect::<Vec<_>>(), pushed);
            assert_eq!(places.get(2_000), None);
            for from in [0, 1, 255, 256, 599, 1_500] {
                let some: Vec<Place> = places.iter(from..from + 400).collect();
                assert_eq!(some, pushed[from as usize..(from as usize + 400)], "from {from}");
            }
            assert_eq!(places.iter(1_990..3_000).count(), 10);
        }
    }

    #[test]
    fn a_run_ends_where_the_next_text_does_not_follow() {
        let mut places = Places::default();
        for offset in [0, 10, 20, 5, 15, 1_000] {
            places.push(Place { offset, len: 9, line: 1 });
        }
        assert_eq!(places.run(0, 100, 100), 3, "the fourth stands before the third");
        assert_eq!(places.run(0, 2, 100), 2);
        assert_eq!(places.run(0, 100, 19), 2);
        assert_eq!(places.run(0, 100, 1), 1, "the first is always taken");
        assert_eq!(places.run(3, 100, 100), 5);
        assert_eq!(places.run(5, 100, 100), 6);
        assert_eq!(places.run(6, 100, 100), 6);
    }
}
