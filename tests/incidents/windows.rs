//! The incidents of windows of requests: synthetic ones of every kind, and the labelled faults of two systems that nobody here wrote.

use std::fs;
use std::path::Path;

use dettrace::analyse::Population;
use dettrace::incident::{Family, Incident, Part, relate};
use dettrace::population::What;
use dettrace::{pack, report};
use serde_json::{Value, json};

use super::corpus;

/// A span of a request: its service, the place of its parent among the request's spans, from when to when in milliseconds.
struct Did(&'static str, Option<usize>, i64, i64, bool);

/// A shop behind an edge, which asks a bank, which asks a vault: the bank takes `ms`, and all that call it fail with it.
fn usual(ms: i64, failed: bool) -> Vec<Did> {
    vec![
        Did("edge", None, 0, ms + 30, failed),
        Did("shop", Some(0), 5, ms + 25, failed),
        Did("bank", Some(1), 10, ms + 20, failed),
        Did("bank/ask vault", Some(2), 12, 15, false),
        Did("vault", Some(3), 13, 14, false),
    ]
}

fn write(folder: &Path, requests: u32, request: impl Fn(u32) -> Vec<Did>) {
    let mut lines = String::new();
    for number in 0..requests {
        let start = 1_700_000_000_000 + i64::from(number) * 10_000;
        for (at, Did(service, parent, begin, end, failed)) in request(number).into_iter().enumerate() {
            // `bank/charge` is the work `charge` of the bank.
            let (service, name) = service.split_once('/').unwrap_or((service, "work"));
            let nanos = |ms: i64| ((start + ms) * 1_000_000 + i64::from(number % 7) * 10_000).to_string();
            let parent = parent.map_or_else(String::new, |parent| format!("s{parent}"));
            let span = json!({"traceId": format!("t{number}"), "spanId": format!("s{at}"), "parentSpanId": parent,
                "name": name, "kind": 2, "startTimeUnixNano": nanos(begin), "endTimeUnixNano": nanos(end),
                "status": {"code": if failed { 2 } else { 0 }}});
            let owner = json!({"attributes": [{"key": "service.name", "value": {"stringValue": service}}]});
            lines += &json!({"resourceSpans": [{"resource": owner, "scopeSpans": [{"spans": [span]}]}]}).to_string();
            lines.push('\n');
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("traces.jsonl"), lines).unwrap();
}

fn compared(before: &Path, now: &Path) -> Population {
    let windows = pack::windows(&[before.to_path_buf(), now.to_path_buf()], &[]).unwrap().unwrap();
    Population::new(&windows, &()).unwrap()
}

/// Sixty usual requests against thirty others.
fn told(now: impl Fn(u32) -> Vec<Did>) -> Population {
    told_from(|_| usual(5, false), now)
}

fn told_from(before: impl Fn(u32) -> Vec<Did>, now: impl Fn(u32) -> Vec<Did>) -> Population {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    write(&sides[0], 60, before);
    write(&sides[1], 30, now);
    compared(&sides[0], &sides[1])
}

fn incident(population: &Population) -> &Incident {
    population.incident.as_ref().unwrap_or_else(|| panic!("no incident: {:?}", population.ranking.suspects))
}

fn families(incident: &Incident) -> Vec<Family> {
    incident.families.iter().map(|one| one.family).collect()
}

fn answer(population: &Population) -> Value {
    serde_json::from_str(&report::population_json(population)).unwrap()
}

#[test]
fn what_takes_longer_is_told_where_the_time_is_spent_with_who_waits() {
    let population = told(|_| usual(200, false));
    let incident = incident(&population);
    assert_eq!(families(incident), [Family::LatencyInflation]);
    assert_eq!(incident.chain.text(), "slow_work (bank) → waiting (shop) → waiting (edge)");
    let evidence = &incident.families[0].evidence;
    assert!(evidence.contains("bank does itself") && evidence.ends_with("waiting for it: shop, edge."), "{evidence}");
    let told = answer(&population)["incident"].clone();
    assert_eq!(told["family"], "latency_inflation");
    let blast = &told["blast_radius"];
    assert_eq!((&blast["root_service"], &blast["first_symptom_service"]), (&json!("bank"), &json!("edge")));
    assert_eq!(blast["directly_impacted_services"], json!(["vault"]));
    assert_eq!(
        (&blast["upstream_services"], &blast["downstream_services"]),
        (&json!(["shop", "edge"]), &json!(["vault"]))
    );
    for words in [report::population_text(&population), report::population_markdown(&population)] {
        assert!(
            words.contains("Latency inflation: ") && words.contains("Blast radius: root bank; upstream shop, edge;"),
            "{words}"
        );
    }
}

#[test]
fn windows_that_are_alike_have_no_incident() {
    let population = told(|_| usual(5, false));
    assert!(population.incident.is_none() && answer(&population)["incident"].is_null());
    // Failures that were there before are usual.
    let fails = |nth: u32| move |number: u32| usual(5, number.is_multiple_of(nth));
    assert!(told_from(fails(5), fails(5)).incident.is_none());
}

#[test]
fn calls_that_fail_and_are_made_again_are_a_storm_at_who_fails() {
    let population = told(|_| {
        let mut request = vec![Did("edge", None, 0, 60, false), Did("shop", Some(0), 1, 59, false)];
        request.extend((0..4).map(|at| Did("bank", Some(1), 2 + at * 12, 12 + at * 12, at < 3)));
        request.extend([Did("bank/ask vault", Some(5), 40, 43, false), Did("vault", Some(6), 41, 42, false)]);
        request
    });
    let incident = incident(&population);
    assert_eq!(
        (families(incident)[0], incident.story.name(incident.blast.as_ref().unwrap().root)),
        (Family::RetryStorm, "bank")
    );
    let again: Vec<_> = incident.graph.edges.iter().filter(|edge| edge.tally.actual.retries > 0).collect();
    let [edge] = again[..] else { panic!("{again:?}") };
    assert_eq!((incident.story.name(edge.from), incident.story.name(edge.to)), ("shop", "bank"));
    assert!((edge.amplification - 4.0).abs() < 1e-9 && edge.tally.actual.retries == 90, "{edge:?}");
    assert!(incident.chain.text().contains("failure (bank) → retry_burst (shop)"), "{}", incident.chain.text());
    let report: Value = serde_json::from_str(&report::incident_report(incident)).unwrap();
    assert_eq!(report["retry_amplification"][0]["amplification"], 4.0);
}

#[test]
fn more_of_another_load_is_no_storm() {
    let population = told(|_| {
        let mut request = usual(200, false);
        request.extend((0..3).map(|at| Did("bank", Some(1), 12 + at, 215 + at, false)));
        request
    });
    assert!(!families(incident(&population)).contains(&Family::RetryStorm));
}

#[test]
fn callers_that_give_up_one_after_the_other_are_a_cascade() {
    let population = told(|_| {
        vec![
            Did("edge", None, 0, 900, true),
            Did("shop", Some(0), 5, 1_000, true),
            Did("bank", Some(1), 10, 5_000, false),
            Did("bank/ask vault", Some(2), 12, 15, false),
            Did("vault", Some(3), 13, 14, false),
        ]
    });
    let incident = incident(&population);
    assert_eq!(families(incident)[0], Family::CascadingTimeouts);
    assert!(incident.families[0].evidence.ends_with("shop → edge."), "{:?}", incident.families);
    assert_eq!(incident.story.name(incident.blast.as_ref().unwrap().root), "bank");
    assert_eq!(answer(&population)["incident"]["blast_radius"]["timeout_events"], 60);
}

#[test]
fn work_that_outlives_its_caller_as_always_is_no_timeout() {
    // What is handed over goes on after its caller; that some callers fail now does not make it a timeout.
    let request = |failed: bool| {
        vec![
            Did("edge", None, 0, 20, failed),
            Did("shop", Some(0), 5, 15, failed),
            Did("bank", Some(1), 10, 400, false),
            Did("bank/ask vault", Some(2), 12, 15, false),
            Did("vault", Some(3), 13, 14, false),
        ]
    };
    let population = told_from(|_| request(false), |number| request(number.is_multiple_of(2)));
    let told = families(incident(&population));
    assert!(!told.contains(&Family::CascadingTimeouts) && told.contains(&Family::PartialFailure), "{told:?}");
}

#[test]
fn a_part_that_fails_and_all_that_fails_are_told_apart() {
    let part = told(|number| usual(5, number % 5 < 2));
    let one = incident(&part);
    assert_eq!(families(one), [Family::PartialFailure]);
    let evidence = &one.families[0].evidence;
    assert!(
        evidence.starts_with("work of bank fails in 40 % instead of 0 %") && evidence.ends_with("shop, edge."),
        "{evidence}"
    );
    assert_eq!(one.chain.text(), "failure (bank) → failure (shop) → failure (edge)");
    let all = told(|_| usual(5, true));
    assert_eq!(families(incident(&all)), [Family::Degradation]);
}

#[test]
fn work_that_is_given_up_is_a_cancellation_only_where_it_fails() {
    let request = |failed: bool| {
        move |_: u32| {
            let mut request = usual(if failed { 300 } else { 5 }, false);
            request[4] = Did("vault/cancel hold", Some(3), 13, 14, failed);
            request
        }
    };
    let population = told_from(request(false), request(true));
    assert!(families(incident(&population)).contains(&Family::CancellationPropagation));
    // An order that somebody cancels is work.
    let slow = |_: u32| {
        let mut request = usual(300, false);
        request[4] = Did("vault/cancel hold", Some(3), 13, 14, false);
        request
    };
    let population = told_from(request(false), slow);
    assert_eq!(families(incident(&population)), [Family::LatencyInflation]);
}

#[test]
fn a_service_that_takes_over_is_a_failover_and_what_stayed_behind_is_said() {
    let population = told(|number| {
        let mut request = usual(5, number % 5 == 0);
        if number % 5 != 0 {
            (request[2].0, request[3].0) = ("bank-2", "bank-2/ask vault");
        }
        request
    });
    let incident = incident(&population);
    let failover = incident.families.iter().find(|one| one.family == Family::Failover);
    let evidence = &failover.unwrap_or_else(|| panic!("{:?}", incident.families)).evidence;
    assert!(evidence.contains("shop calls bank-2 where it called bank; not everything went with it"), "{evidence}");
}

#[test]
fn a_recovery_that_is_told_before_it_is_one_is_misordered() {
    let with = |name: &'static str, at: u32, fails: fn(u32) -> bool| {
        told(move |number| {
            let mut request = usual(5, fails(number));
            if number == at {
                request.push(Did(name, Some(2), 12, 13, false));
            }
            request
        })
    };
    let told = |population: &Population| {
        let incident = incident(population);
        incident.families.iter().find(|one| one.family == Family::MisorderedRecovery).map(|one| one.evidence.clone())
    };
    let early = with("bank/recovered", 10, |number| number >= 5);
    let evidence = told(&early).expect("it failed on");
    assert_eq!(families(incident(&early))[0], Family::MisorderedRecovery);
    assert!(evidence.starts_with("bank said that it is well (recovered), and 19 of its"), "{evidence}");
    assert_eq!(told(&with("bank/recovered", 20, |number| number < 20)), None, "it was well from then on");
    assert_eq!(told(&with("bank/ask", 10, |number| number >= 5)), None, "nobody said so");
}

#[test]
fn two_windows_are_compared_by_their_causes_whatever_their_sizes() {
    let failing = told(|number| usual(5, number % 5 < 2));
    let again = told_from(|_| usual(5, false), |number| usual(5, number % 5 < 2));
    let related = relate(incident(&failing), incident(&again));
    assert_eq!((related.same_cause, related.same_family, related.same_blast), (Some(true), Some(true), Some(true)));
    assert!(related.differs.is_empty(), "{:?}", related.differs);
    let slow = told(|_| usual(300, false));
    let related = relate(incident(&failing), incident(&slow));
    assert_eq!((related.same_cause, related.same_family), (Some(false), Some(false)));
    assert!(related.differs[0].starts_with("It began with failure, and with slow_work in the other"), "{related:?}");
    assert!(
        related.differs.iter().any(|one| one.contains("% of the spans, and +0 % in the other one.")),
        "{related:?}"
    );
}

#[test]
fn only_a_deploy_that_is_told_before_the_trouble_is_correlated() {
    let with = |name: &'static str, when: i64| {
        told(move |number| {
            let mut request = usual(200, false);
            if number == 0 {
                request.push(Did(name, Some(0), when, when + 1, false));
            }
            request
        })
    };
    let told = |population: &Population| families(incident(population)).contains(&Family::DeployCorrelated);
    assert!(told(&with("bank/deploy bank v2", -50)));
    assert!(!told(&with("bank/deploy bank v2", 5_000)), "it came later");
    assert!(!told(&with("bank/release lock", -50)), "no deploy");
}

#[test]
fn who_depends_on_what_broke_and_was_not_seen_to_break_is_next() {
    // The vault fails in a few requests; nobody else does.
    let population = told(|number| {
        let mut request = usual(5, false);
        request[4].4 = number % 2 == 0;
        request
    });
    let incident = incident(&population);
    assert_eq!(incident.story.name(incident.blast.as_ref().unwrap().root), "vault");
    let next: Vec<&str> = incident.predictions.iter().map(|next| incident.story.name(next.place)).collect();
    assert_eq!(next, ["bank", "shop", "edge"]);
    let graph = &population.services.graph;
    assert_eq!((graph.count_next(), graph.count(Part::Upstream)), (3, 3), "they are both");
    let report: Value = serde_json::from_str(&report::prediction_report(incident)).unwrap();
    assert_eq!(report["observed_services"], json!(["vault"]));
}

/// Where work is no longer done, a way that takes a little longer is not what is said of a service.
#[test]
fn only_what_is_slow_to_reach_above_all_is_said_to_be() {
    let compared = |now: &str| Some(compared(&corpus("traces-labelled/nezha/baseline-ts-2023-01-29")?, &corpus(now)?));
    let Some(lost) = compared("traces-labelled/nezha/nezha-ts-070") else { return };
    let slow = lost.ranking.clear().unwrap().evidence.iter().any(|one| matches!(one.what, What::SlowWay { .. }));
    assert!(slow && lost.services.slow.iter().all(Option::is_none), "the way is evidence, and not the first");
    assert!(report::service_notes(&lost).iter().all(|note| !note.contains("slow to reach")));
}

/// A labelled network delay is told as latency, and what returns early or throws is not, wherever there is a clear cause.
#[test]
fn the_family_fits_the_labelled_fault() {
    let Some(folder) = corpus("traces-labelled/nezha") else { return };
    let (mut told, mut fits, mut none) = (0, 0, 0);
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let Ok(truth) = fs::read(case.join("truth.json")) else { continue };
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let population = compared(&folder.join(truth["baseline"].as_str().unwrap()), &case);
        let Some(incident) = &population.incident else {
            none += 1;
            continue;
        };
        let family = families(incident)[0];
        let right = match truth["fault_type"].as_str().unwrap() {
            "network_delay" => family == Family::LatencyInflation,
            "exception" | "return" => matches!(family, Family::PartialFailure | Family::Degradation),
            // Where requests take no longer, only the metric shows it.
            _ => matches!(family, Family::LatencyInflation | Family::Degradation),
        };
        told += 1;
        fits += u32::from(right);
        let kinds = families(incident);
        let never = [Family::RetryStorm, Family::CascadingTimeouts, Family::Failover, Family::DeployCorrelated];
        assert!(kinds.iter().all(|kind| !never.contains(kind)), "{}: {kinds:?}", case.display());
    }
    assert!(told >= 34 && none <= 4 && fits == told, "{fits} of {told} fit, {none} without");
}
