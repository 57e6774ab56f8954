//! Writing a file whole or not at all.

use std::fs;
use std::io::{Result, Write as _};
use std::path::Path;

/// Writes a file whole or not at all, for whoever could read the one before; a new one for whom the person's mask allows.
/// Its folder must be there.
///
/// # Errors
/// When it cannot be written; then the old one is as it was.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut fs::File) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    let mut written = builder.tempfile_in(folder)?;
    if let Ok(before) = fs::metadata(path) {
        written.as_file().set_permissions(before.permissions())?;
    }
    write(written.as_file_mut())?;
    written.write_all(b"\n")?;
    written.persist(path)?;
    Ok(())
}
