//! What two sources have in common from their start: found by comparing bytes, long before anything is understood.

use super::{OpenError, Source};

/// Bytes compared at once: both blocks stay in the second-level cache.
const BLOCK: usize = 256 << 10;
/// Bytes whose line ends are counted in one byte.
const COUNTED: usize = 240;

/// Equal leading bytes of two sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefix {
    /// How many, cut back to the end of the last whole line.
    pub bytes: u64,
    /// How many lines that are not blank they hold.
    pub records: u32,
}

impl Source {
    /// What this and the other source have in common from their start. Cut short when it is cancelled.
    ///
    /// # Errors
    /// When one of them cannot be read, as a sentence.
    pub fn common_prefix(&self, other: &Self, cancelled: &dyn Fn() -> bool) -> Result<Prefix, OpenError> {
        let mut one = self.stream()?.in_blocks_of(BLOCK);
        let mut two = other.stream()?.in_blocks_of(BLOCK);
        let mut lines = Lines::default();
        while !cancelled() {
            let (a, b) = (one.next()?, two.next()?);
            let equal = equal_bytes(a, b);
            lines.take(&a[..equal]);
            if equal < a.len().max(b.len()) || equal == 0 {
                break;
            }
        }
        Ok(lines.whole)
    }
}

/// How many leading bytes are equal.
fn equal_bytes(a: &[u8], b: &[u8]) -> usize {
    let len = a.len().min(b.len());
    if a[..len] == b[..len] {
        return len;
    }
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Counts lines that are not blank, across blocks.
#[derive(Debug, Default)]
struct Lines {
    /// Up to the last line end.
    whole: Prefix,
    /// Bytes seen.
    seen: u64,
    /// The line that is not ended yet has something on it.
    begun: bool,
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) {
        let (Some(first), Some(last)) = (memchr::memchr(b'\n', bytes), memchr::memrchr(b'\n', bytes)) else {
            self.begun |= !blank(bytes);
            self.seen += bytes.len() as u64;
            return;
        };
        let whole = &bytes[first + 1..=last];
        let said = lines_that_say_something(whole)
            .unwrap_or_else(|| whole.split_inclusive(|&b| b == b'\n').filter(|line| !blank(line)).count() as u32);
        self.whole.records += u32::from(self.begun || !blank(&bytes[..first])) + said;
        self.whole.bytes = self.seen + last as u64 + 1;
        self.begun = !blank(&bytes[last + 1..]);
        self.seen += bytes.len() as u64;
    }
}

fn blank(line: &[u8]) -> bool {
    line.first().is_none_or(|&b| b <= b' ' && line.trim_ascii().is_empty())
}

/// How many whole lines there are, unless one of them begins with something blank. Without a branch, so that compilers do it
/// many bytes at a time.
fn lines_that_say_something(lines: &[u8]) -> Option<u32> {
    let Some((&first, behind)) = lines.split_first() else { return Some(0) };
    // The last line end has nothing behind it.
    let mut ends = 1;
    let mut blank = first <= b' ';
    for (here, next) in lines.chunks(COUNTED).zip(behind.chunks(COUNTED)) {
        let (mut ended, mut most) = (0_u8, 0);
        for (&here, &next) in here.iter().zip(next) {
            let end = u8::from(here == b'\n');
            ended += end;
            // All bits at a line end, none elsewhere: the smallest byte behind one is the largest here.
            most = most.max(end.wrapping_neg() & !next);
        }
        ends += u32::from(ended);
        blank |= most >= !b' ';
    }
    (!blank).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(a: &str, b: &str) -> (u64, u32) {
        let (a, b) = (Source::memory("a", a.as_bytes()), Source::memory("b", b.as_bytes()));
        let prefix = a.common_prefix(&b, &|| false).unwrap();
        (prefix.bytes, prefix.records)
    }

    #[test]
    fn a_prefix_ends_with_a_whole_line_and_counts_the_lines_that_say_something() {
        assert_eq!(prefix("one\n\n \r\ntwo\nthree x", "one\n\n \r\ntwo\nthree y"), (13 - 1, 2));
        assert_eq!(prefix("one\ntwo", "one\ntwo"), (4, 1));
        assert_eq!(prefix("one\ntwo\n", "one\ntwo\nthree\n"), (8, 2));
        assert_eq!(prefix("", "one\n"), (0, 0));
    }

    #[test]
    fn lines_are_counted_wherever_blank_ones_are() {
        for blank_at in 0..9 {
            for filler in ["", " ", "\t\r"] {
                let line = |i: usize| if i == blank_at { format!("{filler}\n") } else { "x".repeat(i * 61) + "y\n" };
                let text: String = (0..8).map(line).collect();
                let said = if blank_at < 8 { 7 } else { 8 };
                assert_eq!(prefix(&text, &text), (text.len() as u64, said), "{blank_at}");
                let indented = format!("a\n {text}");
                assert_eq!(prefix(&indented, &indented), (indented.len() as u64, said + 1), "{blank_at}");
            }
        }
    }

    #[test]
    fn a_line_across_two_blocks_is_counted_once() {
        let long = format!("{}\n{}\nend", "x".repeat(BLOCK + 7), "y".repeat(BLOCK));
        assert_eq!(prefix(&long, &long), ((2 * BLOCK + 9) as u64, 2));
    }
}
