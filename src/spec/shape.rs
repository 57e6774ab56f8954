//! Ids, times and durations inside texts: what stays of a text when they are taken out (SEMANTICS rule 11).

use super::canonical::{pair, text_hash};
use crate::trace::{PathKey, Scalar, mix};

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// What stays as it is.
    Plain(&'t str),
    /// A token shaped like an id that may have another name in every run.
    Id(&'t str),
    /// A date, a time of day, or a number as large as a clock.
    Time,
    /// A number with a unit of time behind it.
    Duration(&'t str),
}

/// How the values of one field are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Look {
    /// Bare numbers from this one on are ids: the field is named like a process, a thread, a port, a handle.
    pub(crate) least_number: Option<f64>,
    /// Durations inside the text are measures: they are left out.
    pub(crate) durations: bool,
    /// The whole value is an id, whatever it looks like: somebody said so.
    pub(crate) whole: bool,
}

/// Digits of a number without a letter, from which it may be an id.
const DIGITS: usize = 8;
/// Digits of a hexadecimal number behind `0x` that may be a pointer: fewer are registers, masks, codes.
const POINTER_DIGITS: usize = 6;
/// Letters and digits, mixed, of ids in other alphabets than hexadecimal (ULID, KSUID, base 62).
const MIXED: usize = 16;
/// How many of each of the two such an id has at least.
const MIXED_EACH: usize = 4;
/// The first port that systems hand out by themselves.
pub(super) const FREE_PORT: u64 = 32_768;
/// The years 2001 to 2100, in seconds since 1970.
const CLOCK: std::ops::Range<u64> = 1_000_000_000..4_100_000_000;

/// The stable hash of an id, whatever its case and with or without `0x`.
pub(crate) fn id_hash(id: &str) -> u64 {
    let bare = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X")).unwrap_or(id);
    if bare.bytes().any(|b| b.is_ascii_uppercase()) { text_hash(&bare.to_ascii_lowercase()) } else { text_hash(bare) }
}

/// Hands the ids inside a value to `id`. The hash of what stays, when there was anything to take out.
pub(crate) fn take_out(value: Scalar<'_>, look: Look, mut id: impl FnMut(&str)) -> Option<u64> {
    if look.whole {
        id(&super::gathered::plain(value));
        return Some(mix(1));
    }
    match value {
        Scalar::Text(text) | Scalar::Json(text) => {
            let mut stays = PathKey::ROOT;
            let mut found = false;
            pieces(text, look, |piece| {
                stays = match piece {
                    Piece::Id(text) => {
                        id(text);
                        found = true;
                        PathKey(pair(stays.0, 1))
                    }
                    Piece::Time => {
                        found = true;
                        PathKey(pair(stays.0, 2))
                    }
                    Piece::Duration(_) if look.durations => {
                        found = true;
                        PathKey(pair(stays.0, 3))
                    }
                    Piece::Plain(plain) | Piece::Duration(plain) => stays.child(plain),
                };
            });
            found.then_some(stays.0)
        }
        Scalar::Int(number) if look.least_number.is_some_and(|least| number as f64 >= least) => {
            id(&number.to_string());
            Some(mix(1))
        }
        Scalar::Uint(number) if look.least_number.is_some() => {
            id(&number.to_string());
            Some(mix(1))
        }
        _ => None,
    }
}

/// `text` with a mark in the place of everything that is taken out: a kind's name.
pub(crate) fn without_ids(text: &str, look: Look) -> String {
    let mut out = String::with_capacity(text.len());
    pieces(text, look, |piece| match piece {
        Piece::Plain(plain) => out.push_str(plain),
        Piece::Duration(plain) if !look.durations => out.push_str(plain),
        _ => out.push('…'),
    });
    out
}

/// Cuts a text into pieces.
pub(crate) fn pieces<'t>(text: &'t str, look: Look, mut piece: impl FnMut(Piece<'t>)) {
    let bytes = text.as_bytes();
    let mut plain = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let (end, found) = token(text, at, look);
        if let Some(found) = found {
            if plain < at {
                piece(Piece::Plain(&text[plain..at]));
            }
            piece(found);
            plain = end;
        }
        at = end;
    }
    if plain < text.len() {
        piece(Piece::Plain(&text[plain..]));
    }
}

/// The end of the run of letters and digits at `at`, and what it is.
fn token(text: &str, at: usize, look: Look) -> (usize, Option<Piece<'_>>) {
    let bytes = text.as_bytes();
    let run = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let end = run(at);
    let time = || time_of_day(bytes, at).or_else(|| month_date(bytes, at)).or_else(|| slash_date(bytes, at));
    if let Some(end) = date_time(&bytes[at..]).or_else(time) {
        return (at + end, Some(Piece::Time));
    }
    if let Some(end) = uuid(bytes, at).or_else(|| hardware_address(bytes, at)).or_else(|| process_term(bytes, at)) {
        return (end, Some(Piece::Id(&text[at..end])));
    }
    let word = &bytes[at..end];
    if let Some(end) = duration(text, at, end) {
        return (end, Some(Piece::Duration(&text[at..end])));
    }
    // A letter beyond ASCII beside it: a part of a longer word.
    if at > 0 && bytes[at - 1] >= 0x80 || bytes.get(end).is_some_and(|&b| b >= 0x80) {
        return (end, None);
    }
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    if let [b'0', b'x' | b'X', hex @ ..] = word {
        let significant = hex.iter().skip_while(|&&b| b == b'0').count();
        let pointer = hex.iter().all(u8::is_ascii_hexdigit) && significant >= POINTER_DIGITS;
        return (end, pointer.then_some(Piece::Id(&text[at..end])));
    }
    if digits == word.len() {
        return number(text, at, end, look);
    }
    if word.len() >= DIGITS && digits > 0 && word.iter().all(u8::is_ascii_hexdigit) {
        return (end, Some(Piece::Id(&text[at..end])));
    }
    // Fully hexadecimal ids have no digit once in a long while; then they are as long as such ids are.
    if matches!(word.len(), 8 | 12 | 16 | 24 | 32 | 40 | 64) && word.iter().all(u8::is_ascii_hexdigit) {
        return (end, Some(Piece::Id(&text[at..end])));
    }
    if is_pod_suffix(bytes, at, end) {
        return (end, Some(Piece::Id(&text[at..end])));
    }
    if word.len() >= MIXED && digits >= MIXED_EACH && word.len() - digits >= MIXED_EACH {
        return (end, Some(Piece::Id(&text[at..end])));
    }
    (end, None)
}

/// A run of digits: a clock, an id, the whole part of a duration, or a plain number.
fn number(text: &str, at: usize, end: usize, look: Look) -> (usize, Option<Piece<'_>>) {
    let bytes = text.as_bytes();
    let value = text[at..end].parse::<u64>().ok();
    // A text of nothing but digits is a time only where its field is; ids without a letter happen.
    let alone = at == 0 && end == text.len();
    let clock = !alone
        && value.is_some_and(|v| {
            let power = match end - at {
                10 => 1,
                13 => 1_000,
                16 => 1_000_000,
                19 => 1_000_000_000,
                _ => return false,
            };
            CLOCK.contains(&(v / power))
        });
    let in_a_fraction = at > 0 && bytes[at - 1] == b'.' && bytes[..at - 1].last().is_some_and(u8::is_ascii_digit);
    let has_fraction = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    if clock {
        let fraction = bytes.iter().skip(end + 1).take_while(|b| b.is_ascii_digit()).count();
        return (if has_fraction { end + 1 + fraction } else { end }, Some(Piece::Time));
    }
    if in_a_fraction || has_fraction {
        return (end, None);
    }
    let is_id = end - at >= DIGITS
        || look.least_number.is_some_and(|least| value.is_some_and(|v| v as f64 >= least))
        || end - at >= 3 && is_numbered(&text[..at])
        || value.is_some_and(|v| v >= FREE_PORT) && is_address(&text[..at]);
    (end, is_id.then_some(Piece::Id(&text[at..end])))
}

/// True when the word before a number says that it names a process or a thread.
fn is_numbered(before: &str) -> bool {
    let word = before.trim_end_matches([' ', '=', ':', '#', '-', '_', '[', '(', '"']);
    if word.len() == before.len() || before.len() - word.len() > 3 {
        return false;
    }
    let last = word.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(word);
    matches!(last.to_ascii_lowercase().as_str(), "pid" | "tid" | "thread" | "process" | "hilo" | "proceso")
}

/// The end of a UUID at `at`.
fn uuid(bytes: &[u8], at: usize) -> Option<usize> {
    let text = bytes.get(at..at + 36)?;
    let fits = (text.iter().enumerate()).all(|(i, b)| match i {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    });
    (fits && !bytes.get(at + 36).is_some_and(u8::is_ascii_alphanumeric)).then_some(at + 36)
}

/// The end of a hardware address, as in `00:1A:7D:DA:71:13`, at `at`.
fn hardware_address(bytes: &[u8], at: usize) -> Option<usize> {
    let text = bytes.get(at..at + 17)?;
    let apart = text[2];
    let fits = matches!(apart, b':' | b'-')
        && (text.iter().enumerate()).all(|(i, b)| if i % 3 == 2 { *b == apart } else { b.is_ascii_hexdigit() });
    let longer = |b: u8| b.is_ascii_alphanumeric() || b == apart;
    let free = |b: Option<&u8>| b.is_none_or(|&b| !longer(b));
    (fits && free(bytes.get(at + 17)) && (at == 0 || free(bytes.get(at - 1)))).then_some(at + 17)
}

/// The end of what names an Erlang process, reference or port between its brackets, as in `<0.101.0>`, at `at`.
fn process_term(bytes: &[u8], at: usize) -> Option<usize> {
    if at == 0 || bytes[at - 1] != b'<' {
        return None;
    }
    let length = bytes[at..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let parts = || bytes[at..at + length].split(|&b| b == b'.');
    let fits = bytes.get(at + length) == Some(&b'>') && parts().all(|part| !part.is_empty());
    (fits && (2..=5).contains(&parts().count())).then_some(at + length)
}

/// True when all of a text is an id in letters that others than hexadecimal numbers have.
pub(super) fn is_special_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let whole = bytes.first().is_some_and(u8::is_ascii_hexdigit) && hardware_address(bytes, 0) == Some(bytes.len());
    whole || bytes.first() == Some(&b'<') && process_term(bytes, 1) == Some(bytes.len() - 1)
}

/// True for the last five characters of a pod's name that Kubernetes drew, behind those that say which template it is of, as in
/// `web-7d4b9c8f5d-x2k9p`.
fn is_pod_suffix(bytes: &[u8], at: usize, end: usize) -> bool {
    let drawn = |word: &[u8]| word.iter().all(|b| b"bcdfghjklmnpqrstvwxz2456789".contains(b));
    if end - at != 5 || !drawn(&bytes[at..end]) {
        return false;
    }
    let Some(before) = bytes[..at].strip_suffix(b"-") else { return false };
    let length = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let (name, word) = before.split_at(before.len() - length);
    name.ends_with(b"-") && (8..=10).contains(&length) && drawn(word) && word.iter().any(u8::is_ascii_digit)
}

/// True when an address stands before a number, as before the port in `10.0.0.7:51514`.
fn is_address(before: &str) -> bool {
    let Some(before) = before.strip_suffix(':') else { return false };
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
    before.ends_with(']') || before.ends_with("localhost") || before[start..].parse::<std::net::Ipv4Addr>().is_ok()
}

/// The length of an ISO date with a time behind it.
fn date_time(bytes: &[u8]) -> Option<usize> {
    let fits = |pattern: &[u8], from: usize| {
        bytes.get(from..from + pattern.len()).is_some_and(|text| {
            text.iter().zip(pattern).all(|(b, p)| match p {
                b'0' => b.is_ascii_digit(),
                b'T' => matches!(b, b'T' | b' ' | b't' | b'_'),
                b'-' => matches!(b, b'-' | b'/'),
                p => b == p,
            })
        })
    };
    if !fits(b"0000-00-00T00:00", 0) {
        return None;
    }
    let mut end = 16;
    if fits(b":00", end) {
        end += 3;
        if matches!(bytes.get(end), Some(b'.' | b',')) {
            end += 1 + bytes[end + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        }
    }
    match bytes.get(end) {
        Some(b'Z' | b'z') => end += 1,
        Some(b'+' | b'-') if fits(b"00:00", end + 1) => end += 6,
        _ => {}
    }
    Some(end)
}

/// The length of `4/24/2015`, not inside a path.
fn slash_date(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let day = digits(at);
    let month = digits(at + day + 1);
    let year = at + day + month + 2;
    let slashes = bytes.get(at + day) == Some(&b'/') && bytes.get(year - 1) == Some(&b'/');
    let fits = slashes && matches!((day, month, digits(year)), (1 | 2, 1 | 2, 4)) && bytes.get(year + 4) != Some(&b'/');
    (fits && (at == 0 || bytes[at - 1] != b'/')).then_some(year + 4 - at)
}

/// The length of `10/Oct/2026:13:55:36 +0200`, as web servers write it, or of `Oct  9 13:55:36`, as system logs do.
fn month_date(bytes: &[u8], at: usize) -> Option<usize> {
    let fits = |from: usize, pattern: &[u8]| {
        bytes.get(from..from + pattern.len()).is_some_and(|text| {
            text.iter().zip(pattern).all(|(b, p)| match p {
                b'0' => b.is_ascii_digit(),
                b'_' => b.is_ascii_digit() || *b == b' ',
                b'a' => b.is_ascii_alphabetic(),
                p => b == p,
            })
        })
    };
    let month = |from: usize| {
        const MONTHS: [&[u8]; 12] =
            [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
        bytes.get(from..from + 3).is_some_and(|name| MONTHS.contains(&name))
    };
    if fits(at, b"00/aaa/0000:00:00:00") && month(at + 3) {
        let zone = |sign: &[u8]| fits(at + 20, sign) && fits(at + 22, b"0000");
        return Some(if zone(b" +") || zone(b" -") { 26 } else { 20 });
    }
    (month(at) && fits(at + 3, b" _0 00:00:00")).then(|| 7 + time_of_day(bytes, at + 7).unwrap_or(8))
}

/// The length of `12:03:50` with a fraction, not inside a longer number.
fn time_of_day(bytes: &[u8], at: usize) -> Option<usize> {
    let text = bytes.get(at..at + 8)?;
    let fits = (text.iter().enumerate()).all(|(i, b)| if i == 2 || i == 5 { *b == b':' } else { b.is_ascii_digit() });
    if !fits
        || at > 0 && bytes[at - 1] == b':'
        || bytes.get(at + 8).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':')
    {
        return None;
    }
    let fraction = match bytes.get(at + 8) {
        Some(b'.' | b',') => bytes[at + 9..].iter().take_while(|b| b.is_ascii_digit()).count(),
        _ => 0,
    };
    let end = if fraction > 0 { 9 + fraction } else { 8 };
    let half = bytes.get(at + end..at + end + 3).is_some_and(|h| h == b" AM" || h == b" PM");
    Some(if half { end + 3 } else { end })
}

/// The end of a number at `at` with a unit of time behind it, as in `12ms`, `0.5 s`, `3µs`.
fn duration(text: &str, at: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if !bytes[at].is_ascii_digit() || at > 1 && bytes[at - 1] == b'.' && bytes[at - 2].is_ascii_digit() {
        return None;
    }
    let mut behind = at + bytes[at..end].iter().take_while(|b| b.is_ascii_digit()).count();
    if bytes.get(behind) == Some(&b'.') {
        let fraction = bytes[behind + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if fraction > 0 {
            behind += 1 + fraction;
        }
    }
    let unit = text[behind..].trim_start_matches(' ');
    let gap = text.len() - behind - unit.len();
    let letters: usize = unit.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    let known = matches!(
        &unit[..letters],
        "ns" | "us"
            | "µs"
            | "μs"
            | "ms"
            | "s"
            | "sec"
            | "secs"
            | "seconds"
            | "msec"
            | "usec"
            | "millis"
            | "milliseconds"
    );
    (gap <= 1 && known && !unit[letters..].starts_with(|c: char| c.is_alphanumeric())).then_some(behind + gap + letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<Piece<'_>> {
        let mut out = Vec::new();
        pieces(text, Look::default(), |piece| out.push(piece));
        out
    }

    fn ids(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        take_out(Scalar::Text(text), Look::default(), |id| out.push(id.to_owned()));
        out
    }

    #[test]
    fn ids_are_found_inside_texts() {
        for (text, wanted) in [
            ("conn 0x7ffe12a0 closed", &["0x7ffe12a0"][..]),
            // Sixteen hexadecimal digits, of which none is a letter, as large as a time in microseconds.
            ("2920542443598235", &["2920542443598235"]),
            ("at 1772000000145356 it went on", &[]),
            ("/orders/7f3c09ab/items", &["7f3c09ab"]),
            ("req=8a1b2c3d4e5f: ok", &["8a1b2c3d4e5f"]),
            ("user 550e8400-e29b-41d4-a716-446655440000, again", &["550e8400-e29b-41d4-a716-446655440000"]),
            (
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                &["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"],
            ),
            ("thread 4711 waits for pid=332", &["4711", "332"]),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", &["01ARZ3NDEKTSV4RRFFQ69G5FAV"]),
            ("peer 10.0.0.7:51514 of [::1]:40001, not 10.0.0.7:8080 at 12:40001", &["51514", "40001"]),
            ("<0.101.0> told #Ref<0.1.2.34> at <0.5>, 1.2.3", &["0.101.0", "0.1.2.34", "0.5"]),
            ("pod/web-7d4b9c8f5d-x2k9p, web-shop-tmpfs", &["7d4b9c8f5d", "x2k9p"]),
            ("found 00:1A:7D:DA:71:13, 00:1A:7D:DA:71:13:00", &["00:1A:7D:DA:71:13"]),
            ("wrote 4096 bytes to 0x40, 0x00000001", &[]),
            ("TASK_ENQUEUED decade facade v1.12345678", &[]),
            ("retry 3 of 5 in state DEAD", &[]),
        ] {
            assert_eq!(ids(text), wanted, "{text}");
        }
    }

    #[test]
    fn times_and_durations_are_no_ids() {
        for text in [
            "at 2026-05-01T10:00:00.123Z",
            "at 12:03:50",
            "at 10/Oct/2026:13:55:36 +0200",
            "at Oct  9 13:55:36",
            "at 1714567890123",
            "since 1714567890.25",
        ] {
            assert_eq!(cut(text).last(), Some(&Piece::Time), "{text}");
        }
        for (text, wanted) in [("took 12ms", "12ms"), ("in 0.35 s", "0.35 s"), ("lag 3µs", "3µs")] {
            assert_eq!(cut(text).last(), Some(&Piece::Duration(wanted)), "{text}");
        }
        assert_eq!(cut("12 messages"), [Piece::Plain("12 messages")]);
    }

    #[test]
    fn the_rest_of_a_text_counts() {
        let rest = |text: &str| take_out(Scalar::Text(text), Look::default(), |_| {});
        assert_eq!(rest("conn 0x7ffe12a0 closed"), rest("conn 0x7ffe99b0 closed"));
        assert_ne!(rest("conn 0x7ffe12a0 closed"), rest("conn 0x7ffe99b0 opened"));
        assert_ne!(rest("7ffe12a0aa then 2026-05-01T10:00:00"), rest("2026-05-01T10:00:00 then 7ffe12a0aa"));
        assert_eq!(rest("nothing here"), None);
        assert_eq!(without_ids("/orders/7f3c09ab/items", Look::default()), "/orders/…/items");
        assert_eq!(id_hash("0x7FFE12A0"), id_hash("7ffe12a0"));
    }

    #[test]
    fn any_text_is_cut_whole() {
        let beyond_ascii =
            ["\u{fffd} 1234", "é:100", "日本[12345678]", "pid\u{a0}4711", "é1234567é", "ñ0x7ffe12a0ñ", "日1ms本"];
        let unfinished = ["12:3", "2026-05-01T10", "0x", "1.", "9.s", "12 µ"];
        for text in beyond_ascii.into_iter().chain(unfinished) {
            let mut length = 0;
            pieces(text, Look::default(), |piece| {
                if let Piece::Plain(t) | Piece::Id(t) | Piece::Duration(t) = piece {
                    length += t.len();
                }
            });
            assert_eq!(length, text.len(), "{text}");
        }
    }
}
