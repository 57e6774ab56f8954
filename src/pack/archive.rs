//! The files in a zip archive. Nothing is extracted to the disk.

use std::fs::File;
use std::io::{BufReader, Error, Read, Seek, SeekFrom};
use std::path::Path;

use zip::{CompressionMethod, ZipArchive};

use super::decode::{Feed, is_zip};
use super::listing::{Entry, Listing, MAX_FILES, skipped, title_of};
use super::spool::Opener;
use super::{OpenError, Source, Stamp};
use crate::trace::Warnings;

/// The files of the archive at `path`; none when it is no zip archive.
pub fn archive(path: &Path) -> Result<Option<Listing>, OpenError> {
    let fail = |e: Error| OpenError::io(path, &e);
    let metadata = std::fs::metadata(path).map_err(fail)?;
    if !metadata.is_file() {
        return Ok(None);
    }
    let mut file = File::open(path).map_err(fail)?;
    let mut head = Vec::new();
    (&mut file).take(4).read_to_end(&mut head).map_err(fail)?;
    if !is_zip(&head) {
        return Ok(None);
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| {
        let what = format!("It begins like a zip archive, but cannot be read as one ({error}).");
        OpenError::new(path, what, "Zip it again, or unpack it and open the folder.")
    })?;
    if archive.len() > MAX_FILES {
        let what = format!("It holds {} files, so that it can hardly be one incident.", archive.len());
        return Err(OpenError::new(path, what, "Zip the files of one incident, or unpack it and name the two files."));
    }
    let stamp = Stamp::of(&metadata);
    let mut files = Vec::new();
    let mut warnings = Warnings::default();
    for index in 0..archive.len() {
        let (name, result) = entry(&mut archive, index, path, stamp);
        match result {
            Ok(Some(opener)) => files.push((name, opener)),
            Ok(None) => {}
            Err(what) => warnings.push(skipped(&name, what, "It was set aside; unpack it yourself if you need it.")),
        }
    }
    strip_common_folder(&mut files);
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let entries = files.into_iter().map(|(name, opener)| Entry::ready(Source::entry(name, path, stamp, opener)));
    let entries = entries.collect();
    Ok(Some(Listing { path: path.to_path_buf(), title: title_of(path), entries, warnings }))
}

/// One entry: its name, and its bytes, or why it is not taken. A folder or a system's own file is none.
fn entry(
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    path: &Path,
    stamp: Stamp,
) -> (String, Result<Option<Opener>, String>) {
    let entry = match archive.by_index_raw(index) {
        Ok(entry) => entry,
        Err(error) => {
            return (format!("{}#{index}", path.display()), Err(format!("The entry cannot be read ({error}).")));
        }
    };
    let name = entry.name().map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), Into::into);
    let hidden = |part: &str| part.starts_with('.') && part != ".." && part != "." || part == "__MACOSX";
    if entry.is_dir() || name.split('/').any(hidden) {
        return (name, Ok(None));
    }
    let refuse = |what: &str| (name.clone(), Err(what.to_owned()));
    if name.split(['/', '\\']).any(|part| part == "..") || entry.enclosed_name().is_none() {
        return refuse("The entry's path climbs out of the archive.");
    }
    if name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':') {
        return refuse("The entry's path is absolute.");
    }
    if entry.is_symlink() {
        return refuse("The entry is a link.");
    }
    if entry.encrypted() {
        return refuse("The entry is encrypted.");
    }
    let deflated = match entry.compression() {
        CompressionMethod::Deflated => true,
        CompressionMethod::Stored => false,
        other => return refuse(&format!("The entry is compressed with {other}, which is not supported.")),
    };
    let Some(start) = entry.data_start() else { return refuse("The entry cannot be found in the archive.") };
    let (len, crc32, archive_path) = (entry.compressed_size(), entry.crc32(), path.to_path_buf());
    let opener: Opener = Box::new(move || {
        let mut file = File::open(&archive_path)?;
        if Stamp::of(&file.metadata()?) != stamp {
            return Err(Error::other("the archive has changed since it was opened"));
        }
        file.seek(SeekFrom::Start(start))?;
        Ok(Feed::entry(file.take(len), deflated, crc32))
    });
    (name, Ok(Some(opener)))
}

/// Takes off the folder that everything is in, as when a folder was zipped from outside.
fn strip_common_folder(files: &mut [(String, Opener)]) {
    let Some(folder) = files.first().and_then(|(name, _)| name.split_once('/')).map(|(folder, _)| format!("{folder}/"))
    else {
        return;
    };
    if files.iter().all(|(name, _)| name.starts_with(&folder)) {
        for (name, _) in files {
            name.drain(..folder.len());
        }
    }
}
