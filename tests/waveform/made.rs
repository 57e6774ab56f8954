//! Dumps made up here: every way to write one waveform reads the same, and a planted difference is found where it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{answer, compare, pack, swapped};

/// The changes of each signal: what is written, at which tick.
type Story = Vec<Vec<(i64, String)>>;

/// Ways to write the same story.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// Identifier codes from here on.
    code: u32,
    reversed: bool,
    padded: bool,
    /// Ticks of a nanosecond: 1 or 10.
    ticks: i64,
    /// Every value is also written once more than it need be.
    again: bool,
}

const PLAIN: Style = Style { code: 33, reversed: false, padded: false, ticks: 1, again: false };
const OTHER: Style = Style { code: 60, reversed: true, padded: true, ticks: 10, again: true };

const WIDTH: usize = 4;

fn dump(story: &Story, style: Style, end: i64) -> String {
    let mut text = format!("$date {} $end\n", style.code);
    text.push_str(if style.ticks == 10 { "$timescale 100 ps $end\n" } else { "$timescale 1ns $end\n" });
    text.push_str("$scope module tb $end\n");
    let mut order: Vec<usize> = (0..story.len()).collect();
    if style.reversed {
        order.reverse();
    }
    let code = |i: usize| char::from_u32(style.code + i as u32).unwrap();
    for &i in &order {
        writeln!(text, "$var wire {WIDTH} {} s{i} [3:0] $end", code(i)).unwrap();
    }
    text.push_str("$upscope $end\n$enddefinitions $end\n");
    let mut times: BTreeMap<i64, Vec<(usize, &str)>> = BTreeMap::new();
    for &i in &order {
        for (time, value) in &story[i] {
            times.entry(*time).or_default().push((i, value));
        }
    }
    times.entry(end).or_default();
    for (time, changes) in times {
        writeln!(text, "#{}", time * style.ticks).unwrap();
        for (i, value) in changes {
            let first = value.chars().next().unwrap();
            let pad = if style.padded { WIDTH - value.len() } else { 0 };
            let fill = if first == '1' { '0' } else { first };
            if style.again {
                writeln!(text, "b0 {}", code(i)).unwrap();
            }
            let fill: String = std::iter::repeat_n(fill, pad).collect();
            writeln!(text, "b{fill}{value} {}", code(i)).unwrap();
        }
    }
    text
}

/// The value of a signal at a time: the last one written, in all its bits.
fn value(changes: &[(i64, String)], time: i64) -> String {
    let last = changes.iter().rfind(|(t, _)| *t <= time).map_or("x", |(_, value)| value);
    let first = last.chars().next().unwrap();
    let fill = if first == '1' { '0' } else { first };
    std::iter::repeat_n(fill, WIDTH - last.len()).collect::<String>() + last
}

/// When two stories first differ, and which signals then, by looking at every tick that both recorded.
fn first_difference(expected: &Story, actual: &Story, end: i64) -> Option<(i64, Vec<String>)> {
    // Both must have begun to say something.
    let begin = |story: &Story| story.iter().flatten().map(|(time, _)| *time).min().unwrap_or(end);
    (begin(expected).max(begin(actual))..=end).find_map(|time| {
        let apart = |i: &usize| value(&expected[*i], time) != value(&actual[*i], time);
        let mut signals: Vec<String> = (0..expected.len()).filter(apart).map(|i| format!("tb.s{i}")).collect();
        signals.sort();
        (!signals.is_empty()).then_some((time, signals))
    })
}

const END: i64 = 40;

fn stories() -> impl Strategy<Value = Story> {
    let value = prop::sample::select(vec!["0", "1", "x", "z", "10", "1x", "z0", "101", "x1"]);
    let changes = prop::collection::btree_map(0..END, value.prop_map(str::to_owned), 0..12);
    prop::collection::vec(changes.prop_map(|changes| changes.into_iter().collect()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_story_told_in_two_ways_does_not_differ(story in stories()) {
        let answer = compare(&dump(&story, PLAIN, END), &dump(&story, OTHER, END));
        if story.iter().all(Vec::is_empty) {
            prop_assert_eq!(&answer["verdict"], "incomparable");
        } else {
            prop_assert_eq!(&answer["verdict"], "identical", "{}", answer);
        }
    }

    #[test]
    fn the_first_difference_is_where_every_tick_says(expected in stories(), other in stories()) {
        // Only some signals differ, so that the first difference is not always at once.
        let mut actual = expected.clone();
        for (i, changes) in other.into_iter().enumerate().filter(|(i, _)| i % 2 == 1 && *i < expected.len()) {
            actual[i] = changes.into_iter().filter(|(t, _)| t % 3 == 0).collect();
        }
        let pack = pack(&dump(&expected, PLAIN, END), &dump(&actual, OTHER, END));
        if expected.iter().all(Vec::is_empty) || actual.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let there = answer(pack.clone());
        let back = answer(swapped(&pack));
        match first_difference(&expected, &actual, END) {
            None => prop_assert!(there["verdict"] == "identical" || there["verdict"] == "equivalent", "{}", there),
            Some((time, signals)) => {
                prop_assert_eq!(&there["verdict"], "diverged");
                prop_assert_eq!(&there["time"]["value"], &json!(time * 1000));
                prop_assert_eq!(&there["signals"], &json!(signals));
            }
        }
        for key in ["verdict", "time", "signals"] {
            prop_assert_eq!(&there[key], &back[key]);
        }
        let mirrored = ["same", "changed", "late"].map(|class| &there["counts"][class]);
        prop_assert_eq!(mirrored, ["same", "changed", "late"].map(|class| &back["counts"][class]));
    }
}

/// A dump of one-bit signals: `(path, type, code)`, then the body.
fn small(variables: &[(&str, &str, &str)], body: &str) -> String {
    let mut text = "$timescale 1ns $end\n".to_owned();
    for (path, kind, code) in variables {
        let (scopes, name) = path.rsplit_once('.').unwrap();
        for scope in scopes.split('.') {
            writeln!(text, "$scope module {scope} $end").unwrap();
        }
        writeln!(text, "$var {kind} 1 {code} {name} $end").unwrap();
        text.push_str(&"$upscope $end\n".repeat(scopes.split('.').count()));
    }
    format!("{text}$enddefinitions $end\n{body}")
}

#[test]
fn aliases_are_one_lane_and_all_their_names_are_told() {
    let names = [("tb.ack", "wire", "!"), ("tb.dut.ack", "reg", "!"), ("tb.clk", "reg", "\"")];
    let good = small(&names, "#0\n0!\n0\"\n#5\n1\"\n#10\n1!\n0\"\n");
    let bad = small(&names, "#0\n0!\n0\"\n#5\n1\"\n#10\n0\"\n");
    let answer = compare(&good, &bad);
    assert_eq!(answer["signals"], json!(["tb.ack", "tb.dut.ack"]));
    assert_eq!(answer["causes"].as_array().unwrap().len(), 1);
    assert_eq!(answer["causes"][0]["lanes"], json!(["tb.dut.ack"]), "where it is driven");
    assert_eq!(answer["divergence_type"], "missing_event");
    assert_eq!(answer["expected"]["time"], json!({"value": 10, "unit": "ns"}));
    assert_eq!(answer["actual"], Value::Null);
}

#[test]
fn names_that_are_aliases_on_one_side_only_are_compared_each() {
    let body = "#0\n0!\n#10\n1!\n";
    let together = small(&[("tb.a", "wire", "!"), ("tb.b", "wire", "!")], body);
    let apart = |second: &str| small(&[("tb.a", "wire", "!"), ("tb.b", "wire", "\"")], second);
    assert_eq!(compare(&together, &apart("#0\n0!\n0\"\n#10\n1!\n1\"\n"))["verdict"], "identical");
    let differs = compare(&together, &apart("#0\n0!\n0\"\n#10\n1!\n"));
    assert_eq!(differs["signals"], json!(["tb.b"]));
}

#[test]
fn what_only_one_side_has_is_said_and_not_compared() {
    let both = small(&[("tb.a", "wire", "!"), ("tb.extra", "wire", "#")], "#0\n0!\n0#\n#10\n1!\n1#\n");
    let one = small(&[("tb.a", "wire", "!")], "#0\n0!\n#10\n1!\n");
    let answer = compare(&both, &one);
    assert_eq!(answer["verdict"], "equivalent");
    let said = answer["warnings"].to_string();
    assert!(said.contains("The signal tb.extra is only in expected."), "{said}");
}

#[test]
fn a_recording_that_stops_is_truncated_and_one_that_goes_on_has_extra_changes() {
    let clock = [("tb.clk", "reg", "!")];
    let long = small(&clock, "#0\n0!\n#5\n1!\n#10\n0!\n#15\n1!\n");
    let short = small(&clock, "#0\n0!\n#5\n1!\n#7\n");
    let stops = compare(&long, &short);
    assert_eq!([&stops["verdict"], &stops["ended_early"]], ["truncated", "actual"]);
    assert_eq!(stops["divergence_type"], "truncated");
    assert_eq!(stops["time"]["value"], 10);
    assert_eq!(stops["causes"], json!([]));
    let goes_on = compare(&short, &long);
    assert_eq!([&goes_on["verdict"], &goes_on["ended_early"]], ["diverged", "expected"]);
    assert_eq!([&goes_on["time"]["value"], &goes_on["counts"]["extra"]], [&json!(10), &json!(2)]);
}

#[test]
fn a_late_edge_is_one_difference_and_a_glitch_is_two_changes() {
    let names = [("tb.a", "wire", "!"), ("tb.clk", "reg", "\"")];
    let good = small(&names, "#0\n0!\n0\"\n#10\n1!\n#50\n1\"\n");
    let late = small(&names, "#0\n0!\n0\"\n#12\n1!\n#50\n1\"\n");
    let answer = compare(&good, &late);
    assert_eq!([&answer["counts"]["late"], &answer["counts"]["missing"]], [&json!(1), &json!(0)]);
    assert_eq!([&answer["time"]["value"], &answer["divergence_type"]], [&json!(10), &json!("late_event")]);
    let glitch = small(&names, "#0\n0!\n0\"\n#10\n1!\n#20\n0!\n#21\n1!\n#50\n1\"\n");
    let answer = compare(&good, &glitch);
    assert_eq!([&answer["counts"]["extra"], &answer["time"]["value"]], [&json!(2), &json!(20)]);
}

#[test]
fn events_count_each_time_though_they_have_no_value() {
    let names = [("tb.done", "event", "!"), ("tb.clk", "reg", "\"")];
    let good = small(&names, "#0\n0\"\n#10\n1!\n#20\n1!\n#30\n1\"\n");
    let bad = small(&names, "#0\n0\"\n#10\n1!\n#25\n1!\n#30\n1\"\n");
    assert_eq!(compare(&good, &good)["verdict"], "identical");
    let answer = compare(&good, &bad);
    assert_eq!([&answer["time"]["value"], &answer["signals"]], [&json!(20), &json!(["tb.done"])]);
    let reason = answer["causes"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("happens in expected and not in actual"), "{reason}");
}

#[test]
fn reals_and_strings_are_values() {
    let names = [("tb.v", "real", "!"), ("tb.s", "string", "\"")];
    let good = small(&names, "#0\nr1.5 !\nsIDLE \"\n#10\nr2e3 !\nsRUN \"\n");
    let same = small(&names, "#0\nsIDLE \"\nr1.50 !\n#10\nr2000 !\nsRUN \"\n");
    let other = small(&names, "#0\nr1.5 !\nsIDLE \"\n#10\nr2e3 !\nsSTOP \"\n");
    assert_eq!(compare(&good, &same)["verdict"], "identical");
    let answer = compare(&good, &other);
    assert_eq!(answer["signals"], json!(["tb.s"]));
    assert!(answer["causes"][0]["headline"].as_str().unwrap().starts_with("tb.s is STOP instead of RUN"));
}

#[test]
fn a_recording_that_begins_later_is_compared_from_there() {
    let names = [("tb.a", "wire", "!"), ("tb.b", "wire", "\"")];
    let whole = small(&names, "#0\n0!\n1\"\n#5\n1!\n#20\n0!\n#30\n0\"\n");
    let later = small(&names, "#10\n$dumpvars\n1!\n1\"\n$end\n#20\n0!\n#30\n0\"\n");
    let answer = compare(&whole, &later);
    assert_ne!(answer["verdict"], "diverged", "{answer}");
    assert!(answer["warnings"].to_string().contains("begins at"), "{}", answer["warnings"]);
}

#[test]
fn of_signals_that_part_together_state_inside_comes_first_and_copies_are_one() {
    let names = [
        ("tb.out", "wire", "!"),
        ("tb.dut.state", "reg", "\""),
        ("tb.dut.next", "wire", "#"),
        ("tb.dut.copy", "wire", "$"),
    ];
    let good = small(&names, "#0\n0!\n0\"\n0#\n0$\n#10\n1!\n1\"\n0#\n1$\n#20\n0\"\n0$\n");
    let bad = small(&names, "#0\n0!\n0\"\n0#\n0$\n#10\n0!\n0\"\n1#\n0$\n");
    let answer = compare(&good, &bad);
    let causes: Vec<&Value> = answer["causes"].as_array().unwrap().iter().map(|c| &c["lanes"]).collect();
    assert_eq!(causes, [&json!(["tb.dut.state", "tb.dut.copy"]), &json!(["tb.dut.next"]), &json!(["tb.out"])]);
    assert_eq!(answer["first_symptom"]["lanes"], json!(["tb.out"]));
}
