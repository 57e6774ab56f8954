//! Values that are handed down: a caller and its call that differ by the same value in the same field. Calls get their values
//! from who calls, so what differs that way began above (an outcome goes the other way, and is not looked at).

use super::engine::Input;
use super::rows::{RowClass, Rows};
use crate::spec::{Action, is_outcome_name, same_value};
use crate::trace::{EventIndex, Field, Side, Sides, Value};

/// Calls of one caller that are looked at: with more, what they have in common shows in the first of them.
const CALLS: usize = 64;

/// What reads the fields of an event again, where its values are asked for: a comparison knows their hashes only.
pub trait Values: Sync {
    /// The fields of an event; none where they cannot be read.
    fn of(&self, side: Side, event: EventIndex) -> Vec<Field>;
}

/// A field that both events of a row have, with other values.
pub(crate) struct Change {
    path: String,
    pub(crate) values: Sides<Value>,
}

/// True when a caller hands down what differs in it: one of its `calls` (rows) has the same change, and none has the old value
/// still.
pub(crate) fn hands_down(
    input: &Input<'_>,
    rows: &Rows,
    values: &dyn Values,
    (expected, actual): (EventIndex, EventIndex),
    calls: impl Iterator<Item = u32>,
) -> bool {
    let mut handed = changes(input, values, expected, actual);
    handed.retain(|change| !is_outcome_name(&change.path));
    if handed.is_empty() {
        return false;
    }
    let both = |at: u32| rows.get(at).expected.zip(rows.get(at).actual);
    let (same, changed): (Vec<u32>, Vec<u32>) = calls.take(CALLS).partition(|&at| rows.get(at).class == RowClass::Same);
    for event in same.into_iter().filter_map(|at| rows.get(at).expected) {
        let kept = values.of(Side::Expected, event);
        handed.retain(|change| {
            let kept = kept.iter().find(|field| field.path == change.path);
            kept.is_none_or(|kept| !same_value(&kept.value, &change.values.expected))
        });
    }
    let mut below = changed.into_iter().filter_map(both).flat_map(|(e, a)| changes(input, values, e, a));
    below.any(|below| handed.iter().any(|change| is_same(change, &below)))
}

fn is_same(one: &Change, other: &Change) -> bool {
    one.path == other.path
        && same_value(&one.values.expected, &other.values.expected)
        && same_value(&one.values.actual, &other.values.actual)
}

/// The compared fields that both events of a row have, with other values.
pub(crate) fn changes(input: &Input<'_>, values: &dyn Values, expected: EventIndex, actual: EventIndex) -> Vec<Change> {
    let there = values.of(Side::Actual, actual);
    let compared = |path: &str| input.spec.field(path).is_none_or(|field| field.action == Action::Compare);
    (values.of(Side::Expected, expected).into_iter())
        .filter(|field| compared(&field.path))
        .filter_map(|field| {
            let other = there.iter().find(|other| other.path == field.path)?;
            let values = Sides::new(field.value, other.value.clone());
            (!same_value(&values.expected, &values.actual)).then_some(Change { path: field.path, values })
        })
        .collect()
}
