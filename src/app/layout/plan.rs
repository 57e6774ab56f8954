//! Where everything stands in a room: the places of the tree as rectangles. Side panes keep the width and height they need,
//! views share the rest.

use std::collections::BTreeSet;

use egui::{Rect, Vec2, pos2};

use super::{Layout, Node, Pane, Part, Split, Way};

/// Room between two places, for the line that parts them.
pub const GAP: f32 = 1.0;
/// Height of a bar of tabs.
pub const BAR: f32 = 36.0;
/// A window narrower than this has no room for anything beside a view.
const NARROW: f32 = 640.0;
/// A window lower than this has no room for the overview, nor for one view below another.
const LOW: f32 = 420.0;
/// From this width of the window on, the inspector is as wide as it was drawn.
const ROOMY: f32 = 1100.0;
/// The inspector's width: as drawn, in a window that is not roomy, and as little as its table of fields can live with.
const INSPECTOR: f32 = 356.0;
const INSPECTOR_LESS: f32 = 260.0;
const INSPECTOR_LEAST: f32 = 248.0;
/// The spec needs more: its evidence is sentences.
const SPEC: f32 = 460.0;
/// Heights of what is wide and low.
const OVERVIEW: f32 = 84.0;
const CAUSES: f32 = 220.0;
const BOOKMARKS: f32 = 180.0;
/// The least of any other pane, in width and in height; a view has a bar of tabs and a line of headings above its rows.
const LEAST: Vec2 = Vec2::new(160.0, 96.0);
const VIEW_LEAST: f32 = 144.0;
/// The most of the room that one side pane takes where a view wants room too.
const MOST: f32 = 0.5;

/// The room that panes are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Room {
    /// All that a pair has, with its verdict and its status bar.
    pub window: Vec2,
    /// What the panes have of it.
    pub panes: Vec2,
    /// The height that the state and the breakpoints need.
    pub state: f32,
    /// The height of their headings.
    pub headings: f32,
    /// The height that the bookmarks need.
    pub bookmarks: f32,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Places with a pane that is seen.
    pub groups: Vec<Group>,
    /// Splits with more than one such place.
    pub splits: Vec<Places>,
    /// What is not drawn: what is closed, and what has no room.
    pub hidden: BTreeSet<Pane>,
}

/// A place with its tabs.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The panes that have a tab.
    pub panes: Vec<Pane>,
    /// The one in front.
    pub shown: Pane,
    /// Where it stands, tabs and all.
    pub rect: Rect,
}

impl Group {
    /// True when it has a bar of tabs; else its only pane brings a heading of its own.
    pub fn has_bar(&self) -> bool {
        has_bar(&self.panes)
    }
}

fn has_bar(panes: &[Pane]) -> bool {
    panes.len() > 1 || panes.first().is_some_and(|pane| pane.has_tab())
}

/// The places of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// The way to the split from the root.
    pub path: Vec<usize>,
    /// How they follow each other.
    pub way: Way,
    /// Each one that is seen: which part of the split it is, and where it stands.
    pub parts: Vec<(usize, Rect)>,
}

impl Way {
    /// A size along this way.
    pub fn along(self, size: Vec2) -> f32 {
        match self {
            Self::Beside => size.x,
            Self::Below => size.y,
        }
    }
}

impl Layout {
    /// Where everything stands in `rect`.
    pub fn plan(&self, rect: Rect, room: &Room) -> Plan {
        let mut plan = Plan { hidden: self.hidden(room), ..Plan::default() };
        let mut path = Vec::new();
        lay_out(&self.root, rect, room, &mut path, &mut plan);
        plan
    }

    /// What is not drawn in a room: what is closed, and what a narrow or low window has no room for.
    fn hidden(&self, room: &Room) -> BTreeSet<Pane> {
        let mut hidden = self.closed.clone();
        if room.window.x <= NARROW {
            hidden.extend([Pane::Inspector, Pane::Spec, Pane::State]);
            self.keep_one(&self.root, Way::Beside, &mut hidden);
        }
        if room.window.y <= LOW {
            hidden.insert(Pane::Overview);
            self.keep_one(&self.root, Way::Below, &mut hidden);
        }
        hidden
    }

    /// Of the views that follow each other in this way only the current one stays, else the first.
    fn keep_one(&self, node: &Node, way: Way, hidden: &mut BTreeSet<Pane>) {
        let Node::Split(split) = node else { return };
        for part in &split.parts {
            self.keep_one(&part.node, way, hidden);
        }
        if split.way != way {
            return;
        }
        let views = |part: &Part| -> Vec<Pane> {
            part.node.panes().into_iter().filter(|pane| pane.view().is_some() && !hidden.contains(pane)).collect()
        };
        let mut with_views: Vec<Vec<Pane>> = split.parts.iter().map(views).filter(|views| !views.is_empty()).collect();
        let current = with_views.iter().position(|views| views.contains(&self.view.into())).unwrap_or(0);
        if with_views.len() > 1 {
            with_views.remove(current);
            hidden.extend(with_views.into_iter().flatten());
        }
    }
}

fn lay_out(node: &Node, rect: Rect, room: &Room, path: &mut Vec<usize>, plan: &mut Plan) {
    match node {
        Node::Tabs(tabs) => {
            if let Some(shown) = tabs.seen(&plan.hidden) {
                let panes = tabs.panes.iter().copied().filter(|pane| !plan.hidden.contains(pane)).collect();
                plan.groups.push(Group { panes, shown, rect });
            }
        }
        Node::Split(split) => {
            let sizes = split.sizes(split.way.along(rect.size()), room, &plan.hidden);
            let mut parts = Vec::with_capacity(sizes.len());
            let mut from = rect.min;
            for &(at, size) in &sizes {
                let place = match split.way {
                    Way::Beside => Rect::from_min_max(from, pos2(from.x + size, rect.bottom())),
                    Way::Below => Rect::from_min_max(from, pos2(rect.right(), from.y + size)),
                };
                from = match split.way {
                    Way::Beside => pos2(place.right() + GAP, from.y),
                    Way::Below => pos2(from.x, place.bottom() + GAP),
                };
                parts.push((at, place));
            }
            if parts.len() > 1 {
                plan.splits.push(Places { path: path.clone(), way: split.way, parts: parts.clone() });
            }
            for (at, place) in parts {
                path.push(at);
                lay_out(&split.parts[at].node, place, room, path, plan);
                path.pop();
            }
        }
    }
}

impl Split {
    /// The size of each place that is seen, of so much in all.
    fn sizes(&self, total: f32, room: &Room, hidden: &BTreeSet<Pane>) -> Vec<(usize, f32)> {
        let seen: Vec<usize> = (0..self.parts.len()).filter(|at| !self.parts[*at].node.is_hidden(hidden)).collect();
        let available = (total - GAP * seen.len().saturating_sub(1) as f32).max(0.0);
        let own = |at: &usize| own_size(&self.parts[*at], self.way, room, hidden);
        let least = |at: &usize| least(&self.parts[*at].node, self.way, room, hidden);
        let flexible = seen.iter().filter(|at| own(at).is_none()).count();
        let most = if flexible == 0 { f32::INFINITY } else { (available * MOST).round() };
        // What each wants of its own, and the least of that.
        let want = |at: &usize| own(at).map(|want| (want.min(most), least(at).min(want.min(most))));
        let wants: Vec<Option<(f32, f32)>> = seen.iter().map(want).collect();
        let taken: f32 = wants.iter().flatten().map(|(want, _)| want).sum();
        let at_least: f32 = wants.iter().flatten().map(|(_, least)| least).sum();
        let others = || seen.iter().zip(&wants).filter(|(_, want)| want.is_none()).map(|(at, _)| at);
        let kept: f32 = others().map(least).sum();
        let shares: f32 = others().map(|at| self.share(*at)).sum();
        // Where too little is left for what shares the rest, the others shrink, down to what they can live with.
        let spare = ((available - kept - at_least) / (taken - at_least).max(1.0)).clamp(0.0, 1.0);
        let size = |(want, least): (f32, f32)| match flexible {
            // Where nothing shares the rest, all grow or shrink.
            0 => want * available / taken.max(1.0),
            // Where there is not even room for the least of each, they share what there is.
            _ if at_least > available => least * available / at_least,
            _ => least + (want - least) * spare,
        };
        let rest = (available - wants.iter().flatten().map(|want| size(*want)).sum::<f32>()).max(0.0);
        let mut sizes: Vec<(usize, f32)> = seen
            .iter()
            .zip(&wants)
            .map(|(&at, want)| {
                let size = want.map_or_else(|| rest * self.share(at) / shares.max(f32::EPSILON), size);
                (at, size.round())
            })
            .collect();
        // What rounding left goes to the last that shares the rest.
        let end = wants.iter().rposition(Option::is_none).or_else(|| seen.len().checked_sub(1));
        if let Some(end) = end {
            let others: f32 = sizes.iter().enumerate().filter(|(i, _)| *i != end).map(|(_, (_, size))| size).sum();
            sizes[end].1 = (available - others).max(0.0);
        }
        sizes
    }

    fn share(&self, at: usize) -> f32 {
        self.parts[at].size.unwrap_or(1.0)
    }
}

/// The size of a place that has one of its own: what a person made it, else what it wants.
pub(super) fn own_size(part: &Part, way: Way, room: &Room, hidden: &BTreeSet<Pane>) -> Option<f32> {
    let wanted = wanted(&part.node, way, room, hidden)?;
    let chosen = part.size.unwrap_or(wanted);
    // The state is never higher than what it has to say.
    Some(if only_state(&part.node, hidden) && way == Way::Below { chosen.min(wanted) } else { chosen })
}

/// True for a place where the state is seen and nothing else.
pub(super) fn only_state(node: &Node, hidden: &BTreeSet<Pane>) -> bool {
    node.shown(hidden) == [Pane::State]
}

/// What a place wants; none where it takes what there is.
fn wanted(node: &Node, way: Way, room: &Room, hidden: &BTreeSet<Pane>) -> Option<f32> {
    match node {
        Node::Tabs(tabs) => {
            let open: Vec<Pane> = tabs.panes.iter().copied().filter(|pane| !hidden.contains(pane)).collect();
            // Behind a side pane a view keeps its room.
            if open.iter().any(|pane| natural(*pane, way, room).is_none()) {
                return None;
            }
            let bar = if way == Way::Below && has_bar(&open) { BAR } else { 0.0 };
            Some(natural(tabs.seen(hidden)?, way, room)? + bar)
        }
        Node::Split(split) => {
            let mut seen = split.parts.iter().filter(|part| !part.node.is_hidden(hidden)).map(|part| {
                if split.way == way { own_size(part, way, room, hidden) } else { wanted(&part.node, way, room, hidden) }
            });
            let first = seen.next()??;
            if split.way == way {
                seen.try_fold(first, |sum, size| Some(sum + GAP + size?))
            } else {
                seen.try_fold(first, |most, size| Some(most.max(size?)))
            }
        }
    }
}

/// The size that a pane was drawn for; none where it takes what there is.
fn natural(pane: Pane, way: Way, room: &Room) -> Option<f32> {
    match (pane, way) {
        (Pane::Timeline | Pane::Events | Pane::Order | Pane::Propagation | Pane::Waterfall, _)
        | (Pane::Overview | Pane::Causes | Pane::Bookmarks, Way::Beside)
        | (Pane::Inspector | Pane::Spec, Way::Below) => None,
        (Pane::Inspector | Pane::State, Way::Beside) => {
            Some(if room.window.x < ROOMY { INSPECTOR_LESS } else { INSPECTOR })
        }
        (Pane::Spec, Way::Beside) => Some(SPEC),
        (Pane::State, Way::Below) => Some(room.state.max(room.headings)),
        (Pane::Causes, Way::Below) => Some(CAUSES),
        (Pane::Bookmarks, Way::Below) => Some(BOOKMARKS.min(room.bookmarks)),
        (Pane::Overview, Way::Below) => Some(OVERVIEW),
    }
}

/// As little as a place can live with.
pub(super) fn least(node: &Node, way: Way, room: &Room, hidden: &BTreeSet<Pane>) -> f32 {
    let of = |pane: Pane| match (pane, way) {
        (Pane::Inspector | Pane::Spec | Pane::State, Way::Beside) => INSPECTOR_LEAST,
        (Pane::State, Way::Below) => room.headings,
        (Pane::Overview, Way::Below) => OVERVIEW,
        (Pane::Timeline | Pane::Events | Pane::Order | Pane::Propagation | Pane::Waterfall, Way::Below) => VIEW_LEAST,
        _ => way.along(LEAST),
    };
    match node {
        Node::Tabs(tabs) => tabs.seen(hidden).map_or(0.0, of),
        Node::Split(split) => {
            let each = split.parts.iter().filter(|part| !part.node.is_hidden(hidden));
            let each = each.map(|part| least(&part.node, way, room, hidden));
            if split.way == way { each.sum() } else { each.fold(0.0, f32::max) }
        }
    }
}
