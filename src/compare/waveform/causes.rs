//! The signals that part first, the one most likely upstream first, and the first symptom.

use std::collections::HashMap;

use super::join::{ByLane, Joined, time_of};
use super::lanes::Lane;
use super::walk::Apart;
use super::words::{several, told};
use crate::compare::answer::{Cause, CauseKind, Explains, Symptom};
use crate::compare::foata::scatter;
use crate::compare::rows::{RowClass, Rows};
use crate::trace::{Columns, EventIndex, Side, Sides, Time};

/// Signals that part at one time and are listed as causes; the others are counted. All of them are named as signals.
const LISTED: usize = 50;
/// Other names of a signal that are told; the rest is counted.
const NAMED: usize = 3;

const RULE: &str = "signals that part first come first; of those, what parts first when they part anew, then what keeps a \
    value (reg, integer…) before nets, then what is not seen outside, then what is deeper in the design";

/// How the value of an event reads; of none, that of a signal that was never written.
pub type ValueOf<'a> = &'a dyn Fn(Side, Option<EventIndex>) -> String;

/// What causes are found in.
pub struct Scene<'a> {
    pub joined: &'a Joined,
    pub sides: Sides<&'a Columns>,
    pub by_lane: &'a Sides<ByLane>,
    pub rows: &'a Rows,
    pub apart: &'a [(u32, Vec<Apart>)],
    pub value: ValueOf<'a>,
}

/// What makes a signal likely to be upstream of others that part at the same time; the greatest is the likeliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence {
    /// How often it was among the first when they parted anew, while others were not.
    leads: u32,
    state: bool,
    inside: bool,
    depth: u32,
}

/// Where a lane stands at a time.
struct At {
    side: Side,
    index: EventIndex,
    row: u32,
    class: RowClass,
    time: Time,
    words: String,
}

impl At {
    fn headline(&self) -> String {
        format!("{} at {}", self.words, self.time)
    }
}

impl Scene<'_> {
    fn lane(&self, lane: u32) -> &Lane {
        &self.joined.waves.lanes[lane as usize]
    }

    /// What a lane that begins to differ at `time` shows there.
    fn at(&self, lane: u32, time: i64) -> Option<At> {
        let in_force = |side: Side| self.by_lane[side].in_force(self.sides[side], lane, time);
        let events = Sides::new(in_force(Side::Expected), in_force(Side::Actual));
        let now = |side: Side| events[side].filter(|(_, now)| *now).map(|(event, _)| (side, event));
        // Where one recording begins later, what is in force then may have been written before.
        let before = |side: Side| events[side].map(|(event, _)| (side, event));
        let both = [now(Side::Actual), now(Side::Expected), before(Side::Actual), before(Side::Expected)];
        let (side, index) = both.into_iter().flatten().next()?;
        let row = self.rows.row_of(side, index)?;
        let pulse = self.lane(lane).pulse;
        let value =
            |side: Side| (self.value)(side, events[side].filter(|(_, now)| *now || !pulse).map(|(event, _)| event));
        let time = Time { value: time, unit: self.joined.waves.unit };
        let words = told(self.lane(lane), &value(Side::Expected), &value(Side::Actual));
        Some(At { side, index, row, class: self.rows.get(row).class, time, words })
    }

    /// The signals that part at the first time, ranked; those that are not listed are counted.
    pub fn causes(&self, time: i64) -> (Vec<Cause>, u32) {
        let first: Vec<(u32, &[Apart])> = self
            .apart
            .iter()
            .filter(|(_, apart)| apart[0].0 == time)
            .map(|(l, apart)| (*l, apart.as_slice()))
            .collect();
        let leads = leads(&first);
        let evidence = |(&(lane, _), leads): (&(u32, &[Apart]), u32)| {
            let Lane { state, outside, depth, .. } = *self.lane(lane);
            (Evidence { leads, state, inside: !outside, depth }, lane)
        };
        let mut ranked: Vec<(Evidence, u32)> = first.iter().zip(leads).map(evidence).collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut candidates: Vec<(Evidence, Vec<u32>)> = Vec::new();
        let mut known: HashMap<u64, usize, foldhash::fast::FixedState> = HashMap::default();
        for (evidence, lane) in ranked {
            match *known.entry(self.history(lane)).or_insert(candidates.len()) {
                new if new == candidates.len() => candidates.push((evidence, vec![lane])),
                // It has always had the value of a likelier one: a copy.
                other => candidates[other].1.push(lane),
            }
        }
        let later = self.rows.differences().iter().filter(|&&row| self.is_later(row, time)).count() as u32;
        let following = self.apart.len() - first.len();
        let mut causes: Vec<Cause> = Vec::new();
        let all = candidates.len();
        for (i, (evidence, lanes)) in candidates.iter().take(LISTED).enumerate() {
            let Some(at) = self.at(lanes[0], time) else { continue };
            let tied = i > 0 && candidates[i - 1].0 == *evidence;
            let rank = if tied { causes.last().map_or(1, |c| c.rank) } else { i as u32 + 1 };
            let next_tied = candidates.get(i + 1).is_some_and(|next| next.0 == *evidence);
            causes.push(Cause {
                rank,
                side: at.side,
                index: at.index,
                other: self.rows.get(at.row).event(at.side.other()),
                overtaken: None,
                lanes: lanes.clone(),
                kind: kind(at.class),
                reason: self.reason(&at, lanes, all, following, later),
                headline: at.headline(),
                rule: if all == 1 { "nothing differs before it".to_owned() } else { RULE.to_owned() },
                sureness: match (all, tied || next_tied) {
                    (1, _) => "only candidate".to_owned(),
                    (all, true) => format!("not separated from others of the {all} that part at this time"),
                    (all, false) if i == 0 => {
                        let which = if all == 2 { "one" } else { "ones" };
                        format!("likelier upstream than the other {which} that part at this time")
                    }
                    (all, false) => format!("candidate {} of {all}", i + 1),
                },
                explains: Explains { rows: later, of: later },
                row: at.row,
            });
        }
        (causes, all.saturating_sub(LISTED) as u32)
    }

    /// What a lane ever was, on both sides, as one number. (Faster hashes have zero as a fixed point, and times and values often are zero.)
    fn history(&self, lane: u32) -> u64 {
        let mut sum = u64::from(self.lane(lane).pulse);
        for side in Side::BOTH {
            let events = self.by_lane[side].lane(lane);
            sum = scatter(sum ^ events.len() as u64);
            for &event in events {
                sum = scatter(sum ^ time_of(self.sides[side], event) as u64);
                sum = scatter(sum ^ self.sides[side].tokens[event as usize]);
            }
        }
        sum
    }

    /// Why the first of these lanes is a cause; the others are its copies.
    fn reason(&self, at: &At, lanes: &[u32], candidates: usize, following: usize, later: u32) -> String {
        let mut parts = vec![format!("At {} {}.", at.time, at.words)];
        let others: Vec<&str> = lanes
            .iter()
            .flat_map(|&lane| &self.lane(lane).paths)
            .filter(|path| **path != self.lane(lanes[0]).name)
            .map(String::as_str)
            .collect();
        if !others.is_empty() {
            let more = others.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            parts.push(format!("The same is seen on {}{more}.", others[..others.len().min(NAMED)].join(", ")));
        }
        if candidates > 1 {
            parts.push(format!("{} part at this time.", several(candidates, "signal")));
        }
        let changes = several(later as usize, "change");
        parts.push(match (following, later) {
            (_, 0) => "Nothing differs later.".to_owned(),
            (0, _) => format!("No other signal differs; later it does so with {changes}."),
            (1, _) => format!("1 more signal parts later; all that differs later ({changes}) follows, by time only."),
            (n, _) => format!("{n} more signals part later; all that differs later ({changes}) follows, by time only."),
        });
        parts.join(" ")
    }

    /// True for a row that differs after a time.
    fn is_later(&self, row: u32, time: i64) -> bool {
        let row = self.rows.get(row);
        let when = |side: Side| row.event(side).map(|e| time_of(self.sides[side], e));
        !row.unrecorded && [when(Side::Expected), when(Side::Actual)].into_iter().flatten().min() > Some(time)
    }

    /// For each row that differs, the rank of the cause that explains it: what comes later follows the first.
    pub fn explained(&self, causes: &[Cause], time: i64) -> Vec<u32> {
        let own = |row: u32| causes.iter().find(|c| c.row == row).map_or(0, |c| c.rank);
        let rank = |&row: &u32| if self.is_later(row, time) { 1 } else { own(row) };
        self.rows.differences().iter().map(rank).collect()
    }

    /// The earliest signal of an outermost scope that differs; of one time, what the design drives (nets) first.
    pub fn symptom(&self, causes: &[Cause]) -> Option<Symptom> {
        let outside = self.apart.iter().filter(|(lane, _)| self.lane(*lane).outside);
        let (lane, apart) = outside.min_by_key(|(lane, apart)| (apart[0].0, self.lane(*lane).state, *lane))?;
        let at = self.at(*lane, apart[0].0)?;
        let is_cause = causes.first().is_some_and(|c| c.row == at.row);
        Some(Symptom { side: at.side, index: at.index, row: at.row, headline: at.headline(), is_cause })
    }
}

const fn kind(class: RowClass) -> CauseKind {
    match class {
        RowClass::Missing => CauseKind::MissingEvent,
        RowClass::Extra | RowClass::Duplicate => CauseKind::ExtraEvent,
        RowClass::Late => CauseKind::LateEvent,
        _ => CauseKind::EventMismatch,
    }
}

/// How often each of these lanes, all apart at first, was the first to part when they parted anew.
fn leads(lanes: &[(u32, &[Apart])]) -> Vec<u32> {
    let mut begins: Vec<(i64, i64, usize)> = Vec::new();
    for (i, (_, apart)) in lanes.iter().enumerate() {
        begins.extend(apart.iter().map(|&(from, to)| (from, to, i)));
    }
    begins.sort_unstable();
    let mut leads = vec![0; lanes.len()];
    let mut until = i64::MIN;
    for outbreak in begins.chunk_by(|a, b| a.0 == b.0) {
        // Those that part while another is still apart may follow it.
        if outbreak[0].0 >= until && outbreak.len() < lanes.len() {
            for &(.., lane) in outbreak {
                leads[lane] += 1;
            }
        }
        until = until.max(outbreak.iter().map(|o| o.1).max().unwrap_or(until));
    }
    leads
}
