//! JSON numbers, exact.

use super::fault::{Fault, Why};
use crate::trace::Scalar;

/// Up to this many digits no overflow of 64 bits is possible.
const SAFE_DIGITS: usize = 18;

/// The integer that starts at `at`, and the position behind it. `None` for what needs a closer look: other numbers, long ones
/// and what is no number.
#[expect(clippy::inline_always, reason = "as a call it costs more than it does")]
#[inline(always)]
pub fn integer(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    if let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk).map(|word| u64::from_le_bytes(*word)) {
        let bits = digit_bits(word);
        let leading_zero = word & 0xFF == u64::from(b'0') && bits > 8;
        // Seven digits at most, so that what follows them is in the word as well.
        if (8..=56).contains(&bits) && matches!((word >> bits) as u8, b',' | b'}') && !leading_zero {
            return Some((digits(word, bits), at + bits as usize / 8));
        }
    }
    longer_integer(bytes, at)
}

/// How many bits at the start of these eight bytes are digits. What is no digit is marked; the first mark is exact, and only that
/// one counts.
#[inline]
fn digit_bits(word: u64) -> u32 {
    let digits = word ^ 0x3030_3030_3030_3030;
    let others = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    others.trailing_zeros() & !7
}

/// The number that the first so many bits, at least one byte, are the digits of. All at once: each step joins neighbours
/// (Daniel Lemire, "Quickly parsing eight digits", 2018).
#[inline]
fn digits(word: u64, bits: u32) -> i64 {
    let digits = (word ^ 0x3030_3030_3030_3030) << (64 - bits);
    let pairs = (digits.wrapping_mul(10).wrapping_add(digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100).wrapping_add(pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    let value = (fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) & 0xFFFF_FFFF;
    value as i64
}

/// [`integer`], digit by digit.
#[inline(never)]
fn longer_integer(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let negative = bytes.get(at) == Some(&b'-');
    let from = at + usize::from(negative);
    let mut i = from;
    let mut value: i64 = 0;
    if let Some(word) = bytes.get(from..).and_then(<[u8]>::first_chunk).map(|word| u64::from_le_bytes(*word))
        && digit_bits(word) == 64
    {
        (value, i) = (digits(word, 64), from + 8);
    }
    while let Some(digit @ b'0'..=b'9') = bytes.get(i) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        i += 1;
    }
    let plain = match i - from {
        1 => !(negative && value == 0),
        2..=SAFE_DIGITS => bytes[from] != b'0',
        _ => false,
    };
    let whole = !matches!(bytes.get(i), Some(b'.' | b'e' | b'E'));
    (plain && whole).then_some((if negative { -value } else { value }, i))
}

/// The number that starts at `at` in `text`, and the position behind it.
#[inline]
pub fn number(text: &str, at: usize) -> Result<(Scalar<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    let mut i = at;
    let negative = bytes.get(i) == Some(&b'-');
    i += usize::from(negative);
    let digits_at = i;
    let mut value: u64 = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(i) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        i += 1;
    }
    let digits = i - digits_at;
    if digits == 0 {
        return Err(missing_digit(bytes, i));
    }
    if digits > 1 && bytes[digits_at] == b'0' {
        return Err(Fault { at: digits_at, why: Why::Number });
    }
    match bytes.get(i) {
        Some(b'.' | b'e' | b'E') => decimal(text, at, i),
        _ if negative && value == 0 => Ok((Scalar::Decimal(&text[at..i]), i)),
        _ if digits <= SAFE_DIGITS => {
            let value = value as i64;
            Ok((Scalar::Int(if negative { -value } else { value }), i))
        }
        _ => Ok((long_integer(&text[at..i]), i)),
    }
}

/// The rest of a number behind its whole digits, which end at `i`.
fn decimal(text: &str, at: usize, mut i: usize) -> Result<(Scalar<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    if bytes.get(i) == Some(&b'.') {
        i = some_digits(bytes, i + 1)?;
    }
    if matches!(bytes.get(i), Some(b'e' | b'E')) {
        i += 1 + usize::from(matches!(bytes.get(i + 1), Some(b'+' | b'-')));
        i = some_digits(bytes, i)?;
    }
    Ok((Scalar::Decimal(&text[at..i]), i))
}

/// The position behind the digits at `at`, of which there must be one.
fn some_digits(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    let count = bytes[at.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    if count == 0 { Err(missing_digit(bytes, at)) } else { Ok(at + count) }
}

fn missing_digit(bytes: &[u8], at: usize) -> Fault {
    Fault { at, why: if at >= bytes.len() { Why::EndsEarly } else { Why::Number } }
}

/// An integer of many digits: 64 bits if they hold it, else its text.
fn long_integer(text: &str) -> Scalar<'_> {
    let signed = text.parse().map(Scalar::Int);
    signed.or_else(|_| text.parse().map(Scalar::Uint)).unwrap_or(Scalar::Decimal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact_to_the_last_digit() {
        for (text, value) in [
            ("0", Scalar::Int(0)),
            ("-7", Scalar::Int(-7)),
            ("999999999999999999", Scalar::Int(999_999_999_999_999_999)),
            ("9223372036854775807", Scalar::Int(i64::MAX)),
            ("-9223372036854775808", Scalar::Int(i64::MIN)),
            ("9223372036854775808", Scalar::Uint(1 << 63)),
            ("18446744073709551615", Scalar::Uint(u64::MAX)),
            ("18446744073709551616", Scalar::Decimal("18446744073709551616")),
            ("-9223372036854775809", Scalar::Decimal("-9223372036854775809")),
            ("-0", Scalar::Decimal("-0")),
            ("1.50", Scalar::Decimal("1.50")),
            ("1E+9", Scalar::Decimal("1E+9")),
        ] {
            assert_eq!(number(text, 0), Ok((value, text.len())), "{text}");
            let plain = integer(text.as_bytes(), 0).map(|(value, end)| (Scalar::Int(value), end));
            assert!(plain.is_none() || plain == number(text, 0).ok(), "{text}");
            assert_eq!(number(&format!("[{text},"), 1), Ok((value, text.len() + 1)), "{text}");
        }
    }

    #[test]
    fn every_number_of_digits_is_read_whatever_follows() {
        for digits in 1..=18 {
            for value in [10_i64.pow(digits - 1), 10_i64.pow(digits) - 1, 123_456_789_012_345_678 % 10_i64.pow(digits)]
            {
                for behind in ["", ",", "}", "  ", ",12345678901", "\u{ff}........"] {
                    let text = format!("{value}{behind}");
                    let end = value.to_string().len();
                    assert_eq!(integer(text.as_bytes(), 0), Some((value, end)), "{text}");
                    assert_eq!(integer(format!("-{text}").as_bytes(), 0), Some((-value, end + 1)), "{text}");
                }
                for behind in [".5", "e3", "E3", ".50000000", "e300000000"] {
                    assert_eq!(integer(format!("{value}{behind}").as_bytes(), 0), None, "{value}{behind}");
                }
            }
        }
        for text in ["00", "01,       ", "0012345678", "x1234567", "", "+1", "-0,       ", "/1234567", ":1234567"] {
            assert_eq!(integer(text.as_bytes(), 0), None, "{text}");
        }
        assert_eq!(integer(b"0,\"a\":1}", 0), Some((0, 1)));
    }

    #[test]
    fn what_json_forbids_is_refused() {
        for text in ["01", "-01", "1.x", "1.e5", "1ex", "-x", ".5"] {
            assert_eq!(number(text, 0).unwrap_err().why, Why::Number, "{text}");
            assert!(integer(text.as_bytes(), 0).is_none_or(|(_, end)| end < text.len()), "{text}");
        }
        for text in ["-", "1.", "1e", "1e-"] {
            assert_eq!(number(text, 0).unwrap_err().why, Why::EndsEarly, "{text}");
        }
    }
}
