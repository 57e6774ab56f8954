//! A panic leaves a note. Alone in its process, since a panic hook is everybody's.

use dettrace::app::crash;
use dettrace::jobs::{Slot, Waker};

#[test]
fn a_broken_job_leaves_a_note_that_names_what_was_open_and_the_next_start_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    crash::install(folder.path().join("state"));
    crash::set_open("retry storm");
    let mut slot: Slot<()> = Slot::new(Waker::silent());
    slot.run_here(|_| panic!("row 7 has no lane"));
    assert!(slot.take().is_some_and(|result| result.is_err()));

    let note = crash::take_latest().expect("no note was left");
    let text = std::fs::read_to_string(&note).unwrap();
    for words in
        ["row 7 has no lane", "tests/crash.rs:", "Open: retry storm", "Please report", env!("CARGO_PKG_VERSION")]
    {
        assert!(text.contains(words), "the note lacks {words}:\n{text}");
    }
    assert_eq!(crash::newest(&folder.path().join("state"), ""), Some(note));
}
