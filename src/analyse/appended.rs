//! What was appended and is in no answer yet: the newest events of it, as far as a lock step knows them.

use super::analysis::{Analysis, Detail, fields_in};
use super::live::Live;
use crate::compare::Stand;
use crate::pack::Recording;
use crate::trace::{EventIndex, Place, Side, Sides, Time};

/// An event that no answer has yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// Its side.
    pub side: Side,
    /// Its index in its trace, as its file has it.
    pub event: EventIndex,
    /// Its kind; empty when the trace has no kinds.
    pub kind: String,
    /// Its time, if it has one.
    pub time: Option<Time>,
    /// Where its text stands.
    pub place: Place,
    /// How it stands in the lock step; `None` where that takes all events.
    pub stand: Option<Stand>,
}

/// Events that came since an answer.
#[derive(Debug, Clone, Default)]
pub struct Appended {
    /// How many events of each side the answer has.
    pub from: Sides<u32>,
    /// The newest of those that it does not have, in the order in which they came.
    pub events: Vec<Came>,
    /// How many came before them.
    pub left_out: u64,
    /// What they are re-read from.
    pub recordings: Sides<Option<Recording>>,
}

impl Appended {
    /// How many came.
    pub fn count(&self) -> u64 {
        self.left_out + self.events.len() as u64
    }

    /// An event with its text, re-read from its source.
    pub fn detail(&self, came: &Came) -> Detail {
        let detail = Detail {
            side: came.side,
            index: came.event,
            kind: came.kind.clone(),
            lanes: Vec::new(),
            time: came.time,
            place: came.place,
            fields: Vec::new(),
            raw: String::new(),
            trouble: None,
        };
        match &self.recordings[came.side] {
            Some(recording) => detail.read(recording, |text| fields_in(recording, text)),
            None => detail,
        }
    }
}

impl Live {
    /// What came since an answer that has so many events of each side: these `events`, and as many before them as make up the
    /// rest. Costs what they are, however long the traces are.
    pub fn appended(&self, from: Sides<u32>, events: impl Iterator<Item = (Side, EventIndex)>) -> Appended {
        let events: Vec<Came> = events.filter_map(|(side, event)| self.came(side, event)).collect();
        let now = self.events();
        let all = |side: Side| u64::from(now[side].saturating_sub(from[side]));
        let all = all(Side::Expected) + all(Side::Actual);
        Appended { from, left_out: all.saturating_sub(events.len() as u64), events, recordings: self.recordings() }
    }

    /// True when what was read goes on from what an answer was made of: its last events stand where they stood, in the same files.
    pub fn goes_on_from(&self, analysis: &Analysis) -> bool {
        let recordings = self.recordings();
        let goes_on = |side: Side| {
            let (Some(before), Some(now)) = (&analysis.sides[side], &recordings[side]) else {
                return analysis.sides[side].is_none() && recordings[side].is_none();
            };
            let files =
                |recording: &Recording| recording.source.stamps().into_iter().map(|(path, stamp)| (path, stamp.file));
            let Some(last) = analysis.len(side).checked_sub(1) else { return true };
            let place = self.gathered(side).and_then(|gathered| gathered.columns.places.get(last));
            files(&before.recording).eq(files(now)) && before.trace.events.places.get(last) == place
        };
        Side::BOTH.into_iter().all(goes_on)
    }

    fn came(&self, side: Side, event: EventIndex) -> Option<Came> {
        let gathered = self.gathered(side)?;
        let columns = &gathered.columns;
        let kind = columns.kinds.get(event as usize).and_then(|&kind| gathered.kinds.get(kind as usize));
        let time = columns.time_of(event).zip(self.spec().unit).map(|(value, unit)| Time { value, unit });
        Some(Came {
            side,
            event,
            kind: kind.map_or_else(String::new, |(_, name)| name.clone()),
            time,
            place: columns.places.get(event)?,
            stand: self.stand_of(side, event),
        })
    }
}
