//! Pictures of the propagation graph as files: drawn behind the window, written whole or not at all.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::authored::beside;
use super::command::Effect;
use super::graph::GraphPicture;
use super::message::Level;
use super::state::{Ask, Page, State, ThemeChoice};
use super::tabs::{Tab, TabId};
use crate::incident::Part;
use crate::trace::escape;

/// Draws a picture into the bytes of a file. What draws is above the app, and is handed to it.
pub type Draw = fn(&GraphPicture) -> Result<Vec<u8>, String>;

/// What draws the pictures that are exported: the room that draws the window off-screen stands above this one.
#[derive(Debug, Clone, Copy)]
pub struct Drawers {
    /// Graphs.
    pub graph: Draw,
    /// Curves.
    pub curves: super::control::export::Draw,
}

/// The ending of a drawing that stays sharp at every size.
const VECTOR: &str = "svg";
/// The ending of a picture of pixels.
pub const PIXELS: &str = "png";

/// The picture of what a tab shows; `None` where it has no graph. Light, as documents are, unless the window is always dark.
pub fn of(tab: &Tab, theme: ThemeChoice, path: &Path) -> Option<GraphPicture> {
    let (seen, kind) = match &tab.page {
        Page::Pair(pair) => {
            let families = &pair.spread()?.incident.families;
            (pair.graph()?, families.first().map_or_else(|| "No failure".to_owned(), |own| own.family.title()))
        }
        Page::Requests(page) => {
            let incident = page.population().incident.as_ref();
            let families = incident.map_or(&[][..], |incident| &incident.families);
            (page.graph(), families.first().map_or_else(|| "No clear cause".to_owned(), |own| own.family.title()))
        }
        Page::Home | Page::Choose(_) | Page::Failed(_) | Page::Control(_) | Page::Watching(_) => return None,
    };
    let count = |part: Part| seen.graph.count(part);
    let mut line = format!("{kind} · {} upstream · {} downstream", count(Part::Upstream), count(Part::Downstream));
    if seen.graph.count_next() > 0 {
        write!(line, " · {} likely next", seen.graph.count_next()).ok();
    }
    if seen.layout.left_out > 0 {
        write!(line, " · {} places with least to do with it are not drawn", seen.layout.left_out).ok();
    }
    let mut picture = GraphPicture::new(&seen, tab.title(), line);
    picture.dark = theme == ThemeChoice::Dark;
    picture.vector = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(VECTOR));
    Some(picture)
}

/// Exports the picture of a tab to where a person chose; where no dialog could be shown, beside what is open.
pub fn save(state: &mut State, tab: TabId, picked: Result<Vec<PathBuf>, String>) -> Vec<Effect> {
    let Some(tab) = state.tabs.get_mut(tab).filter(|tab| tab.has_graph()) else { return Vec::new() };
    let opened = tab.open.as_ref().and_then(|open| open.paths.last());
    let path = match picked {
        Ok(paths) => paths.into_iter().next(),
        Err(_) => opened.map(|opened| beside(opened, Ask::Picture)),
    };
    let Some(path) = path else { return Vec::new() };
    tab.exporting = Some("Drawing a picture");
    vec![Effect::ExportPicture(tab.id, with_ending(path))]
}

/// A file that has neither ending is a picture of pixels.
fn with_ending(path: PathBuf) -> PathBuf {
    let known = |ending: &std::ffi::OsStr| [VECTOR, PIXELS].iter().any(|known| ending.eq_ignore_ascii_case(known));
    if path.extension().is_some_and(known) {
        return path;
    }
    let mut whole = path.into_os_string();
    whole.push(".");
    whole.push(PIXELS);
    whole.into()
}

/// Draws a picture and writes it; says how it ended.
pub fn export(draw: Option<Draw>, picture: &GraphPicture, path: &Path) -> (Level, String) {
    let name = path.to_string_lossy();
    let Some(draw) = draw else {
        return (Level::Error, "Pictures cannot be drawn here; `dettrace screenshot` draws the window.".to_owned());
    };
    let write = |bytes: Vec<u8>| -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&bytes)?;
        file.persist(path).map(|_| ()).map_err(|error| error.error)
    };
    let written = draw(picture).and_then(|bytes| {
        write(bytes).map_err(|error| format!("{} cannot be written ({error}). Choose another place.", escape(&name)))
    });
    match written {
        Ok(()) => (Level::Note, format!("The picture is in {}.", escape(&name))),
        Err(why) => (Level::Error, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_says_which_kind_of_picture_it_is() {
        for (given, whole) in [("a.svg", "a.svg"), ("a.PNG", "a.PNG"), ("a", "a.png"), ("v1.2", "v1.2.png")] {
            assert_eq!(with_ending(given.into()), PathBuf::from(whole));
        }
    }

    #[test]
    fn a_picture_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let picture = GraphPicture::default();
        let path = folder.path().join("graph.svg");
        let (level, text) = export(Some(|_| Ok(b"<svg/>".to_vec())), &picture, &path);
        assert!(level == Level::Note && text.contains("graph.svg"), "{text}");
        assert_eq!(std::fs::read(&path).unwrap(), b"<svg/>");
        let (level, text) = export(Some(|_| Err("It is too large.".to_owned())), &picture, &path);
        assert_eq!((level, text.as_str()), (Level::Error, "It is too large."));
        let (level, text) = export(Some(|_| Ok(Vec::new())), &picture, &folder.path().join("no/such/x.png"));
        assert!(level == Level::Error && text.contains("Choose another place"), "{text}");
        assert_eq!(export(None, &picture, &path).0, Level::Error);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half written stays");
    }
}
