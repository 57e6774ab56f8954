//! Holds the house rules that a single package cannot: which room may use which, what the pure rooms do without, where
//! colours are made, how long a file may be.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the house must fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room with the rooms it may use. A room may also use itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("trace", &[]),
    ("spec", &["trace"]),
    ("ingest", &["trace"]),
    ("compare", &["spec", "trace"]),
    ("query", &["compare", "trace"]),
    ("pack", &["ingest", "spec", "trace"]),
    (
        "analyse",
        &[
            "compare",
            "control",
            "envelope",
            "incident",
            "ingest",
            "pack",
            "population",
            "query",
            "replay",
            "spec",
            "trace",
        ],
    ),
    ("envelope", &["compare", "spec", "trace"]),
    ("incident", &["spec", "trace"]),
    ("population", &["trace"]),
    ("control", &["compare", "trace"]),
    ("replay", &["compare", "query", "spec", "trace"]),
    ("report", &["analyse", "compare", "control", "incident", "pack", "population", "spec", "trace"]),
    ("view", &["compare", "control", "incident", "spec", "trace"]),
    ("notes", &["analyse", "report", "trace"]),
    ("slice", &["analyse", "compare", "ingest", "pack", "report", "spec", "trace"]),
    ("runs", &["analyse", "compare", "pack", "report", "trace", "watch"]),
    ("jobs", &[]),
    ("watch", &[]),
    (
        "app",
        &[
            "analyse",
            "compare",
            "control",
            "incident",
            "jobs",
            "notes",
            "pack",
            "population",
            "query",
            "replay",
            "report",
            "runs",
            "slice",
            "spec",
            "trace",
            "view",
            "watch",
        ],
    ),
    (
        "ui",
        &[
            "analyse",
            "app",
            "compare",
            "control",
            "incident",
            "jobs",
            "notes",
            "pack",
            "population",
            "query",
            "replay",
            "report",
            "runs",
            "spec",
            "trace",
            "view",
            "watch",
        ],
    ),
    ("offscreen", &["analyse", "app", "compare", "pack", "report", "spec", "trace", "ui", "view"]),
    (
        "cli",
        &[
            "analyse",
            "app",
            "compare",
            "control",
            "incident",
            "jobs",
            "offscreen",
            "pack",
            "report",
            "runs",
            "slice",
            "spec",
            "trace",
            "ui",
            "view",
            "watch",
        ],
    ),
];

/// Rooms that compute: no window, file, thread, clock or global.
const PURE: &[&str] = &[
    "trace",
    "spec",
    "ingest",
    "compare",
    "envelope",
    "incident",
    "control",
    "population",
    "query",
    "replay",
    "view",
    "notes",
    "slice",
];

/// What pure rooms do without.
const IMPURE: &[&str] = &[
    "egui::",
    "eframe::",
    "std::fs",
    "fs::File",
    "std::thread",
    "thread::spawn",
    "thread::Builder",
    "Instant",
    "SystemTime",
    "std::env",
    "OnceLock",
    "LazyLock",
    "static mut",
    "thread_local!",
    "println!",
    "eprintln!",
];

/// Longer files hold more than one subject.
const MOST_LINES: usize = 500;

struct Source {
    /// Relative to the package, with forward slashes.
    path: String,
    /// The folder (or file) directly under `src`.
    room: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The sources of the program itself.
fn program() -> impl Iterator<Item = Source> {
    sources("src").into_iter().filter(|source| !only_tests(&source.path))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let room = path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs").to_owned();
            Source { path, room, text }
        })
        .collect()
}

/// The code without comments and without the tests at its end, line by line from 1.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().enumerate().map(|(i, line)| (i + 1, line.split("//").next().unwrap_or_default()))
}

/// True for a file that only holds tests.
fn only_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The rooms that a file names as `crate::room`, also inside `use crate::{…}`.
fn rooms_named(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut in_braces = None::<usize>;
    for (number, line) in code(text) {
        let mut rest = line;
        while let Some(at) = rest.find("crate::") {
            let inside_a_word = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
            rest = &rest[at + "crate::".len()..];
            if inside_a_word {
                continue;
            }
            if let Some(list) = rest.strip_prefix('{') {
                in_braces = Some(0);
                rest = list;
                continue;
            }
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            named.push((number, name));
        }
        if let Some(depth) = &mut in_braces {
            let start = if line.contains("crate::{") { rest } else { line };
            let mut word = String::new();
            for c in start.chars().chain(" ".chars()) {
                if c.is_alphanumeric() || c == '_' {
                    word.push(c);
                    continue;
                }
                if !word.is_empty() && *depth == 0 {
                    named.push((number, std::mem::take(&mut word)));
                }
                word.clear();
                match c {
                    '{' => *depth += 1,
                    '}' if *depth == 0 => {
                        in_braces = None;
                        break;
                    }
                    '}' => *depth -= 1,
                    _ => {}
                }
            }
        }
    }
    named
}

fn complain(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

#[test]
fn the_parser_of_this_test_sees_rooms() {
    let text = "use crate::trace::{Side, Time};\nuse crate::{compare::Row, pack,\n  view};\n// crate::ui\nlet x = crate::jobs::f();\nuse mycrate::cli;\n#[cfg(test)]\nmod tests {\nuse crate::cli;";
    let rooms: Vec<String> = rooms_named(text).into_iter().map(|(_, room)| room).filter(|r| r != "Row").collect();
    assert_eq!(rooms, ["trace", "compare", "pack", "view", "jobs"]);
}

#[test]
fn arrows_point_down_only() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in program() {
        if source.room == "lib" || source.room == "main" {
            continue;
        }
        let Some(below) = arrows.get(source.room.as_str()) else {
            wrong.push(format!("{}: the room `{}` is not in the list of arrows", source.path, source.room));
            continue;
        };
        for (line, used) in rooms_named(&source.text) {
            if arrows.contains_key(used.as_str()) && used != source.room && !below.contains(&used.as_str()) {
                wrong.push(format!("{}:{line}: `{}` may not use `{used}`", source.path, source.room));
            }
        }
    }
    complain("arrows that point up", &wrong);
}

#[test]
fn the_list_of_arrows_has_no_circle() {
    // Each room only uses rooms whose own uses are listed and do not come back to it.
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for (room, below) in ARROWS {
        let mut seen: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = below.to_vec();
        while let Some(next) = open.pop() {
            assert_ne!(next, *room, "`{room}` comes back to itself");
            if !seen.contains(&next) {
                seen.push(next);
                open.extend(arrows[next]);
            }
        }
    }
}

#[test]
fn what_computes_knows_no_window_file_thread_or_clock() {
    let mut wrong = Vec::new();
    for source in program() {
        if !PURE.contains(&source.room.as_str()) {
            continue;
        }
        for (line, code) in code(&source.text) {
            for word in IMPURE {
                if code.contains(word) {
                    wrong.push(format!("{}:{line}: {word}", source.path));
                }
            }
        }
    }
    complain("not pure", &wrong);
}

#[test]
fn only_jobs_and_watch_start_threads() {
    let mut wrong = Vec::new();
    for source in program() {
        for (line, code) in code(&source.text) {
            let starts = code.contains("thread::spawn") || code.contains("thread::Builder");
            if starts && !["jobs", "watch"].contains(&source.room.as_str()) {
                wrong.push(format!("{}:{line}", source.path));
            }
        }
    }
    complain("threads started elsewhere", &wrong);
}

#[test]
fn colours_are_made_in_the_theme() {
    // Those that are no colour of ours: none, and "the one of the text around".
    const NO_COLOURS: [&str; 2] = ["TRANSPARENT", "PLACEHOLDER"];
    let mut wrong = Vec::new();
    for source in program() {
        if source.path == "src/ui/theme.rs" {
            continue;
        }
        for (number, line) in code(&source.text) {
            for (at, _) in line.match_indices("Color32::") {
                let name = &line[at + "Color32::".len()..];
                let makes = name.starts_with("from_") || name.starts_with(|c: char| c.is_ascii_uppercase());
                if makes && !NO_COLOURS.iter().any(|fine| name.starts_with(fine)) {
                    wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    complain("colours made outside ui/theme.rs", &wrong);
}

#[test]
fn files_have_one_subject() {
    let mut wrong = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{}: {lines} lines, of at most {MOST_LINES}", source.path));
        }
        if source.path.starts_with("src/") && !source.text.starts_with("//!") {
            wrong.push(format!("{}: does not say in its first line what it is for", source.path));
        }
    }
    complain("files that are too long or do not say what they are for", &wrong);
}

#[test]
fn nothing_is_left_to_do() {
    let words = ["TO", "FIX", "unimple", "to"].iter().zip(["DO", "ME", "mented!", "do!("]);
    let words: Vec<String> = words.map(|(a, b)| format!("{a}{b}")).collect();
    let mut wrong = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        for (i, line) in source.text.lines().enumerate() {
            let found = |word: &&String| {
                line.match_indices(word.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
                        && !line[at + word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            };
            if let Some(word) = words.iter().find(found) {
                wrong.push(format!("{}:{}: {word}", source.path, i + 1));
            }
        }
    }
    complain("left to do", &wrong);
}

#[test]
fn the_map_names_every_room() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let room = path.file_name().unwrap().to_string_lossy().into_owned();
            if !map.contains(&format!("//! | [`{room}`] | ")) {
                wrong.push(room);
            }
        }
    }
    complain("rooms that the map in src/lib.rs does not name", &wrong);
}

#[test]
fn every_fixture_tells_its_story_in_a_line() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("fixtures")).unwrap() {
        let path = entry.unwrap().path();
        let readme = fs::read_to_string(path.join("README.md"));
        let readme = readme.unwrap_or_else(|why| panic!("{}: no README.md: {why}", path.display()));
        let story = readme.lines().next().unwrap_or_default();
        assert!(story.ends_with('.') && (20..=160).contains(&story.len()), "{}: {story}", path.display());
        assert!(path.join("expected-answer.json").is_file(), "{}: no expected answer", path.display());
        count += 1;
    }
    assert!(count >= 13, "{count} fixtures");
}
