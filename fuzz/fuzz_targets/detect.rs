//! Recognising never panics, and what it recognises can be read without a panic.
#![no_main]

use dettrace::ingest::detect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], bool)| {
    let (bytes, whole) = input;
    if let Err(refusal) = detect(bytes, whole) {
        assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty());
    }
});
