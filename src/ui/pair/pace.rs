//! Whether the selection moves on from frame to frame: much of what is in sight is new in such a frame, and what may wait does.

use egui::{Id, Ui};

use crate::app::pair::Pair;

/// Rows from one selection to the next beyond which hardly one of those in sight was in sight before.
const FAR: u32 = 30;
/// What waits is due after so many moves, frame upon frame; where the last one goes far, up to as many later.
const PATIENCE: u32 = 10;

/// How the selection goes on from frame to frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    row: Option<u32>,
    /// True when it has moved since the frame before.
    moves: bool,
    /// Frames up to this one that were waited in; 0 where what waits is due.
    waited: u32,
}

impl Pace {
    fn id() -> Id {
        Id::unique("pair pace")
    }

    /// Notes where the selection is in this frame.
    pub fn note(ui: &Ui, pair: &Pair) {
        let row = pair.selection().map(|selection| selection.row);
        ui.data_mut(|data| {
            let pace = data.get_temp_mut_or_default::<Self>(Self::id());
            *pace = pace.then(row);
        });
    }

    /// That of this frame.
    pub fn of(ui: &Ui) -> Self {
        ui.data(|data| data.get_temp(Self::id())).unwrap_or_default()
    }

    fn then(self, row: Option<u32>) -> Self {
        let way = self.row.zip(row).map_or(0, |(before, now)| before.abs_diff(now));
        let patience = if way > FAR { 2 * PATIENCE } else { PATIENCE };
        let waits = way > 0 && self.waited + 1 < patience;
        Self { row, moves: way > 0, waited: if waits { self.waited + 1 } else { 0 } }
    }

    /// True when the selection has moved since the frame before.
    pub const fn moves(self) -> bool {
        self.moves
    }

    /// True when it moves, and what waits for it to rest has not waited long.
    pub const fn may_wait(self) -> bool {
        self.waited > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_due_when_the_selection_rests_and_now_and_then_before() {
        let mut pace = Pace::default();
        let mut goes_to = |row: Option<u32>| {
            pace = pace.then(row);
            (pace.moves(), pace.may_wait())
        };
        assert_eq!(goes_to(Some(5)), (false, false), "nothing was before");
        for step in 1..=2 * PATIENCE {
            assert_eq!(goes_to(Some(5 + step)), (true, step % PATIENCE != 0), "step {step}");
        }
        assert_eq!(goes_to(Some(5 + 2 * PATIENCE)), (false, false), "it rests");
        for step in 1..PATIENCE {
            assert_eq!(goes_to(Some(100 + step)), (true, true));
        }
        assert_eq!(goes_to(Some(9000)), (true, true), "due, but all in sight is new");
        assert_eq!(goes_to(Some(9001)), (true, false));
        for leap in 1..=4 * PATIENCE {
            assert_eq!(goes_to(Some(leap * 1000)), (true, leap % (2 * PATIENCE) != 0), "leap {leap}");
        }
        assert_eq!(goes_to(None), (false, false));
    }
}
