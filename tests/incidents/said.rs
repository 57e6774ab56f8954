//! What spans, their events and lines of logs say of an incident of windows of requests, and what is said of two windows that have
//! nothing to do with each other.

use std::fs;
use std::path::Path;

use dettrace::analyse::Population;
use dettrace::incident::{Family, Incident, relate};
use dettrace::{pack, report};
use serde_json::{Value, json};

/// A window of a shop that asks a bank, as it may be changed: the spans of a request (edge, shop, bank) by its number, and lines.
#[derive(Default)]
struct Given {
    change: Option<fn(u32, &mut [Value; 3])>,
    line: Option<&'static str>,
    service: Option<&'static str>,
}

const SECOND: i64 = 1_000_000_000;

fn write(folder: &Path, given: &Given) {
    let mut lines = String::new();
    let owner = |name: &str| {
        let name = given.service.map_or_else(|| name.to_owned(), |service| format!("{service}-{name}"));
        json!({"attributes": [{"key": "service.name", "value": {"stringValue": name}}]})
    };
    for number in 0..40_u32 {
        let at = |ms: i64| (1_700_000_000 * SECOND + i64::from(number) * SECOND + ms * 1_000_000).to_string();
        let span = |id: u32, name: &str, ms: i64| {
            let parent = if id == 0 { String::new() } else { format!("s{}", id - 1) };
            json!({"traceId": format!("t{number}"), "spanId": format!("s{id}"), "parentSpanId": parent, "name": name, "kind": 2,
                "startTimeUnixNano": at(ms), "endTimeUnixNano": at(60 - ms), "attributes": [], "events": []})
        };
        let mut spans = [span(0, "/buy", 0), span(1, "buy", 5), span(2, "pay", 10)];
        if let Some(change) = given.change {
            change(number, &mut spans);
        }
        for (span, service) in spans.into_iter().zip(["edge", "shop", "bank"]).filter(|(span, _)| !span.is_null()) {
            lines += &json!({"resourceSpans": [{"resource": owner(service), "scopeSpans": [{"spans": [span]}]}]})
                .to_string();
            lines.push('\n');
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("traces.jsonl"), lines).unwrap();
    if let Some(line) = given.line {
        let record = json!({"timeUnixNano": (1_699_999_990 * SECOND).to_string(), "body": {"stringValue": line}});
        let line = json!({"resourceLogs": [{"resource": owner("bank"), "scopeLogs": [{"logRecords": [record]}]}]});
        fs::write(folder.join("logs.jsonl"), line.to_string()).unwrap();
    }
}

fn compared(before: &Given, now: &Given) -> Population {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    write(&sides[0], before);
    write(&sides[1], now);
    Population::new(&pack::windows(&sides, &[]).unwrap().unwrap(), &()).unwrap()
}

fn told(change: fn(u32, &mut [Value; 3])) -> Population {
    compared(&Given::default(), &Given { change: Some(change), ..Given::default() })
}

fn incident(population: &Population) -> &Incident {
    population.incident.as_ref().unwrap_or_else(|| panic!("no incident: {:?}", population.ranking.suspects))
}

fn family(population: &Population, family: Family) -> Option<&str> {
    incident(population).families.iter().find(|one| one.family == family).map(|one| one.evidence.as_str())
}

/// The bank takes longer, so that all wait for it.
fn slow(_: u32, spans: &mut [Value; 3]) {
    for (span, behind) in spans.iter_mut().zip(1..) {
        let begin: i64 = span["startTimeUnixNano"].as_str().unwrap().parse().unwrap();
        span["endTimeUnixNano"] = json!((begin + (400 - behind * 20) * 1_000_000).to_string());
    }
}

#[test]
fn two_failures_are_the_same_cause_only_where_they_say_the_same() {
    let busy = told(|_, [.., bank]| {
        bank["attributes"] = json!([{"key": "http.response.status_code", "value": {"intValue": 503}}]);
    });
    let lost = told(|_, [.., bank]| bank["status"] = json!({"code": 2, "message": "dns_failure"}));
    let mute = told(|_, [.., bank]| bank["status"] = json!({"code": 2}));
    assert_eq!(incident(&busy).says, "HTTP 503");
    let same = |one, other| relate(incident(one), incident(other)).same_cause;
    assert_eq!((same(&busy, &busy), same(&busy, &lost)), (Some(true), Some(false)));
    assert_eq!((same(&busy, &mute), same(&mute, &mute)), (Some(true), Some(true)));
    let differs = relate(incident(&busy), incident(&lost)).differs;
    assert_eq!(differs, ["It began with HTTP 503, and with dns_failure in the other one."]);
}

#[test]
fn what_was_given_up_is_told_by_what_its_status_says() {
    let given_up = told(|number, [.., bank]| {
        if number.is_multiple_of(2) {
            bank["status"] = json!({"code": 2, "message": "context canceled"});
        }
    });
    let evidence = family(&given_up, Family::CancellationPropagation);
    assert!(evidence.is_some_and(|evidence| evidence.starts_with("Work is given up 20 times")), "{evidence:?}");
}

#[test]
fn who_waits_is_seen_by_the_work_that_waits() {
    // Most requests do not come by the bank, and are as short as before.
    let mostly = |number: u32, spans: &mut [Value; 3]| {
        if !number.is_multiple_of(4) {
            (spans[0]["name"], spans[1], spans[2]) = (json!("/look"), Value::Null, Value::Null);
        }
    };
    let before = Given { change: Some(mostly), ..Given::default() };
    let now = |number: u32, spans: &mut [Value; 3]| {
        if number.is_multiple_of(4) {
            slow(number, spans);
        }
        if !number.is_multiple_of(4) {
            (spans[0]["name"], spans[1], spans[2]) = (json!("/look"), Value::Null, Value::Null);
        }
    };
    let population = compared(&before, &Given { change: Some(now), ..Given::default() });
    let evidence = family(&population, Family::LatencyInflation).unwrap();
    assert!(evidence.ends_with("waiting for it: shop, edge."), "{evidence}");
    assert!(incident(&population).predictions.is_empty(), "{:?}", incident(&population).predictions);
}

#[test]
fn a_deploy_is_told_by_an_event_or_another_version_and_not_by_a_word_about_one() {
    let deploy = |before: Option<&'static str>, now: Option<&'static str>, change: fn(u32, &mut [Value; 3])| {
        let population = compared(
            &Given { line: before, ..Given::default() },
            &Given { line: now, change: Some(change), ..Given::default() },
        );
        family(&population, Family::DeployCorrelated).map(str::to_owned)
    };
    let told = deploy(Some("Deployed version v2.3.0 of bank"), Some("Deployed version v2.3.1 of bank"), slow);
    assert!(told.is_some_and(|told| told.ends_with(": Deployed version v2.3.1 of bank.")));
    assert_eq!(deploy(Some("Deployed v2.3.1"), Some("Deployed v2.3.1"), slow), None);
    for line in ["cannot find deployment descriptor, using default", "no deployment descriptor in v1.2, using default"]
    {
        assert_eq!(deploy(None, Some(line), slow), None, "{line}");
    }
    let event = deploy(None, None, |number, spans| {
        slow(number, spans);
        if number == 0 {
            let time = spans[0]["startTimeUnixNano"].clone();
            spans[0]["events"] = json!([{"timeUnixNano": time, "name": "deployment"}]);
        }
    });
    assert!(event.is_some_and(|event| event.starts_with("edge tells of a deploy")));
}

#[test]
fn windows_without_a_service_in_common_are_incomparable() {
    let other = Given { service: Some("other"), change: Some(slow), ..Given::default() };
    let population = compared(&Given::default(), &other);
    assert!(!population.comparable() && population.incident.is_none());
    let answer: Value = serde_json::from_str(&report::population_json(&population)).unwrap();
    assert_eq!(answer["verdict"], "incomparable");
    assert_eq!(answer["reason"], "Incomparable: no service is in both windows. Are these of the same system?");
}

#[test]
fn causes_have_the_keys_of_every_other_answer() {
    let answer: Value = serde_json::from_str(&report::population_json(&told(slow))).unwrap();
    let cause = &answer["causes"][0];
    assert_eq!((&cause["service"], &cause["lanes"]), (&json!("bank"), &json!([])));
    for key in ["side", "index", "other", "kind", "explains", "event"] {
        assert_eq!(cause.get(key), Some(&Value::Null), "{key}");
    }
}

#[test]
fn a_side_that_cannot_be_read_is_named_and_not_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
    write(&good, &Given::default());
    fs::create_dir(&bad).unwrap();
    fs::write(bad.join("traces.jsonl"), "the exporter was not ready\nand gave up\n").unwrap();
    for paths in [[good.clone(), bad.clone()], [bad, good]] {
        let told = pack::windows(&paths, &[]).unwrap_err().to_string();
        let known = "bad: There is no telemetry of requests in it to compare with the window good. traces.jsonl: It is a plain text log";
        assert!(told.contains(known), "{told}");
    }
}

#[test]
fn spans_that_are_told_twice_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    for side in &sides {
        write(side, &Given::default());
    }
    let file = sides[1].join("traces.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.repeat(2)).unwrap();
    let population = Population::new(&pack::windows(&sides, &[]).unwrap().unwrap(), &()).unwrap();
    assert!(population.ranking.suspects.is_empty(), "{:?}", population.ranking.suspects);
    let text = report::population_text(&population);
    assert!(text.contains("In now: 120 spans that were told before and left out."), "{text}");
}
