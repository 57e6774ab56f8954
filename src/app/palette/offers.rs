//! Where the palette's hits come from.

use super::rank::Ranking;
use super::{Group, Hit};
use crate::app::command::Command;
use crate::app::pair::{BookmarkCommand, Nth, Pair, PairCommand};
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::app::samples::SAMPLES;
use crate::app::state::State;
use crate::app::table::TABLE;
use crate::app::tabs::TabCommand;
use crate::incident::{Part, Place};
use crate::trace::{KindId, Side, grouped};

fn hit(group: Group, title: String, does: String, command: impl Into<Command>) -> Hit {
    Hit { group, title, does, keys: String::new(), off: None, command: command.into() }
}

/// An event by its anchor: `actual:5@queue:0`, `expected:5`, or `5` for those of both sides.
pub(super) fn event(state: &State, query: &str, ranking: &mut Ranking) {
    let Some(pair) = state.pair() else { return };
    let query = query.trim();
    let (anchor, lane) = query.split_once('@').map_or((query, None), |(anchor, lane)| (anchor, Some(lane)));
    let (word, number) = anchor.split_once(':').map_or((None, anchor), |(word, number)| (Some(word), number));
    let Ok(index) = number.trim_start_matches('#').parse::<u32>() else { return };
    let analysis = pair.analysis();
    // What went wrong is more often looked for.
    for side in [Side::Actual, Side::Expected] {
        let named = word.map_or_else(|| analysis.sides[side].is_some(), |word| side.word().starts_with(word));
        if !named {
            continue;
        }
        let there = index < analysis.len(side);
        let on_lane = there && lane.is_none_or(|lane| lane.is_empty() || analysis.lanes(side, index).contains(&lane));
        let off = if !there {
            Some("There is no such event.")
        } else if !on_lane {
            Some("This event is not on that lane.")
        } else {
            None
        };
        let what = if there { analysis.name(side, index) } else { "the event".to_owned() };
        let does = format!("Selects {what}, and shows its row.");
        let title = format!("Go to {side} event #{index}");
        ranking.put(Hit { off, ..hit(Group::Event, title, does, PairCommand::SelectEvent(side, index)) });
    }
}

pub(super) fn commands(state: &State, ranking: &mut Ranking) {
    let entries = TABLE.iter().filter(|entry| entry.id != "palette" && entry.id != "escape");
    ranking.look(
        Group::Commands,
        entries,
        |entry, said| {
            said.title.push_str(entry.title);
            said.more.push_str(entry.description);
        },
        |entry| Hit {
            keys: state.keymap.shortcut(entry.id),
            off: entry.enabled(state).err(),
            ..hit(Group::Commands, entry.title.to_owned(), entry.description.to_owned(), (entry.command)())
        },
    );
}

pub(super) fn causes(state: &State, ranking: &mut Ranking) {
    let causes = state.pair().map_or(&[][..], |pair| &pair.analysis().comparison.causes);
    ranking.look(
        Group::Causes,
        causes.iter().enumerate(),
        |(_, cause), said| {
            said.title.push_str("cause ");
            said.title.push_str(&cause.headline);
            said.more.push_str(&cause.reason);
        },
        |(place, cause)| {
            let title = format!("Cause {}: {}", place + 1, cause.headline);
            let does = format!("Selects the row of this cause, {}.", cause.sureness);
            hit(Group::Causes, title, does, PairCommand::Cause(place))
        },
    );
}

pub(super) fn kinds(state: &State, ranking: &mut Ranking) {
    let kinds = state.pair().map_or(&[][..], |pair| &pair.analysis().names.kinds);
    let all = kinds.iter().zip(0..).filter(|(name, _)| !name.is_empty());
    let each = all.flat_map(|(name, kind): (&String, KindId)| Nth::ALL.into_iter().map(move |nth| (name, kind, nth)));
    ranking.look(
        Group::Kinds,
        each,
        |(name, _, nth), said| {
            said.title.push_str(nth.words());
            said.title.push(' ');
            said.title.push_str(name);
        },
        |(name, kind, nth)| {
            let does = match nth {
                Nth::First => format!("Selects the first {name} of both sides."),
                Nth::Next => format!("Selects the next {name} after the selected row, and goes round at the end."),
                Nth::FirstDiffering => format!("Selects the first {name} whose row differs."),
            };
            hit(Group::Kinds, format!("{} {name}", nth.words()), does, PairCommand::GoToKind(kind, nth))
        },
    );
}

pub(super) fn lanes(state: &State, ranking: &mut Ranking) {
    let lanes = state.pair().map_or(&[][..], |pair| pair.lanes().list());
    let used = lanes.iter().zip(0..).filter(|(lane, _)| lane.events.expected + lane.events.actual > 0);
    ranking.look(
        Group::Lanes,
        used,
        |(lane, _), said| {
            said.title.push_str("lane ");
            said.title.push_str(&lane.name);
        },
        |(lane, place)| {
            let count = |n: u32| grouped(u64::from(n));
            let selects = if lane.differences > 0 { "what differs first on it" } else { "its first event" };
            let does = format!(
                "Shows this lane in the timeline and selects {selects}: {} expected, {} actual events, {} differ.",
                count(lane.events.expected),
                count(lane.events.actual),
                count(lane.differences),
            );
            hit(Group::Lanes, format!("Lane {}", lane.name), does, PairCommand::ShowLane(place))
        },
    );
}

/// Places of the graph: services, tasks or lanes.
pub(super) fn places(state: &State, ranking: &mut Ranking) {
    let of_pair = state.pair().and_then(Pair::graph);
    let page = state.requests();
    let Some(seen) = of_pair.or_else(|| page.map(RequestsPage::graph)) else { return };
    let drawn = |place: Place| seen.layout.at.get(place as usize).copied().flatten().is_some();
    let command = |place: Place| match page {
        Some(page) => page.service_at(place).map(|service| Command::from(RequestsCommand::ShowService(service))),
        None => Some(PairCommand::ShowPlace(place).into()),
    };
    let all = seen.graph.nodes.iter().zip(0..).filter(|&(_, place)| drawn(place));
    ranking.look(
        Group::Places,
        all.filter_map(|(node, place)| Some((node, command(place)?))),
        |(node, _), said| {
            said.title.push_str("place ");
            said.title.push_str(&node.name);
        },
        |(node, command)| {
            let part = if node.part == Part::None { None } else { Some(node.part.word()) };
            let parts: Vec<&str> = part.into_iter().chain(node.next.then_some("likely next")).collect();
            let part = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
            let does = format!("Shows it in the middle of the propagation graph{part}, and selects it.");
            hit(Group::Places, format!("Place {}", node.name), does, command)
        },
    );
}

/// Bookmarks by what they stand on and by what their notes say.
pub(super) fn bookmarks(state: &State, ranking: &mut Ranking) {
    let bookmarks = state.pair().into_iter().flat_map(|pair| pair.bookmarks().list().enumerate());
    ranking.look(
        Group::Bookmarks,
        bookmarks,
        |(_, (bookmark, _)), said| {
            said.title.push_str("Bookmark ");
            said.title.push_str(&bookmark.title());
            said.more.push_str(&bookmark.note);
        },
        |(place, (bookmark, rows))| {
            let title = format!("Bookmark {}", bookmark.title());
            let note = bookmark.note.lines().find(|line| !line.trim().is_empty());
            let does = match note {
                Some(note) => format!("{} · Selects its row.", note.trim()),
                None => "Selects its row.".to_owned(),
            };
            let off = rows.is_none().then_some("Its event is gone from the recording.");
            let go = PairCommand::Bookmark(BookmarkCommand::Go(place));
            Hit { off, ..hit(Group::Bookmarks, title, does, go) }
        },
    );
}

pub(super) fn tabs(state: &State, ranking: &mut Ranking) {
    let titles = state.tabs.titles();
    let others = state.tabs.iter().enumerate().filter(|(place, _)| *place != state.tabs.front_place());
    ranking.look(
        Group::Tabs,
        others,
        |(place, _), said| {
            said.title.push_str("Go to ");
            said.title.push_str(&titles[*place]);
            said.more.push_str("tab pack");
        },
        |(place, tab)| {
            let words = tab.standing().words();
            let stands = if words.is_empty() { String::new() } else { format!(": {words}") };
            let does = format!("Brings tab {} of {} to the front{stands}.", place + 1, state.tabs.len());
            let show = Command::Tab(TabCommand::Show(tab.id));
            hit(Group::Tabs, format!("Go to {}", titles[place]), does, show)
        },
    );
}

pub(super) fn recents(state: &State, ranking: &mut Ranking) {
    ranking.look(
        Group::Recents,
        state.recents.as_slice().iter(),
        |recent, said| {
            said.title.push_str("Open ");
            said.title.push_str(&recent.title);
            said.more.push_str(&recent.request.label());
        },
        |recent| {
            let does = format!("Opens {}.", recent.request.label());
            let off = recent.missing.as_ref().map(|_| "It is no longer there.");
            let open = Command::Open(recent.request.clone());
            Hit { off, ..hit(Group::Recents, format!("Open {}", recent.title), does, open) }
        },
    );
}

pub(super) fn samples(ranking: &mut Ranking) {
    ranking.look(
        Group::Samples,
        SAMPLES.iter().enumerate(),
        |(_, sample), said| {
            said.title.push_str("Open sample: ");
            said.title.push_str(sample.title);
            said.more.push_str(sample.story);
        },
        |(at, sample)| {
            let does = format!("Opens a pair that is built in. {}", sample.story);
            hit(Group::Samples, format!("Open sample: {}", sample.title), does, Command::OpenSample(at))
        },
    );
}
