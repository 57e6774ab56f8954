//! What the help says of each region: what is seen there, its marks, and the commands whose keys belong there. The only place
//! with these texts.

use super::pair::Mark;
use crate::app::region::Region;

/// What the help says of a region.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its title.
    pub title: &'static str,
    /// What is seen, in sentences.
    pub seen: &'static str,
    /// Its marks, and what they mean.
    pub marks: &'static [(Mark, &'static str)],
    /// Its commands, by name.
    pub commands: &'static [&'static str],
}

const ANSWERS: &[(Mark, &str)] = &[
    (Mark::Flag, "The first difference."),
    (Mark::Diamond { first: true }, "The most likely cause."),
    (Mark::Ring, "The first symptom."),
];

const SPREAD: &[(Mark, &str)] = &[
    (Mark::Diamond { first: true }, "Where the most likely cause is."),
    (Mark::Bolt, "Where it broke first, where that is not where the cause is, or nothing was compared."),
    (Mark::Ring, "Where it was noticed first from outside."),
];

const ROWS: &[(Mark, &str)] = &[
    (Mark::Flag, "The first difference."),
    (Mark::Diamond { first: true }, "The most likely cause; hollow for other candidates."),
    (Mark::Ring, "The first symptom."),
    (Mark::Changed, "The same event with other values."),
    (Mark::Missing, "Only expected has it."),
    (Mark::Extra, "Only actual has it."),
    (Mark::Moved, "Out of order on a lane that both sides share."),
    (Mark::Duplicate, "It happened once more than expected."),
    (Mark::Late, "Its time is far off."),
    (Mark::Unrecorded, "Behind the end of a side that stopped early."),
    (Mark::Bookmark, "A bookmark."),
    (Mark::Sync, "A sync point on the timeline: both sides stand at the same place."),
];

/// What the help says of a region.
pub const fn section(region: Region) -> Section {
    match region {
        Region::Home => Section {
            title: "The home page",
            seen: "Ways to open something: a pack, two recordings, a folder, a typed path or a drop; and to watch a folder while \
                   runs are written into it. Below is what was opened before, and samples to try.",
            marks: &[],
            commands: &["open", "open-two", "open-folder", "watch-folder", "paste-path", "open-view", "tour"],
        },
        Region::Verdict => Section {
            title: "The verdict",
            seen: "What the comparison says, and its three answers, which are not the same thing: where both sides first cannot \
                   go on together, the most likely cause of it, and what a person would first have noticed from outside. Each \
                   is a link to its row.",
            marks: ANSWERS,
            commands: &["first", "cause", "symptom", "causes", "spec", "swap"],
        },
        Region::Timeline => Section {
            title: "The timeline",
            seen: "Every lane with both sides on one axis. Hatching is a gap that the other side fills, crossing lines join what \
                   changed places, bars are what lasts, and shading is what the cause reached. Where events are too many they \
                   become heights; every difference stays, and a tick below stands for what was found. At a sync point both \
                   sides stand at the same place; between two of them actual's time is stretched. A \
                   lane's name is dragged to where it should stand; a click pins it, the right button has more.",
            marks: ROWS,
            commands: &[
                "zoom-in",
                "zoom-out",
                "pan-left",
                "pan-right",
                "fit",
                "focus",
                "timeline-mode",
                "timeline-axis",
                "sync-here",
                "sync-start",
                "lanes-differing",
                "filter-lanes",
                "all-lanes",
                "pin-lane",
                "hide-lane",
                "only-lane",
                "lane-up",
                "lane-down",
                "lane-top",
                "reset-lanes",
                "fold-group",
                "fold-groups",
                "unfold-groups",
            ],
        },
        Region::Events => Section {
            title: "The events",
            seen: "Expected on the left and actual on the right, a row for what belongs together; a hatched cell is an event that \
                   one side does not have. Runs of equal rows are folded to a line.",
            marks: ROWS,
            commands: &[
                "next",
                "previous",
                "down",
                "up",
                "folds",
                "bursts",
                "more-context",
                "less-context",
                "other-side",
                "bookmark",
                "extend-down",
                "copy",
            ],
        },
        Region::Order => Section {
            title: "The order",
            seen: "What had to happen before what around the selected event, for both sides in one picture. What holds on one \
                   side only is in that side's colour.",
            marks: ROWS,
            commands: &["before", "after", "next", "other-side"],
        },
        Region::Propagation => Section {
            title: "The propagation",
            seen: "Who calls whom: services, or tasks and lanes where no field names services. What the trouble had reached at \
                   the selected event is washed, and what is likely to break next without having been seen is dashed in the \
                   symptom's colour. A round arrow says that a place calls what broke, or is called by it; it is hollow where \
                   the trouble did not come. What one side never called is dashed too. Of windows of requests the slider goes \
                   through the failing one, and each service says how many requests had failed there by then, or were slower \
                   there than 99 of 100 requests of the baseline.",
            marks: SPREAD,
            commands: &["graph-side", "earlier", "later", "export-graph", "next", "previous", "cause"],
        },
        Region::Inspector => Section {
            title: "The inspector",
            seen: "Why the selected row is what it is, both events field by field, what happened before and after, and the raw \
                   lines with file and line. Fields that are set aside are quiet; what differs is washed.",
            marks: ROWS,
            commands: &["before", "after", "other-side", "note", "copy", "copy-text", "copy-markdown", "copy-json"],
        },
        Region::Overview => Section {
            title: "The overview",
            seen: "The whole pair from left to right: how much of each side stands where, every difference, and the curve of how \
                   much had differed so far. Ticks at its lower edge are what was found; where rows are sorted, ticks at both edges are the rows in sight. \
                   A click goes there.",
            marks: ANSWERS,
            commands: &["next", "previous", "top", "bottom", "next-found"],
        },
        Region::Search => Section {
            title: "Searching",
            seen: "What is typed is looked for on both sides at once: words, field:value, ranges, kinds, lanes, expressions. A \
                   mistake is said with its place. All of the language is under “Keys and commands”.",
            marks: &[],
            commands: &["search", "next-found", "previous-found", "filter", "no-filters"],
        },
        Region::Filters => Section {
            title: "Filters",
            seen: "The table shows the rows that every filter found, with some around each; all others are folded. A cross takes \
                   a filter away.",
            marks: &[],
            commands: &["filter", "no-filters", "more-context", "less-context"],
        },
        Region::Causes => Section {
            title: "Ranked causes",
            seen: "Every difference that no earlier one explains, the most likely first, each with its reason and with how many \
                   of the later differences it explains.",
            marks: &[
                (Mark::Diamond { first: true }, "The most likely cause."),
                (Mark::Diamond { first: false }, "Another candidate."),
            ],
            commands: &["causes", "cause", "next"],
        },
        Region::Spec => Section {
            title: "What is compared",
            seen: "Every field with its role and the evidence for it: compared, ignored, renamed or tolerated. What is decided \
                   here is compared again at once and kept with the pack.",
            marks: &[],
            commands: &["spec", "spec-reset", "undo", "redo"],
        },
        Region::Bookmarks => Section {
            title: "Bookmarks",
            seen: "What was marked, with its notes in Markdown. They are kept with the pack, and found again in files that \
                   changed; one whose event is gone says so.",
            marks: &[(Mark::Bookmark, "A bookmark, or the first row of one.")],
            commands: &["bookmark", "bookmark-range", "note", "bookmarks", "undo", "redo", "export-slice"],
        },
        Region::Stepping => Section {
            title: "Stepping",
            seen: "Both runs go on in lock step, a row at a time. The state is what the events up to the selected row imply for \
                   each lane, with what differs marked; a run goes to where the next breakpoint stops.",
            marks: &[],
            commands: &[
                "step",
                "step-back",
                "step-lane",
                "step-lane-back",
                "play",
                "run",
                "breakpoint",
                "new-breakpoint",
                "state",
                "breakpoints",
            ],
        },
        Region::Ranking => Section {
            title: "The ranked services",
            seen: "The services that may be the cause, the likeliest first: how sure it is, what changed inside, and as a bar how \
                   much speaks for each beside the first. Much of it is only enough for a clear cause where two halves of a \
                   baseline never differ so much.",
            marks: &[
                (Mark::Diamond { first: true }, "The clear cause."),
                (Mark::Diamond { first: false }, "Another candidate."),
            ],
            commands: &["down", "up", "cause", "next", "previous"],
        },
        Region::Services => Section {
            title: "The services",
            seen: "What each service does in both windows: how long it works or waits itself in a request (the median), spans that \
                   failed, requests that come by it, spans. The ranked ones come first.",
            marks: &[(Mark::Diamond { first: true }, "The clear cause.")],
            commands: &["services", "down", "up", "top", "bottom", "fold-span", "waterfall", "copy-markdown"],
        },
        Region::Waterfall => Section {
            title: "The waterfall",
            seen: "Spans on one axis, expected above actual, aligned by path. Of a pair they are those that its events tell of, \
                   and the selected row is the span of the selected event. Of windows it is one request of each, which stands for \
                   all that show the evidence, beside the most alike one of the baseline. A bar is thick where the request would \
                   have been shorter without it, on the critical path, which goes back over what finished last. Hatching is a \
                   span that only the other side has, a triangle one that failed.",
            marks: &[
                (
                    Mark::Diamond { first: true },
                    "The likeliest cause, or what shows the evidence most; hollow for others.",
                ),
                (Mark::Missing, "Only expected has it."),
                (Mark::Extra, "Only actual has it."),
            ],
            commands: &[
                "next-request",
                "previous-request",
                "next",
                "previous",
                "fold-span",
                "zoom-in",
                "zoom-out",
                "pan-left",
                "pan-right",
                "fit",
                "focus",
            ],
        },
        Region::Metrics => Section {
            title: "The metrics",
            seen: "What the selected node showed, row by row: the metric that speaks for it, the same at the entry where it is \
                   seen, then its others. Dashed is expected: the middle of what the baseline showed, with the band that 90 % \
                   of it is in; the upright line is the moment from which on the node is under suspicion.",
            marks: &[(Mark::Diamond { first: true }, "The evidence that is drawn first.")],
            commands: &["next", "previous", "down", "up", "services", "propagation"],
        },
        Region::Evidence => Section {
            title: "The evidence",
            seen: "Everything worth telling that changed in the selected service, the strongest first. A sentence is a link to a \
                   request that shows it. Below are both spans of the selected row, and their logs.",
            marks: &[(Mark::Diamond { first: true }, "The evidence of the request on screen.")],
            commands: &["next", "previous", "next-request", "copy-text", "copy-markdown", "copy-json", "messages"],
        },
        Region::Control => Section {
            title: "The signals of a control loop",
            seen: "Every signal that is ticked as a plot, all on one axis: the expected run broad, the actual one fine over it, the \
                   setpoint dashed. The errors have the band in which they are noise. Lines go through all plots at the onset, \
                   where a fixed threshold would have told, and at the cursor; the lanes below say when conditions held, expected \
                   above actual. A drawn box is zoomed to, Shift and dragging move along the axis, Shift and a click measure.",
            marks: ANSWERS,
            commands: &[
                "step-lane",
                "step-lane-back",
                "next",
                "previous",
                "first",
                "cause",
                "symptom",
                "measure",
                "zoom-measure",
                "zoom-in",
                "zoom-out",
                "fit",
                "fit-plot",
                "export-curves",
            ],
        },
        Region::Trajectory => Section {
            title: "The trajectory",
            seen: "Where the plant went, one coordinate against the other in one scale: the way that is in sight of the axis. Crosses \
                   are setpoints, dots the starts, rings both runs at the cursor with how far they are apart. A click puts the \
                   cursor to the nearest sample.",
            marks: &[(Mark::Diamond { first: true }, "Where the actual run was at the onset.")],
            commands: &["step-lane", "step-lane-back", "next", "previous", "trajectory", "control"],
        },
        Region::WhatIf => Section {
            title: "What if",
            seen: "The reference plant, run with and without a fault: a mass that a controller moves along waypoints. Turn a knob at \
                   the left, or choose one with the arrows up and down and turn it with those left and right; the curves, the \
                   onset and the ranked causes follow at once.",
            marks: ANSWERS,
            commands: &["what-if", "down", "up", "step-lane", "step-lane-back", "next", "previous"],
        },
        Region::Signals => Section {
            title: "Lines and signals",
            seen: "How each run is drawn, and every signal that was recorded: ticked ones are plots. A click shows or hides.",
            marks: &[],
            commands: &["down", "up", "toggle-plot", "toggle-expected", "toggle-actual", "toggle-setpoint"],
        },
        Region::Readouts => Section {
            title: "Reading off",
            seen: "Both runs at the cursor and what lies between them, what changed since where one measures from, the causes ranked \
                   by the share of the later error that they explain, and how well each run kept to its setpoint.",
            marks: &[
                (Mark::Diamond { first: true }, "The most likely cause."),
                (Mark::Diamond { first: false }, "Another candidate."),
            ],
            commands: &[
                "cause",
                "measure",
                "next",
                "previous",
                "copy",
                "copy-text",
                "copy-markdown",
                "copy-json",
                "messages",
            ],
        },
        Region::Runs => Section {
            title: "The watched folder",
            seen: "Every run of the folder, the newest first: its verdict, the cause in words, its fingerprint, and where along it \
                   something differs. Runs with the same fingerprint failed alike, whatever their values and times. What comes \
                   while something is selected, or the list is not at its top, moves nothing: it is counted as new, and shown \
                   when you ask. A run that may only wait for more says so.",
            marks: &[(Mark::Unrecorded, "It ends early or in the middle of a record, and may go on.")],
            commands: &[
                "open-run",
                "new-runs",
                "follow-latest",
                "group-runs",
                "pause-watching",
                "search",
                "next",
                "previous",
                "baseline-here",
                "choose-baseline",
                "no-baseline",
                "reload",
            ],
        },
        Region::Palette => Section {
            title: "The palette",
            seen: "Finds any command, lane, event, cause, bookmark or recent pack by a few of its letters, and says what Enter \
                   will do.",
            marks: &[],
            commands: &["palette", "help", "edit-keys"],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::table::by_id;
    use std::collections::BTreeSet;

    #[test]
    fn every_region_is_explained_with_commands_that_there_are() {
        let mut titles = BTreeSet::new();
        for region in Region::ALL {
            let section = section(region);
            assert!(titles.insert(section.title), "{} stands twice", section.title);
            let sentences = section.seen.matches(['.', ':']).count();
            assert!(section.seen.ends_with('.') && (1..=6).contains(&sentences), "{}: {}", section.title, section.seen);
            assert!(!section.commands.is_empty());
            for id in section.commands {
                assert!(by_id(id).is_some(), "{} names the command {id}", section.title);
            }
            assert!(section.marks.iter().all(|(_, means)| means.ends_with('.')), "{}", section.title);
        }
    }
}
