//! Keys of commands: one press with modifiers, or two keys one after the other; how they are written and matched.

use egui::{Key, KeyboardShortcut, Modifiers};

/// What a person presses for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// A key, perhaps with modifiers.
    Press(KeyboardShortcut),
    /// Two keys one after the other, without modifiers.
    Then(Key, Key),
}

impl Keys {
    /// A key alone.
    pub const fn key(key: Key) -> Self {
        Self::with(Modifiers::NONE, key)
    }

    /// A key with modifiers.
    pub const fn with(modifiers: Modifiers, key: Key) -> Self {
        Self::Press(KeyboardShortcut::new(modifiers, key))
    }

    /// As it is written in menus and help: `Ctrl+Shift+P`, `n`, `g d`.
    pub fn text(self) -> String {
        match self {
            Self::Then(first, then) => format!("{} {}", name(first).to_lowercase(), name(then).to_lowercase()),
            Self::Press(KeyboardShortcut { modifiers, logical_key }) => {
                let mut text = String::new();
                for (held, word) in [
                    (modifiers.ctrl || modifiers.command, if cfg!(target_os = "macos") { "Cmd+" } else { "Ctrl+" }),
                    (modifiers.alt, "Alt+"),
                    (modifiers.shift, "Shift+"),
                ] {
                    if held {
                        text.push_str(word);
                    }
                }
                let name = name(logical_key);
                let letter = name.chars().count() == 1 && text.is_empty();
                text + &if letter { name.to_lowercase() } else { name.to_owned() }
            }
        }
    }

    /// True when it may be taken even while a text field has the keyboard.
    pub fn works_while_typing(self) -> bool {
        match self {
            Self::Then(..) => false,
            Self::Press(KeyboardShortcut { modifiers, logical_key: key }) => {
                let function = key.name().starts_with('F') && key.name().len() > 1;
                let edits = matches!(
                    key,
                    Key::A
                        | Key::C
                        | Key::V
                        | Key::X
                        | Key::Y
                        | Key::Z
                        | Key::ArrowLeft
                        | Key::ArrowRight
                        | Key::Home
                        | Key::End
                        | Key::Enter
                        | Key::Space
                );
                function || key == Key::Escape || ((modifiers.command || modifiers.alt) && !edits)
            }
        }
    }
}

fn name(key: Key) -> &'static str {
    match key {
        Key::ArrowDown => "Down",
        Key::ArrowUp => "Up",
        Key::ArrowLeft => "Left",
        Key::ArrowRight => "Right",
        Key::Period => ".",
        Key::Comma => ",",
        Key::PageDown => "Page Down",
        Key::PageUp => "Page Up",
        Key::Escape => "Esc",
        Key::Backslash => "\\",
        Key::Quote => "'",
        Key::Slash => "/",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Questionmark => "?",
        other => other.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_people_write_them() {
        assert_eq!(Keys::key(Key::N).text(), "n");
        assert_eq!(Keys::with(Modifiers::SHIFT, Key::N).text(), "Shift+N");
        assert_eq!(Keys::Then(Key::G, Key::D).text(), "g d");
        assert_eq!(Keys::with(Modifiers::ALT, Key::Backslash).text(), "Alt+\\");
        assert_eq!(Keys::key(Key::F7).text(), "F7");
        assert_eq!(Keys::key(Key::Questionmark).text(), "?");
        if !cfg!(target_os = "macos") {
            assert_eq!(Keys::with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P).text(), "Ctrl+Shift+P");
        }
    }

    #[test]
    fn letters_belong_to_the_text_field_and_ctrl_to_the_window() {
        assert!(!Keys::key(Key::N).works_while_typing());
        assert!(!Keys::with(Modifiers::SHIFT, Key::N).works_while_typing());
        assert!(!Keys::Then(Key::G, Key::D).works_while_typing());
        assert!(!Keys::with(Modifiers::COMMAND, Key::C).works_while_typing());
        assert!(!Keys::with(Modifiers::COMMAND, Key::Home).works_while_typing());
        assert!(!Keys::with(Modifiers::COMMAND, Key::ArrowRight).works_while_typing());
        assert!(Keys::with(Modifiers::COMMAND, Key::O).works_while_typing());
        assert!(Keys::key(Key::F7).works_while_typing());
        assert!(!Keys::key(Key::F).works_while_typing());
    }
}
