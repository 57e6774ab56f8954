//! What log lines of one statement share: the template of a line. After Drain (He et al., "Drain: An Online Log Parsing Approach
//! with Fixed Depth Tree", ICWS 2017), with the masks that its authors recommend; where a line names its call site, such as
//! `OrderService#214`, that is its template.

use std::collections::HashMap;

use crate::trace::{Word, Words};

/// A line belongs to a template when at least this share of the words that are no values is the same.
const ALIKE: f64 = 0.7;
/// Words of a line that are looked at.
const WORDS: usize = 40;
/// What stands for a word that varies.
const ANY: &str = "<*>";

/// How many words a line has, and the first of them that is no value.
type Group = (usize, String);

/// The templates found so far.
#[derive(Debug, Default)]
pub struct Templates {
    groups: HashMap<Group, Vec<Template>>,
}

#[derive(Debug)]
struct Template {
    words: Vec<String>,
    /// Its name, which is its words.
    name: Word,
}

impl Templates {
    /// The template of a line.
    pub fn of(&mut self, line: &str, words: &mut Words) -> Word {
        if let Some(site) = line.split_whitespace().find(|word| is_call_site(word)) {
            return words.intern(site);
        }
        let own: Vec<String> = line.split_whitespace().take(WORDS).map(masked).collect();
        let first = own.iter().find(|word| *word != ANY).cloned().unwrap_or_default();
        self.template((own.len(), first), own, words)
    }

    /// The template of a line of these words in its group.
    fn template(&mut self, group: Group, own: Vec<String>, words: &mut Words) -> Word {
        let group = self.groups.entry(group).or_default();
        let names = |template: &Template| {
            let both = template.words.iter().zip(&own).filter(|(a, b)| *a != ANY && *b != ANY);
            both.fold((0, 0), |(same, all), (a, b)| (same + u32::from(a == b), all + 1))
        };
        let alike = |template: &Template| {
            let (same, all) = names(template);
            f64::from(same) >= ALIKE * f64::from(all)
        };
        let best = group.iter_mut().filter(|template| alike(template)).max_by_key(|template| names(template).0);
        if let Some(template) = best {
            let mut varies = false;
            for (known, _) in template.words.iter_mut().zip(&own).filter(|(known, word)| known != word) {
                varies |= known != ANY;
                ANY.clone_into(known);
            }
            if varies {
                words.change(template.name, &template.words.join(" "));
            }
            return template.name;
        }
        let name = words.add(&own.join(" "));
        group.push(Template { words: own, name });
        name
    }

    /// Takes over other words with the templates among them, in their order, each template as if it were a line. The place of
    /// each from then on.
    pub fn adopt(&mut self, templates: Self, theirs: &Words, words: &mut Words) -> Vec<Word> {
        let of_group = |(group, templates): (Group, Vec<Template>)| {
            templates.into_iter().map(move |template| (template.name, (group.clone(), template.words)))
        };
        let mut templates: HashMap<Word, (Group, Vec<String>)> =
            templates.groups.into_iter().flat_map(of_group).collect();
        let place = |word| match templates.remove(&word) {
            Some((group, own)) => self.template(group, own, words),
            None => words.intern(theirs.get(word)),
        };
        theirs.places().map(place).collect()
    }
}

/// What a line says by itself, whatever other lines there are: its call site, or its first words with their values masked.
pub fn statement(line: &str) -> String {
    const MOST: usize = 12;
    let site = line.split_whitespace().find(|word| is_call_site(word));
    site.map_or_else(|| line.split_whitespace().take(MOST).map(masked).collect::<Vec<_>>().join(" "), str::to_owned)
}

/// A line as [`statement`] has it, with the versions that it names; `None` where it names none.
pub fn with_version(line: &str) -> Option<String> {
    line.split_whitespace().any(is_version).then(|| {
        let word = |word| if is_version(word) { word.to_owned() } else { masked(word) };
        line.split_whitespace().take(WORDS).map(word).collect::<Vec<String>>().join(" ")
    })
}

/// `v2.3.1`, with or without what stands around it.
fn is_version(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.'))
}

/// `package.Class#31`: letters, then a number behind a hash, as loggers write the line of a statement.
fn is_call_site(word: &str) -> bool {
    word.split_once('#').is_some_and(|(class, line)| {
        class.starts_with(|c: char| c.is_ascii_alphabetic())
            && class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$'))
            && !line.is_empty()
            && line.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A word with its values masked: numbers, ids, times and addresses are values, names are not.
fn masked(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let hex = bare.len() >= 8 && bare.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') && digits > 0;
    // It begins with a digit or has more of them than letters: a number, a time, an address, a size with its unit.
    let number = bare.starts_with(|c: char| c.is_ascii_digit()) || digits * 2 > bare.len();
    if hex || number || (digits > 0 && bare.contains('=')) {
        return ANY.to_owned();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn templates(lines: &[&str]) -> Vec<String> {
        let (mut templates, mut words) = (Templates::default(), Words::default());
        let found: Vec<Word> = lines.iter().map(|line| templates.of(line, &mut words)).collect();
        found.into_iter().map(|word| words.get(word).to_owned()).collect()
    }

    #[test]
    fn lines_of_one_statement_have_one_template() {
        let found = templates(&[
            "16:44:10.485 INFO order 17 placed by alice in 12ms",
            "16:44:11.002 INFO order 18 placed by bob in 3ms",
            "16:44:11.002 WARN order 18 was refused",
            "16:44:11.002 INFO order 18 shipped",
            "16:44:11.002 INFO order 19 cancelled",
        ]);
        assert_eq!(found[0], found[1]);
        assert!(found[1..].windows(2).all(|pair| pair[0] != pair[1]), "{found:?}");
        assert_eq!(found[0], "<*> INFO order <*> placed by <*> in <*>", "what varies is no part of the name");
    }

    #[test]
    fn a_version_that_is_named_is_told_apart_though_its_line_is_of_one_template() {
        let lines = ["Deployed version v2.3.0 of shop in 17 s", "Deployed version v2.3.1 of shop in 18 s"];
        let found = templates(&lines);
        assert_eq!(found[0], found[1]);
        assert_eq!(with_version(lines[1]).as_deref(), Some("Deployed version v2.3.1 of shop in <*> s"));
        assert_eq!((with_version("very 2.3.1 vast."), with_version("")), (None, None));
    }

    #[test]
    fn a_call_site_is_the_template() {
        let found =
            templates(&["16:44 INFO a.OrderService#214 [x][7 of 9]", "16:45 INFO a.OrderService#214 other words"]);
        assert_eq!(found, ["a.OrderService#214", "a.OrderService#214"]);
        assert!(!is_call_site("#12") && !is_call_site("a#b") && !is_call_site("12#12"));
    }
}
