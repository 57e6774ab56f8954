//! Where settings, state and cache are kept: one override for all, else where the system says.

use std::path::{Path, PathBuf};

/// The variable that puts everything into one folder.
pub const OVERRIDE: &str = "DETTRACE_HOME";

/// The folders of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Settings.
    pub config: PathBuf,
    /// What was open, recent packs, crash notes.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
}

impl Folders {
    /// Everything inside `home`.
    pub fn inside(home: &Path) -> Self {
        Self { config: home.join("config"), state: home.join("state"), cache: home.join("cache") }
    }

    /// The override, else the system's folders; `None` when the system has none (no home folder).
    pub fn find() -> Option<Self> {
        if let Some(home) = std::env::var_os(OVERRIDE).filter(|home| !home.is_empty()) {
            return Some(Self::inside(Path::new(&home)));
        }
        let dirs = directories::ProjectDirs::from("", "", "dettrace")?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Some(Self {
            config: dirs.config_dir().to_path_buf(),
            state: state.to_path_buf(),
            cache: dirs.cache_dir().to_path_buf(),
        })
    }
}
