//! What is appended costs what is appended: counted in visits of an event to a lane, not in time.

use dettrace::compare::Verdict;
use dettrace::trace::{Side, Sides};

use super::{Files, lines};

const LANES: u64 = 2;
const EVENTS: usize = 100_000;
const APPENDED: usize = 2_000;

#[test]
fn one_line_at_a_time_costs_its_lanes_while_equal() {
    let before = EVENTS - APPENDED;
    let files = Files::new(lines(0..EVENTS, None).as_bytes(), lines(0..before, None).as_bytes());
    let mut live = files.live();
    assert_eq!(live.standing().verdict, Some(Verdict::Truncated));
    assert!(live.standing().provisional && !live.spec_is_open());
    for i in before..EVENTS {
        files.append(Side::Actual, lines(i..i + 1, None).as_bytes());
        let update = live.refresh(&()).unwrap();
        assert_eq!((update.appended, update.rebuilt), (Sides::new(0, 1), Sides::default()));
        assert_eq!(update.visited, LANES);
        assert_eq!(update.standing.unmatched, Sides::new((EVENTS - i - 1) as u32, 0));
    }
    assert_eq!(live.standing().verdict, Some(Verdict::Identical));
    assert!(files.check(&mut live).is_some());
}

#[test]
fn one_line_at_a_time_costs_its_lanes_after_a_divergence_too() {
    let before = EVENTS - APPENDED;
    let changed = Some(EVENTS / 2);
    let files = Files::new(lines(0..EVENTS, None).as_bytes(), lines(0..before, changed).as_bytes());
    let mut live = files.live();
    let found = live.standing();
    assert_eq!((found.verdict, found.provisional), (Some(Verdict::Diverged), false));
    assert_eq!((found.first, found.certain), (Sides::new(Some(50_000), Some(50_000)), Sides::new(true, true)));
    for i in before..EVENTS {
        files.append(Side::Actual, lines(i..i + 1, None).as_bytes());
        let update = live.refresh(&()).unwrap();
        assert!(update.visited <= LANES * (1 + LANES), "{} visits", update.visited);
        assert_eq!((update.standing.verdict, update.standing.first), (found.verdict, found.first));
    }
    assert!(files.check(&mut live).is_some());
}

#[test]
fn nothing_new_costs_nothing() {
    let files = Files::new(lines(0..100, None).as_bytes(), lines(0..50, None).as_bytes());
    let mut live = files.live();
    let update = live.refresh(&()).unwrap();
    assert_eq!((update.appended, update.visited), (Sides::new(0, 0), 0));
    assert_eq!(update.standing, live.standing());
}
