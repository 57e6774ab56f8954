//! The scanner accepts what `serde_json` accepts, and nothing else but the floats that JSON has no numbers for; and what it read
//! before changes nothing.
#![no_main]

use dettrace::ingest::{FieldReader, Select, fields};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|text: &str| {
    let ours = fields(text.as_bytes(), &Select::default());
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(_) => assert!(ours.is_ok() || ours.is_err_and(|e| e.contains("nested more than"))),
        // Numbers beyond a float's range are text to us; and we stop at another depth.
        Err(_) if text.contains("NaN") || text.contains("Infinity") => {}
        Err(e) if e.to_string().contains("out of range") || e.to_string().contains("recursion limit") => {}
        Err(e) => assert!(ours.is_err() || text.starts_with('\u{feff}'), "{e}"),
    }
    let mut reader = FieldReader::default();
    for line in text.lines().chain(text.lines()) {
        let read = reader.value(line.as_bytes(), &Select::default(), "a", |value| value.plain().into_owned());
        let alone = FieldReader::default().value(line.as_bytes(), &Select::default(), "a", |value| value.plain().into_owned());
        assert_eq!(read.map_err(|_| ()), alone.map_err(|_| ()), "{line}");
    }
});
