//! The table, in Markdown.

use std::fmt::Write;

use crate::{INPUTS, Measured, Score, floor};

/// What others published on all 101 cases of the same incidents (Nezha, FSE 2023, tables 3 and 4): system, method, inputs,
/// AS@1/3/5 in percent.
const PUBLISHED: [(&str, &str, &str); 12] = [
    ("OnlineBoutique", "Nezha, all signals", "92.9 / 96.4 / 96.4"),
    ("OnlineBoutique", "Nezha, traces + logs", "26.8 / 33.9 / 35.7"),
    ("OnlineBoutique", "Nezha, traces", "14.3 / 17.9 / 17.9"),
    ("OnlineBoutique", "PDiagnose", "41.1 / 73.2 / 82.1"),
    ("OnlineBoutique", "MicroRank", "41.1 / 48.2 / 62.5"),
    ("OnlineBoutique", "TraceAnomaly", "30.4 / 33.9 / 48.2"),
    ("TrainTicket", "Nezha, all signals", "86.7 / 97.8 / 97.8"),
    ("TrainTicket", "Nezha, traces + logs", "55.6 / 62.2 / 68.9"),
    ("TrainTicket", "Nezha, traces", "6.7 / 8.9 / 8.9"),
    ("TrainTicket", "PDiagnose", "8.9 / 13.3 / 22.2"),
    ("TrainTicket", "MicroRank", "15.6 / 24.4 / 35.6"),
    ("TrainTicket", "TraceAnomaly", "13.3 / 28.9 / 33.3"),
];

/// The table.
pub fn markdown(measured: &Measured) -> String {
    let names = INPUTS.iter().map(|(name, _)| *name).chain(floor::NAMES);
    let mut out = String::from("| system | fault | cases |");
    for name in names {
        write!(out, " {name} |").expect("a string takes everything");
    }
    out.push_str("\n|---|---|--:|--:|--:|--:|--:|--:|\n");
    for ((system, fault), row) in &measured.rows {
        let fault = if fault == "all" { "**all**".to_owned() } else { fault.replace('_', " ") };
        write!(out, "| {system} | {fault} | {} |", row[0].cases).expect("a string takes everything");
        for score in row {
            write!(out, " {} |", cell(score)).expect("a string takes everything");
        }
        out.push('\n');
    }
    out.push_str("\n| | ");
    out.push_str(&INPUTS.map(|(name, _)| name).join(" | "));
    out.push_str(" |\n|---|--:|--:|--:|\n");
    let right = |counts: [(u32, u32); INPUTS.len()]| counts.map(|(all, right)| format!("{right} of {all}"));
    let [one, several] = measured.clear_of_several;
    for (title, counts) in [
        ("a cause is called clear, and is the right one", right(measured.clear)),
        ("of systems with several baselines, each case with its own", right(one)),
        ("of systems with several baselines, with all of them", right(several)),
        (
            "two halves of one baseline: a cause is named",
            measured.nothing.map(|(all, alarms)| format!("{alarms} of {all}")),
        ),
    ] {
        writeln!(out, "| {title} | {} |", counts.join(" | ")).expect("a string takes everything");
    }
    for (label, causes) in &measured.unlike {
        let causes = causes.each_ref().map(|cause| cause.as_deref().unwrap_or("–"));
        let title = format!("{label} against the other: clearly changed");
        writeln!(out, "| {title} | {} |", causes.join(" | ")).expect("a string takes everything");
    }
    out.push_str("\n| published, on all cases of both systems | | AS@1 / 3 / 5 |\n|---|---|--:|\n");
    for (system, method, scores) in PUBLISHED {
        writeln!(out, "| {system} | {method} | {scores} |").expect("a string takes everything");
    }
    out
}

/// `–` for what was not measured.
fn cell(score: &Score) -> String {
    if score.cases == 0 {
        return "–".to_owned();
    }
    let percent = |hits: u32| format!("{:.0}", 100.0 * f64::from(hits) / f64::from(score.cases));
    score.within.map(percent).join(" / ")
}
