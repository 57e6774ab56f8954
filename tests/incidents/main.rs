//! What is said of incidents: their kind, chain, reach and relation, on our own packs and on those that nobody here wrote.
#![expect(clippy::unwrap_used, reason = "what a test cannot read fails the test")]

mod said;
mod windows;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dettrace::analyse::Session;
use dettrace::incident::{Family, Incident, Part, relate};
use dettrace::pack::{self, Found};
use dettrace::trace::Side;

fn told(path: &Path) -> Incident {
    let Ok(Found::Ready(pack)) = pack::open(&[path.to_path_buf()]) else { panic!("{}", path.display()) };
    let analysis = Session::new(*pack).run(&()).unwrap();
    analysis.incident(&|| true).cloned().unwrap_or_else(|| panic!("{} tells of nothing", path.display()))
}

fn fixture(name: &str) -> Incident {
    told(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name))
}

/// A path in the corpus, which is read in place.
fn corpus(name: &str) -> Option<PathBuf> {
    let corpus = std::env::var("DETTRACE_CORPUS")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = corpus.join(name);
    if !path.exists() {
        // Past the harness, which hides what passing tests print.
        let line = format!("SKIPPED {name}: set DETTRACE_CORPUS to the corpus to run this test\n");
        std::io::stderr().write_all(line.as_bytes()).ok();
        return None;
    }
    Some(path)
}

fn sample(name: &str) -> Option<Incident> {
    corpus(&format!("dettrace/{name}")).map(|path| told(&path))
}

fn family(incident: &Incident) -> Family {
    incident.families[0].family
}

/// Root, whom it calls, and who calls it, nearest first.
fn blast(incident: &Incident) -> (&str, Vec<&str>, Vec<&str>) {
    let blast = incident.blast.as_ref().unwrap();
    let names = |places: &[u32]| places.iter().map(|&place| incident.story.name(place)).collect();
    (incident.story.name(blast.root), names(&blast.direct), names(&blast.upstream))
}

#[test]
fn packs_of_others_have_the_family_chain_and_reach_that_they_are_known_for() {
    let Some(storm) = sample("packs/retry_storm.jsonl") else { return };
    assert_eq!(family(&storm), Family::RetryStorm);
    assert_eq!(
        storm.chain.text(),
        "dns_failure → retry → transport_reset → retry_burst → downstream_unavailable → timeout"
    );
    assert_eq!(blast(&storm), ("auth-service", vec!["token-db"], vec!["edge-proxy"]));
    let tried = storm.graph.edges.iter().find(|edge| edge.tally.actual.retries > 0).unwrap();
    assert_eq!((storm.story.name(tried.from), tried.amplification), ("edge-proxy", 3.0));

    let cascade = sample("packs/cascading_timeouts.jsonl").unwrap();
    assert_eq!(family(&cascade), Family::CascadingTimeouts);
    assert_eq!(cascade.chain.text(), "tcp_connect_timeout → downstream_timeout → cancellation");
    assert_eq!(blast(&cascade), ("profile-service", vec!["db-proxy"], vec!["user-service", "api-gateway"]));
    assert_eq!(cascade.families[1].family, Family::CancellationPropagation);

    let recovery = sample("packs/misordered_recovery.jsonl").unwrap();
    assert_eq!(family(&recovery), Family::MisorderedRecovery);
    assert_eq!(recovery.families[0].events, [2, 3]);
    assert_eq!(blast(&recovery), ("checkout-a", vec!["payment"], vec!["load-balancer"]));

    let failover = sample("packs/failover_edge.jsonl").unwrap();
    assert_eq!(family(&failover), Family::Failover);
    assert_eq!(blast(&failover), ("inventory-primary", vec!["inventory-db-a"], vec!["frontend"]));

    for incident in [&storm, &cascade, &recovery, &failover] {
        assert!(incident.families.iter().all(|one| one.family != Family::DeployCorrelated), "no deploy was recorded");
    }
    let spans = sample("samples/otel_spans.jsonl").unwrap();
    assert_eq!((family(&spans), blast(&spans).0), (Family::RetryStorm, "auth-service"));
    let meltdown = sample("case-studies/retry_storm_meltdown.json").unwrap();
    assert!(
        !blast(&meltdown).2.contains(&"db-service"),
        "who is asked for an answer did not call: {:?}",
        blast(&meltdown)
    );
    for (name, kind) in [
        ("case-studies/retry_storm_meltdown.json", Family::RetryStorm),
        ("scenario-pairs/retry_storm", Family::RetryStorm),
        ("scenario-pairs/timeout_chain", Family::CascadingTimeouts),
    ] {
        assert_eq!(family(&sample(name).unwrap()), kind, "{name}");
    }
}

#[test]
fn one_event_more_tells_the_same_story() {
    for name in ["retry_storm", "cascading_timeouts", "misordered_recovery", "failover_edge"] {
        let Some(path) = corpus(&format!("dettrace/packs/{name}.jsonl")) else { return };
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        let start = text.lines().count();
        let more = first.replacen("\"seq\":0", &format!("\"seq\":{start}"), 1);
        let more = more.replacen("REQUEST_START", "RESPONSE_RECEIVE", 1);
        assert_ne!(more, first, "{name} begins with a request");
        let folder = tempfile::tempdir().unwrap();
        let longer = folder.path().join("longer.jsonl");
        std::fs::write(&longer, format!("{}\n{more}\n", text.trim_end())).unwrap();
        let (known, told) = (told(&path), told(&longer));
        assert_eq!((family(&told), blast(&told)), (family(&known), blast(&known)), "{name}");
    }
}

#[test]
fn our_packs_tell_their_stories() {
    let storm = fixture("retry-storm");
    assert_eq!(
        (family(&storm), blast(&storm)),
        (Family::RetryStorm, ("auth", vec!["token-store"], vec!["cart", "edge", "client"]))
    );
    assert!(
        storm.chain.text().starts_with("dns_failure → retry → connection_reset → retry_burst"),
        "{}",
        storm.chain.text()
    );
    let cascade = fixture("cascading-timeouts");
    assert_eq!(family(&cascade), Family::CascadingTimeouts);
    assert_eq!(blast(&cascade), ("payments", vec!["ledger-db"], vec!["checkout", "gateway"]));
    let failover = fixture("failover-edge");
    assert_eq!((family(&failover), blast(&failover).0), (Family::Failover, "inventory-1"));
    assert!(failover.families[0].evidence.contains("not everything went with it"), "{:?}", failover.families);
    let recovery = fixture("misordered-recovery");
    assert_eq!((family(&recovery), blast(&recovery).0), (Family::MisorderedRecovery, "checkout-a"));
}

#[test]
fn every_place_has_one_part_and_what_was_seen_is_not_predicted() {
    for name in ["retry-storm", "cascading-timeouts", "failover-edge", "misordered-recovery", "task-order-race"] {
        let incident = fixture(name);
        let roots = incident.graph.nodes.iter().filter(|node| node.part == Part::Root).count();
        assert_eq!(roots, 1, "{name}");
        for next in &incident.predictions {
            let node = &incident.graph.nodes[next.place as usize];
            assert!(node.next && node.reached.is_none(), "{name}: {} was seen to break", node.name);
            assert!(next.weight > 0.0 && next.weight <= 1.0);
        }
    }
}

/// The prediction from what happened up to the first failure, and up to half of the trouble, names who broke in the rest.
#[test]
fn what_breaks_later_is_predicted_from_what_came_before() {
    let (mut right, mut later, mut told) = (0, 0, 0);
    for name in ["retry-storm", "cascading-timeouts", "failover-edge"] {
        let whole = fixture(name);
        let trouble: Vec<u32> = whole.story.trouble().map(|one| one.index).collect();
        for until in [whole.story.root().unwrap().index, trouble[(trouble.len() - 1) / 2]] {
            let mut story = whole.story.clone();
            story.happenings.actual.retain(|one| one.index <= until);
            let known = story.told();
            // Upstream of what broke they are marked as well, and are counted.
            assert_eq!(known.graph.count_next(), known.predictions.len(), "{name}");
            let reached = |incident: &Incident| -> Vec<String> {
                let nodes = incident.graph.nodes.iter();
                nodes.filter(|node| node.reached.is_some()).map(|node| node.name.clone()).collect()
            };
            let before = reached(&known);
            let breaks: Vec<String> = reached(&whole).into_iter().filter(|place| !before.contains(place)).collect();
            let predicted: Vec<&str> = known.predictions.iter().map(|next| known.story.name(next.place)).collect();
            later += breaks.len();
            told += predicted.len();
            right += breaks.iter().filter(|place| predicted.contains(&place.as_str())).count();
        }
    }
    assert!(later >= 5, "{later} places broke later");
    assert!(right * 10 >= later * 8, "{right} of {later} were predicted");
    assert!(right * 2 >= told, "{right} of {told} predictions came true");
}

#[test]
fn incidents_are_related_by_cause_and_never_because_both_are_empty() {
    let (storm, cascade) = (fixture("retry-storm"), fixture("cascading-timeouts"));
    let same = relate(&storm, &storm);
    assert_eq!((same.same_cause, same.same_family, same.same_blast), (Some(true), Some(true), Some(true)));
    assert!(same.differs.is_empty(), "{:?}", same.differs);
    let other = relate(&storm, &cascade);
    assert_eq!((other.same_cause, other.same_family), (Some(false), Some(false)));
    assert!(other.differs.iter().any(|one| one.contains("auth") && one.contains("payments")), "{:?}", other.differs);
    let mut quiet = storm.story.clone();
    quiet.cause = None;
    quiet.happenings.actual.retain(|one| !one.act.is_trouble());
    let quiet = quiet.told();
    let nothing = relate(&quiet, &quiet);
    assert_eq!((nothing.same_cause, nothing.same_family, nothing.same_blast), (None, None, None));
}

/// One request of three services; in the actual run the first step of the bank takes longer.
fn steps(slow: u32) -> String {
    let mut lines = String::new();
    for request in 0..40_u32 {
        let mut at = request * 1_000;
        let late = if request == 20 { slow } else { 0 };
        let steps = [("shop", "bank", "ASK", 1), ("bank", "vault", "CHECK", 2 + late), ("vault", "bank", "HOLD", 3)];
        for (service, peer, kind, ms) in steps {
            at += ms;
            writeln!(
                lines,
                "{{\"ts_ms\":{at},\"type\":\"{kind}\",\"service\":\"{service}\",\"downstream_service\":\"{peer}\",\"task\":\"r{request}\",\"status\":\"ok\"}}"
            )
            .unwrap();
        }
    }
    lines
}

#[test]
fn a_pair_in_which_nothing_fails_and_something_is_late_is_latency() {
    let tell = |slow: u32| {
        let (expected, actual) = (steps(0), steps(slow));
        let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
        let Ok(Found::Ready(pack)) = pack::in_memory("pair", &files) else { panic!("no pair") };
        let analysis = Session::new(*pack).run(&()).unwrap();
        analysis.incident(&|| true).cloned().unwrap()
    };
    let late = tell(700);
    assert_eq!(family(&late), Family::LatencyInflation, "{:?}", late.families);
    let evidence = &late.families[0].evidence;
    assert!(evidence.starts_with("bank took 700 ms longer itself"), "{evidence}");
    assert_eq!(blast(&late).0, "bank");
    assert_eq!(tell(0).families, [], "in time");
}

#[test]
fn an_incident_late_in_a_long_recording_is_told_from_what_is_around_it() {
    let side = |fails: bool| {
        let line = |at: u32| {
            let status = if fails && at >= 70_000 && at % 10 == 1 { "timeout" } else { "ok" };
            let (service, peer) = if at.is_multiple_of(2) { ("edge", "shop") } else { ("shop", "bank") };
            format!(
                "{{\"ts_ms\":{at},\"type\":\"SEND\",\"service\":\"{service}\",\"downstream_service\":\"{peer}\",\"status\":\"{status}\"}}\n"
            )
        };
        (0..70_200).map(line).collect::<String>()
    };
    let (expected, actual) = (side(false), side(true));
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let Ok(Found::Ready(pack)) = pack::in_memory("pair", &files) else { panic!("no pair") };
    let analysis = Session::new(*pack).run(&()).unwrap();
    let incident = analysis.incident(&|| true).unwrap();
    assert!(incident.story.cut, "not all of it was read, and that is said");
    assert_eq!((blast(incident).0, incident.blast.as_ref().unwrap().event), ("shop", Some(70_001)));
    assert_eq!(incident.story.happening(Side::Actual, 70_001).unwrap().index, 70_001);
}
