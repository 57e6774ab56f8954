//! A graph of places as it is seen: in a view, or in a picture that is exported.

use crate::incident::{Edge, Graph, Node, Part, Place};
use crate::trace::Side;
use crate::view::{Camera, GraphLayout};

/// A change of what is seen of a graph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GraphCommand {
    /// It has this width and height.
    Room([f32; 2]),
    /// Shows it `by` times as large; what stands at a place of the room, as shares of it, stays there.
    Zoom {
        /// From the left and from the top.
        at: [f32; 2],
        /// Above one shows it larger.
        by: f32,
    },
    /// Moves what is in sight by points, to the right and down when positive.
    Pan([f32; 2]),
    /// Shows all of it.
    Fit,
    /// Brings a place to the middle, large enough to be read.
    Focus(Place),
}

impl GraphCommand {
    /// What a change of whichever view is in front means for a graph of which this place is selected.
    pub(super) fn of(look: Look, room: [f32; 2], selected: Option<Place>) -> Option<Self> {
        Some(match look {
            Look::Zoom(by) => Self::Zoom { at: [0.5, 0.5], by: (1.0 / by) as f32 },
            Look::Pan(shares) => Self::Pan([0, 1].map(|axis| shares[axis] as f32 * room[axis])),
            Look::Fit => Self::Fit,
            Look::Focus => Self::Focus(selected?),
        })
    }

    /// Changes what is seen of a graph that is laid out so.
    pub(super) fn apply(self, camera: &mut Camera, layout: &GraphLayout) {
        match self {
            Self::Room(room) => camera.resize(room),
            Self::Zoom { at, by } => camera.zoom(layout.size, at, by),
            Self::Pan(by) => camera.pan(layout.size, by),
            Self::Fit => camera.fit(),
            Self::Focus(place) => {
                if let Some(at) = layout.at.get(place as usize).copied().flatten() {
                    camera.focus(layout.size, at);
                }
            }
        }
    }
}

/// A change of what the view in front shows: a graph, or an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Look {
    /// Shows so many times as much.
    Zoom(f64),
    /// Moves it by shares of its width and height, to the right and down when positive.
    Pan([f64; 2]),
    /// Shows everything.
    Fit,
    /// Brings what is selected to the middle, and nearer.
    Focus,
}

/// The place that comes after the selected one from left to right and top to bottom, or the one before; round at the ends. Only
/// places that can be selected.
pub(super) fn next_place(
    layout: &GraphLayout,
    selected: Option<Place>,
    forward: bool,
    can: impl Fn(Place) -> bool,
) -> Option<Place> {
    let all = layout.at.iter().zip(0..).filter_map(|(at, place)| Some(((*at)?, place)));
    let mut all: Vec<([f32; 2], Place)> = all.filter(|&(_, place)| can(place)).collect();
    all.sort_by(|(a, one), (b, other)| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(one.cmp(other)));
    let here = selected.and_then(|selected| all.iter().position(|&(_, place)| place == selected));
    let count = all.len();
    let next = match here {
        None if forward => 0,
        None => count.checked_sub(1)?,
        Some(here) => (here + if forward { 1 } else { count - 1 }) % count,
    };
    all.get(next).map(|&(_, place)| place)
}

/// What is seen of a graph.
#[derive(Debug, Clone, Copy)]
pub struct SeenGraph<'a> {
    /// Who calls whom.
    pub graph: &'a Graph,
    /// Where they stand.
    pub layout: &'a GraphLayout,
    /// Which part of it is in sight.
    pub camera: Camera,
    /// The side that is shown; `None` for the difference.
    pub side: Option<Side>,
    /// The place that is looked at.
    pub selected: Option<Place>,
    /// The place that the pointer is over, in whichever view.
    pub lit: Option<Place>,
    /// The trouble is shown as far as it had spread by then; `None` for all of it.
    pub until: Option<i64>,
    /// The place where it broke first.
    pub root: Option<Place>,
    /// The place where the most likely cause is; `None` where nothing was compared.
    pub cause: Option<Place>,
    /// The place where an outsider noticed it first.
    pub symptom: Option<Place>,
    /// A way with fewer events than these says nothing by the side that it is on.
    pub few: u32,
    /// What each place and each way says instead of its own words; empty for those.
    pub notes: [&'a [String]; 2],
}

/// What stands at the corner of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceMark {
    /// The most likely cause is there; it broke first there too, unless [`PlaceMark::BrokeFirst`] stands somewhere else.
    Cause,
    /// It broke first there, and nothing says that the cause is there.
    BrokeFirst,
    /// An outsider noticed it there first.
    Symptom,
}

/// How a way is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As any other.
    Plain,
    /// The side that is shown does not have it.
    Absent,
    /// The trouble went it, to or from where it broke first.
    Leading,
    /// The trouble went it further on.
    Reached,
    /// Only expected has it.
    OnlyExpected,
    /// Only actual has it.
    OnlyActual,
}

impl SeenGraph<'_> {
    /// True where the trouble is shown: it had come by the moment that is looked at, to the side that is.
    pub fn reached(&self, moment: Option<i64>) -> bool {
        self.side != Some(Side::Expected) && moment.is_some_and(|moment| self.until.is_none_or(|until| moment <= until))
    }

    /// Where it broke first, where that is shown.
    fn shown_root(&self) -> Option<Place> {
        self.root.filter(|&root| self.reached(self.graph.nodes[root as usize].reached))
    }

    /// True for a place that is shown as likely to break next, which no side alone tells, and nothing before the end of the trouble.
    pub fn is_next(&self, node: &Node) -> bool {
        node.next && self.side.is_none() && self.until.is_none() && !self.reached(node.reached)
    }

    /// How a way is shown.
    pub fn way(&self, edge: &Edge) -> Way {
        if self.side.is_some_and(|side| edge.tally[side].events == 0) {
            return Way::Absent;
        }
        if self.reached(edge.reached) {
            return if self.ends(edge).any(|node| node.part == Part::Root) { Way::Leading } else { Way::Reached };
        }
        let enough = edge.tally.expected.events.max(edge.tally.actual.events) >= self.few;
        match edge.only().filter(|_| enough && self.side.is_none() && self.graph.paired) {
            Some(Side::Expected) => Way::OnlyExpected,
            Some(Side::Actual) => Way::OnlyActual,
            None => Way::Plain,
        }
    }

    /// True for a way between places that have nothing to do with what broke, where something did.
    pub fn is_aside(&self, edge: &Edge) -> bool {
        self.shown_root().is_some() && self.ends(edge).all(|node| node.part == Part::None && node.reached.is_none())
    }

    fn ends(&self, edge: &Edge) -> impl Iterator<Item = &Node> {
        [edge.from, edge.to].into_iter().map(|place| &self.graph.nodes[place as usize])
    }

    /// What stands at the corner of a place: of several what is said first of it.
    pub fn mark_of(&self, place: Place) -> Option<PlaceMark> {
        let root = self.shown_root()?;
        let reached = |place: Place| self.reached(self.graph.nodes[place as usize].reached);
        match place {
            // The cause may be what did not happen, at a place that no trouble was seen at.
            place if self.cause == Some(place) => Some(PlaceMark::Cause),
            place if place == root => Some(PlaceMark::BrokeFirst),
            place if self.symptom == Some(place) && reached(place) => Some(PlaceMark::Symptom),
            _ => None,
        }
    }
}

/// The same, kept for a picture that is drawn behind the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphPicture {
    graph: Graph,
    layout: GraphLayout,
    side: Option<Side>,
    until: Option<i64>,
    root: Option<Place>,
    cause: Option<Place>,
    symptom: Option<Place>,
    few: u32,
    notes: [Vec<String>; 2],
    /// What it is a graph of, such as the name of the pack.
    pub title: String,
    /// What kind of incident it is, and how far it reached.
    pub line: String,
    /// True for the dark theme.
    pub dark: bool,
    /// True for a drawing that stays sharp at every size (SVG), else pixels (PNG).
    pub vector: bool,
}

impl GraphPicture {
    /// A picture of what is seen; what is selected or under the pointer is no part of it.
    pub fn new(seen: &SeenGraph<'_>, title: String, line: String) -> Self {
        Self {
            graph: seen.graph.clone(),
            layout: seen.layout.clone(),
            side: seen.side,
            until: seen.until,
            root: seen.root,
            cause: seen.cause,
            symptom: seen.symptom,
            few: seen.few,
            notes: seen.notes.map(<[String]>::to_vec),
            title,
            line,
            dark: false,
            vector: false,
        }
    }

    /// What is seen in it.
    pub fn seen(&self) -> SeenGraph<'_> {
        SeenGraph {
            graph: &self.graph,
            layout: &self.layout,
            camera: Camera::default(),
            side: self.side,
            selected: None,
            lit: None,
            until: self.until,
            root: self.root,
            cause: self.cause,
            symptom: self.symptom,
            few: self.few,
            notes: [&self.notes[0], &self.notes[1]],
        }
    }
}
