//! Our own small JSON files: versioned, written whole or not at all, never silently lost.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of every file this program writes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a, T> {
    version: u32,
    #[serde(flatten)]
    body: &'a T,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Reads a file of ours. A file that cannot be understood is put aside under another name, and the sentence says so.
pub fn read<T: DeserializeOwned + Default>(path: &Path) -> (T, Option<String>) {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (T::default(), None),
        Err(error) => {
            let text =
                format!("{} cannot be read ({error}); defaults are used. Check its permissions.", path.display());
            return (T::default(), Some(text));
        }
    };
    let version = serde_json::from_slice::<Version>(&bytes).map(|v| v.version);
    let (word, why) = match version {
        Ok(version) if version > VERSION => ("newer", "was written by a newer DetTrace".to_owned()),
        _ => match serde_json::from_slice(&bytes) {
            Ok(body) => return (body, None),
            Err(error) => ("damaged", format!("is damaged ({error})")),
        },
    };
    let kept = match put_aside(path, word) {
        Ok(aside) => format!("It was kept as {}.", aside.display()),
        Err(error) => format!("It could not be put aside ({error})."),
    };
    (T::default(), Some(format!("{} {why}; defaults are used. {kept}", path.display())))
}

/// Renames a file to a free name beside it.
fn put_aside(path: &Path, word: &str) -> std::io::Result<PathBuf> {
    let name = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 0 { format!(".{word}") } else { format!(".{word}-{n}") });
        PathBuf::from(name)
    };
    // A thousand kept files are enough; then the first is replaced.
    let free = (0..1000).map(name).find(|aside| !aside.exists()).unwrap_or_else(|| name(0));
    fs::rename(path, &free)?;
    Ok(free)
}

/// Writes a file of ours: all of it, or the old one stays.
///
/// # Errors
/// When it cannot be written, as a sentence.
pub fn write<T: Serialize>(path: &Path, body: &T) -> Result<(), String> {
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, &Written { version: VERSION, body })?;
        file.write_all(b"\n")?;
        file.persist(path)?;
        Ok(())
    };
    attempt().map_err(|error| {
        format!("{} cannot be written ({error}); changes are lost when the window closes.", path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Body {
        name: String,
    }

    #[test]
    fn what_is_written_is_read_and_carries_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.json");
        assert_eq!(read::<Body>(&path), (Body::default(), None), "a first start says nothing");
        let body = Body { name: "é".to_owned() };
        write(&path, &body).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("\"version\": 1"));
        assert_eq!(read::<Body>(&path), (body, None));
    }

    #[test]
    fn a_damaged_file_is_said_and_kept_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for (round, kept) in ["settings.json.damaged", "settings.json.damaged-1"].iter().enumerate() {
            fs::write(&path, format!("{{ torn {round}")).unwrap();
            let (body, said) = read::<Body>(&path);
            assert_eq!(body, Body::default());
            assert!(said.clone().unwrap().contains(kept), "{said:?}");
            assert_eq!(fs::read_to_string(folder.path().join(kept)).unwrap(), format!("{{ torn {round}"));
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_newer_file_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, r#"{"version": 99, "name": 7}"#).unwrap();
        let (_, said) = read::<Body>(&path);
        assert!(said.unwrap().contains("newer DetTrace"));
        write(&path, &Body::default()).unwrap();
        assert!(fs::read_to_string(folder.path().join("settings.json.newer")).unwrap().contains("99"));
    }
}
