//! What fails now: spans that end in an error which none of their own calls ended in, and what they say of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fresh::Fresh;
use super::numbers::rate;
use super::{Change, Evidence, Says, What};
use crate::trace::{Calls, Context, SpanKind, Word};

/// What client spans call, by the name of the caller and the span's: a call that did not arrive has no span there.
pub type Clients = HashMap<(Word, Word), Callee, foldhash::fast::FixedState>;

/// Who is called, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callee {
    /// The service.
    pub service: Word,
    /// What is called there.
    pub operation: Word,
}

/// How many spans failed, by the service that is charged and by what they do.
type Counts = BTreeMap<(Word, Context), Count>;

/// How many spans failed.
#[derive(Debug, Default)]
struct Count {
    failed: u32,
    /// Of how many.
    all: u32,
    /// By what they say of it: how many spans, and in which requests.
    said: BTreeMap<Word, (u32, BTreeSet<Word>)>,
}

/// Whom client spans call, in any of the windows.
pub fn clients<'a>(windows: impl IntoIterator<Item = &'a Calls<'a>>) -> Clients {
    let mut clients = Clients::default();
    for calls in windows {
        for way in (0..calls.spans.len() as u32).filter(|&at| calls_out(calls, at)).filter_map(|at| calls.way(at)) {
            let callee = Callee { service: way.to, operation: way.callee };
            clients.entry((way.from, way.client)).or_insert(callee);
        }
    }
    clients
}

/// True for spans that only call another service.
fn calls_out(calls: &Calls<'_>, at: u32) -> bool {
    matches!(calls.spans[at as usize].kind, SpanKind::Client | SpanKind::Producer)
}

/// True for a call that failed and of which nothing is seen where it should have arrived.
pub fn unanswered(calls: &Calls<'_>, at: u32) -> bool {
    calls.spans[at as usize].failed && unseen(calls, at)
}

/// True for a call of which nothing is seen where it should have arrived.
pub fn unseen(calls: &Calls<'_>, at: u32) -> bool {
    calls_out(calls, at) && calls.children(at).is_empty()
}

/// Whom a client span calls, even where the call did not arrive.
pub fn called(calls: &Calls<'_>, clients: &Clients, at: u32) -> Option<Callee> {
    let own = &calls.spans[at as usize];
    match calls.way(at).filter(|_| calls_out(calls, at)) {
        Some(way) => Some(Callee { service: way.to, operation: way.callee }),
        None if calls_out(calls, at) && calls.children(at).is_empty() => {
            clients.get(&(own.service, own.operation)).copied()
        }
        None => None,
    }
}

fn count(calls: &Calls<'_>, clients: &Clients, counts: &mut Counts) {
    for (at, own) in (0..).zip(calls.spans) {
        let itself = own.failed && !calls.children(at).iter().any(|&child| calls.spans[child as usize].failed);
        let service = called(calls, clients, at).map_or(own.service, |callee| callee.service);
        let count = counts.entry((service, calls.context(at))).or_default();
        count.failed += u32::from(itself);
        count.all += 1;
        if itself && own.said != 0 {
            let (spans, requests) = count.said.entry(own.said).or_default();
            *spans += 1;
            requests.insert(own.trace);
        }
    }
}

/// How far a rate is above what it was: so many of so many before, and now.
fn above(before: [u32; 2], now: [u32; 2]) -> f64 {
    let [before, now] = [before, now].map(|[hits, all]| rate(f64::from(hits), f64::from(all)));
    let (low, high) = (now.0 - now.1, before.0 + before.1);
    if low > high { (low / high).ln() * (1.0 - high / low) } else { 0.0 }
}

/// What failing spans say that was not said so often before, the most telling, and how far that is above what it was.
fn says(before: &Count, now: &Count) -> Option<(f64, Says)> {
    let told = now.said.iter().map(|(&message, (spans, requests))| {
        let known = before.said.get(&message).map_or(0, |(spans, _)| *spans);
        let says = Says { message, requests: requests.len() as u32, before: known };
        (above([known, before.all], [*spans, now.all]), says)
    });
    told.filter(|(strength, _)| *strength > 0.0).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// The services that fail more often themselves; a call that fails though nothing failed in it is charged to who is called. A
/// failure is one wherever it is seen, so that only how far the rate is outside the usual counts, not its share; and where as many
/// fail as before, how much more often they say the same.
pub fn failing(baselines: &[&Calls<'_>], now: &Calls<'_>, clients: &Clients, fresh: &Fresh) -> Vec<Evidence> {
    if now.spans.iter().all(|span| !span.failed) {
        return Vec::new();
    }
    let (mut before, mut after) = (Counts::new(), Counts::new());
    for calls in baselines {
        count(calls, clients, &mut before);
    }
    count(now, clients, &mut after);
    let none = Count::default();
    let evidence = after.into_iter().filter_map(|(key, now)| {
        // What is new failed in none of the visits that it is below.
        let new = fresh.get(&key.1).map(|below| Count { all: below.visits[0], ..Count::default() });
        let before = before.get(&key).or(new.as_ref()).unwrap_or(&none);
        // The same failures, told twice: they count once.
        let (said, says) = says(before, &now).unzip();
        let strength = above([before.failed, before.all], [now.failed, now.all]).max(said.unwrap_or(0.0));
        let share = |count: &Count| f64::from(count.failed) / f64::from(count.all.max(1));
        let change = Change { before: share(before), now: share(&now), samples: [before.all, now.all] };
        let (service, context) = key;
        (strength > 0.0).then_some(Evidence { service, strength, what: What::Failing { context, change, says } })
    });
    evidence.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::fresh;
    use crate::trace::{Span, Window};

    /// Requests of service 1 that calls service 2, of which each `nth` fails: there, or on the way there where nothing arrives.
    fn window(requests: u32, nth: u32, arrives: bool) -> Window {
        let mut spans = Vec::new();
        for trace in 1..=requests {
            let fails = trace % nth == 0;
            let span = |id, parent, service: Word, failed, begin, end| Span {
                trace,
                id,
                parent,
                service,
                instance: service,
                operation: 10 * service + id,
                kind: if id == 2 { SpanKind::Client } else { SpanKind::Server },
                failed,
                said: if failed { 90 } else { 0 },
                begin,
                end,
            };
            spans.extend([span(1, 0, 1, fails, 0, 100), span(2, 1, 1, fails, 10, 90)]);
            if arrives || !fails {
                spans.push(span(3, 2, 2, fails, 20, 80));
            }
        }
        Window { spans, ..Window::default() }
    }

    fn found(before: &Calls<'_>, now: &Calls<'_>) -> Vec<Evidence> {
        failing(&[before], now, &clients([before, now]), &fresh::fresh(&[before], now))
    }

    #[test]
    fn who_fails_itself_is_charged_and_not_who_fails_with_it() {
        let (before, now) = (window(60, 99, true), window(30, 2, true));
        let (before, now) = (Calls::new(&before), Calls::new(&now));
        let [one] = &found(&before, &now)[..] else { panic!("one service fails itself") };
        assert!(one.service == 2 && one.strength > 1.0, "{one:?}");
        let What::Failing { change, says, .. } = one.what else { panic!("{one:?}") };
        assert_eq!((change.before, change.now, change.samples), (0.0, 0.5, [60, 30]));
        assert_eq!(says, Some(Says { message: 90, requests: 15, before: 0 }));
    }

    #[test]
    fn a_call_that_does_not_arrive_is_charged_to_who_was_called() {
        let (before, now) = (window(60, 99, true), window(30, 2, false));
        let (before, now) = (Calls::new(&before), Calls::new(&now));
        let found = found(&before, &now);
        assert_eq!(found.iter().map(|one| one.service).collect::<Vec<Word>>(), [2], "{found:?}");
    }

    #[test]
    fn failures_that_were_there_before_say_nothing() {
        let (before, now) = (window(60, 4, true), window(40, 4, true));
        assert!(found(&Calls::new(&before), &Calls::new(&now)).is_empty());
    }

    #[test]
    fn as_many_failures_of_another_kind_speak_for_a_service() {
        let (before, mut now) = (window(60, 4, true), window(40, 4, true));
        for span in now.spans.iter_mut().filter(|span| span.failed && span.service == 2) {
            span.said = 91;
        }
        let [one] = &found(&Calls::new(&before), &Calls::new(&now))[..] else { panic!("one says something new") };
        let What::Failing { change, says: Some(says), .. } = one.what else { panic!("{one:?}") };
        assert!(one.service == 2 && one.strength > 1.0 && (change.before - change.now).abs() < 1e-9, "{one:?}");
        assert_eq!(says, Says { message: 91, requests: 10, before: 0 });
        // What only one of many says is nothing, however new.
        let (before, mut now) = (window(60, 4, true), window(40, 4, true));
        for (at, span) in (100..).zip(now.spans.iter_mut().filter(|span| span.failed)) {
            span.said = at;
        }
        let found = found(&Calls::new(&before), &Calls::new(&now));
        assert!(found.iter().all(|one| one.strength < 0.25), "{found:?}");
    }
}
