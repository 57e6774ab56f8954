//! The pairs of events that a person decided about, listed below the fields.

use egui::{FontId, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::bookmarks::link;
use super::glyph::Mark;
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::spec::PairDecision;
use crate::trace::{EventName, Side, escape};
use crate::ui::fonts::{medium, mono_medium};
use crate::ui::hints;
use crate::ui::theme::{Tokens, size};

/// Room at the sides.
const PAD: f32 = 16.0;
/// Height of a decision: two events, one below the other.
const ENTRY: f32 = 52.0;

/// Draws the list with its heading.
pub fn show(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    let analysis = pair.analysis();
    let decisions = &analysis.pack.overrides.pairs;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let y = rect.center().y + 4.0;
    let words = Words::of("Pairs of events", medium(size::LABEL), t.text).gap(8.0).add(
        &decisions.len().to_string(),
        FontId::proportional(size::LABEL),
        t.dim,
    );
    words.paint(ui.painter(), pos2(rect.left() + PAD, y), rect.width() - 140.0);
    if decisions.is_empty() {
        egui::Frame::NONE.inner_margin(egui::Margin { left: PAD as i8, right: PAD as i8, top: 0, bottom: 12 }).show(
            ui,
            |ui| {
                let key = hints::key(ui, "same-event");
                let how =
                    if key.is_empty() { String::new() } else { format!(" {key} marks one, and on the other decides.") };
                let text = format!("None was decided: the alignment says which events are the same.{how}");
                ui.add(egui::Label::new(RichText::new(text).size(size::LABEL).color(t.dim)).wrap());
            },
        );
        return;
    }
    if link(ui, "Reset", "Forget all pairs decided by hand", pos2(rect.right() - PAD, y), t).1 {
        out.push(PairRequest::ForgetPairs);
    }
    for (place, (decision, found)) in decisions.iter().zip(&analysis.pairs).enumerate() {
        entry(ui, pair, place, decision, *found, t, out);
    }
}

fn entry(
    ui: &mut Ui,
    pair: &Pair,
    place: usize,
    decision: &PairDecision,
    found: Option<(u32, u32)>,
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ENTRY), Sense::click());
    let in_force = found.is_some_and(|(e, a)| pair.analysis().hand.decisions().contains(&(decision.same, e, a)));
    let verb = if decision.same { "the same as" } else { "not the same as" };
    let state = match found {
        None => ", an event is gone",
        Some(_) if !in_force => ", overruled by a later decision",
        Some(_) => "",
    };
    let numbers = found.map(|(e, a)| (Some(e), Some(a))).unwrap_or_default();
    let name = |name: &EventName, now: Option<u32>| {
        format!("#{} {}", now.unwrap_or(name.anchor.index), escape(&name.name)).trim_end().to_owned()
    };
    let (expected, actual) = (name(&decision.expected, numbers.0), name(&decision.actual, numbers.1));
    response.widget_info(|| {
        let text = format!("expected {expected} is {verb} actual {actual}{state}");
        WidgetInfo::labeled(Role::Button, true, text)
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, t.raised);
    }
    let mark = if decision.same { Mark::Joined } else { Mark::Parted };
    let ink = if in_force { t.text } else { t.dim };
    mark.paint(ui.painter(), pos2(rect.left() + PAD + 8.0, rect.center().y), 1.0, ink);
    let remove = format!("Forget the decision about expected {expected} and actual {actual}");
    let (right, clicked) = link(ui, "Remove", &remove, pos2(rect.right() - PAD, rect.center().y), t);
    if clicked {
        out.push(PairRequest::ForgetPair(place));
    }
    let mut left_of = right - 12.0;
    if !state.is_empty() {
        let words = Words::of(state.trim_start_matches(", "), FontId::proportional(size::LABEL), t.warn);
        left_of = words.paint_right(ui.painter(), pos2(left_of, rect.center().y), 160.0).left() - 12.0;
    }
    let left = rect.left() + PAD + 28.0;
    for (text, colour, y) in [(&expected, t.expected, rect.top() + 17.0), (&actual, t.actual, rect.bottom() - 17.0)] {
        let colour = if in_force { colour } else { t.dim };
        Words::of(text, mono_medium(size::LABEL), colour).paint(ui.painter(), pos2(left, y), left_of - left);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if response.clicked()
        && let Some((_, actual)) = found
    {
        out.push(PairCommand::SelectEvent(Side::Actual, actual).into());
    }
}
