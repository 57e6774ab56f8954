//! The strip of the whole pair: how much of each side stands where, and every difference, at a glance.

use egui::{Color32, Mesh, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use super::glyph::Mark;
use super::strip::Strip;
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::trace::{Side, grouped};
use crate::ui::fonts::medium;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Overview, Weight};

/// Room for the names of the sides.
const LABELS: f32 = 92.0;
/// A mark is at least this wide, however many rows there are.
const LEAST_MARK: f32 = 2.0;
/// The pitch of the bars, and the room between two.
const BAR: f32 = 4.0;
const BAR_GAP: f32 = 1.0;
/// From this width of a row on, each difference is drawn by itself.
const SINGLE: f32 = 5.0;
/// Room above the strip for the marks of the answers.
const MARKS: f32 = 18.0;

/// Height of the ticks of a row in sight, above and below, where rows are sorted.
const TICK: f32 = 8.0;
/// Height of the tick of what was found.
const FOUND: f32 = 6.0;

/// Draws the strip.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Overview, ui.max_rect());
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let track = Rect::from_min_max(
        pos2(whole.left() + LABELS, whole.top() + MARKS),
        pos2(whole.right() - 16.0, whole.bottom() - 10.0),
    );
    let response =
        ui.interact(track.expand2(egui::vec2(0.0, 8.0)), ui.scope_id().with("overview"), Sense::click_and_drag());
    let (_, differences) = pair.difference_number();
    response.widget_info(|| {
        let rows = grouped(u64::from(pair.rows().len()));
        let differing = grouped(u64::from(differences));
        let bookmarks = match pair.bookmarks().notes().bookmarks.len() {
            0 => String::new(),
            1 => ", 1 bookmark".to_owned(),
            n => format!(", {n} bookmarks"),
        };
        let found = match pair.search().count() {
            0 => String::new(),
            count => format!(", {} found", grouped(u64::from(count))),
        };
        let sorted = match pair.sorted_in_sight().len() {
            0 => String::new(),
            1 => ", a tick where the row in sight stands".to_owned(),
            n => format!(", ticks where the {n} rows in sight stand"),
        };
        WidgetInfo::labeled(
            Role::Slider,
            true,
            format!("Overview, {rows} rows, {differing} of them differ{found}{bookmarks}{sorted}"),
        )
    });
    let painter = ui.painter().clone();
    let middle = track.center().y.round();
    labels(&painter, whole, track, t);
    painter.rect_filled(track, 3.0, t.bg);
    if pair.rows().is_empty() {
        return;
    }
    let strip = Strip::of(ui, pair);
    let overview = strip.rows(pair, (track.width() * ui.pixels_per_point()) as u32);
    let mut mesh = Mesh::default();
    density(&mut mesh, &strip.bars(pair, (track.width() / BAR) as u32), track, middle, t);
    let compared = !pair.analysis().is_incomparable_pair();
    if !compared {
        // Which events there are is all that is known.
    } else if track.width() / overview.buckets().len() as f32 >= SINGLE {
        single_marks(&mut mesh, &overview, track, t);
    } else {
        marks(&mut mesh, &overview, track, t);
    }
    found(&mut mesh, pair, &overview, track, t);
    painter.add(Shape::mesh(mesh));
    if compared {
        mass(&painter, &overview, track, t);
    }
    window(&painter, pair, &overview, track, t);
    bookmarks(&painter, pair, &overview, track, t);
    answers(&painter, pair, &overview, track, t);
    if let Some(row) = pair.selection().map(|selection| selection.row) {
        let x = track.left() + overview.share_of(row) * track.width();
        let tip =
            [pos2(x - 4.0, track.bottom() + 6.0), pos2(x, track.bottom() + 1.0), pos2(x + 4.0, track.bottom() + 6.0)];
        painter.add(Shape::convex_polygon(tip.to_vec(), t.text, Stroke::NONE));
    }
    if (response.clicked() || response.dragged())
        && let Some(at) = response.interact_pointer_pos()
    {
        let row = overview.row_at((at.x - track.left()) / track.width());
        out.push(PairCommand::ScrollToRow(row).into());
    }
    if response.hovered()
        && let Some(at) = response.hover_pos()
    {
        painter.vline(at.x, track.y_range(), Stroke::new(1.0, t.dim));
    }
}

fn labels(painter: &egui::Painter, whole: Rect, track: Rect, t: &Tokens) {
    let left = whole.left() + 16.0;
    let font = || egui::FontId::monospace(size::SMALL);
    let half = track.height() / 4.0;
    Words::of("Overview", medium(size::SMALL), t.dim).paint(
        painter,
        pos2(left, whole.top() + MARKS / 2.0 + 1.0),
        LABELS,
    );
    for (side, y, colour) in
        [(Side::Expected, track.center().y - half, t.expected), (Side::Actual, track.center().y + half, t.actual)]
    {
        Words::of(side.word(), font(), colour).paint(painter, pos2(left, y), LABELS);
    }
}

/// Blue upwards, amber downwards: a side that lacks events leaves a hole. Bars, so that it is calmer than the marks.
fn density(mesh: &mut Mesh, overview: &Overview, track: Rect, middle: f32, t: &Tokens) {
    let buckets = overview.buckets();
    let step = track.width() / buckets.len() as f32;
    let half = track.height() / 2.0 - 8.0;
    for (i, bucket) in buckets.iter().enumerate() {
        let left = track.left() + i as f32 * step;
        let right = left + (step - BAR_GAP).max(step * 0.5);
        let up = Rect::from_min_max(pos2(left, middle - 1.0 - bucket.expected * half), pos2(right, middle - 1.0));
        let down = Rect::from_min_max(pos2(left, middle + 1.0), pos2(right, middle + 1.0 + bucket.actual * half));
        let calm = |colour: Color32| theme::mix(t.bg, colour, 0.5);
        mesh.add_colored_rect(up, calm(t.expected));
        mesh.add_colored_rect(down, calm(t.actual));
    }
}

/// Every column that holds a difference is marked, at least two points wide. Where columns differ one beside the other
/// they are a mass, the denser the stronger, through which the sides still show.
fn marks(mesh: &mut Mesh, overview: &Overview, track: Rect, t: &Tokens) {
    let buckets = overview.buckets();
    let step = track.width() / buckets.len() as f32;
    let differs = |i: usize| buckets.get(i).is_some_and(|bucket| bucket.worst >= Weight::Different);
    for (i, bucket) in buckets.iter().enumerate() {
        if !differs(i) {
            continue;
        }
        let left = track.left() + i as f32 * step;
        let alone = !differs(i + 1) && (i == 0 || !differs(i - 1));
        let (left, right, colour) = if alone {
            let middle = left + step / 2.0;
            (middle - LEAST_MARK / 2.0, middle + LEAST_MARK / 2.0, t.cause)
        } else {
            let share = bucket.differing as f32 / overview.rows_of(i).len().max(1) as f32;
            (left, left + step, theme::veil(t.cause, 0.45 + 0.4 * share.sqrt()))
        };
        mesh.add_colored_rect(Rect::from_min_max(pos2(left, track.top()), pos2(right, track.bottom())), colour);
    }
}

/// With few rows each difference is a line of its own, in the middle of its place.
fn single_marks(mesh: &mut Mesh, overview: &Overview, track: Rect, t: &Tokens) {
    let step = track.width() / overview.buckets().len() as f32;
    for (i, bucket) in overview.buckets().iter().enumerate() {
        if matches!(bucket.worst, Weight::Different | Weight::Inverted) {
            let middle = (track.left() + (i as f32 + 0.5) * step).round();
            let mark = Rect::from_min_max(pos2(middle - 1.0, track.top()), pos2(middle + 1.0, track.bottom()));
            mesh.add_colored_rect(mark, t.cause);
        }
    }
}

/// The divergence mass: how much of all that differs happened up to a place, from none at the bottom to all at the top.
fn mass(painter: &egui::Painter, overview: &Overview, track: Rect, t: &Tokens) {
    let buckets = overview.buckets();
    let all: u32 = buckets.iter().map(|bucket| bucket.differing).sum();
    if all < 2 {
        return;
    }
    let step = track.width() / buckets.len() as f32;
    let mut so_far = 0;
    let mut points = vec![pos2(track.left(), track.bottom() - 2.0)];
    for (i, bucket) in buckets.iter().enumerate().filter(|(_, bucket)| bucket.differing > 0) {
        let x = track.left() + (i as f32 + 0.5) * step;
        let y = |number: u32| track.bottom() - 2.0 - number as f32 / all as f32 * (track.height() - 4.0);
        points.push(pos2(x, y(so_far)));
        so_far += bucket.differing;
        points.push(pos2(x, y(so_far)));
    }
    points.push(pos2(track.right(), track.top() + 2.0));
    // A step a point of the screen is enough.
    points.dedup_by(|a, b| (a.x - b.x).abs() < 0.5 && (a.y - b.y).abs() < 0.5);
    painter.add(Shape::line(points, Stroke::new(1.5, theme::mix(t.text, t.cause, 0.35))));
}

/// What was found: a tick at the lower edge for every column that holds a row of it.
fn found(mesh: &mut Mesh, pair: &Pair, overview: &Overview, track: Rect, t: &Tokens) {
    if pair.search().count() == 0 {
        return;
    }
    let step = track.width() / overview.buckets().len() as f32;
    for column in 0..overview.buckets().len() {
        if pair.search().any_in(overview.rows_of(column)) {
            let middle = track.left() + (column as f32 + 0.5) * step;
            let (low, half) = (track.bottom(), LEAST_MARK / 2.0);
            let tick = Rect::from_min_max(pos2(middle - half, low - FOUND), pos2(middle + half, low));
            mesh.add_colored_rect(tick, t.warn);
        }
    }
}

fn window(painter: &egui::Painter, pair: &Pair, overview: &Overview, track: Rect, t: &Tokens) {
    let Some((first_row, last_row)) = pair.rows_in_sight() else {
        // Sorted rows stand anywhere: each has a tick of its own.
        for row in pair.sorted_in_sight() {
            let x = track.left() + overview.share_of(row) * track.width();
            let tick = |y: f32| Rect::from_center_size(pos2(x, y), egui::vec2(LEAST_MARK, TICK));
            painter.rect_filled(tick(track.top() + TICK / 2.0), 0.0, t.text);
            painter.rect_filled(tick(track.bottom() - TICK / 2.0), 0.0, t.text);
        }
        return;
    };
    let x = |row: u32, after: f32| {
        let share = overview.share_of(row) + after / pair.rows().len() as f32;
        track.left() + share.clamp(0.0, 1.0) * track.width()
    };
    let (left, right) = (x(first_row, -0.5), x(last_row, 0.5));
    let rect = Rect::from_min_max(pos2(left, track.top()), pos2(right.max(left + 4.0), track.bottom()));
    painter.rect_stroke(rect, 3.0, Stroke::new(1.0, t.dim), StrokeKind::Middle);
    for edge in [rect.left(), rect.right()] {
        let handle = Rect::from_center_size(pos2(edge, rect.center().y), egui::vec2(4.0, 16.0));
        painter.rect_filled(handle, 2.0, t.text);
    }
}

/// A ribbon from the strip's upper edge for each bookmark, a line along it for a range.
fn bookmarks(painter: &egui::Painter, pair: &Pair, overview: &Overview, track: Rect, t: &Tokens) {
    let x = |row: u32| track.left() + overview.share_of(row) * track.width();
    for (first, last) in pair.bookmarks().list().filter_map(|(_, rows)| rows) {
        if first != last {
            painter.hline(x(first)..=x(last), track.top() + 1.0, Stroke::new(2.0, t.text));
        }
        Mark::Bookmark.paint(painter, pos2(x(first), track.top() + 5.0), 0.8, t.text);
    }
}

fn answers(painter: &egui::Painter, pair: &Pair, overview: &Overview, track: Rect, t: &Tokens) {
    let comparison = &pair.analysis().comparison;
    let mut marks: Vec<(u32, Mark)> = Vec::new();
    if let Some(first) = comparison.first_difference {
        marks.push((first.row, Mark::Flag));
    }
    if let Some(cause) = comparison.causes.first() {
        marks.push((cause.row, Mark::Diamond { first: true }));
    }
    if let Some(symptom) = &comparison.first_symptom {
        marks.push((symptom.row, Mark::Ring));
    }
    let mut taken: Vec<f32> = Vec::new();
    for (row, mark) in marks {
        let mut x = track.left() + overview.share_of(row) * track.width();
        // Answers that share a place stand side by side.
        while taken.iter().any(|other| (other - x).abs() < 14.0) {
            x += 14.0;
        }
        taken.push(x);
        mark.paint(painter, pos2(x, track.top() - MARKS / 2.0), 0.9, mark.colour(t));
    }
}
