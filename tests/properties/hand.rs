//! What a person decides about pairs of events holds in every row, and nothing else changes without need.

use dettrace::analyse::{Analysis, Session};
use dettrace::compare::RowClass;
use dettrace::pack::{self, Found, Overrides};
use dettrace::spec::PairDecision;
use dettrace::trace::{EventName, Side};
use proptest::prelude::*;
use proptest::sample::Index;

use super::generate::corpus::Made;
use super::{CASES, NONE, RETIMED, config, faulty};

/// Whether they are the same, and the places of both.
type Decided = (bool, u32, u32);

fn analyse(expected: &str, actual: &str, decided: &[Decided]) -> Analysis {
    let mut overrides = Overrides::default();
    for &(same, e, a) in decided {
        let (expected, actual) = (EventName::at(Side::Expected, e), EventName::at(Side::Actual, a));
        overrides.decide_pair(PairDecision { same, expected, actual });
    }
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    match pack::in_memory("case", &files).unwrap() {
        Found::Ready(pack) => Session::new(pack::Pack { overrides, ..*pack }).run(&()).unwrap(),
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

fn answer(analysis: &Analysis) -> String {
    format!("{:?}", analysis.comparison)
}

/// Decisions about any events of a pair.
fn about(made: &Made, drawn: &[(bool, Index, Index)]) -> Vec<Decided> {
    let [e, a] = [&made.case.expected, &made.case.actual].map(|text| text.lines().count());
    if e == 0 || a == 0 {
        return Vec::new();
    }
    drawn.iter().map(|(same, one, other)| (*same, one.index(e) as u32, other.index(a) as u32)).collect()
}

fn decisions() -> impl Strategy<Value = Vec<(bool, Index, Index)>> {
    prop::collection::vec((prop::bool::weighted(0.7), any::<Index>(), any::<Index>()), 1..5)
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn joining_what_is_a_row_and_parting_what_is_none_changes_nothing(
        made in faulty(NONE), before in decisions(), drawn in decisions(),
    ) {
        let before = about(&made, &before);
        let whole = analyse(&made.case.expected, &made.case.actual, &before);
        let rows = &whole.comparison.rows;
        let mut more = before.clone();
        for (same, e, a) in about(&made, &drawn) {
            let partner = rows.row_of(Side::Expected, e).and_then(|row| rows.get(row).actual);
            match partner {
                Some(partner) if same => more.push((true, e, partner)),
                _ if !same && partner != Some(a) => more.push((false, e, a)),
                _ => {}
            }
        }
        let again = analyse(&made.case.expected, &made.case.actual, &more);
        prop_assert_eq!(answer(&whole), answer(&again), "{:?} {:?}", before, more);
    }

    #[test]
    fn what_is_joined_is_a_row_and_what_is_parted_never(made in faulty(RETIMED), drawn in decisions()) {
        let analysis = analyse(&made.case.expected, &made.case.actual, &about(&made, &drawn));
        let rows = &analysis.comparison.rows;
        for &(same, e, a) in analysis.hand.decisions() {
            let row = rows.get(rows.row_of(Side::Expected, e).unwrap());
            prop_assert_eq!(row.actual == Some(a), same, "{} {} {}", same, e, a);
            if same && analysis.kind(Side::Expected, e) != analysis.kind(Side::Actual, a) {
                prop_assert_eq!(row.class, RowClass::Changed);
            }
        }
        for side in Side::BOTH {
            let mut events: Vec<u32> = (0..rows.len()).filter_map(|row| rows.get(row).event(side)).collect();
            events.sort_unstable();
            prop_assert!(events.into_iter().eq(0..analysis.len(side)), "each event stands in one row");
        }
    }

    #[test]
    fn exchanged_sides_mirror_what_was_decided(made in faulty(RETIMED), drawn in decisions()) {
        let decided = about(&made, &drawn);
        let mirrored: Vec<Decided> = decided.iter().map(|&(same, e, a)| (same, a, e)).collect();
        let there = analyse(&made.case.expected, &made.case.actual, &decided).comparison;
        let back = analyse(&made.case.actual, &made.case.expected, &mirrored).comparison;
        for e in 0..there.rows.len() {
            let row = there.rows.get(e);
            let partner = row.expected.and_then(|e| back.rows.row_of(Side::Actual, e)).map(|at| back.rows.get(at).expected);
            if row.expected.is_some() {
                prop_assert_eq!(partner, Some(row.actual));
            }
        }
        prop_assert_eq!(there.first_difference.map(|f| (f.expected, f.actual)), back.first_difference.map(|f| (f.actual, f.expected)));
    }
}
