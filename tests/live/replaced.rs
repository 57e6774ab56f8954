//! Files that are cut, replaced, rewritten, gone and back: only their own side is read again, and the answer is the batch's.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use dettrace::analyse::{Progress, Rebuilt};
use dettrace::compare::Verdict;
use dettrace::trace::{Side, Sides};

use super::{Files, line, lines};

/// Longer than the ticks of any file system's clock that tests run on.
const TICK: Duration = Duration::from_millis(30);
/// Events of expected, and of actual before anything happens to it.
const EVENTS: Sides<usize> = Sides::new(12_000, 11_000);

/// What is said of the actual side when `change` is done to its file.
fn after(change: impl FnOnce(&Files)) -> Option<Rebuilt> {
    let files = Files::new(lines(0..EVENTS.expected, None).as_bytes(), lines(0..EVENTS.actual, None).as_bytes());
    let mut live = files.live();
    std::thread::sleep(TICK);
    change(&files);
    let update = files.check(&mut live).unwrap();
    assert_eq!(update.rebuilt.expected, None, "only its own side is read again");
    let events = live.finish(&()).unwrap().len(Side::Actual);
    let before = if update.rebuilt.actual.is_some() { 0 } else { EVENTS.actual as u32 };
    assert_eq!(update.appended, Sides::new(0, events - before));
    // And it goes on from there.
    let next = events as usize;
    files.append(Side::Actual, lines(next..next + 1, None).as_bytes());
    let then = files.check(&mut live).unwrap();
    assert_eq!((then.appended, then.rebuilt), (Sides::new(0, 1), Sides::default()));
    update.rebuilt.actual
}

/// Puts a new file in the place of actual's, as editors and log rotation do.
fn rename_over(files: &Files, text: &str) {
    let new = files.paths.actual.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(&new, &files.paths.actual).unwrap();
}

#[test]
fn a_file_that_was_cut_is_read_again() {
    let cut = |files: &Files| fs::write(&files.paths.actual, lines(0..10_500, None)).unwrap();
    assert_eq!(after(cut), Some(Rebuilt::Cut));
}

#[test]
fn a_file_that_was_rotated_is_read_again() {
    assert_eq!(after(|files| rename_over(files, &lines(0..10_200, None))), Some(Rebuilt::Replaced));
    // Longer, and the same to begin with.
    assert_eq!(after(|files| rename_over(files, &lines(0..11_500, None))), Some(Rebuilt::Replaced));
}

#[test]
fn history_rewritten_to_the_same_size_is_noticed_wherever_it_was() {
    for at in [0, 5_000, EVENTS.actual - 1] {
        let text = lines(0..EVENTS.actual, None).replacen(&lines(at..at + 1, None), &other(at), 1);
        let rewrite = |files: &Files| fs::write(&files.paths.actual, &text).unwrap();
        assert_eq!(after(rewrite), Some(Rebuilt::Rewritten), "event {at}");
    }
}

/// The event at a place, as long and with another value.
fn other(at: usize) -> String {
    let line = lines(at..at + 1, None);
    let value = line.rfind("value\":").unwrap() + "value\":".len();
    format!("{}8{}", &line[..value], &line[value + 1..])
}

#[test]
fn history_rewritten_near_the_end_is_noticed_as_the_file_grows() {
    let at = EVENTS.actual - 1;
    let text = lines(0..EVENTS.actual, None).replacen(&lines(at..at + 1, None), &other(at), 1);
    let rewrite = |files: &Files| fs::write(&files.paths.actual, text + &lines(EVENTS.actual..11_200, None)).unwrap();
    assert_eq!(after(rewrite), Some(Rebuilt::Rewritten));
}

#[test]
fn a_file_that_was_only_touched_is_not_read_again() {
    let touch = |files: &Files| {
        let file = fs::OpenOptions::new().append(true).open(&files.paths.actual).unwrap();
        file.set_modified(std::time::SystemTime::now()).unwrap();
    };
    assert_eq!(after(touch), None);
}

#[test]
fn a_file_that_is_gone_is_an_error_until_it_is_back() {
    let text = lines(0..40, None);
    let files = Files::new(text.as_bytes(), text.as_bytes());
    let mut live = files.live();
    assert_eq!(live.standing().verdict, Some(Verdict::Identical));
    fs::remove_file(&files.paths.actual).unwrap();
    let trouble = live.refresh(&()).unwrap_err().to_string();
    assert!(trouble.contains("actual.jsonl: There is no such file"), "{trouble}");
    assert_eq!(live.standing().verdict, Some(Verdict::Identical), "what was known is still known");
    fs::write(&files.paths.actual, lines(0..40, Some(20))).unwrap();
    let update = files.check(&mut live).unwrap();
    assert_eq!(update.rebuilt.actual, Some(Rebuilt::Replaced));
    assert_eq!(update.standing.verdict, Some(Verdict::Diverged));
}

#[test]
fn a_file_may_begin_as_something_else() {
    let document = "{\"name\":\"run\",\"events\":[{\"type\":\"A\",\"task\":1}]}\n";
    let files = Files::new(document.as_bytes(), document.as_bytes());
    let mut live = files.live();
    assert!(files.check(&mut live).is_some());
    for side in Side::BOTH {
        // One JSON object a line after all.
        files.append(side, b"{\"name\":\"walk\",\"events\":[]}\n");
        let update = files.check(&mut live).unwrap();
        assert!(update.rebuilt[side].is_some(), "{update:?}");
    }
}

#[test]
fn what_cannot_grow_is_read_again_when_it_was_replaced() {
    let text = lines(0..200, None);
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 3).unwrap();
    let files = Files::new(text.as_bytes(), &packed(&lines(0..150, None)));
    let mut live = files.live();
    assert!(files.check(&mut live).is_some());
    std::thread::sleep(TICK);
    fs::write(&files.paths.actual, packed(&lines(0..180, None))).unwrap();
    let update = files.check(&mut live).unwrap();
    assert_eq!((update.rebuilt.actual, update.appended.actual), (Some(Rebuilt::Replaced), 180));
}

/// Says to stop after it was asked a few times.
struct Impatient(AtomicU32);

impl Progress for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_cancelled_refresh_is_made_up_for_by_the_next() {
    let files = Files::new(lines(0..9_000, None).as_bytes(), lines(0..8_000, None).as_bytes());
    let mut live = files.live();
    let mut cancelled = 0;
    for patience in 0..12 {
        // Now replaced, with other rules to learn, now appended to.
        if patience % 2 == 0 {
            rename_over(&files, &lines(0..7_000 + patience, Some(3_000)));
        } else {
            files.append(Side::Expected, line(9_000 + patience, "TASK_DONE", 3, 1, 5).as_bytes());
        }
        let impatient = Impatient(AtomicU32::new(patience as u32 / 2));
        cancelled += u32::from(live.refresh(&impatient).is_err());
        live.set_ended(Side::Expected, patience % 3 == 0);
        cancelled += u32::from(live.finish(&Impatient(AtomicU32::new(patience as u32))).is_err());
        if patience % 4 > 1 {
            assert!(files.check(&mut live).is_some());
        }
    }
    assert!(cancelled > 4, "cancelled {cancelled} times");
    assert!(files.check(&mut live).is_some());
}
