//! The system's file dialog: blocks, so it runs in a job; tells a cancel from a dialog that could not be shown.

use std::path::PathBuf;

use super::control::export;
use super::pictures;
use super::said;
use super::state::Ask;
use super::view_file;

/// Endings that recordings commonly have. Only a filter: what a file is, its content says.
const ENDINGS: [&str; 10] = ["jsonl", "ndjson", "json", "log", "txt", "gz", "zst", "zip", "trace", view_file::ENDING];

/// Shows the dialog and waits for it. Nothing chosen is an empty list.
///
/// # Errors
/// When no dialog could be shown, as a sentence that says what to do instead.
pub fn show(ask: Ask) -> Result<Vec<PathBuf>, String> {
    said::take_dialog();
    let dialog = rfd::FileDialog::new();
    let files = |title: &str| {
        rfd::FileDialog::new().set_title(title).add_filter("Recordings", &ENDINGS).add_filter("All files", &["*"])
    };
    let chosen = match ask {
        Ask::Pack => files("Open an incident pack").pick_file().map(|file| vec![file]),
        Ask::TwoFiles => files("Open two recordings: expected and actual").pick_files(),
        Ask::View => dialog
            .set_title("Open a saved view")
            .add_filter("Views", &[view_file::ENDING])
            .pick_file()
            .map(|file| vec![file]),
        Ask::SaveView => dialog
            .set_title("Save this view")
            .add_filter("Views", &[view_file::ENDING])
            .set_file_name(format!("view.{}", view_file::ENDING))
            .save_file()
            .map(|file| vec![file]),
        Ask::Picture => dialog
            .set_title("Export a picture of the graph: .png, or .svg")
            .add_filter("Pictures", &["png", "svg"])
            .set_file_name(format!("propagation.{}", pictures::PIXELS))
            .save_file()
            .map(|file| vec![file]),
        Ask::Curves => dialog
            .set_title("Export the curves: .svg, .png, or .csv")
            .add_filter("Drawing, picture or table", &export::ENDINGS)
            .set_file_name("curves.svg")
            .save_file()
            .map(|file| vec![file]),
        Ask::Slice => dialog.set_title("Choose a folder for the slice").pick_folder().map(|folder| vec![folder]),
        Ask::Watch => dialog.set_title("Choose a folder to be watched").pick_folder().map(|folder| vec![folder]),
        Ask::Baseline => files("Compare the runs with this recording").pick_file().map(|file| vec![file]),
        Ask::Folder => {
            dialog.set_title("Open a folder with a pair of recordings").pick_folder().map(|folder| vec![folder])
        }
    };
    // The library returns nothing both for Cancel and for no dialog at all; only its log tells them apart.
    let trouble = said::take_dialog();
    match chosen {
        Some(paths) => Ok(paths),
        None if trouble.is_empty() => Ok(Vec::new()),
        None => Err("No file dialog is available here (install xdg-desktop-portal or zenity). Paste a path, or drop files onto the window.".to_owned()),
    }
}
