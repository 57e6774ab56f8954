//! What followed what in an incident, as a chain of words.

use super::{Act, Happening, Place, Story};
use crate::trace::{EventIndex, Side};

/// One word of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// What happened: `dns_failure`.
    pub word: String,
    /// Where.
    pub place: Place,
    /// The name of the place, where the word stands beside it; else empty.
    pub name: String,
    /// The first event of actual that says so; `None` for windows of requests, which have many.
    pub event: Option<EventIndex>,
}

/// What followed what, in words: `dns_failure → retry → transport_reset → retry_burst → timeout`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// The words, the first one first.
    pub links: Vec<ChainLink>,
}

impl Chain {
    pub(super) fn new(story: &Story) -> Self {
        let mut chain = Self::default();
        let mut retries = u32::from(story.happenings[Side::Expected].iter().any(|one| one.act == Act::Retry));
        let last = story.trouble().last().map(|one| one.index);
        // Answers only carry on what was told already; the last one is what was seen outside.
        for one in story.trouble().filter(|one| !one.answers || Some(one.index) == last) {
            match one.act {
                Act::Retry => {
                    retries += 1;
                    chain.add(if retries > 1 { "retry_burst" } else { "retry" }, one);
                }
                Act::Cancel | Act::Failover => chain.add(one.act.word(), one),
                act => {
                    if !one.reason.is_empty() {
                        chain.add(&one.reason, one);
                    }
                    // A reason that says it already needs no second word.
                    if one.reason.is_empty() || (act == Act::Timeout && Act::of_word(&one.reason) != Some(act)) {
                        chain.add(act.word(), one);
                    }
                }
            }
        }
        chain
    }

    fn add(&mut self, word: &str, one: &Happening) {
        if self.links.iter().all(|link| link.word != word) {
            self.links.push(ChainLink {
                word: word.to_owned(),
                place: one.place,
                name: String::new(),
                event: Some(one.index),
            });
        }
    }

    /// The chain in a line.
    pub fn text(&self) -> String {
        let word = |link: &ChainLink| match link.name.as_str() {
            "" => link.word.clone(),
            name => format!("{} ({name})", link.word),
        };
        self.links.iter().map(word).collect::<Vec<String>>().join(" → ")
    }
}
