//! The ranked list of causes, whole: which, why, by which rule, how sure. A list, not an oracle.

use egui::{FontId, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::glyph::Mark;
use super::words::Words;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::Cause;
use crate::trace::{escape, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

/// Where the words of an entry begin.
const INDENT: f32 = 60.0;
/// Room right of them.
const PAD: f32 = 20.0;
/// Height of a line of them.
const LINE: f32 = 18.0;

/// Draws the list.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Causes, ui.max_rect());
    let t = theme::tokens(ui);
    let causes = &pair.analysis().comparison.causes;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let title = format!("CAUSES, MOST LIKELY FIRST · {}", causes.len());
    Words::of(&title, semibold(size::SMALL), t.dim).paint(
        ui.painter(),
        pos2(rect.left() + 20.0, rect.center().y),
        400.0,
    );
    if close(ui, rect, "Close the cause list") {
        out.push(PairRequest::Layout(LayoutCommand::Close(Pane::Causes)));
    }
    if causes.is_empty() {
        ui.horizontal(|ui| {
            ui.add_space(20.0);
            ui.label(RichText::new("Nothing differs that would need a cause.").color(t.dim));
        });
        return;
    }
    ScrollArea::vertical().id_salt("causes").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (place, cause) in causes.iter().enumerate() {
            entry(ui, pair, place, cause, t, out);
        }
    });
}

/// The cross at the right end of a panel's title; true when it was clicked.
pub fn close(ui: &Ui, title: egui::Rect, name: &str) -> bool {
    let t = theme::tokens(ui);
    let cross = egui::Rect::from_center_size(pos2(title.right() - 20.0, title.center().y), vec2(24.0, 24.0));
    let response = ui.interact(cross, ui.scope_id().with(name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(cross, 6.0, t.selection);
    }
    let (c, r) = (cross.center(), 4.0);
    for (a, b) in [(vec2(-r, -r), vec2(r, r)), (vec2(-r, r), vec2(r, -r))] {
        ui.painter().line_segment([c + a, c + b], Stroke::new(1.3, t.dim));
    }
    response.clicked()
}

fn entry(ui: &mut Ui, pair: &Pair, place: usize, cause: &Cause, t: &Tokens, out: &mut Vec<PairRequest>) {
    let selected = pair.selection().is_some_and(|selection| selection.row == cause.row);
    let width = ui.available_width();
    let explains =
        format!("explains {} of {}", grouped(u64::from(cause.explains.rows)), grouped(u64::from(cause.explains.of)));
    let explains = Words::of(&explains, FontId::proportional(size::LABEL), t.text).layout(ui.painter(), f32::INFINITY);
    let room = (width - INDENT - PAD).max(80.0);
    // Beside the headline only where that keeps most of the width; else below it.
    let beside = room - explains.width() - 24.0;
    let is_beside = beside > room * 0.6;
    let paragraph = |text: &str, font: FontId, colour, room: f32| {
        ui.painter().layout(escape(text).into_owned(), font, colour, room)
    };
    let headline = paragraph(&cause.headline, medium(size::BODY), t.text, if is_beside { beside } else { room });
    let reason = paragraph(&cause.reason, FontId::proportional(size::LABEL), t.dim, room);
    let sure = format!("How sure: {}", cause.sureness);
    let sure = paragraph(&sure, FontId::proportional(size::LABEL), t.text, room);
    let below = if is_beside { 0.0 } else { LINE };
    let height = 12.0 + headline.size().y + below + 3.0 + reason.size().y + 3.0 + sure.size().y + 10.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| {
        let name = format!("cause {}: {}, {}. {}", cause.rank, cause.headline, cause.sureness, cause.reason);
        WidgetInfo::selected(Role::ListBoxOption, true, selected, name)
    });
    let painter = ui.painter();
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    let first = headline.rows.first().map_or(16.0, |row| row.height());
    let y = rect.top() + 12.0 + first / 2.0;
    let mark = Mark::Diamond { first: place == 0 };
    mark.paint(painter, pos2(rect.left() + 26.0, y), 0.9, mark.colour(t));
    Words::of(&cause.rank.to_string(), medium(size::BODY), t.text).paint(painter, pos2(rect.left() + 40.0, y), 20.0);
    let left = rect.left() + INDENT;
    let mut top = rect.top() + 12.0;
    let after = top + headline.size().y;
    painter.galley(pos2(left, top), headline, t.text);
    if is_beside {
        let width = explains.width();
        explains.paint(painter, pos2(rect.right() - PAD - width, y));
    } else {
        explains.paint(painter, pos2(left, after + LINE / 2.0));
    }
    top = after + below + 3.0;
    let after = top + reason.size().y;
    painter.galley(pos2(left, top), reason, t.dim);
    painter.galley(pos2(left, after + 3.0), sure, t.text);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if response.clicked() {
        out.push(PairCommand::Cause(place).into());
    }
    response.on_hover_text(format!("Rule: {}", escape(&cause.rule)));
}
