//! Tables of metrics with a call graph: the nodes that broke, ranked.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::program::{compare_json, corpus, dettrace, run, said};

const GRAPH: &str = ",shop,bank\nshop,0,1\nbank,0,0\n";

/// Rows of a shop that calls a bank in each of its requests: the latency of both, in the order of time.
fn table(rows: &[(f64, f64)]) -> String {
    let mut text = String::from(
        "microservice,shop,bank,shop,bank\nmetric,latency,latency,requests,requests\nstatistic,Average,Average,Sum,Sum\n\
         unix_timestamp,,,,\n",
    );
    for (row, (shop, bank)) in rows.iter().enumerate() {
        writeln!(text, "{},{shop},{bank},100,100", 1_681_398_600 + 300 * row).unwrap();
    }
    text
}

fn healthy(rows: u32) -> Vec<(f64, f64)> {
    (0..rows).map(|row| f64::from(row % 5) / 1000.0).map(|noise| (0.1 + noise, 0.05 + noise)).collect()
}

/// A folder for each side; the baseline has the call graph.
fn pair(before: &str, now: &str) -> (tempfile::TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    for (side, text) in sides.iter().zip([before, now]) {
        fs::create_dir_all(side).unwrap();
        if !text.is_empty() {
            fs::write(side.join("metrics.csv"), text).unwrap();
        }
    }
    fs::write(sides[0].join("graph.csv"), GRAPH).unwrap();
    (folder, sides)
}

const SLOW: [(f64, f64); 4] = [(0.1, 0.05), (0.1, 0.05), (0.6, 0.55), (0.6, 0.55)];

#[test]
fn the_node_that_is_slow_itself_is_named_with_what_is_its_own() {
    let (_folder, [before, now]) = pair(&table(&healthy(40)), &table(&SLOW));
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"], &answer["mode"]), (1, &json!("diverged"), &json!("population")));
    let first = &answer["causes"][0];
    assert_eq!((&first["service"], &first["inner"]), (&json!("bank"), &json!("latency Average")));
    assert_eq!(
        first["reason"],
        "Since 2023-04-13 15:20:00 UTC its latency Average is 550 ms instead of 52 ms (median of 40 rows; 2 rows with 200 \
         requests): of the 99 added seconds at bank, 99 are its own; shop, where requests come in, has 99 added seconds."
    );
    let told = &answer["population"]["expected"];
    for (key, known) in
        [("label", json!("before")), ("requests", json!(4000)), ("metrics", json!(4)), ("rows", json!(40))]
    {
        assert_eq!(told[key], known, "{key}");
    }
    assert!(answer["warnings"].as_array().unwrap().is_empty(), "{answer}");
    let text = run([&"compare".into(), &before, &now]);
    assert!(text.out.starts_with("Diverged: the likeliest cause is bank.\n"), "{}", text.out);
    assert!(text.out.contains("actual: now (4 rows of 4 metrics, 400 requests)"), "{}", text.out);
}

#[test]
fn a_baseline_without_metrics_works_from_the_earlier_rows_and_says_so() {
    let (_folder, [before, now]) = pair("", &table(&SLOW));
    let answer = compare_json(&[&before, &now.join("metrics.csv")]).json();
    assert_eq!(answer["causes"][0]["service"], "bank");
    let warning = answer["warnings"][0]["message"].as_str().unwrap();
    assert!(warning.contains("before holds no metrics: what is usual is taken from the first 2 rows"), "{warning}");
    let (_folder, [before, now]) = pair("", &table(&SLOW[..1]));
    let said = compare_json(&[&before, &now]);
    assert_eq!((said.code, &said.json()["verdict"]), (2, &json!("incomparable")), "one row has nothing before it");
}

#[test]
fn healthy_rows_have_no_clear_cause() {
    let (_folder, [before, now]) = pair(&table(&healthy(40)), &table(&healthy(5)));
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"]), (0, &json!("equivalent")));
    assert!(
        answer["reason"].as_str().unwrap().starts_with("No clear cause: nothing that reaches an entry"),
        "{answer}"
    );
}

#[test]
fn what_is_damaged_is_partial_and_what_cannot_be_compared_is_said() {
    let (_folder, [before, now]) = pair(&table(&healthy(40)), &(table(&SLOW) + "1681399800,0.6\n"));
    let torn = compare_json(&[&before, &now]);
    assert_eq!((torn.code, &torn.json()["partial"]), (2, &json!(true)));
    let warning = &torn.json()["warnings"][0];
    assert_eq!((&warning["file"], &warning["line"]), (&json!("now/metrics.csv"), &json!(9)));
    assert!(warning["message"].as_str().unwrap().contains("The row has 2 cells instead of 5."), "{warning}");
    run([&"compare".into(), &now]).is_trouble(&["one window of metrics", "Give a baseline"]);
    run([&"compare".into(), &now.join("metrics.csv"), &before.join("graph.csv")])
        .is_trouble(&["call graph, and no metrics"]);
    fs::write(now.join("more.csv"), table(&SLOW)).unwrap();
    run([&"compare".into(), &before, &now]).is_trouble(&["2 tables of metrics", "metrics.csv, more.csv"]);
    said(dettrace().arg("compare").args([&before, &before]).args(["--ignore", "x"]))
        .is_trouble(&["--ignore", "requests"]);
}

#[test]
fn other_tables_are_refused_by_name_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    fs::write(&file, "name,colour\nleft,red\nright,blue\n").unwrap();
    run([&"compare".into(), &file, &file]).is_trouble(&["a CSV table, which this version does not read"]);
}

/// Every labelled incident opens; nearly all name the node at fault first, told neither where nor when to look.
#[test]
fn real_incidents_are_named_from_metrics_alone() {
    let Some(folder) = corpus("metrics-labelled/petshop") else { return };
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.join("target.json").is_file());
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        let baseline = folder.join(format!("baseline-{}", name.split('-').next().unwrap()));
        let said = said(dettrace().arg("compare").args([&baseline, case]));
        assert!(matches!(said.code, 0 | 1), "{name}: {}", said.err);
        let first = said.out.lines().find(|line| line.starts_with("1. ")).unwrap_or_default();
        let node = root_cause(case);
        if !first.starts_with(&format!("1. {node} · ")) {
            wrong.push(format!("{name}: {node}, not {first}"));
        }
    }
    assert!(cases.len() >= 26 && wrong.len() * 10 <= cases.len(), "{} of {}: {wrong:#?}", wrong.len(), cases.len());
}

fn root_cause(case: &Path) -> String {
    let target: Value = serde_json::from_slice(&fs::read(case.join("target.json")).unwrap()).unwrap();
    target["root_cause"]["node"].as_str().unwrap().to_owned()
}
