//! What a person authors about the opened pair: carried out, noted for undo, and kept with the pack.

use std::path::{Path, PathBuf};

use super::command::Effect;
use super::history::{Authored, Step};
use super::pair::{BookmarkCommand, PairCommand};
use super::state::{Ask, Page, Request, State};
use super::update::again;
use super::view_file;
use crate::notes::Notes;
use crate::pack::Overrides;
use crate::spec::Spec;

/// The decisions in force: those that were just made and are not answered yet, else those of the opened pair.
fn overrides(state: &State) -> Overrides {
    let waiting = state.loading.as_ref().filter(|loading| loading.quiet).map(|loading| &loading.request);
    match waiting.or(state.open.as_ref()).and_then(|request| request.overrides.as_deref()) {
        Some(overrides) => overrides.clone(),
        None => state.pair().map(|pair| pair.analysis().pack.overrides.clone()).unwrap_or_default(),
    }
}

fn now(state: &State) -> Authored {
    let notes = match &state.page {
        Page::Pair(pair) => pair.bookmarks().notes().clone(),
        _ => Notes::default(),
    };
    Authored { notes, overrides: overrides(state) }
}

/// Notes a change before it is made.
fn record(state: &mut State, what: String, note: Option<usize>, change: impl FnOnce(&mut Authored)) {
    let before = now(state);
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        state.history.record(Step { what, before, after, note });
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

/// Compares again by these decisions, and saves them with the pack. Those about exchanged sides are no matter of the pack.
fn decided(state: &mut State, overrides: Overrides) -> Vec<Effect> {
    let mut effects = again(state, |request| request.overrides = Some(Box::new(overrides)));
    if let Some(Effect::Load(Request { paths, overrides: Some(overrides), swapped: false, .. })) = effects.first() {
        effects.push(Effect::SaveSpec(paths.clone(), overrides.clone()));
    }
    effects
}

/// Carries out a change of the bookmarks.
pub fn bookmark(state: &mut State, command: BookmarkCommand) -> Vec<Effect> {
    let before = now(state);
    let Page::Pair(pair) = &mut state.page else { return Vec::new() };
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
    state.history.record(Step { what: what.to_owned(), before, after, note });
    keep(state).into_iter().collect()
}

/// Goes a step back, or forward again.
pub fn go(state: &mut State, back: bool) -> Vec<Effect> {
    if state.pair().is_none() {
        return Vec::new();
    }
    let step = state.history.go(back).cloned();
    let now = now(state);
    let Page::Pair(pair) = &mut state.page else { return Vec::new() };
    let Some(step) = step else {
        pair.tell(if back { "There is nothing to undo." } else { "There is nothing to redo." }.to_owned());
        return Vec::new();
    };
    let target = if back { step.before } else { step.after };
    let mut effects = Vec::new();
    pair.tell(format!("{}: {}.", if back { "Undone" } else { "Redone" }, step.what));
    if target.notes != now.notes {
        pair.set_notes(target.notes, &[]);
        effects.extend(keep(state));
    }
    if target.overrides != now.overrides {
        effects.extend(decided(state, target.overrides));
    }
    effects
}

/// Keeps the notes, the sides as they are recorded.
fn keep(state: &State) -> Option<Effect> {
    let (Page::Pair(pair), Some(open)) = (&state.page, &state.open) else { return None };
    let notes = pair.bookmarks().notes().clone();
    let notes = if open.swapped { notes.exchanged() } else { notes };
    Some(Effect::SaveNotes(open.paths.clone(), Box::new(notes)))
}

/// Saves the view where a person chose; where no dialog could be shown, beside what is open.
pub fn save(state: &State, picked: Result<Vec<PathBuf>, String>) -> Vec<Effect> {
    let opened = state.open.as_ref().and_then(|open| open.paths.last());
    let path = match picked {
        Ok(paths) => paths.into_iter().next(),
        Err(_) => opened.map(|opened| beside(opened, Ask::SaveView)),
    };
    path.filter(|_| matches!(state.page, Page::Pair(_))).map(Effect::SaveView).into_iter().collect()
}

/// A free name beside what is open: `incident.dettrace-view`, `incident-1.slice`.
pub(super) fn beside(opened: &Path, ask: Ask) -> PathBuf {
    let name = opened.file_name().map_or_else(|| "incident".into(), |name| name.to_string_lossy().into_owned());
    let ending = if ask == Ask::Slice { "slice" } else { view_file::ENDING };
    let free = |n: u32| {
        let number = if n == 0 { String::new() } else { format!("-{n}") };
        opened.with_file_name(format!("{name}{number}.{ending}"))
    };
    (0..1000).map(free).find(|path| !path.exists()).unwrap_or_else(|| free(0))
}
