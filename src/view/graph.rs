//! Where the places of a graph stand: in layers by the direction of calls, from left to right. Sugiyama's method (Sugiyama, Tagawa,
//! Toda, "Methods for Visual Understanding of Hierarchical System Structures", IEEE Trans. SMC 11(2), 1981) as the crate
//! `rust-sugiyama` has it.

use rust_sugiyama::configure::Config;

use super::Camera;
use super::grid;
use super::names::{Written, in_a_line, in_two, lines};
use crate::incident::{Graph, Part, Place};
use crate::trace::escape;

/// Width and height of a place, unless long names need more.
pub const NODE: [f32; 2] = [176.0, 56.0];
/// Room between places.
const GAP: f64 = 44.0;
/// More room than that between layers, where the words of the ways stand.
const WAY: f32 = 56.0;
/// Places that are drawn; of larger graphs those that the incident has nothing to do with are left out.
const MOST: usize = 200;
/// More places than these, and those that do not all hang together, stand in as many columns as make a layer no higher than a window.
const FEW: usize = 16;

/// Places that are connected, and where each was put: across the layers, and along them.
type Vertices = Vec<(usize, (f64, f64))>;

/// So small are places at least that have names in them, and by so much are letters larger at full size than there.
const SMALL: f32 = 0.36;
const LETTERS: f32 = 1.3;
/// A place that is seen at least so high has room for two lines of small letters.
pub const TWO_LINES: f32 = 25.0;
/// Where a usual window shows a graph smaller than this, narrower places are tried.
const LEGIBLE: f32 = 0.7;

/// Where the places stand.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphLayout {
    /// The middle of each place; `None` for those that are left out.
    pub at: Vec<Option<[f32; 2]>>,
    /// Width and height of each.
    pub node: [f32; 2],
    /// How the name of each is written, line by line.
    pub names: Vec<Vec<String>>,
    /// Each in a line, for where it is seen small.
    pub short: Vec<String>,
    /// Each in two lines, for where it is seen small and is at least [`TWO_LINES`] high: all of it, and what has room in the
    /// smallest of these.
    pub small: Vec<[Vec<String>; 2]>,
    /// The room that they take.
    pub size: [f32; 2],
    /// How many places are left out.
    pub left_out: usize,
}

impl Default for GraphLayout {
    fn default() -> Self {
        Self {
            at: Vec::new(),
            node: NODE,
            names: Vec::new(),
            short: Vec::new(),
            small: Vec::new(),
            size: [0.0; 2],
            left_out: 0,
        }
    }
}

impl GraphLayout {
    /// Lays a graph out. Same graph, same places.
    pub fn new(graph: &Graph) -> Self {
        let names: Vec<String> = graph.nodes.iter().map(|node| escape(&node.name).into_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let wide = Self::written(graph, &names, Written::new(&names, NODE));
        if wide.usual_scale() >= LEGIBLE || wide.node[0] <= NODE[0] {
            return wide;
        }
        // Names in two lines make narrower boxes, of which a window shows larger ones.
        let narrow = Self::written(graph, &names, Written::narrow(&names, NODE));
        if narrow.usual_scale() > wide.usual_scale() { narrow } else { wide }
    }

    /// How large it is seen in a usual window.
    fn usual_scale(&self) -> f32 {
        Camera::default().scale(self.size)
    }

    fn written(graph: &Graph, all: &[&str], Written { lines: names, size: node }: Written) -> Self {
        let drawn = drawn(graph);
        let room = |scale: f32| (node[0] * scale - 6.0) * LETTERS;
        let short = all.iter().map(|name| in_a_line(name, room(SMALL), all)).collect();
        let two = room((TWO_LINES / node[1]).max(SMALL));
        let small = all.iter().map(|name| [in_two(name), lines(name, two, all)]).collect();
        let place = |place: Place| drawn.binary_search(&place).ok();
        let vertices: Vec<(u32, (f64, f64))> =
            // Layers go down there and to the right here.
            (0..drawn.len() as u32).map(|at| (at, (f64::from(node[1]), f64::from(node[0] + WAY)))).collect();
        let edge = |edge: &crate::incident::Edge| Some((place(edge.from)? as u32, place(edge.to)? as u32));
        let edges: Vec<(u32, u32)> = graph.edges.iter().filter_map(edge).filter(|(from, to)| from != to).collect();
        let config = Config { vertex_spacing: GAP, ..Config::default() };
        let mut parts = rust_sugiyama::from_vertices_and_edges(&vertices, &edges, &config);
        // The largest first; of equal ones the one with the earliest place.
        parts.sort_by_key(|(vertices, ..)| {
            (std::cmp::Reverse(vertices.len()), vertices.iter().map(|vertex| vertex.0).min())
        });
        let (at, left_out) = (vec![None; graph.nodes.len()], graph.nodes.len() - drawn.len());
        let mut layout = Self { at, node, names, short, small, left_out, ..Self::default() };
        // What is in parts would be a tower of them.
        if drawn.len() > FEW || parts.len() > 1 {
            layout.in_columns(&drawn, &edges, &parts);
        } else {
            layout.as_found(&drawn, &parts);
        }
        layout
    }

    /// The places as Sugiyama's method has them, part below part.
    fn as_found(&mut self, drawn: &[Place], parts: &[(Vertices, f64, f64)]) {
        let node = self.node;
        let mut below = 0.0_f32;
        for (vertices, ..) in parts {
            let corner =
                |of: fn(&(f64, f64)) -> f64| vertices.iter().map(|(_, at)| of(at)).fold(f64::INFINITY, f64::min);
            let (left, top) = (corner(|at| at.1), corner(|at| at.0));
            let mut bottom = below;
            for (vertex, (across, along)) in vertices {
                let x = (along - left) as f32 + node[0] / 2.0;
                let y = (across - top) as f32 + node[1] / 2.0 + below;
                self.at[drawn[*vertex] as usize] = Some([x.round(), y.round()]);
                self.size[0] = self.size[0].max(x + node[0] / 2.0);
                bottom = bottom.max(y + node[1] / 2.0);
            }
            self.size[1] = bottom;
            below = bottom + GAP as f32;
        }
    }

    /// The places in the layers and the order that Sugiyama's method found, closer together.
    fn in_columns(&mut self, drawn: &[Place], edges: &[(u32, u32)], parts: &[(Vertices, f64, f64)]) {
        let mut layers: Vec<Vec<usize>> = Vec::new();
        for (vertices, ..) in parts {
            let mut along: Vec<f64> = vertices.iter().map(|(_, at)| at.1).collect();
            along.sort_by(f64::total_cmp);
            along.dedup();
            let mut ordered: Vec<&(usize, (f64, f64))> = vertices.iter().collect();
            ordered.sort_by(|(a, one), (b, other)| one.0.total_cmp(&other.0).then(a.cmp(b)));
            layers.resize_with(layers.len().max(along.len()), Vec::new);
            for (vertex, at) in ordered {
                layers[along.partition_point(|layer| *layer < at.1)].push(*vertex);
            }
        }
        let mut stands = vec![(0, 0); drawn.len()];
        for (layer, places) in layers.iter().enumerate() {
            for (place, &vertex) in places.iter().enumerate() {
                stands[vertex] = (layer, place);
            }
        }
        let mut callers = vec![Vec::new(); drawn.len()];
        for &(from, to) in edges {
            callers[to as usize].push(stands[from as usize]);
        }
        let before = |layer: usize, place: usize| {
            let all = &callers[layers[layer][place]];
            all.iter().copied().filter(|(other, _)| *other < layer).collect()
        };
        let counts: Vec<usize> = layers.iter().map(Vec::len).collect();
        let grid = grid::place(&counts, self.node, before);
        for (places, at) in layers.iter().zip(&grid.at) {
            for (&vertex, at) in places.iter().zip(at) {
                self.at[drawn[vertex] as usize] = Some(at.map(f32::round));
            }
        }
        self.size = grid.size;
    }
}

/// The places that are drawn, in their order.
fn drawn(graph: &Graph) -> Vec<Place> {
    let all = 0..graph.nodes.len() as Place;
    if graph.nodes.len() <= MOST {
        return all.collect();
    }
    let matters = |place: &Place| {
        let node = &graph.nodes[*place as usize];
        (node.reached.is_none(), node.part == Part::None, std::cmp::Reverse(node.tally.actual.events))
    };
    let mut places: Vec<Place> = all.collect();
    places.sort_by_key(|place| (matters(place), *place));
    places.truncate(MOST);
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{Edge, Node};

    fn graph(nodes: usize, edges: &[(Place, Place)]) -> Graph {
        let node = |at: usize| Node { name: format!("s{at}"), ..Node::default() };
        let edge = |&(from, to): &(Place, Place)| Edge::new(from, to);
        Graph { nodes: (0..nodes).map(node).collect(), edges: edges.iter().map(edge).collect(), paired: true }
    }

    fn overlap(layout: &GraphLayout) -> bool {
        let at: Vec<[f32; 2]> = layout.at.iter().flatten().copied().collect();
        let near = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).abs() < NODE[0] && (a[1] - b[1]).abs() < NODE[1];
        at.iter().enumerate().any(|(n, a)| at[n + 1..].iter().any(|b| near(*a, *b)))
    }

    #[test]
    fn calls_lead_to_the_right_and_circles_end() {
        let layout = GraphLayout::new(&graph(5, &[(0, 1), (1, 2), (1, 3), (3, 1)]));
        let x = |place: usize| layout.at[place].unwrap()[0];
        assert!(x(0) < x(1) && x(1) < x(2) && x(1) < x(3), "{:?}", layout.at);
        assert!(layout.at[4].is_some() && !overlap(&layout), "{:?}", layout.at);
        assert_eq!(GraphLayout::new(&graph(0, &[])), GraphLayout::default());
    }

    #[test]
    fn two_hundred_places_stand_apart_and_always_the_same() {
        let edges: Vec<(Place, Place)> = (1..200).map(|to| ((to * 7) % to.min(40), to)).collect();
        let graph = graph(200, &edges);
        let layout = GraphLayout::new(&graph);
        assert!(!overlap(&layout) && layout.left_out == 0);
        for _ in 0..3 {
            assert_eq!(GraphLayout::new(&graph), layout);
        }
    }

    #[test]
    fn many_places_take_about_the_shape_of_a_window() {
        for (nodes, widest) in [(17, 3.0), (30, 2.4), (200, 2.2)] {
            let edges: Vec<(Place, Place)> = (1..nodes).map(|to| (to / 6, to)).collect();
            let layout = GraphLayout::new(&graph(nodes as usize, &edges));
            let shape = layout.size[0] / layout.size[1];
            assert!((1.0..widest).contains(&shape) && !overlap(&layout), "{nodes}: {shape}");
            let inside = |at: &[f32; 2]| {
                (0..2).all(|axis| {
                    let half = layout.node[axis] / 2.0;
                    at[axis] - half > -1.0 && at[axis] + half < layout.size[axis] + 1.0
                })
            };
            assert!(layout.at.iter().flatten().all(inside), "{nodes}");
            // Who is called stands to the right of who calls.
            let x = |place: Place| layout.at[place as usize].unwrap()[0];
            assert!(edges.iter().all(|&(from, to)| x(from) < x(to)), "{nodes}");
        }
    }

    #[test]
    fn of_a_thousand_places_those_that_were_reached_are_drawn() {
        let mut graph = graph(1000, &[(0, 999)]);
        graph.nodes[999].reached = Some(5);
        let layout = GraphLayout::new(&graph);
        assert_eq!((layout.left_out, layout.at[999].is_some()), (800, true));
    }
}
