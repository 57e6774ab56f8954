//! `dettrace watch`: follows a folder while a test loop writes runs into it, and tells each as soon as its answer stands.

use std::io::{self, ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::args::{Until, Watch, WatchFormat};
use super::{Exit, Stop, output};
use crate::analyse::{Progress, Stage};
use crate::jobs::{Handle, Slot, Waker};
use crate::runs::{Desk, Judge, Outcome, Patience, Task, json_line, text_line};
use crate::watch::{Filter, Folder, Limits, Receiver as Telemetry};

/// Slept at most at once: a wake or an end of a time comes before.
const LONGEST: Duration = Duration::from_hours(1);

/// Follows what was typed until it is told to stop.
pub fn run(args: &Watch) -> Result<Exit, Stop> {
    let filter = Filter::new(&args.include, &args.exclude).map_err(Stop)?;
    if let Some(baseline) = &args.baseline
        && let Err(error) = std::fs::metadata(baseline)
    {
        return Err(Stop(format!("The baseline {} cannot be read: {error}. Check the path.", baseline.display())));
    }
    if let (Some(baseline), true) = (&args.baseline, args.path.is_dir())
        && std::fs::canonicalize(baseline).ok() == std::fs::canonicalize(&args.path).ok()
    {
        let path = args.path.display();
        return Err(Stop(format!("The baseline is {path} itself, so that no run is left. Name a good run in it.")));
    }
    let (tell, told) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let interrupt = { (Arc::clone(&stop), tell.clone()) };
    let handler = move || {
        interrupt.0.store(true, Ordering::Relaxed);
        interrupt.1.send(()).unwrap_or_default();
    };
    ctrlc::set_handler(handler).map_err(|error| Stop(format!("Interrupts cannot be caught: {error}.")))?;
    let (waker, arrived) = (tell.clone(), tell.clone());
    let folder = Folder::new(&args.path, filter, args.poll, move || tell.send(()).unwrap_or_default());
    let limits = Limits { stretch: args.otlp_window.unwrap_or(Limits::default().stretch), ..Limits::default() };
    // What arrives is written into the folder, which tells of it like of anything else.
    let telemetry = args
        .otlp
        .map(|address| Telemetry::start(address, &args.path, limits, move || arrived.send(()).unwrap_or_default()))
        .transpose()
        .map_err(Stop)?;
    if let Some(telemetry) = &telemetry {
        output::say(&format!("Receiving OTLP over HTTP on {} into {}.", telemetry.address(), args.path.display()));
    }
    let patience = args.settle.map_or_else(Patience::default, |settle| Patience { settle, ..Patience::default() });
    let loops = Loop {
        args,
        desk: Desk::new(&args.path, args.baseline.clone(), patience),
        folder,
        slot: Slot::new(Waker::new(move || waker.send(()).unwrap_or_default())),
        judge: Arc::default(),
        said: None,
        stop,
        telemetry,
    };
    loops.run(&told)
}

/// Everything that goes on while a folder is followed.
struct Loop<'a> {
    args: &'a Watch,
    desk: Desk,
    folder: Folder,
    slot: Slot<Option<Outcome>>,
    judge: Arc<Mutex<Judge>>,
    /// How the folder is followed, as last said.
    said: Option<String>,
    stop: Arc<AtomicBool>,
    telemetry: Option<Telemetry>,
}

impl Loop<'_> {
    fn run(mut self, told: &Receiver<()>) -> Result<Exit, Stop> {
        let start = Instant::now();
        let ends = self.args.timeout.map(|timeout| start + timeout);
        let mut first = true;
        let exit = loop {
            let now = Instant::now();
            let taken = self.folder.take(now);
            self.desk.changed(taken.changes, now);
            self.desk.closed(&taken.closed);
            if std::mem::take(&mut first) && self.args.new {
                self.desk.skip_waiting(now);
            }
            self.say_how();
            if self.telemetry.as_ref().is_some_and(Telemetry::was_asked_in_grpc) {
                output::say(
                    "A sender speaks gRPC, which is not received. Set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf where it runs.",
                );
            }
            self.work(now);
            if let Some(exit) = self.tell(now)? {
                break exit;
            }
            if self.stop.load(Ordering::Relaxed) || ends.is_some_and(|ends| now >= ends) {
                break Exit::Good;
            }
            let left = ends.map(|ends| ends.saturating_duration_since(now));
            let waits = [Some(LONGEST), self.folder.due(now), self.desk.due(now), left];
            let wait = waits.into_iter().flatten().min().unwrap_or(LONGEST);
            match told.recv_timeout(wait.max(Duration::from_millis(1))) {
                Ok(()) => while told.try_recv().is_ok() {},
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        };
        self.slot.cancel();
        if let Some((taken, refused)) = self.telemetry.as_ref().map(Telemetry::counts) {
            output::say(&format!("Received {taken} messages of telemetry; {refused} were refused."));
        }
        let waiting = match self.desk.waiting() {
            0 => String::new(),
            n => format!("; {n} not looked at"),
        };
        output::say(&format!("{}{waiting}.", self.desk.counts().line()));
        Ok(exit)
    }

    /// Says how the folder is followed, whenever that changes.
    fn say_how(&mut self) {
        let path = self.args.path.display();
        let how = match self.folder.polled() {
            None => format!("Watching {path}."),
            Some(why) => format!("Looking at {path} every second, because {why}."),
        };
        let unread = self.folder.unread().iter().fold(how, |how, sentence| format!("{how} {sentence}"));
        if self.said.as_ref() != Some(&unread) {
            output::say(&unread);
            self.said = Some(unread);
        }
    }

    /// Takes what was answered, and asks about the next run.
    fn work(&mut self, now: Instant) {
        if self.desk.is_stale() {
            self.slot.cancel();
            self.desk.done(None);
        }
        match self.slot.take() {
            Some(Ok(outcome)) => self.desk.done(outcome),
            Some(Err(panicked)) => self.desk.done(Some(Outcome::trouble(format!("The analysis broke: {panicked}.")))),
            None => {}
        }
        if !self.slot.is_busy()
            && let Some(task) = self.desk.next(now).or_else(|| self.desk.next_to_settle(now))
        {
            let judge = Arc::clone(&self.judge);
            self.slot.start("watch", move |handle| ask(&judge, &task, handle));
        }
    }

    /// Tells what stands; how to end, where that ends it.
    fn tell(&mut self, now: Instant) -> Result<Option<Exit>, Stop> {
        for name in self.desk.take_settled(now) {
            let Some(entry) = self.desk.entry(&name) else { continue };
            let line = match self.args.format {
                WatchFormat::Text => text_line(entry, self.desk.counts(), output::look(None)),
                WatchFormat::Json => json_line(entry, self.desk.counts()),
            };
            let mut stdout = io::stdout().lock();
            match stdout.write_all(line.unwrap_or_default().as_bytes()).and_then(|()| stdout.flush()) {
                Ok(()) => {}
                // Nobody reads on, so there is nobody to watch for.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Some(Exit::Good)),
                Err(error) => return Err(Stop(format!("Cannot write the answer: {error}."))),
            }
            let failed = entry.outcome.as_ref().is_some_and(Outcome::failed);
            if failed && self.args.until == Some(Until::Diverged) {
                return Ok(Some(Exit::Differ));
            }
        }
        Ok(None)
    }
}

fn ask(judge: &Mutex<Judge>, task: &Task, handle: &Handle) -> Option<Outcome> {
    judge.lock().unwrap_or_else(PoisonError::into_inner).ask(task, &Told(handle))
}

struct Told<'h>(&'h Handle);

impl Progress for Told<'_> {
    fn step(&self, stage: Stage, done: u64, total: u64) {
        log::trace!("{} {done} of {total}", stage.word());
    }

    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}
