//! The table, in Markdown.

use std::fmt::Write;

use crate::answer::Score;
use crate::baselines;
use crate::groups::Group;

/// The table.
pub fn markdown(groups: &[Group]) -> String {
    let mut out = String::from("| cases | number | Hit@1 | Hit@3 | mean rank | false alarms |");
    for name in baselines::NAMES {
        write!(out, " {name} |").expect("a string takes everything");
    }
    out.push_str("\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for group in groups {
        for row in &group.rows {
            let name = &row.name;
            let number = row.engine.cases + row.engine.clean;
            write!(out, "| {name} | {number} |{}|", full(&row.engine)).expect("a string takes everything");
            for score in &row.baselines {
                write!(out, " {} |", short(score)).expect("a string takes everything");
            }
            out.push('\n');
        }
    }
    out
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn full(score: &Score) -> String {
    let mut cells = [String::from("–"), String::from("–"), String::from("–"), String::from("–")];
    if score.cases > 0 {
        cells[0] = percent(score.hit_at_1());
        cells[1] = percent(score.hit_at_3());
        cells[2] = format!("{:.2}", score.mean_rank());
    }
    if score.clean > 0 {
        cells[3] = score.alarms.to_string();
    }
    format!(" {} ", cells.join(" | "))
}

/// A baseline's cell: Hit@1 / Hit@3 / mean rank, or its false alarms.
fn short(score: &Score) -> String {
    if score.cases > 0 {
        format!("{} / {} / {:.1}", percent(score.hit_at_1()), percent(score.hit_at_3()), score.mean_rank())
    } else {
        format!("{} alarms", score.alarms)
    }
}

/// Where the aims are missed, in words.
pub fn missed_aims(groups: &[Group]) -> Vec<String> {
    let mut missed = Vec::new();
    for group in groups {
        let Some(row) = group.rows.first() else { continue };
        let (all, title) = (&row.engine, row.name.trim_matches('*'));
        let aims = group.aims;
        for (what, is, aim) in [("Hit@1", all.hit_at_1(), aims.hit_at_1), ("Hit@3", all.hit_at_3(), aims.hit_at_3)] {
            if all.cases > 0 && is < aim {
                missed.push(format!("{}: {what} is {}, the aim is {}", title, percent(is), percent(aim)));
            }
        }
        if all.alarms > aims.most_alarms {
            missed.push(format!("{}: {} false alarms in {} pairs, the aim is none", title, all.alarms, all.clean));
        }
    }
    missed
}
