//! The services as a table: how long each works in a request, how many spans fail, how many requests come by; before and now.

use egui::{FontId, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use crate::app::Command;
use crate::app::requests::{RequestsCommand, RequestsPage, SERVICE_HEIGHT};
use crate::report::{Figure, population as report, service_figures};
use crate::trace::{Side, Sides, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::pair::words::Words;
use crate::ui::pair::{Mark, scrollbar};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{hints, parts};

/// Height of the heading.
const HEADING: f32 = 44.0;
/// Room for the mark before a name.
const INDENT: f32 = 40.0;
/// Width of one number; a column has two.
const NUMBER: f32 = 56.0;
/// Room between two columns.
const GAP: f32 = 16.0;
/// A name has at least this room: columns that leave less are left out.
const NAME: f32 = 96.0;

/// The titles of the columns, in the order of [`service_figures`]; the one that is left out first at the end.
const COLUMNS: &[&str] = &["OWN TIME", "FAILED", "REQUESTS", "SPANS"];
/// Those of tables of metrics.
const MEASURES: &[&str] = &["LATENCY", "FAILED", "A ROW"];

fn columns(page: &RequestsPage) -> &'static [&'static str] {
    if page.is_metrics() { MEASURES } else { COLUMNS }
}

/// Draws the table into all the room there is; the service that the pointer is over.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) -> Option<usize> {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let (heading, body) = whole.split_top_bottom_at_y(whole.top() + HEADING);
    let (table, bar) = body.split_left_right_at_x(body.right() - scrollbar::WIDTH);
    if (page.table().viewport() - table.height()).abs() > 0.5 {
        out.push(RequestsCommand::Viewport(table.height()).into());
    }
    let room = table.width() - INDENT - NAME - GAP;
    let all = columns(page);
    let columns = &all[..((room / (NUMBER * 2.0 + GAP)) as usize).clamp(1, all.len())];
    head(ui, heading, table.right(), columns, t);
    let ground = ui.interact(table, ui.scope_id().with("services"), Sense::hover());
    ground.widget_info(|| {
        WidgetInfo::labeled(Role::Table, true, format!("Services, {}", grouped(page.services().len() as u64)))
    });
    let scroll = ui.input(|input| input.smooth_scroll_delta().y);
    if ground.contains_pointer() && scroll.abs() > 0.0 {
        out.push(RequestsCommand::Scroll(-scroll).into());
    }
    let painter = ui.painter_at(table);
    let mut hovered = None;
    for place in page.table().visible() {
        let top = table.top() + page.table().y_of(place);
        let rect = Rect::from_min_size(pos2(table.left(), top), egui::vec2(table.width(), SERVICE_HEIGHT));
        if line(ui, &painter, page, place as usize, columns.len(), rect, out) {
            hovered = Some(place as usize);
        }
    }
    if let Some(share) = scrollbar::bar(ui, bar, page.table(), "Scroll services", t) {
        out.push(RequestsCommand::ScrollTo(share).into());
    }
    hovered
}

/// Where the numbers of a column end: expected's and actual's.
fn ends(right: f32, columns: usize, column: usize) -> Sides<f32> {
    let actual = right - GAP - (columns - 1 - column) as f32 * (NUMBER * 2.0 + GAP);
    Sides::new(actual - NUMBER, actual)
}

fn colour(side: Side, t: &Tokens) -> egui::Color32 {
    if side == Side::Expected { t.expected } else { t.actual }
}

fn head(ui: &Ui, rect: Rect, right: f32, columns: &[&str], t: &Tokens) {
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, t.panel);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let title = |text: &str| Words::of(text, semibold(size::SMALL), t.dim);
    let (y1, y2) = (rect.top() + 14.0, rect.top() + 31.0);
    title("SERVICE").paint(&painter, pos2(rect.left() + INDENT, y2), NAME);
    for (at, column) in columns.iter().enumerate() {
        let ends = ends(right, columns.len(), at);
        title(column).paint_right(&painter, pos2(ends.actual, y1), NUMBER * 2.0 + GAP / 2.0);
        for (side, word) in [(Side::Expected, "expected"), (Side::Actual, "actual")] {
            let word = Words::of(word, FontId::proportional(size::SMALL), colour(side, t));
            word.paint_right(&painter, pos2(ends[side], y2), NUMBER);
        }
    }
}

/// Draws a service; true when the pointer is over it.
fn line(
    ui: &Ui,
    painter: &Painter,
    page: &RequestsPage,
    place: usize,
    columns: usize,
    rect: Rect,
    out: &mut Vec<Command>,
) -> bool {
    let t = theme::tokens(ui);
    let population = page.population();
    let service = page.services()[place];
    let name = report::word(population, service);
    let selected = place == page.service();
    let ranked = place < population.ranking.suspects.len();
    let figures = service_figures(page.survey(), service);
    let number = |figure: &Figure, side: Side| figure.words[side].clone().unwrap_or_else(|| "–".to_owned());
    let response = ui.interact(rect, ui.scope_id().with(("line", place)), Sense::click());
    let lit = response.hovered() || page.hover() == Some(place);
    response.widget_info(|| {
        let said = |figure: &Figure| {
            format!("{} {} before, {} now", figure.said, number(figure, Side::Expected), number(figure, Side::Actual))
        };
        let all: Vec<String> = figures.iter().map(said).collect();
        let rank = if ranked { format!(", ranked {}", place + 1) } else { String::new() };
        let now = if lit { ", lit" } else { "" };
        WidgetInfo::selected(Role::Row, true, selected, format!("{name}{rank}: {}{now}", all.join("; ")))
    });
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if lit || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    let y = rect.center().y;
    if place == 0 && population.ranking.clear().is_some() {
        Mark::Diamond { first: true }.paint(painter, pos2(rect.left() + 22.0, y), 0.9, t.cause);
    }
    let first = ends(rect.right(), columns, 0).expected - NUMBER;
    let left = rect.left() + INDENT;
    Words::of(&name, medium(size::BODY), t.text).paint(painter, pos2(left, y), first - left - GAP);
    for (at, figure) in figures.iter().take(columns).enumerate() {
        let ends = ends(rect.right(), columns, at);
        let worse = figure.worse;
        for side in Side::BOTH {
            let colour = if side == Side::Actual && worse { t.cause } else { colour(side, t) };
            let font = FontId::monospace(size::LABEL);
            let shown = Words::of(&number(figure, side), font, colour);
            let shown = shown.paint_right(painter, pos2(ends[side], y), NUMBER - 4.0);
            if side == Side::Actual && worse {
                // Not by colour alone.
                painter.hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, colour));
            }
        }
    }
    parts::focus_ring(ui, &response, rect.shrink(2.0));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if response.clicked() {
        out.push(RequestsCommand::Service(place).into());
    }
    if response.double_clicked() {
        out.push(RequestsCommand::Evidence(place, 0).into());
    }
    let hovered = response.hovered();
    if ranked {
        response.on_hover_text(hints::with_key(
            ui,
            if page.is_metrics() {
                "A double click shows its metrics"
            } else {
                "A double click shows a request that shows what changed"
            },
            "fold-span",
        ));
    }
    hovered
}
