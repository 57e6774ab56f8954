//! Formats that are known and not read: each is refused by its name, with what to do instead.

use super::metric_table::is_metric_table;
use super::outline::Outline;

/// Why some bytes are no recording that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What they are, as a sentence.
    pub what: String,
    /// What to do instead, as a sentence.
    pub remedy: String,
}

/// What to do with a window of many requests where a recording is needed.
pub const GIVE_WINDOWS: &str =
    "Name a baseline and a failing window: two files, two folders, or a folder that holds both.";
/// What to do about anything that is no JSON.
pub const GIVE_JSON: &str = "Give JSON objects, one a line or in an array, plain, gzip or zstd.";
const CONVERT: &str = "Convert it to JSON lines, one object an event.";

/// Lines looked at to tell one kind of text from another.
const LINES: usize = 40;

impl Refusal {
    /// A format that has no reader yet.
    fn format(name: &str) -> Self {
        Self { what: format!("It is {name}, which this version does not read yet."), remedy: CONVERT.to_owned() }
    }

    /// Something that is no recording at all.
    pub fn other(what: &str, remedy: &str) -> Self {
        Self { what: what.to_owned(), remedy: remedy.to_owned() }
    }

    fn packed(name: &str) -> Self {
        Self::other(&format!("It is {name}."), "Unpack it first; gzip, zstd and zip are read as they are.")
    }

    fn no_recording(name: &str) -> Self {
        Self::other(&format!("It is {name}, not a recording."), GIVE_JSON)
    }
}

/// Knows binary formats by their first bytes.
pub fn binary(head: &[u8]) -> Option<Refusal> {
    const FORMATS: [(&[u8], &str); 5] = [
        (b"ULog\x01\x12\x35", "a PX4 flight log (ULog)"),
        (b"\xC1\x1F\xFC\xC1", "a CTF trace stream"),
        (b"\x75\xD1\x1D\x57", "CTF metadata"),
        (b"PERFILE2", "a perf recording"),
        (b"PAR1", "a Parquet table"),
    ];
    const PACKED: [(&[u8], &str); 5] = [
        (b"\xFD7zXZ\x00", "compressed with xz"),
        (b"BZh", "compressed with bzip2"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"\x04\x22\x4D\x18", "compressed with LZ4"),
        (b"Rar!\x1A\x07", "a RAR archive"),
    ];
    const OTHERS: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1A\n", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\x7FELF", "an ELF program"),
        (b"%PDF-", "a PDF document"),
        (b"SQLite format 3\x00", "an SQLite database"),
    ];
    let known =
        |table: &[(&[u8], &'static str)]| table.iter().find(|(m, _)| head.starts_with(m)).map(|&(_, name)| name);
    if let Some(name) = known(&FORMATS) {
        return Some(Refusal::format(name));
    }
    if let Some(name) = known(&PACKED) {
        return Some(Refusal::packed(name));
    }
    if let Some(name) = known(&OTHERS) {
        return Some(Refusal::no_recording(name));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Refusal::packed("a tar archive"));
    }
    let sample = &head[..head.len().min(4096)];
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || looks_like_utf16(sample) {
        let remedy = "Save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`.";
        return Some(Refusal::other("It is text in UTF-16, which is not read.", remedy));
    }
    let odd = sample.iter().filter(|&&b| b == 0 || (b < 0x20 && !b.is_ascii_whitespace() && b != 0x1B)).count();
    (odd * 10 > sample.len() && !sample.starts_with(b"{")).then(|| Refusal::no_recording("a binary file"))
}

/// Every other byte is zero, and the ones between are not.
fn looks_like_utf16(sample: &[u8]) -> bool {
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let (fewer, more) = (zeros(0).min(zeros(1)), zeros(0).max(zeros(1)));
    sample.len() > 3 && more * 5 > sample.len() * 2 && fewer * 20 < sample.len()
}

/// Knows JSON formats by the names in their first value.
pub fn json(outline: &Outline) -> Option<Refusal> {
    if outline.lists("data.spans", &["spanID"]) {
        let what = "It is a trace as Jaeger's pages keep it for themselves, which is not read.";
        return Some(Refusal::other(what, "Download it there as JSON."));
    }
    let name = if outline.lists("", &["traceId", "binaryAnnotations"]) {
        "a Zipkin trace of version 1"
    } else if outline.has("shared") && outline.has("profiles") {
        "a speedscope profile"
    } else if outline.has("nodes") && outline.has("startTime") && outline.has("endTime") {
        "a CPU profile (.cpuprofile)"
    } else {
        return None;
    };
    Some(Refusal::format(name))
}

/// Knows text that is no JSON by its look.
pub fn text(text: &str) -> Refusal {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let first = lines.first().map_or("", |line| line.trim_start());
    let some = |matches: &dyn Fn(&str) -> bool| lines.iter().any(|line| matches(line));
    let most = |matches: &dyn Fn(&str) -> bool| lines.iter().filter(|line| matches(line)).count() * 2 > lines.len();
    let name = if some(&is_clock) || first.starts_with("(?<") {
        "a ShiViz vector-clock log"
    } else if some(&|line| line.contains("jepsen")) || first.starts_with("{:") || most(&|line| line.starts_with("{:")) {
        "a Jepsen history (EDN)"
    } else if first.starts_with("/* CTF") {
        "CTF metadata"
    } else if first.starts_with('[') && most(&|line| line.contains("] (+")) {
        "a babeltrace text log of a CTF trace"
    } else if first.contains("# tracer:") || some(&|line| line.contains("tracing_mark_write:")) {
        "an ftrace log"
    } else if first.starts_with("# ========") || some(&|line| line.contains(" cycles:") || line.contains("cpu-clock:"))
    {
        "the text of a perf recording"
    } else if first.starts_with("<!") || first.starts_with("<html") || first.starts_with("<?xml") {
        return Refusal::no_recording("HTML or XML");
    } else if is_metric_table(text.as_bytes()) {
        let what = "It is a CSV table of metrics, of which whole windows are compared.";
        return Refusal::other(what, GIVE_WINDOWS);
    } else if is_csv(&lines) {
        "a CSV table"
    } else if first.starts_with('[') && !is_bracketed_log(first) {
        return Refusal::other("It is a JSON array, but not of objects.", GIVE_JSON);
    } else {
        "a plain text log"
    };
    Refusal::format(name)
}

/// A line with a host and its vector clock: `worker-1 {"db":2, "worker-1":3}`.
fn is_clock(line: &str) -> bool {
    let Some((before, clock)) = line.trim().split_once("{\"") else { return false };
    let entry = |entry: &str| {
        let (host, count) = entry.trim().trim_start_matches('"').split_once('"')?;
        let count = count.trim_start().strip_prefix(':')?.trim_start();
        Some(before.contains(host) && !host.is_empty() && count.starts_with(|c: char| c.is_ascii_digit()))
    };
    clock.split(['}', ',']).any(|part| entry(part) == Some(true))
}

/// A line that begins like an array and goes on like a log: `[12:00:01] started`.
fn is_bracketed_log(line: &str) -> bool {
    line.split_once(']')
        .is_some_and(|(_, rest)| !rest.trim_start().is_empty() && !rest.trim_start().starts_with([',', ']']))
}

/// Lines that all have as many commas (or semicolons, or tabs) as the first.
fn is_csv(lines: &[&str]) -> bool {
    [',', ';', '\t'].iter().any(|&separator| {
        let columns = |line: &&str| line.matches(separator).count();
        let first = lines.first().map_or(0, columns);
        lines.len() > 1
            && first > 0
            && lines.iter().filter(|line| columns(line) == first).count() * 10 >= lines.len() * 9
    })
}
