//! The verdict and the answers at the top of a page: each with its mark, a link to what it is about.

use egui::{FontId, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2};

use super::pair::glyph::{self, Mark};
use super::pair::words::Words;
use crate::compare::Verdict;
use crate::trace::escape;
use crate::ui::fonts::{medium, semibold};
use crate::ui::theme::{self, Tokens, size};

/// Room on each side of a block.
const PAD: f32 = 20.0;
/// Room for an answer's mark.
const MARK: f32 = 18.0;
/// Room for an answer's title where all is in a line.
const TITLES: f32 = 112.0;
/// Height where the answers stand beside each other, of an answer's line where they do not, and room around the lines.
const BESIDE: f32 = 64.0;
const LINE: f32 = 28.0;
/// The same in a window lower than this, where every line of events counts.
const LOW: f32 = 420.0;
const LOW_LINE: f32 = 22.0;
const AROUND: f32 = 8.0;

/// A verdict as it is drawn.
pub struct Said<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// What stands behind the caption as a warning: `provisional`.
    pub states: Vec<&'static str>,
    /// Why, as a sentence; may be empty.
    pub reason: &'a str,
    /// What the verdict means, in a sentence.
    pub meaning: &'static str,
}

/// One answer as it is drawn.
pub struct Answer<C> {
    /// Its mark, if it has one.
    pub mark: Option<Mark>,
    /// `First difference`.
    pub title: &'static str,
    /// What stands behind the title: `#5 · 5 258 ms`.
    pub place: String,
    /// The answer in a line.
    pub headline: String,
    /// What stands behind it, quietly.
    pub aside: String,
    /// What a click does; `None` where there is nothing to go to.
    pub go: Option<C>,
}

/// The height of so many answers in a window: a narrow one stacks them, so that each has a whole line.
pub fn height(window: Vec2, answers: u8) -> f32 {
    let line = if window.y <= LOW { LOW_LINE } else { LINE };
    if stacks(window.x) { f32::from(answers).mul_add(line, AROUND) } else { BESIDE }
}

const fn stacks(width: f32) -> bool {
    width < 1400.0
}

/// Draws the verdict and the answers into all the room there is; sends what a click asks for.
pub fn show<C: Clone>(ui: &mut Ui, said: &Said<'_>, answers: &[Answer<C>], out: &mut Vec<C>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let verdict = verdict_block(ui, said, rect, t);
    if stacks(rect.width()) {
        ui.painter().vline(verdict, rect.y_range(), Stroke::new(1.0, t.line));
        let step = (rect.height() - AROUND) / answers.len() as f32;
        for (n, answer) in answers.iter().enumerate() {
            let top = rect.top() + AROUND / 2.0 + step * n as f32;
            let line = Rect::from_min_max(pos2(verdict + 1.0, top), pos2(rect.right(), top + step));
            show_answer(ui, line, answer, Shape::Line, t, out);
        }
        return;
    }
    let wanted: Vec<f32> = answers.iter().map(|answer| answer.width(ui)).collect();
    let widths = share(rect.right() - verdict, &wanted);
    let mut left = verdict;
    for (answer, width) in answers.iter().zip(widths) {
        let right = (left + width).round().min(rect.right());
        ui.painter().vline(left, rect.y_range(), Stroke::new(1.0, t.line));
        let block = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        show_answer(ui, block, answer, Shape::Block, t, out);
        left = right;
    }
}

/// Shares `room` out: everyone gets what they want if it fits; if not, whoever wants more than an equal share is cut.
fn share(room: f32, wanted: &[f32]) -> Vec<f32> {
    let mut widths = wanted.to_vec();
    let mut open = vec![true; wanted.len()];
    let mut left = room;
    loop {
        let count = open.iter().filter(|open| **open).count();
        if count == 0 {
            return widths;
        }
        let equal = left / count as f32;
        let fits = (0..wanted.len()).find(|&i| open[i] && wanted[i] <= equal);
        if let Some(i) = fits {
            open[i] = false;
            left -= wanted[i];
        } else {
            for i in (0..wanted.len()).filter(|&i| open[i]) {
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

impl<C> Answer<C> {
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
fn verdict_block(ui: &Ui, said: &Said<'_>, rect: Rect, t: &Tokens) -> f32 {
    let Said { verdict, ref states, reason, meaning } = *said;
    let colour = glyph::verdict_colour(verdict, t);
    let word = capitalised(verdict.word());
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
    response.widget_info(|| {
        let states = if states.is_empty() { String::new() } else { format!(", {}", states.join(", ")) };
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        WidgetInfo::labeled(Role::Label, true, format!("Verdict: {}{states}{reason}", verdict.word()))
    });
    let words = if reason.is_empty() { meaning.to_owned() } else { format!("{meaning}\n{}", escape(reason)) };
    response.on_hover_text(words);
    right
}

/// The middles of the caption and of the answer.
fn lines(rect: Rect) -> (f32, f32) {
    let middle = rect.center().y;
    (middle - 12.0, middle + 11.0)
}

fn show_answer<C: Clone>(ui: &Ui, rect: Rect, answer: &Answer<C>, shape: Shape, t: &Tokens, out: &mut Vec<C>) {
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
    let mark = |at: egui::Pos2| {
        let Some(mark) = answer.mark else { return 0.0 };
        mark.paint(&painter, at, 0.9, if answer.go.is_none() { t.dim } else { mark.colour(t) });
        MARK
    };
    let cut = match shape {
        Shape::Block => {
            let (y1, y2) = lines(rect);
            let taken = mark(pos2(left + 5.0, y1));
            let (_, caption) = answer.caption(t).paint(&painter, pos2(left + taken, y1), width - taken);
            let (_, line) = answer.line(t).paint(&painter, pos2(left, y2), width);
            caption || line
        }
        Shape::Line => {
            let y = rect.center().y;
            mark(pos2(left + 5.0, y));
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
        out.push(command.clone());
    }
    if cut {
        response.on_hover_text(answer.whole());
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
