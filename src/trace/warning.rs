//! What was wrong with the input, told so that a person can act on it.

use serde::Serialize;

/// The kinds of trouble that a recording can bring. Warnings of one kind in one file are told once, with a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// A record that could not be read; the answer is partial.
    Unreadable,
    /// The last record is cut off; the answer is partial.
    TornEnd,
    /// The compressed stream ended early or is damaged; the answer is partial.
    Damaged,
    /// A limit was hit (size, depth, ratio); what lies behind it was not read; the answer is partial.
    Limit,
    /// Bytes that are no UTF-8 were replaced.
    InvalidUtf8,
    /// A key stood twice in one object; the last value counts.
    DuplicateKey,
    /// A time that could not be read.
    BadTime,
    /// A file of the pack that is no recording and was set aside.
    Skipped,
    /// The source changed after it was read.
    SourceChanged,
    /// The sides may not be comparable: build, host, configuration, clock, sampling.
    Comparability,
    /// Anything else worth saying.
    Note,
}

impl WarningKind {
    /// True when something of the recording was not read, so that no answer may be called complete.
    pub const fn partial(self) -> bool {
        matches!(self, Self::Unreadable | Self::TornEnd | Self::Damaged | Self::Limit)
    }
}

/// One warning: which file, which line, what, what to do, and how many more like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What kind of trouble.
    pub kind: WarningKind,
    /// The file as the person named it; empty when the warning is about the pair.
    pub file: String,
    /// 1-based line, where there is one.
    pub line: Option<u32>,
    /// What is wrong, as a sentence without the file and line.
    pub what: String,
    /// What to do about it, as a sentence.
    pub remedy: String,
    /// How many more like it there were.
    pub more: u64,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.what)?;
        match self.more {
            0 => {}
            1 => f.write_str(" (and 1 more like it)")?,
            n => write!(f, " (and {n} more like it)")?,
        }
        if !self.remedy.is_empty() {
            write!(f, " {}", self.remedy)?;
        }
        Ok(())
    }
}

/// A list of warnings that tells each kind once a file and counts the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warnings(Vec<Warning>);

impl Warnings {
    /// Adds a warning, or counts it into an earlier one of the same kind and file.
    pub fn push(&mut self, warning: Warning) {
        let alike = |w: &&mut Warning| {
            w.kind == warning.kind
                && w.file == warning.file
                && !matches!(w.kind, WarningKind::Note | WarningKind::Comparability | WarningKind::Skipped)
        };
        if let Some(first) = self.0.iter_mut().find(alike) {
            first.more += 1 + warning.more;
        } else if !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    /// Adds all of `later`.
    pub fn extend(&mut self, later: impl IntoIterator<Item = Warning>) {
        for warning in later {
            self.push(warning);
        }
    }

    /// The warnings, in the order of their first appearance.
    pub fn as_slice(&self) -> &[Warning] {
        &self.0
    }

    /// True when something was not read.
    pub fn partial(&self) -> bool {
        self.0.iter().any(|w| w.kind.partial())
    }
}

impl IntoIterator for Warnings {
    type Item = Warning;
    type IntoIter = std::vec::IntoIter<Warning>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
