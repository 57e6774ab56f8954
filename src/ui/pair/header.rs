//! The verdict and the three answers, each a link to its row: what a stranger reads first.

use egui::{Ui, Vec2};

use super::cells::{Cells, time_words};
use super::glyph::Mark;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::{Comparison, Verdict};
use crate::incident::Incident;
use crate::trace::{EventIndex, Side, escape, grouped};
use crate::ui::answers::{self, Said};
use crate::ui::regions;

type Answer = answers::Answer<PairCommand>;

/// Its height in a window.
pub fn height(window: Vec2) -> f32 {
    answers::height(window, 3)
}

/// Draws the header; `live` is what makes the verdict of files that grow less than final.
pub fn show(ui: &mut Ui, pair: &Pair, live: &[&'static str], out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Verdict, ui.max_rect());
    let analysis = pair.analysis();
    let verdict = analysis.comparison.verdict;
    let mut states = live.to_vec();
    if analysis.provisional {
        states.push("provisional");
    }
    if analysis.partial {
        states.push("partial input");
    }
    let reason = analysis.comparison.reason.as_deref().unwrap_or_default();
    let said = Said { verdict, states, reason, meaning: meaning(verdict) };
    let mut chosen = Vec::new();
    let [cause, symptom] = told(pair).unwrap_or_else(|| [cause(pair), symptom(pair)]);
    answers::show(ui, &said, &[first_difference(pair, &Cells::of(ui, pair)), cause, symptom], &mut chosen);
    out.extend(chosen.into_iter().map(PairRequest::from));
}

const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identical => "Every field of every event is equal.",
        Verdict::Equivalent => {
            "Only legal reorderings, or fields that are ignored, renamed or tolerated, differ. On every lane the order is kept."
        }
        Verdict::Diverged => "Something that was compared differs.",
        Verdict::Truncated => "Actual stops early; all before is the same.",
        Verdict::Incomparable => "There is nothing to compare.",
    }
}

fn first_difference(pair: &Pair, cells: &Cells) -> Answer {
    let analysis = pair.analysis();
    let title = "First difference";
    let Some(first) = analysis.comparison.first_difference else {
        let compared = analysis.comparison.verdict != Verdict::Incomparable;
        return none(Mark::Flag, title, if compared { "none" } else { "nothing was compared" });
    };
    let side = if first.actual.is_some() { Side::Actual } else { Side::Expected };
    Answer {
        mark: Some(Mark::Flag),
        title,
        place: first.actual.or(first.expected).map(|event| place(pair, side, event)).unwrap_or_default(),
        headline: cells.first_difference(pair).to_string(),
        aside: String::new(),
        go: Some(PairCommand::FirstDifference),
    }
}

fn cause(pair: &Pair) -> Answer {
    let Comparison { causes, verdict, .. } = &pair.analysis().comparison;
    let title = "Most likely cause";
    let Some(cause) = causes.first() else {
        let headline = match verdict {
            Verdict::Identical | Verdict::Equivalent => "none needed",
            Verdict::Incomparable => "nothing was compared",
            Verdict::Truncated => "none: all before the end is the same",
            Verdict::Diverged => "none found",
        };
        return none(Mark::Diamond { first: true }, title, headline);
    };
    let explains = match (cause.explains.rows, cause.explains.of) {
        (_, 0) => "nothing differs later".to_owned(),
        (1, 1) => "explains the 1 later difference".to_owned(),
        (rows, of) => {
            format!("explains {} of {} later differences", grouped(u64::from(rows)), grouped(u64::from(of)))
        }
    };
    let others = causes.len() - 1;
    Answer {
        mark: Some(Mark::Diamond { first: true }),
        title,
        place: format!("{} · {explains}", place(pair, cause.side, cause.index)),
        headline: escape(&cause.headline).into_owned(),
        aside: match others {
            0 => String::new(),
            1 => "1 more candidate".to_owned(),
            n => format!("{n} more candidates"),
        },
        go: Some(PairCommand::Cause(0)),
    }
}

fn symptom(pair: &Pair) -> Answer {
    let title = "First symptom";
    match &pair.analysis().comparison.first_symptom {
        Some(symptom) => Answer {
            mark: Some(Mark::Ring),
            title,
            place: place(pair, symptom.side, symptom.index),
            headline: escape(&symptom.headline).into_owned(),
            aside: if symptom.is_cause { "the cause itself".to_owned() } else { String::new() },
            go: Some(PairCommand::FirstSymptom),
        },
        None => none(Mark::Ring, title, "no symptom recorded"),
    }
}

/// Of a lone recording with which nothing was compared, what it tells itself: where it broke first, and what was seen of it.
fn told(pair: &Pair) -> Option<[Answer; 2]> {
    let spread = pair.spread().filter(|spread| !spread.incident.story.paired)?;
    let Incident { story, families, blast, .. } = &spread.incident;
    let blast = blast.as_ref()?;
    let side = spread.recorded(Side::Actual);
    let answer = |mark: Mark, title: &'static str, headline: String, event: EventIndex| Answer {
        mark: Some(mark),
        title,
        place: place(pair, side, event),
        headline,
        aside: String::new(),
        go: Some(PairCommand::SelectEvent(side, event)),
    };
    let kind = families.first().map_or_else(String::new, |own| format!(" · {}", own.family.words()));
    let root = format!("{}{kind}", escape(story.name(blast.root)));
    let noticed = blast.symptom.and_then(|event| story.happening(Side::Actual, event));
    let symptom = noticed.map(|one| {
        let said = if one.reason.is_empty() { one.act.word() } else { &one.reason };
        answer(Mark::Ring, "First symptom", format!("{} in {}", escape(said), escape(story.name(one.place))), one.index)
    });
    Some([
        answer(Mark::Bolt, "Broke first", root, blast.event?),
        symptom.unwrap_or_else(|| none(Mark::Ring, "First symptom", "no symptom recorded")),
    ])
}

fn none(mark: Mark, title: &'static str, headline: &str) -> Answer {
    Answer {
        mark: Some(mark),
        title,
        place: String::new(),
        headline: headline.to_owned(),
        aside: String::new(),
        go: None,
    }
}

/// `actual #5 · 5 258 ms`.
fn place(pair: &Pair, side: Side, event: EventIndex) -> String {
    let analysis = pair.analysis();
    match analysis.time(side, event) {
        Some(time) => format!("{side} #{event} · {}", time_words(analysis, side, time, analysis.time(side, 0))),
        None => format!("{side} #{event}"),
    }
}
