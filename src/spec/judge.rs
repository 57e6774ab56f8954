//! Role, action and evidence of one field by itself: what its values do, its name being a hint (SEMANTICS rules 8 to 10).

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use super::overrides::Overrides;
use super::pairs;
use super::roles::{Action, FieldSpec, Role};
use super::services::is_called_name;
use super::stats::{Seen, Stats};
use super::words;
use crate::trace::Side;

/// Records in a sample from which a rising-by-one field is a counter even if its name does not say so.
pub(super) const COUNTER_EVENTS: u32 = 8;

/// Records up to which a field that is named like a kind need not repeat its values: a short story seldom does.
const SHORT: u32 = 32;
/// How well a field must be named for that.
const WELL_NAMED: u32 = 80;

/// The field that best says what happened: by name, else the short repeated text that is nearly always there.
pub(super) fn kind_field(seen: &Seen<'_>, overrides: &Overrides) -> Option<String> {
    if let Some(kind) = &overrides.kind {
        return Some(kind.clone());
    }
    let records = seen.records();
    let shapes = pairs::shapes(seen);
    let candidates = seen.stats.iter().filter(|s| {
        s.textual()
            && s.present() * 10 >= records * 8
            && !s.mostly(|t| t.iso, 0.5)
            && !s.mostly(|t| t.id_shaped, 0.5)
            && !s.mostly(|t| t.wordy, 0.5)
            && !words::is_correlation_name(&s.path)
            && !words::is_span_name(&s.path)
            && !words::is_machine_name(&s.path)
            && !is_called_name(&s.path)
    });
    let score = |s: &Stats| {
        // What is always the same tells no event from another.
        let named = words::kind_score(&s.path) / if s.constant_within() { 4 } else { 1 };
        let distinct = s.templates() as u32;
        // A kind comes again; a name that is new in every event is an id or a text.
        let short = records < COUNTER_EVENTS || records <= SHORT && named >= WELL_NAMED;
        let repeats = short || distinct * 2 <= records;
        match (named, repeats) {
            (0, true)
                if distinct >= 2
                    && !s.constant_within()
                    && words::lane_hint(&s.path).is_none()
                    && !words::is_outcome_name(&s.path) =>
            {
                10 + (20.0 * pairs::predicts_presence(s, shapes.as_ref())) as u32
            }
            (0, _) => 0,
            (named, true) => named,
            (named, false) => named / 4,
        }
    };
    candidates
        .map(|s| (score(s), s))
        .filter(|(score, _)| *score > 0)
        .max_by(|(a, s), (b, t)| a.cmp(b).then_with(|| t.path.cmp(&s.path)))
        .map(|(_, s)| s.path.clone())
}

/// Role, action and evidence of one field, before lanes and pair statistics have their say.
pub(super) fn judge(seen: &Seen<'_>, field: usize, kind: Option<&str>, overrides: &Overrides) -> FieldSpec {
    let (s, records) = (&seen.stats[field], seen.records());
    let path = s.path.as_str();
    let make = |role: Role, action: Action, why: &str| FieldSpec {
        path: path.to_owned(),
        role,
        action,
        why: why.to_owned(),
        lane: None,
        by_hand: false,
        shared: s.sides.expected.present > 0 && s.sides.actual.present > 0,
    };
    if kind == Some(path) {
        return make(Role::Kind, Action::Compare, "says what happened");
    }
    if overrides.time.as_deref() == Some(path) {
        return make(Role::Time, Action::Ignore, "chosen as the time");
    }
    let lane_named = words::lane_hint(path).is_some();
    if s.numeric()
        && s.counts_records()
        && !lane_named
        && (words::is_position_name(path) || s.sum(|t| t.pairs) + 1 >= COUNTER_EVENTS)
    {
        return make(Role::Position, Action::Ignore, "counts the records");
    }
    if s.mostly(|t| t.iso, 0.9) {
        return make(Role::Time, Action::Ignore, "a date and time");
    }
    if (s.numeric() || s.mostly(|t| t.digits, 0.95)) && !lane_named {
        let large = s.sides.expected.largest.max(s.sides.actual.largest) >= 1e8;
        let unit = words::is_unit_name(path) && s.is_everywhere(records);
        if (words::is_time_name(path) || unit) && !words::is_measure_name(path) {
            if s.rises() || s.constant_within() && large {
                return make(Role::Time, Action::Ignore, "rises, and is named like a time");
            }
            let varied = s.distinct() * 2 > s.present().min(records) as usize;
            if varied && (s.drifts_upward() || large && words::is_clock_name(path)) {
                return make(
                    Role::Time,
                    Action::Ignore,
                    "named like a time, and rises on the whole: of several clocks",
                );
            }
        }
    }
    if s.numeric() && !lane_named {
        if words::is_measure_name(path) || words::is_time_spent_name(path) {
            return make(Role::Measure, Action::Ignore, "measured, and no tolerance was given");
        }
        let varied = s.distinct() * 2 > s.present().min(records) as usize;
        // One huge number among small ones is a fault, and no clock.
        let large = |side: Side| s.sides[side].present == 0 || s.sides[side].largest >= 1e8;
        if s.rises() && varied && Side::BOTH.into_iter().all(large) {
            return make(Role::Time, Action::Ignore, "rises throughout, as large as a clock");
        }
    }
    if s.constant_within() && words::is_provenance_name(path) && (s.disjoint() || !lane_named) {
        return make(Role::Provenance, Action::Ignore, "the same throughout a side: says where it comes from");
    }
    if words::is_machine_name(path) && s.textual() && s.disjoint() {
        return make(Role::Provenance, Action::Ignore, "the machines, which are others on each side");
    }
    if (s.numeric() || s.mostly(|t| t.digits, 0.95))
        && !lane_named
        && s.is_everywhere(records)
        && s.is_epoch()
        && s.drifts_upward()
        && s.varied()
    {
        return make(Role::Time, Action::Ignore, "dates of our days, which rise on the whole");
    }
    let address = |text: &str| text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok();
    if s.constant_within() && s.disjoint() && Side::BOTH.into_iter().all(|side| seen.texts(field, side).all(address)) {
        return make(Role::Provenance, Action::Ignore, "an address of a machine, the same throughout a side");
    }
    if names_a_run(seen, field) {
        return make(Role::Provenance, Action::Ignore, "throughout a side, and on the other the same but for numbers");
    }
    if s.constant_within() && s.mostly(|t| t.id_shaped, 0.9) && s.disjoint() && !words::is_content_name(path) {
        return make(Role::Provenance, Action::Ignore, "an id, the same throughout a side");
    }
    if words::is_span_name(path)
        || words::is_parent_name(path)
        || words::is_message_name(path) && !s.mostly(|t| t.wordy, 0.3)
        || words::is_correlation_name(path)
        || words::is_cause_name(path)
        || s.mostly(|t| t.id_shaped, 0.9)
    {
        return make(Role::Identity, Action::Compare, "an id");
    }
    if s.textual() && s.mostly(|t| t.wordy, 0.3) {
        return make(Role::Text, Action::Compare, "words for people");
    }
    make(Role::Data, Action::Compare, "a value")
}

/// True for what every record says of its run, its process or its machine, whatever its name: names that the other side has too but
/// for the numbers in them, or one number that a system gave. A setting is a word, or a small number: it is compared.
fn names_a_run(seen: &Seen<'_>, field: usize) -> bool {
    let s = &seen.stats[field];
    let stems = |side: Side| -> BTreeSet<String> {
        seen.texts(field, side).map(|text| text.chars().filter(|c| !c.is_ascii_digit()).collect()).collect()
    };
    let numbered = |side: Side| seen.texts(field, side).all(|text| text.bytes().any(|b| b.is_ascii_digit()));
    let alike = || Side::BOTH.into_iter().all(numbered) && stems(Side::Expected) == stems(Side::Actual);
    // What is called like its field, as `run-7` of `run`, needs less to be known.
    let called_like = || {
        s.constant_within()
            && Side::BOTH.into_iter().all(|side| words::is_called_like(&s.path, seen.texts(field, side)))
    };
    s.is_everywhere(seen.records())
        && (s.present() >= 2 * COUNTER_EVENTS || called_like())
        && s.few_of_each()
        && s.disjoint()
        && s.sum(|t| t.with_ids) == 0
        && !words::is_content_name(&s.path)
        && !words::never_lane(&s.path)
        && (s.textual() && alike() || s.constant_within() && s.numbered_by_the_system())
}

/// True for a number that every record has, that is hardly ever the same twice and another in
/// every run, and that climbs, whatever its name.
pub(super) fn is_bare_clock(s: &Stats, field: &FieldSpec, records: u32) -> bool {
    field.role == Role::Data
        && s.numeric()
        && words::lane_hint(&s.path).is_none()
        && s.is_everywhere(records)
        && s.climbs(2 * COUNTER_EVENTS)
        && s.varied()
        && s.differs_from_the_start()
}
