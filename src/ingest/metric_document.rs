//! Metrics as OpenTelemetry lays them out, with the names of OTLP JSON: the other half of [`super::document`].

use std::borrow::Cow;

use serde::Deserialize;

use super::document::{Attributes, Code, Number};

/// A measurement; what is no number is written as text.
#[derive(Deserialize, Default)]
#[serde(untagged)]
pub enum Amount {
    Number(f64),
    Text(String),
    #[default]
    Nothing,
}

impl Amount {
    /// The number, if it is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            Self::Nothing => None,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct RawMetric<'a> {
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub unit: Cow<'a, str>,
    #[serde(borrow, default)]
    pub gauge: Points<Point<'a>>,
    #[serde(borrow, default)]
    pub sum: Points<Point<'a>>,
    #[serde(borrow, default)]
    pub histogram: Points<HistogramPoint<'a>>,
    #[serde(borrow, default)]
    pub exponential_histogram: Points<ExponentialPoint<'a>>,
    #[serde(borrow, default)]
    pub summary: Points<SummaryPoint<'a>>,
}

/// The points of a metric of one kind, and what is said of all of them where the kind has that.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Points<T> {
    #[serde(default = "Vec::new", rename = "dataPoints")]
    pub list: Vec<T>,
    #[serde(default)]
    pub aggregation_temporality: Code,
    #[serde(default)]
    pub is_monotonic: bool,
}

impl<T> Default for Points<T> {
    fn default() -> Self {
        Self { list: Vec::new(), aggregation_temporality: Code::default(), is_monotonic: false }
    }
}

/// One number.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Point<'a> {
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(default)]
    pub start_time_unix_nano: Number,
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(default)]
    pub flags: Number,
    #[serde(default)]
    pub as_double: Amount,
    pub as_int: Option<Number>,
}

/// Measurements counted in buckets up to bounds.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct HistogramPoint<'a> {
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(default)]
    pub start_time_unix_nano: Number,
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(default)]
    pub flags: Number,
    #[serde(default)]
    pub count: Number,
    #[serde(default)]
    pub sum: Amount,
    #[serde(default)]
    pub bucket_counts: Vec<Number>,
    #[serde(default)]
    pub explicit_bounds: Vec<Amount>,
}

/// Measurements counted in buckets that grow by powers.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct ExponentialPoint<'a> {
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(default)]
    pub start_time_unix_nano: Number,
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(default)]
    pub flags: Number,
    #[serde(default)]
    pub count: Number,
    #[serde(default)]
    pub sum: Amount,
    #[serde(default)]
    pub scale: Number,
    #[serde(default)]
    pub zero_count: Number,
    #[serde(default)]
    pub positive: Buckets,
    #[serde(default)]
    pub negative: Buckets,
}

/// Counts of neighbouring buckets, the first at the place `offset`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Buckets {
    #[serde(default)]
    pub offset: Number,
    #[serde(default)]
    pub bucket_counts: Vec<Number>,
}

/// Measurements with quantiles that whoever measured made of them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct SummaryPoint<'a> {
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(default)]
    pub start_time_unix_nano: Number,
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(default)]
    pub flags: Number,
    #[serde(default)]
    pub count: Number,
    #[serde(default)]
    pub sum: Amount,
    #[serde(default)]
    pub quantile_values: Vec<Quantile>,
}

/// A value below which a share of the measurements is.
#[derive(Deserialize, Default)]
pub struct Quantile {
    #[serde(default)]
    pub quantile: Amount,
    #[serde(default)]
    pub value: Amount,
}
