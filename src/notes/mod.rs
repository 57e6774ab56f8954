//! What a person keeps about a pair: bookmarks on events and ranges of them, with notes in Markdown. Events are named so that
//! they are found again in files that changed.

mod bookmark;
mod list;

pub use bookmark::Bookmark;
pub use list::Notes;
