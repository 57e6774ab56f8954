//! Following what is read as a whole: waveforms, control loops, runs that are judged by good ones. All of it is read anew when
//! its files rest, and often enough while they never do.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::follow::{Burst, ENDS};
use super::{Answer, Grown};
use crate::analyse::{Analysis, Control, Rebuilt};
use crate::app::load::{self, Loaded};
use crate::app::pair::Pair;
use crate::app::state::{Page, Request};
use crate::compare::{Standing, Verdict};
use crate::jobs::Handle;
use crate::notes::Notes;
use crate::pack::{Source, Stamp};
use crate::trace::{Side, Sides};

/// How much was read, and how the files looked.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// Events or samples of each side.
    came: Sides<u64>,
    files: BTreeMap<PathBuf, Stamp>,
}

impl Read {
    /// What a page was read from.
    pub fn of(page: &Page) -> Self {
        match page {
            Page::Pair(pair) => Self::of_pair(pair.analysis()),
            Page::Control(page) => Self::of_control(page.recorded().control()),
            Page::Home | Page::Choose(_) | Page::Requests(_) | Page::Watching(_) | Page::Failed(_) => Self::default(),
        }
    }

    fn of_pair(analysis: &Analysis) -> Self {
        let sources = Side::BOTH.into_iter().filter_map(|side| analysis.sides[side].as_ref());
        let came = analysis.events().map(u64::from);
        Self { came, files: sources.flat_map(|events| events.recording.source.stamps()).collect() }
    }

    fn of_control(control: &Control) -> Self {
        let longest = |side: Side| control.samples[side].axes.iter().map(|axis| axis.times.len() as u64).max();
        let came = Sides::new(Side::Expected, Side::Actual).map(|side| longest(side).unwrap_or(0));
        Self { came, files: control.files().flat_map(Source::stamps).collect() }
    }

    /// What became of it: how much came, and what happened to a file beside that it grew.
    fn until(&self, now: &Self) -> (u64, Option<Rebuilt>) {
        let more = |side: Side| now.came[side].saturating_sub(self.came[side]);
        let became = |(path, now): (&PathBuf, &Stamp)| match self.files.get(path)? {
            before if before.file != now.file => Some(Rebuilt::Replaced),
            before if before.size > now.size => Some(Rebuilt::Cut),
            before if before.size == now.size && before != now => Some(Rebuilt::Rewritten),
            _ => None,
        };
        (more(Side::Expected) + more(Side::Actual), now.files.iter().find_map(became))
    }
}

/// What reads the files of a tab anew.
pub struct Anew {
    request: Request,
    read: Read,
    burst: Burst,
    /// When the files changed last, while more may come to what ends early.
    changed: Option<Instant>,
    verdict: Option<Verdict>,
}

impl Anew {
    /// For what a request opened, of which so much was read.
    pub fn new(request: Request, read: Read) -> Self {
        Self { request: request.absolute(), read, burst: Burst::default(), changed: None, verdict: None }
    }

    /// Reads the files again when it is time for that, after they were `touched` or not. What is to be told, and when the next
    /// round is due.
    pub fn round(&mut self, touched: bool, notes: Option<Notes>, handle: &Handle) -> (Option<Grown>, Option<Duration>) {
        let now = Instant::now();
        if touched {
            self.burst.touched(now);
        }
        let mut news = None;
        if self.burst.wait(now) == Some(Duration::ZERO) {
            news = self.again(notes, handle, now);
        } else if self.changed.take_if(|at| now >= *at + ENDS).is_some() {
            news = Some(self.standing());
        }
        let now = Instant::now();
        let ends = self.changed.map(|at| (at + ENDS).saturating_duration_since(now));
        (news, [self.burst.wait(now), ends].into_iter().flatten().min())
    }

    /// How it stands.
    fn standing(&self) -> Grown {
        let standing = Standing { verdict: self.verdict, ..Standing::default() };
        Grown { standing, waits: self.changed.is_some(), ..Grown::default() }
    }

    fn again(&mut self, notes: Option<Notes>, handle: &Handle, now: Instant) -> Option<Grown> {
        let loaded = load::load(&self.request, notes, None, handle, None);
        if handle.is_cancelled() {
            return None;
        }
        let touched = self.burst.begun();
        self.burst.over(Instant::now(), now.elapsed());
        let (read, answer, verdict, partial) = match loaded {
            Ok(Loaded::Ready(analysis, laid, kept)) => {
                let (verdict, partial) = (analysis.comparison.verdict, analysis.partial);
                let read = Read::of_pair(&analysis);
                let pair = Box::new(Pair::new(analysis, laid));
                (read, Answer::Pair { pair, found: kept.found }, verdict, partial)
            }
            Ok(Loaded::Control(control, plots)) => {
                let (verdict, partial) = (control.diagnosis.verdict, control.warnings.partial());
                (Read::of_control(&control), Answer::Control(control, plots), verdict, partial)
            }
            Ok(Loaded::Requests(..) | Loaded::Plant | Loaded::Choose { .. }) => {
                return Some(self.trouble("What is on disk now is something else. Press F5 to open it.".to_owned()));
            }
            Err(failure) => return Some(self.trouble(failure.text)),
        };
        let (came, anew) = self.read.until(&read);
        (self.read, self.verdict) = (read, Some(verdict));
        // What ends early may go on.
        self.changed = touched.filter(|_| partial || verdict == Verdict::Truncated);
        Some(Grown { came, anew, answer: Some(Box::new(answer)), ..self.standing() })
    }

    fn trouble(&mut self, why: String) -> Grown {
        self.changed = None;
        Grown { trouble: Some(why), ..self.standing() }
    }
}
