//! How names are written where there is little room: without a part of what other names have too. Those of a graph's places stand in
//! boxes of one size: in a line, else in two, and only else shortened.

use std::ops::Range;

/// Room beside a name in its box.
const PAD: f32 = 16.0;
/// Boxes are drawn smaller where they do not all fit, but never smaller than this; letters stay as they are.
pub const LEAST_SCALE: f32 = 0.85;
/// A box is at most so wide; a longer name has two lines.
const WIDEST: f32 = 284.0;
/// Boxes that are to be narrow are tried from one width to the next by this much.
const STEP: f32 = 12.0;
/// Height of a second line.
const LINE: f32 = 16.0;
/// Of so many other names one is known without the beginning that all of them have.
const MANY: usize = 4;
/// A beginning that others have too and that is no longer than this stays, where not even a name's own part has room.
const SHORT: usize = 6;
/// No letter is narrower.
const NARROWEST: f32 = 4.0;
/// What stands for what is left out.
const LEFT_OUT: char = '…';

/// Names in their boxes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// The lines of each name.
    pub lines: Vec<Vec<String>>,
    /// Width and height of every box.
    pub size: [f32; 2],
}

impl Written {
    /// Writes names into boxes of at least this size, which has room for a line.
    pub fn new(names: &[&str], least: [f32; 2]) -> Self {
        let widest = names.iter().map(|name| width(name)).fold(0.0, f32::max);
        let side = ((widest + PAD) / LEAST_SCALE / 4.0).ceil() * 4.0;
        let side = side.clamp(least[0], WIDEST);
        let room = side * LEAST_SCALE - PAD;
        let lines: Vec<Vec<String>> = names.iter().map(|name| lines(name, room, names)).collect();
        let second = if lines.iter().any(|lines| lines.len() > 1) { LINE } else { 0.0 };
        Self { lines, size: [side, least[1] + second] }
    }

    /// Writes names into boxes that are no wider than two lines of each need.
    pub fn narrow(names: &[&str], least: [f32; 2]) -> Self {
        let room = |side: f32| side * LEAST_SCALE - PAD;
        let fits = |side: f32| names.iter().all(|name| width(name) <= room(side) || halves(name, room(side)).is_some());
        let sides = (0..).map(|step| least[0] + step as f32 * STEP).take_while(|side| *side < WIDEST);
        let side = sides.into_iter().find(|side| fits(*side)).unwrap_or(WIDEST);
        let lines = names.iter().map(|name| lines(name, room(side), names)).collect();
        Self { lines, size: [side, least[1] + LINE] }
    }
}

/// A name in a line of this width, among others: whole, or without a part of what they have too.
pub fn in_a_line(name: &str, room: f32, names: &[&str]) -> String {
    if width(name) <= room {
        return name.to_owned();
    }
    let fits = |text: String| (width(&text) <= room).then_some(text);
    shortened(name, (room / NARROWEST) as usize, names, fits).unwrap_or_else(|| name.to_owned())
}

/// The first that `fits` of a name with ever more letters left out, from `most` letters on.
fn shortened<T>(name: &str, most: usize, names: &[&str], fits: impl Fn(String) -> Option<T>) -> Option<T> {
    let chars: Vec<char> = name.chars().collect();
    let others: Vec<&str> = names.iter().copied().filter(|other| *other != name).collect();
    let own = own_part(&chars, others.iter());
    // What all begin with says least of each.
    let shared = shared(&chars, &others);
    if shared > 1 {
        let rest: String = std::iter::once(&LEFT_OUT).chain(&chars[shared..]).collect();
        if let Some(found) = fits(rest) {
            return Some(found);
        }
    }
    (chars.len().saturating_sub(most).max(1)..chars.len()).find_map(|count| fits(without(&chars, count, &own, &others)))
}

/// How many letters all names begin with, up to the end of a word; 0 among few, where a beginning tells what they are.
fn shared(name: &[char], others: &[&str]) -> usize {
    if others.len() < MANY {
        return 0;
    }
    let alike = |other: &&str| name.iter().zip(other.chars()).take_while(|(a, b)| **a == *b).count();
    let most = others.iter().map(alike).min().unwrap_or(0);
    (1..=most).rev().find(|&at| !name[at - 1].is_alphanumeric() && at < name.len()).unwrap_or(0)
}

/// About how wide a text is drawn, in points: the font of names, a little generously.
fn width(text: &str) -> f32 {
    let of = |c: char| match c {
        'i' | 'l' | 'j' | '.' | ':' | ',' | ';' | '|' | '\'' | '!' | 'I' => 4.0,
        't' | 'f' | 'r' | '-' | '_' | '/' | ' ' | '(' | ')' | '[' | ']' => 5.8,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 11.6,
        'A'..='Z' | '0'..='9' => 8.8,
        _ if c.is_ascii() => 7.6,
        _ => 13.0,
    };
    text.chars().map(of).sum()
}

/// All of a name in two lines, broken where a word ends; in one, where it has one letter.
pub fn in_two(name: &str) -> Vec<String> {
    halves(name, f32::INFINITY).unwrap_or_else(|| vec![name.to_owned()])
}

/// A name in a line of this width, or in two, among others: whole, or without a part of what they have too.
pub fn lines(name: &str, room: f32, names: &[&str]) -> Vec<String> {
    if width(name) <= room {
        return vec![name.to_owned()];
    }
    if let Some(halves) = halves(name, room) {
        return halves;
    }
    let most = (room / NARROWEST) as usize * 2;
    shortened(name, most, names, |text| halves(&text, room)).unwrap_or_else(|| vec![name.to_owned()])
}

/// A text in two lines of about the same width, broken where a word ends if that can be; `None` where it does not fit.
fn halves(text: &str, room: f32) -> Option<Vec<String>> {
    let all = width(text);
    if all > room * 2.0 {
        return None;
    }
    let best = |ends: &dyn Fn(char, char) -> bool| {
        let (mut left, mut best) = (0.0, None);
        for ((_, before), (at, after)) in text.char_indices().zip(text.char_indices().skip(1)) {
            left += width(before.encode_utf8(&mut [0; 4]));
            let longer = f32::max(left, all - left);
            if longer <= room && ends(before, after) && best.is_none_or(|(least, _)| longer < least) {
                best = Some((longer, at));
            }
        }
        best.map(|(_, at)| at)
    };
    let word = |before: char, after: char| !before.is_alphanumeric() && after.is_alphanumeric();
    let hump = |before: char, after: char| before.is_lowercase() && after.is_uppercase();
    let at = best(&word).or_else(|| best(&hump)).or_else(|| best(&|_, _| true))?;
    let (first, second) = text.split_at(at);
    Some(vec![first.trim_end().to_owned(), second.trim_start().to_owned()])
}

/// The part of a name that tells it from each of the others: no other begins, or ends, like it so far.
fn own_part<'n>(name: &[char], others: impl Iterator<Item = &'n &'n str>) -> Range<usize> {
    let (mut start, mut end) = (0, 0);
    for other in others {
        let chars: Vec<char> = other.chars().collect();
        start = start.max(name.iter().zip(&chars).take_while(|(a, b)| a == b).count());
        end = end.max(name.iter().rev().zip(chars.iter().rev()).take_while(|(a, b)| a == b).count());
    }
    let end = name.len() - end;
    if start < end { start..end } else { 0..0 }
}

/// A name without so many letters: as near to its middle as its own part allows, so that what is left is of no other name, else at
/// both ends.
fn without(name: &[char], count: usize, own: &Range<usize>, others: &[&str]) -> String {
    let last = name.len().saturating_sub(count);
    let middle = last / 2;
    let spares = |from: &usize| *from + count <= own.start || *from >= own.end;
    let tells = |from: &usize| {
        let [start, end] = [&name[..*from], &name[from + count..]].map(|part| part.iter().collect::<String>());
        !others
            .iter()
            .any(|other| other.len() >= start.len() + end.len() && other.starts_with(&start) && other.ends_with(&end))
    };
    let mut places: Vec<usize> = (0..=last).filter(spares).collect();
    places.sort_by_key(|from| from.abs_diff(middle));
    let nearest = places.iter().copied().find(tells).or_else(|| places.first().copied());
    let Some(from) = nearest else {
        let middle = (own.start + own.end).saturating_sub(last) / 2;
        let from = if own.start <= SHORT { 0 } else { middle.min(own.start).min(count) };
        let kept = &name[from..][..last];
        let before: &[char] = if from > 0 { &[LEFT_OUT] } else { &[] };
        return [before, kept, &[LEFT_OUT]].concat().into_iter().collect();
    };
    let (before, after) = (&name[..from], &name[from + count..]);
    before.iter().chain(std::iter::once(&LEFT_OUT)).chain(after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: [f32; 2] = [176.0, 56.0];

    #[test]
    fn short_names_have_boxes_as_they_were_and_longer_ones_make_all_wider() {
        let short = Written::new(&["auth-service", "token-db"], LEAST);
        assert_eq!((short.size, &short.lines[0]), (LEAST, &vec!["auth-service".to_owned()]));
        let longer = Written::new(&["ts-verification-code-service", "ts-ui"], LEAST);
        assert!(longer.size[0] > LEAST[0] && longer.size[1] <= LEAST[1], "{:?}", longer.size);
        assert_eq!(longer.lines[0], ["ts-verification-code-service"]);
        assert_eq!(Written::new(&[], LEAST), Written { size: LEAST, lines: Vec::new() });
    }

    #[test]
    fn a_long_name_has_two_lines_that_end_with_words() {
        let names = ["lambda_step_priceGreaterThan55_AWS::Lambda::Function", "lambda_step_priceLessThan55_AWS::Lambda"];
        let written = Written::new(&names, LEAST);
        assert_eq!(written.lines[0], ["lambda_step_priceGreaterThan55_", "AWS::Lambda::Function"]);
        assert_eq!(written.lines[1], ["lambda_step_priceLessThan55_", "AWS::Lambda"]);
        assert!(written.size[1] > LEAST[1]);
        assert_eq!(lines(&"x".repeat(40), 200.0, &[]).len(), 2, "one word is broken anywhere");
    }

    #[test]
    fn what_only_one_name_has_is_never_left_out() {
        let start = "arn:aws:lambda:us-west-2:123456789012:function:production-checkout-";
        let end = "-handler-with-a-very-long-end-that-all-of-them-share-AWS-Lambda-Function";
        let names = ["prices", "orders", "stock"].map(|own| format!("{start}{own}{end}"));
        let names = names.each_ref().map(String::as_str);
        for (at, own) in ["prices", "orders", "stock"].iter().enumerate() {
            let written = Written::new(&names, LEAST);
            let whole = written.lines[at].concat();
            assert!(whole.contains(own) && whole.contains(LEFT_OUT), "{whole}");
            assert!(written.lines[at].iter().all(|line| width(line) <= written.size[0] - PAD), "{whole}");
        }
        let all = Written::new(&names, LEAST).lines;
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
    }

    #[test]
    fn a_line_keeps_what_tells_names_apart() {
        let names = ["lambdastatusupdater_AWS::Lambda::Function", "lambdastatusupdater_AWS::Lambda", "PetSite"];
        let written = names.map(|name| in_a_line(name, 170.0, &names));
        assert!(written[0] != written[1] && written[0].ends_with("::Function"), "{written:?}");
        assert!(written.iter().all(|line| width(line) <= 170.0), "{written:?}");
        assert_eq!(written[2], "PetSite");
        let begun = in_a_line("PetAdoptionStatusUpdater/prod", 120.0, &["PetSite", "PetAdoptionStatusUpdater/prod"]);
        assert!(begun.starts_with("PetAdoption") && begun.ends_with(LEFT_OUT), "{begun}");
        assert_eq!(in_a_line(names[1], 1_000.0, &names), names[1]);
    }

    #[test]
    fn no_two_names_are_written_alike_where_each_shares_either_end_with_another() {
        let names = [
            "ts-order-service",
            "ts-order-other-service",
            "ts-preserve-service",
            "ts-preserve-other-service",
            "ts-station-service",
            "ts-station-food-service",
            "ts-verification-code-service",
        ];
        for room in [102.0, 130.0] {
            let written = names.map(|name| in_a_line(name, room, &names));
            let apart: std::collections::BTreeSet<&String> = written.iter().collect();
            assert_eq!(apart.len(), names.len(), "{written:?}");
            assert!(written.iter().all(|line| width(line) <= room), "{written:?}");
        }
        // What all begin with is left out first.
        assert_eq!(in_a_line(names[0], width(names[0]) - 1.0, &names), "…order-service");
        assert_eq!(in_two(names[1]), ["ts-order-", "other-service"]);
        let narrow = Written::narrow(&names, LEAST);
        assert_eq!((narrow.size, narrow.lines[1].concat()), ([176.0, 72.0], names[1].to_owned()));
    }

    #[test]
    fn names_of_any_length_and_script_are_written() {
        for name in ["", "…", &"長い名前".repeat(50), &"a".repeat(5_000), &"_".repeat(300)] {
            let written = Written::new(&[name, "other"], LEAST);
            assert!((1..=2).contains(&written.lines[0].len()), "{name}");
            assert!(written.lines[0].iter().all(|line| width(line) <= WIDEST), "{name}");
        }
    }
}
