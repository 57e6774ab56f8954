//! Where the events' texts stand: little more than two bytes an event, since they mostly follow each other at equal distances.

use std::ops::Range;

use super::Place;

/// Events of a stretch at most: so many lengths are added up to find one of them.
const STRETCH: u32 = 64;
/// The length of a text that is longer than is written with the others.
const LONG: u16 = u16::MAX;

/// Events whose texts follow each other at equal distances.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The first event, and its offset and line.
    first: u32,
    line: u32,
    offset: u64,
    /// Bytes between two texts, and lines from one to the next.
    gap: u32,
    lines: u32,
}

/// One [`Place`] for each event. What follows nothing begins a stretch of its own, which costs another 24 bytes.
#[derive(Debug, Clone, Default)]
pub struct Places {
    lens: Vec<u16>,
    stretches: Vec<Stretch>,
    /// Lengths of long texts, by event.
    long: Vec<(u32, u32)>,
    /// The place of the last event.
    last: Place,
}

impl Places {
    /// Appends the place of the next event.
    pub fn push(&mut self, place: Place) {
        let event = self.lens.len() as u32;
        let gap = place.offset.checked_sub(self.last.offset + u64::from(self.last.len));
        let gap = gap.and_then(|gap| u32::try_from(gap).ok());
        let lines = place.line.checked_sub(self.last.line);
        let follows = match (self.stretches.last_mut(), gap.zip(lines)) {
            (Some(stretch), Some((gap, lines))) if event - stretch.first < STRETCH => {
                if event - stretch.first == 1 {
                    (stretch.gap, stretch.lines) = (gap, lines);
                }
                (stretch.gap, stretch.lines) == (gap, lines)
            }
            _ => false,
        };
        if !follows {
            let Place { offset, line, .. } = place;
            self.stretches.push(Stretch { first: event, line, offset, gap: 0, lines: 0 });
        }
        let len = u16::try_from(place.len).unwrap_or(LONG);
        if len == LONG {
            self.long.push((event, place.len));
        }
        self.lens.push(len);
        self.last = place;
    }

    /// The place of an event, if there is such an event.
    pub fn get(&self, event: u32) -> Option<Place> {
        self.iter(event..event.saturating_add(1)).next()
    }

    /// The places of these events, one after another: faster than asking for each.
    pub fn iter(&self, events: Range<u32>) -> impl Iterator<Item = Place> {
        let end = events.end.min(self.lens.len() as u32);
        let mut next = self.stretches.partition_point(|stretch| stretch.first <= events.start);
        // From the beginning of the stretch on, since each place follows from the one before.
        let from = next.checked_sub(1).map_or(0, |at| self.stretches[at].first);
        next = next.saturating_sub(1);
        let (mut offset, mut line) = (0, 0);
        let mut distance = (0, 0);
        let all = (from..end).map(move |event| {
            if let Some(stretch) = self.stretches.get(next).filter(|stretch| stretch.first == event) {
                (offset, line) = (stretch.offset, stretch.line);
                distance = (stretch.gap, stretch.lines);
                next += 1;
            }
            let place = Place { offset, len: self.len_of(event), line };
            offset += u64::from(place.len) + u64::from(distance.0);
            line = line.wrapping_add(distance.1);
            place
        });
        all.skip((events.start.min(end) - from.min(end)) as usize)
    }

    fn len_of(&self, event: u32) -> u32 {
        match self.lens[event as usize] {
            LONG => self.long.binary_search_by_key(&event, |l| l.0).map_or(0, |at| self.long[at].1),
            len => len.into(),
        }
    }

    /// The first event whose text begins at an offset or behind it, where texts stand in the order of the events; behind the last
    /// one where none does.
    pub fn first_from(&self, offset: u64) -> u32 {
        let next = self.stretches.partition_point(|stretch| stretch.offset < offset);
        let Some(stretch) = next.checked_sub(1).map(|at| self.stretches[at]) else { return 0 };
        let end = self.stretches.get(next).map_or(self.len() as u32, |next| next.first);
        stretch.first + self.iter(stretch.first..end).take_while(|place| place.offset < offset).count() as u32
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
        if later.is_empty() {
            return;
        }
        let base = self.lens.len() as u32;
        self.lens.append(&mut later.lens);
        self.stretches.extend(later.stretches.drain(..).map(|s| Stretch { first: s.first + base, ..s }));
        self.long.extend(later.long.drain(..).map(|(event, len)| (event + base, len)));
        self.last = std::mem::take(&mut later.last);
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        // Without that much room it grows as it must.
        let _unneeded = self.lens.try_reserve_exact(more);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.lens.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.lens.is_empty()
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
    fn events_are_found_by_where_their_texts_begin() {
        let mut places = Places::default();
        assert_eq!(places.first_from(0), 0);
        // Some follow each other, some do not.
        let offsets: Vec<u64> = (0..500_u64).map(|at| at * 10 + at / 100 * 7).collect();
        for &offset in &offsets {
            places.push(Place { offset, len: 9, line: 1 });
        }
        for offset in 0..5_100 {
            let found = offsets.partition_point(|&at| at < offset) as u32;
            assert_eq!(places.first_from(offset), found, "from byte {offset}");
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
