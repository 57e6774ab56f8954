//! The selected row: why it is as it is, then what it holds, then what it was read from.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{FontId, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use super::bookmarks;
use super::cells::{Cells, Selected, time_words};
use super::glyph::Mark;
use super::span_marks;
use super::words::Words;
use super::{fields, raw, row, tail};
use crate::analyse::Detail;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::Cause;
use crate::trace::{EventIndex, Side, SpanMarks, escape, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::markdown;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

/// Room at the sides.
const PAD: f32 = 16.0;
/// So many neighbours are listed on each side of an event.
const NEIGHBOURS: usize = 4;
/// So many other candidates are listed; the cause list has them all.
const CANDIDATES: usize = 5;
/// So many lines a cause's headline has here; the list of causes has all of it.
const LINK_LINES: usize = 4;
/// Of notes so many lines are shown: they are laid out at once, and a whole manual is not read here.
const NOTE_LINES: usize = 120;

/// Draws the inspector into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Inspector, ui.max_rect());
    let t = theme::tokens(ui);
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        selection(ui, pair, t, out);
        if let Some(text) = &pair.analysis().pack.notes {
            notes(ui, text, t, out);
        }
    });
}

fn selection(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    let cells = Cells::of(ui, pair);
    let Some(selected) = cells.selected(ui, pair) else {
        section(ui, t, "SELECTED", |ui| {
            ui.label(RichText::new("There is no row to look at.").color(t.dim));
        });
        return;
    };
    title(ui, pair, &selected, t, out);
    if pair.selected_fold().is_some() {
        return;
    }
    if pair.bookmarks().of_row(selected.row).next().is_some() {
        section(ui, t, "BOOKMARK", |ui| bookmarks::of_selection(ui, pair, t, out));
    }
    why(ui, pair, &selected, t, out);
    unusual(ui, pair, selected.row, t);
    section_plain(ui, t, |ui| fields::show(ui, pair, &selected, t));
    candidates(ui, pair, &selected, t, out);
    neighbours(ui, pair, &selected, t, out);
    section(ui, t, "RAW", |ui| raw::show(ui, pair, &selected, t));
}

/// What the pack says about itself; a link in it is copied.
fn notes(ui: &mut Ui, text: &str, t: &Tokens, out: &mut Vec<PairRequest>) {
    if text.trim().is_empty() {
        return;
    }
    section(ui, t, "NOTES", |ui| {
        let link = markdown::show(ui, text, NOTE_LINES, "… The pack has the rest.");
        out.extend(link.map(PairRequest::Copy));
    });
}

/// A part of the inspector with its name, and a line below.
fn section(ui: &mut Ui, t: &Tokens, title: &str, content: impl FnOnce(&mut Ui)) {
    section_plain(ui, t, |ui| {
        let text = RichText::new(title).font(semibold(size::SMALL)).color(t.dim);
        ui.add(egui::Label::new(text).selectable(false));
        ui.add_space(2.0);
        content(ui);
    });
}

fn section_plain(ui: &mut Ui, t: &Tokens, content: impl FnOnce(&mut Ui)) {
    let margin = egui::Margin { left: PAD as i8, right: PAD as i8, top: 12, bottom: 12 };
    let response = egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        content(ui);
    });
    let rect = response.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line_soft));
}

fn title(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens, out: &mut Vec<PairRequest>) {
    let content = pair.rows().get(selected.row);
    if let Some(run) = pair.selected_fold() {
        section(ui, t, "SELECTED · folded rows", |ui| {
            ui.label(RichText::new(escape(&pair.fold_words(run))).font(medium(size::TITLE)).color(t.text));
            let rows = format!("Rows {} to {}.", u64::from(run.start) + 1, u64::from(run.start) + u64::from(run.len));
            ui.label(RichText::new(rows).color(t.dim));
            if ui.button("Unfold").clicked() {
                out.push(PairCommand::ToggleFold.into());
            }
        });
        return;
    }
    let class = row::class_word(pair, selected.row);
    let caption = format!("SELECTED · row {} · {class}", u64::from(selected.row) + 1);
    section(ui, t, &caption, |ui| {
        let event = looked_at(selected);
        let (rect, title) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let mut left = rect.left();
        let mut marks = row::answers(pair, selected.row);
        if marks.is_empty() {
            marks.extend(row::class_mark(pair, content));
        }
        for mark in marks {
            mark.paint(ui.painter(), pos2(left + 6.0, rect.center().y), 1.0, mark.colour(t));
            left += 18.0;
        }
        let called = |event: &Detail| Cells::of(ui, pair).short_name(pair, selected.row, event.side, event.index);
        let heading = event.map_or("event".into(), called);
        title.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Selected: {heading}")));
        let words = Words::of(&heading, medium(size::TITLE), t.text);
        words.paint(ui.painter(), pos2(left + 2.0, rect.center().y), rect.right() - left - 2.0);
        if let Some(event) = event {
            let lanes: Vec<String> = event.lanes.iter().map(|lane| escape(lane).into_owned()).collect();
            let mut text = lanes.join(" · ");
            if let Some(time) = event.time {
                let start = pair.analysis().time(event.side, 0);
                text = format!("{}  ·  {text}", time_words(pair.analysis(), event.side, time, start));
            }
            ui.add(egui::Label::new(RichText::new(text).size(size::LABEL).color(t.dim)).wrap());
        }
    });
}

/// What is unusual about the spans of a row.
fn unusual(ui: &mut Ui, pair: &Pair, row: u32, t: &Tokens) {
    let content = pair.rows().get(row);
    let marks = |side: Side| {
        content.event(side).map_or_else(SpanMarks::default, |event| pair.analysis().span_marks(side, event))
    };
    let [expected, actual] = Side::BOTH.map(marks);
    if expected.is_empty() && actual.is_empty() {
        return;
    }
    section(ui, t, "UNUSUAL SPAN", |ui| {
        if expected == actual {
            span_marks::explain(ui, actual, "", t);
            return;
        }
        span_marks::explain(ui, expected, ", expected", t);
        span_marks::explain(ui, actual, ", actual", t);
    });
}

fn looked_at(selected: &Selected) -> Option<&Detail> {
    let (side, _) = selected.of?;
    selected.events[side as usize].as_ref()
}

fn why(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens, out: &mut Vec<PairRequest>) {
    let analysis = pair.analysis();
    let cause = analysis.comparison.causes.iter().position(|cause| cause.row == selected.row);
    let title = match cause {
        Some(0) => "WHY THIS IS THE MOST LIKELY CAUSE",
        Some(_) => "WHY THIS COULD BE THE CAUSE",
        None => "WHY",
    };
    section(ui, t, title, |ui| {
        if let Some(came) = pair.came_to(selected.row) {
            paragraph(ui, &format!("It came since this answer. {}", tail::sentence(came.stand)), t.text);
            return;
        }
        if let Some(cause) = cause.map(|place| &analysis.comparison.causes[place]) {
            reason(ui, cause, t);
            if selected.why.is_empty() || selected.why == cause.reason {
                return;
            }
            ui.add_space(4.0);
        }
        paragraph(ui, &selected.why, t.text);
        if cause.is_none()
            && let Some(words) = analysis.envelope.as_ref().and_then(|judged| judged.words(selected.row))
        {
            ui.add_space(2.0);
            paragraph(ui, &format!("Among good runs: {words}"), t.dim);
        }
        if cause.is_none()
            && let Some(rank) = analysis.explained_by(selected.row)
            && let Some(place) = analysis.comparison.causes.iter().position(|cause| cause.rank == rank)
        {
            let headline = escape(&analysis.comparison.causes[place].headline).into_owned();
            ui.add_space(4.0);
            if link(ui, t, Mark::Diamond { first: place == 0 }, "Follows from", &headline, "") {
                out.push(PairCommand::Cause(place).into());
            }
        }
    });
}

fn reason(ui: &mut Ui, cause: &Cause, t: &Tokens) {
    paragraph(ui, &cause.reason, t.text);
    ui.add_space(2.0);
    paragraph(ui, &format!("Rule: {}", cause.rule), t.dim);
    paragraph(ui, &format!("How sure: {}", cause.sureness), t.dim);
}

fn paragraph(ui: &mut Ui, text: &str, colour: egui::Color32) {
    let text = RichText::new(escape(text)).size(size::BODY).line_height(Some(19.0)).color(colour);
    ui.add(egui::Label::new(text).wrap());
}

fn candidates(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens, out: &mut Vec<PairRequest>) {
    let causes = &pair.analysis().comparison.causes;
    let others: Vec<(usize, &Cause)> =
        causes.iter().enumerate().filter(|(_, cause)| cause.row != selected.row).collect();
    if others.is_empty() {
        return;
    }
    let this_is_one = others.len() < causes.len();
    section(ui, t, if this_is_one { "OTHER CANDIDATES" } else { "CAUSES" }, |ui| {
        for (place, cause) in others.iter().take(CANDIDATES) {
            let explains = format!("explains {}", grouped(u64::from(cause.explains.rows)));
            let rank = format!("{}", cause.rank);
            let mark = Mark::Diamond { first: *place == 0 };
            if link(ui, t, mark, &rank, &escape(&cause.headline), &explains) {
                out.push(PairCommand::Cause(*place).into());
            }
        }
        if others.len() > CANDIDATES {
            let text = format!("All {} candidates", causes.len());
            if ui.button(text).clicked() {
                out.push(PairRequest::Layout(LayoutCommand::Show(Pane::Causes)));
            }
        }
    });
}

/// Words that lead somewhere, over as many lines as they need; true when they were clicked.
fn link(ui: &mut Ui, t: &Tokens, mark: Mark, lead: &str, text: &str, aside: &str) -> bool {
    let width = ui.available_width();
    let font = FontId::proportional(size::LABEL);
    let aside_words = ui.painter().layout_no_wrap(aside.to_owned(), font.clone(), t.dim);
    let aside_width = aside_words.size().x;
    let mut job = LayoutJob::default();
    job.append(lead, 0.0, TextFormat::simple(font.clone(), t.dim));
    job.append(text, 8.0, TextFormat::simple(font, t.text));
    job.wrap = TextWrapping {
        max_width: (width - 30.0 - aside_width).max(80.0),
        max_rows: LINK_LINES,
        break_anywhere: false,
        ..TextWrapping::default()
    };
    let words = ui.painter().layout_job(job);
    let height = (words.size().y + 8.0).max(24.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Link, true, format!("{lead} {text} {aside}").trim().to_owned())
    });
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), 4.0, t.raised);
    }
    mark.paint(ui.painter(), pos2(rect.left() + 6.0, rect.top() + 12.0), 0.8, mark.colour(t));
    let first = words.rows.first().map_or(0.0, |row| row.height());
    let top = rect.top() + 12.0 - first / 2.0;
    ui.painter().galley(pos2(rect.right() - aside_width, top), aside_words, t.dim);
    let cut = words.elided;
    ui.painter().galley(pos2(rect.left() + 18.0, top), words, t.text);
    let clicked = response.clicked();
    if cut {
        response.on_hover_text(text);
    }
    clicked
}

fn neighbours(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens, out: &mut Vec<PairRequest>) {
    let Some((side, _)) = selected.of else { return };
    if selected.before.is_empty() && selected.after.is_empty() {
        return;
    }
    section(ui, t, "BEFORE AND AFTER", |ui| {
        let nearest = selected.before.iter().map(|(_, event)| *event).max();
        neighbour_list(ui, pair, side, &selected.before, nearest, "[", t, out);
        let nearest = selected.after.iter().map(|(_, event)| *event).min();
        neighbour_list(ui, pair, side, &selected.after, nearest, "]", t, out);
    });
}

#[expect(clippy::too_many_arguments, reason = "a list is drawn twice, once for each direction")]
fn neighbour_list(
    ui: &mut Ui,
    pair: &Pair,
    side: Side,
    list: &[(String, EventIndex)],
    nearest: Option<EventIndex>,
    key: &str,
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) {
    // One event may be reached over several lanes: it is listed once, with all of them.
    let mut events: Vec<(EventIndex, String)> = Vec::new();
    for (over, event) in list {
        match events.iter_mut().find(|(known, _)| known == event) {
            Some((_, lanes)) => {
                lanes.push_str(" · ");
                lanes.push_str(&escape(over));
            }
            None => events.push((*event, escape(over).into_owned())),
        }
    }
    events.sort_by_key(|(event, _)| (Some(*event) != nearest, *event));
    for (event, over) in events.iter().take(NEIGHBOURS) {
        let row = pair.rows().row_of(side, *event).unwrap_or(0);
        let kind = Cells::of(ui, pair).short_name(pair, row, side, *event);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
        let word = if key == "[" { "Before" } else { "After" };
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Link, true, format!("{word}: #{event} {kind} over {over}"))
        });
        if response.clicked() {
            out.push(PairCommand::SelectEvent(side, *event).into());
        }
        // New words with every step cost more than all else here.
        if !ui.is_rect_visible(rect) {
            continue;
        }
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), 4.0, t.raised);
        }
        let y = rect.center().y;
        if Some(*event) == nearest {
            let cap = egui::Rect::from_center_size(pos2(rect.left() + 9.0, y), vec2(18.0, 18.0));
            ui.painter().rect(cap, 4.0, t.raised, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
            let words = Words::of(key, FontId::monospace(size::SMALL), t.text).layout(ui.painter(), 18.0);
            let left = cap.center().x - words.width() / 2.0;
            words.paint(ui.painter(), pos2(left, y));
        }
        let words = Words::of(&format!("#{event}"), FontId::monospace(size::SMALL), t.dim)
            .gap(8.0)
            .add(&kind, FontId::monospace(size::LABEL), t.text)
            .gap(8.0)
            .add(over, FontId::proportional(size::SMALL), t.dim);
        words.paint(ui.painter(), pos2(rect.left() + 26.0, y), rect.width() - 26.0);
    }
    if events.len() > NEIGHBOURS {
        let more = format!("and {} more", events.len() - NEIGHBOURS);
        ui.label(RichText::new(more).size(size::SMALL).color(t.dim));
    }
}
