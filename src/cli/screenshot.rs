//! `dettrace screenshot`: the window's own state and drawing, into a file.

use std::path::Path;

use super::args::{Screenshot, Theme};
use super::{Exit, Stop, open, output};
use crate::app::state::Request;
use crate::app::view_file;
use crate::app::watching::Plan;
use crate::offscreen::screenshot::{Options, Refusal, screenshot};
use crate::pack::{self, Overrides};

/// Draws what was typed and writes the picture.
pub fn run(args: &Screenshot) -> Result<Exit, Stop> {
    let inputs = &args.inputs;
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
