//! What is selected, as it goes to the clipboard.

use super::State;
use super::control::ControlPage;
use super::pair::Pair;
use super::state::Page;
use crate::report::{self, Form, Part};
use crate::trace::Side;

/// The selected rows or samples as they were recorded, each line after its file and number. What was recorded in no lines, such as a
/// service, is told in words.
pub fn lines(state: &State) -> Option<String> {
    if let Some(pair) = state.pair() {
        return Some(pair_lines(pair));
    }
    let lines = state.control().and_then(ControlPage::selected_lines);
    lines.or_else(|| told(state, Form::Text))
}

/// What is selected in words, or for a program.
pub fn told(state: &State, form: Form) -> Option<String> {
    if let Some(pair) = state.pair() {
        return Some(report::rows(pair.analysis(), &pair.selected_parts(), form));
    }
    let requests = state.requests().and_then(|page| page.selected_as(form));
    requests.or_else(|| state.control().and_then(|page| page.selected_as(form)))
}

/// Says what is copied, and how much of a range that is; false where nothing is selected.
pub fn tell(state: &mut State) -> bool {
    let selected = match (state.pair(), state.requests(), state.control()) {
        (Some(pair), ..) => pair.selected_row().is_some(),
        (_, Some(page), _) => page.has_selected(),
        (.., Some(page)) => page.has_selected(),
        _ => false,
    };
    match &mut state.front_mut().page {
        _ if !selected => {}
        Page::Pair(pair) => pair.tell_copied(),
        Page::Requests(page) => page.tell_copied(),
        Page::Control(page) => page.tell_copied(),
        Page::Home | Page::Choose(_) | Page::Watching(_) | Page::Failed(_) => {}
    }
    selected
}

fn pair_lines(pair: &Pair) -> String {
    let line = |row: u32, side: Side| {
        let detail = pair.analysis().detail(side, pair.rows().get(row).event(side)?);
        let file = &pair.analysis().sides[side].as_ref()?.recording.source.name;
        Some(format!("{file}:{} {}", detail.place.line, detail.trouble.as_ref().unwrap_or(&detail.raw)))
    };
    let told = |part: &Part| match part {
        Part::Row(row) => Side::BOTH.into_iter().filter_map(|side| line(*row, side)).collect(),
        folded @ Part::Folded { .. } => vec![folded.words()],
    };
    pair.selected_parts().iter().flat_map(told).collect::<Vec<String>>().join("\n")
}
