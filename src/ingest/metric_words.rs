//! What a metric measures, by the words that people and monitors use for it: never by the name of a node.

use crate::trace::{Measure, words};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meaning {
    /// What is measured.
    pub measure: Measure,
    /// What one of its units is in the measure's own.
    pub unit: f64,
    /// True when it is the share that went well.
    pub served: bool,
    /// Of several statistics of one measure the least is taken: a mean times the requests is the whole time, a high percentile is
    /// furthest from it.
    pub rank: u8,
}

/// What the words of a metric, its statistic among them, say; `None` for anything that is no latency, no share of failures or
/// served requests, and no number of requests.
pub fn meaning(metric: &str) -> Option<Meaning> {
    let words = words(metric);
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let is = |measure, unit, served, rank| Some(Meaning { measure, unit, served, rank });
    let counted = any(&["sum", "total", "count", "samplecount"]);
    // The extremes are of one request each.
    if any(&["min", "minimum", "stddev", "variance"]) {
        return None;
    }
    let rank = statistic(&words);
    if any(&["availability", "success", "successes"]) {
        return (!counted && rank <= USUAL).then(|| is(Measure::Failures, 1.0, true, rank))?;
    }
    if any(&["error", "errors", "fault", "faults", "failure", "failures", "failed"]) {
        let share = any(&["rate", "ratio", "share", "percent", "percentage", "average", "avg", "mean"]);
        return (share && !counted).then(|| is(Measure::Failures, 1.0, false, rank))?;
    }
    if any(&["latency", "duration", "elapsed"]) || any(&["response"]) && any(&["time"]) {
        return (!counted).then(|| is(Measure::Latency, seconds(&words), false, rank))?;
    }
    let requests = any(&["requests", "request", "calls", "invocations", "hits"]);
    let rate = any(&["rate", "average", "avg", "mean"]) || rank > USUAL;
    (requests && !rate).then(|| is(Measure::Requests, 1.0, false, u8::from(!counted)))?
}

/// The rank of a column that names no statistic.
const USUAL: u8 = 1;

fn statistic(words: &[String]) -> u8 {
    let rank = |word: &String| match word.as_str() {
        "average" | "avg" | "mean" => Some(0),
        "median" | "p50" => Some(2),
        "max" | "maximum" => Some(101),
        percentile => percentile.strip_prefix('p').and_then(|n| n.parse().ok()).filter(|n| (1..100).contains(n)),
    };
    words.iter().find_map(rank).unwrap_or(USUAL)
}

/// How long a unit is; without one it is the second, which most monitors write.
fn seconds(words: &[String]) -> f64 {
    let unit = |word: &String| match word.as_str() {
        "ns" | "nanos" | "nanoseconds" => Some(1e-9),
        "us" | "µs" | "micros" | "microseconds" => Some(1e-6),
        "ms" | "msec" | "millis" | "milliseconds" => Some(1e-3),
        _ => None,
    };
    words.iter().find_map(unit).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(text: &str) -> Option<Measure> {
        meaning(text).map(|meaning| meaning.measure)
    }

    #[test]
    fn metrics_are_known_by_common_words() {
        for (text, measure) in [
            ("latency Average", Some(Measure::Latency)),
            ("http_request_duration_seconds p95", Some(Measure::Latency)),
            ("ResponseTime", Some(Measure::Latency)),
            ("availability Average", Some(Measure::Failures)),
            ("error rate", Some(Measure::Failures)),
            ("requests Sum", Some(Measure::Requests)),
            ("Invocations", Some(Measure::Requests)),
            ("http_request_duration_seconds_count", None),
            ("latency Minimum", None),
            ("errors Sum", None),
            ("requests Average", None),
            ("cpu Average", None),
            ("timestamp", None),
        ] {
            assert_eq!(measures(text), measure, "{text}");
        }
    }

    #[test]
    fn the_mean_goes_before_percentiles_and_units_are_put_into_seconds() {
        let rank = |text: &str| meaning(text).unwrap().rank;
        let texts = ["latency Average", "latency", "latency p50", "latency p90", "latency p99", "latency Maximum"];
        assert!(texts.is_sorted_by(|a, b| rank(a) < rank(b)));
        for (text, unit) in [("latency", 1.0), ("latency_ms", 1e-3), ("durationMicros", 1e-6), ("latency ns", 1e-9)] {
            assert!((meaning(text).unwrap().unit - unit).abs() < 1e-15, "{text}");
        }
        assert!(meaning("availability").unwrap().served && !meaning("error rate").unwrap().served);
    }
}
