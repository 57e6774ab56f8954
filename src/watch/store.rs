//! Where live telemetry is kept: a folder of files for each stretch of time, in the layouts that collectors write themselves, so
//! that everything that reads those reads these.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Lines of logs.
    Logs,
    /// Metrics.
    Metrics,
}

impl Signal {
    /// The name of its files, and of its path on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Logs => "logs",
            Self::Metrics => "metrics",
        }
    }
}

/// How a message is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Protobuf: kept with its length before it, four bytes, big-endian, as the collector's file exporter does.
    Protobuf,
    /// JSON: kept as one line.
    Json,
}

/// The folder that live telemetry goes into.
#[derive(Debug)]
pub struct Store {
    into: PathBuf,
    stretch: Duration,
    /// The folder of the stretch that is written, and when it began.
    current: Option<(PathBuf, Instant)>,
    /// Bytes that were kept, and may be.
    kept: u64,
    most: u64,
}

impl Store {
    /// A store that begins a new folder in `into` after each `stretch`, and takes up to `most` bytes in all.
    pub fn new(into: &Path, stretch: Duration, most: u64) -> Self {
        Self { into: into.to_path_buf(), stretch, current: None, kept: 0, most }
    }

    /// True when no more is taken.
    pub const fn is_full(&self) -> bool {
        self.kept >= self.most
    }

    /// Keeps a message: all of it, or nothing but a torn end that readers set aside.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, signal: Signal, spelling: Spelling, message: &[u8], now: Instant) -> io::Result<()> {
        let folder = self.folder(now)?;
        let ending = match spelling {
            Spelling::Protobuf => "binpb",
            Spelling::Json => "jsonl",
        };
        // Where its folder was taken away, the next message begins a new one.
        let mut file =
            append(&folder.join(format!("{}.{ending}", signal.word()))).inspect_err(|_gone| self.current = None)?;
        let mut record = Vec::with_capacity(message.len() + 5);
        match spelling {
            Spelling::Protobuf => {
                let len = u32::try_from(message.len()).map_err(|_long| io::Error::from(io::ErrorKind::InvalidInput))?;
                record.extend(len.to_be_bytes());
                record.extend(message);
            }
            Spelling::Json => {
                record.extend(message);
                record.push(b'\n');
            }
        }
        // In one piece, so that a reader sees whole records.
        if let Err(error) = file.write_all(&record) {
            // Nothing may follow a torn end.
            self.current = None;
            return Err(error);
        }
        self.kept += record.len() as u64;
        Ok(())
    }

    fn folder(&mut self, now: Instant) -> io::Result<PathBuf> {
        if let Some((folder, began)) = &self.current
            && now.saturating_duration_since(*began) < self.stretch
        {
            return Ok(folder.clone());
        }
        let time = jiff::Timestamp::now().strftime("otlp-%Y%m%dT%H%M%SZ").to_string();
        let names = std::iter::once(time.clone()).chain((2..).map(|n| format!("{time}-{n}")));
        for folder in names.map(|name| self.into.join(name)) {
            std::fs::create_dir_all(&self.into)?;
            match std::fs::create_dir(&folder) {
                Ok(()) => {
                    self.current = Some((folder.clone(), now));
                    return Ok(folder);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_a_folder_and_each_message_a_record() {
        let place = tempfile::tempdir().unwrap();
        let mut store = Store::new(place.path(), Duration::from_mins(1), 40);
        let start = Instant::now();
        store.keep(Signal::Traces, Spelling::Protobuf, b"abc", start).unwrap();
        store.keep(Signal::Traces, Spelling::Json, b"{}", start).unwrap();
        store.keep(Signal::Traces, Spelling::Protobuf, b"d", start + Duration::from_secs(59)).unwrap();
        assert!(!store.is_full());
        store.keep(Signal::Logs, Spelling::Json, &[b' '; 40], start + Duration::from_secs(61)).unwrap();
        assert!(store.is_full());
        let mut folders: Vec<PathBuf> = std::fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().path()).collect();
        folders.sort();
        assert_eq!(folders.len(), 2, "{folders:?}");
        assert_eq!(std::fs::read(folders[0].join("traces.binpb")).unwrap(), b"\0\0\0\x03abc\0\0\0\x01d");
        assert_eq!(std::fs::read(folders[0].join("traces.jsonl")).unwrap(), b"{}\n");
        assert!(folders[1].join("logs.jsonl").is_file());
    }
}
