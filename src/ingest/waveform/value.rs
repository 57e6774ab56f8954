//! A value in one spelling: dumps shorten and pad vectors, write letters in both cases and reals in any way.

use std::hash::Hasher as _;

use crate::trace::UNDEFINED;

/// What values hash from, so that hashes are the same in every run and on every machine.
const SEED: u64 = 0x5741_5645_464F_524D;

/// Writes the value of a change in one spelling: its form (`b`its, `r`eal or `s`tring), then its text. False when it is none.
///
/// `word` is the value as the dump has it, with its prefix (`0`, `b0101`, `r1.5`, `sidle`); bits beyond `width` are
/// dropped. A vector shorter than its width is extended on the left, by IEEE 1364-2005 section 18.2.1 with 0 behind 0 and 1,
/// else with its first bit; here that is undone, so that one value has one spelling.
pub fn spell(word: &[u8], width: u32, out: &mut Vec<u8>) -> bool {
    out.clear();
    match word {
        [b'b' | b'B', bits @ ..] => bits_of(bits, width, out),
        [b'r' | b'R', real @ ..] => {
            let Some(real) = std::str::from_utf8(real).ok().and_then(|text| text.parse::<f64>().ok()) else {
                return false;
            };
            out.push(b'r');
            // 0 and −0 are equal.
            out.extend_from_slice(format!("{:?}", real + 0.0).as_bytes());
            true
        }
        [b's' | b'S', text @ ..] => {
            out.push(b's');
            out.extend_from_slice(text);
            true
        }
        bit => bits_of(bit, width, out),
    }
}

fn bits_of(bits: &[u8], width: u32, out: &mut Vec<u8>) -> bool {
    let known =
        |bit: &u8| matches!(bit.to_ascii_lowercase(), b'0' | b'1' | b'x' | b'z' | b'u' | b'w' | b'l' | b'h' | b'-');
    if bits.is_empty() || !bits.iter().all(known) {
        return false;
    }
    let beyond = bits.len().saturating_sub(width.max(1) as usize);
    out.push(b'b');
    for &bit in &bits[beyond..] {
        let bit = bit.to_ascii_lowercase();
        // The first bit says nothing when its extension would bring it back.
        if matches!((&out[1..], bit), ([b'0'], b'0' | b'1') | ([b'x'], b'x') | ([b'z'], b'z')) {
            out.pop();
        }
        out.push(bit);
    }
    true
}

/// The hash of a spelled value.
pub fn hash(spelled: &[u8]) -> u64 {
    if spelled == b"bx" {
        return UNDEFINED;
    }
    let mut hasher = foldhash::fast::FoldHasher::with_seed(SEED, foldhash::SharedSeed::global_fixed());
    hasher.write(spelled);
    // Kept apart from the two that have a meaning of their own.
    hasher.finish().clamp(UNDEFINED + 1, u64::MAX - 1)
}

/// The value of a change from its text in the dump (`0!`, `b0101 #`), as it is shown.
pub fn value_of_change(raw: &[u8]) -> Option<String> {
    let raw = raw.trim_ascii();
    let word = match raw.first()? {
        b'b' | b'B' | b'r' | b'R' | b's' | b'S' => raw.split(u8::is_ascii_whitespace).next()?,
        _ => raw.get(..1)?,
    };
    let mut spelled = Vec::new();
    spell(word, u32::MAX, &mut spelled).then(|| String::from_utf8_lossy(&spelled[1..]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(word: &str, width: u32) -> Option<String> {
        let mut out = Vec::new();
        spell(word.as_bytes(), width, &mut out).then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn one_value_has_one_spelling() {
        for (words, spelling) in [
            (&["0", "b0", "b0000", "B00000000"][..], "b0"),
            (&["1", "b1", "b0001"], "b1"),
            (&["x", "X", "bx", "bXXXX"], "bx"),
            (&["bzzx0", "bzx0", "bZX0"], "bzx0"),
            (&["b0x1", "b00x1"], "b0x1"),
            (&["bx1", "bxx1"], "bx1"),
            (&["r0", "r-0.0", "r0e5"], "r0.0"),
            (&["r1.5", "R15e-1", "r1.50"], "r1.5"),
            (&["sidle"], "sidle"),
        ] {
            for word in words {
                assert_eq!(spelled(word, 8).as_deref(), Some(spelling), "{word}");
            }
        }
        assert_ne!(spelled("b1x", 8), spelled("bx", 8));
        assert_ne!(spelled("b11", 8), spelled("b1", 8));
        assert_eq!(spelled("b110101", 4).as_deref(), Some("b101"), "bits beyond the width");
        // Bits beyond the width must be bits as well.
        for none in ["b", "b012", "b?01010101", "q", "r", "r1.5.2", ""] {
            assert_eq!(spelled(none, 8), None, "{none}");
        }
    }

    #[test]
    fn the_text_of_a_change_gives_its_value_back() {
        let value = |raw: &str| value_of_change(raw.as_bytes());
        assert_eq!(value("0!").as_deref(), Some("0"));
        assert_eq!(value("b0101 #").as_deref(), Some("101"));
        assert_eq!(value("r2.5 a").as_deref(), Some("2.5"));
        assert_eq!(value("sREAD b").as_deref(), Some("READ"));
        assert_eq!(value("1 !").as_deref(), Some("1"));
        assert_eq!(value(""), None);
    }

    #[test]
    fn only_the_unknown_is_undefined() {
        assert_eq!(hash(b"bx"), UNDEFINED);
        assert!([&b"b0"[..], b"bz", b"r0.0", b"sx", b"bx0"].into_iter().all(|v| hash(v) != UNDEFINED));
    }
}
