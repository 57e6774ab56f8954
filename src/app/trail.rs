//! Where a person was: the places to go back and forward to, whichever page they are on.

/// Places kept.
const KEPT: usize = 200;

/// The places before and after this one.
#[derive(Debug, Clone)]
pub(super) struct Trail<Spot> {
    back: Vec<Spot>,
    ahead: Vec<Spot>,
    /// True when the last move was a small one, which the next small one goes on.
    small: bool,
}

impl<Spot> Default for Trail<Spot> {
    fn default() -> Self {
        Self { back: Vec::new(), ahead: Vec::new(), small: false }
    }
}

impl<Spot: PartialEq> Trail<Spot> {
    /// Notes that a person went on from a place, if they are elsewhere now. A run of small moves is one move.
    pub(super) fn went(&mut self, spot: Spot, here: &Spot, small: bool) {
        if spot == *here {
            return;
        }
        self.ahead.clear();
        if !(small && std::mem::replace(&mut self.small, small)) {
            self.back.push(spot);
        }
        self.small = small;
        if self.back.len() > KEPT {
            self.back.remove(0);
        }
    }

    /// Takes the next place on the way back or forward; `here` is kept for the other way. Where there is none, the notice says so.
    pub(super) fn go(&mut self, back: bool, here: Spot, notice: &mut String) -> Option<Spot> {
        let (from, to, none) = if back {
            (&mut self.back, &mut self.ahead, "This is where you began.")
        } else {
            (&mut self.ahead, &mut self.back, "There is nothing to go forward to.")
        };
        let Some(spot) = from.pop() else {
            none.clone_into(notice);
            return None;
        };
        to.push(here);
        self.small = false;
        Some(spot)
    }

    /// The same places in a newer answer; those that are gone are left out.
    pub(super) fn mapped(&self, now: impl Fn(&Spot) -> Option<Spot>) -> Self {
        let map = |spots: &[Spot]| spots.iter().filter_map(&now).collect();
        Self { back: map(&self.back), ahead: map(&self.ahead), small: false }
    }
}
