//! What strict JSON forbids, told with its position.

/// Why a record could not be read, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Byte position within the record.
    pub at: usize,
    /// What is wrong there.
    pub why: Why,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The text stops in the middle of the record.
    EndsEarly,
    /// The record is some other JSON value; the word for it.
    NotAnObject(&'static str),
    /// Something else should stand here.
    Expected(&'static str),
    /// A control character stands bare in a string.
    Control,
    /// A backslash sequence that JSON does not know.
    Escape,
    /// Half of a surrogate pair.
    Surrogate,
    /// Digits that are no JSON number.
    Number,
    /// Objects or arrays are nested deeper than [`super::scan::MAX_DEPTH`].
    TooDeep,
    /// There is more text after the object.
    Trailing,
    /// A path came twice: not wrong, but it needs the careful path.
    Repeated,
}

impl Fault {
    /// The sentence for a person, with the position in `text`, the record.
    pub fn sentence(self, text: &str) -> String {
        let before = &text.as_bytes()[..self.at.min(text.len())];
        let column = before.len() - memchr::memrchr(b'\n', before).map_or(0, |i| i + 1) + 1;
        let place = match memchr::memchr_iter(b'\n', before).count() {
            0 => format!("column {column}"),
            lines => format!("column {column} of the record's line {}", lines + 1),
        };
        match self.why {
            Why::EndsEarly => format!("The record ends in the middle, at {place}."),
            Why::NotAnObject(what) => format!("The record is {what}, not a JSON object."),
            Why::Expected(what) => format!("No JSON: at {place} {what} is expected."),
            Why::Control => format!("No JSON: at {place} a control character stands bare inside a string."),
            Why::Escape => format!("No JSON: at {place} stands a backslash sequence that JSON does not know."),
            Why::Surrogate => format!("No JSON: at {place} stands half of a surrogate pair."),
            Why::Number => format!("No JSON: at {place} stands a malformed number."),
            Why::TooDeep => {
                format!("Objects and arrays are nested more than {} deep, at {place}.", super::scan::MAX_DEPTH)
            }
            Why::Trailing => format!("There is more text after the object, at {place}."),
            Why::Repeated => format!("A name stands twice in one object, at {place}."),
        }
    }
}
