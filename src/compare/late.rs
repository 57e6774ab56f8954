//! Which paired events come at another distance behind what happened before them than in expected (SEMANTICS rule 15): by a
//! tolerance that was given, or by what the paired gaps of their kind teach.
//!
//! Learnt is only what is beyond doubt. Judged are events up to the first other difference, at places where both runs have
//! done exactly the same before: a legal reordering moves gaps about. The times must run forwards along what happened before
//! what, and be reproducible: the differences of all other gaps of that kind are small beside the gaps themselves. Then a gap
//! far outside all others is late, or early. Times that are offset, scaled by a constant or jittered teach no alarm.

use std::collections::HashMap;

use super::align::Pairing;
use super::engine::Input;
use super::replay::{CHECK, Cancelled};
use crate::spec::Tolerance;
use crate::trace::{EventIndex, KindId, LaneId, Link, LinkKind, NONE, Side, Sides, Trace};

/// Other paired gaps of a kind that there must be to learn from (SEMANTICS rule 15).
const LEARNT_FROM: usize = 8;
/// How far outside: as many times the largest difference of all others.
const FAR: f64 = 8.0;
/// And as many ticks of the clocks as they really have, two of which every difference of gaps may be off by rounding.
const FAR_IN_STEPS: f64 = 4.0;
/// And as many usual gaps of that kind.
const FAR_IN_GAPS: f64 = 2.0;
/// And one of the two gaps is as many times the other: jitter is in proportion.
const FAR_IN_PROPORTION: f64 = 3.0;
/// Of so many events one at most may have come in another order: where runs interleave differently throughout, when something
/// happens is left to chance.
const SELDOM: u32 = 16;
/// Events before one that are looked through for what it follows; further ones are not known.
const NEIGHBOURHOOD: u32 = 100_000;

/// Expected events whose partners come at another distance behind their latest predecessor, ascending. `inverted` are actual
/// events that are out of order, `drifted` expected ones that differ, both ascending.
pub(crate) fn late(
    input: &Input<'_>,
    pairing: &Pairing,
    inverted: &[EventIndex],
    drifted: &[EventIndex],
    cancelled: Cancelled<'_>,
) -> Vec<EventIndex> {
    let sides = input.columns();
    if sides.expected.whole == sides.actual.whole || sides.expected.times.is_empty() || sides.actual.times.is_empty() {
        return Vec::new();
    }
    match input.late_after {
        Some(allowed) => given(input, pairing, allowed),
        None => learnt(input, &samples(input, pairing, inverted, drifted, cancelled)),
    }
}

/// The time since the latest of what happened before an event, on a lane that it touches or over a link, in ticks; negative
/// where its clock says so. `None` where there is no such event near, or no time.
pub fn gap(trace: &Trace, event: EventIndex) -> Option<i64> {
    let (columns, links) = (&trace.events, &trace.links);
    let now = trace.common_time(event)?;
    let linked = links[links.partition_point(|l| l.to < event)..].iter().take_while(|l| l.to == event);
    let mut latest = linked.filter(|l| is_awaited(l)).filter_map(|l| trace.common_time(l.from)).max();
    let mut open: Vec<LaneId> = columns.lanes_of(event).to_vec();
    for before in (event.saturating_sub(NEIGHBOURHOOD)..event).rev() {
        if open.is_empty() {
            break;
        }
        let Some(time) = trace.common_time(before) else { continue };
        let own = columns.lanes_of(before);
        let lanes = open.len();
        open.retain(|lane| !own.contains(lane));
        if open.len() < lanes {
            latest = latest.max(Some(time));
        }
    }
    Some(now.saturating_sub(latest?))
}

/// True for links whose later event happens because of the earlier one; a span's first event and its caller's next one have
/// their own time.
const fn is_awaited(link: &Link) -> bool {
    matches!(link.kind, LinkKind::Message | LinkKind::Cause)
}

/// What came last on each lane of one side.
struct Clock<'a> {
    trace: &'a Trace,
    /// Time and event.
    last: Vec<(i64, EventIndex)>,
    link: usize,
}

/// An event and the latest of what happened before it.
#[derive(Clone, Copy)]
struct Step {
    gap: i64,
    before: EventIndex,
    /// True when that was on its own home lane.
    at_home: bool,
}

impl<'a> Clock<'a> {
    fn new(trace: &'a Trace, lanes: usize) -> Self {
        Self { trace, last: vec![(i64::MIN, NONE); lanes], link: 0 }
    }

    /// Goes on to the next event, one by one.
    fn step(&mut self, event: EventIndex) -> Option<Step> {
        let now = self.trace.common_time(event);
        let lanes = self.trace.events.each_lane_of(event);
        let mut latest = (i64::MIN, NONE);
        while let Some(link) = self.trace.links.get(self.link).filter(|l| l.to <= event) {
            if link.to == event && link.from < event && is_awaited(link) {
                latest = latest.max((self.trace.common_time(link.from).unwrap_or(i64::MIN), link.from));
            }
            self.link += 1;
        }
        let home = self.last[self.trace.events.home_lane(event) as usize];
        latest = lanes.clone().map(|lane| self.last[lane as usize]).fold(latest, Ord::max);
        let now = now?;
        for lane in lanes {
            self.last[lane as usize] = (now, event);
        }
        let gap = now.saturating_sub(latest.0);
        (latest.0 != i64::MIN).then_some(Step { gap, before: latest.1, at_home: home == latest })
    }
}

/// The [`gap`] of every event of a trace whose lanes have numbers below `lanes`.
pub fn gaps(trace: &Trace, lanes: usize) -> Vec<Option<i64>> {
    let mut clock = Clock::new(trace, lanes);
    (0..trace.events.len() as u32).map(|event| clock.step(event).map(|step| step.gap)).collect()
}

fn given(input: &Input<'_>, pairing: &Pairing, allowed: Tolerance) -> Vec<EventIndex> {
    let Sides { expected, actual } = input.traces.map(|trace| gaps(trace, input.names.lanes.len()));
    (0..expected.len() as u32)
        .filter(|&e| {
            let partner = pairing.partner.expected[e as usize];
            let pair = expected[e as usize].zip(actual.get(partner as usize).copied().flatten());
            pair.is_some_and(|(before, now)| {
                let slack = allowed.absolute.max(allowed.relative * before as f64);
                now.saturating_sub(before) as f64 > slack
            })
        })
        .collect()
}

/// One gap that both sides have.
struct Sample {
    event: EventIndex,
    before: EventIndex,
    gaps: [i64; 2],
}

/// The gaps up to the first other difference at which both sides have done the same before; none at all where a clock runs
/// backwards, or where the order differs throughout.
fn samples(
    input: &Input<'_>,
    pairing: &Pairing,
    inverted: &[EventIndex],
    drifted: &[EventIndex],
    cancelled: Cancelled<'_>,
) -> Vec<Sample> {
    let sides = input.columns();
    let end = sides.expected.len().min(sides.actual.len()) as u32;
    let other = [(drifted, Side::Expected), (inverted, Side::Actual)];
    let places = other
        .into_iter()
        .flat_map(|(events, side)| events.iter().map(move |&e| e.min(pairing.partner[side][e as usize])));
    let end = places.fold(end, u32::min);
    // Up to the first difference each side has only events of the other: where the furthest of those that came is as far as
    // there are, all that came before is the same on both sides.
    let (mut furthest, mut settled) = (0, Vec::new());
    let (mut walked, mut displaced, mut displaced_so_far) = (0, 0, 0);
    for event in 0..end {
        let [there, back] = Side::BOTH.map(|side| pairing.partner[side][event as usize]);
        let equal = |e: u32, a: u32| sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize];
        let equal = there != NONE && back != NONE && equal(event, there) && equal(back, event);
        if !equal || event % CHECK == 0 && cancelled() {
            break;
        }
        settled.push(there == event && furthest == event);
        furthest = furthest.max(there + 1);
        displaced_so_far += u32::from(there != event);
        if furthest == event + 1 {
            (walked, displaced) = (furthest, displaced_so_far);
        }
    }
    if displaced * SELDOM > walked {
        return Vec::new();
    }
    let mut clocks = input.traces.map(|trace| Clock::new(trace, input.names.lanes.len()));
    let mut found = Vec::new();
    for event in 0..settled.len() as u32 {
        let (Some(expected), Some(actual)) = (clocks.expected.step(event), clocks.actual.step(event)) else { continue };
        if expected.gap < 0 || actual.gap < 0 {
            return Vec::new();
        }
        let alike = expected.before == actual.before && expected.at_home && actual.at_home;
        if alike && settled[event as usize] && settled[expected.before as usize] {
            found.push(Sample { event, before: expected.before, gaps: [expected.gap, actual.gap] });
        }
    }
    found
}

/// The samples that are far outside all others of their kind and lane role.
fn learnt(input: &Input<'_>, samples: &[Sample]) -> Vec<EventIndex> {
    let Some(scale) = scale(samples) else { return Vec::new() };
    let step = |side: usize, scale: f64| {
        samples.iter().map(|s| s.gaps[side].unsigned_abs()).fold(0, greatest_common_divisor) as f64 * scale
    };
    let step = step(0, scale).max(step(1, 1.0));
    let mut late: Vec<EventIndex> =
        groups(input, samples).iter().filter_map(|group| outside(samples, group, scale, step)).collect();
    late.sort_unstable();
    late
}

/// Euclid's: of all gaps, it is what the clock really counts in.
const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// How much faster the clock of actual runs: the median of how the gaps relate. `None` where there are too few.
fn scale(samples: &[Sample]) -> Option<f64> {
    let both = samples.iter().filter(|s| s.gaps.iter().all(|&gap| gap > 0));
    // By logarithms, since the mean of two ratios is not the inverse of that of their inverses.
    let mut ratios: Vec<f64> = both.map(|s| (s.gaps[1] as f64).ln() - (s.gaps[0] as f64).ln()).collect();
    (ratios.len() >= LEARNT_FROM).then(|| median(&mut ratios).exp())
}

/// The samples by kind and by the word of their home lane.
fn groups(input: &Input<'_>, samples: &[Sample]) -> Vec<Vec<usize>> {
    let columns = input.columns().expected;
    let mut words: HashMap<&str, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut of_lane = vec![NONE; input.names.lanes.len()];
    let mut numbers: HashMap<(KindId, u32), usize, foldhash::fast::FixedState> = HashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        let lane = columns.home_lane(sample.event) as usize;
        if of_lane[lane] == NONE {
            let word = input.names.lanes[lane].split(':').next().unwrap_or_default();
            let next = words.len() as u32;
            of_lane[lane] = *words.entry(word).or_insert(next);
        }
        let key = (columns.kinds[sample.event as usize], of_lane[lane]);
        let number = *numbers.entry(key).or_insert(groups.len());
        if number == groups.len() {
            groups.push(Vec::new());
        }
        groups[number].push(at);
    }
    groups
}

/// The one event of a kind whose gap is far outside all others, if there is one. The gap behind it is not held against it:
/// what is late is often followed the sooner.
fn outside(samples: &[Sample], group: &[usize], scale: f64, step: f64) -> Option<EventIndex> {
    let pair = |at: usize| (samples[at].gaps[0] as f64 * scale, samples[at].gaps[1] as f64);
    let middle = median(&mut group.iter().map(|&at| pair(at).1 - pair(at).0).collect::<Vec<f64>>());
    let off = |at: usize| (pair(at).1 - pair(at).0 - middle).abs();
    let usual = |of: fn((f64, f64)) -> f64| median(&mut group.iter().map(|&at| of(pair(at))).collect::<Vec<f64>>());
    let usual = usual(|pair| pair.0).max(usual(|pair| pair.1));
    let furthest = group.iter().copied().max_by(|&a, &b| off(a).total_cmp(&off(b)).then(b.cmp(&a)))?;
    // Where the gap behind it is further off still, what made it so is before it.
    let before = group.iter().copied().find(|&at| samples[at].event == samples[furthest].before);
    [before, Some(furthest)].into_iter().flatten().find_map(|at| {
        let event = samples[at].event;
        let others = || group.iter().copied().filter(move |&other| other != at && samples[other].before != event);
        let spread = others().map(off).fold(0.0, f64::max);
        let (least, most) = (pair(at).0.min(pair(at).1).max(step), pair(at).0.max(pair(at).1));
        let far = off(at) > FAR * spread
            && off(at) > FAR_IN_STEPS * step
            && off(at) > FAR_IN_GAPS * usual
            && most > FAR_IN_PROPORTION * least;
        let reproducible = spread <= usual.max(2.0 * step);
        (far && reproducible && others().count() >= LEARNT_FROM).then_some(event)
    })
}

/// The middle value, or the mean of the two; 0 for none.
fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let odd = values.len() % 2 == 1;
    let (below, &mut middle, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    if odd { middle } else { f64::midpoint(middle, below.iter().copied().fold(f64::MIN, f64::max)) }
}

#[cfg(test)]
mod tests {
    use super::super::hand::Hand;
    use super::*;
    use crate::spec::Spec;
    use crate::trace::{Names, Skew};

    /// Two tasks in turn, whose gaps are about 10,000 ticks with a jitter of a tenth; `scale` and `offset` are of the clock.
    fn run(seed: u64, events: u32, scale: i64, offset: i64, stretch: impl Fn(u32) -> i64) -> Trace {
        let mut trace = Trace::default();
        let mut times = [0, 5_000];
        for event in 0..events {
            let lane = event % 2;
            let jitter = (crate::compare::foata::scatter(seed * 1_000 + u64::from(event)) % 1_000) as i64;
            times[lane as usize] += (9_500 + jitter + stretch(event)) * scale;
            trace.events.times.push(Some(times[lane as usize] + offset));
            trace.events.tokens.push(u64::from(event));
            trace.events.kinds.push(0);
            trace.events.lanes.push(&[lane]);
            trace.events.whole.push(seed + u64::from(event));
        }
        trace
    }

    fn found(expected: &Trace, actual: &Trace) -> Vec<EventIndex> {
        found_in(expected, actual, &[])
    }

    /// With these events of actual having changed places.
    fn found_in(expected: &Trace, actual: &Trace, swaps: &[(usize, usize)]) -> Vec<EventIndex> {
        let names = Names { kinds: vec!["tick".to_owned()], lanes: vec!["task:1".to_owned(), "task:2".to_owned()] };
        let spec = Spec::default();
        let hand = Hand::default();
        let traces = Sides::new(expected, actual);
        let input = Input { traces, names: &names, spec: &spec, late_after: None, hand: &hand };
        let own = |trace: &Trace| (0..trace.events.len() as u32).collect::<Vec<u32>>();
        let mut pairing = Pairing { partner: Sides::new(own(expected), own(actual)), windowed: 0 };
        for &(a, b) in swaps {
            pairing.partner.expected.swap(a, b);
            pairing.partner.actual.swap(a, b);
        }
        late(&input, &pairing, &[], &[], &|| false)
    }

    #[test]
    fn a_lone_gap_far_outside_is_late_and_seen_from_the_other_side_early() {
        let good = run(1, 60, 1, 0, |_| 0);
        let bad = run(2, 60, 1, 0, |event| if event == 31 { 90_000 } else { 0 });
        assert_eq!((found(&good, &bad), found(&bad, &good)), (vec![31], vec![31]));
        let caught_up = run(2, 60, 1, 0, |event| match event {
            31 => 60_000,
            33 => -9_000,
            _ => 0,
        });
        assert_eq!(found(&good, &caught_up), [31], "what follows the sooner is not held against it");
        assert_eq!(found(&good, &run(2, 60, 1, 0, |e| if e == 31 { 7_000 } else { 0 })), [0; 0], "not far enough");
        assert_eq!(found(&good, &run(2, 60, 1, 0, |e| if e % 9 == 4 { 90_000 } else { 0 })), [0; 0], "not alone");
    }

    #[test]
    fn other_clocks_and_jitter_are_no_news() {
        let good = run(1, 400, 1, 0, |_| 0);
        for seed in 2..40 {
            for (scale, offset) in [(1, 0), (1, 1 << 40), (3, -5), (1_000, 0)] {
                assert_eq!(found(&good, &run(seed, 400, scale, offset, |_| 0)), [0; 0], "{seed} {scale} {offset}");
            }
        }
    }

    #[test]
    fn little_is_not_learnt_from_and_wild_gaps_neither() {
        let late = |seed: u64, events: u32, wild: i64| {
            let spread = move |event: u32| (crate::compare::foata::scatter(seed ^ u64::from(event)) % 64) as i64;
            run(seed, events, 1, 0, move |e| if e == 3 { 900_000 } else { wild * spread(e).pow(2) })
        };
        assert_eq!(found(&late(1, 18, 0), &run(2, 18, 1, 0, |_| 0)), [3]);
        assert_eq!(found(&late(1, 9, 0), &run(2, 9, 1, 0, |_| 0)), [0; 0], "six others");
        assert_eq!(found(&late(1, 60, 40), &run(2, 60, 1, 0, |_| 0)), [0; 0], "gaps of any length");
    }

    #[test]
    fn what_comes_in_another_order_is_not_judged() {
        let good = run(1, 60, 1, 0, |_| 0);
        let bad = run(2, 60, 1, 0, |event| if event == 31 { 90_000 } else { 0 });
        let swapped = |trace: &Trace, swaps: &[(usize, usize)]| {
            let mut trace = trace.clone();
            for &(a, b) in swaps {
                trace.events.tokens.swap(a, b);
            }
            trace
        };
        let far = [(10, 11)];
        assert_eq!(found_in(&good, &swapped(&bad, &far), &far), [31]);
        for near in [[(31, 32)], [(30, 31)], [(28, 29)]] {
            assert_eq!(found_in(&good, &swapped(&bad, &near), &near), [0; 0], "{near:?}");
        }
        let throughout = [(2, 3), (8, 9), (14, 15), (44, 45)];
        assert_eq!(found_in(&good, &swapped(&bad, &throughout), &throughout), [0; 0]);
    }

    #[test]
    fn where_a_clock_runs_backwards_nothing_is_late() {
        let good = run(1, 60, 1, 0, |_| 0);
        let bad = run(2, 60, 1, 0, |event| match event {
            31 => 90_000,
            41 => -20_000,
            _ => 0,
        });
        assert_eq!(found(&good, &bad), [0; 0]);
    }

    #[test]
    fn the_gap_is_that_to_the_latest_of_what_happened_before() {
        let mut trace = run(1, 6, 1, 0, |_| 0);
        trace.events.lanes.push(&[0, 1]);
        let last = trace.events.time_of(5).unwrap();
        trace.events.times.push(Some(last - 7));
        trace.events.tokens.push(9);
        assert_eq!((gap(&trace, 6), gap(&trace, 0)), (Some(-7), None));
        trace.links.push(Link { from: 5, to: 4, kind: LinkKind::Message });
        assert_eq!(gap(&trace, 4), Some(trace.events.time_of(4).unwrap() - last));
        trace.skews.push(Skew { lane: 1, ahead: 100, against: 0 });
        assert_eq!(gap(&trace, 4), Some(trace.events.time_of(4).unwrap() - last + 100), "by one clock");
    }
}
