//! What the views of lanes are drawn from, against what looking at every event says.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dettrace::analyse::{Analysis, Session};
use dettrace::pack::{Found, in_memory, open};
use dettrace::trace::{EventIndex, Side, Sides};
use dettrace::view::{Anchor, Axis, Clocks, Compared, Lanes, List, Order, Scale};
use proptest::prelude::*;

const PACKS: [&str; 4] =
    ["fixtures/task-order-race", "fixtures/retry-storm", "fixtures/two-faults", "fixtures/legal-reordering"];

fn analysis(paths: &[PathBuf]) -> Analysis {
    let Found::Ready(pack) = open(paths).unwrap() else { panic!("{paths:?} is no pair") };
    Session::new(*pack).run(&()).unwrap()
}

fn compared(analysis: &Analysis) -> Compared<'_> {
    let trace = |side: Side| analysis.sides[side].as_ref().map(|events| &events.trace);
    Compared {
        traces: Sides::new(trace(Side::Expected), trace(Side::Actual)),
        names: &analysis.names,
        comparison: &analysis.comparison,
    }
}

fn packs() -> Vec<Analysis> {
    PACKS.iter().map(|pack| analysis(&[PathBuf::from(pack)])).collect()
}

/// Clocks that meet at the start, and at several rows that both sides have.
fn clocks(analysis: &Analysis) -> [Clocks; 2] {
    let rows = &analysis.comparison.rows;
    let shared: Vec<EventIndex> =
        (0..rows.len()).filter_map(|row| rows.get(row).expected.and(rows.get(row).actual)).collect();
    let point = |part: usize| (Side::Actual, shared[(shared.len() - 1) * part / 5]);
    let mut points = Anchor::Points((0..=5).map(point).collect());
    let meeting = Clocks::meeting_at(&mut points, compared(analysis));
    [Clocks::meeting_at(&mut Anchor::Start, compared(analysis)), meeting]
}

/// The events of a lane of this name that stand from `from` to `to`, by looking at all.
fn looked_up(analysis: &Analysis, scale: &Scale<'_>, side: Side, name: &str, from: f64, to: f64) -> Vec<EventIndex> {
    let all = 0..analysis.len(side);
    let on = all.filter(|&event| analysis.lanes(side, event).contains(&name));
    let mut there: Vec<EventIndex> = on.filter(|&event| (from..=to).contains(&scale.x(side, event))).collect();
    there.sort_by(|&a, &b| scale.x(side, a).total_cmp(&scale.x(side, b)));
    there
}

/// How many events stand in each of so many equal parts.
fn counts(list: List<'_>, scale: &Scale<'_>, side: Side, (from, to): (f64, f64), columns: usize) -> Vec<u32> {
    list.borders(scale, side, from, to, columns).windows(2).map(|borders| borders[1] - borders[0]).collect()
}

#[test]
fn what_stands_on_a_lane_between_two_places_is_found_without_looking_at_all() {
    for analysis in packs() {
        let lanes = Lanes::new(compared(&analysis));
        let clocks = clocks(&analysis);
        for (axis, clocks) in Axis::ALL.into_iter().flat_map(|axis| clocks.each_ref().map(|clocks| (axis, clocks))) {
            let scale = Scale::new(compared(&analysis), axis, clocks);
            let (from, to) = scale.extent(lanes.times());
            let span = to - from;
            for (place, lane) in lanes.list().iter().enumerate() {
                for side in Side::BOTH {
                    for (low, high) in [(0.0, 1.0), (0.2, 0.5), (0.45, 0.46), (0.9, 3.0), (-2.0, -1.0)] {
                        let (low, high) = (from + span * low, from + span * high);
                        let list = lanes.events(axis, side, place as u32);
                        let mut found = list.within(&scale, side, low, high).to_vec();
                        let mut all = looked_up(&analysis, &scale, side, &lane.name, low, high);
                        let columns = counts(list, &scale, side, (low, high), 7);
                        assert!(columns.iter().sum::<u32>() as usize <= found.len(), "{} {axis:?}", lane.name);
                        found.sort_unstable();
                        all.sort_unstable();
                        assert_eq!(found, all, "{} {side} {axis:?} {low} {high}", lane.name);
                    }
                }
            }
        }
    }
}

#[test]
fn lanes_know_how_many_rows_differ_and_where_the_cause_reached_them() {
    for analysis in packs() {
        let lanes = Lanes::new(compared(&analysis));
        let rows = &analysis.comparison.rows;
        for lane in lanes.list() {
            let touches = |row: u32| {
                let row = rows.get(row);
                Side::BOTH.into_iter().any(|side| {
                    row.event(side).is_some_and(|event| analysis.lanes(side, event).contains(&lane.name.as_str()))
                })
            };
            let differing: Vec<u32> = rows.differences().iter().copied().filter(|&row| touches(row)).collect();
            assert_eq!(lane.differences as usize, differing.len(), "{}", lane.name);
            let cause = analysis.comparison.causes.first().map(|cause| cause.row);
            let reached =
                differing.iter().copied().find(|&row| Some(row) == cause || analysis.explained_by(row) == Some(1));
            assert_eq!(lane.reached, reached, "{}", lane.name);
        }
    }
}

#[test]
fn neighbours_are_those_that_looking_around_finds() {
    for analysis in packs() {
        let (compared, lanes) = (compared(&analysis), Lanes::new(compared(&analysis)));
        for side in Side::BOTH {
            for event in 0..analysis.len(side) {
                let events = |list: Vec<(String, EventIndex)>| {
                    let mut events: Vec<EventIndex> = list.into_iter().map(|(_, event)| event).collect();
                    events.sort_unstable();
                    events
                };
                let found = |list: Vec<(dettrace::view::Why, EventIndex)>| {
                    let mut events: Vec<EventIndex> = list.into_iter().map(|(_, event)| event).collect();
                    events.sort_unstable();
                    events
                };
                assert_eq!(
                    found(lanes.before(compared, side, event)),
                    events(analysis.before(side, event)),
                    "{side} {event}"
                );
                assert_eq!(
                    found(lanes.after(compared, side, event)),
                    events(analysis.after(side, event)),
                    "{side} {event}"
                );
            }
        }
    }
}

#[test]
fn the_order_around_a_row_holds_what_each_side_says_and_marks_what_only_one_does() {
    for analysis in packs() {
        let lanes = Lanes::new(compared(&analysis));
        let rows = &analysis.comparison.rows;
        for row in 0..rows.len() {
            let order = Order::around(compared(&analysis), &lanes, row, 12);
            assert!(order.nodes.len() <= 12 && order.nodes.iter().any(|node| node.row == row));
            assert!(order.nodes.is_sorted_by_key(|node| node.row));
            for edge in &order.edges {
                assert!(!edge.why.is_empty() && (edge.on.expected || edge.on.actual));
                let [from, to] = [edge.from, edge.to].map(|place| rows.get(order.nodes[place as usize].row));
                for side in Side::BOTH {
                    if edge.on[side] {
                        assert!(from.event(side).unwrap() < to.event(side).unwrap(), "row {row}");
                    }
                }
            }
        }
    }
    let same = analysis(
        &["fixtures/task-order-race/expected.jsonl", "fixtures/task-order-race/expected.jsonl"].map(PathBuf::from),
    );
    let lanes = Lanes::new(compared(&same));
    let order = Order::around(compared(&same), &lanes, 3, 64);
    assert!(!order.edges.is_empty() && order.edges.iter().all(|edge| edge.on.expected && edge.on.actual));
}

/// Long enough that places are found by blocks, with a lane whose times run backwards now and then.
fn long(folder: &Path) -> Analysis {
    let record = |name: &str, wrong: u32| {
        let mut text = String::new();
        for i in 0..40_000_u32 {
            let time = u64::from(i) * 50 + if i % 97 == 5 { 0 } else { u64::from(i % 7) * 9 };
            writeln!(
                text,
                "{{\"t_us\":{time},\"type\":\"step\",\"task\":{},\"value\":{}}}",
                i % 3,
                if i == wrong { 99 } else { i % 5 }
            )
            .unwrap();
        }
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    analysis(&[record("expected.jsonl", u32::MAX), record("actual.jsonl", 20_000)])
}

#[test]
fn long_lanes_are_counted_to_a_few_in_a_hundred() {
    let folder = tempfile::tempdir().unwrap();
    let analysis = long(folder.path());
    let lanes = Lanes::new(compared(&analysis));
    let [_, clocks] = clocks(&analysis);
    for axis in Axis::ALL {
        let scale = Scale::new(compared(&analysis), axis, &clocks);
        let (from, to) = scale.extent(lanes.times());
        let name = &lanes.list()[1].name;
        let all = looked_up(&analysis, &scale, Side::Actual, name, f64::MIN, f64::MAX);
        let places: Vec<f64> = all.iter().map(|&event| scale.x(Side::Actual, event)).collect();
        for columns in [1, 10, 64, 4_000] {
            let counts = counts(lanes.events(axis, Side::Actual, 1), &scale, Side::Actual, (from, to), columns);
            let width = (to - from) / columns as f64;
            for (column, &count) in counts.iter().enumerate() {
                let left = from + width * column as f64;
                let before = |x: f64| places.partition_point(|&place| place < x);
                let own = u32::try_from(before(left + width) - before(left)).unwrap();
                assert!(own.abs_diff(count) <= 1 + count / 16, "{axis:?}, {columns} columns: {count} for {own}");
            }
        }
    }
}

#[test]
fn only_names_that_leave_no_doubt_say_how_long_an_event_lasts() {
    let of = |line: &dyn Fn(u32) -> String| {
        let folder = tempfile::tempdir().unwrap();
        let text: String = (0..20).map(|n| line(n) + "\n").collect();
        let paths = ["good.jsonl", "bad.jsonl"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, &text).unwrap();
        }
        let analysis = analysis(&paths);
        let why: Vec<String> = analysis.spec.fields.iter().map(|f| f.why.clone()).collect();
        let last = analysis.lasts(Side::Expected, 3);
        let evidence = why.iter().any(|why| why.contains("says how long the event lasts"));
        assert!(last.is_none() || evidence, "{why:?}");
        last.map(|time| time.to_string().replace('\u{202f}', " "))
    };
    let span = |rest: &str| {
        let rest = rest.to_owned();
        move |n: u32| {
            let (a, b) = (1_700_000_000_000_u64 + u64::from(n) * 50, u64::from(n) + 7);
            let rest = rest.replace("START", &a.to_string()).replace("END", &(a + b).to_string());
            format!("{{\"type\":\"call\",\"task\":{},{}}}", n % 3, rest.replace("LENGTH", &b.to_string()))
        }
    };
    let said = |rest: &str| of(&span(rest));
    let ten = Some("10 ms".to_owned());
    assert_eq!(said("\"start_ms\":START,\"end_ms\":END"), ten);
    assert_eq!(said("\"end_time\":END,\"start_time\":START"), ten, "whichever comes first");
    assert_eq!(said("\"start_ms\":START,\"duration_ms\":LENGTH"), ten);
    assert_eq!(said("\"ph\":\"X\",\"ts\":START,\"dur\":LENGTH"), Some("10 µs".to_owned()), "Chrome's trace events");
    assert_eq!(said("\"ts\":START,\"duration_ms\":LENGTH"), None, "which may reach back from its time");
    assert_eq!(said("\"start_ms\":START,\"latency_ms\":LENGTH"), None);
    assert_eq!(said("\"start_ms\":END,\"end_ms\":START"), None, "what ends before it begins");
}

#[test]
fn what_began_long_before_the_view_and_lasts_into_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (mut text, mut slower) = (String::new(), String::new());
    // One task that lasts over all, in whose time a thousand others begin and end; and spans that say how long they last.
    for i in 0..3_000_u64 {
        let (kind, task) = match i {
            0 => ("TASK_STARTED", 0),
            2_999 => ("TASK_FINISHED", 0),
            _ => (if i % 2 == 1 { "JOB_STARTED" } else { "JOB_FINISHED" }, 0),
        };
        for (text, tick) in [(&mut text, 10), (&mut slower, 17)] {
            writeln!(text, r#"{{"ts_ns":{},"type":"{kind}","task":{task},"worker":1}}"#, 1_000 + i * tick).unwrap();
        }
    }
    for (side, text) in [("expected.jsonl", text), ("actual.jsonl", slower)] {
        fs::write(folder.path().join(side), text).unwrap();
    }
    let analysis = analysis(&[folder.path().to_path_buf()]);
    let lanes = Lanes::new(compared(&analysis));
    let lane = lanes.list().iter().position(|lane| lane.name == "task:0").unwrap() as u32;
    let [_, clocks] = clocks(&analysis);
    assert!(clocks.stretch(0).is_some_and(|by| by < 0.9), "actual takes longer");
    for axis in Axis::ALL {
        let scale = Scale::new(compared(&analysis), axis, &clocks);
        let from = scale.x(Side::Actual, 2_000);
        let all: Vec<(EventIndex, EventIndex)> = (lanes.extents(Side::Actual, lane).iter().copied())
            .filter(|&(first, last)| scale.x(Side::Actual, first) < from && scale.x(Side::Actual, last) >= from)
            .collect();
        assert!(all.contains(&(0, 2_999)), "{axis:?}: {all:?}");
        let mut found = lanes.extents_to(&scale, Side::Actual, lane, from, 64);
        found.sort_unstable();
        assert_eq!(found, all, "{axis:?}");
        assert_eq!(lanes.extents_to(&scale, Side::Actual, lane, f64::MAX, 64), []);
    }
}

/// Both sides of so many events: how far each is from the one before, and whether it differs.
fn spaced(gaps: &[(u32, bool)]) -> Analysis {
    let text = |side: Side| {
        let mut time = 0_u64;
        let line = |(at, &(gap, differs)): (usize, &(u32, bool))| {
            time += u64::from(gap);
            let value = if differs && side == Side::Actual { "other" } else { "usual" };
            format!("{{\"seq\":{at},\"t_us\":{time},\"type\":\"step\",\"task\":1,\"value\":\"{value}\"}}\n")
        };
        gaps.iter().enumerate().map(line).collect::<String>()
    };
    let (expected, actual) = (text(Side::Expected), text(Side::Actual));
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let Found::Ready(pack) = in_memory("spaced", &files).unwrap() else { panic!("it is no pair") };
    Session::new(*pack).run(&()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // Bursts with long breaks between them, in columns that hold many events and in such that hold few.
    #[test]
    fn every_difference_is_counted_in_its_column_or_one_beside_it(
        gaps in prop::collection::vec((prop_oneof![20 => 1_u32..9, 1 => 1_000_u32..90_000], prop::bool::weighted(0.6)), 900..1_800),
        places in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, 1..24_usize), 12),
    ) {
        let analysis = spaced(&gaps);
        let lanes = Lanes::new(compared(&analysis));
        let differences: Vec<EventIndex> = (0..).zip(&gaps).filter(|(_, gap)| gap.1).map(|(event, _)| event).collect();
        let [_, clocks] = clocks(&analysis);
        for axis in Axis::ALL {
            let scale = Scale::new(compared(&analysis), axis, &clocks);
            let (first, last) = scale.extent(lanes.times());
            let list = lanes.differing(axis, Side::Actual, 0);
            prop_assert_eq!(list.events, &differences);
            for &(one, other, columns) in &places {
                let at = |share: f64| first + (last - first) * share;
                let (from, to) = (at(one.min(other)), at(one.max(other)).next_up());
                let counts = counts(list, &scale, Side::Actual, (from, to), columns);
                let width = (to - from) / columns as f64;
                let column = |event: EventIndex| ((scale.x(Side::Actual, event) - from) / width).floor();
                let beside = |column: f64, at: usize| (column - at as f64).abs() <= 1.0;
                let inside = || differences.iter().map(|&event| column(event)).filter(|&at| at >= 0.0 && at < columns as f64);
                for own in inside() {
                    let shown = (0..columns).any(|at| beside(own, at) && counts[at] > 0);
                    prop_assert!(shown, "{:?}: the difference in column {} of {:?}", axis, own, counts);
                }
                for at in (0..columns).filter(|&at| counts[at] > 0) {
                    prop_assert!(inside().any(|own| beside(own, at)), "{:?}: column {} of {:?} has none", axis, at, counts);
                }
            }
        }
    }
}

#[test]
fn signals_stand_with_those_of_their_scope_and_resources_with_those_of_their_kind() {
    let groups = |pack: &str| {
        let analysis = analysis(&[PathBuf::from(pack)]);
        let lanes = Lanes::new(compared(&analysis));
        let members = |group: usize| lanes.list().iter().filter(|lane| lane.group as usize == group).count();
        let groups = lanes.groups().iter().enumerate();
        groups.map(|(at, group)| format!("{group} {}", members(at))).collect::<Vec<String>>()
    };
    assert_eq!(groups("fixtures/uart-lost-bit"), ["tb 3", "tb.uart 6"]);
    assert_eq!(groups("fixtures/retry-storm"), ["service 5"]);
}
