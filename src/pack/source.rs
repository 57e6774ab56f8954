//! Where a recording's bytes come from: read once in blocks, re-read by offset when an event is shown.

use std::ops::ControlFlow;
use std::path::PathBuf;

/// What tells whether a file is still the one that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Modification time, nanoseconds since the epoch.
    pub modified_ns: i128,
}

/// The bytes of one recording, decompressed.
#[derive(Debug)]
pub struct Source {
    /// The path or archive entry as the person knows it.
    pub name: String,
    /// The file on disk, where there is one of its own.
    pub path: Option<PathBuf>,
}

impl Source {
    /// Hands the decompressed bytes to `take` in blocks, in order, until it breaks.
    ///
    /// # Errors
    /// When the file cannot be read, as a sentence with its remedy.
    pub fn read(&self, _take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), super::OpenError> {
        unimplemented!()
    }

    /// The bytes of one record, for showing it.
    ///
    /// # Errors
    /// When the source has changed since it was read, or cannot be read: a sentence.
    pub fn text(&self, _offset: u64, _len: u32) -> Result<Vec<u8>, super::OpenError> {
        unimplemented!()
    }

    /// Compressed or plain size in bytes, for progress; 0 when unknown.
    pub fn size(&self) -> u64 {
        0
    }

    /// True when the file on disk is no longer the one that was read.
    pub fn changed(&self) -> bool {
        false
    }
}
