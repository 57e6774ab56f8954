//! What some bytes are, by their content alone: never by a name.

use super::foreign::{self, GIVE_JSON, Refusal};
use super::leaves::Leaves;
use super::outline::{List, Outline};
use super::scan::Work;
use super::shiviz;
use super::telemetry::is_telemetry;
use super::{BOM, Format};

/// Lines looked at to tell whether records stand one a line. A program may say as much before its first record.
const LINES: usize = 100;

/// The lists of a document that hold its events, best first.
const EVENTS: [&str; 9] =
    ["traceEvents", "events", "spans", "records", "entries", "steps", "samples", "states", "trace"];

/// The names that a document gives itself, best first.
const TITLES: [&str; 4] = ["incident_name", "scenario", "title", "name"];

/// What some bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detected {
    /// Compressed with gzip.
    Gzip,
    /// Compressed with zstd.
    Zstd,
    /// A zip archive.
    Zip,
    /// Records.
    Records {
        /// How they stand in the bytes.
        format: Format,
        /// What the document calls itself.
        title: Option<String>,
        /// True when it is a document whose list could be anything, or a single object: good enough for a file that
        /// somebody names, not for one that lies beside others.
        doubtful: bool,
    },
    /// A document with both sides, in the lists `expected` and `actual`.
    Sides {
        /// What the document calls itself.
        title: Option<String>,
    },
    /// Telemetry of requests.
    Telemetry,
    /// The beginning of a document; more of it must be seen.
    More,
}

/// Recognises the bytes at the start of a file. `whole`: they are all of it (or all that anyone will look at).
///
/// # Errors
/// When they are no recording, or one that cannot be read yet: what they are and what to do instead.
pub fn detect(head: &[u8], whole: bool) -> Result<Detected, Refusal> {
    for (magic, detected) in [
        (&b"\x1F\x8B"[..], Detected::Gzip),
        (b"\x28\xB5\x2F\xFD", Detected::Zstd),
        (b"PK\x03\x04", Detected::Zip),
        (b"PK\x05\x06", Detected::Zip),
    ] {
        if head.starts_with(magic) {
            return Ok(detected);
        }
    }
    if is_telemetry(head) {
        return Ok(Detected::Telemetry);
    }
    if let Some(refusal) = foreign::binary(head) {
        return Err(refusal);
    }
    let head = head.strip_prefix(BOM).unwrap_or(head);
    let trimmed = head.trim_ascii();
    let Some(first) = trimmed.first() else {
        return if whole { Err(empty(head.is_empty())) } else { Ok(Detected::More) };
    };
    if is_vcd(trimmed) {
        return Ok(plain(Format::Vcd));
    }
    let lines = lines(head, whole);
    // A history in EDN has maps that begin like objects.
    let edn = trimmed.starts_with(b"{:") || trimmed.starts_with(b"[{:");
    if matches!(first, b'{' | b'[') && !edn {
        let outline = Outline::of(trimmed);
        if let Some(refusal) = foreign::json(&outline) {
            return Err(refusal);
        }
        if lines.all > 1 && lines.objects * 2 >= lines.all {
            return Ok(plain(Format::JsonLines));
        }
        return if *first == b'[' { array(trimmed, &outline) } else { object(trimmed, &outline, whole) };
    }
    let text = String::from_utf8_lossy(head);
    if lines.objects == 0 && shiviz::recognises(text.lines().take(LINES)) {
        return Ok(plain(Format::VectorClocks));
    }
    if lines.objects > 0 { Ok(plain(Format::JsonLines)) } else { Err(foreign::text(&text)) }
}

/// A value change dump begins with one of its declarations.
pub fn is_vcd(text: &[u8]) -> bool {
    let word = text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let known = ["$date", "$version", "$timescale", "$comment", "$scope", "$var", "$attrbegin", "$enddefinitions"];
    known.iter().any(|known| known.as_bytes() == word)
}

fn plain(format: Format) -> Detected {
    Detected::Records { format, title: None, doubtful: false }
}

fn empty(really: bool) -> Refusal {
    let what = if really { "It is empty." } else { "It is empty: only blank lines." };
    Refusal::other(what, "See whether the recorder was running and had space to write.")
}

/// True when the bytes at the start of a file tell how its records stand in it whatever follows: all lines that anyone would look
/// at are there, and each is an object.
pub fn is_plain_enough(head: &[u8]) -> bool {
    lines(head, false).objects == LINES
}

/// What the first lines look like.
struct Lines {
    all: usize,
    objects: usize,
}

fn lines(head: &[u8], whole: bool) -> Lines {
    let end = if whole { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
    let (mut all, mut objects) = (0, 0);
    let mut work = Work::default();
    for line in head[..end].split(|&b| b == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(LINES) {
        all += 1;
        objects += usize::from(Leaves::of(&String::from_utf8_lossy(line), None, &mut work).is_ok());
    }
    Lines { all, objects }
}

fn array(text: &[u8], outline: &Outline) -> Result<Detected, Refusal> {
    match outline.list("") {
        Some(List { objects: 1.., names, .. }) => {
            let events = ["ph", "ts"].iter().all(|name| names.iter().any(|own| own == name));
            Ok(plain(if events { Format::TraceEvents } else { Format::JsonArray }))
        }
        // A recording in which nothing happened.
        Some(List { others: 0, .. }) if text[1..].trim_ascii_start().starts_with(b"]") => Ok(plain(Format::JsonArray)),
        _ => {
            let text = String::from_utf8_lossy(text);
            // A log whose lines begin with brackets.
            if shiviz::recognises(text.lines().take(LINES)) {
                return Ok(plain(Format::VectorClocks));
            }
            Err(foreign::text(&text))
        }
    }
}

fn object(text: &[u8], outline: &Outline, whole: bool) -> Result<Detected, Refusal> {
    let first = &text[..outline.end.unwrap_or(text.len())];
    let rest = &text[first.len()..];
    let one_line = !first.contains(&b'\n');
    if !rest.trim_ascii().is_empty() {
        let apart = rest.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r')) == Some(&b'\n');
        let stream = rest.trim_ascii_start().starts_with(b"{") && !(one_line && apart);
        return Ok(plain(if stream || !one_line { Format::JsonStream } else { Format::JsonLines }));
    }
    let seen = |name: &str| outline.list(name).is_some_and(|list| list.objects > 0);
    let title = || {
        let text = |title: &&str| outline.texts.iter().find(|(name, _)| name == title).map(|(_, text)| text.clone());
        TITLES.iter().find_map(text)
    };
    let document = |path: &str, doubtful| Detected::Records {
        format: Format::Document { path: path.to_owned() },
        title: title(),
        doubtful,
    };
    let ended = outline.end.is_some() || whole;
    if ended && seen("expected") && seen("actual") {
        return Ok(Detected::Sides { title: title() });
    }
    if let Some(path) = EVENTS.iter().find(|name| seen(name)) {
        return Ok(document(path, false));
    }
    if !ended {
        return Ok(Detected::More);
    }
    // Of equally long lists the first.
    let longest = outline.lists.iter().rev().max_by_key(|list| list.objects);
    match longest {
        Some(list) if list.objects > usize::from(one_line) => Ok(document(&list.path, true)),
        _ if one_line => Ok(Detected::Records { format: Format::JsonLines, title: None, doubtful: true }),
        _ if outline.end.is_none() => Ok(plain(Format::JsonStream)),
        _ => Err(Refusal::other("It is one JSON object without a list of events.", GIVE_JSON)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> Format {
        match detect(text.as_bytes(), true) {
            Ok(Detected::Records { format, .. }) => format,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn document(path: &str) -> Format {
        Format::Document { path: path.to_owned() }
    }

    #[test]
    fn plain_lines_are_known_by_the_first_of_them() {
        let lines = "{\"a\":1}\n".repeat(LINES);
        assert!(is_plain_enough(lines.as_bytes()));
        assert!(!is_plain_enough(&lines.as_bytes()[..lines.len() - 1]), "the last line may go on");
        assert!(!is_plain_enough(format!("a\n{lines}").as_bytes()));
    }

    #[test]
    fn layouts_are_told_by_content() {
        assert_eq!(format("{\"a\":1}\n{\"a\":2}\n"), Format::JsonLines);
        assert_eq!(format("\u{feff}\r\n{\"a\":1}\r\n"), Format::JsonLines);
        assert_eq!(format("$date today $end\n$timescale 1ns $end\n"), Format::Vcd);
        assert_eq!(format(" \n$comment"), Format::Vcd);
        assert_eq!(format("{\"a\":1,}\n{\"a\":2}\n{\"a\":3}\n"), Format::JsonLines, "a damaged first line");
        assert_eq!(format("{\"a\":\"x}\n{\"a\":2}\n{\"a\":3}\n"), Format::JsonLines, "a lost quote");
        assert_eq!(format("starting\nlistening\nserving\n{\"a\":2}\n{\"a\":3}\n"), Format::JsonLines, "a banner");
        assert_eq!(format("{\"seq\":0,\"ty"), Format::JsonLines, "cut in the first record");
        assert_eq!(format("{\n \"a\":1\n}\n{\n \"a\":2\n}\n"), Format::JsonStream);
        assert_eq!(format("{\"a\":1}{\"a\":2}"), Format::JsonStream);
        assert_eq!(format("[\n{\"a\":1},\n{\"a\":2}\n]"), Format::JsonArray);
        assert_eq!(format("[{\"a\":1},"), Format::JsonArray);
        assert_eq!(format("[]"), Format::JsonArray);
        assert_eq!(format("[{\"ph\":\"B\",\"ts\":1},"), Format::TraceEvents);
        assert_eq!(format("{\"traceEvents\":[{\"ph\":\"X\",\"ts\":1}]}"), document("traceEvents"));
        assert_eq!(format("hello\nweb {\"web\":1}\n"), Format::VectorClocks);
        assert_eq!(format("[INFO] [user/a] {\"a\" : 1} sent\n"), Format::VectorClocks);
        assert_eq!(format("{\"events\":[{\"a\":1}]}\n{\"events\":[]}\n"), Format::JsonLines);
        assert_eq!(format("{\"name\":\"x\",\"events\":[{\"a\":1}]}"), document("events"));
        assert_eq!(format("{\"b\":[{}],\n\"run\":{\"ticks\":[{},{}]}}"), document("run.ticks"));
    }

    #[test]
    fn both_sides_and_the_title_are_seen() {
        let text = br#"{"scenario":"late ack","expected":[{"index":0}],"actual":[{"index":0}]}"#;
        assert_eq!(detect(text, true), Ok(Detected::Sides { title: Some("late ack".to_owned()) }));
        assert_eq!(detect(&text[..50], false), Ok(Detected::More));
        assert_eq!(detect(b" \n", false), Ok(Detected::More));
    }

    #[test]
    fn what_is_packed_is_said_to_be() {
        assert_eq!(detect(b"\x1f\x8b\x08\0\0", true), Ok(Detected::Gzip));
        assert_eq!(detect(b"\x28\xb5\x2f\xfd\0", true), Ok(Detected::Zstd));
        assert_eq!(detect(b"PK\x03\x04\x14\0", true), Ok(Detected::Zip));
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_name() {
        for (bytes, name) in [
            (&b""[..], "empty"),
            (b" \r\n\n", "only blank lines"),
            (b"[1,2]", "a JSON array, but not of objects"),
            (b"{\n\"verdict\": 1\n}", "one JSON object without a list of events"),
            (b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
            (b"\x7fELF\x02\x01\x01\0\0", "an ELF program"),
            (b"ULog\x01\x12\x35\x01", "a PX4 flight log"),
            (b"\xc1\x1f\xfc\xc1\0\0", "a CTF trace stream"),
            (b"\xff\xfe{\0\"\0a\0", "UTF-16"),
            (b"\0{\0\"\0a\0\"", "UTF-16"),
            (b"\xfd7zXZ\0\0", "compressed with xz"),
            (b"\0\x01\x02\x03\0\x01\0\x01", "a binary file"),
            (b"a,b,c\n1,2,3\n4,5,6\n", "a CSV table"),
            (b"{:process 0, :type :invoke}\n", "a Jepsen history"),
            (b"one line\nand another\n", "a plain text log"),
        ] {
            let refusal = detect(bytes, true).unwrap_err();
            assert!(refusal.what.contains(name), "{name}: {refusal:?}");
            assert!(refusal.what.ends_with('.') && refusal.remedy.ends_with('.'), "{refusal:?}");
        }
    }
}
