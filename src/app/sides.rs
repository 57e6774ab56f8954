//! Which of two dropped or picked files is expected: by well-known words, else by name, and said aloud.

use std::path::{Path, PathBuf};

use crate::trace::{Side, Sides};

/// Names the sides of two files, and says how it was decided.
pub fn sides_of(one: &Path, two: &Path) -> (Sides<PathBuf>, String) {
    let name = |path: &Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let hints = crate::pack::side_hints([name(one).as_str(), name(two).as_str()]);
    let by_words = hints.first() != hints.last();
    let swapped = hints.first() == Some(&Some(Side::Actual)) || hints.last() == Some(&Some(Side::Expected));
    let swap = if by_words { swapped } else { (name(two), two) < (name(one), one) };
    let (expected, actual) = if swap { (two, one) } else { (one, two) };
    let why = if by_words { "by the words in their names" } else { "by name order" };
    let how =
        format!("{} is expected and {} is actual, {why}. “Swap sides” exchanges them.", name(expected), name(actual));
    (Sides::new(expected.to_path_buf(), actual.to_path_buf()), how)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(one: &str, two: &str) -> (String, String, String) {
        let (sides, how) = sides_of(Path::new(one), Path::new(two));
        (sides.expected.display().to_string(), sides.actual.display().to_string(), how)
    }

    #[test]
    fn words_decide_before_names_and_one_word_is_enough() {
        let (expected, actual, how) = named("run/actual.jsonl", "run/expected.jsonl");
        assert_eq!((expected.as_str(), actual.as_str()), ("run/expected.jsonl", "run/actual.jsonl"));
        assert!(how.contains("expected.jsonl is expected") && how.contains("by the words"), "{how}");
        assert_eq!(named("a_failing.jsonl", "b.jsonl").0, "b.jsonl");
        assert_eq!(named("z_baseline.jsonl", "b.jsonl").0, "z_baseline.jsonl");
    }

    #[test]
    fn without_words_the_names_decide_and_it_is_said() {
        let (expected, actual, how) = named("run2.jsonl", "run1.jsonl");
        assert_eq!((expected.as_str(), actual.as_str()), ("run1.jsonl", "run2.jsonl"));
        assert!(how.contains("by name order"), "{how}");
    }
}
