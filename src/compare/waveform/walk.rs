//! Signal by signal through time: when both sides have the same value, when not, and which changes belong together.

use super::join::{ByLane, CHECK, Joined, time_of};
use crate::compare::Cancelled;
use crate::compare::rows::{Row, RowClass, Rows};
use crate::trace::{Columns, EventIndex, NONE, Side, Sides, UNDEFINED};

/// From when (inclusive) until when (exclusive) a signal differs. The end is `i64::MAX` where it never agrees again.
pub type Apart = (i64, i64);

/// What the walk found.
pub struct Walked {
    /// The counterpart of each event.
    pub partner: Sides<Vec<EventIndex>>,
    /// What each event is.
    pub class: Sides<Vec<RowClass>>,
    /// True for events outside of the time that both sides recorded.
    pub unrecorded: Sides<Vec<bool>>,
    /// The lanes that differ at some time, with all such times, by lane.
    pub apart: Vec<(u32, Vec<Apart>)>,
}

/// The time that both sides recorded: what lies outside of it is not compared.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Where the later one begins.
    pub from: i64,
    /// Where the one that stops early ends.
    pub until: i64,
    /// The last time of a recording that is cut off, whose changes then may not all be there.
    pub edge: i64,
}

/// Walks every lane. `None` when it was cancelled.
pub fn walk(
    joined: &Joined,
    sides: Sides<&Columns>,
    by_lane: &Sides<ByLane>,
    window: Window,
    cancelled: Cancelled<'_>,
) -> Option<Walked> {
    let alone = Sides::new(RowClass::Missing, RowClass::Extra);
    let mut walked = Walked {
        partner: sides.map(|c| vec![NONE; c.len()]),
        class: Sides::new(vec![alone.expected; sides.expected.len()], vec![alone.actual; sides.actual.len()]),
        unrecorded: sides.map(|c| vec![false; c.len()]),
        apart: Vec::new(),
    };
    let mut seen = 0;
    for (i, lane) in joined.waves.lanes.iter().enumerate() {
        let events = by_lane.as_ref().map(|by_lane| by_lane.lane(i as u32));
        let apart = walked.lane(sides, events, lane.pulse, window);
        if !apart.is_empty() {
            walked.apart.push((i as u32, apart));
        }
        seen += events.expected.len() + events.actual.len();
        if seen > CHECK {
            seen = 0;
            if cancelled() {
                return None;
            }
        }
    }
    Some(walked)
}

impl Walked {
    fn lane(&mut self, sides: Sides<&Columns>, events: Sides<&[u32]>, pulse: bool, window: Window) -> Vec<Apart> {
        let mut apart = Vec::new();
        let mut next = Sides::new(0, 0);
        let mut value = Sides::new(UNDEFINED, UNDEFINED);
        let mut since: Option<i64> = None;
        let mut early = true;
        // A change of one side that the other side may still follow.
        let mut waiting: Option<(Side, EventIndex)> = None;
        loop {
            let head = |side: Side| events[side].get(next[side]).copied();
            let before = value;
            let time = |side: Side| head(side).map(|e| time_of(sides[side], e));
            let Some(now) = [time(Side::Expected), time(Side::Actual)].into_iter().flatten().min() else { break };
            let here = Sides::new(Side::Expected, Side::Actual).map(|s| head(s).filter(|_| time(s) == Some(now)));
            // What one recording says from before the other began holds when that one begins.
            if now > window.from && early && !pulse && before.expected != before.actual {
                since = Some(window.from);
            }
            early &= now < window.from;
            if pulse {
                value = Sides::new(UNDEFINED, UNDEFINED);
            }
            for side in Side::BOTH {
                if let Some(event) = here[side] {
                    value[side] = sides[side].tokens[event as usize];
                    next[side] += 1;
                }
            }
            let one_sided = here.expected.is_none() != here.actual.is_none();
            if now > window.until || (one_sided && (now < window.from || now >= window.edge)) {
                for side in Side::BOTH {
                    if let Some(event) = here[side] {
                        self.unrecorded[side][event as usize] = true;
                        waiting = Some((side, event)).filter(|_| now < window.from);
                    }
                }
                continue;
            }
            let differs = value.expected != value.actual;
            match (here.expected, here.actual) {
                (Some(expected), Some(actual)) => {
                    let class = if differs { RowClass::Changed } else { RowClass::Same };
                    self.pair(Side::Expected, expected, actual, class);
                    waiting = None;
                }
                (Some(event), None) => {
                    waiting = self.alone(Side::Expected, event, differs, since.is_some(), waiting);
                }
                (None, Some(event)) => {
                    waiting = self.alone(Side::Actual, event, differs, since.is_some(), waiting);
                }
                (None, None) => {}
            }
            match (differs, since) {
                (true, _) if pulse => apart.push((now, now.saturating_add(1))),
                (true, None) => since = Some(now),
                (false, Some(began)) => {
                    apart.push((began, now));
                    since = None;
                }
                _ => {}
            }
        }
        if early && !pulse && value.expected != value.actual {
            since = Some(window.from);
        }
        if let Some(began) = since {
            apart.push((began, i64::MAX));
        }
        apart
    }

    /// A change that only one side has at its time. Returns the change that now waits for its counterpart.
    fn alone(
        &mut self,
        side: Side,
        event: EventIndex,
        differs: bool,
        differed: bool,
        waiting: Option<(Side, EventIndex)>,
    ) -> Option<(Side, EventIndex)> {
        let twin = waiting.filter(|(other, _)| *other != side).map(|(_, twin)| twin);
        match (differed, differs, twin) {
            (false, true, _) => return Some((side, event)),
            // It follows what the other side did before.
            (true, false, Some(twin)) => self.pair(side, event, twin, RowClass::Late),
            // It says what the other side had when this one's recording began.
            (false, false, Some(twin)) => self.pair(side, event, twin, RowClass::Same),
            // A first value of `x` says nothing new.
            (false, false, None) => self.class[side][event as usize] = RowClass::Same,
            (true, ..) => {}
        }
        None
    }

    fn pair(&mut self, side: Side, event: EventIndex, twin: EventIndex, class: RowClass) {
        for (side, event, twin) in [(side, event, twin), (side.other(), twin, event)] {
            self.partner[side][event as usize] = twin;
            self.class[side][event as usize] = class;
            self.unrecorded[side][event as usize] = false;
        }
    }

    /// The table: by time, then by lane; a pair stands where its earlier event stands. `None` when it was cancelled.
    pub fn rows(&self, sides: Sides<&Columns>, cancelled: Cancelled<'_>) -> Option<Rows> {
        let lens = sides.map(|c| c.len() as u32);
        let mut rows = Rows::with_events(lens.expected as usize, lens.actual as usize);
        let mut at = Sides::new(0_u32, 0_u32);
        let mut pushed = 0;
        let key = |side: Side, e: u32| (time_of(sides[side], e), sides[side].home_lane(e));
        loop {
            // Passed over are those that stand in the row of an earlier counterpart.
            for side in Side::BOTH {
                while at[side] < lens[side] {
                    let partner = self.partner[side][at[side] as usize];
                    if partner == NONE || key(side.other(), partner) >= key(side, at[side]) {
                        break;
                    }
                    at[side] += 1;
                }
            }
            let head = |side: Side| (at[side] < lens[side]).then(|| key(side, at[side]));
            let side = match (head(Side::Expected), head(Side::Actual)) {
                (None, None) => break,
                (Some(expected), Some(actual)) if actual < expected => Side::Actual,
                (None, Some(_)) => Side::Actual,
                _ => Side::Expected,
            };
            let event = at[side];
            let partner = Some(self.partner[side][event as usize]).filter(|&p| p != NONE);
            let (expected, actual) =
                if side == Side::Expected { (Some(event), partner) } else { (partner, Some(event)) };
            rows.push(Row {
                expected,
                actual,
                class: self.class[side][event as usize],
                inverted: false,
                unrecorded: self.unrecorded[side][event as usize],
            });
            at[side] += 1;
            if partner.is_some_and(|p| p == at[side.other()]) {
                at[side.other()] += 1;
            }
            pushed += 1;
            if pushed % CHECK == 0 && cancelled() {
                return None;
            }
        }
        Some(rows)
    }
}
