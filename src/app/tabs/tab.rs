//! One tab: what was opened in it, what is being opened, and what belongs to that alone.

use serde::{Deserialize, Serialize};

use crate::app::control::{ControlPage, SeenControl};
use crate::app::growth::Growth;
use crate::app::history::History;
use crate::app::pair::{Pair, Saved};
use crate::app::requests::{RequestsPage, SeenRequests};
use crate::app::state::{Loading, Page, Request};
use crate::app::watching::{SeenWatching, Watching};
use crate::compare::Verdict;
use crate::trace::{Side, grouped};

/// Names a tab as long as the program runs; no other gets the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TabId(pub(super) u64);

/// What was opened in one tab, and everything that goes with it when it is closed.
#[derive(Debug)]
pub struct Tab {
    /// Its name.
    pub id: TabId,
    /// What fills it.
    pub page: Page,
    /// What was opened to get there, for reloading.
    pub open: Option<Request>,
    /// The load in progress.
    pub loading: Option<Loading>,
    /// Names of opened recordings that changed on disk since they were read.
    pub changed: Vec<String>,
    /// How the files of the opened pair go on, where they are followed.
    pub growth: Growth,
    /// What was seen of it when it was read the other way, as events or as signals.
    pub(in crate::app) otherwise: Otherwise,
    /// What a person authored about the opened pair, step by step.
    pub history: History,
    /// What is being exported, in words such as `Cutting a slice`.
    pub exporting: Option<&'static str>,
    /// The tab that was in front when this one was made for a load; cancelling the load goes back there.
    pub(in crate::app) from: Option<TabId>,
}

/// What was last seen of the same recordings as events, and as signals.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::app) struct Otherwise {
    pub events: Option<Saved>,
    pub signals: Option<SeenControl>,
}

/// How it stands with what is open in a tab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// The home page.
    Home,
    /// It was open before a restart, and is read when it is looked at.
    Waits,
    /// It is being read and compared; how much of the stage is done, 0 to 1, where that is known.
    Loading(Option<f32>),
    /// A person has to say which recording is which side.
    Choose,
    /// It could not be opened.
    Failed,
    /// It was compared.
    Ready(Verdict),
    /// It is watched, and so many of its runs failed.
    Watching(u64),
}

impl Standing {
    /// In words; empty for the home page.
    pub fn words(self) -> String {
        match self {
            Self::Home => String::new(),
            Self::Waits => "not read yet".to_owned(),
            Self::Loading(None) => "loading".to_owned(),
            Self::Loading(Some(share)) => format!("loading, {:.0} %", share * 100.0),
            Self::Choose => "sides to be chosen".to_owned(),
            Self::Failed => "could not be opened".to_owned(),
            Self::Ready(verdict) => verdict.word().to_owned(),
            Self::Watching(0) => "watched".to_owned(),
            Self::Watching(failed) => format!("watched, {} failed", grouped(failed)),
        }
    }
}

/// A tab as it is remembered after it was closed, and over a restart. The home page has no paths.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptTab {
    /// What it was called.
    pub title: String,
    /// How to open it again.
    pub request: Request,
    /// What was seen of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Saved>,
    /// The same of two windows of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_requests: Option<SeenRequests>,
    /// The same of a control loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_control: Option<SeenControl>,
    /// The same of a watched folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_watching: Option<SeenWatching>,
}

impl Tab {
    /// The home page.
    pub(super) fn new(id: TabId) -> Self {
        Self {
            id,
            page: Page::Home,
            open: None,
            loading: None,
            changed: Vec::new(),
            growth: Growth::default(),
            otherwise: Otherwise::default(),
            history: History::default(),
            exporting: None,
            from: None,
        }
    }

    /// The load that covers the page, if one does.
    pub fn loading_page(&self) -> Option<&Loading> {
        self.loading.as_ref().filter(|loading| !loading.quiet)
    }

    /// The pair that is seen when the tab is in front, if one is.
    pub fn pair(&self) -> Option<&Pair> {
        match &self.page {
            Page::Pair(pair) if self.loading_page().is_none() => Some(pair),
            _ => None,
        }
    }

    /// The windows of requests that are seen when the tab is in front, if they are.
    pub fn requests(&self) -> Option<&RequestsPage> {
        match &self.page {
            Page::Requests(page) if self.loading_page().is_none() => Some(page),
            _ => None,
        }
    }

    /// True when what is open is telemetry, which is read again as a whole when it changes on disk.
    pub fn is_telemetry(&self) -> bool {
        match &self.page {
            Page::Requests(_) => true,
            Page::Pair(pair) => {
                let sides = &pair.analysis().sides;
                Side::BOTH.into_iter().filter_map(|side| sides[side].as_ref()).any(|of| of.recording.source.is_told())
            }
            Page::Home | Page::Choose(_) | Page::Failed(_) | Page::Control(_) | Page::Watching(_) => false,
        }
    }

    /// The opened pair, also where a load covers it.
    pub(in crate::app) fn pair_behind(&self) -> Option<&Pair> {
        if let Page::Pair(pair) = &self.page { Some(pair) } else { None }
    }

    /// True for what is followed on disk as it grows: an opened pair or control loop. Telemetry is loaded again instead.
    pub fn grows(&self) -> bool {
        match &self.page {
            Page::Pair(_) => !self.is_telemetry(),
            Page::Control(_) => self.open.is_some(),
            Page::Home | Page::Choose(_) | Page::Requests(_) | Page::Watching(_) | Page::Failed(_) => false,
        }
    }

    /// True where what is appended is taken in by itself: events that one run is compared with another by. Of all else that
    /// grows, everything is read anew.
    pub fn appends(&self) -> bool {
        let of_events = |pair: &Pair| pair.analysis().waveform.is_none() && pair.analysis().envelope.is_none();
        self.pair_behind().is_some_and(of_events) && self.grows()
    }

    /// True when there is a graph of places to be seen.
    pub fn has_graph(&self) -> bool {
        self.requests().is_some() || self.pair().is_some_and(|pair| pair.spread().is_some())
    }

    /// The control loop that is seen when the tab is in front, if one is.
    pub fn control(&self) -> Option<&ControlPage> {
        match &self.page {
            Page::Control(page) if self.loading_page().is_none() => Some(page),
            _ => None,
        }
    }

    /// The watched folder that is seen when the tab is in front, if one is.
    pub fn watching(&self) -> Option<&Watching> {
        match &self.page {
            Page::Watching(page) if self.loading_page().is_none() => Some(page),
            _ => None,
        }
    }

    /// True for the home page, as long as nothing is going to take its place.
    pub fn is_home(&self) -> bool {
        matches!(self.page, Page::Home) && self.loading.is_none()
    }

    /// True when nothing is lost by opening something else here: neither a pair, windows of requests, a control loop, a watched
    /// folder nor a load.
    pub(in crate::app) fn is_free(&self) -> bool {
        let kept = matches!(self.page, Page::Pair(_) | Page::Requests(_) | Page::Control(_) | Page::Watching(_));
        !kept && self.loading.is_none()
    }

    /// What was asked for last: what is being opened, is open, or could not be.
    pub fn wanted(&self) -> Option<&Request> {
        let here = match &self.page {
            Page::Failed(failed) => Some(&failed.request),
            Page::Choose(choose) => Some(&choose.request),
            Page::Watching(page) => Some(page.request()),
            Page::Home | Page::Pair(_) | Page::Requests(_) | Page::Control(_) => self.open.as_ref(),
        };
        let request = self.loading.as_ref().map(|loading| &loading.request).or(here);
        request.filter(|request| !request.paths.is_empty())
    }

    /// What it is called: the title of the pack once that is known, until then what was asked for.
    pub fn title(&self) -> String {
        match (&self.page, self.loading_page()) {
            (_, Some(loading)) => match &loading.before {
                Some(before) if !before.title.is_empty() => before.title.clone(),
                _ => loading.request.label(),
            },
            (Page::Home, None) => "Home".to_owned(),
            (Page::Choose(choose), None) => choose.pack.title.clone(),
            (Page::Pair(pair), None) => pair.analysis().pack.title.clone(),
            (Page::Requests(page), None) => page.title().to_owned(),
            (Page::Control(page), None) => page.title().to_owned(),
            (Page::Watching(page), None) => page.request().label(),
            (Page::Failed(failed), None) => failed.request.label(),
        }
    }

    /// How it stands with what is open.
    pub fn standing(&self) -> Standing {
        match (&self.loading, &self.page) {
            (Some(loading), _) if loading.waits() => Standing::Waits,
            (Some(loading), _) => Standing::Loading(loading.share()),
            (None, Page::Home) => Standing::Home,
            (None, Page::Choose(_)) => Standing::Choose,
            (None, Page::Failed(_)) => Standing::Failed,
            (None, Page::Pair(pair)) => Standing::Ready(pair.analysis().comparison.verdict),
            (None, Page::Requests(page)) => Standing::Ready(page.verdict()),
            (None, Page::Control(page)) => Standing::Ready(page.verdict()),
            (None, Page::Watching(page)) if page.how().is_none() => Standing::Waits,
            (None, Page::Watching(page)) => Standing::Watching(page.failed()),
        }
    }

    /// What is remembered of it; nothing of the home page.
    pub fn kept(&self) -> Option<KeptTab> {
        let request = self.wanted()?.clone();
        let seen = match (&self.page, self.loading_page()) {
            (_, Some(loading)) => loading.before.as_ref().and_then(|before| before.seen.clone()),
            (Page::Pair(pair), None) => Some(pair.saved_place()),
            _ => None,
        };
        let seen_requests = match (&self.page, self.loading_page()) {
            (_, Some(loading)) => loading.before.as_ref().and_then(|before| before.seen_requests.clone()),
            (Page::Requests(page), None) => Some(page.seen()),
            _ => None,
        };
        let seen_control = match (&self.page, self.loading_page()) {
            (_, Some(loading)) => loading.before.as_ref().and_then(|before| before.seen_control.clone()),
            (Page::Control(page), None) => Some(page.seen()),
            _ => None,
        };
        let seen_watching = match (&self.page, self.loading_page()) {
            (_, Some(loading)) => loading.before.as_ref().and_then(|before| before.seen_watching.clone()),
            (Page::Watching(page), None) => Some(page.seen()),
            _ => None,
        };
        Some(KeptTab { title: self.title(), request, seen, seen_requests, seen_control, seen_watching })
    }

    /// Waits for what was open before, until somebody looks at it.
    pub(super) fn wait_for(&mut self, kept: KeptTab) {
        if !kept.request.paths.is_empty() {
            let request = kept.request.clone();
            self.loading = Some(Loading { before: Some(Box::new(kept)), ..Loading::new(request, false) });
        }
    }
}
