//! What differs in fields that are renamed before they are compared: the words around their ids, or which id stands for which.

use super::{Analysis, Detail};
use crate::compare::RowClass;
use crate::trace::{LinkKind, Side, Value};

/// Equal rows that are read to learn what an id stands for, the nearest first, and how far they are looked for.
const READ: usize = 64;
const NEAR: u32 = 4_096;
/// Fields named before the rest is counted.
const NAMED: usize = 3;
/// A beginning that both texts have is left out from so many letters on, and a text is cut behind so many.
const BEGINNING: usize = 24;
const SHOWN: usize = 96;

/// What equal rows say of two ids.
enum Known {
    /// One is the other.
    Same,
    /// The id of this side is another one there.
    Other(Side, String),
    /// Nothing.
    Nothing,
}

impl Analysis {
    /// What parts two events whose compared fields are equal: `span_id a1f → 77c, though 77c is b2e elsewhere`. Empty where no field
    /// shows it.
    pub(super) fn renamed_changes(&self, row: u32, expected: &Detail, actual: &Detail) -> String {
        let (mut sure, mut open) = (Vec::new(), Vec::new());
        let by_position = self.spec.plan.cause.filter(|_| self.spec.plan.cause_by_position);
        let by_position = by_position.map(|field| self.spec.fields[field].path.as_str());
        for field in self.spec.renamed() {
            if by_position == Some(&*field.path) {
                let [e, a] = [expected, actual].map(|detail| self.named_cause(detail));
                sure.extend((e != a).then(|| format!("{} {e} → {a}", field.path)));
                continue;
            }
            let [e, a] = [expected, actual].map(|detail| plain(detail, &field.path));
            if e == a {
                continue;
            }
            let [from, to] = shown(&e, &a);
            let change = format!("{} {from} → {to}", field.path);
            match self.known(row, &field.path, &e, &a) {
                Known::Same => {}
                Known::Other(Side::Actual, other) => sure.push(format!("{change}, though {to} is {other} elsewhere")),
                Known::Other(Side::Expected, other) => {
                    sure.push(format!("{change}, though {from} is {other} elsewhere"));
                }
                Known::Nothing => open.push(change),
            }
        }
        // What another row contradicts is why; without such a row it may be any of those that nothing is known of.
        let mut parts = if sure.is_empty() { open } else { sure };
        if parts.len() > NAMED {
            let more = parts.len() - NAMED;
            parts.truncate(NAMED);
            parts.push(format!("{more} more"));
        }
        parts.join(", ")
    }

    /// The event that an event names as its cause by its position, which counts for nothing by itself.
    fn named_cause(&self, of: &Detail) -> String {
        let links = self.sides[of.side].as_ref().map_or(&[][..], |events| &events.trace.links);
        let named = links.iter().find(|link| link.to == of.index && link.kind == LinkKind::Cause);
        named.map_or_else(|| "none".to_owned(), |link| self.name(of.side, link.from))
    }

    /// What the nearest equal rows say of the ids that a field has in a row.
    fn known(&self, row: u32, path: &str, expected: &str, actual: &str) -> Known {
        let rows = &self.comparison.rows;
        let around = (1..=NEAR).flat_map(|by| [row.checked_sub(by), row.checked_add(by).filter(|at| *at < rows.len())]);
        let equal = around.flatten().filter_map(|at| {
            let cells = rows.get(at);
            cells.expected.zip(cells.actual).filter(|_| cells.class == RowClass::Same)
        });
        for (e, a) in equal.take(READ) {
            let other =
                [self.detail(Side::Expected, e), self.detail(Side::Actual, a)].map(|detail| plain(&detail, path));
            match (other[0] == expected, other[1] == actual) {
                (true, true) => return Known::Same,
                (false, true) => return Known::Other(Side::Actual, cut(&other[0], 0)),
                (true, false) => return Known::Other(Side::Expected, cut(&other[1], 0)),
                (false, false) => {}
            }
        }
        Known::Nothing
    }
}

fn plain(detail: &Detail, path: &str) -> String {
    match detail.value(path) {
        None | Some(Value::Null) => "none".to_owned(),
        Some(value) if value.plain().is_empty() => "empty".to_owned(),
        Some(value) => value.plain().to_owned(),
    }
}

/// Both texts, short enough to see where they part.
fn shown(expected: &str, actual: &str) -> [String; 2] {
    let alike = expected.chars().zip(actual.chars()).take_while(|(e, a)| e == a);
    let same: usize = alike.map(|(c, _)| c.len_utf8()).sum();
    // They part between words.
    let same = expected[..same].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let from = if same < BEGINNING { 0 } else { same };
    [cut(expected, from), cut(actual, from)]
}

/// A text from here on, with marks where something is left out.
fn cut(text: &str, from: usize) -> String {
    let mut out = String::from(if from > 0 { "… " } else { "" });
    let rest = text.get(from..).unwrap_or(text);
    out.extend(rest.chars().take(SHOWN));
    if rest.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Session;
    use crate::pack::{Found, in_memory};

    /// Requests of three events each, whose ids have other names on both sides; the last event of one names another request.
    fn analysis(wrong: bool) -> Analysis {
        let id = |side: u64, request: u64| {
            format!("{:016x}", (side * 1_000 + request + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        };
        let side = |side: u64| -> String {
            let event = |n: u64| {
                let (request, step) = (n / 3, n % 3);
                let of = if wrong && side == 1 && n == 17 { 2 } else { request };
                let kind = ["begin", "work", "end"][step as usize];
                format!("{{\"type\":\"{kind}\",\"task\":{request},\"note\":\"for {}\"}}\n", id(side, of))
            };
            (0..30).map(event).collect()
        };
        let (expected, actual) = (side(0), side(1));
        let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
        let Found::Ready(pack) = in_memory("pair", &files).unwrap() else { panic!("it is no pair") };
        Session::new(*pack).run(&()).unwrap()
    }

    #[test]
    fn an_id_that_stands_for_another_one_is_named_with_that() {
        let same = analysis(false);
        assert_eq!(same.comparison.rows.differences(), [0; 0], "ids that differ by name only are no difference");
        assert_eq!(same.spec.renamed().map(|field| field.path.as_str()).collect::<Vec<_>>(), ["note"]);
        let wrong = analysis(true);
        let [row] = wrong.comparison.rows.differences() else { panic!("{:?}", wrong.comparison.rows.differences()) };
        let value = |side: Side, event| plain(&wrong.detail(side, event), "note");
        let (mine, others, right) = (value(Side::Expected, 17), value(Side::Actual, 17), value(Side::Actual, 16));
        let why = wrong.why(*row);
        let said = format!(
            "Equal in every compared field, but not in one that is renamed: note {mine} → {others}, though {mine} is {right} elsewhere."
        );
        assert!(why.starts_with(&said), "{why}\n{said}");
    }

    #[test]
    fn texts_are_shown_from_where_they_part() {
        assert_eq!(shown("a1", "b2"), ["a1", "b2"]);
        let before = "2025-03-01 12:00:01 INFO server ";
        let texts = shown(&format!("{before}began"), &format!("{before}broke"));
        assert_eq!(texts, ["… began", "… broke"]);
        assert_eq!(shown("grün und blau", "grün und blass"), ["grün und blau", "grün und blass"]);
        assert_eq!(cut(&"x".repeat(100), 0).chars().count(), 97);
    }
}
