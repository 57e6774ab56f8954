//! Runs the built program and reads what it said.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// What the program said, and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON: {error}\n{}\n{}", self.out, self.err))
    }

    /// That it ended with trouble, that it said so in words that hold `parts`, and that no answer was given.
    pub fn is_trouble(&self, parts: &[&str]) {
        assert_eq!(self.code, 2, "out: {}\nerr: {}", self.out, self.err);
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is missing in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        assert!(self.out.is_empty(), "trouble belongs on standard error: {}", self.out);
    }
}

/// The program, in a surrounding without colours, display or terminal.
pub fn dettrace() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dettrace"));
    for name in ["NO_COLOR", "TERM", "COLUMNS", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    command
}

/// Runs it with `args` and no input.
pub fn run<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Said {
    said(dettrace().args(args))
}

/// Runs a prepared command.
pub fn said(command: &mut Command) -> Said {
    let output = command.output().expect("the program starts");
    Said {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
    }
}

/// `compare … --format json` on these paths.
pub fn compare_json(paths: &[&Path]) -> Said {
    let mut command = dettrace();
    said(command.arg("compare").args(paths).args(["--format", "json"]))
}

/// A folder of the shared corpus, or `None`, said loudly, where there is no corpus.
pub fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    // Past the harness, which hides what a passing test prints.
    std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("SKIPPED: {} is not there; set DETTRACE_CORPUS to the corpus\n", path.display()).as_bytes(),
    )
    .ok();
    None
}

/// One of our own packs.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A file of a scratch folder with this content.
pub fn write(folder: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a scratch file");
    path
}
