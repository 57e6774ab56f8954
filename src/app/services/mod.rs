//! The state with its hands: carries out effects with jobs, dialogs and files, and queues what comes back.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::command::{Arrival, Command, Effect};
use super::exports::Exports;
use super::finds::Finds;
use super::folders::Folders;
use super::kept::{Placement, Session};
use super::keymap::Keymap;
use super::load::{self, Failure, Loaded, Outcome};
use super::message::Level;
use super::shortcuts::Shortcuts;
use super::sidecar::{self, Sidecar};
use super::state::{Ask, Page, Request, State};
use super::update::apply;
use super::{crash, dialog, said, samples, view_file};
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::notes::Notes;
use crate::pack::{self, Overrides};
use crate::report::{self, Form};
use crate::slice::Wanted;
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
    exports: Exports,
    watcher: Option<Watcher>,
    folders: Option<Folders>,
    shortcuts: Shortcuts,
    session: Session,
    /// When settings and session are to be written.
    save_at: Option<Instant>,
    /// Notes that are not written yet, and where they belong.
    unwritten: Option<(Sidecar, Notes)>,
    /// What was last said about where notes are.
    notes_said: Option<(Level, String)>,
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

    /// Lets the tour begin with the first pair, when it was never shown.
    pub const fn welcome(&mut self) {
        self.state.tour_due = !self.state.settings.tour_seen;
    }

    /// From now on results wake the window with `waker`. To be called before anything is started.
    pub fn wake_with(&mut self, waker: &Waker) {
        said::wake_with(waker.clone());
        self.loads = Slot::new(waker.clone());
        self.dialogs = Slot::new(waker.clone());
        self.exports = Exports::new(waker.clone());
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
            exports: Exports::new(waker.clone()),
            waker,
            watcher: None,
            folders,
            shortcuts: Shortcuts::default(),
            session: Session::default(),
            save_at: None,
            unwritten: None,
            notes_said: None,
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
        self.write_notes();
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

    /// Queues a load's progress or end, and the end of an export.
    fn loaded(&mut self) {
        if let Some((level, text)) = self.exports.take() {
            self.queue.push_back(Command::Arrived(Arrival::Sliced(level, text)));
        }
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
            Effect::Load(request) => {
                let (notes, folders) = (self.notes_for(&request), self.folders.clone());
                self.load(move |handle| {
                    let request = request.absolute();
                    let result = load::load(&request, notes, folders.as_ref(), handle);
                    Outcome { request, remember: true, result }
                });
            }
            Effect::LoadSample(at) => {
                let root = self.samples_folder();
                let folders = self.folders.clone();
                self.load(move |handle| load_sample(at, root, folders.as_ref(), handle));
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
            Effect::CopyAs(form) => self.clipboard = self.selected_as(form),
            Effect::SaveView(path) => self.save_view(&path),
            Effect::ExportSlice(folder, redact) => self.export_slice(folder, redact),
            Effect::CancelSlice => self.exports.cancel(),
            Effect::Watch(files) => self.watch(&files),
            Effect::SaveSpec(paths, overrides) => self.save_spec(&paths, &overrides),
            Effect::SaveNotes(paths, notes) => self.keep_notes(&paths, *notes, now),
            Effect::EditKeys(keymap) => self.edit_keys(&keymap),
            Effect::ReadKeys { asked } => self.read_keys(asked),
            Effect::Save => self.save_at = Some(now + SAVE_AFTER),
            Effect::Quit => self.quit = true,
        }
    }

    /// The selected row in words, or for a program.
    fn selected_as(&self, form: Form) -> Option<String> {
        let pair = self.state.pair()?;
        Some(report::row(pair.analysis(), pair.selection()?.row, form))
    }

    fn export_slice(&mut self, folder: PathBuf, redact: Vec<String>) {
        let Some(pair) = self.state.pair() else { return };
        // Fields are chosen from a list, and a slice need not have all of them.
        let wanted = Wanted { around: pair.saved().selection().cloned(), redact, may_lack: true };
        self.exports.start(Arc::clone(pair.analysis()), wanted, folder, self.work == Work::Behind);
    }

    fn save_view(&mut self, path: &Path) {
        let (Some(pair), Some(open)) = (self.state.pair(), &self.state.open) else { return };
        let (level, text) = match view_file::write(path, open, pair.saved()) {
            Ok(file) => (Level::Note, format!("The view is saved in {}.", file.display())),
            Err(trouble) => (Level::Error, trouble),
        };
        self.state.messages.say(level, text, None);
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

    /// The notes of the open pair, where it is only loaded again: its sides as the request shows them.
    fn notes_for(&mut self, request: &Request) -> Option<Notes> {
        // What is read from their file must be in it.
        self.write_notes();
        let quiet = self.state.loading.as_ref().is_some_and(|loading| loading.quiet);
        let (Page::Pair(pair), Some(open), true) = (&self.state.page, &self.state.open, quiet) else { return None };
        let notes = pair.bookmarks().notes().clone();
        Some(if open.swapped == request.swapped { notes } else { notes.exchanged() })
    }

    /// Notes are written a moment after the last change. In tests and pictures that keep no files they are only shown.
    fn keep_notes(&mut self, paths: &[PathBuf], notes: Notes, now: Instant) {
        if let (Some(folders), Some(pair)) = (&self.folders, self.state.pair()) {
            let sidecar = Sidecar::of(paths, sidecar::on_disk(&pair.analysis().pack), Some(folders));
            if self.unwritten.as_ref().is_some_and(|(other, _)| *other != sidecar) {
                self.write_notes();
            }
            self.unwritten = Some((sidecar, notes));
            self.save_at = Some(now + SAVE_AFTER);
        }
    }

    fn write_notes(&mut self) {
        let Some((sidecar, notes)) = self.unwritten.take() else { return };
        let said = match sidecar.write(&notes) {
            Ok(said) => said.map(|said| (Level::Note, said)),
            Err(trouble) => Some((Level::Warning, trouble)),
        };
        // Where they are is said once, not at every letter.
        if said != self.notes_said
            && let Some((level, text)) = said.clone()
        {
            self.state.messages.say(level, text, None);
        }
        self.notes_said = said.or(self.notes_said.take());
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

fn load_sample(at: usize, root: std::io::Result<PathBuf>, folders: Option<&Folders>, handle: &Handle) -> Outcome {
    match root.and_then(|root| samples::unpack(at, &root)) {
        Ok(folder) => {
            let request = Request::paths([folder]);
            let result = load::load(&request, None, folders, handle);
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
