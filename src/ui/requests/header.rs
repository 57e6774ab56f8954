//! The verdict, the most likely cause, and what was compared.

use egui::{Ui, Vec2};

use crate::analyse::Told;
use crate::app::Command;
use crate::app::region::Region;
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::compare::Verdict;
use crate::report::population as report;
use crate::trace::{escape, grouped};
use crate::ui::answers::{self, Answer, Said};
use crate::ui::pair::Mark;
use crate::ui::regions;

/// Its height in a window.
pub fn height(window: Vec2) -> f32 {
    answers::height(window, 2)
}

/// Draws the header.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) {
    regions::note(ui, Region::Verdict, ui.max_rect());
    let population = page.population();
    let verdict = page.verdict();
    let states = if population.warnings.partial() { vec!["partial input"] } else { Vec::new() };
    let said = Said { verdict, states, reason: "", meaning: meaning(verdict, page.is_metrics()) };
    let mut chosen = Vec::new();
    answers::show(ui, &said, &[cause(page), compared(page)], &mut chosen);
    out.extend(chosen.into_iter().map(Command::from));
}

const fn meaning(verdict: Verdict, metrics: bool) -> &'static str {
    match verdict {
        Verdict::Diverged if metrics => "At one node more is outside the usual than healthy rows ever show.",
        Verdict::Equivalent if metrics => {
            "Nothing that reaches an entry is further outside the usual than healthy rows are."
        }
        Verdict::Diverged => "In one service more changed than two halves of a baseline ever differ.",
        Verdict::Incomparable => "There are too few requests to know what is usual.",
        _ => "The windows differ no more than two halves of a baseline do.",
    }
}

fn cause(page: &RequestsPage) -> Answer<RequestsCommand> {
    let population = page.population();
    let suspects = &population.ranking.suspects;
    let (mark, title) = (Some(Mark::Diamond { first: true }), "Most likely cause");
    let Some(suspect) = suspects.first().filter(|_| page.verdict() == Verdict::Diverged) else {
        let headline = match page.verdict() {
            Verdict::Incomparable => "nothing was compared",
            _ => "no clear cause",
        };
        let (place, aside) = (String::new(), String::new());
        return Answer { mark, title, place, headline: headline.to_owned(), aside, go: None };
    };
    let service = report::word(population, suspect.service);
    let inner = report::inner(population, suspect).map_or_else(String::new, |inner| format!(" · {inner}"));
    let aside = match suspects.len() - 1 {
        0 => String::new(),
        1 => "1 more service".to_owned(),
        more => format!("{more} more services"),
    };
    Answer {
        mark,
        title,
        place: report::sureness(population, 0).to_owned(),
        headline: format!("{service}{inner}"),
        aside,
        go: page.has_evidence().then_some(RequestsCommand::Cause),
    }
}

fn compared(page: &RequestsPage) -> Answer<RequestsCommand> {
    let told = &page.population().told;
    let both = |number: fn(&Told) -> u64, what: &str| {
        let (expected, actual) = (number(&told.expected), number(&told.actual));
        (expected + actual > 0).then(|| format!("{} ⇄ {} {what}", grouped(expected), grouped(actual)))
    };
    let more = [
        both(|told| told.spans, "spans"),
        both(|told| told.logs, "lines of logs"),
        both(|told| told.metrics, "metrics"),
        both(|told| told.rows, "rows"),
    ];
    let further = match page.population().baselines.len() {
        0 | 1 => String::new(),
        all => format!(" and {}", all - 1),
    };
    Answer {
        mark: None,
        title: "Compared",
        place: format!("{}{further} ⇄ {}", escape(&told.expected.label), escape(&told.actual.label)),
        headline: both(|told| told.requests, "requests").unwrap_or_else(|| "no requests".to_owned()),
        aside: more.into_iter().flatten().collect::<Vec<String>>().join(" · "),
        go: None,
    }
}
