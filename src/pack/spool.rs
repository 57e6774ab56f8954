//! Bytes that can be had only once (compressed, piped, in an archive), kept so that they can be read again.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::OpenError;
use super::decode::Feed;
use crate::trace::{Warning, WarningKind, Warnings};

/// How much of one source is kept where, and how much is too much.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes kept in memory; what is longer goes to an unlinked file.
    in_memory: u64,
    /// Decompressed bytes beyond which it is taken for a bomb.
    max_bytes: u64,
    /// Decompressed bytes a compressed byte beyond which it is taken for a bomb.
    max_ratio: u64,
    /// Decompressed bytes up to which the ratio does not matter.
    ratio_free: u64,
}

/// Two sides in memory still leave room for their columns on a small machine. No disk for temporary files holds the most.
/// Logs shrink to a fiftieth, repetitive ones to a two-hundredth; a few megabytes do no harm whatever their ratio.
pub const LIMITS: Limits = Limits { in_memory: 128 << 20, max_bytes: 64 << 30, max_ratio: 400, ratio_free: 64 << 20 };

/// Bytes asked of a decoder at once. What it decoded of a damaged piece before the damage is lost with the piece.
const PIECE: usize = 64 << 10;

/// Bytes that the spool grows by at least when something behind its end is asked for.
const STEP: usize = 1 << 20;

/// What came in so far, and where more comes from.
#[derive(Debug)]
pub struct Spool {
    place: PathBuf,
    name: String,
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    /// Where more comes from; none at the end.
    input: Option<Input>,
    kept: Kept,
    len: u64,
    warnings: Warnings,
    /// What went wrong; told to everyone who asks for more.
    failed: Option<OpenError>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("len", &self.len).field("ended", &self.input.is_none()).finish_non_exhaustive()
    }
}

enum Kept {
    Memory(Vec<u8>),
    File(File),
}

/// Opens what is to be spooled, when the first byte is asked for.
pub type Opener = Box<dyn FnOnce() -> std::io::Result<Feed> + Send>;

enum Input {
    Closed(Opener),
    Open(Feed),
}

impl Spool {
    /// Keeps what `opener` opens, decompressed. `place` is its path in errors, `name` its name in warnings.
    pub fn new(place: &Path, name: &str, opener: Opener) -> Self {
        Self::with_limits(place, name, opener, LIMITS)
    }

    fn with_limits(place: &Path, name: &str, opener: Opener, limits: Limits) -> Self {
        let state = State {
            input: Some(Input::Closed(opener)),
            kept: Kept::Memory(Vec::new()),
            len: 0,
            warnings: Warnings::default(),
            failed: None,
        };
        Self { place: place.to_path_buf(), name: name.to_owned(), limits, state: Mutex::new(state) }
    }

    /// A panic while the state was held leaves at worst a shorter spool.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many bytes there are; 0 while that is not known.
    pub fn known_size(&self) -> u64 {
        let state = self.state();
        if state.input.is_none() { state.len } else { 0 }
    }

    /// What was wrong with what came so far.
    pub fn warnings(&self) -> Warnings {
        self.state().warnings.clone()
    }

    /// Appends up to `len` bytes from `offset` on to `into`: fewer only at the end.
    pub fn read_at(&self, offset: u64, len: usize, into: &mut Vec<u8>) -> Result<(), OpenError> {
        let mut state = self.state();
        let end = offset.saturating_add(len as u64);
        while state.len < end && state.input.is_some() {
            let wanted = usize::try_from(end - state.len).unwrap_or(usize::MAX).clamp(STEP, super::stream::BLOCK);
            if let Err(error) = self.grow(&mut state, wanted) {
                state.input = None;
                state.failed = Some(OpenError::io(&self.place, &error));
            }
        }
        if state.len < end
            && let Some(failed) = &state.failed
        {
            return Err(failed.clone());
        }
        let take = state.len.min(end).saturating_sub(offset) as usize;
        match &mut state.kept {
            Kept::Memory(bytes) if take > 0 => into.extend_from_slice(&bytes[offset as usize..offset as usize + take]),
            Kept::File(file) if take > 0 => {
                let before = into.len();
                into.resize(before + take, 0);
                file.seek(SeekFrom::Start(offset))
                    .and_then(|_| file.read_exact(&mut into[before..]))
                    .map_err(|e| OpenError::io(&self.place, &e))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in about `wanted` bytes more.
    fn grow(&self, state: &mut State, wanted: usize) -> std::io::Result<()> {
        let mut feed = match state.input.take() {
            Some(Input::Open(feed)) => feed,
            Some(Input::Closed(opener)) => opener()?.decoded()?,
            None => return Ok(()),
        };
        let mut fresh = vec![0; wanted];
        let mut filled = 0;
        let mut ended = false;
        while filled < wanted && !ended {
            let upto = wanted.min(filled + PIECE);
            match feed.reader.read(&mut fresh[filled..upto]) {
                Ok(0) => ended = true,
                Ok(n) => filled += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                // A device's errors have a number; a decoder's have none.
                Err(e) if e.raw_os_error().is_some() || !feed.compressed => return Err(e),
                Err(e) => {
                    ended = true;
                    let remedy = "Compress it again from the original, or go on with what there is.";
                    self.warn(state, WarningKind::Damaged, damage(&e), remedy);
                }
            }
        }
        state.keep(&fresh[..filled], self.limits.in_memory)?;
        let times = state.len / feed.taken().max(1);
        let Limits { max_bytes, max_ratio, ratio_free, .. } = self.limits;
        if feed.compressed && !ended && (state.len > max_bytes || state.len > ratio_free && times > max_ratio) {
            ended = true;
            let what = format!(
                "It grows to {times} times its size like a decompression bomb; reading stopped after {} MiB.",
                state.len >> 20
            );
            self.warn(state, WarningKind::Limit, what, "If you trust it, decompress it yourself and open the result.");
        }
        if !ended {
            state.input = Some(Input::Open(feed));
        }
        Ok(())
    }

    fn warn(&self, state: &mut State, kind: WarningKind, what: String, remedy: &str) {
        let remedy = remedy.to_owned();
        state.warnings.push(Warning { kind, file: self.name.clone(), line: None, what, remedy, more: 0 });
    }
}

/// What a decoder stumbled over, as a sentence.
fn damage(error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::UnexpectedEof {
        "The compressed data ends early; what came before was read.".to_owned()
    } else {
        format!("The compressed data is damaged ({error}); what came before was read.")
    }
}

impl State {
    /// Keeps bytes behind those that are there.
    fn keep(&mut self, bytes: &[u8], in_memory: u64) -> std::io::Result<()> {
        if let Kept::Memory(memory) = &mut self.kept
            && self.len + bytes.len() as u64 > in_memory
        {
            let mut file = tempfile::tempfile()?;
            file.write_all(memory)?;
            self.kept = Kept::File(file);
        }
        match &mut self.kept {
            Kept::Memory(memory) => memory.extend_from_slice(bytes),
            Kept::File(file) => {
                file.seek(SeekFrom::Start(self.len))?;
                file.write_all(bytes)?;
            }
        }
        self.len += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn spool(bytes: Vec<u8>, limits: Limits) -> Spool {
        let opener = Box::new(move || Ok(Feed::raw(std::io::Cursor::new(bytes))));
        Spool::with_limits(Path::new("/tmp/trace.gz"), "trace.gz", opener, limits)
    }

    fn all(spool: &Spool) -> Vec<u8> {
        let mut bytes = Vec::new();
        spool.read_at(0, usize::MAX, &mut bytes).unwrap();
        bytes
    }

    fn told(spool: &Spool) -> Vec<(WarningKind, String)> {
        spool.warnings().as_slice().iter().map(|w| (w.kind, w.to_string())).collect()
    }

    /// Lines that do not compress away.
    fn lines(count: u32) -> Vec<u8> {
        let line = |i: u32| format!("{{\"seq\":{i},\"id\":\"{:08x}\"}}\n", i.wrapping_mul(2_654_435_761));
        (0..count).flat_map(|i| line(i).into_bytes()).collect()
    }

    #[test]
    fn what_is_longer_than_memory_allows_is_read_back_from_a_file() {
        let text = lines(200_000);
        let small = Limits { in_memory: 1 << 20, ..LIMITS };
        for bytes in [gzip(&text), zstd::encode_all(&*text, 1).unwrap(), text.clone()] {
            let spool = spool(bytes, small);
            assert_eq!(spool.known_size(), 0);
            let mut early = Vec::new();
            spool.read_at(10, 20, &mut early).unwrap();
            assert_eq!(early, &text[10..30]);
            assert!(all(&spool) == text);
            assert!(matches!(spool.state().kept, Kept::File(_)));
            let mut again = Vec::new();
            spool.read_at(4_000_000, 100, &mut again).unwrap();
            assert_eq!(again, &text[4_000_000..4_000_100]);
            assert_eq!(spool.known_size(), text.len() as u64);
            assert_eq!(told(&spool), []);
        }
    }

    #[test]
    fn of_a_stream_that_is_cut_off_everything_before_the_cut_counts_and_it_is_said() {
        let text = lines(50_000);
        for whole in [gzip(&text), zstd::encode_all(&*text, 1).unwrap()] {
            let cut = spool(whole[..whole.len() / 2].to_vec(), LIMITS);
            let got = all(&cut);
            assert!(got.len() > text.len() / 4 && text.starts_with(&got), "{} of {}", got.len(), text.len());
            let told = told(&cut);
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].0, WarningKind::Damaged);
            assert!(told[0].1.starts_with("trace.gz: The compressed data ends early"), "{}", told[0].1);
        }
    }

    #[test]
    fn of_a_damaged_stream_what_came_before_counts_and_it_is_said() {
        let text = lines(50_000);
        let mut bytes = gzip(&text);
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0xff);
        let damaged = spool(bytes, LIMITS);
        assert!(all(&damaged).len() > 1000);
        let told = told(&damaged);
        assert_eq!(told[0].0, WarningKind::Damaged);
        assert!(told[0].1.contains("damaged (") && told[0].1.contains("Compress it again"), "{}", told[0].1);
    }

    #[test]
    fn a_bomb_is_stopped_by_its_ratio_and_by_its_size() {
        let bomb = gzip(&vec![0; 8 << 20]);
        for limits in [Limits { ratio_free: 1 << 20, ..LIMITS }, Limits { max_bytes: 2 << 20, ..LIMITS }] {
            let spool = spool(bomb.clone(), limits);
            assert!(all(&spool).len() < 7 << 20);
            let told = told(&spool);
            assert_eq!(told[0].0, WarningKind::Limit);
            assert!(told[0].1.contains("decompression bomb") && told[0].1.contains("decompress it yourself"));
        }
        assert_eq!(told(&spool(bomb, LIMITS)), [], "a small one does no harm");
    }

    #[test]
    fn two_readers_see_the_same_bytes_of_what_can_be_read_once() {
        let text = lines(100_000);
        let spool = spool(gzip(&text), LIMITS);
        std::thread::scope(|scope| {
            let readers = [0, 1].map(|_| scope.spawn(|| all(&spool)));
            for reader in readers {
                assert!(reader.join().unwrap() == text);
            }
        });
    }
}
