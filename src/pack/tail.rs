//! A plain file that grows: what was appended since the last look, or that it is no longer the file that was read.
//!
//! A look costs a stat and a few kilobytes, however long the file is. It knows a file that was *replaced* by its identity, one
//! that was *cut* by its size, and one that was *rewritten* in place by its bytes: the last ones and one block more of its
//! history, in turn, whenever it has grown; all of its history, over the next looks, when its time changed and its size did not.
//! What it cannot see at once: history rewritten far before the end while the file also grew (it is found when that block's
//! turn comes), and a rewrite to the same size within one tick of the file system's clock.

use std::fs::File;
use std::hash::Hasher as _;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;

use super::stream::BLOCK;
use super::{OpenError, Source, Stamp};

/// Bytes of history that are remembered and checked together: a read of this size costs a microsecond or two.
const CHECKED: usize = 8 << 10;
/// Blocks of history that one look checks at most when all of it is in doubt: a tenth of a millisecond or two.
const AT_ONCE: usize = 128;

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing to read.
    Same,
    /// There is more to read.
    Grown,
    /// The file is shorter than what was read of it.
    Cut,
    /// There is another file at its path.
    Replaced,
    /// What was read of it stands there no more.
    Rewritten,
}

/// A plain file, read as far as it goes.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    /// Kept open, so that nothing else can take its identity.
    file: File,
    /// As the last look found it.
    stamp: Stamp,
    position: u64,
    /// Hashes of the whole blocks before the position, and the bytes of the one it stands in.
    history: Vec<u64>,
    last: Vec<u8>,
    /// The block of history to check next, and how many more are in doubt.
    turn: usize,
    doubtful: usize,
    block: Vec<u8>,
}

impl Tail {
    /// The file of a source, from its start; `None` when the source is compressed, in an archive or in no file.
    ///
    /// # Errors
    /// When the file cannot be opened, as a sentence.
    pub fn of(source: &Source) -> Result<Option<Self>, OpenError> {
        let Some(path) = source.path.as_deref().filter(|_| source.is_plain()) else { return Ok(None) };
        let fail = |e: std::io::Error| OpenError::io(path, &e);
        let file = File::open(path).map_err(fail)?;
        let stamp = Stamp::of(&file.metadata().map_err(fail)?);
        Ok(Some(Self {
            path: path.to_path_buf(),
            file,
            stamp,
            position: 0,
            history: Vec::new(),
            last: Vec::new(),
            turn: 0,
            doubtful: 0,
            block: Vec::new(),
        }))
    }

    /// How far it was read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The size that the last look found.
    pub fn size(&self) -> u64 {
        self.stamp.size
    }

    /// The file as it was read: up to the position.
    pub fn stamp(&self) -> Stamp {
        Stamp { size: self.position, ..self.stamp }
    }

    /// Looks what became of the file. Everything but [`Look::Same`] and [`Look::Grown`] means that it must be opened again.
    ///
    /// # Errors
    /// When the file is gone or cannot be read, as a sentence; a later look may find it again.
    pub fn look(&mut self) -> Result<Look, OpenError> {
        let now = Stamp::of(&std::fs::metadata(&self.path).map_err(|e| OpenError::io(&self.path, &e))?);
        if now.file != self.stamp.file {
            return Ok(Look::Replaced);
        }
        if now.size < self.position {
            return Ok(Look::Cut);
        }
        if now != self.stamp || self.doubtful > 0 {
            if now.size == self.stamp.size && now != self.stamp {
                self.doubtful = self.history.len();
            }
            let blocks = self.doubtful.clamp(1, AT_ONCE);
            if !self.is_as_read(blocks)? {
                return Ok(Look::Rewritten);
            }
            self.doubtful = self.doubtful.saturating_sub(blocks);
        }
        self.stamp = now;
        Ok(if now.size > self.position { Look::Grown } else { Look::Same })
    }

    /// Checks all that is in doubt. False when something that was read stands there no more.
    ///
    /// # Errors
    /// When the file cannot be read, as a sentence.
    pub fn is_certain(&mut self) -> Result<bool, OpenError> {
        let doubtful = std::mem::take(&mut self.doubtful);
        Ok(doubtful == 0 || self.is_as_read(doubtful)?)
    }

    /// True when the last bytes, the block before them and this many more blocks are what was read.
    fn is_as_read(&mut self, blocks: usize) -> Result<bool, OpenError> {
        let whole = self.history.len();
        let mut buffer = vec![0; CHECKED + self.last.len()];
        let recent = whole.saturating_sub(1);
        let ending = &mut buffer[..(whole - recent) * CHECKED + self.last.len()];
        if !self.read_at((recent * CHECKED) as u64, ending)? {
            return Ok(false);
        }
        let (before, last) = ending.split_at((whole - recent) * CHECKED);
        if last != self.last || self.history.last().is_some_and(|&known| known != hash(before)) {
            return Ok(false);
        }
        for _ in 0..blocks.min(whole) {
            self.turn = (self.turn + 1) % whole;
            let block = &mut buffer[..CHECKED];
            if !self.read_at((self.turn * CHECKED) as u64, block)? || hash(block) != self.history[self.turn] {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Fills `into` from `offset`; false when the file does not reach that far.
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> Result<bool, OpenError> {
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(into));
        match read {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(e) => Err(OpenError::io(&self.path, &e)),
        }
    }

    /// The next bytes, up to the size that the last look found; empty at the end.
    ///
    /// # Errors
    /// When the file cannot be read, as a sentence.
    #[expect(clippy::should_implement_trait, reason = "a block borrows the tail, which an iterator's items cannot")]
    pub fn next(&mut self) -> Result<&[u8], OpenError> {
        let left = self.stamp.size.saturating_sub(self.position).min(BLOCK as u64);
        self.block.clear();
        if left > 0 {
            let read = (self.file.seek(SeekFrom::Start(self.position)))
                .and_then(|_| (&mut self.file).take(left).read_to_end(&mut self.block));
            read.map_err(|e| OpenError::io(&self.path, &e))?;
        }
        self.position += self.block.len() as u64;
        let mut rest = self.block.as_slice();
        while self.last.len() + rest.len() >= CHECKED {
            let (now, later) = rest.split_at(CHECKED - self.last.len());
            self.last.extend_from_slice(now);
            self.history.push(hash(&self.last));
            self.last.clear();
            rest = later;
        }
        self.last.extend_from_slice(rest);
        Ok(&self.block)
    }

    /// Back to the start, to read the same again.
    pub fn rewind(&mut self) {
        self.position = 0;
        self.history.clear();
        self.last.clear();
        (self.turn, self.doubtful) = (0, 0);
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::fast::FoldHasher::with_seed(0, foldhash::SharedSeed::global_fixed());
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    struct Growing {
        _folder: tempfile::TempDir,
        path: PathBuf,
        tail: Tail,
    }

    impl Growing {
        fn new(bytes: &[u8]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("run.jsonl");
            std::fs::write(&path, bytes).unwrap();
            let tail = Tail::of(&Source::file(&path, "run.jsonl").unwrap()).unwrap().unwrap();
            Self { _folder: folder, path, tail }
        }

        fn append(&self, bytes: &[u8]) {
            std::fs::OpenOptions::new().append(true).open(&self.path).unwrap().write_all(bytes).unwrap();
        }

        /// A look at a file whose time is surely another than at the look before.
        fn look(&mut self) -> Look {
            self.tail.stamp.modified_ns -= 1;
            self.tail.look().unwrap()
        }

        fn read(&mut self) -> Vec<u8> {
            let mut all = Vec::new();
            loop {
                let block = self.tail.next().unwrap();
                if block.is_empty() {
                    return all;
                }
                all.extend_from_slice(block);
            }
        }
    }

    #[test]
    fn what_was_appended_is_read_once() {
        let mut file = Growing::new(b"one\n");
        assert_eq!((file.look(), file.read()), (Look::Grown, b"one\n".to_vec()));
        assert_eq!((file.look(), file.read()), (Look::Same, Vec::new()));
        for length in [3, CHECKED - 1, CHECKED, CHECKED + 1, 3 * CHECKED] {
            let more: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            file.append(&more);
            assert_eq!((file.look(), file.read()), (Look::Grown, more));
        }
        assert_eq!(file.look(), Look::Same);
        file.tail.rewind();
        assert_eq!((file.look(), file.read()), (Look::Grown, std::fs::read(&file.path).unwrap()));
    }

    #[test]
    fn a_file_that_is_another_is_known() {
        let long = vec![b'x'; 5 * CHECKED];
        let mut file = Growing::new(&long);
        file.read();
        let other = file.path.with_extension("new");
        std::fs::write(&other, &long).unwrap();
        std::fs::rename(&other, &file.path).unwrap();
        assert_eq!(file.look(), Look::Replaced);

        let mut file = Growing::new(&long);
        file.read();
        std::fs::write(&file.path, &long[1..]).unwrap();
        assert_eq!(file.look(), Look::Cut);

        std::fs::remove_file(&file.path).unwrap();
        assert!(file.tail.look().unwrap_err().to_string().contains("run.jsonl"));
    }

    #[test]
    fn history_of_the_same_size_is_checked_throughout() {
        for at in [0, CHECKED + 5, 5 * CHECKED + 2] {
            let mut bytes = vec![b'x'; 5 * CHECKED + 3];
            let mut file = Growing::new(&bytes);
            file.read();
            assert_eq!(file.look(), Look::Same);
            bytes[at] = b'y';
            std::fs::write(&file.path, &bytes).unwrap();
            assert_eq!(file.look(), Look::Rewritten, "at {at}");
        }
    }

    #[test]
    fn history_that_was_rewritten_as_the_file_grew_is_found_when_its_turn_comes() {
        let mut bytes = vec![b'x'; 5 * CHECKED];
        let mut file = Growing::new(&bytes);
        file.read();
        bytes[CHECKED] = b'y';
        std::fs::write(&file.path, &bytes).unwrap();
        let found = (0..5).map(|_| {
            file.append(b"more\n");
            let look = file.look();
            file.read();
            look
        });
        assert_eq!(found.filter(|look| *look == Look::Rewritten).count(), 1);
    }

    #[test]
    fn a_long_history_in_doubt_is_checked_over_several_looks_or_when_it_must_be_certain() {
        let mut bytes = vec![b'x'; 3 * AT_ONCE * CHECKED];
        let mut file = Growing::new(&bytes);
        file.read();
        bytes[0] = b'y';
        std::fs::write(&file.path, &bytes).unwrap();
        file.look();
        let looks = (0..3).filter(|_| file.tail.look().unwrap() == Look::Rewritten).count();
        assert!(looks >= 1);
        let mut file = Growing::new(&bytes);
        file.read();
        bytes[7] = b'z';
        std::fs::write(&file.path, &bytes).unwrap();
        assert!(file.look() == Look::Rewritten || !file.tail.is_certain().unwrap());
    }
}
