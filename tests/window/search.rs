//! Finding: typing, completing, walking, filtering, clearing.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, names_with, open, pair, press, press_with, row};

const FIELD: &str = "Search both sides";

/// Types a query over the one before, as a person does.
fn type_query(window: &mut Window<'_>, text: &str) {
    if !window.get_by_label(FIELD).is_focused() {
        press(window, Key::Slash);
    }
    press_with(window, Modifiers::COMMAND, Key::A);
    window.get_by_label(FIELD).type_text(text);
    window.run();
    assert_eq!(pair(window).search().text(), text);
}

#[test]
fn a_query_is_typed_counted_walked_and_left() {
    let mut window = open("task-order-race");
    let start = row(&window);
    type_query(&mut window, "kind:LOCK_ACQUIRED side:actual");
    assert!(pair(&window).search().done());
    let count = pair(&window).search().count();
    assert!(count > 1);
    assert_eq!(row(&window), start, "typing moves nothing");
    assert_eq!(names_with(&window, &format!("{count} rows found for")).len(), 1);
    assert_eq!(names_with(&window, &format!("{count} found")).len(), 1, "the overview says it too");
    press(&mut window, Key::Enter);
    let first = row(&window);
    assert!(pair(&window).search().found(first) && first > start);
    assert!(names_with(&window, &format!("row {},", first + 1))[0].ends_with(", found, selected"));
    press(&mut window, Key::Enter);
    let second = row(&window);
    press_with(&mut window, Modifiers::SHIFT, Key::Enter);
    assert_eq!(row(&window), first);
    press(&mut window, Key::Escape);
    press(&mut window, Key::F3);
    assert_eq!(row(&window), second, "the search is kept when the field is left");
    press(&mut window, Key::Escape);
    assert!(!pair(&window).search().active());
    assert!(names_with(&window, ", found").is_empty());
}

#[test]
fn a_search_finds_across_folds_and_opens_the_one_it_goes_to() {
    let mut window = open("task-order-race");
    type_query(&mut window, "index:2 side:expected");
    press(&mut window, Key::Enter);
    assert_eq!(row(&window), 2);
    assert!(!pair(&window).lines().hides(2));
}

#[test]
fn what_is_wrong_is_said_under_the_field_with_its_place() {
    let mut window = open("task-order-race");
    type_query(&mut window, "task diff:chnged");
    let said = names_with(&window, "Cannot be read at character 11");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("`diff:` is one of any, same, changed"), "{said:?}");
    assert!(!pair(&window).search().active());
    press(&mut window, Key::Enter);
    assert!(pair(&window).notice().contains("diff:"));
    type_query(&mut window, "task diff:changed");
    assert!(names_with(&window, "Cannot be read").is_empty());
}

#[test]
fn the_keyboard_completes_what_is_typed() {
    let mut window = open("task-order-race");
    type_query(&mut window, "ki");
    assert_eq!(names_with(&window, "Write kind:")[0], "Write kind:");
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Enter);
    assert_eq!(pair(&window).search().text(), "kind:");
    assert!(window.get_by_label(FIELD).is_focused());
    window.get_by_label(FIELD).type_text("lock_acq");
    window.run();
    assert_eq!(names_with(&window, "Write LOCK_ACQUIRED"), ["Write LOCK_ACQUIRED"]);
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Enter);
    assert_eq!(pair(&window).search().text(), "kind:LOCK_ACQUIRED");
    assert!(pair(&window).search().count() > 0);
    assert!(names_with(&window, "Write ").is_empty(), "nothing is left to complete");
}

#[test]
fn the_mouse_completes_too() {
    let mut window = open("task-order-race");
    type_query(&mut window, "diff:");
    click(&mut window, "Write changed");
    assert_eq!(pair(&window).search().text(), "diff:changed");
    assert!(window.get_by_label(FIELD).is_focused());
}

#[test]
fn a_search_becomes_a_filter_and_filters_narrow_each_other() {
    let mut window = open("task-order-race");
    let lines = pair(&window).lines().count();
    type_query(&mut window, "task:4");
    let found = pair(&window).search().count();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert!(!pair(&window).search().active(), "the field is free for the next");
    assert_eq!(names_with(&window, "Filter task:4"), ["Filter task:4"]);
    assert_eq!(names_with(&window, &format!("{found} of ")).len(), 1);
    assert_eq!(pair(&window).context(), 3);
    for _ in 0..3 {
        click(&mut window, "Fewer rows around");
    }
    assert_eq!(pair(&window).context(), 0);
    let shown = |window: &Window<'_>| {
        let pair = pair(window);
        (0..pair.rows().len()).filter(|&row| !pair.lines().hides(row)).count() as u32
    };
    assert_eq!(shown(&window), found, "only what was found is shown");
    assert!(!names_with(&window, " other rows, rows").is_empty(), "what is hidden is one line");

    type_query(&mut window, "side:actual kind:TASK_*");
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    let both = pair(&window).filter().search().count();
    assert!(0 < both && both < found);
    assert_eq!(shown(&window), both);
    click(&mut window, "Remove the filter task:4");
    assert!(pair(&window).filter().search().count() > both);
    press(&mut window, Key::Escape);
    press_with(&mut window, Modifiers::SHIFT, Key::E);
    assert!(!pair(&window).filter().active() && names_with(&window, "Only rows with").is_empty());
    for _ in 0..2 {
        press_with(&mut window, Modifiers::ALT, Key::Equals);
    }
    press_with(&mut window, Modifiers::ALT, Key::Equals);
    press_with(&mut window, Modifiers::ALT, Key::Minus);
    assert_eq!((pair(&window).context(), pair(&window).lines().count()), (3, lines), "as it was");
}

#[test]
fn a_filter_that_nothing_fits_says_so_and_a_reload_keeps_it() {
    let mut window = open("task-order-race");
    type_query(&mut window, "\"no such thing\"");
    press(&mut window, Key::Enter);
    assert_eq!(names_with(&window, "Nothing holds").len(), 1);
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert_eq!(names_with(&window, "none of ").len(), 1);
    assert_eq!(pair(&window).lines().count(), 1);
    press(&mut window, Key::F5);
    assert_eq!(names_with(&window, "none of ").len(), 1);
    assert_eq!(pair(&window).lines().count(), 1);
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert!(pair(&window).notice().contains("Search for something first"));
}

#[test]
fn a_burst_becomes_a_line_with_its_headline_and_rows_again() {
    let folder = tempfile::tempdir().unwrap();
    let step = |i: u32| format!("{{\"type\":\"STEP\",\"task\":\"a\",\"n\":{i}}}\n");
    let retry = |i: u32| format!("{{\"type\":\"RETRY\",\"task\":\"b\",\"attempt\":{i}}}\n");
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("expected.jsonl", (0..40).map(step).collect());
    write("actual.jsonl", (0..20).map(step).chain((1..13).map(retry)).chain((20..40).map(step)).collect());
    let mut window = open(&folder.path().to_string_lossy());
    let lines = pair(&window).lines().count();
    let burst = pair(&window).analysis().comparison.groups[0].clone();
    assert_eq!((burst.rows, burst.headline.as_str()), (12, "12 extra events on task:b: RETRY"));
    press(&mut window, Key::U);
    let short = pair(&window).lines().count();
    assert_eq!(short, lines - 11);
    let said = names_with(&window, &burst.headline);
    assert!(said.iter().any(|name| name.contains("folded")), "{said:?}");
    press(&mut window, Key::F5);
    assert_eq!(pair(&window).lines().count(), short, "a reload keeps it");
    press(&mut window, Key::U);
    assert_eq!(pair(&window).lines().count(), lines);
    let mut window = open("legal-reordering");
    press(&mut window, Key::U);
    assert!(pair(&window).notice().starts_with("There is no burst"));
}

#[test]
fn only_found_rows_are_marked_and_a_partial_answer_is_none() {
    let mut window = open("task-order-race");
    type_query(&mut window, "kind:LOCK_ACQUIRED no_such_word");
    assert_eq!(pair(&window).search().count(), 0);
    assert!(names_with(&window, ", found").is_empty());
    assert_eq!(names_with(&window, "Nothing holds").len(), 1);
}

#[test]
fn the_help_has_the_language() {
    let mut window = open("task-order-race");
    press(&mut window, Key::Questionmark);
    for line in dettrace::query::GUIDE {
        assert!(!names_with(&window, &format!("{}: {}", line.written, line.means)).is_empty(), "{}", line.written);
    }
}
