//! The bookmarks of an opened pair: what a person does with them, and in which rows they stand now.

use super::Pair;
use crate::analyse::{Analysis, event_name, find_events};
use crate::notes::{Bookmark, Notes};
use crate::trace::{EventIndex, EventName, Side};

/// Where named events were found, by a job.
pub type FoundEvents = [(EventName, Option<EventIndex>)];

/// A change of the bookmarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookmarkCommand {
    /// Bookmarks the selected row, or takes its bookmark away.
    Toggle,
    /// Makes the last bookmark a range that reaches to the selected row.
    Extend,
    /// Selects the row of a bookmark, by its place in the list.
    Go(usize),
    /// Opens the note of the selected row's bookmark, which is made where there is none.
    EditHere,
    /// Opens the note of a bookmark, or closes the one that is open.
    Edit(Option<usize>),
    /// Changes the note of a bookmark.
    Write(usize, String),
    /// Takes a bookmark away.
    Delete(usize),
}

/// Bookmarks and the rows in which they stand.
#[derive(Debug, Clone, Default)]
pub struct Bookmarks {
    notes: Notes,
    /// First and last row of each; `None` where its event is gone.
    rows: Vec<Option<(u32, u32)>>,
    editing: Option<usize>,
    /// The one that was made or gone to last.
    last: Option<usize>,
}

impl Bookmarks {
    /// What is kept.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Each bookmark with its first and last row; no rows where its event is gone.
    pub fn list(&self) -> impl Iterator<Item = (&Bookmark, Option<(u32, u32)>)> {
        self.notes.bookmarks.iter().zip(self.rows.iter().copied())
    }

    /// The bookmarks that hold a row.
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = (usize, &Bookmark)> {
        let holds = move |rows: Option<(u32, u32)>| rows.is_some_and(|(first, last)| (first..=last).contains(&row));
        self.list()
            .enumerate()
            .filter(move |(_, (_, rows))| holds(*rows))
            .map(|(place, (bookmark, _))| (place, bookmark))
    }

    /// First and last row of a bookmark, by its place; `None` where its event is gone.
    pub fn rows(&self, place: usize) -> Option<(u32, u32)> {
        self.rows.get(place).copied().flatten()
    }

    /// The bookmark whose note is being written.
    pub fn editing(&self) -> Option<usize> {
        self.editing
    }

    /// The bookmark that stands on this row alone or begins there.
    fn starting_at(&self, row: u32) -> Option<usize> {
        self.rows.iter().position(|rows| rows.is_some_and(|(first, _)| first == row))
    }

    fn remove(&mut self, place: usize) {
        self.notes.bookmarks.remove(place);
        self.rows.remove(place);
        self.editing = None;
        self.last = None;
    }
}

/// The rows of bookmarks; what is not among `found` is looked for.
fn rows_of(notes: &Notes, analysis: &Analysis, found: &FoundEvents) -> Vec<Option<(u32, u32)>> {
    let event = |name: &EventName| {
        let known = found.iter().find(|(known, _)| known == name).map(|(_, event)| *event);
        known.unwrap_or_else(|| find_events(analysis, &[name])[0])
    };
    let row = |name: &EventName| analysis.comparison.rows.row_of(name.anchor.side, event(name)?);
    let both = |bookmark: &Bookmark| {
        let first = row(&bookmark.at)?;
        let last = bookmark.to.as_ref().map_or(Some(first), &row).unwrap_or(first);
        Some((first.min(last), first.max(last)))
    };
    notes.bookmarks.iter().map(both).collect()
}

impl Pair {
    /// The bookmarks.
    pub fn bookmarks(&self) -> &Bookmarks {
        &self.bookmarks
    }

    /// Shows other notes, such as those of the file; where their events are was found before.
    pub fn set_notes(&mut self, notes: Notes, found: &FoundEvents) {
        self.bookmarks.rows = rows_of(&notes, &self.analysis, found);
        self.bookmarks.notes = notes;
        self.bookmarks.editing = None;
        self.bookmarks.last = None;
    }

    /// The bookmarks of this pair in another analysis of it.
    pub(super) fn carry_bookmarks(&mut self, old: &Bookmarks, found: &FoundEvents, exchanged: bool) {
        let notes = if exchanged { old.notes.clone().exchanged() } else { old.notes.clone() };
        let rows = rows_of(&notes, &self.analysis, found);
        self.bookmarks = Bookmarks { notes, rows, ..old.clone() };
    }

    /// Carries out a change of the bookmarks.
    pub(super) fn change_bookmarks(&mut self, command: BookmarkCommand) {
        match command {
            BookmarkCommand::Toggle => self.toggle_bookmark(),
            BookmarkCommand::Extend => self.extend_bookmark(),
            BookmarkCommand::Go(place) => self.go_to_bookmark(place),
            BookmarkCommand::EditHere => {
                let Some(row) = self.selection.map(|selection| selection.row) else { return };
                if self.bookmarks.of_row(row).next().is_none() {
                    self.toggle_bookmark();
                }
                let place = self.bookmarks.of_row(row).next().map(|(place, _)| place);
                self.bookmarks.editing = place;
            }
            BookmarkCommand::Edit(place) => {
                self.bookmarks.editing = place.filter(|&place| place < self.bookmarks.rows.len());
            }
            BookmarkCommand::Write(place, text) => {
                if let Some(bookmark) = self.bookmarks.notes.bookmarks.get_mut(place) {
                    bookmark.note = text;
                }
            }
            BookmarkCommand::Delete(place) if place < self.bookmarks.rows.len() => self.bookmarks.remove(place),
            BookmarkCommand::Delete(_) => {}
        }
    }

    fn go_to_bookmark(&mut self, place: usize) {
        let Some(bookmark) = self.bookmarks.notes.bookmarks.get(place) else { return };
        match self.bookmarks.rows[place] {
            Some((row, _)) => {
                let side = bookmark.at.anchor.side;
                self.bookmarks.last = Some(place);
                self.select_row(row, Some(side));
            }
            None => self.notice = format!("{} is gone from the recording.", bookmark.title()),
        }
    }

    fn toggle_bookmark(&mut self) {
        let Some(row) = self.selection.map(|selection| selection.row) else { return };
        let (first, last) = self.selected_rows().unwrap_or((row, row));
        if let Some(place) = self.bookmarks.starting_at(first) {
            self.bookmarks.remove(place);
            return "The bookmark is gone; Undo brings it back.".clone_into(&mut self.notice);
        }
        let (Some(at), Some(to)) = (self.row_name(first), self.row_name(last)) else { return };
        let mut bookmark = Bookmark::new(at);
        bookmark.to = (first != last).then_some(to);
        self.bookmarks.notes.bookmarks.push(bookmark);
        self.bookmarks.rows.push(Some((first, last)));
        self.bookmarks.last = Some(self.bookmarks.rows.len() - 1);
        let number = |row: u32| u64::from(row) + 1;
        self.notice = if first == last {
            format!("Row {} is bookmarked.", number(row))
        } else {
            format!("Rows {} to {} are bookmarked.", number(first), number(last))
        };
    }

    /// An event of a row by name, of the side that is looked from if it can be; says why where it has none.
    fn row_name(&mut self, row: u32) -> Option<EventName> {
        let side = self.selection?.side;
        let (side, event) = self.rows().get(row).event_from(side)?;
        self.name_event(side, event)
    }

    fn extend_bookmark(&mut self) {
        let Some(row) = self.selection.map(|selection| selection.row) else { return };
        let rows = &self.bookmarks.rows;
        let above = || {
            let above =
                rows.iter().enumerate().filter_map(|(place, rows)| Some((rows.filter(|r| r.0 < row)?.0, place)));
            above.max().map(|(_, place)| place)
        };
        let Some(place) = self.bookmarks.last.filter(|&last| rows[last].is_some()).or_else(above) else {
            return "Bookmark the first row of the range first.".clone_into(&mut self.notice);
        };
        let Some(name) = self.row_name(row) else { return };
        let (Some((first, _)), bookmark) = (self.bookmarks.rows[place], &mut self.bookmarks.notes.bookmarks[place])
        else {
            return;
        };
        bookmark.to = (row != first).then_some(name);
        if row < first
            && let Some(to) = &mut bookmark.to
        {
            std::mem::swap(&mut bookmark.at, to);
        }
        self.bookmarks.rows[place] = Some((first.min(row), first.max(row)));
        let (from, to) = (u64::from(first.min(row)) + 1, u64::from(first.max(row)) + 1);
        self.notice = format!("Rows {from} to {to} are bookmarked.");
    }

    /// An event by name; says why where it has none.
    pub(in crate::app) fn name_event(&mut self, side: Side, event: EventIndex) -> Option<EventName> {
        let name = event_name(&self.analysis, side, event);
        if name.is_none() {
            "The event's text cannot be read, so it could not be found again. Reload first."
                .clone_into(&mut self.notice);
        }
        name
    }

    /// Closes the note that is being written; says whether there was one.
    pub(in crate::app) fn close_note(&mut self) -> bool {
        self.bookmarks.editing.take().is_some()
    }
}
