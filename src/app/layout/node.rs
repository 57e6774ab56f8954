//! The tree of panes: tabs at its leaves, splits above them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Pane;

/// A tree of panes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Node {
    /// Panes in one place.
    Tabs(Tabs),
    /// Places beside or below each other.
    Split(Split),
}

/// Panes in one place, of which one is in front.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tabs {
    /// From left to right.
    pub panes: Vec<Pane>,
    /// The one in front; where it is closed, the first open one stands in for it.
    pub shown: Pane,
}

/// Places beside or below each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// How the places follow each other.
    pub way: Way,
    /// At least two, once the tree is tidy.
    pub parts: Vec<Part>,
}

/// A place of a split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What stands there.
    pub node: Node,
    /// What a person made of it: points where it has a size of its own, else a share of the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f32>,
}

/// How places follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// From left to right.
    Beside,
    /// From top to bottom.
    Below,
}

impl Part {
    /// A place of its usual size.
    pub const fn new(node: Node) -> Self {
        Self { node, size: None }
    }
}

impl Tabs {
    /// The pane that is seen, if one is open.
    pub fn seen(&self, closed: &BTreeSet<Pane>) -> Option<Pane> {
        let open = |pane: &Pane| !closed.contains(pane);
        Some(self.shown).filter(open).or_else(|| self.panes.iter().copied().find(open))
    }

    pub(super) fn take(&mut self, pane: Pane) {
        self.panes.retain(|known| *known != pane);
        if self.shown == pane {
            self.shown = self.panes.first().copied().unwrap_or(pane);
        }
    }
}

impl Node {
    /// Panes in one place, the first in front.
    pub fn tabs(panes: &[Pane]) -> Self {
        let shown = panes.first().copied().unwrap_or(Pane::Events);
        Self::Tabs(Tabs { panes: panes.to_vec(), shown })
    }

    /// Places beside or below each other, each of its usual size.
    pub fn split(way: Way, nodes: Vec<Self>) -> Self {
        Self::Split(Split { way, parts: nodes.into_iter().map(Part::new).collect() })
    }

    /// Every pane, in the order of the tree.
    pub fn panes(&self) -> Vec<Pane> {
        match self {
            Self::Tabs(tabs) => tabs.panes.clone(),
            Self::Split(split) => split.parts.iter().flat_map(|part| part.node.panes()).collect(),
        }
    }

    /// The panes that are seen, in the order of the tree.
    pub(super) fn shown(&self, closed: &BTreeSet<Pane>) -> Vec<Pane> {
        match self {
            Self::Tabs(tabs) => tabs.seen(closed).into_iter().collect(),
            Self::Split(split) => split.parts.iter().flat_map(|part| part.node.shown(closed)).collect(),
        }
    }

    /// True when nothing in it is open.
    pub(super) fn is_hidden(&self, closed: &BTreeSet<Pane>) -> bool {
        match self {
            Self::Tabs(tabs) => tabs.seen(closed).is_none(),
            Self::Split(split) => split.parts.iter().all(|part| part.node.is_hidden(closed)),
        }
    }

    /// The way to the tabs that hold a pane: the places in the splits from the root down.
    pub(super) fn path_to(&self, pane: Pane) -> Option<Vec<usize>> {
        match self {
            Self::Tabs(tabs) => tabs.panes.contains(&pane).then(Vec::new),
            Self::Split(split) => split.parts.iter().enumerate().find_map(|(at, part)| {
                let mut path = part.node.path_to(pane)?;
                path.insert(0, at);
                Some(path)
            }),
        }
    }

    /// The node at the end of a path.
    pub(super) fn at(&self, path: &[usize]) -> Option<&Self> {
        path.iter().try_fold(self, |node, at| match node {
            Self::Split(split) => split.parts.get(*at).map(|part| &part.node),
            Self::Tabs(_) => None,
        })
    }

    pub(super) fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, at| match node {
            Self::Split(split) => split.parts.get_mut(*at).map(|part| &mut part.node),
            Self::Tabs(_) => None,
        })
    }

    pub(super) fn tabs_of(&mut self, pane: Pane) -> Option<&mut Tabs> {
        let path = self.path_to(pane)?;
        match self.at_mut(&path)? {
            Self::Tabs(tabs) => Some(tabs),
            Self::Split(_) => None,
        }
    }

    /// Puts a pane in front of the tabs beside it; says whether it was not.
    pub(super) fn bring_to_front(&mut self, pane: Pane) -> bool {
        self.tabs_of(pane).is_some_and(|tabs| std::mem::replace(&mut tabs.shown, pane) != pane)
    }

    /// Makes a tree of any tree: every pane once, no empty place, no split in a split of the same way.
    pub(super) fn tidy(&mut self) {
        let mut seen = BTreeSet::new();
        self.drop_repeated(&mut seen);
        let missing: Vec<Pane> = Pane::ALL.into_iter().filter(|pane| !seen.contains(pane)).collect();
        if !missing.is_empty() {
            let first = self.first_tabs();
            first.panes.extend(missing);
        }
        let whole = std::mem::replace(self, Self::tabs(&[]));
        *self = whole.simplified().unwrap_or_else(|| Self::tabs(&Pane::ALL));
    }

    fn drop_repeated(&mut self, seen: &mut BTreeSet<Pane>) {
        match self {
            Self::Tabs(tabs) => {
                tabs.panes.retain(|pane| seen.insert(*pane));
                if !tabs.panes.contains(&tabs.shown) {
                    tabs.shown = tabs.panes.first().copied().unwrap_or(tabs.shown);
                }
            }
            Self::Split(split) => {
                for part in &mut split.parts {
                    part.size = part.size.filter(|size| size.is_finite() && *size > 0.0);
                    part.node.drop_repeated(seen);
                }
            }
        }
    }

    /// The first tabs of the tree, which is made a place where there is none.
    fn first_tabs(&mut self) -> &mut Tabs {
        if self.panes().is_empty() {
            *self = Self::tabs(&[]);
        }
        match self {
            Self::Tabs(tabs) => tabs,
            Self::Split(split) => {
                let at = split.parts.iter().position(|part| !part.node.panes().is_empty()).unwrap_or(0);
                split.parts[at].node.first_tabs()
            }
        }
    }

    fn simplified(self) -> Option<Self> {
        let Split { way, parts } = match self {
            Self::Tabs(tabs) => return (!tabs.panes.is_empty()).then_some(Self::Tabs(tabs)),
            Self::Split(split) => split,
        };
        let mut flat = Vec::new();
        for Part { node, size } in parts {
            match node.simplified() {
                None => {}
                Some(Self::Split(inner)) if inner.way == way => flat.extend(inner.parts),
                Some(node) => flat.push(Part { node, size }),
            }
        }
        match flat.len() {
            0 => None,
            1 => flat.pop().map(|part| part.node),
            _ => Some(Self::Split(Split { way, parts: flat })),
        }
    }
}
