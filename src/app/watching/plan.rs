//! What is watched beside the folder itself: what runs are compared with, and which names count.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::watch::Filter;

/// How the files of a watched folder become runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// What a person chose to compare loose recordings with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<PathBuf>,
    /// Only names that one of these patterns matches; all, where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// No names that one of these patterns matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

impl Plan {
    /// The filter of names.
    ///
    /// # Errors
    /// When a pattern cannot be understood, as a sentence.
    pub fn filter(&self) -> Result<Filter, String> {
        Filter::new(&self.include, &self.exclude)
    }

    /// What loose recordings are compared with, in words.
    pub fn against(&self, root: &Path) -> String {
        match &self.baseline {
            Some(baseline) => baseline.strip_prefix(root).unwrap_or(baseline).display().to_string(),
            None => "what is named like a baseline".to_owned(),
        }
    }

    /// How files are paired up, rule by rule, in sentences.
    pub fn rules(&self, root: &Path) -> [String; 4] {
        let rest = match &self.baseline {
            Some(_) => {
                format!(
                    "Everything else is compared with {}; a folder stands for the good runs in it.",
                    self.against(root)
                )
            }
            None => "Everything else is compared with the only recording that is named like a baseline, such as \
                     good.jsonl: in its own folder, else in the watched one."
                .to_owned(),
        };
        [
            "A folder with a pack.json, or with one recording named like expected and one like actual, is a pack; so is \
             an archive."
                .to_owned(),
            "Two recordings whose names are equal but for such words, as run-7-good and run-7-bad, are a pair.".to_owned(),
            "A folder of telemetry (its files are named traces, spans, logs or metrics) is a window of requests, compared with \
             the baseline if that is a folder, else with the first such folder."
                .to_owned(),
            rest,
        ]
    }
}

/// The patterns of a text: between spaces or commas.
pub fn patterns(text: &str) -> Vec<String> {
    text.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_between_spaces_or_commas() {
        assert_eq!(patterns(" *.jsonl, fail-*  x"), ["*.jsonl", "fail-*", "x"]);
        assert!(patterns(" , ").is_empty());
    }

    #[test]
    fn the_last_rule_names_what_was_chosen() {
        let root = Path::new("/runs");
        let plan = Plan { baseline: Some("/runs/good/1.jsonl".into()), ..Plan::default() };
        assert_eq!(
            plan.rules(root)[3],
            "Everything else is compared with good/1.jsonl; a folder stands for the good runs in it."
        );
        let elsewhere = Plan { baseline: Some("/else/good.jsonl".into()), ..Plan::default() };
        assert_eq!(elsewhere.against(root), "/else/good.jsonl");
        assert!(Plan::default().rules(root)[3].contains("named like a baseline"));
    }
}
