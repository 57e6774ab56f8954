//! Which fields name lanes: resources that do one thing at a time (SEMANTICS rules 12 and 14).

use std::collections::{HashMap, HashSet};

use super::behaviour::Behaviour;
use super::overrides::Overrides;
use super::roles::{Action, FieldSpec, Role};
use super::stats::{Seen, Stats};
use super::words::{self, Selectivity};
use crate::trace::{Side, Sides};

/// Fields whose behaviour is looked at; recordings with more are rare, and the time for it is bounded.
const CANDIDATES: usize = 32;

/// Events that a value must have on average for it to be a resource and no name of one piece of work, where there are more
/// than a few values.
const OFTEN: usize = 6;
const FEW: usize = 4;
/// Steps below which nothing is a counter.
const ENOUGH_STEPS: u32 = 6;

const SEVERAL: &str = "does several things at once: orders only events that touch nothing else";
const LOOSE: &str = "orders only events that touch nothing else";

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
    seen: &Seen<'_>,
    fields: &[FieldSpec],
    kind: Option<&str>,
    span: Option<usize>,
    overrides: &Overrides,
) -> Vec<LanePlan> {
    let stats = seen.stats;
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
        if !usable {
            continue;
        }
        let by_values = || Some((by_values(seen, field)?, "by what its values are called"));
        let by_name = words::lane_hint(&s.path).map(|hint| (hint, "by its name"));
        let Some(((word, selectivity), why)) = by_name.or_else(by_values) else { continue };
        if fields[field].role == Role::Provenance && selectivity == Selectivity::Component {
            continue;
        }
        plans.push(LanePlan { field, word, selectivity, why });
    }
    let owner =
        span.or_else(|| plans.iter().find(|p| p.selectivity == Selectivity::Actor).map(|p| p.field)).or_else(|| {
            let components = plans.iter().filter(|p| p.selectivity == Selectivity::Component);
            components.max_by_key(|p| (stats[p.field].distinct(), std::cmp::Reverse(p.field))).map(|p| p.field)
        });
    if let Some(owner) = owner {
        for plan in plans.iter_mut().filter(|p| p.selectivity == Selectivity::Component && p.field != owner) {
            if seen.baseline().is_some_and(|side| interleaves(seen, plan.field, owner, side)) {
                plan.selectivity = Selectivity::Group;
                plan.why = SEVERAL;
            }
        }
    }
    by_use(seen, fields, kind, &mut plans);
    by_behaviour(seen, fields, kind, span, &mut plans);
    // Where what they happen in does several things at once, or nothing else orders events, spans do.
    let several = |span: usize| stats[span].distinct() * 2 <= stats[span].present() as usize;
    if let Some(field) = span
        && plans.iter().all(|p| p.field != field)
        && (plans.iter().any(|p| p.selectivity == Selectivity::Group) || plans.is_empty() && several(field))
    {
        let (word, why) = ("span".to_owned(), "a span does one thing at a time");
        plans.push(LanePlan { field, word, selectivity: Selectivity::Actor, why });
    }
    // What a piece of work is called says who acts only where nothing else does.
    let nobody = plans.iter().all(|p| p.selectivity != Selectivity::Actor);
    let work =
        |path: &str| nobody && words::is_last_actor_name(path) || plans.is_empty() && words::is_correlation_name(path);
    let again = |s: &Stats| !s.constant_within() && s.distinct() * 2 <= s.present() as usize;
    if let Some(field) = stats.iter().position(|s| work(&s.path) && again(s) && !s.mostly(|t| t.wordy, 0.3))
        && plans.iter().all(|p| p.field != field)
    {
        plans.push(LanePlan {
            field,
            word: words::lane_word(&stats[field].path),
            selectivity: Selectivity::Actor,
            why: "one piece of work, where nothing else says who acts",
        });
    }
    if plans.iter().any(|p| words::is_thread_name(&p.word)) {
        for plan in plans.iter_mut().filter(|p| words::is_process_name(&p.word)) {
            plan.selectivity = Selectivity::Group;
            plan.why = "a process, whose threads do several things at once: orders only events that touch nothing else";
        }
    }
    // Machines run many things; where something finer is known, they only hold it together.
    if plans.iter().any(|p| !words::is_machine_name(&p.word)) {
        for plan in plans.iter_mut().filter(|p| words::is_machine_name(&p.word)) {
            plan.selectivity = Selectivity::Group;
            plan.why = "a machine, which does several things at once: orders only events that touch nothing else";
        }
    }
    order(&mut plans, stats);
    plans
}

/// True when a field rises within each value of one of the others: it counts a task's steps, which the task shares with nobody.
fn counts_steps(seen: &Seen<'_>, field: usize, owners: &[LanePlan]) -> bool {
    if !seen.stats[field].numeric() || owners.is_empty() {
        return false;
    }
    let numbers = Side::BOTH.map(|side| seen.numbers(field, side));
    owners.iter().any(|owner| {
        let (mut steps, mut rises) = (0, 0);
        for (side, numbers) in Side::BOTH.into_iter().zip(&numbers) {
            let owners = seen.dense(owner.field, side);
            let mut last: Map<f64> = Map::default();
            for &(event, number) in numbers {
                let owner = owners[event as usize];
                if owner != 0
                    && let Some(before) = last.insert(owner, number)
                {
                    steps += 1;
                    rises += u32::from(number > before);
                }
            }
        }
        steps >= ENOUGH_STEPS && rises * 10 >= steps * 9
    })
}

/// The distinct values of a field on both sides; "" for one that is no short text.
fn texts<'a>(seen: &'a Seen<'_>, field: usize) -> impl Iterator<Item = &'a str> {
    Side::BOTH.into_iter().flat_map(move |side| seen.texts(field, side))
}

/// True when a field's values are numbered after its own name.
fn called_like(seen: &Seen<'_>, field: usize) -> bool {
    let s = &seen.stats[field];
    s.textual() && words::is_called_like(&s.path, texts(seen, field))
}

/// True when a field names what another, which is there more often, names elsewhere: the other end of a link.
fn is_other_end(seen: &Seen<'_>, field: usize) -> bool {
    let (Some(side), s) = (seen.baseline(), &seen.stats[field]) else { return false };
    let here = &s.sides[side];
    if !s.textual() || here.distinct.len() < 2 {
        return false;
    }
    let names = seen.stats.iter().enumerate().filter(|(other, o)| {
        let there = &o.sides[side];
        *other != field && there.present > here.present && here.distinct.is_subset(&there.distinct)
    });
    names.map(|(other, _)| seen.dense(other, side)).any(|others| {
        let beside = here.column.iter().filter(|(event, _)| others[*event as usize] != 0).count();
        let same = here.column.iter().filter(|(event, value)| others[*event as usize] == *value).count();
        beside * 10 >= here.column.len() * 9 && same * 5 <= beside
    })
}

/// The lane word that a field's values begin with.
fn by_values(seen: &Seen<'_>, field: usize) -> Option<(String, Selectivity)> {
    let s = &seen.stats[field];
    let other = || words::never_lane(&s.path) || words::is_outcome_name(&s.path) || words::is_parent_name(&s.path);
    if !s.textual() || other() || is_other_end(seen, field) {
        return None;
    }
    words::lane_hint_of_values(texts(seen, field)).map(|(word, selectivity)| (word.to_owned(), selectivity))
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
    for &(event, value) in &seen.stats[field].sides[side].column {
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

/// For each sampled event, whether it has none of these fields.
fn events_without(seen: &Seen<'_>, fields: &[usize]) -> Sides<Vec<bool>> {
    let mut without = seen.events.map(|events| vec![true; events]);
    for (side, &field) in Side::BOTH.into_iter().flat_map(|side| fields.iter().map(move |field| (side, field))) {
        seen.stats[field].sides[side].column.iter().for_each(|&(event, _)| without[side][event as usize] = false);
    }
    without
}

/// Fields whose values are taken and let go again, as the kinds of their events say: only one can have them at a time.
fn by_use(seen: &Seen<'_>, fields: &[FieldSpec], kind: Option<&str>, plans: &mut Vec<LanePlan>) {
    let Some((kind, side)) = seen.stats.iter().position(|s| Some(s.path.as_str()) == kind).zip(seen.baseline()) else {
        return;
    };
    let Some(texts) = seen.samples[side].map(|sample| &sample.texts) else { return };
    let mut uses: Map<[bool; 2]> = Map::default();
    for &(_, kind) in &seen.stats[kind].sides[side].column {
        // `LOCK_RELEASED` gives the lock, and takes nothing.
        uses.entry(kind).or_insert_with(|| {
            texts.get(&kind).map_or([false; 2], |kind| {
                let gives = words::gives(kind);
                [!gives && words::takes(kind), gives]
            })
        });
    }
    let some = |which: usize| uses.values().any(|kind| kind[which]);
    if !some(0) || !some(1) {
        return;
    }
    let kinds = seen.dense(kind, side);
    for (field, s) in seen.stats.iter().enumerate() {
        let usable = matches!(fields[field].role, Role::Data | Role::Identity)
            && s.textual()
            && !s.mostly(|t| t.wordy, 0.3)
            && !words::never_lane(&s.path)
            && !words::is_outcome_name(&s.path)
            && plans.iter().all(|p| p.field != field)
            && !is_other_end(seen, field);
        if !usable {
            continue;
        }
        let mut held: Map<[bool; 2]> = Map::default();
        for &(event, value) in &s.sides[side].column {
            if let Some([takes, gives]) = uses.get(&kinds[event as usize]) {
                let [taken, given] = held.entry(value).or_default();
                *taken |= takes;
                *given |= gives;
            }
        }
        if held.values().any(|held| *held == [true, true]) {
            let (word, why) = (words::lane_word(&s.path), "its values are taken and let go again");
            plans.push(LanePlan { field, word, selectivity: Selectivity::Signal, why });
        }
    }
}

/// Fields that behave like lanes, whatever their names: within their values what comes next is predictable, or their order is
/// the same in two runs that are otherwise ordered differently.
fn by_behaviour(
    seen: &Seen<'_>,
    fields: &[FieldSpec],
    kind: Option<&str>,
    span: Option<usize>,
    plans: &mut Vec<LanePlan>,
) {
    let stats = seen.stats;
    let means: Vec<usize> = (0..stats.len())
        .filter(|&i| fields[i].action == Action::Compare && !stats[i].strangers() && !stats[i].disjoint())
        .collect();
    let Some(kind) = stats.iter().position(|s| Some(s.path.as_str()) == kind) else { return };
    let Some(behaviour) = Behaviour::new(seen, kind, &means) else { return };
    let named = |p: &LanePlan| words::lane_hint(&stats[p.field].path).is_some();
    plans.retain(|p| named(p) || p.selectivity == Selectivity::Component || !behaviour.order(p.field).breaks());
    for plan in plans.iter_mut().filter(|p| p.selectivity == Selectivity::Component) {
        if behaviour.order(plan.field).is_scrambled() {
            plan.selectivity = Selectivity::Group;
            plan.why = "ordered differently throughout: orders only events that touch nothing else";
        }
    }
    let candidate = |&field: &usize| {
        let s = &stats[field];
        matches!(fields[field].role, Role::Data | Role::Identity)
            && s.sum(|t| t.bools + t.decimals) == 0
            && s.distinct() * 3 <= s.present() as usize
            && !words::never_lane(&s.path)
            && !words::is_outcome_name(&s.path)
            && !words::is_content_name(&s.path)
            && !words::is_correlation_name(&s.path)
            && !words::is_span_name(&s.path)
            && span != Some(field)
            && !words::is_parent_name(&s.path)
            && !words::is_message_name(&s.path)
            && !words::is_cause_name(&s.path)
            && !plans.iter().any(|p| p.field == field)
            && !is_other_end(seen, field)
    };
    let candidates = (0..stats.len()).filter(candidate).take(CANDIDATES);
    let candidates: Vec<usize> = candidates.filter(|&field| !counts_steps(seen, field, plans)).collect();
    let shuffled = !candidates.is_empty() && behaviour.is_shuffled();
    let mut found: Vec<(f64, LanePlan)> = Vec::new();
    for &field in &candidates {
        let s = &stats[field];
        let often = s.distinct() <= FEW || s.distinct() * OFTEN <= s.present() as usize;
        let order = behaviour.order(field);
        let keeps = !order.breaks();
        // Quantities are ordered alike by chance where they are few.
        let kept = if s.textual() { order.keeps() } else { often && order.keeps_exactly() };
        let (left, selectivity, why) = match behaviour.predicts(field) {
            _ if !order.is_scrambled() && called_like(seen, field) => {
                (0.0, Selectivity::Signal, "its values are called like it")
            }
            // Numbers that come again may be quantities: where the runs are ordered differently, their order must tell.
            Some(left) if keeps && often && (s.textual() || !shuffled) => {
                (left, Selectivity::Signal, "by its behaviour: within its values, what comes next is predictable")
            }
            _ if kept => (1.0, Selectivity::Signal, "by its behaviour: within its values both runs have one order"),
            // Any order is better than that of the whole recording, which does not hold.
            _ if shuffled && keeps => (2.0, Selectivity::Group, LOOSE),
            _ => continue,
        };
        let word = words::lane_word(&s.path);
        found.push((left, LanePlan { field, word, selectivity, why }));
    }
    if let Some((span, side)) = span.zip(seen.baseline()) {
        for (_, plan) in found.iter_mut().filter(|(_, plan)| interleaves(seen, plan.field, span, side)) {
            plan.selectivity = Selectivity::Group;
            plan.why = SEVERAL;
        }
    }
    if shuffled {
        let has_lane = |field: &usize| plans.iter().chain(found.iter().map(|f| &f.1)).any(|p| p.field == *field);
        let (with, without): (Vec<usize>, Vec<usize>) = (0..stats.len()).partition(has_lane);
        let bare = events_without(seen, &with);
        let parts = |field: &usize| candidates.contains(field) && behaviour.order_of(*field, &bare).parts();
        for field in without.into_iter().filter(parts) {
            let (word, why) = (words::lane_word(&stats[field].path), LOOSE);
            found.push((3.0, LanePlan { field, word, selectivity: Selectivity::Group, why }));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.field.cmp(&b.1.field)));
    // Where a name says what acts, behaviour adds what is acted on.
    if !plans.iter().any(|p| p.selectivity != Selectivity::Group)
        && let Some((_, best)) = found.first_mut()
        && best.selectivity != Selectivity::Group
    {
        best.selectivity = Selectivity::Actor;
    }
    plans.extend(found.into_iter().map(|(_, plan)| plan));
}
