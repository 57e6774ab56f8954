//! What happened before what around the selection: a space-time diagram of both sides in one, lanes from left to right, time
//! downwards. What holds on one side only is drawn in its colour, expected's dashed.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use egui::epaint::CubicBezierShape;
use egui::{
    Color32, FontId, Painter, Pos2, Rect, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::cells::Cells;
use super::glyph::{self, Mark};
use super::row;
use super::words::Words;
use crate::analyse::Analysis;
use crate::app::pair::{Hovered, Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::RowClass;
use crate::trace::{Side, escape};
use crate::ui::fonts::{medium, mono_medium};
use crate::ui::parts;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Edge, Node, Order};

/// Rows in the diagram at most: of more nobody follows the lines.
const MOST: usize = 40;
/// Height of a row, and of the names of the lanes above them.
const ROW: f32 = 36.0;
const HEAD: f32 = 44.0;
/// Width of a lane: as wanted, and at least.
const COLUMN: f32 = 220.0;
const COLUMN_LEAST: f32 = 148.0;
/// Radius of a node.
const NODE: f32 = 6.0;
/// Room between what an event is called and its number.
const BEFORE_NUMBER: f32 = 13.0;
/// Room left of the first lane, and around everything.
const MARGIN: f32 = 40.0;

/// Draws the diagram into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Order, ui.max_rect());
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, t.bg);
    let Some(selected) = pair.selection().map(|selection| selection.row) else {
        ui.allocate_rect(whole, Sense::hover());
        let aside = if pair.rows().is_empty() {
            "Neither side has an event."
        } else {
            "Select one in “Events” or on the “Timeline”: what led to it and what came of it is drawn here."
        };
        parts::nothing(ui, whole, "There is no event to start from", aside);
        return;
    };
    let order = Kept::of(ui, pair, selected);
    let number = order.columns.len().max(1) as f32;
    let column = ((whole.width() - MARGIN * 2.0) / number).clamp(COLUMN_LEAST, COLUMN).floor();
    let plan = Plan { pair, order: &order, t, cells: Cells::of(ui, pair), column, selected };
    let height = HEAD + order.nodes.len() as f32 * ROW + MARGIN;
    let room = vec2((number * column + MARGIN * 2.0).max(whole.width()), height.max(whole.height()));
    let mut area = ScrollArea::both().id_salt("order").auto_shrink(false);
    if let Some(place) = newly_selected(ui, pair, selected, &order) {
        let y = HEAD + place as f32 * ROW - whole.height() / 2.0;
        let x = MARGIN + order.nodes[place].column as f32 * column - whole.width() / 2.0;
        area = area
            .vertical_scroll_offset(y.clamp(0.0, (height - whole.height()).max(0.0)))
            .horizontal_scroll_offset(x.clamp(0.0, (room.x - whole.width()).max(0.0)));
    }
    let mut hovered = None;
    area.show(ui, |ui| {
        let (rect, ground) = ui.allocate_exact_size(room, Sense::hover());
        ground.widget_info(|| {
            let words = format!(
                "Order, {} rows on {} lanes around row {}",
                order.nodes.len(),
                order.columns.len(),
                selected + 1
            );
            WidgetInfo::labeled(Role::Canvas, true, words)
        });
        plan.lanes(ui.painter(), rect);
        for edge in &order.edges {
            plan.edge(ui.painter(), rect, edge);
        }
        for (place, node) in order.nodes.iter().enumerate() {
            if plan.node(ui, rect, place, *node, out) {
                hovered = Some(Hovered::Row(node.row));
            }
        }
        plan.names(ui, rect, whole);
    });
    if hovered != pair.hover() {
        out.push(PairCommand::Hover(hovered).into());
    }
    legend(ui, whole, order.cut, t);
}

/// The place of the selected node, when it was not selected in the frame before.
fn newly_selected(ui: &Ui, pair: &Pair, selected: u32, order: &Order) -> Option<usize> {
    let id = egui::Id::unique("order shows");
    let now = (Arc::as_ptr(pair.analysis()) as usize, selected);
    let before = ui.data_mut(|data| data.get_temp::<(usize, u32)>(id));
    ui.data_mut(|data| data.insert_temp(id, now));
    (before != Some(now)).then(|| order.nodes.iter().position(|node| node.row == selected)).flatten()
}

/// The diagram of the last frame, which is made anew only for another row.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Around>>);

/// The diagram around a row of an analysis.
type Around = (Weak<Analysis>, u32, Arc<Order>);

impl Kept {
    fn of(ui: &Ui, pair: &Pair, row: u32) -> Arc<Order> {
        let id = egui::Id::unique("order diagram");
        let kept: Self = ui.data_mut(|data| data.get_temp_mut_or_default::<Self>(id).clone());
        let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let analysis = Arc::downgrade(pair.analysis());
        if !kept.0.ptr_eq(&analysis) || kept.1 != row || kept.2.nodes.is_empty() {
            let order = Order::around(pair.compared(), pair.lanes(), row, MOST);
            *kept = (analysis, row, Arc::new(order));
        }
        kept.2.clone()
    }
}

/// What everything in the diagram is drawn by.
struct Plan<'a> {
    pair: &'a Pair,
    order: &'a Order,
    t: &'a Tokens,
    /// What is read of the events' texts.
    cells: Cells,
    column: f32,
    selected: u32,
}

impl Plan<'_> {
    fn x(&self, rect: Rect, column: u32) -> f32 {
        (rect.left() + MARGIN + column as f32 * self.column).round()
    }

    fn at(&self, rect: Rect, place: usize) -> Pos2 {
        let column = self.order.nodes[place].column;
        pos2(self.x(rect, column), rect.top() + HEAD + (place as f32 + 0.5) * ROW)
    }

    /// Where the pointer catches a node.
    fn caught(&self, at: Pos2) -> Rect {
        Rect::from_min_max(at - vec2(12.0, ROW / 2.0 - 2.0), at + vec2(self.column - 16.0, ROW / 2.0 - 2.0))
    }

    fn lanes(&self, painter: &Painter, rect: Rect) {
        for column in 0..self.order.columns.len() as u32 {
            let x = self.x(rect, column);
            painter.vline(x, rect.top() + HEAD..=rect.bottom(), Stroke::new(1.0, self.t.line_soft));
        }
    }

    /// The names of the lanes, which stay above what scrolls.
    fn names(&self, ui: &Ui, rect: Rect, whole: Rect) {
        let clip = ui.clip_rect().with_min_y(whole.top());
        let painter = ui.painter().with_clip_rect(clip);
        let head = Rect::from_min_max(pos2(rect.left(), whole.top()), pos2(rect.right(), whole.top() + HEAD - 8.0));
        painter.rect_filled(head, 0.0, self.t.bg);
        painter.hline(head.x_range(), head.bottom(), Stroke::new(1.0, self.t.line));
        for (column, &lane) in self.order.columns.iter().enumerate() {
            let info = &self.pair.lanes().list()[lane as usize];
            let (word, value) = info.name.split_at(info.name.find(':').map_or(0, |colon| colon + 1));
            let words = Words::of(&escape(word), FontId::proportional(size::LABEL), self.t.dim).add(
                &escape(value),
                medium(size::LABEL),
                if info.has_cause { self.t.cause } else { self.t.text },
            );
            let at = pos2(self.x(rect, column as u32) - 8.0, head.center().y);
            words.paint(&painter, at, self.column - 12.0);
        }
    }

    fn edge(&self, painter: &Painter, rect: Rect, edge: &Edge) {
        let (from, to) = (self.at(rect, edge.from as usize), self.at(rect, edge.to as usize));
        let t = self.t;
        let near = [edge.from, edge.to].iter().any(|&place| self.order.nodes[place as usize].row == self.selected);
        let strong = if near { 1.0 } else { 0.65 };
        let (colour, dashed, width) = match (edge.on.expected, edge.on.actual) {
            (true, true) => (theme::mix(t.bg, t.dim, if near { 1.0 } else { 0.7 }), false, 1.0),
            (true, false) => (theme::veil(t.expected, strong), true, 1.5),
            _ => (theme::veil(t.actual, strong), false, 1.5),
        };
        let width = if near { width + 0.5 } else { width };
        let points = Self::path(from, to);
        let stroke = Stroke::new(width, colour);
        if dashed {
            painter.extend(Shape::dashed_line(&points, stroke, 5.0, 4.0));
        } else {
            painter.add(Shape::line(points.clone(), stroke));
        }
        arrow(painter, &points, colour);
        if near {
            self.why(painter, rect, &points, edge, colour);
        }
    }

    /// On one lane straight, or around what stands between; else a bow.
    fn path(from: Pos2, to: Pos2) -> Vec<Pos2> {
        let straight = (from.x - to.x).abs() < 1.0;
        let near = (to.y - from.y).abs() < ROW * 1.5;
        if straight && near && to.y > from.y {
            return vec![from, to];
        }
        let bow = if straight { -18.0 - ((to.y - from.y).abs() / ROW).min(6.0) * 3.0 } else { 0.0 };
        let lift = ((to.y - from.y) * 0.4).abs().max(14.0);
        let points = [from, from + vec2(bow, lift), to + vec2(bow, -lift), to];
        CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::NONE).flatten(Some(0.2))
    }

    /// What makes it so, in words beside the edge.
    fn why(&self, painter: &Painter, rect: Rect, points: &[Pos2], edge: &Edge, colour: Color32) {
        let words: Vec<_> = edge.why.iter().map(|&why| escape(self.pair.lanes().why_word(why))).collect();
        let words = words.join(" · ");
        let words = Words::of(&words, FontId::monospace(size::SMALL), colour);
        let line = words.clone().layout(painter, f32::INFINITY);
        let whole = line.width();
        let ground = |share: f32, width: f32| {
            let along = share * (points.len() - 1) as f32;
            let at = points[along as usize].lerp(points[(along as usize + 1).min(points.len() - 1)], along.fract());
            let at = at + vec2(5.0, -7.0);
            Rect::from_min_size(at, vec2(width.min(rect.right() - at.x - 6.0) + 6.0, 14.0))
        };
        // Where it would hide the words of a node it stands elsewhere on the line.
        let hides = |ground: &Rect| {
            (0..self.order.nodes.len())
                .any(|place| self.caught(self.at(rect, place)).shrink2(vec2(0.0, 8.0)).intersects(*ground))
        };
        // They are cut to a column only where they have no free place as a whole.
        let shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
        let widths = [whole, whole.min(self.column)];
        let places = widths.into_iter().flat_map(|width| shares.map(|share| ground(share, width)));
        let Some(ground) = places.into_iter().find(|ground| !hides(ground)) else { return };
        let at = ground.left_center() + vec2(3.0, 0.0);
        painter.rect_filled(ground, 3.0, theme::veil(self.t.bg, 0.85));
        let room = ground.width() - 6.0;
        // What adding and taking away the margin rounds off is no reason to lay it out again.
        let line = if room < whole - 0.1 { words.layout(painter, room) } else { line };
        line.paint(painter, at);
    }

    /// Draws a node; true when the pointer is over it.
    fn node(&self, ui: &Ui, rect: Rect, place: usize, node: Node, out: &mut Vec<PairRequest>) -> bool {
        let (t, pair) = (self.t, self.pair);
        let at = self.at(rect, place);
        let content = pair.rows().get(node.row);
        let side = if content.actual.is_some() { Side::Actual } else { Side::Expected };
        let Some(event) = content.event(side) else { return false };
        let catch = self.caught(at);
        let response = ui.interact(catch, ui.scope_id().with(("order", node.row)), Sense::click());
        let selected = node.row == self.selected;
        let answers = row::answers(pair, node.row);
        response.widget_info(|| {
            let name = format!(
                "row {}, {side} #{event} {}, {}{}",
                u64::from(node.row) + 1,
                self.cells.name(pair, node.row, side, event),
                row::class_word(pair, node.row),
                if selected { ", selected" } else { "" }
            );
            WidgetInfo::selected(Role::ListItem, true, selected, name)
        });
        let painter = ui.painter();
        if selected || response.hovered() || pair.is_lit(node.row) {
            // What stands on a line beside it is not covered.
            painter.rect_filled(catch.shrink2(vec2(0.0, 4.0)), 4.0, if selected { t.selection } else { t.raised });
        }
        let colour = match content.class {
            RowClass::Same if !content.inverted => t.dim,
            RowClass::Missing => t.expected,
            _ => t.actual,
        };
        painter.circle_filled(at, NODE + 2.0, t.bg);
        match answers.iter().copied().max_by_key(|mark| matches!(mark, Mark::Diamond { .. })) {
            Some(mark) => mark.paint(painter, at, 1.1, mark.colour(t)),
            None if content.class == RowClass::Missing => {
                painter.circle_stroke(at, NODE, Stroke::new(1.5, colour));
            }
            None => {
                painter.circle_filled(at, NODE - 1.0, colour);
            }
        }
        if selected {
            painter.circle_stroke(at, NODE + 4.0, Stroke::new(1.5, t.text));
        }
        let mut left = at.x + NODE + 10.0;
        if let Some(mark) = row::class_mark(self.pair, content) {
            mark.paint(painter, pos2(left + 3.0, at.y), 0.75, mark.colour(t));
            left += 14.0;
        }
        let ink = if colour == t.dim { t.dim } else { t.text };
        let called = self.cells.short_name(pair, node.row, side, event);
        // By itself a kind is laid out once for all its events.
        let room = catch.right() - left - 4.0;
        let kind = Words::of(&called, mono_medium(size::LABEL), ink).layout(painter, room);
        let number = Words::of(&format!("#{event}"), FontId::monospace(size::SMALL), t.dim).layout(painter, room);
        // The number goes before the kind is cut.
        let behind = kind.width() + BEFORE_NUMBER;
        let number = Some(number).filter(|number| behind + number.width() <= room);
        if !selected && !response.hovered() {
            // Lines that pass do not strike the words through.
            let width = number.as_ref().map_or(kind.width(), |number| behind + number.width());
            let ground = Rect::from_min_size(pos2(left - 3.0, at.y - 8.0), vec2(width + 6.0, 16.0));
            painter.rect_filled(ground, 3.0, theme::veil(t.bg, 0.85));
        }
        kind.paint(painter, pos2(left, at.y));
        if let Some(number) = number {
            number.paint(painter, pos2(left + behind, at.y));
        }
        let wide = self.column > COLUMN_LEAST * 1.2;
        if wide && content.event(side.other()).is_none() && content.class != RowClass::Same && !content.unrecorded {
            // What the other side lacks is hatched beside it, so that it is not told by colour alone.
            let gap = Rect::from_min_size(pos2(catch.right() - 14.0, at.y - 7.0), vec2(12.0, 14.0));
            glyph::hatch(painter, gap, t.raised, theme::mix(t.line, t.dim, 0.4));
        }
        if response.clicked() {
            out.push(PairCommand::SelectCell(node.row, side).into());
        }
        if response.has_focus() {
            painter.rect_stroke(catch, 4.0, Stroke::new(1.0, t.expected), StrokeKind::Inside);
        }
        response.hovered()
    }
}

/// A small head at the end of a line, short of the node.
fn arrow(painter: &Painter, points: &[Pos2], colour: Color32) {
    let (Some(tip), Some(base)) = (back(points, NODE + 3.0), back(points, NODE + 9.0)) else { return };
    let along = (tip - base).normalized();
    let across = vec2(-along.y, along.x);
    let head = vec![tip, base + across * 3.0, base - across * 3.0];
    painter.add(Shape::convex_polygon(head, colour, Stroke::NONE));
}

/// The point of a line that is so far before its end, along the line.
fn back(points: &[Pos2], mut way: f32) -> Option<Pos2> {
    let mut at = *points.last()?;
    for &before in points.iter().rev().skip(1) {
        let step = at.distance(before);
        if step >= way && step > 0.0 {
            return Some(at.lerp(before, way / step));
        }
        (at, way) = (before, way - step);
    }
    Some(at)
}

/// What the lines mean, in the lower left corner.
fn legend(ui: &Ui, whole: Rect, cut: bool, t: &Tokens) {
    let painter = ui.painter_at(whole);
    let mut words =
        vec![("on both sides", t.dim, false), ("only expected", t.expected, true), ("only actual", t.actual, false)];
    if cut {
        words.push(("more around these", t.dim, true));
    }
    let ground = Rect::from_min_max(pos2(whole.left(), whole.bottom() - 28.0), whole.max);
    painter.rect_filled(ground, 0.0, t.panel);
    painter.hline(ground.x_range(), ground.top(), Stroke::new(1.0, t.line));
    let mut x = ground.left() + 16.0;
    let lines = words.len();
    for (at, (text, colour, dashed)) in words.into_iter().enumerate() {
        let y = ground.center().y;
        if at < 3 || !cut || at + 1 < lines {
            let ends = [pos2(x, y), pos2(x + 22.0, y)];
            if dashed {
                painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, colour), 5.0, 4.0));
            } else {
                painter.line_segment(ends, Stroke::new(1.5, colour));
            }
            x += 30.0;
        }
        let shown = Words::of(text, FontId::proportional(size::SMALL), t.dim).paint(&painter, pos2(x, y), 200.0).0;
        x = shown.right() + 20.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_lies_on_the_last_points_of_its_line() {
        let points = Plan::path(pos2(0.0, 0.0), pos2(120.0, 36.0));
        let close = |at: Pos2| {
            let near = |pair: &[Pos2]| {
                let (a, b) = (pair[0], pair[1]);
                let along = ((at - a).dot(b - a) / (b - a).length_sq().max(1e-6)).clamp(0.0, 1.0);
                at.distance(a.lerp(b, along))
            };
            points.windows(2).map(near).fold(f32::INFINITY, f32::min)
        };
        for way in [NODE + 3.0, NODE + 9.0] {
            let at = back(&points, way).unwrap();
            assert!(close(at) < 0.1, "{at:?} is beside the line");
        }
        let line = [pos2(0.0, 0.0), pos2(0.0, 4.0), pos2(0.0, 20.0)];
        assert_eq!(back(&line, 9.0), Some(pos2(0.0, 11.0)));
        assert_eq!(back(&line, 18.0), Some(pos2(0.0, 2.0)), "over more than one piece");
        assert_eq!(back(&line, 90.0), Some(pos2(0.0, 0.0)), "a short line is taken whole");
    }
}
