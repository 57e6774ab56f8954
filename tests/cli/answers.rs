//! The right answers on recordings that nobody here wrote, as they are and with 200 legally reordered events before the fault.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::padding::{PADDING, Pad, order};
use super::program::{Said, compare_json, corpus, write};

/// The sides' own orders of the padding.
const SEEDS: [u64; 2] = [11, 12];

/// What must come out, for a pair whose index moves by `moved`.
struct Right {
    verdict: &'static str,
    kind: Option<&'static str>,
    expected: Option<u64>,
    actual: Option<u64>,
    code: i32,
}

impl Right {
    fn diverged(kind: &'static str, expected: Option<u64>, actual: u64) -> Self {
        Self { verdict: "diverged", kind: Some(kind), expected, actual: Some(actual), code: 1 }
    }

    fn holds(&self, said: &Said, moved: u64) -> Value {
        let answer = said.json();
        let moved = |index: Option<u64>| index.map_or(Value::Null, |index| json!(index + moved));
        let context = &said.out;
        assert_eq!(answer["verdict"], self.verdict, "{context}");
        assert_eq!(answer["divergence_type"], json!(self.kind), "{context}");
        assert_eq!(answer["expected"]["index"], moved(self.expected), "{context}");
        assert_eq!(answer["actual"]["index"], moved(self.actual), "{context}");
        assert_eq!(answer["first_divergence_index"], moved(self.actual.or(self.expected)), "{context}");
        assert_eq!(said.code, self.code, "{context}{}", said.err);
        assert_eq!((&answer["partial"], &answer["provisional"]), (&json!(false), &json!(false)), "{context}");
        answer
    }
}

/// A pair of JSON-lines files, and the same behind the padding; `pad` makes an event of the padding, `shift` moves the
/// old events behind it.
fn lines(
    folder: &TempDir,
    pair: &[PathBuf; 2],
    pad: impl Fn(Pad, usize) -> Value,
    shift: impl Fn(&mut Value, usize),
) -> [PathBuf; 2] {
    let names = ["expected.jsonl", "actual.jsonl"];
    [0, 1].map(|side| {
        let mut text = String::new();
        for (at, one) in order(SEEDS[side]).into_iter().enumerate() {
            writeln!(text, "{}", pad(one, at * (side + 2))).unwrap();
        }
        for line in fs::read_to_string(&pair[side]).unwrap().lines() {
            let mut event: Value = serde_json::from_str(line).unwrap();
            shift(&mut event, side);
            writeln!(text, "{event}").unwrap();
        }
        write(folder, names[side], text)
    })
}

fn compare(pair: &[PathBuf; 2]) -> Said {
    compare_json(&[&pair[0], &pair[1]])
}

/// The same lines with the positions written anew.
fn renumber(pair: &[PathBuf; 2]) {
    for path in pair {
        let mut text = String::new();
        for (seq, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event["seq"] = json!(seq);
            writeln!(text, "{event}").unwrap();
        }
        fs::write(path, text).unwrap();
    }
}

fn core_padded(folder: &TempDir, core: &Path, actual: &str) -> [PathBuf; 2] {
    let task = |Pad { chain, step }: Pad, _at: usize| {
        let kind = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_FINISHED"][step];
        let worker = (step > 0).then_some(100 + chain);
        let queue = (step < 2).then_some(100 + chain);
        json!({"seq": 0, "type": kind, "task": 1000 + chain, "worker": worker, "queue": queue})
    };
    let pair = lines(folder, &[core.join("expected.jsonl"), core.join(actual)], task, |_, _| {});
    renumber(&pair);
    pair
}

#[test]
fn the_task_race_is_an_inversion_on_the_queue() {
    let Some(core) = corpus("dettrace/core") else { return };
    let folder = TempDir::new().unwrap();
    let plain = [core.join("expected.jsonl"), core.join("actual.jsonl")];
    for (pair, moved) in [(plain, 0), (core_padded(&folder, &core, "actual.jsonl"), PADDING as u64)] {
        let answer = Right::diverged("event_mismatch", Some(5), 5).holds(&compare(&pair), moved);
        assert_eq!(answer["expected"]["event"]["task"], 1);
        assert_eq!(answer["actual"]["event"]["task"], 2);
        assert_eq!(answer["ended_early"], "actual");
        let cause = &answer["causes"][0];
        assert_eq!((&cause["rank"], &cause["kind"]), (&json!(1), &json!("order_inversion")), "{answer}");
        assert_eq!(cause["lanes"], json!(["queue:0"]), "{answer}");
        assert_eq!((&cause["side"], &cause["index"]), (&json!("actual"), &json!(5 + moved)), "{answer}");
    }
}

#[test]
fn a_replay_is_identical_and_a_reordered_one_equivalent() {
    let Some(core) = corpus("dettrace/core") else { return };
    let folder = TempDir::new().unwrap();
    let same = Right { verdict: "identical", kind: None, expected: None, actual: None, code: 0 };
    same.holds(&compare(&[core.join("expected.jsonl"), core.join("replayed.jsonl")]), 0);
    let reordered = Right { verdict: "equivalent", ..same };
    let answer = reordered.holds(&compare(&core_padded(&folder, &core, "replayed.jsonl")), 0);
    assert_ne!(answer["legal_reorderings"], 0);
    assert_eq!(answer["inversions"], 0);
}

/// A firmware document, as it is and with padding before each of its two traces.
fn firmware(file: &str, right: &Right, kinds: [&str; 2]) {
    let Some(studies) = corpus("dettrace/case-studies") else { return };
    let plain = studies.join(file);
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&plain).unwrap()).unwrap();
    let mut events = Vec::new();
    let old = document["events"].as_array().unwrap().clone();
    for (side, word) in ["-baseline", "-candidate"].into_iter().enumerate() {
        let own: Vec<&Value> = old.iter().filter(|e| e["trace_id"].as_str().unwrap().ends_with(word)).collect();
        for (at, Pad { chain, step }) in order(SEEDS[side]).into_iter().enumerate() {
            let second = at * (side + 2);
            let kind = ["irq_assert", "isr_enter", "irq_clear", "isr_exit"][step];
            events.push(json!({
                "service": format!("pad-{chain}"),
                "timestamp": format!("2026-04-24T11:{:02}:{:02}+00:00", second / 60, second % 60),
                "trace_id": own[0]["trace_id"],
                "event_type": kind,
                "message": "padding",
                "status": "ok",
                "metadata": {"irq": format!("PAD_IRQ_{chain}")},
            }));
        }
        events.extend(own.into_iter().cloned());
    }
    document["events"] = Value::Array(events);
    let folder = TempDir::new().unwrap();
    let padded = write(&folder, file, serde_json::to_string_pretty(&document).unwrap());
    for (path, moved) in [(plain, 0), (padded, PADDING as u64)] {
        let answer = right.holds(&compare_json(&[&path]), moved);
        assert_eq!(answer["expected"]["event"]["event_type"], kinds[0]);
        assert_eq!(answer["actual"]["event"]["event_type"], kinds[1]);
    }
}

#[test]
fn the_gpio_interrupt_race() {
    firmware("gpio_interrupt_race.json", &Right::diverged("event_mismatch", Some(3), 3), ["gpio_ack", "gpio_edge"]);
}

#[test]
fn the_missed_timer_tick() {
    firmware("timer_missed_tick.json", &Right::diverged("event_mismatch", Some(1), 1), ["irq_assert", "tick_miss"]);
}

/// A forensics pair, as it is and behind the padding.
fn scenario(name: &str, right: &Right) {
    let Some(folder) = corpus(&format!("dettrace/scenario-pairs/{name}")) else { return };
    let plain = [folder.join("expected.jsonl"), folder.join("degraded.jsonl")];
    let scratch = TempDir::new().unwrap();
    let pad = |Pad { chain, step }: Pad, time: usize| {
        let action = ["start", "call", "wait", "finish"][step];
        json!({"seq": 0, "component": format!("pad-{chain}"), "action": action, "state": "ok",
               "detail": format!("pad-{chain}"), "timestamp_ms": time})
    };
    let later = |event: &mut Value, side: usize| {
        event["timestamp_ms"] = json!(event["timestamp_ms"].as_u64().unwrap() + 10_000 + 7_000 * side as u64);
    };
    let padded = lines(&scratch, &plain, pad, later);
    renumber(&padded);
    // A folder is a pack too; its sides are told apart by the words in the names.
    right.holds(&compare_json(&[&folder]), 0);
    right.holds(&compare(&plain), 0);
    right.holds(&compare(&padded), PADDING as u64);
}

#[test]
fn the_timeout_chain() {
    scenario("timeout_chain", &Right::diverged("event_mismatch", Some(4), 4));
}

#[test]
fn the_retry_storm() {
    scenario("retry_storm", &Right::diverged("event_mismatch", Some(2), 2));
}

#[test]
fn the_duplicate_acknowledgement() {
    scenario("duplicate_ack", &Right::diverged("duplicate_event", None, 3));
}

#[test]
fn swapping_the_sides_mirrors_the_answer() {
    let Some(core) = corpus("dettrace/core") else { return };
    let (expected, actual) = (core.join("expected.jsonl"), core.join("actual.jsonl"));
    let (one, other) = (compare_json(&[&expected, &actual]).json(), compare_json(&[&actual, &expected]).json());
    assert_eq!(one["expected"]["event"], other["actual"]["event"]);
    assert_eq!(one["counts"]["missing"], other["counts"]["extra"]);
    assert_eq!(one["counts"]["same"], other["counts"]["same"]);
    let index = |answer: &Value| answer["first_divergence_index"].clone();
    assert_eq!(index(&one), index(&other));
}

#[test]
fn a_lone_recording_has_no_baseline() {
    let Some(packs) = corpus("dettrace/packs") else { return };
    let said = compare_json(&[&packs.join("retry_storm.jsonl")]);
    let answer = said.json();
    assert_eq!(said.code, 2);
    assert_eq!(answer["verdict"], "incomparable");
    assert!(answer["reason"].as_str().unwrap().contains("no baseline"), "{answer}");
    assert_eq!((&answer["events"]["expected"], &answer["events"]["actual"]), (&json!(0), &json!(7)));
}

#[test]
fn the_json_has_every_key_in_its_order_each_time() {
    let Some(core) = corpus("dettrace/core") else { return };
    let keys = [
        "schema",
        "mode",
        "verdict",
        "reason",
        "provisional",
        "partial",
        "ended_early",
        "first_divergence_index",
        "divergence_type",
        "expected",
        "actual",
        "causes",
        "first_symptom",
        "time",
        "signals",
        "counts",
        "inversions",
        "legal_reorderings",
        "compared_fields",
        "ignored_fields",
        "renamed_fields",
        "events",
        "fingerprints",
        "groups",
        "divergence_mass",
        "control",
        "incident",
        "population",
        "envelope",
        "warnings",
    ];
    let event_keys = ["index", "file", "line", "offset", "time", "lanes", "event"];
    let cause_keys = [
        "rank",
        "side",
        "index",
        "other",
        "overtaken",
        "lanes",
        "kind",
        "headline",
        "reason",
        "rule",
        "sureness",
        "explains",
        "service",
        "inner",
        "unusual",
        "event",
        "step",
        "time_s",
        "evidence",
        "intervals",
    ];
    let of = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for actual in ["actual.jsonl", "replayed.jsonl"] {
        let paths = [core.join("expected.jsonl"), core.join(actual)];
        let said = compare(&paths);
        assert_eq!(of(&said.json()), keys);
        assert_eq!(said.out, compare(&paths).out, "same input, same bytes");
    }
    let answer = compare(&[core.join("expected.jsonl"), core.join("actual.jsonl")]).json();
    assert_eq!(
        (of(&answer["expected"]), of(&answer["causes"][0])),
        (event_keys.map(String::from).into(), cause_keys.map(String::from).into())
    );
    assert_eq!(answer["actual"]["line"], 6);
    assert_eq!(
        answer["actual"]["event"],
        json!({"seq": 5, "type": "TASK_DEQUEUED", "task": 2, "worker": 0, "queue": 0})
    );
    assert_eq!(answer["events"], json!({"expected": 20, "actual": 6}));
    assert_eq!(answer["compared_fields"], json!(["type", "task", "worker", "queue"]));
    assert_eq!(answer["ignored_fields"][0]["field"], "seq");
}

#[test]
fn a_clock_that_is_off_is_said_and_parts_nothing() {
    let talk = |ahead: i64| {
        let mut lines = String::new();
        for i in 0..30 {
            let (from, to) = if i % 2 == 0 { (1, 2) } else { (2, 1) };
            let clock = |actor: i64, time: i64| time + if actor == 2 { ahead } else { 0 };
            let (sent, got) = (clock(from, 10_000 + i * 100), clock(to, 10_000 + i * 100 + 20 + i % 3));
            for (time, kind, actor) in [(sent, "sent", from), (got, "got", to)] {
                let event = json!({"time_us": time, "type": kind, "actor": actor, "message_id": format!("m{i}")});
                writeln!(lines, "{event}").unwrap();
            }
        }
        lines
    };
    let folder = tempfile::TempDir::new().unwrap();
    let paths =
        [("expected.jsonl", talk(0)), ("actual.jsonl", talk(5_000))].map(|(name, text)| write(&folder, name, text));
    let said = compare_json(&[&paths[0], &paths[1]]);
    let answer = said.json();
    assert_eq!((said.code, answer["verdict"].as_str()), (0, Some("equivalent")), "{}", said.out);
    let warning = &answer["warnings"][0];
    assert_eq!(warning["file"], "actual.jsonl");
    let what = warning["message"].as_str().unwrap();
    assert!(what.contains("that of actor:2 is 5\u{202f}000\u{202f}µs ahead of that of actor:1"), "{what}");
    assert!(warning["remedy"].as_str().unwrap().contains("as recorded"), "{warning}");
    assert_eq!(answer["warnings"].as_array().unwrap().len(), 1, "expected's clocks agree");
}

#[test]
fn a_register_is_one_lane_in_words() {
    let event = |kind: &str, task: u32| json!({"type": format!("REG_{kind}"), "task": task, "register": 7}).to_string();
    let text = |middle: [String; 2]| {
        let around = |i: u32| event(if i.is_multiple_of(2) { "READ" } else { "WRITE" }, i % 3);
        [(0..9).map(around).collect(), middle.to_vec(), (0..9).map(around).collect()].concat().join("\n")
    };
    let folder = tempfile::TempDir::new().unwrap();
    let [one, two] = [event("WRITE", 1), event("WRITE", 2)];
    let expected = write(&folder, "expected.jsonl", text([one.clone(), two.clone()]));
    let actual = write(&folder, "actual.jsonl", text([two, one]));
    let answer = compare_json(&[&expected, &actual]).json();
    assert_eq!(answer["causes"][0]["kind"], "order_inversion");
    assert_eq!(answer["causes"][0]["lanes"], json!(["register:7"]));
    assert_eq!(answer["actual"]["lanes"].as_array().unwrap().len(), 2, "{}", answer["actual"]);
}
