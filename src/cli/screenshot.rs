//! `dettrace screenshot`: the window's own state and drawing, into a file.

use std::path::Path;

use super::args::{Screenshot, Theme};
use super::near::near;
use super::{Exit, Stop, open, output};
use crate::app::state::Request;
use crate::app::table::{self, TABLE};
use crate::app::view_file;
use crate::app::watching::Plan;
use crate::offscreen::screenshot::{Options, Refusal, screenshot};
use crate::pack::{self, Overrides};
use crate::trace::escape;

/// Draws what was typed and writes the picture.
pub fn run(args: &Screenshot) -> Result<Exit, Stop> {
    let inputs = &args.inputs;
    if let Some(wrong) = args.commands.iter().find(|name| table::by_id(name).is_none()) {
        return Err(Stop(no_command(wrong)));
    }
    let named = inputs.expected.is_some() || inputs.actual.is_some();
    let options = Options {
        request: Request {
            paths: inputs.paths.clone(),
            baselines: args.baseline.clone(),
            sides: named.then(|| [inputs.expected.clone(), inputs.actual.clone()]),
            overrides: inputs
                .signals
                .then(|| Box::new(Overrides { signals: inputs.signals(), ..Overrides::default() })),
            watch: args.watch.then(|| Box::new(Plan::default())),
            ..Request::default()
        },
        view: args.view,
        size: args.size,
        scale: args.scale,
        theme: match args.theme {
            Theme::Dark => egui::Theme::Dark,
            Theme::Light => egui::Theme::Light,
        },
        select: args.select.clone(),
        then: Vec::new(),
        commands: args.commands.clone(),
    };
    let picture = screenshot(&options).map_err(|refusal| better(args, refusal))?;
    output::deliver(&picture.png()?, Some(&args.output))?;
    Ok(Exit::Good)
}

/// What is said of a command that there is not.
fn no_command(name: &str) -> String {
    let near: Vec<String> =
        near(name, TABLE.iter().map(|entry| entry.id), '-').iter().map(|id| format!("`{id}`")).collect();
    let offer = if near.is_empty() { String::new() } else { format!(" Did you mean {}?", near.join(" or ")) };
    format!("There is no command `{}`.{offer} `dettrace screenshot --help` lists all of them.", escape(name))
}

/// The help about commands, with all their names.
pub fn commands_help() -> String {
    let all: Vec<&str> = TABLE.iter().map(|entry| entry.id).collect();
    format!(
        "A command of the window to carry out first, by its short name; may be given again. The names, as the help of the window \
         has them: {}",
        all.join(", ")
    )
}

/// Where the sides are not clear, the words that say what to type; else the picture's own.
fn better(args: &Screenshot, refusal: Refusal) -> Stop {
    // What was read from standard input is gone, and a view file says itself what is wrong.
    if args.inputs.paths.iter().any(|path| path == Path::new("-") || view_file::is_one(path)) {
        return refusal.into();
    }
    // Windows of requests have no sides to be chosen, and refuse in words of their own.
    if args.watch || !matches!(pack::windows(&args.inputs.paths, &args.baseline), Ok(None)) {
        return refusal.into();
    }
    let command = format!("screenshot -o {}", open::quoted(&args.output.to_string_lossy()));
    open::open(&args.inputs, &command).err().unwrap_or_else(|| refusal.into())
}
