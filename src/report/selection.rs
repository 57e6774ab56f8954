//! One row of the alignment for a message, a ticket or a program: as text, Markdown or JSON.

use super::json_node::Node;
use super::words;
use crate::analyse::{Analysis, Detail};
use crate::trace::{Side, escape};

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

/// A row of the alignment, which must be below the number of rows.
pub fn row(analysis: &Analysis, row: u32, form: Form) -> String {
    let cells = analysis.comparison.rows.get(row);
    let details: Vec<Detail> =
        Side::BOTH.into_iter().filter_map(|side| Some(analysis.detail(side, cells.event(side)?))).collect();
    match form {
        Form::Text => text(analysis, row, &details),
        Form::Markdown => markdown(analysis, row, &details),
        Form::Json => json(analysis, row, &details),
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

fn json(analysis: &Analysis, row: u32, details: &[Detail]) -> String {
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
    let document = Node::Object(vec![
        ("row", Node::of(row)),
        ("class", Node::of(analysis.comparison.rows.get(row).class)),
        ("out_of_order", Node::of(analysis.comparison.rows.get(row).inverted)),
        ("expected", cell(Side::Expected)),
        ("actual", cell(Side::Actual)),
    ]);
    document.document()
}
