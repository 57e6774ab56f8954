//! A call graph as a table (CSV): the nodes above its columns and again before its rows; a number other than 0 says that the row's
//! node calls the column's.

use std::collections::BTreeSet;

use super::metric_table::{number, rows};
use crate::trace::{CallGraph, Warning, WarningKind, Warnings, Words};

/// Rows looked at to know one.
const ROWS: usize = 20;

/// True for bytes that begin like a call graph: the first cells of the rows are columns too, the others numbers.
pub fn is_call_graph(head: &[u8]) -> bool {
    let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let mut rows = rows(whole).map(|(_, row)| row).take(ROWS);
    let Some(header) = rows.next().filter(|header| header.len() > 1) else { return false };
    let nodes: BTreeSet<String> = header[1..].iter().cloned().collect();
    let rows: Vec<Vec<String>> = rows.collect();
    let fits = |row: &&Vec<String>| nodes.contains(&row[0]) && row[1..].iter().any(|cell| number(cell).is_some());
    !rows.is_empty()
        && rows.iter().filter(fits).count() * 2 > rows.len()
        && header[1..].iter().all(|cell| number(cell).is_none())
}

/// Reads a call graph. What is damaged in it is left out, with a warning.
pub fn read_call_graph(file: &str, bytes: &[u8], words: &mut Words) -> (CallGraph, Warnings) {
    let mut warnings = Warnings::default();
    let mut warn = |line: u32, what: String, remedy: &str| {
        let (file, line, remedy) = (file.to_owned(), Some(line), remedy.to_owned());
        warnings.push(Warning { kind: WarningKind::Unreadable, file, line, what, remedy, more: 0 });
    };
    let mut graph = CallGraph::default();
    let mut rows = rows(bytes);
    let header = rows.next().map(|(_, header)| header).unwrap_or_default();
    let nodes: Vec<u32> = header.iter().skip(1).map(|node| words.intern(node)).collect();
    for (line, row) in rows {
        if row.len() != header.len() {
            let what = format!("The row has {} cells instead of {}.", row.len(), header.len());
            warn(line, what, "What is there is used; see whether it was cut off.");
        }
        let callees = graph.callees.entry(words.intern(&row[0])).or_default();
        for (&callee, cell) in nodes.iter().zip(&row[1..]) {
            match number(cell) {
                Some(calls) if calls != 0.0 => {
                    callees.insert(callee);
                }
                None if !cell.is_empty() => {
                    let what = format!("Whether {} calls {} is no number.", row[0], words.get(callee));
                    warn(line, what, "It is taken for no; give 0 or 1.");
                }
                _ => {}
            }
        }
    }
    (graph, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_call_columns() {
        let text = b",web,bank\nweb,0,1.0\nbank,0.0,0\n";
        assert!(is_call_graph(text));
        let mut words = Words::default();
        let (graph, warnings) = read_call_graph("graph.csv", text, &mut words);
        assert!(warnings.as_slice().is_empty());
        let [web, bank] = ["web", "bank"].map(|name| words.intern(name));
        assert_eq!(graph.called_by(web).collect::<Vec<u32>>(), [bank]);
        assert_eq!(graph.called_by(bank).count(), 0);
    }

    #[test]
    fn what_is_damaged_is_left_out_and_said() {
        let mut words = Words::default();
        let (graph, warnings) = read_call_graph("graph.csv", b",web,bank\nweb,yes,1\nbank,1\n", &mut words);
        assert_eq!(graph.callees.values().map(BTreeSet::len).sum::<usize>(), 2);
        let told = warnings.as_slice()[0].to_string();
        assert!(told.starts_with("graph.csv:2: Whether web calls web is no number. (and 1 more like it)"), "{told}");
    }

    #[test]
    fn other_tables_are_no_graphs() {
        for text in ["", "a,b\n", "a,b,c\n1,2,3\n4,5,6\n", "timestamp,value\n1,2\n", "x,web,bank\nfoo,1,2\nbar,1,2\n"] {
            assert!(!is_call_graph(text.as_bytes()), "{text}");
        }
    }
}
