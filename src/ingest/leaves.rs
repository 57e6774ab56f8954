//! The fields of one record, owned: for showing it, and for records in which a name stands twice.

use std::collections::BTreeMap;

use super::scan::{Visit, Work, scan};
use super::{Fault, Select};
use crate::trace::{Field, Path, PathKey, Scalar, Value};

/// A leaf with its own text.
#[derive(Debug)]
struct Leaf {
    key: PathKey,
    path: String,
    value: Owned,
}

#[derive(Debug)]
enum Owned {
    Plain(Scalar<'static>),
    Decimal(String),
    Text(String),
    Json(String),
}

/// Every leaf of a record; of a repeated name, the last.
#[derive(Debug, Default)]
pub struct Leaves {
    /// In the order of the recording; none where a later one of the same name took its place.
    all: Vec<Option<Leaf>>,
    /// Where the leaf of each path is. Sorted, so that all that is below a path stands together.
    places: BTreeMap<String, usize>,
    /// The path of a name that stood twice.
    pub repeated: Option<String>,
}

impl Visit for Leaves {
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        let value = match value {
            Scalar::Null => Owned::Plain(Scalar::Null),
            Scalar::Bool(b) => Owned::Plain(Scalar::Bool(b)),
            Scalar::Int(i) => Owned::Plain(Scalar::Int(i)),
            Scalar::Uint(u) => Owned::Plain(Scalar::Uint(u)),
            Scalar::Decimal(text) => Owned::Decimal(text.to_owned()),
            Scalar::Text(text) => Owned::Text(text.to_owned()),
            Scalar::Json(text) => Owned::Json(text.to_owned()),
        };
        self.places.insert(path.text.to_owned(), self.all.len());
        self.all.push(Some(Leaf { key: path.key, path: path.text.to_owned(), value }));
    }

    fn repeated(&mut self, path: &str) -> bool {
        let below = format!("{path}.");
        let under = self.places.range(below.clone()..).take_while(|(text, _)| text.starts_with(&below));
        let mut gone: Vec<String> = under.map(|(text, _)| text.clone()).collect();
        gone.push(path.to_owned());
        let mut any = false;
        for text in &gone {
            if let Some(at) = self.places.remove(text) {
                self.all[at] = None;
                any = true;
            }
        }
        if any && self.repeated.is_none() {
            self.repeated = gone.pop();
        }
        true
    }
}

impl Leaves {
    /// Scans a record.
    pub fn of(text: &str, prefix: Option<&str>, work: &mut Work) -> Result<Self, Fault> {
        let mut leaves = Self::default();
        scan(text, 0..text.len(), prefix, work, &mut leaves)?;
        Ok(leaves)
    }

    /// Hands every leaf on.
    pub fn hand_to(&self, visit: &mut impl Visit) {
        for leaf in self.all.iter().flatten() {
            let value = match &leaf.value {
                Owned::Plain(value) => *value,
                Owned::Decimal(text) => Scalar::Decimal(text),
                Owned::Text(text) => Scalar::Text(text),
                Owned::Json(text) => Scalar::Json(text),
            };
            visit.field(Path { key: leaf.key, slot: Path::UNNUMBERED, text: &leaf.path }, value);
        }
    }
}

/// The fields of one record, flattened, in the order of the recording.
///
/// # Errors
/// When the text is no JSON object: a sentence.
pub fn fields(raw: &[u8], select: &Select) -> Result<Vec<Field>, String> {
    let text = String::from_utf8_lossy(raw);
    let text = text.trim_start_matches('\u{feff}');
    let leaves =
        Leaves::of(text, select.prefix.as_deref(), &mut Work::default()).map_err(|fault| fault.sentence(text))?;
    let field = |leaf: Leaf| Field {
        path: leaf.path,
        value: match leaf.value {
            Owned::Plain(Scalar::Bool(b)) => Value::Bool(b),
            Owned::Plain(Scalar::Int(i)) => Value::Number(i.to_string()),
            Owned::Plain(Scalar::Uint(u)) => Value::Number(u.to_string()),
            Owned::Plain(_) => Value::Null,
            Owned::Decimal(text) => Value::Number(text),
            Owned::Text(text) => Value::Text(text),
            Owned::Json(text) => Value::Json(text),
        },
    };
    Ok(leaves.all.into_iter().flatten().map(field).collect())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn of_a_repeated_name_the_last_counts_with_all_that_is_below_it() {
        let fields = fields(br#"{"a":{"x":1,"y":2},"b":[1, {"c" : 2}],"a":{"y":null}}"#, &Select::default()).unwrap();
        let shown: Vec<_> = fields.iter().map(|f| (f.path.as_str(), f.value.plain())).collect();
        assert_eq!(shown, [("b", r#"[1,{"c":2}]"#), ("a.y", "null")]);
    }

    #[test]
    fn of_many_repeated_names_the_last_counts() {
        // Comparing each repeated name with every other would take minutes here.
        let mut record = String::from("{\"a\":{\"x\":1},\"a-b\":2,\"ab\":3");
        for round in 0..2 {
            for name in 0..100_000 {
                write!(record, ",\"n{name}\":{round}").unwrap();
            }
        }
        record.push_str(",\"a\":4}");
        let fields = fields(record.as_bytes(), &Select::default()).unwrap();
        let shown = |i: usize| (fields[i].path.clone(), fields[i].value.plain());
        assert_eq!(fields.len(), 100_003);
        assert_eq!([shown(0).0, shown(1).0, shown(2).0, shown(100_002).0], ["a-b", "ab", "n0", "a"]);
        assert!(fields[2..100_002].iter().all(|f| f.value.plain() == "1"), "the last counts");
    }

    #[test]
    fn the_prefix_of_a_side_is_taken_off() {
        let select = Select { field: None, prefix: Some("expected_".to_owned()) };
        let fields = fields(br#"{"index":18446744073709551615,"expected_state":"on"}"#, &select).unwrap();
        let shown: Vec<_> = fields.iter().map(|f| (f.path.as_str(), f.value.plain())).collect();
        assert_eq!(shown, [("index", "18446744073709551615"), ("state", "on")]);
    }

    #[test]
    fn a_record_that_cannot_be_read_says_where() {
        let error = fields(b"{\"a\":1,\n \"b\" 2}", &Select::default()).unwrap_err();
        assert_eq!(error, "No JSON: at column 6 of the record's line 2 a colon is expected.");
    }
}
