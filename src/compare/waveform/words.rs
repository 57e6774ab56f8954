//! Values and times of signals in words.

use super::lanes::Lane;
use crate::trace::grouped;

/// Bits that are shown one by one; more are shown in hexadecimal digits.
const BITS: usize = 8;
/// Characters of a value in a sentence; of a longer one both ends are shown.
const SHOWN: usize = 24;

/// A signal that has one value instead of another: `tb.dut.busy is 1 instead of 0`.
pub fn told(lane: &Lane, expected: &str, actual: &str) -> String {
    if lane.pulse {
        let (has, lacks) = if actual == NOTHING { ("expected", "actual") } else { ("actual", "expected") };
        format!("{} happens in {has} and not in {lacks}", lane.name)
    } else {
        let (e, a) = (short(expected), short(actual));
        let differing = if e == a || e.contains('…') { bits_apart(expected, actual) } else { String::new() };
        format!("{} is {a} instead of {e}{differing}", lane.name)
    }
}

/// What a signal is said to be that was never written.
pub const NOTHING: &str = "x";

/// `1 signal`, `1 200 signals`.
pub fn several(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(n as u64))
}

/// A value as it may stand in a sentence: few bits as they are, more as hexadecimal digits, long ones with their ends.
pub fn short(value: &str) -> String {
    let bits = value.bytes().all(|b| matches!(b, b'0' | b'1'));
    let text = if bits && value.len() > BITS { hexadecimal(value) } else { value.to_owned() };
    let length = text.chars().count();
    if length <= SHOWN {
        return text;
    }
    let half = SHOWN / 2;
    text.chars().take(half).chain(['…']).chain(text.chars().skip(length - half)).collect()
}

fn hexadecimal(bits: &str) -> String {
    let mut text = "0x".to_owned();
    let first = bits.len() % 4;
    let digits = (first > 0).then(|| &bits[..first]).into_iter().map(str::as_bytes);
    for digit in digits.chain(bits.as_bytes()[first..].chunks(4)) {
        let value = digit.iter().fold(0, |sum, &bit| sum * 2 + u32::from(bit == b'1'));
        text.extend(char::from_digit(value, 16));
    }
    text
}

/// ` (37 bits differ)`, for values too long to be compared by eye.
fn bits_apart(expected: &str, actual: &str) -> String {
    let length = expected.len().max(actual.len());
    // What a shortened vector has in front of its first bit.
    let bit = |value: &str, i: usize| {
        let missing = length - value.len();
        let first = value.bytes().next().map_or(b'x', |b| if b == b'1' { b'0' } else { b });
        if i < missing { first } else { value.as_bytes()[i - missing] }
    };
    let apart = (0..length).filter(|&i| bit(expected, i) != bit(actual, i)).count();
    format!(" ({} differ{})", several(apart, "bit"), if apart == 1 { "s" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_tell_what_differs() {
        assert_eq!([short("101"), short("zx01"), short("111100001010")], ["101", "zx01", "0xf0a"]);
        assert_eq!(short("1000000001"), "0x201");
        assert_eq!(short(&"1".repeat(400)), format!("0x{}…{}", "f".repeat(10), "f".repeat(12)));
        let lane = Lane {
            name: "tb.bus".to_owned(),
            paths: vec!["tb.bus".to_owned()],
            pulse: false,
            state: true,
            outside: true,
            depth: 1,
        };
        let said = |e: &str, a: &str| told(&lane, e, a);
        assert_eq!(said("0", "x"), "tb.bus is x instead of 0");
        let long = format!("1{}1{}", "0".repeat(99), "0".repeat(99));
        let other = format!("1{}", "0".repeat(199));
        assert!(said(&long, &other).ends_with(" (1 bit differs)"), "{}", said(&long, &other));
    }
}
