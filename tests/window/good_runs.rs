//! A run that is judged by a folder of good runs.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use dettrace::app::pair::{PairCommand, PairRequest};
use dettrace::app::{App, Command};
use dettrace::compare::Verdict;

use super::{SIZE, Window, names_with, pair, sized};

/// Eight tasks, of which some good runs check the fourth; `lost` has what no good run has.
pub fn run(checked: bool, lost: bool) -> String {
    let mut text = String::new();
    for task in 0..8 {
        let mut line = |event: &str| writeln!(text, "{{\"event\":\"{event}\",\"task\":\"t{task}\"}}").unwrap();
        line("taken");
        if checked || task != 3 {
            line("checked");
        }
        if lost && task == 5 {
            line("lost");
        }
        line("done");
    }
    text
}

/// A folder of nine good runs, and a run beside it.
fn scene(run_text: &str) -> (tempfile::TempDir, [PathBuf; 2]) {
    let place = tempfile::tempdir().unwrap();
    let paths = [place.path().join("good"), place.path().join("run.jsonl")];
    fs::create_dir(&paths[0]).unwrap();
    for at in 0..9 {
        fs::write(paths[0].join(format!("run-{at}.jsonl")), run(at % 3 > 0, false)).unwrap();
    }
    fs::write(&paths[1], run_text).unwrap();
    (place, paths)
}

fn opened<'a>(paths: &[PathBuf; 2]) -> Window<'a> {
    let mut app = App::in_place();
    app.open(paths.clone());
    let mut window = sized(SIZE, app);
    window.run();
    window
}

#[test]
fn a_run_that_varies_as_good_runs_do_is_equivalent_and_the_row_says_how_usual_it_is() {
    let (_place, paths) = scene(&run(false, false));
    let mut window = opened(&paths);
    let analysis = pair(&window).analysis();
    assert_eq!(analysis.comparison.verdict, Verdict::Equivalent);
    let judged = analysis.envelope.as_ref().unwrap();
    assert_eq!((judged.runs, judged.set_aside.rows()), (9, 1));
    let (row, words) = judged.usual[0].clone();
    window.state_mut().push(PairCommand::SelectRow(row));
    window.run();
    assert_eq!(names_with(&window, "Among good runs: "), [format!("Among good runs: {words}")]);
}

#[test]
fn what_no_good_run_has_says_so() {
    let (_place, paths) = scene(&run(true, true));
    let mut window = opened(&paths);
    let comparison = &pair(&window).analysis().comparison;
    assert_eq!((comparison.verdict, comparison.causes.len()), (Verdict::Diverged, 1));
    assert!(comparison.causes[0].reason.ends_with("Never in 9 runs."), "{}", comparison.causes[0].reason);
    window.state_mut().push(PairCommand::Cause(0));
    window.run();
    assert!(!names_with(&window, "Never in 9 runs.").is_empty());
    // They have no other side that could be judged.
    window.state_mut().push(Command::Request(PairRequest::Swap));
    window.run();
    assert!(!names_with(&window, "Several good runs are what is expected").is_empty());
    assert_eq!(pair(&window).analysis().comparison.verdict, Verdict::Diverged, "what was there stays");
}
