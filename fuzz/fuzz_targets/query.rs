//! Whatever is typed into the search field is read or refused at a place in it, and what is read prints as it reads.
#![no_main]

use dettrace::query::{Known, complete, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (caret, text) = input;
    match parse(text) {
        Ok(None) => assert!(text.trim().is_empty()),
        Ok(Some(query)) => assert_eq!(parse(&query.to_string()), Ok(Some(query))),
        Err(fault) => assert!(text.get(fault.span).is_some() && !fault.says.is_empty()),
    }
    if let Some(completion) = complete(text, usize::from(caret).min(text.len()), Known::default()) {
        assert!(text.get(completion.replace).is_some());
    }
});
