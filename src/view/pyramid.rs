//! The least and the largest value of any stretch of a series, without walking over it: blocks of samples, blocks of blocks
//! and so on. Building is O(n); a query is O(log n). It takes 0.7 bytes a sample beside the samples.

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
    const fn of(value: f64) -> Self {
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

/// Extents of equal blocks, kept apart so that a hole costs one byte.
#[derive(Debug, Clone, Default, PartialEq)]
struct Level {
    ranges: Vec<[f64; 2]>,
    holes: Vec<bool>,
}

impl Level {
    fn collect(extents: impl ExactSizeIterator<Item = Extent>) -> Self {
        let mut level = Self { ranges: Vec::with_capacity(extents.len()), holes: Vec::with_capacity(extents.len()) };
        for extent in extents {
            level.ranges.push([extent.min, extent.max]);
            level.holes.push(extent.holes);
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

impl Pyramid {
    /// The blocks over a series.
    pub fn new(values: &[f64]) -> Self {
        let mut levels = Vec::new();
        let mut level = Level::collect(values.chunks(BLOCK).map(of_samples));
        while level.ranges.len() > 1 {
            let blocks = level.ranges.len();
            let next = Level::collect(
                (0..blocks.div_ceil(FAN)).map(|block| level.over(block * FAN..((block + 1) * FAN).min(blocks))),
            );
            levels.push(std::mem::replace(&mut level, next));
        }
        levels.push(level);
        Self { samples: values.len(), levels }
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

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.ranges.len() * size_of::<[f64; 2]>() + level.holes.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![20 => -1e3..1e3_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => -1e300..1e300_f64]
    }

    proptest! {
        #[test]
        fn every_stretch_holds_what_its_samples_hold(
            values in prop::collection::vec(value(), 0..3_000),
            stretches in prop::collection::vec((0..3_200_usize, 0..3_200_usize), 20),
        ) {
            let pyramid = Pyramid::new(&values);
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
        let pyramid = Pyramid::new(&values);
        assert_eq!(pyramid.extent(&values, 0..values.len()), Extent { min: 0.0, max: 1e9, holes: true });
        for (column, width) in [(0, 10_000_000 / 1_283), (6_543_210 / 7_794, 7_794)] {
            let stretch = column * width..(column + 1) * width;
            assert_eq!(pyramid.extent(&values, stretch.clone()), of_samples(&values[stretch]));
        }
        assert!(pyramid.bytes() < 8_000_000, "{} bytes", pyramid.bytes());
    }
}
