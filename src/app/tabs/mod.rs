//! What is open: the tabs in the order of their strip, and which one is in front. There is always one.

mod tab;

use std::path::{Path, PathBuf};

use super::state::{Page, Request};

pub(in crate::app) use tab::Otherwise;
pub use tab::{KeptTab, Standing, Tab, TabId};

/// Closed tabs that can be opened again: more than a person remembers.
const CLOSED: usize = 20;

/// What can be done with tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TabCommand {
    /// Opens a tab with the home page.
    New,
    /// Closes a tab; the one in front when none is named.
    Close(Option<TabId>),
    /// Opens again what was closed last.
    Reopen,
    /// Brings a tab to the front.
    Show(TabId),
    /// Brings the tab at this place to the front, from 0; the last one where there are fewer.
    Nth(usize),
    /// Brings a tab to the front by its distance from the one that is there, round the ends.
    Step(i32),
    /// Moves the tab in front along the strip, to its end at most.
    Move(i32),
}

/// All tabs.
#[derive(Debug)]
pub struct Tabs {
    /// Never empty.
    list: Vec<Tab>,
    front: usize,
    made: u64,
    /// What was closed, the last one last, and at which places.
    closed: Vec<(usize, KeptTab)>,
}

impl Default for Tabs {
    fn default() -> Self {
        let mut tabs = Self { list: Vec::new(), front: 0, made: 0, closed: Vec::new() };
        tabs.add(0);
        tabs
    }
}

impl Tabs {
    /// The tabs that were open before, none of them read yet.
    pub fn waiting(kept: impl IntoIterator<Item = KeptTab>, front: usize) -> Self {
        let mut tabs = Self { list: Vec::new(), ..Self::default() };
        for kept in kept {
            tabs.add(tabs.list.len()).wait_for(kept);
        }
        if tabs.list.is_empty() {
            return Self::default();
        }
        tabs.front = front.min(tabs.list.len() - 1);
        tabs
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them, in the order of the strip.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Tab> {
        self.list.iter()
    }

    /// All of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Tab> {
        self.list.iter_mut()
    }

    /// The one in front.
    pub fn front(&self) -> &Tab {
        &self.list[self.front]
    }

    /// The one in front, to be changed.
    pub(super) fn front_mut(&mut self) -> &mut Tab {
        &mut self.list[self.front]
    }

    /// The place of the one in front, from 0.
    pub const fn front_place(&self) -> usize {
        self.front
    }

    /// The tab of this name, unless it was closed.
    pub fn get(&self, id: TabId) -> Option<&Tab> {
        self.list.iter().find(|tab| tab.id == id)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.list.iter_mut().find(|tab| tab.id == id)
    }

    /// The place of a tab, from 0.
    pub(super) fn place_of(&self, id: TabId) -> Option<usize> {
        self.list.iter().position(|tab| tab.id == id)
    }

    /// The tab that waits for the load of this number.
    pub(super) fn loading(&self, job: u64) -> Option<&Tab> {
        self.list.iter().find(|tab| tab.loading.as_ref().is_some_and(|loading| loading.job == job))
    }

    /// The same, to be changed.
    pub(super) fn loading_mut(&mut self, job: u64) -> Option<&mut Tab> {
        self.list.iter_mut().find(|tab| tab.loading.as_ref().is_some_and(|loading| loading.job == job))
    }

    /// The tab in which this pack was asked for.
    pub(super) fn with(&self, request: &Request) -> Option<TabId> {
        self.list.iter().find(|tab| tab.wanted().is_some_and(|wanted| wanted.same_pack(request))).map(|tab| tab.id)
    }

    /// Makes a home page at this place and brings it to the front.
    pub(super) fn add(&mut self, place: usize) -> &mut Tab {
        self.made += 1;
        self.list.insert(place, Tab::new(TabId(self.made)));
        self.front = place;
        self.front_mut()
    }

    /// Brings a tab to the front; false when it is there already or closed.
    pub(super) fn show(&mut self, id: TabId) -> bool {
        let place = self.place_of(id).filter(|&place| place != self.front);
        self.front = place.unwrap_or(self.front);
        place.is_some()
    }

    /// The name of the tab at a place; of the last one where there are fewer.
    pub(super) fn nth(&self, place: usize) -> TabId {
        self.list[place.min(self.list.len() - 1)].id
    }

    /// The name of the tab at this distance from the one in front, round the ends.
    pub(super) fn beside(&self, by: i32) -> TabId {
        let place = (self.front as i64 + i64::from(by)).rem_euclid(self.list.len() as i64);
        self.list[place as usize].id
    }

    /// Moves the one in front along the strip; false at its end.
    pub(super) fn shift(&mut self, by: i32) -> bool {
        let before = self.front;
        self.front = (before as i64 + i64::from(by)).clamp(0, self.list.len() as i64 - 1) as usize;
        let tab = self.list.remove(before);
        self.list.insert(self.front, tab);
        self.front != before
    }

    /// Takes a tab away and frees what it holds. The one beside it comes to the front, a home page after the last one.
    pub(super) fn remove(&mut self, id: TabId) {
        let Some(place) = self.place_of(id) else { return };
        self.list.remove(place);
        if self.list.is_empty() {
            self.add(0);
        }
        let front = if place < self.front { self.front - 1 } else { self.front };
        self.front = front.min(self.list.len() - 1);
    }

    /// Makes a tab a home page. A slice that is being cut goes on, as it does when the tab is closed.
    pub(super) fn empty(&mut self, id: TabId) {
        if let Some(tab) = self.get_mut(id) {
            *tab = Tab { exporting: tab.exporting, ..Tab::new(id) };
        }
    }

    /// Remembers what a tab holds, so that it can be opened again.
    pub(super) fn remember(&mut self, id: TabId) {
        let kept = self.get(id).and_then(Tab::kept);
        if let (Some(place), Some(kept)) = (self.place_of(id), kept) {
            self.closed.push((place, kept));
            if self.closed.len() > CLOSED {
                self.closed.remove(0);
            }
        }
    }

    /// True when something was closed that can be opened again.
    pub fn can_reopen(&self) -> bool {
        !self.closed.is_empty()
    }

    /// What was closed last, once, and at which place.
    pub(super) fn last_closed(&mut self) -> Option<(usize, KeptTab)> {
        self.closed.pop()
    }

    /// Makes a tab that waits for what was open before, at its old place, and brings it to the front. A home page in
    /// front makes room for it.
    pub(super) fn wait_for(&mut self, place: usize, kept: KeptTab) {
        let home = self.front().is_home().then(|| self.front().id);
        self.add(place.min(self.list.len())).wait_for(kept);
        let id = self.front().id;
        if let Some(home) = home {
            self.remove(home);
            self.show(id);
        }
    }

    /// All tabs as they are kept over a restart.
    pub fn kept(&self) -> Vec<KeptTab> {
        self.list.iter().map(|tab| tab.kept().unwrap_or_default()).collect()
    }

    /// What each tab is called. Those that are called the same have the folder behind that tells them apart.
    pub fn titles(&self) -> Vec<String> {
        let titles: Vec<String> = self.list.iter().map(Tab::title).collect();
        let whole = |place: usize| match self.folder_of(place, &titles) {
            Some(folder) => format!("{} · {folder}", titles[place]),
            None => titles[place].clone(),
        };
        (0..titles.len()).map(whole).collect()
    }

    fn folder_of(&self, place: usize, titles: &[String]) -> Option<String> {
        let path = |place: usize| self.list[place].wanted()?.paths.last();
        let name = |path: &Path, up: usize| Some(path.ancestors().nth(up)?.file_name()?.to_string_lossy().into_owned());
        let alike = (0..titles.len()).filter(|&at| at != place && titles[at] == titles[place]);
        let others: Vec<&PathBuf> = alike.filter_map(path).collect();
        let path = path(place).filter(|_| !others.is_empty())?;
        let mut names = (0..path.components().count()).filter_map(|up| Some((up, name(path, up)?)));
        let found = names.find(|(up, own)| others.iter().all(|other| name(other, *up).as_ref() != Some(own)));
        found.map(|(_, own)| own)
    }

    /// The opened pairs, to be changed.
    pub(super) fn pairs_mut(&mut self) -> impl Iterator<Item = &mut super::pair::Pair> {
        self.list.iter_mut().filter_map(|tab| match &mut tab.page {
            Page::Pair(pair) => Some(&mut **pair),
            _ => None,
        })
    }
}
