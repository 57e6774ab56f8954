//! The aligned events: one scroll, two cells a row, so that the sides cannot drift apart.

use egui::{Painter, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::cells::Cells;
use super::columns::Columns;
use super::glyph::{self, Mark};
use super::row::{self, RowView};
use super::words::Words;
use super::{chooser, heading, links, scrollbar, tail};
use crate::app::pair::{Hovered, LINE_HEIGHT, Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::trace::{escape, grouped};
use crate::ui::fonts::medium;
use crate::ui::parts;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Line, Run, RunKind};

/// The list of columns takes at most this height, and this share of the table's.
const CHOOSER: f32 = 220.0;
/// Room above and below it.
const CHOOSER_PAD: f32 = 8.0;
const CHOOSER_SHARE: f32 = 0.45;

/// Draws the table into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Events, ui.max_rect());
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let mut below_list = whole;
    if pair.columns().is_open() {
        let needed_id = ui.scope_id().with("height of the columns");
        let needed = ui.data(|data| data.get_temp::<f32>(needed_id)).unwrap_or(CHOOSER);
        let height = (needed + 2.0 * CHOOSER_PAD).min(CHOOSER).min(whole.height() * CHOOSER_SHARE);
        let (list, below) = whole.split_top_bottom_at_y(whole.top() + height);
        ui.painter().rect_filled(list, 0.0, t.panel);
        ui.painter().hline(list.x_range(), list.bottom() - 0.5, Stroke::new(1.0, t.line));
        let builder = egui::UiBuilder::new().id_salt("columns").max_rect(list.shrink2(vec2(12.0, CHOOSER_PAD)));
        let now = chooser::show(&mut ui.new_child(builder), pair, t, out);
        if (now - needed).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(needed_id, now));
            ui.ctx().request_repaint();
        }
        below_list = below;
    }
    let (header, mut body) =
        below_list.split_top_bottom_at_y(below_list.top() + heading::height(pair, below_list.height()));
    let mut order = None;
    if pair.sorting().sort().is_some() {
        let (line, below) = body.split_top_bottom_at_y(body.top() + heading::ORDER);
        (order, body) = (Some(line), below);
    }
    ui.painter().rect_filled(body, 0.0, t.bg);
    let (table, bar) = body.split_left_right_at_x(body.right() - scrollbar::WIDTH);
    if (pair.scroller().viewport() - body.height()).abs() > 0.5 {
        out.push(PairCommand::Viewport(body.height()).into());
    }
    let columns = Columns::new(ui, pair, table);
    heading::show(ui, pair, header, &columns, t, out);
    if let Some(line) = order {
        heading::order(ui, pair, line, t, out);
    }
    if pair.all_lines() == 0 {
        let reason = pair.analysis().comparison.reason.as_deref().unwrap_or("Neither side has an event.");
        parts::nothing(ui, body, "Nothing to align", &escape(reason));
        return;
    }

    let ground = ui.interact(table, ui.scope_id().with("events"), Sense::hover());
    ground
        .widget_info(|| WidgetInfo::labeled(Role::Table, true, format!("Aligned events, {} rows", pair.rows().len())));
    scroll(ui, &ground, out);

    let painter = ui.painter_at(table);
    painter.vline(columns.spine, table.y_range(), Stroke::new(1.0, t.line));
    let cells = Cells::of(ui, pair);
    let mut hovered = None;
    let answered = pair.lines().count();
    let visible = pair.scroller().visible();
    let rows = visible.clone().filter(|line| *line < answered).filter_map(|line| match pair.lines().at(line) {
        Line::Row(row) => Some(row),
        Line::Fold(_) => None,
    });
    cells.prepare(pair, rows);
    for line in visible {
        let top = table.top() + pair.scroller().y_of(line);
        let rect = Rect::from_min_size(pos2(table.left(), top), vec2(table.width(), LINE_HEIGHT));
        if line >= answered {
            tail::show(ui, &painter, pair, (&cells, &columns, t), (line - answered, rect), out);
            continue;
        }
        match pair.lines().at(line) {
            Line::Row(row) => {
                let view = RowView { pair, cells: &cells, columns: &columns, t, row, rect };
                if row::show(ui, &painter, &view, out) {
                    hovered = Some(row);
                }
            }
            Line::Fold(run) => fold(ui, &painter, pair, run, rect, t, out),
        }
    }
    links::show(&painter, pair, &columns, table, t);
    let hovered = hovered.map(Hovered::Row);
    if hovered != pair.hover() {
        out.push(PairCommand::Hover(hovered).into());
    }
    scrollbar::show(ui, pair, bar, t, out);
}

fn scroll(ui: &Ui, ground: &Response, out: &mut Vec<PairRequest>) {
    if !ground.contains_pointer() {
        return;
    }
    let delta = ui.input(|input| input.smooth_scroll_delta().y);
    if delta.abs() > 0.0 {
        out.push(PairCommand::ScrollBy(-delta).into());
    }
}

fn fold(ui: &Ui, painter: &Painter, pair: &Pair, run: Run, rect: Rect, t: &Tokens, out: &mut Vec<PairRequest>) {
    let words = match (pair.fold_words(run), pair.came_in(run.start..run.start + run.len)) {
        (words, 0) => words,
        (words, came) => format!("{words}, {} of them came since", grouped(came as u64)),
    };
    let response = ui.interact(rect, ui.scope_id().with(("fold", run.start)), Sense::click());
    let selected =
        pair.selection().is_some_and(|selection| selection.row >= run.start && selection.row - run.start < run.len)
            || pair.is_in_range(run.start);
    response.widget_info(|| {
        let (first, last) = (u64::from(run.start) + 1, u64::from(run.start) + u64::from(run.len));
        let name = format!("{words}, rows {first} to {last}, folded{}", if selected { ", selected" } else { "" });
        WidgetInfo::selected(Role::Button, true, selected, name)
    });
    let lit = response.hovered() || response.has_focus();
    painter.rect_filled(rect, 0.0, if selected || lit { t.selection } else { t.panel });
    let colour = if selected || lit || matches!(run.kind, RunKind::Burst(_)) { t.text } else { t.dim };
    let line = Words::of(&escape(&words), medium(size::LABEL), colour).layout(painter, rect.width() - 80.0);
    let left = pos2(rect.center().x - line.width() / 2.0 - 8.0, rect.center().y);
    let right = left.x + line.width();
    let mark = match run.kind {
        RunKind::Unrecorded => Some((Mark::Unrecorded, colour)),
        RunKind::Burst(_) => Mark::of(pair.rows().get(run.start)).map(|mark| (mark, mark.colour(t))),
        RunKind::Equal | RunKind::Filtered => None,
    };
    if let Some((mark, colour)) = mark {
        mark.paint(painter, left - vec2(16.0, 0.0), 0.9, colour);
    }
    line.paint(painter, left);
    glyph::chevron(painter, pos2(right + 12.0, rect.center().y), true, colour);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if response.clicked() {
        out.push(PairCommand::ToggleFoldOf(run.start).into());
    }
}
