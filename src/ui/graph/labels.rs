//! Words on the graph that stand where nothing else does: what matters more has its place first.

use egui::Rect;

use super::{Detail, Stage};
use crate::incident::{Part, Place};

/// What is taken already.
pub struct Labels {
    taken: Vec<Rect>,
    sight: Rect,
}

impl Labels {
    /// Nothing but the places: where not all is said only those that matter, since the others are small and many.
    pub fn new(stage: &Stage<'_>, sight: Rect) -> Self {
        let places =
            (0..stage.rects.len() as Place).filter(|&place| stage.detail == Detail::All || stage.rank(place).is_some());
        let taken = places.filter_map(|place| stage.rect(place)).filter(|rect| rect.intersects(sight)).collect();
        Self { taken, sight }
    }

    /// The first of these that is in sight and free, which is taken then.
    pub fn place(&mut self, candidates: impl IntoIterator<Item = Rect>) -> Option<Rect> {
        let free =
            |rect: &Rect| self.sight.contains_rect(*rect) && !self.taken.iter().any(|taken| taken.intersects(*rect));
        let found = candidates.into_iter().find(free)?;
        self.taken.push(found);
        Some(found)
    }
}

impl Stage<'_> {
    /// How much a place matters where there is little room, the most first; `None` for one that has nothing to do with the trouble
    /// and is not looked at.
    pub fn rank(&self, place: Place) -> Option<(u8, i64)> {
        let d = &self.drawing.seen;
        let node = &d.graph.nodes[place as usize];
        let reached = self.drawing.seen.reached(node.reached);
        let since = node.reached.unwrap_or(i64::MAX);
        Some(match node.part {
            _ if d.lit == Some(place) => (0, 0),
            _ if d.selected == Some(place) => (1, 0),
            Part::Root if reached => (2, 0),
            _ if reached && d.symptom == Some(place) => (3, 0),
            Part::Upstream | Part::Downstream if reached => (4, since),
            _ if reached => (5, since),
            _ if self.drawing.seen.is_next(node) => (6, 0),
            _ => return None,
        })
    }
}
