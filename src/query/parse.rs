//! Text → [`Query`], or where and why it cannot be read.

use std::ops::Range;

use super::glob::is_glob;
use super::language::{self, Class, Key, Limit, Mark, Pattern, Query, Test};
use super::number::Number;
use super::token::{between_quotes, between_slashes, ends_word, range_ends, word_end};
use crate::trace::Side;

/// Parentheses and minus signs nested deeper than this are refused: nobody writes them, and the stack has an end.
pub const MAX_DEPTH: usize = 64;
/// An expression may take so many bytes when it is compiled.
const EXPRESSION_BYTES: usize = 4 << 20;

/// Why a query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the text that are wrong; empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong and what to write, in sentences.
    pub says: String,
}

impl Fault {
    fn new(span: Range<usize>, says: impl Into<String>) -> Self {
        Self { span, says: says.into() }
    }
}

/// Reads a query; `None` when there is nothing in it.
///
/// # Errors
/// When it is not of the language: the place and a sentence.
pub fn parse(text: &str) -> Result<Option<Query>, Fault> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    parser.skip_space();
    if parser.at == text.len() {
        return Ok(None);
    }
    let query = parser.any()?;
    if parser.at < text.len() {
        return Err(Fault::new(parser.at..parser.at + 1, "This parenthesis closes nothing. Remove it."));
    }
    Ok(Some(query))
}

/// Compiles an expression.
///
/// # Errors
/// Why it cannot be, and the bytes of it that are wrong.
pub fn expression(source: &str) -> Result<regex::bytes::Regex, (Range<usize>, String)> {
    let whole = 0..source.len();
    if let Err(error) = regex_syntax::Parser::new().parse(source) {
        let (span, why) = match &error {
            regex_syntax::Error::Parse(error) => (error.span(), error.kind().to_string()),
            regex_syntax::Error::Translate(error) => (error.span(), error.kind().to_string()),
            _ => return Err((whole, "This expression cannot be read.".to_owned())),
        };
        return Err((span.start.offset..span.end.offset, format!("This expression cannot be read: {why}.")));
    }
    regex::bytes::RegexBuilder::new(source).size_limit(EXPRESSION_BYTES).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => (whole, "This expression grows too large. Repeat less in it.".to_owned()),
        _ => (whole, "This expression cannot be read.".to_owned()),
    })
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// The `or` that stands here, if one does.
    fn or_here(&self) -> Option<Range<usize>> {
        let end = word_end(self.text, self.at);
        self.text[self.at..end].eq_ignore_ascii_case("or").then_some(self.at..end)
    }

    /// Parts with `or` between them, to the end or to a parenthesis that closes.
    fn any(&mut self) -> Result<Query, Fault> {
        let mut parts = Vec::new();
        loop {
            match self.all()? {
                Query::Any(inner) => parts.extend(inner),
                part => parts.push(part),
            }
            let Some(or) = self.or_here() else { break };
            self.at = or.end;
            self.skip_space();
            if self.rest().is_empty() || self.rest().starts_with(')') {
                return Err(Fault::new(
                    or,
                    "Something is missing behind this `or`. Put it in quotes to search for the word.",
                ));
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Query::Any(parts) })
    }

    /// Parts one after another.
    fn all(&mut self) -> Result<Query, Fault> {
        let mut parts = Vec::new();
        loop {
            self.skip_space();
            let or = self.or_here();
            if self.rest().is_empty() || self.rest().starts_with(')') || or.is_some() {
                if let Some(or) = or.filter(|_| parts.is_empty()) {
                    let says = "Something is missing before this `or`. Put it in quotes to search for the word.";
                    return Err(Fault::new(or, says));
                }
                break;
            }
            match self.part()? {
                Query::All(inner) => parts.extend(inner),
                part => parts.push(part),
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Query::All(parts) })
    }

    /// One part: what is not wanted, a group, or a test.
    fn part(&mut self) -> Result<Query, Fault> {
        let start = self.at;
        if !self.rest().starts_with(['-', '(']) {
            return self.test().map(Query::Test);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::new(
                start..start + 1,
                format!("This is nested too deeply: at most {MAX_DEPTH} levels."),
            ));
        }
        let minus = self.rest().starts_with('-');
        self.at += 1;
        let part = if minus {
            if self.rest().is_empty() || self.rest().starts_with(|c: char| c.is_whitespace() || c == ')') {
                let says = "What is not wanted is missing. Write it right behind the minus.";
                return Err(Fault::new(start..start + 1, says));
            }
            self.part()?.not()
        } else {
            self.skip_space();
            if self.rest().starts_with(')') {
                return Err(Fault::new(start..self.at + 1, "There is nothing between these parentheses."));
            }
            if self.rest().is_empty() {
                return Err(Fault::new(start..start + 1, "This parenthesis is not closed."));
            }
            let inner = self.any()?;
            if !self.rest().starts_with(')') {
                return Err(Fault::new(start..start + 1, "This parenthesis is not closed."));
            }
            self.at += 1;
            inner
        };
        self.depth -= 1;
        Ok(part)
    }

    fn test(&mut self) -> Result<Test, Fault> {
        let start = self.at;
        if self.rest().starts_with('"') {
            let text = self.quotes()?;
            if self.rest().starts_with(':') {
                self.at += 1;
                let pattern = self.pattern(&text, true)?;
                return Ok(Test::Field(text, pattern));
            }
            if text.is_empty() {
                return Err(Fault::new(start..self.at, "There is nothing between these quotes."));
            }
            return Ok(Test::Text(text));
        }
        if self.rest().starts_with('/') {
            return self.slashes().map(Test::Expression);
        }
        let end = word_end(self.text, start);
        let word = &self.text[start..end];
        match word.find(':').filter(|&colon| colon > 0) {
            None => {
                self.at = end;
                Ok(Test::Text(word.to_owned()))
            }
            Some(colon) => {
                let name = word[..colon].to_owned();
                self.at = start + colon + 1;
                match Key::of(&name) {
                    Some(key) => self.key(key),
                    None => self.pattern(&name, true).map(|pattern| Test::Field(name, pattern)),
                }
            }
        }
    }

    fn key(&mut self, key: Key) -> Result<Test, Fault> {
        let name = key.word();
        Ok(match key {
            Key::Kind => Test::Kind(self.pattern(name, false)?),
            Key::Lane => Test::Lane(self.pattern(name, false)?),
            Key::Side => Test::Side(self.one_of(name, &Side::BOTH, Side::word)?),
            Key::Diff => Test::Diff(self.one_of(name, &Class::ALL, Class::word)?),
            Key::Is => Test::Is(self.one_of(name, &Mark::ALL, Mark::word)?),
            Key::Cause => Test::Cause(self.numbers(name, false)?),
            Key::Index => Test::Index(self.numbers(name, false)?),
            Key::Line => Test::Line(self.numbers(name, false)?),
            Key::Time => Test::Time(self.numbers(name, true)?),
        })
    }

    /// What stands behind the colon of `name`, which must not be nothing.
    fn value(&mut self, name: &str) -> Result<(String, Range<usize>), Fault> {
        let end = word_end(self.text, self.at);
        let span = self.at..end;
        if span.is_empty() {
            let says = format!("A value is missing behind `{name}:`.");
            return Err(Fault::new(span, says));
        }
        self.at = end;
        Ok((self.text[span.clone()].to_owned(), span))
    }

    fn one_of<T: Copy>(&mut self, name: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T, Fault> {
        let words = || all.iter().map(|&one| word(one)).collect::<Vec<_>>().join(", ");
        let (value, span) = self
            .value(name)
            .map_err(|fault| Fault { says: format!("{} It is one of {}.", fault.says, words()), ..fault })?;
        let known = all.iter().copied().find(|&one| word(one).eq_ignore_ascii_case(&value));
        known.ok_or_else(|| Fault::new(span, format!("`{name}:` is one of {}.", words())))
    }

    fn pattern(&mut self, name: &str, numbers: bool) -> Result<Pattern, Fault> {
        match self.rest().chars().next() {
            Some('"') => return self.quotes().map(Pattern::Equal),
            Some('/') => return self.slashes().map(Pattern::Expression),
            _ => {}
        }
        let (value, span) = self.value(name)?;
        if numbers && let Some(range) = range(&value, &span)? {
            if limits(&range).any(|limit| limit.number.unit().is_some()) {
                let says = "Only `time:` has units. Write the number as the recording has it.";
                return Err(Fault::new(span, says));
            }
            return Ok(Pattern::Within(range));
        }
        Ok(if is_glob(&value) { Pattern::Glob(value) } else { Pattern::Equal(value) })
    }

    fn numbers(&mut self, name: &str, units: bool) -> Result<language::Range, Fault> {
        let (value, span) = self.value(name)?;
        let one = |number: Number| {
            let limit = Some(Limit { number, inside: true });
            language::Range { low: limit.clone(), high: limit }
        };
        let range = match range(&value, &span)? {
            Some(range) => range,
            None => Number::read(&value).map(one).ok_or_else(|| {
                let says = if units {
                    "`time:` wants a time, such as >1.5s, 20ms..30ms or 1200 (ticks of the recording).".to_owned()
                } else {
                    format!("`{name}:` wants a number, such as 5, >5 or 5..9.")
                };
                Fault::new(span.clone(), says)
            })?,
        };
        if !units && limits(&range).any(|limit| limit.number.unit().is_some()) {
            return Err(Fault::new(span, format!("`{name}:` has no unit: it is a count.")));
        }
        Ok(range)
    }

    fn quotes(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let unclosed = || Fault::new(start..start + 1, "This quote is not closed.");
        let (inner, end) = between_quotes(self.text, start).ok_or_else(unclosed)?;
        self.at = end;
        Ok(inner)
    }

    fn slashes(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let Some(inside) = between_slashes(self.text, start) else {
            let says = "This expression is not closed. End it with /, or put the text in quotes.";
            return Err(Fault::new(start..start + 1, says));
        };
        let source = &self.text[inside.clone()];
        let end = inside.end + 1;
        if source.is_empty() {
            return Err(Fault::new(start..end, "There is nothing between these slashes."));
        }
        if !self.text[end..].chars().next().is_none_or(ends_word) {
            let says = "An expression ends at its second slash. Write \\/ for a slash in it, (?i) at its start to ignore case, or put a text with slashes in quotes.";
            return Err(Fault::new(end..word_end(self.text, end), says));
        }
        if let Err((span, says)) = expression(source) {
            return Err(Fault::new(inside.start + span.start..inside.start + span.end, says));
        }
        self.at = end;
        Ok(source.to_owned())
    }
}

fn limits(range: &language::Range) -> impl Iterator<Item = &Limit> {
    range.low.iter().chain(&range.high)
}

/// Whether a value begins with `<` rather than with `>`, and what is behind that.
fn sign(value: &str) -> Option<(bool, &str)> {
    value.strip_prefix('<').map(|rest| (true, rest)).or_else(|| Some((false, value.strip_prefix('>')?)))
}

/// The range that a value spells: `>20`, `<=20`, `20..30`, `20..`, `..30`; `None` when it is something else.
fn range(value: &str, span: &Range<usize>) -> Result<Option<language::Range>, Fault> {
    let Some((below, rest)) = sign(value) else {
        let Some((low, high)) = range_ends(value) else { return Ok(None) };
        let limit = |number: Option<Number>| number.map(|number| Limit { number, inside: true });
        if let (Some(low), Some(high)) = (&low, &high)
            && low.unit() == high.unit()
            && low.value() > high.value()
        {
            return Err(Fault::new(span.clone(), "This range ends before it begins."));
        }
        return Ok(Some(language::Range { low: limit(low), high: limit(high) }));
    };
    let (inside, digits) = rest.strip_prefix('=').map_or((false, rest), |digits| (true, digits));
    let Some(number) = Number::read(digits) else {
        let says = "A number is missing behind this sign. Put the value in quotes if the sign belongs to it.";
        return Err(Fault::new(span.clone(), says));
    };
    let limit = Some(Limit { number, inside });
    Ok(Some(if below {
        language::Range { low: None, high: limit }
    } else {
        language::Range { low: limit, high: None }
    }))
}
