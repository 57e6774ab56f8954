//! A recording reads the same however it is cut into blocks.
#![no_main]

use dettrace::ingest::{Format, Reader, Select};
use dettrace::trace::{Path, Place, Scalar, Sink};
use libfuzzer_sys::fuzz_target;

#[derive(Default, PartialEq, Debug)]
struct Keep(Vec<(Place, Vec<String>)>);

impl Sink for Keep {
    fn fork(&self) -> Self {
        Self::default()
    }
    fn begin(&mut self, place: Place) {
        self.0.push((place, Vec::new()));
    }
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        self.0.last_mut().expect("a record is open").1.push(format!("{}={value:?}", path.text));
    }
    fn end(&mut self) {}
    fn abandon(&mut self) {
        self.0.pop();
    }
    fn append(&mut self, later: &mut Self) {
        self.0.append(&mut later.0);
    }
    fn len(&self) -> usize {
        self.0.len()
    }
}

fuzz_target!(|input: (u8, Vec<u8>, &[u8])| {
    let (format, cuts, bytes) = input;
    let format = match format % 4 {
        0 => Format::JsonLines,
        1 => Format::JsonArray,
        2 => Format::JsonStream,
        _ => Format::Document { path: "a.b".to_owned() },
    };
    let read = |blocks: &[&[u8]]| {
        let mut reader = Reader::new("fuzz", &format, &Select::default(), Keep::default());
        blocks.iter().for_each(|block| reader.push(block));
        let outcome = reader.finish();
        (outcome.sink, outcome.warnings, outcome.torn, outcome.records, outcome.unreadable)
    };
    let mut blocks = Vec::new();
    let mut rest = bytes;
    for cut in cuts {
        let (block, after) = rest.split_at(usize::from(cut).min(rest.len()));
        blocks.push(block);
        rest = after;
    }
    blocks.push(rest);
    assert_eq!(read(&blocks), read(&[bytes]));
});
