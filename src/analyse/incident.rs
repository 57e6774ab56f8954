//! What a comparison, or a lone recording, tells of services: its events read again for who acted, on whom, and how it went.

use std::ops::Range;
use std::sync::Arc;

use super::Analysis;
use super::happenings::{Happenings, Places};
use crate::compare::{Verdict, gap};
use crate::incident::{Act, Happening, Incident, Link, Story};
use crate::trace::{EventIndex, LinkKind, Side, Sides, Trace};

/// Events of a side that are read, at about a microsecond each: a whole answer is not to wait for a million. Others are not
/// told, and that is said.
const MOST: u32 = 50_000;
/// So many of them come before the first difference.
const BEFORE: u32 = MOST / 4;
/// More places than these are no services.
const PLACES: usize = 2_000;
/// Nobody waits for the answer any more.
struct Stopped;

impl Analysis {
    /// What happened to services, tasks or lanes; `None` for waveforms, and where there are fewer than two places or more than
    /// can be services. Read once, from the text of up to 50,000 events a side around the first difference, and kept; `go_on`
    /// is asked now and then, and where it says no there is nothing.
    pub fn incident(&self, go_on: &dyn Fn() -> bool) -> Option<&Incident> {
        if self.told.get().is_none() {
            let told = self.tell(go_on).ok()?;
            // Another thread may have been faster: it says the same.
            self.told.set(told).ok();
        }
        self.told.get()?.as_deref()
    }

    /// The same where a field names services in most events, and something is told of them, which is what reports say.
    pub fn services(&self, go_on: &dyn Fn() -> bool) -> Option<&Incident> {
        self.spec.services().place.as_ref()?;
        let incident = self.incident(go_on)?;
        let named = incident.story.happenings.actual.iter().filter(|one| one.named).count();
        (named * 2 > incident.story.happenings.actual.len() && !incident.families.is_empty()).then_some(incident)
    }

    /// Reads the events of both sides; `None` where nothing is told of places.
    fn tell(&self, go_on: &dyn Fn() -> bool) -> Result<Option<Arc<Incident>>, Stopped> {
        if self.waveform.is_some() {
            return Ok(None);
        }
        let services = self.spec.services();
        let paired = Side::BOTH.into_iter().all(|side| self.sides[side].is_some());
        let mut story = Story { paired, ..Story::default() };
        let mut happenings = Happenings::new(self, &services, paired);
        // A lone recording is told as what happened.
        let told = |side: Side| if paired { side } else { Side::Actual };
        let sides = || Side::BOTH.into_iter().filter_map(|side| Some((side, self.sides[side].as_ref()?)));
        for (side, events) in sides() {
            let range = self.told_of(side);
            story.cut |= (range.len() as u32) < self.len(side);
            story.happenings[told(side)].reserve_exact(range.len());
            let (mut stopped, mut many) = (false, false);
            happenings.of_side((side, events), range, &mut |one, places| {
                stopped = one.index % 1024 == 0 && !go_on();
                many = places.names.len() > PLACES;
                story.happenings[told(side)].push(one);
                !stopped && !many
            });
            if stopped {
                return Err(Stopped);
            }
            if many {
                return Ok(None);
            }
        }
        let places = happenings.places;
        for (side, events) in sides() {
            let happenings = &mut story.happenings[told(side)];
            if services.place.is_some() && services.peer.is_none() {
                self.peers_by_lanes(side, &places, happenings);
            }
            let first = self.told_of(side).start;
            let at = |event: EventIndex| Some(happenings.get(event.checked_sub(first)? as usize)?.place);
            let links = events.trace.links.iter();
            let links: Vec<Link> = links
                .filter_map(|link| Some(Link { from: at(link.from)?, to: at(link.to)?, at: link.to }))
                .filter(|link| link.from != link.to)
                .collect();
            story.links[told(side)] = links;
        }
        if paired {
            self.longer(&mut story.happenings.actual);
        }
        let cause = self.comparison.causes.first().filter(|_| self.comparison.verdict != Verdict::Incomparable);
        story.cause = cause.and_then(|cause| if cause.side == Side::Actual { Some(cause.index) } else { cause.other });
        story.unit = self.sides.actual.as_ref().and_then(|events| Some(events.trace.time.as_ref()?.unit));
        story.places = places.names;
        Ok((story.places.len() > 1).then(|| Arc::new(story.told())))
    }

    /// The events of a side that are read: all, or as many as may be from shortly before the first difference on.
    pub(super) fn told_of(&self, side: Side) -> Range<EventIndex> {
        let first = self.comparison.first_difference.as_ref();
        let event = first.and_then(|first| match side {
            Side::Expected => first.expected.or(first.actual),
            Side::Actual => first.actual.or(first.expected),
        });
        let start = event.map_or(0, |event| event.saturating_sub(BEFORE)).min(self.len(side).saturating_sub(MOST));
        start..self.len(side).min(start + MOST)
    }

    /// Where no field names the other end, a lane that is called like another place does.
    fn peers_by_lanes(&self, side: Side, places: &Places, happenings: &mut [Happening]) {
        for one in happenings {
            let other = |lane: &str| places.find(lane.split_once(':').map_or(lane, |(_, value)| value));
            let mut lanes = self.lanes(side, one.index).into_iter();
            one.peer = lanes.find_map(|lane| other(lane).filter(|&place| place != one.place));
        }
    }

    /// How much longer what happened took itself than in expected: what lasts, without what it caused; else the time since what
    /// was before it, where that is late.
    fn longer(&self, happenings: &mut [Happening]) {
        let Sides { expected: Some(expected), actual: Some(actual) } = &self.sides else { return };
        let (expected, actual) = (&expected.trace, &actual.trace);
        let units = [expected, actual].map(|trace| trace.time.as_ref().map(|time| time.unit));
        if happenings.iter().all(|one| one.act != Act::Late) || units[0] != units[1] {
            return;
        }
        let read = Sides::new(self.told_of(Side::Expected), self.told_of(Side::Actual));
        let own = Sides::new(own_times(expected, &read.expected), own_times(actual, &read.actual));
        let of = |side: Side, event: EventIndex| *own[side].get(event.checked_sub(read[side].start)? as usize)?;
        for one in happenings {
            let row = self.comparison.rows.row_of(Side::Actual, one.index).map(|row| self.comparison.rows.get(row));
            let Some(other) = row.and_then(|row| row.expected) else { continue };
            let lasted = of(Side::Actual, one.index).zip(of(Side::Expected, other));
            let waited = || gap(actual, one.index).zip(gap(expected, other)).filter(|_| one.act == Act::Late);
            one.longer = lasted.or_else(waited).map_or(0, |(now, before)| now.saturating_sub(before));
        }
    }
}

/// How long each of some events lasted without the events that it caused, in ticks; `None` for those that do not last.
fn own_times(trace: &Trace, of: &Range<EventIndex>) -> Vec<Option<i64>> {
    let lasts = |event: EventIndex| {
        let begin = trace.common_time(event)?;
        Some((begin, begin.saturating_add(trace.events.lasting.get(event)?)))
    };
    let mut below: Vec<Vec<(i64, i64)>> = vec![Vec::new(); of.len()];
    for link in trace.links.iter().filter(|link| link.kind == LinkKind::Parent && of.contains(&link.from)) {
        below[(link.from - of.start) as usize].extend(lasts(link.to));
    }
    let own = |(event, mut below): (EventIndex, Vec<(i64, i64)>)| {
        let (begin, end) = lasts(event)?;
        below.sort_unstable();
        let mut free = end - begin;
        let mut until = begin;
        for (from, to) in below {
            let to = to.min(end);
            free -= (to - from.max(until)).max(0);
            until = until.max(to);
        }
        Some(free)
    };
    of.clone().zip(below).map(own).collect()
}
