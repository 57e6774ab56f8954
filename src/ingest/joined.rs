//! Log lines that name no span are given the one they were written in, where time and process leave no doubt.

use std::collections::HashMap;

use crate::trace::{LogLine, Span, Window, Word};

/// Joins the log lines of a window without a span to the innermost span of their service and instance that holds their time,
/// where all such spans are of one request. How many were joined.
pub fn join(window: &mut Window) -> u64 {
    type Owner = (Word, Word);
    let mut spans: HashMap<Owner, Vec<&Span>, foldhash::fast::FixedState> = HashMap::default();
    let mut lines: Vec<&mut LogLine> = window.logs.iter_mut().filter(|line| line.span == 0 && line.time != 0).collect();
    if lines.is_empty() {
        return 0;
    }
    for span in &window.spans {
        spans.entry((span.service, span.instance)).or_default().push(span);
    }
    lines.sort_by_key(|line| (line.service, line.instance, line.time));
    let mut joined = 0;
    for of_owner in lines.chunk_by_mut(|a, b| (a.service, a.instance) == (b.service, b.instance)) {
        let Some(own) = of_owner.first().and_then(|line| spans.get_mut(&(line.service, line.instance))) else {
            continue;
        };
        own.sort_by_key(|span| span.begin);
        // Both ascend: what has begun is open until it ends.
        let (mut open, mut next): (Vec<&Span>, usize) = (Vec::new(), 0);
        for line in of_owner {
            while own.get(next).is_some_and(|span| span.begin <= line.time) {
                open.push(own[next]);
                next += 1;
            }
            open.retain(|span| span.end >= line.time);
            let mut holding = open.iter().filter(|span| line.trace == 0 || line.trace == span.trace);
            let Some(mut innermost) = holding.next() else { continue };
            let mut of_one = true;
            for span in holding {
                of_one &= span.trace == innermost.trace;
                // The later one is inside.
                innermost = span;
            }
            if of_one {
                (line.trace, line.span) = (innermost.trace, innermost.id);
                joined += 1;
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SpanKind;

    fn span(trace: Word, id: Word, instance: Word, begin: i64, end: i64) -> Span {
        let (kind, failed) = (SpanKind::Internal, false);
        Span { trace, id, parent: 0, service: 5, instance, operation: 6, kind, failed, said: 0, begin, end }
    }

    fn line(instance: Word, trace: Word, time: i64) -> LogLine {
        LogLine { trace, span: 0, service: 5, instance, template: 8, time }
    }

    #[test]
    fn a_line_belongs_to_the_innermost_span_that_holds_it_unless_two_requests_do() {
        let spans = vec![span(1, 11, 7, 10, 90), span(1, 12, 7, 20, 40), span(2, 13, 7, 60, 99), span(3, 14, 8, 0, 99)];
        let at = |time: i64| line(7, 0, time);
        let logs = vec![at(30), at(50), at(70), line(7, 2, 71), at(95), at(200), line(8, 0, 30), line(9, 0, 30)];
        let mut window = Window { spans, logs, ..Window::default() };
        assert_eq!(join(&mut window), 5);
        let told: Vec<Word> = window.logs.iter().map(|line| line.span).collect();
        assert_eq!(told, [12, 11, 0, 13, 13, 0, 14, 0]);
        assert_eq!((window.logs[0].trace, join(&mut window)), (1, 0));
    }
}
