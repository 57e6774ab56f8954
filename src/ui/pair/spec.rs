//! The comparison spec: what every field is for, what is done with it, and why.

use egui::{FontId, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::causes::close;
use super::decided;
use super::fields::action_word;
use super::words::Words;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::pair::{Pair, PairRequest, Preset};
use crate::app::region::Region;
use crate::report;
use crate::spec::{Action, Decision, FieldSpec, Role as FieldRole, Tolerance};
use crate::trace::escape;
use crate::ui::fonts::{medium, mono_medium, semibold};
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

/// Room at the sides.
const PAD: f32 = 16.0;

/// Draws the spec into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Spec, ui.max_rect());
    let t = theme::tokens(ui);
    let spec = &pair.analysis().spec;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let title = pos2(rect.left() + PAD, rect.center().y);
    Words::of("COMPARISON SPEC", semibold(size::SMALL), t.dim).paint(ui.painter(), title, rect.width() - 80.0);
    if close(ui, rect, "Close the comparison spec") {
        out.push(PairRequest::Layout(LayoutCommand::Close(Pane::Spec)));
    }
    let margin = egui::Margin::symmetric(PAD as i8, 0);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        let text = format!(
            "{}. What a field is for was inferred from how it behaves in both recordings.",
            capital(&pair.analysis().compared_line())
        );
        ui.add(egui::Label::new(RichText::new(text).size(size::LABEL).color(t.dim)).wrap());
        if let Some(judged) = &pair.analysis().envelope {
            let text = format!("Good runs: {}.", report::good_runs(judged));
            ui.add(egui::Label::new(RichText::new(text).size(size::LABEL).color(t.text)).wrap());
        }
        ui.add_space(4.0);
        presets(ui, &spec.fields, t, out);
    });
    ui.add_space(8.0);
    ScrollArea::vertical().id_salt("spec").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if spec.fields.is_empty() {
            egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
                ui.label(RichText::new("No field was seen.").color(t.dim));
            });
        }
        let groups: [(&str, Vec<&FieldSpec>); 3] = [
            ("Compared", spec.compared().collect()),
            ("Renamed, then compared", spec.renamed().collect()),
            ("Ignored", spec.ignored().collect()),
        ];
        for (name, fields) in groups {
            if fields.is_empty() {
                continue;
            }
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
            let words = Words::of(name, medium(size::LABEL), t.text).gap(8.0).add(
                &fields.len().to_string(),
                FontId::proportional(size::LABEL),
                t.dim,
            );
            words.paint(ui.painter(), pos2(rect.left() + PAD, rect.center().y + 4.0), rect.width() - 2.0 * PAD);
            for field in fields {
                line(ui, field, t, out);
            }
        }
        decided::show(ui, pair, t, out);
    });
}

fn line(ui: &mut Ui, field: &FieldSpec, t: &Tokens, out: &mut Vec<PairRequest>) {
    let width = ui.available_width();
    let mut why = field.why.clone();
    if field.by_hand {
        why = if why.is_empty() { "decided by hand".to_owned() } else { format!("decided by hand; {why}") };
    }
    let galley = ui.painter().layout(
        escape(&why).into_owned(),
        FontId::proportional(size::LABEL),
        t.dim,
        width - 2.0 * PAD - 8.0,
    );
    let height = 28.0 + if why.is_empty() { 0.0 } else { galley.size().y + 6.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| {
        let name = format!("{}: {}, {}. {why}", escape(&field.path), field.role.word(), action_word(field.action));
        WidgetInfo::labeled(Role::Label, true, name)
    });
    let painter = &ui.painter().clone();
    let y = rect.top() + 15.0;
    let mut roles = field.role.word().to_owned();
    if let Some(lane) = &field.lane {
        roles = format!("{roles} · lanes {}:…", escape(lane));
    }
    if let Action::Tolerate { .. } = field.action {
        roles = format!("{roles} · {}", action_word(field.action));
    }
    let mut right = rect.right() - PAD;
    if can_switch(field) {
        right = more(ui, field, pos2(right, y), t, out) - 8.0;
        right = switch(ui, field, pos2(right, y), t, out) - 12.0;
    }
    let shown =
        Words::of(&roles, FontId::proportional(size::LABEL), t.dim).paint_right(painter, pos2(right, y), width * 0.5);
    Words::of(&escape(&field.path), mono_medium(size::LABEL), t.text).paint(
        painter,
        pos2(rect.left() + PAD, y),
        shown.left() - rect.left() - PAD - 12.0,
    );
    if !why.is_empty() {
        painter.galley(pos2(rect.left() + PAD, rect.top() + 26.0), galley, t.dim);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
}

/// A kind says what an event is, and what says where it stands is never compared: there is nothing to switch.
const fn can_switch(field: &FieldSpec) -> bool {
    !matches!(field.role, FieldRole::Kind)
}

/// The link that compares what is ignored and ignores what is compared; says where it begins.
fn switch(ui: &Ui, field: &FieldSpec, right: egui::Pos2, t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let ignored = field.action == Action::Ignore;
    let word = if ignored { "Compare" } else { "Ignore" };
    let words = Words::of(word, medium(size::LABEL), t.expected);
    let shown = words.paint_right(ui.painter(), right, 80.0);
    let response = ui.interact(shown.expand(4.0), ui.scope_id().with(("switch", &field.path)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{word} {}", escape(&field.path))));
    if response.hovered() || response.has_focus() {
        ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, t.expected));
    }
    if response.clicked() {
        let path = field.path.clone();
        out.push(PairRequest::Decide(path, if ignored { Decision::Compare } else { Decision::Ignore }));
    }
    response.on_hover_text(format!("{word} this field and compare again."));
    shown.left()
}

/// The menu with everything that can be decided about a field; says where its button begins.
fn more(ui: &mut Ui, field: &FieldSpec, right: egui::Pos2, t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let rect = egui::Rect::from_min_max(pos2(right.x - 24.0, right.y - 11.0), pos2(right.x, right.y + 11.0));
    let mut decide = |ui: &Ui, decision: Decision| {
        out.push(PairRequest::Decide(field.path.clone(), decision));
        ui.close();
    };
    // Beside the line, whose room is taken already.
    let mut aside = ui.new_child(egui::UiBuilder::new().id_salt(("decide", &field.path)).max_rect(rect));
    {
        let ui = &mut aside;
        let button = ui.menu_button(RichText::new("…").size(size::BODY).color(t.dim), |ui| {
            let by_hand = field.by_hand;
            let choices = [
                ("Compare exactly", Decision::Compare, by_hand && field.action == Action::Compare),
                ("Ignore", Decision::Ignore, by_hand && field.action == Action::Ignore),
                ("Rename one to one", Decision::Rename, by_hand && field.action == Action::Rename),
                ("As inferred", Decision::Inferred, !by_hand),
            ];
            for (title, decision, chosen) in choices {
                if ui.selectable_label(chosen, title).clicked() {
                    decide(ui, decision);
                }
            }
            ui.separator();
            if let Some(tolerance) = tolerance_field(ui, field, t) {
                decide(ui, Decision::Tolerate(tolerance));
            }
        });
        let name = format!("Decide about {}", escape(&field.path));
        button.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        button.response.on_hover_text("Compare, ignore, rename or tolerate this field.");
    }
    rect.left()
}

/// A field for a tolerance, with its mistake below it; the tolerance when it is set.
fn tolerance_field(ui: &mut Ui, field: &FieldSpec, t: &Tokens) -> Option<Tolerance> {
    let id = ui.scope_id().with(("tolerance", &field.path));
    let known = || match field.action {
        Action::Tolerate { absolute, relative } if relative > 0.0 && absolute <= 0.0 => {
            format!("{}%", relative * 100.0)
        }
        Action::Tolerate { absolute, .. } => absolute.to_string(),
        _ => String::new(),
    };
    let mut text = ui.data_mut(|data| data.get_temp::<String>(id)).unwrap_or_else(known);
    let (parsed, set) = ui
        .horizontal(|ui| {
            ui.label(RichText::new("Tolerate ±").color(t.text));
            let response = ui.add(egui::TextEdit::singleline(&mut text).hint_text("5 or 5%").desired_width(72.0));
            response.widget_info(|| {
                WidgetInfo::labeled(Role::TextInput, true, format!("Tolerance of {}", escape(&field.path)))
            });
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let parsed = text.parse::<Tolerance>();
            let set = ui.add_enabled(parsed.is_ok(), egui::Button::new("Set")).clicked() || entered;
            (parsed, set)
        })
        .inner;
    match parsed {
        Ok(tolerance) if set => {
            ui.data_mut(|data| data.remove::<String>(id));
            return Some(tolerance);
        }
        Err(wrong) if !text.is_empty() => {
            let sentence = format!("{}: write 5 or 5%.", capital(&wrong));
            ui.label(RichText::new(sentence).size(size::SMALL).color(t.cause));
        }
        _ => {}
    }
    ui.data_mut(|data| data.insert_temp(id, text));
    None
}

/// The menu that decides about all fields at once.
fn presets(ui: &mut Ui, fields: &[FieldSpec], t: &Tokens, out: &mut Vec<PairRequest>) {
    let by_hand = fields.iter().filter(|field| field.by_hand).count();
    ui.horizontal(|ui| {
        let button = ui.menu_button(RichText::new("Presets ▾").size(size::LABEL).color(t.text), |ui| {
            let presets = [
                ("Everything as inferred", Preset::Inferred),
                ("Only kinds and identities", Preset::Structure),
                ("Every value exactly", Preset::Everything),
            ];
            for (title, preset) in presets {
                if ui.button(title).clicked() {
                    out.push(PairRequest::Preset(preset));
                    ui.close();
                }
            }
        });
        button.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Presets for all fields"));
        if by_hand > 0 {
            let text =
                if by_hand == 1 { "1 decision by hand".to_owned() } else { format!("{by_hand} decisions by hand") };
            ui.label(RichText::new(text).size(size::LABEL).color(t.dim));
            if ui.link(RichText::new("Reset").size(size::LABEL)).clicked() {
                out.push(PairRequest::Preset(Preset::Inferred));
            }
        }
    });
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
