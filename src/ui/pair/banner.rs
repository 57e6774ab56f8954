//! What makes an answer doubtful is said aloud, above the events: other builds or hosts, a missing tail, unread input.

use egui::{FontId, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::glyph;
use super::words::Words;
use crate::app::pair::Pair;
use crate::compare::Verdict;
use crate::trace::{Side, WarningKind, escape, grouped};
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 32.0;

/// What there is to say, the weightiest first.
pub fn sentences(pair: &Pair) -> Vec<String> {
    let analysis = pair.analysis();
    let comparison = &analysis.comparison;
    let mut said = Vec::new();
    if let Some(reason) = comparison.reason.as_ref().filter(|_| comparison.verdict == Verdict::Incomparable) {
        said.push(sentence(reason));
    }
    if analysis.partial {
        let first = analysis.warnings.as_slice().iter().find(|warning| warning.kind.partial());
        let what = first.map(|warning| format!(" {warning}")).unwrap_or_default();
        said.push(format!("Not everything was read, so the answer covers only a part.{what}"));
    }
    if let Some(side) = comparison.ended_early {
        let (events, of) = (analysis.len(side), analysis.len(side.other()));
        let word = if side == Side::Expected { "Expected" } else { "Actual" };
        said.push(format!(
            "{word} ends after {} of {} events: what would have followed was not recorded, so it counts as no cause.",
            grouped(u64::from(events)),
            grouped(u64::from(of)),
        ));
    }
    let comparability =
        analysis.warnings.as_slice().iter().filter(|warning| warning.kind == WarningKind::Comparability);
    said.extend(comparability.map(ToString::to_string));
    said
}

fn sentence(reason: &str) -> String {
    let mut chars = reason.chars();
    let mut text: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    text.push_str(chars.as_str());
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// Draws the banner; `sentences` must not be empty. True when it was clicked: all messages are asked for.
pub fn show(ui: &mut Ui, sentences: &[String]) -> bool {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(rect, Sense::click());
    let all = sentences.join("\n");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Comparability: {all}")));
    let lit = response.hovered() || response.has_focus();
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, t.warn_wash);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let y = rect.center().y;
    glyph::warning(painter, pos2(rect.left() + 22.0, y), t.warn);
    let more = match sentences.len() - 1 {
        0 => String::new(),
        n => format!("+ {n} more"),
    };
    let font = || FontId::proportional(size::LABEL);
    let end = Words::of(&more, font(), t.warn).paint_right(painter, pos2(rect.right() - 16.0, y), 120.0);
    let colour = if lit { t.warn } else { t.text };
    let width = end.left() - rect.left() - 36.0 - 16.0;
    Words::of(&escape(&sentences[0]), font(), colour).paint(painter, pos2(rect.left() + 36.0, y), width);
    let clicked = response.clicked();
    response.on_hover_text(all.lines().map(|line| escape(line).into_owned()).collect::<Vec<_>>().join("\n\n"));
    clicked
}
