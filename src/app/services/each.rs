//! What is done for each tab by itself: loads, searches, slices, views, watching its files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{App, Work};
use crate::app::command::{Arrival, Command};
use crate::app::crash;
use crate::app::exports::Exports;
use crate::app::load::{self, Failure, Loaded, Outcome, Shows};
use crate::app::loads::Told;
use crate::app::message::Level;
use crate::app::pictures;
use crate::app::samples::{self, SAMPLES};
use crate::app::state::{Page, Request, State, ThemeChoice};
use crate::app::tabs::{Tab, TabId};
use crate::app::view_file::{self, View};
use crate::jobs::{Handle, Panicked};
use crate::notes::Notes;
use crate::pack::Source;
use crate::slice::Wanted;
use crate::trace::Side;
use crate::watch::Watcher;

impl App {
    /// Stops the jobs that no tab waits for any more, and watches no longer what is closed. A slice goes on after its tab.
    pub(super) fn stop_unwanted(&mut self) {
        let tabs = &self.state.tabs;
        let pairs = || tabs.iter().filter_map(|tab| if let Page::Pair(pair) = &tab.page { Some(pair) } else { None });
        self.finds.keep(|number| pairs().any(|pair| pair.query_of(number).is_some()));
        self.sorts.keep(|number| pairs().any(|pair| pair.waits_for_sort(number)));
        self.loads.keep(|number| tabs.loading(number).is_some());
        self.exports.retain(|(id, _)| tabs.get(*id).is_none_or(|tab| tab.exporting.is_some()));
        self.watchers.retain(|(id, _)| tabs.get(*id).is_some_and(|tab| !sources(&tab.page).is_empty()));
    }

    /// Queues how far loads are and how they ended, and the ends of exports.
    pub(super) fn loaded(&mut self) {
        let mut arrived = Vec::new();
        self.exports.retain_mut(|(id, exports)| {
            let ended = exports.take();
            let goes_on = ended.is_none();
            arrived.extend(ended.map(|(level, text)| Arrival::Exported(*id, level, text)));
            goes_on
        });
        for (number, told) in self.loads.told() {
            arrived.extend(match told {
                Told::Progress(progress) => {
                    let loading = self.state.tabs.loading(number).and_then(|tab| tab.loading.as_ref());
                    let news = loading.is_some_and(|loading| loading.progress != progress);
                    news.then_some(Arrival::Progress(number, progress))
                }
                Told::Rows(rows) => Some(Arrival::FirstRows(number, rows)),
                Told::Ended(result) => {
                    let outcome = result.unwrap_or_else(|Panicked(words)| broken(&self.state, number, &words));
                    Some(Arrival::Loaded(number, Box::new(outcome)))
                }
            });
        }
        self.queue.extend(arrived.into_iter().map(Command::Arrived));
    }

    /// Tells which tabs' recordings changed on disk, and begins to follow those that grow. Says when to look again.
    pub(super) fn changed(&mut self, now: Instant, arrived: &mut Vec<Arrival>) -> Option<Duration> {
        let mut soonest = None;
        for (id, watcher) in &mut self.watchers {
            let Some(tab) = self.state.tabs.get(*id) else { continue };
            soonest = [soonest, watcher.revive(now)].into_iter().flatten().min();
            if tab.grows() {
                if watcher.touched().load(Ordering::Relaxed) {
                    self.growers.begin(tab, watcher.touched(), &self.waker);
                }
                continue;
            }
            let (changed, wait) = watcher.poll(now);
            if changed {
                arrived.push(Arrival::Changed(*id, changed_names(&tab.page)));
            }
            soonest = [soonest, wait].into_iter().flatten().min();
        }
        soonest
    }

    /// Goes on following the watched folders and what grows, and queues what became of them. Says when to look again.
    pub(super) fn follow(&mut self, now: Instant) -> Option<Duration> {
        let mut arrived = Vec::new();
        let here = self.work == Work::Here;
        let runs = self.followers.step(&self.state.tabs, now, &self.waker, here, &mut arrived);
        let growth = self.growers.step(&self.state.tabs, now, &mut arrived);
        self.queue.extend(arrived.into_iter().map(Command::Arrived));
        [runs, growth].into_iter().flatten().min()
    }

    pub(super) fn watch(&mut self, tab: TabId, files: &[PathBuf]) {
        self.watchers.retain(|(id, _)| *id != tab);
        if files.is_empty() || self.work == Work::Here {
            return;
        }
        let waker = self.waker.clone();
        match Watcher::new(files, move || waker.wake()) {
            Ok(watcher) => {
                // What was written while it was read, before anybody listened.
                let changed = |tab: &Tab| sources(&tab.page).iter().any(|source| source.changed());
                let behind = self.state.tabs.get(tab).is_some_and(|tab| tab.grows() && changed(tab));
                watcher.touched().store(behind, Ordering::Relaxed);
                self.watchers.push((tab, watcher));
            }
            Err(text) => self.state.messages.say(Level::Note, text, None),
        }
    }

    pub(super) fn find(&mut self, number: u64) {
        let mut pairs = self.state.tabs.iter().filter_map(|tab| {
            let Page::Pair(pair) = &tab.page else { return None };
            Some((pair, pair.query_of(number)?.clone()))
        });
        let Some((pair, query)) = pairs.next() else { return };
        let from = pair.selection().map_or(0, |selection| selection.row);
        let here = self.work == Work::Here;
        self.finds.start(number, Arc::clone(pair.analysis()), query, from, &self.waker, here);
    }

    pub(super) fn sort(&mut self, number: u64) {
        let mut pairs = self.state.tabs.iter().filter_map(|tab| {
            let Page::Pair(pair) = &tab.page else { return None };
            Some((pair, pair.sort_of(number)?))
        });
        let Some((pair, work)) = pairs.next() else { return };
        self.sorts.start(number, Arc::clone(pair.analysis()), work, &self.waker, self.work == Work::Here);
    }

    pub(super) fn export_slice(&mut self, tab: TabId, folder: PathBuf, redact: Vec<String>) {
        let Some(Page::Pair(pair)) = self.state.tabs.get(tab).map(|tab| &tab.page) else { return };
        // Fields are chosen from a list, and a slice need not have all of them.
        let (around, to) = pair.selected_ends().map_or((None, None), |(first, last)| (Some(first), Some(last)));
        let wanted = Wanted { around: around.or(pair.selected_anchor()), to, redact, may_lack: true };
        let mut exports = Exports::new(self.waker.clone());
        exports.slice(Arc::clone(pair.analysis()), wanted, folder, self.work == Work::Behind);
        self.keep_export(tab, exports);
    }

    pub(super) fn export_picture(&mut self, tab: TabId, path: PathBuf) {
        let theme = self.state.settings.theme;
        let Some(picture) = self.state.tabs.get(tab).and_then(|tab| pictures::of(tab, theme, &path)) else { return };
        let mut exports = Exports::new(self.waker.clone());
        exports.picture(self.draw.map(|draw| draw.graph), picture, path, self.work == Work::Behind);
        self.keep_export(tab, exports);
    }

    /// A tab exports one thing at a time.
    fn keep_export(&mut self, tab: TabId, exports: Exports) {
        self.exports.retain(|(id, _)| *id != tab);
        self.exports.push((tab, exports));
    }

    pub(super) fn export_curves(&mut self, tab: TabId, path: PathBuf) {
        let Some(found) = self.state.tabs.get_mut(tab) else { return };
        let Page::Control(page) = &found.page else { return };
        let (sheet, title) = (page.sheet().clone(), page.title().to_owned());
        found.exporting = Some("Writing the curves");
        let mut exports = Exports::new(self.waker.clone());
        // Light, as documents are, unless the window is always dark.
        let draw = self.draw.map(|draw| (draw.curves, self.state.settings.theme == ThemeChoice::Dark));
        exports.curves(sheet, title, path, draw, self.work == Work::Behind);
        self.keep_export(tab, exports);
    }

    pub(super) fn save_view(&mut self, tab: TabId, path: &Path) {
        let Some(tab) = self.state.tabs.get(tab) else { return };
        let Some(view) = View::of(&tab.page, &self.state.layout) else { return };
        // The reference plant is there without anything being opened.
        let open = tab.open.clone().unwrap_or_default();
        let (level, text) = match view_file::write(path, &open, view) {
            Ok(file) => (Level::Note, format!("The view is saved in {}.", file.display())),
            Err(trouble) => (Level::Error, trouble),
        };
        self.state.messages.say(level, text, None);
    }

    /// Opens a sample like any other pack; it is unpacked when it is loaded.
    pub(super) fn open_sample(&mut self, at: usize) {
        match (self.samples_folder(), SAMPLES.get(at)) {
            (Ok(root), Some(sample)) => self.open([root.join(sample.folder)]),
            (Ok(_), None) => {}
            (Err(error), _) => self.state.messages.say(Level::Error, no_room(&error), None),
        }
    }

    pub(super) fn load(&mut self, number: u64, request: Request) {
        let (notes, folders) = (self.notes_for(number, &request), self.folders.clone());
        let sample = self.samples_folder().ok().and_then(|root| Some((sample_of(&request, &root)?, root)));
        let work = move |handle: &Handle, shows: Option<&Shows>| {
            let request = request.absolute();
            let remember = sample.is_none();
            let unpacked = sample.map_or(Ok(()), |(at, root)| samples::unpack(at, &root).map(|_| ()));
            let unpacked = unpacked.map_err(|error| Failure { text: no_room(&error), detail: None });
            let (view, result) = match unpacked.and_then(|()| load::view_of(&request)) {
                Ok(view) => {
                    let opens = view.as_ref().map_or(&request, |(named, _)| named);
                    // A view file without a recording shows the reference plant.
                    let result = if view.is_some() && opens.paths.is_empty() {
                        Ok(Loaded::Plant)
                    } else {
                        load::load(opens, notes, folders.as_ref(), handle, shows)
                    };
                    (view, result)
                }
                Err(failure) => (None, Err(failure)),
            };
            Outcome { request, remember, view: view.map(Box::new), result }
        };
        self.loads.start(number, work, &self.waker, self.work == Work::Here);
    }

    /// The notes of the pair that is only loaded again: its sides as the request shows them.
    fn notes_for(&mut self, number: u64, request: &Request) -> Option<Notes> {
        // What is read from their file must be in it.
        self.write_notes();
        let tab = self.state.tabs.loading(number).filter(|tab| tab.loading_page().is_none())?;
        let (Page::Pair(pair), Some(open)) = (&tab.page, &tab.open) else { return None };
        let notes = pair.bookmarks().notes().clone();
        Some(if open.swapped == request.swapped { notes } else { notes.exchanged() })
    }
}

/// The sample that a request opens from where samples are unpacked.
fn sample_of(request: &Request, root: &Path) -> Option<usize> {
    let [path] = request.paths.as_slice() else { return None };
    SAMPLES.iter().position(|sample| *path == root.join(sample.folder))
}

fn no_room(error: &std::io::Error) -> String {
    format!("The sample cannot be unpacked ({error}). Check that there is space on the disk, or set DETTRACE_HOME.")
}

/// What a page was read from.
fn sources(page: &Page) -> Vec<&Source> {
    match page {
        Page::Pair(pair) => {
            let sides = &pair.analysis().sides;
            let recordings = Side::BOTH.iter().filter_map(|&side| sides[side].as_ref()).map(|events| &events.recording);
            recordings.map(|recording| &*recording.source).collect()
        }
        Page::Requests(page) => page.survey().files.iter().map(|source| &**source).collect(),
        Page::Control(page) => page.recorded().control().files().collect(),
        Page::Home | Page::Choose(_) | Page::Watching(_) | Page::Failed(_) => Vec::new(),
    }
}

/// The opened recordings whose files are no longer what was read.
fn changed_names(page: &Page) -> Vec<String> {
    let mut names: Vec<String> =
        sources(page).into_iter().filter(|source| source.changed()).map(|source| source.name.clone()).collect();
    names.dedup();
    names
}

/// A load whose worker panicked.
fn broken(state: &State, number: u64, words: &str) -> Outcome {
    let loading = state.tabs.loading(number).and_then(|tab| tab.loading.as_ref());
    let request = loading.map(|loading| loading.request.clone()).unwrap_or_default();
    let label = request.label();
    let text = format!(
        "Something inside DetTrace broke while it read {label}. This is a fault of the program, not of the file. Try again, or report the details."
    );
    let note =
        crash::take_latest().map_or_else(String::new, |note| format!("\nA note was left in {}.", note.display()));
    let failure = Failure { text, detail: Some(format!("{words}{note}")) };
    Outcome { request, remember: false, view: None, result: Err::<Loaded, Failure>(failure) }
}
