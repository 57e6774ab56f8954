//! Families of runs of the same work: workers that take jobs step by step, with locks between them. Good runs vary in what
//! happens optionally, in timing, in the order in which locks are taken, and in fields that mean nothing; a fault may be
//! planted in one, which then runs on with its effects.

use std::fmt::Write as _;

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A step that always happens does not.
    Delete,
    /// A step happens that never does.
    Insert,
    /// A value that never varies is another one.
    Value,
    /// Two steps of one job change places.
    Reorder,
    /// A step comes much later.
    Delay,
    /// A step measures much more.
    Drift,
    /// What is tried again once at most is tried again and again.
    Burst,
    /// A step happens twice.
    Duplicate,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Delete,
        Self::Insert,
        Self::Value,
        Self::Reorder,
        Self::Delay,
        Self::Drift,
        Self::Burst,
        Self::Duplicate,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Value => "wrong-value",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
            Self::Drift => "measure",
            Self::Burst => "retry-burst",
            Self::Duplicate => "duplicate",
        }
    }
}

/// One recording, and which step each of its lines is: the same in every run of the family.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// JSON lines.
    pub text: String,
    /// A number for each line.
    pub steps: Vec<u64>,
    /// The steps that are the planted fault itself.
    pub planted: Vec<u64>,
}

/// Several runs of the same work.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    seed: u64,
    jobs: u64,
}

const KINDS: [&str; 9] = ["parse", "load", "check", "reserve", "compute", "merge", "store", "notify", "audit"];
const WORKERS: u64 = 4;
const LOCKS: u64 = 3;
/// Steps of a job, of which the first takes it up and the last ends it.
const STEPS: u64 = 9;
/// Lines that are no step of the plan have numbers from here on.
const OWN: u64 = 1 << 40;

/// Two numbers into one that is well mixed (the finaliser of SplitMix64).
fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A step of the plan.
#[derive(Debug, Clone, Copy)]
struct Step {
    number: u64,
    job: u64,
    kind: &'static str,
    /// Percent of runs in which it happens.
    happens: u64,
    lock: Option<u64>,
    /// In microseconds.
    takes: u64,
    /// Percent of runs in which it is tried again.
    again: u64,
    value: u64,
}

/// What is written of a line.
struct Line {
    at: u64,
    number: u64,
    text: String,
}

/// A run that is being made.
struct Made {
    lines: Vec<Line>,
    own: u64,
    draw: u64,
}

impl Family {
    /// The family of a seed with so many jobs, each of about nine lines.
    pub const fn new(seed: u64, jobs: u64) -> Self {
        Self { seed, jobs }
    }

    fn step(&self, job: u64, at: u64) -> Step {
        let number = job * STEPS + at;
        let draw = |salt: u64| mix(mix(self.seed, number), salt);
        let middle = at > 0 && at + 1 < STEPS;
        let kind = match at {
            0 => "job_started",
            _ if !middle => "job_done",
            _ => KINDS[(mix(self.seed, at) % KINDS.len() as u64) as usize],
        };
        Step {
            number,
            job,
            kind,
            // Some steps are optional, each with a share of its own.
            happens: if middle && draw(1) % 6 == 0 { 15 + draw(2) % 75 } else { 100 },
            lock: (middle && draw(3) % 5 == 0).then(|| draw(4) % LOCKS),
            takes: 200 + mix(self.seed, at) % 800,
            again: if middle && draw(5) % 10 == 0 { 10 + draw(6) % 40 } else { 0 },
            value: draw(7) % 40,
        }
    }

    /// A good run.
    pub fn good(&self, run: u64) -> Run {
        self.run(run, None)
    }

    /// A run with a fault; `None` where the drawn step cannot have it.
    pub fn faulty(&self, run: u64, fault: Fault) -> Option<Run> {
        (0..50).find_map(|turn| {
            let draw = mix(mix(self.seed, run), 77 + turn);
            let (job, at) = (self.jobs / 8 + draw % (self.jobs * 3 / 4).max(1), 1 + (draw >> 32) % (STEPS - 3));
            let (step, next) = (self.step(job, at), self.step(job, at + 1));
            let fits = step.happens == 100
                && match fault {
                    Fault::Burst => step.again > 0,
                    Fault::Reorder => next.happens == 100 && next.kind != step.kind,
                    _ => true,
                };
            fits.then(|| self.run(run, Some((fault, step.number))))
        })
    }

    fn run(&self, run: u64, fault: Option<(Fault, u64)>) -> Run {
        let mut made = Made { lines: Vec::new(), own: OWN, draw: mix(mix(self.seed, run), 0x6f6e_6365) };
        let mut planted = Vec::new();
        let mut clock = [0_u64; WORKERS as usize];
        let mut free = [0_u64; LOCKS as usize];
        let mut sums = vec![0_u64; self.jobs as usize];
        // Each worker has its jobs, one after the other.
        let mut todo: Vec<Vec<(u64, u64)>> = (0..WORKERS).map(|_| Vec::new()).collect();
        for job in (0..self.jobs).rev() {
            let worker = mix(self.seed, 1_000 + job) % WORKERS;
            let mut steps: Vec<u64> = (0..STEPS).collect();
            if let Some((Fault::Reorder, number)) = fault.filter(|(_, number)| number / STEPS == job) {
                let at = (number % STEPS) as usize;
                steps.swap(at, at + 1);
                planted.extend([number, number + 1]);
            }
            todo[worker as usize].extend(steps.into_iter().rev().map(|at| (job, at)));
        }
        // Who is first goes on, so that locks are taken in the order of the clocks.
        while let Some(worker) = (0..WORKERS as usize).filter(|&w| !todo[w].is_empty()).min_by_key(|&w| clock[w]) {
            let Some((job, at)) = todo[worker].pop() else { break };
            let step = self.step(job, at);
            let hit = fault.filter(|(_, number)| *number == step.number).map(|(fault, _)| fault);
            if made.percent(step.number, 1) >= step.happens {
                continue;
            }
            if hit == Some(Fault::Delete) {
                planted.push(step.number);
                continue;
            }
            let mut now = clock[worker] + step.takes * (80 + made.percent(step.number, 2) * 2 / 5) / 100;
            if let Some(lock) = step.lock {
                now = now.max(free[lock as usize]);
                free[lock as usize] = now + 100;
            }
            if hit == Some(Fault::Delay) {
                now += 40_000;
            }
            let value = if hit == Some(Fault::Value) { step.value + 51 } else { step.value };
            sums[job as usize] += value;
            let mut took = 5.0 + (made.percent(step.number, 3) as f64) / 20.0 + (step.takes % 7) as f64;
            if hit == Some(Fault::Drift) {
                took *= 12.0;
            }
            let sum = sums[job as usize];
            made.line(now, step.number, worker, &step, step.kind, value, sum, took);
            if hit
                .is_some_and(|fault| !matches!(fault, Fault::Insert | Fault::Duplicate | Fault::Burst | Fault::Reorder))
            {
                planted.push(step.number);
            }
            let tries = match hit {
                Some(Fault::Burst) => 7,
                _ => u64::from(made.percent(step.number, 4) < step.again),
            };
            for n in 0..tries {
                now += 90 + made.percent(step.number, 20 + n);
                let own = made.new_line();
                if hit == Some(Fault::Burst) {
                    planted.push(own);
                }
                made.line(now, own, worker, &step, "retry", value, sum, took);
            }
            if let Some(kind) = match hit {
                Some(Fault::Insert) => Some("rollback"),
                Some(Fault::Duplicate) => Some(step.kind),
                _ => None,
            } {
                now += 120;
                let own = made.new_line();
                planted.push(own);
                if hit == Some(Fault::Duplicate) {
                    planted.push(step.number);
                }
                made.line(now, own, worker, &step, kind, value, sum, took);
            }
            // Now and then a pause, at another place in every run.
            if made.percent(step.number, 5) < 1 {
                now += 700;
                let own = made.new_line();
                made.line(now, own, worker, &step, "gc_pause", 0, 0, took);
            }
            clock[worker] = now;
        }
        made.lines.sort_by_key(|line| line.at);
        let mut whole = Run { planted, ..Run::default() };
        for (seq, line) in made.lines.iter().enumerate() {
            writeln!(whole.text, "{{\"seq\":{seq},{}", line.text).unwrap_or_default();
            whole.steps.push(line.number);
        }
        whole
    }
}

impl Made {
    /// A number below 100 that this run has for a step.
    fn percent(&self, number: u64, salt: u64) -> u64 {
        mix(mix(self.draw, number), salt) % 100
    }

    fn new_line(&mut self) -> u64 {
        self.own += 1;
        self.own
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of the line")]
    fn line(&mut self, at: u64, number: u64, worker: usize, step: &Step, kind: &str, value: u64, sum: u64, took: f64) {
        let mut text = format!("\"ts_us\":{at},\"event\":\"{kind}\",\"job\":\"job-{}\",\"worker\":{worker}", step.job);
        let mut more = |name: &str, value: String| write!(text, ",\"{name}\":{value}").unwrap_or_default();
        if let Some(lock) = step.lock.filter(|_| kind == step.kind) {
            more("lock", format!("\"lock-{lock}\""));
        }
        match kind {
            "gc_pause" => more("pages", (mix(self.draw, number) % 5_000).to_string()),
            "job_done" => more("sum", sum.to_string()),
            // Means nothing, and differs in every run, in some kinds only.
            "load" | "store" => {
                more("slot", (mix(self.draw, number) % 64).to_string());
                more("value", value.to_string());
            }
            _ => more("value", value.to_string()),
        }
        more("latency_ms", format!("{took:.2}"));
        text.push('}');
        self.lines.push(Line { at, number, text });
    }
}
