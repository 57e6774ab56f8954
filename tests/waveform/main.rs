//! Waveforms end to end: dumps that nobody here wrote with their known answers, dumps made up by properties, dumps that are
//! broken, and the crate `wellen` as the oracle of reading.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

mod broken;
mod corpus;
mod made;
mod oracle;

use std::path::PathBuf;

use dettrace::analyse::{Analysis, Session};
use dettrace::pack::{self, Found, Pack};
use dettrace::report;
use dettrace::trace::Sides;
use serde_json::Value;

/// The pack of files in memory, expected first.
fn pack(expected: &str, actual: &str) -> Pack {
    let files = [("expected.vcd", expected.as_bytes()), ("actual.vcd", actual.as_bytes())];
    ready(pack::in_memory("pair", &files).unwrap())
}

fn ready(found: Found) -> Pack {
    match found {
        Found::Ready(pack) => *pack,
        Found::Choose { why, .. } => panic!("the sides are not clear: {why}"),
    }
}

fn swapped(pack: &Pack) -> Pack {
    Pack { sides: pack.sides.clone().swapped(), ..pack.clone() }
}

/// One of the sides against itself.
fn with_itself(pack: &Pack) -> Pack {
    Pack { sides: Sides::new(pack.sides.expected.clone(), pack.sides.expected.clone()), ..pack.clone() }
}

fn analyse(pack: Pack) -> Analysis {
    Session::new(pack).run(&()).unwrap()
}

fn answer(pack: Pack) -> Value {
    serde_json::from_str(&report::json(&analyse(pack))).unwrap()
}

/// The answer for two dumps.
fn compare(expected: &str, actual: &str) -> Value {
    answer(pack(expected, actual))
}

/// A file of the corpus; says so and gives none where the corpus is not there.
fn corpus(path: &str) -> Option<PathBuf> {
    use std::io::Write as _;
    let root = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    let skipped = format!("SKIPPED: {} is not there; set DETTRACE_CORPUS to the corpus\n", path.display());
    std::io::stderr().write_all(skipped.as_bytes()).unwrap();
    None
}
