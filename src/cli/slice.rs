//! `dettrace slice`: the least of both recordings that still compares the same, as a pack of its own.

use super::args::Slice as Args;
use super::{Exit, Stop, open, output};
use crate::analyse::Session;
use crate::app::exports;
use crate::slice::{Wanted, slice};

/// Cuts what was typed and writes the pack.
pub fn run(args: &Args) -> Result<Exit, Stop> {
    exports::check(&args.output).map_err(Stop)?;
    let analysis = Session::new(open::open(&args.inputs, "slice")?).run(&())?;
    let wanted =
        Wanted { around: args.around.clone(), to: args.to.clone(), redact: args.redact.clone(), may_lack: false };
    let slice = slice(&analysis, &wanted, &|| false).map_err(Stop)?;
    exports::write(&slice, &args.output).map_err(Stop)?;
    output::say(&exports::words(&slice, &analysis, &args.output));
    match slice.differs {
        None => Ok(Exit::Good),
        Some(differs) => {
            output::say(&differs);
            Ok(Exit::Trouble)
        }
    }
}
