//! The metrics of a system at a path: a table, or a folder with one, and the call graph beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{Entry, Listing, in_side, title_of};
use super::open::listing;
use super::telemetry::by_side;
use super::{OpenError, Source};
use crate::ingest::{is_call_graph, is_metric_table};
use crate::trace::{Side, Sides, Warnings};

/// Bytes at the start of a file that tell what it is: the header of a table with thousands of columns, and a row of them.
const HEAD: usize = 1 << 20;

/// One side's metrics.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The name a person knows it by.
    pub label: String,
    /// Its tables.
    pub tables: Vec<Arc<Source>>,
    /// Its call graphs.
    pub graphs: Vec<Arc<Source>>,
    /// What was set aside.
    pub warnings: Warnings,
}

/// The metrics at two paths, or in the two folders of a pack; `None` where they are none. The baseline may be a call graph alone.
///
/// # Errors
/// When a path cannot be read, or what it holds cannot be compared, as a sentence.
pub fn metrics(paths: &[PathBuf]) -> Result<Option<Sides<Metrics>>, OpenError> {
    const BOTH: &str =
        "Give a baseline (its metrics, or its call graph alone) and a failing window, each a file or a folder.";
    if paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    if let [lone] = paths
        && let Some(sides) = both_sides(lone)?
    {
        return Ok(Some(sides));
    }
    match paths {
        [lone] if !side(lone)?.tables.is_empty() => Err(OpenError::new(lone, "It is one window of metrics.", BOTH)),
        [before, now] => {
            let (expected, actual) = (side(before)?, side(now)?);
            if actual.tables.is_empty() || expected.tables.is_empty() && expected.graphs.is_empty() {
                let swapped = !expected.tables.is_empty() && !actual.graphs.is_empty();
                let what = "It holds a call graph, and no metrics to look for a failure in.";
                return if swapped { Err(OpenError::new(now, what, BOTH)) } else { Ok(None) };
            }
            if actual.tables.len() > 1 {
                let names: Vec<&str> = actual.tables.iter().take(5).map(|table| table.name.as_str()).collect();
                let what = format!(
                    "It holds {} tables of metrics, where one is needed: {}.",
                    actual.tables.len(),
                    names.join(", ")
                );
                return Err(OpenError::new(now, what, "Name the table's own file."));
            }
            Ok(Some(Sides::new(expected, actual)))
        }
        _ => Ok(None),
    }
}

fn side(path: &Path) -> Result<Metrics, OpenError> {
    let (entries, warnings) = match listing(path)? {
        Some(listing) => (listing.entries, listing.warnings),
        None => (vec![Entry::on_disk(title_of(path), path.to_path_buf())], Warnings::default()),
    };
    Ok(of_entries(title_of(path), &entries, warnings))
}

/// The metrics of a pack with a folder for each side, or a file for each: one table of the incident, and one of what is usual or
/// a call graph.
fn both_sides(path: &Path) -> Result<Option<Sides<Metrics>>, OpenError> {
    let Some(Listing { entries, warnings, .. }) = listing(path)? else { return Ok(None) };
    let of = |side: Side, warnings: Warnings| match &by_side(&entries)[side][..] {
        [(name, entries)] => Some(of_entries(title_of(Path::new(name)), entries, warnings)),
        _ => None,
    };
    let (Some(expected), Some(actual)) = (of(Side::Expected, Warnings::default()), of(Side::Actual, warnings)) else {
        return Ok(None);
    };
    let usual = !expected.tables.is_empty() || !expected.graphs.is_empty();
    Ok((usual && actual.tables.len() == 1).then(|| Sides::new(expected, actual)))
}

fn of_entries(label: String, entries: &[Entry], warnings: Warnings) -> Metrics {
    let mut side = Metrics { label, tables: Vec::new(), graphs: Vec::new(), warnings };
    for entry in entries {
        // What cannot be read is said when it is read.
        let Ok(source) = entry.source() else { continue };
        let Ok(mut stream) = source.stream().map(|stream| stream.in_blocks_of(HEAD)) else { continue };
        let Ok(head) = stream.next() else { continue };
        if is_metric_table(head) {
            side.tables.push(source);
        } else if is_call_graph(head) {
            side.graphs.push(source);
        }
    }
    side
}

impl Metrics {
    /// What a file of this side is called in messages: both sides have files of one name.
    pub fn file(&self, source: &Source) -> String {
        in_side(&self.label, &source.name)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_pack_with_a_folder_for_each_side_is_both() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("baseline/graph.csv", "node,shop,bank\nshop,0,1\nbank,0,0\n");
        put("failing/metrics.csv", "node,shop,bank\nmetric,latency,latency\n1681398600,1,1\n");
        put("failing/target.json", "{\"root_cause\": {\"node\": \"bank\"}}");
        let paths = [folder.path().to_path_buf()];
        let sides = metrics(&paths).unwrap().unwrap();
        assert_eq!((sides.expected.graphs.len(), sides.actual.tables.len()), (1, 1));
        assert_eq!((&*sides.expected.label, &*sides.actual.label), ("baseline", "failing"));
        put("failing/again.csv", "node,shop,bank\nmetric,latency,latency\n1681398600,1,1\n");
        assert!(metrics(&paths).is_err(), "which of two is not known");
    }
}
