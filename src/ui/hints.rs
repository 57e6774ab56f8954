//! Tooltips that end with the key in force, for regions that do not know the keys.

use std::sync::Arc;

use egui::{Id, Ui};

use crate::app::keymap::Keymap;

fn id() -> Id {
    Id::unique("the keys in force")
}

/// Notes the keys in force for what is drawn in this frame.
pub fn remember(ui: &Ui, keymap: &Arc<Keymap>) {
    ui.data_mut(|data| data.insert_temp(id(), Arc::clone(keymap)));
}

/// The key of a command, such as `Alt+Minus`; empty when it has none.
pub fn key(ui: &Ui, command: &str) -> String {
    let keymap = ui.data(|data| data.get_temp::<Arc<Keymap>>(id()));
    keymap.map_or_else(String::new, |keymap| keymap.shortcut(command))
}

/// The words with the key of a command behind them: `Fewer rows around (Alt+Minus)`.
pub fn with_key(ui: &Ui, words: &str, command: &str) -> String {
    let key = key(ui, command);
    if key.is_empty() { words.to_owned() } else { format!("{words} ({key})") }
}
