//! However the bytes come in, the answer is the same to the byte.

use std::fs;
use std::io::Write;

use dettrace::analyse::{Live, Session};
use dettrace::pack::{self, Found, Pack};
use dettrace::report;
use proptest::prelude::*;

use super::{NONE, config, faulty};

/// Pieces in which a file grows.
const PIECES: usize = 4;

fn open(folder: &std::path::Path) -> Pack {
    match pack::open(&[folder.join("expected.jsonl"), folder.join("actual.jsonl")]).unwrap() {
        Found::Ready(pack) => *pack,
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn files_that_grow_in_any_pieces_give_the_same_report(
        made in faulty(NONE),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 2 * PIECES),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let texts = [("expected.jsonl", &made.case.expected), ("actual.jsonl", &made.case.actual)];
        let pieces = texts.map(|(name, text)| {
            let (expected, actual) = cuts.split_at(PIECES);
            let cuts = if name == "actual.jsonl" { actual } else { expected };
            let first = text.find('\n').unwrap() + 1;
            // Something must be there to be opened.
            let mut at: Vec<usize> = cuts.iter().map(|cut| first + cut.index(text.len() - first + 1)).collect();
            at.sort_unstable();
            let starts: Vec<usize> = std::iter::once(0).chain(at.iter().copied()).collect();
            let ends = at.into_iter().chain([text.len()]);
            starts.into_iter().zip(ends).map(|(start, end)| text[start..end].to_owned()).collect::<Vec<_>>()
        });
        let append = |piece: usize| {
            for ((name, _), pieces) in texts.iter().zip(&pieces) {
                let mut file = fs::OpenOptions::new().create(true).append(true).open(folder.path().join(name)).unwrap();
                file.write_all(pieces[piece].as_bytes()).unwrap();
            }
        };
        append(0);
        let mut live = Live::open(open(folder.path()), &()).unwrap();
        for piece in 1..=PIECES {
            append(piece);
            live.refresh(&()).unwrap();
        }
        let grown = report::json(&live.finish(&()).unwrap());
        let whole = report::json(&Session::new(open(folder.path())).run(&()).unwrap());
        prop_assert_eq!(grown, whole);
    }
}
