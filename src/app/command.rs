//! Everything that can happen to the window: what a person does, and what arrives from jobs.

use std::path::PathBuf;
use std::sync::Arc;

use super::control::ControlCommand;
use super::growth::Grown;
use super::keymap::Keymap;
use super::layout::LayoutCommand;
use super::load::{FirstRows, Outcome};
use super::message::{Level, MessageId};
use super::pair::{PairCommand, PairRequest};
use super::region::Region;
use super::requests::RequestsCommand;
use super::settings::Setting;
use super::slicing::SliceCommand;
use super::state::{Ask, Focus, Overlay, Request};
use super::tabs::{TabCommand, TabId};
use super::watching::{News, WatchCommand};
use crate::jobs::Snapshot;
use crate::notes::Notes;
use crate::pack::Overrides;
use crate::report::Form;
use crate::trace::Side;
use crate::view::Sorted;

/// One thing that happens. Commands are carried out in the order they came, once a frame, before drawing.
#[derive(Debug, Clone)]
pub enum Command {
    /// Opens a pack or two files.
    Open(Request),
    /// Opens files that were dropped, given the side under the pointer.
    Drop(Vec<PathBuf>, Option<Side>),
    /// Reads what is open as signals over time where it is open as events, and the other way round, at the same moment.
    ReadOtherwise,
    /// Shows the reference plant with a fault that can be turned: in the loop that is open, or in a tab of its own.
    WhatIf,
    /// Opens a sample that is built in, by its place in [`super::samples::SAMPLES`].
    OpenSample(usize),
    /// Opens what the path field says.
    OpenPathField,
    /// Shows a file dialog.
    Ask(Ask),
    /// Waits no longer for the file dialog.
    CancelAsk,
    /// Reads what is open again; after a failure, tries again.
    Reload,
    /// Goes back to the home page in this tab.
    Home,
    /// Opens, closes, shows or moves tabs.
    Tab(TabCommand),
    /// Stops the load.
    CancelLoad,
    /// Chooses a candidate for a side.
    Choose(Side, usize),
    /// Opens the chosen sides.
    OpenChosen,
    /// Forgets a recent pack.
    Forget(usize),
    /// Changes the text of the path field.
    SetPathField(String),
    /// Shows what lies over the page, or closes it when it is the same.
    Toggle(Overlay),
    /// Changes what was typed into the palette, or which hit is chosen.
    Palette(String, usize),
    /// Closes the innermost thing that is open.
    Escape,
    /// Gives a text field the keyboard.
    Focus(Focus),
    /// The text field that was given the keyboard has it now.
    Focused,
    /// Remembers the first key of a sequence.
    Prefix(Option<egui::Key>),
    /// Changes the settings.
    Set(Setting),
    /// Writes the file of shortcuts if there is none, and says where it is.
    EditKeys,
    /// Reads the file of shortcuts again.
    ReadKeys {
        /// True when a person asked for it and wants an answer.
        asked: bool,
    },
    /// Takes a message off the window.
    Dismiss(MessageId),
    /// Takes all messages off the window.
    DismissAll,
    /// Says no more that files changed.
    DismissChanged,
    /// Puts a text on the clipboard.
    Copy(String),
    /// Copies the raw lines of what is selected.
    CopySelected,
    /// Takes back the last thing that was authored.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Shows the help on a region.
    HelpOn(Region),
    /// Goes to a step of the tour, from 0, or ends it.
    Tour(Option<usize>),
    /// A change of what is said before a slice is exported.
    Slice(SliceCommand),
    /// Copies what is selected in words, or for a program.
    CopyAs(Form),
    /// Exchanges the sides and compares again.
    Swap,
    /// What the view of a pair asks for.
    Request(PairRequest),
    /// A change of the opened pair.
    Pair(PairCommand),
    /// A change of opened windows of requests.
    Requests(RequestsCommand),
    /// A change of an opened control loop.
    Control(ControlCommand),
    /// A change of a watched folder.
    Watch(WatchCommand),
    /// Watches what the path field says.
    WatchPathField,
    /// A change of the panes.
    Layout(LayoutCommand),
    /// Closes the window.
    Quit,
    /// Something arrived from outside: a job, a dialog, the file system, the log.
    Arrived(Arrival),
}

/// What arrives from outside.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// The load of this number tells how far it is.
    Progress(u64, Snapshot),
    /// The load of this number shows its first rows.
    FirstRows(u64, Box<FirstRows>),
    /// The load of this number ended.
    Loaded(u64, Box<Outcome>),
    /// The job of this number found these rows, and looked at so many events in all.
    Found(u64, Vec<u32>, u64),
    /// The job of this number has looked at everything, or says in a sentence why it cannot.
    FindEnded(u64, Result<(), String>),
    /// The job of this number has looked at so many rows to sort them, of all.
    Sorting(u64, (u64, u64)),
    /// The job of this number has sorted the rows, or says in a sentence why it cannot.
    Sorted(u64, Result<Arc<Sorted>, String>),
    /// The file dialog ended: the chosen paths, or a sentence when it could not be shown.
    Picked(Ask, Result<Vec<PathBuf>, String>),
    /// The file of shortcuts was read.
    Keys(KeysFile),
    /// Recordings that are open in this tab changed on disk.
    Changed(TabId, Vec<String>),
    /// A slice or a picture of what is open in this tab was made and written, or not.
    Exported(TabId, Level, String),
    /// What changed in the folder that this tab watches, since it was begun for this number of times.
    Watched(TabId, u64, Box<News>),
    /// What became of the files of this tab's pair, which the load of this number brought.
    Grew(TabId, u64, Box<Grown>),
    /// A warning or error that something logged.
    Said(Level, String),
}

/// The file of shortcuts as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysFile {
    /// Its path.
    pub path: String,
    /// Its text; none where there is no file. Else why it cannot be read, as a sentence.
    pub text: Result<Option<String>, String>,
    /// True when a person asked for it and wants an answer.
    pub asked: bool,
}

impl From<PairCommand> for Command {
    fn from(command: PairCommand) -> Self {
        Self::Pair(command)
    }
}

impl From<RequestsCommand> for Command {
    fn from(command: RequestsCommand) -> Self {
        Self::Requests(command)
    }
}

impl From<ControlCommand> for Command {
    fn from(command: ControlCommand) -> Self {
        Self::Control(command)
    }
}

impl From<WatchCommand> for Command {
    fn from(command: WatchCommand) -> Self {
        Self::Watch(command)
    }
}

impl From<PairRequest> for Command {
    fn from(request: PairRequest) -> Self {
        Self::Request(request)
    }
}

/// What a command asks of the world outside the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Start the load of this number. One that no tab waits for any more is stopped.
    Load(u64, Request),
    /// Open a built-in sample, wherever samples are unpacked.
    OpenSample(usize),
    /// Start the job of this number, that looks for what an opened pair searches for.
    Find(u64),
    /// Start the job of this number, that sorts the table of the opened pair.
    Sort(u64),
    /// Show a file dialog.
    Ask(Ask),
    /// Forget the file dialog.
    CancelAsk,
    /// Put a text on the clipboard.
    Copy(String),
    /// Copy the raw lines of what is selected.
    CopySelected,
    /// Copy what is selected in words, or for a program.
    CopyAs(Form),
    /// Save what is seen in this tab to a view file.
    SaveView(TabId, PathBuf),
    /// Cut a slice around the selected event of this tab into a folder, with these fields redacted. One that no tab waits for
    /// any more is stopped.
    ExportSlice(TabId, PathBuf, Vec<String>),
    /// Draw the graph of this tab into a file. One that no tab waits for any more is stopped.
    ExportPicture(TabId, PathBuf),
    /// Write the curves that are seen in this tab to a file.
    ExportCurves(TabId, PathBuf),
    /// Watch the files of this tab's pair as long as it is open.
    Watch(TabId, Vec<PathBuf>),
    /// Save decisions with the pack that these paths open.
    SaveSpec(Vec<PathBuf>, Box<Overrides>),
    /// Keep bookmarks and notes, with the sides as they are recorded, for the pair that these paths open.
    SaveNotes(Vec<PathBuf>, Box<Notes>),
    /// Write the file of shortcuts with these keys if there is none, and say where it is.
    EditKeys(Arc<Keymap>),
    /// Read the file of shortcuts, if it changed or a person asked for it.
    ReadKeys {
        /// True when a person asked for it.
        asked: bool,
    },
    /// Write settings and session to disk.
    Save,
    /// Ask for a person's attention as the desktop does, where the window is not in front.
    Attention,
    /// Close the window.
    Quit,
}
