//! Where to stop: a list of conditions, each on or off, with how often it stopped.

use super::condition::Condition;
use super::meaning::Meanings;
use super::recorded::{Asks, Recorded};
use super::words::Verb;
use crate::query;
use crate::trace::{EventIndex, KindId, LaneId, Side, Sides, Unit};

/// Events without a time that are looked through for what the clock said before.
const TIMELESS: u32 = 64;

/// One place to stop at.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakpoint {
    /// What it waits for.
    pub condition: Condition,
    /// The side whose events count; `None` for both.
    pub side: Option<Side>,
    /// False when it is passed over.
    pub enabled: bool,
    /// How often a run stopped at it.
    pub hits: u32,
}

impl Breakpoint {
    /// An enabled breakpoint for both sides.
    pub const fn new(condition: Condition) -> Self {
        Self { condition, side: None, enabled: true, hits: 0 }
    }

    /// The same when the sides are exchanged.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        self.side = self.side.map(Side::other);
        match &mut self.condition {
            Condition::Event(side, _) => *side = side.other(),
            Condition::Query(query) => query.mirror(),
            _ => {}
        }
        self
    }
}

/// A list of breakpoints, in the order they were made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Breakpoints {
    /// The breakpoints.
    pub list: Vec<Breakpoint>,
}

impl Breakpoints {
    /// True when one is enabled.
    pub fn any_enabled(&self) -> bool {
        self.list.iter().any(|breakpoint| breakpoint.enabled)
    }

    /// Takes away what waits for an event of the row, or waits for the event from now on; says which of both.
    pub fn toggle_row(&mut self, recorded: &Recorded<'_>, row: u32, side: Side) -> Option<bool> {
        let row = recorded.rows().get(row);
        let here = |breakpoint: &Breakpoint| matches!(breakpoint.condition, Condition::Event(side, event) if row.event(side) == Some(event));
        if self.list.iter().any(here) {
            self.list.retain(|breakpoint| !here(breakpoint));
            return Some(false);
        }
        let (side, event) = row.event_from(side)?;
        self.list.push(Breakpoint::new(Condition::Event(side, event)));
        Some(true)
    }

    /// The same list when the sides are exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self { list: self.list.into_iter().map(Breakpoint::mirrored).collect() }
    }
}

/// A breakpoint's condition in the numbers of a pair.
#[derive(Debug, Clone)]
enum Test {
    Rows(Vec<u32>),
    Differs,
    /// The first tick of each side that is not before the time; `None` where there is no such clock.
    Time(Sides<Option<i64>>),
    Lanes(Vec<LaneId>),
    Runs(Vec<LaneId>),
    Kind(KindId),
    Asked(Box<query::Matcher>),
    Never,
}

/// A breakpoint ready to be asked, row by row.
#[derive(Debug, Clone)]
pub struct Matcher {
    condition: Condition,
    side: Option<Side>,
    test: Test,
    /// Why it can never stop, as a sentence.
    never: Option<String>,
}

impl Matcher {
    /// Looks the names of a condition up.
    pub fn new(recorded: &Recorded<'_>, breakpoint: &Breakpoint) -> Self {
        let mut never = None;
        let test = test(recorded, &breakpoint.condition, breakpoint.side).unwrap_or_else(|why| {
            never = Some(why);
            Test::Never
        });
        Self { condition: breakpoint.condition.clone(), side: breakpoint.side, test, never }
    }

    /// Why it can never stop in this pair, as a sentence.
    pub fn never(&self) -> Option<&str> {
        self.never.as_deref()
    }

    /// True when it is a place that a person can point at: an event, a time, a lane, a kind.
    pub const fn is_a_place(&self) -> bool {
        !matches!(self.test, Test::Differs | Test::Asked(_) | Test::Never)
            && !matches!(self.condition, Condition::Cause | Condition::Symptom)
    }

    /// True when the test reads text from files.
    pub(super) fn reads(&self) -> bool {
        matches!(&self.test, Test::Asked(matcher) if !matcher.is_columns_only())
    }

    /// See [`super::Stepper::stops`].
    pub(super) fn stops(
        &self,
        recorded: &Recorded<'_>,
        meanings: &Meanings,
        asks: Option<Asks<'_>>,
        row: u32,
    ) -> Result<bool, String> {
        match &self.test {
            Test::Never => return Ok(false),
            Test::Rows(rows) => return Ok(rows.binary_search(&row).is_ok()),
            Test::Differs => return Ok(recorded.rows().differences().binary_search(&row).is_ok()),
            _ => {}
        }
        let cells = recorded.rows().get(row);
        for side in Side::BOTH.into_iter().filter(|&side| self.side.is_none_or(|only| only == side)) {
            if let Some(event) = cells.event(side)
                && self.stops_at(recorded, meanings, asks, side, event)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stops_at(
        &self,
        recorded: &Recorded<'_>,
        meanings: &Meanings,
        asks: Option<Asks<'_>>,
        side: Side,
        event: EventIndex,
    ) -> Result<bool, String> {
        let Some(trace) = recorded.traces[side] else { return Ok(false) };
        let kind = trace.events.kinds.get(event as usize).copied();
        let on = |wanted: &[LaneId]| trace.events.lanes_of(event).iter().find(|lane| wanted.contains(lane)).copied();
        Ok(match &self.test {
            Test::Kind(wanted) => kind == Some(*wanted),
            Test::Lanes(wanted) => on(wanted).is_some(),
            Test::Runs(wanted) => on(wanted)
                .zip(kind)
                .is_some_and(|(lane, kind)| meanings.verb(kind, meanings.class(lane)) == Some(Verb::Start)),
            Test::Time(from) => from[side].is_some_and(|from| {
                let before = (event.saturating_sub(TIMELESS)..event).rev().find_map(|e| trace.events.time_of(e));
                trace.events.time_of(event).is_some_and(|time| time >= from)
                    && before.is_none_or(|before| before < from)
            }),
            Test::Asked(matcher) => asks.map_or(Ok(false), |asks| asks(matcher, side, event))?,
            Test::Rows(_) | Test::Differs | Test::Never => false,
        })
    }
}

fn test(recorded: &Recorded<'_>, condition: &Condition, only: Option<Side>) -> Result<Test, String> {
    let lanes = |name: &str| {
        let lanes = recorded.lanes_called(name);
        if lanes.is_empty() { Err(format!("No lane is called {name} here.")) } else { Ok(lanes) }
    };
    let answers = recorded.comparison;
    Ok(match condition {
        Condition::Event(side, event) => match recorded.rows().row_of(*side, *event) {
            Some(row) => Test::Rows(vec![row]),
            None => return Err(format!("There is no event #{event} on the {side} side.")),
        },
        Condition::Lane(name) => Test::Lanes(lanes(name)?),
        Condition::Runs(name) => Test::Runs(lanes(name)?),
        Condition::Kind(name) => match recorded.names.kinds.iter().position(|kind| kind == name) {
            Some(kind) => Test::Kind(kind as KindId),
            None => return Err(format!("No event is of the kind {name} here.")),
        },
        Condition::Query(query) => Test::Asked(Box::new(query::Matcher::new(query, recorded.names, recorded.plain))),
        Condition::Divergence if answers.rows.differences().is_empty() => return Err("No row differs.".to_owned()),
        Condition::Divergence => Test::Differs,
        Condition::Cause | Condition::Symptom => {
            let mut rows: Vec<u32> = if *condition == Condition::Cause {
                answers
                    .causes
                    .iter()
                    .filter(|cause| only.is_none_or(|only| only == cause.side))
                    .map(|c| c.row)
                    .collect()
            } else {
                answers.first_symptom.iter().filter(|s| only.is_none_or(|only| only == s.side)).map(|s| s.row).collect()
            };
            rows.sort_unstable();
            if rows.is_empty() {
                return Err(format!("There is no {condition}."));
            }
            Test::Rows(rows)
        }
        Condition::Time { value, unit, since_start } => {
            let from = Sides::new(Side::Expected, Side::Actual).map(|side| {
                let trace = recorded.traces[side]?;
                let first =
                    (0..trace.events.len().min(TIMELESS as usize) as u32).find_map(|e| trace.events.time_of(e))?;
                let ticks = match unit {
                    None => i128::from(*value),
                    Some(unit) => in_ticks(*value, *unit, trace.time.as_ref()?.unit),
                };
                i64::try_from(if *since_start { i128::from(first) + ticks } else { ticks }).ok()
            });
            if from.expected.is_none() && from.actual.is_none() {
                return Err("The events of this pair have no such time.".to_owned());
            }
            Test::Time(from)
        }
    })
}

/// A time in ticks of another unit; of a finer one the first tick that is not before it.
fn in_ticks(value: i64, from: Unit, to: Unit) -> i128 {
    let value = i128::from(value);
    let ten = |exponent: u32| 10_i128.pow(exponent);
    if let Some(finer) = to.exponent().checked_sub(from.exponent()) {
        return value * ten(finer);
    }
    let coarser = ten(from.exponent() - to.exponent());
    value.div_euclid(coarser) + i128::from(value.rem_euclid(coarser) != 0)
}
