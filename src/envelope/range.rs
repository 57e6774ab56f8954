//! Between which values good runs stay, and from where on a value is beyond them.

use super::ENOUGH;

/// Values below which nothing is known of how far they spread.
const LEAST: u32 = 8;
/// Beyond the furthest of all runs, as many times as that is beyond what is the furthest of the usual run: the furthest of
/// few runs is not the furthest that there is.
const BEYOND_FURTHEST: f64 = 2.0;
/// And as many times all that the values span.
const BEYOND_SPAN: f64 = 0.5;

/// The least and the largest value of each run.
#[derive(Debug, Clone, Default)]
pub struct Range {
    runs: Vec<(u32, f64, f64)>,
    values: u32,
}

impl Range {
    /// A value of a run. The values of a run come together.
    pub fn tell(&mut self, run: u32, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.values += 1;
        match self.runs.last_mut() {
            Some((told, least, most)) if *told == run => (*least, *most) = (least.min(value), most.max(value)),
            _ => self.runs.push((run, value, value)),
        }
    }

    /// True when the value is further out than what the runs that were told make likely. Never of fewer than [`ENOUGH`] runs.
    pub fn is_beyond(&self, value: f64) -> bool {
        self.is_enough() && (self.is_over(value, 1.0) || self.is_over(value, -1.0))
    }

    /// The same, only for values that are too large.
    pub fn is_above(&self, value: f64) -> bool {
        self.is_enough() && self.is_over(value, 1.0)
    }

    /// True when the value is within twice the span of all values.
    pub fn is_near(&self, value: f64) -> bool {
        let (least, most) = self.ends();
        let span = most - least;
        (least - span..=most + span).contains(&value)
    }

    fn is_enough(&self) -> bool {
        self.runs.len() as u32 >= ENOUGH && self.values >= LEAST
    }

    fn ends(&self) -> (f64, f64) {
        self.runs.iter().fold((f64::MAX, f64::MIN), |ends, run| (ends.0.min(run.1), ends.1.max(run.2)))
    }

    /// Whether the value is beyond the upper end, or with `way` -1 the lower.
    fn is_over(&self, value: f64, way: f64) -> bool {
        let mut furthest: Vec<f64> = self.runs.iter().map(|run| if way > 0.0 { run.2 } else { -run.1 }).collect();
        furthest.sort_unstable_by(f64::total_cmp);
        let (usual, end) = (furthest[furthest.len() / 2], furthest[furthest.len() - 1]);
        let (least, most) = self.ends();
        value * way > end + BEYOND_FURTHEST * (end - usual) + BEYOND_SPAN * (most - least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(runs: &[&[f64]]) -> Range {
        let mut range = Range::default();
        for (run, values) in (0..).zip(runs) {
            values.iter().for_each(|&value| range.tell(run, value));
        }
        range
    }

    #[test]
    fn beyond_is_further_than_the_furthest_by_what_runs_differ_in() {
        let five = range(&[&[10.0, 12.0], &[9.0, 11.0], &[10.0, 13.0], &[9.5, 12.0], &[10.0, 12.0]]);
        assert!(!five.is_beyond(13.5) && !five.is_beyond(16.0) && five.is_beyond(18.0));
        assert!(!five.is_beyond(6.0) && five.is_beyond(4.0) && !five.is_above(4.0));
        assert!(five.is_near(16.9) && !five.is_near(17.1));
    }

    #[test]
    fn few_runs_and_few_values_say_nothing() {
        assert!(!range(&[&[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0]]).is_beyond(99.0), "four runs");
        assert!(!range(&[&[1.0], &[1.0], &[1.0], &[1.0], &[1.0]]).is_beyond(99.0), "five values");
        let constant = range(&[&[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0]]);
        assert!(constant.is_beyond(2.0) && !constant.is_beyond(1.0));
        let mut wild = constant.clone();
        wild.tell(5, f64::NAN);
        assert!(wild.is_beyond(2.0) && !wild.is_beyond(f64::NAN));
    }
}
