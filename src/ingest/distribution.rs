//! How the measurements of a histogram are distributed: quantiles from counts in buckets.

use std::collections::BTreeMap;

use super::metric_document::{Amount, Buckets, ExponentialPoint, HistogramPoint};

/// The scales that buckets may have, after the data model of OpenTelemetry.
const SCALES: std::ops::RangeInclusive<i64> = -10..=20;

/// Counts of measurements in buckets.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Buckets up to each of some bounds, and one behind the last.
    Explicit {
        /// The bounds, ascending.
        bounds: Vec<f64>,
        /// A count for each bucket.
        counts: Vec<f64>,
    },
    /// Buckets that grow with a power of 2 to the minus `scale`th of 2, by their places.
    Exponential {
        /// The scale.
        scale: i64,
        /// The counts below, of and above zero: the bucket at `place` ends at the base to the power of `place + 1`.
        below: BTreeMap<i64, f64>,
        /// How many are zero, or as near to it as makes no difference.
        zero: f64,
        /// Those above.
        above: BTreeMap<i64, f64>,
    },
}

impl Distribution {
    /// The buckets of a point; `None` where there are none, or they make no sense.
    pub fn explicit(point: &HistogramPoint<'_>) -> Option<Self> {
        let bounds: Vec<f64> = point.explicit_bounds.iter().filter_map(Amount::value).collect();
        let counts: Vec<f64> = point.bucket_counts.iter().map(|count| count.0 as f64).collect();
        let ascending = bounds.windows(2).all(|pair| pair[0] < pair[1]) && bounds.iter().all(|bound| bound.is_finite());
        let fits = bounds.len() == point.explicit_bounds.len() && counts.len() == bounds.len() + 1;
        (fits && ascending && !bounds.is_empty() && counts.iter().all(|&count| count >= 0.0))
            .then_some(Self::Explicit { bounds, counts })
    }

    /// The same of an exponential histogram.
    pub fn exponential(point: &ExponentialPoint<'_>) -> Option<Self> {
        let scale = point.scale.0;
        let of = |buckets: &Buckets| -> BTreeMap<i64, f64> {
            let counts = buckets.bucket_counts.iter().map(|count| count.0.max(0) as f64);
            let places = (0..).map(|place: i64| buckets.offset.0.saturating_add(place));
            places.zip(counts).filter(|(_, count)| *count > 0.0).collect()
        };
        let zero = point.zero_count.0.max(0) as f64;
        let distribution = Self::Exponential { scale, below: of(&point.negative), zero, above: of(&point.positive) };
        (SCALES.contains(&scale) && distribution.all() > 0.0).then_some(distribution)
    }

    /// How many measurements there are.
    fn all(&self) -> f64 {
        match self {
            Self::Explicit { counts, .. } => counts.iter().sum(),
            Self::Exponential { below, zero, above, .. } => below.values().chain(above.values()).sum::<f64>() + zero,
        }
    }

    /// What came since another one of the same stream; `None` where that has other buckets, or more in one.
    pub fn since(&self, before: &Self) -> Option<Self> {
        let fewer = |now: &BTreeMap<i64, f64>, then: &BTreeMap<i64, f64>| {
            let mut left = now.clone();
            for (place, count) in then {
                *left.entry(*place).or_default() -= count;
            }
            left.values().all(|&count| count >= 0.0).then_some(left)
        };
        match (self, before) {
            (Self::Explicit { bounds, counts }, Self::Explicit { bounds: same, counts: then }) if bounds == same => {
                let counts: Vec<f64> = counts.iter().zip(then).map(|(now, then)| now - then).collect();
                let bounds = bounds.clone();
                counts.iter().all(|&count| count >= 0.0).then_some(Self::Explicit { bounds, counts })
            }
            (Self::Exponential { scale, .. }, Self::Exponential { scale: other, .. }) => {
                let scale = *scale.min(other);
                let (
                    Self::Exponential { below, zero, above, .. },
                    Self::Exponential { below: b, zero: z, above: a, .. },
                ) = (self.coarser(scale), before.coarser(scale))
                else {
                    return None;
                };
                let zero = (zero >= z).then_some(zero - z)?;
                Some(Self::Exponential { scale, below: fewer(&below, &b)?, zero, above: fewer(&above, &a)? })
            }
            _ => None,
        }
    }

    /// The same with the buckets of a coarser scale: two neighbours are one for each step.
    fn coarser(&self, to: i64) -> Self {
        let Self::Exponential { scale, below, zero, above } = self else { return self.clone() };
        let steps = (scale - to).clamp(0, 63);
        let merged = |buckets: &BTreeMap<i64, f64>| {
            let mut merged: BTreeMap<i64, f64> = BTreeMap::new();
            for (place, count) in buckets {
                *merged.entry(place >> steps).or_default() += count;
            }
            merged
        };
        Self::Exponential { scale: to, below: merged(below), zero: *zero, above: merged(above) }
    }

    /// Every bucket with something in it: from, to, how many; ascending. An open end is as wide as nothing.
    fn buckets(&self) -> Vec<(f64, f64, f64)> {
        let buckets: Vec<(f64, f64, f64)> = match self {
            Self::Explicit { bounds, counts } => {
                let (first, last) = (bounds[0], bounds[bounds.len() - 1]);
                let from = std::iter::once(if first > 0.0 { 0.0 } else { first }).chain(bounds.iter().copied());
                let to = bounds.iter().copied().chain([last]);
                from.zip(to).zip(counts).map(|((from, to), &count)| (from, to, count)).collect()
            }
            Self::Exponential { scale, below, zero, above } => {
                let bound = |place: i64| (place as f64 * (-*scale as f64).exp2()).exp2();
                let lower = below.iter().rev().map(|(&place, &n)| (-bound(place.saturating_add(1)), -bound(place), n));
                let upper = above.iter().map(|(&place, &n)| (bound(place), bound(place.saturating_add(1)), n));
                lower.chain([(0.0, 0.0, *zero)]).chain(upper).collect()
            }
        };
        buckets.into_iter().filter(|bucket| bucket.2 > 0.0).collect()
    }

    /// The value below which a share of the measurements is, spread evenly within a bucket, as Prometheus' `histogram_quantile`
    /// has it; `None` where there are no measurements or no such number.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let rank = share * self.all();
        let mut before = 0.0;
        let buckets = self.buckets();
        let last = buckets.last()?.1;
        for (from, to, count) in buckets {
            if before + count >= rank {
                let value = ((rank - before) / count).mul_add(to - from, from);
                return value.is_finite().then_some(value);
            }
            before += count;
        }
        last.is_finite().then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explicit(counts: &[f64]) -> Distribution {
        Distribution::Explicit { bounds: vec![10.0, 20.0, 40.0], counts: counts.to_vec() }
    }

    fn close(value: Option<f64>, known: f64) {
        assert!((value.unwrap() - known).abs() < 1e-9, "{value:?} instead of {known}");
    }

    #[test]
    fn quantiles_lie_within_their_bucket() {
        close(explicit(&[10.0, 0.0, 0.0, 0.0]).quantile(0.5), 5.0);
        close(explicit(&[10.0, 10.0, 0.0, 0.0]).quantile(0.75), 15.0);
        close(explicit(&[0.0, 0.0, 0.0, 3.0]).quantile(0.5), 40.0);
        assert_eq!(explicit(&[0.0; 4]).quantile(0.5), None);
    }

    #[test]
    fn what_came_since_is_the_difference_unless_it_began_anew() {
        let (then, now) = (explicit(&[1.0, 2.0, 0.0, 0.0]), explicit(&[1.0, 12.0, 0.0, 0.0]));
        assert_eq!(now.since(&then), Some(explicit(&[0.0, 10.0, 0.0, 0.0])));
        assert_eq!(then.since(&now), None);
    }

    fn exponential(scale: i64, above: &[(i64, f64)]) -> Distribution {
        Distribution::Exponential {
            scale,
            below: BTreeMap::from([(0, 1.0)]),
            zero: 1.0,
            above: above.iter().copied().collect(),
        }
    }

    #[test]
    fn exponential_buckets_grow_and_become_coarser() {
        // At scale 0 the buckets end at powers of 2: (-2, -1], 0, (4, 8].
        let distribution = exponential(0, &[(2, 8.0)]);
        close(distribution.quantile(0.1), -1.0);
        close(distribution.quantile(0.2), 0.0);
        close(distribution.quantile(0.6), 6.0);
        let finer = exponential(1, &[(4, 3.0), (5, 9.0)]);
        let since = finer.since(&distribution).unwrap();
        let Distribution::Exponential { scale, above, zero, .. } = since else { panic!("another kind") };
        assert_eq!((scale, above, zero), (0, BTreeMap::from([(2, 4.0)]), 0.0));
    }
}
