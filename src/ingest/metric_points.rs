//! Points of metrics → series. A gauge is a series as it is. Of a counter, a histogram or a summary that counts from its start on
//! there is what came in each interval between two points; where it began anew, what came since. A histogram gives the number of
//! its measurements, their mean and three quantiles, a summary the number, the mean and the quantiles that it tells.
//! Source: the metrics data model of OpenTelemetry, "Temporality" and "Resets and Gaps".

use std::collections::BTreeMap;

use super::distribution::Distribution;
use super::document::{Attributes, Code};
use super::metric_document::{Point, RawMetric};
use crate::trace::{Series, Warning, WarningKind, Warnings, Window, Word, Words};

/// The quantiles of a histogram.
const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];
/// The flag of a point that says that nothing was recorded.
const NOTHING: i64 = 1;

/// The service and the instance that measured, the metric with the attributes of its points, and its unit.
type Key = (Word, Word, String, Word);

/// A point, as far as it is a number.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    time: i64,
    /// When counting began; 0 where that is not said.
    start: i64,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// What it is.
    Gauge(f64),
    /// How much was counted.
    Counter(f64),
    /// Measurements: how many, their sum, and how they are distributed.
    Measured { count: f64, sum: Option<f64>, distribution: Option<Distribution> },
    /// The same with quantiles as they were told: `p50` and its value.
    Summary { count: f64, sum: f64, quantiles: Vec<(String, f64)> },
}

/// What of one stream was seen.
#[derive(Debug, Default)]
struct Stream {
    /// True when it counts from its start on.
    cumulative: bool,
    points: Vec<Told>,
}

/// Why points are no part of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lost {
    /// It is not said from when on it counts.
    Temporality,
    /// There is only one point of what counts from its start on.
    Alone,
    /// The buckets do not belong to the bounds, or to a scale that there is.
    Buckets,
}

/// The streams of one window.
#[derive(Debug, Default)]
pub struct Streams {
    streams: BTreeMap<Key, Stream>,
    lost: Vec<(Lost, String)>,
}

impl Streams {
    /// Adds the points of a metric.
    pub fn take(&mut self, service: Word, instance: Word, metric: &RawMetric<'_>, words: &mut Words) {
        let unit = words.intern(&metric.unit);
        let mut put = |attributes: &Attributes<'_>, cumulative: bool, told: Told| {
            let key = (service, instance, named(&metric.name, attributes), unit);
            let stream = self.streams.entry(key).or_default();
            stream.cumulative = cumulative;
            stream.points.push(told);
        };
        for point in metric.gauge.list.iter().filter(|point| point.flags.0 & NOTHING == 0) {
            if let Some(value) = number(point) {
                let told = Told { time: point.time_unix_nano.0, start: 0, value: Value::Gauge(value) };
                put(&point.attributes, false, told);
            }
        }
        let sum = &metric.sum;
        let counts = sum.is_monotonic && !sum.aggregation_temporality.is(0, UNSPECIFIED);
        for point in sum.list.iter().filter(|point| point.flags.0 & NOTHING == 0) {
            if let Some(value) = number(point) {
                // What goes up and down is what it is.
                let value = if counts { Value::Counter(value) } else { Value::Gauge(value) };
                let told = Told { time: point.time_unix_nano.0, start: point.start_time_unix_nano.0, value };
                put(&point.attributes, counts && is_cumulative(&sum.aggregation_temporality), told);
            }
        }
        let mut lost: Vec<(Lost, String)> = Vec::new();
        let mut temporality = |code: &Code, points: bool| {
            let said = !code.is(0, UNSPECIFIED);
            if points && !said {
                lost.push((Lost::Temporality, metric.name.to_string()));
            }
            said
        };
        let histogram = &metric.histogram;
        let exponential = &metric.exponential_histogram;
        let histogram_told = temporality(&histogram.aggregation_temporality, !histogram.list.is_empty());
        let exponential_told = temporality(&exponential.aggregation_temporality, !exponential.list.is_empty());
        for point in histogram.list.iter().filter(|point| histogram_told && point.flags.0 & NOTHING == 0) {
            let distribution = Distribution::explicit(point);
            // A histogram without bounds tells its number and sum only, and that is no mistake.
            if distribution.is_none() && !point.explicit_bounds.is_empty() {
                lost.push((Lost::Buckets, metric.name.to_string()));
            }
            let value = measured(point.count.0, point.sum.value(), distribution);
            let told = Told { time: point.time_unix_nano.0, start: point.start_time_unix_nano.0, value };
            put(&point.attributes, is_cumulative(&histogram.aggregation_temporality), told);
        }
        for point in exponential.list.iter().filter(|point| exponential_told && point.flags.0 & NOTHING == 0) {
            let distribution = Distribution::exponential(point);
            if distribution.is_none() && point.count.0 > 0 {
                lost.push((Lost::Buckets, metric.name.to_string()));
            }
            let value = measured(point.count.0, point.sum.value(), distribution);
            let told = Told { time: point.time_unix_nano.0, start: point.start_time_unix_nano.0, value };
            put(&point.attributes, is_cumulative(&exponential.aggregation_temporality), told);
        }
        for point in metric.summary.list.iter().filter(|point| point.flags.0 & NOTHING == 0) {
            let quantiles =
                point.quantile_values.iter().filter_map(|at| Some((at.quantile.value()?, at.value.value()?)));
            let quantiles = quantiles.filter(|(_, value)| value.is_finite());
            let quantiles = quantiles.map(|(share, value)| (percentile(share), value)).collect();
            let (count, sum) = (point.count.0.max(0) as f64, point.sum.value().unwrap_or(f64::NAN));
            let value = Value::Summary { count, sum, quantiles };
            // A summary always counts from its start on.
            put(
                &point.attributes,
                true,
                Told { time: point.time_unix_nano.0, start: point.start_time_unix_nano.0, value },
            );
        }
        self.lost.extend(lost);
    }

    /// Adds the series to a window, and says what is none.
    pub fn finish(&mut self, file: &str, window: &mut Window, words: &mut Words) -> Warnings {
        for ((service, instance, name, unit), stream) in std::mem::take(&mut self.streams) {
            let mut all: BTreeMap<(String, bool), Vec<(i64, f64)>> = BTreeMap::new();
            if !stream.series(&mut |statistic: &str, counts: bool, time, value: f64| {
                if value.is_finite() {
                    let name = if statistic.is_empty() { name.clone() } else { format!("{name} {statistic}") };
                    all.entry((name, counts)).or_default().push((time, value));
                }
            }) {
                self.lost.push((Lost::Alone, name.clone()));
            }
            for ((name, counts), points) in all {
                let (name, unit) = (words.intern(&name), if counts { words.intern("1") } else { unit });
                window.series.push(Series { service, instance, name, unit, points });
            }
        }
        let mut warnings = Warnings::default();
        let mut lost = std::mem::take(&mut self.lost);
        lost.sort();
        for (why, metric) in lost {
            warnings.push(why.told(file, &metric));
        }
        warnings
    }
}

/// What a temporality is called that is none.
const UNSPECIFIED: &str = "AGGREGATION_TEMPORALITY_UNSPECIFIED";

fn is_cumulative(temporality: &Code) -> bool {
    temporality.is(2, "AGGREGATION_TEMPORALITY_CUMULATIVE")
}

fn number(point: &Point<'_>) -> Option<f64> {
    let value = point.as_double.value().or_else(|| point.as_int.map(|whole| whole.0 as f64))?;
    value.is_finite().then_some(value)
}

fn measured(count: i64, sum: Option<f64>, distribution: Option<Distribution>) -> Value {
    Value::Measured { count: count.max(0) as f64, sum, distribution }
}

/// The name of a metric with the attributes of a point, as Prometheus writes them.
fn named(metric: &str, attributes: &Attributes<'_>) -> String {
    let mut all: Vec<String> = attributes
        .list()
        .iter()
        .map(|it| format!("{}={}", it.key, it.value.0.as_str().map_or_else(|| it.value.0.to_string(), str::to_owned)))
        .collect();
    all.sort();
    if all.is_empty() { metric.to_owned() } else { format!("{metric}{{{}}}", all.join(",")) }
}

/// `p95` for 0.95, `p99.9` for 0.999.
fn percentile(share: f64) -> String {
    format!("p{}", (share * 1e5).round() / 1e3)
}

impl Stream {
    /// Hands on what each interval showed: which statistic, whether it is a number of measurements, when, and how much. False
    /// when there is no interval.
    fn series(mut self, each: &mut dyn FnMut(&str, bool, i64, f64)) -> bool {
        self.points.sort_by_key(|point| point.time);
        if !self.cumulative {
            for point in &self.points {
                point.value.told(point.time, each);
            }
            return true;
        }
        for pair in self.points.windows(2) {
            let [then, now] = pair else { continue };
            // Counting began anew: what is there came since.
            let anew = now.start != then.start && now.start != 0;
            let since = if anew { None } else { now.value.since(&then.value) };
            since.as_ref().unwrap_or(&now.value).told(now.time, each);
        }
        self.points.len() > 1
    }
}

impl Value {
    /// What came since another one; `None` where there is less than then.
    fn since(&self, then: &Self) -> Option<Self> {
        match (self, then) {
            (Self::Counter(now), Self::Counter(then)) => (now >= then).then_some(Self::Counter(now - then)),
            (
                Self::Measured { count, sum, distribution },
                Self::Measured { count: before, sum: sum_before, distribution: then },
            ) if count >= before => {
                let sum = sum.zip(*sum_before).map(|(now, then)| now - then);
                // Where its buckets are others than before nobody knows how what came since is distributed.
                let distribution = distribution.as_ref().zip(then.as_ref()).and_then(|(now, then)| now.since(then));
                Some(Self::Measured { count: count - before, sum, distribution })
            }
            (Self::Summary { count, sum, quantiles }, Self::Summary { count: before, sum: sum_before, .. })
                if count >= before =>
            {
                Some(Self::Summary { count: count - before, sum: sum - sum_before, quantiles: quantiles.clone() })
            }
            _ => None,
        }
    }

    fn told(&self, time: i64, each: &mut dyn FnMut(&str, bool, i64, f64)) {
        match self {
            Self::Gauge(value) | Self::Counter(value) => each("", false, time, *value),
            Self::Measured { count, sum, distribution } => {
                each("count", true, time, *count);
                if let Some(sum) = sum.filter(|_| *count > 0.0) {
                    each("mean", false, time, sum / count);
                }
                for share in QUANTILES {
                    if let Some(value) = distribution.as_ref().and_then(|distribution| distribution.quantile(share)) {
                        each(&percentile(share), false, time, value);
                    }
                }
            }
            Self::Summary { count, sum, quantiles } => {
                each("count", true, time, *count);
                if *count > 0.0 {
                    each("mean", false, time, sum / count);
                }
                for (name, value) in quantiles {
                    each(name, false, time, *value);
                }
            }
        }
    }
}

impl Lost {
    fn told(self, file: &str, metric: &str) -> Warning {
        let (what, remedy) = match self {
            Self::Temporality => (
                "does not say whether it counts from its start on or anew each time, so that it cannot be used",
                "Export it with its aggregation temporality.",
            ),
            Self::Alone => (
                "counts from its start on and has one point only, so that nobody knows what came when",
                "Export a longer time, or with delta temporality.",
            ),
            Self::Buckets => (
                "has buckets that do not belong to its bounds or scale, so that it has no quantiles",
                "Its number and mean are used.",
            ),
        };
        let (file, what) = (file.to_owned(), format!("The metric {metric} {what}."));
        Warning { kind: WarningKind::Note, file, line: None, what, remedy: remedy.to_owned(), more: 0 }
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::TelemetryReader;
    use crate::trace::{WarningKind, Warnings, Window};

    /// Each series by its name, with its points.
    type All = Vec<(String, Vec<(i64, f64)>)>;

    /// Reads metrics of one process.
    fn read(metrics: &str) -> (All, Warnings) {
        read_lines(&[metrics])
    }

    fn read_lines(lines: &[&str]) -> (All, Warnings) {
        let line =
            |metrics: &&str| format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{metrics}]}}]}}]}}"#);
        let text: Vec<String> = lines.iter().map(line).collect();
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("metrics.json", text.join("\n").as_bytes(), &mut window);
        let all = window.series.into_iter().map(|series| (reader.words.get(series.name).to_owned(), series.points));
        (all.collect(), warnings)
    }

    fn of<'a>(all: &'a [(String, Vec<(i64, f64)>)], name: &str) -> &'a [(i64, f64)] {
        all.iter().find(|series| series.0 == name).map_or(&[], |series| &series.1)
    }

    #[test]
    fn a_counter_is_what_came_in_each_interval_also_where_it_begins_anew() {
        let counter = |temporality: &str, monotonic: bool| {
            format!(
                r#"{{"name":"bytes","sum":{{"aggregationTemporality":{temporality},"isMonotonic":{monotonic},"dataPoints":[
                {{"startTimeUnixNano":"1","timeUnixNano":"10","asInt":"5"}},{{"startTimeUnixNano":"1","timeUnixNano":"20","asInt":"9"}},
                {{"startTimeUnixNano":"25","timeUnixNano":"30","asInt":"11"}},{{"timeUnixNano":"40","asInt":"2"}}]}}}}"#
            )
        };
        let (all, warnings) = read(&counter("2", true));
        assert_eq!(of(&all, "bytes"), [(20, 4.0), (30, 11.0), (40, 2.0)]);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        let as_told = [(10, 5.0), (20, 9.0), (30, 11.0), (40, 2.0)];
        for text in [counter("\"AGGREGATION_TEMPORALITY_DELTA\"", true), counter("2", false), counter("0", true)] {
            assert_eq!(of(&read(&text).0, "bytes"), as_told, "{text}");
        }
    }

    const HISTOGRAM: &str = r#"{"name":"wait","unit":"ms","histogram":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE","dataPoints":[
        {"attributes":[{"key":"route","value":{"stringValue":"/a"}}],"startTimeUnixNano":"1","timeUnixNano":"20","count":"14","sum":150,"bucketCounts":["4","10","0"],"explicitBounds":[10,20]},
        {"attributes":[{"key":"route","value":{"stringValue":"/a"}}],"startTimeUnixNano":"1","timeUnixNano":"10","count":"4","sum":20,"bucketCounts":["4","0","0"],"explicitBounds":[10,20]},
        {"attributes":[{"key":"route","value":{"stringValue":"/b"}}],"startTimeUnixNano":"1","timeUnixNano":"20","count":"1","sum":2}]}}"#;

    #[test]
    fn a_histogram_is_a_number_a_mean_and_quantiles_of_each_interval() {
        let (all, warnings) = read(HISTOGRAM);
        assert_eq!(of(&all, "wait{route=/a} count"), [(20, 10.0)]);
        assert_eq!(of(&all, "wait{route=/a} mean"), [(20, 13.0)]);
        assert_eq!(of(&all, "wait{route=/a} p50"), [(20, 15.0)]);
        assert_eq!(of(&all, "wait{route=/a} p95"), [(20, 19.5)]);
        let alone = warnings.as_slice()[0].to_string();
        assert!(alone.starts_with("metrics.json: The metric wait{route=/b} counts from its start on"), "{alone}");
        let (all, warnings) = read(&HISTOGRAM.replace("CUMULATIVE", "DELTA"));
        assert_eq!(of(&all, "wait{route=/a} mean"), [(10, 5.0), (20, 150.0 / 14.0)]);
        assert_eq!(of(&all, "wait{route=/b} count"), [(20, 1.0)]);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        // As a collector writes it: one line each time.
        let [early, late] = ["20", "10"]
            .map(|other| HISTOGRAM.replace(&format!("\"timeUnixNano\":\"{other}\""), "\"flags\":1,\"x\":\"\""));
        let (all, _) = read_lines(&[&early, &late]);
        assert_eq!(of(&all, "wait{route=/a} mean"), [(20, 13.0)]);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let (all, warnings) =
            read(&HISTOGRAM.replace("AGGREGATION_TEMPORALITY_CUMULATIVE", "AGGREGATION_TEMPORALITY_UNSPECIFIED"));
        assert!(all.is_empty() && warnings.as_slice()[0].kind == WarningKind::Note);
        let said = warnings.as_slice()[0].to_string();
        assert!(said.contains("The metric wait does not say whether it counts from its start on"), "{said}");
        let (all, warnings) = read(&HISTOGRAM.replace("[10,20]", "[20,10]"));
        assert_eq!((of(&all, "wait{route=/a} mean").len(), of(&all, "wait{route=/a} p50").len()), (1, 0));
        let said = |what: &str| warnings.as_slice().iter().any(|warning| warning.what.contains(what));
        assert!(said("has buckets that do not belong to its bounds"), "{warnings:?}");
        assert!(!warnings.partial());
    }

    #[test]
    fn exponential_histograms_and_summaries_are_read_too() {
        let (all, _) = read(
            r#"{"name":"took","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
            {"timeUnixNano":"7","count":"4","sum":24,"scale":0,"positive":{"offset":2,"bucketCounts":["4"]}}]}},
            {"name":"gc","summary":{"dataPoints":[{"timeUnixNano":"5","count":"1","sum":3},
            {"timeUnixNano":"9","count":"3","sum":13,"quantileValues":[{"quantile":0.5,"value":4},{"quantile":0.999,"value":"NaN"}]}]}}"#,
        );
        assert_eq!(of(&all, "took mean"), [(7, 6.0)]);
        assert_eq!(of(&all, "took p50"), [(7, 6.0)], "between 4 and 8");
        assert_eq!((of(&all, "gc count"), of(&all, "gc mean")), (&[(9, 2.0)][..], &[(9, 5.0)][..]));
        assert_eq!((of(&all, "gc p50"), of(&all, "gc p99.9").len()), (&[(9, 4.0)][..], 0));
    }
}
