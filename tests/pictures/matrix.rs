//! Every view in each of its states: with a divergence, without one, without events, and what stands in its place while it is
//! loaded or when it cannot be; each in both themes, in a small window and in a large one.

use std::fs;
use std::path::{Path, PathBuf};

use dettrace::app::command::{Arrival, Effect};
use dettrace::app::control::{ControlCommand, ControlView};
use dettrace::app::load::{Failure, Loaded, Outcome};
use dettrace::app::pair::{PairCommand, View};
use dettrace::app::recents::Recent;
use dettrace::app::requests::{RequestsCommand, RequestsView};
use dettrace::app::settings::Setting;
use dettrace::app::slicing::SliceCommand;
use dettrace::app::state::{Request, ThemeChoice};
use dettrace::app::update::apply;
use dettrace::app::watching::WatchCommand;
use dettrace::app::{App, Command, table};
use dettrace::jobs::Snapshot;
use dettrace::offscreen::{Canvas, Picture, screenshot};
use dettrace::pack::{Found, in_memory};
use dettrace::ui;
use egui::{Theme, Vec2};

use super::sheet::Sheet;
use super::{PIXELS_THAT_MAY_DIFFER, metric_tables};

/// As small as a window is worked in, and as large as a desk's screen.
const SMALL: Vec2 = Vec2::new(800.0, 600.0);
const LARGE: Vec2 = Vec2::new(2400.0, 1350.0);

/// A state of the window: how it is come to, and what is done then.
struct Case {
    name: String,
    open: Box<dyn Fn() -> App>,
    then: Vec<Command>,
}

impl Case {
    fn new(name: impl Into<String>, open: impl Fn() -> App + 'static) -> Self {
        Self { name: name.into(), open: Box::new(open), then: Vec::new() }
    }

    fn then(mut self, command: impl Into<Command>) -> Self {
        self.then.push(command.into());
        self
    }

    /// The command of this name in the table.
    fn by_name(self, name: &str) -> Self {
        let command = table::by_id(name).unwrap().command;
        self.then(command())
    }

    fn picture(&self, size: Vec2, theme: Theme) -> Picture {
        let mut app = (self.open)();
        let choice = if theme == Theme::Dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        app.push(Command::Set(Setting::Theme(choice)));
        let mut canvas = Canvas::new(size, 1.0, theme);
        screenshot::settle(&mut canvas, &mut app);
        for command in &self.then {
            app.push(command.clone());
            screenshot::settle(&mut canvas, &mut app);
        }
        let state = &app.state;
        canvas.picture(&mut |ui| ui::frame(ui, state, &mut Vec::new()))
    }

    fn sheet(&self) -> Sheet {
        let both = |size| [Theme::Dark, Theme::Light].map(|theme| self.picture(size, theme));
        Sheet::new(&both(SMALL), &both(LARGE))
    }
}

/// Holds what is drawn now against what is kept.
fn hold(cases: Vec<Case>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let update = std::env::var_os("UPDATE_SCREENSHOTS").is_some();
    let mut wrong = Vec::new();
    for case in cases {
        let path = folder.join(format!("{}.png", case.name));
        let sheet = case.sheet();
        let differing = Sheet::read(&path).map_or(usize::MAX, |kept| sheet.differing(&kept));
        if differing <= PIXELS_THAT_MAY_DIFFER {
            continue;
        }
        if update {
            fs::create_dir_all(&folder).unwrap();
            sheet.write(&path);
            println!("drawn: {}", path.display());
        } else {
            let new = path.with_extension("new.png");
            sheet.write(&new);
            wrong.push(format!("{} ({differing} pixels; look at {})", path.display(), new.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "the window looks otherwise than in\n  {}\nIf that is meant: UPDATE_SCREENSHOTS=1 cargo test --release --test pictures",
        wrong.join("\n  ")
    );
}

/// A window on these paths; relative ones, so that no path of this machine is in a picture.
fn open(paths: &[&str]) -> App {
    let mut app = App::in_place();
    app.push(Command::Open(Request::paths(paths.iter().map(PathBuf::from))));
    app
}

/// A window on two recordings without an event.
fn without_events() -> App {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["expected.jsonl", "actual.jsonl"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, "").unwrap();
    }
    read_at_once(paths)
}

/// A window on tables of metrics, of which the failing one has a node that is slow, or on the same twice.
fn metrics(same: bool) -> App {
    let folder = tempfile::tempdir().unwrap();
    let [before, now] = metric_tables::sides(&folder);
    read_at_once([before.clone(), if same { before } else { now }])
}

/// A window on two windows of so many requests of one service.
fn so_many_requests(number: u64) -> App {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["baseline", "failing"].map(|name| folder.path().join(name));
    let request = |at: u64| {
        let begin = 1_767_000_000_000_000_000 + at * 1_000_000_000;
        format!(
            r#"{{"traceId":"{:032x}","spanId":"{:016x}","name":"GET /orders","kind":2,"startTimeUnixNano":"{begin}","endTimeUnixNano":"{}"}}"#,
            at + 1,
            at + 1,
            begin + 40_000_000
        )
    };
    let spans: Vec<String> = (0..number).map(request).collect();
    let resource = r#"{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]}"#;
    let all = if spans.is_empty() {
        String::new()
    } else {
        format!(r#"{{"resource":{resource},"scopeSpans":[{{"spans":[{}]}}]}}"#, spans.join(","))
    };
    for path in &paths {
        fs::create_dir_all(path).unwrap();
        fs::write(path.join("traces.jsonl"), format!("{{\"resourceSpans\":[{all}]}}\n")).unwrap();
    }
    read_at_once(paths)
}

/// A window on a loop of which one sample was recorded.
fn one_sample() -> App {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["expected.csv", "actual.csv"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, "t_s,setpoint,position\n0.1,1,0.5\n").unwrap();
    }
    read_at_once(paths)
}

/// A window on a watched folder, with runs or without any.
fn watched(with_runs: bool) -> impl Fn() -> App {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    if with_runs {
        super::runs(folder.path());
    } else {
        fs::create_dir(&runs).unwrap();
    }
    move || {
        // It stays as long as it is looked at.
        let _folder = &folder;
        let mut app = App::in_place();
        app.push(Command::Open(Request::watch(runs.clone())));
        app
    }
}

/// A window on recordings that are gone when this returns.
fn read_at_once(paths: impl IntoIterator<Item = PathBuf>) -> App {
    let mut app = App::in_place();
    app.push(Command::Open(Request::paths(paths)));
    while app.is_pending() {
        app.step(std::time::Instant::now());
    }
    app
}

/// A window on recordings of which nobody knows which are the sides.
fn undecided() -> App {
    let run = fs::read("fixtures/task-order-race/expected.jsonl").unwrap();
    let files = ["monday.jsonl", "tuesday.jsonl", "wednesday.jsonl"].map(|name| (name, run.as_slice()));
    opening("runs", |job, request| {
        let Found::Choose { pack, candidates, why } = in_memory("runs", &files).unwrap() else { panic!("it is clear") };
        let result = Ok(Loaded::Choose { pack, candidates, why });
        Arrival::Loaded(job, Box::new(Outcome { request, remember: false, view: None, result }))
    })
}

/// A window that opens a pack, and what is told of that: nothing is read, so it stays like this.
fn opening(path: &str, told: impl Fn(u64, Request) -> Arrival) -> App {
    let mut app = App::in_place();
    let request = Request::paths([path.into()]);
    let effects = apply(&mut app.state, Command::Open(request.clone()));
    let job = effects.iter().find_map(|effect| if let Effect::Load(job, _) = effect { Some(*job) } else { None });
    apply(&mut app.state, Command::Arrived(told(job.unwrap(), request)));
    app
}

/// A window that reads a pack and is so far.
fn loading(progress: &Snapshot) -> App {
    opening("fixtures/task-order-race", |job, _| Arrival::Progress(job, progress.clone()))
}

/// A window that could not open something.
fn failed(path: &str, text: &str, detail: Option<&str>) -> App {
    opening(path, |job, request| {
        let failure = Failure { text: text.to_owned(), detail: detail.map(ToOwned::to_owned) };
        Arrival::Loaded(job, Box::new(Outcome { request, remember: false, view: None, result: Err(failure) }))
    })
}

/// The home page of somebody who was here before.
fn home_again() -> App {
    let mut app = App::in_place();
    let packs = [
        ("Order A-1042: charged before reserved", "diverged", "race/task-order-race"),
        ("nightly", "equivalent", "runs/nightly.zip"),
        ("bench", "incomparable", "bench/bench-17"),
        ("A recording that was moved since", "diverged", "gone/failing.jsonl"),
    ];
    for (title, verdict, path) in packs.into_iter().rev() {
        let request = Request::paths([PathBuf::from(path)]);
        let missing = path.starts_with("gone").then(|| format!("{path} is no longer there"));
        app.state.recents.remember(Recent { title: title.to_owned(), verdict: verdict.to_owned(), request, missing });
    }
    app
}

#[test]
fn pairs_look_as_in_the_snapshots() {
    let of = |view: View, state: &str, open: fn() -> App| {
        Case::new(format!("{}-{state}", view.name()), open).then(PairCommand::Show(view))
    };
    let mut cases = Vec::new();
    for view in [View::Timeline, View::Events, View::Order, View::Propagation, View::Waterfall] {
        cases.push(of(view, "diverged", || open(&["fixtures/task-order-race"])).then(PairCommand::Cause(0)));
        cases.push(of(view, "identical", || open(&["fixtures/task-order-race/expected.jsonl"; 2])));
        cases.push(of(view, "empty", without_events));
    }
    hold(cases);
}

#[test]
fn more_of_pairs_looks_as_in_the_snapshots() {
    let race = || open(&["fixtures/task-order-race"]);
    hold(vec![
        Case::new("events-incomparable", || open(&["fixtures/incomparable-pair"])),
        Case::new("events-truncated", || open(&["fixtures/truncated-run"])),
        Case::new("propagation-services", || open(&["fixtures/retry-storm"]))
            .then(PairCommand::Show(View::Propagation))
            .then(PairCommand::FirstSymptom),
        Case::new("waterfall-spans", || open(&["fixtures/retry-storm"]))
            .then(PairCommand::Show(View::Waterfall))
            .then(PairCommand::FirstSymptom),
        Case::new("bookmarks-empty", race).then(PairCommand::Cause(0)).by_name("bookmarks"),
        Case::new("bookmarks", race).then(PairCommand::Cause(0)).by_name("bookmark").by_name("bookmarks"),
        Case::new("causes", || open(&["fixtures/retry-storm"])).then(PairCommand::Cause(0)).by_name("causes"),
        Case::new("events-large-text", race)
            .by_name("text-larger")
            .by_name("text-larger")
            .by_name("text-larger")
            .then(PairCommand::Cause(0)),
        Case::new("timeline-high-contrast", race)
            .by_name("high-contrast")
            .then(PairCommand::Show(View::Timeline))
            .then(PairCommand::Cause(0)),
    ]);
}

#[test]
fn requests_look_as_in_the_snapshots() {
    let mut cases = Vec::new();
    for view in [RequestsView::Services, RequestsView::Propagation, RequestsView::Waterfall] {
        let diverged = Case::new(format!("requests-{}-diverged", view.name()), || open(&["fixtures/slow-checkout"]));
        let diverged = if view == RequestsView::Waterfall { diverged.then(RequestsCommand::Cause) } else { diverged };
        cases.push(diverged.then(RequestsCommand::Show(view)));
        let same =
            Case::new(format!("requests-{}-equal", view.name()), || open(&["fixtures/slow-checkout/baseline"; 2]));
        cases.push(same.then(RequestsCommand::Show(view)));
        for (state, number) in [("empty", 0), ("few", 2)] {
            let case = Case::new(format!("requests-{}-{state}", view.name()), move || so_many_requests(number));
            cases.push(case.then(RequestsCommand::Show(view)));
        }
    }
    hold(cases);
}

#[test]
fn watched_folders_look_as_in_the_snapshots() {
    hold(vec![
        Case::new("watching", watched(true)).by_name("next"),
        Case::new("watching-empty", watched(false)),
        Case::new("watching-filtered", watched(true)).then(WatchCommand::Filter("nobody".to_owned())),
    ]);
}

#[test]
fn control_loops_look_as_in_the_snapshots() {
    let mut cases = Vec::new();
    cases.push(Case::new("control-one-sample", one_sample));
    cases.push(Case::new("trajectory-one-sample", one_sample).then(ControlCommand::Show(ControlView::Trajectory)));
    for view in [ControlView::Control, ControlView::Trajectory, ControlView::WhatIf] {
        let diverged = Case::new(format!("{}-diverged", view.name()), || open(&["fixtures/late-sensor"]));
        cases.push(diverged.then(ControlCommand::Show(view)));
        if view != ControlView::WhatIf {
            let same =
                Case::new(format!("{}-identical", view.name()), || open(&["fixtures/late-sensor/expected.jsonl"; 2]));
            cases.push(same.then(ControlCommand::Show(view)));
        }
    }
    hold(cases);
}

#[test]
fn pages_look_as_in_the_snapshots() {
    let reading = Snapshot { stage: "Reading".to_owned(), done: 45, total: 100, first: None };
    let first = "TASK_DEQUEUED task:3 expected, TASK_DEQUEUED task:4 seen".to_owned();
    let comparing = Snapshot { stage: "Comparing".to_owned(), done: 3, total: 4, first: Some(first) };
    hold(vec![
        Case::new("home", App::in_place),
        Case::new("home-again", home_again),
        Case::new("failed", || {
            failed("runs/nightly.zip", "runs/nightly.zip: There is no such file or folder. Check the path.", None)
        }),
        Case::new("failed-with-detail", || {
            let text = "The load broke unexpectedly, and nothing was changed. Try again; if it happens again, please report it.";
            failed("runs/nightly.zip", text, Some("load: index out of bounds: the len is 3 but the index is 7"))
        }),
        Case::new("loading", || loading(&Snapshot::default())),
        Case::new("loading-reading", move || loading(&reading)),
        Case::new("loading-first-answer", move || loading(&comparing)),
    ]);
}

#[test]
fn tables_of_metrics_look_as_in_the_snapshots() {
    let mut cases = Vec::new();
    for view in [RequestsView::Metrics, RequestsView::Services, RequestsView::Propagation] {
        for (state, same) in [("diverged", false), ("equal", true)] {
            let case = Case::new(format!("metrics-{}-{state}", view.name()), move || metrics(same));
            cases.push(case.then(RequestsCommand::Show(view)));
        }
    }
    hold(cases);
}

#[test]
fn timelines_look_as_in_the_snapshots_in_every_mode_and_on_every_axis() {
    let timeline = |name: &str| {
        Case::new(format!("timeline-{name}"), || open(&["fixtures/retry-storm"]))
            .then(PairCommand::Show(View::Timeline))
            .then(PairCommand::Cause(0))
    };
    hold(vec![
        timeline("side-by-side").by_name("timeline-mode"),
        timeline("overlaid").by_name("timeline-mode").by_name("timeline-mode"),
        timeline("by-index").by_name("timeline-axis"),
        timeline("by-row").by_name("timeline-axis").by_name("timeline-axis"),
    ]);
}

#[test]
fn what_stands_above_a_view_looks_as_in_the_snapshots() {
    let above = |name: &str| {
        Case::new(format!("above-{name}"), || open(&["fixtures/task-order-race"])).then(PairCommand::Cause(0))
    };
    let searched = |query: &str| PairCommand::Search(query.to_owned());
    hold(vec![
        above("help").by_name("help"),
        above("slice").by_name("export-slice").then(Command::Slice(SliceCommand::Folder("runs/race.slice".to_owned()))),
        above("settings").by_name("settings"),
        above("tour").by_name("tour"),
        above("columns").by_name("columns"),
        above("new-breakpoint").by_name("new-breakpoint"),
        above("spec").by_name("spec"),
        above("palette").by_name("palette"),
        above("search").by_name("search").then(searched("kind:TASK_* task:3")),
        above("search-error").by_name("search").then(searched("task:(3")),
        above("filter").then(searched("queue:0")).by_name("filter"),
        Case::new("above-messages", || open(&["fixtures/incomparable-pair"])).by_name("messages"),
        Case::new("choose", undecided),
    ]);
}
