//! Between events and signals: what is open is read the other way, and the moment that is looked at stays the same.

use super::again;
use crate::analyse::{event_of, moment_of};
use crate::app::command::Effect;
use crate::app::control::{ControlCommand, ControlPage, ControlView};
use crate::app::pair::{Pair, PairCommand};
use crate::app::state::{Page, State};
use crate::app::tabs::Otherwise;

/// Reads what is open as signals where it is open as something else, and as events where it is open as signals.
pub fn read_otherwise(state: &mut State) -> Vec<Effect> {
    let signals = state.control().is_none();
    let decided = state.pair().map(|pair| pair.analysis().pack.overrides.clone());
    again(state, |request| {
        let mut overrides = request.overrides.as_deref().cloned().or(decided).unwrap_or_default();
        overrides.signals = Some(signals);
        request.overrides = Some(Box::new(overrides));
    })
}

/// Shows the events as they were last seen, and selects that of the moment at the cursor, if there is one.
pub fn to_event(from: &ControlPage, pair: &mut Pair, otherwise: &mut Otherwise) {
    if let Some(seen) = otherwise.events.take() {
        // What changed on disk since may lack some of it.
        let _missing = pair.set_saved(&seen);
    }
    otherwise.signals = Some(from.seen());
    let sheet = from.recorded();
    let sample = sheet.cursors().at.and_then(|at| sheet.plots().sample_at(at));
    let event = sample.and_then(|(side, axis, index)| event_of(sheet.control(), side, axis, index, pair.analysis()));
    // Selecting what is selected would bring it into sight, where a person did not have it.
    if let Some((side, event)) = event.filter(|event| pair.selected_event() != Some(*event)) {
        pair.apply(PairCommand::SelectEvent(side, event));
    }
}

/// Shows the signals as they were last seen, with the cursor at the moment of the selected event, if there is one.
pub fn to_moment(from: &Pair, page: &mut ControlPage, otherwise: &mut Otherwise) {
    if let Some(seen) = otherwise.signals.take() {
        let _missing = page.set_seen(&seen);
    }
    otherwise.events = Some(from.saved());
    let sheet = page.recorded();
    let sample =
        from.selected_event().and_then(|(side, event)| moment_of(from.analysis(), side, event, sheet.control()));
    if let Some(at) = sample.and_then(|sample| sheet.plots().time_of(sample)) {
        page.look_at(at);
    }
}

/// Shows the reference plant: in the loop that is open, else in a tab where nothing is lost.
pub fn what_if(state: &mut State) -> Vec<Effect> {
    if state.control().is_none() {
        if !state.front().is_free() {
            state.tabs.add(state.tabs.len());
        }
        let page = ControlPage::of_the_plant();
        let tab = state.tabs.front_mut();
        (tab.open, tab.page) = (None, Page::Control(Box::new(page)));
    }
    if let Page::Control(page) = &mut state.tabs.front_mut().page {
        page.apply(ControlCommand::Show(ControlView::WhatIf));
    }
    vec![Effect::Save]
}
