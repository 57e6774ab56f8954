//! What paired events of the samples say: which fields vary for no reason, which kind predicts which fields are there.

use std::collections::HashMap;

use super::canonical::{pair, text_hash};
use super::lanes::LanePlan;
use super::roles::{Action, FieldSpec, Role};
use super::stats::{Seen, Stats};
use super::words;
use crate::trace::{Side, Sides, mix};

/// Paired observations below which statistics may not set a field aside. SEMANTICS rule 9.
const ENOUGH: usize = 8;
/// Share of pairs that must differ, in the first half and in the second, for a field to be noise and not a fault.
const NOISY: f64 = 0.8;
/// The same for the durations in a text, of which some are equal by chance.
const DURATIONS_NOISY: f64 = 0.5;
/// Distinct durations on each side below which they may be settings, that repeat.
const MANY_DURATIONS: usize = 4;
const NONE: u32 = u32::MAX;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Sets aside data that differs between the sides from the very start, throughout, and hardly ever repeats: noise such
/// as addresses or readings. A fault begins somewhere; a wrong setting repeats. Quantities that only their names call measures,
/// and that are the same on both sides, are compared. Tells which fields have durations in their
/// texts that are such noise; `None` when `cancelled` said so.
pub(crate) fn judge_by_pairs(
    seen: &Seen<'_>,
    fields: &mut [FieldSpec],
    lanes: &[LanePlan],
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<bool>> {
    let mut durations = vec![false; fields.len()];
    let (Some(expected), Some(actual)) = (seen.samples.expected, seen.samples.actual) else { return Some(durations) };
    let kind = fields.iter().position(|f| f.role == Role::Kind);
    let home: Vec<usize> = lanes.iter().map(|l| l.field).filter(|&f| fields[f].action == Action::Compare).collect();
    let keys = Sides::new(
        identities(seen, Side::Expected, kind, home.first().copied()),
        identities(seen, Side::Actual, kind, home.first().copied()),
    );
    let index: Map<u64, u32> = keys.actual.iter().zip(0..).map(|(&k, i)| (k, i)).collect();
    let partner: Vec<u32> = keys.expected.iter().map(|k| index.get(k).copied().unwrap_or(NONE)).collect();
    for (at, (s, field)) in seen.stats.iter().zip(fields).enumerate() {
        if cancelled() {
            return None;
        }
        let (Some(e_id), Some(a_id)) = (s.ids.expected, s.ids.actual) else { continue };
        let in_text = s.sides.expected.durations.len().min(s.sides.actual.durations.len()) >= MANY_DURATIONS
            && matches!(field.action, Action::Compare | Action::Rename);
        let undecided = field.action == Action::Compare
            && matches!(field.role, Role::Data | Role::Text | Role::Identity)
            && field.lane.is_none();
        let quantity = field.role == Role::Measure
            && field.action == Action::Ignore
            && s.sum(|t| t.decimals) == 0
            && !words::is_duration_name(&s.path);
        if !undecided && !in_text && !quantity {
            continue;
        }
        let there = seen.dense(at, Side::Actual);
        let pairs = || {
            let pairs = s.sides.expected.column.iter().map(|&(e, hash)| (hash, partner[e as usize]));
            pairs.filter(|(_, a)| *a != NONE).map(|(hash, a)| (hash, there[a as usize])).filter(|(_, a)| *a != 0)
        };
        if in_text {
            let inside = |(e, a): (u64, u64)| Some((expected.inside.get(e_id, e)?, actual.inside.get(a_id, a)?));
            let differs: Vec<bool> = pairs()
                .filter_map(inside)
                .filter(|(e, a)| e.bare == a.bare && e.durations != 0)
                .map(|(e, a)| e.durations != a.durations)
                .collect();
            if noisy(&differs, DURATIONS_NOISY) {
                durations[at] = true;
                field.action = Action::Rename;
                "durations inside it differ throughout, without repeating: measured; the rest is compared"
                    .clone_into(&mut field.why);
                continue;
            }
        }
        if !undecided && !quantity {
            continue;
        }
        let differs: Vec<bool> = pairs().map(|(e, a)| e != a).collect();
        if quantity {
            if exact(&pairs().take(ENOUGH).collect::<Vec<_>>(), &differs) {
                let equal = differs.iter().filter(|&&d| !d).count();
                field.action = Action::Compare;
                field.why = format!("named like a measure, but equal in {equal} of {} paired events", differs.len());
            }
            continue;
        }
        // Values that both sides have in another order are no noise.
        let (e, a) = (&s.sides.expected.distinct, &s.sides.actual.distinct);
        let strangers = e.intersection(a).count() * 4 <= e.len().min(a.len());
        let measured = || strangers && s.varied() || s.numeric() && unsteady(seen, at, &partner);
        // Contents that come again with the same counterpart were handed on: no reading does that.
        let handed_on = || s.numeric() && words::is_content_name(&s.path) && pairs_up(pairs());
        if noisy(&differs, NOISY) && measured() && !handed_on() {
            let n = differs.iter().filter(|&&d| d).count();
            field.action = Action::Ignore;
            field.why = format!("differs in {n} of {} paired events, from the first on: noise", differs.len());
        }
    }
    Some(durations)
}

/// True when the first pairs are equal, though not all of one value, and so are most of the others: no reading is that steady.
fn exact(first: &[(u64, u64)], differs: &[bool]) -> bool {
    let varied = first.iter().any(|pair| pair.0 != first[0].0);
    let differing = differs.iter().filter(|&&d| d).count();
    first.len() == ENOUGH && varied && first.iter().all(|(e, a)| e == a) && differing * 4 <= differs.len()
}

/// True when many values come again, each always with the same value of the other side.
fn pairs_up(pairs: impl Iterator<Item = (u64, u64)>) -> bool {
    let (mut there, mut back) = (Map::<u64, u64>::default(), Map::<u64, u64>::default());
    let mut all = 0;
    for (e, a) in pairs {
        all += 1;
        if *there.entry(e).or_insert(a) != a || *back.entry(a).or_insert(e) != e {
            return false;
        }
    }
    there.len() * 4 <= all * 3
}

/// True when so many differ among the first, in the first half and in the second.
fn noisy(differs: &[bool], least: f64) -> bool {
    let share = |part: &[bool]| part.iter().filter(|&&d| d).count() as f64 / part.len() as f64;
    let (first, second) = differs.split_at(differs.len() / 2);
    differs.len() >= ENOUGH && [&differs[..ENOUGH], first, second].into_iter().all(|part| share(part) >= least)
}

/// True when the numbers of paired events are apart by ever other amounts: a fault shifts them by the same.
fn unsteady(seen: &Seen<'_>, field: usize, partner: &[u32]) -> bool {
    let there: HashMap<u32, f64> = seen.numbers(field, Side::Actual).into_iter().collect();
    let apart: Vec<f64> = (seen.numbers(field, Side::Expected).into_iter())
        .filter_map(|(e, number)| Some(there.get(&partner[e as usize])? - number))
        .filter(|apart| *apart != 0.0)
        .collect();
    let mut amounts: Map<u64, usize> = Map::default();
    for apart in &apart {
        *amounts.entry(apart.to_bits()).or_insert(0) += 1;
    }
    amounts.len() >= ENOUGH && amounts.values().all(|&often| often * 4 <= apart.len())
}

/// What pairs two sampled events up: kind, lane and how often the same was seen before.
fn identities(seen: &Seen<'_>, side: Side, kind: Option<usize>, home: Option<usize>) -> Vec<u64> {
    let mut keys = vec![text_hash("pair"); seen.events[side]];
    for field in [kind, home].into_iter().flatten() {
        for (key, value) in keys.iter_mut().zip(seen.dense(field, side)) {
            *key = pair(*key, pair(field as u64, value));
        }
    }
    let mut nth: Map<u64, u64> = Map::default();
    for key in &mut keys {
        let n = nth.entry(*key).or_insert(0);
        *n += 1;
        *key = pair(*key, *n);
    }
    keys
}

/// Which of the fields that are not always there each event of one side has, hashed; none when all always are.
pub(crate) fn shapes(seen: &Seen<'_>) -> Option<(Side, Vec<u64>)> {
    let side = seen.baseline()?;
    let mut shapes = vec![0_u64; seen.events[side]];
    let mut any = false;
    for (field, s) in seen.stats.iter().enumerate() {
        let column = &s.sides[side].column;
        if s.ids[side].is_some() && column.len() < shapes.len() {
            any = true;
            for &(event, _) in column {
                shapes[event as usize] = shapes[event as usize].wrapping_add(mix(field as u64 + 1));
            }
        }
    }
    any.then_some((side, shapes))
}

/// How well a field's value predicts which other fields are present, from 0 to 1: a sign that it is the kind.
pub(crate) fn predicts_presence(s: &Stats, shapes: Option<&(Side, Vec<u64>)>) -> f64 {
    let Some((side, shapes)) = shapes else { return 0.0 };
    let mut counts: Map<u64, Map<u64, u32>> = Map::default();
    for &(event, value) in &s.sides[*side].column {
        *counts.entry(value).or_default().entry(shapes[event as usize]).or_insert(0) += 1;
    }
    let most: u32 = counts.values().map(|m| m.values().copied().max().unwrap_or(0)).sum();
    let all = s.sides[*side].column.len();
    if all == 0 { 0.0 } else { f64::from(most) / all as f64 }
}
