//! What paired events of the samples say: which fields vary for no reason, which kind predicts which fields are there.

use std::collections::HashMap;

use super::canonical::{pair, text_hash};
use super::lanes::LanePlan;
use super::roles::{Action, FieldSpec, Role};
use super::sample::Sample;
use super::stats::Stats;
use crate::trace::{Side, Sides, Sink as _};

/// Paired observations below which statistics may not set a field aside. SEMANTICS rule 9.
const ENOUGH: usize = 8;
/// Share of pairs that must differ, in the first half and in the second, for a field to be noise and not a fault.
const NOISY: f64 = 0.8;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Sets aside data that differs between the sides from the very start, throughout, and hardly ever repeats: noise such
/// as addresses or readings. A fault begins somewhere; a wrong setting repeats.
pub(crate) fn set_volatile_aside(
    stats: &[Stats],
    fields: &mut [FieldSpec],
    samples: Sides<Option<&Sample>>,
    lanes: &[LanePlan],
) {
    let (Some(expected), Some(actual)) = (samples.expected, samples.actual) else { return };
    let kind = fields.iter().position(|f| f.role == Role::Kind);
    let home: Vec<usize> = lanes.iter().map(|l| l.field).filter(|&f| fields[f].action == Action::Compare).collect();
    let keys = Sides::new(
        identities(expected, stats, Side::Expected, kind, &home),
        identities(actual, stats, Side::Actual, kind, &home),
    );
    let partner: Map<u64, usize> = keys.actual.iter().enumerate().map(|(i, &k)| (k, i)).collect();
    let pairs: Vec<(usize, usize)> =
        keys.expected.iter().enumerate().filter_map(|(i, k)| Some((i, *partner.get(k)?))).collect();
    for (s, field) in stats.iter().zip(fields) {
        let undecided = field.action == Action::Compare
            && matches!(field.role, Role::Data | Role::Text | Role::Identity)
            && field.lane.is_none();
        let (Some(e_id), Some(a_id)) = (s.ids.expected, s.ids.actual) else { continue };
        if !undecided {
            continue;
        }
        let mut differs: Vec<bool> = Vec::new();
        for &(e, a) in &pairs {
            let value = |sample: &Sample, event, id| sample.event(event).iter().find(|v| v.field == id).map(|v| v.hash);
            if let (Some(e), Some(a)) = (value(expected, e, e_id), value(actual, a, a_id)) {
                differs.push(e != a);
            }
        }
        let varied = |side: Side| s.sides[side].distinct.len() * 2 >= s.sides[side].present as usize;
        // Values that both sides have in another order are no noise.
        let (e, a) = (&s.sides.expected.distinct, &s.sides.actual.distinct);
        let strangers = e.intersection(a).count() * 4 <= e.len().min(a.len());
        if differs.len() >= ENOUGH && strangers && varied(Side::Expected) && varied(Side::Actual) {
            let share = |part: &[bool]| part.iter().filter(|&&d| d).count() as f64 / part.len() as f64;
            let (first, second) = differs.split_at(differs.len() / 2);
            if share(&differs[..ENOUGH]) >= NOISY && share(first) >= NOISY && share(second) >= NOISY {
                let n = differs.iter().filter(|&&d| d).count();
                field.action = Action::Ignore;
                field.why = format!("differs in {n} of {} paired events, from the first on: noise", differs.len());
            }
        }
    }
}

/// What pairs two sampled events up: kind, lanes and how often the same was seen before.
fn identities(sample: &Sample, stats: &[Stats], side: Side, kind: Option<usize>, home: &[usize]) -> Vec<u64> {
    let mut seen: Map<u64, u64> = Map::default();
    let ids: Vec<u32> = kind.iter().chain(home.first()).filter_map(|&f| stats[f].ids[side].map(|_| f as u32)).collect();
    (0..sample.len())
        .map(|event| {
            let values = sample.event(event);
            let mut key = text_hash("pair");
            for &field in &ids {
                let id = stats[field as usize].ids[side];
                let value = values.iter().find(|v| Some(v.field) == id).map_or(0, |v| v.hash);
                key = pair(key, pair(u64::from(field), value));
            }
            let nth = seen.entry(key).or_insert(0);
            *nth += 1;
            pair(key, *nth)
        })
        .collect()
}

/// How well a field's value predicts which other fields are present, from 0 to 1: a sign that it is the kind.
pub(crate) fn predicts_presence(s: &Stats, stats: &[Stats], samples: Sides<Option<&Sample>>) -> f64 {
    let Some((side, sample)) = Side::BOTH.into_iter().find_map(|side| Some((side, samples[side]?))) else { return 0.0 };
    let Some(id) = s.ids[side] else { return 0.0 };
    let optional: Vec<u32> =
        stats.iter().filter(|t| (t.sides[side].present as usize) < sample.len()).filter_map(|t| t.ids[side]).collect();
    let mut shapes: Map<u64, Map<u64, u32>> = Map::default();
    for event in 0..sample.len() {
        let values = sample.event(event);
        let Some(value) = values.iter().find(|v| v.field == id) else { continue };
        let shape = optional.iter().fold(1, |h, &o| pair(h, u64::from(values.iter().any(|v| v.field == o))));
        *shapes.entry(value.hash).or_default().entry(shape).or_insert(0) += 1;
    }
    let most: u32 = shapes.values().map(|m| m.values().copied().max().unwrap_or(0)).sum();
    let all: u32 = shapes.values().flat_map(HashMap::values).sum();
    if all == 0 || optional.is_empty() { 0.0 } else { f64::from(most) / f64::from(all) }
}
