//! Times as exact integer ticks: ISO-8601 texts and numbers in, ticks of the trace's unit out, no float on the way.

use super::iso::Utc;
use crate::trace::{Scalar, Unit};

/// How the time of an event is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The unit that a bare number is in.
    pub(crate) number_unit: Unit,
    /// The unit of the ticks.
    pub(crate) ticks: Unit,
}

/// Digits of the fraction of the seconds, when `text` is an ISO-8601 date and time.
pub(crate) fn iso_fraction(text: &str) -> Option<u8> {
    let bytes = text.as_bytes();
    if bytes.len() < 16 || bytes[4] != b'-' || bytes[7] != b'-' || !matches!(bytes[10], b'T' | b' ' | b't') {
        return None;
    }
    if !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let fraction =
        text[10..].split_once(['.', ',']).map_or(0, |(_, f)| f.bytes().take_while(u8::is_ascii_digit).count());
    iso_ticks(text, Unit::Seconds, &mut Utc::default())?;
    Some(fraction.min(12) as u8)
}

impl Clock {
    /// The ticks of a value, or `None` when it is no time or does not fit. `utc` has read those before.
    pub(crate) fn ticks(&self, value: Scalar<'_>, utc: &mut Utc) -> Option<i64> {
        match value {
            Scalar::Int(i) if self.number_unit == self.ticks => Some(i).filter(|&t| t != i64::MIN),
            Scalar::Int(i) => scale(i128::from(i), self.number_unit, self.ticks),
            Scalar::Uint(u) => scale(i128::from(u), self.number_unit, self.ticks),
            Scalar::Decimal(text) => decimal_ticks(text, self.number_unit, self.ticks),
            Scalar::Text(text) => iso_ticks(text, self.ticks, utc).or_else(|| {
                let number: i128 = text.parse().ok()?;
                scale(number, self.number_unit, self.ticks)
            }),
            Scalar::Null | Scalar::Bool(_) | Scalar::Json(_) => None,
        }
    }
}

fn scale(value: i128, from: Unit, to: Unit) -> Option<i64> {
    let (from, to) = (from.exponent(), to.exponent());
    let scaled =
        if to >= from { value.checked_mul(10_i128.pow(to - from))? } else { value.div_euclid(10_i128.pow(from - to)) };
    i64::try_from(scaled).ok().filter(|&t| t != i64::MIN)
}

/// `12.345` in `from` as ticks of `to`; digits finer than a tick are cut off.
fn decimal_ticks(text: &str, from: Unit, to: Unit) -> Option<i64> {
    let negative = text.starts_with('-');
    let bare = text.trim_start_matches('-');
    if bare.contains(['e', 'E']) {
        // Exponents are rare enough in times to go through a float, which is exact below 2^53 ticks.
        let ticks = text.parse::<f64>().ok()? * 10_f64.powi(to.exponent() as i32 - from.exponent() as i32);
        return (ticks.abs() < 9.0e15).then_some(ticks.round() as i64);
    }
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let shift = to.exponent().checked_sub(from.exponent())? as usize;
    let mut digits = String::with_capacity(whole.len() + shift);
    digits.push_str(whole);
    digits.extend(fraction.chars().chain(std::iter::repeat('0')).take(shift));
    let magnitude: i128 = digits.parse().ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

fn iso_ticks(text: &str, unit: Unit, utc: &mut Utc) -> Option<i64> {
    if let Some((seconds, nanos)) = utc.read(text) {
        let nanos = i64::from(nanos);
        let (second, rest) = match unit {
            Unit::Seconds => (1, 0),
            Unit::Millis => (1_000, nanos / 1_000_000),
            Unit::Micros => (1_000_000, nanos / 1_000),
            Unit::Nanos => (1_000_000_000, nanos),
            Unit::Picos => (1_000_000_000_000, nanos * 1_000),
            Unit::Femtos => (1_000_000_000_000_000, nanos * 1_000_000),
        };
        return seconds.checked_mul(second)?.checked_add(rest);
    }
    // `jiff` reads nanoseconds; a time without an offset is taken as UTC, and said to be.
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.trim_end_matches(['Z', 'z']).parse::<jiff::civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp())
    })?;
    scale(stamp.as_nanosecond(), Unit::Nanos, unit)
}

/// The coarsest unit that holds numbers of `unit` with this many fraction digits exactly.
pub(crate) fn unit_with_fraction(unit: Unit, fraction: u8) -> Unit {
    let needed = unit.exponent() + u32::from(fraction);
    Unit::ALL.into_iter().find(|u| u.exponent() >= needed).unwrap_or(Unit::Picos)
}

/// The unit of bare numbers: by the name's suffix, else by how large an epoch time would be, else milliseconds
/// (seconds for decimals). With the evidence in words.
pub(crate) fn number_unit(path: &str, largest: f64, decimal: bool) -> (Unit, &'static str) {
    for word in super::words::words(path).iter().rev() {
        match word.as_str() {
            "ns" | "nano" | "nanos" | "nanoseconds" => return (Unit::Nanos, "by name"),
            "us" | "micro" | "micros" | "microseconds" | "usec" => return (Unit::Micros, "by name"),
            "ms" | "milli" | "millis" | "milliseconds" | "msec" => return (Unit::Millis, "by name"),
            "ps" => return (Unit::Picos, "by name"),
            "s" | "secs" | "seconds" => return (Unit::Seconds, "by name"),
            _ => {}
        }
        if word.ends_with("nano") {
            return (Unit::Nanos, "by name");
        }
    }
    match largest {
        l if l >= 1e17 => (Unit::Nanos, "by magnitude"),
        l if l >= 1e14 => (Unit::Micros, "by magnitude"),
        l if l >= 1e11 => (Unit::Millis, "by magnitude"),
        l if l >= 1e8 => (Unit::Seconds, "by magnitude"),
        _ if decimal => (Unit::Seconds, "taken for seconds: no unit in its name"),
        _ => (Unit::Millis, "taken for milliseconds: no unit in its name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_times_are_exact_to_the_nanosecond() {
        let clock = Clock { number_unit: Unit::Millis, ticks: Unit::Nanos };
        assert_eq!(
            clock.ticks(Scalar::Text("1970-01-01T00:00:01.000000001Z"), &mut Utc::default()),
            Some(1_000_000_001)
        );
        assert_eq!(clock.ticks(Scalar::Text("1970-01-01T01:00:00+01:00"), &mut Utc::default()), Some(0));
        assert_eq!(clock.ticks(Scalar::Text("1970-01-01 00:00:02"), &mut Utc::default()), Some(2_000_000_000));
        assert_eq!(clock.ticks(Scalar::Text("soon"), &mut Utc::default()), None);
        assert_eq!(iso_fraction("2025-03-01T00:00:00.001500Z"), Some(6));
        assert_eq!(iso_fraction("not-a-date-at-all-x"), None);
    }

    #[test]
    fn numbers_never_pass_through_a_float() {
        let clock = Clock { number_unit: Unit::Seconds, ticks: Unit::Nanos };
        assert_eq!(
            clock.ticks(Scalar::Decimal("1745500803.123456789"), &mut Utc::default()),
            Some(1_745_500_803_123_456_789)
        );
        assert_eq!(clock.ticks(Scalar::Decimal("-0.1"), &mut Utc::default()), Some(-100_000_000));
        let ns = Clock { number_unit: Unit::Nanos, ticks: Unit::Nanos };
        assert_eq!(ns.ticks(Scalar::Int(9_007_199_254_740_993), &mut Utc::default()), Some(9_007_199_254_740_993));
    }

    #[test]
    fn units_come_from_name_then_magnitude() {
        assert_eq!(number_unit("ts_ns", 5.0, false).0, Unit::Nanos);
        assert_eq!(number_unit("t_s", 5.0, true).0, Unit::Seconds);
        assert_eq!(number_unit("timestamp", 1.7e12, false).0, Unit::Millis);
        assert_eq!(number_unit("startTimeUnixNano", 1.0, false).0, Unit::Nanos);
        assert_eq!(unit_with_fraction(Unit::Seconds, 1), Unit::Millis);
        assert_eq!(unit_with_fraction(Unit::Seconds, 7), Unit::Nanos);
    }
}
