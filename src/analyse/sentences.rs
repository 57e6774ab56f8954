//! An analysis in sentences: what parts the sides, why a row has its class, what was compared.

use super::{Analysis, Detail};
use crate::compare::waveform::short;
use crate::compare::{RowClass, Verdict};
use crate::spec::GAP;
use crate::trace::{Side, Time, Value, grouped};

/// Changed fields named in one line before the rest is counted.
const NAMED: usize = 3;

impl Analysis {
    /// The first difference in one short line: `TASK_DEQUEUED task:1 expected, TASK_DEQUEUED task:2 seen`.
    pub fn first_difference_headline(&self) -> String {
        let Some(first) = &self.comparison.first_difference else { return "no difference".to_owned() };
        if let (Some(waveform), Some(cause)) = (&self.waveform, self.comparison.causes.first()) {
            return match waveform.signals.len() {
                0 | 1 => cause.headline.clone(),
                n => format!("{}; {} signals part then", cause.headline, grouped(n as u64)),
            };
        }
        let name = |side: Side, event: Option<u32>| event.map(|e| self.name(side, e));
        match (name(Side::Expected, first.expected), name(Side::Actual, first.actual)) {
            (Some(_), Some(a)) if first.expected.zip(first.actual).is_some_and(|(e, a)| self.hand.parts(e, a)) => {
                format!("{a}: said by hand not to be the same")
            }
            (Some(e), Some(a)) if e == a => {
                let changes = self.changes(first.row);
                if changes.is_empty() { format!("{a} differs") } else { format!("{a}: {changes}") }
            }
            (Some(e), Some(a)) => format!("{e} expected, {a} seen"),
            (Some(e), None) => format!("{e} expected, nothing seen"),
            (None, Some(a)) => format!("nothing expected, {a} seen"),
            (None, None) => "no difference".to_owned(),
        }
    }

    /// What changed within a row: `state ok → degraded, detail attempt=0 → dns_failure`.
    fn changes(&self, row: u32) -> String {
        let cells = self.comparison.rows.get(row);
        let (Some(e), Some(a)) = (cells.expected, cells.actual) else { return String::new() };
        let (expected, actual) = (self.detail(Side::Expected, e), self.detail(Side::Actual, a));
        let changed = self.changed_fields(row);
        let text = |detail: &Detail, path: &str| match detail.value(path) {
            None | Some(Value::Null) => "none".to_owned(),
            Some(value) if value.plain().is_empty() => "empty".to_owned(),
            Some(value) if self.waveform.is_some() => short(value.plain()),
            Some(value) => value.plain().to_owned(),
        };
        let mut parts: Vec<String> = (changed.iter().take(NAMED))
            .map(|path| format!("{path} {} → {}", text(&expected, path), text(&actual, path)))
            .collect();
        if changed.len() > NAMED {
            parts.push(format!("{} more", changed.len() - NAMED));
        }
        parts.join(", ")
    }

    /// Why a row has its class, in a sentence or two.
    pub fn why(&self, row: u32) -> String {
        let usual = self.envelope.as_ref().map_or(&[][..], |judged| &judged.usual);
        if let Ok(at) = usual.binary_search_by_key(&row, |usual| usual.0) {
            return format!("Set aside, since good runs vary in this: {}.", usual[at].1);
        }
        let cells = self.comparison.rows.get(row);
        let lane = |side: Side, event: u32| self.lanes(side, event).first().copied().unwrap_or_default().to_owned();
        let what = match (cells.class, cells.expected, cells.actual) {
            _ if self.is_incomparable_pair() => "Nothing was compared, so that nothing is known of it.".to_owned(),
            _ if self.waveform.is_some() => self.why_a_change(row),
            (RowClass::Same, Some(_), Some(_)) | (RowClass::Moved, ..) => "Equal in every compared field.".to_owned(),
            (RowClass::Same, ..) => "There is no baseline to compare this event with.".to_owned(),
            (RowClass::Missing, Some(e), _) if cells.unrecorded => {
                format!("Actual stops before this point of {}: not recorded rather than lost.", lane(Side::Expected, e))
            }
            (RowClass::Missing, Some(e), _) => {
                format!("Expected has this event on {}; actual has no counterpart.", lane(Side::Expected, e))
            }
            (RowClass::Extra, _, Some(a)) => {
                format!("Actual has this event on {}; expected has no counterpart.", lane(Side::Actual, a))
            }
            (RowClass::Duplicate, _, Some(a)) => {
                format!("Expected has this event once on {}; here it is again.", lane(Side::Actual, a))
            }
            (RowClass::Changed, Some(e), Some(a)) if self.hand.joins(e, a) && self.changes(row).is_empty() => {
                "Equal in every compared field, on other lanes.".to_owned()
            }
            (RowClass::Changed, Some(e), Some(a)) => self.why_changed(row, e, a),
            (RowClass::Late, Some(e), Some(a)) => self.why_late(e, a),
            _ => String::new(),
        };
        let by_hand = self.by_hand(cells.expected, cells.actual);
        let order = cells.actual.filter(|_| cells.inverted).map_or(String::new(), |a| {
            let lanes = self.broken_lanes(a);
            let on = if lanes.is_empty() { "a lane it shares".to_owned() } else { lanes.join(" and ") };
            format!(" It is out of order on {on}.")
        });
        let cause = match (self.explained_by(row), self.comparison.causes.iter().find(|c| c.row == row)) {
            (_, Some(cause)) => format!(" This is candidate #{} for the cause.", cause.rank),
            (Some(rank), None) => format!(" Explained by cause #{rank}, which happened before it."),
            (None, None) => String::new(),
        };
        format!("{by_hand}{what}{order}{cause}")
    }

    /// What is other in an event that is the same, or why that is not told.
    fn why_changed(&self, row: u32, expected: u32, actual: u32) -> String {
        let changes = self.changes(row);
        if !changes.is_empty() {
            return format!("The same event with other data: {changes}.");
        }
        let (expected, actual) = (self.detail(Side::Expected, expected), self.detail(Side::Actual, actual));
        if let Some(trouble) = expected.trouble.as_ref().or(actual.trouble.as_ref()) {
            return format!("The same event with other data, which cannot be read again: {trouble}");
        }
        let renamed = self.renamed_changes(row, &expected, &actual);
        if !renamed.is_empty() {
            return format!("Equal in every compared field, but not in one that is renamed: {renamed}.");
        }
        if self.spec.renamed().next().is_some() {
            return "Equal in every field by itself, but its ids stand for others than in expected.".to_owned();
        }
        "The same event with other data, which no field by itself shows.".to_owned()
    }

    /// What a person said about the events of a row: `Paired by hand. `; empty when nothing.
    fn by_hand(&self, expected: Option<u32>, actual: Option<u32>) -> String {
        if expected.zip(actual).is_some_and(|(e, a)| self.hand.joins(e, a)) {
            return "Paired by hand. ".to_owned();
        }
        let not = |side: Side, event: Option<u32>| {
            let others: Vec<String> =
                event.into_iter().flat_map(|event| self.hand.not(side, event)).map(|e| format!("#{e}")).collect();
            if others.is_empty() {
                String::new()
            } else {
                format!("Said by hand not to be {} {}. ", side.other(), others.join(", "))
            }
        };
        not(Side::Expected, expected) + &not(Side::Actual, actual)
    }

    /// How far behind what it follows a late event comes on both sides, and by what that is too far.
    fn why_late(&self, expected: u32, actual: u32) -> String {
        let gaps = [self.gap(Side::Expected, expected), self.gap(Side::Actual, actual)];
        let given = self.pack.overrides.tolerance.iter().any(|(path, _)| path == GAP);
        let by = if given {
            "more than the tolerance allows"
        } else {
            "far outside what all other events of its kind do, whose gaps are nearly the same on both sides"
        };
        let [Some(before), Some(now)] = gaps else { return format!("The same event at another time: {by}.") };
        let off = Time { value: now.value.saturating_sub(before.value), unit: now.unit };
        let sign = if off.value > 0 { "+" } else { "" };
        format!("The same event, {now} after what it follows; {before} in expected: {sign}{off} is {by}.")
    }

    /// Why a change of a signal has its class.
    fn why_a_change(&self, row: u32) -> String {
        let cells = self.comparison.rows.get(row);
        let both = [(Side::Expected, cells.expected), (Side::Actual, cells.actual)];
        let times = both.map(|(side, event)| event.and_then(|e| self.time(side, e)));
        let time = |i: usize| times[i].map_or_else(String::new, |time| time.to_string());
        match (cells.class, both.map(|(_, event)| event.is_some())) {
            (RowClass::Same, [true, true]) => "Both sides change to the same value at the same time.".to_owned(),
            (RowClass::Same, _) if self.comparison.verdict == Verdict::Incomparable => {
                "There is no recording to compare this change with.".to_owned()
            }
            (RowClass::Same, _) => "It says x, as what was never written is.".to_owned(),
            (RowClass::Changed, _) => {
                format!("At {} both sides change, to other values: {}.", time(0), self.changes(row))
            }
            (RowClass::Late, _) => {
                format!("The same change, at {} in expected and at {} in actual.", time(0), time(1))
            }
            (_, [expected, _]) if cells.unrecorded => {
                let side = if expected { "Actual" } else { "Expected" };
                format!("{side} has no recording of this time: not recorded rather than lost.")
            }
            (_, [true, _]) => format!("At {} expected changes and actual does not.", time(0)),
            (_, [false, _]) => format!("At {} actual changes and expected does not.", time(1)),
        }
    }

    /// The lanes on which a neighbour of an actual event stands on its other side in expected.
    fn broken_lanes(&self, actual: u32) -> Vec<String> {
        let rows = &self.comparison.rows;
        let twin = |event: u32| rows.row_of(Side::Actual, event).and_then(|row| rows.get(row).expected);
        let Some(here) = twin(actual) else { return Vec::new() };
        let later = self.before(Side::Actual, actual).into_iter().filter(|(_, e)| twin(*e).is_some_and(|t| t > here));
        let earlier = self.after(Side::Actual, actual).into_iter().filter(|(_, e)| twin(*e).is_some_and(|t| t < here));
        let mut lanes: Vec<String> = later.chain(earlier).map(|(lane, _)| lane).collect();
        lanes.sort();
        lanes.dedup();
        lanes
    }

    /// `compared 4 fields on 26 of 26 events`.
    pub fn compared_line(&self) -> String {
        let all = u64::from(self.len(Side::Expected)) + u64::from(self.len(Side::Actual));
        let fields = if self.comparison.compared_events == 0 { 0 } else { self.spec.compared().count() };
        let plural = if fields == 1 { "field" } else { "fields" };
        let events = grouped(self.comparison.compared_events);
        let by_hand = match self.hand.decisions().len() {
            0 => String::new(),
            1 => ", 1 pair decided by hand".to_owned(),
            n => format!(", {n} pairs decided by hand"),
        };
        format!("compared {fields} {plural} on {events} of {} events{by_hand}", grouped(all))
    }
}
