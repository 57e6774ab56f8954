//! Opening a pack and comparing its sides: what a load job does, and what comes of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::control::Plots;
use super::folders::Folders;
use super::pair::Laid;
use super::requests::Chart;
use super::sidecar::{self, Sidecar};
use super::state::Request;
use super::view_file::{self, View};
use crate::analyse::{
    Analysis, Control, Envelope, FirstAnswer, Progress, Session, Stage, Survey, Trouble, find_events,
};
use crate::jobs::Handle;
use crate::notes::{Bookmark, Notes};
use crate::pack::{self, Candidate, Found, OpenError, Overrides, Pack, SampledRuns};
use crate::trace::{EventIndex, EventName, Sides};

/// What a load brought.
#[derive(Debug, Clone)]
pub enum Loaded {
    /// A pair or a lone trace, analysed.
    Ready(Arc<Analysis>, Laid, Box<Kept>),
    /// Two windows of requests, compared.
    Requests(Arc<Survey>, Box<Chart>),
    /// A control loop, diagnosed.
    Control(Arc<Control>, Arc<Plots>),
    /// The reference plant, which only a view file opens.
    Plant,
    /// Several recordings; a person must choose.
    Choose {
        /// The pack without sides.
        pack: Box<Pack>,
        /// What there is.
        candidates: Vec<Candidate>,
        /// Why it is not clear.
        why: String,
    },
}

/// What a person keeps about the pair, and where its events are now.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The notes, for a pair that was just opened; the sides as they are shown.
    pub notes: Notes,
    /// Where the events of bookmarks were found.
    pub found: Vec<(EventName, Option<EventIndex>)>,
    /// What is wrong with the file of the notes, as a sentence.
    pub trouble: Option<String>,
}

/// Why a load brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Sentences for a person.
    pub text: String,
    /// What a developer wants to know, if there is more.
    pub detail: Option<String>,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { text: trouble.to_string(), detail: None }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self { text: error.to_string(), detail: None }
    }
}

/// The end of a load.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was asked for.
    pub request: Request,
    /// True when it belongs among the recent packs; a built-in sample does not.
    pub remember: bool,
    /// For a view file: what it opens, and what is to be seen of it.
    pub view: Option<Box<(Request, View)>>,
    /// What came of it.
    pub result: Result<Loaded, Failure>,
}

/// The first rows of what is loaded.
pub type FirstRows = (Arc<Analysis>, Laid);

/// Shows the first rows of what is loaded while the rest of it is read.
#[derive(Debug, Clone)]
pub struct Shows {
    /// From so many bytes of both sides on: what is read in a moment is not to flash by.
    pub from: u64,
    /// Where they go.
    pub to: Sender<FirstRows>,
}

/// Tells a session's progress to the job's owner.
struct Teller<'a> {
    handle: &'a Handle,
    shows: Option<&'a Shows>,
}

impl<'a> Teller<'a> {
    /// Shows nothing but progress.
    const fn new(handle: &'a Handle) -> Self {
        Self { handle, shows: None }
    }
}

impl Progress for Teller<'_> {
    fn step(&self, stage: Stage, done: u64, total: u64) {
        self.handle.step(stage.word(), done, total);
    }

    fn first(&self, answer: &FirstAnswer) {
        self.handle.first(&answer.headline);
    }

    fn wants_rows(&self, bytes: u64) -> bool {
        self.shows.is_some_and(|shows| bytes >= shows.from)
    }

    fn rows(&self, rows: Analysis) {
        let Some(shows) = self.shows else { return };
        // Of so few events nobody asks how they spread.
        let laid = Laid::without_graph(&rows);
        // Whoever does not want them any more has dropped the other end.
        let _nobody = shows.to.send((Arc::new(rows), laid));
        self.handle.wake();
    }

    fn cancelled(&self) -> bool {
        self.handle.is_cancelled()
    }
}

/// What a request for a view file opens, and what is to be seen of it; `None` for any other request.
///
/// # Errors
/// When the file cannot be read or understood.
pub fn view_of(request: &Request) -> Result<Option<(Request, View)>, Failure> {
    let [path] = request.paths.as_slice() else { return Ok(None) };
    if !view_file::is_one(path) {
        return Ok(None);
    }
    let (named, view) = view_file::read(path).map_err(|text| Failure { text, detail: None })?;
    Ok(Some((Request { sides: request.sides.clone().or_else(|| named.sides.clone()), ..named }, view)))
}

/// Opens what is requested and compares it. Runs in a job. A pair that is open already brings its `notes` along, with the
/// sides as the request shows them; else they are read from their file. Long recordings of events show their first rows first.
///
/// # Errors
/// When it cannot be opened, or the job is cancelled.
pub fn load(
    request: &Request,
    notes: Option<Notes>,
    folders: Option<&Folders>,
    handle: &Handle,
    shows: Option<&Shows>,
) -> Result<Loaded, Failure> {
    handle.step("Opening", 0, 0);
    let asked = request.overrides.as_deref().and_then(|overrides| overrides.signals);
    if pack::signals_first(&request.paths, asked)?
        && let Some(loaded) = signals(request, asked, handle)?
    {
        return Ok(loaded);
    }
    if request.sides.is_none()
        && let Some(windows) = pack::windows(&request.paths, &request.baselines)?
    {
        let windows = if request.swapped { windows.swapped() } else { windows };
        let survey = Survey::new(&windows, &Teller::new(handle))?;
        handle.step("Laying out", 0, 0);
        let chart = Chart::new(&survey);
        return Ok(Loaded::Requests(Arc::new(survey), Box::new(chart)));
    }
    if request.sides.is_none()
        && let [expected, actual] = request.paths.as_slice()
    {
        let [first, second] = if request.swapped { [actual, expected] } else { [expected, actual] };
        if let Some(sides) = pack::metrics(&[first.clone(), second.clone()])? {
            let survey = Survey::of_metrics(&sides, &Teller::new(handle))?;
            handle.step("Laying out", 0, 0);
            let chart = Chart::new(&survey);
            return Ok(Loaded::Requests(Arc::new(survey), Box::new(chart)));
        }
    }
    if let Some(loaded) = signals(request, asked, handle)? {
        return Ok(loaded);
    }
    if request.sides.is_none()
        && let Some((good, run)) = pack::good_runs(&request.paths)
    {
        let analysis = by_good_runs(request, good, run, handle)?;
        return Ok(ready(analysis, request, notes, folders, handle));
    }
    let found = pack::open(&request.paths)?;
    let mut pack = match (&request.sides, found) {
        (None, Found::Ready(pack)) => *pack,
        (None, Found::Choose { pack, candidates, why }) => return Ok(Loaded::Choose { pack, candidates, why }),
        (Some([expected, actual]), found) => pack::select(&found, expected.as_deref(), actual.as_deref())?,
    };
    if let Some(overrides) = &request.overrides {
        pack.overrides = (**overrides).clone();
    }
    if let Some(pair) = pack::sampled(&pack.sides, pack.overrides.signals) {
        let runs = SampledRuns { pairs: vec![pair], overrides: pack.overrides, warnings: pack.warnings };
        return control(request, runs, handle);
    }
    if request.swapped {
        let Sides { expected, actual } = pack.sides;
        pack.sides = Sides::new(actual, expected);
        pack.overrides.exchange();
    }
    let analysis = Session::new(pack).run(&Teller { handle, shows })?;
    Ok(ready(analysis, request, notes, folders, handle))
}

fn ready(
    analysis: Analysis,
    request: &Request,
    notes: Option<Notes>,
    folders: Option<&Folders>,
    handle: &Handle,
) -> Loaded {
    handle.step("Laying out", 0, 0);
    let laid = Laid::new(&analysis, &|| !handle.is_cancelled());
    let kept = kept(request, notes, folders, &analysis);
    Loaded::Ready(Arc::new(analysis), laid, Box::new(kept))
}

/// Judges a run by the good runs in a folder.
fn by_good_runs(request: &Request, good: &Path, run: &Path, handle: &Handle) -> Result<Analysis, Failure> {
    let says = |text: &str| Failure { text: text.to_owned(), detail: None };
    if request.swapped {
        return Err(says("Several good runs are what is expected, and no run that could be judged. Swap back."));
    }
    let overrides = request.overrides.as_deref().cloned().unwrap_or_default();
    if !overrides.pairs.is_empty() {
        return Err(says(
            "Which events are the same is decided for one baseline, and the most usual of several may be another. Open it \
             and the run as a pair for that.",
        ));
    }
    let run = pack::recording(run)?;
    let mut runs = pack::runs(&[good.to_path_buf()])?;
    runs.leave_out(&run);
    Ok(Envelope::learn(runs, &overrides, &Teller::new(handle))?.judge(&run, &Teller::new(handle))?)
}

/// What sampled runs bring: those that were chosen, or all, of which a person must choose where there are several. `None` where
/// there are none.
fn signals(request: &Request, asked: Option<bool>, handle: &Handle) -> Result<Option<Loaded>, Failure> {
    let Some(runs) = pack::samples(&request.paths, asked)? else { return Ok(None) };
    let runs = match &request.sides {
        None => runs,
        Some([expected, actual]) => match runs.choose(expected.as_deref(), actual.as_deref()) {
            Some(chosen) => chosen,
            None => return Ok(None),
        },
    };
    if runs.pairs.len() > 1 {
        let why = format!("There are {} runs beside the baseline.", runs.pairs.len());
        let (pack, candidates) = runs.offered(&request.paths[0]);
        return Ok(Some(Loaded::Choose { pack: Box::new(pack), candidates, why }));
    }
    control(request, runs, handle).map(Some)
}

/// Diagnoses a control loop, and prepares what can be drawn of it.
fn control(request: &Request, runs: SampledRuns, handle: &Handle) -> Result<Loaded, Failure> {
    let SampledRuns { mut pairs, overrides, warnings } = runs;
    let pair = pairs.pop().unwrap_or_default();
    // Whether signals are wanted replaces nothing that was saved.
    let only = Overrides { signals: Some(true), ..Overrides::default() };
    let overrides = request.overrides.as_deref().filter(|decided| **decided != only).unwrap_or(&overrides);
    let pair = if request.swapped && pair.expected.is_some() { pair.swapped() } else { pair };
    let control = Control::new(pair, overrides, warnings, &Teller::new(handle))?;
    handle.step("Laying out", 0, 0);
    let plots = Plots::new(&control);
    Ok(Loaded::Control(Arc::new(control), Arc::new(plots)))
}

fn kept(request: &Request, notes: Option<Notes>, folders: Option<&Folders>, analysis: &Analysis) -> Kept {
    let (notes, trouble) = notes.map_or_else(
        || {
            let sidecar = Sidecar::of(&request.paths, sidecar::on_disk(&analysis.pack), folders);
            let (notes, trouble) = sidecar.read();
            (if request.swapped { notes.exchanged() } else { notes }, trouble)
        },
        |notes| (notes, None),
    );
    let names: Vec<&EventName> = notes.bookmarks.iter().flat_map(Bookmark::names).collect();
    let found = names.iter().copied().cloned().zip(find_events(analysis, &names)).collect();
    Kept { notes, found, trouble }
}
