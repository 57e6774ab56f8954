//! The lanes of the timeline: what stands beside their names, and which are shown.

use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{SIZE, Window, click, name, names, open, open_at, pair, press, press_with, type_into_palette};

#[test]
fn where_nothing_was_compared_no_lane_is_equal_or_different() {
    let alone = Path::new("fixtures/task-order-race/actual.jsonl");
    let apart = Path::new("fixtures/incomparable-pair");
    for path in [alone, apart] {
        let mut window = open_at(SIZE, &[path]);
        press(&mut window, Key::Num1);
        let lanes = names(&window, "lane ");
        assert!(!lanes.is_empty());
        for lane in &lanes {
            assert!(lane.contains(" actual events") && !lane.contains("difference"), "{}: {lane}", path.display());
        }
    }
    let mut window = open_at(SIZE, &[Path::new("fixtures/task-order-race")]);
    press(&mut window, Key::Num1);
    assert!(names(&window, "lane ").iter().all(|lane| lane.contains("difference")));
}

#[test]
fn where_nothing_was_compared_no_row_is_missing_or_extra() {
    let mut window = open("incomparable-pair");
    let rows: Vec<String> = names(&window, "row ").into_iter().filter(|name| name.contains(", ")).collect();
    assert!(rows.len() > 10, "{rows:#?}");
    for row in &rows {
        assert!(row.contains(", not compared, "), "{row}");
        assert!(!["missing", "extra", "changed"].iter().any(|word| row.contains(word)), "{row}");
    }
    window.get_by_label_contains("SELECTED · row 1 · not compared");
    window.get_by_label("Nothing was compared, so that nothing is known of it.");
    press(&mut window, Key::Num1);
    for event in names(&window, "expected #").into_iter().chain(names(&window, "actual #")) {
        assert!(!event.contains("missing") && !event.contains("extra"), "{event}");
    }
    press(&mut window, Key::Num3);
    let rows: Vec<String> = names(&window, "row ").into_iter().filter(|name| name.contains(", ")).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.contains(", not compared")), "{rows:#?}");
}

fn shown(window: &Window<'_>) -> u32 {
    pair(window).timeline().lanes_shown()
}

#[test]
fn lanes_are_filtered_by_typing_wherever_the_field_stands() {
    for size in [SIZE, [1000.0, 700.0], [800.0, 600.0]] {
        let mut window = open_at(size, &[Path::new("fixtures/task-order-race")]);
        press(&mut window, Key::Num1);
        let all = shown(&window);
        press_with(&mut window, Modifiers::ALT, Key::L);
        window.get_by_label("Filter lanes").type_text("queue");
        window.run();
        assert_eq!(pair(&window).timeline().filter(), "queue", "{size:?}");
        assert!(shown(&window) > 0 && shown(&window) < all);
        press(&mut window, Key::Escape);
        press(&mut window, Key::Escape);
        assert_eq!(pair(&window).timeline().filter(), "queue", "closing the menu leaves the filter");
        // The button says that lanes are left out, and its menu has them all again.
        if size[0] > 800.0 {
            let button = name(&window, "lanes: ");
            assert!(button.ends_with("filtered by queue"), "{button}");
            press(&mut window, Key::L);
            let button = name(&window, "lanes: ");
            assert!(button.ends_with("only those that differ, filtered by queue"), "{button}");
            click(&mut window, &button);
            click(&mut window, "All lanes");
        } else {
            // Without room for the button the heading of the lanes says so, and shows them again.
            click(&mut window, "Show all lanes again");
        }
        let timeline = pair(&window).timeline();
        assert_eq!((shown(&window), timeline.filter(), timeline.only_differing()), (all, "", false), "{size:?}");
        assert!(names(&window, "Show all lanes again").is_empty());
    }
}

#[test]
fn the_palette_brings_the_field_that_lanes_are_filtered_by() {
    let mut window = open_at([1000.0, 700.0], &[Path::new("fixtures/task-order-race")]);
    press(&mut window, Key::Num1);
    type_into_palette(&mut window, "filter lanes");
    press(&mut window, Key::Enter);
    window.get_by_label("Filter lanes").type_text("worker");
    window.run();
    assert_eq!(pair(&window).timeline().filter(), "worker");
}
