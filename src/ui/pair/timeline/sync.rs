//! The sync points on the axis of the timeline: a mark each, and a dotted line through all lanes.

use egui::{Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use crate::app::pair::{PairCommand, PairRequest, SyncCommand};
use crate::ui::pair::glyph::Mark;
use crate::ui::theme;
use crate::view::Axis;

/// Draws the points, each a link to its row.
pub fn show(ui: &Ui, stage: &Stage<'_>, head: Rect, body: Rect, out: &mut Vec<PairRequest>) {
    let pair = stage.pair;
    if stage.scale.axis() != Axis::Time {
        return;
    }
    let painter = ui.painter_at(head.union(body).with_min_x(stage.whole().left()));
    for (place, (row, (side, event))) in pair.sync_points().enumerate() {
        for &shown in stage.sides() {
            let x = painter.round_to_pixel_center(stage.at(shown, stage.scale.x(side, event)));
            if !stage.canvas(shown).x_range().contains(x) {
                continue;
            }
            let line = [pos2(x, head.bottom()), pos2(x, body.bottom())];
            let stroke = Stroke::new(1.0, theme::veil(stage.t.text, 0.55));
            painter.extend(Shape::dashed_line(&line, stroke, 1.5, 4.0));
            let at = pos2(x, head.bottom() - 6.0);
            Mark::Sync.paint(&painter, at, 0.9, stage.t.text);
            let rect = Rect::from_center_size(at, vec2(14.0, 12.0));
            let response = ui.interact(rect, ui.scope_id().with(("sync point", place, shown)), Sense::click());
            let name = format!("Go to sync point {}: {}", place + 1, pair.sync_words(row));
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
            if response.on_hover_text(&name).clicked() {
                out.push(PairCommand::Sync(SyncCommand::Go(place)).into());
            }
        }
    }
}
