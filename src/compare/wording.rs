//! Causes in words: headline, reason, rule and sureness.

use super::answer::{Cause, CauseKind, Explains};
use super::causes::Contention;
use super::engine::{Input, name_event};
use super::late::gap;
use crate::trace::{EventIndex, Side, grouped};

/// Puts each cause into words: headline, reason, rule and sureness. `contentions` are where they begin.
pub(crate) fn word(input: &Input<'_>, causes: &mut [Cause], contentions: &[&Contention]) {
    let number = causes.len();
    for i in 0..number {
        let next = causes.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, c)| c.explains.rows).max();
        let rows = causes[i].explains.rows;
        let mut sureness = match next {
            None => "only candidate".to_owned(),
            Some(next) if i == 0 && rows >= 2 * next.max(1) => "clear".to_owned(),
            Some(_) if i == 0 => "not separated from #2".to_owned(),
            Some(_) => format!("candidate {} of {number}", i + 1),
        };
        let contention = contentions[i];
        if contention.second {
            sureness = format!("{sureness}, at the place of #{i}");
        }
        if contention.by_order {
            sureness.push_str(", partly by order only");
        }
        if !contention.callers.is_empty() {
            sureness.push_str(", by nesting");
        }
        let before = match contention.begun {
            Some(_) => "nothing but the span that was begun before",
            None if contention.callers.is_empty() => "nothing",
            None => "nothing but its callers",
        };
        let before = format!("{before} that differs happened before it");
        let parts = format!("explains {}, begins at #{}, {}", many(rows), causes[i].index, causes[i].kind.phrase());
        let rule = match next {
            None => format!("{before}; {parts}"),
            Some(next) => format!(
                "{before}; what begins first comes first, unless it explains next to nothing: \
                 it {parts}; of the others, none explains more than {}",
                many(next)
            ),
        };
        let cause = &mut causes[i];
        cause.sureness = sureness;
        cause.rule = rule;
        (cause.headline, cause.reason) = words(input, cause, contention);
        if contention.second {
            cause.reason =
                format!("{} It begins where #{i} does, and only their order says which began.", cause.reason);
        }
        if contention.by_order {
            cause
                .reason
                .push_str(" Several lanes part at this place; that they belong together is told by their order only.");
        }
    }
}

/// True when a person said that these two are not the same event.
fn is_parted(input: &Input<'_>, side: Side, event: EventIndex, other: EventIndex) -> bool {
    input.hand.not(side, event).any(|not| not == other)
}

/// `1 row`, `2,000 rows`.
fn many(rows: u32) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(rows.into())) }
}

fn words(input: &Input<'_>, cause: &Cause, contention: &Contention) -> (String, String) {
    let this = name_event(input, cause.side, cause.index);
    let other = cause.other.map(|o| name_event(input, cause.side.other(), o));
    let lane = cause.lanes.first().map_or("", |&l| input.names.lanes[l as usize].as_str());
    let (i, side) = (cause.index, cause.side);
    let overtaken = cause.overtaken.map(|at| (name_event(input, side.other(), at), at));
    let (headline, what) = match cause.kind {
        CauseKind::OrderInversion => match overtaken {
            Some((ahead, at)) => (
                format!("{this} overtook {ahead} on {lane}"),
                format!(
                    "On {lane}, {side} #{i} {this} comes before {ahead}, which {} has first (#{at}).",
                    side.other()
                ),
            ),
            None => {
                (format!("{this} out of order on {lane}"), format!("On {lane}, {side} #{i} {this} is out of order."))
            }
        },
        CauseKind::MissingEvent => {
            (format!("{this} never happened"), format!("On {lane}, expected #{i} {this} has no counterpart in actual."))
        }
        CauseKind::ExtraEvent => (
            format!("{this} is not expected"),
            format!("On {lane}, actual #{i} {this} has no counterpart in expected."),
        ),
        CauseKind::DuplicateEvent => (
            format!("{this} happened again"),
            format!("On {lane}, actual #{i} {this} is there once more; expected has it once."),
        ),
        CauseKind::EventMismatch => match (&other, cause.other) {
            (Some(other), Some(at)) if *other == this && is_parted(input, side, i, at) => (
                format!("{this} is another"),
                format!("On {lane}, {side} #{i} {this} is said by hand not to be {} #{at}.", side.other()),
            ),
            (Some(other), Some(_)) if *other == this => (
                format!("{this} differs"),
                format!("On {lane}, {side} #{i} {this} has other values than its counterpart in {}.", side.other()),
            ),
            (Some(other), Some(at)) => (
                format!("{this} instead of {other}"),
                format!("On {lane}, expected goes on with #{at} {other}, actual with #{i} {this}."),
            ),
            _ => (format!("{this} differs"), format!("On {lane}, {side} #{i} {this} differs.")),
        },
        CauseKind::LateEvent => {
            let gap = |side: Side, event| gap(input.traces[side], event);
            let gaps = cause.other.and_then(|other| Some((gap(side.other(), other)?, gap(side, i)?)));
            let word = if gaps.is_some_and(|(expected, actual)| actual < expected) { "early" } else { "late" };
            (format!("{this} is {word}"), format!("On {lane}, actual #{i} {this} is {word} after what it follows."))
        }
        CauseKind::ValueDrift => {
            (format!("{this} drifts"), format!("On {lane}, a measure of actual #{i} {this} is beyond its tolerance."))
        }
        CauseKind::Truncated => (format!("ends at {this}"), format!("On {lane}, {side} ends at #{i} {this}.")),
    };
    let Explains { rows, of } = cause.explains;
    let effect = match (rows, of) {
        (_, 0) => "Nothing differs after it.".to_owned(),
        (rows, of) => {
            format!("It explains {} of {} later differing rows.", grouped(rows.into()), grouped(of.into()))
        }
    };
    let before = match (contention.begun, contention.callers.last()) {
        (Some((side, event)), _) => {
            format!("{side} #{event} is the same span, begun before: it never ended, for it began once more.")
        }
        (None, None) => "Nothing that differs happened before it on any lane it touches.".to_owned(),
        (None, Some(&(side, event))) => format!(
            "What called it differs too, from {side} #{event} {} on; a caller's event tells how its calls went, so it began here.",
            name_event(input, side, event)
        ),
    };
    let reason = format!("{what} {before} {effect}");
    (headline, reason)
}
