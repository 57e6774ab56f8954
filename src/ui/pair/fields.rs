//! The fields of the selected row: expected beside actual, the changed ones first to the eye, the ones set aside last.

use egui::{Color32, FontId, Galley, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

use super::cells::Selected;
use super::words::Words;
use crate::app::pair::Pair;
use crate::spec::{Action, FieldSpec};
use crate::trace::{Side, escape};
use crate::ui::fonts::medium;
use crate::ui::theme::{Tokens, size};

/// Least height of a field.
const LINE: f32 = 22.0;
/// A value longer than this is cut; the raw text has it whole.
const VALUE_CHARS: usize = 400;

/// One field of both sides.
struct Both<'a> {
    path: &'a str,
    values: [Option<&'a str>; 2],
}

/// Draws the table.
pub fn show(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens) {
    let spec = &pair.analysis().spec;
    let fields = both(selected);
    let set_aside =
        |path: &str| spec.field(path).is_some_and(|field| matches!(field.action, Action::Ignore | Action::Rename));
    heading(ui, selected, t);
    let (aside, compared): (Vec<&Both<'_>>, Vec<&Both<'_>>) = fields.iter().partition(|field| set_aside(field.path));
    for field in compared {
        let changed = selected.changed.iter().any(|path| path == field.path);
        line(ui, field, changed, spec.field(field.path), t);
    }
    if aside.is_empty() {
        return;
    }
    ui.add_space(4.0);
    for field in aside {
        let changed = selected.changed.iter().any(|path| path == field.path);
        line(ui, field, changed, spec.field(field.path), t);
    }
}

fn both(selected: &Selected) -> Vec<Both<'_>> {
    let [expected, actual] = &selected.events;
    let mut fields: Vec<Both<'_>> = Vec::new();
    for (side, event) in [expected, actual].into_iter().enumerate() {
        for field in event.iter().flat_map(|event| &event.fields) {
            let value = Some(field.value.plain());
            let place = fields.iter().position(|both| both.path == field.path).unwrap_or_else(|| {
                fields.push(Both { path: &field.path, values: [None, None] });
                fields.len() - 1
            });
            fields[place].values[side] = value;
        }
    }
    fields
}

/// Where names, expected and actual stand.
fn columns(rect: Rect) -> [f32; 3] {
    let name = (rect.width() * 0.28).clamp(64.0, 144.0);
    let value = (rect.width() - name) / 2.0;
    [rect.left(), rect.left() + name, rect.left() + name + value]
}

fn heading(ui: &mut Ui, selected: &Selected, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let xs = columns(rect);
    for (side, event) in Side::BOTH.into_iter().zip(&selected.events) {
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        let text = match event {
            Some(event) => format!("{side} #{}", event.index),
            None => format!("{side}: none"),
        };
        let x = xs[1 + side as usize];
        let colour = if event.is_some() { colour } else { t.dim };
        Words::of(&text, medium(size::LABEL), colour).paint(
            ui.painter(),
            pos2(x + 4.0, rect.center().y),
            xs[2] - xs[1] - 4.0,
        );
    }
}

fn line(ui: &mut Ui, field: &Both<'_>, changed: bool, spec: Option<&FieldSpec>, t: &Tokens) {
    let aside = spec.filter(|spec| matches!(spec.action, Action::Ignore | Action::Rename));
    let available = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), LINE));
    let xs = columns(available);
    let quiet = aside.is_some() && !changed;
    let (name_colour, value_colour) = if quiet { (t.faint, t.faint) } else { (t.dim, t.text) };
    let layout = |text: &str, colour: Color32, width: f32| -> Arc<Galley> {
        ui.painter().layout(text.to_owned(), FontId::monospace(size::SMALL), colour, width.max(24.0))
    };
    let name = layout(&escape(field.path), name_colour, xs[1] - xs[0] - 8.0);
    let values = field.values.map(|value| {
        let text = value.map_or_else(|| "—".to_owned(), cut);
        layout(&text, if value.is_some() { value_colour } else { t.dim }, xs[2] - xs[1] - 8.0)
    });
    let why = aside.map(|spec| {
        let words = format!("{}: {}", aside_word(spec), spec.why);
        let galley =
            ui.painter().layout(words.clone(), FontId::proportional(size::SMALL), t.dim, available.width() - 8.0);
        (words, galley)
    });
    let height = values.iter().map(|value| value.size().y).fold(name.size().y, f32::max) + 6.0;
    let height = height.max(LINE);
    let why_height = why.as_ref().map_or(0.0, |(_, galley)| galley.size().y + 6.0);
    let (rect, response) = ui.allocate_exact_size(
        vec2(available.width(), height + why_height - ui.spacing().item_spacing.y),
        Sense::hover(),
    );
    response.widget_info(|| {
        let value = |side: usize| field.values[side].map_or("nothing".into(), escape);
        let state = if changed { ", changed" } else { "" };
        let why = why.as_ref().map(|(words, _)| format!(", {words}")).unwrap_or_default();
        let name = format!("field {}{state}: expected {}, actual {}{why}", escape(field.path), value(0), value(1));
        WidgetInfo::labeled(Role::Label, true, name)
    });
    let painter = ui.painter();
    if changed {
        let wash = Rect::from_min_max(pos2(xs[1] - 4.0, rect.top()), pos2(rect.right(), rect.top() + height - 2.0));
        painter.rect_filled(wash, 3.0, t.cause_wash);
    }
    let top = rect.top() + 3.0;
    painter.galley(pos2(xs[0], top), name, name_colour);
    let [expected, actual] = values;
    painter.galley(pos2(xs[1] + 4.0, top), expected, value_colour);
    painter.galley(pos2(xs[2] + 4.0, top), actual, value_colour);
    if let Some((_, galley)) = why {
        painter.galley(pos2(xs[0], rect.top() + height - 4.0), galley, t.dim);
    }
    if let Some(spec) = spec {
        let mut text = format!("{} · {}", spec.role.word(), action_word(spec.action));
        if !spec.why.is_empty() {
            text.push('\n');
            text.push_str(&spec.why);
        }
        response.on_hover_text(text);
    }
}

const fn aside_word(spec: &FieldSpec) -> &'static str {
    if matches!(spec.action, Action::Rename) { "renamed" } else { "ignored" }
}

/// What is done with a field, in words.
pub fn action_word(action: Action) -> String {
    match action {
        Action::Compare => "compared".to_owned(),
        Action::Ignore => "ignored".to_owned(),
        Action::Rename => "renamed, then compared".to_owned(),
        Action::Tolerate { absolute, relative } => {
            let mut parts = Vec::new();
            if absolute > 0.0 {
                parts.push(format!("± {absolute}"));
            }
            if relative > 0.0 {
                parts.push(format!("± {} %", relative * 100.0));
            }
            if parts.is_empty() { "compared exactly".to_owned() } else { format!("tolerated {}", parts.join(" or ")) }
        }
    }
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", escape(&value[..end])),
        None => escape(value).into_owned(),
    }
}
