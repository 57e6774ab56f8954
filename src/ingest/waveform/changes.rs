//! The body of a dump: times and value changes.

use super::declarations::Ids;
use super::said::{Said, quoted};
use super::value::{hash, spell};
use super::words::Word;
use crate::trace::{Changes, Net, Place, WarningKind};

/// An index of a change takes 32 bits, with one number for none.
const MAX_CHANGES: usize = u32::MAX as usize - 1;
/// No value yet, which is no value that [`hash`] gives.
const NEVER: u64 = u64::MAX;
const NONE: u32 = u32::MAX;

/// What the next word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Change,
    /// The code of the net that takes the value in `vector`, which stands at this offset and line.
    Code(u64, u32),
    /// Anything up to an `$end`.
    Skipped,
}

/// Reads changes word by word.
#[derive(Debug)]
pub struct Body {
    next: Next,
    vector: Vec<u8>,
    spelled: Vec<u8>,
    now: Option<i64>,
    span: Option<(i64, i64)>,
    /// True while the dump is at a time that was already left.
    behind: bool,
    changes: Changes,
    /// The changes of the time that is now: net, value, place. Only the last one of a net counts.
    step: Vec<(u32, u64, Place)>,
    /// For each net, its place in `step`.
    slots: Vec<u32>,
    /// For each net, the value before `now`.
    last: Vec<u64>,
    full: bool,
}

impl Body {
    /// Of so many nets.
    pub fn new(nets: usize) -> Self {
        Self {
            next: Next::Change,
            vector: Vec::new(),
            spelled: Vec::new(),
            now: None,
            span: None,
            behind: false,
            changes: Changes::default(),
            step: Vec::new(),
            slots: vec![NONE; nets],
            last: vec![NEVER; nets],
            full: false,
        }
    }

    /// Takes the next word. False when it cannot be read.
    pub fn word(&mut self, word: Word<'_>, ids: &Ids, nets: &[Net], said: &mut Said) -> bool {
        let text = word.text;
        match self.next {
            Next::Skipped => {
                if text == b"$end" {
                    self.next = Next::Change;
                }
                return true;
            }
            Next::Code(offset, line) => {
                self.next = Next::Change;
                let len = (word.offset - offset) as u32 + text.len() as u32;
                let vector = std::mem::take(&mut self.vector);
                let read = self.change(&vector, text, Place { offset, len, line }, ids, nets, said);
                self.vector = vector;
                return read;
            }
            Next::Change => {}
        }
        match text {
            [] => said.unreadable(word.line, "A word here is too long for a value or a name."),
            [b'#', time @ ..] => return self.time(time, word.line, nets, said),
            [b'b' | b'B' | b'r' | b'R' | b's' | b'S', _, ..] | [_] if text != b"#" && text != b"$" => {
                self.vector.clear();
                self.vector.extend_from_slice(text);
                self.next = Next::Code(word.offset, word.line);
                return true;
            }
            b"$end" | b"$dumpvars" | b"$dumpall" | b"$dumpon" | b"$dumpoff" => return true,
            b"$comment" | b"$timezero" | b"$vcdclose" => {
                self.next = Next::Skipped;
                return true;
            }
            [b'$', ..] => {
                self.next = Next::Skipped;
                said.unreadable(word.line, &format!("The command {} stands among the changes.", quoted(text)));
            }
            [b'p', ..] => {
                let what = format!("{} is a port's value of an extended dump (EVCD), which is not read.", quoted(text));
                said.say(WarningKind::Unreadable, word.line, &what, "Record a four-state dump ($dumpvars).");
            }
            [bit, code @ ..] if bit.is_ascii_alphanumeric() || *bit == b'-' => {
                let place = Place { offset: word.offset, len: text.len() as u32, line: word.line };
                return self.change(&[*bit], code, place, ids, nets, said);
            }
            _ => {
                let what = format!("A time or a value is expected, but there stands {}.", quoted(text));
                said.unreadable(word.line, &what);
            }
        }
        false
    }

    fn change(&mut self, value: &[u8], code: &[u8], place: Place, ids: &Ids, nets: &[Net], said: &mut Said) -> bool {
        let Some(net) = ids.net(code) else {
            said.unreadable(place.line, &format!("The code {} of a change was never declared.", quoted(code)));
            return false;
        };
        if !spell(value, nets[net as usize].width, &mut self.spelled) {
            said.unreadable(place.line, &format!("{} is no value.", quoted(value)));
            return false;
        }
        if self.behind {
            return true;
        }
        if self.now.is_none() {
            // Initial values may stand before the first time.
            self.now = Some(0);
            self.span = Some((0, 0));
        }
        let value = hash(&self.spelled);
        match self.slots[net as usize] {
            NONE => {
                self.slots[net as usize] = self.step.len() as u32;
                self.step.push((net, value, place));
            }
            slot => self.step[slot as usize] = (net, value, place),
        }
        true
    }

    fn time(&mut self, digits: &[u8], line: u32, nets: &[Net], said: &mut Said) -> bool {
        let Some(time) = time_of(digits) else {
            said.unreadable(line, &format!("#{} is no time.", quoted(digits).trim_matches('`')));
            // What follows stands at an unknown time.
            self.behind = true;
            return false;
        };
        self.behind = self.now.is_some_and(|now| time < now);
        if self.behind {
            let now = self.now.unwrap_or_default();
            let what = format!("The time goes back from #{now} to #{time}; the changes up to #{now} were left out.");
            said.say(
                WarningKind::Unreadable,
                line,
                &what,
                "If the dump holds two runs, split it; else record it again.",
            );
            return true;
        }
        if self.now != Some(time) {
            self.close(nets, said, line);
            self.now = Some(time);
        }
        self.span = Some((self.span.map_or(time, |(first, _)| first), time));
        true
    }

    /// The time that is now has ended: what it changed is told.
    fn close(&mut self, nets: &[Net], said: &mut Said, line: u32) {
        let now = self.now.unwrap_or_default();
        let mut step = std::mem::take(&mut self.step);
        for (net, value, place) in step.drain(..) {
            self.slots[net as usize] = NONE;
            let last = &mut self.last[net as usize];
            if *last == value && !nets[net as usize].pulse {
                continue;
            }
            if self.changes.nets.len() >= MAX_CHANGES {
                if !std::mem::replace(&mut self.full, true) {
                    let what = format!("There are more than {MAX_CHANGES} changes.");
                    said.say(WarningKind::Limit, line, &what, "The others were left out; record a shorter time.");
                }
                continue;
            }
            *last = value;
            self.changes.times.push(Some(now));
            self.changes.nets.push(net);
            self.changes.values.push(value);
            self.changes.places.push(place);
        }
        self.step = step;
    }

    /// What happened, when it began and ended, and whether it ends in the middle of a change.
    pub fn finish(mut self, nets: &[Net], said: &mut Said, line: u32) -> (Changes, Option<(i64, i64)>, bool) {
        self.close(nets, said, line);
        let torn = matches!(self.next, Next::Code(..));
        (self.changes, self.span, torn)
    }
}

/// Digits; some tools write a float without a fraction.
fn time_of(digits: &[u8]) -> Option<i64> {
    /// Up to here a float is an exact integer: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let text = std::str::from_utf8(digits).ok().filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))?;
    text.parse().ok().or_else(|| {
        let float = text.parse::<f64>().ok()?;
        (float.fract() == 0.0 && (0.0..=EXACT).contains(&float)).then_some(float as i64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_whole_numbers() {
        let times = ["0", "100", "9223372036854775807", "2e3", "50.0"].map(|t| time_of(t.as_bytes()));
        assert_eq!(times, [Some(0), Some(100), Some(i64::MAX), Some(2000), Some(50)]);
        for none in ["", "-5", "+5", "1.5", "9223372036854775808", "x", "1e300"] {
            assert_eq!(time_of(none.as_bytes()), None, "{none}");
        }
    }
}
