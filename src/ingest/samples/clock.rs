//! Which column is the time, and what its numbers mean.

use super::roles::unit;

/// Names of times, the likeliest first.
const NAMES: [&str; 12] =
    ["t_s", "time_s", "t", "time", "timestamp", "timestamp_s", "ts", "datetime", "date", "seconds", "t_ms", "time_us"];

/// The column of the times: that of a likely name; `None` where moments are only counted.
pub fn column<'n>(names: impl Iterator<Item = &'n str>) -> Option<usize> {
    let bare = |name: &str| {
        let cut = name.split(['[', '(']).next().unwrap_or(name).trim().to_ascii_lowercase();
        NAMES
            .iter()
            .position(|known| *known == cut)
            .or_else(|| NAMES.iter().position(|known| cut.strip_suffix("_ns").is_some_and(|stem| stem == *known)))
            .or_else(|| {
                ["timestamp_us", "timestamp_ms", "t_us", "time_ms"].contains(&cut.as_str()).then_some(NAMES.len())
            })
    };
    let names = names.enumerate().filter_map(|(at, name)| Some((bare(name)?, at)));
    names.min().map(|(_, at)| at)
}

/// The column that numbers the steps.
pub fn step_column<'n>(names: impl Iterator<Item = &'n str>) -> Option<usize> {
    names
        .enumerate()
        .find(|(_, name)| ["step", "sample", "seq", "k", "index"].contains(&&*name.to_ascii_lowercase()))
        .map(|(at, _)| at)
}

/// Nanoseconds in one of the unit that a column's name tells.
pub fn named_unit(name: &str) -> Option<i128> {
    Some(match unit(name)?.to_ascii_lowercase().as_str() {
        "s" | "sec" | "seconds" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "µs" => 1_000,
        "ns" => 1,
        _ => return None,
    })
}

/// A time as text: the number, exactly, or the date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A decimal number, times 10⁹.
    Number(i128),
    /// Nanoseconds since 1970.
    Date(i64),
}

/// Reads a number or a date.
pub fn reading(text: &str) -> Option<Reading> {
    if let Some(number) = nanos(text) {
        return Some(Reading::Number(number));
    }
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    i64::try_from(stamp.as_nanosecond()).ok().map(Reading::Date)
}

/// A decimal number times 10⁹, without a float on the way unless it has an exponent.
fn nanos(text: &str) -> Option<i128> {
    if text.contains(['e', 'E']) {
        let value: f64 = text.parse().ok()?;
        return (value.abs() < 1e18).then(|| (value * 1e9).round() as i128);
    }
    let (negative, bare) = text.strip_prefix('-').map_or((false, text), |bare| (true, bare));
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !digits(whole) || !digits(fraction) || whole.len() > 20 {
        return None;
    }
    let mut value: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    for at in 0..9 {
        value = value * 10 + i128::from(fraction.as_bytes().get(at).map_or(0, |digit| digit - b'0'));
    }
    // Rounded at the tenth digit: programs write 0.30000000000000004.
    value += i128::from(fraction.as_bytes().get(9).is_some_and(|digit| *digit >= b'5'));
    Some(if negative { -value } else { value })
}

/// Nanoseconds in one of what the numbers of a column count, where its name does not say: by their size since 1970, or microseconds
/// where whole numbers move by hundreds, as flight logs count; else seconds.
pub fn guessed_unit(numbers: &[i128]) -> i128 {
    const ONE: i128 = 1_000_000_000;
    let most = numbers.iter().map(|n| n.abs()).max().unwrap_or(0) / ONE;
    let mut steps: Vec<i128> =
        numbers.windows(2).map(|pair| (pair[1] - pair[0]) / ONE).filter(|step| *step > 0).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied().unwrap_or(0);
    let whole = numbers.iter().all(|n| n % ONE == 0);
    match most {
        100_000_000_000_000_000.. => 1,
        100_000_000_000_000.. => 1_000,
        100_000_000_000.. => 1_000_000,
        1_000_000_000.. if usual < 1_000_000 => ONE,
        _ if whole && usual >= 500 => 1_000,
        _ => ONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_exactly() {
        assert_eq!(reading("0.1"), Some(Reading::Number(100_000_000)));
        assert_eq!(reading("-1.5"), Some(Reading::Number(-1_500_000_000)));
        assert_eq!(reading("0.30000000000000004"), Some(Reading::Number(300_000_000)));
        assert_eq!(reading("2013-07-04 01:00:00"), Some(Reading::Date(1_372_899_600_000_000_000)));
        assert_eq!((reading("soon"), reading(""), reading("1.2.3")), (None, None, None));
    }

    #[test]
    fn the_time_is_known_by_its_name_and_its_unit_by_name_or_size() {
        let of = |names: &[&str]| column(names.iter().copied());
        assert_eq!((of(&["a", "timestamp", "t_s"]), of(&["a", "b"]), of(&["Time [ms]"])), (Some(2), None, Some(0)));
        assert_eq!(
            (named_unit("Time [ms]"), named_unit("t_s"), named_unit("time")),
            (Some(1_000_000), Some(1_000_000_000), None)
        );
        let scaled = |numbers: &[i128]| guessed_unit(&numbers.iter().map(|n| n * 1_000_000_000).collect::<Vec<_>>());
        assert_eq!(scaled(&[112_574_307, 112_650_307]), 1_000, "a flight log");
        assert_eq!(scaled(&[0, 1, 2]), 1_000_000_000);
        assert_eq!(scaled(&[1_700_000_000_000, 1_700_000_000_100]), 1_000_000);
    }
}
