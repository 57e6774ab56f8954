//! Roles from behaviour, names being a hint; fixed before comparing (SEMANTICS rules 8 to 11).

use std::collections::HashMap;

use super::judge::{COUNTER_EVENTS, is_bare_clock, judge, kind_field};
use super::lanes::{self, LanePlan};
use super::lasting;
use super::overrides::{GAP, Overrides};
use super::pairs;
use super::readers;
use super::roles::{Action, FieldSpec, Late, Plan, Role, Spec};
use super::sample::Sample;
use super::shape::Look;
use super::stats::{Seen, Stats, gather};
use super::time::{Clock, number_unit, unit_with_fraction};
use super::words;
use crate::trace::{Side, Sides, Unit};

/// Events that have to do with one message on average, at most: what comes oftener is a word.
const EVENTS_OF_A_MESSAGE: usize = 6;

/// The comparison spec for the sampled sides. The same samples and overrides give the same spec.
pub fn infer(samples: Sides<Option<&Sample>>, overrides: &Overrides) -> Spec {
    infer_unless(samples, overrides, &|| false).unwrap_or_default()
}

/// The same; `None` when `cancelled` said so.
pub fn infer_unless(
    samples: Sides<Option<&Sample>>,
    overrides: &Overrides,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Option<Spec> {
    let stats = gather(samples);
    let seen = Seen { stats: &stats, samples, events: samples.map(|s| s.map_or(0, crate::trace::Sink::len)) };
    if cancelled() {
        return None;
    }
    let kind = kind_field(&seen, overrides);
    let judged = (0..stats.len()).map(|field| judge(&seen, field, kind.as_deref(), overrides));
    let mut fields: Vec<FieldSpec> = judged.collect();
    for (field, spec) in fields.iter_mut().enumerate() {
        if spec.role != Role::Kind && lasting::is_chrome_time(&stats, field) {
            (spec.role, spec.action) = (Role::Time, Action::Ignore);
            "the time of Chrome's trace events".clone_into(&mut spec.why);
        }
    }
    if cancelled() {
        return None;
    }
    // Only where nothing else says when: what adds up rises as well.
    if !fields.iter().any(|f| f.role == Role::Time)
        && let Some(clock) = (stats.iter().zip(&fields)).position(|(s, f)| is_bare_clock(s, f, seen.records()))
    {
        (fields[clock].role, fields[clock].action) = (Role::Time, Action::Ignore);
        "rises in uneven steps as a clock does, and nothing else says when".clone_into(&mut fields[clock].why);
    }
    let spans = spans(&stats, overrides);
    let lane_plans = lanes::choose(&seen, &fields, kind.as_deref(), spans.0, overrides);
    for plan in &lane_plans {
        let field = &mut fields[plan.field];
        field.lane = Some(plan.word.clone());
        if field.role != Role::Kind {
            field.role = Role::Identity;
            if field.action == Action::Ignore {
                field.action = Action::Compare;
            }
            field.why = format!("names a lane ({})", plan.why);
        }
    }
    if cancelled() {
        return None;
    }
    rename(&stats, &mut fields);
    let by_position = cause_by_position(&stats, &mut fields, overrides);
    let durations = pairs::judge_by_pairs(&seen, &mut fields, &lane_plans, cancelled)?;
    override_actions(&mut fields, overrides);
    let (clocks, unit) = clocks(&stats, &fields, overrides);
    for (field, clock, _) in &clocks {
        let evidence = &mut fields[*field].why;
        let (unit, why) = (clock.number_unit.symbol(), unit_evidence(&stats, *field));
        evidence.push_str(&why.map_or(String::new(), |why| format!("; in {unit}, {why}")));
    }
    let lasts = lasting::find(&stats, &clocks);
    if let Some((field, _)) = &lasts {
        fields[*field].why.push_str("; says how long the event lasts");
    }
    let late = Late { ignore_all: !overrides.only.is_empty(), ignored: overrides.ignore.clone() };
    let plan = Plan {
        late,
        lasts,
        message: message(&seen, &fields, overrides),
        cause_by_position: by_position,
        ..plan(&stats, &fields, &lane_plans, clocks, spans, &durations, overrides)
    };
    Some(Spec { fields, unit, plan })
}

/// Ids that differ only by name on the two sides are renamed, also inside texts. SEMANTICS rule 11.
fn rename(stats: &[Stats], fields: &mut [FieldSpec]) {
    for (s, field) in stats.iter().zip(fields) {
        let with_ids = s.sum(|t| t.with_ids);
        let timed = s.sides.expected.with_times > 0 && s.sides.actual.with_times > 0 && s.seldom_equal();
        let whole = s.mostly(|t| t.id_shaped, 0.5) || s.numeric();
        // What a register holds, or a checksum, is no name of anything.
        let content = whole && words::is_content_name(&s.path) && field.lane.is_none();
        if field.action != Action::Compare || content {
            continue;
        }
        if with_ids == 0 && s.numbers_ids() && !words::never_lane(&s.path) {
            field.action = Action::Rename;
            field.role = Role::Identity;
            "numbers that come again, and as many others on the other side: ids".clone_into(&mut field.why);
            continue;
        }
        if with_ids == 0 || !s.strangers() {
            if timed && field.lane.is_none() {
                field.action = Action::Rename;
                "times inside it differ between the sides; the rest is compared".clone_into(&mut field.why);
            }
            continue;
        }
        let (e, a) = (s.sides.expected.ids.len(), s.sides.actual.ids.len());
        field.action = Action::Rename;
        field.why = if s.mostly(|t| t.with_ids, 0.9) && whole {
            format!("an id whose values differ by name on the two sides ({e} and {a}, hardly any in common)")
        } else {
            format!(
                "ids inside it differ by name on the two sides ({e} and {a}, hardly any in common); the rest is compared"
            )
        };
        if whole && matches!(field.role, Role::Data | Role::Text) {
            field.role = Role::Identity;
        }
    }
}

/// A field of causes whose values are positions of records names other events by them: true, and it is renamed.
fn cause_by_position(stats: &[Stats], fields: &mut [FieldSpec], overrides: &Overrides) -> bool {
    let chosen = |s: &Stats| overrides.cause.as_ref().map_or_else(|| words::is_cause_name(&s.path), |c| *c == s.path);
    let Some(cause) = stats.iter().position(chosen) else { return false };
    let refers = stats.iter().zip(fields.iter()).any(|(position, field)| {
        let refers = |side: Side| {
            let (known, of) = known(&stats[cause], position, side);
            known * 2 >= of
        };
        field.role == Role::Position && Side::BOTH.into_iter().all(refers)
    });
    if refers && fields[cause].action == Action::Compare {
        fields[cause].action = Action::Rename;
        "names other events by their positions: compared by which events those are".clone_into(&mut fields[cause].why);
    }
    refers && fields[cause].action == Action::Rename
}

/// Fields whose ids are the same things (a parent's id is a span's) form one class; coarser classes come first.
fn classes(stats: &[Stats], fields: &[FieldSpec]) -> Vec<u32> {
    let mut of_field: Vec<usize> = (0..stats.len()).collect();
    let renamed: Vec<usize> = (0..stats.len()).filter(|&i| fields[i].action == Action::Rename).collect();
    let root = |of_field: &[usize], mut field: usize| {
        while of_field[field] != field {
            field = of_field[field];
        }
        field
    };
    let ids = |field: usize, side: Side| {
        let s = &stats[field].sides[side];
        if s.ids.is_empty() { &s.distinct } else { &s.ids }
    };
    for side in Side::BOTH {
        let mut first: HashMap<u64, usize, foldhash::fast::FixedState> = HashMap::default();
        for &field in &renamed {
            let mut common: Vec<usize> = ids(field, side).iter().map(|&id| *first.entry(id).or_insert(field)).collect();
            common.sort_unstable();
            common.dedup();
            for other in common {
                let (a, b) = (root(&of_field, other), root(&of_field, field));
                of_field[a.max(b)] = a.min(b);
            }
        }
    }
    let root = |field: usize| root(&of_field, field);
    let size = |class: usize| -> usize {
        let of = |&&f: &&usize| root(f) == class;
        renamed.iter().filter(of).map(|&f| Side::BOTH.map(|side| ids(f, side).len()).iter().sum::<usize>()).sum()
    };
    let mut order: Vec<usize> = renamed.iter().copied().filter(|&f| of_field[f] == f).collect();
    order.sort_by_key(|&class| (size(class), class));
    let rank = |field: usize| order.iter().position(|&class| class == root(field)).map_or(u32::MAX, |r| r as u32);
    (0..stats.len()).map(|field| if fields[field].action == Action::Rename { rank(field) } else { u32::MAX }).collect()
}

fn override_actions(fields: &mut [FieldSpec], overrides: &Overrides) {
    let names = |list: &[String], path: &str| {
        list.iter().any(|l| l == path || path.strip_prefix(l.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    for field in fields {
        let mut decide = |action: Action, why: &str| {
            field.action = action;
            why.clone_into(&mut field.why);
            field.by_hand = true;
        };
        let path = field.path.clone();
        if !overrides.only.is_empty() {
            if names(&overrides.only, &path) {
                decide(Action::Compare, "chosen as one of the only fields to compare");
            } else {
                decide(Action::Ignore, "not one of the only fields to compare");
            }
        }
        if names(&overrides.compare, &path) {
            decide(Action::Compare, "chosen to be compared");
        }
        if names(&overrides.rename, &path) {
            decide(Action::Rename, "chosen to be renamed, then compared");
        }
        if let Some((_, t)) = overrides.tolerance.iter().find(|(p, _)| *p == path && p != GAP) {
            decide(Action::Tolerate { absolute: t.absolute, relative: t.relative }, "a tolerance was given");
        }
        if names(&overrides.ignore, &path) {
            decide(Action::Ignore, "chosen to be ignored");
        }
    }
}

/// Why bare numbers of a field are taken to be in the unit they are; `None` for dates.
fn unit_evidence(stats: &[Stats], field: usize) -> Option<&'static str> {
    (!stats[field].mostly(|t| t.iso, 0.5)).then(|| unit_of(stats, field).1)
}

/// The unit of a field's bare numbers, and why.
fn unit_of(stats: &[Stats], field: usize) -> (Unit, &'static str) {
    let s = &stats[field];
    if lasting::is_chrome_time(stats, field) {
        return (Unit::Micros, "as that format has it");
    }
    number_unit(&s.path, s.sides.expected.largest.max(s.sides.actual.largest), s.sum(|t| t.decimals) > 0)
}

/// The fields that say when, the best first, and the unit of the trace's ticks.
fn clocks(stats: &[Stats], fields: &[FieldSpec], overrides: &Overrides) -> (Vec<(usize, Clock, bool)>, Option<Unit>) {
    let mut times: Vec<usize> = (0..stats.len()).filter(|&i| fields[i].role == Role::Time).collect();
    let rank = |&i: &usize| {
        let chosen = overrides.time.as_deref() == Some(stats[i].path.as_str());
        let end = words::words(&stats[i].path).iter().any(|w| w == "end" || w == "finish");
        (!chosen, end, std::cmp::Reverse(stats[i].present()), i)
    };
    times.sort_by_key(rank);
    let read = |&i: &usize| {
        let s = &stats[i];
        let fraction = s.sides.expected.fraction.max(s.sides.actual.fraction);
        let iso = s.mostly(|t| t.iso, 0.5);
        let largest = s.sides.expected.largest.max(s.sides.actual.largest);
        let number = if iso { Unit::Seconds } else { unit_of(stats, i).0 };
        let epoch = iso || largest / 10_f64.powi(number.exponent() as i32) >= 1e8;
        (i, number, unit_with_fraction(number, fraction), epoch)
    };
    let read: Vec<_> = times.iter().map(read).collect();
    let Some(&(_, _, _, epoch)) = read.first() else { return (Vec::new(), None) };
    // Clocks with another origin cannot share an axis with the first; they stay out of it.
    let same: Vec<_> = read.into_iter().filter(|t| t.3 == epoch).collect();
    let ticks = same.iter().map(|t| t.2).max().unwrap_or(Unit::Millis);
    let clocks = same.into_iter().map(|(i, number_unit, _, epoch)| (i, Clock { number_unit, ticks }, epoch)).collect();
    (clocks, Some(ticks))
}

/// How many of a field's distinct values on a side are values of another, and of how many.
fn known(refers: &Stats, to: &Stats, side: Side) -> (usize, usize) {
    let (refers, to) = (&refers.sides[side].distinct, &to.sides[side].distinct);
    (refers.intersection(to).count(), refers.len())
}

/// Which ids name one event each, and which refer to those: spans and their parents, whatever they are called.
fn by_reference(stats: &[Stats], span: Option<usize>, parent: Option<usize>) -> Option<(Option<usize>, Option<usize>)> {
    let ids = || (0..stats.len()).filter(|&i| stats[i].mostly(|t| t.id_shaped, 0.9));
    let sides = |i: usize| [&stats[i].sides.expected, &stats[i].sides.actual];
    let unique =
        |i: usize| sides(i).iter().all(|s| s.present >= COUNTER_EVENTS && s.distinct.len() == s.present as usize);
    let refers = |parent: usize, span: usize| {
        Side::BOTH.into_iter().all(|side| {
            let (known, of) = known(&stats[parent], &stats[span], side);
            of > 1 && known * 10 >= of * 9
        })
    };
    // An event that took time holds what it refers to; one that did not merely follows from it.
    let timed = |span: usize| {
        stats.iter().any(|s| words::is_measure_name(&s.path) && s.present() * 10 >= stats[span].present() * 9)
    };
    // What has several events and one parent throughout is a span as well, and those who have children are among them.
    let holds = |parent: usize, span: usize| sides(span).iter().zip(sides(parent)).all(|(s, p)| s.owns(p));
    let may_be = |named: Option<usize>, field: usize| named.is_none_or(|named| named == field);
    // Where its name says that it is a span, it may have several events.
    let is_span =
        |i: usize, parent: usize| span.map_or_else(|| unique(i) && timed(i) || holds(parent, i), |span| span == i);
    ids().find_map(|span| {
        let parent = ids().find(|&i| may_be(parent, i) && i != span && refers(i, span) && is_span(span, i))?;
        Some((Some(span), Some(parent)))
    })
}

/// The field that somebody chose, else the first whose name passes.
fn find(stats: &[Stats], chosen: Option<&String>, test: fn(&str) -> bool) -> Option<usize> {
    stats.iter().position(|s| chosen.map_or_else(|| test(&s.path), |path| *path == s.path))
}

/// The field that says which message an event sends or gets: the one that somebody chose, else one that is named so. Most logs
/// call so what happened, or what they tell people: texts that come ever again, and that nothing is numbered in.
fn message(seen: &Seen<'_>, fields: &[FieldSpec], overrides: &Overrides) -> Option<usize> {
    let is_one = |&field: &usize| {
        let s = &seen.stats[field];
        let each: usize = Side::BOTH.map(|side| s.sides[side].distinct.len()).iter().sum();
        let texts = || Side::BOTH.into_iter().flat_map(|side| seen.texts(field, side));
        let numbered = || texts().filter(|text| text.bytes().any(|b| b.is_ascii_digit())).count() * 2 > each;
        words::is_message_name(&s.path)
            && !matches!(fields[field].role, Role::Kind | Role::Text)
            && s.present() as usize <= EVENTS_OF_A_MESSAGE * each
            && (s.numeric() || s.mostly(|t| t.id_shaped, 0.5) || numbered())
    };
    match &overrides.message {
        Some(chosen) => seen.stats.iter().position(|s| s.path == *chosen),
        None => (0..seen.stats.len()).find(is_one),
    }
}

/// The fields of spans and of their parents: by their names, else by how they refer.
fn spans(stats: &[Stats], overrides: &Overrides) -> (Option<usize>, Option<usize>) {
    let find = |chosen: &Option<String>, test| find(stats, chosen.as_ref(), test);
    let named = (find(&overrides.span, words::is_span_name), find(&overrides.parent, words::is_parent_name));
    match named {
        (Some(_), Some(_)) => named,
        (span, parent) => by_reference(stats, span, parent).unwrap_or(named),
    }
}

fn plan(
    stats: &[Stats],
    fields: &[FieldSpec],
    lane_plans: &[LanePlan],
    clocks: Vec<(usize, Clock, bool)>,
    (span, parent): (Option<usize>, Option<usize>),
    durations: &[bool],
    overrides: &Overrides,
) -> Plan {
    let find = |chosen: &Option<String>, test| find(stats, chosen.as_ref(), test);
    // A reference counts as one only if it refers: parents that are no span's id are just ids.
    let refers = span.zip(parent).is_some_and(|(s, p)| {
        let [(e, of_e), (a, of_a)] = Side::BOTH.map(|side| known(&stats[p], &stats[s], side));
        let (known, all) = (e + a, of_e + of_a);
        all > 0 && known * 2 >= all
    });
    let timed = clocks.first().is_some_and(|(i, ..)| words::is_start_name(&stats[*i].path));
    let epoch = clocks.first().is_some_and(|c| c.2);
    Plan {
        kind: fields.iter().position(|f| f.role == Role::Kind),
        clocks: clocks.into_iter().map(|(i, clock, _)| (i, clock)).collect(),
        epoch,
        lasts: None,
        lanes: lane_plans.iter().map(|l| (l.field, l.selectivity)).collect(),
        span: span.filter(|_| refers),
        parent: parent.filter(|_| refers),
        message: None,
        cause: find(&overrides.cause, words::is_cause_name),
        cause_by_position: false,
        looks: (stats.iter().zip(durations).zip(fields))
            .map(|((s, &durations), field)| Look {
                least_number: words::least_number_id(&s.path),
                durations,
                whole: field.action == Action::Rename
                    && s.sum(|t| t.with_ids) == 0
                    && (field.by_hand || s.sum(|t| t.with_times) == 0),
            })
            .collect(),
        classes: classes(stats, fields),
        by_start: timed && span.is_some(),
        readers: readers::readers(stats, fields, lane_plans),
        late: Late::default(),
    }
}
