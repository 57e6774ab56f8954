//! Our own small JSON files: versioned, written whole or not at all, never silently lost.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pack::write_whole;

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

/// Why a file of ours is not understood.
struct Odd {
    /// What its name gets when it is put aside.
    word: &'static str,
    /// `is damaged (…)`.
    why: String,
}

/// What a file of ours says; `None` where there is none.
fn look<T: DeserializeOwned>(path: &Path) -> std::io::Result<Option<Result<T, Odd>>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let version = serde_json::from_slice::<Version>(&bytes).map(|v| v.version);
    Ok(Some(match version {
        Ok(version) if version > VERSION => {
            Err(Odd { word: "newer", why: "was written by a newer DetTrace".to_owned() })
        }
        _ => serde_json::from_slice(&bytes)
            .map_err(|error| Odd { word: "damaged", why: format!("is damaged ({error})") }),
    }))
}

/// Reads a file of ours. A file that cannot be understood is put aside under another name, and the sentence says so.
pub fn read<T: DeserializeOwned + Default>(path: &Path) -> (T, Option<String>) {
    match look(path) {
        Ok(None) => (T::default(), None),
        Ok(Some(Ok(body))) => (body, None),
        Ok(Some(Err(odd))) => {
            let kept = put_aside(path, odd.word);
            (T::default(), Some(format!("{} {}; defaults are used. {kept}", path.display(), odd.why)))
        }
        Err(error) => {
            let text =
                format!("{} cannot be read ({error}); defaults are used. Check its permissions.", path.display());
            (T::default(), Some(text))
        }
    }
}

/// Reads a file that lies among a person's own, and leaves it as it is even where it cannot be understood.
pub fn peek<T: DeserializeOwned>(path: &Path) -> (Option<T>, Option<String>) {
    match look(path) {
        Ok(None) => (None, None),
        Ok(Some(Ok(body))) => (Some(body), None),
        Ok(Some(Err(odd))) => {
            let text = format!("{} {}, and nothing of it is shown. It stays as it is.", path.display(), odd.why);
            (None, Some(text))
        }
        Err(error) => (None, Some(format!("{} cannot be read ({error}). Check its permissions.", path.display()))),
    }
}

/// Writes over a file that [`peek`] reads. One that cannot be understood is put aside first, and the sentence says so.
///
/// # Errors
/// When it cannot be written.
pub fn write_over<T: Serialize + DeserializeOwned>(path: &Path, body: &T) -> std::io::Result<Option<String>> {
    let odd = look::<T>(path)?.and_then(Result::err);
    let said = odd.map(|odd| format!("{} {}. {}", path.display(), odd.why, put_aside(path, odd.word)));
    whole(path, body)?;
    Ok(said)
}

/// Removes a file that [`peek`] reads and understands; any other stays.
pub fn remove<T: DeserializeOwned>(path: &Path) -> std::io::Result<()> {
    if matches!(look::<T>(path)?, Some(Ok(_))) { fs::remove_file(path) } else { Ok(()) }
}

/// Renames a file to a free name beside it, and says so.
fn put_aside(path: &Path, word: &str) -> String {
    match rename(path, word) {
        Ok(aside) => format!("It was kept as {}.", aside.display()),
        Err(error) => format!("It could not be put aside ({error})."),
    }
}

fn rename(path: &Path, word: &str) -> std::io::Result<PathBuf> {
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
    whole(path, body).map_err(|error| {
        format!("{} cannot be written ({error}); changes are lost when the window closes.", path.display())
    })
}

/// Writes a file of ours whole or not at all; its folder is made where there is none.
fn whole<T: Serialize>(path: &Path, body: &T) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    write_whole(path, |file| {
        serde_json::to_writer_pretty(file, &Written { version: VERSION, body }).map_err(Into::into)
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
