//! Happens-before beyond lane order, from what the events refer to: spans' parents and replies, messages, named causes.

use std::collections::HashMap;

use super::gathered::{Reference, Referring};
use crate::trace::{Columns, Link, LinkKind};

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// Finds links while it is told the references of event after event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Linker {
    links: Vec<Link>,
    last_of_span: Map<u32>,
    /// The last event that named a span as its parent, until that span goes on.
    unanswered: Map<u32>,
    sent: Map<u32>,
    at_position: Map<u32>,
}

impl Linker {
    /// Takes in the references of the next events, by event. `columns` have those events and all before.
    pub(crate) fn take(&mut self, references: &[Referring], columns: &Columns) {
        for of_event in references.chunk_by(|a, b| a.event == b.event) {
            self.event(of_event[0].event, of_event, columns);
        }
    }

    fn event(&mut self, event: u32, references: &[Referring], columns: &Columns) {
        let Self { links, last_of_span, unanswered, sent, at_position } = self;
        let find = |what: Reference| references.iter().find(|r| r.what == what).map(|r| r.value);
        let mut link = |from: Option<u32>, kind: LinkKind| {
            if let Some(from) = from.filter(|&from| from < event) {
                links.push(Link { from, to: event, kind });
            }
        };
        let (span, parent) = (find(Reference::Span), find(Reference::Parent));
        if let Some(span) = span {
            link(unanswered.remove(&span), LinkKind::Reply);
        }
        let is_new = span.is_none_or(|span| last_of_span.insert(span, event).is_none());
        if let Some(parent) = parent {
            if is_new {
                link(last_of_span.get(&parent).copied(), LinkKind::Parent);
            }
            unanswered.insert(parent, event);
        }
        if let Some(message) = find(Reference::Message) {
            let before = *sent.entry(message).or_insert(event);
            if columns.home_lane(before) != columns.home_lane(event) {
                link(Some(before), LinkKind::Message);
                sent.insert(message, event);
            }
        }
        for earlier in references.iter().filter(|r| r.what == Reference::After) {
            link(u32::try_from(earlier.value).ok(), LinkKind::Message);
        }
        if let Some(cause) = find(Reference::Cause) {
            link(at_position.get(&cause).copied(), LinkKind::Cause);
        }
        if let Some(position) = find(Reference::Position) {
            at_position.insert(position, event);
        }
    }

    /// The links, by their later event.
    pub(crate) fn into_links(self) -> Vec<Link> {
        let mut links = self.links;
        links.sort_by_key(|l| (l.to, l.from, l.kind));
        links
    }
}
