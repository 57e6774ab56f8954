//! One span of a request beside the one that it is seen with: its fields, and the same for a message, a ticket or a program.

use super::json_node::Node;
use super::population::{self, time};
use super::selected::Selected;
use super::selection::Form;
use crate::analyse::{Population, Representative};
use crate::population::{Evidence, Waterfall};
use crate::trace::{Side, Sides, Span, SpanKind, grouped};

/// One field of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanField {
    /// What it is called.
    pub name: &'static str,
    /// What it is; `None` for a side without the span.
    pub values: Sides<Option<String>>,
    /// True when a difference of it means something.
    pub told: bool,
}

/// What is known of a row of a waterfall, field by field.
pub fn span_fields(population: &Population, waterfall: &Waterfall, row: u32) -> Vec<SpanField> {
    let of = |value: &dyn Fn(Side, u32) -> String| {
        let spans = waterfall.rows[row as usize].spans;
        let value = |side: Side| spans[side].map(|span| value(side, span));
        Sides::new(value(Side::Expected), value(Side::Actual))
    };
    let word = |place: u32| population::word(population, place);
    let ms = |ns: i64| time(ns as f64 / 1e6);
    let tree = |side: Side| &waterfall.sides[side];
    let critical = |side: Side, span: u32| {
        let on = on_the_path(waterfall, side, span);
        if on == 0 { "no".to_owned() } else { ms(on) }
    };
    let status = |side: Side, span: u32| if tree(side).span(span).failed { "failed" } else { "ok" };
    let field = |name, told, values| SpanField { name, values, told };
    vec![
        field("service", true, of(&|side, span| word(tree(side).span(span).service))),
        field("operation", true, of(&|side, span| word(tree(side).span(span).operation))),
        field("kind", true, of(&|side, span| kind(tree(side).span(span).kind).to_owned())),
        field("status", true, of(&|side, span| status(side, span).to_owned())),
        field("began at", false, of(&|side, span| offset(tree(side).bar(span).offset))),
        field("took", false, of(&|side, span| ms(tree(side).bar(span).duration))),
        field("own time", false, of(&|side, span| ms(tree(side).bar(span).own))),
        field("critical", false, of(&critical)),
        field("log lines", true, of(&|side, span| grouped(tree(side).lines(span).len() as u64))),
        field("instance", false, of(&|side, span| word(tree(side).span(span).instance))),
        field("span", false, of(&|side, span| word(tree(side).span(span).id))),
        field("request", false, of(&|side, span| word(tree(side).span(span).trace))),
    ]
}

/// How long a span is on the critical path, in nanoseconds.
fn on_the_path(waterfall: &Waterfall, side: Side, span: u32) -> i64 {
    waterfall.sides[side].critical(span).iter().map(|(from, to)| to - from).sum()
}

/// When a span began, from the root's begin on.
fn offset(ns: i64) -> String {
    let sign = if ns < 0 { "−" } else { "+" };
    format!("{sign}{}", time(ns.abs() as f64 / 1e6))
}

const fn kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    }
}

/// How many requests one stands for, and what it is seen beside, in sentences. Nothing says that the two are the same work.
pub fn beside(stands_for: usize, request: Option<&Representative>) -> String {
    let shown = format!("It stands for {} that show the selected evidence.", requests(stands_for as u64));
    match request.and_then(|request| request.expected) {
        Some((_, same)) => format!(
            "{shown} Expected is the most alike of {} of the baseline that do the same; the two are not one request.",
            requests(u64::from(same))
        ),
        None => format!("{shown} No request of the baseline has its root operation, so there is nothing expected."),
    }
}

fn requests(number: u64) -> String {
    if number == 1 { "1 request".to_owned() } else { format!("{} requests", grouped(number)) }
}

/// A row of a request that shows a piece of evidence, as one of so many.
pub fn selected_span(
    population: &Population,
    request: &Representative,
    evidence: Option<&Evidence>,
    stands_for: usize,
    row: u32,
    form: Form,
) -> String {
    let waterfall = &request.waterfall;
    // Other rows of the same request may have nothing to do with it.
    let shows = evidence.filter(|_| waterfall.causes.contains(&row)).map(|one| population::sentence(population, one));
    let of = |side: Side| waterfall.span(side, row).map(|span| (side, span));
    let both = Side::BOTH.into_iter().filter_map(of);
    if form == Form::Json {
        let one = |side: Side| {
            Node::maybe(waterfall.rows[row as usize].spans[side], |span| node(population, waterfall, side, span))
        };
        return Node::Object(vec![
            ("kind", Node::of("span")),
            ("evidence", Node::of(shows)),
            ("requests", Node::of(stands_for)),
            ("expected", one(Side::Expected)),
            ("actual", one(Side::Actual)),
        ])
        .document();
    }
    let word = |place: u32| population.words.get(place);
    let spans: Vec<(Side, &Span)> = both.collect();
    let name =
        spans.last().map_or_else(String::new, |(_, span)| format!("{} · {}", word(span.service), word(span.operation)));
    let only = if let [(side, _)] = spans.as_slice() { format!(", only {side} has it") } else { String::new() };
    let cell = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let fields = span_fields(population, waterfall, row).into_iter();
    let table = fields.map(|field| {
        let Sides { expected, actual } = field.values;
        vec![field.name.to_owned(), cell(expected), cell(actual)]
    });
    let lines = Side::BOTH.into_iter().filter_map(|side| Some((side, waterfall.rows[row as usize].spans[side]?)));
    let logs = lines.flat_map(|(side, span)| {
        let all = waterfall.sides[side].lines(span).iter();
        all.map(move |line| format!("Log, {side}: {}", word(line.template)))
    });
    let mut said: Vec<String> = shows.into_iter().collect();
    said.extend(logs);
    said.push(beside(stands_for, Some(request)));
    let heads = Side::BOTH.map(Side::word).to_vec();
    Selected { headline: format!("Span {name}{only}"), heads, table: table.collect(), said }.words(form)
}

fn node(population: &Population, waterfall: &Waterfall, side: Side, at: u32) -> Node {
    let tree = &waterfall.sides[side];
    let (span, bar) = (tree.span(at), tree.bar(at));
    let word = |place: u32| Node::of(population.words.get(place));
    Node::Object(vec![
        ("request", word(span.trace)),
        ("span", word(span.id)),
        ("service", word(span.service)),
        ("operation", word(span.operation)),
        ("kind", Node::of(kind(span.kind))),
        ("failed", Node::of(span.failed)),
        ("offset_ns", Node::of(bar.offset)),
        ("duration_ns", Node::of(bar.duration)),
        ("own_ns", Node::of(bar.own)),
        ("critical_ns", Node::of(on_the_path(waterfall, side, at))),
        ("instance", word(span.instance)),
        ("log", Node::list(tree.lines(at), |line| word(line.template))),
    ])
}
