//! What a frame costs: a pass of the whole window and its tessellation, in processor time of the drawing thread.
//!
//! `cargo bench --bench frames` draws one million events a side (`DETTRACE_BENCH_10M` ten million); `-- --update-readme` puts
//! the table into the README. The recordings are made here, with a difference every thousand events; making and reading them
//! is not counted.

mod readme;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use dettrace::app::pair::{Mode, Pair, PairCommand, TimelineCommand, View};
use dettrace::app::state::{Page, Request};
use dettrace::app::{App, Command};
use dettrace::offscreen::Canvas;
use dettrace::ui;
use dettrace::view::Axis;
use egui::{Theme, vec2};

/// Frames of each motion.
const FRAMES: usize = 240;
/// What a frame may cost at the 99th percentile, in milliseconds (DESIGN section 7).
const BUDGET: f64 = 4.0;
const KINDS: [&str; 4] = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_FINISHED"];

fn main() {
    let events = if std::env::var_os("DETTRACE_BENCH_10M").is_some() { 10_000_000 } else { 1_000_000 };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("frames-{events}"));
    let paths = ["expected.jsonl", "actual.jsonl"].map(|name| folder.join(name));
    if let Err(trouble) = record(&folder, &paths, events) {
        println!("SKIPPED: the recordings cannot be written into {}: {trouble}", folder.display());
        return;
    }
    let mut app = App::in_place();
    let start = Instant::now();
    app.push(Command::Open(Request::paths(paths.to_vec())));
    while app.is_pending() {
        app.step(Instant::now());
    }
    println!("opened {events} + {events} events in {:.1} s", start.elapsed().as_secs_f64());
    let mut table =
        String::from("| events | view | motion | median | 99th percentile | budget |\n|---|---|---|--:|--:|--:|\n");
    for motion in motions() {
        let (median, worst) = measure(&mut app, &motion);
        let size = if events == 10_000_000 { "10M + 10M" } else { "1M + 1M" };
        let over = if worst > BUDGET { " OVER" } else { "" };
        println!("{:<10} {:<34} median {median:>6.2} ms   p99 {worst:>6.2} ms{over}", motion.view.title(), motion.name);
        writeln!(
            table,
            "| {size} | {} | {} | {median:.2} ms | {worst:.2} ms | {BUDGET:.0} ms |",
            motion.view.title(),
            motion.name
        )
        .ok();
    }
    if readme::asked() {
        readme::update("frames", &table);
    }
}

/// Something that a person does over many frames.
struct Motion {
    view: View,
    name: &'static str,
    before: Vec<PairCommand>,
    each: fn(usize) -> PairCommand,
}

fn motions() -> Vec<Motion> {
    let timeline = |command: TimelineCommand| PairCommand::Timeline(command);
    let pan = |frame: usize| PairCommand::Timeline(TimelineCommand::Pan(if frame < FRAMES / 2 { 0.01 } else { -0.01 }));
    let zoom = |frame: usize| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        PairCommand::Timeline(TimelineCommand::Zoom { at: 0.4, by })
    };
    let lanes =
        |frame: usize| PairCommand::Timeline(TimelineCommand::Scroll(if frame < FRAMES / 2 { 12.0 } else { -12.0 }));
    let quarter = timeline(TimelineCommand::Zoom { at: 0.5, by: 0.25 });
    let of = |view, name, before, each| Motion { view, name, before, each };
    vec![
        of(View::Events, "scrolling", vec![PairCommand::FirstDifference], |_| PairCommand::ScrollBy(90.0)),
        of(View::Timeline, "everything, still", vec![timeline(TimelineCommand::Fit)], |_| PairCommand::Hover(None)),
        of(View::Timeline, "everything, scrolling lanes", vec![timeline(TimelineCommand::Fit)], lanes),
        of(View::Timeline, "a quarter, panning", vec![timeline(TimelineCommand::Fit), quarter.clone()], pan),
        of(View::Timeline, "zooming in and out", vec![timeline(TimelineCommand::Fit)], zoom),
        of(View::Timeline, "zooming, by row", vec![timeline(TimelineCommand::Axis(Axis::Row))], zoom),
        of(
            View::Timeline,
            "a quarter, panning, side by side",
            vec![timeline(TimelineCommand::Mode(Mode::SideBySide)), timeline(TimelineCommand::Fit), quarter],
            pan,
        ),
    ]
}

/// Median and 99th percentile of a motion's frames, in milliseconds.
fn measure(app: &mut App, motion: &Motion) -> (f64, f64) {
    let mut canvas = Canvas::new(vec2(1600.0, 1000.0), 1.0, Theme::Dark);
    app.push(Command::Pair(PairCommand::Show(motion.view)));
    for command in &motion.before {
        app.push(Command::Pair(command.clone()));
    }
    let mut times: Vec<f64> = Vec::with_capacity(FRAMES);
    for frame in 0..FRAMES + 8 {
        let before = processor_time();
        app.step(Instant::now());
        let mut out = Vec::new();
        let state = &app.state;
        canvas.frame(Vec::new(), &mut |ui| ui::frame(ui, state, &mut out));
        let after = processor_time();
        for command in out {
            app.push(command);
        }
        app.push(Command::Pair((motion.each)(frame)));
        // The first frames tell the views their sizes and fill the caches of fonts.
        if frame >= 8 {
            times.push((after - before) as f64 / 1e6);
        }
    }
    assert!(pair(app).is_some(), "the pair was closed");
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn pair(app: &App) -> Option<&Pair> {
    match &app.state.front().page {
        Page::Pair(pair) => Some(pair),
        _ => None,
    }
}

/// Processor time of this thread so far, in nanoseconds.
fn processor_time() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Writes both recordings, unless they are there: a scheduler with tasks, workers and queues.
fn record(folder: &Path, paths: &[PathBuf; 2], events: usize) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let done = folder.join("done");
    if done.exists() {
        return Ok(());
    }
    for (side, path) in paths.iter().enumerate() {
        let mut file = BufWriter::new(fs::File::create(path)?);
        for i in 0..events {
            let value = if side == 1 && i % 1_000 == 500 { 99 } else { i / 11 % 17 };
            writeln!(
                file,
                "{{\"seq\":{i},\"ts_ns\":{},\"type\":\"{}\",\"task\":{},\"worker\":{},\"queue\":{},\"value\":{value}}}",
                1_000_000_u64 + i as u64 * 1_250 + (i as u64 * 7_919 % 600) * (side as u64 + 1),
                KINDS[i / 48 % 4],
                i % 48,
                i % 8,
                i % 3
            )?;
        }
        file.flush()?;
    }
    fs::write(done, "")
}
