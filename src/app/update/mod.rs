//! The one place where the window's state changes: a command in, effects out. Pure, so that tests need no window.

mod crossing;
mod growth;
mod loaded;
mod tabs;
#[cfg(test)]
mod tests;
mod watching;

use std::path::PathBuf;
use std::sync::Arc;

use super::authored;
use super::command::{Arrival, Command, Effect};
use super::control::{ControlCommand, ControlPage};
use super::copied;
use super::judged;
use super::layout::{self, Before};
use super::message::Level;
use super::pair::{PairCommand, PairRequest};
use super::requests::{RequestsCommand, RequestsPage};
use super::sides::sides_of;
use super::state::{Ask, Asking, Focus, Loading, Overlay, Page, Request, State};
use super::tabs::{Tab, TabId};
use super::watching::WatchCommand;
use super::working::Workings;
use crate::trace::Side;
use tabs::{open, open_in, start};

/// Carries out one command.
pub fn apply(state: &mut State, command: Command) -> Vec<Effect> {
    let before = Before::of(state, &command);
    let mut effects = change(state, command);
    if before.follow(state) {
        effects.push(Effect::Save);
    }
    for pair in state.tabs.pairs_mut() {
        effects.extend(pair.begin_finds(&mut state.finds).into_iter().map(Effect::Find));
        effects.extend(pair.begin_sort(&mut state.finds).map(Effect::Sort));
    }
    effects
}

pub(super) fn change(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Open(request) => return open(state, request),
        Command::Drop(paths, side) => return dropped(state, paths, side),
        Command::OpenSample(at) => {
            close_overlays(state);
            return vec![Effect::OpenSample(at)];
        }
        Command::OpenPathField => return open_typed(state),
        Command::WatchPathField => return watching::typed(state),
        Command::Ask(ask) if state.asking.is_none() => {
            state.asking = Some(Asking { ask, tab: state.front().id });
            return vec![Effect::Ask(ask)];
        }
        Command::Ask(_) => {}
        Command::CancelAsk => {
            state.asking = None;
            return vec![Effect::CancelAsk];
        }
        Command::Reload => return reload(state),
        Command::ReadOtherwise => return crossing::read_otherwise(state),
        Command::WhatIf => return crossing::what_if(state),
        Command::Home => return tabs::home(state),
        Command::Tab(command) => return tabs::change(state, command),
        Command::CancelLoad => return tabs::cancel(state),
        Command::Choose(side, at) => {
            if let Page::Choose(choose) = &mut state.front_mut().page {
                choose.choose(side, at);
            }
        }
        Command::OpenChosen => {
            if let Page::Choose(choose) = &state.front().page
                && let Ok(request) = choose.request()
            {
                return open_in(state, state.front().id, Loading::new(request, false));
            }
        }
        Command::Forget(at) => {
            state.recents.forget(at);
            return vec![Effect::Save];
        }
        Command::SetPathField(text) => {
            state.path_field = text;
            return vec![Effect::Save];
        }
        Command::Toggle(overlay) => toggle(state, overlay),
        Command::Palette(query, selected) => state.overlay = Some(Overlay::Palette { query, selected }),
        Command::Escape => return escape(state),
        Command::Focus(focus) => {
            state.overlay = None;
            state.focus = Some(focus);
        }
        Command::Focused | Command::Request(PairRequest::Focused) => state.focus = None,
        Command::Prefix(key) => state.prefix = key,
        Command::Set(setting) => {
            state.settings.set(setting);
            return vec![Effect::Save];
        }
        Command::EditKeys => return vec![Effect::EditKeys(Arc::clone(&state.keymap))],
        Command::ReadKeys { asked } => return vec![Effect::ReadKeys { asked }],
        Command::Dismiss(id) => state.messages.dismiss(id),
        Command::DismissAll => state.messages.dismiss_all(),
        Command::DismissChanged => state.front_mut().changed.clear(),
        Command::Copy(text) => return vec![Effect::Copy(text)],
        Command::CopySelected => {
            return copying(state, Effect::CopySelected);
        }
        Command::CopyAs(form) => {
            return copying(state, Effect::CopyAs(form));
        }
        Command::HelpOn(region) => state.overlay = Some(Overlay::Here(Some(region))),
        Command::Tour(step) => return super::tour::go(state, step),
        Command::Slice(command) => return super::slicing::change(state, command),
        Command::Undo => return super::authored::go(state, true),
        Command::Redo => return super::authored::go(state, false),
        Command::Swap | Command::Request(PairRequest::Swap) => {
            return again(state, |request| request.swapped = !request.swapped);
        }
        Command::Request(PairRequest::Pair(command)) | Command::Pair(command) => return change_pair(state, command),
        Command::Requests(command) => {
            if let Page::Requests(page) = &mut state.front_mut().page {
                return change_requests(page, command);
            }
        }
        Command::Control(command) => {
            if let Page::Control(page) = &mut state.front_mut().page {
                return change_control(page, command);
            }
        }
        Command::Watch(command) => return watching::change(state, command),
        Command::Request(PairRequest::ShowNew) => return watching::change(state, WatchCommand::ShowNew),
        Command::Request(PairRequest::Pause) => return watching::change(state, WatchCommand::Pause),
        Command::Layout(command) | Command::Request(PairRequest::Layout(command)) => {
            return layout::change(state, command);
        }
        Command::Request(PairRequest::Messages) => toggle(state, Overlay::Messages),
        Command::Request(PairRequest::Decide(path, decision)) => {
            let what = format!("the decision about {path}");
            return authored::decide(state, what, |overrides, _| overrides.decide(&path, decision));
        }
        Command::Request(PairRequest::Preset(preset)) => {
            let what = "the decisions about all fields".to_owned();
            return authored::decide(state, what, |overrides, spec| preset.decide(overrides, spec));
        }
        Command::Request(PairRequest::SameHere) => return judged::same_here(state),
        Command::Request(PairRequest::NotSame) => return judged::not_same(state),
        Command::Request(PairRequest::ForgetPair(place)) => return judged::forget(state, place),
        Command::Request(PairRequest::ForgetPairs) => return judged::forget_all(state),
        Command::Request(PairRequest::Copy(address)) => {
            if let Page::Pair(pair) = &mut state.front_mut().page {
                pair.tell(format!("Copied {address}."));
            }
            return vec![Effect::Copy(address)];
        }
        Command::Request(PairRequest::CancelJob) if state.front().loading.is_none() => {
            state.front_mut().exporting = None;
        }
        Command::Request(PairRequest::CancelJob) => return change(state, Command::CancelLoad),
        Command::Quit => return vec![Effect::Quit],
        Command::Arrived(arrival) => return arrived(state, arrival),
    }
    Vec::new()
}

/// Copies what is selected, if anything is, and says so.
fn copying(state: &mut State, effect: Effect) -> Vec<Effect> {
    copied::tell(state).then_some(effect).into_iter().collect()
}

fn close_overlays(state: &mut State) {
    state.overlay = None;
    state.prefix = None;
}

/// Two recordings in one drop, or one whose side the pointer named, or a pack.
fn dropped(state: &mut State, paths: Vec<PathBuf>, side: Option<Side>) -> Vec<Effect> {
    let known = state.pair().and(state.front().open.as_ref()).filter(|open| open.paths.len() == 2).cloned();
    match (paths.as_slice(), side, known) {
        ([], _, _) => Vec::new(),
        ([path], Some(side), Some(open_now)) => {
            let at = usize::from((side == Side::Actual) != open_now.swapped);
            let mut request = Request { sides: None, ..open_now };
            request.paths[at].clone_from(path);
            open_in(state, state.front().id, Loading::new(request, false))
        }
        ([_], _, _) => open(state, Request::paths(paths)),
        ([one, two], _, _) => {
            let (sides, how) = sides_of(one, two);
            state.messages.say(Level::Note, how, None);
            open(state, Request::paths([sides.expected, sides.actual]))
        }
        (many, _, _) => {
            let text = format!(
                "{} files were dropped. Drop one pack, one folder, or the two recordings of a pair.",
                many.len()
            );
            state.messages.say(Level::Error, text, None);
            Vec::new()
        }
    }
}

/// The path field holds a path, or two of them, one a line or with quotes as shells and file managers write them.
fn open_typed(state: &mut State) -> Vec<Effect> {
    let paths = super::paths::typed(&state.path_field);
    match paths.len() {
        0 => {
            state.messages.say(Level::Error, "There is no path to open. Type or paste one first.", None);
            Vec::new()
        }
        1 | 2 => open(state, Request::paths(paths)),
        n => {
            let text = format!(
                "That reads as {n} paths. Give one pack, or expected and actual; put a path with spaces in quotes."
            );
            state.messages.say(Level::Error, text, None);
            Vec::new()
        }
    }
}

fn reload(state: &mut State) -> Vec<Effect> {
    let failed = match &state.front().page {
        Page::Failed(failed) => Some(failed.request.clone()),
        Page::Choose(choose) => Some(choose.request.clone()),
        Page::Watching(_) => return watching::again(state),
        Page::Home | Page::Pair(_) | Page::Requests(_) | Page::Control(_) => None,
    };
    match failed {
        Some(request) => open_in(state, state.front().id, Loading::new(request, false)),
        None => again(state, |_| {}),
    }
}

/// Loads what is open again, changed a little, while it stays on screen. What was changed just before, and is not
/// answered yet, stays changed.
pub(super) fn again(state: &mut State, change: impl FnOnce(&mut Request)) -> Vec<Effect> {
    let tab = state.tabs.front_mut();
    let waiting = tab.loading.as_ref().filter(|loading| loading.quiet).map(|loading| &loading.request);
    let Some(mut request) = waiting.or(tab.open.as_ref()).cloned() else { return Vec::new() };
    change(&mut request);
    tab.changed.clear();
    tab.loading = Some(Loading::new(request, true));
    tabs::start(tab, &mut state.loads)
}

fn toggle(state: &mut State, overlay: Overlay) {
    let same =
        state.overlay.as_ref().is_some_and(|open| std::mem::discriminant(open) == std::mem::discriminant(&overlay));
    state.focus = match &overlay {
        _ if same => None,
        Overlay::Palette { .. } => Some(Focus::Palette),
        Overlay::PastePath => Some(Focus::Path),
        _ => None,
    };
    state.overlay = if same { None } else { Some(overlay) };
}

/// From the inside out: a sequence, an overlay, a load, what is open inside the pair.
fn escape(state: &mut State) -> Vec<Effect> {
    if state.prefix.take().is_some() || state.overlay.take().is_some() {
        return Vec::new();
    }
    if state.loading_page().is_some() {
        return change(state, Command::CancelLoad);
    }
    if let Page::Pair(pair) = &mut state.tabs.front_mut().page
        && pair.close_innermost()
    {
        return Vec::new();
    }
    if state.watching().is_some() {
        return watching::escape(state);
    }
    if state.pair().is_some() && state.layout.close_list() {
        return vec![Effect::Save];
    }
    change_pair(state, PairCommand::Search(String::new()))
}

fn change_pair(state: &mut State, command: PairCommand) -> Vec<Effect> {
    let tab = state.tabs.front_mut();
    if let Some(loading) = tab.loading.as_mut().filter(|loading| !loading.quiet && loading.rows.is_some()) {
        loaded::in_first_rows(loading, command);
        return Vec::new();
    }
    if let (Page::Requests(page), Some(command)) = (&mut tab.page, RequestsCommand::like(&command)) {
        return change_requests(page, command);
    }
    if let (Page::Control(page), Some(command)) = (&mut tab.page, ControlCommand::like(&command)) {
        return change_control(page, command);
    }
    if matches!(tab.page, Page::Watching(_)) {
        return WatchCommand::like(&command).map_or_else(Vec::new, |command| watching::change(state, command));
    }
    let Page::Pair(pair) = &mut tab.page else { return Vec::new() };
    let searches = matches!(command, PairCommand::Search(_));
    if let PairCommand::Bookmark(command) = command {
        return authored::bookmark(state, command);
    }
    if let PairCommand::Sync(command) = command {
        authored::sync(state, command);
        return Vec::new();
    }
    if command.arranges_lanes() {
        authored::lanes(state, command);
    } else if command.sets_breakpoints() {
        authored::breakpoint(state, command);
    } else {
        pair.apply(command);
    }
    let tab = state.tabs.front_mut();
    let new = (searches && note_search(tab, &mut state.last_search)) | note_working(tab, &mut state.workings);
    if new { vec![Effect::Save] } else { Vec::new() }
}

/// Carries out a command about windows of requests. Scrolling and the like are kept with the next thing that is.
fn change_requests(page: &mut RequestsPage, command: RequestsCommand) -> Vec<Effect> {
    let before = page.seen().place();
    page.apply(command);
    if page.seen().place() == before { Vec::new() } else { vec![Effect::Save] }
}

/// Carries out a command about a control loop.
fn change_control(page: &mut ControlPage, command: ControlCommand) -> Vec<Effect> {
    let before = page.seen();
    page.apply(command);
    if page.seen() == before { Vec::new() } else { vec![Effect::Save] }
}

/// Notes the breakpoints and filters of a tab's pair; says whether they are new.
pub(super) fn note_working(tab: &Tab, workings: &mut Workings) -> bool {
    let (Page::Pair(pair), Some(open)) = (&tab.page, &tab.open) else { return false };
    workings.note(open, pair.working())
}

/// Notes what is searched for in a tab's pair; says whether that is new.
fn note_search(tab: &Tab, last_search: &mut Option<(Request, String)>) -> bool {
    let (Page::Pair(pair), Some(open)) = (&tab.page, &tab.open) else { return false };
    let query = pair.search().text();
    let known = last_search.as_ref().filter(|(of, _)| of == open).map_or("", |(_, query)| query);
    if query == known {
        return false;
    }
    *last_search = (!query.is_empty()).then(|| (open.clone(), query.to_owned()));
    true
}

fn arrived(state: &mut State, arrival: Arrival) -> Vec<Effect> {
    match arrival {
        Arrival::Progress(job, progress) => {
            if let Some(loading) = state.tabs.loading_mut(job).and_then(|tab| tab.loading.as_mut()) {
                loading.progress = progress;
            }
        }
        Arrival::FirstRows(job, rows) => loaded::begin(state, job, *rows),
        Arrival::Loaded(job, outcome) => return loaded::take(state, job, *outcome),
        // The number of a search is its own: of all pairs only the one that waits for it takes it in.
        Arrival::Found(job, rows, looked_at) => {
            state.tabs.pairs_mut().for_each(|pair| pair.take_found(job, &rows, looked_at));
        }
        Arrival::FindEnded(job, result) => {
            state.tabs.pairs_mut().for_each(|pair| pair.end_find(job, result.clone()));
        }
        Arrival::Sorting(job, progress) => {
            state.tabs.pairs_mut().for_each(|pair| pair.sort_step(job, progress));
        }
        Arrival::Sorted(job, result) => {
            state.tabs.pairs_mut().for_each(|pair| pair.end_sort(job, result.clone()));
        }
        Arrival::Picked(Ask::SaveView, picked) => {
            let tab = asker(state);
            return authored::save(state, tab, picked);
        }
        Arrival::Picked(Ask::Picture, picked) => {
            let tab = asker(state);
            return super::pictures::save(state, tab, picked);
        }
        Arrival::Picked(Ask::Curves, Ok(paths)) => {
            let tab = asker(state);
            return paths.into_iter().next().map(|path| Effect::ExportCurves(tab, path)).into_iter().collect();
        }
        Arrival::Picked(Ask::Slice, picked) => {
            state.asking = None;
            super::slicing::picked(state, picked);
        }
        Arrival::Exported(tab, level, text) => {
            if let Some(tab) = state.tabs.get_mut(tab) {
                tab.exporting = None;
            }
            state.messages.say(level, text, None);
        }
        Arrival::Picked(ask @ (Ask::Watch | Ask::Baseline), Ok(paths)) => {
            let tab = asker(state);
            return watching::picked(state, ask, tab, paths);
        }
        Arrival::Watched(tab, number, news) => return watching::take(state, tab, number, *news),
        Arrival::Grew(tab, number, grown) => growth::take(state, tab, number, *grown),
        Arrival::Picked(_, Ok(paths)) => {
            state.asking = None;
            match paths.len() {
                0 => {}
                2 => return dropped(state, paths, None),
                1 => return open(state, Request::paths(paths)),
                n => state.messages.say(
                    Level::Error,
                    format!("{n} files were chosen. Choose two: expected and actual."),
                    None,
                ),
            }
        }
        Arrival::Picked(_, Err(why)) => {
            state.asking = None;
            state.messages.say(Level::Error, why, None);
            state.overlay = Some(Overlay::PastePath);
            state.focus = Some(Focus::Path);
        }
        Arrival::Keys(file) => super::shortcuts::take(state, file),
        Arrival::Changed(tab, names) => return changed(state, tab, names),
        Arrival::Said(level, text) => state.messages.say(level, text, None),
    }
    Vec::new()
}

/// Recordings of a tab changed on disk. Telemetry is read again as a whole, behind what is seen; of others it is said.
fn changed(state: &mut State, id: TabId, names: Vec<String>) -> Vec<Effect> {
    let Some(tab) = state.tabs.get_mut(id) else { return Vec::new() };
    let again = tab.open.clone().filter(|_| tab.is_telemetry() && tab.loading.is_none());
    let Some(request) = again else {
        tab.changed = names;
        return Vec::new();
    };
    tab.loading = Some(Loading::new(request, true));
    start(tab, &mut state.loads)
}

/// The tab for which the file dialog that ended was shown.
fn asker(state: &mut State) -> TabId {
    state.asking.take().map_or(state.front().id, |asking| asking.tab)
}
