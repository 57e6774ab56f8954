//! The arguments, and the help that a person learns them from.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use egui::Vec2;

use super::values::{FieldTolerance, Range, event_pair, field_tolerance, range, scenario, signal_role, size};
use super::version::VERSION;
use crate::control::plant::{Injection, Scenario};
use crate::offscreen::screenshot::{AnyView, Select};
use crate::report::Anchor;
use crate::trace::{EventIndex, SignalRole};

const ABOUT: &str = "A divergence explorer: where two recordings of the same work part, why, and what it broke";

const LONG_ABOUT: &str = "\
A divergence explorer: where two recordings of the same work part, why, and what it broke.

One recording went right (expected), one went wrong (actual). DetTrace lines them up event by event, sets noise and \
legal reorderings aside, and names the first difference, the most likely cause and the first symptom.

An incident pack is a folder, a .zip or one file that holds both recordings. DetTrace tells them apart by a pack.json, \
by words in their names such as expected, baseline, good, pass and actual, candidate, degraded, failing, or by your \
--expected and --actual. Recordings are JSON events: one a line, an array, or a document that holds an array; .gz and \
.zst of these too; Chrome traces are such arrays. One request's traces and logs (OTLP JSON or protobuf, Jaeger or Zipkin \
JSON) are a recording as well; of many requests, with metrics, whole windows are compared: a baseline and a failing one, \
each a file or a folder; of metrics in a CSV table with a call graph beside it too. Everything stays on this machine.";

const EXAMPLES: &str = "\
Examples:
  dettrace                                   open the window
  dettrace incident.zip                      open the window on an incident pack
  dettrace expected.jsonl actual.jsonl       open the window on two recordings
  dettrace compare expected.jsonl actual.jsonl
                                             the same answer as text, for a terminal or CI
  dettrace screenshot incident.zip -o incident.png
                                             a picture of the window; needs no display

Each command has its own help: dettrace compare --help.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  dettrace compare good.jsonl bad.jsonl
  dettrace compare incident.zip --format markdown --output postmortem.md
  dettrace compare runs/ --expected run-17.jsonl --actual run-18.jsonl
  dettrace compare good.jsonl bad.jsonl --ignore host --tolerance latency_ms=5% --tolerance time=20ms
  dettrace compare incident/ --ignore host --save-spec
                                             the same, and next time without saying so
  dettrace compare good.jsonl bad.jsonl --same 5=7 --not-same 6=6
                                             expected's event 5 is actual's 7, and the two at 6 are two events
  zcat bad.jsonl.gz | dettrace compare good.jsonl - --format json
  dettrace compare otlp/yesterday/ otlp/incident/
                                             many requests against many: the services that broke, ranked
  dettrace compare metrics/healthy/ metrics/incident/
                                             the same from CSV tables: metrics.csv, and graph.csv (who calls whom)
  dettrace compare healthy.jsonl delayed.csv
                                             sampled runs of a control loop: when they part, and by which fault
  dettrace compare otlp/ --baseline otlp/last-week/
                                             a pack of both windows, and a further baseline

Exit codes:
  0  identical or equivalent
  1  diverged or truncated
  2  trouble: something cannot be read, was read in part (unless --allow-partial), cannot be compared, or the sides are
     not clear; a wrong argument

A field is named by its dotted path, such as metadata.pin. What was compared, ignored and renamed is part of every answer.";

const SCREENSHOT_EXAMPLES: &str = "\
Examples:
  dettrace screenshot incident.zip -o incident.png
  dettrace screenshot expected.jsonl actual.jsonl -o race.png --theme light --scale 2 --select actual:5@queue:0";

const SLICE_EXAMPLES: &str = "\
Examples:
  dettrace slice incident.zip -o small
  dettrace slice good.jsonl bad.jsonl -o small --around actual:5012 --redact user.name --redact host

Exit codes:
  0  the slice compares the same: verdict, first difference and most likely cause
  2  trouble, or it was written and compares otherwise, as is said

Only the named fields are redacted, and the same value gets the same pseudonym everywhere: look at the files before you \
send them.";

const REPORT_EXAMPLES: &str = "\
Examples:
  dettrace report incident.zip -o postmortem

Files: report.md, divergence_report.json, and where the recordings tell of services, tasks or lanes that call each other \
reports/distributed_incident_report.json and propagation_prediction.json; of a control loop \
reports/control_loop_diagnostics_summary.json, for a folder with a baseline and several runs one scenario each.";

const SIMULATE_EXAMPLES: &str = "\
Examples:
  dettrace simulate control                  the four named scenarios and their numbers
  dettrace simulate control --scenario delayed_sensor -o packs
  dettrace simulate control --fault delay=3@20-40 --fault bias=0.1@50- --noise 0.01 --seed 7 -o packs
  dettrace simulate control --sweep delay=0..8:1
                                             at which lateness of the sensor the loop no longer holds

Faults: delay=STEPS, dropout, bias=DISTANCE, noise=DEVIATION, stale=SHARE, saturation=LIMIT, lag=SECONDS, deadzone=WIDTH, \
jitter=SECONDS, missed=SECONDS, overrun=MILLISECONDS, push=ACCELERATION, shift=DISTANCE, each with @STEP, @FROM-TO or @FROM-.

Parameters to sweep: kp, ki, kd, limit, dt, delay, lag, stale, deadzone.";

const RELATE_EXAMPLES: &str = "\
Examples:
  dettrace relate monday.zip tuesday.zip
  dettrace relate monday/ tuesday/ --format json

Exit codes:
  0  the same cause and the same family
  1  not the same
  2  trouble, or one of them says nothing about its cause";

/// What was typed.
#[derive(Debug, Parser)]
#[command(name = "dettrace", version = VERSION, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
#[command(override_usage = "dettrace [OPTIONS] [PATH]...\n       dettrace [OPTIONS] <COMMAND>", max_term_width = 100)]
pub struct Args {
    /// An incident pack (folder, .zip or file), or the expected and the actual recording, or a saved view; opens the window
    #[arg(value_name = "PATH", num_args = 0..=2)]
    pub paths: Vec<PathBuf>,
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
    /// An incident pack, or the expected and the actual recording: each a file, a folder, a .zip, or - for standard input
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    pub paths: Vec<PathBuf>,
    /// The recording that went right, where the sides are not clear: a name inside the pack, or NAME#TRACE inside a file
    #[arg(long, value_name = "NAME")]
    pub expected: Option<String>,
    /// The recording in question, named in the same way
    #[arg(long, value_name = "NAME")]
    pub actual: Option<String>,
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
    /// A further baseline, where windows of requests are compared: what differs among baselines counts for less; may be given several times
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
    /// The PNG file to write
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// The view to draw: timeline, events, order or propagation of a pair, services, propagation or waterfall of two windows of
    /// requests, control, trajectory or what-if of a control loop; when not given, that of a view file, else events, services or control
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
    #[arg(long = "command", value_name = "NAME")]
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
