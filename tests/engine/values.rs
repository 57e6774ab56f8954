//! What the values of events say where their hashes do not: what was handed down, what was computed from what, what is measured.

use super::*;

/// Requests through three services, each span one event; in the third request `faulty` differs.
fn requests(faulty: impl Fn(&mut Value)) -> Vec<Value> {
    let mut spans = Vec::new();
    for request in 0..6_u64 {
        let amount = 40 + 7 * request;
        let id = |of: u64| format!("{:016x}", 0xa3b1_c2d4_e5f6_0718_u64.wrapping_mul(3 * request + of + 1));
        for (of, service) in ["gateway", "orders", "ledger"].into_iter().enumerate() {
            let parent = of.checked_sub(1).map_or_else(String::new, |above| id(above as u64));
            spans.push(serde_json::json!({"time_us": 1_000 * request + 10 * of as u64, "kind": "span", "service": service,
                "span_id": id(of as u64), "parent_span_id": parent, "amount": amount, "status": "ok", "total": amount * (3 - of as u64)}));
        }
        if request == 3 {
            let from = spans.len() - 3;
            spans[from..].iter_mut().for_each(&faulty);
        }
    }
    spans
}

#[test]
fn what_a_caller_handed_down_began_in_the_caller() {
    let wrong = |span: &mut Value| span["amount"] = 99.into();
    let answer = run(&requests(|_| ()), &requests(wrong));
    let cause = &answer.comparison.causes[0];
    assert_eq!((cause.side, cause.index, cause.other), (Side::Actual, 9, Some(9)), "{}", cause.reason);
    // From the second service on: the first differs only because its calls do.
    let wrong_below = |span: &mut Value| {
        if span["service"] == "gateway" {
            span["total"] = 1.into();
        } else {
            span["amount"] = 99.into();
        }
    };
    let answer = run(&requests(|_| ()), &requests(wrong_below));
    assert_eq!(answer.comparison.causes[0].index, 10, "{}", answer.comparison.causes[0].reason);
}

#[test]
fn a_wrong_result_at_the_very_start_is_no_noise_where_it_is_handed_on() {
    // Every result is computed from the one before, and told three times.
    let run_from = |first: u64, salt: u64| -> Vec<Value> {
        let results = (0..8).scan(first, |result, _| {
            *result = (*result * 31 + 7) % 9_000 + 100;
            Some(*result)
        });
        let told = ["computed", "sent", "received"];
        let events = results.zip(0..).flat_map(|(result, step): (u64, u64)| {
            told.map(move |kind| {
                let drift = (step * 37 + salt * (step + 3)) % 911 + 100;
                serde_json::json!({"event": kind, "service": "sums", "value": result, "jitter": drift})
            })
        });
        events.collect()
    };
    let answer = run(&run_from(5, 1), &run_from(6, 2));
    assert_eq!(answer.comparison.verdict, Verdict::Diverged, "{:?}", answer.spec.fields);
    assert_eq!(answer.first(), (Some(0), Some(0)));
}

#[test]
fn an_outcome_is_handed_up() {
    let failed = |span: &mut Value| span["status"] = "unavailable".into();
    let answer = run(&requests(|_| ()), &requests(failed));
    let cause = &answer.comparison.causes[0];
    assert_eq!(cause.index, 11, "{}", cause.reason);
}

#[test]
fn what_is_begun_again_began_where_it_was_begun_again() {
    let good = requests(|_| ());
    let mut actual = good.clone();
    // The second time it finds what the first did, and it is the second that ends.
    actual.insert(11, good[10].clone());
    actual[11]["amount"] = 66.into();
    let first = actual[10].as_object_mut().unwrap();
    first.remove("status");
    first.remove("total");
    let answer = run(&good, &actual).comparison;
    let cause = &answer.causes[0];
    assert_eq!(
        (cause.kind, cause.side, cause.index),
        (CauseKind::DuplicateEvent, Side::Actual, 11),
        "{}",
        cause.reason
    );
    assert!(cause.reason.contains("actual #10 is the same span, begun before"), "{}", cause.reason);
    // That the first never ended is explained by it.
    assert_eq!((answer.causes.len(), cause.explains.rows, cause.explains.of), (1, 1, 1));
    // A first one that is another from its beginning on began there.
    actual[10]["amount"] = 7.into();
    let answer = run(&good, &actual).comparison;
    assert_eq!(answer.causes[0].index, 10, "{}", answer.causes[0].reason);
}

#[test]
fn of_two_that_explain_nothing_the_first_comes_first() {
    let good = requests(|_| ());
    let mut actual = good.clone();
    let (early, late) = (2, good.len() - 1);
    actual[early]["status"] = "stale".into();
    actual[late]["status"] = "stale".into();
    let answer = run(&good, &actual).comparison;
    let ranked: Vec<u32> = answer.causes.iter().map(|cause| cause.index).collect();
    assert_eq!(ranked.first(), Some(&(early as u32)), "{ranked:?}");
}

/// What a lift and its doors do; `load` of each, and how long the door took.
fn doors(load: impl Fn(u32) -> u32, took_ms: impl Fn(u32) -> u32) -> Vec<Value> {
    (0..40)
        .map(|i| {
            let kind = ["OPENED", "CLOSED"][i as usize % 2];
            serde_json::json!({"seq": i, "type": kind, "car": i / 2 % 3, "load": load(i), "took_ms": took_ms(i)})
        })
        .collect()
}

#[test]
fn a_quantity_that_is_the_same_in_both_runs_is_compared_and_a_duration_is_not() {
    let load = |i: u32| i % 5;
    let expected = doors(load, |i| 20 + i % 7);
    let wrong = run(&expected, &doors(|i| if i == 31 { 9 } else { load(i) }, |i| 20 + i * i % 11));
    assert_eq!((wrong.comparison.causes.len(), wrong.first()), (1, (Some(31), Some(31))));
    // A reading that is other each time says nothing.
    let noisy = run(&expected, &doors(|i| (i * 7 + 3) % 5, |i| 20 + i % 7));
    assert_eq!(noisy.comparison.verdict, Verdict::Equivalent, "{:?}", noisy.spec.fields);
    let decided = |answer: &Answer| answer.spec.field("load").unwrap().why.clone();
    assert!(decided(&wrong).starts_with("named like a measure, but equal in 39 of 40"), "{}", decided(&wrong));
    assert!(decided(&noisy).starts_with("measured"), "{}", decided(&noisy));
}

/// Five connections that connect at once, of which one may never do anything more.
fn connections(salt: u64, silent: bool) -> Vec<Value> {
    let id = |of: u64| format!("{:016x}", (of + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt);
    let mut events: Vec<Value> =
        (0..5).map(|slot| serde_json::json!({"event": "connected", "conn_id": id(slot), "slot": slot})).collect();
    for post in 0..15_u64 {
        let conn = post % 5;
        if conn == 1 && silent {
            continue;
        }
        for event in ["posted", "acked"] {
            events.push(serde_json::json!({"event": event, "conn_id": id(conn), "message_id": id(100 + post), "bytes": 100 + post}));
        }
    }
    events
}

#[test]
fn an_id_belongs_to_what_it_appears_with_first() {
    let expected = connections(0, false);
    assert_eq!(run(&expected, &connections(0x1234_5678_9abc_def0, false)).comparison.verdict, Verdict::Equivalent);
    let answer = run(&expected, &connections(0x1234_5678_9abc_def0, true));
    let cause = &answer.comparison.causes[0];
    // What the silent one did not do, and not that it connected.
    assert_eq!((cause.side, cause.index), (Side::Expected, 7), "{}", cause.reason);
    assert_eq!((answer.comparison.counts.missing, answer.comparison.counts.extra), (6, 0));
}
