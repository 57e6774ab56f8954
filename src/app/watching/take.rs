//! Taking in what changed in a watched folder: what is known of its runs, and when the list shows it.

use std::sync::Arc;

use super::{Known, News, Watching, list};
use crate::runs::Entry;

impl Watching {
    /// True when a live update must not move the list.
    fn held(&self) -> bool {
        !self.anew && !self.follow && (self.selected.is_some() || !self.list.is_at_top())
    }

    /// Takes in what changed. True when a run failed in a way that none has before, since all that was there at the beginning
    /// had its answer.
    pub(in crate::app) fn take(&mut self, news: News) -> bool {
        let News { changed, removed, answered, counts, waiting, how } = news;
        let held = self.held();
        for entry in changed {
            self.note(entry);
        }
        for name in removed {
            self.lose(&name);
        }
        let mut new_way = false;
        for name in answered {
            if let Some(outcome) = self.runs.get(name.as_str()).and_then(|known| known.entry.outcome.as_ref()) {
                self.past.note(&name, outcome);
                let ways = self.ways.as_mut().zip(outcome.shape);
                new_way |= ways.is_some_and(|(ways, shape)| ways.insert(shape));
            }
        }
        (self.counts, self.waiting, self.how) = (counts, waiting, Some(how));
        if self.waiting == 0 && self.ways.is_none() {
            self.ways = Some(self.counts.shapes().into_iter().map(|(shape, _)| shape).collect());
        }
        self.anew &= self.waiting > 0;
        if !held {
            self.renew();
        }
        if self.follow {
            self.select_latest();
        }
        new_way
    }

    /// Notes what is known of a run; the list shows it when it is made newer.
    fn note(&mut self, entry: Entry) {
        let name: Arc<str> = entry.run.name.as_str().into();
        let (order, has_answer) = (entry.order, entry.outcome.is_some());
        let known = Known { entry, gone: false };
        let shown = list::matches(&known, &self.filter);
        let before = self.runs.insert(Arc::clone(&name), known);
        match before {
            Some(before) => {
                self.answered.remove(&(before.entry.order, Arc::clone(&name)));
            }
            None => {
                self.fresh.insert(Arc::clone(&name), false);
            }
        }
        if has_answer {
            self.answered.insert((order, Arc::clone(&name)));
        }
        if let Some(seen) = self.fresh.get_mut(&name) {
            self.unseen = self.unseen + usize::from(shown) - usize::from(std::mem::replace(seen, shown));
        }
        self.behind.insert(name);
    }

    /// Notes that a run is there no more.
    fn lose(&mut self, name: &str) {
        let Some((key, known)) = self.runs.get_key_value(name) else { return };
        let (key, order) = (Arc::clone(key), known.entry.order);
        if let Some(seen) = self.fresh.remove(name) {
            self.unseen -= usize::from(seen);
            self.runs.remove(name);
        } else if let Some(known) = self.runs.get_mut(name) {
            known.gone = true;
        }
        self.answered.remove(&(order, Arc::clone(&key)));
        self.behind.insert(key);
    }

    /// Makes the list show what is known. What is gone goes, what came while it was held is in it.
    pub(super) fn renew(&mut self) {
        for name in std::mem::take(&mut self.behind) {
            match self.runs.get(&name) {
                Some(known) if !known.gone => self.list.put(&name, known, &self.filter),
                _ => {
                    self.list.take_out(&name);
                    self.runs.remove(&name);
                }
            }
        }
        self.list.arrange();
        self.settle();
    }

    /// The same, after the filter or the groups have changed.
    pub(super) fn make(&mut self) {
        self.runs.retain(|_, known| !known.gone);
        self.behind.clear();
        self.list.make(&self.runs, &self.filter, self.grouped);
        self.settle();
    }

    /// Nothing is new in a list that shows what is known, and nothing is selected that it does not show.
    fn settle(&mut self) {
        self.fresh.clear();
        self.unseen = 0;
        // While everything is looked at anew, it may still come.
        if !self.anew && self.selected.as_ref().is_some_and(|name| self.list.line_of(name).is_none()) {
            self.selected = None;
        }
    }

    pub(super) fn select_latest(&mut self) {
        let latest = self.answered.last().map(|(_, name)| Arc::clone(name));
        if let Some(line) = latest.as_ref().and_then(|name| self.list.line_of(name)) {
            self.selected = latest;
            self.list.scroller_mut().reveal(line, 1);
        }
    }
}
