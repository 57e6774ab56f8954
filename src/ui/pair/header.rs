//! The verdict and the three answers, each a link to its row: what a stranger reads first.

use egui::{FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::glyph::{self, Mark};
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::compare::{Comparison, Verdict};
use crate::trace::{EventIndex, Side, escape};
use crate::ui::fonts::{medium, semibold};
use crate::ui::theme::{self, Tokens, size};

use super::cells::time_words;

/// Its height.
pub const HEIGHT: f32 = 64.0;
/// Room on each side of a block.
const PAD: f32 = 20.0;
/// Share of the width that the three answers get, as weights: a cause has most to say.
const WEIGHTS: [f32; 3] = [1.0, 1.2, 0.9];

/// One answer as it is drawn.
struct Answer {
    mark: Mark,
    /// `First difference`.
    title: &'static str,
    /// What stands behind the title: `#5 · 5 258 ms`.
    place: String,
    /// The answer in a line.
    headline: String,
    /// What stands behind it, quietly.
    aside: String,
    /// What a click does; `None` where there is no such row.
    go: Option<PairCommand>,
}

/// Draws the header.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let verdict = verdict_block(ui, pair, rect, t);
    let answers = [first_difference(pair), cause(pair), symptom(pair)];
    let room = rect.right() - verdict;
    let all: f32 = WEIGHTS.iter().sum();
    let mut left = verdict;
    for (answer, weight) in answers.into_iter().zip(WEIGHTS) {
        let right = (left + room * weight / all).round().min(rect.right());
        let block = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        ui.painter().vline(left, rect.y_range(), Stroke::new(1.0, t.line));
        show_answer(ui, block, &answer, t, out);
        left = right;
    }
}

/// Draws the verdict; says where it ends.
fn verdict_block(ui: &Ui, pair: &Pair, rect: Rect, t: &Tokens) -> f32 {
    let analysis = pair.analysis();
    let verdict = analysis.comparison.verdict;
    let colour = glyph::verdict_colour(verdict, t);
    let word = capitalised(verdict.word());
    let mut states: Vec<&str> = Vec::new();
    if analysis.provisional {
        states.push("provisional");
    }
    if analysis.partial {
        states.push("partial input");
    }
    let left = rect.left() + PAD;
    let painter = ui.painter();
    let (y1, y2) = lines(rect);
    let caption = if states.is_empty() {
        Words::of("Verdict", FontId::proportional(size::SMALL), t.dim)
    } else {
        Words::of("Verdict", FontId::proportional(size::SMALL), t.dim).add(
            &format!(" · {}", states.join(", ")),
            medium(size::SMALL),
            t.warn,
        )
    };
    let caption = caption.paint(painter, pos2(left, y1), 240.0).0;
    glyph::verdict(painter, pos2(left + 6.0, y2), verdict, t);
    let word_at = pos2(left + 20.0, y2);
    let shown = Words::of(&word, semibold(size::TITLE), colour).paint(painter, word_at, 240.0).0;
    let right = (shown.right().max(caption.right()) + PAD).max(rect.left() + 148.0).round();
    let block = Rect::from_min_max(rect.min, pos2(right, rect.bottom()));
    let response = ui.interact(block, ui.scope_id().with("verdict"), Sense::hover());
    let reason = analysis.comparison.reason.as_deref().unwrap_or_default();
    response.widget_info(|| {
        let states = if states.is_empty() { String::new() } else { format!(", {}", states.join(", ")) };
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        WidgetInfo::labeled(Role::Label, true, format!("Verdict: {}{states}{reason}", verdict.word()))
    });
    response.on_hover_text(verdict_words(verdict, reason));
    right
}

fn verdict_words(verdict: Verdict, reason: &str) -> String {
    let meaning = match verdict {
        Verdict::Identical => "Every field of every event is equal.",
        Verdict::Equivalent => {
            "Only legal reorderings, or fields that are ignored, renamed or tolerated, differ. On every lane the order is kept."
        }
        Verdict::Diverged => "Something that was compared differs.",
        Verdict::Truncated => "Actual stops early; all before is the same.",
        Verdict::Incomparable => "There is nothing to compare.",
    };
    if reason.is_empty() { meaning.to_owned() } else { format!("{meaning}\n{}", escape(reason)) }
}

/// The middles of the caption and of the answer.
fn lines(rect: Rect) -> (f32, f32) {
    (rect.top() + 20.0, rect.top() + 43.0)
}

fn show_answer(ui: &Ui, rect: Rect, answer: &Answer, t: &Tokens, out: &mut Vec<PairRequest>) {
    let sense = if answer.go.is_some() { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(answer.title), sense);
    let role = if answer.go.is_some() { Role::Link } else { Role::Label };
    response.widget_info(|| {
        let aside = if answer.aside.is_empty() { String::new() } else { format!(", {}", answer.aside) };
        let place = if answer.place.is_empty() { String::new() } else { format!(" ({})", answer.place) };
        WidgetInfo::labeled(role, true, format!("{}: {}{aside}{place}", answer.title, answer.headline))
    });
    let painter = ui.painter_at(rect);
    if answer.go.is_some() && (response.hovered() || response.has_focus()) {
        painter.rect_filled(rect.shrink2(egui::vec2(1.0, 0.0)), 0.0, t.raised);
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
    }
    let (y1, y2) = lines(rect);
    let left = rect.left() + PAD;
    let width = rect.width() - PAD - 12.0;
    let quiet = answer.go.is_none();
    answer.mark.paint(&painter, pos2(left + 5.0, y1), 0.9, if quiet { t.dim } else { answer.mark.colour(t) });
    let mut caption = Words::of(answer.title, FontId::proportional(size::SMALL), t.dim);
    if !answer.place.is_empty() {
        caption = caption.add(&format!(" · {}", answer.place), FontId::proportional(size::SMALL), t.dim);
    }
    let (_, cut) = caption.paint(&painter, pos2(left + 18.0, y1), width - 18.0);
    let colour = if quiet { t.dim } else { t.text };
    let mut line = Words::of(&answer.headline, medium(size::STRONG), colour);
    if !answer.aside.is_empty() {
        line = line.add(&format!("  ·  {}", answer.aside), FontId::proportional(size::STRONG), t.dim);
    }
    let (_, line_cut) = line.paint(&painter, pos2(left, y2), width);
    if let Some(command) = &answer.go
        && response.clicked()
    {
        out.push(command.clone().into());
    }
    if cut || line_cut {
        let aside = if answer.aside.is_empty() { String::new() } else { format!(" · {}", answer.aside) };
        response.on_hover_text(format!("{} · {}\n{}{aside}", answer.title, answer.place, answer.headline));
    }
}

fn first_difference(pair: &Pair) -> Answer {
    let analysis = pair.analysis();
    let title = "First difference";
    let Some(first) = analysis.comparison.first_difference else {
        let compared = analysis.comparison.verdict != Verdict::Incomparable;
        return none(Mark::Flag, title, if compared { "none" } else { "nothing was compared" });
    };
    let side = if first.actual.is_some() { Side::Actual } else { Side::Expected };
    Answer {
        mark: Mark::Flag,
        title,
        place: first.actual.or(first.expected).map(|event| place(pair, side, event)).unwrap_or_default(),
        headline: escape(&analysis.first_difference_headline()).into_owned(),
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
            _ => "none found",
        };
        return none(Mark::Diamond { first: true }, title, headline);
    };
    let explains = match (cause.explains.rows, cause.explains.of) {
        (_, 0) => "nothing differs later".to_owned(),
        (1, 1) => "explains the 1 later difference".to_owned(),
        (rows, of) => format!("explains {rows} of {of} later differences"),
    };
    let others = causes.len() - 1;
    Answer {
        mark: Mark::Diamond { first: true },
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
            mark: Mark::Ring,
            title,
            place: place(pair, symptom.side, symptom.index),
            headline: escape(&symptom.headline).into_owned(),
            aside: if symptom.is_cause { "the cause itself".to_owned() } else { String::new() },
            go: Some(PairCommand::FirstSymptom),
        },
        None => none(Mark::Ring, title, "no symptom recorded"),
    }
}

fn none(mark: Mark, title: &'static str, headline: &str) -> Answer {
    Answer { mark, title, place: String::new(), headline: headline.to_owned(), aside: String::new(), go: None }
}

/// `actual #5 · 5 258 ms`.
fn place(pair: &Pair, side: Side, event: EventIndex) -> String {
    let analysis = pair.analysis();
    match analysis.time(side, event) {
        Some(time) => format!("{side} #{event} · {}", time_words(analysis, side, time, analysis.time(side, 0))),
        None => format!("{side} #{event}"),
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
