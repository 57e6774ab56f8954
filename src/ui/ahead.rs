//! What is typed before the field is there that it is meant for: a field has the keyboard two frames after the press that asks
//! for it, and frames may be long.

use egui::{Event, Id, Key, Ui};

use crate::app::Command;
use crate::app::pair::{BookmarkCommand, PairCommand};
use crate::app::state::Overlay;

/// Frames that a field may take to come; what was typed is then read as if nothing had been asked for.
const FRAMES: u8 = 8;

/// What waits for a field.
#[derive(Debug, Clone, Default)]
pub struct Ahead {
    waiting: Option<Vec<Event>>,
    frames: u8,
    /// The text of the press that asked for the field is still to come, and is not meant for it.
    own_text: bool,
    /// Text came in this frame: what chooses among what it finds waits for the next one.
    texted: bool,
}

fn id() -> Id {
    Id::unique("typed before the field was there")
}

impl Ahead {
    /// Puts what waited in front of what came in this frame, if a field has the keyboard now or none comes.
    pub fn begin(ui: &Ui, typing: bool) -> Self {
        let mut ahead = ui.data_mut(|data| data.remove_temp::<Self>(id())).unwrap_or_default();
        if (typing || ahead.frames >= FRAMES)
            && let Some(mut events) = ahead.waiting.take()
        {
            ui.input_mut(|input| {
                events.append(&mut input.events);
                input.events = events;
            });
            ahead = Self::default();
        }
        ahead
    }

    /// Keeps an event for later; false for one that is for now.
    pub fn keeps(&mut self, event: &Event, typing: bool) -> bool {
        if !matches!(event, Event::Key { pressed: true, .. } | Event::Text(_) | Event::Paste(_)) {
            return false;
        }
        let is_text = matches!(event, Event::Text(_));
        if self.waiting.is_none() && typing {
            self.texted |= is_text;
            if self.texted && chooses(event) {
                self.waiting = Some(Vec::new());
            }
        }
        let Some(waiting) = &mut self.waiting else { return false };
        if !(std::mem::take(&mut self.own_text) && is_text) {
            waiting.push(event.clone());
        }
        true
    }

    /// Notes that a press does this.
    pub fn pressed(&mut self, command: &Command) {
        if asks_for_a_field(command) {
            *self = Self { waiting: Some(Vec::new()), own_text: true, ..Self::default() };
        }
    }

    /// Ends the frame.
    pub fn end(mut self, ui: &Ui) {
        if self.waiting.is_some() {
            self.frames += 1;
            ui.data_mut(|data| data.insert_temp(id(), Self { texted: false, ..self }));
            ui.request_repaint();
        }
    }
}

/// True for a press that chooses among what was found by the text before it.
const fn chooses(event: &Event) -> bool {
    use Key::{ArrowDown, ArrowUp, Enter, Escape, PageDown, PageUp, Tab};
    matches!(event, Event::Key { key: Enter | Tab | Escape | ArrowUp | ArrowDown | PageUp | PageDown, .. })
}

/// True when a text field will have the keyboard once this is carried out.
const fn asks_for_a_field(command: &Command) -> bool {
    matches!(
        command,
        Command::Focus(_)
            | Command::Toggle(Overlay::Palette { .. } | Overlay::PastePath)
            | Command::Pair(PairCommand::Bookmark(BookmarkCommand::EditHere) | PairCommand::EditBreakpoint(_))
    )
}
