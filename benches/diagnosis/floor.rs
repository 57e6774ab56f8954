//! Two simple ways to name a service, on traces alone: what a dashboard would show first.

use std::collections::BTreeMap;

use dettrace::trace::{Window, Word};

/// What they are called.
pub const NAMES: [&str; 2] = ["mean duration, in its own spread", "growth of the mean duration"];

/// The services in the order of each.
pub fn all(before: &Window, now: &Window) -> [Vec<Word>; 2] {
    let (before, now) = (by_service(before), by_service(now));
    let order = |value: &dyn Fn(&[f64], &[f64]) -> f64| {
        let mut services: Vec<(Word, f64)> =
            now.iter().filter_map(|(service, now)| Some((*service, value(before.get(service)?, now)))).collect();
        services.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        services.into_iter().map(|(service, _)| service).collect()
    };
    [
        order(&|before, now| (mean(now) - mean(before)) / spread(before).max(f64::MIN_POSITIVE)),
        order(&|before, now| mean(now) / mean(before).max(f64::MIN_POSITIVE)),
    ]
}

fn by_service(window: &Window) -> BTreeMap<Word, Vec<f64>> {
    let mut durations: BTreeMap<Word, Vec<f64>> = BTreeMap::new();
    for span in &window.spans {
        durations.entry(span.service).or_default().push(span.duration() as f64);
    }
    durations
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn spread(values: &[f64]) -> f64 {
    let middle = mean(values);
    (values.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}
