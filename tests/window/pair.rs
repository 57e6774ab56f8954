//! The opened pair: rows, answers, inspector, spec.

use dettrace::app::Command;
use dettrace::app::layout::Pane;
use dettrace::app::pair::{PairCommand, PairRequest};
use dettrace::spec::{Action, Decision, Tolerance};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{SIZE, Window, name, names, names_with, open, open_at, pair, press, row, send};

/// How many rows, and how many of them differ.
fn size_of(window: &Window<'_>) -> (u32, usize) {
    let rows = pair(window).rows();
    (rows.len(), rows.differences().len())
}

#[test]
fn next_difference_selects_the_divergence_and_explains_it() {
    let mut window = open("task-order-race");
    press(&mut window, Key::Home);
    assert_eq!(row(&window), 0);
    press(&mut window, Key::N);

    let selected = name(&window, "row 15,");
    assert!(selected.contains("first difference, most likely cause"), "{selected}");
    assert!(selected.contains("expected TASK_DEQUEUED task 4"), "{selected}");
    assert!(selected.contains("actual TASK_DEQUEUED task 4"), "{selected}");
    assert!(selected.ends_with(", selected"), "{selected}");

    window.get_by_label("WHY THIS IS THE MOST LIKELY CAUSE");
    let why = name(&window, "On queue:intake");
    assert!(why.contains("TASK_DEQUEUED task:4") && why.contains("task:3"), "{why}");
    assert!(name(&window, "field queue:").contains("expected intake, actual intake"));
    assert!(name(&window, "field seq:").contains("ignored"));
    let (rows, differences) = size_of(&window);
    assert!(name(&window, &format!("row 15 of {rows}")).contains(&format!("difference 1 of {differences}")));
    name(&window, "compared ");
}

#[test]
fn the_three_answers_are_said_and_lead_to_their_rows() {
    let mut window = open("task-order-race");
    name(&window, "Verdict: diverged");
    for (answer, mark) in [
        ("First symptom: ", "first symptom"),
        ("Most likely cause: ", "most likely cause"),
        ("First difference: ", "first difference"),
    ] {
        // The notes of the pack speak of them too, without a number.
        let whole = names(&window, answer).into_iter().find(|name| name.contains('#')).unwrap();
        window.get_by_label(&whole).click();
        window.run();
        let selected = name(&window, &format!("row {},", row(&window) + 1));
        assert!(selected.contains(mark) && selected.ends_with("selected"), "{whole} led to {selected}");
    }
    let explains = pair(&window).analysis().comparison.causes[0].explains;
    let words = format!("explains {} of {} later differences", explains.rows, explains.of);
    assert!(explains.rows > 10 && !names_with(&window, &words).is_empty());
}

#[test]
fn brackets_follow_what_happened_before_and_after() {
    let mut window = open("task-order-race");
    let start = pair(&window).selected_event();
    assert_eq!(start, Some((Side::Actual, 13)));
    name(&window, "Before: #12 TASK_FINISHED");
    press(&mut window, Key::OpenBracket);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 12)));
    press(&mut window, Key::CloseBracket);
    assert_eq!(pair(&window).selected_event(), start, "the way back");
}

#[test]
fn arrows_step_and_a_fold_is_a_step_that_enter_opens() {
    let mut window = open("task-order-race");
    let fold = name(&window, "11 equal events");
    assert!(fold.contains("rows 1 to 11, folded"), "{fold}");
    press(&mut window, Key::Home);
    assert!(name(&window, "11 equal events, rows").ends_with("selected"));
    window.get_by_label("Unfold").click();
    window.run();
    assert!(window.query_by_label_contains("11 equal events").is_none());
    assert!(name(&window, "row 1,").contains("same"));
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::J);
    assert_eq!(row(&window), 2);
    press(&mut window, Key::ArrowUp);
    assert_eq!(row(&window), 1);
    press(&mut window, Key::End);
    let last = pair(&window).rows().len();
    assert_eq!(row(&window), last - 1);
    name(&window, &format!("row {last},"));
}

#[test]
fn a_click_selects_a_row_and_the_side_under_the_pointer() {
    let mut window = open("task-order-race");
    let whole = name(&window, "row 16,");
    let rect = window.get_by_label(&whole).rect();
    for (share, side) in [(0.2, Side::Expected), (0.8, Side::Actual)] {
        let at = egui::pos2(rect.left() + rect.width() * share, rect.center().y);
        window.drag_at(at);
        window.drop_at(at);
        window.run();
        let selection = pair(&window).selection();
        assert_eq!(selection.map(|s| (s.row, s.side)), Some((15, side)));
    }
    press(&mut window, Key::Tab);
    assert_eq!(pair(&window).selection().map(|s| s.side), Some(Side::Expected), "Tab looks from the other side");
}

#[test]
fn a_search_counts_marks_and_walks() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::Search("lock_ACQUIRED".to_owned()));
    assert!(pair(&window).search().done());
    let count = pair(&window).search().count();
    assert!(count > 1);
    name(&window, &format!("{count} rows found for"));
    send(&mut window, PairCommand::NextFound);
    let first = row(&window);
    assert!(name(&window, &format!("row {},", first + 1)).contains("LOCK_ACQUIRED"));
    press(&mut window, Key::F3);
    assert!(row(&window) > first);
    window.key_press_modifiers(Modifiers::SHIFT, Key::F3);
    window.run();
    assert_eq!(row(&window), first);
    send(&mut window, PairCommand::Search("no such thing".to_owned()));
    name(&window, "Nothing holds");
    assert_eq!(row(&window), first, "a search that finds nothing moves nothing");
}

#[test]
fn swapping_the_sides_mirrors_the_rows() {
    let mut window = open("duplicate-ack");
    let before = pair(&window).analysis().comparison.counts;
    let labels = pair(&window).labels().clone();
    window.key_press_modifiers(Modifiers::ALT, Key::Backslash);
    window.run();
    let after = pair(&window).analysis().comparison.counts;
    assert_eq!(*pair(&window).labels(), labels.swapped());
    assert_eq!(before.missing, after.extra + after.duplicate);
    assert_eq!(before.extra + before.duplicate, after.missing);
}

#[test]
fn the_cause_list_and_the_spec_open_and_close() {
    let mut window = open("two-faults");
    press(&mut window, Key::C);
    let second = name(&window, "cause 2: ");
    window.get_by_label(&second).click();
    window.run();
    let cause = &pair(&window).analysis().comparison.causes[1];
    assert_eq!(row(&window), cause.row);
    press(&mut window, Key::F8);
    assert!(name(&window, "seq: position, ignored").contains("counts"));
    name(&window, "Ignore worker");
    window.get_by_label("Close the comparison spec").click();
    window.run();
    assert!(!window.state().state.layout.is_open(Pane::Spec));
    press(&mut window, Key::Escape);
    assert!(!window.state().state.layout.is_open(Pane::Causes));
}

#[test]
fn ignoring_a_field_compares_again() {
    let mut window = open("task-order-race");
    press(&mut window, Key::F8);
    window.get_by_label("Ignore worker").click();
    window.run();
    assert!(pair(&window).analysis().spec.ignored().any(|field| field.path == "worker"));
    name(&window, "Compare worker");
}

#[test]
fn the_overview_names_what_it_shows_and_goes_where_it_is_clicked() {
    let mut window = open("task-order-race");
    let (rows, differences) = size_of(&window);
    let overview = name(&window, &format!("Overview, {rows} rows, {differences} of them differ"));
    let rect = window.get_by_label(&overview).rect();
    let before = row(&window);
    let at = egui::pos2(rect.right() - 2.0, rect.center().y);
    window.drag_at(at);
    window.drop_at(at);
    window.run();
    assert_eq!(row(&window), before, "looking elsewhere selects nothing");
    name(&window, &format!("row {rows},"));
}

#[test]
fn doubts_are_said_above_the_events() {
    let truncated = open("truncated-run");
    name(&truncated, "Verdict: truncated");
    assert!(name(&truncated, "Comparability: ").contains("not recorded"));
    let apart = open("incomparable-pair");
    name(&apart, "Verdict: incomparable");
    assert!(name(&apart, "Comparability: ").len() > "Comparability: ".len());
    let fine = open("legal-reordering");
    name(&fine, "Verdict: equivalent");
    name(&fine, "First difference: none");
    assert!(fine.query_by_label_contains("Comparability: ").is_none());
}

#[test]
fn a_lone_trace_opens_and_says_what_is_missing() {
    let window = open_at([1600.0, 1000.0], &["fixtures/duplicate-ack/actual.jsonl"]);
    assert!(name(&window, "Verdict: incomparable").contains("no baseline"));
    assert!(name(&window, "row 1,").contains("actual "));
}

#[test]
fn every_fixture_can_be_walked_in_a_small_and_in_a_big_window() {
    let entries =
        std::fs::read_dir("fixtures").map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let mut walked = 0;
    for path in entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        let path = path.to_string_lossy().into_owned();
        for size in [[900.0, 600.0], [2560.0, 1440.0]] {
            let mut window = open_at(size, &[&path]);
            for key in [Key::N, Key::N, Key::P, Key::C, Key::F8, Key::OpenBracket, Key::PageDown, Key::End, Key::Home] {
                press(&mut window, key);
                if let Some(page) = window.state().state.requests() {
                    assert!(page.service() < page.services().len(), "{path}");
                    continue;
                }
                if let Some(page) = window.state().state.control() {
                    let sheet = page.sheet();
                    let (from, to) = sheet.sight().whole();
                    assert!(sheet.cursors().at.is_none_or(|at| (from..=to).contains(&at)), "{path}");
                    continue;
                }
                let inside = pair(&window).selection().is_none_or(|s| s.row < pair(&window).rows().len());
                assert!(inside, "{path}");
            }
        }
        walked += 1;
    }
    assert!(walked >= 10, "only {walked} fixtures");
}

#[test]
fn a_window_at_rest_asks_for_no_frame() {
    let window = open("task-order-race");
    let delay = window.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min();
    assert!(delay.is_some_and(|delay| delay > std::time::Duration::from_mins(1)), "{delay:?}");
}

#[test]
fn a_packs_story_and_notes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["expected.jsonl", "actual.jsonl"] {
        std::fs::copy(format!("fixtures/task-order-race/{name}"), folder.path().join(name)).unwrap();
    }
    let manifest = r#"{"dettrace_pack": 1, "title": "Race", "story": "Task 4 came first."}"#;
    std::fs::write(folder.path().join("pack.json"), manifest).unwrap();
    std::fs::write(folder.path().join("NOTES.md"), "Seen twice.\n\nOnly with\u{202e} two workers.\n").unwrap();
    let mut window = open_at([1600.0, 1000.0], &[&folder.path().display().to_string()]);
    window.get_by_label("NOTES");
    window.get_by_label("Seen twice.");
    window.get_by_label("Only with\\u{202e} two workers.");
    window.get_by_label_contains("Race: ").hover();
    window.run();
    name(&window, "Task 4 came first.");
}

#[test]
fn a_field_is_decided_about_in_its_menu_and_all_fields_in_the_presets() {
    let mut window = open_at([1600.0, 1800.0], &["fixtures/task-order-race"]);
    press(&mut window, Key::F8);
    let action = |window: &Window<'_>, path: &str| {
        let field = pair(window).analysis().spec.field(path).cloned();
        field.map(|field| (field.action, field.by_hand))
    };
    for (title, decided) in [
        ("Rename one to one", (Action::Rename, true)),
        ("Ignore", (Action::Ignore, true)),
        ("Compare exactly", (Action::Compare, true)),
        ("As inferred", (Action::Compare, false)),
    ] {
        window.get_by_label("Decide about worker").click();
        window.run();
        window.get_by_label(title).click();
        window.run();
        assert_eq!(action(&window, "worker"), Some(decided), "{title}");
    }
    let decide = |window: &mut Window<'_>, request: PairRequest| {
        window.state_mut().push(Command::Request(request));
        window.run();
    };
    let tolerance = Tolerance { absolute: 0.0, relative: 0.05 };
    decide(&mut window, PairRequest::Decide("cents".to_owned(), Decision::Tolerate(tolerance)));
    assert_eq!(action(&window, "cents"), Some((Action::Tolerate { absolute: 0.0, relative: 0.05 }, true)));
    window.get_by_label("Presets for all fields").click();
    window.run();
    window.get_by_label("Only kinds and identities").click();
    window.run();

    assert_eq!(action(&window, "units"), Some((Action::Ignore, true)));
    window.get_by_label("Reset").click();
    window.run();
    assert!(pair(&window).analysis().spec.fields.iter().all(|field| !field.by_hand));
}

#[test]
fn an_event_without_a_kind_is_called_by_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nodes.log");
    let said = |n: u32| format!("  table {n} was added \nalpha {{\"alpha\":{}}}\n", n + 1);
    std::fs::write(&path, (0..6).map(said).collect::<String>()).unwrap();
    let mut window = open_at(SIZE, &[&path]);
    assert_eq!(pair(&window).analysis().kind(Side::Actual, 2), "", "no field of it is a kind");
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 2));
    name(&window, "Selected: table 2 was added");
    press(&mut window, Key::Num3);
    name(&window, "row 4, actual #3 table 3 was added host:alpha");
    press(&mut window, Key::Num1);
    name(&window, "actual #4 table 4 was added host:alpha on host:alpha");
}
