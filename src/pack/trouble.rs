//! What the file system says, as a sentence for a person with its remedy.

use std::io::ErrorKind;
use std::path::Path;

use super::OpenError;

impl OpenError {
    /// An error about `path`.
    pub(super) fn new(path: impl AsRef<Path>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.as_ref().to_path_buf(), what: what.into(), remedy: remedy.into() }
    }

    /// What reading `path` ran into.
    pub(super) fn io(path: impl AsRef<Path>, error: &std::io::Error) -> Self {
        let (what, remedy) = match error.kind() {
            ErrorKind::NotFound => ("There is no such file or folder.", "Check the path."),
            ErrorKind::PermissionDenied => {
                ("It may not be read: permission denied.", "Allow yourself to read it, or copy it to where you may.")
            }
            ErrorKind::IsADirectory => ("It is a folder.", "Name a file in it."),
            ErrorKind::NotADirectory => ("A part of its path is no folder.", "Check the path."),
            ErrorKind::StorageFull => {
                ("There is no space left for its decompressed text.", "Free space, or set TMPDIR.")
            }
            _ => {
                return Self::new(
                    path,
                    format!("It cannot be read: {error}."),
                    "Copy it to another place and try again.",
                );
            }
        };
        Self::new(path, what, remedy)
    }

    /// Its file is no longer the one that was read.
    pub(super) fn changed(path: impl AsRef<Path>) -> Self {
        Self::new(path, "The file has changed since it was read.", "Reload to see it as it is now.")
    }
}
