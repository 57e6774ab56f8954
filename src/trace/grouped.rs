//! Numbers as people read them.

/// A number in groups of three: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds as people write them.
pub fn milliseconds(ms: f64) -> String {
    finer_milliseconds(ms, 0)
}

/// The same with so many digits more.
fn finer_milliseconds(ms: f64, more: usize) -> String {
    let (number, unit, digits) = if ms >= 1000.0 {
        (ms / 1000.0, "s", 2)
    } else if ms >= 0.1 {
        (ms, "ms", usize::from(ms < 10.0))
    } else {
        (ms * 1000.0, "µs", 0)
    };
    format!("{number:.0$} {unit}", digits + more)
}

/// Two times in milliseconds: `0.24 ms instead of 0.19 ms`, with as many digits as it takes to tell them apart.
pub fn time_instead(now: f64, before: f64) -> String {
    instead(now, before, finer_milliseconds)
}

/// Two shares in percent: `34 % instead of 2 %`, in the same way.
pub fn percent_instead(now: f64, before: f64) -> String {
    instead(now, before, |percent, digits| format!("{percent:.digits$} %"))
}

fn instead(now: f64, before: f64, write: impl Fn(f64, usize) -> String) -> String {
    const MOST: usize = 3;
    let both = |digits| (write(now, digits), write(before, digits));
    let (now, before) = (0..MOST).map(both).find(|(now, before)| now != before).unwrap_or_else(|| both(0));
    format!("{now} instead of {before}")
}

#[cfg(test)]
mod tests {
    use super::{grouped, percent_instead, time_instead};

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!([0, 999, 1000, 12_345, 9_999_999].map(grouped), ["0", "999", "1,000", "12,345", "9,999,999"]);
    }

    #[test]
    fn two_numbers_that_differ_are_told_apart() {
        assert_eq!(time_instead(0.24, 0.19), "0.24 ms instead of 0.19 ms");
        assert_eq!(time_instead(312.0, 17.2), "312 ms instead of 17 ms");
        assert_eq!(time_instead(17.31, 17.29), "17.31 ms instead of 17.29 ms");
        assert_eq!(time_instead(0.0201, 0.0199), "20.1 µs instead of 19.9 µs");
        assert_eq!(time_instead(5.0, 5.0), "5.0 ms instead of 5.0 ms");
        assert_eq!(percent_instead(34.2, 2.1), "34 % instead of 2 %");
        assert_eq!(percent_instead(2.4, 1.9), "2.4 % instead of 1.9 %");
    }
}
