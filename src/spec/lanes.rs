//! Which fields name lanes: resources that do one thing at a time (SEMANTICS rules 12 and 14).

use std::collections::{HashMap, HashSet};

use super::overrides::Overrides;
use super::roles::{FieldSpec, Role};
use super::stats::{Seen, Stats};
use super::words::{self, Selectivity};
use crate::trace::Side;

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
    /// The values that are lanes, sorted, where the others do several things at once; all where it is none.
    pub(crate) only: Option<Vec<u64>>,
}

/// The lane fields, the most selective first.
pub(crate) fn choose(
    seen: &Seen<'_>,
    fields: &[FieldSpec],
    kind: Option<&str>,
    overrides: &Overrides,
) -> Vec<LanePlan> {
    let stats = seen.stats;
    let mut plans: Vec<LanePlan> = Vec::new();
    if !overrides.lanes.is_empty() {
        for (field, s) in stats.iter().enumerate().filter(|(_, s)| overrides.lanes.contains(&s.path)) {
            let selectivity = words::lane_hint(&s.path).map_or(Selectivity::Signal, |(_, sel)| sel);
            plans.push(LanePlan { field, word: words::lane_word(&s.path), selectivity, why: "chosen", only: None });
        }
        order(&mut plans, stats);
        return plans;
    }
    for (field, s) in stats.iter().enumerate() {
        let usable = matches!(fields[field].role, Role::Data | Role::Identity | Role::Provenance)
            && (s.textual() || s.numeric() && s.sum(|t| t.decimals) == 0);
        if !usable {
            continue;
        }
        let by_values = || Some((by_values(seen, field)?, "by what its values are called"));
        let by_name = words::lane_hint(&s.path).map(|hint| (hint, "by its name"));
        let Some(((word, selectivity), why)) = by_name.or_else(by_values) else { continue };
        if fields[field].role == Role::Provenance && selectivity == Selectivity::Component {
            continue;
        }
        plans.push(LanePlan { field, word, selectivity, why, only: None });
    }
    let owner = stats
        .iter()
        .position(|s| words::is_span_name(&s.path))
        .or_else(|| plans.iter().find(|p| p.selectivity == Selectivity::Actor).map(|p| p.field));
    if let Some(owner) = owner {
        let mut grouped = false;
        for plan in plans.iter_mut().filter(|p| p.selectivity == Selectivity::Component) {
            if seen.baseline().is_some_and(|side| interleaves(seen, plan.field, owner, side)) {
                grouped = true;
                plan.only = Some(without_owner(seen, plan.field, owner));
            }
        }
        plans.retain(|p| p.only.as_ref().is_none_or(|only| !only.is_empty()));
        if grouped && words::is_span_name(&stats[owner].path) {
            plans.push(LanePlan {
                field: owner,
                word: "span".to_owned(),
                selectivity: Selectivity::Actor,
                why: "its service does several things at once",
                only: None,
            });
        }
    }
    plans.extend(by_behaviour(seen, fields, kind, &plans));
    order(&mut plans, stats);
    plans
}

/// The lane word that a field's values begin with.
fn by_values(seen: &Seen<'_>, field: usize) -> Option<(String, Selectivity)> {
    let s = &seen.stats[field];
    if !s.textual() || words::never_lane(&s.path) || words::is_outcome_name(&s.path) || words::is_parent_name(&s.path) {
        return None;
    }
    let texts =
        Side::BOTH.into_iter().filter_map(|side| Some((side, seen.samples[side]?))).flat_map(|(side, sample)| {
            s.sides[side].distinct.iter().map(|hash| sample.texts.get(hash).map_or("", String::as_str))
        });
    words::lane_hint_of_values(texts).map(|(word, selectivity)| (word.to_owned(), selectivity))
}

/// The values of a field that never stand beside an owner: what they name is no group of owners.
fn without_owner(seen: &Seen<'_>, field: usize, owner: usize) -> Vec<u64> {
    let mut alone: Vec<u64> = Vec::new();
    let mut groups: HashSet<u64, foldhash::fast::FixedState> = HashSet::default();
    for side in Side::BOTH {
        let owners = seen.dense(owner, side);
        for &(event, value) in &seen.stats[field].columns[side] {
            if owners[event as usize] == 0 {
                alone.push(value);
            } else {
                groups.insert(value);
            }
        }
    }
    alone.retain(|value| !groups.contains(value));
    alone.sort_unstable();
    alone.dedup();
    alone
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

/// True when some value of `field` comes back to an owner after it had moved on to another (A B A): it does several
/// things at once.
fn interleaves(seen: &Seen<'_>, field: usize, owner: usize, side: Side) -> bool {
    let owners = seen.dense(owner, side);
    let mut current: Map<u64> = Map::default();
    let mut left: HashSet<(u64, u64), foldhash::fast::FixedState> = HashSet::default();
    for &(event, value) in &seen.stats[field].columns[side] {
        let owner = owners[event as usize];
        if owner == 0 {
            continue;
        }
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

/// Where no name helps many events to a lane: the categorical field within whose values the next kind is best predicted.
fn by_behaviour(seen: &Seen<'_>, fields: &[FieldSpec], kind: Option<&str>, plans: &[LanePlan]) -> Option<LanePlan> {
    let side = seen.baseline()?;
    let stats = seen.stats;
    let kind = stats.iter().position(|s| Some(s.path.as_str()) == kind)?;
    let mut free = vec![true; seen.events[side]];
    for plan in plans {
        for (event, value) in &stats[plan.field].columns[side] {
            if plan.only.as_ref().is_none_or(|only| only.binary_search(value).is_ok()) {
                free[*event as usize] = false;
            }
        }
    }
    let without = free.iter().filter(|&&free| free).count();
    if without < LANE_EVENTS {
        return None;
    }
    let kinds = seen.dense(kind, side);
    let all = next_kind_entropy(&kinds, (0..kinds.len() as u32).map(|event| (event, 0)));
    (0..stats.len())
        .filter(|&i| {
            let s = &stats[i];
            let distinct = s.sides[side].distinct.len();
            let helped = s.columns[side].iter().filter(|(event, _)| free[*event as usize]).count();
            matches!(fields[i].role, Role::Data | Role::Identity)
                && s.sum(|t| t.bools + t.decimals) == 0
                && distinct >= 2
                && distinct * 3 <= seen.events[side]
                && helped * 3 >= without
                && plans.iter().all(|p| p.field != i)
                && !words::never_lane(&s.path)
                && !words::is_outcome_name(&s.path)
                && !words::is_correlation_name(&s.path)
        })
        .map(|i| (next_kind_entropy(&kinds, stats[i].columns[side].iter().copied()), i))
        .filter(|(within, _)| *within < LANE_GAIN * all)
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, field)| LanePlan {
            field,
            word: words::lane_word(&stats[field].path),
            selectivity: Selectivity::Actor,
            why: "by its behaviour: within its values, what comes next is predictable",
            only: None,
        })
}

/// Bits of uncertainty about the kind that follows a kind, within each lane of these events.
fn next_kind_entropy(kinds: &[u64], lanes: impl Iterator<Item = (u32, u64)>) -> f64 {
    let mut last: Map<u64> = Map::default();
    let mut follow: Map<Map<u32>> = Map::default();
    for (event, lane) in lanes {
        let kind = kinds[event as usize];
        if kind == 0 {
            continue;
        }
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
