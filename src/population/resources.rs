//! What an instance uses: metrics in percent, against what the same instance used before.

use std::collections::BTreeMap;

use super::numbers::quantile;
use super::{Change, Evidence, What};
use crate::trace::{Series, Window, Words};

/// Points of a percentage that are no change worth telling.
const POINTS: f64 = 5.0;
/// So long before the failing window its own points are no part of it, in nanoseconds.
const APART: i64 = 60_000_000_000;

/// The instances that use more than before.
pub fn resources(baselines: &[&Window], failing: &Window, words: &Words) -> Vec<Evidence> {
    let Some((begin, end)) = failing.time() else { return Vec::new() };
    let percent = |series: &&Series| words.get(series.unit) == "%";
    // What is the same on several instances is about the machine below them.
    let mut alike: BTreeMap<(u32, Vec<(i64, u64)>), u32> = BTreeMap::new();
    let print = |series: &Series| {
        (series.name, series.points.iter().map(|&(time, value)| (time, value.to_bits())).collect::<Vec<_>>())
    };
    for series in failing.series.iter().filter(percent) {
        *alike.entry(print(series)).or_default() += 1;
    }
    let mut found = Vec::new();
    for series in failing.series.iter().filter(percent).filter(|series| alike[&print(series)] == 1) {
        let within = |&&(time, _): &&(i64, f64)| (begin..=end + APART).contains(&time);
        let mut now: Vec<f64> = series.points.iter().filter(within).map(|point| point.1).collect();
        let own = |&&(time, _): &&(i64, f64)| time < begin - APART;
        let mut before: Vec<f64> = series.points.iter().filter(own).map(|point| point.1).collect();
        if before.len() < 2 {
            let same = |other: &&Series| other.name == series.name && other.instance == series.instance;
            let all = baselines.iter().flat_map(|window| window.series.iter().filter(same));
            before = all.flat_map(|series| series.points.iter().map(|point| point.1)).collect();
        }
        if now.is_empty() || before.is_empty() {
            continue;
        }
        now.sort_by(f64::total_cmp);
        before.sort_by(f64::total_cmp);
        let range = before[before.len() - 1] - before[0];
        let slack = POINTS + range;
        let (middle, then) = (quantile(&now, 0.5), quantile(&before, 0.5));
        let strength = ((middle + slack) / (then + slack)).ln();
        if strength > 0.0 {
            let change = Change { before: then, now: middle, samples: [before.len() as u32, now.len() as u32] };
            let what = What::Resource { instance: series.instance, metric: series.name, change };
            found.push(Evidence { service: series.service, strength, what });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Span, SpanKind};

    const MINUTE: i64 = 60_000_000_000;

    fn window(words: &mut Words, values: &[(&str, [f64; 6])]) -> Window {
        let (name, unit) = (words.intern("cpu"), words.intern("%"));
        let mut window = Window::default();
        window.spans.push(Span {
            trace: 1,
            id: 1,
            parent: 0,
            service: 1,
            instance: 1,
            operation: 1,
            kind: SpanKind::Internal,
            failed: false,
            said: 0,
            begin: 4 * MINUTE,
            end: 5 * MINUTE,
        });
        for (pod, values) in values {
            let pod = words.intern(pod);
            let points = (0..).map(|minute| minute * MINUTE).zip(values.iter().copied()).collect();
            window.series.push(Series { service: pod, instance: pod, name, unit, points });
        }
        window
    }

    #[test]
    fn an_instance_that_uses_more_than_it_did_is_named() {
        let mut words = Words::default();
        let window =
            window(&mut words, &[("a", [9.0, 10.0, 9.0, 50.0, 95.0, 96.0]), ("b", [9.0, 10.0, 9.0, 9.0, 10.0, 9.0])]);
        let found = resources(&[], &window, &words);
        assert_eq!(words.get(found[0].service), "a");
        assert!(found[0].strength > 1.0 && found[1..].iter().all(|one| one.strength < 0.1), "{found:?}");
    }

    #[test]
    fn what_all_instances_show_alike_is_about_the_machine_below() {
        let mut words = Words::default();
        let busy = [9.0, 10.0, 9.0, 50.0, 95.0, 96.0];
        let window = window(&mut words, &[("a", busy), ("b", busy)]);
        assert!(resources(&[], &window, &words).is_empty());
    }
}
