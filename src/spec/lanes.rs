//! Which fields name lanes: resources that do one thing at a time (SEMANTICS rules 12 and 14).

use std::collections::{HashMap, HashSet};

use super::behaviour::Behaviour;
use super::overrides::Overrides;
use super::roles::{Action, FieldSpec, Role};
use super::sample::Sample;
use super::stats::Stats;
use super::words::{self, Selectivity};
use crate::trace::{Side, Sides, Sink as _};

/// Fields whose behaviour is looked at; recordings with more are rare, and the time for it is bounded.
const CANDIDATES: usize = 32;

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
        let mut grouped = false;
        for plan in &mut plans {
            if overlaps(plan) {
                plan.selectivity = Selectivity::Group;
                plan.why = "does several things at once: orders only events that touch nothing else";
                grouped = true;
            }
        }
        if grouped && words::is_span_name(&stats[owner].path) {
            plans.push(LanePlan {
                field: owner,
                word: "span".to_owned(),
                selectivity: Selectivity::Actor,
                why: "its service does several things at once",
            });
        }
    }
    by_behaviour(stats, fields, samples, kind, &mut plans);
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

/// Fields that behave like lanes, whatever their names: within their values what comes next is predictable, or their order is
/// the same in two runs that are otherwise ordered differently.
fn by_behaviour(
    stats: &[Stats],
    fields: &[FieldSpec],
    samples: Sides<Option<&Sample>>,
    kind: Option<&str>,
    plans: &mut Vec<LanePlan>,
) {
    let means: Vec<bool> = (stats.iter().zip(fields))
        .map(|(s, f)| f.action == Action::Compare && !s.strangers() && !s.disjoint())
        .collect();
    let kind = stats.iter().position(|s| Some(s.path.as_str()) == kind);
    let Some(behaviour) = Behaviour::new(stats, samples, kind, &means) else { return };
    for plan in plans.iter_mut().filter(|p| p.selectivity == Selectivity::Component) {
        if behaviour.is_scrambled(&stats[plan.field]) {
            plan.selectivity = Selectivity::Group;
            plan.why = "ordered differently throughout: orders only events that touch nothing else";
        }
    }
    let candidate = |&field: &usize| {
        let s = &stats[field];
        let (distinct, present) = (s.distinct(), s.present() as usize);
        matches!(fields[field].role, Role::Data | Role::Identity)
            && s.sum(|t| t.bools + t.decimals) == 0
            && distinct >= 2
            && distinct * 3 <= present
            && !words::is_never_lane(&s.path)
            && !words::is_outcome_name(&s.path)
            && !words::is_content_name(&s.path)
            && !words::is_correlation_name(&s.path)
            && !words::is_span_name(&s.path)
            && !words::is_parent_name(&s.path)
            && !words::is_message_name(&s.path)
            && !words::is_cause_name(&s.path)
            && !plans.iter().any(|p| p.field == field)
    };
    let candidates: Vec<usize> = (0..stats.len()).filter(candidate).take(CANDIDATES).collect();
    let mut found: Vec<(f64, LanePlan)> = Vec::new();
    for field in candidates {
        let s = &stats[field];
        let (left, why) = match behaviour.predicts(s) {
            Some(left) if !behaviour.breaks_order(s) => {
                (left, "by its behaviour: within its values, what comes next is predictable")
            }
            _ if behaviour.keeps_order(s) => (1.0, "by its behaviour: within its values both runs have one order"),
            _ => continue,
        };
        let word = words::lane_word(&s.path);
        found.push((left, LanePlan { field, word, selectivity: Selectivity::Signal, why }));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.field.cmp(&b.1.field)));
    // Where a name says what acts, behaviour adds what is acted on.
    if !plans.iter().any(|p| p.selectivity != Selectivity::Group)
        && let Some((_, best)) = found.first_mut()
    {
        best.selectivity = Selectivity::Actor;
    }
    plans.extend(found.into_iter().map(|(_, plan)| plan));
}
