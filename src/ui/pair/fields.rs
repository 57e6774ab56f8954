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
        line(ui, selected, field, spec.field(field.path), t);
    }
    if aside.is_empty() {
        return;
    }
    ui.add_space(4.0);
    for field in aside {
        line(ui, selected, field, spec.field(field.path), t);
    }
}

fn both(selected: &Selected) -> Vec<Both<'_>> {
    let [expected, actual] = &selected.events;
    let mut fields: Vec<Both<'_>> = Vec::new();
    for (side, event) in [expected, actual].into_iter().enumerate() {
        for field in event.iter().flat_map(|event| &event.fields) {
            // An empty text is told from no text.
            let value = Some(field.value.plain()).map(|text| if text.is_empty() { "\"\"" } else { text });
            let place = fields.iter().position(|both| both.path == field.path).unwrap_or_else(|| {
                fields.push(Both { path: &field.path, values: [None, None] });
                fields.len() - 1
            });
            fields[place].values[side] = value;
        }
    }
    fields
}

/// Where names, expected and actual stand, and how wide a value may be. A side without an event takes no room.
struct Columns {
    name: f32,
    values: [Option<f32>; 2],
    width: f32,
}

impl Columns {
    fn new(rect: Rect, selected: &Selected) -> Self {
        let name = (rect.width() * 0.26).clamp(64.0, 160.0);
        let has = selected.events.each_ref().map(Option::is_some);
        let count = has.into_iter().filter(|has| *has).count().max(1);
        let width = (rect.width() - name) / count as f32;
        let first = rect.left() + name;
        let values = [has[0].then_some(first), has[1].then_some(if has[0] { first + width } else { first })];
        Self { name: rect.left(), values, width }
    }

    fn name_width(&self) -> f32 {
        self.values.iter().flatten().copied().fold(f32::INFINITY, f32::min) - self.name
    }
}

fn heading(ui: &mut Ui, selected: &Selected, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let columns = Columns::new(rect, selected);
    for ((side, event), x) in Side::BOTH.into_iter().zip(&selected.events).zip(columns.values) {
        let (Some(event), Some(x)) = (event, x) else { continue };
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        let text = format!("{side} #{}", event.index);
        let at = pos2(x + 4.0, rect.center().y);
        Words::of(&text, medium(size::LABEL), colour).paint(ui.painter(), at, columns.width - 4.0);
    }
}

fn line(ui: &mut Ui, selected: &Selected, field: &Both<'_>, spec: Option<&FieldSpec>, t: &Tokens) {
    let changed = selected.changed.iter().any(|path| path == field.path);
    let aside = spec.filter(|spec| matches!(spec.action, Action::Ignore | Action::Rename));
    let available = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), LINE));
    let columns = Columns::new(available, selected);
    let quiet = aside.is_some() && !changed;
    let (name_colour, value_colour) = if quiet { (t.faint, t.faint) } else { (t.dim, t.text) };
    let layout = |text: &str, colour: Color32, width: f32| -> Arc<Galley> {
        ui.painter().layout(text.to_owned(), FontId::monospace(size::SMALL), colour, width.max(24.0))
    };
    let name = layout(&escape(field.path), name_colour, columns.name_width() - 8.0);
    let values = [0, 1].map(|side| {
        let x = columns.values[side]?;
        let text = field.values[side].map_or_else(|| "—".to_owned(), cut);
        let colour = if field.values[side].is_some() { value_colour } else { t.dim };
        Some((x, layout(&text, colour, columns.width - 8.0)))
    });
    let why = aside.map(|spec| {
        let words = format!("{}: {}", aside_word(spec), spec.why);
        let font = FontId::proportional(size::SMALL);
        let galley = ui.painter().layout(escape(&words).into_owned(), font, t.dim, available.width() - 8.0);
        (words, galley)
    });
    let height = values.iter().flatten().map(|(_, value)| value.size().y).fold(name.size().y, f32::max) + 6.0;
    let height = height.max(LINE);
    let why_height = why.as_ref().map_or(0.0, |(_, galley)| galley.size().y + 6.0);
    let whole = vec2(available.width(), height + why_height - ui.spacing().item_spacing.y);
    let (rect, response) = ui.allocate_exact_size(whole, Sense::hover());
    response.widget_info(|| {
        let value = |side: usize| field.values[side].map_or("nothing".into(), escape);
        let state = if changed { ", changed" } else { "" };
        let why = why.as_ref().map(|(words, _)| format!(", {words}")).unwrap_or_default();
        let name = format!("field {}{state}: expected {}, actual {}{why}", escape(field.path), value(0), value(1));
        WidgetInfo::labeled(Role::Label, true, name)
    });
    let painter = ui.painter();
    if changed {
        let left = columns.name + columns.name_width() - 4.0;
        let wash = Rect::from_min_max(pos2(left, rect.top()), pos2(rect.right(), rect.top() + height - 2.0));
        painter.rect_filled(wash, 3.0, t.cause_wash);
    }
    let top = rect.top() + 3.0;
    painter.galley(pos2(columns.name, top), name, name_colour);
    for (x, value) in values.into_iter().flatten() {
        painter.galley(pos2(x + 4.0, top), value, value_colour);
    }
    if let Some((_, galley)) = why {
        painter.galley(pos2(columns.name, rect.top() + height - 4.0), galley, t.dim);
    }
    if let Some(spec) = spec {
        let mut text = format!("{} · {}", spec.role.word(), action_word(spec.action));
        if !spec.why.is_empty() {
            text.push('\n');
            text.push_str(&escape(&spec.why));
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
