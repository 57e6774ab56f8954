//! The one table of commands: menu, palette, shortcuts and help all read it.

#[cfg(test)]
mod tests;

use egui::{Key, Modifiers};

use super::command::Command;
use super::keys::Keys;
use super::pair::{BookmarkCommand, PairCommand, TimelineCommand, View};
use super::state::{Ask, Focus, Overlay, Page, State, ThemeChoice};
use crate::report::Form;
use crate::view::Anchor;

/// Where a command stands in the menu bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Opening and closing.
    File,
    /// What a person authors.
    Edit,
    /// What is seen.
    View,
    /// Where to look.
    Go,
    /// How the sides are compared.
    Compare,
    /// Learning.
    Help,
}

impl Menu {
    /// Every menu, in the order of the bar.
    pub const ALL: [Self; 6] = [Self::File, Self::Edit, Self::View, Self::Go, Self::Compare, Self::Help];

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Go => "Go",
            Self::Compare => "Compare",
            Self::Help => "Help",
        }
    }
}

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A pair on screen.
    Pair,
    /// A pair with two sides.
    TwoSides,
    /// Something that was opened, or failed to.
    Something,
    /// A selected row.
    Row,
    /// A difference.
    Difference,
    /// A symptom.
    Symptom,
    /// A load that runs.
    Load,
    /// The timeline of a pair.
    Timeline,
    /// Something to undo in a pair.
    Undo,
    /// Something to do again in a pair.
    Redo,
}

/// One command as people meet it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its stable name.
    pub id: &'static str,
    /// Its title in menu and palette.
    pub title: &'static str,
    /// What it does, in a sentence, for help and palette.
    pub description: &'static str,
    /// Its keys; the first is shown in the menu.
    pub keys: &'static [Keys],
    /// Its menu.
    pub menu: Menu,
    /// A line is drawn in the menu where the group changes.
    pub group: u8,
    /// What it needs.
    pub needs: Needs,
    /// True when holding the key down repeats it.
    pub repeats: bool,
    /// What it does.
    pub command: fn() -> Command,
}

impl Entry {
    /// Whether it can be used now; else the reason, as a sentence.
    pub fn enabled(&self, state: &State) -> Result<(), &'static str> {
        let pair = state.pair();
        let comparison = pair.map(|pair| &pair.analysis().comparison);
        let no_pair = "Open a pack first.";
        let check = |holds: bool, reason: &'static str| if holds { Ok(()) } else { Err(reason) };
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Pair => check(pair.is_some(), no_pair),
            Needs::TwoSides => {
                let sides = &pair.ok_or(no_pair)?.analysis().sides;
                check(sides.expected.is_some() && sides.actual.is_some(), "This trace has no other side.")
            }
            Needs::Something => {
                let failed = matches!(state.page, Page::Failed(_) | Page::Choose(_));
                check(state.open.is_some() || failed, "Nothing is open.")
            }
            Needs::Row => check(pair.ok_or(no_pair)?.selected_row().is_some(), "Select a row first."),
            Needs::Difference => {
                check(!comparison.ok_or(no_pair)?.rows.differences().is_empty(), "The sides do not differ.")
            }
            Needs::Symptom => check(comparison.ok_or(no_pair)?.first_symptom.is_some(), "No symptom was recorded."),
            Needs::Timeline => check(pair.ok_or(no_pair)?.view() == View::Timeline, "Show the timeline first."),
            Needs::Undo => {
                pair.ok_or(no_pair)?;
                check(state.history.can_go(true), "There is nothing to undo.")
            }
            Needs::Redo => {
                pair.ok_or(no_pair)?;
                check(state.history.can_go(false), "There is nothing to redo.")
            }
            Needs::Load => check(state.loading.is_some(), "Nothing is being loaded."),
        }
    }

    /// The keys as the menu shows them; empty when there are none.
    pub fn shortcut(&self) -> String {
        self.keys.first().map_or_else(String::new, |keys| keys.text())
    }

    /// All keys as the help shows them.
    pub fn all_keys(&self) -> String {
        self.keys.iter().map(|keys| keys.text()).collect::<Vec<_>>().join("  ·  ")
    }

    /// True when it moves within a pair, and so must not act while something lies over it.
    pub const fn is_about_the_pair(&self) -> bool {
        matches!(
            self.needs,
            Needs::Pair
                | Needs::TwoSides
                | Needs::Row
                | Needs::Difference
                | Needs::Symptom
                | Needs::Timeline
                | Needs::Undo
                | Needs::Redo
        )
    }
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;

/// Share of the timeline's width that one press moves by, and how much more or less one press shows.
const PAN: f64 = 0.2;
const ZOOM: f64 = 1.5;

fn bookmark(command: BookmarkCommand) -> Command {
    PairCommand::Bookmark(command).into()
}

fn timeline(command: TimelineCommand) -> Command {
    PairCommand::Timeline(command).into()
}

const fn entry(menu: Menu, group: u8, id: &'static str, title: &'static str, command: fn() -> Command) -> Entry {
    Entry { id, title, description: "", keys: &[], menu, group, needs: Needs::Nothing, repeats: false, command }
}

impl Entry {
    const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    const fn on(mut self, keys: &'static [Keys]) -> Self {
        self.keys = keys;
        self
    }

    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }
}

/// Every command that a person can choose by name or key.
pub const TABLE: &[Entry] = &[
    entry(Menu::File, 0, "open", "Open pack…", || Command::Ask(Ask::Pack))
        .on(&[Keys::with(CTRL, Key::O)])
        .says("Opens an incident pack: a recording, a .zip, or a pack.json."),
    entry(Menu::File, 0, "open-two", "Open two files…", || Command::Ask(Ask::TwoFiles))
        .on(&[Keys::with(CTRL_SHIFT, Key::O)])
        .says("Opens an expected and an actual recording."),
    entry(Menu::File, 0, "open-folder", "Open folder…", || Command::Ask(Ask::Folder))
        .says("Opens a folder that holds the recordings of a pair."),
    entry(Menu::File, 0, "paste-path", "Open by path…", || Command::Toggle(Overlay::PastePath))
        .on(&[Keys::with(CTRL, Key::L)])
        .says("Opens what a typed or pasted path names; needs no file dialog."),
    entry(Menu::File, 1, "reload", "Reload", || Command::Reload)
        .on(&[Keys::key(Key::F5), Keys::with(CTRL, Key::R)])
        .needs(Needs::Something)
        .says("Reads the recordings again and keeps what is selected."),
    entry(Menu::File, 1, "cancel", "Cancel loading", || Command::CancelLoad)
        .needs(Needs::Load)
        .says("Stops reading and comparing; what was on screen comes back."),
    entry(Menu::File, 1, "home", "Close pack", || Command::Home)
        .on(&[Keys::with(CTRL, Key::W)])
        .needs(Needs::Something)
        .says("Goes back to the home page."),
    entry(Menu::File, 2, "copy", "Copy raw lines", || Command::CopySelected)
        .on(&[Keys::with(CTRL, Key::C)])
        .needs(Needs::Row)
        .says("Copies the selected row as it was recorded, with file and line number."),
    entry(Menu::File, 3, "open-view", "Open view…", || Command::Ask(Ask::View))
        .says("Opens a saved view: its pack, selection, timeline and search."),
    entry(Menu::File, 3, "save-view", "Save view…", || Command::Ask(Ask::SaveView))
        .on(&[Keys::with(CTRL, Key::S)])
        .needs(Needs::Pair)
        .says("Saves a small file that opens exactly this view for a colleague."),
    entry(Menu::File, 3, "export-slice", "Export slice…", || Command::Ask(Ask::Slice))
        .needs(Needs::TwoSides)
        .says("Writes the least around the selected event that still compares the same, as a pack of its own."),
    entry(Menu::File, 4, "quit", "Quit", || Command::Quit)
        .on(&[Keys::with(CTRL, Key::Q)])
        .says("Closes the window; what was typed is kept."),
    entry(Menu::Edit, 0, "undo", "Undo last change", || Command::Undo)
        .on(&[Keys::with(CTRL, Key::Z)])
        .needs(Needs::Undo)
        .repeats()
        .says("Takes back the last bookmark, note or decision about a field."),
    entry(Menu::Edit, 0, "redo", "Redo last change", || Command::Redo)
        .on(&[Keys::with(CTRL, Key::Y), Keys::with(CTRL_SHIFT, Key::Z)])
        .needs(Needs::Redo)
        .repeats()
        .says("Does again what was taken back."),
    entry(Menu::Edit, 1, "copy-text", "Copy as text", || Command::CopyAs(Form::Text))
        .needs(Needs::Row)
        .says("Copies what the selected row says, with anchors, files and lines."),
    entry(Menu::Edit, 1, "copy-markdown", "Copy as Markdown", || Command::CopyAs(Form::Markdown))
        .needs(Needs::Row)
        .says("Copies the selected row with its raw lines, for a ticket."),
    entry(Menu::Edit, 1, "copy-json", "Copy as JSON", || Command::CopyAs(Form::Json))
        .needs(Needs::Row)
        .says("Copies the selected row for a program."),
    entry(Menu::Edit, 2, "bookmark", "Bookmark", || bookmark(BookmarkCommand::Toggle))
        .on(&[Keys::key(Key::M)])
        .needs(Needs::Row)
        .says("Bookmarks the selected row, or takes its bookmark away."),
    entry(Menu::Edit, 2, "bookmark-range", "Bookmark up to here", || bookmark(BookmarkCommand::Extend))
        .on(&[Keys::with(SHIFT, Key::M)])
        .needs(Needs::Row)
        .says("Makes the last bookmark a range that reaches to the selected row."),
    entry(Menu::Edit, 2, "note", "Write a note", || bookmark(BookmarkCommand::EditHere))
        .on(&[Keys::with(ALT, Key::M)])
        .needs(Needs::Row)
        .says("Opens the note of the selected row's bookmark, and bookmarks it first if needed."),
    entry(Menu::View, 0, "palette", "Command palette", || {
        Command::Toggle(Overlay::Palette { query: String::new(), selected: 0 })
    })
    .on(&[Keys::with(CTRL, Key::K), Keys::with(CTRL_SHIFT, Key::P)])
    .says("Finds any command by name."),
    entry(Menu::View, 1, "timeline", "Timeline", || PairCommand::Show(View::Timeline).into())
        .on(&[Keys::key(Key::Num1)])
        .needs(Needs::Pair)
        .says("Shows the lanes of both sides along one axis."),
    entry(Menu::View, 1, "events", "Events", || PairCommand::Show(View::Events).into())
        .on(&[Keys::key(Key::Num2)])
        .needs(Needs::Pair)
        .says("Shows the aligned events as a table."),
    entry(Menu::View, 2, "zoom-in", "Zoom in", || timeline(TimelineCommand::Zoom { at: 0.5, by: 1.0 / ZOOM }))
        .on(&[Keys::key(Key::W), Keys::key(Key::Plus), Keys::key(Key::Equals)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Shows less of the axis, in more detail; Ctrl and the wheel do the same at the pointer."),
    entry(Menu::View, 2, "zoom-out", "Zoom out", || timeline(TimelineCommand::Zoom { at: 0.5, by: ZOOM }))
        .on(&[Keys::key(Key::S), Keys::key(Key::Minus)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Shows more of the axis."),
    entry(Menu::View, 2, "pan-left", "Pan left", || timeline(TimelineCommand::Pan(-PAN)))
        .on(&[Keys::key(Key::A)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the timeline to what is earlier."),
    entry(Menu::View, 2, "pan-right", "Pan right", || timeline(TimelineCommand::Pan(PAN)))
        .on(&[Keys::key(Key::D)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the timeline to what is later."),
    entry(Menu::View, 2, "fit", "Fit everything", || timeline(TimelineCommand::Fit))
        .on(&[Keys::key(Key::Num0)])
        .needs(Needs::Timeline)
        .says("Shows the timeline from the first event to the last one."),
    entry(Menu::View, 2, "focus", "Focus the selection", || timeline(TimelineCommand::Focus))
        .on(&[Keys::key(Key::F)])
        .needs(Needs::Timeline)
        .says("Brings the selected event to the middle of the timeline and nearer."),
    entry(Menu::View, 3, "timeline-mode", "Stacked, side by side, overlaid", || timeline(TimelineCommand::NextMode))
        .on(&[Keys::key(Key::V)])
        .needs(Needs::Timeline)
        .says("Goes on to the next way of drawing the two sides of a lane."),
    entry(Menu::View, 3, "timeline-axis", "Time, event index, aligned row", || timeline(TimelineCommand::NextAxis))
        .on(&[Keys::key(Key::X)])
        .needs(Needs::Timeline)
        .says("Puts something else on the timeline's axis."),
    entry(Menu::View, 3, "sync-here", "Sync times at the selection", || PairCommand::SyncHere.into())
        .on(&[Keys::key(Key::Y)])
        .needs(Needs::Timeline)
        .says("Lets the times of both sides meet at the selected row."),
    entry(Menu::View, 3, "sync-start", "Sync times at the start", || timeline(TimelineCommand::Anchor(Anchor::Start)))
        .on(&[Keys::with(SHIFT, Key::Y)])
        .needs(Needs::Timeline)
        .says("Lets the times of both sides meet at their first events."),
    entry(Menu::View, 3, "lanes-differing", "Only lanes that differ", || timeline(TimelineCommand::OnlyDiffering))
        .on(&[Keys::key(Key::L)])
        .needs(Needs::Timeline)
        .says("Shows only lanes on which something differs, or all of them again."),
    entry(Menu::View, 3, "pin-lane", "Pin lane", || PairCommand::PinLane.into())
        .on(&[Keys::key(Key::P)])
        .needs(Needs::Timeline)
        .says("Keeps the lane of the selected event on top, or lets it go."),
    entry(Menu::View, 3, "lane-up", "Move lane up", || PairCommand::MoveLane(-1).into())
        .on(&[Keys::with(CTRL_SHIFT, Key::ArrowUp)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the lane of the selected event up within its group."),
    entry(Menu::View, 3, "lane-down", "Move lane down", || PairCommand::MoveLane(1).into())
        .on(&[Keys::with(CTRL_SHIFT, Key::ArrowDown)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the lane of the selected event down within its group."),
    entry(Menu::View, 4, "folds", "Unfold or fold equal runs", || PairCommand::ToggleAllFolds.into())
        .on(&[Keys::key(Key::E)])
        .needs(Needs::Pair)
        .says("Shows every row, or folds runs of equal events again."),
    entry(Menu::View, 4, "messages", "Messages and warnings", || Command::Toggle(Overlay::Messages))
        .on(&[Keys::with(CTRL, Key::M)])
        .says("Shows what speaks against comparing the sides, what could not be read, and what went wrong."),
    entry(Menu::View, 4, "dismiss", "Dismiss all messages", || Command::DismissAll)
        .says("Takes all messages off the window; the panel keeps them."),
    entry(Menu::View, 5, "theme", "Switch dark and light", || Command::NextTheme)
        .on(&[Keys::with(CTRL_SHIFT, Key::L)])
        .says("Goes from the desktop's theme to dark, to light, and around."),
    entry(Menu::View, 5, "theme-system", "Theme as the desktop", || Command::Theme(ThemeChoice::System))
        .says("Dark or light as the desktop says."),
    entry(Menu::View, 5, "theme-dark", "Dark theme", || Command::Theme(ThemeChoice::Dark))
        .says("Light marks on a dark ground."),
    entry(Menu::View, 5, "theme-light", "Light theme", || Command::Theme(ThemeChoice::Light))
        .says("Dark marks on a light ground."),
    entry(Menu::Go, 0, "next", "Next difference", || PairCommand::NextDifference.into())
        .on(&[Keys::key(Key::N), Keys::key(Key::F7), Keys::with(ALT, Key::ArrowDown)])
        .needs(Needs::Difference)
        .repeats()
        .says("Selects the next row that differs."),
    entry(Menu::Go, 0, "previous", "Previous difference", || PairCommand::PreviousDifference.into())
        .on(&[Keys::with(SHIFT, Key::N), Keys::with(SHIFT, Key::F7), Keys::with(ALT, Key::ArrowUp)])
        .needs(Needs::Difference)
        .repeats()
        .says("Selects the row before that differs."),
    entry(Menu::Go, 0, "first", "First difference", || PairCommand::FirstDifference.into())
        .on(&[Keys::Then(Key::G, Key::D), Keys::with(CTRL, Key::Home)])
        .needs(Needs::Difference)
        .says("Selects the row where both sides first cannot go on together."),
    entry(Menu::Go, 0, "cause", "Most likely cause", || PairCommand::Cause(0).into())
        .on(&[Keys::Then(Key::G, Key::C)])
        .needs(Needs::Difference)
        .says("Selects the row of the first-ranked cause."),
    entry(Menu::Go, 0, "symptom", "First symptom", || PairCommand::FirstSymptom.into())
        .on(&[Keys::Then(Key::G, Key::S)])
        .needs(Needs::Symptom)
        .says("Selects the row that a person would first have noticed from outside."),
    entry(Menu::Go, 1, "down", "Next row", || PairCommand::Step(1).into())
        .on(&[Keys::key(Key::ArrowDown), Keys::key(Key::J)])
        .needs(Needs::Pair)
        .repeats()
        .says("Steps one line down."),
    entry(Menu::Go, 1, "up", "Previous row", || PairCommand::Step(-1).into())
        .on(&[Keys::key(Key::ArrowUp), Keys::key(Key::K)])
        .needs(Needs::Pair)
        .repeats()
        .says("Steps one line up."),
    entry(Menu::Go, 1, "page-down", "Page down", || PairCommand::Page(1).into())
        .on(&[Keys::key(Key::PageDown)])
        .needs(Needs::Pair)
        .repeats()
        .says("Steps a screen down."),
    entry(Menu::Go, 1, "page-up", "Page up", || PairCommand::Page(-1).into())
        .on(&[Keys::key(Key::PageUp)])
        .needs(Needs::Pair)
        .repeats()
        .says("Steps a screen up."),
    entry(Menu::Go, 1, "top", "First row", || PairCommand::Home.into())
        .on(&[Keys::key(Key::Home)])
        .needs(Needs::Pair)
        .says("Selects the first row."),
    entry(Menu::Go, 1, "bottom", "Last row", || PairCommand::End.into())
        .on(&[Keys::key(Key::End)])
        .needs(Needs::Pair)
        .says("Selects the last row."),
    entry(Menu::Go, 2, "before", "What happened before", || PairCommand::Predecessor.into())
        .on(&[Keys::key(Key::OpenBracket)])
        .needs(Needs::Row)
        .repeats()
        .says("Selects the nearest event that had to happen before this one."),
    entry(Menu::Go, 2, "after", "What happened after", || PairCommand::Successor.into())
        .on(&[Keys::key(Key::CloseBracket)])
        .needs(Needs::Row)
        .repeats()
        .says("Selects the nearest event that had to happen after this one."),
    entry(Menu::Go, 2, "other-side", "Other side", || PairCommand::OtherSide.into())
        .on(&[Keys::key(Key::Tab)])
        .needs(Needs::TwoSides)
        .says("Looks from the other side of the selected row."),
    entry(Menu::Go, 3, "back", "Back", || PairCommand::Back.into())
        .on(&[Keys::with(ALT, Key::ArrowLeft)])
        .needs(Needs::Pair)
        .repeats()
        .says("Goes back to the view, row and range of the timeline before."),
    entry(Menu::Go, 3, "forward", "Forward", || PairCommand::Forward.into())
        .on(&[Keys::with(ALT, Key::ArrowRight)])
        .needs(Needs::Pair)
        .repeats()
        .says("Goes forward again."),
    entry(Menu::Go, 3, "bookmarks", "Bookmarks", || bookmark(BookmarkCommand::List))
        .on(&[Keys::key(Key::Quote)])
        .needs(Needs::Pair)
        .says("Shows all bookmarks with their notes."),
    entry(Menu::Go, 4, "search", "Search…", || Command::Focus(Focus::Search))
        .on(&[Keys::key(Key::Slash), Keys::with(CTRL, Key::F)])
        .needs(Needs::Pair)
        .says("Searches both sides for a text."),
    entry(Menu::Go, 4, "next-found", "Next match", || PairCommand::NextFound.into())
        .on(&[Keys::key(Key::F3), Keys::with(CTRL, Key::G)])
        .needs(Needs::Pair)
        .repeats()
        .says("Selects the next row that was found; Enter in the search field does the same."),
    entry(Menu::Go, 4, "previous-found", "Previous match", || PairCommand::PreviousFound.into())
        .on(&[Keys::with(SHIFT, Key::F3), Keys::with(CTRL_SHIFT, Key::G)])
        .needs(Needs::Pair)
        .repeats()
        .says("Selects the row found before; Shift+Enter in the search field does the same."),
    entry(Menu::Compare, 0, "causes", "Ranked causes", || PairCommand::ToggleCauses.into())
        .on(&[Keys::key(Key::C)])
        .needs(Needs::Pair)
        .says("Shows every cause with its reason and how sure it is."),
    entry(Menu::Compare, 0, "spec", "What is compared", || PairCommand::ToggleSpec.into())
        .on(&[Keys::key(Key::F8)])
        .needs(Needs::Pair)
        .says("Shows which fields are compared, ignored or renamed, and why."),
    entry(Menu::Compare, 1, "swap", "Swap sides", || Command::Swap)
        .on(&[Keys::with(ALT, Key::Backslash)])
        .needs(Needs::TwoSides)
        .says("Makes expected actual and actual expected, and compares again."),
    entry(Menu::Help, 0, "help", "Keys and commands", || Command::Toggle(Overlay::Help))
        .on(&[Keys::key(Key::Questionmark), Keys::key(Key::F1)])
        .says("Shows every command with its keys."),
    entry(Menu::Help, 0, "escape", "Close or deselect", || Command::Escape)
        .on(&[Keys::key(Key::Escape)])
        .says("Closes the innermost thing that is open."),
    entry(Menu::Help, 1, "about", "About DetTrace", || Command::Toggle(Overlay::About))
        .says("Version, licence, and where settings are kept."),
];

/// The command with this name.
pub fn by_id(id: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.id == id)
}
