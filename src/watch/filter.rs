//! Which names in a watched folder are looked at.

use globset::{Glob, GlobSet, GlobSetBuilder};

/// Names that programs give to what they have not finished.
const UNFINISHED: &[&str] = &[".tmp", ".temp", ".part", ".partial", ".swp", ".crdownload", "~"];

/// Patterns of names to look at and to leave alone. A pattern without a slash is matched with the last part of a name.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Filter {
    /// Only names that one of `include` matches (all, where there is none), without those that one of `exclude` matches.
    ///
    /// # Errors
    /// When a pattern cannot be understood, as a sentence.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        let include = if include.is_empty() { None } else { Some(set(include)?) };
        Ok(Self { include, exclude: set(exclude)? })
    }

    /// True for a name relative to the folder, with forward slashes. Hidden files, and those whose names say that they are
    /// unfinished, never count.
    pub fn takes(&self, name: &str) -> bool {
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        let unfinished = UNFINISHED.iter().any(|end| name.ends_with(end));
        !hidden
            && !unfinished
            && self.include.as_ref().is_none_or(|set| set.is_match(name))
            && !self.exclude.is_match(name)
    }
}

fn set(patterns: &[String]) -> Result<GlobSet, String> {
    let cannot = |pattern: &str, error: &globset::Error| {
        format!("The pattern `{pattern}` cannot be understood ({}). Write one such as *.jsonl or fail-*.", error.kind())
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let anywhere = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        set.add(Glob::new(&anywhere).map_err(|error| cannot(pattern, &error))?);
    }
    set.build().map_err(|error| cannot(&patterns.join(" "), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let owned = |list: &[&str]| list.iter().map(|&p| p.to_owned()).collect::<Vec<_>>();
        Filter::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn patterns_are_of_names_in_any_folder() {
        let all = filter(&[], &[]);
        assert!(all.takes("run-1.jsonl") && all.takes("a/b/run.zip"));
        let some = filter(&["*.jsonl", "packs/**"], &["warm-up*"]);
        for (name, taken) in [
            ("run-1.jsonl", true),
            ("deep/er/run-1.jsonl", true),
            ("packs/a.zip", true),
            ("a.zip", false),
            ("warm-up-3.jsonl", false),
            ("deep/warm-up.jsonl", false),
        ] {
            assert_eq!(some.takes(name), taken, "{name}");
        }
    }

    #[test]
    fn what_is_hidden_or_unfinished_never_counts() {
        let all = filter(&["*"], &[]);
        for name in [".git/x.jsonl", "a/.hidden", "run.jsonl.tmp", "run.jsonl~", "x.part"] {
            assert!(!all.takes(name), "{name}");
        }
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        let error = Filter::new(&["a[".to_owned()], &[]).unwrap_err();
        assert!(error.contains("`a[`") && error.ends_with("fail-*."), "{error}");
    }
}
