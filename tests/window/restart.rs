//! What is there again after a restart.

use std::time::{Duration, Instant};

use dettrace::app::pair::PairCommand;
use egui::Key;

use super::judging::{copied, kept};
use super::{pair, press, send};

#[test]
fn breakpoints_and_filters_are_there_again_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let folder = copied("task-order-race");
    let mut window = kept(home.path(), folder.path());
    press(&mut window, Key::B);
    send(&mut window, PairCommand::EditBreakpoint(None));
    send(&mut window, PairCommand::TypeBreakpoint("off kind TASK_STARTED".to_owned()));
    send(&mut window, PairCommand::FinishBreakpoint);
    send(&mut window, PairCommand::Speed(1));
    send(&mut window, PairCommand::Search("kind:TASK_*".to_owned()));
    send(&mut window, PairCommand::MakeFilter);
    let before = pair(&window).working();
    let speed = pair(&window).transport().speed();
    window.state_mut().save();
    drop(window);

    let mut window = kept(home.path(), folder.path());
    assert_eq!(pair(&window).working(), before);
    assert_eq!(pair(&window).transport().breakpoints().len(), 2);
    assert!(!pair(&window).transport().breakpoints()[1].enabled);
    assert_eq!((pair(&window).transport().speed(), pair(&window).transport().list_open()), (speed, true));
    let start = Instant::now();
    while !pair(&window).filter().search().done() {
        assert!(start.elapsed() < Duration::from_secs(30), "the filter does not end");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
    assert!(pair(&window).lines().any_folded(), "the filter hides nothing");
    send(&mut window, PairCommand::ClearFilters);
    send(&mut window, PairCommand::ClearBreakpoints);
    window.state_mut().save();
    drop(window);
    let window = kept(home.path(), folder.path());
    assert!(pair(&window).transport().breakpoints().is_empty() && !pair(&window).filter().active());
}
