//! Which part of an axis is in sight: zoomed, moved, and never beyond what there is. All that share one are linked.

/// A part of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    whole: (f64, f64),
    from: f64,
    to: f64,
    least: f64,
}

impl Sight {
    /// All of an axis. At least `least` of it is in sight however far one zooms.
    pub fn new(from: f64, to: f64, least: f64) -> Self {
        let finite = |value: f64, other: f64| if value.is_finite() { value } else { other };
        let from = finite(from, 0.0);
        let to = finite(to, from + 1.0);
        let to = if to > from { to } else { from + 1.0 };
        let least = if least > 0.0 { least.min(to - from) } else { (to - from) * 1e-9 };
        Self { whole: (from, to), from, to, least }
    }

    /// Where it begins.
    pub const fn from(&self) -> f64 {
        self.from
    }

    /// Where it ends.
    pub const fn to(&self) -> f64 {
        self.to
    }

    /// How much is in sight.
    pub const fn width(&self) -> f64 {
        self.to - self.from
    }

    /// The whole axis.
    pub const fn whole(&self) -> (f64, f64) {
        self.whole
    }

    /// True when everything is in sight.
    pub fn is_whole(&self) -> bool {
        (self.from, self.to) == self.whole
    }

    /// Where a place stands, as a share of the width; beyond 0 to 1 when it is out of sight.
    pub const fn share(&self, at: f64) -> f64 {
        (at - self.from) / self.width()
    }

    /// The place at a share of the width.
    pub const fn at(&self, share: f64) -> f64 {
        self.from + share * self.width()
    }

    /// Brings everything into sight.
    pub const fn fit(&mut self) {
        (self.from, self.to) = self.whole;
    }

    /// Shows more or less; what stands at the share `at` stays there. `by` below one shows less.
    pub fn zoom(&mut self, at: f64, by: f64) {
        if !(at.is_finite() && by > 0.0) {
            return;
        }
        let fixed = self.at(at);
        let width = (self.width() * by).clamp(self.least, self.whole.1 - self.whole.0);
        self.place(fixed - width * at, width);
    }

    /// Moves by a share of the width.
    pub fn pan(&mut self, share: f64) {
        if share.is_finite() {
            self.place(self.from + self.width() * share, self.width());
        }
    }

    /// Shows from one place to another, in either order.
    pub fn show(&mut self, one: f64, other: f64) {
        if one.is_finite() && other.is_finite() {
            let (from, to) = (one.min(other), one.max(other));
            let width = (to - from).clamp(self.least, self.whole.1 - self.whole.0);
            self.place(f64::midpoint(from, to) - width / 2.0, width);
        }
    }

    /// Moves as little as possible to have a place in sight.
    pub fn reveal(&mut self, at: f64) {
        let margin = self.width() * 0.02;
        if at < self.from {
            self.place(at - margin, self.width());
        } else if at > self.to {
            self.place(at + margin - self.width(), self.width());
        }
    }

    fn place(&mut self, from: f64, width: f64) {
        let (low, high) = self.whole;
        self.from = from.clamp(low, (high - width).max(low));
        self.to = (self.from + width).min(high);
    }
}

/// A cursor, and a second one to measure from.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cursors {
    /// Where one looks.
    pub at: Option<f64>,
    /// Where one measures from.
    pub from: Option<f64>,
}

impl Cursors {
    /// How far the cursor is from where one measures.
    pub fn distance(&self) -> Option<f64> {
        Some(self.at? - self.from?)
    }

    /// Begins to measure at the cursor; ends it when it begins there.
    pub fn toggle_measure(&mut self) {
        self.from = if self.from == self.at { None } else { self.at };
    }

    /// Takes away what was put last; false when there is none.
    pub const fn close(&mut self) -> bool {
        if self.from.is_some() {
            self.from = None;
            return true;
        }
        self.at.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_stays_within_the_axis() {
        let mut sight = Sight::new(0.0, 10.0, 0.1);
        sight.zoom(0.25, 0.5);
        assert_eq!((sight.from(), sight.to()), (1.25, 6.25), "what stands at a quarter stays there");
        sight.pan(9.0);
        assert_eq!((sight.from(), sight.to()), (5.0, 10.0));
        sight.reveal(2.0);
        assert_eq!((sight.from(), sight.to()), (1.9, 6.9));
        sight.show(8.0, 8.0);
        assert!((sight.width() - 0.1).abs() < 1e-12 && sight.share(8.0) > 0.49);
        for _ in 0..99 {
            sight.zoom(0.3, 3.0);
        }
        assert!(sight.is_whole());
        for wrong in [f64::NAN, f64::INFINITY] {
            sight.zoom(wrong, 0.5);
            sight.pan(wrong);
            sight.show(wrong, 1.0);
        }
        assert!(sight.is_whole());
        assert_eq!(Sight::new(3.0, 3.0, 0.0).whole(), (3.0, 4.0), "a single moment has some width");
        assert_eq!(Sight::new(f64::INFINITY, f64::NEG_INFINITY, 0.0).whole(), (0.0, 1.0));
    }

    #[test]
    fn measuring_begins_at_the_cursor_and_ends_there() {
        let mut cursors = Cursors { at: Some(1.0), from: None };
        cursors.toggle_measure();
        assert_eq!(cursors.distance(), Some(0.0));
        cursors.at = Some(3.5);
        assert_eq!(cursors.distance(), Some(2.5));
        assert!(cursors.close() && cursors.at == Some(3.5), "the measure goes first");
        assert!(cursors.close() && !cursors.close());
    }
}
