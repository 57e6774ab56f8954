//! What a person does with the propagation graph: which side it shows, which place is looked at.

use super::Pair;
use crate::app::graph::SeenGraph;
use crate::incident::{Happening, Incident, Place};
use crate::trace::Side;
use crate::view::Spread;

impl Pair {
    /// What happened to services, tasks or lanes, and where they stand.
    pub fn spread(&self) -> Option<&Spread> {
        self.spread.as_deref()
    }

    /// The side that the graph shows; `None` for the difference of both.
    pub const fn graph_side(&self) -> Option<Side> {
        self.graph_side
    }

    /// The selected event as the graph knows it.
    pub fn happening(&self) -> Option<&Happening> {
        let (side, event) = self.selected_event()?;
        let story = &self.spread.as_ref()?.incident.story;
        // A lone recording is told as actual.
        story.happening(if story.paired { side } else { Side::Actual }, event)
    }

    /// The graph as it is seen now; `None` where the recordings tell of none.
    pub fn graph(&self) -> Option<SeenGraph<'_>> {
        let spread = self.spread()?;
        let Incident { story, graph, blast, .. } = &spread.incident;
        let symptom = blast.as_ref().and_then(|blast| story.happening(Side::Actual, blast.symptom?));
        Some(SeenGraph {
            graph,
            layout: &spread.layout,
            side: self.graph_side,
            selected: self.happening().map(|one| one.place),
            lit: self.hovered_place(),
            until: self.selection.map(|selection| spread.until(selection.row)),
            symptom: symptom.map(|one| one.place),
            few: 1,
            notes: [&[], &[]],
        })
    }

    pub(super) fn select_place(&mut self, place: Place) {
        let Some(spread) = self.spread.clone() else { return };
        let story = &spread.incident.story;
        let at = |side: Side| story.happenings[side].iter().filter(move |one| one.place == place);
        let found = story.trouble().find(|one| one.place == place).map(|one| (Side::Actual, one.index));
        let found = found.or_else(|| Some((Side::Actual, at(Side::Actual).next()?.index)));
        let found = found.or_else(|| Some((Side::Expected, at(Side::Expected).next()?.index)));
        if let Some((side, event)) = found {
            self.select_event(spread.recorded(side), event);
        } else {
            format!("Nothing was recorded in {} itself.", story.name(place)).clone_into(&mut self.notice);
        }
    }
}
