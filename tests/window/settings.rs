//! Theme, contrast, size of text, motion.

use dettrace::app::folders::Folders;
use dettrace::app::palette::hits;
use dettrace::app::settings::{Setting, Settings};
use dettrace::app::state::{Overlay, ThemeChoice};
use dettrace::app::table::Menu;
use dettrace::app::{App, Command};
use dettrace::ui;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, open, open_at, press, row, type_into_palette, window};

fn settings(window: &Window<'_>) -> Settings {
    window.state().state.settings
}

fn ctrl(window: &mut Window<'_>, key: Key) {
    window.key_press_modifiers(Modifiers::COMMAND, key);
    window.run();
}

#[test]
fn every_setting_can_be_changed_in_the_window_and_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let start = || window(App::new(Some(Folders::inside(home.path()))));
    let mut window = start();
    type_into_palette(&mut window, "settings");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state.overlay, Some(Overlay::Settings));
    for name in ["Light", "High contrast", "Larger text", "Larger text", "Smaller text", "Reduced motion"] {
        window.get_by_label(name).click();
        window.run();
    }
    window.get_by_label("110 %");
    let chosen = settings(&window);
    assert_eq!((chosen.theme, chosen.high_contrast), (ThemeChoice::Light, true));
    assert_eq!((chosen.text_size(), chosen.reduced_motion), (110, true));
    window.state_mut().save();
    assert_eq!(settings(&start()), chosen, "the settings did not outlive the window");
    window.get_by_label("Usual text size").click();
    window.get_by_label("Close Settings").click();
    window.run();
    assert_eq!((settings(&window).text_size(), &window.state().state.overlay), (100, &None));
}

#[test]
fn a_keyboard_is_enough_for_the_settings() {
    let mut window = window(App::in_place());
    window.state_mut().push(Command::Toggle(Overlay::Settings));
    window.run();
    window.get_by_label("High contrast").focus();
    window.run();
    press(&mut window, Key::Space);
    assert!(settings(&window).high_contrast);
    press(&mut window, Key::Escape);
    assert_eq!(window.state().state.overlay, None);
}

#[test]
fn high_contrast_is_drawn_with_its_own_colours() {
    let mut window = open("task-order-race");
    let links = |window: &Window<'_>| window.ctx.global_style().visuals.hyperlink_color;
    let before = links(&window);
    type_into_palette(&mut window, "high contrast");
    press(&mut window, Key::Enter);
    assert_ne!(links(&window), before);
    window.state_mut().push(Command::Set(Setting::HighContrast));
    window.run();
    assert_eq!(links(&window), before);
}

#[test]
fn text_grows_and_shrinks_by_the_usual_keys() {
    let mut window = window(App::in_place());
    ctrl(&mut window, Key::Plus);
    assert_eq!(settings(&window).text_size(), 110);
    for _ in 0..9 {
        ctrl(&mut window, Key::Equals);
    }
    assert_eq!(settings(&window).text_size(), 175);
    ctrl(&mut window, Key::Minus);
    assert_eq!(settings(&window).text_size(), 150);
    assert!((window.ctx.zoom_factor() - 1.0).abs() < 1e-6, "the toolkit zooms too");
    let ctx = egui::Context::default();
    ui::follow_settings(&ctx, &settings(&window));
    let drawn = ctx.run_ui(egui::RawInput::default(), |_| {});
    assert!((drawn.pixels_per_point - 1.5).abs() < 1e-6, "{}", drawn.pixels_per_point);
    ctrl(&mut window, Key::Num0);
    assert_eq!(settings(&window).text_size(), 100);
}

#[test]
fn every_menu_and_the_palette_fit_a_window_with_the_largest_text() {
    // As many points as a window of 1280 × 800 has at 175 %.
    let mut window = open_at([731.0, 457.0], &["fixtures/task-order-race"]);
    for menu in Menu::ALL {
        window.get_by_label(menu.title()).click();
        window.run();
        let layer = window.ctx.memory(|memory| memory.areas().top_layer_id(egui::Order::Foreground)).unwrap();
        let rect = window.ctx.memory(|memory| memory.area_rect(layer.id)).unwrap();
        assert!(window.ctx.content_rect().contains_rect(rect), "{} is at {rect:?}", menu.title());
        press(&mut window, Key::Escape);
    }
    type_into_palette(&mut window, "");
    let foot = window.get_by_label_contains("Enter: ").rect();
    assert!(foot.bottom() <= 457.0, "{foot:?}");
    let offered = hits(&window.state().state, "").list;
    let titles = offered.iter().take(12).map(|hit| hit.title.as_str());
    let rows: Vec<egui::Rect> =
        titles.flat_map(|title| window.query_all_by_label(title).map(|node| node.rect())).collect();
    assert!(rows.len() > 4 && rows.iter().all(|row| row.bottom() <= foot.top()), "{rows:?} over {foot:?}");
}

/// How often another row is shown in so many seconds of playing, and how many rows are passed.
fn jumps(reduced: bool) -> (usize, u32) {
    let mut window = open("task-order-race");
    if reduced {
        window.state_mut().push(Command::Set(Setting::ReducedMotion));
    }
    press(&mut window, Key::Home);
    window.key_press(Key::Space);
    let start = row(&window);
    let mut seen = vec![start];
    for _ in 0..12 {
        window.step();
        seen.push(row(&window));
    }
    let passed = seen[seen.len() - 1] - start;
    seen.dedup();
    (seen.len() - 1, passed)
}

#[test]
fn reduced_motion_plays_as_fast_in_fewer_pictures() {
    let (usual, calm) = (jumps(false), jumps(true));
    assert!(calm.0 > 0 && calm.0 * 2 <= usual.0, "{} jumps against {}", calm.0, usual.0);
    assert!(calm.1 * 2 >= usual.1, "{} rows against {}", calm.1, usual.1);
}
