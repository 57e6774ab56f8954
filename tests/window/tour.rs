//! The tour of a first start, and the help on what is looked at.

use dettrace::app::folders::Folders;
use dettrace::app::pair::PairCommand;
use dettrace::app::region::Region;
use dettrace::app::state::{Overlay, Page, Request};
use dettrace::app::tour::STOPS;
use dettrace::app::{App, Command};
use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{Window, names, open, pair, press, sized, type_into_palette, window};

/// A window that was never started before, on a fixture.
fn first_start<'a>() -> Window<'a> {
    started([1280.0, 800.0], "task-order-race")
}

fn started<'a>(size: [f32; 2], fixture: &str) -> Window<'a> {
    let mut app = App::in_place();
    app.welcome();
    app.push(Command::Open(Request::paths([std::path::Path::new("fixtures").join(fixture)])));
    sized(size, app)
}

fn step(window: &Window<'_>) -> Option<usize> {
    match window.state().state.overlay {
        Some(Overlay::Tour(step)) => Some(step),
        _ => None,
    }
}

#[test]
fn a_first_start_shows_the_tour_which_goes_by_keys() {
    let mut window = first_start();
    for (n, stop) in STOPS.iter().enumerate() {
        assert_eq!(step(&window), Some(n));
        window.get_by_label(&format!("Tour, step {} of 4: {}", n + 1, stop.title));
        window.get_by_label(stop.says);
        if n == 1 {
            press(&mut window, Key::ArrowLeft);
            assert_eq!(step(&window), Some(0));
            press(&mut window, Key::ArrowRight);
        }
        press(&mut window, if n == 2 { Key::ArrowRight } else { Key::Enter });
    }
    assert_eq!(window.state().state.overlay, None);
    let before = pair(&window).selection();
    press(&mut window, Key::N);
    assert_ne!(pair(&window).selection(), before, "the keys of the pair do not work after it");
}

#[test]
fn it_is_left_at_any_time_and_comes_again_by_the_palette() {
    for steps in 0..4 {
        let mut window = first_start();
        (0..steps).for_each(|_| press(&mut window, Key::ArrowRight));
        assert_eq!(step(&window), Some(steps));
        press(&mut window, Key::Escape);
        assert_eq!(window.state().state.overlay, None);
    }
    let mut window = window(App::in_place());
    type_into_palette(&mut window, "tour");
    press(&mut window, Key::Enter);
    assert!(matches!(window.state().state.front().page, Page::Pair(_)), "no sample was opened");
    assert_eq!(step(&window), Some(0));
}

#[test]
fn it_points_at_what_is_there_in_every_view_and_size() {
    for view in ["timeline", "events", "order"] {
        for size in [[1600.0, 1000.0], [900.0, 600.0]] {
            let mut window = started(size, "retry-storm");
            window.state_mut().push((dettrace::app::table::by_id(view).unwrap().command)());
            window.run();
            for n in 0..4 {
                assert_eq!(step(&window), Some(n), "{view}");
                let card = window
                    .get_by_label(&format!("STEP {} OF 4", n + 1))
                    .rect()
                    .union(window.get_by_label(if n < 3 { "Next" } else { "Done" }).rect());
                let room = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into()).shrink(8.0);
                assert!(room.contains_rect(card), "step {n} of {view} at {size:?} is at {card:?}");
                press(&mut window, Key::ArrowRight);
            }
        }
    }
}

#[test]
fn it_is_never_over_a_page_that_failed_and_waits_for_a_pair() {
    let mut app = App::in_place();
    app.welcome();
    app.push(Command::Open(Request::paths(["no/such/pack".into()])));
    let mut window = window(app);
    assert!(matches!(window.state().state.front().page, Page::Failed(_)));
    assert_eq!(window.state().state.overlay, None);
    window.state_mut().push(Command::Open(Request::paths(["fixtures/retry-storm".into()])));
    window.run();
    assert_eq!(step(&window), Some(0));
    // What is opened meanwhile ends it.
    window.state_mut().push(Command::Open(Request::paths(["no/such/pack".into()])));
    window.run();
    assert_eq!(window.state().state.overlay, None);
}

#[test]
fn once_seen_it_is_not_shown_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let start = || {
        let mut app = App::new(Some(Folders::inside(home.path())));
        app.welcome();
        app
    };
    let mut app = start();
    assert!(app.state.tour_due);
    app.open(["fixtures/task-order-race".into()]);
    let begun = std::time::Instant::now();
    while !matches!(app.state.overlay, Some(Overlay::Tour(0))) {
        assert!(begun.elapsed().as_secs() < 30, "the tour does not begin");
        app.step(std::time::Instant::now());
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    app.save();
    drop(app);
    assert!(!start().state.tour_due, "it was seen");
}

#[test]
fn help_explains_what_is_under_the_pointer_or_has_the_keyboard() {
    let mut window = open("task-order-race");
    let title = |window: &Window<'_>| names(window, "Close ").first().cloned();
    for (label, expected) in [
        ("SELECTED · row", "Close The inspector"),
        ("Overview, ", "Close The overview"),
        ("Verdict: ", "Close The verdict"),
        ("Search both sides", "Close Searching"),
    ] {
        let at = window.query_all_by_label_contains(label).next().unwrap().rect().center();
        window.hover_at(at);
        window.run();
        press(&mut window, Key::F1);
        assert_eq!(title(&window).as_deref(), Some(expected), "{label}");
        press(&mut window, Key::Escape);
    }
    // What has the keyboard goes before the pointer.
    press(&mut window, Key::Slash);
    let at = window.get_by_label_contains("SELECTED · row").rect().center();
    window.hover_at(at);
    window.run();
    press(&mut window, Key::F1);
    assert_eq!(title(&window).as_deref(), Some("Close Searching"));
    window.get_by_label("Help: Ranked causes").click();
    window.run();
    assert_eq!(window.state().state.overlay, Some(Overlay::Here(Some(Region::Causes))));
    let keys = window.state().state.keymap.all_keys("causes");
    assert!(names(&window, &format!("Ranked causes: {keys}")).len() == 1, "the keys are not those of the table");
    window.get_by_label("All keys and commands").click();
    window.run();
    assert_eq!(window.state().state.overlay, Some(Overlay::Help));
}

#[test]
fn without_a_pointer_help_explains_the_view() {
    let mut home = window(App::in_place());
    press(&mut home, Key::F1);
    home.get_by_label("Close The home page");
    let mut window = open("task-order-race");
    for (view, title) in
        [(dettrace::app::pair::View::Timeline, "The timeline"), (dettrace::app::pair::View::Order, "The order")]
    {
        window.state_mut().push(PairCommand::Show(view));
        window.run();
        press(&mut window, Key::F1);
        assert!(window.get_by_label(&format!("Close {title}")).accesskit_node().label().is_some());
        press(&mut window, Key::Escape);
    }
}
