//! The verdict and the three answers about a control loop: where the runs parted, why, and when the fixed threshold tells.

use egui::{Ui, Vec2};

use super::figures::{figures, moment, set, signed, with_unit};
use crate::app::Command;
use crate::app::control::{ControlCommand, Sheet};
use crate::app::region::Region;
use crate::compare::Verdict;
use crate::trace::{Side, escape};
use crate::ui::answers::{self, Answer, Said};
use crate::ui::pair::Mark;
use crate::ui::regions;

/// Its height in a window.
pub fn height(window: Vec2) -> f32 {
    answers::height(window, 3)
}

/// Draws the header; `live` is what makes the verdict of files that grow less than final.
pub fn show(ui: &mut Ui, sheet: &Sheet, live: &[&'static str], out: &mut Vec<Command>) {
    regions::note(ui, Region::Verdict, ui.max_rect());
    let control = sheet.control();
    let verdict = control.diagnosis.verdict;
    let mut states = live.to_vec();
    if control.warnings.partial() {
        states.push("partial input");
    }
    let reason = control.diagnosis.reason.as_deref().unwrap_or_default();
    let said = Said { verdict, states, reason, meaning: meaning(verdict) };
    let mut chosen = Vec::new();
    answers::show(ui, &said, &[onset(sheet), cause(sheet), criterion(sheet)], &mut chosen);
    out.extend(chosen.into_iter().map(Command::from));
}

const fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Diverged => "The runs part by more than noise.",
        Verdict::Identical => "Every compared sample is the same.",
        Verdict::Truncated => "The actual run stops early; all before is the same.",
        Verdict::Incomparable => "There is nothing to compare.",
        Verdict::Equivalent => "The runs differ by no more than noise.",
    }
}

fn onset(sheet: &Sheet) -> Answer<ControlCommand> {
    let (mark, title) = (Some(Mark::Flag), "First difference");
    let Some(onset) = &sheet.control().diagnosis.onset else {
        let headline = "the runs never part beyond noise".to_owned();
        return Answer { mark, title, place: String::new(), headline, aside: String::new(), go: None };
    };
    let at = sheet.plots().when(&onset.at);
    let (headline, aside) = onset.parted.first().map_or_else(
        || ("the runs part".to_owned(), String::new()),
        |parted| {
            let value = |side: Side| {
                let value = parted.values[side];
                if value.is_finite() { figures(value) } else { "nothing".to_owned() }
            };
            let (expected, actual) = (value(Side::Expected), value(Side::Actual));
            let headline = format!("{}: {expected} expected, {actual} seen", escape(&parted.signal));
            let more = onset.parted.len() - 1;
            let aside = match more {
                0 => String::new(),
                1 => "and 1 more signal".to_owned(),
                more => format!("and {more} more signals"),
            };
            (headline, aside)
        },
    );
    Answer { mark, title, place: moment(sheet, at), headline, aside, go: Some(ControlCommand::Onset) }
}

fn cause(sheet: &Sheet) -> Answer<ControlCommand> {
    let causes = &sheet.control().diagnosis.causes;
    let (mark, title) = (Some(Mark::Diamond { first: true }), "Most likely cause");
    let Some(first) = causes.first() else {
        let headline = "none: nothing went wrong that was recorded".to_owned();
        return Answer { mark, title, place: String::new(), headline, aside: String::new(), go: None };
    };
    let then = causes.get(1).map_or_else(String::new, |cause| format!("then {}", cause.class.words()));
    Answer {
        mark,
        title,
        place: moment(sheet, sheet.plots().when(&first.onset)),
        headline: first.class.words().to_owned(),
        aside: then,
        go: Some(ControlCommand::Cause(0)),
    }
}

fn criterion(sheet: &Sheet) -> Answer<ControlCommand> {
    let (mark, title) = (Some(Mark::Ring), "First symptom");
    let none =
        |headline: String| Answer { mark, title, place: String::new(), headline, aside: String::new(), go: None };
    let Some(criterion) = &sheet.control().diagnosis.criterion else {
        return none("no position is known to hold a threshold against".to_owned());
    };
    let threshold = with_unit(&set(criterion.threshold), sheet.state_unit());
    let Some(at) = sheet.criterion() else { return none(format!("never {threshold} apart")) };
    Answer {
        mark,
        title,
        place: moment(sheet, at),
        headline: format!("more than {threshold} apart"),
        aside: match signed(criterion.growth) {
            none if none == "0" => String::new(),
            growth => format!("error grows {growth}"),
        },
        go: Some(ControlCommand::Criterion),
    }
}
