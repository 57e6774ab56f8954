//! The commands themselves, menu by menu.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::graph::Look;
use crate::app::keys::Keys;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::pair::{
    BookmarkCommand, ColumnCommand, PairCommand, PairRequest, Preset, SyncCommand, TimelineCommand, View,
};
use crate::app::settings::Setting;
use crate::app::slicing::SliceCommand;
use crate::app::state::{Ask, Focus, Overlay, ThemeChoice};
use crate::report::Form;

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

fn look(look: Look) -> Command {
    PairCommand::Look(look).into()
}

fn timeline(command: TimelineCommand) -> Command {
    PairCommand::Timeline(command).into()
}

fn sync(command: SyncCommand) -> Command {
    PairCommand::Sync(command).into()
}

/// The commands of every menu but that of the window, up to those of lanes.
pub const ENTRIES: &[Entry] = &[
    entry(Menu::File, 0, "open", "Open pack…", || Command::Ask(Ask::Pack))
        .on(&[Keys::with(CTRL, Key::O)])
        .says("Opens an incident pack: a recording, a .zip, or a pack.json."),
    entry(Menu::File, 0, "open-two", "Open two files…", || Command::Ask(Ask::TwoFiles))
        .on(&[Keys::with(CTRL_SHIFT, Key::O)])
        .says("Opens an expected and an actual recording."),
    entry(Menu::File, 0, "open-folder", "Open folder…", || Command::Ask(Ask::Folder))
        .says("Opens a folder that holds the recordings of a pair."),
    entry(Menu::File, 0, "watch-folder", "Watch a folder…", || Command::Ask(Ask::Watch))
        .on(&[Keys::with(CTRL_SHIFT, Key::D)])
        .says("Follows a folder while runs are written into it, and lists each with its verdict."),
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
    entry(Menu::File, 1, "home", "Home page", || Command::Home)
        .needs(Needs::Something)
        .says("Goes back to the home page in this tab."),
    entry(Menu::File, 2, "copy", "Copy raw lines", || Command::CopySelected)
        .on(&[Keys::with(CTRL, Key::C)])
        .needs(Needs::Selected)
        .says("Copies the selected rows or samples as they were recorded, with file and line; a service or a span as text."),
    entry(Menu::File, 3, "open-view", "Open view…", || Command::Ask(Ask::View))
        .says("Opens a saved view: its pack, with what was selected, in sight and searched for."),
    entry(Menu::File, 3, "save-view", "Save view…", || Command::Ask(Ask::SaveView))
        .on(&[Keys::with(CTRL, Key::S)])
        .needs(Needs::Views)
        .says("Saves a small file that opens exactly this view for a colleague."),
    entry(Menu::File, 3, "export-slice", "Export slice…", || Command::Slice(SliceCommand::Open))
        .on(&[Keys::with(CTRL_SHIFT, Key::S)])
        .needs(Needs::TwoSides)
        .says("Writes the least around the selected event that still compares the same, redacted where wanted, as a pack."),
    entry(Menu::File, 3, "export-graph", "Export picture of the graph…", || Command::Ask(Ask::Picture))
        .on(&[Keys::with(CTRL_SHIFT, Key::E)])
        .needs(Needs::Graph)
        .says("Draws the propagation as it is shown, with a key, into a .png or .svg file."),
    entry(Menu::File, 4, "quit", "Quit", || Command::Quit)
        .on(&[Keys::with(CTRL, Key::Q)])
        .says("Closes the window; what was typed is kept."),
    entry(Menu::Edit, 0, "undo", "Undo last change", || Command::Undo)
        .on(&[Keys::with(CTRL, Key::Z)])
        .needs(Needs::Undo)
        .repeats()
        .says("Takes back the last bookmark, note, sync point, breakpoint or decision about a field or a pair of events."),
    entry(Menu::Edit, 0, "redo", "Redo last change", || Command::Redo)
        .on(&[Keys::with(CTRL, Key::Y), Keys::with(CTRL_SHIFT, Key::Z)])
        .needs(Needs::Redo)
        .repeats()
        .says("Does again what was taken back."),
    entry(Menu::Edit, 1, "extend-down", "Select one more below", || PairCommand::Extend(1).into())
        .on(&[Keys::with(SHIFT, Key::ArrowDown)])
        .needs(Needs::Row)
        .repeats()
        .says("Selects the next row with the selected ones: they are copied, bookmarked and exported together."),
    entry(Menu::Edit, 1, "extend-up", "Select one more above", || PairCommand::Extend(-1).into())
        .on(&[Keys::with(SHIFT, Key::ArrowUp)])
        .needs(Needs::Row)
        .repeats()
        .says("Selects the row before with the selected ones; Shift and a click select everything up to a row."),
    entry(Menu::Edit, 1, "copy-text", "Copy as text", || Command::CopyAs(Form::Text))
        .needs(Needs::Selected)
        .says("Copies what is selected in words: rows with anchors, files and lines, a service, a span, a moment."),
    entry(Menu::Edit, 1, "copy-markdown", "Copy as Markdown", || Command::CopyAs(Form::Markdown))
        .needs(Needs::Selected)
        .says("Copies what is selected for a ticket: rows with their raw lines, all else as a table."),
    entry(Menu::Edit, 1, "copy-json", "Copy as JSON", || Command::CopyAs(Form::Json))
        .needs(Needs::Selected)
        .says("Copies what is selected for a program."),
    entry(Menu::Edit, 2, "bookmark", "Bookmark", || bookmark(BookmarkCommand::Toggle))
        .on(&[Keys::key(Key::M)])
        .needs(Needs::Row)
        .says("Bookmarks the selected rows, or takes their bookmark away."),
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
    .says("Finds any command, lane, event, cause, bookmark or recent pack by name."),
    entry(Menu::View, 1, "timeline", "Timeline", || PairCommand::Show(View::Timeline).into())
        .on(&[Keys::key(Key::Num1)])
        .needs(Needs::Pair)
        .says("Shows the lanes of both sides along one axis."),
    entry(Menu::View, 1, "events", "Events", || PairCommand::Show(View::Events).into())
        .on(&[Keys::key(Key::Num2)])
        .needs(Needs::Pair)
        .says("Shows the aligned events as a table."),
    entry(Menu::View, 1, "order", "Order", || PairCommand::Show(View::Order).into())
        .on(&[Keys::key(Key::Num3)])
        .needs(Needs::Pair)
        .says("Shows what happened before what around the selected event, on both sides."),
    entry(Menu::View, 1, "propagation", "Propagation", || PairCommand::Show(View::Propagation).into())
        .on(&[Keys::key(Key::Num4)])
        .needs(Needs::Rows)
        .says("Shows who calls whom, where it broke first, and how far the trouble had spread at the selected event."),
    entry(Menu::View, 1, "waterfall", "Waterfall", || PairCommand::Show(View::Waterfall).into())
        .on(&[Keys::key(Key::Num5)])
        .needs(Needs::Spans)
        .says("Shows the spans of both sides along one axis, those of one request each, with the critical path of both."),
    entry(Menu::View, 2, "zoom-in", "Zoom in", || look(Look::Zoom(1.0 / ZOOM)))
        .on(&[Keys::key(Key::W), Keys::key(Key::Plus), Keys::key(Key::Equals)])
        .needs(Needs::Axis)
        .repeats()
        .says("Shows less of the axis or graph, in more detail; Ctrl and the wheel do the same at the pointer."),
    entry(Menu::View, 2, "zoom-out", "Zoom out", || look(Look::Zoom(ZOOM)))
        .on(&[Keys::key(Key::S), Keys::key(Key::Minus)])
        .needs(Needs::Axis)
        .repeats()
        .says("Shows more of the axis or graph."),
    entry(Menu::View, 2, "pan-left", "Pan left", || look(Look::Pan([-PAN, 0.0])))
        .on(&[Keys::key(Key::A)])
        .needs(Needs::Axis)
        .repeats()
        .says("Moves to what is earlier on the axis, or further left in the graph."),
    entry(Menu::View, 2, "pan-right", "Pan right", || look(Look::Pan([PAN, 0.0])))
        .on(&[Keys::key(Key::D)])
        .needs(Needs::Axis)
        .repeats()
        .says("Moves to what is later on the axis, or further right in the graph."),
    entry(Menu::View, 2, "pan-up", "Pan up", || look(Look::Pan([0.0, -PAN])))
        .on(&[Keys::with(SHIFT, Key::W)])
        .needs(Needs::Axis)
        .repeats()
        .says("Moves to what is further up, and selects nothing."),
    entry(Menu::View, 2, "pan-down", "Pan down", || look(Look::Pan([0.0, PAN])))
        .on(&[Keys::with(SHIFT, Key::S)])
        .needs(Needs::Axis)
        .repeats()
        .says("Moves to what is further down, and selects nothing."),
    entry(Menu::View, 2, "fit", "Fit everything", || look(Look::Fit))
        .on(&[Keys::key(Key::Num0)])
        .needs(Needs::Axis)
        .says("Shows the whole axis, from the first event to the last one, or the whole graph."),
    entry(Menu::View, 2, "focus", "Focus the selection", || look(Look::Focus))
        .on(&[Keys::key(Key::F)])
        .needs(Needs::Axis)
        .says("Brings what is selected to the middle of the timeline, the waterfall or the graph, and nearer."),
    entry(Menu::View, 3, "timeline-mode", "Stacked, side by side, overlaid", || timeline(TimelineCommand::NextMode))
        .on(&[Keys::key(Key::V)])
        .needs(Needs::Timeline)
        .says("Goes on to the next way of drawing the two sides of a lane."),
    entry(Menu::View, 3, "timeline-axis", "Time, event index, aligned row", || timeline(TimelineCommand::NextAxis))
        .on(&[Keys::key(Key::X)])
        .needs(Needs::Timeline)
        .says("Puts something else on the timeline's axis."),
    entry(Menu::View, 3, "sync-here", "Sync point here", || sync(SyncCommand::Here))
        .on(&[Keys::key(Key::Y)])
        .needs(Needs::Timeline)
        .says("Lets times meet at the selected row, or no longer; between two such points actual's time is stretched."),
    entry(Menu::View, 3, "sync-only", "Sync point only here", || sync(SyncCommand::OnlyHere))
        .on(&[Keys::with(ALT, Key::Y)])
        .needs(Needs::Timeline)
        .says("Lets times meet at the selected row, and at no other."),
    entry(Menu::View, 3, "sync-first", "Sync at the first difference", || sync(SyncCommand::FirstDifference))
        .needs(Needs::Timeline)
        .says("Lets times meet where both sides first cannot go on together, and nowhere else."),
    entry(Menu::View, 3, "sync-start", "Sync at the start", || sync(SyncCommand::Start))
        .on(&[Keys::with(SHIFT, Key::Y)])
        .needs(Needs::Timeline)
        .says("Lets times meet at the first events, and takes all sync points away."),
    entry(Menu::View, 3, "sync-recorded", "Times as recorded", || sync(SyncCommand::Recorded))
        .needs(Needs::Timeline)
        .says("Draws times as they were recorded, and takes all sync points away."),
    entry(Menu::View, 4, "folds", "Unfold or fold equal runs", || PairCommand::ToggleAllFolds.into())
        .on(&[Keys::key(Key::E)])
        .needs(Needs::Pair)
        .says("Shows every row, or folds runs of equal events again."),
    entry(Menu::View, 4, "bursts", "Fold or unfold bursts", || PairCommand::ToggleBursts.into())
        .on(&[Keys::key(Key::U)])
        .needs(Needs::Pair)
        .says("Makes each burst of many missing or extra events one line, or shows its rows again."),
    entry(Menu::View, 4, "columns", "Columns…", || PairCommand::Column(ColumnCommand::Choose).into())
        .on(&[Keys::with(SHIFT, Key::C)])
        .needs(Needs::Events)
        .says("Shows the list of fields that can be columns of their own: which, in which order, how wide."),
    entry(Menu::View, 4, "sort-next", "Sort by the next column", || PairCommand::SortByNext.into())
        .on(&[Keys::key(Key::Z)])
        .needs(Needs::Events)
        .repeats()
        .says("Sorts whole rows by the columns in turn; behind the last one they are in recorded order again."),
    entry(Menu::View, 4, "sort-other-way", "Sort the other way", || PairCommand::SortOtherWay.into())
        .on(&[Keys::with(ALT, Key::Z)])
        .needs(Needs::Sorted)
        .says("Turns the order of the sorted rows round."),
    entry(Menu::View, 4, "recorded-order", "Recorded order", || PairCommand::RecordedOrder.into())
        .on(&[Keys::with(SHIFT, Key::Z)])
        .needs(Needs::Sorted)
        .says("Puts the sorted rows back into the order in which they were recorded, with their folds."),
    entry(Menu::View, 4, "messages", "Messages and warnings", || Command::Toggle(Overlay::Messages))
        .on(&[Keys::with(CTRL, Key::M)])
        .says("Shows what speaks against comparing the sides, what could not be read, and what went wrong."),
    entry(Menu::View, 4, "dismiss", "Dismiss all messages", || Command::DismissAll)
        .says("Takes all messages off the window; the panel keeps them."),
    entry(Menu::View, 5, "theme", "Switch dark and light", || Command::Set(Setting::NextTheme))
        .on(&[Keys::with(CTRL_SHIFT, Key::L)])
        .says("Goes from the desktop's theme to dark, to light, and around."),
    entry(Menu::View, 5, "theme-system", "Theme as the desktop", || Command::Set(Setting::Theme(ThemeChoice::System)))
        .says("Dark or light as the desktop says."),
    entry(Menu::View, 5, "theme-dark", "Dark theme", || Command::Set(Setting::Theme(ThemeChoice::Dark)))
        .says("Light marks on a dark ground."),
    entry(Menu::View, 5, "theme-light", "Light theme", || Command::Set(Setting::Theme(ThemeChoice::Light)))
        .says("Dark marks on a light ground."),
    entry(Menu::View, 5, "high-contrast", "High contrast", || Command::Set(Setting::HighContrast))
        .says("Switches to white on black or black on white with borders that are seen, and back."),
    entry(Menu::View, 6, "text-larger", "Larger text", || Command::Set(Setting::Larger))
        .on(&[Keys::with(CTRL, Key::Plus), Keys::with(CTRL, Key::Equals)])
        .repeats()
        .says("Makes text and everything else larger, up to 175 %."),
    entry(Menu::View, 6, "text-smaller", "Smaller text", || Command::Set(Setting::Smaller))
        .on(&[Keys::with(CTRL, Key::Minus)])
        .repeats()
        .says("Makes text and everything else smaller, down to 90 %."),
    entry(Menu::View, 6, "text-usual", "Usual text size", || Command::Set(Setting::UsualSize))
        .on(&[Keys::with(CTRL, Key::Num0)])
        .says("Makes text as large as it was drawn."),
    entry(Menu::View, 6, "reduced-motion", "Reduced motion", || Command::Set(Setting::ReducedMotion))
        .says("Plays in one picture a second instead of ten, or as before again."),
    entry(Menu::View, 6, "settings", "Settings…", || Command::Toggle(Overlay::Settings))
        .says("Shows theme, contrast, size of text, motion and where the keys are."),
    entry(Menu::Go, 0, "next", "Next difference", || PairCommand::NextDifference.into())
        .on(&[Keys::key(Key::N), Keys::key(Key::F7), Keys::with(ALT, Key::ArrowDown)])
        .needs(Needs::Evidence)
        .repeats()
        .says("Selects the next row that differs; in windows of requests, shows the next piece of evidence."),
    entry(Menu::Go, 0, "previous", "Previous difference", || PairCommand::PreviousDifference.into())
        .on(&[Keys::with(SHIFT, Key::N), Keys::with(SHIFT, Key::F7), Keys::with(ALT, Key::ArrowUp)])
        .needs(Needs::Evidence)
        .repeats()
        .says("Selects the row before that differs, or the evidence before."),
    entry(Menu::Go, 0, "first", "First difference", || PairCommand::FirstDifference.into())
        .on(&[Keys::Then(Key::G, Key::D), Keys::with(CTRL, Key::Home)])
        .needs(Needs::Difference)
        .says("Selects the row where both sides first cannot go on together."),
    entry(Menu::Go, 0, "cause", "Most likely cause", || PairCommand::Cause(0).into())
        .on(&[Keys::Then(Key::G, Key::C)])
        .needs(Needs::Evidence)
        .says("Selects the row of the first-ranked cause, in a request that shows it where many are compared."),
    entry(Menu::Go, 0, "symptom", "First symptom", || PairCommand::FirstSymptom.into())
        .on(&[Keys::Then(Key::G, Key::S)])
        .needs(Needs::Symptom)
        .says("Selects the row that a person would first have noticed from outside."),
    entry(Menu::Go, 1, "down", "Next row", || PairCommand::Step(1).into())
        .on(&[Keys::key(Key::ArrowDown), Keys::key(Key::J)])
        .needs(Needs::Rows)
        .repeats()
        .says("Steps one line down."),
    entry(Menu::Go, 1, "up", "Previous row", || PairCommand::Step(-1).into())
        .on(&[Keys::key(Key::ArrowUp), Keys::key(Key::K)])
        .needs(Needs::Rows)
        .repeats()
        .says("Steps one line up."),
    entry(Menu::Go, 1, "page-down", "Page down", || PairCommand::Page(1).into())
        .on(&[Keys::key(Key::PageDown)])
        .needs(Needs::Rows)
        .repeats()
        .says("Steps a screen down."),
    entry(Menu::Go, 1, "page-up", "Page up", || PairCommand::Page(-1).into())
        .on(&[Keys::key(Key::PageUp)])
        .needs(Needs::Rows)
        .repeats()
        .says("Steps a screen up."),
    entry(Menu::Go, 1, "top", "First row", || PairCommand::Home.into())
        .on(&[Keys::key(Key::Home)])
        .needs(Needs::Rows)
        .says("Selects the first row."),
    entry(Menu::Go, 1, "bottom", "Last row", || PairCommand::End.into())
        .on(&[Keys::key(Key::End)])
        .needs(Needs::Rows)
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
        .needs(Needs::Views)
        .repeats()
        .says("Goes back to the view, the selection and the part of the axis before."),
    entry(Menu::Go, 3, "forward", "Forward", || PairCommand::Forward.into())
        .on(&[Keys::with(ALT, Key::ArrowRight)])
        .needs(Needs::Views)
        .repeats()
        .says("Goes forward again."),
    entry(Menu::Go, 3, "bookmarks", "Bookmarks", || Command::Layout(LayoutCommand::Toggle(Pane::Bookmarks)))
        .on(&[Keys::key(Key::Quote)])
        .needs(Needs::Pair)
        .says("Shows all bookmarks with their notes."),
    entry(Menu::Go, 4, "search", "Search…", || Command::Focus(Focus::Search))
        .on(&[Keys::key(Key::Slash), Keys::with(CTRL, Key::F)])
        .needs(Needs::Search)
        .says("Searches both sides: words, field:value, ranges, expressions; the help has the language."),
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
    entry(Menu::Go, 4, "filter", "Make the search a filter", || PairCommand::MakeFilter.into())
        .on(&[Keys::with(CTRL, Key::Enter)])
        .needs(Needs::Pair)
        .says("Shows only the rows found, with some around each; all others fold."),
    entry(Menu::Go, 4, "no-filters", "Remove all filters", || PairCommand::ClearFilters.into())
        .on(&[Keys::with(SHIFT, Key::E)])
        .needs(Needs::Pair)
        .says("Shows again what the filters hide."),
    entry(Menu::Go, 4, "more-context", "More rows around", || PairCommand::Context { more: true }.into())
        .on(&[Keys::with(ALT, Key::Equals)])
        .needs(Needs::Pair)
        .says("Shows more equal rows around each difference, or other rows around each that a filter shows."),
    entry(Menu::Go, 4, "less-context", "Fewer rows around", || PairCommand::Context { more: false }.into())
        .on(&[Keys::with(ALT, Key::Minus)])
        .needs(Needs::Pair)
        .says("Shows fewer rows around, down to none."),
    entry(Menu::Step, 0, "step", "Step forward", || PairCommand::StepRows(1).into())
        .on(&[Keys::key(Key::F10), Keys::with(CTRL, Key::ArrowRight)])
        .needs(Needs::Row)
        .repeats()
        .says("Steps one row on, both sides in lock step, into folds too."),
    entry(Menu::Step, 0, "step-back", "Step back", || PairCommand::StepRows(-1).into())
        .on(&[Keys::with(SHIFT, Key::F10), Keys::with(CTRL, Key::ArrowLeft)])
        .needs(Needs::Row)
        .repeats()
        .says("Steps one row back."),
    entry(Menu::Step, 0, "step-lane", "Next on this lane", || PairCommand::StepOnLane(true).into())
        .on(&[Keys::key(Key::Period), Keys::key(Key::ArrowRight)])
        .needs(Needs::Row)
        .repeats()
        .says("Steps to the next row that touches the selected event's home lane."),
    entry(Menu::Step, 0, "step-lane-back", "Previous on this lane", || PairCommand::StepOnLane(false).into())
        .on(&[Keys::key(Key::Comma), Keys::key(Key::ArrowLeft)])
        .needs(Needs::Row)
        .repeats()
        .says("Steps to the row before that touches the selected event's home lane."),
    entry(Menu::Step, 1, "play", "Play or pause", || PairCommand::TogglePlay.into())
        .on(&[Keys::key(Key::Space)])
        .needs(Needs::Row)
        .says("Steps on by itself at the chosen speed; stops at breakpoints and at the end."),
    entry(Menu::Step, 1, "faster", "Play faster", || PairCommand::Speed(1).into())
        .on(&[Keys::with(CTRL, Key::Period)])
        .needs(Needs::Row)
        .says("Plays more rows a second."),
    entry(Menu::Step, 1, "slower", "Play slower", || PairCommand::Speed(-1).into())
        .on(&[Keys::with(CTRL, Key::Comma)])
        .needs(Needs::Row)
        .says("Plays fewer rows a second."),
    entry(Menu::Step, 2, "run", "Run to next breakpoint", || PairCommand::RunToBreakpoint.into())
        .on(&[Keys::key(Key::R), Keys::with(SHIFT, Key::F9)])
        .needs(Needs::Breakpoint)
        .repeats()
        .says("Goes to the next row where a breakpoint stops."),
    entry(Menu::Step, 2, "breakpoint", "Toggle breakpoint", || PairCommand::ToggleBreakpoint.into())
        .on(&[Keys::key(Key::B), Keys::key(Key::F9)])
        .needs(Needs::Row)
        .says("Sets a breakpoint at the selected event, or takes it away."),
    entry(Menu::Step, 2, "new-breakpoint", "New breakpoint…", || PairCommand::EditBreakpoint(None).into())
        .on(&[Keys::with(CTRL, Key::B)])
        .needs(Needs::Pair)
        .says("Types a condition: a kind, a lane, a time, a field's value, the next divergence."),
    entry(Menu::Step, 2, "clear-breakpoints", "Clear all breakpoints", || PairCommand::ClearBreakpoints.into())
        .on(&[Keys::with(CTRL_SHIFT, Key::F9)])
        .needs(Needs::Breakpoint)
        .says("Takes all breakpoints away."),
    entry(Menu::Step, 3, "state", "State at this row", || PairCommand::ToggleState.into())
        .on(&[Keys::key(Key::T)])
        .needs(Needs::Pair)
        .says("Shows what the events up to the selected row imply: what runs, waits, is held or open."),
    entry(Menu::Step, 3, "breakpoints", "List of breakpoints", || PairCommand::ToggleBreakpointList.into())
        .on(&[Keys::with(SHIFT, Key::B)])
        .needs(Needs::Pair)
        .says("Shows the breakpoints, to switch, edit and delete them."),
    entry(Menu::Compare, 0, "causes", "Ranked causes", || Command::Layout(LayoutCommand::Toggle(Pane::Causes)))
        .on(&[Keys::key(Key::C)])
        .needs(Needs::Pair)
        .says("Shows every cause with its reason and how sure it is."),
    entry(Menu::Compare, 0, "spec", "What is compared", || Command::Layout(LayoutCommand::Toggle(Pane::Spec)))
        .on(&[Keys::key(Key::F8)])
        .needs(Needs::Pair)
        .says("Shows which fields are compared, ignored or renamed, and why."),
    entry(Menu::Compare, 0, "spec-reset", "Reset what is compared", || PairRequest::Preset(Preset::Inferred).into())
        .needs(Needs::TwoSides)
        .says("Forgets every decision about fields: what is inferred holds again."),
    entry(Menu::Compare, 1, "same-event", "These two are the same event", || Command::Request(PairRequest::SameHere))
        .on(&[Keys::key(Key::H)])
        .needs(Needs::Row)
        .says("Marks the selected event; on an event of the other side, says that it is the same, and compares again."),
    entry(Menu::Compare, 1, "not-same-event", "These two are not the same", || Command::Request(PairRequest::NotSame))
        .on(&[Keys::with(SHIFT, Key::H)])
        .needs(Needs::Row)
        .says("Says that the two events of the selected row are not the same, and compares again."),
    entry(Menu::Compare, 1, "forget-pairs", "Forget pairs decided by hand", || PairRequest::ForgetPairs.into())
        .needs(Needs::HandPair)
        .says("Takes back every decision about which events are the same."),
    entry(Menu::Compare, 2, "swap", "Swap sides", || Command::Swap)
        .on(&[Keys::with(ALT, Key::Backslash)])
        .needs(Needs::Sides)
        .says("Makes expected actual and actual expected, and compares again."),
];
