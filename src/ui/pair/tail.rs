//! The rows below all others: what came since the answer, each with how it stands in the lock step. Set apart from the answer by
//! their ground, their dim words and what they say of themselves.

use std::sync::Arc;

use egui::{FontId, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::cells::{Cell, Cells};
use super::columns::Columns;
use super::glyph::Mark;
use super::row::{self, Ink};
use super::words::Words;
use crate::analyse::Came;
use crate::app::pair::{Pair, PairCommand, PairRequest, Tail};
use crate::compare::Stand;
use crate::query::Highlight;
use crate::trace::{Side, grouped};
use crate::ui::fonts::medium;
use crate::ui::theme::{Tokens, size};

/// How an event that no answer has stands, in a word or two.
pub const fn word(stand: Option<Stand>) -> &'static str {
    match stand {
        Some(Stand::Matched(_)) => "same so far",
        Some(Stand::Waits) => "waiting for more",
        Some(Stand::Parts) => "parts here",
        Some(Stand::Behind) => "parted before",
        None => "not compared yet",
    }
}

const fn mark(stand: Option<Stand>) -> Option<Mark> {
    match stand {
        Some(Stand::Matched(_)) => Some(Mark::SoFar),
        Some(Stand::Waits) => Some(Mark::Waits),
        Some(Stand::Parts) => Some(Mark::Parts),
        Some(Stand::Behind) => Some(Mark::PartedBefore),
        None => None,
    }
}

/// How an event stands that no answer has: a trace alone has nothing to stand to.
fn stands(pair: &Pair, came: &Came) -> (&'static str, Option<Mark>, &'static str) {
    if pair.analysis().sides[came.side.other()].is_none() {
        return ("no baseline", None, "There is nothing to compare it with.");
    }
    (word(came.stand), mark(came.stand), sentence(came.stand))
}

/// What is meant by that, as a sentence.
pub const fn sentence(stand: Option<Stand>) -> &'static str {
    match stand {
        Some(Stand::Matched(_)) => "Every lane has the same event here on the other side.",
        Some(Stand::Waits) => "The other side has not come this far.",
        Some(Stand::Parts) => "The other side has something else in its place.",
        Some(Stand::Behind) => "The sides have parted before it on one of its lanes.",
        None => "How it stands takes all events.",
    }
}

/// Draws the line at `place` below the rows of the answer: their heading, or one of them.
pub fn show(
    ui: &Ui,
    painter: &Painter,
    pair: &Pair,
    (cells, columns, t): (&Cells, &Columns, &Tokens),
    (place, rect): (u32, Rect),
    out: &mut Vec<PairRequest>,
) {
    let Some(tail) = pair.tail() else { return };
    painter.rect_filled(rect, 0.0, t.panel);
    match place.checked_sub(1) {
        None => heading(ui, painter, tail, rect, t),
        Some(place) => {
            let Some(row) = tail.rows().get(place as usize) else { return };
            let both = Side::BOTH.map(|side| tail.event(*row, side));
            show_row(ui, painter, pair, (cells, columns, t), (tail, place, both, rect), out);
        }
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
}

fn heading(ui: &Ui, painter: &Painter, tail: &Tail, rect: Rect, t: &Tokens) {
    let shown: usize =
        tail.rows().iter().map(|row| Side::BOTH.into_iter().filter(|&side| row[side].is_some()).count()).sum();
    let left_out = tail.appended().left_out;
    let came = shown as u64 + left_out;
    let events = if came == 1 { "event" } else { "events" };
    let newest = if left_out > 0 { format!(", the newest {shown} below") } else { String::new() };
    let text = format!("{} {events} came since the answer{newest}", grouped(came));
    let response = ui.interact(rect.intersect(painter.clip_rect()), ui.scope_id().with("came since"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text.clone()));
    response
        .on_hover_text_at_pointer("How they stand is known lane by lane only; their rows come with the next answer.");
    let line = Words::of(&text, medium(size::LABEL), t.dim).layout(painter, rect.width() - 80.0);
    let (middle, half) = (rect.center(), line.width() / 2.0);
    for (from, to) in [(rect.left() + 12.0, middle.x - half - 12.0), (middle.x + half + 12.0, rect.right() - 12.0)] {
        painter.extend(egui::Shape::dashed_line(
            &[pos2(from, middle.y), pos2(to, middle.y)],
            Stroke::new(1.0, t.line),
            4.0,
            4.0,
        ));
    }
    line.paint(painter, pos2(middle.x - half, middle.y));
}

fn show_row(
    ui: &Ui,
    painter: &Painter,
    pair: &Pair,
    (cells, columns, t): (&Cells, &Columns, &Tokens),
    (tail, place, both, rect): (&Tail, u32, [Option<&Came>; 2], Rect),
    out: &mut Vec<PairRequest>,
) {
    let Some(newest) = both.into_iter().rev().flatten().next() else { return };
    let wanted = both.into_iter().flatten().any(|came| pair.wanted() == Some((came.side, came.event)));
    let shown = both.map(|came| came.map(|came| cells.came(pair, tail.appended(), came)));
    let response =
        ui.interact(rect.intersect(painter.clip_rect()), ui.scope_id().with(("came", place)), Sense::click());
    let (word, mark, sentence) = stands(pair, newest);
    let elsewhere = match newest.stand {
        Some(Stand::Matched(there)) => format!("{word} as #{there}"),
        _ => word.to_owned(),
    };
    response.widget_info(|| {
        let mut name = format!("came since the answer, {word}");
        for (side, cell) in Side::BOTH.into_iter().zip(&shown) {
            let said = cell.as_ref().map_or_else(|| elsewhere.clone(), |cell| cell.sentence());
            name.extend([", ", side.word(), " ", &said]);
        }
        if wanted {
            name.push_str(", selected as soon as the answer has it");
        }
        WidgetInfo::selected(Role::Row, true, wanted, name)
    });
    if response.hovered() || wanted {
        painter.rect_filled(rect, 0.0, if wanted { t.selection } else { t.raised });
    }
    painter.vline(columns.spine, rect.y_range(), Stroke::new(1.0, t.line));
    if wanted {
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0.0, t.expected);
    }
    let y = rect.center().y;
    if let Some(mark) = mark {
        mark.paint(painter, pos2(columns.class_mark(), y), 0.9, mark.colour(t));
    }
    for (side, (came, cell)) in Side::BOTH.into_iter().zip(both.into_iter().zip(&shown)) {
        let half = columns.half(side);
        let (Some(came), Some(cell)) = (came, cell) else {
            let words = Words::of(&elsewhere, FontId::proportional(size::SMALL), t.dim);
            words.paint(painter, pos2(half.kind.0, y), half.right - half.kind.0);
            continue;
        };
        let own = pair.columns().list();
        // Where both stand beside each other there is no empty half to say it in.
        let half = if both[0].is_some() && side == Side::Actual { &so_far(painter, half, y, t) } else { half };
        row::paint_cell(painter, half, y, came.event, cell, &Ink::calm(t, side), (&Highlight::default(), own));
    }
    let clicked = response.clicked();
    response.on_hover_ui_at_pointer(|ui| tooltip(ui, (&shown, both), (word, sentence), newest.stand.is_some(), t));
    if clicked {
        out.push(PairCommand::SelectEvent(newest.side, newest.event).into());
    }
}

/// Says at the right end of a half that what stands in it is the same so far; the half that is left.
pub fn so_far(painter: &Painter, half: &super::columns::Half, y: f32, t: &Tokens) -> super::columns::Half {
    let words = Words::of(word(Some(Stand::Matched(0))), FontId::proportional(size::SMALL), t.dim);
    let said = words.paint_right(painter, pos2(half.right, y), half.right - half.kind.0);
    super::columns::Half { right: said.left() - 12.0, ..half.clone() }
}

fn tooltip(
    ui: &mut Ui,
    (shown, both): (&[Option<Arc<Cell>>; 2], [Option<&Came>; 2]),
    (word, sentence): (&str, &str),
    selectable: bool,
    t: &Tokens,
) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let small = |text: &str| egui::RichText::new(text).size(size::SMALL).color(t.dim);
    ui.label(small(&format!("Came since the answer · {word}")));
    for (came, cell) in both.into_iter().zip(shown) {
        let (Some(came), Some(cell)) = (came, cell) else { continue };
        let colour = if came.side == Side::Expected { t.expected } else { t.actual };
        let text = format!("#{}  {}", came.event, cell.sentence());
        ui.label(egui::RichText::new(text).monospace().size(size::LABEL).color(colour));
    }
    ui.label(small(sentence));
    if selectable {
        ui.label(small("Click to select it as soon as the answer has its row."));
    }
}
