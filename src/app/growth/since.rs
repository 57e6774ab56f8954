//! Which events came since the last answer, in the order in which they came.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::analyse::{Analysis, Appended, Live};
use crate::trace::{EventIndex, Side, Sides};

/// So many are shown before an answer has them, the newest ones: some screens.
const SHOWN: usize = 500;

/// What no answer has yet.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// Events that the last answer has; none where what is read now is not what it was made of.
    from: Option<Sides<u32>>,
    newest: VecDeque<(Side, EventIndex)>,
}

impl Since {
    /// Nothing came since this answer.
    pub fn of(analysis: &Analysis) -> Self {
        Self { from: Some(analysis.events()), ..Self::default() }
    }

    /// What is read now goes on from no answer.
    pub fn begin_anew(&mut self) {
        *self = Self::default();
    }

    /// Now so many events were read; `before` that so many.
    pub fn grew(&mut self, before: Sides<u32>, now: Sides<u32>) {
        let Some(from) = self.from else { return };
        for side in Side::BOTH {
            let first = before[side].max(from[side]).max(now[side].saturating_sub(SHOWN as u32));
            self.newest.extend((first..now[side]).map(|event| (side, event)));
        }
        self.newest.drain(..self.newest.len().saturating_sub(SHOWN));
    }

    /// There is an answer to what was read.
    pub fn answered(&mut self, analysis: &Analysis) {
        let from = analysis.events();
        self.from = Some(from);
        self.newest.retain(|&(side, event)| event >= from[side]);
    }

    /// What came, as it stands now; `None` where that goes on from no answer.
    pub fn appended(&self, live: &Live) -> Option<Arc<Appended>> {
        let from = self.from?;
        Some(Arc::new(live.appended(from, self.newest.iter().copied())))
    }
}
