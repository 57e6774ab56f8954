//! Bytes → records + warnings. Detection is by content; bad input becomes warnings, never failures. Knows no file.

mod format;

pub use format::{Format, Select};
