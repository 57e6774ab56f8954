//! The few styles of a terminal, or none.

/// What a piece of text is, so that it can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The verdict of two equal sides.
    Good,
    /// A difference or its cause.
    Bad,
    /// Something that a person must not overlook.
    Warn,
    /// The expected side.
    Expected,
    /// The actual side.
    Actual,
    /// Less important.
    Dim,
    /// A heading.
    Bold,
}

impl Ink {
    /// The start of the escape sequence: the sixteen colours that every terminal theme has tuned.
    const fn code(self) -> &'static str {
        match self {
            Self::Good => "\u{1b}[1;32m",
            Self::Bad => "\u{1b}[1;31m",
            Self::Warn => "\u{1b}[1;33m",
            Self::Expected => "\u{1b}[36m",
            Self::Actual => "\u{1b}[33m",
            Self::Dim => "\u{1b}[2m",
            Self::Bold => "\u{1b}[1m",
        }
    }
}

/// `text` in `ink`, or as it is without colour.
pub fn paint(colour: bool, ink: Ink, text: &str) -> String {
    if colour && !text.is_empty() { format!("{}{text}\u{1b}[0m", ink.code()) } else { text.to_owned() }
}
