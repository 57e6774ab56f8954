//! Folds and their lines are each other's inverse, whatever is opened and kept.

use super::*;
use crate::compare::{Row, RowClass};
use crate::trace::Side;

/// `same` rows, but extra where `differs` says.
fn rows(count: u32, differs: impl Fn(u32) -> bool, unrecorded_from: u32) -> Rows {
    let mut rows = Rows::with_events(count as usize, count as usize);
    for i in 0..count {
        let differs = differs(i) || i >= unrecorded_from;
        rows.push(Row {
            expected: Some(i),
            actual: (!differs).then_some(i),
            class: if differs { RowClass::Missing } else { RowClass::Same },
            inverted: false,
            unrecorded: i >= unrecorded_from,
        });
    }
    rows
}

#[test]
fn a_row_is_kept_out_of_its_fold() {
    let rows = rows(1_000, |row| row == 900, u32::MAX);
    let mut folding = Folding::new(&rows, 3);
    for row in [500, 0, 896, 901] {
        folding.keep(row, 3);
        assert!(!folding.hides(row), "{row}");
        check(&folding, &rows);
    }
    assert!(folding.hides(495) && folding.hides(505));
    folding.open_those([505].into_iter());
    assert!(folding.hides(495) && !folding.hides(505));
    check(&folding, &rows);
}

/// Every row is in exactly one line, in order, and `line_of` is the inverse of `at`.
fn check(folding: &Folding, rows: &Rows) {
    let mut next = 0;
    for line in 0..folding.lines() {
        match folding.at(line) {
            Line::Row(row) => {
                assert_eq!(row, next, "line {line}");
                assert_eq!(folding.line_of(row), line);
                next += 1;
            }
            Line::Fold(run) => {
                assert_eq!(run.start, next, "line {line}");
                for row in run.start..run.end() {
                    assert_eq!(folding.line_of(row), line, "row {row}");
                    assert!(folding.hides(row));
                    if matches!(run.kind, RunKind::Filtered | RunKind::Burst(_)) {
                        continue;
                    }
                    let row = rows.get(row);
                    assert_eq!(row.unrecorded, run.kind == RunKind::Unrecorded);
                    assert_eq!(row.class != RowClass::Same, run.kind == RunKind::Unrecorded);
                }
                next = run.end();
            }
        }
    }
    assert_eq!(next, rows.len());
    // Rows that ascend in steps, so that some of them pass over whole runs.
    for step in [1, 2, 7, 40] {
        let some = || (0..rows.len()).step_by(step);
        assert!(folding.lines_of(some()).eq(some().map(|row| (row, folding.line_of(row)))), "every {step}");
    }
}

#[test]
fn equal_runs_fold_but_for_their_context() {
    let rows = rows(100, |i| i == 50, u32::MAX);
    let folding = Folding::new(&rows, CONTEXT);
    check(&folding, &rows);
    assert_eq!(folding.lines(), 1 + 3 + 1 + 3 + 1);
    assert_eq!(folding.at(0), Line::Fold(Run { start: 0, len: 47, kind: RunKind::Equal, open: false }));
    assert_eq!(folding.at(4), Line::Row(50));
}

#[test]
fn short_runs_and_runs_without_any_difference_stay() {
    let near = rows(40, |i| i % 8 == 0, u32::MAX);
    let folding = Folding::new(&near, CONTEXT);
    check(&folding, &near);
    assert_eq!(folding.lines(), 40 - 3, "only the last run, rows 36 to 39, is worth folding");
    let none = rows(1000, |_| false, u32::MAX);
    assert_eq!(Folding::new(&none, CONTEXT).lines(), 1000);
    assert_eq!(Folding::new(&Rows::default(), CONTEXT).lines(), 0);
}

#[test]
fn an_unrecorded_tail_folds_after_a_screenful() {
    let rows = rows(1000, |i| i == 5, 100);
    let folding = Folding::new(&rows, CONTEXT);
    check(&folding, &rows);
    assert_eq!(
        folding.at(folding.lines() - 1),
        Line::Fold(Run { start: 124, len: 876, kind: RunKind::Unrecorded, open: false })
    );
}

#[test]
fn opening_and_closing_keeps_lines_and_rows_inverse() {
    let rows = rows(5000, |i| i % 97 == 11 || i % 501 == 3, 4900);
    let mut folding = Folding::new(&rows, CONTEXT);
    check(&folding, &rows);
    let folded = folding.lines();
    for row in [0, 40, 2000, 2048, 4990, 4999] {
        folding.set_open(row, true);
        check(&folding, &rows);
    }
    folding.set_all(true);
    assert_eq!(folding.lines(), 5000);
    check(&folding, &rows);
    folding.set_all(false);
    assert_eq!(folding.lines(), folded);
    check(&folding, &rows);
    assert!(!folding.set_open(11, true), "a difference is in no fold");
}

#[test]
fn a_filter_shows_its_rows_with_their_context_and_nothing_else() {
    let rows = rows(100, |i| i == 50, u32::MAX);
    for (shown, context, lines) in [
        (vec![], 3, 1),
        (vec![0], 0, 2),
        (vec![10, 11, 20], 0, 3 + 3),
        (vec![10, 13, 99], 2, 8 + 3 + 2),
        (vec![40], 1000, 100),
    ] {
        let folding = Folding::around(100, shown.iter().copied(), context);
        check(&folding, &rows);
        assert_eq!(folding.lines(), lines, "{shown:?}");
        for row in 0..100_u32 {
            let near = shown.iter().any(|shown| shown.abs_diff(row) <= context);
            assert_eq!(folding.hides(row), !near, "{shown:?} {row}");
        }
    }
    let before = Folding::new(&rows, CONTEXT);
    let after = Folding::around(100, std::iter::once(5), 0).instead_of(&before);
    assert_ne!(after.generation(), before.generation());
}

#[test]
fn bursts_fold_by_themselves_and_what_is_not_theirs_parts_them() {
    let mut rows = Rows::with_events(200, 200);
    for i in 0..200_u32 {
        let class = match i {
            100..108 | 109..125 => RowClass::Extra,
            90 | 108 => RowClass::Changed,
            50..70 => RowClass::Missing,
            _ => RowClass::Same,
        };
        let expected = (class != RowClass::Extra).then_some(i);
        let actual = (class != RowClass::Missing).then_some(i);
        rows.push(Row { expected, actual, class, inverted: false, unrecorded: false });
    }
    let group = |side, first, last| Group {
        kind: GroupKind::Burst,
        side: Some(side),
        first,
        last,
        rows: last + 1 - first,
        headline: String::new(),
    };
    let tail = Group { kind: GroupKind::Tail, ..group(Side::Actual, 190, 199) };
    let groups = [group(Side::Expected, 50, 69), group(Side::Actual, 100, 124), tail];
    let mut folding = Folding::new(&rows, CONTEXT);
    let before = folding.lines();
    folding = folding.with_bursts(&groups, &rows, true);
    assert!(folding.has_bursts());
    assert_eq!(folding.lines(), before, "bursts begin open");
    folding.set_bursts(false);
    check(&folding, &rows);
    assert_eq!(folding.lines(), before - 19 - 7 - 15);
    assert_eq!(folding.run_of(55).map(|run| run.kind), Some(RunKind::Burst(0)));
    assert!(folding.hides(107) && !folding.hides(108) && folding.hides(109), "what differs otherwise stays");
    folding.set_all(true);
    assert!(folding.hides(55) && !folding.hides(0) && !folding.any_folded());
    folding.set_bursts(true);
    assert_eq!(folding.lines(), 200);
}

#[test]
fn ten_million_rows_with_one_difference() {
    let rows = rows(10_000_000, |i| i == 5_000_000, u32::MAX);
    let mut folding = Folding::new(&rows, CONTEXT);
    assert_eq!(folding.lines(), 9);
    folding.set_all(true);
    assert_eq!(folding.at(9_999_999), Line::Row(9_999_999));
    assert_eq!(folding.line_of(9_999_999), 9_999_999);
}
