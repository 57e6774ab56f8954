//! Metrics of OTLP protobuf, as those of its JSON mapping.

use std::borrow::Cow;

use opentelemetry_proto::tonic::metrics::v1 as proto;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets as ProtoBuckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Measured;

use super::document::{Code, Number};
use super::metric_document::{
    Amount, Buckets, ExponentialPoint, HistogramPoint, Point, Points, Quantile, RawMetric, SummaryPoint,
};
use super::protobuf::{attributes, whole};

/// A metric with its points.
pub fn metric(metric: proto::Metric) -> RawMetric<'static> {
    let mut raw = RawMetric { name: Cow::Owned(metric.name), unit: Cow::Owned(metric.unit), ..RawMetric::default() };
    match metric.data {
        Some(Data::Gauge(it)) => raw.gauge = points(it.data_points, point, 0, false),
        Some(Data::Sum(it)) => raw.sum = points(it.data_points, point, it.aggregation_temporality, it.is_monotonic),
        Some(Data::Histogram(it)) => {
            raw.histogram = points(it.data_points, histogram, it.aggregation_temporality, false);
        }
        Some(Data::ExponentialHistogram(it)) => {
            raw.exponential_histogram = points(it.data_points, exponential, it.aggregation_temporality, false);
        }
        Some(Data::Summary(it)) => raw.summary = points(it.data_points, summary, 0, false),
        None => {}
    }
    raw
}

fn points<P, T>(points: Vec<P>, one: impl Fn(P) -> T, temporality: i32, is_monotonic: bool) -> Points<T> {
    let list = points.into_iter().map(one).collect();
    Points { list, aggregation_temporality: Code::Number(temporality.into()), is_monotonic }
}

fn amount(number: Option<f64>) -> Amount {
    number.map_or(Amount::Nothing, Amount::Number)
}

fn counts(counts: &[u64]) -> Vec<Number> {
    counts.iter().copied().map(whole).collect()
}

fn flags(flags: u32) -> Number {
    Number(flags.into())
}

fn point(point: proto::NumberDataPoint) -> Point<'static> {
    let (as_double, as_int) = match point.value {
        Some(Measured::AsDouble(number)) => (Amount::Number(number), None),
        Some(Measured::AsInt(number)) => (Amount::Nothing, Some(Number(number))),
        None => (Amount::Nothing, None),
    };
    Point {
        attributes: attributes(point.attributes),
        start_time_unix_nano: whole(point.start_time_unix_nano),
        time_unix_nano: whole(point.time_unix_nano),
        flags: flags(point.flags),
        as_double,
        as_int,
    }
}

fn histogram(point: proto::HistogramDataPoint) -> HistogramPoint<'static> {
    HistogramPoint {
        attributes: attributes(point.attributes),
        start_time_unix_nano: whole(point.start_time_unix_nano),
        time_unix_nano: whole(point.time_unix_nano),
        flags: flags(point.flags),
        count: whole(point.count),
        sum: amount(point.sum),
        bucket_counts: counts(&point.bucket_counts),
        explicit_bounds: point.explicit_bounds.into_iter().map(Amount::Number).collect(),
    }
}

fn exponential(point: proto::ExponentialHistogramDataPoint) -> ExponentialPoint<'static> {
    let buckets = |of: Option<ProtoBuckets>| {
        of.map_or_else(Buckets::default, |of| Buckets {
            offset: Number(of.offset.into()),
            bucket_counts: counts(&of.bucket_counts),
        })
    };
    ExponentialPoint {
        attributes: attributes(point.attributes),
        start_time_unix_nano: whole(point.start_time_unix_nano),
        time_unix_nano: whole(point.time_unix_nano),
        flags: flags(point.flags),
        count: whole(point.count),
        sum: amount(point.sum),
        scale: Number(point.scale.into()),
        zero_count: whole(point.zero_count),
        positive: buckets(point.positive),
        negative: buckets(point.negative),
    }
}

fn summary(point: proto::SummaryDataPoint) -> SummaryPoint<'static> {
    let quantile = |at: &proto::summary_data_point::ValueAtQuantile| Quantile {
        quantile: Amount::Number(at.quantile),
        value: Amount::Number(at.value),
    };
    SummaryPoint {
        attributes: attributes(point.attributes),
        start_time_unix_nano: whole(point.start_time_unix_nano),
        time_unix_nano: whole(point.time_unix_nano),
        flags: flags(point.flags),
        count: whole(point.count),
        sum: Amount::Number(point.sum),
        quantile_values: point.quantile_values.iter().map(quantile).collect(),
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::ingest::TelemetryReader;
    use crate::trace::Window;

    #[test]
    fn histograms_and_summaries_are_those_of_the_json_mapping() {
        let histogram = proto::HistogramDataPoint {
            time_unix_nano: 9,
            count: 4,
            sum: Some(40.0),
            bucket_counts: vec![0, 4, 0],
            explicit_bounds: vec![8.0, 12.0],
            ..Default::default()
        };
        let buckets = proto::exponential_histogram_data_point::Buckets { offset: 2, bucket_counts: vec![4] };
        let exponential = proto::ExponentialHistogramDataPoint {
            time_unix_nano: 9,
            count: 4,
            sum: Some(24.0),
            positive: Some(buckets),
            ..Default::default()
        };
        let summary = |time: u64, count: u64| proto::SummaryDataPoint {
            time_unix_nano: time,
            count,
            sum: 3.0 * count as f64,
            quantile_values: vec![proto::summary_data_point::ValueAtQuantile { quantile: 0.5, value: 2.0 }],
            ..Default::default()
        };
        let data = [
            Data::Histogram(proto::Histogram { data_points: vec![histogram], aggregation_temporality: 1 }),
            Data::ExponentialHistogram(proto::ExponentialHistogram {
                data_points: vec![exponential],
                aggregation_temporality: 1,
            }),
            Data::Summary(proto::Summary { data_points: vec![summary(9, 1), summary(19, 3)] }),
        ];
        let metric = |(name, data): (&str, Data)| proto::Metric {
            name: name.to_owned(),
            data: Some(data),
            ..proto::Metric::default()
        };
        let metrics = ["a", "b", "c"].into_iter().zip(data).map(metric).collect();
        let scope_metrics = vec![proto::ScopeMetrics { metrics, ..Default::default() }];
        let of = proto::ResourceMetrics { scope_metrics, ..Default::default() };
        let bytes = proto::MetricsData { resource_metrics: vec![of] }.encode_to_vec();
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("metrics.bin", &bytes, &mut window);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        let of = |name: &str| {
            let series = window.series.iter().find(|series| reader.words.get(series.name) == name);
            series.map(|series| series.points.clone()).unwrap_or_default()
        };
        assert_eq!((of("a mean"), of("a p50"), of("b mean")), (vec![(9, 10.0)], vec![(9, 10.0)], vec![(9, 6.0)]));
        assert_eq!((of("c count"), of("c mean"), of("c p50")), (vec![(19, 2.0)], vec![(19, 3.0)], vec![(19, 2.0)]));
    }
}
