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
    let reason = ui.painter().layout(
        escape(&cause.reason).into_owned(),
        FontId::proportional(size::LABEL),
        t.dim,
        (width - INDENT - 240.0).max(200.0),
    );
    let (rect, response) = ui.allocate_exact_size(vec2(width, 36.0 + reason.size().y + 8.0), Sense::click());
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
    let y = rect.top() + 20.0;
    let mark = Mark::Diamond { first: place == 0 };
    mark.paint(painter, pos2(rect.left() + 26.0, y), 0.9, mark.colour(t));
    Words::of(&cause.rank.to_string(), medium(size::BODY), t.text).paint(painter, pos2(rect.left() + 40.0, y), 20.0);
    let explains =
        format!("explains {} of {}", grouped(u64::from(cause.explains.rows)), grouped(u64::from(cause.explains.of)));
    let right = rect.right() - 20.0;
    Words::of(&explains, FontId::proportional(size::LABEL), t.text).paint_right(painter, pos2(right, y), 200.0);
    let sure = Words::of(&cause.sureness, FontId::proportional(size::LABEL), t.dim);
    sure.paint_right(painter, pos2(right, y + 20.0), 200.0);
    let headline = Words::of(&escape(&cause.headline), medium(size::BODY), t.text);
    headline.paint(painter, pos2(rect.left() + INDENT, y), rect.width() - INDENT - 240.0);
    painter.galley(pos2(rect.left() + INDENT, rect.top() + 33.0), reason, t.dim);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if response.clicked() {
        out.push(PairCommand::Cause(place).into());
    }
    response.on_hover_text(format!("Rule: {}", escape(&cause.rule)));
}
