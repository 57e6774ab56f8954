//! What a person does with the panes.

use super::plan::Room;
use super::presets::Preset;
use super::{Direction, Layout, Pane};
use crate::app::command::Effect;
use crate::app::state::{Page, State};

/// Points by which one press makes a pane larger.
const STEP: f32 = 32.0;

/// A change of the arrangement, or of where the focus is.
#[derive(Debug, Clone, PartialEq)]
pub enum LayoutCommand {
    /// What was dragged to another place or size.
    Arrange(Box<Layout>),
    /// A named arrangement.
    Preset(Preset),
    /// Opens a pane, in front of the tabs beside it, and gives it the focus.
    Show(Pane),
    /// Closes a pane that is seen, else shows it.
    Toggle(Pane),
    /// Closes a pane.
    Close(Pane),
    /// Closes the pane that has the focus.
    CloseFocused,
    /// Gives a pane the focus.
    Focus(Pane),
    /// Gives the focus to the next pane, or to the one before.
    WalkFocus {
        /// True for the next.
        forward: bool,
    },
    /// Moves the pane that has the focus.
    Move(Direction),
    /// Makes the pane that has the focus larger, or smaller.
    Grow {
        /// True for larger.
        larger: bool,
    },
    /// The panes are drawn in this room.
    Room(Room),
}

/// Carries out a change; it is kept when the arrangement is another one now.
pub fn change(state: &mut State, command: LayoutCommand) -> Vec<Effect> {
    let layout = &mut state.layout;
    let focus = layout.focus;
    let mut says = None;
    let changed = match command {
        LayoutCommand::Arrange(new) => {
            let changed = (&layout.root, &layout.closed) != (&new.root, &new.closed);
            layout.arrange(new.root, new.closed);
            layout.set_focus(new.focus);
            changed
        }
        LayoutCommand::Preset(preset) => {
            let (root, closed, focus) = preset.arrangement();
            layout.arrange(root, closed);
            layout.set_focus(focus);
            true
        }
        LayoutCommand::Toggle(pane) if layout.shows(pane) => layout.close(pane),
        LayoutCommand::Show(pane) | LayoutCommand::Toggle(pane) => layout.show(pane),
        LayoutCommand::Close(pane) => layout.close(pane),
        LayoutCommand::CloseFocused => {
            let closed = layout.close(focus);
            if closed {
                says = Some(format!("{} is closed; its key and the menu open it again.", focus.title()));
            }
            closed
        }
        LayoutCommand::Focus(pane) => {
            layout.set_focus(pane);
            false
        }
        LayoutCommand::WalkFocus { forward } => {
            layout.walk_focus(forward);
            says = Some(format!("{} has the focus.", layout.focus.title()));
            false
        }
        LayoutCommand::Move(to) => {
            let moved = layout.move_pane(focus, to);
            if !moved {
                says = Some(format!("{} is at the {} edge.", focus.title(), to.edge()));
            }
            moved
        }
        LayoutCommand::Grow { larger } => {
            let grown = layout.grow(focus, if larger { STEP } else { -STEP });
            if !grown {
                let word = if larger { "large" } else { "small" };
                says = Some(format!("{} is as {word} as it gets here.", focus.title()));
            }
            grown
        }
        LayoutCommand::Room(room) => {
            layout.room = room;
            false
        }
    };
    if let (Some(says), Page::Pair(pair)) = (says, &mut state.tabs.front_mut().page) {
        pair.tell(says);
    }
    if changed { vec![Effect::Save] } else { Vec::new() }
}
