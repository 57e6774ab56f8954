//! What was opened before: requests, newest first, each once.

use serde::{Deserialize, Serialize};

use super::state::Request;

/// Recent packs kept: what fits on the home page without scrolling.
const KEPT: usize = 10;

/// One thing that was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    /// Its title then.
    pub title: String,
    /// The verdict then, as its word.
    #[serde(default)]
    pub verdict: String,
    /// How to open it again.
    pub request: Request,
    /// Why it cannot be opened now; looked up at the start, never while drawing.
    #[serde(skip)]
    pub missing: Option<String>,
}

impl Recent {
    /// Looks whether its files are there.
    pub fn look(&mut self) {
        let gone = self.request.paths.iter().find(|path| !path.exists());
        self.missing = gone.map(|path| format!("{} is no longer there", path.display()));
    }
}

/// What was opened before, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recents(Vec<Recent>);

impl Recents {
    /// Puts one first; the same request stands once.
    pub fn remember(&mut self, recent: Recent) {
        self.0.retain(|old| old.request != recent.request);
        self.0.insert(0, recent);
        self.0.truncate(KEPT);
    }

    /// Takes one out.
    pub fn forget(&mut self, at: usize) {
        if at < self.0.len() {
            self.0.remove(at);
        }
    }

    /// Looks which are still there.
    pub fn look(&mut self) {
        self.0.iter_mut().for_each(Recent::look);
    }

    /// The list, newest first.
    pub fn as_slice(&self) -> &[Recent] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn recent(name: &str) -> Recent {
        Recent {
            title: name.to_owned(),
            verdict: "diverged".to_owned(),
            request: Request::paths([PathBuf::from(name)]),
            missing: None,
        }
    }

    #[test]
    fn newest_first_each_once_and_bounded() {
        let mut recents = Recents::default();
        for i in 0..KEPT + 2 {
            recents.remember(recent(&format!("pack {i}")));
        }
        recents.remember(recent("pack 5"));
        assert_eq!(recents.as_slice().len(), KEPT);
        assert_eq!(recents.as_slice()[0].title, "pack 5");
        assert_eq!(recents.as_slice().iter().filter(|r| r.title == "pack 5").count(), 1);
    }

    #[test]
    fn a_missing_file_is_named() {
        let mut recents = Recents::default();
        recents.remember(recent("/no/such/pack.zip"));
        recents.look();
        let missing = recents.as_slice()[0].missing.clone().unwrap();
        assert!(missing.contains("/no/such/pack.zip"), "{missing}");
    }
}
