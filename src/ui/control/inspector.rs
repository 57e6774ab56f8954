//! What is known: both runs at the cursor and what lies between, the measure, the ranked causes, how well each run did, how it
//! was found out.

use std::borrow::Cow;

use egui::{FontId, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::figures::{figures, maybe, moment, set, signed, time, with_unit};
use super::measures;
use crate::app::Command;
use crate::app::control::{ControlCommand, Sheet};
use crate::app::region::Region;
use crate::control::{Cause, Method};
use crate::trace::{Sides, escape};
use crate::ui::fonts::medium;
use crate::ui::pair::Mark;
use crate::ui::pair::words::Words;
use crate::ui::sections::{section, warnings};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{parts, regions};

/// Height of a line of a table.
const LINE: f32 = 22.0;
/// Narrower than this, three numbers have no room beside their name.
const BESIDE: f32 = 264.0;
/// Room for the longest name of a measure.
const NAME: f32 = 88.0;
/// Room for a mark before a sentence.
const INDENT: f32 = 20.0;
/// A component behind the last dot or bracket of a name is at most so long.
const COMPONENT: usize = 6;

/// Draws the inspector into all the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    regions::note(ui, Region::Readouts, ui.max_rect());
    let t = theme::tokens(ui);
    ScrollArea::vertical().id_salt("readouts").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        cursor(ui, sheet, t);
        measure(ui, sheet, t);
        causes(ui, sheet, t, out);
        runs(ui, sheet, t);
        found(ui, sheet, t);
        warnings(ui, t, sheet.control().warnings.as_slice());
    });
}

/// A name in so much room. Where it does not fit it is cut before its component, which tells it from its neighbour: `control_o….x`.
fn fitted<'n>(ui: &Ui, name: &'n str, room: f32, t: &Tokens) -> Cow<'n, str> {
    let fits =
        |text: &str| !Words::of(text, FontId::proportional(size::LABEL), t.dim).layout(ui.painter(), room).is_cut();
    let component = name.rfind(['.', '[']).filter(|at| name.len() - at <= COMPONENT);
    let Some(component) = component.filter(|_| !fits(name)) else { return Cow::Borrowed(name) };
    let (stem, component) = name.split_at(component);
    let cuts = stem.char_indices().skip(1).map(|(at, _)| format!("{}…{component}", &stem[..at]));
    let shown: Vec<String> = cuts.collect();
    shown.into_iter().rev().find(|text| fits(text)).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// A line of a table: a name and three cells, the last one a difference.
fn line(ui: &mut Ui, name: &str, cells: [(&str, egui::Color32); 3], how: &str, t: &Tokens) {
    let width = ui.available_width();
    let count = if cells[2].0.is_empty() { 2 } else { 3 };
    // A number that is cut is another number: where there is no room beside the name, the numbers stand below it.
    let below = count == 3 && width < BESIDE && !name.is_empty();
    let height = if below { LINE * 1.7 } else { LINE };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height.round()), Sense::hover());
    response.widget_info(|| {
        let said: Vec<&str> = cells.iter().map(|(cell, _)| *cell).filter(|cell| !cell.is_empty()).collect();
        WidgetInfo::labeled(Role::Row, true, format!("{name}: {}", said.join(", ")))
    });
    let cell = if count == 3 && width < BESIDE {
        width / 3.0
    } else {
        ((width - NAME) / count as f32).min(if count == 3 { 68.0 } else { 84.0 })
    }
    .floor();
    let y = if below { rect.bottom() - LINE / 2.0 + 2.0 } else { rect.center().y };
    for (place, (text, colour)) in cells.iter().take(count).enumerate() {
        let right = rect.right() - cell * (count - 1 - place) as f32;
        let words = Words::of(text, FontId::monospace(size::LABEL), *colour);
        words.paint_right(ui.painter(), pos2(right, y), cell - 4.0);
    }
    let (room, y) = if below { (width, rect.top() + LINE / 2.0) } else { (width - cell * count as f32 - 6.0, y) };
    let shown = fitted(ui, name, room, t);
    let words = Words::of(&shown, FontId::proportional(size::LABEL), t.dim);
    let (_, cut) = words.paint(ui.painter(), pos2(rect.left(), y), room);
    let cut = cut || shown != name;
    if cut || !how.is_empty() {
        let name = if cut { format!("{name}\n") } else { String::new() };
        response.on_hover_text(format!("{name}{how}"));
    }
}

fn heads(ui: &mut Ui, third: &str, t: &Tokens) {
    line(ui, "", [("expected", t.expected), ("actual", t.actual), (third, t.dim)], "", t);
}

/// Both runs at the cursor.
fn cursor(ui: &mut Ui, sheet: &Sheet, t: &Tokens) {
    let Some(at) = sheet.cursors().at else {
        section(ui, t, "CURSOR", |ui| {
            let none = "Click into a plot, or step with the arrow keys, to read both runs off.";
            ui.label(egui::RichText::new(none).size(size::LABEL).color(t.dim));
        });
        return;
    };
    section(ui, t, &format!("CURSOR · {}", moment(sheet, at)), |ui| {
        heads(ui, "Δ", t);
        for plot in sheet.shown() {
            let name = &sheet.plots().list[plot].name;
            let Sides { expected, actual } = sheet.both_at(plot, at);
            let between = match (expected, actual) {
                (Some(expected), Some(actual)) => signed(actual - expected),
                // What is between the runs has one value.
                (None, None) => {
                    sheet.values_at(plot, at).first().and_then(|(_, value)| *value).map_or_else(String::new, figures)
                }
                _ => String::new(),
            };
            let lone = expected.is_none() && actual.is_none() && !between.is_empty();
            let (one, other) = if lone { (String::new(), String::new()) } else { (maybe(expected), maybe(actual)) };
            let between = if between.is_empty() { "–".to_owned() } else { between };
            line(ui, &escape(name), [(&one, t.text), (&other, t.text), (&between, t.text)], "", t);
        }
    });
}

/// What changed from where one measures to the cursor.
fn measure(ui: &mut Ui, sheet: &Sheet, t: &Tokens) {
    let cursors = sheet.cursors();
    let (Some(at), Some(from), Some(distance)) = (cursors.at, cursors.from, cursors.distance()) else { return };
    let words = if sheet.plots().timed { time(sheet, distance.abs()) } else { figures(distance.abs()) };
    section(ui, t, &format!("MEASURED · {words}"), |ui| {
        if sheet.plots().timed && distance != 0.0 {
            let hertz = with_unit(&figures(1.0 / distance.abs()), Some("Hz"));
            line(ui, "once in that time", [("", t.text), (&hertz, t.text), ("", t.text)], "", t);
        }
        heads(ui, "", t);
        for plot in sheet.shown() {
            let (then, now) = (sheet.both_at(plot, from), sheet.both_at(plot, at));
            let change = |then: Option<f64>, now: Option<f64>| then.zip(now).map(|(then, now)| signed(now - then));
            let cells = [change(then.expected, now.expected), change(then.actual, now.actual)];
            if cells.iter().any(Option::is_some) {
                let [one, other] = cells.map(Option::unwrap_or_default);
                let name = &sheet.plots().list[plot].name;
                line(ui, &escape(name), [(&one, t.text), (&other, t.text), ("", t.text)], "", t);
            }
        }
    });
}

fn causes(ui: &mut Ui, sheet: &Sheet, t: &Tokens, out: &mut Vec<Command>) {
    section(ui, t, "CAUSE, RANKED", |ui| {
        let causes = &sheet.control().diagnosis.causes;
        if causes.is_empty() {
            let none = "Nothing that was recorded explains an error, or there is none to explain.";
            ui.label(egui::RichText::new(none).size(size::LABEL).color(t.dim));
        }
        for (place, cause) in causes.iter().enumerate() {
            one_cause(ui, sheet, place, cause, t, out);
        }
    });
}

/// A cause with its reason; a click goes there.
fn one_cause(ui: &mut Ui, sheet: &Sheet, place: usize, cause: &Cause, t: &Tokens, out: &mut Vec<Command>) {
    let width = ui.available_width();
    let at = sheet.plots().when(&cause.onset);
    let share = cause.share.map_or_else(String::new, |share| format!(" · explains {:.0}\u{202f}%", share * 100.0));
    let aside = format!("{}{share}", moment(sheet, at));
    let reason = ui.painter().layout(
        escape(&cause.reason).into_owned(),
        FontId::proportional(size::LABEL),
        t.dim,
        width - INDENT - 4.0,
    );
    let height = 44.0 + reason.size().y + 4.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| {
        let said = format!("cause {}: {}, {aside}. {}", cause.rank, cause.class.words(), cause.reason);
        WidgetInfo::labeled(Role::Link, true, said)
    });
    let ground = rect.expand2(vec2(8.0, 0.0));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(ground, parts::RADIUS, t.raised);
    }
    parts::focus_ring(ui, &response, ground);
    let first = cause.rank == 1;
    let y = rect.top() + 12.0;
    let colour = if first { t.cause } else { t.dim };
    Mark::Diamond { first }.paint(painter, pos2(rect.left() + 6.0, y), 0.85, colour);
    let rank = Words::of(&cause.rank.to_string(), FontId::monospace(size::SMALL), t.dim);
    let rank = rank.paint_right(painter, pos2(rect.right(), y), 32.0);
    let words = Words::of(cause.class.words(), medium(size::BODY), if first { t.cause } else { t.text });
    words.paint(painter, pos2(rect.left() + INDENT, y), rank.left() - 8.0 - rect.left() - INDENT);
    let words = Words::of(&aside, FontId::proportional(size::SMALL), t.dim);
    words.paint(painter, pos2(rect.left() + INDENT, y + 18.0), width - INDENT);
    painter.galley(pos2(rect.left() + INDENT, rect.top() + 40.0), reason, t.dim);
    if response.clicked() {
        out.push(ControlCommand::Cause(place).into());
    }
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    if !cause.evidence.is_empty() {
        response.on_hover_text(escape(&cause.evidence.join("\n")));
    }
}

fn runs(ui: &mut Ui, sheet: &Sheet, t: &Tokens) {
    let rows = measures::rows(sheet);
    if rows.is_empty() {
        return;
    }
    let of = [&sheet.control().diagnosis.measures.actual, &sheet.control().diagnosis.measures.expected];
    let of = of.into_iter().find_map(|measures| measures.first());
    let caption = of.map_or_else(
        || "THESE RUNS".to_owned(),
        |measures| format!("THESE RUNS · {} follows {}", escape(&measures.of.follows), escape(&measures.of.setpoint)),
    );
    section(ui, t, &caption, |ui| {
        heads(ui, "", t);
        for row in rows {
            let cells = [(row.values.expected.as_str(), t.text), (row.values.actual.as_str(), t.text), ("", t.text)];
            line(ui, row.name, cells, row.how, t);
        }
    });
}

/// How the onset was found, and how much later the threshold tells.
fn found(ui: &mut Ui, sheet: &Sheet, t: &Tokens) {
    let diagnosis = &sheet.control().diagnosis;
    let how = match diagnosis.method {
        Method::Exact => "Onset: the first sample that differs beyond what the file's digits round away.".to_owned(),
        Method::Statistical { false_alarm } => format!(
            "Onset: where cumulative sums of what is unusual leave what noise does; a healthy run raises an alarm with a chance of {}.",
            figures(false_alarm)
        ),
        Method::Within { .. } => "Onset: where the run stops to follow its own setpoint as it did in its beginning; without a baseline false alarms are likelier.".to_owned(),
    };
    let threshold = diagnosis.criterion.as_ref().map(|criterion| {
        let threshold = with_unit(&set(criterion.threshold), sheet.state_unit());
        match (sheet.onset(), sheet.criterion()) {
            (Some(onset), Some(at)) => {
                format!(
                    "A fixed threshold of {threshold} tells at {}, {} late.",
                    moment(sheet, at),
                    time(sheet, at - onset)
                )
            }
            (Some(_), None) => format!("A fixed threshold of {threshold} never tells."),
            _ => format!("A fixed threshold of {threshold} is not exceeded."),
        }
    });
    section(ui, t, "CRITERIA", |ui| {
        for sentence in std::iter::once(how).chain(threshold) {
            ui.add(egui::Label::new(egui::RichText::new(sentence).size(size::LABEL).color(t.dim)).wrap());
            ui.add_space(4.0);
        }
        for (signal, why) in &diagnosis.ignored {
            let text = format!("{} was not compared: {}", escape(signal), escape(why));
            ui.add(egui::Label::new(egui::RichText::new(text).size(size::SMALL).color(t.dim)).wrap());
        }
    });
}
