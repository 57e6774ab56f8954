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

use super::{Window, click, name, names, names_with, pair, press, press_with, window};

pub const PATIENCE: Duration = Duration::from_secs(30);

fn lines(events: std::ops::Range<usize>) -> String {
    let line = |i| format!("{{\"type\":\"STEP\",\"task\":{},\"n\":{i}}}", i % 4);
    events.map(line).fold(String::new(), |text, line| text + &line + "\n")
}

pub fn append(path: &Path, text: &str) {
    fs::OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// Looks again and again until this holds, and once more.
pub fn until(window: &mut Window<'_>, holds: impl Fn(&Window<'_>) -> bool) {
    let start = Instant::now();
    while !holds(window) {
        assert!(start.elapsed() < PATIENCE, "it never came: {:?}", window.state().state.front().growth);
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window.step();
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

#[test]
fn what_came_is_in_the_table_before_any_answer_has_it_and_stays_where_it_is() {
    const LONG: usize = 100_000;
    let place = tempfile::tempdir().unwrap();
    let paths = ["expected.jsonl", "actual.jsonl"].map(|file| place.path().join(file));
    fs::write(&paths[0], lines(0..LONG + 20)).unwrap();
    fs::write(&paths[1], lines(0..LONG)).unwrap();
    let mut app = App::new(Some(Folders::inside(&place.path().join("home"))));
    app.open(paths.clone());
    let mut window = window(app);
    until(&mut window, |window| window.state().state.pair().is_some());
    window.run();
    let answered = |window: &Window<'_>| pair(window).analysis().len(Side::Actual) as usize;
    let row = format!("row {}, ", LONG + 1);
    assert!(name(&window, &row).starts_with(&format!("{row}first difference, not recorded")));
    // The other side waited for this one: it comes to its row.
    append(&paths[1], &lines(LONG..LONG + 2));
    until(&mut window, |window| {
        names_with(window, "same so far").iter().filter(|n| n.starts_with("row ")).count() == 2
    });
    assert_eq!(answered(&window), LONG, "no answer has it");
    let said = name(&window, &row);
    assert!(said.contains("same so far, expected STEP task 0, actual STEP task 0"), "{said}");
    assert_eq!(names_with(&window, "It came since this answer.").len(), 1, "the inspector tells of it");
    let sight = |window: &Window<'_>| {
        let scroller = pair(window).scroller();
        let line = pair(window).lines().line_of(LONG as u32);
        (pair(window).selection().unwrap().row, scroller.y_of(line).to_bits())
    };
    let before = sight(&window);
    until(&mut window, |window| answered(window) == LONG + 2);
    assert_eq!(sight(&window), before, "it gave way with a jump");
    assert!(name(&window, &row).starts_with(&format!("{row}same, expected STEP task 0, actual STEP task 0")));
    // Nothing waited for this one: it stands below all others, where the keys go, and can be asked for.
    press(&mut window, Key::End);
    append(&paths[1], "{\"type\":\"OTHER\",\"task\":2,\"n\":7}\n");
    until(&mut window, |window| names(window, "came since the answer").len() == 1);
    assert_eq!(answered(&window), LONG + 2);
    let said = "came since the answer, parts here, expected parts here, actual OTHER task 2";
    assert!(name(&window, "came since the answer").starts_with(said), "{}", name(&window, "came since the answer"));
    assert!(window.query_by_label("1 event came since the answer").is_some());
    let said = name(&window, "came since the answer");
    window.get_by_label(&said).click();
    window.step();
    window.step();
    assert!(name(&window, "came since the answer").ends_with("selected as soon as the answer has it"));
    until(&mut window, |window| answered(window) == LONG + 3);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, LONG as u32 + 2)));
    assert!(names(&window, "came since the answer").is_empty());
}
