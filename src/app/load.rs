//! Opening a pack and comparing its sides: what a load job does, and what comes of it.

use std::sync::Arc;

use super::control::Plots;
use super::folders::Folders;
use super::pair::{Laid, Saved};
use super::requests::Chart;
use super::sidecar::{self, Sidecar};
use super::state::Request;
use super::view_file;
use crate::analyse::{Analysis, Control, FirstAnswer, Progress, Session, Stage, Survey, Trouble, find_events};
use crate::jobs::Handle;
use crate::notes::{Bookmark, Notes};
use crate::pack::{self, Candidate, Found, OpenError, Overrides, Pack, Sampled};
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
    /// For a view file: what it opened, and what is to be seen of it.
    pub view: Option<(Request, Saved)>,
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
    /// What came of it.
    pub result: Result<Loaded, Failure>,
}

/// Tells a session's progress to the job's owner.
struct Teller<'a>(&'a Handle);

impl Progress for Teller<'_> {
    fn step(&self, stage: Stage, done: u64, total: u64) {
        self.0.step(stage.word(), done, total);
    }

    fn first(&self, answer: &FirstAnswer) {
        self.0.first(&answer.headline);
    }

    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// Opens what is requested and compares it. Runs in a job. A pair that is open already brings its `notes` along, with the
/// sides as the request shows them; else they are read from their file.
pub fn load(
    request: &Request,
    notes: Option<Notes>,
    folders: Option<&Folders>,
    handle: &Handle,
) -> Result<Loaded, Failure> {
    handle.step("Opening", 0, 0);
    let mut request = request.clone();
    let mut view = None;
    if let [path] = request.paths.as_slice()
        && view_file::is_one(path)
    {
        let (named, saved) = view_file::read(path).map_err(|text| Failure { text, detail: None })?;
        request = Request { sides: request.sides.or_else(|| named.sides.clone()), ..named };
        view = Some((request.clone(), saved));
    }
    let request = &request;
    if request.sides.is_none()
        && let Some(windows) = pack::windows(&request.paths, &request.baselines)?
    {
        let windows = if request.swapped { windows.swapped() } else { windows };
        let survey = Survey::new(&windows, &Teller(handle))?;
        handle.step("Laying out", 0, 0);
        let chart = Chart::new(&survey);
        return Ok(Loaded::Requests(Arc::new(survey), Box::new(chart)));
    }
    if request.sides.is_none()
        && let [expected, actual] = request.paths.as_slice()
    {
        let [first, second] = if request.swapped { [actual, expected] } else { [expected, actual] };
        if let Some(sides) = pack::metrics(&[first.clone(), second.clone()])? {
            let survey = Survey::of_metrics(&sides, &Teller(handle))?;
            handle.step("Laying out", 0, 0);
            let chart = Chart::new(&survey);
            return Ok(Loaded::Requests(Arc::new(survey), Box::new(chart)));
        }
    }
    if request.sides.is_none()
        && let Some(pairs) = pack::samples(&request.paths)?
    {
        let count = pairs.len();
        let [pair] = <[_; 1]>::try_from(pairs).map_err(|_pairs| Failure {
            text: format!("There are {count} runs beside the baseline. Open the baseline and one of them."),
            detail: None,
        })?;
        let overrides = request.overrides.as_deref().cloned().unwrap_or_default();
        return control(request, pair, &overrides, handle);
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
    if let Some(pair) = pack::sampled(&pack.sides) {
        return control(request, pair, &pack.overrides, handle);
    }
    if request.swapped {
        let Sides { expected, actual } = pack.sides;
        pack.sides = Sides::new(actual, expected);
        pack.overrides.exchange();
    }
    let analysis = Session::new(pack).run(&Teller(handle))?;
    handle.step("Laying out", 0, 0);
    let laid = Laid::new(&analysis, &|| !handle.is_cancelled());
    let kept = Kept { view, ..kept(request, notes, folders, &analysis) };
    Ok(Loaded::Ready(Arc::new(analysis), laid, Box::new(kept)))
}

/// Diagnoses a control loop, and prepares what can be drawn of it.
fn control(
    request: &Request,
    pair: Sides<Option<Sampled>>,
    overrides: &Overrides,
    handle: &Handle,
) -> Result<Loaded, Failure> {
    let pair = if request.swapped && pair.expected.is_some() { pair.swapped() } else { pair };
    let control = Control::new(pair, overrides, &[], &Teller(handle))?;
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
    Kept { notes, found, trouble, view: None }
}
