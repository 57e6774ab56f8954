//! Puts the table that a bench made into README.md.

use std::path::Path;

/// True when the bench was asked to do so.
pub fn asked() -> bool {
    std::env::args().any(|word| word == "--update-readme")
}

/// Writes `table` between the lines of README.md that name this bench; says what came of it.
pub fn update(bench: &str, table: &str) {
    match write(bench, table) {
        Ok(()) => println!("\nREADME.md has the table"),
        Err(why) => println!("\nREADME.md does not have the table: {why}"),
    }
}

fn write(bench: &str, table: &str) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).map_err(|why| why.to_string())?;
    let begin = format!("<!-- {bench}: made by `cargo bench --bench {bench} -- --update-readme` -->");
    let end = format!("<!-- /{bench} -->");
    let (before, rest) = text.split_once(&begin).ok_or_else(|| format!("there is no line {begin}"))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("there is no line {end}"))?;
    let table = table.trim_end();
    std::fs::write(&path, format!("{before}{begin}\n\n{table}\n\n{end}{after}")).map_err(|why| why.to_string())
}
