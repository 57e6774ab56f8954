//! The fields of many records one after another, without owning any: for searching.

use super::fault::Why;
use super::leaves::Leaves;
use super::scan::{Visit, Work, scan};
use super::{BOM, Select};
use crate::trace::{Path, Scalar};

/// Memory that is used again for every record.
#[derive(Debug, Default)]
pub struct FieldReader {
    work: Work,
}

/// Shows fields until one is the one that is looked for.
struct Seeing<'s> {
    see: &'s mut dyn FnMut(&str, Scalar<'_>) -> bool,
    seen: bool,
}

impl Visit for Seeing<'_> {
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        self.seen = self.seen || (self.see)(path.text, value);
    }

    fn repeated(&mut self, _path: &str) -> bool {
        false
    }
}

impl FieldReader {
    /// Calls `see` with path and value of every field of a record until it says true; whether it did. A record that cannot
    /// be read has no fields.
    pub fn any(&mut self, raw: &[u8], select: &Select, see: &mut dyn FnMut(&str, Scalar<'_>) -> bool) -> bool {
        let text = String::from_utf8_lossy(raw.strip_prefix(BOM).unwrap_or(raw));
        let mut visit = Seeing { see, seen: false };
        match scan(&text, 0..text.len(), select.prefix.as_deref(), &mut self.work, &mut visit) {
            Ok(()) => visit.seen,
            Err(fault) if fault.why == Why::Repeated => {
                visit.seen = false;
                let leaves = Leaves::of(&text, select.prefix.as_deref(), &mut self.work);
                leaves.is_ok_and(|leaves| {
                    leaves.hand_to(&mut visit);
                    visit.seen
                })
            }
            Err(_) => false,
        }
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
                paths.push(path.to_owned());
                value == wanted
            });
            (found, paths.join(" "))
        };
        assert_eq!(seen(r#"{"a":1,"b":{"c":2},"d":3}"#, Scalar::Int(2)), (true, "a b.c".to_owned()));
        assert_eq!(seen(r#"{"a":1,"a":2}"#, Scalar::Int(1)), (false, "a a".to_owned()));
        assert!(seen(r#"{"a":1,"a":2}"#, Scalar::Int(2)).0);
        assert!(seen(r#"{"a":"caf\u00e9"}"#, Scalar::Text("café")).0);
        assert!(!seen(r#"{"a":1"#, Scalar::Int(1)).0, "a record that cannot be read has no fields");
    }
}
