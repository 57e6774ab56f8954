//! Decisions over the inferred spec, saved with the pack: in its `pack.json`, or in a file of their own beside recordings
//! that are no pack.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::listing::Entry;
use super::{OpenError, manifest, write_whole};
use crate::spec::Overrides;
use crate::trace::Warnings;

/// The end of the name of the file beside recordings that are no folder.
pub const BESIDE: &str = ".dettrace.json";

/// The file that holds the decisions about what these paths open.
///
/// # Errors
/// When there is no place for one, as a sentence.
pub fn spec_file(paths: &[PathBuf]) -> Result<PathBuf, OpenError> {
    let path = paths.last().map_or(Path::new(""), PathBuf::as_path);
    if paths.is_empty() || paths.iter().any(|path| path == Path::new("-")) {
        let what = "Decisions about standard input have no place to be saved.";
        return Err(OpenError::new(path, what, "Save the recordings as files first."));
    }
    if path.file_name().is_some_and(|name| name == manifest::FILE) {
        return Ok(path.to_path_buf());
    }
    if paths.len() == 1 && path.is_dir() {
        return Ok(path.join(manifest::FILE));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(BESIDE);
    Ok(path.with_file_name(name))
}

/// Saves decisions where opening these paths again finds them, and tells where. Everything else in the file stays as it is:
/// all of it is written, or the old one stays.
///
/// # Errors
/// When it cannot be written, or is there and cannot be understood, as a sentence.
pub fn save_spec(paths: &[PathBuf], overrides: &Overrides) -> Result<PathBuf, OpenError> {
    let file = spec_file(paths)?;
    let mut body = match fs::read(&file) {
        Ok(bytes) => serde_json::from_slice::<Map<String, Value>>(&bytes).map_err(|error| {
            let what = format!("It cannot be understood ({error}), so nothing was saved in it.");
            OpenError::new(&file, what, "Correct it or move it away, and decide again.")
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(cannot(&file, &error)),
    };
    body.entry("dettrace_pack").or_insert(json!(manifest::VERSION));
    if let [expected, actual] = paths {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        body.insert("expected".to_owned(), json!(name(expected)));
        body.insert("actual".to_owned(), json!(name(actual)));
    }
    let mut spec = match body.get_mut("spec").map(Value::take) {
        Some(Value::Object(spec)) => spec,
        _ => Map::new(),
    };
    if let Ok(Value::Object(decided)) = serde_json::to_value(overrides) {
        for (key, value) in decided {
            let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if nothing {
                spec.shift_remove(&key);
            } else {
                spec.insert(key, value);
            }
        }
    }
    body.insert("spec".to_owned(), Value::Object(spec));
    write_whole(&file, |to| serde_json::to_writer_pretty(to, &body).map_err(Into::into))
        .map_err(|error| cannot(&file, &error))?;
    Ok(file)
}

fn cannot(file: &Path, error: &std::io::Error) -> OpenError {
    let what = format!("The decisions cannot be saved there ({error}); they hold for this comparison only.");
    OpenError::new(file, what, "Copy the recordings to a folder that can be written.")
}

/// The decisions saved beside recordings that are no folder; none when there are none for these. What is wrong with the file
/// is told.
pub fn beside(paths: &[PathBuf], warnings: &mut Warnings) -> Option<Overrides> {
    let file = spec_file(paths).ok().filter(|file| file.is_file() && !file.ends_with(manifest::FILE))?;
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let manifest = manifest::read(&Entry::on_disk(name(&file)?, file), warnings);
    // Decisions about another pair with the same actual recording are not about this one.
    let ours = match paths {
        [expected, _] => manifest.expected.as_ref().and_then(|named| named.one().map(str::to_owned)) == name(expected),
        _ => true,
    };
    manifest.spec.filter(|_| ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Found, open};

    fn ignoring(field: &str) -> Overrides {
        Overrides { ignore: vec![field.to_owned()], ..Overrides::default() }
    }

    fn opened(paths: &[PathBuf]) -> Overrides {
        match open(paths) {
            Ok(Found::Ready(pack)) => pack.overrides,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_keeps_decisions_in_its_description_and_the_rest_of_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["expected.jsonl", "actual.jsonl"] {
            fs::write(folder.path().join(name), "{\"type\":\"A\",\"x\":1}\n").unwrap();
        }
        let paths = [folder.path().to_path_buf()];
        let own =
            "{\"title\":\"Door\",\"zebra\":[1],\"dettrace_pack\":1,\"spec\":{\"later\":true,\"ignore\":[\"old\"]}}";
        fs::write(folder.path().join("pack.json"), own).unwrap();
        let file = save_spec(&paths, &ignoring("x")).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let keys =
            ["\"title\"", "\"zebra\"", "\"dettrace_pack\"", "\"spec\"", "\"later\""].map(|k| text.find(k).unwrap());
        assert!(keys.is_sorted() && !text.contains("old"), "{text}");
        assert_eq!(opened(&paths), ignoring("x"));
        save_spec(&paths, &Overrides::default()).unwrap();
        assert_eq!(opened(&paths), Overrides::default());
        fs::write(folder.path().join("pack.json"), "{ torn").unwrap();
        assert!(save_spec(&paths, &ignoring("x")).unwrap_err().to_string().contains("cannot be understood"));
        assert_eq!(fs::read_to_string(file).unwrap(), "{ torn", "what cannot be read is left alone");
    }

    #[test]
    fn loose_files_keep_decisions_beside_the_actual_one_for_this_pair_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["good.jsonl", "other.jsonl", "bad.jsonl"] {
            fs::write(path(name), "{\"type\":\"A\",\"x\":1}\n").unwrap();
        }
        let pair = [path("good.jsonl"), path("bad.jsonl")];
        assert_eq!(save_spec(&pair, &ignoring("x")).unwrap(), path("bad.jsonl.dettrace.json"));
        assert_eq!(opened(&pair), ignoring("x"));
        assert_eq!(opened(&[path("other.jsonl"), path("bad.jsonl")]), Overrides::default());
        fs::write(path("bad.jsonl.dettrace.json"), "{ torn").unwrap();
        let Ok(Found::Ready(pack)) = open(&pair) else { panic!("a pair") };
        assert_eq!(pack.overrides, Overrides::default());
        let told = &pack.warnings.as_slice()[0];
        assert!(told.file == "bad.jsonl.dettrace.json" && told.what.contains("cannot be understood"), "{told:?}");
        let stdin = save_spec(&[PathBuf::from("-"), path("bad.jsonl")], &ignoring("x"));
        assert!(stdin.unwrap_err().to_string().contains("standard input"));
        let lost = [path("gone/good.jsonl"), path("gone/bad.jsonl")];
        assert!(save_spec(&lost, &ignoring("x")).unwrap_err().to_string().contains("cannot be saved"));
    }
}
