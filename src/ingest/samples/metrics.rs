//! Metrics of OpenTelemetry as samples: each metric with its attributes is a signal.

use super::build::{self, coarsest, forward};
use super::roles::{make_a_loop, role};
use crate::ingest::outline::Outline;
use crate::ingest::telemetry::{Shape, shape};
use crate::ingest::{BOM, TelemetryReader};
use crate::trace::{Axis, Samples, Signal, SignalRole, TimeScale, Unit, Warnings, Window};

/// What UCUM writes for a number without a unit.
const PLAIN: &str = "1";

/// True for the beginning of OTLP, JSON or protobuf, with metrics.
pub fn is_metrics(head: &[u8]) -> bool {
    match shape(head) {
        Some(Shape::Otlp) => outline(head).has("resourceMetrics"),
        Some(Shape::Protobuf(_)) => !read("", head).0.signals.is_empty(),
        _ => false,
    }
}

fn outline(head: &[u8]) -> Outline {
    Outline::of(head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start())
}

/// True where the metrics, and nothing else, are those of a control loop: one is a setpoint and one follows it, by their names.
pub fn recognises(head: &[u8]) -> bool {
    let alone = match shape(head) {
        Some(Shape::Otlp) => {
            let outline = outline(head);
            outline.has("resourceMetrics") && !outline.has("resourceSpans") && !outline.has("resourceLogs")
        }
        Some(Shape::Protobuf(_)) => true,
        _ => false,
    };
    let roles = || -> Vec<SignalRole> {
        let (samples, _) = read("", head);
        samples.signals.iter().map(|signal| role(bare(&signal.name), false)).collect()
    };
    alone && make_a_loop(&roles())
}

/// The name of a metric without the attributes of its points.
fn bare(name: &str) -> &str {
    name.split('{').next().unwrap_or(name)
}

/// Reads every metric of a file. Those whose points have the same times were sampled together.
pub fn read(file: &str, bytes: &[u8]) -> (Samples, Warnings) {
    let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
    let mut warnings = reader.read(file, bytes, &mut window);
    let word = |word| reader.words.get(word);
    let first = window.series.first().map(|series| (series.service, series.instance));
    let several = window.series.iter().any(|series| Some((series.service, series.instance)) != first);
    let mut all: Vec<Vec<i64>> = Vec::new();
    let mut signals = Vec::new();
    for series in &window.series {
        let read = series.points.iter().map(|(time, _)| Some(*time));
        let times = forward(file, word(series.name), read, &mut warnings);
        let axis = all.iter().position(|known| *known == times).unwrap_or_else(|| {
            all.push(times);
            all.len() - 1
        });
        let name = word(series.name).to_owned();
        let name = match (several, word(series.service), word(series.instance)) {
            (false, ..) => name,
            (true, service, instance) if service == instance => format!("{service}.{name}"),
            (true, service, instance) => format!("{service}.{instance}.{name}"),
        };
        let values: Vec<f64> = series.points.iter().map(|(_, value)| *value).collect();
        let unit = Some(word(series.unit)).filter(|unit| !unit.is_empty() && *unit != PLAIN).map(str::to_owned);
        let role = role(bare(word(series.name)), build::is_flag(&values));
        signals.push(Signal { role, axis, ..build::signal(name, unit, values) });
    }
    let unit = coarsest(&mut all, Unit::Nanos);
    let samples = Samples {
        scale: Some(TimeScale { unit, field: "timeUnixNano".to_owned(), epoch: true }),
        axes: all.into_iter().map(|times| Axis { times, ..Axis::default() }).collect(),
        signals,
        digits: None,
        torn: warnings.partial(),
    };
    (samples, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A metric's name, its unit, and its points.
    type Metric<'a> = (&'a str, &'a str, &'a [(i64, f64)]);

    fn document(metrics: &[Metric<'_>]) -> String {
        let point = |(time, value): &(i64, f64)| format!(r#"{{"timeUnixNano":"{time}","asDouble":{value}}}"#);
        let metric = |(name, unit, points): &Metric<'_>| {
            let points: Vec<String> = points.iter().map(point).collect();
            format!(r#"{{"name":"{name}","unit":"{unit}","gauge":{{"dataPoints":[{}]}}}}"#, points.join(","))
        };
        let metrics: Vec<String> = metrics.iter().map(metric).collect();
        format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{}]}}]}}]}}"#, metrics.join(","))
    }

    const SECOND: i64 = 1_700_000_000_000_000_000;

    #[test]
    fn each_metric_is_a_signal_with_its_unit_and_moments() {
        let both = [(SECOND, 1.0), (SECOND + 500_000_000, 2.0)];
        let text =
            document(&[("oven.setpoint", "Cel", &both), ("oven.temperature", "Cel", &both), ("fan", "1", &both[..1])]);
        assert!(is_metrics(text.as_bytes()) && recognises(text.as_bytes()));
        let (samples, warnings) = read("m.json", text.as_bytes());
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        assert_eq!((samples.axes.len(), samples.scale.as_ref().unwrap().unit), (2, Unit::Millis));
        let of = |name: &str| &samples.signals[samples.find(name).unwrap()];
        assert_eq!(
            (of("oven.setpoint").role, of("oven.setpoint").unit.as_deref()),
            (SignalRole::Setpoint, Some("Cel"))
        );
        assert_eq!(
            (of("oven.temperature").role, &*of("oven.temperature").values),
            (SignalRole::State, &[1.0, 2.0][..])
        );
        assert_eq!((of("fan").unit.as_deref(), samples.times(samples.find("fan").unwrap()).len()), (None, 1));
    }

    #[test]
    fn metrics_of_requests_are_no_loop() {
        let text =
            document(&[("http.server.duration", "ms", &[(SECOND, 1.0)]), ("queue.length", "1", &[(SECOND, 1.0)])]);
        assert!(is_metrics(text.as_bytes()) && !recognises(text.as_bytes()));
        let used = text.replace(
            r#""asDouble":1}"#,
            r#""asDouble":1,"attributes":[{"key":"state","value":{"stringValue":"target"}}]}"#,
        );
        assert!(!recognises(used.as_bytes()), "attributes say nothing of a loop");
        let (cut, warnings) = read("m.json", &text.as_bytes()[..text.len() - 9]);
        assert!(cut.torn && warnings.partial());
    }
}
