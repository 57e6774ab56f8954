//! A record as a person reads it: what JSON escapes is written out, so that a search finds it.

use std::borrow::Cow;

/// The text of a JSON record with its escapes (`\"`, `\n`, `\u00e9`, …) written out. What is no escape stays as it is.
pub fn readable(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', raw) else { return Cow::Borrowed(raw) };
    let mut text = Vec::with_capacity(raw.len());
    text.extend_from_slice(&raw[..first]);
    let mut at = first;
    while at < raw.len() {
        let (plain, len) = match raw[at..] {
            [b'\\', b'u', ..] => {
                let (c, len) = unicode(&raw[at..]);
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += len;
                continue;
            }
            [b'\\', c, ..] => (unescaped(c), 2),
            [c, ..] => (c, 1),
            [] => break,
        };
        text.push(plain);
        at += len;
    }
    Cow::Owned(text)
}

const fn unescaped(c: u8) -> u8 {
    match c {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        other => other,
    }
}

/// The character that `\uXXXX`, or a pair of them, stands for, and how long that is.
fn unicode(raw: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = raw.get(at..at + 6).filter(|digits| digits.starts_with(b"\\u"))?;
        std::str::from_utf8(&digits[2..]).ok().and_then(|hex| u32::from_str_radix(hex, 16).ok())
    };
    match unit(0) {
        None => ('\\', 1),
        Some(high @ 0xD800..=0xDBFF) => match unit(6) {
            Some(low @ 0xDC00..=0xDFFF) => {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
            }
            _ => (char::REPLACEMENT_CHARACTER, 6),
        },
        Some(code) => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_written_out_and_all_else_stays() {
        let read = |raw: &str| String::from_utf8_lossy(&readable(raw.as_bytes())).into_owned();
        assert_eq!(read(r#"{"a":"caf\u00e9 \"x\"\n"}"#), "{\"a\":\"café \"x\"\n\"}");
        assert_eq!(read(r"\ud83d\ude00 \ud83d \\u00e9"), "😀 \u{fffd} \\u00e9");
        assert_eq!(read(r"end\"), r"end\");
        assert_eq!(read(r"\u12"), r"\u12");
        assert!(matches!(readable(b"plain"), Cow::Borrowed(_)));
    }
}
