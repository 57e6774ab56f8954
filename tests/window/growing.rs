//! An opened pair whose files grow, driven by keys and accessible names.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use dettrace::app::App;
use dettrace::app::folders::Folders;
use dettrace::app::pair::PairCommand;
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, name, names, pair, press, press_with, window};

const PATIENCE: Duration = Duration::from_secs(30);

fn lines(events: std::ops::Range<usize>) -> String {
    let line = |i| format!("{{\"type\":\"STEP\",\"task\":{},\"n\":{i}}}", i % 4);
    events.map(line).fold(String::new(), |text, line| text + &line + "\n")
}

fn append(path: &Path, text: &str) {
    fs::OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn until(window: &mut Window<'_>, holds: impl Fn(&Window<'_>) -> bool) {
    let start = Instant::now();
    while !holds(window) {
        assert!(start.elapsed() < PATIENCE, "it never came: {:?}", window.state().state.front().growth);
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
}

#[test]
fn an_open_pair_that_grows_does_not_steal_the_view() {
    let place = tempfile::tempdir().unwrap();
    let paths = ["expected.jsonl", "actual.jsonl"].map(|file| place.path().join(file));
    fs::write(&paths[0], lines(0..400)).unwrap();
    fs::write(&paths[1], lines(0..300)).unwrap();
    let mut app = App::new(Some(Folders::inside(&place.path().join("home"))));
    app.open(paths.clone());
    let mut window = window(app);
    until(&mut window, |window| window.state().state.pair().is_some());
    window.run();
    assert!(names(&window, "live").is_empty(), "nothing has grown yet");
    // Something is selected, all is unfolded and scrolled, and the keyboard is in the search field.
    for command in
        [PairCommand::ToggleAllFolds, PairCommand::SelectEvent(Side::Actual, 100), PairCommand::ScrollBy(33.0)]
    {
        window.state_mut().push(command);
        window.run();
    }
    press(&mut window, Key::Slash);
    let focused = |window: &Window<'_>| window.ctx.memory(egui::Memory::focused);
    let standing = |window: &Window<'_>| {
        let scroller = pair(window).scroller();
        (pair(window).selected_event(), scroller.top(), scroller.rest().to_bits(), focused(window))
    };
    let before = standing(&window);
    assert!(before.3.is_some());
    for at in 0..3 {
        append(&paths[1], &lines(300 + at..301 + at));
        until(&mut window, |window| pair(window).analysis().len(Side::Actual) == 301 + at as u32);
        assert_eq!(standing(&window), before, "the view was taken away");
    }
    window.step();
    assert_eq!(name(&window, "live"), "live");
    assert!(window.query_by_label("3 new, show").is_some());
    // Its key asks for what is new; another pauses.
    press(&mut window, Key::Escape);
    window.state_mut().push(PairCommand::Search(String::new()));
    window.run();
    press(&mut window, Key::G);
    press(&mut window, Key::N);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 302)));
    assert!(window.query_by_label("3 new, show").is_none());
    press_with(&mut window, Modifiers::SHIFT, Key::P);
    assert!(window.query_by_label("paused").is_some());
    append(&paths[1], &lines(303..320));
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
    assert_eq!(pair(&window).analysis().len(Side::Actual), 303);
    click(&mut window, "paused");
    until(&mut window, |window| pair(window).analysis().len(Side::Actual) == 320);
}
