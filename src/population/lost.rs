//! What no longer happens: after each step inside a span (a call, a line of a log, its end) comes another one than in the
//! baseline.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::failing::{Clients, called, unanswered, unseen};
use super::numbers::rate;
use super::{Evidence, What};
use crate::trace::{Calls, Context, LogLine, Window, Word};

/// How much of a deviation counts when it may be a detour, or less work than before.
const DOUBTFUL: f64 = 0.5;
/// A deviation inside a call that is so much of this one explains it.
const EXPLAINS: f64 = 0.5;

/// A step inside a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The span begins.
    Start,
    /// A span of the same service begins.
    Span(Word),
    /// Another service is called.
    Call {
        /// The service.
        service: Word,
        /// What is called there.
        operation: Word,
    },
    /// A line of a log is written.
    Log(Word),
    /// The span ends.
    End,
}

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What came after each step in one or more windows.
#[derive(Debug, Default)]
pub struct Steps {
    after: Map<(Context, Step), BTreeMap<Step, u32>>,
    /// The kinds of spans below the spans that passed a step: most of them in any.
    kinds: Map<(Context, Step), u32>,
}

/// The steps inside every span of a window.
#[derive(Debug)]
pub struct Sequences {
    of: Vec<Vec<(Step, Option<u32>)>>,
    /// How many kinds of spans are below each.
    kinds: Vec<u32>,
}

impl Sequences {
    /// The steps in the order of time; a call that did not arrive is one as well, where it is known whom it is for.
    pub fn new(calls: &Calls<'_>, window: &Window, clients: &Clients) -> Self {
        let lines = lines_by_span(calls, window);
        let of = (0..calls.spans.len() as u32).map(|at| sequence(calls, clients, at, &lines[at as usize])).collect();
        Self { of, kinds: kinds(calls) }
    }
}

/// The lines of logs that were written in each span.
pub fn lines_by_span<'w>(calls: &Calls<'_>, window: &'w Window) -> Vec<Vec<&'w LogLine>> {
    let mut by_id: Map<(Word, Word), u32> = Map::default();
    for (at, span) in (0..).zip(calls.spans) {
        by_id.entry((span.trace, span.id)).or_insert(at);
    }
    let mut lines: Vec<Vec<&LogLine>> = vec![Vec::new(); calls.spans.len()];
    for line in window.logs.iter().filter(|line| line.span != 0) {
        if let Some(&span) = by_id.get(&(line.trace, line.span)) {
            lines[span as usize].push(line);
        }
    }
    lines
}

/// True when in a span, with the lines that were written in it, `next` comes right after a step.
pub fn passes(calls: &Calls<'_>, at: u32, lines: &[&LogLine], after: Step, next: Step) -> bool {
    // Whom a call is for that did not arrive is not known in one request alone.
    let is = |(step, child): (Step, Option<u32>), wanted: Step| {
        let call = matches!(wanted, Step::Call { .. });
        step == wanted || call && child.is_some_and(|child| unseen(calls, child))
    };
    let steps = sequence(calls, &Clients::default(), at, lines);
    steps.windows(2).any(|pair| is(pair[0], after) && is(pair[1], next))
}

fn sequence(calls: &Calls<'_>, clients: &Clients, at: u32, lines: &[&LogLine]) -> Vec<(Step, Option<u32>)> {
    let own = &calls.spans[at as usize];
    let mut steps: Vec<(i64, Step, Option<u32>)> = Vec::new();
    for &child in calls.children(at) {
        let span = &calls.spans[child as usize];
        let step = match calls.way(child) {
            _ if span.service != own.service => Step::Call { service: span.service, operation: span.operation },
            Some(way) => Step::Call { service: way.to, operation: way.callee },
            None => called(calls, clients, child).map_or(Step::Span(span.operation), |callee| Step::Call {
                service: callee.service,
                operation: callee.operation,
            }),
        };
        steps.push((calls.seen_from(at, child).0, step, Some(child)));
    }
    steps.extend(lines.iter().map(|line| (line.time, Step::Log(line.template), None)));
    steps.sort_by_key(|(time, ..)| *time);
    let inner = steps.into_iter().map(|(_, step, child)| (step, child));
    std::iter::once((Step::Start, None)).chain(inner).chain([(Step::End, None)]).collect()
}

/// How many different operations are below each span.
fn kinds(calls: &Calls<'_>) -> Vec<u32> {
    let mut numbers = vec![0; calls.spans.len()];
    let mut seen: HashSet<(Word, Word), foldhash::fast::FixedState> = HashSet::default();
    let mut open: Vec<u32> = Vec::new();
    for at in 0..calls.spans.len() as u32 {
        seen.clear();
        open.clear();
        open.extend_from_slice(calls.children(at));
        while let Some(span) = open.pop() {
            let own = &calls.spans[span as usize];
            seen.insert((own.service, own.operation));
            open.extend_from_slice(calls.children(span));
        }
        numbers[at as usize] = seen.len() as u32;
    }
    numbers
}

impl Steps {
    /// Counts what comes after what in a window; a baseline may be several.
    pub fn add(&mut self, calls: &Calls<'_>, sequences: &Sequences) {
        for (at, steps) in (0..).zip(&sequences.of) {
            let context = calls.context(at);
            for pair in steps.windows(2) {
                let key = (context, pair[0].0);
                *self.after.entry(key).or_default().entry(pair[1].0).or_default() += 1;
                let most = self.kinds.entry(key).or_default();
                *most = (*most).max(sequences.kinds[at as usize]);
            }
        }
    }

    /// How much more often than before `next` comes after a step: 0 when it does not.
    fn deviation(&self, before: &Self, key: (Context, Step), next: Step) -> f64 {
        let counts = |steps: &Self| {
            let after = steps.after.get(&key);
            let all: u32 = after.map_or(0, |after| after.values().sum());
            (f64::from(after.and_then(|after| after.get(&next)).copied().unwrap_or(0)), f64::from(all))
        };
        let ((hits, all), (hits_before, all_before)) = (counts(self), counts(before));
        let (now, doubt) = rate(hits, all);
        let (then, doubt_then) = rate(hits_before, all_before);
        let (low, high) = (now - doubt, then + doubt_then);
        if low > high { (low / high).ln() * (1.0 - high / low) } else { 0.0 }
    }
}

/// A step that is followed by another one than before.
#[derive(Debug, Clone, Copy)]
struct Deviation {
    strength: f64,
    after: Step,
    next: Step,
    /// What came next before does not come at all.
    gone: bool,
}

/// The spans that deviate in one way, added up.
#[derive(Default)]
struct Visits {
    strength: f64,
    number: u32,
    /// Of how many what came next before does not come at all.
    gone: u32,
    /// How many made a call of which nothing is seen.
    silent: u32,
}

/// The services in which work is lost: each span is blamed once, where it deviates most, unless a call that it had made
/// deviates itself.
pub fn lost(calls: &Calls<'_>, sequences: &Sequences, before: &Steps, now: &Steps) -> Vec<Evidence> {
    let known: Vec<Option<Deviation>> =
        (0..calls.spans.len() as u32).map(|at| strongest(calls, sequences, before, now, at)).collect();
    // The strongest deviation at or below each span, children before their parents.
    let mut visits: BTreeMap<(Context, Step, Step), Visits> = BTreeMap::new();
    for (at, deviation) in (0..).zip(&known) {
        let Some(deviation) = deviation.filter(|deviation| !explained(calls, sequences, &known, at, deviation)) else {
            continue;
        };
        let these = visits.entry((calls.context(at), deviation.after, deviation.next)).or_default();
        these.strength += deviation.strength;
        these.number += 1;
        these.gone += u32::from(deviation.gone);
        these.silent += u32::from(unseen(calls, at));
    }
    // Who stops after a call of the same service; where several do, the service that is called is at fault.
    let mut stopped: BTreeMap<Word, HashSet<Word>> = BTreeMap::new();
    for (context, after, next) in visits.keys() {
        if let (Step::Call { service, .. }, Step::End) = (after, next) {
            stopped.entry(*service).or_default().insert(context.service);
        }
    }
    let mut found = Vec::new();
    for ((context, after, next), Visits { strength: sum, number, gone, silent }) in visits {
        let passed: u32 = now.after.get(&(context, after)).map_or(0, |after| after.values().sum());
        let strength = sum / f64::from(passed.max(1));
        let usual = usual(before, (context, after));
        let gone = gone * 2 > number;
        let what = What::Lost { context, after, usual, next, spans: number, of: passed, gone };
        // A call that is made, and nothing is seen of whom it is for: that one tells nothing any more.
        if let (Some(Step::Call { service, .. }), true) = (usual, silent == number) {
            found.push(Evidence { service, strength, what });
            continue;
        }
        if let (Step::Call { service, .. }, Step::End) = (after, next) {
            let witnesses = stopped.get(&service).map_or(0, HashSet::len);
            let share = if witnesses > 1 { 1.0 } else { DOUBTFUL };
            found.push(Evidence { service, strength: strength * share, what });
        }
        found.push(Evidence { service: context.service, strength, what });
    }
    found
}

/// What mostly came after a step in the baseline.
fn usual(before: &Steps, key: (Context, Step)) -> Option<Step> {
    let after = before.after.get(&key)?;
    after.iter().max_by_key(|(step, number)| (**number, std::cmp::Reverse(**step))).map(|(step, _)| *step)
}

fn strongest(calls: &Calls<'_>, sequences: &Sequences, before: &Steps, now: &Steps, at: u32) -> Option<Deviation> {
    // That nothing arrived is no work that the caller lost.
    if unanswered(calls, at) {
        return None;
    }
    let context = calls.context(at);
    let steps = &sequences.of[at as usize];
    let mut best: Option<Deviation> = None;
    for (place, pair) in steps.windows(2).enumerate() {
        let (after, next) = (pair[0].0, pair[1].0);
        let key = (context, after);
        let mut strength = now.deviation(before, key, next);
        if strength <= 0.0 {
            continue;
        }
        let usual = usual(before, key);
        // Faults lose work; added work is more often another load.
        let still = usual.is_some_and(|usual| steps[place + 1..].iter().any(|(step, _)| *step == usual));
        let more = sequences.kinds[at as usize] > before.kinds.get(&key).copied().unwrap_or(0);
        // Who goes on otherwise after a call that failed only answers that.
        let answers = pair[0].1.is_some_and(|child| calls.spans[child as usize].failed);
        if still || usual == Some(Step::End) || more || answers {
            strength *= DOUBTFUL;
        }
        if best.is_none_or(|best| strength > best.strength) {
            let known = |usual| usual == Step::End || steps.iter().any(|(step, _)| *step == usual);
            let gone = usual.is_some_and(|usual| !known(usual));
            best = Some(Deviation { strength, after, next, gone });
        }
    }
    best
}

/// True when a call that was made before the deviation deviates about as much itself.
fn explained(
    calls: &Calls<'_>,
    sequences: &Sequences,
    known: &[Option<Deviation>],
    at: u32,
    deviation: &Deviation,
) -> bool {
    let steps = &sequences.of[at as usize];
    let place = steps.windows(2).position(|pair| (pair[0].0, pair[1].0) == (deviation.after, deviation.next));
    let made = steps[..=place.unwrap_or(0)].iter().filter_map(|(_, child)| *child);
    let mut open: Vec<u32> = made.collect();
    while let Some(span) = open.pop() {
        if known[span as usize].is_some_and(|below| below.strength >= EXPLAINS * deviation.strength) {
            return true;
        }
        open.extend_from_slice(calls.children(span));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::failing::clients;
    use crate::trace::{Span, SpanKind};

    /// Spans of service 1 that write the lines `templates`, and a call of service 2 where there is one.
    fn window(number: u32, templates: &[Word], call: bool) -> Window {
        let mut window = Window::default();
        for request in 0..number {
            let trace = 100 + request;
            let start = i64::from(request) * 1_000;
            let span = |id, parent, service: Word, begin: i64, end: i64| Span {
                trace,
                id,
                parent,
                service,
                instance: service,
                operation: 10 + service,
                kind: SpanKind::Internal,
                failed: false,
                said: 0,
                begin: start + begin,
                end: start + end,
            };
            window.spans.push(span(1, 0, 1, 0, 100));
            if call {
                window.spans.push(span(2, 1, 2, 50, 90));
            }
            for (at, &template) in (1..).zip(templates) {
                let time = start + at * 2;
                window.logs.push(LogLine { trace, span: 1, service: 1, instance: 1, template, time });
            }
        }
        window
    }

    fn found(before: &Window, now: &Window) -> Vec<Evidence> {
        let both = [before, now].map(Calls::new);
        let clients = clients(&both);
        let steps = |window: &Window| {
            let calls = Calls::new(window);
            let mut steps = Steps::default();
            steps.add(&calls, &Sequences::new(&calls, window, &clients));
            steps
        };
        let calls = Calls::new(now);
        let mut evidence = lost(&calls, &Sequences::new(&calls, now, &clients), &steps(before), &steps(now));
        evidence.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        evidence
    }

    #[test]
    fn a_step_that_no_longer_comes_is_named_with_what_came_instead() {
        let (before, now) = (window(30, &[21, 22, 23], true), window(30, &[21], false));
        let evidence = found(&before, &now);
        let What::Lost { after, usual, next, spans, of, .. } = evidence[0].what else { panic!("{evidence:?}") };
        assert_eq!((after, usual, next), (Step::Log(21), Some(Step::Log(22)), Step::End));
        assert_eq!((spans, of), (30, 30));
        assert!(evidence[0].service == 1 && evidence[0].strength > 1.0);
    }

    #[test]
    fn the_same_steps_say_nothing_and_added_ones_little() {
        let before = window(30, &[21, 22], true);
        assert!(found(&before, &before).is_empty());
        let (lost, added) =
            (found(&before, &window(30, &[21], true)), found(&before, &window(30, &[21, 29, 22], true)));
        assert!(lost[0].strength > added[0].strength * 1.5, "{lost:?} {added:?}");
        let gone = |evidence: &Evidence| matches!(evidence.what, What::Lost { gone: true, .. });
        let swapped = found(&before, &window(30, &[22, 21], true));
        assert!(gone(&lost[0]) && !gone(&added[0]) && !gone(&swapped[0]), "{lost:?} {added:?} {swapped:?}");
    }

    #[test]
    fn who_stops_after_a_call_shares_the_blame_with_who_was_called() {
        let mut before = window(30, &[21], true);
        for span in &mut before.spans {
            span.end += 200;
        }
        for line in before.logs.clone() {
            before.logs.push(LogLine { template: 22, time: line.time + 150, ..line });
        }
        let evidence = found(&before, &window(30, &[21], true));
        let of = |service| evidence.iter().find(|one| one.service == service).map_or(0.0, |one| one.strength);
        assert!(of(2) > 0.0 && (of(2) - of(1) * DOUBTFUL).abs() < 1e-9, "{evidence:?}");
    }

    #[test]
    fn a_call_that_fails_and_arrives_nowhere_is_no_work_that_its_caller_lost() {
        let calling = |arrives: bool| {
            let mut window = window(30, &[], true);
            for span in window.spans.iter_mut().filter(|span| span.id == 2) {
                (span.id, span.parent) = (3, 2);
            }
            for root in window.spans.clone().iter().filter(|span| span.id == 1) {
                let (kind, begin) = (SpanKind::Client, root.begin + 40);
                window.spans.push(Span { id: 2, parent: 1, operation: 31, kind, failed: !arrives, begin, ..*root });
            }
            window.spans.retain(|span| arrives || span.id != 3);
            window
        };
        let (before, now) = (calling(true), calling(false));
        let evidence = found(&before, &now);
        assert!(evidence.is_empty(), "{evidence:?}");
        // Whoever is shown what comes after the call is shown it where the call did not arrive too.
        let calls = Calls::new(&now);
        let root = now.spans.iter().position(|span| span.id == 1).unwrap() as u32;
        let call = Step::Call { service: 2, operation: 12 };
        assert!(passes(&calls, root, &[], Step::Start, call) && passes(&calls, root, &[], call, Step::End));
        assert!(!passes(&calls, root, &[], Step::Start, Step::Span(99)));
    }
}
