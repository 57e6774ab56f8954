//! Any bytes as a file of bookmarks are notes or an error, and what was read is written so that it is read again.
#![no_main]

use dettrace::notes::Notes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(notes) = serde_json::from_slice::<Notes>(bytes) {
        let text = serde_json::to_string(&notes).expect("notes are JSON");
        let again: Notes = serde_json::from_str(&text).expect("what was written is read");
        assert_eq!(again.bookmarks.len(), notes.bookmarks.len());
    }
});
