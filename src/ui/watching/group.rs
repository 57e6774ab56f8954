//! The heading over the runs of a kind: how many, their fingerprint, the newest one's cause in words. A click folds them away.

use egui::{FontId, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::run::{self, LETTERS};
use crate::app::Command;
use crate::app::watching::{Kind, Line, WatchCommand, Watching};
use crate::trace::{escape, grouped};
use crate::ui::fonts::semibold;
use crate::ui::pair::glyph;
use crate::ui::pair::words::Words;
use crate::ui::parts;
use crate::ui::theme::{self, size};

/// Draws the heading; other lines are none.
pub fn show(
    ui: &Ui,
    painter: &Painter,
    page: &Watching,
    line: Line<'_>,
    rect: Rect,
    table: Rect,
    out: &mut Vec<Command>,
) {
    let Line::Group { kind, runs, newest, folded } = line else { return };
    let t = theme::tokens(ui);
    let response = ui.interact(rect.intersect(table), ui.scope_id().with(("group", newest)), Sense::click());
    painter.rect_filled(rect, 0.0, if response.hovered() { t.raised } else { t.panel });
    parts::focus_ring(ui, &response, rect.shrink(2.0));
    let count = if runs == 1 { "1 run".to_owned() } else { format!("{} runs", grouped(runs)) };
    let y = rect.center().y;
    glyph::chevron(painter, pos2(rect.left() + 22.0, y), !folded, t.dim);
    let mut left = rect.left() + 40.0;
    let (title, about) = match kind {
        Kind::Shape(shape) => {
            run::fingerprint(painter, pos2(left, y), shape, t);
            left += LETTERS + 12.0;
            let outcome = page.run(newest).and_then(|known| known.entry.outcome.as_ref());
            let headline = outcome.map_or("", |outcome| &outcome.headline);
            let how = if runs == 1 { "failed in a way of its own" } else { "failed alike" };
            (format!("{count} {how}"), Some((run::letters(shape), escape(headline))))
        }
        Kind::Word(word) => (format!("{count} {word}"), None),
    };
    let mut said = format!("group: {title}");
    let mut words = Words::of(&title, semibold(size::BODY), t.text);
    if let Some((letters, headline)) = about {
        said.push_str(", fingerprint ");
        said.push_str(&letters);
        said.push_str(": ");
        said.push_str(&headline);
        words = words.gap(12.0).add(&headline, FontId::proportional(size::LABEL), t.dim);
    }
    words.paint(painter, pos2(left, y), rect.right() - 16.0 - left);
    if folded {
        said.push_str(", folded");
    }
    response.widget_info(|| WidgetInfo::labeled(Role::RowHeader, true, &said));
    if response.clicked() {
        out.push(WatchCommand::Fold(kind).into());
    }
    response.on_hover_text(if folded { "Shows these runs." } else { "Folds these runs away." });
}
