//! What a frame costs: a pass of the whole window and its tessellation, in processor time of the drawing thread.
//!
//! `cargo bench --bench frames` draws one million events a side (`DETTRACE_BENCH_10M` ten million), requests of 20,000 spans, and
//! a control loop with as many samples as events; `-- --update-readme` puts the table into the README, `-- --only-control` draws
//! only the control loop. The recordings are made here, with a difference every thousand events; making and reading them
//! is not counted.

mod readme;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use dettrace::app::control::{ControlCommand, ControlView};
use dettrace::app::pair::{Mode, PairCommand, TimelineCommand, View};
use dettrace::app::requests::{RequestsCommand, RequestsView};
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
    let runs = ["healthy.csv", "faulty.csv"].map(|name| folder.join("loop").join(name));
    if let Err(trouble) = control_loop(&runs, events) {
        println!("SKIPPED: the control loop cannot be written into {}: {trouble}", folder.display());
        return;
    }
    let only = std::env::args().any(|arg| arg == "--only-control");
    let paths = ["expected.jsonl", "actual.jsonl"].map(|name| folder.join(name));
    if !only && let Err(trouble) = record(&folder, &paths, events) {
        println!("SKIPPED: the recordings cannot be written into {}: {trouble}", folder.display());
        return;
    }
    let windows = ["baseline", "failing"].map(|side| folder.join("requests").join(side));
    if !only && let Err(trouble) = request(&windows) {
        println!("SKIPPED: the requests cannot be written into {}: {trouble}", folder.display());
        return;
    }
    let mut table =
        String::from("| events | view | motion | median | 99th percentile | budget |\n|---|---|---|--:|--:|--:|\n");
    let size = if events == 10_000_000 { "10M + 10M" } else { "1M + 1M" };
    let samples = format!("{size} samples");
    let mut all = vec![(samples.as_str(), &runs, in_control())];
    if !only {
        all.extend([(size, &paths, motions()), ("20,000 + 20,000 spans", &windows, in_waterfall())]);
        all.rotate_left(1);
    }
    for (size, paths, motions) in all {
        let mut app = opened(size, paths);
        for motion in motions {
            let (median, worst) = measure(&mut app, &motion);
            let over = if worst > BUDGET { " OVER" } else { "" };
            println!("{:<10} {:<34} median {median:>6.2} ms   p99 {worst:>6.2} ms{over}", motion.view, motion.name);
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
    let mut app = App::in_place();
    let start = Instant::now();
    app.push(Command::Open(Request::paths(paths.to_vec())));
    while app.is_pending() {
        app.step(Instant::now());
    }
    println!("opened {size} in {:.1} s", start.elapsed().as_secs_f64());
    app
}

/// Something that a person does over many frames.
struct Motion {
    view: &'static str,
    name: &'static str,
    before: Vec<Command>,
    each: fn(usize) -> Command,
}

/// What is done in a control loop of many samples.
fn in_control() -> Vec<Motion> {
    let of = |name, before: Vec<ControlCommand>, each| {
        let before = before.into_iter().map(Command::from).collect();
        Motion { view: ControlView::Control.title(), name, before, each }
    };
    let pan: fn(usize) -> Command = |frame| ControlCommand::Pan(if frame < FRAMES / 2 { 0.01 } else { -0.01 }).into();
    let zoom: fn(usize) -> Command = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        ControlCommand::Zoom { at: 0.4, by }.into()
    };
    let quarter = ControlCommand::Zoom { at: 0.5, by: 0.25 };
    vec![
        of("everything, stepping the cursor", vec![ControlCommand::Fit], |_| ControlCommand::Step(1).into()),
        of("a quarter, panning", vec![ControlCommand::Fit, quarter], pan),
        of("zooming in and out", vec![ControlCommand::Fit], zoom),
    ]
}

/// What is done in a request of many spans.
fn in_waterfall() -> Vec<Motion> {
    let of = |name, before: Vec<RequestsCommand>, each| {
        let before = before.into_iter().map(Command::from).collect();
        Motion { view: RequestsView::Waterfall.title(), name, before, each }
    };
    let zoom: fn(usize) -> Command = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        RequestsCommand::Zoom { at: 0.4, by }.into()
    };
    vec![
        of("scrolling", vec![RequestsCommand::Cause, RequestsCommand::Top], |_| RequestsCommand::Scroll(90.0).into()),
        of("stepping", vec![RequestsCommand::Top], |_| RequestsCommand::Step(1).into()),
        of("zooming in and out", vec![RequestsCommand::Cause, RequestsCommand::Fit], zoom),
    ]
}

fn motions() -> Vec<Motion> {
    fn timeline(command: TimelineCommand) -> PairCommand {
        PairCommand::Timeline(command)
    }
    let pan: fn(usize) -> Command =
        |frame| timeline(TimelineCommand::Pan(if frame < FRAMES / 2 { 0.01 } else { -0.01 })).into();
    let zoom: fn(usize) -> Command = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        timeline(TimelineCommand::Zoom { at: 0.4, by }).into()
    };
    let lanes: fn(usize) -> Command =
        |frame| timeline(TimelineCommand::Scroll(if frame < FRAMES / 2 { 12.0 } else { -12.0 })).into();
    let quarter = timeline(TimelineCommand::Zoom { at: 0.5, by: 0.25 });
    let of = |view: View, name, before: Vec<PairCommand>, each| {
        let before = std::iter::once(PairCommand::Show(view)).chain(before).map(Command::from).collect();
        Motion { view: view.title(), name, before, each }
    };
    vec![
        of(View::Events, "scrolling", vec![PairCommand::FirstDifference], |_| PairCommand::ScrollBy(90.0).into()),
        of(View::Timeline, "everything, still", vec![timeline(TimelineCommand::Fit)], |_| {
            PairCommand::Hover(None).into()
        }),
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
    for command in &motion.before {
        app.push(command.clone());
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
        app.push((motion.each)(frame));
        // The first frames tell the views their sizes and fill the caches of fonts.
        if frame >= 8 {
            times.push((after - before) as f64 / 1e6);
        }
    }
    let open = match &app.state.front().page {
        Page::Pair(_) => true,
        Page::Requests(page) => page.opened().is_some(),
        Page::Control(page) => !page.sheet().plots().list.is_empty(),
        _ => false,
    };
    assert!(open, "what was opened is closed: {:?}", app.state.messages);
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Processor time of this thread so far, in nanoseconds.
fn processor_time() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Writes both runs of a control loop, unless they are there: a setpoint that jumps, what follows it, and the command, with a
/// spike every hundred thousand samples; from the middle on the one is late.
fn control_loop(runs: &[PathBuf; 2], samples: usize) -> std::io::Result<()> {
    for (side, path) in runs.iter().enumerate() {
        if path.exists() {
            continue;
        }
        let new = path.with_extension("new");
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mut file = BufWriter::new(fs::File::create(&new)?);
        writeln!(file, "t_s,setpoint,measurement,position,command")?;
        let mut position = 0.0_f64;
        for i in 0..samples {
            let setpoint = (i / 50_000 % 3) as f64;
            let late = if side == 1 && i > samples / 2 { 0.6 } else { 1.0 };
            let command = 0.01 * (setpoint - position) * late;
            position += command;
            let spike = if i % 100_000 == 77_777 { 2.0 } else { 0.0 };
            let measured = position + spike;
            writeln!(file, "{:.3},{setpoint},{measured:.6},{position:.6},{command:.6}", i as f64 * 1e-3)?;
        }
        file.flush()?;
        fs::rename(new, path)?;
    }
    Ok(())
}

/// Writes both windows, unless they are there: a few requests of 20,000 spans, in trees that branch by three.
fn request(windows: &[PathBuf; 2]) -> std::io::Result<()> {
    const SPANS: u64 = 20_000;
    for (side, folder) in windows.iter().enumerate() {
        if folder.join("traces.jsonl").exists() {
            continue;
        }
        fs::create_dir_all(folder)?;
        let mut file = BufWriter::new(fs::File::create(folder.join("traces.new"))?);
        for trace in 0..4_u64 {
            for service in 0..8 {
                write!(
                    file,
                    "{{\"resourceSpans\":[{{\"resource\":{{\"attributes\":[{{\"key\":\"service.name\",\"value\":{{\"stringValue\":\"service-{service}\"}}}}]}},\"scopeSpans\":[{{\"spans\":["
                )?;
                for (place, id) in (service..SPANS).step_by(8).enumerate() {
                    let comma = if place > 0 { "," } else { "" };
                    let parent = if id > 0 { format!("{:016x}", (id - 1) / 3 + 1) } else { String::new() };
                    // The work of one operation takes far longer now.
                    let own = if side == 1 && id % 97 == 5 { 400_000 } else { 2_000 };
                    let took = own + (SPANS - id) * 100;
                    let begin = 1_700_000_000_000_000_000 + trace * 1_000_000_000 + id * 100;
                    write!(
                        file,
                        "{comma}{{\"traceId\":\"{trace:032x}\",\"spanId\":\"{:016x}\",\"parentSpanId\":\"{parent}\",\"name\":\"operation {}\",\"startTimeUnixNano\":\"{begin}\",\"endTimeUnixNano\":\"{}\"}}",
                        id + 1,
                        id % 97,
                        begin + took
                    )?;
                }
                writeln!(file, "]}}]}}]}}")?;
            }
        }
        file.flush()?;
        fs::rename(folder.join("traces.new"), folder.join("traces.jsonl"))?;
    }
    Ok(())
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
