//! What a frame costs: a pass of the whole window and its tessellation, in processor time of the drawing thread.
//!
//! `cargo bench --bench frames` draws one million events a side (`DETTRACE_BENCH_10M` ten million), requests of 20,000 spans, and
//! a control loop with as many samples as events; `-- --update-readme` puts the table into the README, `-- --only-control` draws
//! only the control loop, `-- --only-spans` only a request of 20,000 spans beside another one, and so `events` and `requests`. Jobs
//! run behind the window as they do for a person, so that a search goes on while frames are drawn;
//! each row also says how many repaints were asked for when nothing happened any more. The recordings are made here, with a
//! difference every thousand events; making and reading them is not counted.

mod data;
mod motions;
#[path = "../readme/mod.rs"]
mod readme;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::App;
use dettrace::app::state::{Page, Request};
use dettrace::app::{Command, pair::View, requests::RequestsView};
use dettrace::offscreen::Canvas;
use dettrace::ui;
use egui::{Theme, vec2};

use motions::{Act, FRAMES, Motion, in_control, in_pair, in_requests, in_spans};

/// What a frame may cost at the 99th percentile, in milliseconds (DESIGN section 7).
const BUDGET: f64 = 4.0;
/// Frames before those that are counted.
const SETTLING: usize = 8;
/// Time between two frames of a screen.
const FRAME: Duration = Duration::from_millis(16);
/// Frames that are looked at when nothing happens any more, and how long that may take to come.
const IDLE: usize = 20;
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let events = if std::env::var_os("DETTRACE_BENCH_10M").is_some() { 10_000_000 } else { 1_000_000 };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("frames-{events}"));
    let runs = ["healthy.csv", "faulty.csv"].map(|name| folder.join("loop").join(name));
    let paths = ["expected.jsonl", "actual.jsonl"].map(|name| folder.join(name));
    let sides = |of: &str| ["baseline", "failing"].map(|side| folder.join(of).join(side));
    let (windows, single) = (sides("requests"), sides("request"));
    let chosen: Vec<String> =
        std::env::args().filter_map(|arg| Some(arg.strip_prefix("--only-")?.to_owned())).collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|chosen| chosen == name);
    let made = [
        ("control", "control loop", &(|| data::control_loop(&runs, events)) as &dyn Fn() -> std::io::Result<()>),
        ("events", "recordings", &|| data::record(&folder, &paths, events)),
        ("requests", "requests", &|| data::requests(&windows, 4)),
        ("spans", "single requests", &|| data::requests(&single, 1)),
    ];
    for (name, what, make) in made {
        if wanted(name)
            && let Err(trouble) = make()
        {
            println!("SKIPPED: the {what} cannot be written into {}: {trouble}", folder.display());
            return;
        }
    }
    let mut table =
        String::from("| events | view | motion | median | 99th percentile | budget |\n|---|---|---|--:|--:|--:|\n");
    let size = if events == 10_000_000 { "10M + 10M" } else { "1M + 1M" };
    let (samples, spans) = (format!("{size} samples"), "20,000 + 20,000 spans");
    let all = [
        ("events", size, &paths, in_pair()),
        ("requests", spans, &windows, in_requests()),
        // A request on its own is opened as a pair.
        ("spans", "20,000 + 20,000 spans, a pair", &single, in_spans()),
        ("control", samples.as_str(), &runs, in_control()),
    ];
    for (_, size, paths, motions) in all.into_iter().filter(|(name, ..)| wanted(name)) {
        let mut app = opened(size, paths);
        // As in a window, what was drawn before need not be learned again: glyphs, and texts that stay.
        let mut canvas = Canvas::new(vec2(1600.0, 1000.0), 1.0, Theme::Dark);
        for motion in motions {
            let (median, worst) = measure(&mut app, &mut canvas, &motion);
            let over = if worst > BUDGET { " OVER" } else { "" };
            let restless = match when_idle(&mut app, &mut canvas) {
                0 => String::new(),
                asked => format!("   {asked} REPAINTS of {IDLE} when idle"),
            };
            println!(
                "{:<11} {:<34} median {median:>6.2} ms   p99 {worst:>6.2} ms{over}{restless}",
                motion.view, motion.name
            );
            let row = format!("{} | {} | {median:.2} ms | {worst:.2} ms | {BUDGET:.0} ms", motion.view, motion.name);
            writeln!(table, "| {size} | {row} |").ok();
        }
    }
    if readme::asked() {
        readme::update("frames", &table);
    }
}

/// A window on these paths.
fn opened(size: &str, paths: &[PathBuf; 2]) -> App {
    let mut app = App::new(None);
    let start = Instant::now();
    app.push(Command::Open(Request::paths(paths.to_vec())));
    app.step(Instant::now());
    while app.is_pending() || app.state.front().loading.is_some() {
        std::thread::sleep(Duration::from_millis(5));
        app.step(Instant::now());
    }
    println!("opened {size} in {:.1} s", start.elapsed().as_secs_f64());
    app
}

/// Median and 99th percentile of a motion's frames, in milliseconds.
fn measure(app: &mut App, canvas: &mut Canvas, motion: &Motion) -> (f64, f64) {
    for command in &motion.before {
        app.push(command.clone());
    }
    let mut times: Vec<f64> = Vec::with_capacity(FRAMES);
    let mut events = Vec::new();
    for frame in 0..FRAMES + SETTLING {
        let start = Instant::now();
        let before = processor_time();
        app.step(start);
        let mut out = Vec::new();
        let state = &app.state;
        canvas.frame(std::mem::take(&mut events), &mut |ui| ui::frame(ui, state, &mut out));
        let after = processor_time();
        for command in out {
            app.push(command);
        }
        // The first frames tell the views their sizes and fill the caches of fonts.
        if frame < SETTLING {
            continue;
        }
        times.push((after - before) as f64 / 1e6);
        match (motion.each)(frame - SETTLING) {
            Act::Command(command) => app.push(command),
            Act::Pointer(pointer) => events = pointer,
        }
        // What a job finds comes while a person looks, not only while frames are drawn.
        if motion.paced {
            std::thread::sleep(FRAME.saturating_sub(start.elapsed()));
        }
    }
    let front = app.state.front();
    let open = match &front.page {
        Page::Pair(pair) if motion.view == View::Waterfall.title() => pair.spans().is_some(),
        Page::Pair(_) => motion.view != View::Propagation.title() || front.has_graph(),
        Page::Requests(page) => page.opened().is_some() || motion.view == RequestsView::Services.title(),
        Page::Control(page) => !page.sheet().plots().list.is_empty(),
        _ => false,
    };
    assert!(open, "there is nothing to be seen: {:?}", app.state.messages);
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// How many of some frames ask for another one though nothing happens any more.
fn when_idle(app: &mut App, canvas: &mut Canvas) -> usize {
    // Whatever happens asks for a frame of its own.
    let mut gone = vec![egui::Event::PointerGone];
    let mut asked = |app: &mut App| {
        app.step(Instant::now());
        let mut out = Vec::new();
        let state = &app.state;
        let again = canvas.pass(std::mem::take(&mut gone), &mut |ui| ui::frame(ui, state, &mut out));
        let pending = again || !out.is_empty() || app.is_pending();
        for command in out {
            app.push(command);
        }
        pending
    };
    let begin = Instant::now();
    let busy = |app: &App| app.state.pair().is_some_and(|pair| pair.search().active() && !pair.search().done());
    while (asked(app) || busy(app)) && begin.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(2));
    }
    (0..IDLE).filter(|_| asked(app)).count()
}

/// Processor time of this thread so far, in nanoseconds.
fn processor_time() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
