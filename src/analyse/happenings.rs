//! Events read again for what they tell of services.

use std::collections::HashMap;
use std::ops::Range;

use super::told_fields::ToldFields;
use super::{Analysis, Events};
use crate::compare::RowClass;
use crate::incident::{Act, Happening, Place};
use crate::spec::Services;
use crate::trace::{ERROR, EventIndex, Side};

/// Words whose meaning is kept: those of kinds and states are few, and what never comes again need not be kept.
const WORDS: usize = 4_096;
/// The longest word that is a reason.
const REASON: usize = 48;

/// The places by name.
#[derive(Default)]
pub struct Places {
    /// Their names.
    pub names: Vec<String>,
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

    /// The place of a name.
    pub fn find(&self, name: &str) -> Option<Place> {
        self.by_name.get(name).copied()
    }
}

/// The fields that tell, by their numbers.
struct Telling {
    place: Option<usize>,
    peer: Option<usize>,
    outcomes: Vec<usize>,
    reasons: Vec<usize>,
    attempt: Option<usize>,
    span: Option<usize>,
}

impl Telling {
    fn new(services: &Services, fields: &mut ToldFields) -> Self {
        let mut number = |path: &String| fields.number(path);
        let place = services.place.as_ref().map(&mut number);
        let peer = services.peer.as_ref().map(&mut number);
        let outcomes = services.outcomes.iter().map(&mut number).collect();
        let reasons = services.reasons.iter().map(&mut number).collect();
        let attempt = services.attempt.as_ref().map(&mut number);
        let span = services.span.as_ref().map(&mut number);
        Self { place, peer, outcomes, reasons, attempt, span }
    }
}

/// Reads events as what happened to places.
pub struct Happenings<'a> {
    analysis: &'a Analysis,
    fields: ToldFields,
    telling: Telling,
    /// Both sides are there.
    paired: bool,
    acts: HashMap<String, Option<Act>, foldhash::fast::FixedState>,
    /// The places so far.
    pub places: Places,
}

impl<'a> Happenings<'a> {
    /// Nothing is read yet.
    pub fn new(analysis: &'a Analysis, services: &Services, paired: bool) -> Self {
        let mut fields = ToldFields::default();
        let telling = Telling::new(services, &mut fields);
        Self { analysis, fields, telling, paired, acts: HashMap::default(), places: Places::default() }
    }

    /// Hands over what happened in events of a side, in their order, until `each` says false. Of what cannot be read any more
    /// only the columns tell.
    pub fn of_side(
        &mut self,
        (side, events): (Side, &Events),
        range: Range<EventIndex>,
        each: &mut impl FnMut(Happening, &Places) -> bool,
    ) {
        let mut fields = std::mem::take(&mut self.fields);
        fields.of_side(events, range, &mut |index, fields| {
            let happening = self.happening(side, (events, index), fields);
            each(happening, &self.places)
        });
        self.fields = fields;
    }

    /// What the event whose fields were read means.
    fn happening(&mut self, side: Side, (events, index): (&Events, EventIndex), fields: &ToldFields) -> Happening {
        let Self { analysis, telling, acts, places, .. } = self;
        let value = |number: usize| fields.value(number);
        let name = telling.place.and_then(value);
        let place = match name {
            Some(name) => places.of(name),
            None => places.of(&analysis.names.lanes[events.trace.events.home_lane(index) as usize]),
        };
        let peer = telling.peer.and_then(value).map(|peer| places.of(peer));
        let attempt = telling.attempt.and_then(value).and_then(|attempt| attempt.parse().ok());
        let rows = &analysis.comparison.rows;
        let row = rows.row_of(side, index).map(|row| rows.get(row));
        let failed = events.trace.events.flags[index as usize] & ERROR != 0;
        let by_kind = meaning(acts, analysis.kind(side, index));
        let others = telling.outcomes.iter().chain(&telling.reasons).filter_map(|&number| value(number));
        let act = match Act::of(by_kind, others.map(|text| meaning(acts, text)), failed) {
            Act::Work | Act::Reply if row.is_some_and(|row| row.class == RowClass::Late) => Act::Late,
            act => act,
        };
        let reason = telling.reasons.iter().filter_map(|&number| value(number)).find(|text| is_reason(text));
        Happening {
            index,
            time: events.trace.common_time(index),
            place,
            peer: peer.filter(|&peer| peer != place),
            act,
            reason: reason.unwrap_or_default().to_owned(),
            span: telling.span.and_then(value).unwrap_or_default().to_owned(),
            attempt: attempt.unwrap_or(0),
            answers: by_kind == Some(Act::Reply),
            named: name.is_some(),
            differs: !self.paired || row.is_some_and(|row| row.differs()),
            longer: 0,
        }
    }
}

/// What a word means, as it was found before.
fn meaning(acts: &mut HashMap<String, Option<Act>, foldhash::fast::FixedState>, text: &str) -> Option<Act> {
    if let Some(&act) = acts.get(text) {
        return act;
    }
    let act = Act::of_word(text);
    if acts.len() < WORDS {
        acts.insert(text.to_owned(), act);
    }
    act
}

/// A word, not a sentence, an id or a setting: `dns_failure`.
fn is_reason(text: &str) -> bool {
    text.len() <= REASON
        && text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | '.'))
}
