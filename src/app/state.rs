//! Everything the window knows. Drawing borrows it; only [`super::update::apply`] changes it.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::control::ControlPage;
use super::keymap::Keymap;
use super::layout::Layout;
use super::message::Messages;
use super::pair::Pair;
use super::recents::Recents;
use super::region::Region;
use super::requests::RequestsPage;
use super::settings::Settings;
use super::slicing::SliceForm;
use super::tabs::{KeptTab, Tab, TabId, Tabs};
use super::watching::{Plan, Watching};
use super::working::Workings;
use crate::jobs::Snapshot;
use crate::pack::{Candidate, Overrides, Pack};
use crate::trace::{Side, Sides};

/// What to open: the same request opens the same thing again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Request {
    /// A pack, or the expected and the actual recording.
    pub paths: Vec<PathBuf>,
    /// Further baselines, of windows of requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<PathBuf>,
    /// The selectors of the sides, where the pack holds several recordings and a person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sides: Option<[Option<String>; 2]>,
    /// True to exchange the sides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub swapped: bool,
    /// Decisions over the inferred spec that replace the pack's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Box<Overrides>>,
    /// How the path is watched, where it is to be followed instead of opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Box<Plan>>,
}

impl Request {
    /// A request to open these paths.
    pub fn paths(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { paths: paths.into_iter().collect(), ..Self::default() }
    }

    /// A request to watch a folder, or one recording.
    pub fn watch(path: PathBuf) -> Self {
        Self { watch: Some(Box::default()), ..Self::paths([path]) }
    }

    /// The same with whole paths, which mean the same wherever the program is started next.
    #[must_use]
    pub fn absolute(mut self) -> Self {
        for path in self.paths.iter_mut().chain(&mut self.baselines) {
            if let Ok(whole) = std::path::absolute(&path) {
                *path = whole;
            }
        }
        self
    }

    /// True when the other one opens the same pack. How its sides stand and what was decided about its fields is no
    /// matter of which pack it is.
    pub fn same_pack(&self, other: &Self) -> bool {
        let whole = |request: &Self| {
            let Self { paths, baselines, .. } = request.clone().absolute();
            (paths, baselines)
        };
        self.sides == other.sides && self.watch.is_some() == other.watch.is_some() && whole(self) == whole(other)
    }

    /// What it asks for, in a line: `expected.jsonl ⇄ actual.jsonl`.
    pub fn label(&self) -> String {
        let name = |path: &PathBuf| {
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
        };
        self.paths.iter().map(name).collect::<Vec<_>>().join(" ⇄ ")
    }
}

/// What fills a tab.
#[derive(Debug, Default)]
pub enum Page {
    /// Nothing is open.
    #[default]
    Home,
    /// The pack holds several recordings; a person says which is which.
    Choose(Box<Choose>),
    /// A pair (or a lone trace) is open.
    Pair(Box<Pair>),
    /// Two windows of requests are open.
    Requests(Box<RequestsPage>),
    /// A control loop is open.
    Control(Box<ControlPage>),
    /// A folder is watched.
    Watching(Box<Watching>),
    /// Opening failed.
    Failed(Failed),
}

/// A load in progress. The page it will replace stays in the tab, so cancelling is forgetting this.
#[derive(Debug)]
pub struct Loading {
    /// What is being opened.
    pub request: Request,
    /// The number of the job that does it, which no other load has; 0 before it is started.
    pub job: u64,
    /// How far it is.
    pub progress: Snapshot,
    /// Its first rows, while the rest is read.
    pub rows: Option<Box<Pair>>,
    /// True when a person went somewhere in them.
    pub moved: bool,
    /// True when the opened pair is only read or compared again: it stays on screen until the new answer is there.
    pub quiet: bool,
    /// What is remembered of it, where it was open before.
    pub before: Option<Box<KeptTab>>,
}

impl Loading {
    /// A load that was not started yet.
    pub fn new(request: Request, quiet: bool) -> Self {
        Self { request, job: 0, progress: Snapshot::default(), rows: None, moved: false, quiet, before: None }
    }

    /// True until its tab is looked at for the first time after a restart: only then it is started.
    pub const fn waits(&self) -> bool {
        self.job == 0
    }

    /// How much of the stage is done, 0 to 1, where that is known.
    pub fn share(&self) -> Option<f32> {
        let Snapshot { done, total, .. } = self.progress;
        (total > 0).then(|| (done as f64 / total as f64).clamp(0.0, 1.0) as f32)
    }
}

/// Which recording is which side.
#[derive(Debug)]
pub struct Choose {
    /// What was opened.
    pub request: Request,
    /// Title, notes and warnings of the pack.
    pub pack: Box<Pack>,
    /// What there is.
    pub candidates: Vec<Candidate>,
    /// Why it is not clear, as a sentence.
    pub why: String,
    /// The chosen candidates.
    pub chosen: Sides<Option<usize>>,
}

impl Choose {
    /// Offers candidates, with those chosen that well-known words name, each side once. A time never decides.
    pub fn new(request: Request, pack: Box<Pack>, candidates: Vec<Candidate>, why: String) -> Self {
        let hinted = |side| {
            let mut hits = candidates.iter().enumerate().filter(|(_, c)| c.hint == Some(side));
            let first = hits.next().map(|(at, _)| at);
            first.filter(|_| hits.next().is_none())
        };
        let chosen = Sides::new(hinted(Side::Expected), hinted(Side::Actual));
        Self { request, pack, candidates, why, chosen }
    }

    /// Makes candidate `at` the recording of `side`; what was the other side's is taken from there.
    pub fn choose(&mut self, side: Side, at: usize) {
        if self.chosen[side.other()] == Some(at) {
            self.chosen[side.other()] = None;
        }
        self.chosen[side] = Some(at);
    }

    /// The request that opens the chosen sides, or why it cannot be made.
    pub fn request(&self) -> Result<Request, &'static str> {
        let Sides { expected, actual } = self.chosen;
        let (Some(expected), Some(actual)) = (expected, actual) else {
            return Err("Choose one recording for each side.");
        };
        let name = |at: usize| self.candidates.get(at).map(|c| c.name.clone());
        Ok(Request { sides: Some([name(expected), name(actual)]), ..self.request.clone() })
    }
}

/// A load that failed.
#[derive(Debug)]
pub struct Failed {
    /// What was asked for.
    pub request: Request,
    /// Why it failed and what to do, in sentences.
    pub why: String,
    /// What a developer wants to know, if there is more.
    pub detail: Option<String>,
}

/// Dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the desktop says.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl ThemeChoice {
    /// Every choice, in the order the toggle goes.
    pub const ALL: [Self; 3] = [Self::System, Self::Dark, Self::Light];

    /// The word on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "As the desktop",
            Self::Dark => "Dark",
            Self::Light => "Light",
        }
    }

    /// The choice after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::System,
        }
    }
}

/// What lies over the page and has the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette {
        /// What was typed.
        query: String,
        /// Which of the hits is chosen.
        selected: usize,
    },
    /// The keys, from the command table.
    Help,
    /// What is seen in a region, its marks and keys; without one, in that which was looked at.
    Here(Option<Region>),
    /// A step of the tour, from 0.
    Tour(usize),
    /// What speaks against comparing the sides, what the input warned of, and all messages that are kept.
    Messages,
    /// A text field for a path.
    PastePath,
    /// What is to be redacted in a slice, and where it goes.
    Slice,
    /// Theme, size of text and the like.
    Settings,
    /// Version and licence.
    About,
}

/// What a file dialog is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// One pack: a file or an archive.
    Pack,
    /// Two files.
    TwoFiles,
    /// A folder.
    Folder,
    /// A folder to be watched.
    Watch,
    /// A recording to compare the runs of a watched folder with.
    Baseline,
    /// A view file to open.
    View,
    /// Where to save a view file.
    SaveView,
    /// A folder for a slice.
    Slice,
    /// Where to save a picture of the graph.
    Picture,
    /// Where to save the curves that are seen.
    Curves,
}

/// A file dialog that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// What it is asked for.
    pub ask: Ask,
    /// The tab that was in front: what it has is what is saved.
    pub tab: TabId,
}

/// Everything the window knows.
#[derive(Debug, Default)]
pub struct State {
    /// What is open, and which of it is in front.
    pub tabs: Tabs,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// The file dialog that is waited for.
    pub asking: Option<Asking>,
    /// True when the tour begins as soon as a pair is on screen.
    pub tour_due: bool,
    /// What a person decided about the window.
    pub settings: Settings,
    /// What stands where in the window.
    pub layout: Layout,
    /// The keys in force.
    pub keymap: Arc<Keymap>,
    /// What was opened before.
    pub recents: Recents,
    /// What went wrong or is worth saying.
    pub messages: Messages,
    /// What is said before a slice is exported.
    pub slice: SliceForm,
    /// What is typed into the path field.
    pub path_field: String,
    /// The last search and what it was made in; it is there again when that is opened again.
    pub last_search: Option<(Request, String)>,
    /// Breakpoints and filters of the pairs that were worked on last.
    pub workings: Workings,
    /// How many jobs were started to find something; the number of the last.
    pub finds: u64,
    /// How many loads were started; the number of the last.
    pub loads: u64,
    /// Set by a command that wants a text field to have the keyboard; taken back when it was drawn.
    pub focus: Option<Focus>,
    /// The first key of a sequence such as `g d`.
    pub prefix: Option<egui::Key>,
}

/// A text field that a command gave the keyboard to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The search field.
    Search,
    /// The path field.
    Path,
    /// The palette's field.
    Palette,
    /// The first field of a slice's form.
    Slice,
    /// The field that the timeline's lanes are filtered by.
    Lanes,
}

impl State {
    /// The tab in front.
    pub fn front(&self) -> &Tab {
        self.tabs.front()
    }

    /// The tab in front, to be changed.
    pub(super) fn front_mut(&mut self) -> &mut Tab {
        self.tabs.front_mut()
    }

    /// The load that covers the page, if one does.
    pub fn loading_page(&self) -> Option<&Loading> {
        self.front().loading_page()
    }

    /// The first rows of what is being opened, where the load that covers the page has some to show.
    pub fn first_rows(&self) -> Option<&Pair> {
        self.loading_page()?.rows.as_deref()
    }

    /// The pair on screen, if one is.
    pub fn pair(&self) -> Option<&Pair> {
        self.front().pair()
    }

    /// The windows of requests on screen, if they are.
    pub fn requests(&self) -> Option<&RequestsPage> {
        self.front().requests()
    }

    /// The control loop on screen, if one is.
    pub fn control(&self) -> Option<&ControlPage> {
        self.front().control()
    }

    /// The watched folder on screen, if one is.
    pub fn watching(&self) -> Option<&Watching> {
        self.front().watching()
    }

    /// The window's title.
    pub fn title(&self) -> String {
        let tab = self.front();
        if tab.is_home() { "DetTrace".to_owned() } else { format!("{} · DetTrace", tab.title()) }
    }
}
