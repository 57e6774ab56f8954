//! Moving a pane, and making it larger or smaller.

use std::collections::BTreeSet;

use egui::{Rect, pos2};

use super::plan::{least, only_state, own_size};
use super::{Layout, Node, Pane, Part, Split, Way};

/// Where a pane is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Direction {
    const fn way(self) -> Way {
        match self {
            Self::Left | Self::Right => Way::Beside,
            Self::Up | Self::Down => Way::Below,
        }
    }

    const fn forward(self) -> bool {
        matches!(self, Self::Right | Self::Down)
    }

    /// The edge of the window on that side.
    pub(super) const fn edge(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Up => "upper",
            Self::Down => "lower",
        }
    }
}

impl Node {
    /// Stands beside another one. It keeps its size in the split around, which the caller knows.
    fn beside(self, new: Self, to: Direction, size: Option<f32>) -> Self {
        let mut parts = vec![Part { node: self, size }, Part::new(new)];
        if !to.forward() {
            parts.reverse();
        }
        Self::Split(Split { way: to.way(), parts })
    }

    fn put_beside(&mut self, path: &[usize], new: Self, to: Direction) {
        // Where the split around goes the same way, the size is one in it; else it stays with the whole.
        let size = path.split_last().and_then(|(at, above)| match self.at(above)? {
            Self::Split(split) if split.way == to.way() => split.parts.get(*at)?.size,
            _ => None,
        });
        if let Some(node) = self.at_mut(path) {
            let old = std::mem::replace(node, Self::tabs(&[]));
            *node = old.beside(new, to, size);
        }
    }
}

impl Layout {
    /// Moves a pane a step: along its tabs, out of them, into the tabs beside it, past what is beside it. Says whether
    /// there was somewhere to go.
    pub fn move_pane(&mut self, pane: Pane, to: Direction) -> bool {
        let Some(path) = self.root.path_to(pane).filter(|_| self.is_open(pane)) else { return false };
        let moved = self.along_tabs(pane, to) || self.out_of_tabs(pane, &path, to) || self.past_places(pane, &path, to);
        if moved {
            self.root.tidy();
            self.root.bring_to_front(pane);
            self.set_focus(pane);
        }
        moved
    }

    /// The open tabs of the place where a pane stands.
    fn open_tabs(&mut self, pane: Pane) -> Vec<Pane> {
        let closed = &self.closed;
        let tabs = self.root.tabs_of(pane);
        tabs.map_or_else(Vec::new, |tabs| tabs.panes.iter().copied().filter(|pane| !closed.contains(pane)).collect())
    }

    fn along_tabs(&mut self, pane: Pane, to: Direction) -> bool {
        if to.way() != Way::Beside {
            return false;
        }
        let open = self.open_tabs(pane);
        let Some(here) = open.iter().position(|known| *known == pane) else { return false };
        let next = if to.forward() { open.get(here + 1) } else { here.checked_sub(1).and_then(|at| open.get(at)) };
        let (Some(next), Some(tabs)) = (next, self.root.tabs_of(pane)) else { return false };
        let at = |wanted: Pane| tabs.panes.iter().position(|known| *known == wanted);
        let (Some(a), Some(b)) = (at(pane), at(*next)) else { return false };
        tabs.panes.swap(a, b);
        true
    }

    fn out_of_tabs(&mut self, pane: Pane, path: &[usize], to: Direction) -> bool {
        if self.open_tabs(pane).len() < 2 {
            return false;
        }
        self.take(pane);
        self.root.put_beside(path, Node::tabs(&[pane]), to);
        true
    }

    fn past_places(&mut self, pane: Pane, path: &[usize], to: Direction) -> bool {
        for depth in (0..path.len()).rev() {
            let above = &path[..depth];
            let Some(Node::Split(split)) = self.root.at(above) else { return false };
            let seen = |at: usize| !split.parts[at].node.is_hidden(&self.closed);
            let others = (0..split.parts.len()).filter(|at| *at != path[depth]).any(seen);
            if split.way != to.way() {
                if others {
                    self.take(pane);
                    self.root.put_beside(above, Node::tabs(&[pane]), to);
                    return true;
                }
                continue;
            }
            let next = if to.forward() {
                (path[depth] + 1..split.parts.len()).find(|at| seen(*at))
            } else {
                (0..path[depth]).rev().find(|at| seen(*at))
            };
            let Some(next) = next else { continue };
            self.take(pane);
            let beside = [above, &[next]].concat();
            match self.root.at_mut(&beside) {
                Some(Node::Tabs(tabs)) => {
                    let at = if to.forward() { 0 } else { tabs.panes.len() };
                    tabs.panes.insert(at, pane);
                }
                _ => self.root.put_beside(&beside, Node::tabs(&[pane]), to),
            }
            return true;
        }
        false
    }

    /// Takes a pane out of its tabs; the place stays until the tree is tidied, so that paths hold.
    fn take(&mut self, pane: Pane) {
        if let Some(tabs) = self.root.tabs_of(pane) {
            tabs.take(pane);
        }
    }

    /// Moves the line between two places of a split by so many points, forward when positive. Says whether it moved.
    pub fn move_line(&mut self, path: &[usize], [a, b]: [usize; 2], by: f32) -> bool {
        let room = self.room;
        let plan = self.plan(Rect::from_min_size(pos2(0.0, 0.0), room.panes), &room);
        let Some(places) = plan.splits.iter().find(|places| places.path == path) else { return false };
        let Some(Node::Split(split)) = self.root.at_mut(path) else { return false };
        let way = split.way;
        let sizes: Vec<(usize, f32)> = places.parts.iter().map(|(at, rect)| (*at, way.along(rect.size()))).collect();
        let size_of = |at: usize| sizes.iter().find(|(known, _)| *known == at).map(|(_, size)| *size);
        let (Some(first), Some(second)) = (size_of(a), size_of(b)) else { return false };
        let least = |at: usize| least(&split.parts[at].node, way, &room, &plan.hidden);
        let by = by.clamp((least(a) - first).min(0.0), (second - least(b)).max(0.0)).round();
        if by == 0.0 {
            return false;
        }
        let before = split.clone();
        let now = |at: usize, size: f32| match at {
            _ if at == a => first + by,
            _ if at == b => second - by,
            _ => size,
        };
        let flexible = |at: usize| own_size(&before.parts[at], way, &room, &plan.hidden).is_none();
        for (at, size) in sizes {
            if at == a || at == b || flexible(at) {
                split.parts[at].size = chosen(&before.parts[at], now(at, size), way, &plan.hidden, room.state);
            }
        }
        *split != before
    }

    /// Gives the places on both sides of a line their usual sizes again. Says whether they had others.
    pub fn reset_line(&mut self, path: &[usize], between: [usize; 2]) -> bool {
        let Some(Node::Split(split)) = self.root.at_mut(path) else { return false };
        let mut parts = between.map(|at| split.parts.get_mut(at).and_then(|part| part.size.take()));
        parts.iter_mut().any(|size| size.is_some())
    }

    /// Makes the place of a pane larger by so many points, or smaller when negative. Says whether it became so.
    pub fn grow(&mut self, pane: Pane, by: f32) -> bool {
        let Some(path) = self.root.path_to(pane).filter(|_| self.is_open(pane)) else { return false };
        let seen_at = |layout: &Self| {
            let plan = layout.plan(Rect::from_min_size(pos2(0.0, 0.0), layout.room.panes), &layout.room);
            plan.groups.into_iter().find(|group| group.panes.contains(&pane)).map(|group| group.rect.size())
        };
        let before = seen_at(self);
        for depth in (0..path.len()).rev() {
            let (above, at) = (&path[..depth], path[depth]);
            let Some(Node::Split(split)) = self.root.at(above) else { return false };
            let seen = |at: &usize| !split.parts[*at].node.is_hidden(&self.closed);
            let after = (at + 1..split.parts.len()).find(seen);
            let line = match (after, (0..at).rev().find(seen)) {
                (Some(next), _) => ([at, next], by),
                (None, Some(previous)) => ([previous, at], -by),
                (None, None) => continue,
            };
            let mut changed = self.clone();
            if changed.move_line(above, line.0, line.1) && seen_at(&changed) != before {
                *self = changed;
                return true;
            }
        }
        false
    }
}

/// The size that is kept of a place: none where it is as high as the state has to say anyway.
fn chosen(part: &Part, size: f32, way: Way, hidden: &BTreeSet<Pane>, state: f32) -> Option<f32> {
    let all = way == Way::Below && only_state(&part.node, hidden) && size >= state;
    // What a tiny window squeezes to nothing is a place all the same.
    (!all).then_some(size.max(1.0))
}
