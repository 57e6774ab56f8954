//! Recognises JSON lines, arrays and documents by content.

use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value};

use crate::ingest::Format;

/// Lines in which the first record must come, behind what a program says at its start.
const BANNER: usize = 100;

/// The lists of a document that hold events.
const EVENTS: [&str; 8] = ["events", "spans", "records", "traceEvents", "entries", "steps", "samples", "trace"];

/// The names that a document gives itself.
const TITLES: [&str; 4] = ["incident_name", "scenario", "title", "name"];

/// What some bytes are.
#[derive(Debug, PartialEq, Eq)]
pub enum Guess {
    /// Records in this layout.
    Records {
        format: Format,
        title: Option<String>,
        /// A list of objects that may be anything, or one object only.
        doubtful: bool,
    },
    /// A document with the lists `expected` and `actual`.
    Both { title: Option<String> },
    /// No recording: what it is instead, as a sentence.
    No(String),
    /// The beginning of a document: all of it is needed.
    More,
}

impl Guess {
    fn records(format: Format) -> Self {
        Self::Records { format, title: None, doubtful: false }
    }

    fn no(what: &str) -> Self {
        Self::No(what.to_owned())
    }
}

/// Recognises the bytes at the start of a file, or all of it.
pub fn guess(head: &[u8], whole: bool) -> Guess {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.as_bytes().first() {
        Some(b'[') if text[1..].trim_start().starts_with(['{', ']']) => return Guess::records(Format::JsonArray),
        Some(b'[') => return Guess::no("It is a JSON array, but not of objects."),
        Some(b'{') => {}
        _ if text.lines().take(BANNER).any(|line| serde_json::from_str::<Map<String, Value>>(line).is_ok()) => {
            return Guess::records(Format::JsonLines);
        }
        _ => return Guess::no("It holds no JSON objects."),
    }
    let mut shape = Shape::default();
    let mut deserializer = Deserializer::from_str(text);
    match shape.read(&mut deserializer) {
        Ok(()) => {}
        Err(error) if error.is_eof() && !whole => {
            return shape.document().filter(|_| shape.sides == 0).unwrap_or(Guess::More);
        }
        // A first line or a document that is damaged is a matter for the reader.
        Err(_) => return shape.document().unwrap_or(Guess::records(Format::JsonLines)),
    }
    let (first, rest) = text.split_at(deserializer.into_iter::<IgnoredAny>().byte_offset());
    let one_line = !first.contains('\n');
    if whole && rest.trim().is_empty() {
        return shape.alone(one_line);
    }
    let next_line = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    let stream = rest.trim_start().starts_with('{') && !(one_line && next_line);
    Guess::records(if stream { Format::JsonStream } else { Format::JsonLines })
}

/// Recognises what begins with a large JSON object.
pub fn guess_large(reader: impl Read) -> Guess {
    let mut shape = Shape::default();
    match shape.read(&mut Deserializer::from_reader(std::io::BufReader::with_capacity(1 << 16, reader))) {
        Ok(()) => shape.alone(true),
        Err(_) => shape.document().unwrap_or(Guess::records(Format::JsonLines)),
    }
}

/// What a JSON object has at its top.
#[derive(Debug, Default)]
struct Shape {
    /// Names of lists of objects.
    lists: Vec<String>,
    /// How many of `expected` and `actual` are among them.
    sides: usize,
    /// The best name that it gives itself, with its rank.
    title: Option<(usize, String)>,
}

impl Shape {
    fn read<'de, R: serde_json::de::Read<'de>>(
        &mut self,
        deserializer: &mut Deserializer<R>,
    ) -> serde_json::Result<()> {
        deserializer.deserialize_any(Look { shape: self, place: At::Top })
    }

    /// A document with lists that are known to hold events.
    fn document(&self) -> Option<Guess> {
        let title = self.title.as_ref().map(|(_, title)| title.clone());
        if self.sides == 2 {
            return Some(Guess::Both { title });
        }
        let path = EVENTS.iter().find(|name| self.lists.iter().any(|list| list == *name))?;
        let format = Format::Document { path: (*path).to_owned() };
        Some(Guess::Records { format, title, doubtful: false })
    }

    /// What it is when nothing follows.
    fn alone(self, one_line: bool) -> Guess {
        if let Some(document) = self.document() {
            return document;
        }
        let title = self.title.map(|(_, title)| title);
        match self.lists.into_iter().next() {
            Some(path) => Guess::Records { format: Format::Document { path }, title, doubtful: true },
            None if one_line => Guess::Records { format: Format::JsonLines, title: None, doubtful: true },
            None => Guess::no("It is a JSON document without a list of events."),
        }
    }
}

/// Looks at a value and, where it matters, at what is in it.
struct Look<'a> {
    shape: &'a mut Shape,
    place: At,
}

/// Where the value stands.
enum At {
    /// It is all there is.
    Top,
    /// The member of this name.
    Member(String),
    /// The first element of the list of this name.
    First(String),
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self.place {
            At::Top => {
                while let Some(name) = map.next_key()? {
                    map.next_value_seed(Look { shape: self.shape, place: At::Member(name) })?;
                }
                return Ok(());
            }
            // Noted before it is read: the bytes may end inside it.
            At::First(name) => {
                self.shape.sides += usize::from(name == "expected" || name == "actual");
                self.shape.lists.push(name);
            }
            At::Member(_) => {}
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if let At::Member(name) = self.place {
            list.next_element_seed(Look { shape: self.shape, place: At::First(name) })?;
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let At::Member(name) = self.place else { return Ok(()) };
        let rank = TITLES.iter().position(|title| *title == name);
        if let Some(rank) = rank.filter(|rank| self.shape.title.as_ref().is_none_or(|(best, _)| rank < best)) {
            self.shape.title = Some((rank, text.to_owned()));
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text is, in a word.
    fn word(guess: Guess) -> String {
        match guess {
            Guess::Records { format, title, doubtful } => {
                let format = match format {
                    Format::Document { path } => format!("document:{path}"),
                    other => format!("{other:?}"),
                };
                let title = title.map_or_else(String::new, |title| format!(" '{title}'"));
                format!("{format}{title}{}", if doubtful { " ?" } else { "" })
            }
            Guess::Both { title } => format!("both {}", title.unwrap_or_default()),
            Guess::No(why) => why,
            Guess::More => "more".to_owned(),
        }
    }

    #[test]
    fn content_tells_the_layout() {
        for (text, expected) in [
            ("{\"a\":1}\n{\"a\":2}\n", "JsonLines"),
            ("\u{feff}\r\n{\"a\":1}\r\n\r\n{\"a\":2}", "JsonLines"),
            ("{\"a\":1}\n{\"a\":", "JsonLines"),
            ("{\"a\":1, oops}\n{\"a\":2}\n", "JsonLines"),
            ("starting up\n{\"a\":1}\n", "JsonLines"),
            ("{\"a\":1}", "JsonLines ?"),
            ("{\n \"a\":1}\n{\n \"a\":2}\n", "JsonStream"),
            ("{\"a\":1}{\"a\":2}", "JsonStream"),
            ("[{\"a\":1},\n{\"a\":2}]", "JsonArray"),
            ("[]", "JsonArray"),
            ("{\"name\":\"n\",\"incident_name\":\"i\",\"events\":[{\"a\":1}]}", "document:events 'i'"),
            ("{\"notes\":[{\"x\":1}],\"events\":[{\"a\":1}]}\n", "document:events"),
            ("{\"events\":[{\"a\":1}]}\n{\"events\":[]}\n", "JsonLines"),
            ("{\"events\":[{\"a\":1},{\"a\":", "document:events"),
            ("{\"causes\":[{\"a\":1}],\"n\":null}", "document:causes ?"),
            ("{\"actual\":[{}],\"scenario\":\"s\",\"expected\":[{}]}", "both s"),
            ("{\n\"a\":1.5,\"b\":{\"events\":[{}]},\"c\":[[1]]}", "It is a JSON document without a list of events."),
            ("[1]", "It is a JSON array, but not of objects."),
            ("a,b\n1,2\n", "It holds no JSON objects."),
        ] {
            assert_eq!(word(guess(text.as_bytes(), true)), expected, "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_document_is_enough_where_it_is_clear() {
        assert_eq!(word(guess(b"{\"events\":[{\"a\":1},{\"a\"", false)), "document:events");
        assert_eq!(word(guess(b"{\"a\":1}\n{\"a\":2}\n{\"a", false)), "JsonLines");
        let both = "{\"expected\":[{\"a\":1}],\"actual\":[{\"a\":1}]}";
        assert_eq!(guess(&both.as_bytes()[..20], false), Guess::More);
        assert_eq!(word(guess_large(both.as_bytes())), "both ");
        assert_eq!(guess(b"{\"text\":\"aaaa", false), Guess::More);
        assert_eq!(word(guess_large(&b"{\"text\":\"aaaa\"}"[..])), "JsonLines ?");
    }
}
