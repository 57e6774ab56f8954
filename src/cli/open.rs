//! From paths to a pack whose sides are clear, or the words that say what to type next. Never a prompt.

use super::Stop;
use super::args::Inputs;
use crate::app::view_file;
use crate::pack::{self, Candidate, Found, Pack};
use crate::trace::{Side, escape};

/// Candidates listed before the rest is counted.
const LISTED: usize = 20;

/// Opens what was typed for the command named `command`.
pub fn open(inputs: &Inputs, command: &str) -> Result<Pack, Stop> {
    if let Some(view) = inputs.paths.iter().find(|path| view_file::is_one(path)) {
        let name = view.display();
        return Err(Stop(format!(
            "{} is a saved view and no recording; `dettrace` and `dettrace screenshot` open it. Name the recordings for {command}.",
            escape(&name.to_string())
        )));
    }
    let found = pack::open(&inputs.paths)?;
    if inputs.expected.is_some() || inputs.actual.is_some() {
        return Ok(pack::select(&found, inputs.expected.as_deref(), inputs.actual.as_deref())?);
    }
    match found {
        Found::Ready(pack) => Ok(*pack),
        Found::Choose { candidates, why, .. } => Err(Stop(choose(inputs, command, &candidates, &why))),
    }
}

/// What there is, and the command that makes it clear.
fn choose(inputs: &Inputs, command: &str, candidates: &[Candidate], why: &str) -> String {
    let mut lines = vec![escape(why).into_owned()];
    for candidate in candidates.iter().take(LISTED) {
        let hint = candidate.hint.map_or_else(String::new, |side| format!("  (named like {side})"));
        lines.push(format!("  {}{hint}", escape(&candidate.name)));
    }
    if candidates.len() > LISTED {
        lines.push(format!("  … and {} more", candidates.len() - LISTED));
    }
    let pick = |side: Side, not: Option<&str>| {
        let free = || candidates.iter().filter(|c| Some(c.name.as_str()) != not);
        free().find(|c| c.hint == Some(side)).or_else(|| free().find(|c| c.hint.is_none())).or_else(|| free().next())
    };
    let expected = pick(Side::Expected, None);
    let actual = pick(Side::Actual, expected.map(|c| c.name.as_str()));
    if let (Some(expected), Some(actual)) = (expected, actual) {
        let paths: Vec<String> = inputs.paths.iter().map(|path| quoted(&path.to_string_lossy())).collect();
        lines.push("Say which is which, such as:".to_owned());
        lines.push(format!(
            "  dettrace {command} {} --expected {} --actual {}",
            paths.join(" "),
            quoted(&expected.name),
            quoted(&actual.name)
        ));
    }
    lines.join("\n")
}

/// A word as a shell reads it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", escape(&word.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_word_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("runs/a-1.jsonl"), "runs/a-1.jsonl");
        assert_eq!(quoted("a b#c"), "'a b#c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
