//! The bytes of a source, pulled block by block.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::spool::Spool;
use super::{OpenError, Stamp};
use crate::trace::{Warning, WarningKind, Warnings};

/// Bytes a block: large enough that the cost of a call vanishes and every core has its part, small enough for the caches and
/// for a cancel to be felt at once.
pub const BLOCK: usize = 2 << 20;

/// The decompressed bytes of a source, in blocks.
#[derive(Debug)]
pub struct Stream {
    from: From,
    position: u64,
    block: Vec<u8>,
    size: usize,
}

#[derive(Debug)]
enum From {
    Plain { file: File, path: PathBuf, name: String, stamp: Stamp },
    Memory(Arc<[u8]>),
    Spooled(Arc<Spool>),
}

impl Stream {
    pub(super) fn plain(path: &Path, name: &str, stamp: Stamp, offset: u64) -> Result<Self, OpenError> {
        let fail = |e: std::io::Error| OpenError::io(path, &e);
        let mut file = File::open(path).map_err(fail)?;
        // A file that has grown is read as far as it went when it was opened, so that every look sees the same bytes.
        if file.metadata().map_err(fail)?.len() < stamp.size {
            return Err(OpenError::changed(path));
        }
        file.seek(SeekFrom::Start(offset)).map_err(fail)?;
        let from = From::Plain { file, path: path.to_path_buf(), name: name.to_owned(), stamp };
        Ok(Self { from, position: offset, block: Vec::new(), size: BLOCK })
    }

    pub(super) fn memory(bytes: Arc<[u8]>, offset: u64) -> Self {
        Self { from: From::Memory(bytes), position: offset, block: Vec::new(), size: BLOCK }
    }

    pub(super) fn spooled(spool: Arc<Spool>, offset: u64) -> Self {
        Self { from: From::Spooled(spool), position: offset, block: Vec::new(), size: BLOCK }
    }

    /// The same stream in blocks of `size`.
    #[must_use]
    pub fn in_blocks_of(mut self, size: usize) -> Self {
        self.size = size;
        self
    }

    /// The next block; empty at the end. Every block but the last is full.
    ///
    /// # Errors
    /// When the file cannot be read on, or got shorter: a sentence.
    #[expect(clippy::should_implement_trait, reason = "a block borrows the stream, which an iterator's items cannot")]
    pub fn next(&mut self) -> Result<&[u8], OpenError> {
        match &mut self.from {
            From::Plain { file, path, stamp, .. } => {
                let left = stamp.size.saturating_sub(self.position).min(self.size as u64) as usize;
                self.block.resize(left, 0);
                file.read_exact(&mut self.block).map_err(|e| match e.kind() {
                    ErrorKind::UnexpectedEof => OpenError::new(
                        &*path,
                        "It got shorter while it was read.",
                        "Open it again when it is complete.",
                    ),
                    _ => OpenError::io(&*path, &e),
                })?;
            }
            From::Memory(bytes) => {
                let from = bytes.get(self.position as usize..).unwrap_or_default();
                let block = &from[..from.len().min(self.size)];
                self.position += block.len() as u64;
                self.block.clear();
                self.block.extend_from_slice(block);
                return Ok(&self.block);
            }
            From::Spooled(spool) => {
                self.block.clear();
                spool.read_at(self.position, self.size, &mut self.block)?;
            }
        }
        self.position += self.block.len() as u64;
        Ok(&self.block)
    }

    /// Gives the last block away.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.block)
    }

    /// What was wrong: damaged compression, a limit, a file that changed meanwhile.
    pub fn finish(self) -> Warnings {
        match self.from {
            From::Plain { path, name, stamp, .. } => {
                let mut warnings = Warnings::default();
                if std::fs::metadata(path).map(|m| Stamp::of(&m)).ok() != Some(stamp) {
                    warnings.push(Warning {
                        kind: WarningKind::SourceChanged,
                        file: name,
                        line: None,
                        what: "The file changed while it was read.".to_owned(),
                        remedy: "Reload to see it as it is now.".to_owned(),
                        more: 0,
                    });
                }
                warnings
            }
            From::Memory(_) => Warnings::default(),
            From::Spooled(spool) => spool.warnings(),
        }
    }
}
