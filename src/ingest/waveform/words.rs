//! The words of a dump, with their places, from bytes that come in any pieces.

/// Longer words are no names or values of any simulator: a word is held in memory until it is whole.
pub const MAX_WORD: usize = 4 << 20;

/// What stands between white space.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// Its bytes; empty when it is longer than [`MAX_WORD`].
    pub text: &'a [u8],
    /// Where its first byte stands.
    pub offset: u64,
    /// The 1-based line of its first byte.
    pub line: u32,
}

/// Cuts pushed bytes into words. The words do not depend on how the bytes were cut into blocks.
#[derive(Debug)]
pub struct Words {
    offset: u64,
    line: u32,
    /// The beginning of a word whose end was not pushed yet.
    carry: Vec<u8>,
    carry_offset: u64,
    too_long: bool,
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl Words {
    /// At the start of a recording.
    pub const fn new() -> Self {
        Self { offset: 0, line: 1, carry: Vec::new(), carry_offset: 0, too_long: false }
    }

    /// Takes the next bytes and tells every word that ends in them.
    pub fn push(&mut self, block: &[u8], mut tell: impl FnMut(Word<'_>)) {
        let mut at = 0;
        while at < block.len() {
            if is_space(block[at]) {
                if self.open() {
                    self.close(&mut tell);
                }
                self.line = self.line.saturating_add(u32::from(block[at] == b'\n'));
                at += 1;
                continue;
            }
            let end = block[at..].iter().position(|&b| is_space(b)).map_or(block.len(), |i| at + i);
            let offset = self.offset + at as u64;
            if end == block.len() || self.open() {
                self.keep(&block[at..end], offset);
            } else {
                let text = if end - at > MAX_WORD { &[] } else { &block[at..end] };
                tell(Word { text, offset, line: self.line });
            }
            at = end;
        }
        self.offset += block.len() as u64;
    }

    /// The word at the very end, with no space behind it: it may be cut.
    pub fn finish(mut self, mut tell: impl FnMut(Word<'_>)) {
        if self.open() {
            self.close(&mut tell);
        }
    }

    const fn open(&self) -> bool {
        self.too_long || !self.carry.is_empty()
    }

    fn keep(&mut self, bytes: &[u8], offset: u64) {
        if !self.open() {
            self.carry_offset = offset;
        }
        if self.too_long || self.carry.len() + bytes.len() > MAX_WORD {
            self.too_long = true;
            self.carry = Vec::new();
        } else {
            self.carry.extend_from_slice(bytes);
        }
    }

    fn close(&mut self, tell: &mut impl FnMut(Word<'_>)) {
        tell(Word { text: &self.carry, offset: self.carry_offset, line: self.line });
        self.carry.clear();
        self.too_long = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &[u8], block: usize) -> Vec<(String, u64, u32)> {
        let mut words = Words::new();
        let mut found = Vec::new();
        let mut tell = |w: Word<'_>| found.push((String::from_utf8_lossy(w.text).into_owned(), w.offset, w.line));
        for piece in text.chunks(block) {
            words.push(piece, &mut tell);
        }
        words.finish(&mut tell);
        found
    }

    #[test]
    fn words_keep_their_places_however_the_bytes_are_cut() {
        let text = b"  #10\r\nb01 !\n\n1\"";
        let wanted = [("#10", 2, 1), ("b01", 7, 2), ("!", 11, 2), ("1\"", 14, 4)].map(|(w, o, l)| (w.to_owned(), o, l));
        for block in [1, 2, 3, 5, 100] {
            assert_eq!(words(text, block), wanted, "blocks of {block}");
        }
    }

    #[test]
    fn a_word_without_end_is_not_kept() {
        let mut text = vec![b'b'; MAX_WORD + 1];
        text.extend_from_slice(b" !");
        let wanted = [(String::new(), 0, 1), ("!".to_owned(), MAX_WORD as u64 + 2, 1)];
        assert_eq!(words(&text, 1 << 20), wanted);
        assert_eq!(words(&text, usize::MAX), wanted);
    }
}
