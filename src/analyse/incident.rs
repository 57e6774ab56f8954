//! What a comparison, or a lone recording, tells of services: its events read again for who acted, on whom, and how it went.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::find::words;
use super::{Analysis, Events};
use crate::compare::{RowClass, Verdict, gap};
use crate::incident::{Act, Happening, Incident, Link, Place, Story};
use crate::ingest::{FieldReader, Format};
use crate::spec::Services;
use crate::trace::{ERROR, EventIndex, LinkKind, Side, Sides, Trace};

/// Events of a side that are read: at 13 µs each a million would take as long as nobody waits. Others are not told, and that is
/// said.
const MOST: u32 = 50_000;
/// So many of them come before the first difference.
const BEFORE: u32 = MOST / 4;
/// More places than these are no services.
const PLACES: usize = 2_000;
/// The longest word that is a reason.
const REASON: usize = 48;

/// Nobody waits for the answer any more.
struct Stopped;

/// The places by name.
#[derive(Default)]
struct Places {
    names: Vec<String>,
    by_name: HashMap<String, Place, foldhash::fast::FixedState>,
}

impl Places {
    fn of(&mut self, name: &str) -> Place {
        if let Some(&place) = self.by_name.get(name) {
            return place;
        }
        let place = self.names.len() as Place;
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), place);
        place
    }
}

/// Of the fields of an event those that tell of services.
struct Telling<'a> {
    paths: Vec<&'a str>,
    /// Their values as people write them, in the same order; `None` for those that the event does not have.
    values: Vec<Option<String>>,
    reader: FieldReader,
}

impl<'a> Telling<'a> {
    fn new(services: &'a Services) -> Self {
        let Services { place, peer, outcomes, reasons, attempt, span } = services;
        let alone = [place, peer, attempt, span].into_iter().flatten();
        let paths: Vec<&str> = alone.chain(outcomes).chain(reasons).map(String::as_str).collect();
        Self { values: vec![None; paths.len()], paths, reader: FieldReader::default() }
    }

    /// Reads an event again. What cannot be read has no fields.
    fn read(&mut self, analysis: &Analysis, side: Side, events: &Events, index: EventIndex) {
        self.values.fill(None);
        let Self { paths, values, reader } = self;
        let mut take = |path: &str, value: &str| {
            for (_, kept) in paths.iter().zip(&mut *values).filter(|(own, _)| **own == path) {
                *kept = Some(value.to_owned());
            }
        };
        let recording = &events.recording;
        if matches!(recording.format, Format::Vcd | Format::VectorClocks) {
            for field in &analysis.detail(side, index).fields {
                take(&field.path, field.value.plain());
            }
            return;
        }
        let place = events.trace.events.places.get(index).unwrap_or_default();
        if let Ok(bytes) = recording.source.text(place.offset, place.len) {
            reader.any(&bytes, &recording.select, &mut |path, value| {
                take(path, &words(value));
                false
            });
        }
    }

    /// The value of a field, if the event has it and it says anything.
    fn text(&self, path: &str) -> Option<&str> {
        let at = self.paths.iter().position(|own| *own == path)?;
        self.values[at].as_deref().filter(|text| !text.is_empty())
    }
}

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
        let mut places = Places::default();
        // A lone recording is told as what happened.
        let told = |side: Side| if paired { side } else { Side::Actual };
        let sides = || Side::BOTH.into_iter().filter_map(|side| Some((side, self.sides[side].as_ref()?)));
        let mut telling = Telling::new(&services);
        for (side, events) in sides() {
            let range = self.told_of(side);
            story.cut |= (range.len() as u32) < self.len(side);
            for index in range {
                if index % 1024 == 0 && !go_on() {
                    return Err(Stopped);
                }
                telling.read(self, side, events, index);
                let happening = self.happening(&services, &telling, &mut places, side, index, paired);
                story.happenings[told(side)].push(happening);
                if places.names.len() > PLACES {
                    return Ok(None);
                }
            }
        }
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
    fn told_of(&self, side: Side) -> Range<EventIndex> {
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
            let other = |lane: &str| places.by_name.get(lane.split_once(':').map_or(lane, |(_, value)| value)).copied();
            let mut lanes = self.lanes(side, one.index).into_iter();
            one.peer = lanes.find_map(|lane| other(lane).filter(|&place| place != one.place));
        }
    }

    fn happening(
        &self,
        services: &Services,
        telling: &Telling<'_>,
        places: &mut Places,
        side: Side,
        index: EventIndex,
        paired: bool,
    ) -> Happening {
        let text = |path: &String| telling.text(path);
        let kind = self.kind(side, index);
        let trace = self.sides[side].as_ref().map(|events| &events.trace);
        let name = services.place.as_ref().and_then(text);
        let lane = || self.lanes(side, index).into_iter().next().unwrap_or_default();
        let place = places.of(name.unwrap_or_else(lane));
        let peer = services.peer.as_ref().and_then(text).map(|peer| places.of(peer));
        let attempt = services.attempt.as_ref().and_then(text).and_then(|attempt| attempt.parse().ok());
        let row = self.comparison.rows.row_of(side, index);
        let failed = trace.is_some_and(|trace| trace.events.flags[index as usize] & ERROR != 0);
        let others = services.outcomes.iter().chain(&services.reasons).filter_map(text);
        let act = match Act::of(kind, others, failed) {
            Act::Work | Act::Reply if row.is_some_and(|row| self.comparison.rows.get(row).class == RowClass::Late) => {
                Act::Late
            }
            act => act,
        };
        let answers = Act::of_word(kind) == Some(Act::Reply);
        let reason = services.reasons.iter().filter_map(text).find(|text| is_reason(text));
        let differences = self.comparison.rows.differences();
        Happening {
            index,
            time: trace.and_then(|trace| trace.common_time(index)),
            place,
            peer: peer.filter(|&peer| peer != place),
            act,
            reason: reason.unwrap_or_default().to_owned(),
            span: services.span.as_ref().and_then(text).unwrap_or_default().to_owned(),
            attempt: attempt.unwrap_or(0),
            answers,
            named: name.is_some(),
            differs: !paired || row.is_some_and(|row| differences.binary_search(&row).is_ok()),
            longer: 0,
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

/// A word, not a sentence, an id or a setting: `dns_failure`.
fn is_reason(text: &str) -> bool {
    text.len() <= REASON
        && text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | '.'))
}
