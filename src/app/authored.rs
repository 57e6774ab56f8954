//! What a person authors about the opened pair: carried out, noted for undo, and kept with the pack.

use std::path::{Path, PathBuf};

use super::command::Effect;
use super::history::{Authored, Step};
use super::pair::{BookmarkCommand, LaneCommand, PairCommand, SyncCommand, TimelineCommand};
use super::pictures;
use super::state::{Ask, Page, Request, State};
use super::tabs::{Tab, TabId};
use super::update::{again, note_working};
use super::view_file;
use crate::notes::Notes;
use crate::pack::Overrides;
use crate::replay::Breakpoint;
use crate::spec::Spec;

/// The decisions in force, with the sides as they are recorded: those that were just made and are not answered yet, else those
/// of the opened pair.
fn overrides(state: &State) -> Overrides {
    let tab = state.front();
    let waiting = tab.loading.as_ref().filter(|loading| loading.quiet).map(|loading| &loading.request);
    let decided = waiting.or(tab.open.as_ref()).and_then(|request| request.overrides.as_deref());
    if let Some(overrides) = decided {
        return overrides.clone();
    }
    let mut shown = state.pair().map(|pair| pair.analysis().pack.overrides.clone()).unwrap_or_default();
    if tab.open.as_ref().is_some_and(|open| open.swapped) {
        shown.exchange();
    }
    shown
}

fn now(state: &State) -> Authored {
    let (notes, anchor, breakpoints, (lanes, filters)) = match &state.front().page {
        Page::Pair(pair) => {
            let breakpoints = pair.transport().breakpoints().iter().map(unhit).collect();
            (pair.bookmarks().notes().clone(), pair.timeline().anchor().clone(), breakpoints, pair.arranged())
        }
        _ => Default::default(),
    };
    Authored { notes, overrides: overrides(state), anchor, breakpoints, lanes, filters }
}

/// How often a breakpoint stopped is nothing that a person authored.
fn unhit(breakpoint: &Breakpoint) -> Breakpoint {
    Breakpoint { hits: 0, ..breakpoint.clone() }
}

/// Notes a change before it is made.
fn record(state: &mut State, what: String, note: Option<usize>, change: impl FnOnce(&mut Authored)) {
    let before = now(state);
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        state.front_mut().history.record(Step { what, before, after, note });
    }
}

/// Decides about fields; the decisions begin as the pack's own.
pub fn decide(state: &mut State, what: String, change: impl FnOnce(&mut Overrides, &Spec)) -> Vec<Effect> {
    let mut overrides = overrides(state);
    let spec = state.pair().map(|pair| pair.analysis().spec.clone()).unwrap_or_default();
    change(&mut overrides, &spec);
    record(state, what, None, |authored| authored.overrides = overrides.clone());
    decided(state, overrides)
}

/// Compares again by these decisions, and saves them with the pack: they speak of the sides as they are recorded, however those
/// are shown.
fn decided(state: &mut State, overrides: Overrides) -> Vec<Effect> {
    let mut effects = again(state, |request| request.overrides = Some(Box::new(overrides)));
    if let Some(Effect::Load(_, Request { paths, overrides: Some(overrides), .. })) = effects.first() {
        effects.push(Effect::SaveSpec(paths.clone(), overrides.clone()));
    }
    effects
}

/// Carries out a change of the bookmarks.
pub fn bookmark(state: &mut State, command: BookmarkCommand) -> Vec<Effect> {
    let before = now(state);
    let Page::Pair(pair) = &mut state.front_mut().page else { return Vec::new() };
    let note = if let BookmarkCommand::Write(place, _) = command { Some(place) } else { None };
    pair.apply(PairCommand::Bookmark(command));
    let notes = pair.bookmarks().notes().clone();
    if notes == before.notes {
        return Vec::new();
    }
    let what = match notes.bookmarks.len().cmp(&before.notes.bookmarks.len()) {
        std::cmp::Ordering::Greater => "a new bookmark",
        std::cmp::Ordering::Less => "removing a bookmark",
        std::cmp::Ordering::Equal if note.is_some() => "writing a note",
        std::cmp::Ordering::Equal => "a bookmarked range",
    };
    let after = Authored { notes, ..before.clone() };
    state.front_mut().history.record(Step { what: what.to_owned(), before, after, note });
    keep(state).into_iter().collect()
}

/// Carries out a change of where the times of both sides meet.
pub fn sync(state: &mut State, command: SyncCommand) {
    let before = now(state);
    let Page::Pair(pair) = &mut state.front_mut().page else { return };
    pair.apply(PairCommand::Sync(command));
    let anchor = pair.timeline().anchor().clone();
    if anchor == before.anchor {
        return;
    }
    let what = match anchor.points().len().cmp(&before.anchor.points().len()) {
        std::cmp::Ordering::Greater => "a new sync point",
        std::cmp::Ordering::Less => "removing sync points",
        std::cmp::Ordering::Equal => "where times meet",
    };
    let after = Authored { anchor, ..before.clone() };
    state.front_mut().history.record(Step { what: what.to_owned(), before, after, note: None });
}

/// Carries out what may change the breakpoints.
pub fn breakpoint(state: &mut State, command: PairCommand) {
    let before = now(state);
    let Page::Pair(pair) = &mut state.front_mut().page else { return };
    pair.apply(command);
    let after = now(state);
    if after == before {
        return;
    }
    let what = match (after.breakpoints.len(), before.breakpoints.len()) {
        (now, then) if now > then => "a new breakpoint",
        (now, then) if now == then => "changing a breakpoint",
        (_, 1) => "removing a breakpoint",
        (0, _) => "removing all breakpoints",
        _ => "removing a breakpoint",
    };
    state.front_mut().history.record(Step { what: what.to_owned(), before, after, note: None });
}

/// Carries out what may pin, hide, show or move lanes.
pub fn lanes(state: &mut State, command: PairCommand) {
    let before = now(state);
    let Page::Pair(pair) = &mut state.front_mut().page else { return };
    let hidden = pair.timeline().hidden();
    let done = command.clone();
    pair.apply(command);
    let (lanes, filters) = pair.arranged();
    if lanes == before.lanes && filters == before.filters {
        return;
    }
    let what = match done {
        PairCommand::Lane(command) | PairCommand::Timeline(TimelineCommand::Lane(_, command)) => match command {
            LaneCommand::Pin => "pinning a lane or letting it go",
            LaneCommand::Hide if pair.timeline().hidden() > hidden => "hiding a lane",
            LaneCommand::Hide => "showing a lane again",
            LaneCommand::Only if pair.timeline().only().is_some() => "showing only one lane",
            LaneCommand::Only => "showing the other lanes again",
            _ => "moving a lane",
        },
        PairCommand::ShowLane(_) => "showing a lane again",
        PairCommand::Timeline(TimelineCommand::AllLanes) => "showing all lanes",
        _ => "the order of all lanes",
    };
    let after = Authored { lanes, filters, ..before.clone() };
    state.front_mut().history.record(Step { what: what.to_owned(), before, after, note: None });
}

/// Goes a step back, or forward again.
pub fn go(state: &mut State, back: bool) -> Vec<Effect> {
    if state.pair().is_none() {
        return Vec::new();
    }
    let step = state.front_mut().history.go(back).cloned();
    let now = now(state);
    let Page::Pair(pair) = &mut state.front_mut().page else { return Vec::new() };
    let Some(step) = step else {
        pair.tell(if back { "There is nothing to undo." } else { "There is nothing to redo." }.to_owned());
        return Vec::new();
    };
    // Lanes come with a growing recording, and filters are typed, without a step: only a step about them sets them.
    let arranges = step.before.lanes != step.after.lanes;
    let filters = step.before.filters != step.after.filters;
    let target = if back { step.before } else { step.after };
    let mut effects = Vec::new();
    pair.tell(format!("{}: {}.", if back { "Undone" } else { "Redone" }, step.what));
    if target.anchor != now.anchor {
        pair.set_anchor(target.anchor);
    }
    if arranges || filters {
        pair.set_arranged(Some(&target.lanes).filter(|_| arranges), Some(target.filters).filter(|_| filters));
    }
    let stops = target.breakpoints != now.breakpoints;
    if stops {
        pair.set_breakpoints(target.breakpoints);
    }
    if target.notes != now.notes {
        pair.set_notes(target.notes, &[]);
        effects.extend(keep(state));
    }
    if stops && note_working(state.tabs.front(), &mut state.workings) {
        effects.push(Effect::Save);
    }
    if target.overrides != now.overrides {
        effects.extend(decided(state, target.overrides));
    }
    effects
}

/// Keeps the notes, the sides as they are recorded. The same pack in another tab has the same notes.
fn keep(state: &mut State) -> Option<Effect> {
    let front = state.front().id;
    let (paths, notes) = recorded_notes(state.front())?;
    for tab in state.tabs.iter_mut().filter(|tab| tab.id != front) {
        let (Page::Pair(pair), Some(open)) = (&mut tab.page, &tab.open) else { continue };
        if open.paths == paths {
            pair.set_notes(if open.swapped { notes.clone().exchanged() } else { notes.clone() }, &[]);
        }
    }
    Some(Effect::SaveNotes(paths, Box::new(notes)))
}

/// What a tab's pair was opened by, and its notes with the sides as they are recorded.
fn recorded_notes(tab: &Tab) -> Option<(Vec<PathBuf>, Notes)> {
    let (Page::Pair(pair), Some(open)) = (&tab.page, &tab.open) else { return None };
    let notes = pair.bookmarks().notes().clone();
    Some((open.paths.clone(), if open.swapped { notes.exchanged() } else { notes }))
}

/// The notes that another tab has about what this load opens, with the sides as the request shows them.
pub fn shared_notes(state: &State, job: u64, request: &Request) -> Option<Notes> {
    let own = state.tabs.loading(job)?.id;
    let mut others = state.tabs.iter().filter(|tab| tab.id != own).filter_map(recorded_notes);
    let (_, notes) = others.find(|(paths, _)| *paths == request.paths)?;
    Some(if request.swapped { notes.exchanged() } else { notes })
}

/// Saves the view of a tab where a person chose; where no dialog could be shown, beside what is open.
pub fn save(state: &State, tab: TabId, picked: Result<Vec<PathBuf>, String>) -> Vec<Effect> {
    let Some(tab) = state.tabs.get(tab) else { return Vec::new() };
    let opened = tab.open.as_ref().and_then(|open| open.paths.last());
    let path = match picked {
        Ok(paths) => paths.into_iter().next(),
        Err(_) => Some(beside(opened.map_or(Path::new("reference-plant"), PathBuf::as_path), Ask::SaveView)),
    };
    let path = path.filter(|_| matches!(tab.page, Page::Pair(_) | Page::Requests(_) | Page::Control(_)));
    path.map(|path| Effect::SaveView(tab.id, path)).into_iter().collect()
}

/// A free name beside what is open: `incident.dettrace-view`, `incident-1.slice`.
pub(super) fn beside(opened: &Path, ask: Ask) -> PathBuf {
    let name = opened.file_name().map_or_else(|| "incident".into(), |name| name.to_string_lossy().into_owned());
    let ending = match ask {
        Ask::Slice => "slice",
        Ask::Picture => pictures::PIXELS,
        _ => view_file::ENDING,
    };
    let free = |n: u32| {
        let number = if n == 0 { String::new() } else { format!("-{n}") };
        opened.with_file_name(format!("{name}{number}.{ending}"))
    };
    (0..1000).map(free).find(|path| !path.exists()).unwrap_or_else(|| free(0))
}
