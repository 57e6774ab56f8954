//! The state with its hands: carries out effects with jobs, dialogs and files, and queues what comes back.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::command::{Arrival, Command, Effect};
use super::load::{self, Failure, Loaded, Outcome};
use super::state::{Request, State};
use super::update::apply;
use crate::jobs::{Handle, Panicked, Slot, Waker};

/// Where the work of a load is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// On a thread of its own.
    Behind,
    /// Here and now: for tests and pictures.
    Here,
}

/// The window's state, its queue of commands, and what carries out effects.
#[derive(Debug)]
pub struct App {
    /// What the window shows.
    pub state: State,
    queue: VecDeque<Command>,
    work: Work,
    loads: Slot<(Request, Result<Loaded, Failure>)>,
    clipboard: Option<String>,
    quit: bool,
}

impl App {
    /// An app whose jobs run on threads and wake the window with `waker`.
    pub fn new(waker: Waker) -> Self {
        Self::with(Work::Behind, waker)
    }

    /// An app that loads at once, shows no dialogs and keeps no files: for tests and pictures.
    pub fn in_place() -> Self {
        Self::with(Work::Here, Waker::silent())
    }

    fn with(work: Work, waker: Waker) -> Self {
        Self {
            state: State::default(),
            queue: VecDeque::new(),
            work,
            loads: Slot::new(waker),
            clipboard: None,
            quit: false,
        }
    }

    /// Queues a command.
    pub fn push(&mut self, command: impl Into<Command>) {
        self.queue.push_back(command.into());
    }

    /// Takes in what arrived and carries out every queued command, in order. Says how soon it wants to be called
    /// again though nothing happens, if it does.
    pub fn step(&mut self, _now: Instant) -> Option<Duration> {
        self.arrivals();
        while let Some(command) = self.queue.pop_front() {
            for effect in apply(&mut self.state, command) {
                self.carry_out(effect);
            }
            self.arrivals();
        }
        None
    }

    /// True when commands wait.
    pub fn is_pending(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The text that a command wants on the clipboard, once.
    pub fn take_clipboard(&mut self) -> Option<String> {
        self.clipboard.take()
    }

    /// True when a command wants the window closed.
    pub const fn wants_to_quit(&self) -> bool {
        self.quit
    }

    fn arrivals(&mut self) {
        if let Some(progress) = self.loads.progress()
            && self.state.loading.as_ref().is_some_and(|loading| loading.progress != progress)
        {
            self.queue.push_back(Command::Arrived(Arrival::Progress(progress)));
        }
        if let Some(result) = self.loads.take() {
            let outcome = match result {
                Ok((request, result)) => Outcome { request, result },
                Err(Panicked(words)) => broken(&self.state, words),
            };
            self.queue.push_back(Command::Arrived(Arrival::Loaded(Box::new(outcome))));
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Load(request) => self.load(move |handle| {
                let result = load::load(&request, handle);
                (request, result)
            }),
            Effect::CancelLoad => self.loads.cancel(),
            Effect::Copy(text) => self.clipboard = Some(text),
            Effect::Quit => self.quit = true,
            Effect::LoadSample(_) | Effect::Ask(_) | Effect::CancelAsk | Effect::Watch(_) | Effect::Save => {}
        }
    }

    fn load(&mut self, work: impl FnOnce(&Handle) -> (Request, Result<Loaded, Failure>) + Send + 'static) {
        match self.work {
            Work::Behind => self.loads.start("load", work),
            Work::Here => self.loads.run_here(work),
        }
    }

    /// Opens paths: a pack, or expected and actual.
    pub fn open(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        self.push(Command::Open(Request::paths(paths)));
    }
}

/// A load whose worker panicked.
fn broken(state: &State, words: String) -> Outcome {
    let request = state.loading.as_ref().map(|loading| loading.request.clone()).unwrap_or_default();
    let text = format!(
        "Something inside DetTrace broke while it read {}. This is a fault of the program, not of the file. Try again, or report it with the words below.",
        request.label()
    );
    Outcome { request, result: Err(Failure { text, detail: Some(words) }) }
}
