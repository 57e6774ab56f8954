//! What the end of a load makes of its tab.

use std::sync::Arc;

use super::{changed, crossing, note_search};
use crate::analyse::Analysis;
use crate::app::command::Effect;
use crate::app::control::ControlPage;
use crate::app::growth::Growth;
use crate::app::history::History;
use crate::app::load::{FirstRows, Loaded, Outcome};
use crate::app::message::{Level, Messages};
use crate::app::pair::{Laid, Pair, PairCommand};
use crate::app::recents::Recent;
use crate::app::requests::RequestsPage;
use crate::app::state::{Choose, Failed, Loading, Page, Request, State};
use crate::app::tabs::{Otherwise, Tab, TabId};
use crate::app::{authored, paths, tour};

/// Takes in the first rows of the load of this number, where it covers its tab's page.
pub fn begin(state: &mut State, job: u64, (analysis, laid): FirstRows) {
    let loading = state.tabs.loading_mut(job).and_then(|tab| tab.loading.as_mut());
    if let Some(loading) = loading.filter(|loading| !loading.quiet) {
        loading.rows = Some(Box::new(Pair::beginning(analysis, laid)));
    }
}

/// Goes somewhere in the first rows of a load. Whatever needs all of them has to wait.
pub fn in_first_rows(loading: &mut Loading, command: PairCommand) {
    if let Some(rows) = loading.rows.as_mut().filter(|_| command.is_of_rows()) {
        loading.moved |= command.goes();
        rows.apply(command);
    }
}

/// Takes in how the load of this number ended; nothing where no tab waits for it any more. Which tab is in front stays.
pub fn take(state: &mut State, job: u64, outcome: Outcome) -> Vec<Effect> {
    let Outcome { mut request, remember, view, result } = outcome;
    let (named, saved) = view.map(|view| *view).unzip();
    // A view file was opened: from here on it is what the file names.
    if let Some(named) = named.filter(|_| !matches!(&result, Ok(Loaded::Choose { .. }) | Err(_))) {
        request = named;
    }
    // Another tab may have written notes about the same pack while this one was reading them.
    let shared = authored::shared_notes(state, job, &request);
    let in_front = state.front().loading.as_ref().is_some_and(|loading| loading.job == job);
    let Some(tab) = state.tabs.loading_mut(job) else { return Vec::new() };
    let Some(loading) = tab.loading.take() else { return Vec::new() };
    tab.from = None;
    if !loading.quiet {
        tab.otherwise = Otherwise::default();
    }
    match result {
        Ok(Loaded::Ready(analysis, laid, kept)) => {
            let mut pair = match &tab.page {
                Page::Pair(old) if loading.quiet => {
                    let exchanged = tab.open.as_ref().is_some_and(|open| open.swapped != request.swapped);
                    if exchanged {
                        tab.history.exchange();
                    }
                    old.with_analysis(analysis, laid, exchanged, &kept.found)
                }
                _ => {
                    tab.history = History::default();
                    let mut pair = fresh(analysis, laid, &request, state.last_search.as_ref());
                    pair.set_working(&state.workings.of(&request));
                    pair.set_notes(shared.unwrap_or(kept.notes), &kept.found);
                    if let Some(view) = &saved {
                        told(&mut state.messages, view.show_pair(&mut pair));
                    }
                    if let Some(view) = saved.as_ref().filter(|_| in_front) {
                        match view.layout() {
                            Ok(layout) => layout.into_iter().for_each(|layout| state.layout.take_over(layout)),
                            Err(why) => state.messages.say(Level::Warning, why, None),
                        }
                        state.layout.show(pair.view().into());
                    }
                    let asked = saved.is_some();
                    if let (None, Some(seen)) = (saved, loading.before.and_then(|before| before.seen)) {
                        // What changed on disk since may lack some of it, which nobody asked for by name.
                        let _missing = pair.set_saved(&seen);
                    }
                    match &loading.rows {
                        Some(rows) if !asked => pair.goes_on_from(rows, loading.moved),
                        _ => pair,
                    }
                }
            };
            if let Page::Control(old) = &tab.page {
                crossing::to_event(old, &mut pair, &mut tab.otherwise);
            }
            if let Some(trouble) = kept.trouble {
                state.messages.say(Level::Warning, trouble, None);
            }
            let pack = &pair.analysis().pack;
            let mut files = paths::files_of(pack);
            if pair.analysis().envelope.is_some() {
                // A good run that comes or changes is one more to judge by.
                files.extend(request.paths.first().cloned());
            }
            let verdict = pair.analysis().comparison.verdict.word().to_owned();
            if remember {
                let title = pack.title.clone();
                state.recents.remember(Recent { title, verdict, request: request.clone(), missing: None });
            }
            let id = tab.id;
            tab.open = Some(request);
            let meanwhile = std::mem::take(&mut tab.changed);
            tab.growth = Growth::of(job, &tab.growth);
            tab.page = Page::Pair(Box::new(pair));
            note_search(tab, &mut state.last_search);
            let mut effects = tour::begin(state);
            effects.extend([Effect::Watch(id, files), Effect::Save]);
            effects.extend(again(state, id, meanwhile));
            effects
        }
        Ok(Loaded::Requests(survey, chart)) => {
            let title = if let [_] = request.paths.as_slice() { Some(request.label()) } else { None };
            let mut page = RequestsPage::new(survey, *chart, title);
            if let Some(view) = &saved {
                told(&mut state.messages, view.show_requests(&mut page));
            } else if let (Page::Requests(old), true) = (&tab.page, loading.quiet) {
                page.take_over(old);
            } else if let Some(seen) = loading.before.and_then(|before| before.seen_requests) {
                // What changed on disk since may lack some of it, which nobody asked for by name.
                let _missing = page.set_seen(&seen);
            }
            let files = page.survey().files.iter().flat_map(|source| source.files()).collect();
            if remember {
                let (title, verdict) = (page.title().to_owned(), page.verdict().word().to_owned());
                state.recents.remember(Recent { title, verdict, request: request.clone(), missing: None });
            }
            let id = tab.id;
            tab.open = Some(request);
            let meanwhile = std::mem::take(&mut tab.changed);
            tab.page = Page::Requests(Box::new(page));
            let mut effects = vec![Effect::Watch(id, files), Effect::Save];
            effects.extend(again(state, id, meanwhile));
            effects
        }
        Ok(Loaded::Control(control, plots)) => {
            let title = if let [_] = request.paths.as_slice() { Some(request.label()) } else { None };
            let mut page = ControlPage::new(control, plots, title);
            if let Some(view) = &saved {
                told(&mut state.messages, view.show_control(&mut page));
            } else if let (Page::Control(old), true) = (&tab.page, loading.quiet) {
                page.take_over(old);
            } else if let Some(seen) = loading.before.and_then(|before| before.seen_control) {
                // What changed on disk since may lack some of it, which nobody asked for by name.
                let _missing = page.set_seen(&seen);
            }
            if let Page::Pair(old) = &tab.page {
                crossing::to_moment(old, &mut page, &mut tab.otherwise);
            }
            if remember {
                let (title, verdict) = (page.title().to_owned(), page.verdict().word().to_owned());
                state.recents.remember(Recent { title, verdict, request: request.clone(), missing: None });
            }
            tab.open = Some(request);
            tab.changed.clear();
            tab.growth = Growth::of(job, &tab.growth);
            let files = page.recorded().control().files().filter_map(|source| source.path.clone()).collect();
            tab.page = Page::Control(Box::new(page));
            vec![Effect::Watch(tab.id, files), Effect::Save]
        }
        Ok(Loaded::Plant) => {
            let mut page = ControlPage::of_the_plant();
            if let Some(view) = &saved {
                told(&mut state.messages, view.show_control(&mut page));
            }
            tab.open = None;
            tab.changed.clear();
            tab.page = Page::Control(Box::new(page));
            // It is read from no file: those of what was here before are nobody's any more.
            vec![Effect::Watch(tab.id, Vec::new()), Effect::Save]
        }
        Ok(Loaded::Choose { pack, candidates, why }) => {
            tab.open = None;
            tab.changed.clear();
            tab.page = Page::Choose(Box::new(Choose::new(request, pack, candidates, why)));
            vec![Effect::Save]
        }
        // What is on screen stays when it cannot be read again: the old answer and the sentence are both worth having.
        Err(failure) if loading.quiet => {
            state.messages.say(Level::Error, failure.text, failure.detail);
            Vec::new()
        }
        Err(failure) => {
            tab.open = None;
            tab.changed.clear();
            tab.page = Page::Failed(Failed { request, why: failure.text, detail: failure.detail });
            vec![Effect::Save]
        }
    }
}

/// Telemetry that changed once more while it was read is read once more.
fn again(state: &mut State, id: TabId, meanwhile: Vec<String>) -> Vec<Effect> {
    let concerned = !meanwhile.is_empty() && state.tabs.get(id).is_some_and(Tab::is_telemetry);
    if concerned { changed(state, id, meanwhile) } else { Vec::new() }
}

/// Says what of a view is not here.
fn told(messages: &mut Messages, missing: Vec<String>) {
    for missing in missing {
        messages.say(Level::Warning, missing, None);
    }
}

/// A newly opened pair, with the search that was last made in it.
fn fresh(analysis: Arc<Analysis>, laid: Laid, request: &Request, last_search: Option<&(Request, String)>) -> Pair {
    let mut pair = Pair::new(analysis, laid);
    if let Some((_, query)) = last_search.filter(|(of, query)| of == request && !query.is_empty()) {
        pair.apply(PairCommand::Search(query.clone()));
    }
    pair
}
