//! Both sides replayed as far as they were read, for the first answer before the end.

use super::session::{Progress, Trouble};
use crate::compare::{Pushed, Replay};
use crate::spec::{Gathered, Shared};
use crate::trace::{EventIndex, Side, Sides};

/// The replay of two sides that are being read, with the numbers that both share.
#[derive(Debug, Default)]
pub(crate) struct Streaming {
    /// The names of both sides.
    pub(crate) shared: Shared,
    /// What was replayed so far, with the shared numbers.
    pub(crate) replay: Replay,
    lane_maps: Sides<Vec<u32>>,
}

impl Streaming {
    /// Replays what was gathered since the last call. The first event of each side that cannot go on, once that is certain.
    /// Neither side is ever said to have ended: a last line without a line end is still on its way to its reader's sink.
    pub(crate) fn advance(
        &mut self,
        gathered: Sides<&Gathered>,
        progress: &dyn Progress,
    ) -> Result<Option<Sides<Option<EventIndex>>>, Trouble> {
        for side in Side::BOTH {
            self.shared.map_lanes(gathered[side], &mut self.lane_maps[side]);
        }
        let pushed = |side: Side| Pushed {
            columns: &gathered[side].columns,
            lane_map: Some(&self.lane_maps[side]),
            ended: false,
        };
        let news = Sides::new(pushed(Side::Expected), pushed(Side::Actual));
        if !self.replay.push(news, &|| progress.cancelled()) {
            return Err(Trouble::Cancelled);
        }
        Ok(self.replay.first_difference(Sides::new(false, false)))
    }
}
