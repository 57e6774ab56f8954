//! The state with its hands: carries out effects with jobs, dialogs and files, and queues what comes back.

mod each;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::command::{Arrival, Command, Effect};
use super::exports::Exports;
use super::finds::Finds;
use super::folders::Folders;
use super::growth::Growers;
use super::kept::{Placement, Session};
use super::keymap::Keymap;
use super::loads::Loads;
use super::message::Level;
use super::pictures::Drawers;
use super::shortcuts::Shortcuts;
use super::sidecar::{self, Sidecar};
use super::sorts::Sorts;
use super::state::{Ask, Loading, Request, State};
use super::tabs::{TabCommand, TabId};
use super::update::apply;
use super::watching::Followers;
use super::{copied, crash, dialog, said};
use crate::jobs::{Panicked, Slot, Waker};
use crate::notes::Notes;
use crate::pack::{self, Overrides};
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
    loads: Loads,
    dialogs: Slot<(Ask, Result<Vec<PathBuf>, String>)>,
    finds: Finds,
    sorts: Sorts,
    /// The slices and pictures that are made, by the tabs they were asked for in.
    exports: Vec<(TabId, Exports)>,
    /// What watches the files of each opened pair.
    watchers: Vec<(TabId, Watcher)>,
    /// What follows the watched folders.
    followers: Followers,
    /// What follows opened pairs whose files grow.
    growers: Growers,
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
    /// What draws pictures, where there is something that does.
    draw: Option<Drawers>,
    attention: bool,
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
                // What was in front may be what broke it: the person says when it is opened again.
                if !app.state.front().is_home() {
                    app.push(Command::Tab(TabCommand::New));
                }
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
        self.dialogs = Slot::new(waker.clone());
        self.waker = waker.clone();
    }

    /// Keeps what is loaded at its first rows, however short it is, or lets it go on: for tests and pictures of what is seen while
    /// a long recording is read.
    pub const fn hold_loads(&mut self, held: bool) {
        self.loads.hold(held);
    }

    /// From now on pictures that are exported are drawn by `draw`.
    pub const fn draw_with(&mut self, draw: Drawers) {
        self.draw = Some(draw);
    }

    fn with(work: Work, folders: Option<Folders>) -> Self {
        let waker = Waker::silent();
        Self {
            state: State::default(),
            queue: VecDeque::new(),
            work,
            loads: Loads::default(),
            dialogs: Slot::new(waker.clone()),
            finds: Finds::default(),
            sorts: Sorts::default(),
            exports: Vec::new(),
            waker,
            watchers: Vec::new(),
            followers: Followers::default(),
            growers: Growers::default(),
            folders,
            shortcuts: Shortcuts::default(),
            session: Session::default(),
            save_at: None,
            unwritten: None,
            notes_said: None,
            scratch: None,
            clipboard: None,
            draw: None,
            attention: false,
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
        self.follow(now);
        // What was in front before a restart is read, unless something else is opened at once.
        if self.queue.is_empty() && self.state.loading_page().is_some_and(Loading::waits) {
            self.push(Command::Tab(TabCommand::Show(self.state.front().id)));
        }
        while let Some(command) = self.queue.pop_front() {
            for effect in apply(&mut self.state, command) {
                self.carry_out(effect, now);
            }
            self.stop_unwanted();
            self.loaded();
            self.finds.arrivals(&mut self.queue);
            self.sorts.arrivals(&mut self.queue);
        }
        // What was begun by a command.
        let following = self.follow(now);
        crash::set_open(&self.state.title());
        let saving = self.save_at.map(|at| at.saturating_duration_since(now));
        if saving == Some(Duration::ZERO) {
            self.save();
        }
        [settling, following, saving.filter(|wait| !wait.is_zero())].into_iter().flatten().min()
    }

    /// True when commands wait.
    pub fn is_pending(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The text that a command wants on the clipboard, once.
    pub fn take_clipboard(&mut self) -> Option<String> {
        self.clipboard.take()
    }

    /// True once, when a person's attention is asked for.
    pub const fn take_attention(&mut self) -> bool {
        std::mem::replace(&mut self.attention, false)
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
        self.sorts.arrivals(&mut self.queue);
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
        let wait = self.changed(now, &mut arrived);
        self.queue.extend(arrived.into_iter().map(Command::Arrived));
        wait
    }

    fn carry_out(&mut self, effect: Effect, now: Instant) {
        match effect {
            Effect::Load(number, request) => self.load(number, request),
            Effect::OpenSample(at) => self.open_sample(at),
            Effect::Find(number) => self.find(number),
            Effect::Sort(number) => self.sort(number),
            Effect::Ask(ask) => {
                if self.work == Work::Behind {
                    self.dialogs.start("file dialog", move |_| (ask, dialog::show(ask)));
                }
            }
            Effect::CancelAsk => self.dialogs.cancel(),
            Effect::Copy(text) => self.clipboard = Some(text),
            Effect::CopySelected => self.clipboard = copied::lines(&self.state),
            Effect::CopyAs(form) => self.clipboard = copied::told(&self.state, form),
            Effect::SaveView(tab, path) => self.save_view(tab, &path),
            Effect::ExportSlice(tab, folder, redact) => self.export_slice(tab, folder, redact),
            Effect::ExportPicture(tab, path) => self.export_picture(tab, path),
            Effect::ExportCurves(tab, path) => self.export_curves(tab, path),
            Effect::Watch(tab, files) => self.watch(tab, &files),
            Effect::SaveSpec(paths, overrides) => self.save_spec(&paths, &overrides),
            Effect::SaveNotes(paths, notes) => self.keep_notes(&paths, *notes, now),
            Effect::EditKeys(keymap) => self.edit_keys(&keymap),
            Effect::ReadKeys { asked } => self.read_keys(asked),
            Effect::Save => self.save_at = Some(now + SAVE_AFTER),
            Effect::Attention => self.attention = true,
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
