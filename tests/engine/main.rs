//! The engine's answers: on recordings that nobody here wrote (read in place, `DETTRACE_CORPUS` or `../shared/corpus`), and
//! by properties. Records come in through `serde_json`, so that these tests do not lean on our own scanner.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails the test")]

mod decisions;
mod renaming;
mod small;
mod unnamed;
mod values;
mod wholes;

use dettrace::compare::{CauseKind, Comparison, DivergenceType, Hand, Input, RowClass, Values, Verdict, compare};
use dettrace::ingest::{Select, fields};
use dettrace::spec::{GAP, Overrides, Sample, Shared, Spec, Tokenizer, Tolerance, infer};
use dettrace::trace::{Field, Names, Path, PathKey, Place, Scalar, Side, Sides, Sink, Trace};
use proptest::prelude::*;
use serde_json::Value;

fn leaves(sink: &mut impl Sink, key: PathKey, names: &mut Vec<String>, value: &Value) {
    let text;
    let scalar = match value {
        Value::Object(map) if !map.is_empty() => {
            for (name, value) in map {
                names.push(name.clone());
                leaves(sink, key.child(name), names, value);
                names.pop();
            }
            return;
        }
        Value::Null => Scalar::Null,
        Value::Bool(b) => Scalar::Bool(*b),
        Value::Number(n) => match (n.as_i64(), n.as_u64()) {
            (Some(i), _) => Scalar::Int(i),
            (_, Some(u)) => Scalar::Uint(u),
            _ => {
                text = n.to_string();
                Scalar::Decimal(&text)
            }
        },
        Value::String(s) => Scalar::Text(s),
        other => {
            text = other.to_string();
            Scalar::Json(&text)
        }
    };
    sink.field(Path { key, slot: Path::UNNUMBERED, text: &names.join(".") }, scalar);
}

fn feed<S: Sink>(mut sink: S, records: &[Value]) -> S {
    for (i, record) in records.iter().enumerate() {
        sink.begin(Place { offset: 0, len: 0, line: i as u32 + 1 });
        leaves(&mut sink, PathKey::ROOT, &mut Vec::new(), record);
        sink.end();
    }
    sink
}

/// The values of the records behind two traces.
struct Records<'a>(Sides<&'a [Value]>, Sides<&'a Trace>);

impl Values for Records<'_> {
    fn of(&self, side: Side, event: u32) -> Vec<Field> {
        let place = self.1[side].events.places.get(event).unwrap();
        let record = serde_json::to_vec(&self.0[side][place.line as usize - 1]).unwrap();
        fields(&record, &Select::default()).unwrap()
    }
}

struct Answer {
    comparison: Comparison,
    names: Names,
    spec: Spec,
    traces: Sides<Trace>,
}

impl Answer {
    fn first(&self) -> (Option<u32>, Option<u32>) {
        self.comparison.first_difference.map_or((None, None), |f| (f.expected, f.actual))
    }
    fn kind(&self) -> DivergenceType {
        self.comparison.first_difference.expect("a difference").kind
    }
    fn lanes(&self, lanes: &[u32]) -> Vec<&str> {
        lanes.iter().map(|&l| self.names.lanes[l as usize].as_str()).collect()
    }
}

fn run_with(expected: &[Value], actual: &[Value], overrides: &Overrides) -> Answer {
    run_torn(expected, actual, overrides, Sides::new(false, false))
}

fn run_torn(expected: &[Value], actual: &[Value], overrides: &Overrides, torn: Sides<bool>) -> Answer {
    let samples = Sides::new(feed(Sample::new(), expected), feed(Sample::new(), actual));
    let spec = infer(Sides::new(Some(&samples.expected), Some(&samples.actual)), overrides);
    let mut shared = Shared::default();
    let mut trace = |records: &[Value], torn: bool| {
        let gathered = feed(Tokenizer::new(&spec), records).into_gathered();
        shared.finish(gathered, &spec, torn)
    };
    let traces = Sides::new(trace(expected, torn.expected), trace(actual, torn.actual));
    let names = shared.names;
    let late_after = overrides.tolerance.iter().find(|t| t.0 == GAP).map(|t| t.1);
    let hand = Hand::default();
    let input = Input { traces: traces.as_ref(), names: &names, spec: &spec, late_after, hand: &hand };
    let records = Records(Sides::new(expected, actual), traces.as_ref());
    let comparison = compare(&input, &records, &|| false).expect("not cancelled");
    Answer { comparison, names, spec, traces }
}

fn run(expected: &[Value], actual: &[Value]) -> Answer {
    run_with(expected, actual, &Overrides::default())
}

fn corpus(path: &str) -> Option<String> {
    let root = std::env::var("DETTRACE_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_owned());
    let text = std::fs::read_to_string(format!("{root}/{path}")).ok();
    if text.is_none() {
        // Past the harness, which hides what a passing test prints.
        std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("SKIPPED: {root}/{path} is not there; set DETTRACE_CORPUS to the corpus to run this test\n")
                .as_bytes(),
        )
        .ok();
    }
    text
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn pair(folder: &str, expected: &str, actual: &str) -> Option<(Vec<Value>, Vec<Value>)> {
    let read = |name: &str| corpus(&format!("{folder}/{name}.jsonl")).map(|t| lines(&t));
    Some((read(expected)?, read(actual)?))
}

fn case_study(name: &str, expected: &str, actual: &str) -> Option<(Vec<Value>, Vec<Value>)> {
    let document: Value = serde_json::from_str(&corpus(&format!("dettrace/case-studies/{name}.json"))?).unwrap();
    let side = |id: &str| {
        document["events"].as_array().unwrap().iter().filter(|e| e["trace_id"] == id).cloned().collect::<Vec<_>>()
    };
    Some((side(expected), side(actual)))
}

#[test]
fn the_core_pair_parts_where_task_two_overtakes() {
    let Some((expected, actual)) = pair("dettrace/core", "expected", "actual") else { return };
    let answer = run(&expected, &actual);
    let c = &answer.comparison;
    assert_eq!(c.verdict, Verdict::Diverged);
    assert_eq!(answer.first(), (Some(5), Some(5)));
    assert_eq!(answer.kind(), DivergenceType::EventMismatch);
    assert_eq!(c.ended_early, Some(Side::Actual));
    let cause = &c.causes[0];
    assert_eq!(cause.kind, DivergenceType::OrderInversion);
    assert_eq!((cause.side, cause.index, cause.other), (Side::Actual, 5, Some(8)));
    assert_eq!(answer.lanes(&cause.lanes), ["queue:0"]);
    assert_eq!((cause.explains.rows, cause.explains.of), (14, 14));
    assert_eq!(c.causes.len(), 1);
    assert_eq!(cause.sureness, "only candidate");
    assert_eq!((c.counts.same, c.counts.changed, c.counts.missing), (5, 1, 14));
    assert_eq!((c.counts.extra, c.counts.moved, c.inversions, c.legal_reorderings), (0, 0, 1, 0));
    assert_eq!(c.first_symptom, None);
    let compared: Vec<&str> = answer.spec.compared().map(|f| f.path.as_str()).collect();
    assert_eq!(compared, ["type", "task", "worker", "queue"]);
    assert_eq!(answer.lanes(&answer.traces.expected.events.lanes_of(5)), ["task:1", "worker:0", "queue:0"]);
}

#[test]
fn a_replay_is_identical() {
    let Some((expected, replayed)) = pair("dettrace/core", "expected", "replayed") else { return };
    assert_eq!(run(&expected, &replayed).comparison.verdict, Verdict::Identical);
}

#[test]
fn the_firmware_races_part_at_their_events() {
    if let Some((expected, actual)) = case_study("gpio_interrupt_race", "gpio-baseline", "gpio-candidate") {
        let answer = run(&expected, &actual);
        assert_eq!(answer.comparison.verdict, Verdict::Diverged);
        assert_eq!(answer.first(), (Some(3), Some(3)));
        assert_eq!(answer.kind(), DivergenceType::EventMismatch);
        assert_eq!(answer.comparison.causes[0].index, 3);
    }
    if let Some((expected, actual)) = case_study("timer_missed_tick", "timer-baseline", "timer-candidate") {
        let answer = run(&expected, &actual);
        assert_eq!(answer.comparison.verdict, Verdict::Diverged);
        assert_eq!(answer.first(), (Some(1), Some(1)));
        assert_eq!(answer.kind(), DivergenceType::EventMismatch);
    }
}

#[test]
fn a_second_dequeue_of_one_task_parts_the_race() {
    let Some((expected, actual)) = case_study("race_condition_bug", "baseline-1", "candidate-1") else { return };
    let answer = run(&expected, &actual);
    assert_eq!(answer.first(), (Some(1), Some(1)));
    assert_eq!(answer.kind(), DivergenceType::EventMismatch);
}

#[test]
fn the_scenario_pairs_part_at_their_events() {
    let wanted = [
        ("timeout_chain", (Some(4), Some(4)), DivergenceType::EventMismatch),
        ("retry_storm", (Some(2), Some(2)), DivergenceType::EventMismatch),
        ("duplicate_ack", (None, Some(3)), DivergenceType::DuplicateEvent),
    ];
    for (name, first, kind) in wanted {
        let Some((expected, actual)) = pair(&format!("dettrace/scenario-pairs/{name}"), "expected", "degraded") else {
            continue;
        };
        let answer = run(&expected, &actual);
        assert_eq!(answer.comparison.verdict, Verdict::Diverged, "{name}");
        assert_eq!(answer.first(), first, "{name}");
        assert_eq!(answer.kind(), kind, "{name}");
        for cause in &answer.comparison.causes {
            println!("{name}: {} {} | {} | {}", cause.rank, cause.headline, cause.reason, cause.sureness);
        }
        println!("{name}: symptom {:?}", answer.comparison.first_symptom);
    }
}

#[test]
fn control_runs_part_where_the_fault_begins() {
    for (scenario, step) in [("delayed_sensor", 18), ("actuator_saturation", 30), ("timing_jitter", 16)] {
        let Some((expected, actual)) = pair("dettrace/control", "control_healthy", &format!("control_{scenario}"))
        else {
            continue;
        };
        let answer = run(&expected, &actual);
        for f in &answer.spec.fields {
            println!("{scenario}: {} {} {:?} {}", f.path, f.role.word(), f.action, f.why);
        }
        assert_eq!(answer.first(), (Some(step), Some(step)), "{scenario}");
    }
}

/// Events of four tasks on two workers and one queue, in a legal order; `order` chooses which task goes on next.
fn workload(order: &[u8]) -> Vec<Value> {
    let steps = ["OPENED", "READ", "PARSED", "STORED", "CLOSED"];
    let mut at = [0_usize; 4];
    let mut events = Vec::new();
    for &pick in order {
        let start = usize::from(pick) % 4;
        if let Some(task) = (0..4).map(|i| (start + i) % 4).find(|&t| at[t] < 20) {
            events.push((task, at[task]));
            at[task] += 1;
        }
    }
    for (task, &done) in at.iter().enumerate() {
        events.extend((done..20).map(|step| (task, step)));
    }
    let event = |(i, &(task, step)): (usize, &(usize, usize))| {
        serde_json::json!({
            "seq": i, "ts_ms": 1000 + 7 * i + usize::from(order[0]),
            "type": steps[step % steps.len()], "task": task, "part": step / steps.len(),
        })
    };
    events.iter().enumerate().map(event).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_trace_against_itself_is_identical(order in proptest::collection::vec(any::<u8>(), 80)) {
        let events = workload(&order);
        prop_assert_eq!(run(&events, &events).comparison.verdict, Verdict::Identical);
    }

    #[test]
    fn a_legal_reordering_is_equivalent(
        one in proptest::collection::vec(any::<u8>(), 80),
        two in proptest::collection::vec(any::<u8>(), 80),
    ) {
        let c = run(&workload(&one), &workload(&two)).comparison;
        prop_assert!(matches!(c.verdict, Verdict::Equivalent | Verdict::Identical), "{:?}", c.verdict);
        prop_assert_eq!(c.inversions, 0);
        prop_assert_eq!(c.counts.differing(), 0);
    }

    #[test]
    fn one_planted_change_is_found_and_is_the_only_cause(
        one in proptest::collection::vec(any::<u8>(), 80),
        two in proptest::collection::vec(any::<u8>(), 80),
        at in 0_usize..80,
    ) {
        let expected = workload(&one);
        let mut actual = workload(&two);
        actual[at]["part"] = 77.into();
        let answer = run(&expected, &actual);
        let c = &answer.comparison;
        prop_assert_eq!(c.verdict, Verdict::Diverged);
        prop_assert_eq!(answer.first().1, Some(at as u32));
        prop_assert_eq!(c.counts.changed, 1);
        prop_assert_eq!(c.causes.len(), 1);
        prop_assert_eq!(c.causes[0].index, at as u32);
    }

    #[test]
    fn one_inserted_event_is_one_difference(
        one in proptest::collection::vec(any::<u8>(), 80),
        at in 0_usize..79,
    ) {
        let expected = workload(&one);
        let mut actual = expected.clone();
        let task = actual[at]["task"].clone();
        actual.insert(at, serde_json::json!({"seq": 0, "ts_ms": 5, "type": "RETRY", "task": task, "part": 9}));
        let answer = run(&expected, &actual);
        prop_assert_eq!(answer.comparison.counts.extra, 1);
        prop_assert_eq!(answer.comparison.counts.differing(), 1);
        prop_assert_eq!(answer.comparison.causes[0].kind, DivergenceType::ExtraEvent);
        prop_assert_eq!(answer.first().1, Some(at as u32));
    }

    #[test]
    fn swapping_sides_mirrors_the_answer(
        one in proptest::collection::vec(any::<u8>(), 80),
        two in proptest::collection::vec(any::<u8>(), 80),
        dropped in 0_usize..80, changed in 0_usize..79,
    ) {
        let expected = workload(&one);
        let mut actual = workload(&two);
        actual.remove(dropped);
        actual[changed]["part"] = 55.into();
        let (ahead, back) = (run(&expected, &actual), run(&actual, &expected));
        let (c, m) = (&ahead.comparison, &back.comparison);
        prop_assert_eq!(ahead.first(), (back.first().1, back.first().0));
        prop_assert_eq!(c.counts.missing, m.counts.extra + m.counts.duplicate);
        prop_assert_eq!(c.counts.extra + c.counts.duplicate, m.counts.missing);
        prop_assert_eq!(c.counts.changed, m.counts.changed);
        prop_assert_eq!(c.counts.moved, m.counts.moved);
        prop_assert_eq!(c.inversions, m.inversions);
    }
}

#[test]
fn an_inversion_on_a_shared_queue_is_found_though_every_task_is_fine() {
    let event =
        |seq: u32, kind: &str, task: u32| serde_json::json!({"seq": seq, "type": kind, "task": task, "queue": 0});
    let order = [(1, 2), (2, 1)].map(|(a, b)| {
        let mut seq = 0..;
        let mut next = |kind: &str, task: u32| event(seq.next().unwrap(), kind, task);
        vec![next("PUT", 1), next("PUT", 2), next("PUT", 3), next("GOT", a), next("GOT", b), next("GOT", 3)]
    });
    let answer = run(&order[0], &order[1]);
    let c = &answer.comparison;
    assert_eq!(c.verdict, Verdict::Diverged);
    assert_eq!(answer.kind(), DivergenceType::OrderInversion);
    assert_eq!(answer.first(), (Some(3), Some(3)));
    assert_eq!(c.causes[0].kind, DivergenceType::OrderInversion);
    assert_eq!(answer.lanes(&c.causes[0].lanes), ["queue:0"]);
    assert!(c.causes[0].headline.contains("overtook"), "{}", c.causes[0].headline);
    assert_eq!((c.inversions, c.counts.moved), (1, 1));
    assert!(c.rows.differences().iter().all(|&r| c.rows.get(r).class == RowClass::Moved));
}

#[test]
fn spanish_names_and_nested_ids_get_the_same_roles() {
    let Some((expected, actual)) = pair("dettrace/core", "expected", "actual") else { return };
    let translate = |events: &[Value]| -> Vec<Value> {
        let nest = |v: &Value| if v.is_null() { Value::Null } else { serde_json::json!({ "id": v }) };
        (events.iter())
            .map(|e| {
                serde_json::json!({
                    "sec": e["seq"], "tipo": e["type"], "tarea": nest(&e["task"]),
                    "trabajador": e["worker"], "cola": nest(&e["queue"]),
                })
            })
            .collect()
    };
    let answer = run(&translate(&expected), &translate(&actual));
    assert_eq!(answer.first(), (Some(5), Some(5)));
    assert_eq!(answer.lanes(&answer.comparison.causes[0].lanes), ["cola:0"]);
    assert_eq!(answer.spec.field("sec").unwrap().role.word(), "position");
    assert_eq!(answer.spec.field("tipo").unwrap().role.word(), "kind");
}

#[test]
fn names_that_say_nothing_are_read_by_their_behaviour() {
    // The workload with every name replaced by a letter: kind and lane must be found by what the values do.
    let blind = |events: Vec<Value>| -> Vec<Value> {
        (events.iter())
            .map(|e| serde_json::json!({"a": e["seq"], "b": e["type"], "c": format!("x{}", e["task"]), "d": e["part"]}))
            .collect()
    };
    let one: Vec<u8> = (0..80).map(|i| (i * 7 % 5) as u8).collect();
    let two: Vec<u8> = (0..80).map(|i| (i * 3 % 11) as u8).collect();
    let c = run(&blind(workload(&one)), &blind(workload(&two))).comparison;
    assert_eq!(c.verdict, Verdict::Equivalent);
    assert!(c.legal_reorderings > 0);
}

#[test]
fn ids_that_differ_only_by_name_are_renamed() {
    let run_of = |salt: u64| -> Vec<Value> {
        let id = |n: u64| {
            format!("{:016x}", (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xABCD_EF01_2345))
        };
        (0..24_u64)
            .map(|i| {
                let parent = if i % 3 == 0 { String::new() } else { id(i - i % 3) };
                serde_json::json!({"ts_ms": 10 * i, "type": (["call", "query", "reply"][(i % 3) as usize]),
                    "service": (["web", "db", "web"][(i % 3) as usize]), "span_id": id(i), "parent_span_id": parent})
            })
            .collect()
    };
    let answer = run(&run_of(1), &run_of(2));
    let renamed: Vec<&str> = answer.spec.renamed().map(|f| f.path.as_str()).collect();
    assert_eq!(renamed, ["span_id", "parent_span_id"]);
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    let mut broken = run_of(2);
    broken[10]["parent_span_id"] = broken[3]["span_id"].clone();
    assert_eq!(
        run(&run_of(1), &broken).comparison.verdict,
        Verdict::Diverged,
        "a reference to another span is a difference"
    );
}

#[test]
fn nothing_comparable_is_said_not_called_identical() {
    let events: Vec<Value> = (0..5).map(|i| serde_json::json!({"type": "A", "task": i})).collect();
    assert_eq!(run(&events, &[]).comparison.verdict, Verdict::Incomparable);
    let other: Vec<Value> = (0..5).map(|i| serde_json::json!({"x": i * i, "y": "z"})).collect();
    assert_eq!(run(&events, &other).comparison.verdict, Verdict::Incomparable);
}

#[test]
fn a_run_that_stops_early_is_truncated() {
    let order: Vec<u8> = (0..80).map(|i| (i % 4) as u8).collect();
    let expected = workload(&order);
    let answer = run(&expected, &expected[..31]);
    assert_eq!(answer.comparison.verdict, Verdict::Truncated);
    assert_eq!(answer.comparison.ended_early, Some(Side::Actual));
    assert_eq!(answer.first(), (Some(31), None));
    assert!(answer.comparison.causes.is_empty(), "what was not recorded is no cause");
}
