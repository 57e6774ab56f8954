//! Where a pair's bookmarks are kept: in the pack's folder or beside the recordings; where that cannot be, with the settings.

use std::path::{Path, PathBuf};

use super::folders::Folders;
use super::store;
use crate::notes::Notes;
use crate::pack::Pack;
use crate::trace::{Side, fnv};

/// The file's name in the folder of a pack, and the end of its name beside recordings.
const NAME: &str = "notes.dettrace.json";

/// Where the notes of a pair may be, the better place first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sidecar {
    with_the_pack: Option<PathBuf>,
    with_the_settings: Option<PathBuf>,
}

/// Whether opened recordings lie on disk as they are: not in an archive, not in a pipe.
pub fn on_disk(pack: &Pack) -> bool {
    Side::BOTH.into_iter().filter_map(|side| pack.sides[side].as_ref()).any(|recording| recording.source.path.is_some())
}

impl Sidecar {
    /// The places for the notes of what these paths open. Nothing is written beside what is not `on_disk`, nor into `samples`.
    pub fn of(paths: &[PathBuf], on_disk: bool, folders: Option<&Folders>) -> Self {
        let piped = paths.is_empty() || paths.iter().any(|path| path.file_name().is_some_and(|name| name == "-"));
        let sample = folders.is_some_and(|own| paths.iter().any(|path| path.starts_with(&own.cache)));
        let with_the_pack = paths.last().filter(|_| on_disk && !piped && !sample).map(|path| beside(paths, path));
        let with_the_settings = folders.filter(|_| !piped).map(|own| own.state.join("notes").join(name_of(paths)));
        Self { with_the_pack, with_the_settings }
    }

    /// The notes that are kept for the pair, and what is wrong with their file.
    pub fn read(&self) -> (Notes, Option<String>) {
        // With the settings they are only kept while the better place cannot be written, so these are the newer ones.
        let mut said = None;
        for place in [&self.with_the_settings, &self.with_the_pack].into_iter().flatten() {
            let (notes, trouble) = store::peek::<Notes>(place);
            if let Some(notes) = notes {
                let strange = match notes.strange() {
                    0 => None,
                    1 => Some("1 bookmark".to_owned()),
                    n => Some(format!("{n} bookmarks")),
                };
                let strange = strange
                    .map(|n| format!("{n} in {} cannot be read, and will be kept as they are.", place.display()));
                return (notes, said.or(strange));
            }
            said = said.or(trouble);
        }
        (Notes::default(), said)
    }

    /// Keeps notes, and tells where, with what was in the way; `None` where nothing is kept any more.
    ///
    /// # Errors
    /// When they cannot be kept anywhere, as a sentence.
    pub fn write(&self, notes: &Notes) -> Result<Option<String>, String> {
        let mut why = "the recordings do not lie on disk by themselves".to_owned();
        if let Some(place) = &self.with_the_pack {
            match put(place, notes) {
                Ok(said) => {
                    if let Some(other) = &self.with_the_settings {
                        // It would be taken for the newer one.
                        store::remove::<Notes>(other).map_err(|error| {
                            format!("{} is out of date and cannot be removed ({error}). Remove it.", other.display())
                        })?;
                    }
                    let kept = format!("Bookmarks are kept with the pack, in {}.", place.display());
                    return Ok((!notes.is_empty()).then(|| joined(said, kept)));
                }
                Err(error) => why = format!("{} cannot be written: {error}", place.display()),
            }
        }
        let Some(place) = &self.with_the_settings else {
            return Err(format!("Bookmarks are lost when the window closes ({why}). Save the recordings as files."));
        };
        match put(place, notes) {
            Ok(said) => {
                let kept = format!("Bookmarks cannot be kept with the pack ({why}); they are in {}.", place.display());
                Ok((!notes.is_empty()).then(|| joined(said, kept)))
            }
            Err(error) => Err(format!(
                "Bookmarks are lost when the window closes ({why}, and {} cannot be written: {error}).",
                place.display()
            )),
        }
    }
}

fn joined(said: Option<String>, kept: String) -> String {
    said.into_iter().chain([kept]).collect::<Vec<_>>().join(" ")
}

fn put(place: &Path, notes: &Notes) -> std::io::Result<Option<String>> {
    if notes.is_empty() { store::remove::<Notes>(place).map(|()| None) } else { store::write_over(place, notes) }
}

fn beside(paths: &[PathBuf], last: &Path) -> PathBuf {
    if paths.len() == 1 && last.is_dir() {
        return last.join(NAME);
    }
    match last.file_name() {
        Some(name) if name == "pack.json" => last.with_file_name(NAME),
        name => {
            let mut name = name.unwrap_or_default().to_owned();
            name.push(format!(".{NAME}"));
            last.with_file_name(name)
        }
    }
}

/// A name that people recognise, and a number that tells packs of one name apart.
fn name_of(paths: &[PathBuf]) -> String {
    let whole: Vec<String> = paths
        .iter()
        .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned())
        .collect();
    let name = paths.last().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    format!("{}-{:016x}.json", name.unwrap_or_default(), fnv(whole.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn notes(of: &str) -> Notes {
        let at = r#"{"anchor":"actual:5","name":"A","text":"0f","identity":"10","nth":0,"of":1}"#;
        serde_json::from_str(&format!(r#"{{"bookmarks":[{{"at":{at},"note":"{of}"}}]}}"#)).unwrap()
    }

    struct Place {
        _root: tempfile::TempDir,
        pack: PathBuf,
        folders: Folders,
    }

    fn place() -> Place {
        let root = tempfile::tempdir().unwrap();
        let pack = root.path().join("pack");
        fs::create_dir(&pack).unwrap();
        Place { pack, folders: Folders::inside(&root.path().join("home")), _root: root }
    }

    fn of(place: &Place, on_disk: bool) -> Sidecar {
        Sidecar::of(std::slice::from_ref(&place.pack), on_disk, Some(&place.folders))
    }

    #[test]
    fn notes_lie_in_the_folder_or_beside_the_last_recording() {
        let place = place();
        let sidecar = of(&place, true);
        assert_eq!(sidecar.read(), (Notes::default(), None));
        let said = sidecar.write(&notes("one")).unwrap().unwrap();
        let file = place.pack.join("notes.dettrace.json");
        assert!(said.contains(&file.display().to_string()) && said.contains("with the pack"), "{said}");
        assert_eq!(sidecar.read(), (notes("one"), None));
        sidecar.write(&Notes::default()).unwrap();
        assert!(!file.exists(), "nothing is left of nothing");
        let pair = [PathBuf::from("a/good.jsonl"), PathBuf::from("b/bad.jsonl")];
        let beside = Sidecar::of(&pair, true, None).with_the_pack;
        assert_eq!(beside, Some(PathBuf::from("b/bad.jsonl.notes.dettrace.json")));
        let manifest = Sidecar::of(&[PathBuf::from("x/pack.json")], true, None).with_the_pack;
        assert_eq!(manifest, Some(PathBuf::from("x/notes.dettrace.json")));
    }

    #[test]
    fn an_archive_and_a_folder_that_cannot_be_written_have_theirs_with_the_settings_and_it_is_said() {
        let place = place();
        let archived = of(&place, false);
        let said = archived.write(&notes("one")).unwrap().unwrap();
        assert!(said.contains("cannot be kept with the pack") && said.contains("home/state/notes/pack-"), "{said}");
        assert_eq!(archived.read().0, notes("one"));
        // A file where the folder should be stands for a folder that cannot be written, for every user.
        fs::remove_dir(&place.pack).unwrap();
        fs::write(&place.pack, "").unwrap();
        let said =
            Sidecar::of(&[place.pack.join("x")], true, Some(&place.folders)).write(&notes("two")).unwrap().unwrap();
        assert!(said.contains("cannot be kept with the pack") && said.contains("cannot be written"), "{said}");
        let nowhere = Sidecar::of(&[place.pack.join("x")], true, None).write(&notes("two")).unwrap_err();
        assert!(nowhere.contains("lost when the window closes"), "{nowhere}");
    }

    #[test]
    fn the_better_place_takes_over_as_soon_as_it_can_be_written() {
        let place = place();
        of(&place, false).write(&notes("old")).unwrap();
        of(&place, true).write(&notes("new")).unwrap();
        assert_eq!(of(&place, true).read().0, notes("new"));
        assert_eq!(of(&place, false).read().0, Notes::default());
    }

    #[test]
    fn what_is_not_understood_is_left_alone_when_read_and_put_aside_when_written() {
        let place = place();
        let file = place.pack.join("notes.dettrace.json");
        for (text, word, kept) in [
            ("{ torn", "is damaged", "notes.dettrace.json.damaged"),
            (r#"{"version":9,"bookmarks":{"by":"name"}}"#, "newer DetTrace", "notes.dettrace.json.newer"),
            ("\u{0}\u{1}", "is damaged", "notes.dettrace.json.damaged-1"),
        ] {
            fs::write(&file, text).unwrap();
            let (read, said) = of(&place, true).read();
            assert!(read.is_empty() && said.clone().unwrap().contains(word), "{said:?}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            assert_eq!(of(&place, true).write(&Notes::default()), Ok(None), "there is nothing to write");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            let said = of(&place, true).write(&notes("mine")).unwrap().unwrap();
            assert!(said.contains(kept), "{said}");
            assert_eq!(fs::read_to_string(place.pack.join(kept)).unwrap(), text);
        }
    }

    #[test]
    fn samples_stay_as_they_are_and_a_pipe_has_no_place() {
        let place = place();
        let sample = place.folders.cache.join("samples/race");
        let sidecar = Sidecar::of(&[sample], true, Some(&place.folders));
        assert!(sidecar.with_the_pack.is_none() && sidecar.with_the_settings.is_some());
        let piped = Sidecar::of(&[PathBuf::from("-"), PathBuf::from("b")], true, Some(&place.folders));
        assert!(piped.write(&notes("x")).unwrap_err().contains("lost"));
    }
}
