//! Sync points: rows at which a person lets the times of both sides meet.

use super::Pair;
use crate::trace::{EventIndex, Side};
use crate::view::{Anchor, Axis, Scale};

/// A change of where the times of both sides meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncCommand {
    /// Sets a sync point at the selected row, or takes it away.
    Here,
    /// Makes the selected row the only sync point.
    OnlyHere,
    /// Makes the first difference the only sync point.
    FirstDifference,
    /// Times meet at the first events.
    Start,
    /// Times stand as they were recorded.
    Recorded,
    /// Takes the sync point at this place of the list away.
    Remove(usize),
    /// Selects the row of the sync point at this place of the list.
    Go(usize),
}

impl Pair {
    /// The sync points in the order of their times, each with its row.
    pub fn sync_points(&self) -> impl Iterator<Item = (u32, (Side, EventIndex))> {
        let points = self.timeline.anchor().points().iter();
        points.filter_map(|&(side, event)| Some((self.rows().row_of(side, event)?, (side, event))))
    }

    /// The events of a sync point's row in words: `expected #5 and actual #7`.
    pub fn sync_words(&self, row: u32) -> String {
        let row = self.rows().get(row);
        let event = |side: Side| row.event(side).map(|event| format!("{side} #{event}"));
        let events: Vec<String> = Side::BOTH.into_iter().filter_map(event).collect();
        events.join(" and ")
    }

    pub(super) fn change_sync(&mut self, command: SyncCommand) {
        let here = self.selection.map(|selection| selection.row);
        let first = self.analysis.comparison.first_difference.map(|first| first.row);
        match command {
            SyncCommand::Here => match here {
                Some(row) if self.sync_row(row).is_some() => self.remove_sync(self.sync_row(row).unwrap_or(0)),
                Some(row) => self.add_sync(row),
                None => {}
            },
            SyncCommand::OnlyHere => self.sync_only(here),
            SyncCommand::FirstDifference if first.is_none() => "There is no difference.".clone_into(&mut self.notice),
            SyncCommand::FirstDifference => self.sync_only(first),
            SyncCommand::Start => self.set_anchor(Anchor::Start),
            SyncCommand::Recorded => self.set_anchor(Anchor::Recorded),
            SyncCommand::Remove(place) => self.remove_sync(place),
            SyncCommand::Go(place) => {
                let point = self.sync_points().nth(place);
                if let Some((row, (side, _))) = point {
                    self.select_row(row, Some(side));
                }
            }
        }
        if self.timeline.axis() != Axis::Time && !matches!(command, SyncCommand::Go(_)) {
            self.notice = if Scale::has_times(self.compared()) {
                format!("{} It is seen where the axis is the time.", self.notice).trim_start().to_owned()
            } else {
                "The events of one side have no time, so times cannot meet.".to_owned()
            };
        }
    }

    /// The place of the sync point at a row.
    fn sync_row(&self, row: u32) -> Option<usize> {
        self.sync_points().position(|(other, _)| other == row)
    }

    fn sync_only(&mut self, row: Option<u32>) {
        if let Some((row, point)) = row.and_then(|row| Some((row, self.rows().get(row).event_from(Side::Actual)?))) {
            self.set_anchor(Anchor::Points(vec![point]));
            self.notice = format!("Times meet at {}.", self.sync_words(row));
        }
    }

    fn add_sync(&mut self, row: u32) {
        let points = self.timeline.anchor().points();
        // The start is no point that a person set.
        if points.is_empty() {
            return self.sync_only(Some(row));
        }
        let Some(point) = self.rows().get(row).event_from(Side::Actual) else { return };
        match self.timeline.clocks().place_for(self.compared(), point) {
            Ok(place) => {
                let mut points = points.to_vec();
                points.insert(place, point);
                let all = points.len();
                self.set_anchor(Anchor::Points(points));
                self.notice = format!("Times meet at {}, sync point {} of {all}.", self.sync_words(row), place + 1);
            }
            Err(place) => {
                let other = self.sync_points().nth(place).map_or_else(String::new, |(row, _)| self.sync_words(row));
                self.notice = format!(
                    "Time would stand still or run backwards between here and sync point {} ({other}). Remove that one first.",
                    place + 1
                );
            }
        }
    }

    fn remove_sync(&mut self, place: usize) {
        let mut points = self.timeline.anchor().points().to_vec();
        if place >= points.len() {
            return;
        }
        points.remove(place);
        self.notice = match points.len() {
            0 => "The sync point is removed; times meet at the start.".to_owned(),
            left => format!("The sync point is removed; {left} left."),
        };
        self.set_anchor(Anchor::Points(points));
    }

    /// Lets times meet somewhere else, as undo does.
    pub(in crate::app) fn set_anchor(&mut self, anchor: Anchor) {
        self.timeline.meet_at(anchor, super::compared(&self.analysis));
    }

    /// The same points in a newer analysis, which may have other rows and fewer events.
    pub(super) fn anchor_in(&self, newer: &Self, exchanged: bool) -> Anchor {
        let anchor = self.timeline.anchor().clone();
        let anchor = if exchanged { anchor.exchanged() } else { anchor };
        match anchor {
            Anchor::Points(mut points) => {
                points.retain(|&(side, event)| newer.rows().row_of(side, event).is_some());
                Anchor::Points(points)
            }
            other => other,
        }
    }
}
