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
        }
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
