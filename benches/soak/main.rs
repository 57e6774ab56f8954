//! A test loop at full speed: ten thousand runs written, saved over, renamed, replaced and removed beside a log that grows by a
//! million lines, with the writer and the watcher killed in between. No verdict may be lost, doubled or stale, memory stays, and
//! nothing is done when nothing happens. Then how long a verdict takes, to a line of `dettrace watch` and to a frame of the window.
//!
//! `cargo bench --bench soak`, about two minutes; `-- --update-readme` puts the table into the README. What is wrong fails it; no
//! time does. On Linux, since it reads `/proc`.

#[path = "../lines/mod.rs"]
mod lines;
#[path = "../readme/mod.rs"]
mod readme;

mod headless;
mod process;
mod window;
mod writer;

use std::path::Path;
use std::time::Duration;

/// What was measured, for the table.
#[derive(Default)]
struct Table(Vec<[String; 3]>);

impl Table {
    fn say(&mut self, what: &str, median: impl Into<String>, worst: impl Into<String>) {
        let (median, worst) = (median.into(), worst.into());
        println!("{what:<76} {median:>12} {worst:>12}");
        self.0.push([what.to_owned(), median, worst]);
    }

    /// Median and 99th percentile.
    fn times(&mut self, what: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        self.say(what, ms(times[times.len() / 2]), ms(times[times.len() * 99 / 100]));
    }

    fn text(&self) -> String {
        let rows = self.0.iter().map(|[what, median, worst]| format!("| {what} | {median} | {worst} |\n"));
        format!("| | median | 99th percentile |\n|---|--:|--:|\n{}", rows.collect::<String>())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|arg| arg == writer::ARG) {
        return writer::run(Path::new(&args[at + 1]), args[at + 2].parse()?);
    }
    let place = tempfile::Builder::new().prefix("soak").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut table = Table::default();
    println!("{:<76} {:>12} {:>12}", "", "median", "p99");
    headless::soak(&place.path().join("runs"), &mut table)?;
    window::runs(&place.path().join("runs"), &place.path().join("home"), &mut table)?;
    window::growing(&place.path().join("pair"), &place.path().join("home-2"), &mut table)?;
    if readme::asked() {
        readme::update("soak", &table.text());
    }
    Ok(())
}
