//! All bookmarks of a pair, and how they are written: small readable JSON in which what is not understood is kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Bookmark;

/// The bookmarks of a pair, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "File", into = "File")]
pub struct Notes {
    /// The bookmarks.
    pub bookmarks: Vec<Bookmark>,
    /// Bookmarks that this version cannot read; written again as they were.
    strange: Vec<Value>,
    /// What else a newer version wrote.
    rest: Map<String, Value>,
}

/// What stands in the file.
#[derive(Serialize, Deserialize)]
struct File {
    #[serde(default)]
    bookmarks: Vec<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl From<File> for Notes {
    fn from(File { bookmarks, mut rest }: File) -> Self {
        // The writer of the file says its version.
        rest.shift_remove("version");
        let mut notes = Self { rest, ..Self::default() };
        for value in bookmarks {
            match serde_json::from_value(value.clone()) {
                Ok(bookmark) => notes.bookmarks.push(bookmark),
                Err(_) => notes.strange.push(value),
            }
        }
        notes
    }
}

impl From<Notes> for File {
    fn from(notes: Notes) -> Self {
        let known = notes.bookmarks.iter().filter_map(|bookmark| serde_json::to_value(bookmark).ok());
        Self { bookmarks: known.chain(notes.strange.iter().cloned()).collect(), rest: notes.rest }
    }
}

impl Notes {
    /// True when there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.bookmarks.is_empty() && self.strange.is_empty() && self.rest.is_empty()
    }

    /// How many bookmarks could not be read, and are only kept.
    pub fn strange(&self) -> usize {
        self.strange.len()
    }

    /// The same notes after the sides were exchanged.
    #[must_use]
    pub fn exchanged(mut self) -> Self {
        self.bookmarks = self.bookmarks.into_iter().map(Bookmark::exchanged).collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_read_is_written_again() {
        let text = r#"{"version":1,"bookmarks":[{"at":{"anchor":"actual:5","name":"A","text":"0f","identity":"10","nth":0,"of":1,"new":2},"note":"x","colour":"red"},{"at":"somewhere"},7],"tags":["a"]}"#;
        let notes: Notes = serde_json::from_str(text).unwrap();
        assert_eq!((notes.bookmarks.len(), notes.strange()), (1, 2));
        assert_eq!(notes.bookmarks[0].note, "x");
        let written = serde_json::to_value(&notes).unwrap();
        let mut all: Value = serde_json::from_str(text).unwrap();
        all.as_object_mut().unwrap().remove("version");
        all["bookmarks"][0]["at"]["text"] = "000000000000000f".into();
        all["bookmarks"][0]["at"]["identity"] = "0000000000000010".into();
        assert_eq!(written, all);
    }

    #[test]
    fn exchanged_twice_it_is_the_same() {
        let text =
            r#"{"bookmarks":[{"at":{"anchor":"actual:5","name":"A","text":"0f","identity":"10","nth":0,"of":1}}]}"#;
        let notes: Notes = serde_json::from_str(text).unwrap();
        let once = notes.clone().exchanged();
        assert_eq!(once.bookmarks[0].at.anchor.side, crate::trace::Side::Expected);
        assert_eq!(once.exchanged(), notes);
    }

    proptest! {
        #[test]
        fn any_text_is_notes_or_an_error(text in ".*", at in 0_usize..160, cut in 0_usize..160) {
            let fine = r#"{"version":1,"bookmarks":[{"at":{"anchor":"actual:5","name":"A","text":"0f","identity":"10","nth":0,"of":1}}]}"#;
            drop(serde_json::from_str::<Notes>(&text));
            let (at, cut) = (at.min(fine.len()), cut.min(fine.len()));
            drop(serde_json::from_str::<Notes>(&format!("{}{text}{}", &fine[..at], &fine[cut..])));
        }
    }
}
