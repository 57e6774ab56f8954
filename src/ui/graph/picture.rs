//! A graph as a picture for a document: its title, all of it, and a key to what is seen in it.

use egui::{FontId, Stroke, Ui, Vec2, pos2, vec2};

use super::key::{ENTRY, entry, key};
use super::{Asked, Drawing, MARGIN};
use crate::app::graph::GraphPicture;
use crate::trace::escape;
use crate::ui::fonts::semibold;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Room for the title and the line below it.
const HEAD: f32 = 76.0;
/// Room above the graph for ways that lead back over it.
const ABOVE: f32 = 64.0;
/// A picture is at least so wide.
const LEAST: f32 = 760.0;
/// Height of a line of the key.
const LINE: f32 = 28.0;

/// How large a picture is, in points.
pub fn picture_size(picture: &GraphPicture) -> Vec2 {
    let [width, height] = picture.seen().layout.size;
    let width = (width + MARGIN * 2.0).max(LEAST).ceil();
    let entries = key(&picture.seen(), theme::of_picture(picture.dark)).len();
    let lines = entries.div_ceil(per_line(width)) as f32;
    vec2(width, (HEAD + ABOVE + height + MARGIN + LINE * lines + 24.0).ceil())
}

fn per_line(width: f32) -> usize {
    ((width - MARGIN * 2.0) / ENTRY).max(1.0) as usize
}

/// Draws a picture into all the room there is.
pub fn picture(ui: &mut Ui, picture: &GraphPicture) {
    let t = theme::tokens(ui);
    let whole = ui.max_rect();
    let seen = picture.seen();
    ui.painter().rect_filled(whole, 0.0, t.bg);
    let width = whole.width() - MARGIN * 2.0;
    let left = whole.left() + MARGIN;
    let side = seen.side.map_or_else(String::new, |side| format!(" · {side} alone"));
    let title = format!("{}{side}", escape(&picture.title));
    Words::of(&title, semibold(size::TITLE), t.text).paint(ui.painter(), pos2(left, whole.top() + 32.0), width);
    let line = Words::of(&escape(&picture.line), FontId::proportional(size::LABEL), t.dim);
    line.paint(ui.painter(), pos2(left, whole.top() + 54.0), width);
    ui.painter().hline(whole.x_range(), whole.top() + HEAD, Stroke::new(1.0, t.line));
    let [drawn, height] = seen.layout.size;
    let origin = pos2((whole.center().x - drawn / 2.0).round(), whole.top() + HEAD + ABOVE);
    Drawing { seen, elsewhere: "" }.draw(ui, t, origin, 1.0, &mut Asked::default());
    let top = origin.y + height + MARGIN;
    ui.painter().hline(whole.x_range(), top - 8.0, Stroke::new(1.0, t.line));
    for (at, (sample, says)) in key(&seen, t).into_iter().enumerate() {
        let (row, column) = (at / per_line(whole.width()), at % per_line(whole.width()));
        let place = pos2(left + column as f32 * ENTRY, top + 8.0 + (row as f32 + 0.5) * LINE);
        entry(ui.painter(), place, sample, says, t);
    }
}
