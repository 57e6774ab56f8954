//! Twenty-two hardware bugs with the first diverging time and signals, and dumps from many tools.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{analyse, answer, compare, corpus, ready, swapped, with_itself};
use dettrace::pack;

/// Every pair: its name, its pack's path, the truth.
fn pairs() -> Vec<(String, PathBuf, Value)> {
    let Some(folder) = corpus("vcd-pairs/rtl-repair") else { return Vec::new() };
    let mut folders: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let pair = |path: PathBuf| {
        let truth = std::fs::read_to_string(path.join("truth.json")).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), path, serde_json::from_str(&truth).unwrap())
    };
    folders.into_iter().map(pair).collect()
}

fn open(path: &PathBuf) -> pack::Pack {
    ready(pack::open(std::slice::from_ref(path)).unwrap())
}

#[test]
fn every_pair_has_its_time_and_its_signals() {
    let mut wrong = Vec::new();
    for (name, path, truth) in pairs() {
        let answer = answer(open(&path));
        let verdict = if truth["diverges"] == true { "diverged" } else { "identical" };
        if answer["verdict"] != verdict || answer["mode"] != "waveform" || answer["partial"] != false {
            wrong.push(format!("{name}: {} {}", answer["verdict"], answer["warnings"]));
        }
        if answer["time"]["ticks"] != truth["first_divergence_time"] {
            wrong.push(format!("{name}: at {}, not {}", answer["time"], truth["first_divergence_time"]));
        }
        let mut first: Vec<&str> =
            truth["first_divergent_signals"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        first.sort_unstable();
        if json!(first) != answer["signals"] {
            wrong.push(format!("{name}: {} part first, not {first:?}", answer["signals"]));
        }
        let causes = answer["causes"].as_array().unwrap();
        let top = causes.iter().take(3).flat_map(|c| c["lanes"].as_array().unwrap());
        if !first.is_empty() && !top.into_iter().all(|lane| first.contains(&lane.as_str().unwrap())) {
            wrong.push(format!("{name}: a cause is none of the first signals"));
        }
        if causes.is_empty() != first.is_empty() {
            wrong.push(format!("{name}: {} causes", causes.len()));
        }
    }
    assert!(wrong.is_empty(), "\n  {}", wrong.join("\n  "));
}

#[test]
fn a_masked_bug_is_identical_whatever_the_date() {
    let Some(path) = corpus("vcd-pairs/rtl-repair/i2c-master-kgoliya-buggy1") else { return };
    let answer = answer(open(&path));
    assert_eq!(answer["verdict"], "identical");
    assert_eq!(answer["signals"], json!([]));
    assert_eq!(answer["time"], Value::Null);
    // 250,933 are written; 8 of them write what was there already.
    assert_eq!(answer["events"], json!({"expected": 250_925, "actual": 250_925}));
}

#[test]
fn exchanged_sides_mirror_every_pair_and_each_equals_itself() {
    for (name, path, _) in pairs() {
        let pack = open(&path);
        let (there, back) = (answer(pack.clone()), answer(swapped(&pack)));
        for key in ["verdict", "time", "signals", "first_symptom/lanes"] {
            let at = |answer: &Value| answer.pointer(&format!("/{key}")).cloned();
            assert_eq!(at(&there), at(&back), "{name}: {key}");
        }
        if there["ended_early"].is_null() {
            assert_eq!(there["counts"]["missing"], back["counts"]["extra"], "{name}");
        }
        assert_eq!(there["expected"]["index"], back["actual"]["index"], "{name}");
        let ranks = |answer: &Value| -> Vec<Value> {
            answer["causes"].as_array().unwrap().iter().map(|c| json!([c["rank"], c["lanes"]])).collect()
        };
        assert_eq!(ranks(&there), ranks(&back), "{name}");
        let own = answer(with_itself(&pack));
        assert_eq!(own["verdict"], "identical", "{name}");
        assert_eq!(own["causes"], json!([]), "{name}");
    }
}

#[test]
fn dumps_of_many_tools_open_whole() {
    for file in [
        "firmware/sigrok/vectors-integers.vcd",
        "firmware/sigrok/chronovu_la8_spiflash_read16.vcd",
        "firmware/vcd-tools/rv32_soc_TB.vcd",
        "firmware/vcd-tools/counter.vcd",
        "firmware/vcd-tools/example.vcd",
        "firmware/vcd-tools/vlt_dump.vcd",
    ] {
        let Some(path) = corpus(file) else { continue };
        let pack = ready(pack::open(&[path.clone(), path]).unwrap());
        let answer = answer(pack);
        assert_eq!(answer["verdict"], "identical", "{file}: {}", answer["warnings"]);
        assert_eq!(answer["partial"], false, "{file}: {}", answer["warnings"]);
    }
}

#[test]
fn two_recordings_without_a_signal_in_common_are_not_compared() {
    let (Some(one), Some(other)) = (corpus("firmware/vcd-tools/counter.vcd"), corpus("firmware/vcd-tools/example.vcd"))
    else {
        return;
    };
    let analysis = analyse(ready(pack::open(&[one.clone(), other.clone()]).unwrap()));
    let reason = analysis.comparison.reason.clone().unwrap();
    assert_eq!(analysis.comparison.verdict.word(), "incomparable");
    assert!(reason.contains("no signal in common") && reason.contains("logic.data"), "{reason}");
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let log = compare(&read(&one), "{\"seq\":0,\"type\":\"A\"}\n{\"seq\":1,\"type\":\"B\"}\n");
    assert_eq!(log["verdict"], "incomparable");
    assert!(log["reason"].as_str().unwrap().contains("different natures"), "{}", log["reason"]);
}
