//! JSON strings: finding their end sixteen bytes at a time, and unescaping them.

use super::fault::{Fault, Why};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte of `word` that is a quote, a backslash or a control character. The lowest one is exact;
/// a borrow can only invent others above it.
const fn stops(word: u64) -> u64 {
    let quotes = word ^ (ONES * b'"' as u64);
    let slashes = word ^ (ONES * b'\\' as u64);
    let zero_quote = quotes.wrapping_sub(ONES) & !quotes;
    let zero_slash = slashes.wrapping_sub(ONES) & !slashes;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (zero_quote | zero_slash | control) & HIGHS
}

/// All bits of every byte that is a quote, a backslash or a control character. Compilers turn this into a few instructions.
#[expect(clippy::inline_always, reason = "as a call it costs twice what it does")]
#[inline(always)]
fn stops_of_16(bytes: &[u8; 16]) -> u128 {
    let mut stops = [0_u8; 16];
    for (stop, &b) in stops.iter_mut().zip(bytes) {
        *stop = (u8::from(b == b'"') | u8::from(b == b'\\') | u8::from(b < 0x20)).wrapping_neg();
    }
    u128::from_le_bytes(stops)
}

/// The first quote, backslash or control character at or after `at`.
#[inline]
fn next_stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(some) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = stops_of_16(some);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 16;
    }
    last_stop(bytes, at)
}

/// The same near the end of all bytes.
#[cold]
#[inline(never)]
fn last_stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    if let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = stops(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20).map(|i| at + i)
}

/// The end of the string whose first byte (behind the quote) is at `at`, if it has no escapes. Never put into its caller, which
/// has too few registers left for it.
#[inline(never)]
pub fn plain_end(bytes: &[u8], at: usize) -> Option<usize> {
    next_stop(bytes, at).filter(|&end| bytes[end] == b'"')
}

/// The end of the string whose first byte (behind the quote) is at `at`: the position of its closing quote, and
/// whether it has escapes. Those are not checked yet.
#[inline]
pub fn string_end(bytes: &[u8], mut at: usize) -> Result<(usize, bool), Fault> {
    let mut escaped = false;
    loop {
        match next_stop(bytes, at) {
            None => return Err(Fault { at: bytes.len(), why: Why::EndsEarly }),
            Some(i) => match bytes[i] {
                b'"' => return Ok((i, escaped)),
                b'\\' => {
                    escaped = true;
                    at = i + 2;
                }
                _ => return Err(Fault { at: i, why: Why::Control }),
            },
        }
    }
}

/// Appends the unescaped `raw` (what stands between the quotes, at `at` in the record) to `out`.
pub fn unescape(raw: &str, at: usize, out: &mut String) -> Result<(), Fault> {
    let bytes = raw.as_bytes();
    let mut done = 0;
    while let Some(slash) = memchr::memchr(b'\\', &bytes[done..]).map(|i| done + i) {
        out.push_str(&raw[done..slash]);
        let fault = |why| Fault { at: at + slash, why };
        done = slash + 2;
        out.push(match bytes.get(slash + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = hex4(bytes, slash + 2).ok_or(fault(Why::Escape))?;
                done = slash + 6;
                match high {
                    0xD800..=0xDBFF => {
                        let low = (bytes.get(done..done + 2) == Some(br"\u")).then(|| hex4(bytes, done + 2)).flatten();
                        let Some(low @ 0xDC00..=0xDFFF) = low else { return Err(fault(Why::Surrogate)) };
                        done += 6;
                        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        char::from_u32(code).ok_or(fault(Why::Surrogate))?
                    }
                    _ => char::from_u32(high).ok_or(fault(Why::Surrogate))?,
                }
            }
            _ => return Err(fault(Why::Escape)),
        });
    }
    out.push_str(&raw[done..]);
    Ok(())
}

/// Four hex digits at `at`.
fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |sum, &b| Some(sum << 4 | char::from(b).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_at_every_alignment() {
        for pad in 0..40 {
            let text = format!("{}\"rest", "é".repeat(pad));
            assert_eq!(string_end(text.as_bytes(), 0), Ok((2 * pad, false)));
            let text = format!("{}\\\"x\"", "a".repeat(pad));
            assert_eq!(string_end(text.as_bytes(), 0), Ok((pad + 3, true)));
            let text = format!("{}\u{1f}\"", "~".repeat(pad));
            assert_eq!(string_end(text.as_bytes(), 0), Err(Fault { at: pad, why: Why::Control }));
            assert_eq!(string_end("€".repeat(pad).as_bytes(), 0).unwrap_err().why, Why::EndsEarly);
        }
    }

    #[test]
    fn surrogates_come_in_pairs() {
        let read = |raw: &str| {
            let mut out = String::new();
            unescape(raw, 0, &mut out).map(|()| out)
        };
        assert_eq!(read(r"a\ud83d\ude00\u0041\/"), Ok("a😀A/".to_owned()));
        assert_eq!(read(r"\ud83d").unwrap_err().why, Why::Surrogate);
        assert_eq!(read(r"\ude00\ud83d").unwrap_err().why, Why::Surrogate);
        assert_eq!(read(r"\ud83dx").unwrap_err().why, Why::Surrogate);
        assert_eq!(read(r"12\x41").unwrap_err(), Fault { at: 2, why: Why::Escape });
        assert_eq!(read(r"\u00g0").unwrap_err().why, Why::Escape);
    }
}
