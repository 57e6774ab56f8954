//! Which of two events reads first, where nothing else tells the sides apart: the answer must be the mirror image when they are
//! swapped, and the same whatever library hashes the columns.

use std::cmp::Ordering;

use super::engine::{Input, name_event};
use super::handed::Values;
use crate::spec::Action;
use crate::trace::{EventIndex, Side};

/// Orders an event of expected and one of actual.
pub(crate) type Tie<'a> = &'a (dyn Fn(EventIndex, EventIndex) -> Ordering + Sync);

/// The order of two events by their names, then by the values that are compared, then by all values.
pub(crate) fn reads_first(
    input: &Input<'_>,
    values: &dyn Values,
    expected: EventIndex,
    actual: EventIndex,
) -> Ordering {
    let name = |side: Side, event: EventIndex| name_event(input, side, event);
    let told = |side: Side, event: EventIndex, compared: bool| -> Vec<(String, String)> {
        let counts = |path: &str| input.spec.field(path).is_none_or(|field| field.action == Action::Compare);
        let fields = values.of(side, event).into_iter().filter(|field| !compared || counts(&field.path));
        let mut told: Vec<_> = fields.map(|field| (field.value.plain().to_owned(), field.path)).collect();
        told.sort_unstable_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        told
    };
    let by = |compared: bool| told(Side::Expected, expected, compared).cmp(&told(Side::Actual, actual, compared));
    name(Side::Expected, expected).cmp(&name(Side::Actual, actual)).then_with(|| by(true)).then_with(|| by(false))
}
