//! Pictures of the window, drawn without a display, against those in `screenshots/`, and every view in each of its states
//! against the sheets in `tests/snapshots/`. To draw them anew after a change that is meant to be seen: `UPDATE_SCREENSHOTS=1 cargo test --release --test pictures`, then look at every one.
#![expect(clippy::unwrap_used, reason = "a picture that cannot be read or written must fail")]

mod corpus;
mod matrix;
#[path = "../support/metrics.rs"]
mod metric_tables;
mod sheet;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::command::Arrival;
use dettrace::app::control::ControlView;
use dettrace::app::folders::Folders;
use dettrace::app::pair::{BookmarkCommand, PairCommand, View};
use dettrace::app::requests::RequestsView;
use dettrace::app::state::Request;
use dettrace::app::{App, Command};
use dettrace::jobs::Snapshot;
use dettrace::offscreen::screenshot::{AnyView, Options, Select};
use dettrace::offscreen::{Canvas, Picture, render, screenshot};
use dettrace::trace::Side;
use dettrace::ui;
use egui::{Theme, vec2};

/// Pixels that may differ: another machine's sine may round another way at the edge of a curve.
const PIXELS_THAT_MAY_DIFFER: usize = 64;
/// Events that an answer takes longer than a frame for.
const ANSWERED: usize = 200_000;
/// By so much may a channel differ without anybody seeing it.
const INVISIBLE: u8 = 2;

struct Shot {
    name: &'static str,
    pack: Option<&'static str>,
    select: Option<&'static str>,
    commands: &'static [&'static str],
    theme: Theme,
    size: (f32, f32),
    scale: f32,
    view: AnyView,
    /// Bookmarks what is selected with this note, and two rows more; the list is open.
    note: Option<&'static str>,
}

const fn shot(name: &'static str, pack: Option<&'static str>, select: Option<&'static str>, theme: Theme) -> Shot {
    Shot {
        name,
        pack,
        select,
        commands: &[],
        theme,
        size: (1600.0, 1000.0),
        scale: 1.0,
        view: AnyView::Pair(View::Events),
        note: None,
    }
}

const SHOTS: [Shot; 44] = [
    shot("task-order-race-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark),
    shot("task-order-race-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light),
    Shot {
        commands: &["breakpoint", "breakpoints", "state"],
        ..shot("task-order-race-state", Some("fixtures/task-order-race"), Some("expected:13"), Theme::Dark)
    },
    shot("retry-storm-dark", Some("fixtures/retry-storm"), Some("first"), Theme::Dark),
    shot("legal-reordering-light", Some("fixtures/legal-reordering"), None, Theme::Light),
    Shot {
        size: (1280.0, 800.0),
        note: Some("Task 4 was **first**.\nAsk whoever owns the queue."),
        ..shot("bookmarks-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot { size: (1280.0, 800.0), ..shot("home-dark", None, None, Theme::Dark) },
    Shot { size: (1280.0, 800.0), ..shot("home-light", None, None, Theme::Light) },
    Shot {
        size: (1000.0, 640.0),
        scale: 2.0,
        ..shot("two-faults-sharp", Some("fixtures/two-faults"), Some("actual:8"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Timeline),
        ..shot("timeline-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Timeline),
        commands: &["timeline-mode"],
        ..shot("timeline-side-by-side-light", Some("fixtures/retry-storm"), Some("cause"), Theme::Light)
    },
    Shot {
        view: AnyView::Pair(View::Timeline),
        commands: &["timeline-mode", "timeline-mode"],
        size: (900.0, 600.0),
        ..shot("timeline-overlaid-small", Some("fixtures/task-order-race"), Some("symptom"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Timeline),
        ..shot("timeline-equivalent-light", Some("fixtures/legal-reordering"), None, Theme::Light)
    },
    Shot {
        view: AnyView::Pair(View::Order),
        ..shot("order-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Order),
        size: (900.0, 600.0),
        ..shot("order-small-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Timeline),
        size: (900.0, 600.0),
        ..shot("timeline-small-light", Some("fixtures/retry-storm"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["text-larger", "text-larger", "text-larger"],
        size: (1280.0, 800.0),
        ..shot("text-large-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Order),
        ..shot("order-light", Some("fixtures/retry-storm"), Some("cause"), Theme::Light)
    },
    Shot {
        view: AnyView::Pair(View::Propagation),
        ..shot("propagation-dark", Some("fixtures/retry-storm"), Some("symptom"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Propagation),
        ..shot("propagation-light", Some("fixtures/cascading-timeouts"), Some("symptom"), Theme::Light)
    },
    Shot {
        view: AnyView::Pair(View::Propagation),
        size: (900.0, 600.0),
        ..shot("propagation-small", Some("fixtures/failover-edge"), Some("first"), Theme::Dark)
    },
    Shot {
        view: AnyView::Pair(View::Waterfall),
        ..shot("retry-storm-waterfall-dark", Some("fixtures/retry-storm"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["palette"],
        size: (1280.0, 800.0),
        ..shot("palette-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["settings"],
        size: (1280.0, 800.0),
        ..shot("settings-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["high-contrast"],
        size: (1280.0, 800.0),
        ..shot("high-contrast-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["palette"],
        size: (1280.0, 800.0),
        ..shot("palette-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["settings"],
        size: (1280.0, 800.0),
        ..shot("settings-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["high-contrast"],
        size: (1280.0, 800.0),
        ..shot("high-contrast-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["layout-both"],
        size: (900.0, 600.0),
        ..shot("panes-small-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["layout-all"],
        ..shot("panes-everything-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["tour"],
        size: (1280.0, 800.0),
        ..shot("tour-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        commands: &["here"],
        size: (1280.0, 800.0),
        ..shot("help-here-light", Some("fixtures/task-order-race"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["sort-next", "sort-other-way"],
        size: (1280.0, 800.0),
        ..shot("sorted-light", Some("fixtures/retry-storm"), Some("cause"), Theme::Light)
    },
    Shot {
        commands: &["not-same-event", "spec"],
        ..shot("pairs-by-hand-dark", Some("fixtures/task-order-race"), Some("cause"), Theme::Dark)
    },
    Shot {
        size: (1280.0, 800.0),
        ..shot("incomparable-light", Some("fixtures/incomparable-pair"), None, Theme::Light)
    },
    Shot {
        view: AnyView::Requests(RequestsView::Services),
        ..shot("requests-services-light", Some("fixtures/slow-checkout"), None, Theme::Light)
    },
    Shot {
        view: AnyView::Requests(RequestsView::Waterfall),
        ..shot("requests-waterfall-dark", Some("fixtures/slow-checkout"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Requests(RequestsView::Waterfall),
        commands: &["next"],
        size: (900.0, 600.0),
        ..shot("requests-waterfall-small-light", Some("fixtures/slow-checkout"), Some("cause"), Theme::Light)
    },
    Shot {
        view: AnyView::Requests(RequestsView::Services),
        size: (900.0, 600.0),
        ..shot("requests-services-small-dark", Some("fixtures/slow-checkout"), None, Theme::Dark)
    },
    Shot {
        view: AnyView::Control(ControlView::Control),
        ..shot("control-late-sensor-dark", Some("fixtures/late-sensor"), Some("symptom"), Theme::Dark)
    },
    Shot {
        view: AnyView::Control(ControlView::Control),
        ..shot("control-weak-actuator-light", Some("fixtures/weak-actuator"), Some("cause"), Theme::Light)
    },
    Shot {
        view: AnyView::Control(ControlView::Control),
        size: (900.0, 600.0),
        ..shot("control-weak-actuator-small-dark", Some("fixtures/weak-actuator"), Some("cause"), Theme::Dark)
    },
    Shot {
        view: AnyView::Control(ControlView::Trajectory),
        ..shot("control-trajectory-light", Some("fixtures/late-sensor"), Some("symptom"), Theme::Light)
    },
    Shot {
        view: AnyView::Control(ControlView::WhatIf),
        ..shot("control-what-if-dark", Some("fixtures/late-sensor"), None, Theme::Dark)
    },
];

fn bookmarks(note: &str) -> Vec<Command> {
    let on_bookmarks = |command| PairCommand::Bookmark(command).into();
    vec![
        on_bookmarks(BookmarkCommand::EditHere),
        on_bookmarks(BookmarkCommand::Write(0, note.to_owned())),
        on_bookmarks(BookmarkCommand::Edit(None)),
        PairCommand::SelectRow(18).into(),
        on_bookmarks(BookmarkCommand::Toggle),
        PairCommand::SelectRow(20).into(),
        on_bookmarks(BookmarkCommand::Extend),
        on_bookmarks(BookmarkCommand::Go(0)),
    ]
}

fn draw(shot: &Shot) -> Picture {
    // Relative, so that no path of this machine is in the picture: tests run in the package's folder.
    let request = Request::paths(shot.pack.map(PathBuf::from));
    let options = Options {
        request,
        size: vec2(shot.size.0, shot.size.1),
        scale: shot.scale,
        theme: shot.theme,
        select: shot.select.map(|text| text.parse::<Select>().unwrap()),
        view: Some(shot.view),
        commands: shot.commands.iter().map(|name| (*name).to_owned()).collect(),
        then: shot.note.map(bookmarks).unwrap_or_default(),
    };
    screenshot(&options).unwrap_or_else(|why| panic!("{}: {why}", shot.name))
}

fn differing(one: &Picture, other: &Picture) -> usize {
    if (one.width, one.height) != (other.width, other.height) {
        return usize::MAX;
    }
    let pixels = |picture: &Picture| picture.rgba.as_chunks::<4>().0.to_vec();
    let far = |(a, b): (&[u8; 4], &[u8; 4])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > INVISIBLE);
    pixels(one).iter().zip(&pixels(other)).filter(|pair| far(*pair)).count()
}

fn read(path: &Path) -> Option<Picture> {
    let image = image::open(path).ok()?.into_rgba8();
    Some(Picture { width: image.width(), height: image.height(), rgba: image.into_raw() })
}

/// A folder of thirty-one runs of one test, and the recording that went right: some fail in one way, some in another.
fn runs(folder: &Path) -> PathBuf {
    let runs = folder.join("runs");
    fs::create_dir(&runs).unwrap();
    let kinds = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_DONE"];
    let line = |event: usize, worker: usize| {
        let (task, kind) = (event / 4, kinds[event % 4]);
        format!("{{\"type\":\"{kind}\",\"task\":{task},\"queue\":{},\"worker\":{worker}}}", task % 2)
    };
    let whole: Vec<String> = (0..32).map(|event| line(event, event / 4 % 3)).collect();
    let write = |name: String, lines: &[String]| fs::write(runs.join(name), lines.join("\n") + "\n").unwrap();
    write("good.jsonl".to_owned(), &whole);
    for run in 0..31 {
        let mut lines = whole.clone();
        match run {
            6 | 22 => lines[9] = line(9, 7),
            14 => lines.truncate(20),
            28 => drop(lines.remove(17)),
            _ => {}
        }
        write(format!("run-{run:02}.jsonl"), &lines);
    }
    runs
}

/// A watched folder: all of it, and where runs that failed alike stand together.
fn watched() -> Vec<(&'static str, Picture)> {
    let folder = tempfile::tempdir().unwrap();
    let request = Request::watch(runs(folder.path()));
    let dark = Options { request, commands: vec!["next".to_owned()], ..Options::default() };
    let commands = vec!["group-runs".to_owned()];
    let light = Options { theme: Theme::Light, size: vec2(900.0, 600.0), commands, ..dark.clone() };
    vec![("watching-dark", screenshot(&dark).unwrap()), ("watching-small-light", screenshot(&light).unwrap())]
}

/// A pair whose actual run has just grown by eight events: no answer has them yet, for one takes longer than a frame.
fn growing() -> (&'static str, Picture) {
    let folder = tempfile::tempdir().unwrap();
    let line = |event: usize| {
        let (turn, kind) = (event / 4, ["ORDER_TAKEN", "ITEM_PICKED", "ITEM_PACKED", "ORDER_SHIPPED"][event % 4]);
        format!("{{\"type\":\"{kind}\",\"task\":{},\"queue\":\"dock-{}\",\"n\":{event}}}\n", turn % 3, turn % 2)
    };
    let lines = |events: Range<usize>| events.map(line).collect::<String>();
    let paths = Side::BOTH.map(|side| folder.path().join(format!("{side}.jsonl")));
    fs::write(&paths[0], lines(0..ANSWERED + 5)).unwrap();
    fs::write(&paths[1], lines(0..ANSWERED - 1)).unwrap();
    let mut app = App::new(Some(Folders::inside(&folder.path().join("home"))));
    app.open(paths.clone());
    let mut canvas = Canvas::new(vec2(1280.0, 800.0), 1.0, Theme::Dark);
    let mut draw_until = |app: &mut App, holds: &dyn Fn(&App) -> bool| {
        let start = Instant::now();
        while !holds(app) {
            assert!(start.elapsed() < Duration::from_mins(5), "it never came: {:?}", app.state.front().growth);
            app.step(Instant::now());
            std::thread::sleep(Duration::from_millis(2));
        }
        // Without steps: what the drawing asks for is carried out, and no further answer comes.
        for _ in 0..6 {
            let (state, mut out) = (&app.state, Vec::new());
            canvas.pass(Vec::new(), &mut |ui| ui::frame(ui, state, &mut out));
            for command in out {
                app.push(command);
            }
        }
        let state = &app.state;
        canvas.picture(&mut |ui| ui::frame(ui, state, &mut Vec::new()))
    };
    draw_until(&mut app, &|app| app.state.pair().is_some());
    app.push(PairCommand::ToggleAllFolds);
    let mut grows = fs::OpenOptions::new().append(true).open(&paths[1]).unwrap();
    // What grows first is read once more, and an answer has all of it.
    grows.write_all(lines(ANSWERED - 1..ANSWERED).as_bytes()).unwrap();
    draw_until(&mut app, &|app| {
        app.state.pair().is_some_and(|pair| pair.analysis().len(Side::Actual) == ANSWERED as u32)
    });
    app.push(PairCommand::End);
    let parted = lines(ANSWERED + 2..ANSWERED + 3).replace("PACKED", "LOST");
    let more = [lines(ANSWERED..ANSWERED + 2), parted, lines(ANSWERED + 3..ANSWERED + 8)].concat();
    grows.write_all(more.as_bytes()).unwrap();
    let picture = draw_until(&mut app, &|app| app.state.pair().is_some_and(|pair| pair.tail().is_some()));
    ("growing-dark", picture)
}

/// A long pair while it is read: its first rows, and where the sides part as far as that is known.
fn loading() -> (&'static str, Picture) {
    const LONG: usize = 12_000;
    let folder = tempfile::tempdir().unwrap();
    let line = |event: usize, bin: usize| {
        let (turn, kind) = (event / 4, ["ORDER_TAKEN", "ITEM_PICKED", "ITEM_PACKED", "ORDER_SHIPPED"][event % 4]);
        let at = 1_000 + event * 12 + event * 7 % 5;
        format!(
            "{{\"t_us\":{at},\"type\":\"{kind}\",\"task\":{},\"queue\":\"dock-{}\",\"bin\":{bin}}}\n",
            turn % 3,
            turn % 2
        )
    };
    let paths = ["monday.jsonl", "tuesday.jsonl"].map(|name| folder.path().join(name));
    let bin = |event: usize| event / 4 % 13;
    fs::write(&paths[0], (0..LONG).map(|event| line(event, bin(event))).collect::<String>()).unwrap();
    let other = |event: usize| match event {
        9 => line(event, 40),
        14 => String::new(),
        _ => line(event, bin(event)),
    };
    fs::write(&paths[1], (0..LONG).map(other).collect::<String>()).unwrap();
    let mut app = App::in_place();
    app.hold_loads(true);
    app.open(paths);
    let mut canvas = Canvas::new(vec2(1280.0, 800.0), 1.0, Theme::Dark);
    for _ in 0..6 {
        app.step(Instant::now());
        let (state, mut out) = (&app.state, Vec::new());
        canvas.pass(Vec::new(), &mut |ui| ui::frame(ui, state, &mut out));
        for command in out {
            app.push(command);
        }
    }
    let job = app.state.front().loading.as_ref().unwrap().job;
    let first = Some("expected #9 ITEM_PICKED task:2, actual #9 ITEM_PICKED task:2".to_owned());
    let progress = Snapshot { stage: "Reading".to_owned(), done: 340 << 20, total: 1000 << 20, first };
    app.push(Command::Arrived(Arrival::Progress(job, progress)));
    app.push(PairCommand::SelectRow(9));
    app.step(Instant::now());
    let state = &app.state;
    ("loading-dark", canvas.picture(&mut |ui| ui::frame(ui, state, &mut Vec::new())))
}

#[test]
fn the_window_looks_as_in_the_screenshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let update = std::env::var_os("UPDATE_SCREENSHOTS").is_some();
    let mut wrong = Vec::new();
    let twice = |shot: &Shot| {
        let picture = draw(shot);
        assert_eq!(picture, draw(shot), "{}: two drawings of the same differ", shot.name);
        (shot.name, picture)
    };
    for (name, picture) in
        SHOTS.iter().map(twice).chain(watched()).chain([growing(), loading()]).chain(corpus::incident())
    {
        let path = folder.join(format!("{name}.png"));
        let differing = read(&path).map_or(usize::MAX, |old| differing(&old, &picture));
        if differing <= PIXELS_THAT_MAY_DIFFER {
            continue;
        }
        if update {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, picture.png().unwrap()).unwrap();
            println!("drawn: {}", path.display());
        } else {
            let new = path.with_extension("new.png");
            fs::write(&new, picture.png().unwrap()).unwrap();
            wrong.push(format!("{} ({differing} pixels; look at {})", path.display(), new.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "the window looks otherwise than in\n  {}\nIf that is meant: UPDATE_SCREENSHOTS=1 cargo test --release --test pictures",
        wrong.join("\n  ")
    );
}

#[test]
fn the_toolkits_test_harness_draws_the_same() {
    let mut interface = |ui: &mut egui::Ui| {
        // At a fixed place: the harness puts a margin around what it draws.
        egui::Area::new(egui::Id::unique("sample")).fixed_pos(egui::pos2(8.0, 8.0)).show(ui, |ui| {
            ui.set_width(280.0);
            ui.heading("order inversion on queue:intake");
            ui.monospace("task 4 · worker 1 · queue intake");
            ui.add(egui::ProgressBar::new(0.3));
        });
    };
    let ours = render(vec2(300.0, 120.0), 1.0, Theme::Dark, &mut interface);
    let mut installed = false;
    let mut harness = egui_kittest::Harness::builder()
        .with_size(vec2(300.0, 120.0))
        .renderer(support::Cpu::default())
        .build_ui(move |ui| {
            if !std::mem::replace(&mut installed, true) {
                dettrace::ui::install(ui.ctx());
                ui.ctx().set_theme(Theme::Dark);
            }
            interface(ui);
        });
    harness.run_steps(4);
    let theirs = harness.render().unwrap();
    let theirs = Picture { width: theirs.width(), height: theirs.height(), rgba: theirs.into_raw() };
    assert_eq!(differing(&ours, &theirs), 0);
}
