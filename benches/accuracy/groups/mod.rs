//! The groups of cases, each asked of the engine and of the baselines.

mod files;
mod made;
mod waves;

use std::path::{Path, PathBuf};

use made::Names;
pub use made::keep;

use crate::answer::{Answer, Outcome, Score};
use crate::baselines;
use crate::case::Truth;

/// One line of the table.
pub struct Row {
    pub name: String,
    pub engine: Score,
    pub baselines: [Score; baselines::NAMES.len()],
}

/// What a group must reach.
#[derive(Debug, Clone, Copy)]
pub struct Aims {
    pub hit_at_1: f64,
    pub hit_at_3: f64,
    pub most_alarms: usize,
}

/// What people can hold against us, on faults that nobody has seen.
const AIMS: Aims = Aims { hit_at_1: 0.95, hit_at_3: 0.99, most_alarms: 0 };
/// Known answers must all be there.
const ALL: Aims = Aims { hit_at_1: 1.0, hit_at_3: 1.0, most_alarms: 0 };
/// What is told, and held against nobody.
const MEASURED: Aims = Aims { hit_at_1: 0.0, hit_at_3: 0.0, most_alarms: usize::MAX };
/// Signals that part at one time are equally early: one of them must be among the first three.
const WAVES: Aims = Aims { hit_at_1: 0.0, hit_at_3: 1.0, most_alarms: 0 };

/// Cases of one origin. The first row is all of them.
pub struct Group {
    pub aims: Aims,
    pub rows: Vec<Row>,
    /// Every case that was answered wrongly, in words.
    pub misses: Vec<String>,
}

/// A case and how it was answered.
pub struct Asked {
    /// The rows it counts in.
    pub rows: Vec<String>,
    pub engine: Outcome,
    pub baselines: [Outcome; baselines::NAMES.len()],
    /// The case in words: what was planted, what was answered.
    pub words: String,
}

impl Asked {
    /// Judges answers; `truth` is where the fault is, or none.
    fn new(name: &str, rows: Vec<String>, truth: Option<&Truth>, engine: &Answer, baselines: &[Answer; 3]) -> Self {
        let judge = |answer: &Answer| match truth {
            Some(truth) => Outcome::Fault(answer.rank(truth)),
            None => Outcome::Clean { alarm: answer.alarm },
        };
        let planted = truth.map_or_else(|| "nothing".to_owned(), |truth| format!("{truth:?}"));
        Self {
            rows,
            engine: judge(engine),
            baselines: baselines.each_ref().map(judge),
            words: format!("{name}\n  planted: {planted}\n  answer: {}", engine.words),
        }
    }
}

impl Group {
    fn new(title: &str, aims: Aims, asked: Vec<Asked>) -> Self {
        let mut group = Self { aims, rows: Vec::new(), misses: Vec::new() };
        let mut rows: Vec<String> = asked.iter().flat_map(|one| one.rows.iter().cloned()).collect();
        rows.sort();
        rows.dedup();
        for name in std::iter::once(format!("**{title}**")).chain(rows) {
            group.rows.push(Row { name, engine: Score::default(), baselines: Default::default() });
        }
        for one in asked {
            for row in &mut group.rows {
                if row.name.starts_with('*') || one.rows.contains(&row.name) {
                    row.engine.count(one.engine);
                    for (score, &outcome) in row.baselines.iter_mut().zip(&one.baselines) {
                        score.count(outcome);
                    }
                }
            }
            group.misses.extend(one.engine.wrong().map(|how| format!("MISS ({how}) {}", one.words)));
        }
        group
    }

    /// All cases of some groups in one row.
    fn together(title: &str, aims: Aims, groups: [&Self; 2]) -> Self {
        let mut all = Row { name: format!("**{title}**"), engine: Score::default(), baselines: Default::default() };
        for row in groups.into_iter().filter_map(|group| group.rows.first()) {
            all.engine.add(&row.engine);
            for (score, other) in all.baselines.iter_mut().zip(&row.baselines) {
                score.add(other);
            }
        }
        Self { aims, rows: vec![all], misses: Vec::new() }
    }
}

/// Every group.
pub fn all(cases: u64) -> Vec<Group> {
    let [faults, clean] = made::own(cases, Names::Known);
    let [second_faults, second_clean] = made::second(Names::Known);
    let both = Group::together("faults of both generators", AIMS, [&faults, &second_faults]);
    let mut groups = vec![faults, second_faults, both, files::group()];
    groups.extend(waves::group());
    groups.extend([clean, second_clean]);
    let (own, second) = (made::own(cases, Names::Unknown), made::second(Names::Unknown));
    groups.extend(own.into_iter().chain(second));
    groups
}

/// A folder of the corpus; where it is not, that is said.
fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(folder);
    if !path.is_dir() {
        println!("SKIPPED: {} is not there; set DETTRACE_CORPUS to the corpus", path.display());
        return None;
    }
    Some(path)
}
