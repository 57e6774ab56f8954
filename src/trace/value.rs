//! Values of one event's fields, owned, as they are shown and reported.

use super::Scalar;

/// The value of one field. Numbers keep their exact text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`, which compares as absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as the recording spells it.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array or an empty object, as JSON text.
    Json(String),
}

impl Value {
    /// The value as a person reads it: bare, strings without quotes, nothing escaped. Escape before painting.
    pub fn plain(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Number(text) | Self::Text(text) | Self::Json(text) => text,
        }
    }

    /// The same without owning it; a number as its text.
    pub const fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Null => Scalar::Null,
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Number(text) => Scalar::Decimal(text.as_str()),
            Self::Text(text) => Scalar::Text(text.as_str()),
            Self::Json(text) => Scalar::Json(text.as_str()),
        }
    }
}

/// One field of an event: its dotted path and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Dotted path, such as `metadata.pin`.
    pub path: String,
    /// Its value.
    pub value: Value,
}
