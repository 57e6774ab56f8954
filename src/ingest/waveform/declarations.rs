//! The head of a dump: scopes, variables and their identifier codes, the timescale.

use std::collections::HashMap;

use super::said::{Said, quoted};
use super::words::Word;
use crate::trace::{Net, Timescale, Unit, Variable, WarningKind};

/// Bytes of one declaration that are looked at; the longest names of real designs have some thousands.
const MAX_DECLARATION: usize = 64 << 10;
/// Bytes of all names together. Every name is kept with its scopes, and deep scopes would multiply.
const MAX_NAMES: usize = 256 << 20;
/// What a tick is where a dump does not say: what most viewers take.
const ASSUMED: Timescale = Timescale { factor: 1, unit: Unit::Nanos };

/// Identifier codes and their nets. Most codes fit one number.
#[derive(Debug, Default)]
pub struct Ids {
    short: HashMap<u64, u32, foldhash::fast::FixedState>,
    long: HashMap<Vec<u8>, u32, foldhash::fast::FixedState>,
}

impl Ids {
    /// The net of a code.
    #[inline]
    pub fn net(&self, id: &[u8]) -> Option<u32> {
        match packed(id) {
            Some(short) => self.short.get(&short).copied(),
            None => self.long.get(id).copied(),
        }
    }

    /// The net of a code, which is `next` when the code is new.
    fn net_or(&mut self, id: &[u8], next: u32) -> u32 {
        match packed(id) {
            Some(short) => *self.short.entry(short).or_insert(next),
            None => *self.long.entry(id.to_vec()).or_insert(next),
        }
    }
}

/// Up to seven bytes and their count as one number.
#[inline]
fn packed(id: &[u8]) -> Option<u64> {
    (id.len() < 8).then(|| id.iter().fold(id.len() as u64, |sum, &byte| sum << 8 | u64::from(byte)))
}

/// A `$command` and what it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Scope,
    Up,
    Var,
    Timescale,
    /// Date, version, comment, attributes: nothing that counts.
    Other,
    End,
}

/// Reads declarations word by word.
#[derive(Debug, Default)]
pub struct Declarations {
    /// Names in the order of their declarations.
    pub variables: Vec<Variable>,
    /// What they name.
    pub nets: Vec<Net>,
    /// What stands for them in the changes.
    pub ids: Ids,
    timescale: Option<Timescale>,
    open: Option<(Command, u32)>,
    /// The words of the open command, joined by spaces.
    words: Vec<u8>,
    /// The scopes that are open, joined by dots, and where each begins in there.
    scope: String,
    scopes: Vec<usize>,
    names: usize,
}

impl Declarations {
    /// Takes the next word. True when it is none of the declarations: the changes begin with it.
    pub fn word(&mut self, word: Word<'_>, said: &mut Said) -> Step {
        let text = word.text;
        let Some((command, _)) = self.open else {
            return self.begin(word, said);
        };
        // Some tools leave no space before the end of a text.
        let (text, ended) = match text.strip_suffix(b"$end") {
            Some([]) => (&[][..], true),
            Some(rest) if command != Command::Var => (rest, true),
            _ => (text, false),
        };
        if command != Command::Other && !text.is_empty() && self.words.len() + text.len() < MAX_DECLARATION {
            if !self.words.is_empty() {
                self.words.push(b' ');
            }
            self.words.extend_from_slice(text);
        }
        if ended { self.end(said) } else { Step::More }
    }

    fn begin(&mut self, word: Word<'_>, said: &mut Said) -> Step {
        let command = match word.text {
            b"$scope" => Command::Scope,
            b"$upscope" => Command::Up,
            b"$var" => Command::Var,
            b"$timescale" => Command::Timescale,
            b"$enddefinitions" => Command::End,
            b"$date" | b"$version" | b"$comment" | b"$attrbegin" | b"$attrend" => Command::Other,
            b"$dumpvars" | b"$dumpall" | b"$dumpon" | b"$dumpoff" | [b'#', ..] => {
                let what = "The declarations end without $enddefinitions.";
                said.say(WarningKind::Note, word.line, what, "What follows was read as changes.");
                return Step::Changes;
            }
            b"$end" => return Step::More,
            [b'$', ..] => {
                let what = format!("The command {} is not known.", quoted(word.text));
                said.say(WarningKind::Note, word.line, &what, "It was skipped up to its $end.");
                Command::Other
            }
            other => {
                said.unreadable(word.line, &format!("A declaration is expected, but there stands {}.", quoted(other)));
                return Step::More;
            }
        };
        self.open = Some((command, word.line));
        self.words.clear();
        Step::More
    }

    fn end(&mut self, said: &mut Said) -> Step {
        let Some((command, line)) = self.open.take() else { return Step::More };
        let words = std::mem::take(&mut self.words);
        match command {
            Command::Scope => {
                let name = words.splitn(2, |&b| b == b' ').nth(1).unwrap_or_default();
                self.scopes.push(self.scope.len());
                if !self.scope.is_empty() {
                    self.scope.push('.');
                }
                // Scopes that are opened without end must not grow without end.
                if self.scope.len() < MAX_DECLARATION {
                    self.scope.push_str(&String::from_utf8_lossy(name));
                }
            }
            Command::Up => {
                if let Some(outer) = self.scopes.pop() {
                    self.scope.truncate(outer);
                }
            }
            Command::Var => self.variable(&words, line, said),
            Command::Timescale => {
                self.timescale = timescale(&words);
                if self.timescale.is_none() {
                    let what = format!("The timescale {} cannot be read.", quoted(&words));
                    said.say(WarningKind::BadTime, line, &what, "A tick was taken for 1 ns.");
                }
            }
            Command::Other => {}
            Command::End => return Step::Ended,
        }
        self.words = words;
        Step::More
    }

    fn variable(&mut self, words: &[u8], line: u32, said: &mut Said) {
        let mut parts = words.splitn(4, |&b| b == b' ');
        let (Some(word), Some(size), Some(id), Some(name)) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            said.unreadable(line, "A variable is declared without a type, a size, a code and a name.");
            return;
        };
        let width = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
        if width.is_none() {
            said.unreadable(line, &format!("The size {} of a variable is no number.", quoted(size)));
        }
        let (name, range) = parted(name);
        let name = String::from_utf8_lossy(name);
        let path = if self.scope.is_empty() { name.into_owned() } else { format!("{}.{name}", self.scope) };
        self.names += path.len();
        if self.names > MAX_NAMES {
            let what = format!("The names of the signals are longer than {} MiB together.", MAX_NAMES >> 20);
            said.say(WarningKind::Limit, line, &what, "The others were left out; record fewer scopes.");
            return;
        }
        let net = self.ids.net_or(id, self.nets.len() as u32);
        let word = String::from_utf8_lossy(word).into_owned();
        if net as usize == self.nets.len() {
            self.nets.push(Net { width: width.unwrap_or(u32::MAX), pulse: word == "event" });
        }
        let range = range.iter().filter(|b| **b != b' ').copied().collect::<Vec<u8>>();
        let range = String::from_utf8_lossy(&range).into_owned();
        self.variables.push(Variable { path, range, word, depth: self.scopes.len() as u32, net });
    }

    /// What a tick means.
    pub fn timescale(&self) -> Timescale {
        self.timescale.unwrap_or(ASSUMED)
    }

    /// True when the recording says what a tick means.
    pub const fn has_timescale(&self) -> bool {
        self.timescale.is_some()
    }
}

/// Where a reader of declarations stands after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Among the declarations.
    More,
    /// Behind them.
    Ended,
    /// Behind them, and the word belongs to the changes.
    Changes,
}

/// A name and its bit range: `data [7:0]` or `data[7:0]`. What has no colon and no space before it is part of the name:
/// an element of an array.
fn parted(name: &[u8]) -> (&[u8], &[u8]) {
    if let Some(at) = name.windows(2).position(|pair| pair == b" [") {
        return (&name[..at], &name[at + 1..]);
    }
    match name.iter().rposition(|&b| b == b'[') {
        Some(at) if at > 0 && name.ends_with(b"]") && name[at..].contains(&b':') => (&name[..at], &name[at..]),
        _ => (name, &[]),
    }
}

/// `1ns`, `10 ps`.
fn timescale(words: &[u8]) -> Option<Timescale> {
    let text: String = std::str::from_utf8(words).ok()?.split_ascii_whitespace().collect();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let factor = text[..digits].parse().ok().filter(|&factor| factor > 0)?;
    let unit = [Unit::Seconds, Unit::Millis, Unit::Micros, Unit::Nanos, Unit::Picos, Unit::Femtos];
    let unit = unit.into_iter().find(|unit| text[digits..].eq_ignore_ascii_case(unit.symbol()))?;
    Some(Timescale { factor, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timescales_are_read_in_every_spelling() {
        let read = |text: &str| timescale(text.as_bytes()).map(|t| t.to_string());
        assert_eq!(read("1ns").as_deref(), Some("1ns"));
        assert_eq!(read("100 ps").as_deref(), Some("100ps"));
        assert_eq!(read("10 fs").as_deref(), Some("10fs"));
        assert_eq!(read("1 S").as_deref(), Some("1s"));
        assert_eq!([read("ns"), read("1"), read("0ns"), read("1 as"), read("")], [const { None }; 5]);
    }

    #[test]
    fn a_range_is_told_from_an_array() {
        let parted = |name: &str| {
            let (name, range) = parted(name.as_bytes());
            format!("{}|{}", String::from_utf8_lossy(name), String::from_utf8_lossy(range))
        };
        assert_eq!(parted("data [7:0]"), "data|[7:0]");
        assert_eq!(parted("data[7:0]"), "data|[7:0]");
        assert_eq!(parted("mem[3]"), "mem[3]|");
        assert_eq!(parted("mem[3] [7:0]"), "mem[3]|[7:0]");
        assert_eq!(parted("bus [3]"), "bus|[3]");
        assert_eq!(parted("[7:0]"), "[7:0]|");
    }

    #[test]
    fn codes_of_every_length_are_told_apart() {
        let mut ids = Ids::default();
        for (net, id) in [&b"!"[..], b"!!", b"\0!", b"1234567", b"12345678", b"123456789"].into_iter().enumerate() {
            assert_eq!(ids.net_or(id, net as u32), net as u32);
            assert_eq!(ids.net(id), Some(net as u32));
        }
        assert_eq!(ids.net(b"\""), None);
    }
}
