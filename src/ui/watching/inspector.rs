//! The selected run in full, how runs are paired up, and the answers so far.

use egui::{Frame, Label, Margin, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{rules, run};
use crate::app::Command;
use crate::app::watching::{Answer, Known, WatchCommand, Watching};
use crate::runs::Outcome;
use crate::trace::{Side, escape, grouped};
use crate::ui::pair::glyph;
use crate::ui::pair::words::Words;
use crate::ui::parts::{self, data, elided, words};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{fonts, hints};

/// Answers that are listed at once.
const LISTED: usize = 24;

/// Draws the panel.
pub fn show(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    ScrollArea::vertical().id_salt("run").auto_shrink(false).show(ui, |ui| {
        Frame::NONE.inner_margin(Margin { left: 16, right: 16, top: 16, bottom: 16 }).show(ui, |ui| {
            let t = theme::tokens(ui);
            ui.spacing_mut().item_spacing.y = 4.0;
            if let Some((_, known)) = page.selected() {
                selected(ui, page, known, t, out);
            } else {
                parts::caption(ui, "SELECTED");
                say(ui, "Select a run to see all that is known of it; Enter or a double click opens it.", t);
            }
            ui.add_space(16.0);
            rules::show(ui, page, out);
            ui.add_space(16.0);
            history(ui, page, t);
        });
    });
}

fn say(ui: &mut Ui, text: &str, t: &Tokens) {
    ui.add(Label::new(RichText::new(text).font(words(size::LABEL)).color(t.dim)).wrap());
}

fn selected(ui: &mut Ui, page: &Watching, known: &Known, t: &Tokens, out: &mut Vec<Command>) {
    let outcome = known.entry.outcome.as_ref();
    parts::caption(ui, &format!("SELECTED · {}", run::word(outcome)));
    let name = RichText::new(escape(&known.entry.run.name)).font(fonts::semibold(size::STRONG)).color(t.text);
    ui.add(Label::new(name).wrap());
    if let Some(outcome) = outcome {
        ui.add(Label::new(RichText::new(escape(&outcome.said())).font(words(size::BODY)).color(t.text)).wrap());
        ui.add_space(4.0);
        facts(ui, page, outcome, t);
    }
    ui.add_space(8.0);
    let alone = page.baseline_here();
    ui.horizontal_wrapped(|ui| {
        let open = parts::main_button(ui, "Open", true).on_hover_text(hints::with_key(ui, "Open this run", "open-run"));
        if open.clicked() {
            out.push(WatchCommand::Open.into());
        }
        if alone.is_ok() {
            let says = "Makes this run the baseline";
            let button = parts::button(ui, "Compare the others with this run");
            if button.on_hover_text(hints::with_key(ui, says, "baseline-here")).clicked() {
                out.push(WatchCommand::BaselineHere.into());
            }
        }
    });
    if let Err(why) = alone {
        ui.add_space(4.0);
        say(ui, why, t);
    }
}

fn facts(ui: &mut Ui, page: &Watching, outcome: &Outcome, t: &Tokens) {
    let (expected, actual) = (outcome.events[Side::Expected], outcome.events[Side::Actual]);
    let counts = outcome.counts;
    let classes = [
        ("changed", counts.changed),
        ("missing", counts.missing),
        ("extra", counts.extra),
        ("moved", counts.moved),
        ("duplicate", counts.duplicate),
        ("late", counts.late),
    ];
    let rows: Vec<String> = classes
        .iter()
        .filter(|(_, n)| u64::from(*n) > 0)
        .map(|(word, n)| format!("{} {word}", grouped(u64::from(*n))))
        .collect();
    say(ui, &format!("{} ⇄ {} events", grouped(expected), grouped(actual)), t);
    if !rows.is_empty() {
        say(ui, &rows.join(", "), t);
    }
    if let Some(shape) = outcome.shape {
        let alike = match page.counts().alike(shape) {
            0 | 1 => "no other run failed like this".to_owned(),
            n => format!("{} runs failed like this", grouped(n)),
        };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let said = format!("Fingerprint {shape}, {alike}");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        run::fingerprint(ui.painter(), pos2(rect.left(), rect.center().y), shape, t);
        let at = pos2(rect.left() + 88.0, rect.center().y);
        Words::of(&alike, words(size::LABEL), t.dim).paint(ui.painter(), at, rect.right() - at.x);
        response.on_hover_text(format!("{shape}: the same for runs that failed in the same way, on any machine"));
    }
}

/// The answers so far: of the selected run, else of all.
fn history(ui: &mut Ui, page: &Watching, t: &Tokens) {
    let of = page.selected().map(|(name, _)| &**name);
    let mut answers = page.past().newest_first().filter(|answer| of.is_none_or(|name| answer.run == name));
    let listed: Vec<&Answer> = answers.by_ref().take(LISTED).collect();
    let more = answers.count();
    let title = if of.is_some() { "ANSWERS OF THIS RUN" } else { "HISTORY OF THIS WATCH" };
    parts::caption(ui, &format!("{title} · {}", grouped((listed.len() + more) as u64)));
    if listed.is_empty() {
        say(ui, "No answer stands yet.", t);
    }
    for answer in listed {
        line(ui, answer, of.is_some(), t);
    }
    if more > 0 {
        say(ui, &format!("and {} older", grouped(more as u64)), t);
    }
    if page.past().dropped() > 0 {
        let text = format!(
            "The last {} answers are kept; {} older ones are not.",
            grouped(page.past().len() as u64),
            grouped(page.past().dropped())
        );
        say(ui, &text, t);
    }
}

fn line(ui: &mut Ui, answer: &Answer, same_run: bool, t: &Tokens) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let word = answer.verdict.map_or("unreadable", crate::compare::Verdict::word);
    let said = format!("{}, {word}: {}", escape(&answer.run), escape(&answer.headline));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("answer of {said}")));
    let at = pos2(rect.left() + 6.0, rect.center().y);
    match answer.verdict {
        Some(verdict) => {
            glyph::verdict(ui.painter(), at, verdict, t);
        }
        None => glyph::warning(ui.painter(), at, t.warn),
    }
    let left = rect.left() + 20.0;
    let text =
        if same_run { format!("{word} · {}", escape(&answer.headline)) } else { escape(&answer.run).into_owned() };
    let font = if same_run { words(size::LABEL) } else { data(size::LABEL) };
    let galley = elided(ui, &text, font, t.text, rect.right() - left);
    ui.painter().galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, t.text);
    response.on_hover_text(said);
}
