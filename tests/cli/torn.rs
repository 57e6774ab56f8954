//! Recordings that are cut off: what is whole in them is kept, and that it is not all is said. Every sample of the corpus is cut at
//! many places.

use std::fs;

use serde_json::{Value, json};

use super::formats::{REFUSED, samples};
use super::program::{compare_json, run, write};

/// A cut stands at each of so many equal parts of a sample.
const PARTS: usize = 12;

/// True for a cut between two records of an array: Chrome's may lack its closing bracket, so that nothing is torn.
fn between_records(cut: &[u8]) -> bool {
    cut.starts_with(b"[{") && cut.trim_ascii_end().strip_suffix(b",").is_some_and(|cut| cut.ends_with(b"}"))
}

#[test]
fn every_sample_that_is_cut_off_explains_itself_wherever_it_is_cut() {
    let Some(samples) = samples() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, path) in samples {
        let bytes = fs::read(&path).unwrap();
        let file = name.rsplit('/').next().unwrap();
        for part in 0..PARTS {
            // Also within the first bytes, by which a format is known.
            let end = if part == 0 { 7 } else { bytes.len() * part / PARTS };
            let cut = write(&folder, file, &bytes[..end]);
            let said = compare_json(&[&path, &cut]);
            if between_records(&bytes[..end]) {
                assert_eq!((said.code, &said.json()["verdict"]), (1, &json!("truncated")), "{name} up to byte {end}");
                continue;
            }
            assert_eq!(said.code, 2, "{name} up to byte {end}: {}{}", said.out, said.err);
            assert!(!said.err.contains("panicked"), "{name} up to byte {end}: {}", said.err);
            let answer = serde_json::from_str::<Value>(&said.out).unwrap_or_default();
            let warning = answer["warnings"][0]["message"].as_str().unwrap_or_default();
            let sentence = if said.out.is_empty() { said.err.trim_end() } else { warning };
            assert!(
                sentence.len() > 20 && sentence.ends_with('.'),
                "{name} up to byte {end}: {}{}",
                said.out,
                said.err
            );
            if REFUSED.iter().any(|(refused, _)| *refused == name) {
                assert!(said.out.is_empty(), "{name} up to byte {end}: {}", said.out);
            } else if !said.out.is_empty() {
                assert_eq!(answer["partial"], true, "{name} up to byte {end}: {answer}");
            }
        }
    }
}

#[test]
fn a_torn_chrome_document_keeps_its_whole_records_and_is_partial() {
    let folder = tempfile::tempdir().unwrap();
    let event = |n: u32| json!({"ph": "X", "ts": n * 10, "dur": 5, "pid": 1, "tid": 1, "name": format!("work {n}")});
    let events: Vec<String> = (0..20).map(|n| event(n).to_string()).collect();
    let text = format!("{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[{}],\"other\":{{}}}}", events.join(",\n"));
    let whole = write(&folder, "whole.json", &text);
    for kept in [3, 12, 19] {
        let within = text.find(&events[kept]).unwrap() + events[kept].len() / 2;
        let cut = write(&folder, "cut.json", &text[..within]);
        let said = compare_json(&[&whole, &cut]);
        let answer = said.json();
        assert_eq!((said.code, &answer["partial"], &answer["verdict"]), (2, &json!(true), &json!("truncated")));
        assert_eq!(answer["events"], json!({"expected": 20, "actual": kept}), "{answer}");
        let warning = &answer["warnings"][0];
        assert_eq!((&warning["file"], &warning["line"]), (&json!("cut.json"), &json!(kept + 1)), "{answer}");
        let said = run([&"compare".into(), &whole, &cut, &"--allow-partial".into()]);
        assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    }
}

/// An array of a browser, cut in the middle of a record.
#[test]
fn a_torn_trace_of_a_browser_keeps_every_record_before_the_cut() {
    let Some(samples) = samples() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = &samples.iter().find(|(name, _)| name == "chrome-trace/big_trace.json").unwrap().1;
    let text = fs::read_to_string(path).unwrap();
    let all = serde_json::from_str::<Value>(&text).unwrap();
    let all = all.get("traceEvents").unwrap_or(&all).as_array().unwrap().clone();
    for share in [3, 5, 8] {
        // Behind a comma a record begins.
        let end = text[..text.len() * share / 10].rfind("},").unwrap() + 20;
        // The records that end before the cut: a JSON reader that is asked for one after the other.
        let list = text[..end].split_once('[').unwrap().1;
        let mut rest = list.trim_start();
        let mut known = 0;
        loop {
            let mut records = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let Some(Ok(_)) = records.next() else { break };
            known += 1;
            rest = rest[records.byte_offset()..].trim_start().trim_start_matches(',').trim_start();
        }
        assert!(known > 10 && known < all.len(), "{known} of {}", all.len());
        let cut = write(&folder, "cut.json", &text[..end]);
        let said = compare_json(&[path, &cut]);
        let answer = said.json();
        assert_eq!((said.code, &answer["partial"]), (2, &json!(true)), "{answer}");
        let whole = compare_json(&[path, path]).json();
        let counted = |answer: &Value, side: &str| answer["events"][side].as_u64().unwrap() as usize;
        // Names of threads and the like are records, and no events.
        let aside = all.len() - counted(&whole, "actual");
        let read = counted(&answer, "actual");
        assert!(read <= known && known - read <= aside, "{read} of {known}, {aside} are no events");
    }
}
