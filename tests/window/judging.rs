//! Bookmarks, notes, undo and the way back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::command::Arrival;
use dettrace::app::folders::Folders;
use dettrace::app::graph::Look;
use dettrace::app::layout::{LayoutCommand, Pane, Preset as LayoutPreset};
use dettrace::app::pair::{BookmarkCommand, LaneCommand, Mode, PairCommand, SyncCommand, TimelineCommand, View};
use dettrace::app::state::Ask;
use dettrace::app::{App, Command};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, open, pair, press, press_with, row, send, window};

/// A window that keeps its files in `home`, on what was opened in it.
pub fn kept<'a>(home: &Path, pack: &Path) -> Window<'a> {
    let mut app = App::new(Some(Folders::inside(home)));
    app.open([pack.to_path_buf()]);
    let mut window = window(app);
    wait(&mut window);
    window
}

/// Runs until nothing is being loaded.
pub fn wait(window: &mut Window<'_>) {
    let start = Instant::now();
    while window.state().state.front().loading.is_some() || window.state().state.pair().is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "the load does not end");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
    window.run();
}

/// First and last row of every bookmark.
fn rows(window: &Window<'_>) -> Vec<Option<(u32, u32)>> {
    pair(window).bookmarks().list().map(|(_, rows)| rows).collect()
}

/// A copy of a fixture that may be written to.
pub fn copied(fixture: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["expected.jsonl", "actual.jsonl"] {
        fs::copy(format!("fixtures/{fixture}/{name}"), folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn a_bookmark_is_made_listed_gone_to_and_deleted() {
    let mut window = open("task-order-race");
    let first = row(&window);
    press(&mut window, Key::M);
    assert_eq!(rows(&window), [Some((first, first))]);
    window.get_by_label_contains(&format!("row {},", first + 1));
    assert!(window.query_all_by_label_contains(", bookmarked, selected").next().is_some());
    assert!(window.query_by_label_contains("them differ, 1 bookmark").is_some(), "the overview does not count it");
    window.get_by_label("BOOKMARK");
    press(&mut window, Key::Home);
    press(&mut window, Key::Quote);
    window.get_by_label_contains("bookmark 1: TASK_DEQUEUED task:4").click();
    window.run();
    assert_eq!(row(&window), first);
    press(&mut window, Key::M);
    assert!(rows(&window).is_empty(), "m did not take it away");
    press(&mut window, Key::M);
    window.get_by_label("Delete bookmark 1").click();
    window.run();
    assert!(rows(&window).is_empty());
    window.get_by_label_contains("None yet.");
    window.get_by_label("Close the bookmarks").click();
    window.run();
    assert!(!window.state().state.layout.is_open(Pane::Bookmarks));
}

#[test]
fn a_range_reaches_from_the_last_bookmark_to_the_selected_row_either_way() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectRow(15));
    press_with(&mut window, Modifiers::SHIFT, Key::M);
    assert!(pair(&window).notice().contains("Bookmark the first row"), "{}", pair(&window).notice());
    press(&mut window, Key::M);
    send(&mut window, PairCommand::SelectRow(18));
    press_with(&mut window, Modifiers::SHIFT, Key::M);
    assert_eq!(rows(&window), [Some((15, 18))]);
    send(&mut window, PairCommand::SelectRow(13));
    press_with(&mut window, Modifiers::SHIFT, Key::M);
    assert_eq!(rows(&window), [Some((13, 15))]);
    press(&mut window, Key::Quote);
    window.get_by_label_contains(", rows 14 to 16");
    assert_eq!(window.query_all_by_label_contains(", bookmarked").count(), 3);
}

#[test]
fn a_note_is_written_shown_and_undone_as_one_step() {
    let mut window = open("task-order-race");
    press_with(&mut window, Modifiers::ALT, Key::M);
    window.get_by_label("Note of bookmark 1").type_text("Seen **twice**.");
    window.run();
    window.get_by_label("Note of bookmark 1").type_text(" Or more.");
    window.run();
    assert_eq!(pair(&window).bookmarks().notes().bookmarks[0].note, "Seen **twice**. Or more.");
    press(&mut window, Key::M);
    assert_eq!(pair(&window).bookmarks().notes().bookmarks[0].note, "Seen **twice**. Or more.", "no letter was typed");
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    assert!(window.state().state.layout.is_open(Pane::Bookmarks) && pair(&window).bookmarks().editing().is_none());
    assert_eq!(window.query_all_by_label("Seen twice. Or more.").count(), 2, "in the list and in the inspector");
    assert!(window.query_by_label_contains("**").is_none(), "a note that is read shows its marks");
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(pair(&window).bookmarks().notes().bookmarks[0].note, "");
    assert!(pair(&window).notice().contains("Undone: writing a note."));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(rows(&window).is_empty());
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(pair(&window).bookmarks().notes().bookmarks[0].note, "Seen **twice**. Or more.");
    assert!(window.query_by_label("Edit the note of bookmark 1 here").is_some());
}

#[test]
fn decisions_are_undone_and_done_again() {
    let mut window = open("task-order-race");
    let ignored = |window: &Window<'_>| pair(window).analysis().spec.ignored().any(|field| field.path == "worker");
    press(&mut window, Key::F8);
    window.get_by_label("Ignore worker").click();
    window.run();
    press(&mut window, Key::M);
    assert!(ignored(&window));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(ignored(&window) && rows(&window).is_empty(), "the bookmark goes first");
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(!ignored(&window));
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert!(ignored(&window));
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(rows(&window).len(), 1);
    window.state_mut().push(Command::Redo);
    window.run();
    assert_eq!(pair(&window).notice(), "There is nothing to redo.");
}

#[test]
fn bookmarks_outlive_swapped_sides() {
    let mut window = open("duplicate-ack");
    press(&mut window, Key::M);
    let (side, event) = pair(&window).selected_event().unwrap();
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    let now = rows(&window)[0].unwrap().0;
    assert_eq!(pair(&window).rows().get(now).event(side.other()), Some(event));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(rows(&window).is_empty());
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(rows(&window)[0].unwrap().0, now, "the step speaks of the sides as they were");
}

#[test]
fn back_and_forward_go_over_rows_views_and_ranges_and_small_steps_are_one() {
    let mut window = open("task-order-race");
    let start = row(&window);
    press(&mut window, Key::N);
    let second = row(&window);
    for _ in 0..4 {
        press(&mut window, Key::ArrowDown);
    }
    let third = row(&window);
    press(&mut window, Key::Num1);
    press(&mut window, Key::W);
    let range = pair(&window).timeline().range();
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_ne!(pair(&window).timeline().range(), range);
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!((pair(&window).view(), row(&window)), (View::Events, third));
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(row(&window), second, "four steps are one");
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(row(&window), start);
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(pair(&window).notice(), "This is where you began.");
    for _ in 0..4 {
        press_with(&mut window, Modifiers::ALT, Key::ArrowRight);
    }
    assert_eq!((pair(&window).view(), row(&window)), (View::Timeline, third));
    assert_eq!(pair(&window).timeline().range(), range);
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    press(&mut window, Key::N);
    press_with(&mut window, Modifiers::ALT, Key::ArrowRight);
    assert_eq!(pair(&window).notice(), "There is nothing to go forward to.");
}

#[test]
fn the_timeline_shows_bookmarks_and_a_click_goes_there() {
    let mut window = open("task-order-race");
    let first = row(&window);
    press(&mut window, Key::M);
    press(&mut window, Key::Num1);
    press(&mut window, Key::Home);
    window.get_by_label_contains("Go to bookmark 1: ").click();
    window.run();
    assert_eq!(row(&window), first);
}

#[test]
fn bookmarks_are_kept_with_the_pack_and_follow_their_events_in_changed_files() {
    let (home, pack) = (tempfile::tempdir().unwrap(), copied("task-order-race"));
    let mut window = kept(home.path(), pack.path());
    let first = row(&window);
    send(&mut window, PairCommand::Bookmark(BookmarkCommand::EditHere));
    send(&mut window, PairCommand::Bookmark(BookmarkCommand::Write(0, "The race.".to_owned())));
    let (_, event) = pair(&window).selected_event().unwrap();
    window.state_mut().save();
    window.run();
    let file = pack.path().join("notes.dettrace.json");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"note\": \"The race.\"") && text.contains(&format!("actual:{event}@")), "{text}");
    window.get_by_label_contains("Dismiss: Bookmarks are kept with the pack, in ");

    let actual = pack.path().join("actual.jsonl");
    let before = fs::read_to_string(&actual).unwrap();
    let lines: Vec<&str> = before.lines().collect();
    // Three events at the front are gone: everything stands elsewhere.
    fs::write(&actual, format!("{}\n", lines[3..].join("\n"))).unwrap();
    press(&mut window, Key::F5);
    wait(&mut window);
    let now = rows(&window)[0].unwrap().0;
    assert_eq!(pair(&window).rows().get(now).actual, Some(event - 3));
    let mut second = kept(home.path(), pack.path());
    assert_eq!(rows(&second), [Some((now, now))], "a fresh window finds it too");

    let without: Vec<&str> =
        lines.iter().enumerate().filter(|(at, _)| *at != event as usize).map(|(_, l)| *l).collect();
    fs::write(&actual, format!("{}\n", without.join("\n"))).unwrap();
    press(&mut second, Key::F5);
    wait(&mut second);
    assert_eq!(rows(&second), [None]);
    assert!(second.state().state.layout.is_open(Pane::Bookmarks), "the list is open as it was left");
    second.get_by_label_contains("bookmark 1: ").click();
    second.run();
    assert!(pair(&second).notice().ends_with("is gone from the recording."), "{}", pair(&second).notice());
    second.get_by_label("Delete bookmark 1").click();
    second.run();
    second.state_mut().save();
    assert!(!file.exists(), "{first}");
}

#[test]
fn a_damaged_file_of_bookmarks_is_said_and_not_lost() {
    let (home, pack) = (tempfile::tempdir().unwrap(), copied("task-order-race"));
    fs::write(pack.path().join("notes.dettrace.json"), [0xff, 0x00, b'{']).unwrap();
    let mut window = kept(home.path(), pack.path());
    window.get_by_label_contains("Dismiss: ");
    assert!(window.query_all_by_label_contains("notes.dettrace.json is damaged").next().is_some());
    press(&mut window, Key::M);
    window.state_mut().save();
    assert_eq!(fs::read(pack.path().join("notes.dettrace.json.damaged")).unwrap(), [0xff, 0x00, b'{']);
    let again = kept(home.path(), pack.path());
    assert_eq!(rows(&again).len(), 1);
    assert!(again.query_all_by_label_contains("damaged").next().is_none(), "a file that was put aside is a recording");
}

/// What the clipboard got from a command of the Edit menu.
pub fn copied_by(window: &mut Window<'_>, title: &str) -> String {
    window.get_by_label("Edit").click();
    window.run();
    window.get_by_label_contains(title).click();
    window.run();
    window.state_mut().take_clipboard().unwrap()
}

#[test]
fn the_selected_row_is_copied_as_text_markdown_and_json() {
    let mut window = open("task-order-race");
    let text = copied_by(&mut window, "Copy as text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("Row 15, out of order"), "{text}");
    assert!(lines[2].contains("TASK_DEQUEUED") && lines[2].contains("actual:13@task:4 actual.jsonl:14"), "{text}");
    let markdown = copied_by(&mut window, "Copy as Markdown");
    assert!(markdown.contains("```\n{\"seq\"") || markdown.contains("```\n{"), "{markdown}");
    assert_eq!(markdown.matches("```").count(), 4, "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&copied_by(&mut window, "Copy as JSON")).unwrap();
    assert_eq!((&json["row"], &json["class"]), (&14.into(), &"moved".into()));
    assert_eq!(json["actual"]["anchor"], "actual:13@task:4");
    assert_eq!(json["expected"]["event"]["type"], "TASK_DEQUEUED");
}

/// What is seen, as it is saved; numbers in a file may lose their last bit.
fn seen(window: &Window<'_>) -> serde_json::Value {
    let mut saved = serde_json::to_value(pair(window).saved()).unwrap();
    for place in saved["timeline"]["range"].as_array_mut().unwrap() {
        *place = serde_json::json!(place.as_f64().unwrap().round());
    }
    saved
}

/// Ends the file dialog as if a person had chosen this.
pub fn picked(window: &mut Window<'_>, ask: Ask, path: Result<PathBuf, String>) {
    let paths = path.map(|path| vec![path]);
    window.state_mut().push(Command::Arrived(Arrival::Picked(ask, paths)));
    window.run();
}

#[test]
fn a_saved_view_opens_exactly_this_view() {
    let folder = copied("task-order-race");
    let pack = folder.path().join("pack");
    fs::create_dir(&pack).unwrap();
    for name in ["expected.jsonl", "actual.jsonl"] {
        fs::rename(folder.path().join(name), pack.join(name)).unwrap();
    }
    let mut app = App::in_place();
    app.open([pack.clone()]);
    let mut first = window(app);
    press_with(&mut first, Modifiers::ALT, Key::Backslash);
    send(&mut first, PairCommand::Search("task 4".to_owned()));
    send(&mut first, PairCommand::SelectRow(2));
    press(&mut first, Key::Num1);
    for command in [
        TimelineCommand::Mode(Mode::Overlaid),
        TimelineCommand::Lane(2, LaneCommand::Pin),
        TimelineCommand::Lane(4, LaneCommand::Hide),
        TimelineCommand::Filter("task".to_owned()),
        TimelineCommand::ToggleGroup(None),
        TimelineCommand::Zoom { at: 0.2, by: 0.5 },
    ] {
        send(&mut first, PairCommand::Timeline(command));
    }
    for command in [
        PairCommand::Lane(LaneCommand::Move(-1)),
        PairCommand::Sync(SyncCommand::Here),
        PairCommand::SelectRow(14),
        PairCommand::Sync(SyncCommand::Here),
        PairCommand::GraphSide(Some(Side::Expected)),
        PairCommand::Show(View::Propagation),
        PairCommand::Look(Look::Zoom(0.5)),
        PairCommand::Show(View::Timeline),
        PairCommand::Context { more: true },
        PairCommand::ToggleFoldOf(0),
        PairCommand::EditBreakpoint(None),
        PairCommand::TypeBreakpoint("kind:task_* -lane:task:2 on actual".to_owned()),
        PairCommand::FinishBreakpoint,
        PairCommand::ToggleState,
        PairCommand::Timeline(TimelineCommand::Scroll(90.0)),
    ] {
        send(&mut first, command);
    }
    first.state_mut().push(Command::Layout(LayoutCommand::Preset(LayoutPreset::Everything)));
    first.run();
    press_with(&mut first, Modifiers::COMMAND, Key::S);
    first.get_by_label("Cancel waiting");
    picked(&mut first, Ask::SaveView, Ok(folder.path().join("mine")));
    let file = folder.path().join("mine.dettrace-view");
    first.get_by_label_contains("Dismiss: The view is saved in ");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"pack\"") && text.contains("\"view\": \"timeline\""), "{text}");
    assert!(text.contains("\"graph_near\": {"), "{text}");

    let mut second = window(App::in_place());
    second.get_by_label("File").click();
    second.run();
    second.get_by_label_contains("Open view").click();
    second.run();
    picked(&mut second, Ask::View, Ok(file.clone()));
    assert_eq!(seen(&second), seen(&first));
    assert_eq!(pair(&second).selection(), pair(&first).selection());
    assert_eq!(pair(&second).saved(), pair(&first).saved(), "also what is not in sight now");
    assert_eq!(second.state().state.layout.saved(), first.state().state.layout.saved());
    assert_ne!(first.state().state.layout.saved(), None);
    assert_eq!(pair(&second).timeline().lines(), pair(&first).timeline().lines());
    assert_eq!(pair(&second).timeline().hidden(), 1);
    assert_eq!(pair(&second).labels(), pair(&first).labels(), "the sides are swapped in both");
    assert_eq!(second.state().state.front().open.as_ref().unwrap().paths, std::slice::from_ref(&pack));

    second.state_mut().push(Command::Drop(vec![file.clone()], None));
    second.run();
    assert_eq!(seen(&second), seen(&first));
    let recent = second.state().state.recents.as_slice();
    assert_eq!(recent.len(), 1, "the pack is what was opened, not the file");

    fs::write(&file, text.replace("\"selection\": \"expected:", "\"selection\": \"expected:9")).unwrap();
    second.state_mut().push(Command::Drop(vec![file.clone()], None));
    second.run();
    assert!(second.query_all_by_label_contains("The view file selects ").next().is_some());
    fs::write(&file, "{").unwrap();
    second.state_mut().push(Command::Drop(vec![file], None));
    second.run();
    second.get_by_label_contains("is no view file that can be understood");
}

#[test]
fn without_a_dialog_the_view_is_saved_beside_what_is_open() {
    let folder = copied("task-order-race");
    let pair = [folder.path().join("expected.jsonl"), folder.path().join("actual.jsonl")];
    let mut app = App::in_place();
    app.open(pair);
    let mut window = window(app);
    for name in ["actual.jsonl.dettrace-view", "actual.jsonl-1.dettrace-view"] {
        picked(&mut window, Ask::SaveView, Err("No dialog.".to_owned()));
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    picked(&mut window, Ask::SaveView, Ok(folder.path().join("actual.jsonl/impossible")));
    assert!(window.query_all_by_label_contains("cannot be written").next().is_some());
}

#[test]
fn a_slice_is_exported_into_a_folder_and_opens_as_a_pack() {
    let folder = copied("task-order-race");
    let mut app = App::in_place();
    app.open([folder.path().to_path_buf()]);
    let mut window = window(app);
    window.get_by_label("File").click();
    window.run();
    window.get_by_label_contains("Export slice").click();
    window.run();
    // The folder is not empty: the slice gets one of its own in it.
    picked(&mut window, Ask::Slice, Ok(folder.path().to_path_buf()));
    window.get_by_label("Export").click();
    window.run();
    assert_eq!(window.state().state.front().exporting, None);
    assert!(window.query_all_by_label_contains("actual events. It compares the same.").next().is_some());
    let mut app = App::in_place();
    app.open([folder.path().join("slice")]);
    let again = self::window(app);
    let (whole, slice) = (&pair(&window).analysis().comparison, &pair(&again).analysis().comparison);
    assert_eq!(slice.verdict, whole.verdict);
    assert_eq!(slice.causes[0].headline, whole.causes[0].headline);
}
