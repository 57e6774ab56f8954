//! Opening packs in tabs, and what is done with tabs.

use super::close_overlays;
use crate::app::command::Effect;
use crate::app::state::{Focus, Loading, Request, State};
use crate::app::tabs::{Tab, TabCommand, TabId};

/// Opens a pack: in the tab that has it already, in the one in front where nothing is open there, else in a new one.
pub fn open(state: &mut State, request: Request) -> Vec<Effect> {
    let front = state.front().id;
    if let Some(id) = state.tabs.with(&request) {
        let failed = state.tabs.get(id).is_some_and(Tab::is_free);
        let mut effects = show(state, id);
        // An empty tab was only the way to the other one.
        if front != id && state.tabs.get(front).is_some_and(Tab::is_home) {
            state.tabs.remove(front);
        }
        if failed {
            effects.extend(open_in(state, id, Loading::new(request, false)));
        }
        return effects;
    }
    if !state.front().is_free() {
        state.tabs.add(state.tabs.len()).from = Some(front);
    }
    open_in(state, state.front().id, Loading::new(request, false))
}

/// Opens something in a tab. What is there stays until the other is.
pub fn open_in(state: &mut State, id: TabId, loading: Loading) -> Vec<Effect> {
    close_overlays(state);
    super::watching::remember(state, &loading.request);
    let Some(tab) = state.tabs.get_mut(id) else { return Vec::new() };
    tab.loading = Some(loading);
    start(tab, &mut state.loads)
}

/// Starts the load that a tab waits for.
pub fn start(tab: &mut Tab, loads: &mut u64) -> Vec<Effect> {
    let Some(loading) = &mut tab.loading else { return Vec::new() };
    if loading.request.watch.is_some() {
        super::watching::begin(tab);
        return vec![Effect::Save];
    }
    *loads += 1;
    loading.job = *loads;
    vec![Effect::Load(loading.job, loading.request.clone())]
}

/// Stops the load in front. A tab that was made for it goes, and what was on screen comes back.
pub fn cancel(state: &mut State) -> Vec<Effect> {
    let tab = state.front_mut();
    if tab.loading.take().is_none() {
        return Vec::new();
    }
    let (id, from) = (tab.id, tab.from.filter(|_| tab.is_home()));
    match from.filter(|&from| state.tabs.get(from).is_some()) {
        Some(from) => {
            state.tabs.remove(id);
            show(state, from)
        }
        None => Vec::new(),
    }
}

/// Makes the tab in front a home page; what was open can be opened again as after closing.
pub fn home(state: &mut State) -> Vec<Effect> {
    close_overlays(state);
    let id = state.front().id;
    state.tabs.remember(id);
    state.tabs.empty(id);
    vec![Effect::Save]
}

/// Carries out a command about tabs.
pub fn change(state: &mut State, command: TabCommand) -> Vec<Effect> {
    match command {
        TabCommand::New => {
            close_overlays(state);
            state.tabs.add(state.tabs.len());
            state.focus = Some(Focus::Path);
            vec![Effect::Save]
        }
        TabCommand::Close(id) => close(state, id.unwrap_or(state.front().id)),
        TabCommand::Reopen => reopen(state),
        TabCommand::Show(id) => show(state, id),
        TabCommand::Nth(place) => show(state, state.tabs.nth(place)),
        TabCommand::Step(by) => show(state, state.tabs.beside(by)),
        TabCommand::Move(by) => {
            let moved = state.tabs.shift(by);
            moved.then_some(Effect::Save).into_iter().collect()
        }
    }
}

/// Brings a tab to the front, and begins to read it if nobody looked at it since the program started.
fn show(state: &mut State, id: TabId) -> Vec<Effect> {
    let moved = state.tabs.show(id);
    if moved {
        close_overlays(state);
        state.focus = None;
    }
    let mut effects = begin(state);
    effects.extend(moved.then_some(Effect::Save));
    effects
}

/// Begins to read what the tab in front waits for.
fn begin(state: &mut State) -> Vec<Effect> {
    let tab = state.tabs.front_mut();
    if tab.loading.as_ref().is_some_and(Loading::waits) { start(tab, &mut state.loads) } else { Vec::new() }
}

fn close(state: &mut State, id: TabId) -> Vec<Effect> {
    close_overlays(state);
    state.focus = None;
    state.tabs.remember(id);
    state.tabs.remove(id);
    let mut effects = begin(state);
    effects.push(Effect::Save);
    effects
}

/// Opens again what was closed last, as it was seen; where it is open anew, that tab comes to the front.
fn reopen(state: &mut State) -> Vec<Effect> {
    let Some((place, kept)) = state.tabs.last_closed() else { return Vec::new() };
    close_overlays(state);
    if let Some(id) = state.tabs.with(&kept.request) {
        return show(state, id);
    }
    state.tabs.wait_for(place, kept);
    let mut effects = begin(state);
    effects.push(Effect::Save);
    effects
}
