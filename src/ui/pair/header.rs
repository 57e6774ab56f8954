//! The verdict and the three answers, each a link to its row: what a stranger reads first.

use egui::{FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::glyph::{self, Mark};
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::{Comparison, Verdict};
use crate::trace::{EventIndex, Side, escape, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

use super::cells::time_words;

/// Room on each side of a block.
const PAD: f32 = 20.0;
/// Room for an answer's mark.
const MARK: f32 = 18.0;
/// Room for an answer's title where all is in a line.
const TITLES: f32 = 112.0;

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

/// Its height in a window of this width: a narrow one stacks the answers, so that each has a whole line.
pub const fn height(width: f32) -> f32 {
    if stacks(width) { 92.0 } else { 64.0 }
}

const fn stacks(width: f32) -> bool {
    width < 1400.0
}

/// Draws the header.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Verdict, ui.max_rect());
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let stacked = stacks(rect.width());
    let verdict = verdict_block(ui, pair, rect, t);
    let answers = [first_difference(pair), cause(pair), symptom(pair)];
    if stacked {
        ui.painter().vline(verdict, rect.y_range(), Stroke::new(1.0, t.line));
        let step = (rect.height() - 8.0) / 3.0;
        for (n, answer) in answers.iter().enumerate() {
            let top = rect.top() + 4.0 + step * n as f32;
            let line = Rect::from_min_max(pos2(verdict + 1.0, top), pos2(rect.right(), top + step));
            show_answer(ui, line, answer, Shape::Line, t, out);
        }
        return;
    }
    let widths = share(rect.right() - verdict, &answers.each_ref().map(|answer| answer.width(ui)));
    let mut left = verdict;
    for (answer, width) in answers.iter().zip(widths) {
        let right = (left + width).round().min(rect.right());
        ui.painter().vline(left, rect.y_range(), Stroke::new(1.0, t.line));
        show_answer(
            ui,
            Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom())),
            answer,
            Shape::Block,
            t,
            out,
        );
        left = right;
    }
}

/// Shares `room` out: everyone gets what they want if it fits; if not, whoever wants more than an equal share is cut.
fn share(room: f32, wanted: &[f32; 3]) -> [f32; 3] {
    let mut widths = *wanted;
    let mut open = [true; 3];
    let mut left = room;
    loop {
        let count = open.iter().filter(|open| **open).count();
        if count == 0 {
            return widths;
        }
        let equal = left / count as f32;
        let fits = (0..3).find(|&i| open[i] && wanted[i] <= equal);
        if let Some(i) = fits {
            open[i] = false;
            left -= wanted[i];
        } else {
            for i in (0..3).filter(|&i| open[i]) {
                widths[i] = equal;
            }
            return widths;
        }
    }
}

/// How an answer is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Caption above, answer below.
    Block,
    /// All in a line.
    Line,
}

impl Answer {
    fn caption(&self, t: &Tokens) -> Words {
        let small = || FontId::proportional(size::SMALL);
        let caption = Words::of(self.title, small(), t.dim);
        if self.place.is_empty() { caption } else { caption.add(&format!(" · {}", self.place), small(), t.dim) }
    }

    fn line(&self, t: &Tokens) -> Words {
        let colour = if self.go.is_none() { t.dim } else { t.text };
        let line = Words::of(&self.headline, medium(size::STRONG), colour);
        if self.aside.is_empty() {
            line
        } else {
            line.add(&format!("  ·  {}", self.aside), FontId::proportional(size::STRONG), t.dim)
        }
    }

    /// The width at which nothing of it is cut.
    fn width(&self, ui: &Ui) -> f32 {
        let t = theme::tokens(ui);
        let width = |words: Words| words.layout(ui.painter(), f32::INFINITY).width();
        (width(self.caption(t)) + MARK).max(width(self.line(t))) + PAD * 2.0 + 4.0
    }

    /// Everything it says, for a tooltip.
    fn whole(&self) -> String {
        let mut text = format!("{} · {}\n{}", self.title, self.place, self.headline);
        if !self.aside.is_empty() {
            text = format!("{text} · {}", self.aside);
        }
        text
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
    let middle = rect.center().y;
    (middle - 12.0, middle + 11.0)
}

fn show_answer(ui: &Ui, rect: Rect, answer: &Answer, shape: Shape, t: &Tokens, out: &mut Vec<PairRequest>) {
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
    let left = rect.left() + PAD;
    let width = rect.width() - PAD - 12.0;
    let mark = if answer.go.is_none() { t.dim } else { answer.mark.colour(t) };
    let cut = match shape {
        Shape::Block => {
            let (y1, y2) = lines(rect);
            answer.mark.paint(&painter, pos2(left + 5.0, y1), 0.9, mark);
            let (_, caption) = answer.caption(t).paint(&painter, pos2(left + MARK, y1), width - MARK);
            let (_, line) = answer.line(t).paint(&painter, pos2(left, y2), width);
            caption || line
        }
        Shape::Line => {
            let y = rect.center().y;
            answer.mark.paint(&painter, pos2(left + 5.0, y), 0.9, mark);
            let title = Words::of(answer.title, FontId::proportional(size::SMALL), t.dim);
            title.paint(&painter, pos2(left + MARK, y), TITLES);
            let text = left + MARK + TITLES;
            let (_, line) = answer.line(t).paint(&painter, pos2(text, y), rect.right() - 12.0 - text);
            line || !answer.place.is_empty()
        }
    };
    if let Some(command) = &answer.go
        && response.clicked()
    {
        out.push(command.clone().into());
    }
    if cut {
        response.on_hover_text(answer.whole());
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
