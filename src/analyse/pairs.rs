//! What a person decided about pairs of events, brought together with the events that were read.

use super::analysis::Events;
use super::event_name::find_in;
use super::session::note;
use crate::compare::Hand;
use crate::spec::{Overrides, PairDecision};
use crate::trace::{EventIndex, EventName, Sides, Warning, WarningKind, Warnings};

/// Where the events of each decision are now, and the decisions in force. One that names an event that is gone is told, and so
/// is one that a later one overrules.
pub(super) fn find(
    overrides: &Overrides,
    sides: &Sides<Option<Events>>,
    warnings: &mut Warnings,
) -> (Vec<Option<(EventIndex, EventIndex)>>, Hand) {
    let names: Vec<&EventName> = overrides.pairs.iter().flat_map(|pair| [&pair.expected, &pair.actual]).collect();
    if names.is_empty() {
        return (Vec::new(), Hand::default());
    }
    let events = find_in(sides.as_ref().map(Option::as_ref), &names);
    let pairs: Vec<Option<(EventIndex, EventIndex)>> = events.chunks(2).map(|pair| pair[0].zip(pair[1])).collect();
    let decided = overrides.pairs.iter().zip(&pairs);
    let hand = Hand::new(decided.clone().filter_map(|(decision, pair)| pair.map(|(e, a)| (decision.same, e, a))));
    for ((decision, pair), found) in decided.zip(events.chunks(2)) {
        let what = match pair {
            None => {
                let gone = [&decision.expected, &decision.actual].into_iter().zip(found).filter(|(_, e)| e.is_none());
                let gone: Vec<String> = gone.map(|(name, _)| words(name)).collect();
                let verb = if gone.len() == 1 { "is" } else { "are" };
                format!(
                    "{} {verb} not among the events, so the decision that {} says nothing.",
                    gone.join(" and "),
                    said(decision)
                )
            }
            Some((e, a)) if !hand.decisions().contains(&(decision.same, *e, *a)) => {
                format!("The decision that {} is overruled by a later one.", said(decision))
            }
            Some(_) => continue,
        };
        let remedy = "Take the decision back, or make it again for the events that are meant.".to_owned();
        warnings.push(Warning { remedy, ..note(WarningKind::Note, what) });
    }
    (pairs, hand)
}

/// `expected:5 and actual:7 are the same`.
fn said(decision: &PairDecision) -> String {
    let verb = if decision.same { "are" } else { "are not" };
    format!("{} and {} {verb} the same", words(&decision.expected), words(&decision.actual))
}

/// `expected:5@task:2 (TASK_DEQUEUED task:2)`.
fn words(name: &EventName) -> String {
    if name.name.is_empty() { name.anchor.to_string() } else { format!("{} ({})", name.anchor, name.name) }
}
