//! How the files of an opened pair or control loop go on: what came since a person last looked, how the sides stand now, and the newest
//! answer where the view is held still.

mod anew;
mod follow;
mod since;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::control::Plots;
use super::pair::Pair;
use super::state::Page;
use crate::analyse::{Appended, Control, Rebuilt};
use crate::compare::{Standing, Verdict};
use crate::trace::{EventIndex, EventName, grouped};

pub use follow::Growers;

/// A whole answer of what was read so far, laid out and ready to be shown.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Of a pair.
    Pair {
        /// It as it would be opened.
        pair: Box<Pair>,
        /// Where the events of bookmarks are in it.
        found: Vec<(EventName, Option<EventIndex>)>,
    },
    /// Of a control loop, and what can be drawn of it.
    Control(Arc<Control>, Arc<Plots>),
}

/// What whoever follows the files tells.
#[derive(Debug, Clone, Default)]
pub struct Grown {
    /// Events or samples that came since it was told last, of both sides.
    pub came: u64,
    /// Why a side was read anew from its beginning, if one was.
    pub anew: Option<Rebuilt>,
    /// How the sides stand now.
    pub standing: Standing,
    /// True while events to come may change that.
    pub waits: bool,
    /// What came since the newest answer, event by event; `None` where that cannot be told.
    pub appended: Option<Arc<Appended>>,
    /// Why a side cannot be read now, as a sentence.
    pub trouble: Option<String>,
    /// The whole answer, when it is time for one.
    pub answer: Option<Box<Answer>>,
}

/// How the files of a tab go on.
#[derive(Debug, Default)]
pub struct Growth {
    /// The load that brought what is open; what is told about an earlier one is dropped.
    number: u64,
    paused: bool,
    /// How often something was told.
    told: u32,
    unseen: u64,
    verdict: Option<Verdict>,
    waits: bool,
    anew: Option<Rebuilt>,
    trouble: Option<String>,
    /// Events that came since the newest answer.
    pending: u64,
    /// What these were.
    appended: Option<Arc<Appended>>,
    /// The newest answer, where the view is held.
    held: Option<Box<Answer>>,
    /// A person asked for what came before its rows were there.
    wanted: bool,
}

impl Growth {
    /// That of what a load brought.
    pub(super) fn of(number: u64, before: &Self) -> Self {
        Self { number, paused: before.paused, ..Self::default() }
    }

    /// The load that brought what is open.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// True while nothing is looked at.
    pub const fn paused(&self) -> bool {
        self.paused
    }

    /// Events or samples that came since a person last asked for them.
    pub const fn unseen(&self) -> u64 {
        self.unseen
    }

    /// What makes the verdict less than final: `waiting for more`.
    pub fn states(&self, shown: Verdict) -> Vec<&'static str> {
        let mut states = Vec::new();
        if let Some(now) = self.verdict.filter(|now| self.told > 0 && *now != shown) {
            states.push(match now {
                Verdict::Identical => "now identical",
                Verdict::Equivalent => "now equivalent",
                Verdict::Diverged => "now diverged",
                Verdict::Truncated => "now truncated",
                Verdict::Incomparable => "now incomparable",
            });
        }
        if self.waits {
            states.push(if self.verdict.unwrap_or(shown) == Verdict::Truncated {
                "waiting for more"
            } else {
                "provisional"
            });
        }
        states
    }

    /// How it goes on, in words, and whether that is a warning; nothing before the files have changed.
    pub fn words(&self) -> Option<(String, bool)> {
        if self.paused {
            return Some(("paused".to_owned(), true));
        }
        if let Some(trouble) = &self.trouble {
            return Some((trouble.clone(), true));
        }
        let anew = match self.anew {
            _ if self.told == 0 => return None,
            Some(Rebuilt::Cut) => ", read anew: the file got shorter",
            Some(Rebuilt::Replaced) => ", read anew: another file took its place",
            Some(Rebuilt::Rewritten) => ", read anew: the file was rewritten",
            Some(Rebuilt::Format | Rebuilt::Spec) | None => "",
        };
        Some((format!("live{anew}"), false))
    }

    /// `3 new`, where something came.
    pub fn new_words(&self) -> Option<String> {
        (self.unseen > 0).then(|| format!("{} new", grouped(self.unseen)))
    }

    /// Looks at nothing until it is said again, or goes on.
    pub(super) const fn pause(&mut self) {
        self.paused ^= true;
    }

    /// Takes in what was told about a page, and makes it the newer one, unless that would move what a person looks at.
    pub(super) fn take(&mut self, page: &mut Page, grown: Grown) {
        let Grown { came, anew, standing, waits, appended, trouble, answer } = grown;
        self.told = self.told.saturating_add(1);
        self.unseen += came;
        if trouble.is_none() {
            (self.waits, self.appended) = (waits, appended);
        }
        if came > 0 || anew.is_some() {
            (self.verdict, self.anew) = (standing.verdict, anew);
        }
        self.trouble = trouble;
        self.pending = match &self.appended {
            Some(appended) => appended.count(),
            None if answer.is_some() => 0,
            None => self.pending + came,
        };
        self.held = answer.or(self.held.take());
        let holds_still = matches!(page, Page::Pair(pair) if pair.holds_still());
        if !holds_still || self.wanted {
            self.put(page);
        }
        self.tell(page);
    }

    /// Makes the page the newest answer there is.
    fn put(&mut self, page: &mut Page) {
        let verdict = match (self.held.take().map(|answer| *answer), &mut *page) {
            (Some(Answer::Pair { pair: fresh, found }), Page::Pair(pair)) => {
                **pair = pair.grown(*fresh, &found);
                pair.analysis().comparison.verdict
            }
            (Some(Answer::Control(control, plots)), Page::Control(page)) => {
                page.renew(control, plots);
                page.verdict()
            }
            _ => return,
        };
        if self.pending == 0 {
            // The whole answer knows more than how the lanes stand.
            self.verdict = Some(verdict);
        }
        if std::mem::take(&mut self.wanted) {
            show_newest(page);
        }
    }

    /// Shows what came: the newest event or sample, as soon as it is there.
    pub(super) fn show_new(&mut self, page: &mut Page) {
        self.unseen = 0;
        self.put(page);
        show_newest(page);
        self.wanted = self.pending > 0;
        self.tell(page);
    }

    /// A pair shows what came that its answer does not have, and says of what is not recorded whether it may be recorded yet.
    fn tell(&self, page: &mut Page) {
        if let Page::Pair(pair) = page {
            pair.set_waits(self.waits);
            pair.set_appended(self.appended.as_ref());
        }
    }
}

fn show_newest(page: &mut Page) {
    match page {
        Page::Pair(pair) => pair.select_newest(),
        Page::Control(page) => page.show_newest(),
        Page::Home | Page::Choose(_) | Page::Requests(_) | Page::Watching(_) | Page::Failed(_) => {}
    }
}
