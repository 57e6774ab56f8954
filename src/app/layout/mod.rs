//! The arrangement of the panes: what stands where, what is open, where the focus is. A property of the window: every pair
//! is seen in it.

mod change;
mod follow;
mod moves;
mod node;
mod pane;
mod plan;
mod presets;
mod saved;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::pair::View;

pub use change::{LayoutCommand, change};
pub use follow::Before;
pub use moves::Direction;
pub use node::{Node, Part, Split, Tabs, Way};
pub use pane::Pane;
pub use plan::{BAR, GAP, Group, Places, Plan, Room};
pub use presets::Preset;

/// What stands where.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Every pane, each once; closed ones keep their place.
    root: Node,
    closed: BTreeSet<Pane>,
    focus: Pane,
    /// The view that the focus was on last.
    view: View,
    /// The room it was drawn in last.
    room: Room,
}

impl Default for Layout {
    fn default() -> Self {
        let (root, closed) = presets::usual();
        Self { root, closed, focus: Pane::Events, view: View::default(), room: Room::default() }
    }
}

impl Layout {
    /// All panes, closed ones too.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// True when a pane is open, though perhaps behind another tab.
    pub fn is_open(&self, pane: Pane) -> bool {
        !self.closed.contains(&pane)
    }

    /// True when a pane is open and no other tab covers it.
    pub fn shows(&self, pane: Pane) -> bool {
        self.root.shown(&self.closed).contains(&pane)
    }

    /// The pane that commands about panes act on.
    pub const fn focus(&self) -> Pane {
        self.focus
    }

    /// The view that commands about views act on: where the focus is, or was last.
    pub const fn view(&self) -> View {
        self.view
    }

    /// The room it was drawn in last.
    pub const fn room(&self) -> &Room {
        &self.room
    }

    /// Opens a pane where it was, in front of other tabs, and gives it the focus. Says whether the arrangement changed.
    pub fn show(&mut self, pane: Pane) -> bool {
        let closed = self.closed.remove(&pane);
        let behind = self.root.bring_to_front(pane);
        self.set_focus(pane);
        closed || behind
    }

    /// Closes a pane; says whether it was open.
    pub fn close(&mut self, pane: Pane) -> bool {
        let closed = self.closed.insert(pane);
        self.settle();
        closed
    }

    /// Closes the first list that is open; says whether there was one.
    pub fn close_list(&mut self) -> bool {
        let open = [Pane::Bookmarks, Pane::Causes, Pane::Spec].into_iter().find(|list| self.is_open(*list));
        open.is_some_and(|list| self.close(list))
    }

    /// Gives a pane the focus, if it is shown.
    pub fn set_focus(&mut self, pane: Pane) {
        if self.shows(pane) {
            self.focus = pane;
            self.view = pane.view().unwrap_or(self.view);
        }
    }

    /// Gives the focus to the next shown pane, or to the one before, around the window.
    fn walk_focus(&mut self, forward: bool) {
        let shown = self.root.shown(&self.closed);
        if shown.is_empty() {
            return;
        }
        let here = shown.iter().position(|pane| *pane == self.focus);
        let next = match (here, forward) {
            (None, _) => 0,
            (Some(at), true) => (at + 1) % shown.len(),
            (Some(at), false) => (at + shown.len() - 1) % shown.len(),
        };
        self.set_focus(shown[next]);
    }

    /// The focus and the view are where something is seen.
    fn settle(&mut self) {
        let shown = self.root.shown(&self.closed);
        let view = |pane: &Pane| pane.view();
        if !shown.contains(&self.view.into()) {
            self.view = shown.iter().find_map(view).unwrap_or(self.view);
        }
        if !shown.contains(&self.focus) {
            let pane = Pane::from(self.view);
            self.focus = if shown.contains(&pane) { pane } else { shown.first().copied().unwrap_or(self.focus) };
        }
    }

    /// Takes an arrangement over from another layout, and keeps where the focus was.
    fn arrange(&mut self, root: Node, closed: BTreeSet<Pane>) {
        (self.root, self.closed) = (root, closed);
        self.root.tidy();
        self.settle();
    }

    /// Takes the arrangement and the focus of another layout over, for the room that this one is drawn in.
    pub(in crate::app) fn take_over(&mut self, other: Self) {
        let focus = other.focus;
        self.arrange(other.root, other.closed);
        self.set_focus(focus);
    }

    /// The same with another tree, as a person left it; what the tree lacks or has twice is put right.
    #[must_use]
    pub fn rearranged(&self, root: Node, moved: Pane) -> Self {
        let mut layout = self.clone();
        layout.arrange(root, self.closed.clone());
        layout.set_focus(moved);
        layout
    }
}
