//! `dettrace compare`: the same answer as the window's, for a terminal, CI and other programs.

use std::sync::OnceLock;

use super::args::{Compare, Decisions, Format};
use super::{Exit, Stop, control, envelope, fields, open, output, save};
use crate::analyse::{Analysis, FirstAnswer, Population, Progress, Session, Stage, Trouble};
use crate::compare::Verdict;
use crate::pack;
use crate::report;
use crate::spec::{Overrides, Spec};
use crate::trace::escape;

pub(super) const PARTIAL: &str =
    "The answer is partial: not everything was read, as the warnings say. --allow-partial accepts it as it is.";

/// Compares what was typed and tells the answer.
pub fn run(mut args: Compare) -> Result<Exit, Stop> {
    // As in the window, a folder of good runs is what is expected.
    if let Some((good, run)) = pack::good_runs(&args.inputs.paths) {
        let (good, run) = (good.to_path_buf(), run.to_path_buf());
        args.baseline.insert(0, good);
        args.inputs.paths = vec![run];
    }
    let args = &args;
    if let Some(runs) = control::named_first(&args.inputs)? {
        return control::compare(args, runs);
    }
    if let Some(windows) = pack::windows(&args.inputs.paths, &args.baseline)? {
        return requests(args, || Population::new(&windows, &()));
    }
    if let Some(sides) = pack::metrics(&args.inputs.paths)? {
        if let Some(more) = args.baseline.first() {
            return Err(Stop(format!(
                "{}: Tables of metrics are compared with one baseline only. Leave --baseline out.",
                escape(&more.to_string_lossy())
            )));
        }
        return requests(args, || Population::of_metrics(&sides, &()));
    }
    if let Some(run) = control::named(&args.inputs)? {
        return control::compare(args, run);
    }
    let mut pack = open::open(&args.inputs, "compare")?;
    if let Some(runs) = control::of_pack(&pack, &args.inputs) {
        return control::compare(args, runs);
    }
    fields::decide(&mut pack.overrides, &args.decisions);
    let decided = pack.overrides.clone();
    save::check(args, &decided)?;
    if !args.baseline.is_empty() {
        let analysis = envelope::judge(args, &pack)?;
        check_fields(&args.decisions, &analysis)?;
        save::save(args, &decided)?.iter().for_each(|saved| output::say(saved));
        output::deliver(told(args, &analysis).as_bytes(), args.output.as_deref())?;
        return Ok(exit(&analysis, args.allow_partial));
    }
    let watcher = Watcher { args, refused: OnceLock::new(), first: OnceLock::new() };
    let outcome = Session::new(pack).run(&watcher);
    if let Some(stop) = watcher.refused.into_inner() {
        return Err(stop);
    }
    let analysis = match outcome {
        Ok(analysis) => analysis,
        Err(Trouble::Cancelled) => match watcher.first.into_inner() {
            Some(Ok(())) => {
                save::save(args, &decided)?.iter().for_each(|saved| output::say(saved));
                return Ok(Exit::Differ);
            }
            Some(Err(stop)) => return Err(stop),
            None => return Err(Trouble::Cancelled.into()),
        },
        Err(trouble) => return Err(trouble.into()),
    };
    check_fields(&args.decisions, &analysis)?;
    // Before the answer: what cannot be done is told instead of one.
    save::save(args, &decided)?.iter().for_each(|saved| output::say(saved));
    let said_first = watcher.first.into_inner().transpose()?.is_some();
    if !said_first || args.output.is_some() {
        output::deliver(told(args, &analysis).as_bytes(), args.output.as_deref())?;
    }
    Ok(exit(&analysis, args.allow_partial))
}

/// Many requests against many.
fn requests(args: &Compare, compare: impl FnOnce() -> Result<Population, Trouble>) -> Result<Exit, Stop> {
    let mut decided = Overrides::default();
    fields::decide(&mut decided, &args.decisions);
    if decided != Overrides::default() || args.save_spec {
        return Err(Stop(
            "Whole windows of requests are compared here, which have no fields to decide about: leave --ignore, --compare and \
             the like out."
                .to_owned(),
        ));
    }
    let population = compare()?;
    let text = match args.format {
        Format::Text => report::population_text(&population),
        Format::Json => report::population_json(&population),
        Format::Markdown => report::population_markdown(&population),
    };
    output::deliver(text.as_bytes(), args.output.as_deref())?;
    if population.warnings.partial() && !args.allow_partial {
        output::say(PARTIAL);
        return Ok(Exit::Trouble);
    }
    Ok(match report::population_diverged(&population) {
        Some(true) => Exit::Differ,
        Some(false) => Exit::Good,
        None => Exit::Trouble,
    })
}

fn told(args: &Compare, analysis: &Analysis) -> String {
    match args.format {
        Format::Text => report::text(analysis, output::look(args.output.as_deref())),
        Format::Json => report::json(analysis),
        Format::Markdown => report::markdown(analysis),
    }
}

/// The exit code of an answer, with a word to the person where it is not the verdict's own.
fn exit(analysis: &Analysis, allow_partial: bool) -> Exit {
    if analysis.partial && !allow_partial {
        output::say(PARTIAL);
        return Exit::Trouble;
    }
    match analysis.comparison.verdict {
        Verdict::Identical | Verdict::Equivalent => Exit::Good,
        Verdict::Diverged | Verdict::Truncated => Exit::Differ,
        Verdict::Incomparable => Exit::Trouble,
    }
}

/// Nothing can be wrong with a field of a recording without events: its own message is the better one.
fn check_fields(typed: &Decisions, analysis: &Analysis) -> Result<(), Stop> {
    if analysis.spec.fields.is_empty() { Ok(()) } else { fields::check(typed, &analysis.spec) }
}

/// Sees to it that wrong fields are told before everything is read, and the first answer when it is known.
struct Watcher<'a> {
    args: &'a Compare,
    refused: OnceLock<Stop>,
    first: OnceLock<Result<(), Stop>>,
}

impl Watcher<'_> {
    fn tell(&self, answer: &FirstAnswer) -> Result<(), Stop> {
        let text = match self.args.format {
            Format::Json => report::json_first(answer),
            Format::Text | Format::Markdown => report::text_first(answer, output::look(None)),
        };
        output::deliver(text.as_bytes(), None)
    }
}

impl Progress for Watcher<'_> {
    fn step(&self, stage: Stage, done: u64, total: u64) {
        log::trace!("{} {done} of {total}", stage.word());
    }

    fn spec(&self, spec: &Spec) {
        if let Err(stop) = fields::check(&self.args.decisions, spec) {
            self.refused.get_or_init(|| stop);
        }
    }

    fn first(&self, answer: &FirstAnswer) {
        log::debug!("first answer: {}", answer.headline);
        if self.args.first && answer.first_difference.is_some() {
            self.first.get_or_init(|| self.tell(answer));
        }
    }

    fn wants_first(&self) -> bool {
        self.args.first
    }

    fn cancelled(&self) -> bool {
        self.refused.get().is_some() || (self.first.get().is_some() && self.args.output.is_none())
    }
}
