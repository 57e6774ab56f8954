//! What a person decides over the inferred spec, and what the edges of a recording mean.

use super::*;

fn calls(latency: impl Fn(u32) -> Value) -> Vec<Value> {
    (0..12)
        .map(|i| serde_json::json!({"ts_ms": 10 * i, "type": "call", "task": i % 2, "latency_ms": latency(i)}))
        .collect()
}

fn tolerate(field: &str, absolute: f64) -> Overrides {
    Overrides { tolerance: vec![(field.to_owned(), Tolerance { absolute, relative: 0.0 })], ..Overrides::default() }
}

#[test]
fn a_measure_beyond_its_tolerance_is_a_drift() {
    let expected = calls(|_| 5.into());
    let actual = calls(|i| if i == 7 { 9.into() } else { 6.into() });
    assert_eq!(run(&expected, &actual).comparison.verdict, Verdict::Equivalent, "without a tolerance it is set aside");
    let answer = run_with(&expected, &actual, &tolerate("latency_ms", 2.0));
    assert_eq!((answer.first(), answer.kind()), ((Some(7), Some(7)), DivergenceType::ValueDrift));
    assert_eq!(answer.comparison.causes[0].kind, DivergenceType::ValueDrift);
    assert_eq!(answer.comparison.counts.changed, 1);
    assert_eq!(run_with(&expected, &actual, &tolerate("latency_ms", 4.0)).comparison.verdict, Verdict::Equivalent);
    let text = calls(|i| if i == 3 { "timeout".into() } else { 5.into() });
    for (one, two) in [(&expected, &text), (&text, &expected)] {
        let answer = run_with(one, two, &tolerate("latency_ms", 2.0));
        assert_eq!(answer.comparison.verdict, Verdict::Diverged, "a word is within no tolerance");
    }
}

#[test]
fn a_gap_beyond_its_tolerance_is_late() {
    let expected = calls(|_| 5.into());
    let mut actual = expected.clone();
    for event in &mut actual[6..] {
        event["ts_ms"] = (event["ts_ms"].as_i64().unwrap() + 30).into();
    }
    assert_eq!(run(&expected, &actual).comparison.verdict, Verdict::Equivalent, "times are not compared");
    let answer = run_with(&expected, &actual, &tolerate(GAP, 20.0));
    assert_eq!((answer.first(), answer.kind()), ((Some(6), Some(6)), DivergenceType::LateEvent));
    assert_eq!(answer.comparison.counts.late, 2, "one on each of the two lanes");
}

#[test]
fn a_message_that_arrives_before_it_is_sent_is_out_of_order() {
    let send = serde_json::json!({"type": "send", "task": 1, "msg": 7});
    let receive = serde_json::json!({"type": "receive", "task": 2, "msg": 7});
    let other = serde_json::json!({"type": "idle", "task": 3});
    let answer = run(&[send.clone(), receive.clone(), other.clone()], &[receive, send, other]);
    assert_eq!(answer.comparison.verdict, Verdict::Diverged);
    assert_eq!(answer.kind(), DivergenceType::OrderInversion);
    assert_eq!(answer.comparison.causes[0].kind, DivergenceType::OrderInversion);
    assert_eq!(answer.comparison.inversions, 1);
}

#[test]
fn what_follows_a_cut_baseline_is_not_recorded_rather_than_extra() {
    let order: Vec<u8> = (0..80).map(|i| (i % 4) as u8).collect();
    let actual = workload(&order);
    let torn = Sides::new(true, false);
    let answer = run_torn(&actual[..50], &actual, &Overrides::default(), torn);
    assert_eq!(answer.comparison.verdict, Verdict::Truncated);
    assert_eq!(answer.comparison.ended_early, Some(Side::Expected));
    assert!(answer.comparison.causes.is_empty());
}

#[test]
fn only_events_with_a_compared_field_count_as_compared() {
    let mut events: Vec<Value> = (0..20).map(|i| serde_json::json!({"type": "tick", "task": i % 3})).collect();
    events[4]["code"] = 5.into();
    let only = Overrides { only: vec!["code".to_owned()], ..Overrides::default() };
    assert_eq!(run_with(&events, &events, &only).comparison.compared_events, 2);
}

#[test]
fn a_reply_that_came_differently_is_not_lost() {
    let fixture = |name: &str| {
        let path = format!("{}/fixtures/task-order-race/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
        lines(&std::fs::read_to_string(path).unwrap())
    };
    let answer = run(&fixture("actual"), &fixture("expected"));
    let symptom = answer.comparison.first_symptom;
    assert!(symptom.is_none_or(|s| !s.headline.starts_with("no ")), "both sides answer the request");
}

#[test]
fn a_link_that_no_name_suggests_can_be_named() {
    let event = |kind: &str, task: u32, ticket: u32| serde_json::json!({"type": kind, "task": task, "ticket": ticket});
    let expected = [event("put", 1, 7), event("got", 2, 7), event("idle", 3, 0)];
    let actual = [event("got", 2, 7), event("put", 1, 7), event("idle", 3, 0)];
    assert_eq!(run(&expected, &actual).comparison.verdict, Verdict::Equivalent);
    let named = Overrides { message: Some("ticket".to_owned()), ..Overrides::default() };
    let answer = run_with(&expected, &actual, &named);
    assert_eq!((answer.comparison.verdict, answer.comparison.inversions), (Verdict::Diverged, 1));
}

#[test]
fn one_sample_for_both_sides_says_what_two_equal_ones_say() {
    // Three things that nothing names a lane, each going through three kinds at its own pace.
    let mut at = [0_usize; 3];
    let events: Vec<Value> = (0..240_usize)
        .map(|i| {
            let who = (i * i + i / 7) % 3;
            at[who] += 1;
            let kind = ["fill", "turn", "rest"][at[who] % 3];
            serde_json::json!({"type": kind, "drum": format!("d{who}"), "x": i % 2})
        })
        .collect();
    let (sample, copy) = (feed(Sample::new(), &events), feed(Sample::new(), &events));
    let infer = |actual: &Sample| infer(Sides::new(Some(&sample), Some(actual)), &Overrides::default());
    assert!(infer(&copy).field("drum").unwrap().lane.is_some());
    assert_eq!(infer(&sample), infer(&copy));
}

#[test]
fn a_time_written_as_text_is_a_time() {
    let run = |start: u64| -> Vec<Value> {
        (0..12)
            .map(|i| {
                let time = (1_746_000_000_001_729_000 + start + 40_000 * i).to_string();
                serde_json::json!({"kind": "tick", "startTimeUnixNano": time, "car": i % 3})
            })
            .collect()
    };
    let answer = super::run(&run(0), &run(77_000));
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    let field = answer.spec.field("startTimeUnixNano").unwrap();
    assert_eq!(field.role.word(), "time");
    assert!(field.why.contains("in ns"), "{}", field.why);
    assert_eq!(answer.traces.actual.events.time_of(1), Some(1_746_000_000_001_846_000));
}

#[test]
fn a_parent_is_known_by_reference_where_only_its_span_has_a_name() {
    let id =
        |request: u64, span: u64| format!("{:016x}", 0xa3c5_9ac2_e193_7d31_u64.wrapping_mul(request * 4 + span + 1));
    let events: Vec<Value> = (0..8)
        .flat_map(|request| {
            let (id, root) = (move |span| id(request, span), id(request, 0));
            [0, 1, 2].into_iter().flat_map(move |span| {
                let up = if span == 0 { Value::Null } else { root.clone().into() };
                let id = id(span);
                ["begin", "end"].map(|kind| serde_json::json!({"kind": kind, "spanId": id, "up": up, "svc": span}))
            })
        })
        .collect();
    let answer = super::run(&events, &events);
    assert!(answer.traces.expected.links.iter().any(|l| l.kind == dettrace::trace::LinkKind::Parent));
}

#[test]
fn the_steps_of_a_task_are_no_lane() {
    let run = |shift: u64| -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        for round in 0..30_u64 {
            for slot in 0..4 {
                // Reordered between the tasks of a round; each task keeps its own order.
                let task = round / 5 * 4 + (slot + shift * (round % 2)) % 4;
                events.push(
                    serde_json::json!({"type": "step", "task": task, "part": round % 5, "value": task * 7 + round % 5}),
                );
            }
        }
        events
    };
    let answer = super::run(&run(0), &run(1));
    assert!(answer.spec.field("part").unwrap().lane.is_none());
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
}

#[test]
fn a_gap_far_outside_all_others_of_its_kind_is_late_without_a_tolerance() {
    let beat = |stretch: &dyn Fn(i64) -> i64, scale: i64| -> Vec<Value> {
        let mut now = 1_000;
        (0..40_i64)
            .map(|i| {
                now += (100 + i * 7 % 5 + stretch(i)) * scale;
                serde_json::json!({"ts_ms": now, "type": if i % 2 == 0 { "tick" } else { "tock" }, "task": 1})
            })
            .collect()
    };
    let expected = beat(&|_| 0, 1);
    let late = run(&expected, &beat(&|i| if i == 20 { 700 } else { i * 3 % 4 }, 1));
    assert_eq!((late.first(), late.kind()), ((Some(20), Some(20)), DivergenceType::LateEvent));
    assert_eq!((late.comparison.counts.late, late.comparison.verdict), (1, Verdict::Diverged));
    assert_eq!(late.comparison.causes[0].headline, "tick task:1 is late");
    let early = run(&beat(&|i| if i == 20 { 700 } else { 0 }, 1), &expected);
    assert_eq!(
        (early.first(), early.comparison.causes[0].headline.as_str()),
        ((Some(20), Some(20)), "tick task:1 is early")
    );
    for same in [beat(&|i| i * 3 % 4, 1), beat(&|_| 0, 3), beat(&|i| if i % 6 == 0 { 700 } else { 0 }, 1)] {
        assert_eq!(run(&expected, &same).comparison.verdict, Verdict::Equivalent);
    }
    let given = run_with(&expected, &beat(&|i| if i == 20 { 700 } else { 0 }, 1), &tolerate(GAP, 800.0));
    assert_eq!(given.comparison.verdict, Verdict::Equivalent, "what is given decides alone");
}

#[test]
fn two_reads_of_a_register_may_change_places_and_nothing_else_may() {
    let event =
        |kind: &str, task: u32, register: u32| serde_json::json!({"type": kind, "task": task, "register": register});
    let swapped = |kinds: [&str; 2], tasks: [u32; 2]| {
        let [one, two] = [event(kinds[0], tasks[0], 7), event(kinds[1], tasks[1], 7)];
        let around = |middle: [&Value; 2]| {
            let mut events: Vec<Value> = (0..12).map(|i| event("REG_READ", i % 3, i % 2)).collect();
            events.push(event("REG_WRITE", 0, 7));
            events.extend(middle.into_iter().cloned());
            events.extend((0..12).map(|i| event("REG_WRITE", i % 3, i % 2)));
            events
        };
        run(&around([&one, &two]), &around([&two, &one]))
    };
    let reads = swapped(["REG_READ", "REG_READ"], [1, 2]);
    assert_eq!((reads.comparison.verdict, reads.comparison.legal_reorderings), (Verdict::Equivalent, 1));
    let print = |trace: &Trace| dettrace::compare::fingerprint(&trace.events, &trace.links, &|| false);
    assert_eq!(print(&reads.traces.expected), print(&reads.traces.actual));
    for kinds in [["REG_READ", "REG_WRITE"], ["REG_WRITE", "REG_READ"], ["REG_WRITE", "REG_WRITE"]] {
        let answer = swapped(kinds, [1, 2]);
        assert_eq!((answer.comparison.verdict, answer.kind()), (Verdict::Diverged, DivergenceType::OrderInversion));
        assert_eq!(answer.first(), (Some(13), Some(13)), "{kinds:?}");
        assert_eq!(answer.lanes(&answer.comparison.causes[0].lanes)[0], "register:7");
        assert_ne!(print(&answer.traces.expected), print(&answer.traces.actual));
    }
}

#[test]
fn a_field_that_is_renamed_by_hand_is_compared_by_which_value_it_is() {
    let run = |names: [&str; 3]| -> Vec<Value> {
        (0..30).map(|i| serde_json::json!({"event": "step", "task": i % 2, "colour": names[i % 3]})).collect()
    };
    let renamed = Overrides { rename: vec!["colour".to_owned()], ..Overrides::default() };
    let good = run(["red", "green", "blue"]);
    let other = run(["rot", "grün", "blau"]);
    assert_eq!(run_with(&good, &other, &Overrides::default()).comparison.verdict, Verdict::Diverged);
    assert_eq!(run_with(&good, &other, &renamed).comparison.verdict, Verdict::Equivalent);
    let mut wrong = other;
    wrong[14]["colour"] = "rot".into();
    let answer = run_with(&good, &wrong, &renamed);
    assert_eq!(answer.comparison.verdict, Verdict::Diverged);
    assert_eq!(answer.comparison.causes.first().map(|cause| cause.index), Some(14));
}
