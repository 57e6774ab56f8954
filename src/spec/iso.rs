//! The commonest spelling of a time, `2025-03-01T00:00:00.000001Z`, read without looking for any other.

/// Reads times one after another: the next one is mostly in the same minute.
#[derive(Debug, Clone, Default)]
pub(crate) struct Utc {
    /// The last minute as it was spelled, such as `2025-03-01T00:00`, and its seconds since the epoch.
    last: Option<([u8; 16], i64)>,
}

impl Utc {
    /// Seconds since the epoch and nanoseconds of a date and time in UTC (or without an offset, which is taken as UTC).
    /// `None` for every other spelling, and for what is no time.
    pub(crate) fn read(&mut self, text: &str) -> Option<(i64, u32)> {
        let (minute, rest) = text.as_bytes().split_first_chunk::<16>()?;
        let ([b':', tens, ones], rest) = rest.split_first_chunk()? else { return None };
        let [tens, ones] = [tens, ones].map(|digit| digit.wrapping_sub(b'0'));
        if tens > 5 || ones > 9 {
            return None;
        }
        let before = match self.last {
            Some((last, before)) if last == *minute => before,
            _ => {
                let before = seconds_before(minute)?;
                self.last = Some((*minute, before));
                before
            }
        };
        Some((before + i64::from(tens * 10 + ones), nanos(rest)?))
    }
}

/// Seconds from the epoch to a minute, `2025-03-01T00:00`.
#[cold]
fn seconds_before(minute: &[u8; 16]) -> Option<i64> {
    if [minute[4], minute[7], minute[13]] != *b"--:" || !matches!(minute[10], b'T' | b' ') {
        return None;
    }
    let number = |from: usize, digits: usize| {
        minute[from..from + digits].iter().try_fold(0_i64, |sum, digit| {
            let digit = digit.wrapping_sub(b'0');
            (digit < 10).then(|| sum * 10 + i64::from(digit))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute) = (number(11, 2)?, number(14, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=days).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    Some(days_before(year, month, day) * 86_400 + hour * 3_600 + minute * 60)
}

/// The nanoseconds of what stands behind the seconds: nothing, or a fraction, with or without a `Z`.
fn nanos(rest: &[u8]) -> Option<u32> {
    let digits = match rest.strip_suffix(b"Z").unwrap_or(rest) {
        [] => return Some(0),
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => digits,
        _ => return None,
    };
    let number = digits.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })?;
    Some(number * POWERS[9 - digits.len()])
}

const POWERS: [u32; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Days from the epoch to a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
const fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::Utc;

    #[test]
    fn it_is_the_time_that_the_calendar_says() {
        let mut one_by_one = Utc::default();
        for year in [1, 1582, 1600, 1899, 1900, 1969, 1970, 1972, 2000, 2024, 2025, 2100, 9998] {
            for (month, day) in [(1, 1), (2, 28), (2, 29), (3, 1), (4, 31), (6, 30), (12, 31), (13, 1), (0, 9), (5, 0)]
            {
                for rest in ["T23:59:59.000001Z", " 00:00:00", "T12:30:01.123456789Z", "T24:00:00Z", "T01:02:03.5"] {
                    let text = format!("{year:04}-{month:02}-{day:02}{rest}");
                    let theirs = (text.trim_end_matches('Z').parse::<jiff::civil::DateTime>().ok())
                        .and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC).ok())
                        .map(|zoned| {
                            (
                                zoned.timestamp().as_nanosecond().div_euclid(1_000_000_000) as i64,
                                zoned.timestamp().as_nanosecond().rem_euclid(1_000_000_000) as u32,
                            )
                        });
                    assert_eq!(Utc::default().read(&text), theirs, "{text}");
                    assert_eq!(one_by_one.read(&text), theirs, "{text} behind another");
                }
            }
        }
    }

    #[test]
    fn other_spellings_are_left_to_others() {
        for text in [
            "2025-03-01",
            "2025-03-01T00:00:00+01:00",
            "2025-03-01T00:00:00.Z",
            "2025-03-01T00:00:00.1234567890Z",
            "2025-03-01T00:00:60Z",
            "2025-03-01T00:00:00.12x4Z",
            "2025-03-01t00:00:00Z",
            "20250301T000000Z",
        ] {
            assert_eq!(Utc::default().read(text), None, "{text}");
        }
    }
}
