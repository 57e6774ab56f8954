//! Where a recording's bytes come from: read once in blocks, re-read by offset when an event is shown.

use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::OpenError;
use super::decode::{Feed, is_compressed};
use super::spool::{Opener, Spool};
use super::stream::Stream;
use crate::ingest::Told;
use crate::trace::{SpanMarks, Warnings};

/// What tells whether a file is still the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Modification time, nanoseconds since the epoch.
    pub modified_ns: i128,
    /// Which file it is, whatever its name: its number and its file system's, where there are such.
    pub file: (u64, u64),
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Where files have no numbers that can be asked for, the time of creation tells them apart.
#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> (u64, u64) {
    let since = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    (since.as_secs(), u64::from(since.subsec_nanos()))
}

impl Stamp {
    /// The stamp in a file's metadata.
    pub(super) fn of(metadata: &Metadata) -> Self {
        let since = |time: std::time::SystemTime| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        };
        Self { size: metadata.len(), modified_ns: metadata.modified().map_or(0, since), file: identity(metadata) }
    }

    /// True when what was read of a file that looked like this is still there in one that looks like `now`, as far as a look
    /// at the outside tells.
    fn holds(&self, now: &Self, grows: bool) -> bool {
        now == self || grows && now.file == self.file && now.size >= self.size
    }
}

/// The bytes of one recording, decompressed.
#[derive(Debug)]
pub struct Source {
    /// The path or archive entry as the person knows it.
    pub name: String,
    /// The file on disk, where there is one of its own.
    pub path: Option<PathBuf>,
    /// The file on disk that the bytes are in, and how it looked when it was opened.
    on_disk: Option<(PathBuf, Stamp)>,
    /// True when the file may grow and is still the one that was read.
    grows: bool,
    /// Where it is telemetry, told as lines of JSON: what those were made of.
    told: Vec<Arc<Self>>,
    /// How long that one request took, in nanoseconds.
    took: i64,
    /// What is unusual about the spans that its lines tell of, by line from 0.
    marks: Arc<[(u32, SpanMarks)]>,
    bytes: Bytes,
}

/// Where the decompressed bytes are.
#[derive(Debug, Clone)]
enum Bytes {
    /// In the file, as they are.
    Plain,
    /// In memory.
    Memory(Arc<[u8]>),
    /// Kept as they are decompressed or come in.
    Spooled(Arc<Spool>),
}

impl Source {
    /// A file on disk; compression is recognised by its content.
    pub(super) fn file(path: &Path, name: impl Into<String>) -> Result<Self, OpenError> {
        let metadata = std::fs::metadata(path).map_err(|e| OpenError::io(path, &e))?;
        let kind = metadata.file_type();
        // A pipe below /dev/fd has its writer already (`<(zcat trace.gz)`), so that opening it cannot hang.
        let piped = !kind.is_file() && !kind.is_dir() && path.starts_with("/dev/fd/");
        if kind.is_dir() {
            return Err(OpenError::new(path, "It is a folder, where a file is needed.", "Name a file in it."));
        }
        if !kind.is_file() && !piped {
            let what = "It is a device, pipe or socket, not a file.";
            return Err(OpenError::new(path, what, "Save the recording as a file, or pipe it in and name it \"-\"."));
        }
        let mut file = File::open(path).map_err(|e| OpenError::io(path, &e))?;
        let name = name.into();
        if piped {
            return Ok(Self::spooled(path, name, Box::new(|| Ok(Feed::raw(file)))));
        }
        let stamp = Stamp::of(&metadata);
        let mut head = Vec::new();
        (&mut file).take(4).read_to_end(&mut head).map_err(|e| OpenError::io(path, &e))?;
        let bytes = if is_compressed(&head) {
            file.seek(SeekFrom::Start(0)).map_err(|e| OpenError::io(path, &e))?;
            Bytes::Spooled(Arc::new(Spool::new(path, &name, Box::new(|| Ok(Feed::raw(file))))))
        } else {
            Bytes::Plain
        };
        let on_disk = Some((path.to_path_buf(), stamp));
        Ok(Self { path: Some(path.to_path_buf()), on_disk, ..Self::of(name, bytes) })
    }

    /// Bytes that are no file of their own.
    fn of(name: String, bytes: Bytes) -> Self {
        let (told, marks) = (Vec::new(), Arc::default());
        Self { name, path: None, on_disk: None, grows: false, told, took: 0, marks, bytes }
    }

    /// What is piped into the program.
    pub(super) fn stdin() -> Self {
        Self::spooled(Path::new("-"), "standard input".to_owned(), Box::new(|| Ok(Feed::raw(std::io::stdin()))))
    }

    fn spooled(path: &Path, name: String, opener: Opener) -> Self {
        let spool = Spool::new(path, &name, opener);
        Self::of(name, Bytes::Spooled(Arc::new(spool)))
    }

    /// An entry of the archive at `path`.
    pub(super) fn entry(name: String, path: &Path, stamp: Stamp, opener: Opener) -> Self {
        let on_disk = Some((path.to_path_buf(), stamp));
        Self { on_disk, ..Self::spooled(path, name, opener) }
    }

    /// Bytes in memory; compression is recognised by their content.
    pub(super) fn memory(name: impl Into<String>, bytes: &[u8]) -> Self {
        let name = name.into();
        if is_compressed(bytes) {
            let reader = std::io::Cursor::new(bytes.to_vec());
            return Self::spooled(Path::new(&name.clone()), name, Box::new(|| Ok(Feed::raw(reader))));
        }
        Self::of(name, Bytes::Memory(bytes.into()))
    }

    /// The telemetry of one request as the lines of JSON that it was told as; the first of `files` names it.
    pub(super) fn telling(files: Vec<Arc<Self>>, request: Told) -> Self {
        let Told { lines, each, took, .. } = request;
        let name = files.first().map_or_else(String::new, |file| file.name.clone());
        Self { told: files, took, marks: each.into(), ..Self::memory(name, &lines) }
    }

    /// What is unusual about the span that a line tells of, by its place from 0.
    pub fn marks(&self, line: u32) -> SpanMarks {
        let found = self.marks.binary_search_by_key(&line, |(line, _)| *line);
        found.map_or_else(|_| SpanMarks::default(), |at| self.marks[at].1)
    }

    /// True when it is telemetry, told as lines of JSON.
    pub const fn is_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// How long the one request took that it tells of, in nanoseconds; 0 for anything else.
    pub const fn took(&self) -> i64 {
        self.took
    }

    /// The files on disk that the bytes are in, or were told from.
    pub fn files(&self) -> Vec<PathBuf> {
        let own = self.on_disk.iter().map(|(path, _)| path.clone());
        own.chain(self.told.iter().flat_map(|file| file.files())).collect()
    }

    /// The same file as it is read while it grows: as far as `stamp` says.
    #[must_use]
    pub fn growing(&self, stamp: Stamp) -> Self {
        let on_disk = self.on_disk.as_ref().map(|(path, _)| (path.clone(), stamp));
        Self {
            name: self.name.clone(),
            path: self.path.clone(),
            on_disk,
            grows: true,
            told: self.told.clone(),
            took: self.took,
            marks: Arc::clone(&self.marks),
            bytes: self.bytes.clone(),
        }
    }

    /// The path in messages.
    pub(super) fn place(&self) -> &Path {
        let own = self.on_disk.as_ref().map(|(path, _)| path.as_path());
        own.or_else(|| self.told.first().map(|file| file.place())).unwrap_or_else(|| Path::new(&self.name))
    }

    /// The bytes from the start, in blocks. May be opened several times.
    ///
    /// # Errors
    /// When the file cannot be read any more, as a sentence.
    pub fn stream(&self) -> Result<Stream, OpenError> {
        self.stream_at(0)
    }

    /// The bytes from `offset` on, in blocks.
    ///
    /// # Errors
    /// When the file cannot be read any more, as a sentence.
    pub fn stream_at(&self, offset: u64) -> Result<Stream, OpenError> {
        match (&self.bytes, &self.on_disk) {
            (Bytes::Plain, Some((path, stamp))) => Stream::plain(path, &self.name, *stamp, offset),
            (Bytes::Plain, None) => Ok(Stream::memory(Arc::from([]), 0)),
            (Bytes::Memory(bytes), _) => Ok(Stream::memory(Arc::clone(bytes), offset)),
            (Bytes::Spooled(spool), _) => Ok(Stream::spooled(Arc::clone(spool), offset)),
        }
    }

    /// All bytes; `None` when they are more than `most`.
    ///
    /// # Errors
    /// When the file cannot be read any more, as a sentence.
    pub fn whole(&self, most: usize, warnings: &mut Warnings) -> Result<Option<Vec<u8>>, OpenError> {
        let mut stream = self.stream()?;
        let mut bytes = Vec::new();
        if let (Bytes::Plain, Some((_, stamp))) = (&self.bytes, &self.on_disk) {
            // Without that much room it grows as it must.
            let _unneeded = bytes.try_reserve_exact((stamp.size as usize).min(most));
        }
        loop {
            let block = stream.next()?;
            if block.is_empty() {
                warnings.extend(stream.finish());
                return Ok(Some(bytes));
            }
            bytes.extend_from_slice(block);
            if bytes.len() > most {
                return Ok(None);
            }
        }
    }

    /// The bytes of one record, for showing it.
    ///
    /// # Errors
    /// When the source has changed since it was read, or cannot be read: a sentence.
    pub fn text(&self, offset: u64, len: u32) -> Result<Vec<u8>, OpenError> {
        let len = len as usize;
        let mut text = Vec::new();
        match (&self.bytes, &self.on_disk) {
            (Bytes::Plain, Some((path, stamp))) => {
                let fail = |e: std::io::Error| OpenError::io(path, &e);
                let mut file = File::open(path).map_err(fail)?;
                if !stamp.holds(&Stamp::of(&file.metadata().map_err(fail)?), self.grows) {
                    return Err(OpenError::changed(path));
                }
                file.seek(SeekFrom::Start(offset)).map_err(fail)?;
                // Without that much room it grows as it must.
                let _unneeded = text.try_reserve_exact(len);
                file.take(len as u64).read_to_end(&mut text).map_err(fail)?;
            }
            (Bytes::Plain, None) => {}
            (Bytes::Memory(bytes), _) => {
                let from = bytes.get(offset as usize..).unwrap_or_default();
                text.extend_from_slice(&from[..len.min(from.len())]);
            }
            (Bytes::Spooled(spool), _) => spool.read_at(offset, len, &mut text)?,
        }
        if text.len() < len {
            return Err(OpenError::changed(self.place()));
        }
        Ok(text)
    }

    /// Size in bytes of what a stream gives, for progress; 0 when it is not known yet.
    pub fn size(&self) -> u64 {
        match (&self.bytes, &self.on_disk) {
            (Bytes::Plain, on_disk) => on_disk.as_ref().map_or(0, |(_, stamp)| stamp.size),
            (Bytes::Memory(bytes), _) => bytes.len() as u64,
            (Bytes::Spooled(spool), _) => spool.known_size(),
        }
    }

    /// The files on disk that its bytes are in, and how each looked when it was opened.
    pub fn stamps(&self) -> Vec<(PathBuf, Stamp)> {
        self.on_disk.iter().cloned().chain(self.told.iter().flat_map(|file| file.stamps())).collect()
    }

    /// True when the file on disk is no longer the one that was read.
    pub fn changed(&self) -> bool {
        let now = |path: &Path| std::fs::metadata(path).map(|m| Stamp::of(&m)).ok();
        let holds = |stamp: &Stamp, path: &Path| now(path).is_some_and(|now| stamp.holds(&now, self.grows));
        self.on_disk.as_ref().is_some_and(|(path, stamp)| !holds(stamp, path))
            || self.told.iter().any(|file| file.changed())
    }

    /// True for an uncompressed file on disk.
    pub fn is_plain(&self) -> bool {
        matches!(self.bytes, Bytes::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::WarningKind;
    use std::io::Write;

    fn in_folder(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn all(source: &Source) -> Vec<u8> {
        let mut stream = source.stream().unwrap().in_blocks_of(7);
        let mut bytes = Vec::new();
        loop {
            let block = stream.next().unwrap();
            if block.is_empty() {
                return bytes;
            }
            bytes.extend_from_slice(block);
        }
    }

    #[test]
    fn compression_is_known_by_content_and_text_is_read_back_by_offset() {
        let text = b"{\"seq\":0}\n{\"seq\":1}\n{\"seq\":2}\n";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstd = zstd::encode_all(&text[..], 3).unwrap();
        for (bytes, plain) in [(text.to_vec(), true), (gzip.clone(), false), (zstd, false)] {
            // The ending lies.
            let (_folder, path) = in_folder("trace.zst.txt", &bytes);
            let source = Source::file(&path, "trace").unwrap();
            assert_eq!(source.is_plain(), plain);
            assert_eq!(all(&source), text);
            assert_eq!(all(&source), text, "a second time");
            assert_eq!(source.text(10, 9).unwrap(), b"{\"seq\":1}");
            assert_eq!(source.size(), text.len() as u64);
        }
        for bytes in [&text[..], &gzip] {
            let memory = Source::memory("memory", bytes);
            assert_eq!(all(&memory), text);
            assert_eq!(memory.text(20, 9).unwrap(), b"{\"seq\":2}");
            assert!(memory.text(25, 9).is_err());
            assert!(!memory.changed() && memory.path.is_none());
        }
    }

    #[test]
    fn a_file_that_was_replaced_is_said_to_have_changed_and_never_shown_as_the_old_event() {
        let (_folder, path) = in_folder("trace.jsonl", b"{\"seq\":0}\n{\"seq\":1}\n");
        let source = Source::file(&path, "trace.jsonl").unwrap();
        let mut stream = source.stream().unwrap();
        assert_eq!(stream.next().unwrap().len(), 20);
        assert!(!source.changed());
        let other = path.with_extension("new");
        std::fs::write(&other, b"{\"seq\":7}\n{\"seq\":8}\n{\"seq\":9}\n").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(source.changed());
        let error = source.text(0, 9).unwrap_err().to_string();
        assert!(error.ends_with("trace.jsonl: The file has changed since it was read. Reload to see it as it is now."));
        let told = stream.finish();
        assert_eq!(told.as_slice()[0].kind, WarningKind::SourceChanged);
        assert_eq!(told.as_slice()[0].file, "trace.jsonl");
        std::fs::remove_file(&path).unwrap();
        assert!(source.changed());
        assert!(source.text(0, 9).unwrap_err().to_string().contains("no such file"));
    }

    #[test]
    fn a_file_that_shrinks_while_it_is_read_is_an_error_and_one_that_grows_is_read_as_it_was() {
        let (_folder, path) = in_folder("trace.jsonl", &b"0123456789".repeat(100));
        let source = Source::file(&path, "trace.jsonl").unwrap();
        let mut stream = source.stream().unwrap().in_blocks_of(600);
        assert_eq!(stream.next().unwrap().len(), 600);
        let file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        (&file).write_all(b"more").unwrap();
        assert_eq!(all(&source).len(), 1000);
        file.set_len(700).unwrap();
        let error = stream.next().unwrap_err().to_string();
        assert!(error.contains("trace.jsonl: It got shorter while it was read."), "{error}");
        assert!(source.stream().unwrap_err().to_string().contains("has changed"));
    }

    #[test]
    fn what_is_no_file_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| Source::file(path, "x").unwrap_err().to_string();
        assert!(refused(folder.path()).contains("It is a folder, where a file is needed. Name a file in it."));
        assert!(
            refused(&folder.path().join("none")).contains("none: There is no such file or folder. Check the path.")
        );
        if cfg!(unix) {
            assert!(refused(Path::new("/dev/null")).contains("a device, pipe or socket"));
        }
    }
}
