//! From any bytes to an answer or a sentence, never a panic.
#![no_main]

use dettrace::analyse::Session;
use dettrace::pack::{Found, in_memory};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let (expected, actual) = input;
    match in_memory("fuzz", &[("expected.jsonl", expected), ("actual.jsonl", actual)]) {
        Ok(Found::Ready(pack)) => {
            let analysis = Session::new(*pack).run(&()).expect("memory can be read");
            let text = dettrace::report::json(&analysis);
            assert!(!text.is_empty());
            let rows = analysis.spans(&|| true).map_or(0, |spans| spans.waterfall.rows.len() as u32);
            assert!(u64::from(rows) <= 2 * u64::from(analysis.comparison.rows.len()));
        }
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
