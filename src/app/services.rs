//! The state with its hands: carries out effects with jobs, dialogs and files, and queues what comes back.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::command::{Arrival, Command, Effect};
use super::finds::Finds;
use super::folders::Folders;
use super::kept::{Placement, Session};
use super::keymap::Keymap;
use super::load::{self, Failure, Loaded, Outcome};
use super::message::Level;
use super::shortcuts::Shortcuts;
use super::state::{Ask, Page, Request, State};
use super::update::apply;
use super::{crash, dialog, said, samples};
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::pack::{self, Overrides};
use crate::trace::Side;
use crate::watch::Watcher;

/// What was typed or decided is written this long after the last change: not at every key, and soon enough.
const SAVE_AFTER: Duration = Duration::from_millis(500);

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
    waker: Waker,
    loads: Slot<Outcome>,
    dialogs: Slot<(Ask, Result<Vec<PathBuf>, String>)>,
    finds: Finds,
    watcher: Option<Watcher>,
    folders: Option<Folders>,
    shortcuts: Shortcuts,
    session: Session,
    /// When settings and session are to be written.
    save_at: Option<Instant>,
    /// Where samples are unpacked when there is no cache folder.
    scratch: Option<tempfile::TempDir>,
    clipboard: Option<String>,
    quit: bool,
}

impl App {
    /// An app whose jobs run on threads and that keeps its files in `folders`.
    pub fn new(folders: Option<Folders>) -> Self {
        let mut app = Self::with(Work::Behind, folders);
        if let Some(folders) = &app.folders {
            app.session = Session::restore(folders, &mut app.state);
            if let Some(note) = crash::newest(&folders.state, &app.session.crash_told) {
                app.session.crash_told = crash::name_of(&note);
                let text = format!(
                    "DetTrace broke the last time it ran. {} says what happened: please report it, and the recordings if you may share them.",
                    note.display()
                );
                app.state.messages.say(Level::Warning, text, None);
                app.save_at = Some(Instant::now());
            }
        } else {
            let text = "This system names no folder for settings; they are lost when the window closes. Set DETTRACE_HOME to keep them.";
            app.state.messages.say(Level::Note, text, None);
        }
        app.read_keys(false);
        app
    }

    /// An app that loads at once, shows no dialogs, watches nothing and keeps no files: for tests and pictures.
    pub fn in_place() -> Self {
        Self::with(Work::Here, None)
    }

    /// From now on results wake the window with `waker`. To be called before anything is started.
    pub fn wake_with(&mut self, waker: &Waker) {
        said::wake_with(waker.clone());
        self.loads = Slot::new(waker.clone());
        self.dialogs = Slot::new(waker.clone());
        self.waker = waker.clone();
    }

    fn with(work: Work, folders: Option<Folders>) -> Self {
        let waker = Waker::silent();
        Self {
            state: State::default(),
            queue: VecDeque::new(),
            work,
            loads: Slot::new(waker.clone()),
            dialogs: Slot::new(waker.clone()),
            finds: Finds::default(),
            waker,
            watcher: None,
            folders,
            shortcuts: Shortcuts::default(),
            session: Session::default(),
            save_at: None,
            scratch: None,
            clipboard: None,
            quit: false,
        }
    }

    /// Queues a command.
    pub fn push(&mut self, command: impl Into<Command>) {
        self.queue.push_back(command.into());
    }

    /// Opens paths: a pack, or expected and actual.
    pub fn open(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        self.push(Command::Open(Request::paths(paths)));
    }

    /// Takes in what arrived and carries out every queued command, in order. Says how soon it wants to be called
    /// again though nothing happens, if it does.
    pub fn step(&mut self, now: Instant) -> Option<Duration> {
        let settling = self.arrivals(now);
        while let Some(command) = self.queue.pop_front() {
            for effect in apply(&mut self.state, command) {
                self.carry_out(effect, now);
            }
            self.finds.keep(|number| match &self.state.page {
                Page::Pair(pair) => pair.query_of(number).is_some(),
                _ => false,
            });
            self.loaded();
            self.finds.arrivals(&mut self.queue);
        }
        crash::set_open(&self.state.title());
        let saving = self.save_at.map(|at| at.saturating_duration_since(now));
        if saving == Some(Duration::ZERO) {
            self.save();
        }
        [settling, saving.filter(|wait| !wait.is_zero())].into_iter().flatten().min()
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

    /// Where the window was when it was last closed.
    pub const fn placement(&self) -> Option<Placement> {
        self.session.window
    }

    /// Remembers where the window is; it is written when the window closes or something else is.
    pub const fn set_placement(&mut self, placement: Placement) {
        self.session.window = Some(placement);
    }

    /// Writes settings and session now.
    pub fn save(&mut self) {
        self.save_at = None;
        let Some(folders) = &self.folders else { return };
        if let Err(text) = self.session.keep(folders, &self.state) {
            self.state.messages.say(Level::Warning, text, None);
        }
    }

    /// Queues what came from jobs, the file system and the log. Says when to look again.
    fn arrivals(&mut self, now: Instant) -> Option<Duration> {
        self.loaded();
        self.finds.arrivals(&mut self.queue);
        let mut arrived = Vec::new();
        if let Some(result) = self.dialogs.take() {
            let (ask, picked) = result.unwrap_or_else(|Panicked(words)| {
                (
                    Ask::Pack,
                    Err(format!("The file dialog broke ({words}). Paste a path, or drop files onto the window.")),
                )
            });
            arrived.push(Arrival::Picked(ask, picked));
        }
        if !self.dialogs.is_busy() {
            arrived.extend(said::take().into_iter().map(|said| Arrival::Said(said.level, said.text)));
        }
        let (changed, wait) = self.watcher.as_ref().map_or((false, None), |watcher| watcher.poll(now));
        if changed {
            arrived.push(Arrival::Changed(self.changed_names()));
        }
        self.queue.extend(arrived.into_iter().map(Command::Arrived));
        wait
    }

    /// Queues a load's progress or end.
    fn loaded(&mut self) {
        if let Some(progress) = self.loads.progress()
            && self.state.loading.as_ref().is_some_and(|loading| loading.progress != progress)
        {
            self.queue.push_back(Command::Arrived(Arrival::Progress(progress)));
        }
        if let Some(result) = self.loads.take() {
            let outcome = result.unwrap_or_else(|Panicked(words)| broken(&self.state, &words));
            self.queue.push_back(Command::Arrived(Arrival::Loaded(self.loads.generation(), Box::new(outcome))));
        }
    }

    /// The opened recordings whose files are no longer what was read.
    fn changed_names(&self) -> Vec<String> {
        let Some(pair) = self.state.pair() else { return Vec::new() };
        let sides = &pair.analysis().sides;
        let recordings = Side::BOTH.iter().filter_map(|&side| sides[side].as_ref()).map(|events| &events.recording);
        let mut names: Vec<String> =
            recordings.filter(|recording| recording.source.changed()).map(|r| r.source.name.clone()).collect();
        names.dedup();
        names
    }

    /// The raw lines of the selected row, each after its file and line.
    fn selected_lines(&self) -> Option<String> {
        let pair = self.state.pair()?;
        let row = pair.selected_row()?;
        let line = |side: Side| {
            let detail = pair.analysis().detail(side, row.event(side)?);
            let file = &pair.analysis().sides[side].as_ref()?.recording.source.name;
            Some(format!("{file}:{} {}", detail.place.line, detail.trouble.as_ref().unwrap_or(&detail.raw)))
        };
        Some(Side::BOTH.into_iter().filter_map(line).collect::<Vec<_>>().join("\n"))
    }

    fn carry_out(&mut self, effect: Effect, now: Instant) {
        match effect {
            Effect::Load(request) => self.load(move |handle| {
                let request = request.absolute();
                let result = load::load(&request, handle);
                Outcome { request, remember: true, result }
            }),
            Effect::LoadSample(at) => {
                let root = self.samples_folder();
                self.load(move |handle| load_sample(at, root, handle));
            }
            Effect::CancelLoad => self.loads.cancel(),
            Effect::Find(number) => self.find(number),
            Effect::Ask(ask) => {
                if self.work == Work::Behind {
                    self.dialogs.start("file dialog", move |_| (ask, dialog::show(ask)));
                }
            }
            Effect::CancelAsk => self.dialogs.cancel(),
            Effect::Copy(text) => self.clipboard = Some(text),
            Effect::CopySelected => self.clipboard = self.selected_lines(),
            Effect::Watch(files) => self.watch(&files),
            Effect::SaveSpec(paths, overrides) => self.save_spec(&paths, &overrides),
            Effect::EditKeys(keymap) => self.edit_keys(&keymap),
            Effect::ReadKeys { asked } => self.read_keys(asked),
            Effect::Save => self.save_at = Some(now + SAVE_AFTER),
            Effect::Quit => self.quit = true,
        }
    }

    fn edit_keys(&mut self, keymap: &Keymap) {
        let (level, text) = match Shortcuts::edit(self.folders.as_ref(), keymap) {
            Ok((path, text)) => {
                self.clipboard = Some(path);
                (Level::Note, text)
            }
            Err(text) => (Level::Error, text),
        };
        self.state.messages.say(level, text, None);
    }

    fn read_keys(&mut self, asked: bool) {
        let file = self.shortcuts.read(self.folders.as_ref(), asked);
        self.queue.extend(file.map(|file| Command::Arrived(Arrival::Keys(file))));
    }

    /// Saves decisions with the pack. Built-in samples stay as they are, and so does everything in tests and pictures.
    fn save_spec(&mut self, paths: &[PathBuf], overrides: &Overrides) {
        let samples = self.samples_folder();
        if self.work == Work::Here || paths.iter().any(|path| samples.as_ref().is_ok_and(|own| path.starts_with(own))) {
            return;
        }
        let (level, text) = match pack::save_spec(paths, overrides) {
            Ok(file) => (Level::Note, format!("Saved with the pack, in {}.", file.display())),
            Err(trouble) => (Level::Warning, trouble.to_string()),
        };
        self.state.messages.say(level, text, None);
    }

    fn load(&mut self, work: impl FnOnce(&Handle) -> Outcome + Send + 'static) {
        match self.work {
            Work::Behind => self.loads.start("load", work),
            Work::Here => self.loads.run_here(work),
        }
        if let Some(loading) = &mut self.state.loading {
            loading.job = self.loads.generation();
        }
    }

    fn find(&mut self, number: u64) {
        let Page::Pair(pair) = &self.state.page else { return };
        let Some(query) = pair.query_of(number).cloned() else { return };
        let from = pair.selection().map_or(0, |selection| selection.row);
        let here = self.work == Work::Here;
        self.finds.start(number, Arc::clone(pair.analysis()), query, from, &self.waker, here);
    }

    fn watch(&mut self, files: &[PathBuf]) {
        self.watcher = None;
        if files.is_empty() || self.work == Work::Here {
            return;
        }
        let waker = self.waker.clone();
        match Watcher::new(files, move || waker.wake()) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(text) => self.state.messages.say(Level::Note, text, None),
        }
    }

    /// Where samples are unpacked: the cache, else a folder that goes with the app.
    fn samples_folder(&mut self) -> std::io::Result<PathBuf> {
        if let Some(folders) = &self.folders {
            return Ok(folders.cache.join("samples"));
        }
        if self.scratch.is_none() {
            self.scratch = Some(tempfile::tempdir()?);
        }
        Ok(self.scratch.as_ref().map_or_else(PathBuf::new, |scratch| scratch.path().to_path_buf()))
    }
}

fn load_sample(at: usize, root: std::io::Result<PathBuf>, handle: &Handle) -> Outcome {
    match root.and_then(|root| samples::unpack(at, &root)) {
        Ok(folder) => {
            let request = Request::paths([folder]);
            let result = load::load(&request, handle);
            Outcome { request, remember: false, result }
        }
        Err(error) => {
            let text = format!(
                "The sample cannot be unpacked ({error}). Check that there is space on the disk, or set DETTRACE_HOME."
            );
            Outcome { request: Request::default(), remember: false, result: Err(Failure { text, detail: None }) }
        }
    }
}

/// A load whose worker panicked.
fn broken(state: &State, words: &str) -> Outcome {
    let request = state.loading.as_ref().map(|loading| loading.request.clone()).unwrap_or_default();
    let label = request.label();
    let text = format!(
        "Something inside DetTrace broke while it read {label}. This is a fault of the program, not of the file. Try again, or report the details."
    );
    let note =
        crash::take_latest().map_or_else(String::new, |note| format!("\nA note was left in {}.", note.display()));
    let failure = Failure { text, detail: Some(format!("{words}{note}")) };
    Outcome { request, remember: false, result: Err::<Loaded, Failure>(failure) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::pair::PairCommand;
    use crate::app::state::Loading;

    fn settle(app: &mut App) {
        for _ in 0..4 {
            app.step(Instant::now());
        }
    }

    #[test]
    fn a_missing_file_becomes_a_page_with_the_sentence() {
        let mut app = App::in_place();
        app.open([PathBuf::from("/no/such/pack")]);
        settle(&mut app);
        let Page::Failed(failed) = &app.state.page else { panic!("{:?}", app.state.page) };
        assert!(failed.why.contains("/no/such/pack"), "{}", failed.why);
        assert!(app.state.loading.is_none());
    }

    #[test]
    fn cancelling_brings_back_what_was_there_at_once() {
        let mut app = App::with(Work::Behind, None);
        app.loads.start("test", |handle| {
            while !handle.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Outcome {
                request: Request::default(),
                remember: false,
                result: Err(Failure { text: String::new(), detail: None }),
            }
        });
        app.state.loading = Some(Loading::new(Request::default(), false));
        app.push(Command::CancelLoad);
        app.step(Instant::now());
        assert!(app.state.loading.is_none() && matches!(app.state.page, Page::Home));
        std::thread::sleep(Duration::from_millis(20));
        settle(&mut app);
        assert!(matches!(app.state.page, Page::Home), "the cancelled load arrived");
    }

    #[test]
    fn a_load_that_ends_as_the_next_begins_is_not_taken_for_it() {
        let mut app = App::in_place();
        let failure = Failure { text: "The first one failed.".to_owned(), detail: None };
        app.state.loading = Some(Loading::new(Request::paths([PathBuf::from("first")]), false));
        app.load(|_| Outcome { request: Request::default(), remember: false, result: Err(failure) });
        // The first has ended and nobody took it in yet, when a person opens the second.
        app.open([PathBuf::from("/no/such/second")]);
        settle(&mut app);
        let Page::Failed(failed) = &app.state.page else { panic!("{:?}", app.state.page) };
        assert!(failed.why.contains("/no/such/second"), "{}", failed.why);
    }

    #[test]
    fn a_search_is_saved_as_it_is_typed_and_outlives_going_home() {
        let home = tempfile::tempdir().unwrap();
        let start = || {
            let mut app = App::new(Some(Folders::inside(home.path())));
            app.work = Work::Here;
            app.open([PathBuf::from("fixtures/task-order-race")]);
            settle(&mut app);
            app
        };
        let mut app = start();
        app.save();
        assert_eq!(app.save_at, None);
        app.push(PairCommand::Search("task 4".to_owned()));
        app.step(Instant::now());
        assert!(app.save_at.is_some(), "nothing is going to be written");
        app.push(Command::Home);
        app.step(Instant::now());
        app.save();
        let mut again = start();
        assert_eq!(again.state.pair().map(|pair| pair.search().text()), Some("task 4"));
        again.push(PairCommand::Search(String::new()));
        again.step(Instant::now());
        again.save();
        assert_eq!(start().state.pair().map(|pair| pair.search().text()), Some(""));
    }
}
