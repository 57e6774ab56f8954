//! The window beside a test loop and beside a pair that grows: from a write to the frame that shows it, by the window's own state
//! and drawing, off the screen; a frame ends with its triangles.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::pair::{Pair, PairCommand};
use dettrace::app::state::{Page, Request};
use dettrace::app::{App, Command};
use dettrace::jobs::Waker;
use dettrace::offscreen::Canvas;
use dettrace::trace::Side;
use dettrace::ui;
use egui::{Theme, vec2};

use super::Table;
use super::lines::{line, record};
use super::writer::{LINES, RUNS, events, name};

/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Runs that are timed.
const TIMED: usize = 100;
/// Appended lines that are timed: without a pause for so long that answers are made in between.
const APPENDED: usize = 400;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// A window without a screen: it sleeps until it is woken, as the real one.
struct Window {
    app: App,
    canvas: Canvas,
    woken: Receiver<()>,
    frames: Vec<Duration>,
}

impl Window {
    fn new(home: &Path, request: Request) -> Self {
        let mut app = App::new(Some(Folders::inside(home)));
        let (tell, woken) = channel();
        app.wake_with(&Waker::new(move || tell.send(()).unwrap_or_default()));
        app.push(Command::Open(request));
        Self { app, canvas: Canvas::new(vec2(1600.0, 1000.0), 1.0, Theme::Dark), woken, frames: Vec::new() }
    }

    /// Draws a frame whenever it is woken or one is due, until what a frame shows is so.
    fn until(&mut self, is_so: impl Fn(&App) -> bool) -> Fallible<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let wait = self.frame();
            if is_so(&self.app) && !self.app.is_pending() {
                return Ok(());
            }
            let wait = if self.app.is_pending() { Duration::ZERO } else { wait.unwrap_or(PATIENCE) };
            self.woken.recv_timeout(wait).unwrap_or_default();
            while self.woken.try_recv().is_ok() {}
        }
        Err(format!("it does not become so: {:?}", self.app.state.front().growth).into())
    }

    fn frame(&mut self) -> Option<Duration> {
        let start = Instant::now();
        let wait = self.app.step(start);
        let (state, mut out) = (&self.app.state, Vec::new());
        self.canvas.frame(Vec::new(), &mut |ui| ui::frame(ui, state, &mut out));
        for command in out {
            self.app.push(command);
        }
        self.frames.push(start.elapsed());
        wait
    }

    /// Frames while nothing happens: how many something asked for.
    fn rests(&mut self, settles: Duration) -> usize {
        let mut start = Instant::now();
        let mut asked = 0;
        while start.elapsed() < settles * 2 {
            let wait = self.frame().unwrap_or(PATIENCE);
            let wait = if self.app.is_pending() { Duration::ZERO } else { wait.min(settles) };
            let woken = self.woken.recv_timeout(wait).is_ok();
            if start.elapsed() > settles && (woken || wait < settles) {
                asked += 1;
            }
            if woken && asked == 0 {
                start = start.max(Instant::now().checked_sub(settles).unwrap_or(start));
            }
        }
        asked
    }
}

/// From the write of a run to the frame that has its verdict, in a folder of many.
pub fn runs(folder: &Path, home: &Path, table: &mut Table) -> Fallible<()> {
    let mut window = Window::new(home, Request::watch(folder.to_path_buf()));
    let answered = |app: &App| match &app.state.front().page {
        Page::Watching(page) => page.how().is_some() && page.waiting() == 0,
        _ => false,
    };
    window.until(answered)?;
    window.frames.clear();
    let mut times = Vec::new();
    for run in 0..TIMED {
        let name = format!("new-{}", name(run));
        let beside = folder.join("beside.tmp");
        fs::write(&beside, events(run % 2 == 0))?;
        fs::rename(&beside, folder.join(&name))?;
        let start = Instant::now();
        window.until(|app| match &app.state.front().page {
            Page::Watching(page) => page.run(&name).is_some_and(|known| known.entry.outcome.is_some()),
            _ => false,
        })?;
        times.push(start.elapsed());
    }
    table.times(&format!("from a run's write to the frame with its verdict, among {RUNS} runs"), times);
    table.times("a whole frame of that", std::mem::take(&mut window.frames));
    Ok(())
}

/// From an appended line to the frame that tells of it and has its event in the table, and to the one with its row.
pub fn growing(folder: &Path, home: &Path, table: &mut Table) -> Fallible<()> {
    fs::create_dir_all(folder)?;
    let paths = ["expected.jsonl", "actual.jsonl"].map(|name| folder.join(name));
    record(&paths[0], LINES + APPENDED + 1, None)?;
    record(&paths[1], LINES, None)?;
    let mut window = Window::new(home, Request::paths(paths.clone()));
    window.until(|app| app.state.pair().is_some())?;
    let mut file = OpenOptions::new().append(true).open(&paths[1])?;
    let mut text = String::new();
    let mut append = |at: usize| {
        text.clear();
        line(&mut text, at, false);
        file.write_all(text.as_bytes())
    };
    // The first one begins to follow the files, which reads them once.
    append(LINES)?;
    let rows = |app: &App| app.state.pair().map_or(0, |pair| pair.analysis().len(Side::Actual) as usize);
    window.until(|app| rows(app) == LINES + 1)?;
    window.rests(Duration::from_secs(3));
    window.app.push(PairCommand::ToggleAllFolds);
    window.frame();
    window.frames.clear();
    let mut times = Vec::new();
    for at in LINES + 1..=LINES + APPENDED {
        window.app.push(PairCommand::ScrollToRow(at as u32));
        window.frame();
        append(at)?;
        let start = Instant::now();
        let shows = |pair: &Pair| {
            let row = at as u32;
            let there = pair.rows().get(row).actual.is_some() || pair.came_to(row).is_some();
            there && pair.lines_in_sight().contains(&pair.lines().line_of(row))
        };
        window.until(|app| {
            app.state.front().growth.unseen() as usize == at - LINES + 1 && app.state.pair().is_some_and(shows)
        })?;
        times.push(start.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    table.times("from a line appended to 1M events to the frame with its event in the table", times);
    let start = Instant::now();
    window.until(|app| rows(app) == LINES + APPENDED + 1)?;
    table.say(
        "from the last of them to the frame with the whole answer",
        format!("{:.0} ms", start.elapsed().as_secs_f64() * 1e3),
        "",
    );
    table.times("a whole frame of all that", std::mem::take(&mut window.frames));
    let asked = window.rests(Duration::from_secs(3));
    table.say("frames that were asked for while nothing happened", asked.to_string(), "");
    if asked > 0 {
        return Err("the window does not rest".into());
    }
    Ok(())
}
