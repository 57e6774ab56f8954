//! What a comparison, or a lone recording, tells of services: its events read again for who acted, on whom, and how it went.

use std::collections::HashMap;

use super::Analysis;
use crate::compare::Verdict;
use crate::incident::{Act, Happening, Incident, Link, Place, Story};
use crate::spec::Services;
use crate::trace::{ERROR, EventIndex, Side, Value};

/// Events of a side that are read; what comes after them is not told, and that is said.
const MOST: u32 = 50_000;
/// More places than these are no services.
const PLACES: usize = 2_000;
/// The longest word that is a reason.
const REASON: usize = 48;

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

impl Analysis {
    /// What happened to services, tasks or lanes; `None` for waveforms, and where there are fewer than two places or more than
    /// can be services. Reads the text of up to 50,000 events a side; `go_on` is asked now and then.
    pub fn incident(&self, go_on: &dyn Fn() -> bool) -> Option<Incident> {
        if self.waveform.is_some() {
            return None;
        }
        let services = self.spec.services();
        let paired = Side::BOTH.into_iter().all(|side| self.sides[side].is_some());
        let mut story = Story { paired, ..Story::default() };
        let mut places = Places::default();
        for side in Side::BOTH {
            // A lone recording is told as what happened.
            let told = if paired { side } else { Side::Actual };
            let Some(events) = &self.sides[side] else { continue };
            let len = self.len(side).min(MOST);
            story.cut |= len < self.len(side);
            for index in 0..len {
                if index % 1024 == 0 && !go_on() {
                    return None;
                }
                let happening = self.happening(&services, &mut places, side, index, paired)?;
                story.happenings[told].push(happening);
                if places.names.len() > PLACES {
                    return None;
                }
            }
            if services.place.is_some() && services.peer.is_none() {
                self.peers_by_lanes(side, &places, &mut story.happenings[told]);
            }
            let at = |event: EventIndex| story.happenings[told].get(event as usize).map(|one| one.place);
            let links = events.trace.links.iter();
            let links: Vec<Link> = links
                .filter_map(|link| Some(Link { from: at(link.from)?, to: at(link.to)?, at: link.to }))
                .filter(|link| link.from != link.to)
                .collect();
            story.links[told] = links;
        }
        let cause = self.comparison.causes.first().filter(|_| self.comparison.verdict != Verdict::Incomparable);
        story.cause = cause.and_then(|cause| if cause.side == Side::Actual { Some(cause.index) } else { cause.other });
        story.places = places.names;
        (story.places.len() > 1).then(|| story.told())
    }

    /// The same where a field names services in most events, and something is told of them, which is what reports say.
    pub fn services(&self, go_on: &dyn Fn() -> bool) -> Option<Incident> {
        self.spec.services().place.as_ref()?;
        let incident = self.incident(go_on)?;
        let named = incident.story.happenings.actual.iter().filter(|one| one.named).count();
        (named * 2 > incident.story.happenings.actual.len() && !incident.families.is_empty()).then_some(incident)
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
        places: &mut Places,
        side: Side,
        index: EventIndex,
        paired: bool,
    ) -> Option<Happening> {
        let trace = &self.sides[side].as_ref()?.trace;
        let detail = self.detail(side, index);
        let text = |path: &String| detail.value(path).map(Value::plain).filter(|text| !text.is_empty());
        let name = services.place.as_ref().and_then(text);
        let place = places.of(name.or_else(|| detail.lanes.first().map(String::as_str)).unwrap_or_default());
        let peer = services.peer.as_ref().and_then(text).map(|peer| places.of(peer));
        let attempt = services.attempt.as_ref().and_then(text).and_then(|attempt| attempt.parse().ok());
        let failed = trace.events.flags[index as usize] & ERROR != 0;
        let others = services.outcomes.iter().chain(&services.reasons).filter_map(text);
        let act = Act::of(&detail.kind, others, failed);
        let answers = Act::of_word(&detail.kind) == Some(Act::Reply);
        let reason = services.reasons.iter().filter_map(text).find(|text| is_reason(text));
        let row = self.comparison.rows.row_of(side, index);
        let differences = self.comparison.rows.differences();
        Some(Happening {
            index,
            time: trace.common_time(index),
            place,
            peer: peer.filter(|&peer| peer != place),
            act,
            reason: reason.unwrap_or_default().to_owned(),
            span: services.span.as_ref().and_then(text).unwrap_or_default().to_owned(),
            attempt: attempt.unwrap_or(0),
            answers,
            named: name.is_some(),
            differs: !paired || row.is_some_and(|row| differences.binary_search(&row).is_ok()),
        })
    }
}

/// A word, not a sentence, an id or a setting: `dns_failure`.
fn is_reason(text: &str) -> bool {
    text.len() <= REASON
        && text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | '.'))
}
