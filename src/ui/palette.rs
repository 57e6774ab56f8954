//! The command palette: any command, recent pack, sample or event by what is typed.

use egui::{Key, Modifiers, Ui, vec2};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::fonts;
use super::parts::{self, elided, words};
use super::theme::{self, size};
use crate::app::pair::PairCommand;
use crate::app::samples::SAMPLES;
use crate::app::state::Focus;
use crate::app::table::TABLE;
use crate::app::{Command, State};
use crate::trace::{Side, escape};

/// Rows shown at once.
const ROWS: usize = 12;
/// Height of a row.
const ROW: f32 = 32.0;

/// One thing that can be chosen.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it is called.
    pub title: String,
    /// What it does.
    pub note: String,
    /// Its keys.
    pub keys: String,
    /// Why it cannot be chosen now.
    pub off: Option<&'static str>,
    /// What choosing it does.
    pub command: Command,
}

/// Draws the palette.
pub fn show(ui: &Ui, state: &State, query: &str, selected: usize, out: &mut Vec<Command>) {
    let hits = hits(state, query);
    let selected = selected.min(hits.len().saturating_sub(1));
    let chosen = steer(ui, query, selected, hits.len(), out);
    let ((), closed) = parts::overlay(ui, "Command palette", vec2(600.0, 480.0), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        field(ui, state, query, out);
        list(ui, &hits, selected, out);
    });
    if chosen && let Some(hit) = hits.get(selected) {
        choose(hit, out);
    }
    if closed {
        out.push(Command::Escape);
    }
}

fn choose(hit: &Hit, out: &mut Vec<Command>) {
    if hit.off.is_none() {
        out.push(Command::Escape);
        out.push(hit.command.clone());
    }
}

/// Arrow keys and Enter belong to the list, before the text field sees them.
fn steer(ui: &Ui, query: &str, selected: usize, len: usize, out: &mut Vec<Command>) -> bool {
    let mut at = selected;
    let mut chosen = false;
    ui.input_mut(|input| {
        let last = len.saturating_sub(1);
        if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
            at = if selected >= last { 0 } else { selected + 1 };
        }
        if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
            at = selected.checked_sub(1).unwrap_or(last);
        }
        if input.consume_key(Modifiers::NONE, Key::PageDown) {
            at = (selected + ROWS).min(last);
        }
        if input.consume_key(Modifiers::NONE, Key::PageUp) {
            at = selected.saturating_sub(ROWS);
        }
        chosen = input.consume_key(Modifiers::NONE, Key::Enter);
    });
    if at != selected {
        out.push(Command::Palette(query.to_owned(), at));
    }
    chosen
}

fn field(ui: &mut Ui, state: &State, query: &str, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let mut text = query.to_owned();
    egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 10)).show(ui, |ui| {
        let hint = egui::RichText::new("Type a command, a recent pack, or an event such as actual:5").color(t.dim);
        let field = egui::TextEdit::singleline(&mut text)
            .hint_text(hint)
            .frame(egui::Frame::NONE)
            .font(words(size::STRONG))
            .return_key(None)
            .min_size(vec2(0.0, 24.0))
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(f32::INFINITY);
        let response = ui.add(field).accessible_name("Type a command");
        if response.changed() {
            out.push(Command::Palette(text.clone(), 0));
        }
        if state.focus == Some(Focus::Palette) {
            response.request_focus();
            out.push(Command::Focused);
        }
    });
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), egui::Stroke::new(1.0, t.line));
}

fn list(ui: &mut Ui, hits: &[Hit], selected: usize, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::Frame::new().inner_margin(egui::Margin { left: 6, right: 6, top: 4, bottom: 6 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if hits.is_empty() {
            ui.add_space(8.0);
            ui.label(egui::RichText::new("   Nothing has that name.").color(t.dim));
            ui.add_space(8.0);
        }
        let first = selected.saturating_sub(ROWS - 1).min(hits.len().saturating_sub(ROWS));
        for (at, hit) in hits.iter().enumerate().skip(first).take(ROWS) {
            let (rect, response) = parts::row(ui, ROW, 0.0, true, &hit.title);
            if at == selected {
                ui.painter().rect_filled(rect, parts::RADIUS, t.selection);
            }
            let (left, right, centre) = (rect.left() + 10.0, rect.right() - 10.0, rect.center().y);
            let keys = parts::key_caps(ui, right, centre, &hit.keys, t);
            let colour = if hit.off.is_some() { t.dim } else { t.text };
            let put = |x: f32, galley: std::sync::Arc<egui::Galley>| {
                let width = galley.size().x;
                ui.painter().galley(egui::pos2(x, centre - galley.size().y / 2.0), galley, colour);
                width
            };
            let room = right - left - keys;
            let title = put(left, elided(ui, &escape(&hit.title), fonts::medium(size::BODY), colour, room * 0.6));
            let note = hit.off.unwrap_or(&hit.note);
            put(left + title + 12.0, elided(ui, &escape(note), words(size::LABEL), t.dim, room - title - 24.0));
            if response.clicked() {
                choose(hit, out);
            }
        }
    });
}

/// What fits the query, best first; everything, in its own order, for an empty one.
pub fn hits(state: &State, query: &str) -> Vec<Hit> {
    let mut hits: Vec<Hit> = event(state, query).into_iter().collect();
    let everything = everything(state);
    if query.trim().is_empty() {
        hits.extend(everything);
        return hits;
    }
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut room = Vec::new();
    let mut scored: Vec<(u32, usize)> = Vec::new();
    for (at, hit) in everything.iter().enumerate() {
        // The words of the description find a command too, but its title finds it first.
        let by_title = pattern.score(Utf32Str::new(&hit.title, &mut room), &mut matcher).map(|score| score + 1000);
        let whole = format!("{} {}", hit.title, hit.note);
        let by_note = || pattern.score(Utf32Str::new(&whole, &mut room), &mut matcher);
        if let Some(score) = by_title.or_else(by_note) {
            scored.push((score, at));
        }
    }
    scored.sort_by_key(|&(score, at)| (everything[at].off.is_some(), std::cmp::Reverse(score), at));
    hits.extend(scored.into_iter().map(|(_, at)| everything[at].clone()));
    hits
}

fn everything(state: &State) -> Vec<Hit> {
    let commands = TABLE.iter().filter(|entry| entry.id != "palette" && entry.id != "escape").map(|entry| Hit {
        title: entry.title.to_owned(),
        note: entry.description.to_owned(),
        keys: entry.shortcut(),
        off: entry.enabled(state).err(),
        command: (entry.command)(),
    });
    let recents = state.recents.as_slice().iter().map(|recent| Hit {
        title: format!("Open {}", recent.title),
        note: recent.request.label(),
        keys: String::new(),
        off: recent.missing.as_ref().map(|_| "It is no longer there."),
        command: Command::Open(recent.request.clone()),
    });
    let samples = SAMPLES.iter().enumerate().map(|(at, sample)| Hit {
        title: format!("Open sample: {}", sample.title),
        note: sample.story.to_owned(),
        keys: String::new(),
        off: None,
        command: Command::OpenSample(at),
    });
    commands.chain(recents).chain(samples).collect()
}

/// An event by its anchor: `actual:5`, `expected:5`, or `5` for the actual side.
fn event(state: &State, query: &str) -> Option<Hit> {
    let pair = state.pair()?;
    let anchor = query.trim().split('@').next()?;
    let (side, number) = match anchor.split_once(':') {
        Some((word, number)) => (Side::BOTH.into_iter().find(|side| side.word().starts_with(word))?, number),
        None => (Side::Actual, anchor),
    };
    let index: u32 = number.trim_start_matches('#').parse().ok()?;
    let len = pair.analysis().len(side);
    let off = (index >= len).then_some("There is no such event.");
    let command = PairCommand::SelectEvent(side, index).into();
    Some(Hit { title: format!("Go to {side} event #{index}"), note: String::new(), keys: String::new(), off, command })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(query: &str) -> Vec<String> {
        hits(&State::default(), query).into_iter().map(|hit| hit.title).collect()
    }

    #[test]
    fn every_command_can_be_found_by_its_title() {
        for entry in TABLE.iter().filter(|entry| entry.id != "palette" && entry.id != "escape") {
            let found = titles(entry.title);
            let place = found.iter().position(|title| title == entry.title);
            assert!(place.is_some_and(|place| place < ROWS), "{} is at {place:?} of {found:?}", entry.title);
        }
    }

    #[test]
    fn what_can_be_done_comes_before_what_cannot() {
        let state = State::default();
        let hits = hits(&state, "difference");
        assert!(hits.iter().any(|hit| hit.title == "Next difference" && hit.off == Some("Open a pack first.")));
        let first_off = hits.iter().position(|hit| hit.off.is_some()).unwrap();
        assert!(hits[first_off..].iter().all(|hit| hit.off.is_some()));
    }

    #[test]
    fn fuzzy_letters_are_enough_and_nonsense_finds_nothing() {
        assert!(titles("thm").iter().any(|title| title.contains("theme") || title.contains("Theme")));
        assert!(titles("qqqzzzxxx").is_empty());
    }
}
