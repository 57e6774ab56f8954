//! Rows of the alignment for a message, a ticket or a program: as text, Markdown or JSON.

use super::json_node::Node;
use super::words;
use crate::analyse::{Analysis, Detail};
use crate::trace::{Side, escape, grouped};

/// How a row is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For a message.
    Text,
    /// For a ticket.
    Markdown,
    /// For a program.
    Json,
}

/// A part of what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A row.
    Row(u32),
    /// Rows that are told by their number alone.
    Folded {
        /// The first.
        first: u32,
        /// The last.
        last: u32,
    },
}

impl Part {
    /// `Rows 16 to 40 are folded.`
    pub fn words(self) -> String {
        let number = |row: u32| grouped(u64::from(row) + 1);
        match self {
            Self::Row(row) => format!("Row {}", number(row)),
            Self::Folded { first, last } => format!("Rows {} to {} are folded.", number(first), number(last)),
        }
    }
}

/// Rows of the alignment, which must be below their number. One alone is told by itself.
pub fn rows(analysis: &Analysis, parts: &[Part], form: Form) -> String {
    if let [Part::Row(alone)] = parts {
        return row(analysis, *alone, form);
    }
    let told = |part: &Part| match (part, form) {
        (Part::Row(at), _) => row(analysis, *at, form),
        (folded, Form::Markdown) => format!("*{}*", folded.words()),
        (folded, _) => folded.words(),
    };
    match form {
        Form::Text => parts.iter().map(told).collect::<Vec<String>>().join("\n"),
        Form::Markdown => parts.iter().map(told).collect::<Vec<String>>().join("\n\n"),
        Form::Json => {
            let rows = Node::list(parts, |part| match *part {
                Part::Row(at) => node(analysis, at, &details(analysis, at)),
                Part::Folded { first, last } => {
                    let ends = vec![("first", Node::of(first)), ("last", Node::of(last))];
                    Node::Object(vec![("folded", Node::Object(ends))])
                }
            });
            Node::Object(vec![("rows", rows)]).document()
        }
    }
}

fn details(analysis: &Analysis, row: u32) -> Vec<Detail> {
    let cells = analysis.comparison.rows.get(row);
    Side::BOTH.into_iter().filter_map(|side| Some(analysis.detail(side, cells.event(side)?))).collect()
}

/// A row of the alignment, which must be below the number of rows.
fn row(analysis: &Analysis, row: u32, form: Form) -> String {
    let details = details(analysis, row);
    match form {
        Form::Text => text(analysis, row, &details),
        Form::Markdown => markdown(analysis, row, &details),
        Form::Json => node(analysis, row, &details).document(),
    }
}

/// `Row 15, out of order`, with what explains it.
fn headline(analysis: &Analysis, row: u32) -> String {
    let line = format!("Row {}, {}", u64::from(row) + 1, analysis.class_word(row));
    if let Some(rank) = analysis.explained_by(row)
        && let Some(cause) = analysis.comparison.causes.iter().find(|cause| cause.rank == rank && cause.row != row)
    {
        return words::sentence(&format!("{line}, follows from {}", cause.headline));
    }
    words::sentence(&line)
}

fn spot(analysis: &Analysis, detail: &Detail) -> String {
    let anchor = words::anchor(analysis, detail.side, detail.index);
    format!("{anchor} {}", words::spot(analysis, detail.side, detail.index))
}

fn says(analysis: &Analysis, detail: &Detail) -> String {
    match (&detail.trouble, &analysis.waveform) {
        (Some(trouble), _) => escape(trouble).into_owned(),
        (None, Some(_)) => words::change(detail),
        (None, None) => words::summary(detail, &analysis.spec),
    }
}

fn text(analysis: &Analysis, row: u32, details: &[Detail]) -> String {
    let mut lines = vec![headline(analysis, row)];
    for detail in details {
        lines.push(format!("  {:<8}  {}  ({})", detail.side.word(), says(analysis, detail), spot(analysis, detail)));
    }
    lines.join("\n")
}

fn markdown(analysis: &Analysis, row: u32, details: &[Detail]) -> String {
    let mut lines = vec![format!("**{}**", headline(analysis, row)), String::new()];
    for detail in details {
        let raw = escape(detail.raw.trim_end()).into_owned();
        // A fence longer than any run of backticks inside.
        let mut fence = "```".to_owned();
        while raw.contains(&fence) {
            fence.push('`');
        }
        lines.push(format!("{} `{}`:", detail.side.word(), spot(analysis, detail)));
        lines.extend([String::new(), fence.clone(), raw, fence, String::new()]);
    }
    lines.join("\n").trim_end().to_owned()
}

fn node(analysis: &Analysis, row: u32, details: &[Detail]) -> Node {
    let cell = |side: Side| {
        Node::maybe(details.iter().find(|detail| detail.side == side), |detail| {
            Node::Object(vec![
                ("anchor", Node::of(words::anchor(analysis, side, detail.index).to_string())),
                ("index", Node::of(detail.index)),
                ("file", Node::of(words::label(analysis, side))),
                ("line", Node::of(detail.place.line)),
                ("lanes", Node::of(&detail.lanes)),
                ("event", Node::recorded(&detail.raw)),
            ])
        })
    };
    Node::Object(vec![
        ("row", Node::of(row)),
        ("class", Node::of(analysis.comparison.rows.get(row).class)),
        ("out_of_order", Node::of(analysis.comparison.rows.get(row).inverted)),
        ("expected", cell(Side::Expected)),
        ("actual", cell(Side::Actual)),
    ])
}
