//! What a person does with the propagation graph: which side it shows, which place is looked at.

use super::{Pair, TimelineCommand, View};
use crate::app::graph::{GraphCommand, Look, SeenGraph, next_place};
use crate::app::waterfall::WaterfallCommand;
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

    /// How many of the troubles the graph shows.
    pub fn troubles_shown(&self) -> usize {
        let Some(spread) = self.spread() else { return 0 };
        self.shown_until().map_or(spread.steps().len(), |row| spread.known(row))
    }

    /// The row up to which the trouble is shown; `None` for all of it, which it is until a person chooses a row before its end.
    fn shown_until(&self) -> Option<u32> {
        let spread = self.spread()?;
        let row = self.selection.filter(|_| self.scrubbed)?.row;
        (spread.known(row) < spread.steps().len()).then_some(row)
    }

    /// The graph as it is seen now; `None` where the recordings tell of none.
    pub fn graph(&self) -> Option<SeenGraph<'_>> {
        let spread = self.spread()?;
        let Incident { story, graph, blast, .. } = &spread.incident;
        let row = self.shown_until();
        let past = row.and_then(|row| self.past.get_or_init(|| spread.past(self.rows(), row)).as_ref());
        let symptom = blast.as_ref().and_then(|blast| story.happening(Side::Actual, blast.symptom?));
        Some(SeenGraph {
            graph: past.unwrap_or(graph),
            layout: &spread.layout,
            camera: self.camera,
            side: self.graph_side,
            selected: self.happening().map(|one| one.place),
            lit: self.hovered_place(),
            until: row.map(|row| spread.until(row)),
            root: blast.as_ref().map(|blast| blast.root),
            cause: self.cause_place(),
            symptom: symptom.map(|one| one.place),
            few: 1,
            notes: [&[], &[]],
        })
    }

    /// The place where the most likely cause is.
    fn cause_place(&self) -> Option<Place> {
        let story = &self.spread()?.incident.story;
        let cause = self.analysis.comparison.causes.first().filter(|_| story.paired)?;
        Some(story.happening(cause.side, cause.index)?.place)
    }

    /// Changes what the graph, the waterfall or the timeline shows, whichever is in front.
    pub(super) fn look(&mut self, look: Look) {
        if self.view == View::Propagation && self.spread.is_some() {
            let selected = self.happening().map(|one| one.place);
            if let Some(command) = GraphCommand::of(look, self.camera.room(), selected) {
                self.change_graph(command);
            }
            return;
        }
        if self.walks_spans() {
            self.change_waterfall(WaterfallCommand::Look(look));
            return;
        }
        if let Look::Pan([_, share]) = look
            && share != 0.0
        {
            self.change_timeline(TimelineCommand::Scroll(share as f32 * self.timeline.viewport()));
        }
        match look {
            Look::Zoom(by) => self.change_timeline(TimelineCommand::Zoom { at: 0.5, by }),
            Look::Pan([0.0, _]) => {}
            Look::Pan([share, _]) => self.change_timeline(TimelineCommand::Pan(share)),
            Look::Fit => self.change_timeline(TimelineCommand::Fit),
            Look::Focus => self.change_timeline(TimelineCommand::Focus),
        }
    }

    pub(super) fn change_graph(&mut self, command: GraphCommand) {
        if let Some(spread) = self.spread.clone() {
            command.apply(&mut self.camera, &spread.layout);
        }
    }

    /// Brings the place of the selected event into sight.
    pub(super) fn reveal_place(&mut self) {
        let Some(spread) = self.spread.clone() else { return };
        let Some(place) = self.happening().map(|one| one.place) else { return };
        if let Some(at) = spread.layout.at.get(place as usize).copied().flatten() {
            self.camera.reveal(spread.layout.size, at, spread.layout.node);
        }
    }

    /// Selects the next place of the graph that anything happened at, or the one before.
    pub(super) fn step_place(&mut self, forward: bool) {
        let Some(spread) = self.spread.clone() else { return };
        let story = &spread.incident.story;
        let happened =
            |place: Place| Side::BOTH.iter().any(|side| story.happenings[*side].iter().any(|one| one.place == place));
        let selected = self.happening().map(|one| one.place);
        if let Some(place) = next_place(&spread.layout, selected, forward, happened) {
            self.select_place(place);
        }
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
