//! The crate `wellen` reads the same changes from the same dumps.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use super::corpus;
use dettrace::ingest::{WaveReader, value_of_change};
use wellen::stream::{Filter, read};
use wellen::{LoadOptions, SignalValueRef};

/// The changes of every signal by its path, as ticks and values.
type Changes = BTreeMap<String, Vec<(u64, String)>>;

/// A vector without the bits that its extension would bring back.
fn shortened(bits: &str) -> String {
    let mut bits = bits.to_ascii_lowercase();
    while let [first, second, ..] = *bits.as_bytes() {
        let again = matches!((first, second), (b'0', b'0' | b'1') | (b'x', b'x') | (b'z', b'z'));
        if !again {
            break;
        }
        bits.remove(0);
    }
    bits
}

fn theirs(bytes: &[u8]) -> Changes {
    let options = LoadOptions { multi_thread: false, remove_scopes_with_empty_name: false };
    let mut wave = read(Cursor::new(bytes.to_vec()), &options).unwrap();
    let mut values: BTreeMap<usize, Vec<(u64, String)>> = BTreeMap::new();
    wave.stream_changes::<()>(Filter::all(), |time, signal, value| {
        let value = match value {
            // An event has no value, and counts each time: there is nothing to compare.
            SignalValueRef::Event => return Ok(()),
            SignalValueRef::Real(real) => format!("{real:?}"),
            other => shortened(&other.to_string()),
        };
        let changes = values.entry(signal.index()).or_default();
        // The last value of a time counts, and none that was there already.
        if changes.last().is_some_and(|(t, _)| *t == time) {
            changes.pop();
        }
        if changes.last().is_none_or(|(_, last)| *last != value) {
            changes.push((time, value));
        }
        Ok(())
    })
    .unwrap_or_else(|error| panic!("{error:?}"));
    let hierarchy = wave.hierarchy();
    let of = |var: &wellen::Var| values.get(&var.signal_ref().index()).cloned().unwrap_or_default();
    hierarchy.all_vars().map(|var| (hierarchy[var].full_name(hierarchy), of(&hierarchy[var]))).collect()
}

fn ours(bytes: &[u8]) -> Changes {
    let mut reader = WaveReader::new("dump");
    for block in bytes.chunks(1000) {
        reader.push(block);
    }
    let (wave, warnings) = reader.finish();
    assert!(warnings.as_slice().is_empty(), "{warnings:?}");
    let mut values: BTreeMap<u32, Vec<(u64, String)>> = BTreeMap::new();
    for (i, &net) in wave.changes.nets.iter().enumerate() {
        if wave.nets[net as usize].pulse {
            continue;
        }
        let place = wave.changes.places.get(i as u32).unwrap();
        let text = &bytes[place.offset as usize..][..place.len as usize];
        if i % 9_973 == 0 {
            let lines = memchr::memchr_iter(b'\n', &bytes[..place.offset as usize]).count() as u32;
            assert_eq!(lines + 1, place.line);
        }
        values
            .entry(net)
            .or_default()
            .push((wave.changes.times.get(i as u32).unwrap() as u64, value_of_change(text).unwrap()));
    }
    let of = |net| values.get(&net).cloned().unwrap_or_default();
    wave.variables.iter().map(|v| (v.path.clone(), of(v.net))).collect()
}

fn bytes_of(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if !bytes.starts_with(b"\x1f\x8b") {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    plain
}

fn dumps() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    let pairs = corpus("vcd-pairs/rtl-repair").map(|folder| folder.read_dir().unwrap());
    let folders = pairs.into_iter().flatten().map(|entry| entry.unwrap().path());
    let more = ["firmware/sigrok", "firmware/vcd-tools"].into_iter().filter_map(corpus);
    for folder in folders.chain(more) {
        files.extend(folder.read_dir().unwrap().map(|entry| entry.unwrap().path()));
    }
    files.retain(|path| path.to_string_lossy().contains(".vcd"));
    files.sort();
    files
}

#[test]
fn both_read_the_same_changes() {
    for path in dumps() {
        let bytes = bytes_of(&path);
        let (ours, theirs) = (ours(&bytes), theirs(&bytes));
        assert_eq!(ours.len(), theirs.len(), "{}", path.display());
        for (name, changes) in &ours {
            let other = theirs.get(name).unwrap_or_else(|| panic!("{}: {name}", path.display()));
            assert_eq!(changes, other, "{}: {name}", path.display());
        }
    }
}
