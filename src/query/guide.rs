//! The language in examples, for the help, the completion and the tests.

/// One thing that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// An example, which can be typed as it stands.
    pub written: &'static str,
    /// What it finds, as a sentence.
    pub means: &'static str,
}

const fn line(written: &'static str, means: &'static str) -> Line {
    Line { written, means }
}

/// The whole language. A row is found when one of its events answers.
pub const GUIDE: &[Line] = &[
    line("timeout retry", "Events whose text holds both words, upper and lower case alike."),
    line("\"queue is full\"", "The words in this order; \\\" and \\\\ stand for themselves."),
    line("kind:send", "This kind of event; * stands for any text and ? for any character."),
    line("lane:queue:*", "Events on a lane of this name."),
    line("status:504", "A field with this value. Of a nested one the end of the path is enough."),
    line("attrs.region:\"eu west\"", "Values with spaces, and those that look like a pattern, stand in quotes."),
    line("latency_ms:>20", "A number beyond a limit: >, >=, < and <=."),
    line("latency_ms:20..30", "A number in a range with both its ends; 20.. and ..30 leave one open."),
    line("time:1.5s..2s", "A time as the table shows it, in fs, ps, ns, us, ms, s, min, h or plain ticks."),
    line("index:100..200", "Events by their index, from 0; line: by their line in the file, from 1."),
    line("/5\\d\\d/", "A regular expression over the text; (?i) at its start ignores case."),
    line("url:/orders\\/\\d+$/", "A regular expression over the value of a field."),
    line("diff:changed", "Rows of a class: any, same, changed, missing, extra, moved, duplicate, late."),
    line("side:actual", "Events of one side."),
    line(
        "is:cause",
        "Known rows: cause, symptom, first, inverted, unrecorded; is:error for events that tell of a failure.",
    ),
    line("cause:1", "Rows that this cause of the ranked list explains, and its own."),
    line("-heartbeat", "Events without this; works before everything."),
    line("kind:send or kind:receive", "One or the other; what stands side by side belongs closer together than or."),
    line("(lost or late) -side:expected", "Parentheses group."),
    line("\"kind\":send", "A field that is called like a word of this language stands in quotes."),
];
