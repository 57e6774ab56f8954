//! The file of shortcuts on disk: written once for a person to change, then only read.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::command::KeysFile;
use super::folders::Folders;
use super::keymap::{self, Keymap};
use super::message::Level;
use super::state::State;

/// What was last found on disk.
#[derive(Debug, Default)]
pub(super) struct Shortcuts {
    known: Option<Result<Option<String>, String>>,
}

fn path_in(folders: Option<&Folders>) -> Result<PathBuf, String> {
    let none =
        "This system names no folder for settings, so there is no file of shortcuts. Set DETTRACE_HOME to have one.";
    folders.map(|folders| folders.config.join(keymap::NAME)).ok_or_else(|| none.to_owned())
}

impl Shortcuts {
    /// Writes the file with these keys if there is none; one that is there is never touched. Returns its path, and a
    /// sentence.
    pub(super) fn edit(folders: Option<&Folders>, keymap: &Keymap) -> Result<(String, String), String> {
        let path = path_in(folders)?;
        if !path.exists() {
            write_new(&path, &keymap::written(keymap))
                .map_err(|error| format!("{} cannot be written ({error}).", path.display()))?;
        }
        let path = path.display().to_string();
        let says = format!(
            "The shortcuts are in {path}; the path was copied. Change them with any editor: they are read again when you come back to this window."
        );
        Ok((path, says))
    }

    /// Reads the file. Nothing, when it is as it was and nobody asked.
    pub(super) fn read(&mut self, folders: Option<&Folders>, asked: bool) -> Option<KeysFile> {
        let path = match path_in(folders) {
            Ok(path) => path,
            Err(why) => return asked.then(|| KeysFile { path: keymap::NAME.to_owned(), text: Err(why), asked }),
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{} cannot be read ({error}). The keys stay as they were.", path.display())),
        };
        let first = self.known.is_none() && text == Ok(None);
        if !asked && (first || self.known.as_ref() == Some(&text)) {
            return None;
        }
        self.known = Some(text.clone());
        Some(KeysFile { path: path.display().to_string(), text, asked })
    }
}

/// Writes a whole file, or none; never over another.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

/// Puts the keys of the file in force, and says what is wrong with it. What was said about it before is out of date.
pub(super) fn take(state: &mut State, file: KeysFile) {
    let KeysFile { path, text, asked } = file;
    state.messages.dismiss_starting(&path);
    let (keymap, said) = match text.and_then(|text| text.map(|text| keymap::read(&text, &path)).transpose()) {
        Ok(Some(read)) => read,
        Ok(None) => {
            if asked {
                let text = format!("There is no {}; the program's own keys are in force.", keymap::NAME);
                state.messages.say(Level::Note, text, None);
            }
            state.keymap = Arc::default();
            return;
        }
        Err(why) => return state.messages.say(Level::Warning, why, None),
    };
    state.keymap = Arc::new(keymap);
    if asked {
        let mistakes = match said.len() {
            0 => "without a mistake".to_owned(),
            1 => "with one mistake".to_owned(),
            n => format!("with {n} mistakes"),
        };
        state.messages.say(Level::Note, format!("{path} was read {mistakes}."), None);
    }
    for text in said {
        state.messages.say(Level::Warning, text, None);
    }
}
