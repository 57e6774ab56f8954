//! An analysis to paste into a postmortem.

use std::fmt;

use super::envelope::good_runs;
use super::excerpt::{Line, around_first};
use super::incident::incident_lines;
use super::words::{self, MASS};
use crate::analyse::{Analysis, WaveAnswer};
use crate::compare::Verdict;
use crate::spec::FieldSpec;
use crate::trace::{Side, Sides, escape};

/// An analysis as Markdown (the GitHub flavour: tables). Same analysis, same bytes.
pub fn markdown(analysis: &Analysis) -> String {
    Markdown(analysis).to_string()
}

struct Markdown<'a>(&'a Analysis);

impl fmt::Display for Markdown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, self.0)?;
        if self.0.comparison.verdict != Verdict::Incomparable {
            answers(f, self.0)?;
        }
        incident(f, self.0)?;
        if self.0.comparison.verdict != Verdict::Incomparable {
            excerpt(f, self.0)?;
        }
        basis(f, self.0)
    }
}

fn head(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    writeln!(f, "## {}: {}\n", prose(&escape(&analysis.pack.title)), words::verdict(analysis.comparison.verdict))?;
    if let Some(story) = &analysis.pack.story {
        writeln!(f, "{}\n", prose(&words::sentence(story)))?;
    }
    let label = |side| code(&words::label(analysis, side));
    write!(f, "Expected {} ⇄ actual {}. ", label(Side::Expected), label(Side::Actual))?;
    f.write_str(&prose(&words::beside_the_verdict(analysis).join(" ")))?;
    f.write_str("\n\n")
}

fn answers(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    let comparison = &analysis.comparison;
    match &comparison.first_difference {
        None => f.write_str("- **First difference:** none\n")?,
        Some(first) => {
            let headline = words::closed(&analysis.first_difference_headline());
            match analysis.waveform.as_ref().and_then(WaveAnswer::first) {
                Some(signals) => {
                    write!(f, "- **First difference** at {}. {}", prose(&escape(&signals)), prose(&headline))?;
                }
                None => write!(f, "- **First difference** ({}): {}", first.kind.phrase(), prose(&headline))?,
            }
            for (side, event) in words::first_events(analysis, first) {
                match event {
                    Some((anchor, spot)) => write!(f, " {} in {}.", code(&anchor.to_string()), code(&spot))?,
                    None if analysis.waveform.is_some() => write!(f, " {side} {}.", words::no_event(analysis))?,
                    None => write!(f, " Nothing is left in {side}.")?,
                }
            }
            f.write_str("\n")?;
        }
    }
    if comparison.causes.is_empty() {
        f.write_str("- **Most likely cause:** none\n")?;
    }
    for cause in &comparison.causes {
        let title = if cause.rank == 1 { "Most likely cause".to_owned() } else { format!("Cause #{}", cause.rank) };
        let anchor = code(&words::cause_anchor(analysis, cause).to_string());
        let spot = code(&words::spot(analysis, cause.side, cause.index));
        let reason = prose(&words::sentence(&cause.reason));
        let sureness = prose(&words::sentence(&format!("Sureness: {}", cause.sureness)));
        writeln!(f, "- **{title}** ({}): {reason} {sureness} {anchor} in {spot}.", cause.kind.phrase())?;
    }
    if let [first, _, ..] = comparison.causes.as_slice() {
        writeln!(f, "- **The order of the causes:** {}", prose(&words::sentence(&first.rule)))?;
    }
    match &comparison.first_symptom {
        None => f.write_str("- **First symptom:** none recorded\n")?,
        Some(symptom) => {
            let anchor = code(&words::anchor(analysis, symptom.side, symptom.index).to_string());
            let spot = code(&words::spot(analysis, symptom.side, symptom.index));
            let same = if symptom.is_cause { " It is also the most likely cause." } else { "" };
            let what = prose(&words::closed(&symptom.headline));
            writeln!(f, "- **First symptom:** {what}{same} {anchor} in {spot}.")?;
        }
    }
    f.write_str("\n")
}

/// What happened to services, where the recordings tell of any and something failed.
fn incident(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    let Some(incident) = analysis.services(&|| true).filter(|incident| incident.blast.is_some()) else { return Ok(()) };
    for line in incident_lines(incident) {
        writeln!(f, "- {}", prose(&line))?;
    }
    f.write_str("\n")
}

fn excerpt(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    let lines = around_first(analysis);
    if lines.is_empty() {
        return Ok(());
    }
    f.write_str("| | # | expected | # | actual | |\n|---|---:|---|---:|---|---|\n")?;
    for line in lines {
        match line {
            Line::Gap(rows) => writeln!(f, "| … | | {} | | | |", words::many(rows, "row"))?,
            Line::Row { glyph, word, cells } => {
                let Sides { expected, actual } = cells.map(|cell| {
                    cell.map_or_else(
                        || " | ".to_owned(),
                        |(index, summary)| format!("{index} | {}", cell_code(&summary)),
                    )
                });
                writeln!(f, "| {glyph} | {expected} | {actual} | {word} |")?;
            }
        }
    }
    f.write_str("\n")
}

fn basis(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    let spec = &analysis.spec;
    let name = |field: &FieldSpec| code(&escape(&field.path));
    let name_and_why = |field: &FieldSpec| match field.why.as_str() {
        "" => name(field),
        why => format!("{} ({})", name(field), prose(&escape(why))),
    };
    if analysis.comparison.verdict == Verdict::Incomparable {
        writeln!(f, "- Compared: nothing")?;
        return warnings(f, analysis);
    }
    writeln!(f, "- Rows: {}", words::counts(analysis))?;
    if let Some(judged) = &analysis.envelope {
        writeln!(f, "- Good runs: {}", prose(&good_runs(judged)))?;
    }
    if !analysis.comparison.rows.differences().is_empty() {
        writeln!(f, "- Mass: {}", words::mass(analysis, MASS))?;
    }
    let (groups, more) = words::groups(analysis);
    for (word, headline) in groups {
        writeln!(f, "- {word}: {}", prose(&headline))?;
    }
    if more > 0 {
        writeln!(f, "- And {}.", words::many(more as u32, "smaller group"))?;
    }
    writeln!(f, "- Compared: {}", words::list(spec.compared(), name))?;
    writeln!(f, "- Ignored: {}", words::list(spec.ignored(), name_and_why))?;
    writeln!(f, "- Renamed: {}", words::list(spec.renamed(), name_and_why))?;
    warnings(f, analysis)
}

fn warnings(f: &mut fmt::Formatter<'_>, analysis: &Analysis) -> fmt::Result {
    for warning in analysis.warnings.as_slice() {
        writeln!(f, "- Warning: {}", prose(&escape(&warning.to_string())))?;
    }
    Ok(())
}

/// Words that must stay words: nothing in them becomes markup, HTML or a link.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // An underscore inside a word is no markup, and names are full of them.
        let inside_word =
            c == '_' && before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if "\\`*_[]<>|#~&!".contains(c) && !inside_word {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A code span that holds `text`, whatever backticks are in it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code span inside a table, where a bar would end the cell.
fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_text_never_becomes_markup() {
        assert_eq!(prose("<img src=x> *a* [b](c) a_b _c_"), "\\<img src=x\\> \\*a\\* \\[b\\](c) a_b \\_c\\_");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(cell_code("a|b"), "`a\\|b`");
    }
}
