//! The bookmarks on the axis of the timeline: a ribbon each, and a line along a range.

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use crate::app::pair::{BookmarkCommand, PairCommand, PairRequest};
use crate::trace::escape;
use crate::ui::pair::glyph::Mark;

/// Draws the ribbons, each a link to its row.
pub fn show(ui: &Ui, stage: &Stage<'_>, head: Rect, out: &mut Vec<PairRequest>) {
    let pair = stage.pair;
    let painter = ui.painter_at(head.with_min_x(stage.whole().left()));
    for (place, (bookmark, rows)) in pair.bookmarks().list().enumerate() {
        let Some((first, last)) = rows else { continue };
        let side = bookmark.at.anchor.side;
        let at = |row: u32| {
            let (side, event) = pair.rows().get(row).event_from(side)?;
            Some(stage.of(side, event))
        };
        let (Some(from), Some(to)) = (at(first), at(last)) else { continue };
        // Rows follow the alignment, not time.
        let (from, to) = (from.min(to), from.max(to));
        let y = head.bottom() - 6.0;
        if first != last {
            painter.hline(from..=to, head.bottom() - 1.5, Stroke::new(2.0, stage.t.text));
        }
        if !stage.canvas(side).x_range().contains(from) {
            continue;
        }
        Mark::Bookmark.paint(&painter, pos2(from, y), 0.8, stage.t.text);
        let rect = Rect::from_center_size(pos2(from, y), vec2(14.0, 12.0));
        let response = ui.interact(rect, ui.scope_id().with(("bookmark", place)), Sense::click());
        let name = format!("Go to bookmark {}: {}", place + 1, escape(&bookmark.title()));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        if response.on_hover_text(&name).clicked() {
            out.push(PairCommand::Bookmark(BookmarkCommand::Go(place)).into());
        }
    }
}
