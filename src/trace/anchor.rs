//! The name of one event as every door understands it: `actual:5@queue:0`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{EventIndex, Side, escape};

/// An event of one side, and the lane on which it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Anchor {
    /// The side.
    pub side: Side,
    /// The event's index in its trace.
    pub index: EventIndex,
    /// The lane, such as `queue:0`; none where the event is meant as a whole.
    pub lane: Option<String>,
}

/// A text that is no anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no anchor: write SIDE:INDEX or SIDE:INDEX@LANE, such as actual:5@queue:0.", escape(.0))]
pub struct BadAnchor(pub String);

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.side, self.index)?;
        match &self.lane {
            Some(lane) => write!(f, "@{}", escape(lane)),
            None => Ok(()),
        }
    }
}

impl From<Anchor> for String {
    fn from(anchor: Anchor) -> Self {
        anchor.to_string()
    }
}

impl TryFrom<String> for Anchor {
    type Error = BadAnchor;

    fn try_from(text: String) -> Result<Self, BadAnchor> {
        text.parse()
    }
}

impl FromStr for Anchor {
    type Err = BadAnchor;

    fn from_str(text: &str) -> Result<Self, BadAnchor> {
        let bad = || BadAnchor(text.to_owned());
        let (event, lane) = match text.split_once('@') {
            Some((_, "")) => return Err(bad()),
            Some((event, lane)) => (event, Some(lane.to_owned())),
            None => (text, None),
        };
        let (side, index) = event.split_once(':').ok_or_else(bad)?;
        let side = Side::BOTH.into_iter().find(|s| s.word() == side).ok_or_else(bad)?;
        if !index.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let index = index.parse().ok().filter(|&i| i != EventIndex::MAX).ok_or_else(bad)?;
        Ok(Self { side, index, lane })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["actual:5@queue:0", "expected:0", "actual:4294967294@span:a@b:c"] {
            assert_eq!(text.parse::<Anchor>().map(|a| a.to_string()), Ok(text.to_owned()));
        }
        let anchor: Anchor = "actual:5@queue:0".parse().unwrap();
        assert_eq!(anchor, Anchor { side: Side::Actual, index: 5, lane: Some("queue:0".to_owned()) });
    }

    #[test]
    fn anything_else_is_refused_with_the_way_to_write_it() {
        for text in ["", "actual", "actual:", "actual:x", "actual:+5", "left:5", "actual:5@", "actual:4294967295", "5"]
        {
            let error = text.parse::<Anchor>().unwrap_err().to_string();
            assert!(error.contains("actual:5@queue:0"), "{text}: {error}");
        }
        assert!("a\u{1b}".parse::<Anchor>().unwrap_err().to_string().contains("\\u{1b}"));
    }
}
