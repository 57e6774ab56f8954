//! The two sides of a pair.

use serde::{Deserialize, Serialize};

/// One of the two recordings of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The baseline: the run that went right.
    Expected,
    /// The candidate: the run in question.
    Actual,
}

impl Side {
    /// Both sides, expected first.
    pub const BOTH: [Self; 2] = [Self::Expected, Self::Actual];

    /// The opposite side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Expected => Self::Actual,
            Self::Actual => Self::Expected,
        }
    }

    /// `expected` or `actual`: the word used on screen, in JSON and in anchors.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Actual => "actual",
        }
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// One `T` for each side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sides<T> {
    /// The baseline's.
    pub expected: T,
    /// The candidate's.
    pub actual: T,
}

impl<T> Sides<T> {
    /// Pairs two things up, expected first.
    pub const fn new(expected: T, actual: T) -> Self {
        Self { expected, actual }
    }

    /// Borrows the one of `side`.
    pub const fn get(&self, side: Side) -> &T {
        match side {
            Side::Expected => &self.expected,
            Side::Actual => &self.actual,
        }
    }

    /// Borrows the one of `side` to change it.
    pub const fn get_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Expected => &mut self.expected,
            Side::Actual => &mut self.actual,
        }
    }

    /// Applies `f` to both, expected first.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Sides<U> {
        Sides { expected: f(self.expected), actual: f(self.actual) }
    }

    /// Borrows both.
    pub const fn as_ref(&self) -> Sides<&T> {
        Sides { expected: &self.expected, actual: &self.actual }
    }

    /// Exchanges the sides.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { expected: self.actual, actual: self.expected }
    }
}

impl<T> std::ops::Index<Side> for Sides<T> {
    type Output = T;
    fn index(&self, side: Side) -> &T {
        self.get(side)
    }
}

impl<T> std::ops::IndexMut<Side> for Sides<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        self.get_mut(side)
    }
}
