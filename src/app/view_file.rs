//! The view file: a small readable file that opens exactly this view for a colleague.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::control::{ControlPage, SeenControl};
use super::layout::Layout;
use super::pair::{Pair, Saved};
use super::requests::{RequestsPage, SeenRequests};
use super::state::{Page, Request};
use crate::pack::write_whole;

/// The ending of its name.
pub const ENDING: &str = "dettrace-view";
/// The word for the usual arrangement of the panes.
const USUAL: &str = "usual";
/// The version that is understood today. What an older one can say is written as that.
const VERSION: u64 = 2;
/// A pack that lies more folders up than this is named by its whole path: it would not be sent along.
const NEAR: usize = 3;
/// Larger files are none of ours.
const MOST_BYTES: u64 = 16 << 20;

/// What stands in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewFile {
    dettrace_view: u64,
    /// What to open, relative to the file where it is near, and with which decisions.
    open: Request,
    /// What is seen of it.
    #[serde(flatten)]
    seen: View,
}

/// What a view file shows of what it opens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What is seen of the pair.
    #[serde(flatten, skip_serializing_if = "is_nothing")]
    saved: Saved,
    /// What is seen of two windows of requests, where the file is about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requests: Option<SeenRequests>,
    /// What is seen of a control loop, where the file is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    control: Option<SeenControl>,
    /// How the panes are arranged: [`USUAL`], or as the session keeps it. Files of older versions leave it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layout: Option<Value>,
}

fn is_nothing(saved: &Saved) -> bool {
    *saved == Saved::default()
}

impl View {
    /// What is seen on a page, a pair in these panes; `None` of a page that has no view to be saved.
    pub fn of(page: &Page, layout: &Layout) -> Option<Self> {
        Some(match page {
            Page::Pair(pair) => {
                let layout = Some(layout.saved().unwrap_or_else(|| USUAL.into()));
                Self { saved: pair.saved(), layout, ..Self::default() }
            }
            Page::Requests(page) => Self { requests: Some(page.seen()), ..Self::default() },
            Page::Control(page) => Self { control: Some(page.seen()), ..Self::default() },
            Page::Home | Page::Choose(_) | Page::Watching(_) | Page::Failed(_) => return None,
        })
    }

    /// The first version of the file that can say it.
    const fn version(&self) -> u64 {
        if self.requests.is_some() || self.control.is_some() { VERSION } else { 1 }
    }

    /// True when the reference plant is seen, which is there without a recording.
    fn has_plant(&self) -> bool {
        self.control.as_ref().is_some_and(SeenControl::has_plant)
    }

    /// Shows it of a pair; says what of it is not here.
    pub fn show_pair(&self, pair: &mut Pair) -> Vec<String> {
        if self.version() == 1 { pair.set_saved(&self.saved) } else { self.of_another("a pair of recordings") }
    }

    /// Shows it of two windows of requests; says what of it is not here.
    pub fn show_requests(&self, page: &mut RequestsPage) -> Vec<String> {
        let other = || self.of_another("windows of requests");
        self.requests.as_ref().map_or_else(other, |seen| page.set_seen(seen))
    }

    /// Shows it of a control loop; says what of it is not here.
    pub fn show_control(&self, page: &mut ControlPage) -> Vec<String> {
        self.control.as_ref().map_or_else(|| self.of_another("a control loop"), |seen| page.set_seen(seen))
    }

    /// That something of another kind was opened than the file was saved of; nothing where it shows nothing of any.
    fn of_another(&self, opened: &str) -> Vec<String> {
        let saved = match (&self.requests, &self.control) {
            (Some(_), _) => "windows of requests",
            (None, Some(_)) => "a control loop",
            (None, None) if is_nothing(&self.saved) => return Vec::new(),
            (None, None) => "a pair of recordings",
        };
        vec![format!("The view file shows {saved}, but what it names is {opened} now, and is shown as it opens.")]
    }

    /// The arrangement of the panes, where the file says one.
    ///
    /// # Errors
    /// When it makes no sense, as a sentence.
    pub fn layout(&self) -> Result<Option<Layout>, String> {
        match &self.layout {
            None => Ok(None),
            Some(Value::String(word)) if word == USUAL => Ok(Some(Layout::default())),
            Some(saved) => Layout::from_saved(saved.clone()).map(Some).map_err(|why| {
                format!("The arrangement of the panes in the view file is left out: {why}. Save the view again.")
            }),
        }
    }
}

/// True for the path of a view file.
pub fn is_one(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

/// Saves a view of what `open` opens; a name without the ending gets it. Tells the file.
///
/// # Errors
/// When it cannot be written, as a sentence.
pub fn write(path: &Path, open: &Request, seen: View) -> Result<PathBuf, String> {
    let mut path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if !is_one(&path) {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{ENDING}"));
        path.set_file_name(name);
    }
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut open = open.clone().absolute();
    let nothing = open.paths.is_empty() && !seen.has_plant();
    if nothing || open.paths.iter().any(|path| path.file_name().is_some_and(|name| name == "-")) {
        return Err("What was piped in cannot be opened again: save the recordings as files, then the view.".to_owned());
    }
    for path in open.paths.iter_mut().chain(&mut open.baselines) {
        *path = near(path, &folder).unwrap_or_else(|| path.clone());
    }
    let body = ViewFile { dettrace_view: seen.version(), open, seen };
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| write_whole(&path, |file| serde_json::to_writer_pretty(file, &body).map_err(Into::into)));
    written.map_err(|error| {
        format!("{} cannot be written ({error}). Choose another place for the view.", path.display())
    })?;
    Ok(path)
}

/// Reads a view file: what to open, with whole paths, and what to show of it.
///
/// # Errors
/// When it cannot be read or understood, as a sentence.
pub fn read(path: &Path) -> Result<(Request, View), String> {
    let name = path.display();
    let fail = |error: std::io::Error| format!("{name} cannot be read: {error}. Check the path.");
    if std::fs::metadata(path).map_err(fail)?.len() > MOST_BYTES {
        return Err(format!("{name} is too large for a view file. Save the view again."));
    }
    let text = std::fs::read(path).map_err(fail)?;
    let version = serde_json::from_slice::<Version>(&text).map(|file| file.dettrace_view);
    if let Ok(version) = version
        && version > VERSION
    {
        return Err(format!(
            "{name} was saved by a newer DetTrace (version {version}, and this one knows up to {VERSION}). Update DetTrace to open it."
        ));
    }
    let ViewFile { mut open, seen, .. } = serde_json::from_slice(&text)
        .map_err(|error| format!("{name} is no view file that can be understood ({error}). Save the view again."))?;
    if open.paths.len() > 2 || open.paths.is_empty() && !seen.has_plant() {
        return Err(format!("{name} names {} paths, where a pack or two recordings are needed.", open.paths.len()));
    }
    let folder = std::path::absolute(path).ok().and_then(|path| Some(path.parent()?.to_path_buf())).unwrap_or_default();
    for path in open.paths.iter_mut().chain(&mut open.baselines) {
        *path = flat(&folder.join(&*path));
    }
    Ok((open, seen))
}

#[derive(Deserialize)]
struct Version {
    dettrace_view: u64,
}

/// The way from a folder to a path, where it is short.
fn near(path: &Path, folder: &Path) -> Option<PathBuf> {
    let (path, folder): (Vec<_>, Vec<_>) = (path.components().collect(), folder.components().collect());
    let shared = path.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = folder.len() - shared;
    // What shares no more than the root is not near.
    if shared < 2 || up > NEAR {
        return None;
    }
    let way: PathBuf = std::iter::repeat_n(Component::ParentDir, up).chain(path[shared..].iter().copied()).collect();
    Some(if way.as_os_str().is_empty() { PathBuf::from(".") } else { way })
}

/// A path without `.` and `..`, as far as its names tell.
fn flat(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(flat.pop()),
            other => flat.push(other),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(paths: &[&Path]) -> Request {
        Request { swapped: true, ..Request::paths(paths.iter().map(|path| path.to_path_buf())) }
    }

    fn saved() -> View {
        serde_json::from_str(r#"{"view":"timeline","selection":"actual:5@queue:0","search":"x"}"#).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again_and_a_near_pack_moves_along() {
        let root = tempfile::tempdir().unwrap();
        let (here, there) = (root.path().join("here"), root.path().join("there"));
        std::fs::create_dir(&here).unwrap();
        let file = write(&here.join("views/my"), &request(&[&here.join("pack")]), saved()).unwrap();
        assert_eq!(file, here.join("views/my.dettrace-view"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("\"../pack\"") && text.contains("\"selection\": \"actual:5@queue:0\""), "{text}");
        assert_eq!(read(&file), Ok((request(&[&here.join("pack")]), saved())));
        std::fs::rename(&here, &there).unwrap();
        assert_eq!(read(&there.join("views/my.dettrace-view")).unwrap().0, request(&[&there.join("pack")]));
    }

    #[test]
    fn a_pack_that_is_far_is_named_whole_and_a_pipe_cannot_be() {
        assert_eq!(near(Path::new("/data/pack"), Path::new("/home/me/views")), None);
        assert_eq!(near(Path::new("/home/me/pack"), Path::new("/home/me")), Some(PathBuf::from("pack")));
        assert_eq!(near(Path::new("/home/me"), Path::new("/home/me")), Some(PathBuf::from(".")));
        let folder = tempfile::tempdir().unwrap();
        let piped = Request::paths([PathBuf::from("-"), PathBuf::from("b")]);
        assert!(write(&folder.path().join("v"), &piped, saved()).unwrap_err().contains("piped in"));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.dettrace-view");
        let refused = |text: &str| {
            std::fs::write(&file, text).unwrap();
            read(&file).unwrap_err()
        };
        assert!(read(&folder.path().join("none")).unwrap_err().contains("cannot be read"));
        assert!(refused("{ torn").contains("no view file that can be understood"));
        assert!(refused(r#"{"dettrace_view":3,"open":7}"#).contains("newer DetTrace (version 3"));
        assert!(refused(r#"{"dettrace_view":1,"open":{"paths":[]}}"#).contains("names 0 paths"));
        assert!(refused(r#"{"dettrace_view":1,"open":{"paths":["a"]},"selection":"here"}"#).contains("no anchor"));
    }

    #[test]
    fn a_file_says_the_first_version_that_understands_it() {
        let folder = tempfile::tempdir().unwrap();
        let written = |seen: &str, paths: &[&Path]| {
            let file = write(&folder.path().join("v"), &request(paths), serde_json::from_str(seen).unwrap())?;
            let text = std::fs::read_to_string(&file).unwrap();
            let version: Version = serde_json::from_str(&text).unwrap();
            Ok::<_, String>((version.dettrace_view, text.contains("\"unfolded\""), read(&file).unwrap().1))
        };
        let pack: &[&Path] = &[&folder.path().join("pack")];
        for (seen, version) in [
            (r#"{"view":"events"}"#, 1),
            (r#"{"requests":{"view":"propagation","service":"shop"}}"#, 2),
            (r#"{"control":{"view":"trajectory","cursor":1.5}}"#, 2),
        ] {
            let (said, pair, again) = written(seen, pack).unwrap();
            assert_eq!((said, pair), (version, version == 1), "{seen}");
            assert_eq!(again, serde_json::from_str(seen).unwrap());
        }
        assert!(written(r#"{"control":{"view":"control"}}"#, &[]).is_err(), "nothing was recorded");
        assert_eq!(
            written(r#"{"control":{"what_if":{"fault":"lag"}}}"#, &[]).unwrap().0,
            2,
            "the plant is always there"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_view_or_a_sentence(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..120) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a.dettrace-view");
            let fine = br#"{"dettrace_view":1,"open":{"paths":["p"]},"timeline":{"range":[0,1e300],"sync":"7"},"unfolded":[]}"#;
            for bytes in [bytes.clone(), [&fine[..at.min(fine.len())], &bytes[..]].concat()] {
                std::fs::write(&file, &bytes).unwrap();
                if let Err(said) = read(&file) {
                    prop_assert!(said.ends_with('.'), "{}", said);
                }
            }
        }
    }
}
