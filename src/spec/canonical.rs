//! One hash for one value, however it is spelled: `1`, `1.0` and `1e0` are the same number, `"1"` is not.

use crate::trace::{PathKey, Scalar, Value, mix};

/// The hash of an absent value; `null` counts as absent.
pub(crate) const ABSENT: u64 = 0;

/// What a field with this value adds to the hash of its event, which is a sum: the order of the fields does not count.
#[inline]
pub(crate) const fn share(key: PathKey, hash: u64) -> u64 {
    mix(key.0 ^ hash.rotate_left(17))
}

/// Combines two hashes; the order counts.
pub(crate) const fn pair(a: u64, b: u64) -> u64 {
    mix(a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b)
}

/// The stable hash of a text.
pub(crate) fn text_hash(text: &str) -> u64 {
    PathKey::ROOT.child(text).0
}

/// The stable hash of a value; equal for equal values, [`ABSENT`] for `null`.
#[expect(clippy::inline_always, reason = "where the kind of value is known, little is left")]
#[inline(always)]
pub(crate) fn value_hash(value: Scalar<'_>) -> u64 {
    match value {
        Scalar::Null => ABSENT,
        Scalar::Bool(b) => mix(0x10 + u64::from(b)),
        Scalar::Int(i) => int_hash(i),
        Scalar::Uint(u) => pair(0x33, u),
        Scalar::Decimal(text) => decimal_hash(text),
        Scalar::Text(text) => tagged_hash(text),
        Scalar::Json(text) => pair(0x40, json_hash(text)),
    }
}

#[inline(never)]
fn tagged_hash(text: &str) -> u64 {
    pair(0x20, text_hash(text))
}

#[inline]
fn int_hash(i: i64) -> u64 {
    pair(0x30, i as u64)
}

/// Exact: the number is brought to `digits × 10^exponent` without trailing zeros, never to a float.
fn decimal_hash(text: &str) -> u64 {
    let Some((negative, digits, exponent)) = normal_form(text) else { return pair(0x35, text_hash(text)) };
    if digits.is_empty() {
        return int_hash(0);
    }
    if (0..=18).contains(&exponent) {
        let mut whole = digits.clone();
        whole.extend(std::iter::repeat_n('0', exponent as usize));
        if let Ok(magnitude) = whole.parse::<i128>() {
            let value = if negative { -magnitude } else { magnitude };
            if let Ok(value) = i64::try_from(value) {
                return int_hash(value);
            }
            if let Ok(value) = u64::try_from(value) {
                return value_hash(Scalar::Uint(value));
            }
        }
    }
    pair(pair(0x31 + u64::from(negative), text_hash(&digits)), exponent as u64)
}

/// Sign, significant digits and power of ten of a JSON number; `None` where the power is beyond reason.
fn normal_form(text: &str) -> Option<(bool, String, i64)> {
    let negative = text.starts_with('-');
    let (mantissa, exponent) = text
        .trim_start_matches(['-', '+'])
        .split_once(['e', 'E'])
        .unwrap_or((text.trim_start_matches(['-', '+']), "0"));
    let mut exponent: i64 = exponent.parse::<i32>().ok()?.into();
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = String::with_capacity(whole.len() + fraction.len());
    digits.push_str(whole);
    digits.push_str(fraction);
    exponent -= fraction.len() as i64;
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    exponent += (digits.len() - significant.len()) as i64;
    Some((negative, significant.to_owned(), exponent))
}

/// White space outside strings does not count in an array; everything else is taken as it stands.
fn json_hash(text: &str) -> u64 {
    if !text.bytes().any(|b| b.is_ascii_whitespace()) {
        return text_hash(text);
    }
    let mut dense = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c.is_ascii_whitespace() {
            continue;
        } else {
            in_string = c == '"';
        }
        dense.push(c);
    }
    text_hash(&dense)
}

/// True when two owned values are equal as the comparison sees them: by value, not by spelling.
pub fn same_value(a: &Value, b: &Value) -> bool {
    fn hash(value: &Value) -> u64 {
        value_hash(match value {
            Value::Null => Scalar::Null,
            Value::Bool(b) => Scalar::Bool(*b),
            Value::Number(text) => match (text.parse(), text.parse()) {
                (Ok(i), _) => Scalar::Int(i),
                (_, Ok(u)) => Scalar::Uint(u),
                _ => Scalar::Decimal(text),
            },
            Value::Text(text) if text.is_empty() => Scalar::Null,
            Value::Text(text) => Scalar::Text(text),
            Value::Json(text) => Scalar::Json(text),
        })
    }
    hash(a) == hash(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_by_value_not_by_spelling() {
        let one = value_hash(Scalar::Int(1));
        for spelling in ["1.0", "1e0", "10e-1", "0.1e1", "1.000"] {
            assert_eq!(value_hash(Scalar::Decimal(spelling)), one, "{spelling}");
        }
        assert_ne!(value_hash(Scalar::Text("1")), one);
        assert_eq!(value_hash(Scalar::Decimal("-0.0")), value_hash(Scalar::Int(0)));
        assert_eq!(value_hash(Scalar::Decimal("1.8446744073709551615e19")), value_hash(Scalar::Uint(u64::MAX)));
    }

    #[test]
    fn numbers_beyond_a_float_stay_apart() {
        assert_ne!(value_hash(Scalar::Int(9_007_199_254_740_993)), value_hash(Scalar::Int(9_007_199_254_740_992)));
        assert_ne!(value_hash(Scalar::Decimal("0.1000000000000000000001")), value_hash(Scalar::Decimal("0.1")));
        assert_ne!(value_hash(Scalar::Decimal("1e99999999999999999999")), value_hash(Scalar::Int(1)));
        assert_ne!(
            value_hash(Scalar::Decimal("123456789012345678901")),
            value_hash(Scalar::Decimal("123456789012345678902"))
        );
    }

    #[test]
    fn arrays_compare_without_their_white_space() {
        assert_eq!(value_hash(Scalar::Json("[1, \"a b\"]")), value_hash(Scalar::Json("[1,\"a b\"]")));
        assert_ne!(value_hash(Scalar::Json("[\"a b\"]")), value_hash(Scalar::Json("[\"ab\"]")));
    }
}
