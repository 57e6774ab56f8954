//! Stepping through the fixtures: what their events imply at chosen rows, as text, beside what was worked out by hand.

use std::path::{Path, PathBuf};

use dettrace::analyse::{Analysis, Asking, Session};
use dettrace::pack::{self, Found};
use dettrace::query::Matcher;
use dettrace::replay::{Breakpoints, Ran, Stepper, state_text};
use dettrace::trace::Side;

fn open(fixture: &str) -> Analysis {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    match pack::open(&[folder]) {
        Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap_or_else(|why| panic!("{why}")),
        other => panic!("{fixture}: {other:?}"),
    }
}

fn state(analysis: &Analysis, row: u32) -> String {
    let recorded = analysis.recorded();
    let mut stepper = Stepper::prepared(&recorded);
    stepper.seek(&recorded, row).unwrap_or_else(|why| panic!("{why}"));
    let fields = |side, event| analysis.fields(side, event);
    state_text(&recorded, &stepper.stated(&recorded, 40), Some(&fields))
}

#[test]
fn the_inversion_is_seen_in_the_queue_where_it_happens() {
    let analysis = open("task-order-race");
    let golden = "\
Tasks
   task:1         done                         done
   task:2         done                         done
 › task:3         taken by worker:0            taken by worker:0
≠  task:4         enqueued in queue:intake     taken by worker:1
   task:5         enqueued in queue:intake     enqueued in queue:intake
   task:6         enqueued in queue:intake     enqueued in queue:intake
Workers
 › worker:0       has task:3                   has task:3
≠  worker:1       idle                         has task:4
Queues
≠› queue:intake   holds 3: task:4, task:5, task:6 holds 2: task:5, task:6
Other lanes
   conn:7         last: ORDER_RECEIVED         last: ORDER_RECEIVED
";
    assert_eq!(state(&analysis, 13), golden);
    // The lock is held on one side and was given back on the other.
    assert!(state(&analysis, 20).contains("≠› lock:stock     held by task:4               free\n"));
}

#[test]
fn calls_that_were_never_answered_stay_open() {
    let golden = "\
Calls
≠› service:gateway last: RESPONSE_RECEIVE       last: ERROR_REPLY
≠  service:checkout none open                    1 open
≠  service:payments none open                    1 open
≠  service:ledger-db none open                    1 open
≠  service:mailer none open                    —
";
    assert_eq!(state(&open("cascading-timeouts"), 22), golden);
}

#[test]
fn pins_and_registers_have_what_was_last_said_of_them() {
    let state_of = |fixture, row| state(&open(fixture), row);
    let button = state_of("gpio-interrupt-race", 12);
    assert!(
        button.contains("≠› register:GPIO_PENDING 0x10 · register_read         0x30 · register_read\n"),
        "{button}"
    );
    assert!(button.contains("   irq:EXTI4      idle                         idle\n"), "{button}");
    // Of a waveform's signals only the value counts, not when it came: actual is five changes behind here.
    let uart = state_of("uart-lost-bit", 76);
    assert_eq!(uart.matches('≠').count(), 1, "{uart}");
    assert!(uart.contains("≠  tb.uart.shift  0                            1\n"), "{uart}");
}

#[test]
fn a_side_that_is_not_recorded_any_more_says_so() {
    let text = state(&open("truncated-run"), 19);
    assert!(text.ends_with("The actual side is not recorded here any more: its last states stand.\n"), "{text}");
    assert!(text.contains("≠  task:network   last: phase_end              last: phase_begin\n"), "{text}");
}

#[test]
fn legal_reorderings_never_differ() {
    let analysis = open("legal-reordering");
    let recorded = analysis.recorded();
    let mut stepper = Stepper::prepared(&recorded);
    while stepper.step(&recorded).is_ok() {
        assert_eq!(stepper.stated(&recorded, 40).differing, 0, "after {:?}", stepper.row());
    }
}

#[test]
fn a_run_stops_at_what_was_asked_for() {
    let analysis = open("task-order-race");
    let recorded = analysis.recorded();
    let asking = Asking::new(&analysis);
    let asks = |matcher: &Matcher, side, event| asking.answers(matcher, side, event);
    let run = |text: &str| {
        let mut breakpoints = Breakpoints { list: vec![text.parse().unwrap_or_else(|bad| panic!("{bad}"))] };
        let mut stepper = Stepper::prepared(&recorded);
        match stepper.run(&recorded, &mut breakpoints, Some(&asks)) {
            Ok(Ran::Stopped { row, .. }) => Some(row),
            Ok(_) => None,
            Err(why) => panic!("{why}"),
        }
    };
    let comparison = &analysis.comparison;
    assert_eq!(run("divergence"), comparison.rows.differences().first().copied());
    assert_eq!(run("cause"), comparison.causes.iter().map(|cause| cause.row).min());
    assert_eq!(run("symptom"), comparison.first_symptom.as_ref().map(|symptom| symptom.row));
    let nothing_reserved = comparison.rows.row_of(Side::Actual, 18);
    assert_eq!(run("reason = \"nothing reserved\" on actual"), nothing_reserved, "as older versions kept it");
    assert_eq!(run("reason:\"nothing reserved\" on actual"), nothing_reserved);
    assert_eq!(run("\"NOTHING reserved\" side:actual"), nothing_reserved, "texts are read too");
    assert_eq!(run("diff:any"), run("divergence"));
    assert_eq!(run("is:symptom"), run("symptom"));
    assert_eq!(run("kind:/REJECTED$/ -lane:task:9 on expected"), None);
    assert_eq!(run("kind:/REJECTED$/ -lane:task:9"), nothing_reserved);
    assert_eq!(run("time 50 ms on actual"), comparison.rows.row_of(Side::Actual, 18), "the first event from 50 ms on");
    assert_eq!(run("runs task:4 on actual"), comparison.rows.row_of(Side::Actual, 15));
    assert_eq!(run("reason = \"nothing reserved\" on expected"), None);
}
