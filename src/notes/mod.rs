//! What a person keeps about a pair: bookmarks on events and ranges of them, with notes in Markdown. Events are named so that
//! they are found again in files that changed.

mod bookmark;
mod event_name;
mod list;

pub use bookmark::Bookmark;
pub use event_name::{EventName, find};
pub use list::Notes;
