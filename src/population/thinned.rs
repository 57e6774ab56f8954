//! Spans that are lost at random, by an exporter that drops them or a collector that samples them one by one: seen by the spans that
//! they leave without a parent. Where one side loses more of them than the other, the other is thinned as much, so that what is missing
//! by chance is missing on both.

use std::collections::HashMap;

use crate::trace::{Calls, Span, Window, Word, Words, fnv};

/// A smaller difference is left as it is.
const LITTLE: f64 = 0.01;
/// Spans that must have had one kind of parent for its loss to be known.
const KNOWN: u32 = 10;

/// A service and an operation.
type Work = (Word, Word);
type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// The kind of work of a span.
fn work(span: &Span) -> Work {
    (span.service, span.operation)
}

/// Which share of the spans of each group of windows was lost at random.
fn rates(sides: [&[&Calls<'_>]; 2]) -> [f64; 2] {
    let orphan = |calls: &Calls<'_>, at: u32| calls.spans[at as usize].parent != 0 && calls.parent(at).is_none();
    let has_orphans = |calls: &&Calls<'_>| (0..calls.spans.len() as u32).any(|at| orphan(calls, at));
    if !sides.into_iter().flatten().any(has_orphans) {
        return [0.0; 2];
    }
    // What does the same is usually below the same.
    let mut above: Map<Work, Map<Work, u32>> = Map::default();
    for calls in sides.into_iter().flatten() {
        for (at, span) in (0..).zip(calls.spans) {
            if let Some(parent) = calls.parent(at) {
                *above.entry(work(span)).or_default().entry(work(&calls.spans[parent as usize])).or_default() += 1;
            }
        }
    }
    // Of equally usual ones the same each time.
    let most = |parents: Map<Work, u32>| parents.into_iter().max_by_key(|&(work, count)| (count, work));
    let usual: Map<Work, Work> =
        above.into_iter().filter_map(|(work, parents)| Some((work, most(parents)?.0))).collect();
    sides.map(|windows| {
        // How many of the spans below one kind of work have lost it, of all.
        let mut losses: Map<Work, [u32; 2]> = Map::default();
        for calls in windows {
            for (at, span) in (0..).zip(calls.spans).filter(|(_, span)| span.parent != 0) {
                if let Some(above) = usual.get(&work(span)) {
                    let [lost, all] = losses.entry(*above).or_default();
                    *lost += u32::from(orphan(calls, at));
                    *all += 1;
                }
            }
        }
        let known = losses.values().filter(|[_, all]| *all >= KNOWN);
        let mut rates: Vec<f64> = known.map(|[lost, all]| f64::from(*lost) / f64::from(*all)).collect();
        rates.sort_by(f64::total_cmp);
        // One service that is gone loses nothing at random: most kinds of work must have lost some.
        rates.get(rates.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
    })
}

/// The baselines and the failing window with as many spans lost at random on either side; `None` where they are so already.
pub fn thinned(baselines: &[&Calls<'_>], failing: &Calls<'_>, words: &Words) -> Option<(Vec<Window>, Window)> {
    let [before, now] = rates([baselines, &[failing]]);
    if (before - now).abs() < LITTLE {
        return None;
    }
    // Of what is there so much stays that as much is missing as on the other side.
    let kept = |own: f64, other: f64| ((1.0 - other) / (1.0 - own)).min(1.0);
    let thin = |window: &Window, kept: f64| {
        let stays = |span: &Span| {
            let print = fnv(words.get(span.id).as_bytes()) ^ fnv(words.get(span.trace).as_bytes()).rotate_left(17);
            // The upper bits of a product depend on all of its factors.
            ((print.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as f64) < kept * 2_f64.powi(32)
        };
        Window { spans: window.spans.iter().filter(|span| stays(span)).copied().collect(), ..window.clone() }
    };
    let (of_before, of_now) = (kept(before, now), kept(now, before));
    Some((baselines.iter().map(|calls| thin(calls.window, of_before)).collect(), thin(failing.window, of_now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::rank;
    use crate::trace::SpanKind;

    /// Requests of a shop that calls three services by client spans, one after the other, of which `lost` per cent of the spans
    /// are missing, or all of one service.
    fn window(words: &mut Words, requests: std::ops::Range<u32>, lost: u64, gone: &str) -> Window {
        let mut window = Window::default();
        for request in requests {
            let trace = words.intern(&format!("request {request}"));
            let mut add = |id: u32, parent: u32, service: &str, operation: &str, kind, begin: i64, end: i64| {
                let [id, parent] =
                    [id, parent].map(|id| if id == 0 { 0 } else { words.intern(&format!("{request} {id}")) });
                let noise = fnv(format!("{request} {begin} {end}").as_bytes());
                if noise % 100 < lost || service == gone {
                    return;
                }
                let (service, operation) = (words.intern(service), words.intern(operation));
                let more = (noise >> 20) as i64 % 300_000;
                let (begin, end) = (begin * 1_000_000, end * 1_000_000 + more);
                let (instance, failed, said) = (service, false, 0);
                window.spans.push(Span {
                    trace,
                    id,
                    parent,
                    service,
                    instance,
                    operation,
                    kind,
                    failed,
                    said,
                    begin,
                    end,
                });
            };
            add(1, 0, "shop", "POST /buy", SpanKind::Server, 0, 50);
            for (number, callee) in (0..).zip(["cart", "bank", "mail"]) {
                let (id, begin) = (2 + 2 * number, 5 + 15 * i64::from(number));
                add(id, 1, "shop", &format!("call {callee}"), SpanKind::Client, begin, begin + 12);
                add(id + 1, id, callee, "work", SpanKind::Server, begin + 1, begin + 10);
                add(id + 20, id + 1, callee, "query", SpanKind::Internal, begin + 2, begin + 8);
            }
        }
        window
    }

    #[test]
    fn spans_that_are_lost_at_random_on_one_side_are_no_cause_and_a_service_without_any_is_one() {
        let mut words = Words::default();
        let all = window(&mut words, 0..80, 0, "");
        let clear = |before: &Window, now: &Window, words: &Words| {
            let ranking = rank(&[&Calls::new(before)], &Calls::new(now), words);
            ranking.clear().map(|suspect| words.get(suspect.service).to_owned())
        };
        for lost in [3, 10, 20, 35] {
            let some = window(&mut words, 100..170, lost, "");
            assert_eq!(clear(&all, &some, &words), None, "{lost} %");
            assert_eq!(clear(&some, &all, &words), None, "{lost} % of the baseline");
        }
        for lost in [0, 10] {
            let gone = window(&mut words, 200..270, lost, "bank");
            assert_eq!(clear(&all, &gone, &words).as_deref(), Some("bank"), "{lost} %");
        }
    }

    #[test]
    fn the_side_that_lost_less_is_thinned_as_much() {
        let mut words = Words::default();
        let (all, some) = (window(&mut words, 0..200, 0, ""), window(&mut words, 200..400, 20, ""));
        let (before, now) = thinned(&[&Calls::new(&all)], &Calls::new(&some), &words).unwrap();
        assert_eq!(now.spans, some.spans);
        let share = before[0].spans.len() as f64 / all.spans.len() as f64;
        assert!((share - 0.8).abs() < 0.05, "{share}");
        assert!(thinned(&[&Calls::new(&all)], &Calls::new(&all), &words).is_none());
        let gone = window(&mut words, 400..500, 0, "bank");
        assert!(thinned(&[&Calls::new(&all)], &Calls::new(&gone), &words).is_none(), "that is no chance");
    }
}
