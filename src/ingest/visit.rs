//! The fields of many records one after another, without owning any: for searching.

use std::borrow::Cow;

use super::fault::{Fault, Why};
use super::leaves::Leaves;
use super::scan::{Visit, Work, scan};
use super::{BOM, Select};
use crate::trace::{Path, Scalar};

/// Memory that is used again for every record of one recording.
#[derive(Debug, Default)]
pub struct FieldReader {
    work: Work,
}

/// Shows fields until one is the one that is looked for.
struct Seeing<'s> {
    see: &'s mut dyn FnMut(Path<'_>, Scalar<'_>) -> bool,
    seen: bool,
}

impl Visit for Seeing<'_> {
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        self.seen = self.seen || (self.see)(path, value);
    }

    fn repeated(&mut self, _path: &str) -> bool {
        false
    }
}

impl FieldReader {
    /// Calls `see` with path and value of every field of a record until it says true; whether it did. A record that cannot
    /// be read has no fields.
    pub fn any(&mut self, raw: &[u8], select: &Select, see: &mut dyn FnMut(Path<'_>, Scalar<'_>) -> bool) -> bool {
        self.walk(raw, select, see).unwrap_or(false)
    }

    /// What `read` makes of the value of a record's field, if there is such a field; of a repeated name, the last counts.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn value<T>(
        &mut self,
        raw: &[u8],
        select: &Select,
        path: &str,
        read: impl Fn(Scalar<'_>) -> T,
    ) -> Result<Option<T>, Fault> {
        let mut found = None;
        let seen = self.walk(raw, select, &mut |known, value| {
            let wanted = known.text == path;
            if wanted {
                found = Some(read(value));
            }
            wanted
        })?;
        // What a later object of the same name lacks was seen in the earlier one only.
        Ok(found.filter(|_| seen))
    }

    fn walk(
        &mut self,
        raw: &[u8],
        select: &Select,
        see: &mut dyn FnMut(Path<'_>, Scalar<'_>) -> bool,
    ) -> Result<bool, Fault> {
        let raw = raw.strip_prefix(BOM).unwrap_or(raw);
        // Of what is sound, to look is faster than to mend.
        let text = std::str::from_utf8(raw).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Borrowed);
        let mut visit = Seeing { see, seen: false };
        match scan(&text, 0..text.len(), select.prefix.as_deref(), &mut self.work, &mut visit) {
            Err(fault) if fault.why == Why::Repeated => {
                visit.seen = false;
                Leaves::of(&text, select.prefix.as_deref(), &mut self.work)?.hand_to(&mut visit);
            }
            scanned => scanned?,
        }
        Ok(visit.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_seen_until_one_fits_and_of_a_repeated_name_the_last_counts() {
        let mut reader = FieldReader::default();
        let mut seen = |raw: &str, wanted: Scalar<'_>| {
            let mut paths = Vec::new();
            let found = reader.any(raw.as_bytes(), &Select::default(), &mut |path, value| {
                paths.push(path.text.to_owned());
                value == wanted
            });
            (found, paths.join(" "))
        };
        assert_eq!(seen(r#"{"a":1,"b":{"c":2},"d":3}"#, Scalar::Int(2)), (true, "a b.c".to_owned()));
        assert_eq!(seen(r#"{"a":1,"a":2}"#, Scalar::Int(1)), (false, "a a".to_owned()));
        assert!(seen(r#"{"a":1,"a":2}"#, Scalar::Int(2)).0);
        assert!(seen(r#"{"a":"caf\u00e9"}"#, Scalar::Text("café")).0);
        assert!(!seen(r#"{"a":1"#, Scalar::Int(1)).0, "a record that cannot be read has no fields");
        let mut value = |raw: &str| {
            let read = |value: Scalar<'_>| value.plain().into_owned();
            reader.value(raw.as_bytes(), &Select::default(), "a.b", read).map_err(|fault| fault.at)
        };
        assert_eq!(value(r#"{"b":1,"a":{"c":2,"b":"x\u0079"}}"#), Ok(Some("xy".to_owned())));
        assert_eq!(value(r#"{"a":{"b":1},"a":{"b":2.50}}"#), Ok(Some("2.50".to_owned())));
        assert_eq!(value(r#"{"a":{"b":1},"a":{"c":2}}"#), Ok(None), "the later object counts");
        assert_eq!(value(r#"{"a":{"b":1}"#), Err(12));
    }
}
