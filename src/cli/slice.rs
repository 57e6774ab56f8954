//! `dettrace slice`: the least of both recordings that still compares the same, as a pack of its own.

use std::fs;
use std::path::Path;

use super::args::Slice as Args;
use super::{Exit, Stop, open, output};
use crate::analyse::Session;
use crate::slice::{Slice, Wanted, slice};
use crate::trace::{Side, escape, grouped};

/// Cuts what was typed and writes the pack.
pub fn run(args: &Args) -> Result<Exit, Stop> {
    check(&args.output)?;
    let analysis = Session::new(open::open(&args.inputs, "slice")?).run(&())?;
    let wanted = Wanted { around: args.around.clone(), redact: args.redact.clone() };
    let slice = slice(&analysis, &wanted, &|| false).map_err(Stop)?;
    write(&slice, &args.output).map_err(|error| {
        Stop(format!("Cannot write {}: {error}. Choose another --output.", escape(&args.output.to_string_lossy())))
    })?;
    let count = |side: Side| {
        let (part, all) = (grouped(slice.events[side] as u64), grouped(u64::from(analysis.len(side))));
        format!("{part} of {all} {side}")
    };
    output::say(&format!(
        "Wrote {}: {} and {} events.",
        escape(&args.output.to_string_lossy()),
        count(Side::Expected),
        count(Side::Actual)
    ));
    match slice.differs {
        None => Ok(Exit::Good),
        Some(differs) => {
            output::say(&differs);
            Ok(Exit::Trouble)
        }
    }
}

/// What lies in a folder already is not written over, and not taken for a part of the pack.
fn check(folder: &Path) -> Result<(), Stop> {
    let empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    let name = folder.to_string_lossy();
    let full = || Stop(format!("{} is there and no empty folder. Choose another --output.", escape(&name)));
    if empty { Ok(()) } else { Err(full()) }
}

/// All of the pack, or no folder of that name.
fn write(slice: &Slice, folder: &Path) -> std::io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let whole = tempfile::tempdir_in(parent)?;
    let pack = whole.path().join("pack");
    fs::create_dir(&pack)?;
    fs::write(pack.join("expected.jsonl"), &slice.recordings.expected)?;
    fs::write(pack.join("actual.jsonl"), &slice.recordings.actual)?;
    fs::write(pack.join("pack.json"), &slice.manifest)?;
    // An empty folder may be there, which not every system replaces.
    if folder.is_dir() {
        fs::remove_dir(folder)?;
    }
    fs::rename(pack, folder)
}
