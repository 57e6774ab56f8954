//! What is selected, for a message or a ticket: a headline, a table, and what is said of it.

use super::selection::Form;
use crate::trace::escape;

/// What is told of it.
pub struct Selected {
    /// What it is: `Service pricing`.
    pub headline: String,
    /// What the columns behind the first one are.
    pub heads: Vec<&'static str>,
    /// The lines of the table, as many cells each as there are columns and their names.
    pub table: Vec<Vec<String>>,
    /// Sentences.
    pub said: Vec<String>,
}

impl Selected {
    /// As text, or as Markdown.
    pub fn words(&self, form: Form) -> String {
        if form == Form::Markdown { self.markdown() } else { self.text() }
    }

    fn text(&self) -> String {
        let mut lines = vec![escape(&self.headline).into_owned()];
        if !self.table.is_empty() {
            let heads: Vec<String> = std::iter::once("").chain(self.heads.iter().copied()).map(str::to_owned).collect();
            let escaped = |cells: &Vec<String>| cells.iter().map(|cell| escape(cell).into_owned()).collect();
            let all: Vec<Vec<String>> = std::iter::once(heads.clone()).chain(self.table.iter().map(escaped)).collect();
            let width = |column: usize| all.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default();
            let widths: Vec<usize> = (0..heads.len()).map(width).collect();
            lines.extend(all.iter().map(|cells| {
                let cells: Vec<String> =
                    cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
                format!("  {}", cells.join("  ")).trim_end().to_owned()
            }));
        }
        lines.extend(self.said.iter().map(|said| format!("  {}", escape(said))));
        lines.join("\n")
    }

    fn markdown(&self) -> String {
        let cell = |text: &str| escape(text).replace('|', "\\|");
        let mut lines = vec![format!("**{}**", escape(&self.headline))];
        if !self.table.is_empty() {
            let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
            let heads = std::iter::once("").chain(self.heads.iter().copied()).map(str::to_owned);
            lines.extend([String::new(), line(heads.collect())]);
            lines.push(format!("|{}", "---|".repeat(self.heads.len() + 1)));
            lines.extend(self.table.iter().map(|cells| line(cells.iter().map(|text| cell(text)).collect())));
        }
        if !self.said.is_empty() {
            lines.push(String::new());
        }
        lines.extend(self.said.iter().map(|said| format!("- {}", escape(said))));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_a_bar_is_no_column() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let selected = Selected {
            headline: "Service a\u{202e}b".to_owned(),
            heads: vec!["expected", "actual"],
            table: vec![row(["took", "8 ms", "186 ms"]), row(["x|y", "1", ""])],
            said: vec!["It is slower.".to_owned()],
        };
        assert_eq!(
            selected.words(Form::Text),
            "Service a\\u{202e}b\n        expected  actual\n  took  8 ms      186 ms\n  x|y   1\n  It is slower."
        );
        assert_eq!(
            selected.words(Form::Markdown),
            "**Service a\\u{202e}b**\n\n|  | expected | actual |\n|---|---|---|\n| took | 8 ms | 186 ms |\n| x\\|y | 1 |  |\n\n\
             - It is slower."
        );
    }

    #[test]
    fn a_cell_is_one_line_whatever_stands_in_it() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let table = vec![row(["a\nb", "\u{1b}[31mred"]), row(["c", "\u{202e}d"])];
        let selected = Selected { headline: "Here".to_owned(), heads: vec!["actual"], table, said: Vec::new() };
        let cells = ["a\nb", "\u{1b}[31mred", "\u{202e}d"].map(|cell| escape(cell).into_owned());
        let wide = cells[0].chars().count();
        assert_eq!(
            selected.words(Form::Text),
            format!("Here\n  {:wide$}  actual\n  {}  {}\n  {:wide$}  {}", "", cells[0], cells[1], "c", cells[2])
        );
    }
}
