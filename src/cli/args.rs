//! The arguments, and the help that a person learns them from.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use egui::Vec2;

use super::examples::{
    ABOUT, COMPARE_EXAMPLES, EXAMPLES, LONG_ABOUT, RELATE_EXAMPLES, REPORT_EXAMPLES, SCREENSHOT_EXAMPLES,
    SIMULATE_EXAMPLES, SLICE_EXAMPLES, WATCH_EXAMPLES,
};
use super::values::{
    FieldTolerance, Range, address, duration, event_pair, field_tolerance, range, scenario, signal_role, size,
};
use super::version::VERSION;
use crate::control::plant::{Injection, Scenario};
use crate::offscreen::screenshot::{AnyView, Select};
use crate::report::Anchor;
use crate::trace::{EventIndex, SignalRole};

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "dettrace", version = VERSION, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
#[command(override_usage = "dettrace [OPTIONS] [PATH]...\n       dettrace [OPTIONS] <COMMAND>", max_term_width = 100)]
pub struct Args {
    /// An incident pack (folder, .zip or file), or the expected and the actual recording, or a saved view; opens the window
    #[arg(value_name = "PATH", num_args = 0..=2)]
    pub paths: Vec<PathBuf>,
    /// A further baseline, where windows of requests are compared; may be given several times
    #[arg(long, value_name = "PATH", requires = "paths")]
    pub baseline: Vec<PathBuf>,
    /// How much to tell on standard error about what is done
    #[arg(long, global = true, display_order = 100, value_name = "LEVEL", value_enum, default_value_t = Level::Warn)]
    pub log: Level,
    /// What to do instead of opening the window
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done without the window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare two recordings and say where they part, as text, Markdown or JSON
    #[command(after_help = COMPARE_EXAMPLES, max_term_width = 100)]
    Compare(Box<Compare>),
    /// Draw the window into a PNG file, with its own state and code; needs no display
    #[command(after_help = SCREENSHOT_EXAMPLES, max_term_width = 100)]
    Screenshot(Box<Screenshot>),
    /// Cut the least out of both recordings that still compares the same, into a folder that is a pack
    #[command(after_help = SLICE_EXAMPLES, max_term_width = 100)]
    Slice(Box<Slice>),
    /// Write everything that is said of a pack into a folder: the report for people, the answer for programs, and what an
    /// incident did to services
    #[command(after_help = REPORT_EXAMPLES, max_term_width = 100)]
    Report(Box<Report>),
    /// Simulate a known system with faults and write both runs as a pack, print what they cost, or find where a parameter loses
    /// the loop
    #[command(after_help = SIMULATE_EXAMPLES, max_term_width = 100)]
    Simulate(Box<Simulate>),
    /// Compare two incidents by their causes: the same cause, the same family, what differs
    #[command(after_help = RELATE_EXAMPLES, max_term_width = 100)]
    Relate(Box<Relate>),
    /// Follow a folder while runs are written into it, and print a line for each finished analysis
    #[command(after_help = WATCH_EXAMPLES, max_term_width = 100)]
    Watch(Box<Watch>),
    /// Print the completion script for a shell
    #[command(max_term_width = 100)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// What to open, and which is which.
#[derive(Debug, ClapArgs)]
pub struct Inputs {
    /// An incident pack, or the expected and the actual recording: each a file, a folder, a .zip, or - for standard input; several files of one window of requests are named by their folder
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    pub paths: Vec<PathBuf>,
    /// The recording that went right, where the sides are not clear: a name inside the pack, or NAME#TRACE inside a file
    #[arg(long, value_name = "NAME")]
    pub expected: Option<String>,
    /// The recording in question, named in the same way
    #[arg(long, value_name = "NAME")]
    pub actual: Option<String>,
    /// Read the recordings as signals over time, even where they could be something else: the numbers of a value change dump, the metrics of OpenTelemetry
    #[arg(long)]
    pub signals: bool,
}

impl Inputs {
    /// Whether signals are wanted, where that was said.
    pub fn signals(&self) -> Option<bool> {
        self.signals.then_some(true)
    }
}

/// Decisions over what is inferred from the recordings.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "What is compared (otherwise inferred from the recordings)")]
pub struct Decisions {
    /// Set a field aside; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub ignore: Vec<String>,
    /// Compare only this field; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub only: Vec<String>,
    /// Compare a field that would be set aside; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub compare: Vec<String>,
    /// Rename a field's values one to one before they are compared: they differ by name only; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub rename: Vec<String>,
    /// How much a field may differ: absolute, or in percent of expected. The field time is the gap to the event before, in s, ms, us or ns; may be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field_tolerance)]
    pub tolerance: Vec<FieldTolerance>,
    /// A field whose values are lanes: resources that do one thing at a time; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub lane: Vec<String>,
    /// The field that says what kind of event it is
    #[arg(long, value_name = "FIELD")]
    pub kind: Option<String>,
    /// The field that says when
    #[arg(long, value_name = "FIELD")]
    pub time: Option<String>,
    /// The field that names the span an event belongs to
    #[arg(long, value_name = "FIELD")]
    pub span: Option<String>,
    /// The field that names the span that caused an event's span
    #[arg(long, value_name = "FIELD")]
    pub parent: Option<String>,
    /// The field that is the same where a message is sent and where it arrives
    #[arg(long, value_name = "FIELD")]
    pub message: Option<String>,
    /// The field that names the position of the event that caused this one
    #[arg(long, value_name = "FIELD")]
    pub cause: Option<String>,
    /// What a signal of a control loop is, such as speed=measurement: setpoint, measurement, estimate, command, actuator, state, error, period, budget, elapsed, flag or other; may be given several times
    #[arg(long, value_name = "SIGNAL=ROLE", value_parser = signal_role)]
    pub role: Vec<(String, SignalRole)>,
    /// An expected and an actual event that are the same, by their numbers in the answers, such as 5=7; may be given several times
    #[arg(long, value_name = "E=A", value_parser = event_pair)]
    pub same: Vec<(EventIndex, EventIndex)>,
    /// An expected and an actual event that are not the same; may be given several times
    #[arg(long, value_name = "E=A", value_parser = event_pair)]
    pub not_same: Vec<(EventIndex, EventIndex)>,
}

/// `dettrace compare`.
#[derive(Debug, ClapArgs)]
pub struct Compare {
    #[command(flatten)]
    pub inputs: Inputs,
    /// How to tell the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// A further good run, or a folder of them: what varies between good runs is set aside, and causes say how unusual they are. Where windows of requests are compared, a further window: what differs among them counts for less. May be given several times
    #[arg(long, value_name = "PATH")]
    pub baseline: Vec<PathBuf>,
    /// Print the first difference as soon as it is known and end. It is provisional, and so is the exit code: what lies behind it was not read. With --output, go on and write the whole answer there
    #[arg(long)]
    pub first: bool,
    /// Accept an answer on recordings of which something could not be read
    #[arg(long)]
    pub allow_partial: bool,
    /// Write the answer to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub decisions: Decisions,
    /// Save these decisions, and those that the pack has already, so that opening the same recordings again uses them: in the pack's pack.json, or beside recordings that are no folder, in a file named like the last of them with .dettrace.json behind
    #[arg(long, help_heading = "What is compared (otherwise inferred from the recordings)")]
    pub save_spec: bool,
}

/// `dettrace screenshot`.
#[derive(Debug, ClapArgs)]
pub struct Screenshot {
    #[command(flatten)]
    pub inputs: Inputs,
    /// A further baseline, where windows of requests are compared; may be given several times
    #[arg(long, value_name = "PATH")]
    pub baseline: Vec<PathBuf>,
    /// Draw the path as a watched folder: its runs, each with its verdict
    #[arg(long)]
    pub watch: bool,
    /// The PNG file to write
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// The view to draw: events, timeline, order, propagation or waterfall of a pair; services, propagation or waterfall of two windows of
    /// requests; metrics of two tables of them; control, trajectory or what-if of a control loop; when not given, that of a view
    /// file, else the first of these
    #[arg(long, value_name = "VIEW")]
    pub view: Option<AnyView>,
    /// Width and height of the window in points
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1600x1000", value_parser = size)]
    pub size: Vec2,
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Dark)]
    pub theme: Theme,
    /// Pixels for each point, from 0.5 to 4
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0)]
    pub scale: f32,
    /// What is selected: first, cause, symptom, a row such as row:6, or an event such as actual:5@queue:0
    #[arg(long, value_name = "ANCHOR")]
    pub select: Option<Select>,
    /// A command of the window to carry out first, by its short name, such as state or next; may be given again
    #[arg(long = "command", value_name = "NAME", long_help = super::screenshot::commands_help())]
    pub commands: Vec<String>,
}

/// `dettrace slice`.
#[derive(Debug, ClapArgs)]
pub struct Slice {
    #[command(flatten)]
    pub inputs: Inputs,
    /// The folder to write; it must be new or empty
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
    /// The event that the slice is about, such as actual:5@queue:0; when not given, the most likely cause
    #[arg(long, value_name = "ANCHOR")]
    pub around: Option<Anchor>,
    /// The last event of a range that begins at --around
    #[arg(long, value_name = "ANCHOR", requires = "around")]
    pub to: Option<Anchor>,
    /// Replace the values of this field by pseudonyms, which pack.json lists; may be given several times
    #[arg(long, value_name = "FIELD")]
    pub redact: Vec<String>,
}

/// `dettrace report`.
#[derive(Debug, ClapArgs)]
pub struct Report {
    #[command(flatten)]
    pub inputs: Inputs,
    /// The folder to write into; files of the same names are replaced
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
}

/// `dettrace simulate`.
#[derive(Debug, ClapArgs)]
pub struct Simulate {
    /// What to simulate
    #[arg(value_enum, value_name = "SYSTEM")]
    pub system: System,
    /// One of the named scenarios, such as healthy; all when nothing is said
    #[arg(long, value_name = "NAME", value_parser = scenario)]
    pub scenario: Option<Scenario>,
    /// What goes wrong, when: NAME=STRENGTH@FROM-TO in steps; may be given several times
    #[arg(long, value_name = "FAULT", value_parser = Injection::parse)]
    pub fault: Vec<Injection>,
    /// Command for each unit of error
    #[arg(long, default_value_t = 1.4, allow_negative_numbers = true)]
    pub kp: f64,
    /// Command for each unit of error and second
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    pub ki: f64,
    /// Command against each unit of velocity
    #[arg(long, default_value_t = 0.45, allow_negative_numbers = true)]
    pub kd: f64,
    /// The longest command
    #[arg(long, default_value_t = 1.2)]
    pub limit: f64,
    /// The length of a step in seconds
    #[arg(long, default_value_t = 0.1)]
    pub dt: f64,
    /// How many steps
    #[arg(long, default_value_t = 80)]
    pub steps: u32,
    /// The standard deviation of the sensor's noise; both runs have their own
    #[arg(long, default_value_t = 0.0)]
    pub noise: f64,
    /// What the noise begins with
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Significant digits of the numbers in the files; as many as they need when not given
    #[arg(long, value_name = "NUMBER")]
    pub digits: Option<u32>,
    /// Move a parameter from one value to another and say where the loop no longer holds
    #[arg(long, value_name = "NAME=FROM..TO:STEP", value_parser = range)]
    pub sweep: Option<Range>,
    /// The folder to write packs into, one for each scenario; files of the same names are replaced
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// A known system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum System {
    /// A mass that a controller moves along waypoints
    Control,
}

/// `dettrace relate`.
#[derive(Debug, ClapArgs)]
pub struct Relate {
    /// An incident pack or recording
    #[arg(value_name = "ONE")]
    pub one: PathBuf,
    /// The other one
    #[arg(value_name = "OTHER")]
    pub other: PathBuf,
    /// How the answer is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the answer into this file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `dettrace watch`.
#[derive(Debug, ClapArgs)]
pub struct Watch {
    /// The folder, or one recording, to follow; it may come later
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The recording that went right, for what is not paired by its name; when not given, the only one in the folder whose name says that it went right
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,
    /// Only names that this pattern matches, such as *.jsonl; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,
    /// No names that this pattern matches; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// How each run is told
    #[arg(long, value_enum, default_value_t = WatchFormat::Text)]
    pub format: WatchFormat,
    /// End at the first run that diverged or was truncated, with exit code 1
    #[arg(long, value_enum, value_name = "WHAT")]
    pub until: Option<Until>,
    /// End after this time, such as 90s, 10m or 1h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// How long nothing must come before a run that may go on is told as it is; 2s when not given
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub settle: Option<Duration>,
    /// Look only at what comes or changes from now on
    #[arg(long)]
    pub new: bool,
    /// Receive OTLP over HTTP (protobuf or JSON) on this address of this machine, such as 127.0.0.1:4318, and keep it in the folder
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub otlp: Option<SocketAddr>,
    /// How long what arrives belongs to one window of requests; 1m when not given
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "otlp")]
    pub otlp_window: Option<Duration>,
    /// Look at the folder every second instead of being told of changes: for network mounts that are not recognised
    #[arg(long)]
    pub poll: bool,
}

/// How runs are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchFormat {
    /// For a person at a terminal
    Text,
    /// For programs, a line of JSON each; keys are only ever added
    Json,
}

/// What ends watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Until {
    /// The first run that diverged or was truncated
    Diverged,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// Light on dark
    Dark,
    /// Dark on light
    Light,
}

/// How an answer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person at a terminal
    Text,
    /// For other programs; keys are only ever added
    Json,
    /// For a postmortem
    Markdown,
}

/// How much is told on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Nothing
    Off,
    /// What went wrong
    Error,
    /// What may be wrong
    Warn,
    /// What is done
    Info,
    /// How it is done
    Debug,
    /// Everything
    Trace,
}

impl From<Level> for ::log::LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Off => Self::Off,
            Level::Error => Self::Error,
            Level::Warn => Self::Warn,
            Level::Info => Self::Info,
            Level::Debug => Self::Debug,
            Level::Trace => Self::Trace,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn everything_that_can_be_asked_is_explained() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {} has no help", command.get_name(), arg.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Args::command());
    }

    #[test]
    fn paths_open_the_window_and_words_are_commands() {
        let args = Args::try_parse_from(["dettrace", "a", "b"]).unwrap();
        assert_eq!((args.paths.len(), args.command.is_none()), (2, true));
        assert!(Args::try_parse_from(["dettrace", "a", "b", "c"]).is_err());
        let args =
            Args::try_parse_from(["dettrace", "--log", "debug", "compare", "a", "-", "--ignore", "x", "--ignore", "y"])
                .unwrap();
        let Some(Command::Compare(compare)) = args.command else { panic!("compare") };
        assert_eq!(compare.inputs.paths, [PathBuf::from("a"), PathBuf::from("-")]);
        assert_eq!(compare.decisions.ignore, ["x", "y"]);
    }
}
