//! A watched folder, driven by keys and accessible names, while runs are really written into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::state::{Page, Request};
use dettrace::app::watching::{WatchCommand, Watching};
use dettrace::app::{App, Command};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

use super::{SIZE, Window, click, name, names, press, press_with, sized, window};

const PATIENCE: Duration = Duration::from_secs(30);
const SHIFT: Modifiers = Modifiers::SHIFT;

fn page<'w>(window: &'w Window<'_>) -> &'w Watching {
    match &window.state().state.front().page {
        Page::Watching(page) => page,
        other => panic!("no folder is watched: {other:?}"),
    }
}

/// A run: as it should be, or one in which an event of this task went to another worker.
fn run(wrong: Option<usize>) -> String {
    let event = |task: usize| {
        let worker = if wrong == Some(task) { 9 } else { task % 3 };
        format!("{{\"type\":\"TASK_STARTED\",\"task\":{task},\"worker\":{worker}}}\n")
    };
    (0..12).map(event).collect()
}

fn write(folder: &Path, name: &str, wrong: Option<usize>) {
    let half = folder.join(format!("{name}.tmp"));
    fs::write(&half, run(wrong)).unwrap();
    fs::rename(half, folder.join(name)).unwrap();
}

/// A folder with a baseline and these runs; every third one is wrong.
fn folder(runs: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "good.jsonl", None);
    for at in 0..runs {
        write(folder.path(), &format!("run-{at:03}.jsonl"), (at % 3 == 2).then_some(5));
    }
    folder
}

/// A window that watches a folder; keeps its files in `home`.
fn watch<'a>(home: &Path, folder: &Path) -> Window<'a> {
    let mut app = App::new(Some(Folders::inside(home)));
    app.push(Command::Open(Request::watch(folder.to_path_buf())));
    let mut window = window(app);
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0);
    window
}

/// Runs until the page is so.
fn until(window: &mut Window<'_>, is_so: impl Fn(&Watching) -> bool) {
    let start = Instant::now();
    while !is_so(page(window)) {
        assert!(start.elapsed() < PATIENCE, "it does not become so: {:#?}", page(window).counts());
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window.run();
}

fn send(window: &mut Window<'_>, command: WatchCommand) {
    window.state_mut().push(Command::Watch(command));
    window.run();
}

fn selected(window: &Window<'_>) -> Option<String> {
    page(window).selected().map(|(name, _)| name.to_string())
}

#[test]
fn a_folder_is_watched_from_the_path_field_and_lists_its_runs_with_verdict_cause_and_fingerprint() {
    let folder = folder(3);
    let mut app = App::in_place();
    app.push(Command::SetPathField(folder.path().display().to_string()));
    let mut window = sized(SIZE, app);
    click(&mut window, "Watch");
    assert_eq!(name(&window, "3 runs: "), "3 runs: 2 identical, 1 failed in a way of its own");
    let wrong = name(&window, "run-002.jsonl, diverged");
    assert!(wrong.contains(": TASK_STARTED task:5 differs, fingerprint "), "{wrong}");
    assert_eq!(
        name(&window, "Watching "),
        format!("Watching {}, compared with what is named like a baseline", folder.path().display())
    );
    assert!(window.query_by_label("watching").is_some(), "the status bar does not say so");
    assert!(window.query_by_label("all looked at").is_some());
}

#[test]
fn runs_that_come_fill_the_list_with_the_newest_on_top() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(3));
    let mut window = watch(home.path(), folder.path());
    write(folder.path(), "run-900.jsonl", Some(7));
    until(&mut window, |page| page.counts().runs() == 4);
    assert_eq!(page(&window).list().runs().next().map(|name| &**name), Some("run-900.jsonl"));
    assert_eq!(name(&window, "4 runs: "), "4 runs: 2 identical, 2 failed the same way");
    fs::remove_file(folder.path().join("run-900.jsonl")).unwrap();
    until(&mut window, |page| page.counts().runs() == 3);
    assert!(names(&window, "run-900.jsonl").is_empty());
}

#[test]
fn what_comes_does_not_steal_the_view() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(60));
    let mut window = watch(home.path(), folder.path());
    // Scrolled, nothing selected.
    send(&mut window, WatchCommand::Scroll(333.0));
    let standing = |window: &Window<'_>| {
        let list = page(window).list();
        let lines: Vec<String> = (0..list.lines()).map(|place| format!("{:?}", list.line(place))).collect();
        (list.scroller().top(), list.scroller().rest().to_bits(), lines, selected(window))
    };
    let before = standing(&window);
    write(folder.path(), "run-901.jsonl", Some(1));
    until(&mut window, |page| page.counts().runs() == 61);
    assert_eq!(standing(&window), before, "the list moved");
    assert!(window.query_by_label("1 new, show").is_some());
    // Selected, at the top, with the keyboard in the filter.
    press(&mut window, Key::G);
    press(&mut window, Key::N);
    assert_eq!(page(&window).list().runs().next().map(|name| &**name), Some("run-901.jsonl"));
    assert!(page(&window).list().is_at_top() && page(&window).unseen() == 0);
    press(&mut window, Key::J);
    press(&mut window, Key::J);
    press(&mut window, Key::Slash);
    assert!(window.get_by_label("Filter runs").is_focused());
    let before = standing(&window);
    write(folder.path(), "run-902.jsonl", None);
    write(folder.path(), "run-901.jsonl", None);
    fs::remove_file(folder.path().join("run-000.jsonl")).unwrap();
    until(&mut window, |page| page.counts().runs() == 61 && page.unseen() == 1 && page.waiting() == 0);
    assert_eq!(standing(&window), before, "the list moved");
    assert!(window.get_by_label("Filter runs").is_focused(), "the keyboard was taken away");
    assert!(name(&window, "run-901.jsonl, ").starts_with("run-901.jsonl, identical"), "it is told in place");
}

#[test]
fn the_keyboard_stays_on_a_run_while_others_come() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(3));
    let mut window = watch(home.path(), folder.path());
    let wrong = name(&window, "run-002.jsonl, ");
    window.get_by_label(&wrong).focus();
    window.run();
    assert_eq!(selected(&window).as_deref(), Some("run-002.jsonl"), "what has the keyboard is selected");
    write(folder.path(), "run-903.jsonl", None);
    until(&mut window, |page| page.unseen() == 1);
    assert!(window.get_by_label(&wrong).is_focused());
}

#[test]
fn a_run_opens_beside_the_folder_which_goes_on() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(3));
    let mut window = watch(home.path(), folder.path());
    press(&mut window, Key::N);
    assert_eq!(selected(&window).as_deref(), Some("run-002.jsonl"));
    press(&mut window, Key::Enter);
    let start = Instant::now();
    while window.state().state.pair().is_none() {
        assert!(start.elapsed() < PATIENCE, "the run does not open");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
    assert_eq!(
        (window.state().state.tabs.len(), window.state().state.title().as_str()),
        (2, "good.jsonl vs run-002.jsonl · DetTrace")
    );
    write(folder.path(), "run-904.jsonl", Some(1));
    let watched = |window: &Window<'_>| {
        let Page::Watching(page) = &window.state().state.tabs.iter().next().unwrap().page else { panic!() };
        page.counts().runs()
    };
    while watched(&window) < 4 {
        assert!(start.elapsed() < PATIENCE, "what is behind is followed no more");
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    assert!(names(&window, "tab 1 of 2: ")[0].ends_with(", watched, 2 failed"), "{:?}", names(&window, "tab 1 of 2: "));
}

#[test]
fn runs_are_filtered_grouped_and_compared_with_another_baseline() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(6));
    let mut window = watch(home.path(), folder.path());
    press_with(&mut window, SHIFT, Key::G);
    let groups = names(&window, "group: ");
    assert_eq!(groups.len(), 2, "{groups:?}");
    assert!(groups.iter().any(|group| group.starts_with("group: 2 runs failed alike, fingerprint ")), "{groups:?}");
    assert!(groups.iter().any(|group| group == "group: 4 runs identical, folded"), "{groups:?}");
    assert_eq!(page(&window).list().lines(), 4, "those that are as they should be are folded away");
    click(&mut window, "group: 4 runs identical, folded");
    assert_eq!(page(&window).list().lines(), 8);
    press_with(&mut window, SHIFT, Key::G);
    press(&mut window, Key::Slash);
    window.get_by_label("Filter runs").type_text("diverged");
    window.run();
    assert_eq!(page(&window).list().lines(), 2);
    press(&mut window, Key::Escape);
    press(&mut window, Key::Home);
    press_with(&mut window, Modifiers::COMMAND.plus(SHIFT), Key::B);
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0 && page.counts().runs() == 6);
    send(&mut window, WatchCommand::Filter(String::new()));
    // The others that were wrong are like it now, and the good ones are not.
    assert_eq!(name(&window, "6 runs: "), "6 runs: 1 identical, 5 failed the same way");
    assert!(name(&window, "Watching ").ends_with("compared with run-005.jsonl"));
    click(&mut window, "Pair by names alone");
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0 && page.counts().runs() == 6);
    assert_eq!(name(&window, "6 runs: "), "6 runs: 4 identical, 2 failed the same way");
}

#[test]
fn patterns_are_written_and_put_in_force() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(4));
    let mut window = watch(home.path(), folder.path());
    window.get_by_role_and_label(Role::TextInput, "No names like").focus();
    window.run();
    window.get_by_role_and_label(Role::TextInput, "No names like").type_text("run-00[12]*");
    window.run();
    click(&mut window, "Put in force");
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0);
    assert_eq!(name(&window, "2 runs: "), "2 runs: 2 identical");
    window.state_mut().save();
    drop(window);
    // A restart brings it back with its rules, and looks anew.
    let mut window = window_at(home.path());
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0);
    assert_eq!((page(&window).root(), page(&window).plan().exclude), (folder.path(), vec!["run-00[12]*".to_owned()]));
    assert_eq!(name(&window, "2 runs: "), "2 runs: 2 identical");
}

fn window_at<'a>(home: &Path) -> Window<'a> {
    window(App::new(Some(Folders::inside(home))))
}

#[test]
fn a_run_that_may_go_on_waits_for_more_and_settles() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(1));
    let mut window = watch(home.path(), folder.path());
    let whole = run(None);
    let (half, rest) = whole.split_at(whole.len() / 2);
    let path = folder.path().join("run-906.jsonl");
    fs::write(&path, half).unwrap();
    until(&mut window, |page| page.counts().runs() == 2);
    let said = name(&window, "run-906.jsonl, ");
    assert!(said.starts_with("run-906.jsonl, truncated, waiting for more"), "{said}");
    let provisional = |page: &Watching| page.run("run-906.jsonl").is_some_and(|known| known.entry.provisional);
    until(&mut window, |page| !provisional(page));
    let said = name(&window, "run-906.jsonl, ");
    assert!(said.starts_with("run-906.jsonl, truncated") && !said.contains("waiting for more"), "{said}");
    fs::write(&path, format!("{half}{rest}")).unwrap();
    until(&mut window, |page| !provisional(page) && page.failed() == 0 && page.counts().runs() == 2);
    assert!(name(&window, "run-906.jsonl, ").starts_with("run-906.jsonl, identical"));
    let answers: Vec<&str> = page(&window).past().newest_first().map(|answer| answer.run.as_str()).collect();
    assert_eq!(answers[..2], ["run-906.jsonl", "run-906.jsonl"], "the history has both answers");
}

#[test]
fn paused_nothing_is_looked_at_and_resumed_everything_is() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(1));
    let mut window = watch(home.path(), folder.path());
    press_with(&mut window, SHIFT, Key::P);
    assert!(window.query_by_label("paused").is_some());
    write(folder.path(), "run-905.jsonl", Some(3));
    for _ in 0..40 {
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
    assert_eq!(page(&window).counts().runs(), 1);
    click(&mut window, "Resume");
    until(&mut window, |page| page.counts().runs() == 2);
}

#[test]
fn a_folder_that_is_not_there_yet_is_followed_as_soon_as_it_comes() {
    let home = tempfile::tempdir().unwrap();
    let folder: PathBuf = home.path().join("later");
    let mut window = watch(home.path(), &folder);
    assert!(window.query_by_label("It is not there").is_some());
    assert_eq!(name(&window, "looking every second"), "looking every second, because it is not there");
    fs::create_dir(&folder).unwrap();
    write(&folder, "run-expected.jsonl", None);
    write(&folder, "run-actual.jsonl", Some(2));
    until(&mut window, |page| page.counts().runs() == 1);
    assert!(window.query_by_label("watching").is_some());
}

#[test]
fn a_window_that_watches_rests_while_nothing_happens() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(3));
    let mut window = watch(home.path(), folder.path());
    // What settles late, and what is written to disk a moment later.
    std::thread::sleep(Duration::from_secs(3));
    window.run();
    for _ in 0..20 {
        let wait = window.state_mut().step(Instant::now());
        assert_eq!((wait, window.state().is_pending()), (None, false), "something is waited for");
    }
}

#[test]
fn every_kind_of_change_is_told_as_it_is_at_last() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(0));
    let root = folder.path();
    let mut window = watch(home.path(), root);
    let settled = |page: &Watching, name: &str, word: &str| {
        let outcome = page.run(name).filter(|known| !known.gone && !known.entry.provisional);
        outcome
            .and_then(|known| known.entry.outcome.as_ref())
            .is_some_and(|outcome| outcome.verdict.map_or("unreadable", dettrace::compare::Verdict::word) == word)
    };
    // New, and changed in place.
    fs::write(root.join("run.jsonl"), run(None)).unwrap();
    until(&mut window, |page| settled(page, "run.jsonl", "identical"));
    fs::write(root.join("run.jsonl"), run(Some(3))).unwrap();
    until(&mut window, |page| settled(page, "run.jsonl", "diverged"));
    // Renamed over.
    write(root, "run.jsonl", None);
    until(&mut window, |page| settled(page, "run.jsonl", "identical"));
    // Rotated: the old one is another run, the new one begins with nothing.
    fs::rename(root.join("run.jsonl"), root.join("rotated.jsonl")).unwrap();
    fs::write(root.join("run.jsonl"), run(Some(4))).unwrap();
    until(&mut window, |page| settled(page, "rotated.jsonl", "identical") && settled(page, "run.jsonl", "diverged"));
    // Cut, and half a record.
    let whole = run(None);
    fs::write(root.join("run.jsonl"), &whole[..whole.len() - 7]).unwrap();
    until(&mut window, |page| settled(page, "run.jsonl", "truncated"));
    // Removed.
    fs::remove_file(root.join("rotated.jsonl")).unwrap();
    until(&mut window, |page| page.run("rotated.jsonl").is_none_or(|known| known.gone));
    // Unreadable, then mended.
    fs::write(root.join("pack.zip"), b"PK\x03\x04 no archive").unwrap();
    until(&mut window, |page| settled(page, "pack.zip", "unreadable"));
    fs::remove_file(root.join("pack.zip")).unwrap();
    // The folder itself goes and comes back.
    fs::remove_dir_all(root).unwrap();
    until(&mut window, |page| page.how().is_some_and(|how| !how.here));
    assert_eq!(name(&window, "looking every second"), "looking every second, because it is not there");
    fs::create_dir(root).unwrap();
    write(root, "good.jsonl", None);
    write(root, "back.jsonl", Some(2));
    until(&mut window, |page| settled(page, "back.jsonl", "diverged"));
    assert!(window.query_by_label("watching").is_some());
}

#[test]
fn thousands_of_runs_are_listed() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(0));
    for at in 0..2_000 {
        fs::write(folder.path().join(format!("run-{at:04}.jsonl")), run((at % 10 == 0).then_some(5))).unwrap();
    }
    let mut window = watch(home.path(), folder.path());
    until(&mut window, |page| page.counts().runs() == 2_000 && page.waiting() == 0);
    assert_eq!(name(&window, "2,000 runs: "), "2,000 runs: 1,800 identical, 200 failed the same way");
}

#[test]
fn filter_groups_and_follow_are_there_again_after_a_restart() {
    let (home, folder) = (tempfile::tempdir().unwrap(), folder(6));
    let mut window = watch(home.path(), folder.path());
    press_with(&mut window, SHIFT, Key::G);
    send(&mut window, WatchCommand::Filter("diverged".to_owned()));
    press_with(&mut window, SHIFT, Key::L);
    std::thread::sleep(Duration::from_millis(600));
    window.run();
    drop(window);
    let mut window = window_at(home.path());
    until(&mut window, |page| page.how().is_some() && page.waiting() == 0);
    assert_eq!((page(&window).filter(), page(&window).grouped(), page(&window).follows()), ("diverged", true, true));
    assert_eq!(page(&window).list().lines(), 3, "a heading and two runs");
    write(folder.path(), "run-950.jsonl", Some(5));
    until(&mut window, |page| page.selected().is_some_and(|(name, _)| &**name == "run-950.jsonl"));
}
