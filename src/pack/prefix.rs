//! What two sources have in common from their start: found by comparing bytes, long before anything is understood.

use super::{OpenError, Source};

/// Bytes compared at once: both blocks stay in the second-level cache.
const BLOCK: usize = 128 << 10;

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
        let blank = |line: &[u8]| line.first().is_none_or(|&b| b <= b' ' && line.trim_ascii().is_empty());
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            if self.begun || !blank(&bytes[start..end]) {
                self.whole.records += 1;
            }
            self.begun = false;
            start = end + 1;
            self.whole.bytes = self.seen + start as u64;
        }
        self.begun |= !blank(&bytes[start..]);
        self.seen += bytes.len() as u64;
    }
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
    fn a_line_across_two_blocks_is_counted_once() {
        let long = format!("{}\n{}\nend", "x".repeat(BLOCK + 7), "y".repeat(BLOCK));
        assert_eq!(prefix(&long, &long), ((2 * BLOCK + 9) as u64, 2));
    }
}
