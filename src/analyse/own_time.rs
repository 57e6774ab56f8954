//! Where the time of one request went, beside another one: a span that became slow by itself is told with its service, and where
//! it only waits for another service, as the way there.

use super::Analysis;
use super::session::note;
use crate::compare::{Cause, CauseKind};
use crate::ingest::Request;
use crate::trace::{EventIndex, LinkKind, Side, Warning, WarningKind, escape, time_instead};

/// From so many times as long on it is told where the time went, though healthy requests may differ as much.
const LONGER: f64 = 1.5;

/// A span that worked or waited longer itself.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnTime {
    /// The service that is charged: where the span only waits for another one, that one.
    pub service: String,
    /// What it does.
    pub operation: String,
    /// Who calls it, where it is the way there that takes longer.
    pub from: Option<String>,
    /// How long it took before and takes now, in milliseconds.
    pub times: [f64; 2],
}

impl OwnTime {
    /// As a sentence without its point, in the words that windows of requests have.
    pub fn words(&self) -> String {
        let [before, now] = self.times;
        let times = time_instead(now, before);
        let (service, operation) = (escape(&self.service), escape(&self.operation));
        match &self.from {
            Some(from) => {
                format!("the way from {} to {service} for {operation} takes {times}", escape(from))
            }
            None => format!("{operation} of {service} itself takes {times}"),
        }
    }
}

impl Analysis {
    /// The service of a span of a request.
    pub fn service_of(&self, side: Side, event: EventIndex) -> Option<String> {
        let told = self.sides[side].as_ref().is_some_and(|events| events.recording.source.is_told());
        let detail = told.then(|| self.detail(side, event))?;
        Some(detail.value("service")?.plain().to_owned())
    }

    /// How much longer a span worked or waited itself, where that is what is wrong with it.
    pub fn own_time(&self, cause: &Cause) -> Option<OwnTime> {
        let other = cause.other.filter(|_| cause.kind == CauseKind::ValueDrift)?;
        let (expected, actual) = match cause.side {
            Side::Expected => (cause.index, other),
            Side::Actual => (other, cause.index),
        };
        self.span_times(expected, actual)
    }

    /// How long a span worked or waited itself, in milliseconds.
    fn own(&self, side: Side, event: EventIndex) -> Option<f64> {
        let nanos: f64 = self.detail(side, event).value(Request::OWN)?.plain().parse().ok()?;
        Some(nanos / 1e6)
    }

    /// How long a span took itself on each side.
    fn span_times(&self, expected: EventIndex, actual: EventIndex) -> Option<OwnTime> {
        let service = self.service_of(Side::Actual, actual)?;
        let times = [self.own(Side::Expected, expected)?, self.own(Side::Actual, actual)?];
        let operation = self.kind(Side::Actual, actual).to_owned();
        let text = |event, field: &str| Some(self.detail(Side::Actual, event).value(field)?.plain().to_owned());
        let span = text(actual, "span_id");
        // What happened within a span may have come before its calls, so that they are linked to that.
        let links = self.sides[Side::Actual].as_ref().map_or(&[][..], |events| &events.trace.links);
        let below = links.iter().filter(|link| link.kind == LinkKind::Parent && link.from >= actual);
        let calls: Vec<(String, EventIndex)> = below
            .filter(|link| text(link.to, "parent_span_id") == span)
            .filter_map(|link| Some((self.service_of(Side::Actual, link.to)?, link.to)))
            .collect();
        Some(match calls.first() {
            Some((callee, event)) if calls.iter().all(|(other, _)| *other != service) => OwnTime {
                operation: self.kind(Side::Actual, *event).to_owned(),
                service: callee.clone(),
                from: Some(service),
                times,
            },
            _ => OwnTime { service, operation, from: None, times },
        })
    }

    /// The span of actual that took longest more by itself.
    fn longest(&self) -> Option<OwnTime> {
        let rows = &self.comparison.rows;
        let both = (0..rows.len()).filter_map(|row| rows.get(row).expected.zip(rows.get(row).actual));
        let more = |(expected, actual): (EventIndex, EventIndex)| {
            Some((self.own(Side::Actual, actual)? - self.own(Side::Expected, expected)?, expected, actual))
        };
        let (more, expected, actual) = both.filter_map(more).max_by(|a, b| a.0.total_cmp(&b.0))?;
        self.span_times(expected, actual).filter(|_| more > 0.0)
    }

    /// Tells of the causes that are slow spans what they are; without any, where a request that takes longer spends its time.
    pub(super) fn tell_own_times(&mut self) {
        let found: Vec<Option<OwnTime>> = self.comparison.causes.iter().map(|cause| self.own_time(cause)).collect();
        let slow = found.iter().any(Option::is_some);
        for (cause, found) in self.comparison.causes.iter_mut().zip(found) {
            let Some(words) = found.map(|own| own.words()) else { continue };
            cause.reason = format!("{} {}", sentence(&words), cause.reason);
            cause.headline = words;
        }
        let took =
            |side: Side| self.sides[side].as_ref().map_or(0, |events| events.recording.source.took()) as f64 / 1e6;
        let (before, now) = (took(Side::Expected), took(Side::Actual));
        if slow || before <= 0.0 || now < LONGER * before {
            return;
        }
        if let Some(own) = self.longest() {
            let what = format!(
                "The request takes {}. Most of what is more is in one place: {}.",
                time_instead(now, before),
                own.words()
            );
            let remedy =
                "Healthy requests differ as much, so that this alone is no divergence: compare many of each side.";
            let remedy = remedy.to_owned();
            self.warnings.push(Warning { remedy, ..note(WarningKind::Note, what) });
        }
    }
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    words.strip_prefix("the way").map_or_else(|| format!("{words}."), |rest| format!("The way{rest}."))
}
