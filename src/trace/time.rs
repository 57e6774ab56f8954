//! Time as integer ticks of one exact unit per trace.

use serde::{Deserialize, Serialize};

/// A unit of time. All conversions to a finer unit are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Microseconds.
    #[serde(rename = "us")]
    Micros,
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanos,
    /// Picoseconds.
    #[serde(rename = "ps")]
    Picos,
    /// Femtoseconds, which only waveforms count in.
    #[serde(rename = "fs")]
    Femtos,
}

impl Unit {
    /// The units of times in text, coarsest first: since 1970, a 64-bit count of anything finer would overflow.
    pub const ALL: [Self; 5] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos, Self::Picos];

    /// The power of ten of one second: a second is `10^exponent` of this unit.
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Seconds => 0,
            Self::Millis => 3,
            Self::Micros => 6,
            Self::Nanos => 9,
            Self::Picos => 12,
            Self::Femtos => 15,
        }
    }

    /// `s`, `ms`, `us`, `ns`, `ps` or `fs`: the spelling of files and JSON.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Nanos => "ns",
            Self::Picos => "ps",
            Self::Femtos => "fs",
        }
    }
}

/// What the ticks of a trace mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeScale {
    /// The unit of one tick.
    pub unit: Unit,
    /// The field the times were read from.
    pub field: String,
    /// True when tick 0 is 1970-01-01T00:00:00Z; otherwise the origin is the recording's own.
    pub epoch: bool,
}

/// One instant with its unit, as reports show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Ticks since the scale's origin.
    pub value: i64,
    /// The unit of one tick.
    pub unit: Unit,
}

impl std::fmt::Display for Time {
    /// `5 258 ms`: the number in groups of three, then the unit.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.value.unsigned_abs().to_string();
        if self.value < 0 {
            f.write_str("−")?;
        }
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str("\u{202f}")?;
            }
            write!(f, "{digit}")?;
        }
        let unit = if self.unit == Unit::Micros { "µs" } else { self.unit.symbol() };
        write!(f, "\u{202f}{unit}")
    }
}
