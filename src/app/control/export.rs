//! The curves that are seen, in a file: a table or a drawing, by the file's ending; whole, or not at all.

use std::fs;
use std::io::{BufWriter, Error, Write as _};
use std::path::Path;

use super::sheet::Sheet;
use super::{csv, svg};
use crate::app::message::Level;
use crate::trace::{escape, grouped};

/// The endings that are written.
pub const ENDINGS: [&str; 3] = ["csv", "svg", "png"];

/// Draws a sheet, dark or light, into the bytes of a PNG. What draws is above the app, and is handed to it.
pub type Draw = fn(&Sheet, bool) -> Result<Vec<u8>, String>;

/// Writes what is seen of a sheet, and says so; or why it could not.
pub fn export(sheet: &Sheet, title: &str, path: &Path, draw: Option<(Draw, bool)>) -> (Level, String) {
    let shown = escape(&path.to_string_lossy()).into_owned();
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !ENDINGS.contains(&ending.as_str()) {
        let text = format!(
            "{shown} names no kind of file that curves are written to. Let its name end with .csv, .svg or .png."
        );
        return (Level::Error, text);
    }
    match write(sheet, title, path, &ending, draw) {
        Ok(what) => (Level::Note, format!("Wrote {shown}: {what}.")),
        Err(error) => (Level::Error, format!("{shown} cannot be written ({error}). Choose another place.")),
    }
}

fn write(sheet: &Sheet, title: &str, path: &Path, ending: &str, draw: Option<(Draw, bool)>) -> std::io::Result<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = BufWriter::new(tempfile::NamedTempFile::new_in(folder)?);
    let what = if ending == "png" {
        let (draw, dark) = draw.ok_or_else(|| Error::other("nothing here draws pictures"))?;
        file.write_all(&draw(sheet, dark).map_err(Error::other)?)?;
        format!("{} plots as a picture", sheet.shown().count())
    } else if ending == "csv" {
        let rows = csv::write(sheet, &mut file)?;
        format!("{} rows of {} plots", grouped(rows), sheet.shown().count())
    } else {
        file.write_all(svg::svg(sheet, title).as_bytes())?;
        format!("{} plots as they are seen", sheet.shown().count())
    };
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(what)
}
