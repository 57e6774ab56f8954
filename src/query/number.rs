//! Numbers in queries, with a unit where they are times.

use std::fmt;

use crate::trace::Unit;

/// A unit that may stand behind a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// One of the units of recordings.
    Of(Unit),
    /// `min`: sixty seconds.
    Minutes,
    /// `h`: sixty minutes.
    Hours,
}

impl TimeUnit {
    /// Every unit, longer spellings before those that they end in.
    pub const ALL: [Self; 8] = [
        Self::Minutes,
        Self::Hours,
        Self::Of(Unit::Millis),
        Self::Of(Unit::Micros),
        Self::Of(Unit::Nanos),
        Self::Of(Unit::Picos),
        Self::Of(Unit::Femtos),
        Self::Of(Unit::Seconds),
    ];

    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Of(unit) => unit.symbol(),
            Self::Minutes => "min",
            Self::Hours => "h",
        }
    }

    const fn seconds(self) -> (f64, u32) {
        match self {
            Self::Of(unit) => (1.0, unit.exponent()),
            Self::Minutes => (60.0, 0),
            Self::Hours => (3600.0, 0),
        }
    }
}

/// A number as it was written, with its unit if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    digits: String,
    value: f64,
    unit: Option<TimeUnit>,
}

impl Number {
    /// Reads `20`, `-1.5`, `1e9` or, with a unit, `1.5s`.
    pub fn read(text: &str) -> Option<Self> {
        let with = TimeUnit::ALL.into_iter().find_map(|unit| Some((text.strip_suffix(unit.symbol())?, Some(unit))));
        let micros = text.strip_suffix("µs").map(|digits| (digits, Some(TimeUnit::Of(Unit::Micros))));
        let (digits, unit) = micros.or(with).unwrap_or((text, None));
        let plain = digits.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let value: f64 = digits.parse().ok().filter(|value: &f64| plain && value.is_finite())?;
        Some(Self { digits: digits.to_owned(), value, unit })
    }

    /// The number, whatever its unit.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// Its unit, if one was written.
    pub const fn unit(&self) -> Option<TimeUnit> {
        self.unit
    }

    /// As a time in ticks of a recording's unit. Without a unit of its own it counts ticks.
    pub fn ticks(&self, of: Unit) -> f64 {
        let Some(unit) = self.unit else { return self.value };
        let (seconds, exponent) = unit.seconds();
        let shift = of.exponent() as i32 - exponent as i32;
        let ticks = if shift < 0 { self.value / 10_f64.powi(-shift) } else { self.value * 10_f64.powi(shift) };
        let ticks = ticks * seconds;
        // 0.1 s is exactly 100 ms, whatever a float makes of it.
        let whole = ticks.round();
        if (ticks - whole).abs() <= whole.abs() * 1e-12 { whole } else { ticks }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.digits, self.unit.map_or("", TimeUnit::symbol))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_their_units() {
        let ticks = |text: &str, unit| Number::read(text).map(|number| number.ticks(unit));
        assert_eq!(ticks("1.5s", Unit::Nanos), Some(1_500_000_000.0));
        assert_eq!(ticks("0.1s", Unit::Millis), Some(100.0));
        assert_eq!(ticks("250us", Unit::Millis), Some(0.25));
        assert_eq!(ticks("250µs", Unit::Nanos), Some(250_000.0));
        assert_eq!(ticks("2min", Unit::Seconds), Some(120.0));
        assert_eq!(ticks("1h", Unit::Seconds), Some(3600.0));
        assert_eq!(ticks("42", Unit::Millis), Some(42.0), "without a unit it counts ticks");
        for text in ["", "s", "x", "1.2.3", "inf", "nan", "1 s", "-", "--1", "+1"] {
            assert_eq!(Number::read(text), None, "{text:?}");
        }
        assert_eq!(Number::read("-1.50ms").map(|number| number.to_string()).as_deref(), Some("-1.50ms"));
    }
}
