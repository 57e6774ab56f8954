//! The least and the largest value of any stretch of a series, without walking over it: blocks of samples, blocks of blocks
//! and so on. Building is O(n); a query is O(log n). It takes one byte a sample beside the samples.

use std::ops::Range;

/// Samples in a block of the lowest level.
const BLOCK: usize = 32;
/// Blocks in one of the next level.
const FAN: usize = 4;

/// What a stretch of a series holds. A value that is not finite is a hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// The least value; infinite where there is none.
    pub min: f64,
    /// The largest value; minus infinite where there is none.
    pub max: f64,
    /// True when there is a hole.
    pub holes: bool,
}

impl Extent {
    /// Nothing at all.
    pub const NONE: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY, holes: false };

    /// What one sample holds.
    pub const fn of(value: f64) -> Self {
        if value.is_finite() {
            Self { min: value, max: value, holes: false }
        } else {
            Self { holes: true, ..Self::NONE }
        }
    }

    /// What both hold together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max), holes: self.holes || other.holes }
    }

    /// True when there is no value, only holes or nothing.
    pub fn is_empty(&self) -> bool {
        self.min > self.max
    }
}

/// Blocks over a series. The series itself stays where it is and is handed in with every query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pyramid {
    samples: usize,
    levels: Vec<Level>,
}

/// Equal blocks, their parts kept apart so that a hole costs one byte.
#[derive(Debug, Clone, Default, PartialEq)]
struct Level {
    ranges: Vec<[f64; 2]>,
    holes: Vec<bool>,
    /// When each block begins.
    starts: Vec<f64>,
}

impl Level {
    fn collect(blocks: impl ExactSizeIterator<Item = (f64, Extent)>) -> Self {
        let count = blocks.len();
        let mut level = Self {
            ranges: Vec::with_capacity(count),
            holes: Vec::with_capacity(count),
            starts: Vec::with_capacity(count),
        };
        for (start, extent) in blocks {
            level.ranges.push([extent.min, extent.max]);
            level.holes.push(extent.holes);
            level.starts.push(start);
        }
        level
    }

    fn get(&self, block: usize) -> Extent {
        let [min, max] = self.ranges[block];
        Extent { min, max, holes: self.holes[block] }
    }

    fn over(&self, blocks: Range<usize>) -> Extent {
        blocks.fold(Extent::NONE, |all, block| all.and(self.get(block)))
    }
}

fn of_samples(values: &[f64]) -> Extent {
    values.iter().fold(Extent::NONE, |all, &value| all.and(Extent::of(value)))
}

/// A piece of a series that is seen as one: a block, or a sample where blocks are too long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// When it begins.
    pub start: f64,
    /// What it holds.
    pub extent: Extent,
}

impl Pyramid {
    /// The blocks over a series; what one of both lists has more than the other is left out.
    pub fn new(times: &[f64], values: &[f64]) -> Self {
        let samples = times.len().min(values.len());
        let blocks = values[..samples].chunks(BLOCK).zip(times.chunks(BLOCK));
        let mut levels = Vec::new();
        let mut level = Level::collect(blocks.map(|(values, times)| (times[0], of_samples(values))));
        while level.starts.len() > 1 {
            let blocks = level.starts.len();
            let next = Level::collect((0..blocks.div_ceil(FAN)).map(|block| {
                let first = block * FAN;
                (level.starts[first], level.over(first..(first + FAN).min(blocks)))
            }));
            levels.push(std::mem::replace(&mut level, next));
        }
        levels.push(level);
        Self { samples, levels }
    }

    /// What a stretch of the series holds. `values` is the series that it was built over; what is beyond its end is left out.
    pub fn extent(&self, values: &[f64], stretch: Range<usize>) -> Extent {
        let end = stretch.end.min(self.samples).min(values.len());
        let start = stretch.start.min(end);
        let (first, last) = (start.div_ceil(BLOCK), end / BLOCK);
        if first >= last {
            return of_samples(&values[start..end]);
        }
        let ends = of_samples(&values[start..first * BLOCK]).and(of_samples(&values[last * BLOCK..end]));
        ends.and(self.climb(first, last))
    }

    /// What whole blocks of the lowest level hold: the odd ones at both ends of each level, the others a level higher.
    fn climb(&self, mut first: usize, mut last: usize) -> Extent {
        let mut all = Extent::NONE;
        for level in &self.levels {
            let (up, down) = (first.div_ceil(FAN), last / FAN);
            if up >= down {
                return all.and(level.over(first..last));
            }
            all = all.and(level.over(first..up * FAN)).and(level.over(down * FAN..last));
            (first, last) = (up, down);
        }
        all
    }

    /// Goes over a stretch in pieces that last no longer than `longest`, whole blocks where they do. Every sample of the
    /// stretch is in one piece, and of the pieces at the ends some may be outside. O(pieces).
    pub fn pieces(
        &self,
        (times, values): (&[f64], &[f64]),
        stretch: Range<usize>,
        longest: f64,
        each: &mut impl FnMut(Piece),
    ) {
        let end = stretch.end.min(self.samples).min(values.len()).min(times.len());
        let stretch = stretch.start.min(end)..end;
        if stretch.is_empty() {
            return;
        }
        let top = self.levels.len() - 1;
        let walk = Walk { pyramid: self, times, values, stretch, longest };
        for block in 0..self.levels[top].starts.len() {
            walk.block(top, block, each);
        }
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.ranges.len() * (size_of::<[f64; 3]>() + 1)).sum()
    }
}

/// Going down from the widest blocks to those that are short enough.
struct Walk<'a> {
    pyramid: &'a Pyramid,
    times: &'a [f64],
    values: &'a [f64],
    stretch: Range<usize>,
    longest: f64,
}

impl Walk<'_> {
    fn block(&self, at: usize, block: usize, each: &mut impl FnMut(Piece)) {
        let level = &self.pyramid.levels[at];
        let size = BLOCK * FAN.pow(at as u32);
        let first = block * size;
        if first >= self.stretch.end || first + size <= self.stretch.start {
            return;
        }
        let start = level.starts[block];
        // The last block ends with its last sample.
        let end = level.starts.get(block + 1).or_else(|| self.times.last()).copied().unwrap_or(start);
        if end - start <= self.longest {
            each(Piece { start, extent: level.get(block) });
        } else if at > 0 {
            let below = self.pyramid.levels[at - 1].starts.len();
            for child in block * FAN..((block + 1) * FAN).min(below) {
                self.block(at - 1, child, each);
            }
        } else {
            for sample in first.max(self.stretch.start)..(first + size).min(self.stretch.end) {
                each(Piece { start: self.times[sample], extent: Extent::of(self.values[sample]) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![20 => -1e3..1e3_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => -1e300..1e300_f64]
    }

    fn counted(len: usize) -> Vec<f64> {
        (0..len).map(|at| at as f64).collect()
    }

    proptest! {
        #[test]
        fn every_stretch_holds_what_its_samples_hold(
            values in prop::collection::vec(value(), 0..3_000),
            stretches in prop::collection::vec((0..3_200_usize, 0..3_200_usize), 20),
        ) {
            let pyramid = Pyramid::new(&counted(values.len()), &values);
            for (start, end) in stretches {
                let samples = values.get(start.min(values.len())..end.min(values.len())).unwrap_or_default();
                prop_assert_eq!(pyramid.extent(&values, start..end), of_samples(samples), "{}..{}", start, end);
            }
        }
    }

    #[test]
    fn one_spike_and_one_hole_among_ten_million_samples_are_found() {
        let mut values: Vec<f64> = (0..10_000_000_u32).map(|i| f64::from(i % 100)).collect();
        values[6_543_210] = 1e9;
        values[1_234_567] = f64::NAN;
        let times = counted(values.len());
        let pyramid = Pyramid::new(&times, &values);
        assert_eq!(pyramid.extent(&values, 0..values.len()), Extent { min: 0.0, max: 1e9, holes: true });
        for (column, width) in [(0, 10_000_000 / 1_283), (6_543_210 / 7_794, 7_794)] {
            let stretch = column * width..(column + 1) * width;
            assert_eq!(pyramid.extent(&values, stretch.clone()), of_samples(&values[stretch]));
        }
        assert!(pyramid.bytes() < 11_000_000, "{} bytes", pyramid.bytes());
        let (mut pieces, mut all) = (0, Extent::NONE);
        pyramid.pieces((&times, &values), 0..values.len(), 10_000_000.0 / 3_200.0, &mut |piece| {
            pieces += 1;
            all = all.and(piece.extent);
        });
        assert!(pieces < 3_200 * 4 + 4, "{pieces} pieces");
        assert_eq!(all, Extent { min: 0.0, max: 1e9, holes: true });
    }
}
