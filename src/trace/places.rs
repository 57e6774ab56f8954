//! Where the events' texts stand: eight bytes an event, since neighbours stand near each other.

use super::Place;

/// Events whose places are told relative to that of the first of them.
const CHUNK: usize = 256;
/// The length of a place that is not near its chunk's first.
const FAR: u16 = u16::MAX;

/// A place relative to its chunk's first.
#[derive(Debug, Clone, Copy)]
struct Near {
    offset: i32,
    len: u16,
    line: i16,
}

/// One [`Place`] for each event.
#[derive(Debug, Clone, Default)]
pub struct Places {
    near: Vec<Near>,
    /// The place of the first event of each chunk.
    firsts: Vec<Place>,
    /// Places that are too long or too far from their chunk's first, by event.
    far: Vec<(u32, Place)>,
}

impl Places {
    /// Appends the place of the next event.
    pub fn push(&mut self, place: Place) {
        if self.near.len().is_multiple_of(CHUNK) {
            self.firsts.push(place);
        }
        let first = self.firsts.last().copied().unwrap_or_default();
        let near = || {
            let len = u16::try_from(place.len).ok().filter(|&len| len != FAR)?;
            let offset = i32::try_from(place.offset.checked_signed_diff(first.offset)?).ok()?;
            let line = i16::try_from(place.line.checked_signed_diff(first.line)?).ok()?;
            Some(Near { offset, len, line })
        };
        let near = near().unwrap_or_else(|| {
            self.far.push((self.near.len() as u32, place));
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
        let first = self.firsts[event as usize / CHUNK];
        Some(Place {
            offset: first.offset.wrapping_add_signed(near.offset.into()),
            len: near.len.into(),
            line: first.line.wrapping_add_signed(near.line.into()),
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.near.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.near.is_empty()
    }

    /// All, in the order of events.
    pub fn iter(&self) -> impl Iterator<Item = Place> {
        (0..self.len() as u32).filter_map(|event| self.get(event))
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.near.clear();
        self.firsts.clear();
        self.far.clear();
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
        assert_eq!(places.iter().collect::<Vec<_>>(), pushed);
        assert_eq!(places.get(2_000), None);
    }
}
