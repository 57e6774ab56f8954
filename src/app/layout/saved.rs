//! The arrangement as it is kept over a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Layout, Node, Pane};

/// A tree that is deeper than this was made by nobody.
const DEEPEST: usize = 32;
/// Sizes beyond these are of no window.
const SIZES: std::ops::RangeInclusive<f32> = 0.001..=100_000.0;

#[derive(Serialize, Deserialize)]
struct Saved {
    root: Node,
    #[serde(default)]
    closed: BTreeSet<Pane>,
}

impl Layout {
    /// What is kept of it; nothing of the usual arrangement.
    pub fn saved(&self) -> Option<Value> {
        let usual = Self::default();
        if (&self.root, &self.closed) == (&usual.root, &usual.closed) {
            return None;
        }
        serde_json::to_value(Saved { root: self.root.clone(), closed: self.closed.clone() }).ok()
    }

    /// The layout that was kept.
    ///
    /// # Errors
    /// When it makes no sense, the end of a sentence that says why.
    pub fn from_saved(saved: Value) -> Result<Self, String> {
        let Saved { root, closed } =
            serde_json::from_value(saved).map_err(|error| format!("it is damaged ({error})"))?;
        check(&root, 0, &mut BTreeSet::new())?;
        let mut layout = Self::default();
        // Panes that it knows nothing of are new: they are there, and closed.
        let known: BTreeSet<Pane> = root.panes().into_iter().collect();
        let new = Pane::ALL.into_iter().filter(|pane| !known.contains(pane));
        layout.arrange(root, closed.into_iter().chain(new).collect());
        Ok(layout)
    }
}

fn check(node: &Node, depth: usize, seen: &mut BTreeSet<Pane>) -> Result<(), String> {
    if depth > DEEPEST {
        return Err("its places stand in each other without end".to_owned());
    }
    match node {
        Node::Tabs(tabs) if tabs.panes.is_empty() => Err("a place in it has no pane".to_owned()),
        Node::Tabs(tabs) => match tabs.panes.iter().find(|pane| !seen.insert(**pane)) {
            Some(twice) => Err(format!("{} is in it twice", twice.title())),
            None => Ok(()),
        },
        Node::Split(split) if split.parts.is_empty() => Err("a split in it has no place".to_owned()),
        Node::Split(split) => split.parts.iter().try_for_each(|part| {
            if part.size.is_some_and(|size| !SIZES.contains(&size)) {
                return Err("a size in it is of no window".to_owned());
            }
            check(&part.node, depth + 1, seen)
        }),
    }
}
