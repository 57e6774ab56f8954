//! Breakpoints: their text, and where they stop.

use super::*;
use crate::query::{self, Asked, Body, parse};
use crate::trace::{KindId, LaneList, Scalar, Unit};

/// An event with its index as `n`, and half more as `ms`.
struct Event<'a> {
    made: &'a Made,
    side: Side,
    index: EventIndex,
    body: Body<'static>,
}

impl Asked for Event<'_> {
    fn side(&self) -> Side {
        self.side
    }

    fn index(&self) -> EventIndex {
        self.index
    }

    fn kind(&self) -> Option<KindId> {
        self.made.traces[self.side].events.kinds.get(self.index as usize).copied()
    }

    fn lanes(&self) -> LaneList<'_> {
        self.made.traces[self.side].events.lanes_of(self.index)
    }

    fn line(&self) -> u32 {
        self.index + 1
    }

    fn time(&self) -> Option<(i64, Unit)> {
        None
    }

    fn row(&self) -> Row {
        let rows = &self.made.comparison.rows;
        rows.get(rows.row_of(self.side, self.index).unwrap())
    }

    fn cause(&self) -> Option<u32> {
        None
    }

    fn is(&self, _: query::Mark) -> bool {
        false
    }

    fn body(&self) -> Option<&Body<'_>> {
        Some(&self.body)
    }

    fn any_field(&self, see: &mut dyn FnMut(&str, Scalar<'_>) -> bool) -> bool {
        see("n", Scalar::Uint(u64::from(self.index))) || see("ms", Scalar::Decimal(&format!("{}.5", self.index)))
    }
}

fn run(made: &Made, list: &[&str]) -> Vec<(u32, Vec<usize>)> {
    let recorded = made.recorded();
    let list = list.iter().map(|text| text.parse().unwrap()).collect();
    let mut breakpoints = Breakpoints { list };
    let mut stepper = Stepper::prepared(&recorded);
    let asks = |matcher: &query::Matcher, side: Side, event: EventIndex| {
        Ok(matcher.ask(&Event { made, side, index: event, body: Body { text: b"".into(), lower: b"".into() } })
            == Some(true))
    };
    let mut stopped = Vec::new();
    while let Ran::Stopped { row, breakpoints } = stepper.run(&recorded, &mut breakpoints, Some(&asks)).unwrap() {
        assert_eq!(stepper.row(), Some(row));
        stopped.push((row, breakpoints));
    }
    assert_eq!(stepper.peek(&recorded), None, "a run without a reason to stop ends at the end");
    for (place, breakpoint) in breakpoints.list.iter().enumerate() {
        let hits = stopped.iter().filter(|(_, places)| places.contains(&place)).count();
        assert_eq!(breakpoint.hits as usize, hits, "{breakpoint}");
    }
    stopped
}

fn rows(made: &Made, text: &str) -> Vec<u32> {
    run(made, &[text]).into_iter().map(|(row, _)| row).collect()
}

#[test]
fn a_run_stops_where_the_conditions_hold() {
    let made = Made::same(&[
        ("TASK_ENQUEUED", &["task:1", "queue:a"]),
        ("TASK_ENQUEUED", &["task:2", "queue:a"]),
        ("TASK_DEQUEUED", &["task:1", "worker:0", "queue:a"]),
        ("TASK_STARTED", &["task:1", "worker:0"]),
        ("TASK_FINISHED", &["task:1", "worker:0"]),
    ]);
    assert_eq!(rows(&made, "kind TASK_ENQUEUED"), [0, 1]);
    assert_eq!(rows(&made, "lane worker:0"), [2, 3, 4]);
    assert_eq!(rows(&made, "runs task:1"), [3]);
    assert_eq!(rows(&made, "runs worker:0 on expected"), [3]);
    assert_eq!(rows(&made, "event actual:4"), [4]);
    assert_eq!(rows(&made, "tick 15"), [2], "once, where the clock passes it");
    assert_eq!(rows(&made, "n:>=3"), [3, 4]);
    assert_eq!(rows(&made, "kind:task_* -n:1..3 (lane:task:1 or lane:task:2)"), [0, 4], "as in the search");
    assert_eq!(rows(&made, "diff:changed"), Vec::<u32>::new());
    assert_eq!(rows(&made, "diff:same -n:>0 on actual"), [0]);
    assert_eq!(rows(&made, "n >= 3"), [3, 4], "as older versions kept it");
    assert_eq!(rows(&made, "n != 0 on actual"), [1, 2, 3, 4]);
    assert_eq!(rows(&made, "ms = 2.50"), [2], "numbers are compared as numbers");
    assert_eq!(rows(&made, "other = 1"), Vec::<u32>::new(), "a field that is not there is nothing");
    assert_eq!(rows(&made, "off kind TASK_ENQUEUED"), Vec::<u32>::new());
    assert_eq!(rows(&made, "lane task:9"), Vec::<u32>::new());
    assert_eq!(run(&made, &["n = 3", "kind TASK_STARTED"]), [(3, vec![0, 1])]);
}

#[test]
fn differences_are_stopped_at_and_what_never_stops_says_why() {
    let one = vec![(0, vec![0]), (1, vec![0])];
    let rows_ = vec![row(Some(0), Some(0), RowClass::Same), row(Some(1), Some(1), RowClass::Changed)];
    let made = Made::new(&Sides::new(one.clone(), one), rows_);
    assert_eq!(rows(&made, "divergence"), [1]);
    let never = |text: &str| {
        Matcher::new(&made.recorded(), &text.parse().unwrap()).never().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(never("lane task:9"), "No lane is called task:9 here.");
    assert_eq!(never("kind X"), "No event is of the kind X here.");
    assert_eq!(never("cause"), "There is no cause.");
    assert_eq!(never("event actual:2"), "There is no event #2 on the actual side.");
    assert_eq!(never("time 5 ms"), "The events of this pair have no such time.");
    assert_eq!(never("divergence"), "");
}

#[test]
fn a_row_is_toggled_and_sides_are_exchanged() {
    let made = Made::same(&[("TASK_STARTED", &["task:1"]), ("TASK_FINISHED", &["task:1"])]);
    let mut breakpoints = Breakpoints::default();
    assert_eq!(breakpoints.toggle_row(&made.recorded(), 1, Side::Expected), Some(true));
    assert_eq!(breakpoints.list[0].to_string(), "event expected:1");
    assert_eq!(breakpoints.clone().mirrored().list[0].to_string(), "event actual:1");
    assert_eq!(breakpoints.toggle_row(&made.recorded(), 1, Side::Actual), Some(false));
    assert!(breakpoints.list.is_empty());
}

#[test]
fn texts_are_read_as_people_write_them() {
    for (typed, kept) in [
        ("  kind   TASK_FAILED ", "kind TASK_FAILED"),
        ("status=error", "status:error"),
        ("\"status\" = \"error\" on actual", "status:error on actual"),
        ("n != 5", "n:* -n:5"),
        ("off ms<=2.5", "off ms:<=2.5"),
        (" status:5?? -kind:retry  on expected ", "status:5?? -kind:retry on expected"),
        ("retry or timeout", "retry or timeout"),
        ("/5\\d\\d/ on actual", "/5\\d\\d/ on actual"),
        ("(kind x)", "(kind x)"),
        ("\"kind\" x", "(kind x)"),
        ("(depends on actual)", "(depends on actual)"),
        ("time 5258ms", "time 5258 ms"),
        ("time +12 µs on expected", "time +12 us on expected"),
        ("off divergence", "off divergence"),
        ("kind = x", "\"kind\":x"),
        ("x = on", "x:on"),
        ("event actual:5 on actual", "event actual:5"),
        ("off = 1", "off:1"),
        ("text ~ \"a (b)\"", "text:/a \\(b\\)/"),
    ] {
        let read: Breakpoint = typed.parse().unwrap_or_else(|bad| panic!("{typed}: {bad}"));
        assert_eq!(read.to_string(), kept, "{typed}");
        assert_eq!(kept.parse(), Ok(read), "{kept}");
    }
}

#[test]
fn what_is_wrong_is_pointed_at() {
    for (typed, pointed, says) in [
        ("", "", "Say what to stop at"),
        ("status:5.. (kind:a", "(", "closed"),
        ("off index:x on actual", "x", "number"),
        ("n < many", "many", "no number"),
        ("n = 1 m = 2", "m = 2", "several tests"),
        ("kind", "kind", "Say which kind."),
        ("kind A B", "B", "blanks stand in quotes"),
        ("event actual:x", "actual:x", "counts from 0"),
        ("event 5", "5", "expected:5 or actual:5"),
        ("time 5", "5", "Say the unit"),
        ("time 5 weeks", "weeks", "Say the unit"),
        ("tick 1.5", "1.5", "no whole number"),
        ("kind A on both", "both", "`expected` or `actual`"),
        ("event actual:5 on expected", "actual:5", "never on expected"),
        ("status =", "=", "compared with"),
        ("kind \"A", "\"A", "not closed"),
    ] {
        let bad = typed.parse::<Breakpoint>().unwrap_err();
        assert_eq!((&typed[bad.at.clone()], bad.message.contains(says)), (pointed, true), "{typed}: {bad}");
    }
}

fn conditions() -> impl Strategy<Value = Condition> {
    let name = || "[ -~é\n\t]{1,8}";
    let side = prop_oneof![Just(Side::Expected), Just(Side::Actual)];
    let unit = proptest::sample::select(Unit::ALL.to_vec());
    prop_oneof![
        (side, any::<u32>()).prop_map(|(side, event)| Condition::Event(side, event)),
        (any::<i64>(), unit).prop_map(|(value, unit)| {
            let since_start = value >= 0 && value % 2 == 0;
            Condition::Time { value, unit: Some(unit), since_start }
        }),
        any::<i64>().prop_map(|value| Condition::Time { value, unit: None, since_start: false }),
        name().prop_map(Condition::Lane),
        name().prop_map(Condition::Runs),
        name().prop_map(Condition::Kind),
        "[ -~é]{1,12}|(kind|off|on|a|lane:b|x:>5|-y|=|actual| ){1,6}"
            .prop_filter_map("a query", |text| parse(&text).ok().flatten().map(Condition::Query)),
        Just(Condition::Divergence),
        Just(Condition::Cause),
        Just(Condition::Symptom),
    ]
}

proptest! {
    #[test]
    fn every_breakpoint_is_read_back_as_it_was_written(
        condition in conditions(),
        enabled in any::<bool>(),
        side in proptest::option::of(prop_oneof![Just(Side::Expected), Just(Side::Actual)]),
    ) {
        let side = side.filter(|_| !matches!(condition, Condition::Event(..)));
        let written = Breakpoint { condition, side, enabled, hits: 0 };
        prop_assert_eq!(written.to_string().parse::<Breakpoint>(), Ok(written));
    }

    #[test]
    fn no_text_breaks_the_reader_and_every_fault_is_inside_it(text in "\\PC{0,24}|[a-z \"=!<>~:0-9\\\\]{0,24}") {
        if let Err(bad) = text.parse::<Breakpoint>() {
            prop_assert!(bad.at.end <= text.len() && text.get(bad.at.clone()).is_some(), "{:?}", bad);
            prop_assert!(bad.message.ends_with('.'));
        }
    }
}
