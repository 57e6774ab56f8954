//! Bytes that can be had only once (compressed, piped, in an archive), kept so that they can be read again.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::OpenError;
use crate::trace::{Warning, WarningKind, Warnings};

/// Bytes of one source that are kept in memory; what is longer goes to an unlinked file. Two sides of this size still
/// leave room for their columns on a small machine.
const IN_MEMORY: u64 = 128 << 20;

/// Decompressed bytes of one source beyond which it is taken for a bomb: more than any disk for temporary files holds.
const MAX_BYTES: u64 = 64 << 30;

/// Decompressed bytes a compressed byte beyond which it is taken for a bomb. Logs reach 50, repetitive ones 200.
const MAX_RATIO: u64 = 400;

/// Decompressed bytes up to which the ratio does not matter: they do no harm.
const RATIO_FREE: u64 = 64 << 20;

/// Bytes asked of a decoder at once. What it decoded of a damaged piece before the damage is lost with the piece.
const PIECE: usize = 64 << 10;

/// Bytes that the spool grows by at least when something behind its end is asked for.
const STEP: usize = 1 << 20;

/// True for bytes that begin like gzip or Zstandard.
pub fn is_compressed(head: &[u8]) -> bool {
    is_gzip(head) || is_zstd(head)
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 0x08])
}

fn is_zstd(head: &[u8]) -> bool {
    head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// What came in so far, and where more comes from.
#[derive(Debug)]
pub struct Spool {
    place: PathBuf,
    name: String,
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

/// A reader, still to be looked at or already decoding.
enum Input {
    Raw(Box<dyn Read + Send>),
    Decoding { reader: Box<dyn Read + Send>, taken: Arc<AtomicU64>, compressed: bool },
}

/// Counts what is read through it.
struct Counting<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(into)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Puts the decoder on that the first bytes ask for.
fn decoding(raw: Box<dyn Read + Send>) -> std::io::Result<Input> {
    let taken = Arc::new(AtomicU64::new(0));
    let mut counting = Counting { inner: raw, taken: Arc::clone(&taken) };
    let mut head = Vec::new();
    counting.by_ref().take(4).read_to_end(&mut head)?;
    let (gzip, zstd) = (is_gzip(&head), is_zstd(&head));
    let whole = BufReader::with_capacity(PIECE, Cursor::new(head).chain(counting));
    let reader: Box<dyn Read + Send> = if gzip {
        Box::new(flate2::bufread::MultiGzDecoder::new(whole))
    } else if zstd {
        Box::new(zstd::Decoder::with_buffer(whole)?)
    } else {
        Box::new(whole)
    };
    Ok(Input::Decoding { reader, taken, compressed: gzip || zstd })
}

impl Spool {
    /// Keeps what comes from `reader`, decompressed. `place` is its path in errors, `name` its name in warnings.
    pub fn new(place: &Path, name: &str, reader: Box<dyn Read + Send>) -> Self {
        let state = State {
            input: Some(Input::Raw(reader)),
            kept: Kept::Memory(Vec::new()),
            len: 0,
            warnings: Warnings::default(),
            failed: None,
        };
        Self { place: place.to_path_buf(), name: name.to_owned(), state: Mutex::new(state) }
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
        let end = offset + len as u64;
        while state.len < end && state.input.is_some() {
            let wanted = ((end - state.len) as usize).max(STEP);
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
        let (mut reader, taken, compressed) = match state.input.take() {
            Some(Input::Decoding { reader, taken, compressed }) => (reader, taken, compressed),
            Some(Input::Raw(raw)) => {
                state.input = Some(decoding(raw)?);
                return Ok(());
            }
            None => return Ok(()),
        };
        let mut fresh = vec![0; wanted];
        let mut filled = 0;
        let mut ended = false;
        while filled < wanted && !ended {
            let upto = wanted.min(filled + PIECE);
            match reader.read(&mut fresh[filled..upto]) {
                Ok(0) => ended = true,
                Ok(n) => filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                // A device's errors have a number; a decoder's have none.
                Err(e) if e.raw_os_error().is_some() || !compressed => return Err(e),
                Err(e) => {
                    ended = true;
                    self.warn(state, WarningKind::Damaged, damage(&e), "Compress it again from the original.");
                }
            }
        }
        let len = state.len + filled as u64;
        let fed = taken.load(Ordering::Relaxed).max(1);
        if compressed && (len > MAX_BYTES || len > RATIO_FREE && len / fed > MAX_RATIO) {
            ended = true;
            let what = format!(
                "It decompresses to more than {} times its size, like a decompression bomb; reading stopped at {} MiB.",
                len / fed,
                len >> 20
            );
            self.warn(state, WarningKind::Limit, what, "If you trust it, decompress it yourself and open the result.");
        }
        state.keep(&fresh[..filled])?;
        if !ended {
            state.input = Some(Input::Decoding { reader, taken, compressed });
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
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        "The compressed stream ends early; what came before was read.".to_owned()
    } else {
        format!("The compressed stream is damaged ({error}); what came before was read.")
    }
}

impl State {
    /// Keeps bytes behind those that are there.
    fn keep(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Kept::Memory(memory) = &mut self.kept
            && self.len + bytes.len() as u64 > IN_MEMORY
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
