//! When a burst of changes is over: a pure machine that is told the time.

use std::time::{Duration, Instant};

/// A change is told this long after the last touch, so that a file being written is told once.
pub const SETTLE: Duration = Duration::from_millis(200);

/// A file that never rests is told nevertheless after this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Collects touches into one "it changed".
#[derive(Debug, Default)]
pub struct Settler {
    /// First and last touch of the burst that is not told yet.
    burst: Option<(Instant, Instant)>,
}

impl Settler {
    /// Something changed.
    pub fn touched(&mut self, now: Instant) {
        let first = self.burst.map_or(now, |(first, _)| first);
        self.burst = Some((first, now));
    }

    /// True once when a burst has settled; else how long to wait, if there is a burst.
    pub fn poll(&mut self, now: Instant) -> (bool, Option<Duration>) {
        let Some((first, last)) = self.burst else { return (false, None) };
        let due = (last + SETTLE).min(first + PATIENCE);
        if now >= due {
            self.burst = None;
            return (true, None);
        }
        (false, Some(due - now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_told_once_when_it_is_over() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut settler = Settler::default();
        assert_eq!(settler.poll(at(0)), (false, None));
        settler.touched(at(0));
        settler.touched(at(150));
        assert_eq!(settler.poll(at(250)), (false, Some(Duration::from_millis(100))));
        assert_eq!(settler.poll(at(350)), (true, None));
        assert_eq!(settler.poll(at(360)), (false, None));
    }

    #[test]
    fn a_file_that_never_rests_is_told_nevertheless() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut settler = Settler::default();
        for ms in (0..=2000).step_by(100) {
            settler.touched(at(ms));
        }
        assert_eq!(settler.poll(at(2000)), (true, None));
    }
}
