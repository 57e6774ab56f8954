//! Which fields name lanes: resources that do one thing at a time (SEMANTICS rules 12 and 14).

use std::collections::{HashMap, HashSet};

use super::overrides::Overrides;
use super::roles::{FieldSpec, Role};
use super::sample::Sample;
use super::stats::Stats;
use super::words::{self, Selectivity};
use crate::trace::{Side, Sides, Sink as _};

/// How much smaller the uncertainty about the next kind must be within a field's values for it to be taken for a lane
/// by behaviour alone.
const LANE_GAIN: f64 = 0.75;
/// Events below which behaviour alone says nothing about lanes.
const LANE_EVENTS: usize = 12;

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// One field whose values are lanes.
#[derive(Debug, Clone)]
pub(crate) struct LanePlan {
    pub(crate) field: usize,
    pub(crate) word: String,
    pub(crate) selectivity: Selectivity,
    pub(crate) why: &'static str,
}

/// The lane fields, the most selective first.
pub(crate) fn choose(
    stats: &[Stats],
    fields: &[FieldSpec],
    samples: Sides<Option<&Sample>>,
    kind: Option<&str>,
    overrides: &Overrides,
) -> Vec<LanePlan> {
    let mut plans: Vec<LanePlan> = Vec::new();
    if !overrides.lanes.is_empty() {
        for (field, s) in stats.iter().enumerate().filter(|(_, s)| overrides.lanes.contains(&s.path)) {
            let selectivity = words::lane_hint(&s.path).map_or(Selectivity::Signal, |(_, sel)| sel);
            plans.push(LanePlan { field, word: words::lane_word(&s.path), selectivity, why: "chosen" });
        }
        order(&mut plans, stats);
        return plans;
    }
    for (field, s) in stats.iter().enumerate() {
        let usable = matches!(fields[field].role, Role::Data | Role::Identity | Role::Provenance)
            && (s.textual() || s.numeric() && s.sum(|t| t.decimals) == 0);
        let Some((word, selectivity)) = words::lane_hint(&s.path).filter(|_| usable) else { continue };
        if fields[field].role == Role::Provenance && selectivity == Selectivity::Component {
            continue;
        }
        plans.push(LanePlan { field, word, selectivity, why: "by its name" });
    }
    let owner = stats
        .iter()
        .position(|s| words::is_span_name(&s.path))
        .or_else(|| plans.iter().find(|p| p.selectivity == Selectivity::Actor).map(|p| p.field));
    if let Some(owner) = owner {
        let overlaps = |plan: &LanePlan| {
            plan.selectivity == Selectivity::Component
                && plan.field != owner
                && baseline(samples).is_some_and(|(side, sample)| {
                    interleaves(sample, stats[plan.field].ids[side], stats[owner].ids[side])
                })
        };
        let grouped = plans.iter().any(&overlaps);
        plans.retain(|p| !overlaps(p));
        if grouped && words::is_span_name(&stats[owner].path) {
            plans.push(LanePlan {
                field: owner,
                word: "span".to_owned(),
                selectivity: Selectivity::Actor,
                why: "its service does several things at once",
            });
        }
    }
    if plans.is_empty() {
        plans.extend(by_behaviour(stats, fields, samples, kind));
    }
    order(&mut plans, stats);
    plans
}

/// Two lane fields may not share a word, or `task:1` would mean two things.
fn order(plans: &mut [LanePlan], stats: &[Stats]) {
    plans.sort_by_key(|p| (p.selectivity, std::cmp::Reverse(stats[p.field].distinct()), p.field));
    for i in 1..plans.len() {
        let (before, rest) = plans.split_at_mut(i);
        if before.iter().any(|p| p.word == rest[0].word) {
            rest[0].word.clone_from(&stats[rest[0].field].path);
        }
    }
}

fn baseline(samples: Sides<Option<&Sample>>) -> Option<(Side, &Sample)> {
    samples.expected.map(|s| (Side::Expected, s)).or_else(|| samples.actual.map(|s| (Side::Actual, s)))
}

/// True when some value of `field` comes back to an owner after it had moved on to another (A B A): it does several
/// things at once.
fn interleaves(sample: &Sample, field: Option<u32>, owner: Option<u32>) -> bool {
    let (Some(field), Some(owner)) = (field, owner) else { return false };
    let mut current: Map<u64> = Map::default();
    let mut left: HashSet<(u64, u64), foldhash::fast::FixedState> = HashSet::default();
    for event in 0..sample.len() {
        let values = sample.event(event);
        let find = |id: u32| values.iter().find(|v| v.field == id).map(|v| v.hash);
        let (Some(value), Some(owner)) = (find(field), find(owner)) else { continue };
        let before = current.insert(value, owner);
        if before != Some(owner) {
            if let Some(before) = before {
                left.insert((value, before));
            }
            if left.contains(&(value, owner)) {
                return true;
            }
        }
    }
    false
}

/// Where no name helps: the categorical field within whose values the next kind is best predicted.
fn by_behaviour(
    stats: &[Stats],
    fields: &[FieldSpec],
    samples: Sides<Option<&Sample>>,
    kind: Option<&str>,
) -> Option<LanePlan> {
    let (side, sample) = baseline(samples)?;
    let kind_id = stats.iter().find(|s| Some(s.path.as_str()) == kind)?.ids[side]?;
    if sample.len() < LANE_EVENTS {
        return None;
    }
    let all = next_kind_entropy(sample, kind_id, None);
    (0..stats.len())
        .filter(|&i| {
            let s = &stats[i];
            let distinct = s.sides[side].distinct.len();
            matches!(fields[i].role, Role::Data | Role::Identity)
                && s.sum(|t| t.bools + t.decimals) == 0
                && distinct >= 2
                && distinct * 3 <= sample.len()
                && s.sides[side].present as usize * 3 >= sample.len()
                && !words::is_outcome_name(&s.path)
                && !words::is_correlation_name(&s.path)
        })
        .filter_map(|i| Some((next_kind_entropy(sample, kind_id, Some(stats[i].ids[side]?)), i)))
        .filter(|(within, _)| *within < LANE_GAIN * all)
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, field)| LanePlan {
            field,
            word: words::lane_word(&stats[field].path),
            selectivity: Selectivity::Actor,
            why: "by its behaviour: within its values, what comes next is predictable",
        })
}

/// Bits of uncertainty about the kind that follows a kind, within each value of `field` (or over all events).
fn next_kind_entropy(sample: &Sample, kind: u32, field: Option<u32>) -> f64 {
    let mut last: Map<u64> = Map::default();
    let mut follow: Map<Map<u32>> = Map::default();
    for event in 0..sample.len() {
        let values = sample.event(event);
        let find = |id: u32| values.iter().find(|v| v.field == id).map(|v| v.hash);
        let Some(kind) = find(kind) else { continue };
        let lane = match field {
            Some(field) => match find(field) {
                Some(lane) => lane,
                None => continue,
            },
            None => 0,
        };
        if let Some(before) = last.insert(lane, kind) {
            *follow.entry(before).or_default().entry(kind).or_insert(0) += 1;
        }
    }
    let mut counts: Vec<Vec<u32>> = follow
        .values()
        .map(|next| {
            let mut row: Vec<u32> = next.values().copied().collect();
            row.sort_unstable();
            row
        })
        .collect();
    counts.sort_unstable();
    let total: f64 = counts.iter().flatten().map(|&n| f64::from(n)).sum();
    if total == 0.0 {
        return f64::INFINITY;
    }
    let mut bits = 0.0;
    for row in &counts {
        let sum: f64 = row.iter().map(|&n| f64::from(n)).sum();
        bits -= row.iter().map(|&n| f64::from(n) * (f64::from(n) / sum).log2()).sum::<f64>();
    }
    bits / total
}
