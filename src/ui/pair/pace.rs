//! Whether the selection moves on from frame to frame: much of what is in sight is new in such a frame, and what may wait does.

use egui::{Id, Ui};

use crate::app::pair::Pair;

/// What waits is due after so many moves, frame upon frame.
const PATIENCE: u32 = 10;

/// How the selection goes on from frame to frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    row: Option<u32>,
    /// Frames up to this one in each of which it has moved.
    moves: u32,
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
        let moved = self.row.is_some() && row.is_some() && self.row != row;
        Self { row, moves: if moved { self.moves + 1 } else { 0 } }
    }

    /// True when the selection has moved since the frame before.
    pub const fn moves(self) -> bool {
        self.moves > 0
    }

    /// True when it moves, and what waits for it to rest has not waited long.
    pub const fn may_wait(self) -> bool {
        !self.moves.is_multiple_of(PATIENCE)
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
        assert_eq!(goes_to(None), (false, false));
    }
}
