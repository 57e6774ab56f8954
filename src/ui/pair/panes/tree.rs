//! The tree that is drawn, made of the layout and read again when something was dropped in it.

use std::collections::BTreeMap;

use egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tabs as TileTabs, Tile, TileId, Tiles, Tree};

use crate::app::layout::{Layout, Node, Pane, Part, Plan, Split, Tabs, Way};

/// Panes have the same tile in every frame, so that a drag holds.
const PANES_FROM: u64 = 1;
/// So have places, as long as nothing is moved.
const PLACES_FROM: u64 = 100;

/// A tree of tiles, with what it does not know.
pub struct Drawn {
    /// The tiles, sized for the room that the plan is for.
    pub tree: Tree<Pane>,
    /// The sizes that a person gave places.
    sizes: BTreeMap<u64, Option<f32>>,
}

impl Drawn {
    /// The tree of a layout.
    pub fn new(layout: &Layout, plan: &Plan) -> Self {
        let mut made = Making { tiles: Tiles::default(), sizes: BTreeMap::new(), next: PLACES_FROM, plan };
        let root = made.node(layout.root(), &mut Vec::new());
        for pane in &plan.hidden {
            made.tiles.set_visible(tile_of(*pane), false);
        }
        Self { tree: Tree::new(id(), root, made.tiles), sizes: made.sizes }
    }

    /// The pane that is being dragged.
    pub fn dragged(&self, ctx: &egui::Context) -> Option<Pane> {
        self.tree.tiles.get_pane(&self.tree.dragged_id(ctx)?).copied()
    }

    /// What the tree is now that `moved` was dropped in it.
    pub fn read(&self, moved: Pane) -> Option<Node> {
        self.node(self.tree.root()?, moved)
    }

    fn node(&self, tile: TileId, moved: Pane) -> Option<Node> {
        match self.tree.tiles.get(tile)? {
            Tile::Pane(pane) => Some(Node::tabs(&[*pane])),
            Tile::Container(Container::Tabs(tabs)) => self.tabs(tabs, moved),
            Tile::Container(container) => {
                let way = match container {
                    Container::Linear(Linear { dir: LinearDir::Vertical, .. }) => Way::Below,
                    _ => Way::Beside,
                };
                let part = |child: &TileId| Some(Part { node: self.node(*child, moved)?, size: self.size(*child) });
                let parts: Vec<Part> = container.children().filter_map(part).collect();
                (!parts.is_empty()).then_some(Node::Split(Split { way, parts }))
            }
        }
    }

    /// A pane that was dropped on one edge of a pane stands beside all the tabs of that pane.
    fn tabs(&self, tabs: &TileTabs, moved: Pane) -> Option<Node> {
        let mut panes = Vec::new();
        let mut shown = None;
        let mut beside = None;
        for &child in &tabs.children {
            let active = tabs.active == Some(child);
            let Some(node) = self.node(child, moved) else { continue };
            let own: Vec<Pane> = match node {
                Node::Tabs(Tabs { panes, shown: inner }) => {
                    shown = if active { Some(inner) } else { shown };
                    panes
                }
                Node::Split(split) => {
                    let first = split.parts.first().is_some_and(|part| part.node.panes().contains(&moved));
                    beside = Some((split.way, first));
                    let own = split.parts.iter().flat_map(|part| part.node.panes()).filter(|pane| *pane != moved);
                    let own: Vec<Pane> = own.collect();
                    shown = if active { own.first().copied() } else { shown };
                    own
                }
            };
            panes.extend(own);
        }
        let rest = panes.first().copied().map(|first| Node::Tabs(Tabs { shown: shown.unwrap_or(first), panes }));
        let Some((way, first)) = beside else { return rest };
        let mut nodes: Vec<Node> = rest.into_iter().chain([Node::tabs(&[moved])]).collect();
        if first {
            nodes.reverse();
        }
        Some(Node::split(way, nodes))
    }

    /// The size of a place; a new one around a place takes its size.
    fn size(&self, tile: TileId) -> Option<f32> {
        match self.sizes.get(&tile.0) {
            Some(size) => *size,
            None => self.tree.tiles.get_container(tile)?.children().find_map(|child| self.size(*child)),
        }
    }
}

/// The tree's own id.
pub fn id() -> Id {
    Id::unique("panes")
}

/// The tile of a pane.
pub const fn tile_of(pane: Pane) -> TileId {
    TileId(PANES_FROM + pane as u64)
}

struct Making<'a> {
    tiles: Tiles<Pane>,
    sizes: BTreeMap<u64, Option<f32>>,
    next: u64,
    plan: &'a Plan,
}

impl Making<'_> {
    fn node(&mut self, node: &Node, path: &mut Vec<usize>) -> TileId {
        let id = TileId(self.next);
        self.next += 1;
        let container = match node {
            Node::Tabs(tabs) => {
                for &pane in &tabs.panes {
                    self.tiles.insert(tile_of(pane), Tile::Pane(pane));
                }
                let mut tile = TileTabs::new(tabs.panes.iter().copied().map(tile_of).collect());
                tile.active = tabs.seen(&self.plan.hidden).map(tile_of);
                Container::Tabs(tile)
            }
            Node::Split(split) => Container::Linear(self.split(split, path)),
        };
        self.tiles.insert(id, Tile::Container(container));
        id
    }

    fn split(&mut self, split: &Split, path: &mut Vec<usize>) -> Linear {
        let mut children = Vec::with_capacity(split.parts.len());
        for (at, part) in split.parts.iter().enumerate() {
            path.push(at);
            let child = self.node(&part.node, path);
            path.pop();
            self.sizes.insert(child.0, part.size);
            children.push(child);
        }
        let dir = match split.way {
            Way::Beside => LinearDir::Horizontal,
            Way::Below => LinearDir::Vertical,
        };
        let mut linear = Linear::new(dir, children);
        // Shares around 1, so that what is dropped here takes as much as the others.
        if let Some(places) = self.plan.splits.iter().find(|places| places.path == *path) {
            let total: f32 = places.parts.iter().map(|(_, rect)| split.way.along(rect.size())).sum();
            let mean = (total / places.parts.len() as f32).max(1.0);
            for (at, rect) in &places.parts {
                linear.shares.set_share(linear.children[*at], split.way.along(rect.size()) / mean);
            }
        }
        linear
    }
}
