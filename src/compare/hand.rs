//! What a person decided about pairs of events, by their places in the traces: which are the same, and which are not.

use crate::trace::{EventIndex, Side, Sides};

/// Decisions about pairs. None of them contradicts another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hand {
    /// In the order in which they were decided: whether they are the same, expected, actual.
    decisions: Vec<(bool, EventIndex, EventIndex)>,
    /// For each event that is the same as another, that one; by event.
    partners: Sides<Vec<(EventIndex, EventIndex)>>,
}

impl Hand {
    /// These decisions, of which a later one goes before an earlier one that it contradicts.
    pub fn new(decisions: impl IntoIterator<Item = (bool, EventIndex, EventIndex)>) -> Self {
        let mut kept: Vec<(bool, EventIndex, EventIndex)> = Vec::new();
        for (same, e, a) in decisions {
            kept.retain(|known| {
                let one_twice = known.0 && same && (known.1 == e || known.2 == a);
                !(one_twice || (known.1, known.2) == (e, a))
            });
            kept.push((same, e, a));
        }
        let same = || kept.iter().filter(|d| d.0);
        let mut partners = Sides::new(same().map(|d| (d.1, d.2)).collect(), same().map(|d| (d.2, d.1)).collect());
        for side in Side::BOTH {
            let partners: &mut Vec<(EventIndex, EventIndex)> = &mut partners[side];
            partners.sort_unstable();
        }
        Self { decisions: kept, partners }
    }

    /// True when nothing was decided.
    pub const fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    /// The decisions in force, in their order: whether they are the same, expected, actual.
    pub fn decisions(&self) -> &[(bool, EventIndex, EventIndex)] {
        &self.decisions
    }

    /// The event of the other side that this one is said to be.
    pub fn partner(&self, side: Side, event: EventIndex) -> Option<EventIndex> {
        let partners = &self.partners[side];
        partners.binary_search_by_key(&event, |p| p.0).ok().map(|at| partners[at].1)
    }

    /// True when the two are said to be the same.
    pub fn joins(&self, expected: EventIndex, actual: EventIndex) -> bool {
        self.partner(Side::Expected, expected) == Some(actual)
    }

    /// True when the two are said not to be the same.
    pub fn parts(&self, expected: EventIndex, actual: EventIndex) -> bool {
        self.decisions.contains(&(false, expected, actual))
    }

    /// The events of the other side that this one is said not to be.
    pub fn not(&self, side: Side, event: EventIndex) -> impl Iterator<Item = EventIndex> {
        self.decisions.iter().filter(|d| !d.0).filter_map(move |&(_, e, a)| match side {
            Side::Expected => (e == event).then_some(a),
            Side::Actual => (a == event).then_some(e),
        })
    }

    /// True when nothing speaks against the two being one row.
    pub fn allows(&self, expected: EventIndex, actual: EventIndex) -> bool {
        self.is_empty()
            || self.partner(Side::Expected, expected).is_none_or(|partner| partner == actual)
                && self.partner(Side::Actual, actual).is_none_or(|partner| partner == expected)
                && !self.parts(expected, actual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_decision_goes_before_an_earlier_one_that_it_contradicts() {
        let hand = Hand::new([(true, 1, 1), (false, 2, 2), (true, 1, 4), (true, 2, 2), (false, 5, 5), (false, 5, 6)]);
        assert_eq!(hand.decisions(), [(true, 1, 4), (true, 2, 2), (false, 5, 5), (false, 5, 6)]);
        assert_eq!((hand.partner(Side::Expected, 1), hand.partner(Side::Actual, 1)), (Some(4), None));
        assert!(hand.allows(1, 4) && !hand.allows(1, 5) && !hand.allows(3, 4) && hand.allows(3, 3));
        assert!(!hand.allows(5, 6) && hand.allows(5, 7));
        assert!(hand.not(Side::Expected, 5).eq([5, 6]) && hand.not(Side::Actual, 6).eq([5]));
        assert!(Hand::default().allows(1, 2));
    }
}
