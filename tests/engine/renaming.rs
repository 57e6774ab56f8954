//! Ids with other names in every run, in several vocabularies: legal reorderings of renamed runs are equivalent, and a
//! fault among them is found where it was planted.

use super::*;

/// A small generator of numbers (SplitMix64), so that cases are the same everywhere.
#[derive(Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }
}

/// Interleaves programs at random: each keeps its own order.
pub fn interleave(mut programs: Vec<Vec<Value>>, dice: &mut Dice) -> Vec<Value> {
    for program in &mut programs {
        program.reverse();
    }
    let mut events = Vec::new();
    while let Some(left) = programs.iter().map(Vec::len).filter(|&n| n > 0).count().checked_sub(1) {
        let nth = dice.below(left + 1);
        let program = programs.iter_mut().filter(|p| !p.is_empty()).nth(nth).unwrap();
        events.extend(program.pop());
    }
    for (i, event) in events.iter_mut().enumerate() {
        if event.get("ts").is_some() {
            event["ts"] = (1_700_000_000_000_u64 + 3 * i as u64 + dice.roll() % 3).into();
        }
    }
    events
}

/// A run of a system: what its programs do, with ids drawn from the dice.
type System = fn(&mut Dice) -> Vec<Vec<Value>>;

/// Requests of three kinds through services, each with spans of its own. Some are alike, some are not.
fn services(dice: &mut Dice) -> Vec<Vec<Value>> {
    (0..9)
        .map(|i| {
            let request = format!("req-{:08x}", dice.roll() as u32 | 0x1000_0000);
            let span = |dice: &mut Dice| format!("{:016x}", dice.roll());
            let (root, child, grandchild) = (span(dice), span(dice), span(dice));
            let route = ["/buy", "/list", "/buy"][i % 3];
            let event = |kind: &str, service: &str, span: &str, parent: &str| {
                serde_json::json!({"ts": 0, "event": kind, "service": service, "request_id": request, "span_id": span,
                    "parent_span_id": parent, "route": route})
            };
            vec![
                event("start", "gateway", &root, ""),
                event("call", "gateway", &root, ""),
                event("serve", "stock", &child, &root),
                event("query", "stock", &child, &root),
                event("rows", "db", &grandchild, &child),
                event("served", "stock", &child, &root),
                event("done", "gateway", &root, ""),
            ]
        })
        .collect()
}

/// Threads with numbers from the system, objects with addresses, words for people.
fn threads(dice: &mut Dice) -> Vec<Vec<Value>> {
    let first = 4000 + dice.roll() % 20_000;
    (0..6_u64)
        .map(|i| {
            let tid = first + 7 * i;
            (0..5)
                .flat_map(|job| {
                    let object = format!("0x7f{:010x}", dice.roll() & 0xff_ffff_ffff);
                    let line = |text: String| serde_json::json!({"tid": tid, "what": text, "prio": i % 2});
                    [
                        line(format!("alloc object {object} for job {job}")),
                        line(format!("use {object} [{}]", if i == 3 { "deep" } else { "flat" })),
                        line(format!("free object {object}")),
                    ]
                })
                .collect()
        })
        .collect()
}

/// A log with connections only inside its texts, in Spanish.
fn texts(dice: &mut Dice) -> Vec<Vec<Value>> {
    (0..6)
        .map(|i| {
            let id = format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", dice.roll() as u32, dice.roll() & 0xffff,
                dice.roll() & 0xfff, dice.roll() & 0xfff, dice.roll() & 0xffff_ffff_ffff);
            let line = |text: String| serde_json::json!({"hora": "2026-01-01T00:00:00Z", "hilo": format!("h{i}"), "mensaje": text});
            (0..5)
                .flat_map(|n| {
                    [line(format!("conexión {id} abierta")), line(format!("GET /pedidos/{id}/{n}")), line(format!("cerrada: {id}"))]
                })
                .collect()
        })
        .collect()
}

/// Messages between nodes; each id stands once where it is sent and once where it arrives.
fn messages(dice: &mut Dice) -> Vec<Vec<Value>> {
    (0..7)
        .map(|i| {
            let (from, to) = (format!("node{i}"), format!("node{}", i + 7));
            (0..4)
                .flat_map(|n| {
                    let id = format!("{:012x}", dice.roll() & 0xffff_ffff_ffff | 0x1000_0000_0000);
                    [
                        serde_json::json!({"node": from, "kind": "send", "msg_id": id, "size": n * 10 + i % 2}),
                        serde_json::json!({"node": to, "kind": "recv", "msg_id": id, "size": n * 10 + i % 2}),
                    ]
                })
                .collect()
        })
        .collect()
}

const SYSTEMS: [(&str, System); 4] =
    [("services", services), ("threads", threads), ("texts", texts), ("messages", messages)];

#[test]
fn a_renamed_and_legally_reordered_run_is_equivalent() {
    for (name, system) in SYSTEMS {
        for seed in 0..40_u64 {
            let (mut one, mut two) = (Dice(seed), Dice(1000 + seed));
            let (first, second) = (system(&mut one), system(&mut two));
            let (expected, actual) = (interleave(first, &mut one), interleave(second, &mut two));
            let answer = run(&expected, &actual);
            let c = &answer.comparison;
            assert_eq!(c.verdict, Verdict::Equivalent, "{name} {seed}: {:?} {:?}", c.counts, answer.spec.fields);
            assert!(answer.spec.renamed().next().is_some(), "{name}");
        }
    }
}

#[test]
fn a_fault_in_a_renamed_run_is_found_where_it_is() {
    let mut missed = Vec::new();
    for (name, system) in SYSTEMS {
        for seed in 0..60_u64 {
            let (mut one, mut two) = (Dice(seed), Dice(1000 + seed));
            let (first, second) = (system(&mut one), system(&mut two));
            let (expected, mut actual) = (interleave(first, &mut one), interleave(second, &mut two));
            let at = two.below(actual.len());
            let fault = seed % 3;
            match fault {
                0 => {
                    for key in ["route", "prio", "size"] {
                        if actual[at].get(key).is_some() {
                            actual[at][key] = if key == "route" { "/wrong".into() } else { 77.into() };
                        }
                    }
                    if let Some(text) = actual[at]["mensaje"].as_str() {
                        actual[at]["mensaje"] = format!("{text} tarde").into();
                    }
                }
                1 => {
                    let again = actual[at].clone();
                    actual.insert(at, again);
                }
                _ => drop(actual.remove(at)),
            }
            let answer = run(&expected, &actual);
            let c = &answer.comparison;
            let hit = c.causes.first().is_some_and(|cause| match fault {
                0 => cause.side == Side::Actual && cause.index == at as u32,
                1 => cause.side == Side::Actual && [at, at + 1].contains(&(cause.index as usize)),
                _ => cause.side == Side::Expected,
            }) || fault == 2 && c.verdict == Verdict::Truncated;
            if !hit || c.counts.differing() > 3 {
                let cause = c.causes.first().map(|c| (&c.headline, c.index));
                missed.push(format!("{name} seed {seed} fault {fault} at {at}: {:?} {cause:?}", c.counts));
            }
        }
    }
    assert!(missed.is_empty(), "{} of 240:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn lanes_are_known_by_what_their_values_are_called() {
    let event =
        |kind: &str, what: usize, n: usize| serde_json::json!({"k": kind, "zz": format!("task-{what}"), "n": n});
    let program = |what: usize| (0..9).map(|n| event(["a", "b", "c"][n % 3], what, n)).collect::<Vec<_>>();
    let mut dice = Dice(7);
    let expected = interleave((0..3).map(program).collect(), &mut dice);
    let actual = interleave((0..3).map(program).collect(), &mut dice);
    let answer = run(&expected, &actual);
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    assert_eq!(answer.spec.field("zz").unwrap().lane.as_deref(), Some("task"));
}

#[test]
fn a_service_that_does_several_things_is_a_group_and_its_client_a_lane() {
    let serve = |client: usize| {
        let span = format!("5{client}aa00bb11cc22d{client}");
        let client = format!("shop-{}", ["north", "south", "east", "west", "up", "down", "in", "out"][client]);
        vec![
            serde_json::json!({"event": "ask", "service": client}),
            serde_json::json!({"event": "begin", "service": "store", "span": span}),
            serde_json::json!({"event": "look", "service": "store", "span": span}),
            serde_json::json!({"event": "end", "service": "store", "span": span}),
            serde_json::json!({"event": "told", "service": client}),
        ]
    };
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut run_of = || interleave((0..8).map(serve).collect(), &mut dice);
        let (expected, actual) = (run_of(), run_of());
        let c = run(&expected, &actual).comparison;
        assert!(matches!(c.verdict, Verdict::Equivalent | Verdict::Identical), "{seed}: {:?}", c.counts);
    }
}

#[test]
fn a_cause_named_by_its_position_is_compared_by_what_it_is() {
    let program = |task: usize| -> Vec<Value> {
        (0..6).map(|n| serde_json::json!({"type": (["start", "work", "stop"][n % 3]), "task": task, "n": n})).collect()
    };
    let number = |mut events: Vec<Value>| {
        let mut last = std::collections::HashMap::new();
        for (i, event) in events.iter_mut().enumerate() {
            event["seq"] = i.into();
            if let Some(before) = last.insert(event["task"].clone(), i) {
                event["caused_by"] = before.into();
            }
        }
        events
    };
    let mut dice = Dice(3);
    let expected = number(interleave((0..4).map(program).collect(), &mut dice));
    let mut actual = number(interleave((0..4).map(program).collect(), &mut dice));
    assert_eq!(run(&expected, &actual).comparison.verdict, Verdict::Equivalent);
    let wrong = actual.iter().position(|e| e["task"] == 2 && e["n"] == 4).unwrap();
    actual[wrong]["caused_by"] = actual.iter().position(|e| e["task"] == 1 && e["n"] == 0).unwrap().into();
    let answer = run(&expected, &actual);
    assert_eq!(answer.comparison.counts.changed, 1);
    assert_eq!(answer.first().1, Some(wrong as u32));
}

#[test]
fn what_looks_like_an_id_and_is_content_is_compared() {
    // A register that holds another value throughout, and a checksum: constant, repeated, id-shaped.
    let run_of = |value: &str, sum: &str| -> Vec<Value> {
        (0..24)
            .map(|i| serde_json::json!({"type": "register_read", "register": format!("0x4002100{}", i % 4), "value": value, "crc": sum}))
            .collect()
    };
    let expected = run_of("0x40021004", "9f8e7d6c");
    assert_eq!(run(&expected, &run_of("0x4002100c", "9f8e7d6c")).comparison.verdict, Verdict::Diverged);
    assert_eq!(run(&expected, &run_of("0x40021004", "1a2b3c4d")).comparison.verdict, Verdict::Diverged);
    // Both sides have the same ids, in other places: a permutation is a difference.
    let ids: Vec<String> = (1..25_u64).map(|i| format!("{:016x}", i.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let of = |shift: usize| -> Vec<Value> {
        (0..24).map(|i| serde_json::json!({"type": "open", "task": i % 3, "session": ids[(i + shift) % 24]})).collect()
    };
    assert_eq!(run(&of(0), &of(5)).comparison.verdict, Verdict::Diverged);
}

#[test]
fn times_and_durations_inside_texts_never_decide() {
    let run_of = |salt: u64| -> Vec<Value> {
        (0..40_u64)
            .map(|i| {
                let ms = 1 + (i * 7 + salt * 13) % 29;
                let text = format!("2026-03-{:02}T10:00:{:02}.5Z step {} took {ms}ms", 1 + salt, i % 60, i % 5);
                serde_json::json!({"worker": i % 2, "text": text})
            })
            .collect()
    };
    let expected = run_of(1);
    assert_eq!(run(&expected, &run_of(2)).comparison.verdict, Verdict::Equivalent);
    let mut actual = run_of(2);
    let text = actual[33]["text"].as_str().unwrap().replace("step 3", "step 9");
    actual[33]["text"] = text.into();
    let answer = run(&expected, &actual);
    assert_eq!((answer.comparison.counts.differing(), answer.first().1), (1, Some(33)));
}

#[test]
fn twenty_thousand_lanes_take_linear_time() {
    // 200,000 events on 20,000 threads with other numbers: a quadratic step anywhere would take hours.
    let run_of = |base: usize| -> Vec<Value> {
        (0..200_000)
            .map(|i| serde_json::json!({"op": (["lock", "work", "unlock"][i % 3]), "tid": base + i % 20_000, "n": i / 20_000}))
            .collect()
    };
    let answer = run(&run_of(100_000), &run_of(300_000));
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    assert_eq!(answer.names.lanes.iter().filter(|lane| lane.starts_with("tid:")).count(), 20_000);
}

#[test]
fn thousands_of_fields_are_judged_in_time() {
    let event = |i: usize| {
        let fields = (0..2_000).map(|f| (format!("field_{f}"), Value::from((i * 31 + f * 17) % 1009)));
        Value::Object(fields.chain([("type".to_owned(), Value::from("tick"))]).collect())
    };
    let events: Vec<Value> = (0..600).map(event).collect();
    assert_eq!(run(&events, &events).comparison.verdict, Verdict::Identical);
}

#[test]
fn runs_on_other_machines_are_the_same_runs() {
    let run_on = |rack: u32| -> Vec<Value> {
        (0..12)
            .map(|i| serde_json::json!({"type": "step", "task": i % 3, "part": i / 3, "host": format!("rack{rack}-{}", i % 2)}))
            .collect()
    };
    let answer = run(&run_on(7), &run_on(71));
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    assert_eq!(answer.spec.field("host").map(|f| f.role.word()), Some("provenance"));
    // A machine that both runs know is compared.
    let mut moved = run_on(7);
    moved[5]["host"] = "rack7-0".into();
    assert_eq!(run(&run_on(7), &moved).comparison.verdict, Verdict::Diverged);
}

/// One call from `shop` to `stock`, with ids from the dice; refused first and tried again where that is asked for.
fn call(dice: &mut Dice, refused: bool) -> Vec<Value> {
    let mut span = || format!("{:016x}", dice.roll());
    let root = span();
    let event = |kind: &str, service: &str, span: &str, parent: &str| serde_json::json!({"event": kind, "service": service, "span_id": span, "parent_span_id": parent});
    let mut events = vec![event("start", "shop", &root, ""), event("call", "shop", &root, "")];
    if refused {
        let first = span();
        events.extend(["serve", "refused"].map(|kind| event(kind, "stock", &first, &root)));
    }
    let last = span();
    events.extend(["serve", "query", "rows", "served"].map(|kind| event(kind, "stock", &last, &root)));
    events.push(event("done", "shop", &root, ""));
    events
}

#[test]
fn of_a_call_that_is_tried_again_the_first_try_is_the_expected_one() {
    let run = |seed: u64, refused: Option<usize>| {
        let mut dice = Dice(seed);
        (0..12).flat_map(|i| call(&mut dice, refused == Some(i))).collect::<Vec<_>>()
    };
    let (expected, actual) = (run(1, None), run(2, Some(5)));
    // Call 5 starts at 5 × 7; its third event is served in both runs, and its fourth is refused in one.
    let answer = super::run(&expected, &actual);
    assert_eq!(answer.comparison.causes[0].index, 38, "{:?}", answer.comparison.causes);
    assert_eq!(answer.first(), (Some(38), Some(38)));
    let mirrored = super::run(&actual, &expected);
    assert_eq!(mirrored.first(), (Some(38), Some(38)));
}

#[test]
fn a_whole_run_that_is_tried_again_went_wrong_in_its_first_try() {
    // One request only: its span belongs to nothing, but its calls have it as their parent, and theirs have them.
    let run = |seed: u64, refused: bool| {
        let mut dice = Dice(seed);
        let mut request = || {
            let mut events = call(&mut dice, false);
            let (calls, below) = (events[2]["span_id"].clone(), format!("{:016x}", dice.roll()));
            events.splice(4..4, ["read", "answer"].map(|kind| {
                serde_json::json!({"event": kind, "service": "store", "span_id": below, "parent_span_id": calls})
            }));
            events
        };
        let mut first = request();
        if !refused {
            return first;
        }
        first.truncate(2);
        first[1]["event"] = "evicted".into();
        [first, request()].concat()
    };
    let answer = super::run(&run(1, false), &run(2, true));
    let cause = &answer.comparison.causes[0];
    assert_eq!((cause.side, cause.index), (Side::Actual, 1), "{:?}", answer.comparison.causes);
}

#[test]
fn workers_are_bound_by_what_they_did_until_the_runs_part() {
    // Three workers take every third item each; then one is lost, and the others share what is left.
    let run = |first: u64, lost: bool| {
        (0..60_u64)
            .flat_map(|item| {
                let worker = if lost && item >= 9 { [0, 2][item as usize % 2] } else { item % 3 };
                ["take", "done"].map(|kind| {
                    serde_json::json!({"event": kind, "worker_pid": first + 17 * worker, "task": item, "size": item % 5})
                })
            })
            .collect::<Vec<_>>()
    };
    let answer = super::run(&run(41_000, false), &run(52_000, true));
    let named: Vec<String> = answer.spec.renamed().map(|f| f.path.clone()).collect();
    assert_eq!(named, ["worker_pid"]);
    let first = answer.first();
    assert_eq!(first.1, Some(18), "the first item that another worker took: {first:?}");
}
