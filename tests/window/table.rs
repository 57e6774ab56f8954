//! The columns of the events table, and its order.

use std::collections::BTreeSet;

use dettrace::analyse::SortKey;
use dettrace::app::Command;
use dettrace::app::pair::{ColumnCommand, Pair, PairCommand};
use dettrace::trace::Side;
use dettrace::view::Line;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::{copied, kept, wait};
use super::{Window, click, names, names_with, open, pair, press, press_with, row, send};

/// The rows from top to bottom; a fold counts with its first.
fn shown(window: &Window<'_>) -> Vec<u32> {
    let lines = pair(window).lines();
    (0..lines.count()).map(|line| lines.at(line).first_row()).collect()
}

fn event(window: &Window<'_>, side: Side, row: u32) -> Option<u32> {
    pair(window).rows().get(row).event(side)
}

#[test]
fn a_column_sorts_whole_rows_one_way_the_other_and_not_at_all() {
    let mut window = open("task-order-race");
    let (recorded, all) = (shown(&window), pair(&window).rows().len());
    click(&mut window, "actual time, column, not sorted");
    let ascending = shown(&window);
    assert_eq!(ascending.iter().copied().collect::<BTreeSet<u32>>(), (0..all).collect(), "every row is there, once");
    let times = |window: &Window<'_>| -> Vec<i64> {
        let analysis = pair(window).analysis().clone();
        let events = shown(window).into_iter().filter_map(|row| event(window, Side::Actual, row)).collect::<Vec<_>>();
        events.into_iter().filter_map(|event| Some(analysis.time(Side::Actual, event)?.value)).collect()
    };
    assert!(times(&window).is_sorted());
    let first_without = ascending.iter().position(|&row| event(&window, Side::Actual, row).is_none()).unwrap();
    assert!(ascending[first_without..].iter().all(|&row| event(&window, Side::Actual, row).is_none()));
    assert_eq!(names(&window, "Sorted by actual time, smallest first").len(), 1);
    assert!(names_with(&window, "folded").is_empty(), "folds are off");
    press(&mut window, Key::E);
    assert!(pair(&window).notice().contains("nothing folds"), "{}", pair(&window).notice());
    click(&mut window, "actual time, column, sorted ascending");
    assert!(times(&window).is_sorted_by(|a, b| a >= b));
    click(&mut window, "actual time, column, sorted descending");
    assert_eq!(shown(&window), recorded);
    assert!(names(&window, "Sorted by").is_empty());
    window.get_by_label("actual time, column, not sorted");
}

#[test]
fn differences_and_matches_are_walked_in_the_order_that_is_shown() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SortBy(SortKey::Index(Side::Expected)));
    send(&mut window, PairCommand::SortBy(SortKey::Index(Side::Expected)));
    let order = shown(&window);
    let differs = |window: &Window<'_>, row: &u32| pair(window).rows().differences().contains(row);
    let wanted: Vec<u32> = order.iter().copied().filter(|row| differs(&window, row)).collect();
    assert_ne!(wanted, pair(&window).rows().differences(), "the order is another one");
    press(&mut window, Key::Home);
    assert_eq!(row(&window), order[0]);
    let mut walked: Vec<u32> = Some(row(&window)).filter(|row| differs(&window, row)).into_iter().collect();
    while walked.len() < wanted.len() {
        press(&mut window, Key::N);
        walked.push(row(&window));
    }
    assert_eq!(walked, wanted);
    press(&mut window, Key::N);
    assert!(pair(&window).notice().contains("last difference in this order"));
    press_with(&mut window, Modifiers::SHIFT, Key::N);
    assert_eq!(row(&window), wanted[wanted.len() - 2]);
    send(&mut window, PairCommand::Search("lane:queue:*".to_owned()));
    press(&mut window, Key::Home);
    let found: Vec<u32> = order.iter().copied().filter(|&row| pair(&window).search().found(row)).collect();
    let mut seen = Vec::new();
    for _ in &found {
        press(&mut window, Key::F3);
        seen.push(row(&window));
    }
    let start = found.iter().position(|row| *row == seen[0]).unwrap();
    assert!(start <= 1, "the first one behind the first row");
    assert!(seen.iter().copied().eq(found.iter().copied().cycle().skip(start).take(found.len())), "{seen:?} {found:?}");
}

#[test]
fn a_filter_and_an_order_hold_together_and_one_key_goes_back() {
    let mut window = open("task-order-race");
    let recorded = shown(&window);
    let selected = row(&window);
    send(&mut window, PairCommand::SortBy(SortKey::Class));
    let all = shown(&window).len();
    send(&mut window, PairCommand::Search("lane:queue:*".to_owned()));
    send(&mut window, PairCommand::MakeFilter);
    let some = shown(&window);
    assert!(!some.is_empty() && some.len() < all);
    assert!(some.iter().all(|&row| pair(&window).filter().search().found(row)));
    let differing = some.iter().take_while(|row| pair(&window).rows().differences().contains(row)).count();
    assert!(some[differing..].iter().all(|row| !pair(&window).rows().differences().contains(row)), "{some:?}");
    press_with(&mut window, Modifiers::SHIFT, Key::E);
    assert_eq!(shown(&window).len(), all);
    press_with(&mut window, Modifiers::SHIFT, Key::Z);
    assert_eq!((shown(&window), row(&window)), (recorded, selected));
    assert!(matches!(pair(&window).lines().at(0), Line::Fold(_)), "the folds are back");
    // Keys alone: from column to column, the other way, and round.
    press(&mut window, Key::Z);
    assert_eq!(pair(&window).sorting().sort().map(|sort| sort.by.clone()), Some(SortKey::Class));
    press_with(&mut window, Modifiers::ALT, Key::Z);
    assert!(pair(&window).sorting().sort().unwrap().descending);
    for _ in 0..pair(&window).sort_keys().len() {
        press(&mut window, Key::Z);
    }
    assert!(pair(&window).sorting().sort().is_none());
}

#[test]
fn a_field_becomes_a_column_is_moved_made_wider_and_sorted_by() {
    let mut window = open("task-order-race");
    press_with(&mut window, Modifiers::SHIFT, Key::C);
    click(&mut window, "Column queue");
    click(&mut window, "Column task");
    let columns = |pair: &Pair| pair.columns().list().iter().map(|c| (c.path.clone(), c.chars)).collect::<Vec<_>>();
    let usual = columns(pair(&window))[0].1;
    click(&mut window, "Move the column task to the left");
    click(&mut window, "Make the column queue narrower");
    assert_eq!(columns(pair(&window)), [("task".to_owned(), usual), ("queue".to_owned(), usual - 2)]);
    press(&mut window, Key::Escape);
    assert!(!pair(&window).columns().is_open());
    click(&mut window, "actual task, column, not sorted");
    let tasks: Vec<f64> = shown(&window)
        .into_iter()
        .filter_map(|row| event(&window, Side::Actual, row))
        .filter_map(|event| pair(&window).analysis().detail(Side::Actual, event).value("task")?.plain().parse().ok())
        .collect();
    assert!(tasks.len() > 10 && tasks.is_sorted(), "{tasks:?}");
    window.get_by_label("actual task, column, sorted ascending");
    send(&mut window, PairCommand::Column(ColumnCommand::Clear));
    assert!(window.query_by_label("actual task, column, sorted ascending").is_none());
}

#[test]
fn columns_and_order_are_kept_over_a_reload_and_in_a_view_file() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::Column(ColumnCommand::Toggle("task".to_owned())));
    send(&mut window, PairCommand::SortBy(SortKey::Field(Side::Expected, "task".to_owned())));
    send(&mut window, PairCommand::Search("task:4".to_owned()));
    send(&mut window, PairCommand::MakeFilter);
    send(&mut window, PairCommand::Context { more: true });
    send(&mut window, PairCommand::ToggleBreakpoint);
    let (order, selected) = (shown(&window), row(&window));
    let saved = pair(&window).saved();
    window.state_mut().push(Command::Reload);
    window.run();
    assert_eq!((shown(&window), row(&window)), (order.clone(), selected));
    assert_eq!(pair(&window).columns().list().len(), 1);
    let mut view = serde_json::to_value(&saved).unwrap();
    view["dettrace_view"] = 1.into();
    view["open"] = serde_json::json!({ "paths": [std::path::absolute("fixtures/task-order-race").unwrap()] });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.dettrace-view");
    std::fs::write(&file, view.to_string()).unwrap();
    let other = super::open_at(super::SIZE, &[file]);
    assert_eq!((shown(&other), pair(&other).columns().list()), (order, pair(&window).columns().list()));
    let kept = |window: &Window<'_>| (pair(window).working(), pair(window).context());
    assert_eq!(kept(&other), kept(&window));
    assert_eq!(pair(&other).filter().parts().collect::<Vec<_>>(), ["task:4"]);
    assert_eq!(pair(&other).transport().breakpoints().len(), 1);
}

#[test]
fn sorting_goes_on_behind_the_window() {
    let (home, pack) = (tempfile::tempdir().unwrap(), copied("task-order-race"));
    let mut window = kept(home.path(), pack.path());
    wait(&mut window);
    window.state_mut().push(PairCommand::SortBy(SortKey::Field(Side::Actual, "task".to_owned())));
    window.step();
    let start = std::time::Instant::now();
    while pair(&window).lines().sorted().is_none() {
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "it never ends");
        std::thread::sleep(std::time::Duration::from_millis(2));
        window.step();
    }
    assert!(pair(&window).sorting().running().is_none());
}
