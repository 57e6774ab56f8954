//! The words of the rows in sight, read once: only what is drawn touches a recording's text.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::pace::Pace;
use crate::analyse::{Analysis, Appended, Came, Detail, SIGNAL_VALUE};
use crate::app::pair::Pair;
use crate::compare::{Row, RowClass};
use crate::spec::{Action, FieldSpec, Role};
use crate::trace::{EventIndex, Side, Time, Value, escape};
use crate::view::Why;

/// So many cells are kept, some screens up and down; those read first go first.
const KEPT: usize = 4096;
/// A value longer than this is cut in a row; the inspector has it whole.
const VALUE_CHARS: usize = 120;

/// How an empty text is shown, where it matters that it is one.
const EMPTY: &str = "\"\"";
/// So many fields fit into a row even when the window is small.
const FIELDS_IN_SIGHT: usize = 3;

/// One field of a cell, escaped.
#[derive(Debug, Clone)]
pub struct CellField {
    /// The field's dotted path, as recorded.
    pub path: String,
    /// The field's name, as short as is clear.
    pub name: String,
    /// Its value; `—` where this side does not have it.
    pub value: String,
    /// True when it makes the row differ.
    pub changed: bool,
    /// Where it stands in a long row.
    pub place: FieldPlace,
}

/// Where a field stands in a long row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldPlace {
    /// It names a lane.
    Lane,
    /// It says what the event did.
    Does,
    /// It names the event or another.
    Names,
}

impl FieldPlace {
    const fn of(field: &FieldSpec) -> Self {
        match field.role {
            _ if field.lane.is_some() => Self::Lane,
            Role::Identity => Self::Names,
            _ => Self::Does,
        }
    }
}

/// One event as a row shows it, escaped.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its kind.
    pub kind: String,
    /// Its time; empty when it has none.
    pub time: String,
    /// The fields that say which event it is and what it did.
    pub fields: Vec<CellField>,
    /// The others, which are seen only where they are columns.
    pub others: Vec<CellField>,
    /// Why there are none, if its text could not be read again.
    pub trouble: Option<String>,
}

impl Cell {
    /// A field by its path, if this side has it or the row differs in it.
    pub fn field(&self, path: &str) -> Option<&CellField> {
        self.fields.iter().chain(&self.others).find(|field| field.path == path)
    }

    /// `TASK_DEQUEUED task 1`: for names and tooltips.
    pub fn sentence(&self) -> String {
        let mut text = self.kind.clone();
        for field in &self.fields {
            if !text.is_empty() {
                text.push_str(if text.len() == self.kind.len() { " " } else { ", " });
            }
            text.push_str(&field.name);
            text.push(' ');
            text.push_str(&field.value);
        }
        text
    }

    /// What the event is called where there is room for a word or two: its kind. Without one, the first text that says what
    /// happened, else the first field that names it, else the first of all.
    pub fn short_name(&self) -> String {
        if !self.kind.is_empty() {
            return self.kind.clone();
        }
        let says = |field: &&CellField| field.place == FieldPlace::Does && field.value.contains(char::is_alphabetic);
        let names = |field: &&CellField| field.place == FieldPlace::Names;
        let field = self.fields.iter().find(says).or_else(|| self.fields.iter().find(names));
        match (field, self.fields.first()) {
            (Some(field), _) => field.value.trim().to_owned(),
            // A number says nothing without its name.
            (None, Some(first)) => format!("{} {}", first.name, first.value),
            (None, None) => "event".to_owned(),
        }
    }
}

/// What the inspector shows of the selected row.
#[derive(Debug, Clone)]
pub struct Selected {
    /// The row.
    pub row: u32,
    /// Both events, whole.
    pub events: [Option<Detail>; 2],
    /// Paths of the changed fields.
    pub changed: Vec<String>,
    /// Why the row has its class.
    pub why: String,
    /// Causal neighbours before the event of the side that is looked from.
    pub before: Vec<(String, EventIndex)>,
    /// And after it.
    pub after: Vec<(String, EventIndex)>,
    /// The event they are neighbours of.
    pub of: Option<(Side, EventIndex)>,
}

/// What was read of an analysis for drawing it. Not state: it can be forgotten at any time.
#[derive(Default)]
struct Kept {
    analysis: Weak<Analysis>,
    cells: HashMap<(Side, EventIndex), Arc<Cell>, foldhash::fast::FixedState>,
    /// The same in the order in which they were read.
    order: VecDeque<(Side, EventIndex)>,
    selected: Option<Arc<Selected>>,
    /// The time of each side's first event; `None` until it was looked for.
    starts: Option<[Option<Time>; 2]>,
    /// The first difference in words; `None` until they were asked for.
    first: Option<Arc<str>>,
}

impl Kept {
    /// Keeps a cell. Never many are dropped at once, which would hold up a frame.
    fn keep(&mut self, side: Side, event: EventIndex, cell: Cell) -> Arc<Cell> {
        let cell = Arc::new(cell);
        if self.cells.insert((side, event), cell.clone()).is_none() {
            self.order.push_back((side, event));
        }
        if self.order.len() > KEPT
            && let Some(first) = self.order.pop_front()
        {
            self.cells.remove(&first);
        }
        cell
    }

    fn start(&mut self, analysis: &Analysis, side: Side) -> Option<Time> {
        self.starts.get_or_insert_with(|| Side::BOTH.map(|side| analysis.start(side)))[side as usize]
    }
}

/// A handle on the cells that are kept between frames.
#[derive(Clone, Default)]
pub struct Cells(Arc<Mutex<Kept>>);

impl Cells {
    /// The cells of this window.
    pub fn of(ui: &egui::Ui, pair: &Pair) -> Self {
        let id = egui::Id::unique("pair cells");
        let cells: Self = ui.data_mut(|data| data.get_temp_mut_or_default::<Self>(id).clone());
        {
            let mut kept = cells.lock();
            if !std::ptr::eq(kept.analysis.as_ptr(), Arc::as_ptr(pair.analysis())) {
                *kept = Kept { analysis: Arc::downgrade(pair.analysis()), ..Kept::default() };
            }
        }
        cells
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // What is kept is rebuilt from the analysis, so a panic elsewhere cannot have spoilt it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what of these rows is not kept yet, all of it together.
    pub fn prepare(&self, pair: &Pair, rows: impl Iterator<Item = u32>) {
        let (analysis, mut kept) = (pair.analysis(), self.lock());
        let missing = |&(_, row): &(u32, Row)| {
            let event = |side: Side| row.event(side).is_some_and(|event| !kept.cells.contains_key(&(side, event)));
            event(Side::Expected) || event(Side::Actual)
        };
        let rows: Vec<(u32, Row)> = rows.map(|row| (row, pair.rows().get(row))).filter(missing).collect();
        let details = Side::BOTH.map(|side| {
            let mut events: Vec<EventIndex> = rows.iter().filter_map(|(_, row)| row.event(side)).collect();
            events.sort_unstable();
            analysis.details(side, &events)
        });
        let of = |side: Side, event: Option<EventIndex>| {
            let details = &details[side as usize];
            details.get(details.binary_search_by_key(&event?, |detail| detail.index).ok()?)
        };
        for (at, row) in rows {
            let both = [of(Side::Expected, row.expected), of(Side::Actual, row.actual)];
            let changed = match both {
                [Some(expected), Some(actual)] if row.class != RowClass::Same => {
                    analysis.changed_between(at, expected, actual)
                }
                _ => Vec::new(),
            };
            for detail in both.into_iter().flatten() {
                let cell = cell(analysis, detail, &changed, kept.start(analysis, detail.side));
                kept.keep(detail.side, detail.index, cell);
            }
        }
    }

    /// One event of a row.
    pub fn cell(&self, pair: &Pair, row: u32, side: Side, event: EventIndex) -> Arc<Cell> {
        let kept = || self.lock().cells.get(&(side, event)).cloned();
        kept()
            .or_else(|| {
                self.prepare(pair, std::iter::once(row));
                kept()
            })
            .unwrap_or_default()
    }

    /// What an event of a row is called; its text is read only where it has no kind.
    pub fn short_name<'p>(&self, pair: &'p Pair, row: u32, side: Side, event: EventIndex) -> Cow<'p, str> {
        match pair.analysis().kind(side, event) {
            "" => self.cell(pair, row, side, event).short_name().into(),
            kind => escape(kind),
        }
    }

    /// The same with its home lane: `TASK_DEQUEUED task:2`.
    pub fn name(&self, pair: &Pair, row: u32, side: Side, event: EventIndex) -> String {
        let analysis = pair.analysis();
        let lanes = analysis.lanes(side, event);
        match analysis.kind(side, event) {
            "" => [&self.short_name(pair, row, side, event), *lanes.first().unwrap_or(&"")].join(" "),
            _ => analysis.name(side, event),
        }
    }

    /// What stands beside an event on its lane: its short name, but of a signal, whose name the lane has, its value.
    pub fn on_lane<'p>(&self, pair: &'p Pair, row: u32, side: Side, event: EventIndex) -> Cow<'p, str> {
        if pair.analysis().waveform.is_none() {
            return self.short_name(pair, row, side, event);
        }
        let cell = self.cell(pair, row, side, event);
        cell.field(SIGNAL_VALUE).map_or_else(|| cell.short_name(), |field| field.value.clone()).into()
    }

    /// An event that no answer has.
    pub fn came(&self, pair: &Pair, appended: &Appended, came: &Came) -> Arc<Cell> {
        let mut kept = self.lock();
        if let Some(cell) = kept.cells.get(&(came.side, came.event)) {
            return cell.clone();
        }
        let start = kept.start(pair.analysis(), came.side);
        kept.keep(came.side, came.event, cell(pair.analysis(), &appended.detail(came), &[], start))
    }

    /// The first difference in words.
    pub fn first_difference(&self, pair: &Pair) -> Arc<str> {
        let words = || escape(&pair.analysis().first_difference_headline()).into();
        self.lock().first.get_or_insert_with(words).clone()
    }

    /// Everything about the selected row; while the selection moves, that of the row before: all that is new in one frame would be
    /// late.
    pub fn selected(&self, ui: &egui::Ui, pair: &Pair) -> Option<Arc<Selected>> {
        let row = pair.selection()?.row;
        let of = pair.selected_event();
        let mut kept = self.lock();
        if let Some(selected) = kept.selected.as_ref().filter(|selected| selected.row == row && selected.of == of) {
            return Some(selected.clone());
        }
        if let Some(before) = kept.selected.clone().filter(|_| Pace::of(ui).may_wait()) {
            ui.request_repaint();
            return Some(before);
        }
        let analysis = pair.analysis();
        let cells = pair.rows().get(row);
        let event = |side| cells.event(side).map(|event| analysis.detail(side, event));
        let (lanes, compared) = (pair.lanes(), pair.compared());
        let in_words = |near: Vec<(Why, EventIndex)>| {
            near.into_iter().map(|(why, event)| (lanes.why_word(why).to_owned(), event)).collect()
        };
        let selected = Arc::new(Selected {
            row,
            events: [event(Side::Expected), event(Side::Actual)],
            changed: analysis.changed_fields(row),
            why: analysis.why(row),
            before: of.map(|(side, event)| in_words(lanes.before(compared, side, event))).unwrap_or_default(),
            after: of.map(|(side, event)| in_words(lanes.after(compared, side, event))).unwrap_or_default(),
            of,
        });
        kept.selected = Some(selected.clone());
        Some(selected)
    }
}

/// A time on screen: a date's worth of ticks is counted from the recording's start, other clocks as they are.
pub fn time_words(analysis: &Analysis, side: Side, time: Time, start: Option<Time>) -> String {
    let epoch = analysis.sides[side].as_ref().and_then(|events| events.trace.time.as_ref()).is_some_and(|t| t.epoch);
    match start {
        Some(start) if epoch && start.unit == time.unit => {
            let since = time.value.saturating_sub(start.value);
            let sign = if since < 0 { "" } else { "+" };
            format!("{sign}{}", Time { value: since, unit: time.unit })
        }
        _ => time.to_string(),
    }
}

/// An event that differs in the fields of these paths.
fn cell(analysis: &Analysis, detail: &Detail, changed: &[String], start: Option<Time>) -> Cell {
    let shown = |path: &str| {
        analysis.spec.field(path).is_none_or(|field| {
            field.action != Action::Ignore
                && !matches!(field.role, Role::Kind | Role::Position | Role::Time | Role::Provenance)
        })
    };
    let present: Vec<(&str, Option<&str>)> =
        detail.fields.iter().map(|field| (field.path.as_str(), words(&field.value))).collect();
    let absent = changed
        .iter()
        .filter(|path| !detail.fields.iter().any(|field| field.path == **path))
        .map(|path| (path.as_str(), None));
    let field = |path: &str, value: Option<&str>| CellField {
        path: path.to_owned(),
        name: escape(short_name(path, &present)).into_owned(),
        value: value.map_or_else(|| "—".to_owned(), cut),
        changed: changed.iter().any(|changed| changed == path),
        place: analysis.spec.field(path).map_or(FieldPlace::Does, FieldPlace::of),
    };
    let matters = |path: &str, value: Option<&str>| {
        shown(path) && (value.is_some_and(|value| value != EMPTY) || changed.iter().any(|changed| changed == path))
    };
    let (mut fields, mut others) = (Vec::new(), Vec::new());
    for (path, value) in present.iter().copied().chain(absent) {
        if matters(path, value) { &mut fields } else { &mut others }.push(field(path, value));
    }
    // In a long row what the event happened to and what it did must not be what is cut off at its end; ids may be.
    if fields.len() > FIELDS_IN_SIGHT {
        fields.sort_by_key(|field| field.place);
    }
    Cell {
        kind: escape(&detail.kind).into_owned(),
        time: detail.time.map(|time| time_words(analysis, detail.side, time, start)).unwrap_or_default(),
        fields,
        others,
        trouble: detail.trouble.clone(),
    }
}

/// A value as a row shows it; a null is as good as absent.
fn words(value: &Value) -> Option<&str> {
    Some(if value.plain().is_empty() { EMPTY } else { value.plain() }).filter(|_| *value != Value::Null)
}

/// The last name of a dotted path where no other field ends in the same name.
fn short_name<'a>(path: &'a str, all: &[(&str, Option<&str>)]) -> &'a str {
    let last = |path: &'a str| path.rsplit('.').next().unwrap_or(path);
    let name = last(path);
    let alike = all.iter().filter(|(other, _)| other.rsplit('.').next() == Some(name)).count();
    if alike > 1 { path } else { name }
}

fn cut(value: &str) -> String {
    let mut chars = value.char_indices();
    match chars.nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", escape(&value[..end])),
        None => escape(value).into_owned(),
    }
}
