//! The keyboard: turns presses into the commands of the table, before any widget sees them.

use egui::text_selection::LabelSelectionState;
use egui::{Event, Id, Key, Modifiers};

use super::ahead::Ahead;
use crate::app::Command;
use crate::app::keys::Keys;
use crate::app::state::State;
use crate::app::table::Entry;

/// Where it is noted that a text field had the keyboard when the last frame was drawn.
fn typing_id() -> Id {
    Id::unique("a text field had the keyboard")
}

/// Notes whether a text field has the keyboard, for the next frame: the toolkit takes it away on Escape before anything
/// here can look.
pub fn remember_typing(ui: &egui::Ui) {
    let typing = ui.ctx().text_edit_focused();
    ui.data_mut(|data| data.insert_temp(typing_id(), typing));
}

/// Takes the presses that are commands out of the input and sends them.
pub fn read(ui: &egui::Ui, state: &State, out: &mut Vec<Command>) {
    let typing = ui.ctx().text_edit_focused();
    let was_typing = ui.data(|data| data.get_temp::<bool>(typing_id())).unwrap_or(false);
    let focused = ui.memory(|memory| memory.focused().is_some());
    let selected_text = ui.ctx().plugin::<LabelSelectionState>().lock().has_selection();
    let menu_open = egui::Popup::is_any_open(ui.ctx());
    // The toolkit has let go already when the press is read.
    let dragging = ui.ctx().dragged_id().or_else(|| ui.ctx().drag_stopped_id()).is_some();
    let mut prefix = state.prefix;
    let mut moved_focus = false;
    let mut ahead = Ahead::begin(ui, typing);
    ui.input_mut(|input| {
        input.events.retain(|event| {
            if ahead.keeps(event, typing) {
                return false;
            }
            if matches!(event, Event::Copy) && !typing && !selected_text {
                out.extend(copy_command(state));
                return false;
            }
            if matches!(event, Event::WindowFocused(true)) {
                out.push(Command::ReadKeys { asked: false });
            }
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            let press = Press { key: *key, modifiers: *modifiers, prefix: prefix.take() };
            // Escape closes a menu, lets go what is dragged or leaves a text field first, and Tab walks on when it has begun to walk.
            let inner = menu_open || dragging || (was_typing && state.overlay.is_none());
            // Space and Enter press the button that has the keyboard.
            if (matches!(*key, Key::Tab | Key::Space | Key::Enter) && focused && !modifiers.command)
                || (*key == Key::Escape && inner)
            {
                return true;
            }
            match press.meaning(state, typing) {
                Meaning::Nothing => true,
                Meaning::Begins => {
                    prefix = Some(*key);
                    false
                }
                // What cannot be done now leaves its key to the widgets: Tab walks through a page without a pair.
                Meaning::Does(entry) if entry.enabled(state).is_err() => true,
                Meaning::Does(entry) => {
                    if !repeat || entry.repeats {
                        let command = (entry.command)();
                        ahead.pressed(&command);
                        out.push(command);
                    }
                    moved_focus |= matches!(key, Key::Tab);
                    false
                }
            }
        });
    });
    ahead.end(ui);
    if moved_focus {
        ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
    }
    if prefix != state.prefix {
        out.push(Command::Prefix(prefix));
    }
}

/// The system's copy key arrives as a wish to copy, not as a press. Selected text goes before the selected row.
fn copy_command(state: &State) -> Option<Command> {
    let ctrl_c = Keys::with(Modifiers::COMMAND, Key::C);
    let (entry, _) = state.keymap.all().find(|(_, keys)| *keys == ctrl_c)?;
    (state.overlay.is_none() && entry.enabled(state).is_ok()).then(|| (entry.command)())
}

/// One press, and the press before it when that began a sequence.
#[derive(Debug, Clone, Copy)]
struct Press {
    key: Key,
    modifiers: Modifiers,
    prefix: Option<Key>,
}

#[derive(Debug)]
enum Meaning {
    Nothing,
    Begins,
    Does(&'static Entry),
}

impl Press {
    fn meaning(self, state: &State, typing: bool) -> Meaning {
        let open = state.overlay.is_some();
        let listens = |entry: &Entry, keys: Keys| {
            let free = !typing || keys.works_while_typing();
            let over = !open || !entry.is_about_the_pair();
            let single = matches!(keys, Keys::Press(s) if s.modifiers.is_none() && !keys.works_while_typing());
            free && over && !(open && single && entry.id != "help")
        };
        let candidates = || state.keymap.all();
        if let Some(first) = self.prefix {
            let hit = candidates().find(|&(entry, keys)| keys == Keys::Then(first, self.key) && listens(entry, keys));
            if let Some((entry, _)) = hit {
                return Meaning::Does(entry);
            }
        }
        let hit = candidates()
            .filter_map(|(entry, keys)| match keys {
                Keys::Press(s) if s.logical_key == self.key && self.modifiers.matches_logically(s.modifiers) => {
                    listens(entry, keys).then_some((entry, s.modifiers))
                }
                _ => None,
            })
            // The pattern with the most modifiers is the one that was meant: Shift+N is also an N.
            .max_by_key(|(_, m)| u8::from(m.shift) + u8::from(m.alt) + u8::from(m.command || m.ctrl));
        if let Some((entry, _)) = hit {
            return Meaning::Does(entry);
        }
        let begins = self.modifiers.is_none()
            && candidates()
                .any(|(entry, keys)| matches!(keys, Keys::Then(first, _) if first == self.key) && listens(entry, keys));
        if begins { Meaning::Begins } else { Meaning::Nothing }
    }
}
