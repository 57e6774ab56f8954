//! What a record must hold to answer a query, looked for in whole blocks of records before one of them is parsed.

use memchr::memmem::Finder;

use super::matcher::Wanted;
use crate::trace::Scalar;

/// Whole numbers of so many digits are exact as they are.
const EXACT: usize = 15;

/// A text in lower case, and what stands beside it. A record without a backslash holds it if it answers.
#[derive(Debug, Clone)]
pub struct Needle {
    finder: Finder<'static>,
    beside: Beside,
    /// How long all is that it asks for: of two, the longer is found more rarely.
    weight: usize,
}

#[derive(Debug, Clone)]
enum Beside {
    Anything,
    /// The text is a value in quotes, of a field whose name ends like this.
    Name(String),
    /// The text is the end of a field's name, whose value may fit.
    Value(Wanted),
}

impl Needle {
    fn new(text: &str, beside: Beside, weight: usize) -> Self {
        Self { finder: Finder::new(text.as_bytes()).into_owned(), beside, weight }
    }

    /// A text in lower case that stands anywhere; `None` where it may be written in other letters than these.
    pub(super) fn anywhere(lower: &str) -> Option<Self> {
        (lower.is_ascii() && !lower.is_empty()).then(|| Self::new(lower, Beside::Anything, lower.len()))
    }

    /// A field of JSON, by the end of its name and what is wanted of its value.
    pub(super) fn field(path: &str, wanted: &Wanted) -> Option<Self> {
        let name = path.rsplit('.').next().filter(|name| name.is_ascii())?.to_lowercase();
        let end = format!("{name}\"");
        let value = |length: usize| Some(Self::new(&end, Beside::Value(wanted.clone()), end.len() + length));
        match wanted {
            Wanted::Within(_) => value(0),
            Wanted::Equal { lower, number: Some(_) } => value(lower.len()),
            // Of lists and objects there are several spellings.
            Wanted::Equal { lower, .. } if lower.is_ascii() && !lower.contains(['[', '{']) => {
                if is_bare(lower) {
                    return value(lower.len());
                }
                let quoted = format!("\"{lower}\"");
                Some(Self::new(&quoted, Beside::Name(end), quoted.len() + name.len()))
            }
            _ => Self::anywhere(&end),
        }
    }

    /// How rare it is beside others.
    pub(super) const fn weight(&self) -> usize {
        self.weight
    }

    /// True when `lower`, a text in lower case, holds it.
    pub(super) fn is_in(&self, lower: &[u8]) -> bool {
        self.places(lower).next().is_some()
    }

    /// Every place in `lower` that holds it.
    fn places<'l>(&'l self, lower: &'l [u8]) -> impl Iterator<Item = usize> + 'l {
        let fits = |&at: &usize| match &self.beside {
            Beside::Anything => true,
            Beside::Name(end) => is_named(end, &lower[..at]),
            Beside::Value(wanted) => may_fit(wanted, &lower[at + self.finder.needle().len()..]),
        };
        self.finder.find_iter(lower).filter(fits)
    }
}

/// Texts of which a record holds at least one if it may answer, unless it has a backslash.
#[derive(Debug, Clone)]
pub struct Needles(pub(super) Vec<Needle>);

impl Needles {
    /// Calls `see` with every place in `lower`, a text in lower case, that holds one; the places of each ascend.
    pub fn each(&self, lower: &[u8], mut see: impl FnMut(usize)) {
        for needle in &self.0 {
            needle.places(lower).for_each(&mut see);
        }
    }
}

/// True for what JSON may spell without quotes: a word, or a number too large to be one.
fn is_bare(lower: &str) -> bool {
    let bare =
        matches!(lower, "true" | "false" | "null") || lower.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    bare && !lower.bytes().any(ends)
}

/// True for what ends a value without quotes, and a text that is told like one.
const fn ends(byte: u8) -> bool {
    matches!(byte, b',' | b']' | b'}' | b'"') || byte.is_ascii_whitespace()
}

/// True when a value stands behind a name that ends like this.
fn is_named(end: &str, before: &[u8]) -> bool {
    let name = before.trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    name.is_some_and(|name| name.ends_with(end.as_bytes()))
}

/// False when what stands behind a name in a JSON record is no value that fits. Much faster than parsing the record.
fn may_fit(wanted: &Wanted, behind: &[u8]) -> bool {
    let Some(value) = behind.trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start) else { return false };
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let value = &value[..value.iter().position(|&byte| ends(byte)).unwrap_or(value.len())];
    if (1..=EXACT).contains(&value.len()) && value.iter().all(u8::is_ascii_digit) {
        let whole = value.iter().fold(0_u64, |whole, digit| whole * 10 + u64::from(digit - b'0'));
        return wanted.fits_number(whole as f64);
    }
    std::str::from_utf8(value).is_ok_and(|text| wanted.fits(Scalar::Decimal(text)) || wanted.fits(Scalar::Text(text)))
}
