//! What several good runs are worth: how often the engine names a planted fault with one baseline and with the envelope of
//! several good runs, at equal false alarms.
//!
//! `cargo bench --bench envelope`, with `-- --misses` (every miss) and `--update-readme` (the table into README.md).
//! `DETTRACE_BENCH_FAMILIES` says how many families of runs are made, `DETTRACE_BENCH_SEED` from which seed.

mod family;
#[path = "../readme/mod.rs"]
mod readme;

use std::fmt::Write as _;
use std::time::Instant;

use dettrace::analyse::{Analysis, Envelope, Session};
use dettrace::compare::{Cause, Verdict};
use dettrace::pack::{self, Found, Overrides, Recording, Runs};
use dettrace::trace::{Side, Warnings};
use family::{Family, Fault, Run};
use rayon::prelude::*;

/// Families, where nobody says otherwise.
const FAMILIES: u64 = 24;
/// How many good runs each envelope is learnt from.
const GOOD: [usize; 3] = [5, 10, 40];
/// Candidates of each family without a fault.
const CLEAN: u64 = 6;
/// Jobs of a family: the least, and up to how many more.
const JOBS: (u64, u64) = (8, 40);

/// How one candidate was answered.
struct Answer {
    fault: Option<Fault>,
    /// Rows that differ; none where nothing diverged.
    rows: u32,
    /// The place of the planted fault among the causes.
    rank: Option<usize>,
    /// What it was, for the list of misses.
    words: String,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn main() {
    let (families, seed) = (number("DETTRACE_BENCH_FAMILIES", FAMILIES), number("DETTRACE_BENCH_SEED", 1));
    // With one baseline, then with each envelope.
    let all: Vec<Vec<Vec<Answer>>> = (0..families).into_par_iter().map(|at| ask(seed * 1_000 + at)).collect();
    let mut columns: Vec<Vec<Answer>> = (0..=GOOD.len()).map(|_| Vec::new()).collect();
    for of_family in all {
        for (column, answers) in columns.iter_mut().zip(of_family) {
            column.extend(answers);
        }
    }
    if std::env::args().any(|word| word == "--misses") {
        for (column, runs) in columns.iter().zip([1].iter().chain(&GOOD)) {
            for answer in column.iter().filter(|answer| answer.is_wrong()) {
                println!("{runs} runs: {}\n", answer.words);
            }
        }
    }
    let text = table(&columns);
    if readme::asked() {
        readme::update("envelope", &text);
    } else {
        println!("{text}");
    }
    println!("{}", learning());
}

fn recording(name: &str, text: &str) -> Recording {
    match pack::in_memory(name, &[(&format!("{name}.jsonl"), text.as_bytes())]) {
        Ok(Found::Ready(pack)) => pack.sides.actual.or(pack.sides.expected).expect("there is one"),
        other => panic!("{name}: {other:?}"),
    }
}

/// The answers to the candidates of a family: with one baseline, then with each envelope.
fn ask(seed: u64) -> Vec<Vec<Answer>> {
    let family = Family::new(seed, JOBS.0 + seed * 7 % JOBS.1);
    let most = GOOD.iter().copied().max().unwrap_or(1);
    let good: Vec<Run> = (0..most as u64).map(|run| family.good(run)).collect();
    let named = |run: usize| recording(&format!("good-{run}"), &good[run].text);
    let clean = (0..CLEAN).map(|run| (None, family.good(1_000 + run)));
    let faulty = (0..).zip(Fault::ALL).filter_map(|(n, fault)| Some((Some(fault), family.faulty(2_000 + n, fault)?)));
    let candidates: Vec<(Option<Fault>, Run)> = clean.chain(faulty).collect();
    let alone = candidates.iter().map(|(fault, run)| {
        let files = [("expected.jsonl", good[0].text.as_bytes()), ("actual.jsonl", run.text.as_bytes())];
        let Ok(Found::Ready(pack)) = pack::in_memory("pair", &files) else { panic!("the sides are clear") };
        let analysis = Session::new(*pack).run(&()).expect("it can be read");
        Answer::of(&analysis, *fault, run, &good[0], seed)
    });
    let mut answers = vec![alone.collect()];
    for runs in GOOD {
        let recordings = (0..runs).map(named).collect();
        let runs = Runs { recordings, warnings: Warnings::default() };
        let envelope = Envelope::learn(runs, &Overrides::default(), &()).expect("they can be read");
        let judge = |(fault, run): &(Option<Fault>, Run)| {
            let analysis = envelope.judge(&recording("candidate", &run.text), &()).expect("it can be read");
            let label = analysis.envelope.as_ref().map_or("", |judged| &judged.medoid);
            let medoid = label.trim_start_matches("good-").trim_end_matches(".jsonl").parse().unwrap_or(0);
            Answer::of(&analysis, *fault, run, &good[medoid], seed)
        };
        answers.push(candidates.iter().map(judge).collect());
    }
    answers
}

impl Answer {
    fn of(analysis: &Analysis, fault: Option<Fault>, run: &Run, baseline: &Run, seed: u64) -> Self {
        let comparison = &analysis.comparison;
        let alarm = !matches!(comparison.verdict, Verdict::Identical | Verdict::Equivalent);
        let step = |side: Side, event: u32| {
            let steps = if side == Side::Expected { &baseline.steps } else { &run.steps };
            steps[event as usize]
        };
        let names = |cause: &Cause| {
            let there = [cause.other, cause.overtaken].into_iter().flatten().map(|event| (cause.side.other(), event));
            let mut named = std::iter::once((cause.side, cause.index)).chain(there);
            named.any(|(side, event)| run.planted.contains(&step(side, event)))
        };
        let rank = comparison.causes.iter().position(names).map(|at| at + 1);
        let causes: Vec<String> = (comparison.causes.iter().take(4))
            .map(|cause| format!("#{} {} {}: {}", cause.rank, cause.side, cause.index, cause.reason))
            .collect();
        let rows = comparison.counts.differing().max(u32::from(alarm));
        let words = format!(
            "family {seed}, {}: rank {rank:?}, {rows} rows differ; envelope {:?}\n  {}",
            fault.map_or("no fault", Fault::name),
            analysis.envelope.as_ref().map(|judged| (&judged.medoid, judged.alarms, judged.set_aside)),
            causes.join("\n  ")
        );
        Self { fault, rows: if alarm { rows } else { 0 }, rank, words }
    }

    const fn is_wrong(&self) -> bool {
        match self.fault {
            Some(_) => !matches!(self.rank, Some(1)),
            None => self.rows > 0,
        }
    }

    /// Whether the fault is one of the first so many causes, where only what differs in more than so many rows is told.
    fn hits(&self, first: usize, above: u32) -> bool {
        self.rows > above && self.rank.is_some_and(|rank| rank <= first)
    }
}

/// The least number of rows above which not more than so many candidates without a fault alarm.
fn threshold(answers: &[Answer], alarms: usize) -> u32 {
    let mut rows: Vec<u32> = answers.iter().filter(|a| a.fault.is_none()).map(|answer| answer.rows).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    rows.get(alarms).copied().unwrap_or(0)
}

fn alarms(answers: &[Answer], above: u32) -> usize {
    answers.iter().filter(|answer| answer.fault.is_none() && answer.rows > above).count()
}

fn hits(answers: &[Answer], fault: Option<Fault>, above: u32) -> String {
    let of: Vec<&Answer> =
        answers.iter().filter(|answer| answer.fault.is_some() && (fault.is_none() || answer.fault == fault)).collect();
    let share = |first| of.iter().filter(|a| a.hits(first, above)).count() as f64 * 100.0 / of.len().max(1) as f64;
    format!("{:.1} % / {:.1} %", share(1), share(3))
}

/// Hit@1 / Hit@3 of one baseline and of each envelope, by kind of fault, and the false alarms.
fn table(columns: &[Vec<Answer>]) -> String {
    let mut out = String::from("| planted | cases | one baseline, every alarm |");
    for runs in GOOD {
        write!(out, " one baseline, as few alarms | {runs} good runs |").unwrap_or_default();
    }
    out.push_str("\n|---|--:|--:|");
    out.push_str(&"--:|".repeat(2 * GOOD.len()));
    out.push('\n');
    let Some((alone, envelopes)) = columns.split_first() else { return out };
    let above: Vec<u32> = envelopes.iter().map(|answers| threshold(alone, alarms(answers, 0))).collect();
    for fault in std::iter::once(None).chain(Fault::ALL.map(Some)) {
        let name = fault.map_or("**all**", Fault::name);
        let cases = alone.iter().filter(|a| a.fault.is_some() && (fault.is_none() || a.fault == fault)).count();
        write!(out, "| {name} | {cases} | {} |", hits(alone, fault, 0)).unwrap_or_default();
        for (answers, &above) in envelopes.iter().zip(&above) {
            write!(out, " {} | {} |", hits(alone, fault, above), hits(answers, fault, 0)).unwrap_or_default();
        }
        out.push('\n');
    }
    let clean = alone.iter().filter(|answer| answer.fault.is_none()).count();
    write!(out, "| nothing: false alarms | {clean} | {} |", alarms(alone, 0)).unwrap_or_default();
    for (answers, &above) in envelopes.iter().zip(&above) {
        write!(out, " {} | {} |", alarms(alone, above), alarms(answers, 0)).unwrap_or_default();
    }
    out.push('\n');
    out
}

/// How long it takes to learn from runs of another length and another number, on this machine.
fn learning() -> String {
    let mut out = String::from("| good runs | events each | to learn | to judge one |\n|--:|--:|--:|--:|\n");
    for (runs, jobs) in [(5, 1_100), (10, 1_100), (20, 1_100), (10, 11_000)] {
        let family = Family::new(7, jobs);
        let good: Vec<Run> = (0..runs).map(|run| family.good(run)).collect();
        let recordings = good.iter().enumerate().map(|(n, run)| recording(&format!("good-{n}"), &run.text)).collect();
        let candidate = recording("candidate", &family.good(99).text);
        let began = Instant::now();
        let runs_of = Runs { recordings, warnings: Warnings::default() };
        let envelope = Envelope::learn(runs_of, &Overrides::default(), &()).expect("they can be read");
        let learnt = began.elapsed();
        let began = Instant::now();
        envelope.judge(&candidate, &()).expect("it can be read");
        let (learnt, judged) = (learnt.as_secs_f64(), began.elapsed().as_secs_f64());
        let events = good[0].steps.len();
        writeln!(out, "| {runs} | {events} | {learnt:.2} s | {judged:.2} s |").unwrap_or_default();
    }
    out
}
