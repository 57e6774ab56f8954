//! An analysis for a terminal: the verdict first, then the three answers, then what they stand on.

use super::ansi::{Ink, paint};
use super::envelope::good_runs;
use super::excerpt::{Line, around_first};
use super::incident::incident_lines;
use super::words::{self, MASS};
use crate::analyse::{Analysis, FirstAnswer, WaveAnswer};
use crate::compare::{Cause, Verdict};
use crate::spec::FieldSpec;
use crate::trace::{EventIndex, Side, escape};

/// Causes told in full; the others are counted. All of them are in the JSON.
const CAUSES: usize = 3;
/// Below this width the two sides stand one above the other.
const TWO_COLUMNS: usize = 96;

/// How text is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// With colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Look {
    /// What goes to a file or a pipe.
    fn default() -> Self {
        Self { colour: false, width: 120 }
    }
}

/// An analysis in words. Same analysis and look, same bytes.
pub fn text(analysis: &Analysis, look: Look) -> String {
    let mut page = Page { look, out: String::new() };
    page.verdict(analysis);
    page.answers(analysis);
    page.incident(analysis);
    page.excerpt(analysis);
    page.basis(analysis);
    page.out
}

/// The provisional first answer in a line or two.
pub fn text_first(answer: &FirstAnswer, look: Look) -> String {
    let mut page = Page { look, out: String::new() };
    let Some(first) = &answer.first_difference else {
        page.line(&[(Ink::Good, "No difference so far"), (Ink::Dim, " (provisional)")]);
        return page.out;
    };
    page.line(&[(Ink::Bad, "Diverged"), (Ink::Dim, " (provisional)")]);
    let events = [(Side::Expected, first.expected), (Side::Actual, first.actual)];
    let events: Vec<String> = events
        .iter()
        .map(|(side, event)| event.map_or_else(|| format!("{side}:end"), |i| format!("{side}:{i}")))
        .collect();
    page.heading("▶", "First difference", &format!("{} · {}", events.join(" ⇄ "), first.kind.phrase()));
    page.paragraph(&words::sentence(&answer.headline));
    page.out
}

struct Page {
    look: Look,
    out: String,
}

impl Page {
    fn line(&mut self, pieces: &[(Ink, &str)]) {
        for &(ink, piece) in pieces {
            self.out.push_str(&paint(self.look.colour, ink, piece));
        }
        self.out.push('\n');
    }

    /// Words, broken at spaces, indented by two.
    fn paragraph(&mut self, words: &str) {
        self.wrapped("  ", "  ", words);
    }

    fn wrapped(&mut self, first: &str, next: &str, words: &str) {
        let mut line = first.to_owned();
        let mut used = first.chars().count();
        let mut empty = true;
        for word in words.split(' ').filter(|w| !w.is_empty()) {
            let length = word.chars().count();
            if !empty && used + 1 + length > self.look.width {
                self.out.push_str(line.trim_end());
                self.out.push('\n');
                next.clone_into(&mut line);
                used = next.chars().count();
                empty = true;
            }
            if !empty {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
            empty = false;
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, glyph: &str, title: &str, rest: &str) {
        let title = format!("{glyph} {title}");
        let title =
            paint(self.look.colour, Ink::Bold, &title) + &" ".repeat(21_usize.saturating_sub(title.chars().count()));
        self.out.push_str(&title);
        self.out.push_str(rest);
        self.out.push('\n');
    }

    fn verdict(&mut self, analysis: &Analysis) {
        let verdict = analysis.comparison.verdict;
        let ink = match verdict {
            Verdict::Identical | Verdict::Equivalent if !analysis.partial => Ink::Good,
            Verdict::Diverged | Verdict::Truncated => Ink::Bad,
            _ => Ink::Warn,
        };
        self.line(&[
            (ink, words::verdict(verdict)),
            (Ink::Dim, "  "),
            (Ink::Expected, &words::label(analysis, Side::Expected)),
            (Ink::Dim, " ⇄ "),
            (Ink::Actual, &words::label(analysis, Side::Actual)),
        ]);
        self.wrapped("", "", &words::beside_the_verdict(analysis).join(" "));
    }

    fn answers(&mut self, analysis: &Analysis) {
        let comparison = &analysis.comparison;
        if comparison.verdict == Verdict::Incomparable {
            return;
        }
        self.out.push('\n');
        match &comparison.first_difference {
            None => self.heading("▶", "First difference", "none"),
            Some(first) => {
                let events = words::first_events(analysis, first).into_iter().map(|(side, event)| {
                    let none = || format!("{side} {}", words::no_event(analysis));
                    event.map_or_else(none, |(anchor, spot)| format!("{anchor} ({spot})"))
                });
                let events: Vec<String> = events.collect();
                if let Some(signals) = analysis.waveform.as_ref().and_then(WaveAnswer::first) {
                    self.heading("▶", "First difference", &format!("at {}", escape(&signals)));
                    self.paragraph(&words::closed(&analysis.first_difference_headline()));
                    self.paragraph(&format!("{}.", events.join(" ⇄ ")));
                } else {
                    self.heading("▶", "First difference", &events.join(" ⇄ "));
                    let kind = first.kind.phrase();
                    self.paragraph(&words::sentence(&format!("{kind}: {}", analysis.first_difference_headline())));
                }
            }
        }
        for cause in comparison.causes.iter().take(CAUSES) {
            self.cause(analysis, cause);
        }
        if let [first, _, ..] = comparison.causes.as_slice() {
            self.paragraph(&words::sentence(&format!("The order of the causes: {}", first.rule)));
        }
        match comparison.causes.len() {
            0 => self.heading("◆", "Most likely cause", "none"),
            n if n > CAUSES => {
                self.paragraph(&format!("{} more, less likely: --format json lists them.", n - CAUSES));
            }
            _ => {}
        }
        match &comparison.first_symptom {
            None => self.heading("○", "First symptom", "none recorded"),
            Some(symptom) => {
                let anchor = words::anchor(analysis, symptom.side, symptom.index);
                let spot = words::spot(analysis, symptom.side, symptom.index);
                self.heading("○", "First symptom", &format!("{anchor} ({spot})"));
                let same = if symptom.is_cause { " It is also the most likely cause." } else { "" };
                self.paragraph(&format!("{}{same}", words::closed(&symptom.headline)));
            }
        }
    }

    fn cause(&mut self, analysis: &Analysis, cause: &Cause) {
        let title = if cause.rank == 1 { "Most likely cause".to_owned() } else { format!("Cause #{}", cause.rank) };
        let anchor = words::cause_anchor(analysis, cause);
        let spot = words::spot(analysis, cause.side, cause.index);
        self.heading("◆", &title, &format!("{anchor} ({spot}) · {}", cause.kind.phrase()));
        self.paragraph(&words::sentence(&cause.reason));
        self.paragraph(&words::sentence(&format!("Sureness: {}", cause.sureness)));
    }

    /// What happened to services, where the recordings tell of any and something failed.
    fn incident(&mut self, analysis: &Analysis) {
        let Some(incident) = analysis.services(&|| true) else { return };
        let Some(blast) = &incident.blast else { return };
        self.heading("◇", "Incident", &format!("it broke first in {}", escape(incident.story.name(blast.root))));
        for line in incident_lines(incident) {
            self.paragraph(&line);
        }
    }

    fn excerpt(&mut self, analysis: &Analysis) {
        let lines = around_first(analysis);
        if lines.is_empty() {
            return;
        }
        self.out.push('\n');
        if self.look.width >= TWO_COLUMNS { self.two_columns(&lines) } else { self.one_column(&lines) }
    }

    fn two_columns(&mut self, lines: &[Line]) {
        let rows = lines.iter().filter_map(|line| match line {
            Line::Row { word, cells, .. } => Some((word, cells)),
            Line::Gap(_) => None,
        });
        let digits = |index: EventIndex| index.to_string().len();
        let indexes = Side::BOTH.map(|side| {
            let longest =
                rows.clone().filter_map(|(_, cells)| cells[side].as_ref().map(|(index, _)| digits(*index))).max();
            longest.unwrap_or(1)
        });
        let words = rows.map(|(word, _)| word.chars().count()).max().unwrap_or(0);
        // Two spaces, the mark and a space; then each index between two spaces; then the word behind two more.
        let margins = 4 + indexes.iter().map(|digits| digits + 4).sum::<usize>() + words;
        let width = self.look.width.saturating_sub(margins) / 2;
        let cell = |side: Side, index: &str, text: &str| {
            format!("{index:>0$}  {1}  ", indexes[side as usize], fit(text, width))
        };
        let head = Side::BOTH.map(|side| cell(side, "", side.word()));
        self.trimmed(&[(Ink::Expected, format!("    {}", head[0])), (Ink::Actual, head[1].clone())]);
        for line in lines {
            let Line::Row { glyph, word, cells } = line else {
                self.gap(line);
                continue;
            };
            let differs = *glyph != "=";
            let cell = |side: Side| match &cells[side] {
                Some((index, summary)) => cell(side, &index.to_string(), summary),
                None => cell(side, "", ""),
            };
            let ink = |ink| if differs { ink } else { Ink::Dim };
            self.trimmed(&[
                (ink(Ink::Bad), format!("  {glyph} ")),
                (ink(Ink::Expected), cell(Side::Expected)),
                (ink(Ink::Actual), cell(Side::Actual)),
                (ink(Ink::Bad), (*word).to_owned()),
            ]);
        }
    }

    fn one_column(&mut self, lines: &[Line]) {
        let width = self.look.width.saturating_sub(13);
        for line in lines {
            let Line::Row { glyph, word, cells } = line else {
                self.gap(line);
                continue;
            };
            if *glyph == "=" {
                if let Some((index, summary)) = &cells.actual {
                    self.trimmed(&[(Ink::Dim, format!("  = {index:>7}  {}", fit(summary, width)))]);
                }
                continue;
            }
            self.trimmed(&[(Ink::Bad, format!("  {glyph} {word}"))]);
            for (side, sign, ink) in [(Side::Expected, '−', Ink::Expected), (Side::Actual, '+', Ink::Actual)] {
                if let Some((index, summary)) = &cells[side] {
                    self.trimmed(&[(ink, format!("  {sign} {index:>7}  {}", fit(summary, width)))]);
                }
            }
        }
    }

    fn gap(&mut self, line: &Line) {
        if let Line::Gap(rows) = line {
            self.line(&[(Ink::Dim, &format!("  … {}", words::many(*rows, "row")))]);
        }
    }

    /// A line whose last pieces carry no trailing space.
    fn trimmed(&mut self, pieces: &[(Ink, String)]) {
        let last = pieces.iter().rposition(|(_, text)| !text.trim_end().is_empty()).unwrap_or(0);
        let pieces: Vec<(Ink, &str)> = pieces[..=last]
            .iter()
            .enumerate()
            .map(|(i, (ink, text))| (*ink, if i == last { text.trim_end() } else { text.as_str() }))
            .collect();
        self.line(&pieces);
    }

    /// What the answers stand on.
    fn basis(&mut self, analysis: &Analysis) {
        let spec = &analysis.spec;
        self.out.push('\n');
        if analysis.comparison.verdict == Verdict::Incomparable {
            self.item("Compared", "nothing");
            self.warnings(analysis);
            return;
        }
        self.item("Rows", &words::counts(analysis));
        if let Some(judged) = &analysis.envelope {
            self.item("Good runs", &good_runs(judged));
        }
        if !analysis.comparison.rows.differences().is_empty() {
            self.item("Mass", &words::mass(analysis, MASS));
        }
        let (groups, more) = words::groups(analysis);
        for (word, headline) in groups {
            self.item(word, &headline);
        }
        if more > 0 {
            self.item("", &format!("{}: --format json lists all.", words::many(more as u32, "smaller group")));
        }
        let name = |field: &FieldSpec| escape(&field.path).into_owned();
        let name_and_why = |field: &FieldSpec| match field.why.as_str() {
            "" => name(field),
            why => format!("{} ({})", name(field), escape(why)),
        };
        self.item("Compared", &words::list(spec.compared(), name));
        self.item("Ignored", &words::list(spec.ignored(), name_and_why));
        self.item("Renamed", &words::list(spec.renamed(), name_and_why));
        self.warnings(analysis);
    }

    fn warnings(&mut self, analysis: &Analysis) {
        let warnings = analysis.warnings.as_slice();
        if warnings.is_empty() {
            self.item("Warnings", "none");
            return;
        }
        self.line(&[(Ink::Warn, "Warnings")]);
        for warning in warnings {
            self.wrapped("  ! ", "    ", &escape(&warning.to_string()));
        }
    }

    fn item(&mut self, name: &str, value: &str) {
        self.wrapped(&format!("{name:10}"), &" ".repeat(10), value);
    }
}

/// `text` in exactly `width` columns, cut with an ellipsis where it is longer.
fn fit(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return format!("{text}{}", " ".repeat(width - length));
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{DivergenceType, FirstDifference};
    use crate::trace::Sides;

    fn page(width: usize) -> Page {
        Page { look: Look { colour: false, width }, out: String::new() }
    }

    #[test]
    fn words_are_broken_at_spaces_and_a_long_word_stays_whole() {
        let mut page = page(12);
        page.paragraph("one two three abcdefghijklmnop four");
        assert_eq!(page.out, "  one two\n  three\n  abcdefghijklmnop\n  four\n");
    }

    #[test]
    fn a_cell_is_exactly_as_wide_as_its_column() {
        assert_eq!([fit("ab", 4), fit("abcd", 4), fit("abcde", 4), fit("äöüß…", 3)], ["ab  ", "abcd", "abc…", "äö…"]);
    }

    #[test]
    fn both_layouts_tell_the_same_rows_and_leave_no_space_at_line_ends() {
        let cell = |index, text: &str| Some((index, text.to_owned()));
        let lines = [
            Line::Row { glyph: "=", word: "", cells: Sides::new(cell(3, "A"), cell(3, "A")) },
            Line::Gap(7),
            Line::Row { glyph: "−", word: "missing", cells: Sides::new(cell(11, "B"), None) },
            Line::Row { glyph: "+", word: "extra", cells: Sides::new(None, cell(11, "C")) },
        ];
        let (mut wide, mut narrow) = (page(TWO_COLUMNS), page(60));
        wide.two_columns(&lines);
        narrow.one_column(&lines);
        for page in [&wide, &narrow] {
            for part in ["= ", "… 7 rows", "− ", "missing", "+ ", "extra", "11  B", "11  C"] {
                assert!(page.out.contains(part), "{part} is missing in:\n{}", page.out);
            }
            assert!(page.out.lines().all(|line| line == line.trim_end() && line.chars().count() <= page.look.width));
        }
    }

    #[test]
    fn a_first_answer_is_marked_provisional_and_coloured_only_where_asked() {
        let first = FirstDifference { expected: Some(4), actual: None, kind: DivergenceType::MissingEvent, row: 4 };
        let answer = FirstAnswer { first_difference: Some(first), headline: "a\u{1b}b is missing".to_owned() };
        let plain = text_first(&answer, Look::default());
        assert!(plain.contains("provisional") && plain.contains("expected:4 ⇄ actual:end"), "{plain}");
        assert!(plain.contains("A\\u{1b}b is missing.") && !plain.contains('\u{1b}'), "{plain}");
        assert!(
            text_first(&answer, Look { colour: true, ..Look::default() }).contains("\u{1b}[1;31mDiverged\u{1b}[0m")
        );
    }
}
