//! The waterfall of a pair: the spans that its events tell of. The selected row is the span of the selected event.

use egui::{Align, FontId, Layout, Panel, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::analyse::{EventSpans, STEP};
use crate::app::pair::{Hovered, Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::app::table::NO_SPANS;
use crate::trace::{Side, escape, grouped};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::waterfall::Drawing;
use crate::ui::{parts, regions};

/// Height of the line that says what of a long recording was read.
const CUT: f32 = 32.0;

/// Draws the waterfall into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Waterfall, ui.max_rect());
    let t = theme::tokens(ui);
    let (Some(spans), Some(seen)) = (pair.spans(), pair.waterfall()) else {
        let whole = ui.available_rect_before_wrap();
        ui.painter().rect_filled(whole, 0.0, t.bg);
        ui.allocate_rect(whole, Sense::hover());
        let more =
            "A waterfall needs two fields: one that names the span of an event, and one that names the span's parent.";
        parts::nothing(ui, whole, NO_SPANS.trim_end_matches('.'), more);
        return;
    };
    if let Some(words) = cut(pair, spans) {
        let frame = egui::Frame::NONE.fill(t.panel);
        Panel::bottom("waterfall foot").exact_size(CUT).resizable(false).frame(frame).show(ui, |ui| {
            foot(ui, &words, t);
        });
    }
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, t.bg);
    let names = |side: Side, span: u32| {
        [spans.service(side, span), spans.label(side, span)].map(|word| escape(word).into_owned())
    };
    let drawing = Drawing {
        waterfall: &spans.waterfall,
        seen,
        selected: pair.span_row(),
        names: &names,
        lit: &|row| pair.is_span_lit(row),
        causes: ["most likely cause", "another candidate"],
        step: (!spans.timed).then_some(STEP),
        paired: spans.paired,
    };
    let asked = drawing.show(ui, t);
    out.extend(asked.commands.into_iter().map(|command| PairCommand::Waterfall(command).into()));
    let hovered = asked.hovered.and_then(|row| pair.row_of_span(row)).map(Hovered::Row);
    if hovered != pair.hover() {
        out.push(PairCommand::Hover(hovered).into());
    }
}

/// What of long recordings was read, in a sentence.
fn cut(pair: &Pair, spans: &EventSpans) -> Option<String> {
    let side = Side::BOTH.into_iter().rev().find(|side| spans.cut[*side].is_some())?;
    let read = spans.cut[side].as_ref()?;
    Some(format!(
        "Spans of {} {} of {}, around the first difference; {} others are not read for this view.",
        side.word(),
        format_args!("events {} to {}", grouped(u64::from(read.start)), grouped(u64::from(read.end.saturating_sub(1)))),
        grouped(u64::from(pair.analysis().len(side))),
        grouped(u64::from(pair.analysis().len(side)) - read.len() as u64),
    ))
}

fn foot(ui: &mut Ui, words: &str, t: &Tokens) {
    let whole = ui.available_rect_before_wrap();
    ui.painter().hline(whole.x_range(), whole.top(), egui::Stroke::new(1.0, t.line));
    let inner = egui::UiBuilder::new().max_rect(whole.shrink2(vec2(16.0, 4.0)));
    ui.scope_builder(inner.layout(Layout::left_to_right(Align::Center)), |ui| {
        let text = RichText::new(words).font(FontId::proportional(size::LABEL)).color(t.dim);
        let response = ui.add(egui::Label::new(text).truncate());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    });
}
