//! States in words, for the window, for text and for tests.

use super::recorded::{Fields, Recorded};
use super::stated::{StateLine, Stated};
use super::status::Status;
use super::words::{LaneClass, is_value_name};
use crate::trace::{EventIndex, LaneId, NONE, Side, Sides, grouped};

/// So many things in a queue are named.
const NAMED: usize = 6;

/// The state of a line on one side: `running on worker:0`, `3: task:4, task:5, task:6`, `last: TASK_RETRIED`. What a pin
/// or register has is read from its last event.
pub fn status_words(recorded: &Recorded<'_>, line: &StateLine, side: Side, fields: Option<Fields<'_>>) -> String {
    let state = line.states[side];
    let kind = recorded.names.kinds.get(state.kind as usize).map_or("", String::as_str);
    let name = |lane: LaneId| recorded.names.lanes.get(lane as usize).map_or("", String::as_str);
    let with = |word: &str, link: &str| match state.with {
        NONE => word.to_owned(),
        other => format!("{word} {link} {}", name(other)),
    };
    match state.status {
        Status::Untouched => "—".to_owned(),
        Status::Last | Status::Lost if kind.is_empty() => format!("last: #{}", state.last),
        Status::Last | Status::Lost => format!("last: {kind}"),
        Status::Created => "created".to_owned(),
        Status::Enqueued => with("enqueued", "in"),
        Status::Taken => with("taken", "by"),
        Status::Ready => "ready".to_owned(),
        Status::Running => with("running", "on"),
        Status::Waiting => with("waiting", "for"),
        Status::Done => "done".to_owned(),
        Status::Failed => "failed".to_owned(),
        Status::Busy => format!("has {}", name(state.with)),
        Status::Idle => "idle".to_owned(),
        Status::Held => with("held", "by"),
        Status::Free => "free".to_owned(),
        Status::Raised => "raised".to_owned(),
        Status::Handling => "in its handler".to_owned(),
        Status::Cleared => "cleared".to_owned(),
        Status::Open if state.count == 0 => "none open".to_owned(),
        Status::Open => format!("{} open", grouped(u64::from(state.count))),
        Status::Holds if state.count == 0 => "empty".to_owned(),
        Status::Holds => {
            let told = &line.holds[side];
            let count = grouped(u64::from(state.count));
            let names: Vec<&str> = told.iter().take(NAMED).map(|&lane| name(lane)).collect();
            match told.len() {
                0 => format!("holds {count}"),
                n if n > NAMED => format!("holds {count}: {}, …", names.join(", ")),
                _ => format!("holds {count}: {}", names.join(", ")),
            }
        }
        Status::Value => match value(fields, side, state.last) {
            Some(value) if recorded.signals || kind.is_empty() => value,
            Some(value) => format!("{value} · {kind}"),
            None if kind.is_empty() => format!("last: #{}", state.last),
            None => format!("last: {kind}"),
        },
    }
}

/// The states of a line on both sides; where they read alike and differ all the same, the actual one says so.
pub fn line_words(recorded: &Recorded<'_>, line: &StateLine, fields: Option<Fields<'_>>) -> Sides<String> {
    let words = |side| status_words(recorded, line, side, fields);
    let mut both = Sides::new(words(Side::Expected), words(Side::Actual));
    if line.differs && both.expected == both.actual {
        both.actual.push_str(", with other fields");
    }
    both
}

fn value(fields: Option<Fields<'_>>, side: Side, event: EventIndex) -> Option<String> {
    let fields = fields?(side, event).ok()?;
    let field = fields.iter().find(|field| is_value_name(&field.path))?;
    Some(field.value.plain().to_owned())
}

/// Everything in lines: a heading a class, `≠` before what differs, `›` before what the row touches.
pub fn state_text(recorded: &Recorded<'_>, stated: &Stated, fields: Option<Fields<'_>>) -> String {
    let mut text = String::new();
    let mut class = None::<LaneClass>;
    for line in &stated.lines {
        if class != Some(line.class) {
            class = Some(line.class);
            text.push_str(line.class.title());
            text.push('\n');
        }
        let Sides { expected, actual } = line_words(recorded, line, fields);
        let marks = [if line.differs { '≠' } else { ' ' }, if line.here { '›' } else { ' ' }];
        let lane = recorded.names.lanes.get(line.lane as usize).map_or("", String::as_str);
        let words = format!("{}{} {lane:<14} {expected:<28} {actual}\n", marks[0], marks[1]);
        text += &words;
    }
    if stated.more > 0 {
        text += &["and ", &grouped(stated.more as u64), " more lanes\n"].concat();
    }
    if let Some(side) = stated.ended {
        text += &["The ", side.word(), " side is not recorded here any more: its last states stand.\n"].concat();
    }
    text
}
