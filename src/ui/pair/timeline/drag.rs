//! Moving a lane by its name: a line shows where it would be dropped, Escape lets it be where it was.

use egui::{
    Align2, CursorIcon, FontId, Id, Key, Painter, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::app::pair::{LaneCommand, Pair, PairCommand, PairRequest, TimelineCommand};
use crate::trace::escape;
use crate::ui::theme::{self, Tokens, size};

/// So near an edge of the lanes they scroll, and so many points a second at most.
const EDGE: f32 = 32.0;
const SPEED: f32 = 900.0;

/// The lane that is dragged, by its name too: an answer that came meanwhile may know it by another number.
#[derive(Clone)]
struct Dragged {
    lane: u32,
    name: String,
    id: Id,
}

fn key() -> Id {
    Id::unique("the lane that is dragged")
}

/// True while this lane is dragged.
pub fn is_dragged(ui: &Ui, lane: u32) -> bool {
    ui.data(|data| data.get_temp::<Dragged>(key())).is_some_and(|dragged| dragged.lane == lane)
}

/// Begins to drag a lane by its name.
pub fn begin(ui: &Ui, response: &Response, pair: &Pair, lane: u32) {
    if response.drag_started_by(egui::PointerButton::Primary) {
        let name = pair.lanes().list()[lane as usize].name.clone();
        ui.data_mut(|data| data.insert_temp(key(), Dragged { lane, name, id: response.id }));
    }
}

/// Goes on dragging over the lanes, whose names are on the left of `body`: draws where the lane would go, and sends it there.
pub fn show(ui: &Ui, painter: &Painter, pair: &Pair, body: Rect, names: Rect, t: &Tokens, out: &mut Vec<PairRequest>) {
    let Some(Dragged { lane, name, id }) = ui.data(|data| data.get_temp::<Dragged>(key())) else { return };
    let end = || ui.data_mut(|data| data.remove::<Dragged>(key()));
    let (escaped, down, released) = ui.input(|input| {
        (input.key_pressed(Key::Escape), input.pointer.primary_down(), input.pointer.primary_released())
    });
    let same = pair.lanes().list().get(lane as usize).is_some_and(|now| now.name == name);
    let at = ui.input(|input| input.pointer.latest_pos()).filter(|_| same && !escaped && (down || released));
    let drop = at.and_then(|at| pair.timeline().drop_at(lane, at.y.clamp(body.top(), body.bottom()) - body.top()));
    let (Some(at), Some((command, edge))) = (at, drop) else {
        end();
        return;
    };
    if released {
        end();
        out.push(PairCommand::Timeline(TimelineCommand::Lane(lane, command)).into());
        return;
    }
    // The toolkit forgets what is dragged once that is scrolled out of sight.
    if ui.ctx().read_response(id).is_none_or(|name| !name.rect.intersects(body)) {
        ui.interact(Rect::from_min_size(names.min, vec2(1.0, 1.0)), id, Sense::click_and_drag());
    }
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    let beyond = (at.y - (body.bottom() - EDGE)).max(0.0) - (body.top() + EDGE - at.y).max(0.0);
    if beyond.abs() > 0.0 && pair.timeline().scrolls(beyond > 0.0) {
        let seconds = ui.input(|input| input.stable_dt).min(0.05);
        let points = (beyond / EDGE).clamp(-1.0, 1.0) * SPEED * seconds;
        out.push(PairCommand::Timeline(TimelineCommand::Scroll(points)).into());
        ui.ctx().request_repaint();
    }
    let y = (body.top() + edge).clamp(body.top() + 1.0, body.bottom() - 1.0);
    line(ui, painter, pair, (lane, command), Rect::from_x_y_ranges(body.x_range(), y..=y), names, t);
    held(painter, &escape(&name), at, body, t);
}

/// Where the lane would go: strong beside the names, thin through the events.
fn line(
    ui: &Ui,
    painter: &Painter,
    pair: &Pair,
    (lane, command): (u32, LaneCommand),
    rect: Rect,
    names: Rect,
    t: &Tokens,
) {
    let y = rect.top();
    painter.hline(rect.x_range(), y, Stroke::new(1.0, theme::veil(t.expected, 0.6)));
    painter.hline(names.left() + 8.0..=names.right(), y, Stroke::new(2.5, t.expected));
    painter.circle(pos2(names.left() + 8.0, y), 4.0, t.panel, Stroke::new(2.0, t.expected));
    let catch = Rect::from_center_size(pos2(names.center().x, y), vec2(names.width(), 2.0));
    let response = ui.interact(catch, ui.scope_id().with("drop line"), Sense::hover());
    response.widget_info(|| {
        let name = |lane: u32| pair.lanes().list().get(lane as usize).map_or("", |lane| lane.name.as_str());
        let words = match command {
            LaneCommand::Beside { other, .. } if other == lane => format!("Leaves {} where it is", name(lane)),
            LaneCommand::Beside { other, below } => {
                format!("Drops {} {} {}", name(lane), if below { "below" } else { "above" }, name(other))
            }
            _ => String::new(),
        };
        WidgetInfo::labeled(Role::Splitter, true, words)
    });
}

/// The name of the lane, held by the pointer.
fn held(painter: &Painter, name: &str, at: egui::Pos2, body: Rect, t: &Tokens) {
    let words = painter.layout_no_wrap(name.to_owned(), FontId::proportional(size::BODY), t.text);
    let chip = Align2::LEFT_CENTER.anchor_size(at + vec2(14.0, 0.0), words.size() + vec2(16.0, 8.0));
    let chip = chip.translate(vec2((body.right() - chip.right()).min(0.0), 0.0));
    painter.rect(chip, 4.0, t.raised, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
    painter.galley(chip.min + vec2(8.0, 4.0), words, t.text);
}
