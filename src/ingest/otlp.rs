//! Telemetry → windows: spans, log lines and metrics with one set of words.

use std::ops::ControlFlow;

use super::document::{Document, EXCEPTION, RawLog, RawSpan, Resource, Said};
use super::metric_points::Streams;
use super::telemetry::documents;
use super::templates::{Templates, with_version};
use crate::trace::{LogLine, Span, Warnings, Window, Word, Words};

/// Attributes that name the instance of a service, best first.
pub const INSTANCE: [&str; 4] = ["service.instance.id", "k8s.pod.name", "host.name", "container.id"];

/// What a service is called that does not say it.
pub const UNKNOWN: &str = "unknown service";

/// Reads windows of telemetry with one set of words, so that what is equal in two windows is the same word.
#[derive(Debug, Default)]
pub struct TelemetryReader {
    /// Every word of every window.
    pub words: Words,
    templates: Templates,
    /// The metrics of the file that is read.
    streams: Streams,
}

/// Whose telemetry it is.
struct Owner {
    service: Word,
    instance: Word,
}

impl TelemetryReader {
    /// Adds what `bytes` of a file hold to a window, and says what is wrong with them.
    pub fn read(&mut self, file: &str, bytes: &[u8], window: &mut Window) -> Warnings {
        let mut warnings = documents(file, bytes, &mut |document| {
            self.take(&document, window);
            ControlFlow::Continue(())
        });
        warnings.extend(self.streams.finish(file, window, &mut self.words));
        warnings
    }

    /// Takes over the words of a window that another reader read, as if this one had read it behind its own. Only where lines of
    /// logs are alike but not the same, the templates may be others.
    pub fn adopt(&mut self, other: Self, window: &mut Window) {
        if self.words.places().len() == 1 {
            *self = other;
            return;
        }
        window.move_to(&self.templates.adopt(other.templates, &other.words, &mut self.words));
    }

    fn owner(&mut self, resource: &Resource<'_>) -> Owner {
        let service = resource.named("service.name").unwrap_or(UNKNOWN);
        let instance = INSTANCE.into_iter().find_map(|name| resource.named(name)).unwrap_or(service);
        Owner { service: self.words.intern(service), instance: self.words.intern(instance) }
    }

    /// Adds what a document holds to a window; its metrics when the file ends.
    pub(super) fn take(&mut self, document: &Document<'_>, window: &mut Window) {
        for of in &document.spans {
            let owner = self.owner(&of.resource);
            for raw in of.scopes.iter().flat_map(|scope| &scope.spans) {
                let span = self.span(&owner, raw);
                window.spans.push(span);
                let others = raw.events.iter().filter(|event| event.name != EXCEPTION && !event.name.is_empty());
                window.events.extend(others.map(|event| LogLine {
                    trace: span.trace,
                    span: span.id,
                    service: span.service,
                    instance: span.instance,
                    template: self.words.intern(&event.name),
                    time: event.time_unix_nano.0,
                }));
            }
        }
        for of in &document.logs {
            let owner = self.owner(&of.resource);
            for raw in of.scopes.iter().flat_map(|scope| &scope.log_records) {
                let line = self.line(&owner, raw);
                window.logs.push(line);
                let text = raw.body.0.as_str().and_then(with_version);
                window.events.extend(text.map(|text| LogLine { template: self.words.intern(&text), ..line }));
            }
        }
        for of in &document.metrics {
            let owner = self.owner(&of.resource);
            for metric in of.scopes.iter().flat_map(|scope| &scope.metrics) {
                self.streams.take(owner.service, owner.instance, metric, &mut self.words);
            }
        }
    }

    fn span(&mut self, owner: &Owner, span: &RawSpan<'_>) -> Span {
        let begin = span.start_time_unix_nano.0;
        let failure = span.failure();
        let said = match &failure {
            None | Some(Said::Nothing) => 0,
            Some(Said::Type(name)) => self.words.intern(name),
            Some(Said::Words(text)) => self.templates.of(text, &mut self.words),
        };
        Span {
            trace: self.words.intern(&span.trace_id),
            id: self.words.intern(&span.span_id),
            parent: self.words.intern(&span.parent_span_id),
            service: owner.service,
            instance: owner.instance,
            operation: self.words.intern(&span.name),
            kind: span.kind(),
            failed: failure.is_some(),
            said,
            begin,
            end: span.end_time_unix_nano.0.max(begin),
        }
    }

    fn line(&mut self, owner: &Owner, line: &RawLog<'_>) -> LogLine {
        LogLine {
            trace: self.words.intern(&line.trace_id),
            span: self.words.intern(&line.span_id),
            service: owner.service,
            instance: owner.instance,
            template: self.templates.of(line.body.0.as_str().unwrap_or_default(), &mut self.words),
            time: line.time(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::is_telemetry;
    use crate::trace::{SpanKind, WarningKind};

    const SPANS: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"replicas","value":{"intValue":"3"}}]},
"scopeSpans":[{"spans":[{"traceId":"t1","spanId":"a","name":"buy","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1674981892825000000","endTimeUnixNano":1674981892946989347,
"status":{"code":2}},{"traceId":"t1","spanId":"b","parentSpanId":"a","name":"pay","kind":3,"startTimeUnixNano":"7","endTimeUnixNano":"5","events":[{"name":"exception"}]}]}]}]}"#;

    fn read(text: &str) -> (TelemetryReader, Window, Warnings) {
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("traces.json", text.as_bytes(), &mut window);
        (reader, window, warnings)
    }

    #[test]
    fn one_document_is_read_with_numbers_as_text_or_not() {
        let (reader, window, warnings) = read(SPANS);
        assert!(warnings.as_slice().is_empty() && is_telemetry(SPANS.as_bytes()));
        let [buy, pay] = window.spans[..] else { panic!("{window:?}") };
        assert_eq!((reader.words.get(buy.service), reader.words.get(buy.operation)), ("shop", "buy"));
        assert_eq!((buy.begin, buy.duration()), (1_674_981_892_825_000_000, 121_989_347));
        assert!(buy.kind == SpanKind::Server && buy.failed && buy.parent == 0);
        assert!(pay.kind == SpanKind::Client && pay.failed && pay.parent == buy.id);
        assert_eq!(pay.duration(), 0, "what ends before it begins takes no time");
    }

    #[test]
    fn a_failed_span_says_its_exception_or_its_status_without_values() {
        let span = |more: &str| {
            format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"t","spanId":"a",{more}}}]}}]}}]}}"#)
        };
        let exception = r#""events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"NoRouteException"}},{"key":"exception.message","value":{"stringValue":"no route 7"}}]}]"#;
        for (text, known) in [
            (exception.to_owned(), "NoRouteException"),
            (exception.replace("exception.type", "else"), "no route <*>"),
            (r#""status":{"code":2,"message":"order 4711 is gone"}"#.to_owned(), "order <*> is gone"),
            (r#""status":{"code":2}"#.to_owned(), ""),
            (r#""status":{"code":1,"message":"all is well"}"#.to_owned(), ""),
        ] {
            let (reader, window, _) = read(&span(&text));
            assert_eq!(reader.words.get(window.spans[0].said), known, "{text}");
        }
    }

    #[test]
    fn a_window_that_was_read_by_itself_gets_the_words_of_those_before_it() {
        let line = |text: &str| {
            format!(
                r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"traceId":"t","body":{{"stringValue":"{text}"}}}}]}}]}}]}}"#
            )
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| line(text)).collect::<Vec<_>>().join("\n");
        let first = texts(&["order 7 placed by alice", "order 7 shipped", "a.Shop#7 open", "t"]);
        let second =
            [SPANS, &texts(&["a.Shop#7 shut", "order 8 shipped", "order 9 placed by bob", "never before"])].concat();
        let (mut one, mut expected, _) = read(&first);
        one.read("second", second.as_bytes(), &mut expected);
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        for text in [&first, &second] {
            let (other, mut own, _) = read(text);
            reader.adopt(other, &mut own);
            window.spans.append(&mut own.spans);
            window.logs.append(&mut own.logs);
        }
        assert_eq!((&window.spans, &window.logs), (&expected.spans, &expected.logs));
        let all = |reader: &TelemetryReader| -> Vec<String> {
            reader.words.places().map(|word| reader.words.get(word).to_owned()).collect()
        };
        assert_eq!(all(&reader), all(&one));
        assert!(all(&reader).iter().any(|word| word == "order <*> placed by <*>"), "{:?}", all(&reader));
    }

    #[test]
    fn lines_are_read_up_to_one_that_is_torn_and_that_is_said() {
        let line = SPANS.replace('\n', "");
        let (_, window, warnings) = read(&format!("{line}\n{line}\n{}", &line[..200]));
        assert_eq!(window.spans.len(), 4);
        let warning = &warnings.as_slice()[0];
        assert_eq!((warning.kind, warning.line), (WarningKind::TornEnd, Some(3)), "{warning:?}");
    }

    #[test]
    fn a_line_that_is_damaged_takes_none_of_the_others_along() {
        let line = SPANS.replace('\n', "");
        let cut = &line[..line.find("},{\"traceId\"").unwrap() + 3];
        for (damaged, known) in [("[1]", 0), ("{oops", 0), ("{\"resourceSpans\":7}", 0), (cut, 1)] {
            for (text, spans, at) in [
                (format!("{line}\n{damaged}\n{line}\n{line}"), 6, 2),
                (format!("{line}\n\n{damaged}\n{line}"), 4, 3),
                (format!("{line}\n{damaged}"), 2, 2),
            ] {
                let (_, window, warnings) = read(&text);
                let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
                assert_eq!((window.spans.len(), warning.line), (spans + known, Some(at)), "{text} {warning:?}");
                assert!(warnings.partial());
            }
        }
        let (_, window, warnings) = read(&format!("{{\"resourceSp\n{line}\n{line}\n{{x\n{line}"));
        assert_eq!((window.spans.len(), warnings.as_slice()[0].more), (6, 1), "the first and another: {warnings:?}");
    }

    #[test]
    fn a_document_that_is_cut_off_keeps_its_whole_spans() {
        let first = SPANS.find("},{\"traceId\"").unwrap() + 1;
        for end in 0..SPANS.len() {
            let (reader, window, warnings) = read(&SPANS[..end]);
            if !is_telemetry(&SPANS.as_bytes()[..end]) {
                continue;
            }
            // The last characters close the lists around the second span.
            let known = usize::from(end >= first) + usize::from(end >= SPANS.len() - "]}]}]}".len());
            assert_eq!(window.spans.len(), known, "{}", &SPANS[..end]);
            assert!(warnings.partial() && warnings.as_slice()[0].kind == WarningKind::TornEnd, "{warnings:?}");
            assert!(window.spans.iter().all(|span| reader.words.get(span.service) == "shop"));
        }
        let warning = &read(&SPANS[..SPANS.len() - 60]).2.as_slice()[0].to_string();
        assert!(
            warning.starts_with("traces.json:3: This OpenTelemetry data is cut off here: 1 whole record of it"),
            "{warning}"
        );
    }

    #[test]
    fn metrics_without_a_number_have_fewer_points() {
        let text = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"cpu","unit":"%","gauge":{"dataPoints":[
            {"timeUnixNano":"2","asDouble":NaN},{"timeUnixNano":"3","asDouble":"NaN"},{"timeUnixNano":"2","asDouble":1.5},{"timeUnixNano":"1","asInt":"4"}]}}]}]}]}"#;
        let (_, window, warnings) = read(text);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        assert_eq!(window.series[0].points, [(1, 4.0), (2, 1.5)]);
    }

    #[test]
    fn other_json_is_no_telemetry() {
        assert!(!is_telemetry(b"{\"events\":[]}") && !is_telemetry(b"[]") && !is_telemetry(b""));
    }
}
