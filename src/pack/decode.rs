//! Compressed bytes → bytes, with a count of what went in.

use std::io::{BufReader, Cursor, Error, ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes handed to a decoder at once.
const PIECE: usize = 64 << 10;

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

/// True for bytes that begin like a zip archive, an empty one included.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Bytes that come in, and how many went into making them.
pub struct Feed {
    pub reader: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
    /// True when a decoder makes them, so that they can be damaged, and more than is good.
    pub compressed: bool,
}

/// Counts what is read through it.
struct Counting<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(into)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Feed {
    /// Bytes as they are.
    pub fn raw(reader: impl Read + Send + 'static) -> Self {
        let taken = Arc::new(AtomicU64::new(0));
        let reader = Box::new(Counting { inner: reader, taken: Arc::clone(&taken) });
        Self { reader, taken, compressed: false }
    }

    /// Bytes of an archive: deflated or as they are, with their checksum.
    pub fn entry(reader: impl Read + Send + 'static, deflated: bool, crc32: u32) -> Self {
        let Self { reader, taken, .. } = Self::raw(reader);
        let inner: Box<dyn Read + Send> =
            if deflated { Box::new(flate2::read::DeflateDecoder::new(reader)) } else { reader };
        let checked = Checked { inner, crc: flate2::Crc::new(), wanted: crc32 };
        Self { reader: Box::new(checked), taken, compressed: true }
    }

    /// How many bytes went in so far.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// The same, with the decoder that the first bytes ask for.
    pub fn decoded(self) -> Result<Self> {
        let Self { mut reader, taken, compressed } = self;
        let mut head = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut head)?;
        let (gzip, zstd) = (is_gzip(&head), is_zstd(&head));
        let whole = BufReader::with_capacity(PIECE, Cursor::new(head).chain(reader));
        let reader: Box<dyn Read + Send> = if gzip {
            Box::new(flate2::bufread::MultiGzDecoder::new(whole))
        } else if zstd {
            Box::new(zstd::Decoder::with_buffer(whole)?)
        } else {
            Box::new(whole)
        };
        Ok(Self { reader, taken, compressed: compressed || gzip || zstd })
    }
}

/// Compares the checksum at the end.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: flate2::Crc,
    wanted: u32,
}

impl Read for Checked {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(into)?;
        self.crc.update(&into[..n]);
        if n == 0 && !into.is_empty() && self.crc.sum() != self.wanted {
            return Err(Error::new(ErrorKind::InvalidData, "its checksum is wrong"));
        }
        Ok(n)
    }
}
