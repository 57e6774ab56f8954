//! Paths as people type them, and the files behind an opened pack.

use std::path::PathBuf;

use crate::pack::Pack;
use crate::trace::Side;

/// The paths in a typed or pasted text: one a line, or several in one line when they are quoted; `file://` and `~` are
/// understood. A single line without quotes is one path, spaces and all, unless only its words exist.
pub fn typed(text: &str) -> Vec<PathBuf> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [line] => in_line(line),
        lines => lines.iter().map(|line| path(unquoted(line))).collect(),
    }
}

fn in_line(line: &str) -> Vec<PathBuf> {
    if line.starts_with(['"', '\'']) {
        return quoted_words(line).iter().map(|word| path(word)).collect();
    }
    let whole = path(line);
    let words: Vec<PathBuf> = line.split_whitespace().map(path).collect();
    let words_exist = words.len() == 2 && words.iter().all(|word| word.exists());
    if words_exist && !whole.exists() { words } else { vec![whole] }
}

fn unquoted(line: &str) -> &str {
    ['"', '\''].iter().find_map(|&q| line.strip_prefix(q)?.strip_suffix(q)).unwrap_or(line)
}

/// Words of a line in which some are quoted.
fn quoted_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn path(text: &str) -> PathBuf {
    if let Some(url) = text.strip_prefix("file://") {
        return PathBuf::from(percent_decoded(url));
    }
    match (text.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(dirs)) => dirs.home_dir().join(rest),
        _ => PathBuf::from(text),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| first == b'%').and_then(|h| std::str::from_utf8(h).ok());
        if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The files on disk that an opened pack was read from.
pub fn files_of(pack: &Pack) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Side::BOTH
        .iter()
        .filter_map(|&side| pack.sides[side].as_ref())
        .flat_map(|recording| recording.source.files())
        .collect();
    if files.is_empty() && pack.path.is_file() {
        files.push(pack.path.clone());
    }
    files.sort();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        typed(text).iter().map(|p| p.display().to_string()).collect()
    }

    #[test]
    fn a_line_is_one_path_and_quotes_or_lines_make_several() {
        assert_eq!(shown("  /tmp/my pack.zip \n"), ["/tmp/my pack.zip"]);
        assert_eq!(shown("'/a b/expected.jsonl' \"/a b/actual.jsonl\""), ["/a b/expected.jsonl", "/a b/actual.jsonl"]);
        assert_eq!(shown("/a/one\n\n'/a/two'\n"), ["/a/one", "/a/two"]);
        assert_eq!(shown(" \n "), [""; 0]);
    }

    #[test]
    fn a_file_url_is_decoded_and_a_stray_percent_is_kept() {
        assert_eq!(shown("file:///tmp/my%20pack.zip"), ["/tmp/my pack.zip"]);
        assert_eq!(shown("file:///tmp/100%25é%zz"), ["/tmp/100%é%zz"]);
    }
}
