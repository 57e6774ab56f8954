//! Walking, folding and searching a hand-made pair, without a window.

use std::sync::Arc;

use super::*;
use crate::analyse::{Appended, Came, Events};
use crate::compare::{
    Cause, Comparison, Counts, DivergenceType, Explains, FirstDifference, RowClass, Rows, Stand, Symptom, Verdict,
};
use crate::pack::Pack;
use crate::spec::Spec;
use crate::trace::{Names, Warnings};

/// A pair of so many rows: changed at these, not recorded from `end` on.
fn analysis(count: u32, changed: &[u32], end: u32) -> Analysis {
    let mut rows = Rows::with_events(count as usize, end.min(count) as usize);
    for i in 0..count {
        let class = match i {
            _ if i >= end => RowClass::Missing,
            _ if changed.contains(&i) => RowClass::Changed,
            _ => RowClass::Same,
        };
        let unrecorded = i >= end;
        rows.push(Row { expected: Some(i), actual: (!unrecorded).then_some(i), class, inverted: false, unrecorded });
    }
    let first_difference = changed.first().map(|&row| FirstDifference {
        expected: Some(row),
        actual: Some(row),
        kind: DivergenceType::EventMismatch,
        row,
    });
    let sides: Sides<Option<Events>> = Sides::default();
    Analysis {
        pack: Arc::new(Pack {
            title: "a pair".to_owned(),
            story: None,
            notes: None,
            path: "pair".into(),
            sides: Sides::default(),
            overrides: crate::pack::Overrides::default(),
            warnings: Warnings::default(),
        }),
        sides,
        names: Names::default(),
        spec: Spec::default(),
        comparison: Comparison {
            verdict: if rows.differences().is_empty() { Verdict::Identical } else { Verdict::Diverged },
            first_difference,
            counts: Counts::default(),
            rows,
            ..Comparison::default()
        },
        warnings: Warnings::default(),
        partial: false,
        provisional: false,
        pairs: Vec::new(),
        hand: crate::compare::Hand::default(),
        waveform: None,
        told: std::sync::OnceLock::new(),
        envelope: None,
    }
}

fn pair(count: u32, changed: &[u32], end: u32) -> Pair {
    shown(Arc::new(analysis(count, changed, end)))
}

fn shown(analysis: Arc<Analysis>) -> Pair {
    let laid = Laid::new(&analysis, &|| true);
    Pair::new(analysis, laid)
}

fn shown_after(old: &Pair, analysis: Arc<Analysis>, exchanged: bool) -> Pair {
    let laid = Laid::new(&analysis, &|| true);
    old.with_analysis(analysis, laid, exchanged, &[])
}

fn row(pair: &Pair) -> u32 {
    pair.selection().unwrap().row
}

/// The selected row is in sight, in a line of its own or in its fold's.
fn in_sight(pair: &Pair) -> bool {
    pair.scroller().visible().contains(&pair.lines().line_of(row(pair)))
}

#[test]
fn it_opens_at_its_first_difference() {
    let pair = pair(10_000, &[7000, 9000], u32::MAX);
    assert_eq!(row(&pair), 7000);
    assert!(in_sight(&pair));
    assert_eq!(pair.difference_number(), (Some(1), 2));
}

#[test]
fn walking_goes_from_difference_to_difference_and_says_where_it_ends() {
    let mut pair = pair(10_000, &[10, 11, 5000], u32::MAX);
    let mut seen = vec![row(&pair)];
    for _ in 0..2 {
        pair.apply(PairCommand::NextDifference);
        assert!(in_sight(&pair));
        assert_eq!(pair.notice(), "");
        seen.push(row(&pair));
    }
    assert_eq!(seen, [10, 11, 5000]);
    pair.apply(PairCommand::NextDifference);
    assert_eq!((row(&pair), pair.notice()), (5000, "This is the last difference."));
    pair.apply(PairCommand::PreviousDifference);
    assert_eq!((row(&pair), pair.notice()), (11, ""));
    pair.apply(PairCommand::Home);
    pair.apply(PairCommand::NextDifference);
    assert_eq!(row(&pair), 10);
}

#[test]
fn a_tail_that_was_not_recorded_is_one_stop() {
    let mut pair = pair(1000, &[5, 8], 100);
    pair.apply(PairCommand::NextDifference);
    assert_eq!(row(&pair), 8);
    pair.apply(PairCommand::NextDifference);
    assert_eq!(row(&pair), 100, "the first row of the tail");
    pair.apply(PairCommand::NextDifference);
    assert_eq!((row(&pair), pair.notice()), (100, "This is the last difference."));
    pair.apply(PairCommand::End);
    pair.apply(PairCommand::PreviousDifference);
    assert_eq!(row(&pair), 100);
    pair.apply(PairCommand::PreviousDifference);
    assert_eq!(row(&pair), 8);
}

#[test]
fn stepping_crosses_a_fold_in_one_step_and_can_open_it() {
    let mut pair = pair(1000, &[5, 500], u32::MAX);
    for _ in 0..4 {
        pair.apply(PairCommand::Step(1));
    }
    let fold = pair.selected_fold().unwrap();
    assert_eq!((fold.start, fold.len), (9, 488));
    pair.apply(PairCommand::Step(1));
    assert_eq!(row(&pair), 497);
    pair.apply(PairCommand::Step(-1));
    pair.apply(PairCommand::ToggleFold);
    assert!(pair.selected_fold().is_none());
    pair.apply(PairCommand::Step(1));
    assert_eq!(row(&pair), 10);
    pair.apply(PairCommand::ToggleFold);
    assert_eq!(pair.selected_fold().unwrap().start, 9, "the same key folds it again");
}

#[test]
fn selecting_a_folded_row_opens_its_fold_and_moves_nothing_else() {
    let mut pair = pair(100_000, &[5, 50_000], u32::MAX);
    let before = *pair.scroller();
    pair.apply(PairCommand::SelectRow(2));
    assert_eq!((pair.scroller().top(), pair.scroller().rest()), (before.top(), before.rest()));
    pair.apply(PairCommand::SelectRow(30_000));
    assert!(!pair.lines().hides(30_000));
    assert!(in_sight(&pair));
    pair.apply(PairCommand::SelectRow(99_999));
    assert!(in_sight(&pair));
    pair.apply(PairCommand::SelectRow(100_000));
    assert_eq!(row(&pair), 99_999, "there is no such row");
}

#[test]
fn unfolding_everything_keeps_the_selected_row_where_the_eye_is() {
    let mut pair = pair(100_000, &[400, 50_000], u32::MAX);
    pair.apply(PairCommand::NextDifference);
    let height = |pair: &Pair| pair.scroller().y_of(pair.lines().line_of(50_000));
    let before = height(&pair);
    pair.apply(PairCommand::ToggleAllFolds);
    assert_eq!(pair.lines().count(), 100_000);
    assert!((height(&pair) - before).abs() < 0.01);
    pair.apply(PairCommand::ToggleAllFolds);
    assert!(pair.lines().any_folded());
    assert!(in_sight(&pair));
}

#[test]
fn the_last_of_ten_million_rows_is_one_key_away() {
    let mut pair = pair(10_000_000, &[5], u32::MAX);
    pair.apply(PairCommand::ToggleAllFolds);
    pair.apply(PairCommand::End);
    assert_eq!(row(&pair), 9_999_999);
    assert!(in_sight(&pair));
    pair.apply(PairCommand::Page(-1));
    assert!(in_sight(&pair));
    assert_eq!(row(&pair), 9_999_999 - (pair.scroller().page() - 1));
    pair.apply(PairCommand::Home);
    assert_eq!((row(&pair), pair.scroller().top()), (0, 0));
}

#[test]
fn a_run_and_the_state_of_ten_million_rows_come_in_slices() {
    let mut pair = pair(10_000_000, &[9_999_000], u32::MAX);
    pair.apply(PairCommand::SelectRow(3));
    pair.apply(PairCommand::EditBreakpoint(None));
    pair.apply(PairCommand::TypeBreakpoint("divergence".to_owned()));
    pair.apply(PairCommand::FinishBreakpoint);
    pair.apply(PairCommand::RunToBreakpoint);
    assert!(pair.transport().running(), "one slice is not enough");
    assert_eq!(row(&pair), 3, "nothing moves before there is a reason to stop");
    let mut stopped = pair.clone();
    assert!(stopped.close_innermost());
    stopped.apply(PairCommand::RunMore);
    assert!(!stopped.transport().running() && row(&stopped) == 3);
    while pair.transport().running() {
        pair.apply(PairCommand::RunMore);
    }
    assert_eq!((row(&pair), pair.notice()), (9_999_000, "Stopped at divergence."));

    pair.apply(PairCommand::ToggleState);
    assert!(pair.transport().state().is_none() && pair.transport().progress(pair.analysis()).is_some());
    while pair.transport().progress(pair.analysis()).is_some() {
        pair.apply(PairCommand::StateMore);
    }
    assert_eq!(pair.transport().state().map(|shown| shown.row), Some(9_999_000));
    pair.apply(PairCommand::StepRows(-1));
    assert_eq!(pair.transport().state().map(|shown| shown.row), Some(9_998_999));
}

#[test]
fn a_side_without_an_event_is_not_looked_from() {
    let mut pair = pair(200, &[5], 100);
    assert_eq!(pair.selection().unwrap().side, Side::Actual);
    pair.apply(PairCommand::OtherSide);
    assert_eq!(pair.selection().unwrap().side, Side::Expected);
    pair.apply(PairCommand::SelectCell(150, Side::Actual));
    assert_eq!(pair.selection().unwrap().side, Side::Expected);
    pair.apply(PairCommand::OtherSide);
    assert_eq!(pair.notice(), "This row has no actual event.");
    assert_eq!(pair.selected_event(), Some((Side::Expected, 150)));
}

#[test]
fn causes_and_the_symptom_are_links() {
    let mut analysis = analysis(1000, &[5, 300, 600], u32::MAX);
    let cause = |rank, row| Cause {
        overtaken: None,
        rank,
        side: Side::Actual,
        index: row,
        other: Some(row),
        lanes: Vec::new(),
        kind: DivergenceType::EventMismatch,
        reason: "because".to_owned(),
        headline: "it".to_owned(),
        rule: "earliest".to_owned(),
        sureness: "clear".to_owned(),
        explains: Explains { rows: 1, of: 2 },
        row,
    };
    analysis.comparison.causes = vec![cause(1, 300), cause(2, 5)];
    analysis.comparison.first_symptom =
        Some(Symptom { side: Side::Actual, index: 600, row: 600, headline: "timeout".to_owned(), is_cause: false });
    let mut pair = shown(Arc::new(analysis));
    pair.apply(PairCommand::Cause(0));
    assert_eq!(row(&pair), 300);
    pair.apply(PairCommand::Cause(1));
    assert_eq!(row(&pair), 5);
    pair.apply(PairCommand::Cause(2));
    assert_eq!((row(&pair), pair.notice()), (5, "There are only 2 candidates."));
    pair.apply(PairCommand::FirstSymptom);
    assert_eq!(row(&pair), 600);
    pair.apply(PairCommand::FirstDifference);
    assert_eq!(row(&pair), 5);
}

#[test]
fn without_a_symptom_or_a_row_it_says_so() {
    let mut pair = pair(10, &[], u32::MAX);
    pair.apply(PairCommand::FirstSymptom);
    assert!(pair.notice().starts_with("No symptom was recorded"));
    pair.apply(PairCommand::NextDifference);
    assert_eq!(pair.notice(), "There is no difference.");
    let mut nothing = shown(Arc::new(analysis(0, &[], u32::MAX)));
    for command in [PairCommand::Step(1), PairCommand::End, PairCommand::ToggleAllFolds, PairCommand::NextDifference] {
        nothing.apply(command);
        assert_eq!(nothing.selection(), None);
    }
}

#[test]
fn a_newer_analysis_keeps_what_was_selected_and_where_it_stood() {
    let mut old = pair(1000, &[5, 600], 900);
    old.apply(PairCommand::Viewport(450.0));
    old.apply(PairCommand::SelectRow(600));
    old.apply(PairCommand::Search("x".to_owned()));
    let new = shown_after(&old, Arc::new(analysis(2000, &[5, 600, 1500], u32::MAX)), false);
    assert_eq!(row(&new), 600);
    assert!((new.scroller().viewport() - 450.0).abs() < f32::EPSILON);
    assert!(in_sight(&new));
    assert_eq!(new.search().text(), "x");
}

#[test]
fn exchanging_the_sides_keeps_the_selected_event_and_the_place() {
    // The first event is on one side only, so that no event has the same number on both.
    let shifted = |swapped: bool| {
        let (long, short) = (2000, 1999);
        let (expected, actual) = if swapped { (long, short) } else { (short, long) };
        let mut rows = Rows::with_events(expected, actual);
        for i in 0..long as u32 {
            let (more, less) = (Some(i), i.checked_sub(1));
            let (expected, actual) = if swapped { (more, less) } else { (less, more) };
            let alone = if swapped { RowClass::Missing } else { RowClass::Extra };
            let class = if i == 0 { alone } else { RowClass::Changed };
            rows.push(Row { expected, actual, class, inverted: false, unrecorded: false });
        }
        let mut analysis = analysis(0, &[], u32::MAX);
        analysis.comparison.rows = rows;
        Arc::new(analysis)
    };
    let mut old = shown(shifted(false));
    old.apply(PairCommand::SelectEvent(Side::Actual, 1000));
    let new = shown_after(&old, shifted(true), true);
    assert_eq!(new.selected_event(), Some((Side::Expected, 1000)));
    assert_eq!((row(&new), new.scroller().top()), (row(&old), old.scroller().top()));
    assert!(in_sight(&new));
    let back = shown_after(&new, shifted(false), true);
    assert_eq!(back.selection(), old.selection());
}

/// Events of actual from 60 on that stand like this.
fn came(stands: &[Option<Stand>]) -> Arc<Appended> {
    let came = |(stand, event): (&Option<Stand>, u32)| Came {
        side: Side::Actual,
        event,
        kind: "STEP".to_owned(),
        time: None,
        place: crate::trace::Place::default(),
        stand: *stand,
    };
    let events = stands.iter().zip(60..).map(came).collect();
    Arc::new(Appended { events, ..Appended::default() })
}

#[test]
fn what_came_stands_in_the_row_that_waited_for_it_or_below_all_others() {
    use Stand::{Behind, Matched, Parts};
    let mut pair = pair(100, &[], 60);
    let lines = pair.lines().count();
    pair.set_appended(Some(&came(&[Some(Matched(60)), Some(Parts), Some(Matched(99)), Some(Behind), None])));
    let at = |row: u32| pair.came_to(row).map(|came| came.event);
    assert_eq!([59, 60, 61, 99].map(at), [None, Some(60), None, Some(62)]);
    assert_eq!((pair.came_in(60..62), pair.came_in(0..100), pair.came_in(61..99)), (1, 2, 0));
    let tail = pair.tail().unwrap();
    let below: Vec<u32> = tail.rows().iter().map(|row| tail.event(*row, Side::Actual).unwrap().event).collect();
    assert_eq!((below, pair.all_lines()), (vec![61, 63, 64], lines + 4), "and a heading");
    // What another answer has, or what a search holds still, is not shown.
    pair.apply(PairCommand::Search("x".to_owned()));
    assert_eq!((pair.all_lines(), pair.came_to(60).is_none()), (lines, true));
    pair.apply(PairCommand::Search(String::new()));
    assert_eq!(pair.all_lines(), lines + 4);
    let mut later = (*came(&[Some(Parts)])).clone();
    later.from = Sides::new(100, 61);
    pair.set_appended(Some(&Arc::new(later)));
    assert!(pair.tail().is_none() && pair.all_lines() == lines);
}

#[test]
fn events_that_came_to_both_sides_and_are_the_same_share_a_row() {
    let mut pair = pair(100, &[], 60);
    let mut both = (*came(&[Some(Stand::Matched(100)), Some(Stand::Waits)])).clone();
    both.events.insert(
        0,
        Came { side: Side::Expected, event: 100, stand: Some(Stand::Matched(60)), ..both.events[0].clone() },
    );
    pair.set_appended(Some(&Arc::new(both)));
    assert_eq!(pair.tail().unwrap().rows(), [Sides::new(Some(0), Some(1)), Sides::new(None, Some(2))]);
}

#[test]
fn a_table_at_its_end_stays_there_and_no_other_moves() {
    let stands = [Some(Stand::Parts); 40];
    let mut pair = pair(1000, &[5], u32::MAX);
    pair.apply(PairCommand::ToggleAllFolds);
    pair.apply(PairCommand::SelectRow(500));
    let (top, rest) = (pair.scroller().top(), pair.scroller().rest());
    pair.set_appended(Some(&came(&stands[..10])));
    assert_eq!((pair.scroller().top(), pair.scroller().rest().to_bits()), (top, rest.to_bits()));
    // The keys go to the last row, then on through what came, and back.
    pair.apply(PairCommand::End);
    assert_eq!((row(&pair), pair.scroller().visible().end), (999, 1011));
    pair.set_appended(Some(&came(&stands)));
    assert_eq!((row(&pair), pair.scroller().visible().end), (999, 1041), "it follows");
    assert!(!in_sight(&pair), "while what is selected goes out of sight");
    pair.apply(PairCommand::Step(1));
    assert_eq!((row(&pair), pair.scroller().visible().end), (999, 1041));
    pair.apply(PairCommand::ScrollBy(-30.0));
    pair.apply(PairCommand::Step(1));
    assert_eq!((row(&pair), pair.scroller().visible().end), (999, 1041), "a line further");
    pair.apply(PairCommand::Step(-1));
    assert!(row(&pair) == 998 && in_sight(&pair));
    pair.set_appended(None);
    assert_eq!(pair.all_lines(), 1000);
    // To open a fold at the end is not to go there.
    let mut folded = shown(Arc::new(analysis(1000, &[5], 900)));
    folded.apply(PairCommand::End);
    folded.set_appended(Some(&came(&stands[..1])));
    folded.apply(PairCommand::End);
    let top = folded.scroller().top();
    folded.apply(PairCommand::ToggleFold);
    folded.set_appended(Some(&came(&stands[..2])));
    assert_eq!(folded.scroller().top(), top);
    // Nor was anybody there where the table was opened so.
    let mut opened = shown(Arc::new(analysis(1000, &[999], u32::MAX)));
    opened.apply(PairCommand::ToggleAllFolds);
    let mut moved = opened.clone();
    for (pair, scrolls) in [(&mut opened, false), (&mut moved, true)] {
        if scrolls {
            pair.apply(PairCommand::ScrollBy(1.0));
        }
        let before = pair.scroller().top();
        pair.set_appended(Some(&came(&stands)));
        assert_eq!(pair.scroller().top() != before, scrolls);
    }
    // Where everything is in sight nobody has scrolled to the end.
    let mut short = shown(Arc::new(analysis(10, &[5], u32::MAX)));
    short.set_appended(Some(&came(&stands)));
    assert_eq!(short.scroller().top(), 0);
}

#[test]
fn rows_that_came_become_rows_of_the_answer_where_they_stand() {
    let grown = |old: &Pair, end| old.grown(shown(Arc::new(analysis(100, &[50], end))), &[]);
    let y = |pair: &Pair, row| pair.scroller().y_of(pair.lines().line_of(row));
    let mut old = pair(100, &[50], 60);
    old.apply(PairCommand::Viewport(450.0));
    old.apply(PairCommand::ToggleFoldOf(60));
    old.apply(PairCommand::ScrollToRow(60));
    let stands: Vec<_> = (60..64).map(|event| Some(Stand::Matched(event))).collect();
    old.set_appended(Some(&came(&stands)));
    let new = grown(&old, 64);
    for row in [58, 60, 63] {
        assert!(!new.lines().hides(row), "row {row} folded away");
        assert!((y(&new, row) - y(&old, row)).abs() < 0.01, "row {row} moved");
    }
    // Below all others as well: there the answer has them as rows of their own.
    let mut old = pair(100, &[50], u32::MAX);
    old.apply(PairCommand::ToggleAllFolds);
    old.apply(PairCommand::End);
    let mut events = (*came(&[Some(Stand::Parts); 4])).clone();
    events.events.iter_mut().for_each(|came| came.event += 40);
    old.set_appended(Some(&Arc::new(events)));
    old.apply(PairCommand::ScrollBy(-9.0));
    let below = y(&old, 99) + 2.0 * LINE_HEIGHT;
    old.apply(PairCommand::SelectEvent(Side::Actual, 101));
    assert_eq!((row(&old), old.wanted()), (99, Some((Side::Actual, 101))), "there is no row to select yet");
    let longer = Arc::new(analysis(104, &[50, 100, 101, 102, 103], u32::MAX));
    let new = old.grown(shown(Arc::clone(&longer)), &[]);
    assert!((y(&new, 100) - below).abs() < LINE_HEIGHT + 0.01, "{} is not {below}", y(&new, 100));
    assert_eq!((new.selected_event(), new.wanted()), (Some((Side::Actual, 101)), None));
}
