//! Whether two events are the same, as a person says it: the first is marked, the second decides.

use super::authored;
use super::command::Effect;
use super::state::{Page, State};
use crate::spec::PairDecision;
use crate::trace::{EventIndex, Side};

/// Marks the selected event; with one of the other side marked already, says that they are the same.
pub fn same_here(state: &mut State) -> Vec<Effect> {
    let Page::Pair(pair) = &mut state.front_mut().page else { return Vec::new() };
    if let Some(why) = refused(pair.analysis()) {
        pair.tell(why);
        return Vec::new();
    }
    match pair.mark_here() {
        Some((expected, actual)) => decide(state, true, expected, actual),
        None => Vec::new(),
    }
}

/// Says that the two events of the selected row are not the same.
pub fn not_same(state: &mut State) -> Vec<Effect> {
    let Page::Pair(pair) = &mut state.front_mut().page else { return Vec::new() };
    if let Some(why) = refused(pair.analysis()) {
        pair.tell(why);
        return Vec::new();
    }
    let Some((expected, actual)) = pair.selected_row().and_then(|row| row.expected.zip(row.actual)) else {
        pair.tell("This row has one event only: there is nothing to part.".to_owned());
        return Vec::new();
    };
    decide(state, false, expected, actual)
}

/// Takes back the decision about a pair at this place of the list.
pub fn forget(state: &mut State, place: usize) -> Vec<Effect> {
    authored::decide(state, "the decision about a pair of events".to_owned(), |overrides, _| {
        if place < overrides.pairs.len() {
            overrides.pairs.remove(place);
        }
    })
}

/// Takes back all decisions about pairs.
pub fn forget_all(state: &mut State) -> Vec<Effect> {
    authored::decide(state, "all decisions about pairs of events".to_owned(), |overrides, _| overrides.pairs.clear())
}

fn refused(analysis: &crate::analyse::Analysis) -> Option<String> {
    let what = if analysis.waveform.is_some() {
        "The changes of a waveform are paired by signal and time; no others can be."
    } else if analysis.sides.expected.is_none() || analysis.sides.actual.is_none() {
        "This trace has no other side."
    } else {
        return None;
    };
    Some(what.to_owned())
}

fn decide(state: &mut State, same: bool, expected: EventIndex, actual: EventIndex) -> Vec<Effect> {
    let swapped = state.front().open.as_ref().is_some_and(|open| open.swapped);
    let Page::Pair(pair) = &mut state.front_mut().page else { return Vec::new() };
    let Some(expected) = pair.name_event(Side::Expected, expected) else { return Vec::new() };
    let Some(actual) = pair.name_event(Side::Actual, actual) else { return Vec::new() };
    let verb = if same { "are" } else { "are not" };
    let words =
        format!("expected #{} and actual #{} {verb} the same event", expected.anchor.index, actual.anchor.index);
    pair.tell(format!("Said by hand: {words}. Undo takes it back."));
    // Decisions speak of the sides as they are recorded.
    let (expected, actual) = if swapped { (actual.exchanged(), expected.exchanged()) } else { (expected, actual) };
    let decision = PairDecision { same, expected, actual };
    authored::decide(state, format!("the decision that {words}"), |overrides, _| overrides.decide_pair(decision))
}
