//! Watching folders: begun, told of changes, and what a person does with their runs.

use std::path::PathBuf;

use super::tabs::open;
use crate::app::command::Effect;
use crate::app::message::Level;
use crate::app::recents::Recent;
use crate::app::settings::Attention;
use crate::app::state::{Ask, Page, Request, State};
use crate::app::tabs::{Tab, TabId};
use crate::app::watching::{News, WatchCommand, Watching};

/// Makes a tab watch what it waits for.
pub fn begin(tab: &mut Tab) {
    if let Some(loading) = tab.loading.take() {
        tab.open = None;
        tab.changed.clear();
        let mut page = Watching::new(loading.request);
        if let Some(seen) = loading.before.and_then(|before| before.seen_watching) {
            page.set_seen(seen);
        }
        tab.page = Page::Watching(Box::new(page));
    }
}

/// Remembers a folder that a person wants to be watched.
pub fn remember(state: &mut State, request: &Request) {
    if request.watch.is_some() {
        let request = request.clone().absolute();
        state.recents.remember(Recent { title: request.label(), verdict: String::new(), request, missing: None });
    }
}

/// Watches what the path field says.
pub fn typed(state: &mut State) -> Vec<Effect> {
    if let [one] = crate::app::paths::typed(&state.path_field).as_slice() {
        return open(state, Request::watch(one.clone()));
    }
    let text = "Type or paste the path of one folder to be watched; one with spaces in quotes.";
    state.messages.say(Level::Error, text, None);
    Vec::new()
}

/// Takes in what was chosen in a file dialog.
pub fn picked(state: &mut State, ask: Ask, tab: TabId, mut paths: Vec<PathBuf>) -> Vec<Effect> {
    let Some(path) = paths.pop() else { return Vec::new() };
    if ask == Ask::Watch {
        return open(state, Request::watch(path));
    }
    match state.tabs.get_mut(tab).map(|tab| &mut tab.page) {
        Some(Page::Watching(page)) => saved(page.apply(WatchCommand::Baseline(Some(path)))),
        _ => Vec::new(),
    }
}

/// Takes in what changed in a watched folder; nothing of a time before it was begun anew.
pub fn take(state: &mut State, tab: TabId, number: u64, news: News) -> Vec<Effect> {
    if let Some(Page::Watching(page)) = state.tabs.get_mut(tab).map(|tab| &mut tab.page)
        && page.number() == number
        && page.take(news)
        && state.settings.attention == Attention::NewFailures
    {
        return vec![Effect::Attention];
    }
    Vec::new()
}

/// Carries out a command about the watched folder in front.
pub fn change(state: &mut State, command: WatchCommand) -> Vec<Effect> {
    if state.pair().is_some() || state.control().is_some() {
        super::growth::change(state, &command);
    }
    let Page::Watching(page) = &mut state.front_mut().page else { return Vec::new() };
    match command {
        WatchCommand::Open => {
            let paths = page.selected().map(|(_, known)| known.entry.run.paths.clone());
            paths.map_or_else(Vec::new, |paths| open(state, Request::paths(paths)))
        }
        WatchCommand::BaselineHere => {
            if let Err(why) = page.baseline_here() {
                state.messages.say(Level::Error, why, None);
                return Vec::new();
            }
            saved(page.apply(command))
        }
        command => {
            let before = page.seen();
            let changed = page.apply(command);
            saved(changed || page.seen() != before)
        }
    }
}

/// Looks at everything anew.
pub fn again(state: &mut State) -> Vec<Effect> {
    if let Page::Watching(page) = &mut state.front_mut().page {
        page.begin();
    }
    Vec::new()
}

/// Lets go of the selection, then of the filter.
pub fn escape(state: &mut State) -> Vec<Effect> {
    let Page::Watching(page) = &mut state.front_mut().page else { return Vec::new() };
    let command = if page.selected().is_some() { WatchCommand::Deselect } else { WatchCommand::Filter(String::new()) };
    let before = page.seen();
    let changed = page.apply(command);
    saved(changed || page.seen() != before)
}

fn saved(changed: bool) -> Vec<Effect> {
    changed.then_some(Effect::Save).into_iter().collect()
}
