//! The bar at the bottom: where we are, what was compared, what was wrong with the input, what is running.

use egui::{FontId, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::replay;
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::trace::{escape, grouped};
use crate::ui::bars::{self, GAP, Status, said};
use crate::ui::fonts::medium;
use crate::ui::hints;
use crate::ui::theme::{self, Tokens, size};

/// Draws the bar.
pub fn show(ui: &mut Ui, pair: &Pair, status: &Status, out: &mut Vec<PairRequest>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let y = rect.center().y;
    let mut left = rect.left() + 12.0;
    for (name, arrow, command) in [
        ("First difference", Arrow::First, PairCommand::FirstDifference),
        ("Previous difference", Arrow::Back, PairCommand::PreviousDifference),
        ("Next difference", Arrow::On, PairCommand::NextDifference),
    ] {
        if button(ui, pos2(left + 14.0, y), name, arrow, t) {
            out.push(command.into());
        }
        left += 28.0;
    }
    left += 8.0;
    ui.painter().vline(left, rect.y_range().shrink(10.0), Stroke::new(1.0, t.line));
    left += 8.0;
    replay::transport(ui, pair, left, y, t, out);
    left += replay::TRANSPORT_WIDTH + 8.0;
    let end = right_part(ui, pair, status, rect, t, out);
    let room = end - GAP;
    let font = || FontId::proportional(size::LABEL);
    let whole = place(pair);
    let words = step(&whole, t);
    // Where there is no room for all, which difference it is goes first.
    let fits = words.clone().layout(ui.painter(), f32::INFINITY).width() <= room - left;
    let words = if fits { words } else { step(whole.split(" · ").next().unwrap_or_default(), t) };
    left = said(ui, left, y, room, "where", &whole, words) + GAP;
    if !pair.notice().is_empty() {
        bars::notice(ui, left - GAP, y, room, pair.notice(), t);
        return;
    }
    if let Some(row) = pair.transport().looking_at() {
        let stop = hints::with_key(ui, "“Close or deselect” stops it", "escape");
        let text = format!("Running, row {} · {stop}", grouped(u64::from(row) + 1));
        said(ui, left, y, room, "running", &text, Words::of(&text, medium(size::LABEL), t.text));
        return;
    }
    let search = pair.search();
    if search.active() || search.fault().is_some() {
        let text = search_words(pair);
        said(ui, left, y, room, "search", &text, Words::of(&escape(&text), medium(size::LABEL), t.text));
        return;
    }
    let compared = pair.analysis().compared_line();
    if !pair.is_compared() {
        let words = Words::of("nothing was compared", medium(size::LABEL), t.warn);
        said(ui, left, y, room, "compared", &format!("nothing was compared: {compared}"), words);
        return;
    }
    let words = Words::of(&compared, font(), t.text);
    let fits = words.clone().layout(ui.painter(), f32::INFINITY).width() <= room - left;
    let words = if fits { words } else { Words::of(compared.trim_start_matches("compared "), font(), t.text) };
    // Half a number is another number.
    if words.clone().layout(ui.painter(), f32::INFINITY).width() > room - left {
        return;
    }
    left = said(ui, left, y, room, "compared", &compared, words) + GAP;
    let ignored: Vec<&str> = pair.analysis().spec.ignored().map(|field| field.path.as_str()).collect();
    let renamed: Vec<&str> = pair.analysis().spec.renamed().map(|field| field.path.as_str()).collect();
    let mut parts = Vec::new();
    if !ignored.is_empty() {
        parts.push(format!("ignored {} ({})", ignored.len(), ignored.join(", ")));
    }
    if !renamed.is_empty() {
        parts.push(format!("renamed {} ({})", renamed.len(), renamed.join(", ")));
    }
    if !parts.is_empty() {
        let text = parts.join(" · ");
        said(ui, left, y, room, "set aside", &text, Words::of(&escape(&text), font(), t.dim));
    }
}

fn place(pair: &Pair) -> String {
    let rows = grouped(u64::from(pair.rows().len()));
    let row = pair.selection().map_or_else(|| "–".to_owned(), |selection| grouped(u64::from(selection.row) + 1));
    if !pair.is_compared() {
        return format!("row {row} of {rows}");
    }
    let differences = match pair.difference_number() {
        (_, 0) => "no differences".to_owned(),
        (Some(n), all) => format!("difference {} of {}", grouped(u64::from(n)), grouped(u64::from(all))),
        (None, 1) => "1 difference".to_owned(),
        (None, all) => format!("{} differences", grouped(u64::from(all))),
    };
    format!("row {row} of {rows} · {differences}")
}

fn step(text: &str, t: &Tokens) -> Words {
    let mut words = Words::new();
    // The numbers carry the weight.
    for part in text.split_inclusive(' ') {
        let number = part.starts_with(|c: char| c.is_ascii_digit());
        let (font, colour) =
            if number { (medium(size::LABEL), t.text) } else { (FontId::proportional(size::LABEL), t.dim) };
        words = words.add(part, font, colour);
    }
    words
}

fn search_words(pair: &Pair) -> String {
    let search = pair.search();
    if let Some(fault) = search.fault() {
        return fault.says.clone();
    }
    if !search.trouble().is_empty() {
        return format!("Not everything could be searched. {}", search.trouble());
    }
    let place = pair.selection().and_then(|selection| search.place(selection.row));
    let count = grouped(u64::from(search.count()));
    let found = match (place, search.count()) {
        (_, 0) if search.done() => format!("Nothing holds “{}”", search.text()),
        (Some(place), _) => format!("{} of {count} rows found for “{}”", grouped(u64::from(place)), search.text()),
        (None, 1) => format!("1 row found for “{}”", search.text()),
        (None, _) => format!("{count} rows found for “{}”", search.text()),
    };
    if search.done() {
        found
    } else {
        let (done, all) = search.progress();
        format!("{found} · searching, {} %", done * 100 / all.max(1))
    }
}

/// Jobs, state and warnings at the right end; says where they begin.
fn right_part(ui: &Ui, pair: &Pair, status: &Status, rect: Rect, t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let analysis = pair.analysis();
    let (mut right, asked) = bars::right_end(ui, rect, &status.job, &analysis.warnings, t);
    if asked.cancel {
        out.push(PairRequest::CancelJob);
    }
    if asked.messages {
        out.push(PairRequest::Messages);
    }
    for (says, word) in [(analysis.partial, "partial"), (analysis.provisional, "provisional")] {
        if says {
            let shown = Words::of(word, medium(size::LABEL), t.warn).paint_right(
                ui.painter(),
                pos2(right, rect.center().y),
                100.0,
            );
            right = shown.left() - GAP;
        }
    }
    let (right, asked) = bars::live(ui, status, right, rect.center().y, t);
    if asked.new {
        out.push(PairRequest::ShowNew);
    }
    if asked.pause {
        out.push(PairRequest::Pause);
    }
    right
}

#[derive(Clone, Copy)]
enum Arrow {
    First,
    Back,
    On,
}

fn button(ui: &Ui, middle: egui::Pos2, name: &str, arrow: Arrow, t: &Tokens) -> bool {
    let rect = Rect::from_center_size(middle, vec2(26.0, 26.0));
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6.0, t.selection);
    }
    let tip = |x: f32, way: f32| {
        let points = vec![
            middle + vec2(x - 4.0 * way, -5.0),
            middle + vec2(x + 4.0 * way, 0.0),
            middle + vec2(x - 4.0 * way, 5.0),
        ];
        painter.add(Shape::convex_polygon(points, t.text, Stroke::NONE));
    };
    match arrow {
        Arrow::First => {
            tip(1.0, -1.0);
            painter.line_segment([middle + vec2(-5.0, -5.0), middle + vec2(-5.0, 5.0)], Stroke::new(1.5, t.text));
        }
        Arrow::Back => tip(-0.5, -1.0),
        Arrow::On => tip(0.5, 1.0),
    }
    let clicked = response.clicked();
    response.on_hover_text(name);
    clicked
}
