//! Causes: what stops the replay and has nothing diverging before it, grouped where both sides contend for a lane, ranked by
//! what they explain (SEMANTICS rules 19, 20, 22).

use std::collections::BTreeMap;

use super::answer::{Cause, CauseKind, Explains};
use super::engine::{Input, name_event};
use super::reach::{FOLLOWED, reach};
use super::replay::{Cancelled, Replay};
use super::rows::{RowClass, Rows};
use super::symptom::moment;
use crate::trace::{Columns, EventIndex, LaneId, NONE, Side, Sides, grouped};

/// A group of blocked events that contend with each other.
#[derive(Debug, Default, Clone)]
struct Contention {
    events: Vec<(Side, EventIndex)>,
    /// True when only recording order says that its events belong together.
    by_order: bool,
}

impl Contention {
    /// When it begins.
    fn moment(&self, rows: &Rows) -> u32 {
        let of = |&(side, event): &(Side, EventIndex)| rows.row_of(side, event).map(|r| moment(rows.get(r)));
        self.events.iter().filter_map(of).min().unwrap_or(u32::MAX)
    }
}

/// Joins causes that begin at one place: with nothing equal between them and what was equal before. Recording order is weak
/// evidence, so it only says that they are one divergence, whose earliest event stands for it.
fn join_by_place(
    sides: Sides<&Columns>,
    rows: &Rows,
    partner: &Sides<Vec<u32>>,
    drafts: Vec<(Cause, Contention)>,
) -> Vec<(Cause, Contention)> {
    let mut places: BTreeMap<Place, Vec<(Cause, Contention)>> = BTreeMap::new();
    let anchors = Sides::new(
        last_equal_before(sides.expected.len(), Side::Expected, rows),
        last_equal_before(sides.actual.len(), Side::Actual, rows),
    );
    for draft in drafts {
        let place = |&(side, event): &(Side, EventIndex)| {
            let anchor = anchors[side][event as usize];
            // A place is named by its expected event, so that both sides name it alike.
            if side == Side::Expected || anchor == NONE { anchor } else { partner.actual[anchor as usize] }
        };
        let first = draft.1.events.iter().min_by_key(|(side, e)| rows.row_of(*side, *e)).map_or(NONE, place);
        places.entry(first.wrapping_add(1)).or_default().push(draft);
    }
    (places.into_values())
        .filter_map(|mut group| {
            group.sort_by_key(|(cause, contention)| {
                (contention.moment(rows), moment(rows.get(cause.row)), role(cause.kind), cause.row)
            });
            let by_order = group.len() > 1;
            let events = group.iter().flat_map(|(_, c)| c.events.iter().copied()).collect();
            let (cause, _) = group.into_iter().next()?;
            Some((cause, Contention { events, by_order }))
        })
        .collect()
}

/// The expected event (plus one; 0 before the first) after which a divergence begins.
type Place = u32;

/// For each event of a side, the last event before it whose row is the same on both sides, or [`NONE`].
fn last_equal_before(events: usize, side: Side, rows: &Rows) -> Vec<u32> {
    let mut last = NONE;
    (0..events as u32)
        .map(|event| {
            let before = last;
            if rows.row_of(side, event).is_some_and(|r| rows.get(r).class == RowClass::Same) {
                last = event;
            }
            before
        })
        .collect()
}

/// The ranked causes, for each differing row the rank of the nearest cause that explains it (0 for none), and how many
/// further places where a divergence begins were not followed.
pub(crate) fn rank(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    partner: &Sides<Vec<u32>>,
    cancelled: Cancelled<'_>,
) -> (Vec<Cause>, Vec<u32>, u32) {
    let sides = input.columns();
    let contentions = contentions(input, replay, rows);
    if cancelled() {
        return (Vec::new(), Vec::new(), 0);
    }
    let drafts = contentions.into_iter().filter_map(|c| Some((draft(input, replay, rows, partner, &c)?, c))).collect();
    let mut drafts = join_by_place(sides, rows, partner, drafts);
    if cancelled() {
        return (Vec::new(), Vec::new(), 0);
    }
    drafts.extend(drifts(input, rows, &drafts));
    drafts.sort_by_key(|(cause, _)| (moment(rows.get(cause.row)), cause.row));
    let unfollowed = drafts.len().saturating_sub(FOLLOWED) as u32;
    drafts.truncate(FOLLOWED);
    let seeds: Vec<Vec<(Side, EventIndex)>> = drafts.iter().map(|(_, c)| c.events.clone()).collect();
    let links = input.traces.map(|t| t.links.as_slice());
    let masks = reach(sides, links, rows, partner, input.names.lanes.len(), &seeds, cancelled);
    for (i, (cause, contention)) in drafts.iter_mut().enumerate() {
        let from = contention.moment(rows);
        // What contends with the cause for a lane is the cause itself; only what an inversion overtook is an effect.
        let own: Vec<u32> = match cause.kind {
            CauseKind::OrderInversion => vec![cause.row],
            _ => [Some(cause.row), cause.other.and_then(|o| rows.row_of(cause.side.other(), o))]
                .into_iter()
                .flatten()
                .collect(),
        };
        let mut explains = Explains { rows: 0, of: 0 };
        for (&row, mask) in rows.differences().iter().zip(&masks) {
            if own.contains(&row) || moment(rows.get(row)) < from {
                continue;
            }
            explains.of += 1;
            explains.rows += u32::from(mask & (1 << i) != 0);
        }
        cause.explains = explains;
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let key = |&i: &usize| {
        let cause = &drafts[i].0;
        (std::cmp::Reverse(cause.explains.rows), drafts[i].1.moment(rows), role(cause.kind), cause.row)
    };
    order.sort_by_key(key);
    let tie = |i: &usize| {
        let k = key(i);
        (k.0, k.1, k.2)
    };
    let mut ranks = vec![0_u32; drafts.len()];
    let mut causes: Vec<Cause> = Vec::with_capacity(order.len());
    for (at, i) in order.iter().enumerate() {
        ranks[*i] = if at > 0 && tie(&order[at - 1]) == tie(i) { ranks[order[at - 1]] } else { at as u32 + 1 };
        causes.push(Cause { rank: ranks[*i], ..drafts[*i].0.clone() });
    }
    let explained = rows
        .differences()
        .iter()
        .zip(&masks)
        .map(|(&row, mask)| {
            let own = causes.iter().find(|c| c.row == row).map(|c| c.rank);
            let reached = (0..drafts.len()).filter(|i| mask & (1 << i) != 0).map(|i| ranks[i]).min();
            own.or(reached).unwrap_or(0)
        })
        .collect();
    let by_order: Vec<bool> = order.iter().map(|&i| drafts[i].1.by_order).collect();
    word(input, &mut causes, &by_order);
    (causes, explained, unfollowed)
}

/// The unconsumed events with nothing unconsumed before them, joined where they are the two heads of one lane. Only those
/// with a diverging row among them count.
fn contentions(input: &Input<'_>, replay: &Replay, rows: &Rows) -> Vec<Contention> {
    let sides = input.columns();
    let mut members: Vec<(Side, EventIndex)> = Vec::new();
    for side in Side::BOTH {
        let links = &input.traces[side].links;
        members.extend(replay.beginnings(side, sides[side], links).into_iter().map(|e| (side, e)));
    }
    let mut group: Vec<usize> = (0..members.len()).collect();
    let index: std::collections::HashMap<(Side, EventIndex), usize, foldhash::fast::FixedState> =
        members.iter().enumerate().map(|(i, &m)| (m, i)).collect();
    for (i, &(side, event)) in members.iter().enumerate() {
        for &lane in sides[side].lanes_of(event) {
            if let Some(&other) = replay.head(lane, side.other()).and_then(|e| index.get(&(side.other(), e))) {
                let (a, b) = (root(&group, i), root(&group, other));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut by_root: BTreeMap<usize, Contention> = BTreeMap::new();
    for (i, &member) in members.iter().enumerate() {
        by_root.entry(root(&group, i)).or_default().events.push(member);
    }
    let diverges = |&(side, event): &(Side, EventIndex)| {
        rows.row_of(side, event).is_some_and(|r| {
            let row = rows.get(r);
            (row.class != RowClass::Same || row.inverted) && !row.unrecorded
        })
    };
    by_root.into_values().filter(|c| c.events.iter().any(diverges)).collect()
}

/// The representative of a group (union-find without ranks: there are few).
fn root(group: &[usize], mut i: usize) -> usize {
    while group[i] != i {
        i = group[i];
    }
    i
}

/// What kind of divergence a contention is, and which event stands for it.
fn draft(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    partner: &Sides<Vec<u32>>,
    contention: &Contention,
) -> Option<Cause> {
    let sides = input.columns();
    let make = |side: Side, index: EventIndex, other: Option<EventIndex>, lanes: Vec<LaneId>, kind: CauseKind| {
        Some(Cause {
            rank: 0,
            side,
            index,
            other,
            overtaken: None,
            lanes,
            kind,
            reason: String::new(),
            headline: String::new(),
            rule: String::new(),
            sureness: String::new(),
            explains: Explains { rows: 0, of: 0 },
            row: rows.row_of(side, index)?,
        })
    };
    let twin = |side: Side, e: EventIndex| Some(partner[side][e as usize]).filter(|&p| p != NONE);
    // Actual's events first: the run in question is what people look at.
    let events = || contention.events.iter().filter(|m| m.0 == Side::Actual).chain(&contention.events);
    for &(side, event) in events() {
        let Some(other) = twin(side, event) else { continue };
        let overtaken: Vec<LaneId> = (sides[side.other()].lanes_of(other).iter().copied())
            .filter(|&lane| sides[side].lanes_of(event).contains(&lane))
            .filter(|&lane| {
                replay.head(lane, side.other()).is_some_and(|ahead| {
                    let later = twin(side.other(), ahead);
                    ahead != other
                        && match later {
                            Some(later) => sides[side].lanes_of(later).contains(&lane),
                            None => rows.row_of(side.other(), ahead).is_some_and(|r| rows.get(r).unrecorded),
                        }
                })
            })
            .collect();
        let row = rows.get(rows.row_of(side, event)?);
        if !overtaken.is_empty() && (row.inverted || partner_inverted(rows, replay, side, &overtaken)) {
            let ahead = overtaken.first().and_then(|&lane| replay.head(lane, side.other()));
            return make(side, event, Some(other), overtaken, CauseKind::OrderInversion)
                .map(|cause| Cause { overtaken: ahead, ..cause });
        }
    }
    let one_sided = |side: Side| {
        contention.events.iter().find(|m| {
            m.0 == side && twin(side, m.1).is_none() && rows.row_of(side, m.1).is_some_and(|r| !rows.get(r).unrecorded)
        })
    };
    let changed = events().find(|&&(side, e)| {
        twin(side, e).is_some() && rows.row_of(side, e).is_some_and(|r| rows.get(r).class == RowClass::Changed)
    });
    match (one_sided(Side::Expected), one_sided(Side::Actual)) {
        (Some(&(_, e)), Some(&(_, a))) => {
            let shared: Vec<LaneId> =
                (sides.actual.lanes_of(a).iter().copied()).filter(|l| sides.expected.lanes_of(e).contains(l)).collect();
            let lanes = if shared.is_empty() { sides.actual.lanes_of(a).to_vec() } else { shared };
            make(Side::Actual, a, Some(e), lanes, CauseKind::EventMismatch)
        }
        (Some(&(_, e)), None) => {
            make(Side::Expected, e, None, sides.expected.lanes_of(e).to_vec(), CauseKind::MissingEvent)
        }
        (None, Some(&(_, a))) => {
            let class = rows.get(rows.row_of(Side::Actual, a)?).class;
            let kind = if class == RowClass::Duplicate { CauseKind::DuplicateEvent } else { CauseKind::ExtraEvent };
            make(Side::Actual, a, None, sides.actual.lanes_of(a).to_vec(), kind)
        }
        (None, None) => {
            let &(side, event) = changed?;
            make(side, event, twin(side, event), sides[side].lanes_of(event).to_vec(), CauseKind::EventMismatch)
        }
    }
}

/// True when what was overtaken on these lanes is itself marked as out of order: the mark may stand on either event.
fn partner_inverted(rows: &Rows, replay: &Replay, side: Side, lanes: &[LaneId]) -> bool {
    lanes.iter().any(|&lane| {
        let ahead = replay.head(lane, side.other()).and_then(|e| rows.row_of(side.other(), e));
        ahead.is_some_and(|r| rows.get(r).inverted)
    })
}

/// Measures beyond tolerance and late events never stop the replay: the first of each, where nothing else is wrong before it.
fn drifts(input: &Input<'_>, rows: &Rows, others: &[(Cause, Contention)]) -> Vec<(Cause, Contention)> {
    let sides = input.columns();
    let earliest = others.iter().map(|(c, _)| moment(rows.get(c.row))).min().unwrap_or(u32::MAX);
    let mut found: Vec<(Cause, Contention)> = Vec::new();
    for &at in rows.differences() {
        let row = rows.get(at);
        let (Some(e), Some(a)) = (row.expected, row.actual) else { continue };
        let equal = sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize];
        let kind = match row.class {
            RowClass::Changed if equal => CauseKind::ValueDrift,
            RowClass::Late => CauseKind::LateEvent,
            // Only a link forbids its order, which stops no lane.
            RowClass::Moved if others.is_empty() => CauseKind::OrderInversion,
            _ => continue,
        };
        if moment(row) > earliest || found.iter().any(|(c, _)| c.kind == kind) {
            continue;
        }
        let cause = Cause {
            rank: 0,
            side: Side::Actual,
            index: a,
            other: Some(e),
            overtaken: None,
            lanes: sides.actual.lanes_of(a).to_vec(),
            kind,
            reason: String::new(),
            headline: String::new(),
            rule: String::new(),
            sureness: String::new(),
            explains: Explains { rows: 0, of: 0 },
            row: at,
        };
        found.push((cause, Contention { events: vec![(Side::Actual, a)], by_order: false }));
    }
    found
}

/// Ties are broken by what most often begins a chain. SEMANTICS rule 22.
fn role(kind: CauseKind) -> u8 {
    match kind {
        CauseKind::OrderInversion => 0,
        CauseKind::MissingEvent => 1,
        CauseKind::EventMismatch => 2,
        CauseKind::DuplicateEvent => 3,
        CauseKind::ExtraEvent => 4,
        CauseKind::ValueDrift => 5,
        CauseKind::LateEvent => 6,
        CauseKind::Truncated => 7,
    }
}

/// Puts each cause into words: headline, reason, rule and sureness. `by_order`: what is said to follow from it does so by
/// recording order only.
fn word(input: &Input<'_>, causes: &mut [Cause], by_order: &[bool]) {
    let number = causes.len();
    for i in 0..number {
        let next = causes.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, c)| c.explains.rows).max();
        let rows = causes[i].explains.rows;
        let mut sureness = match next {
            None => "only candidate".to_owned(),
            Some(next) if i == 0 && rows >= 2 * next.max(1) => "clear".to_owned(),
            Some(_) if i == 0 => "not separated from #2".to_owned(),
            Some(_) => format!("candidate {} of {number}", i + 1),
        };
        if by_order[i] {
            sureness.push_str(", partly by order only");
        }
        let rule = match next {
            None => "nothing that differs happened before it",
            Some(_) => "nothing that differs happened before it; what explains more comes first, then what is earlier",
        };
        let cause = &mut causes[i];
        cause.sureness = sureness;
        rule.clone_into(&mut cause.rule);
        (cause.headline, cause.reason) = words(input, cause);
        if by_order[i] {
            cause
                .reason
                .push_str(" Several lanes part at this place; that they belong together is told by their order only.");
        }
    }
}

fn words(input: &Input<'_>, cause: &Cause) -> (String, String) {
    let this = name_event(input, cause.side, cause.index);
    let other = cause.other.map(|o| name_event(input, cause.side.other(), o));
    let lane = cause.lanes.first().map_or("", |&l| input.names.lanes[l as usize].as_str());
    let (i, side) = (cause.index, cause.side);
    let overtaken = cause.overtaken.map(|at| (name_event(input, side.other(), at), at));
    let (headline, what) = match cause.kind {
        CauseKind::OrderInversion => match overtaken {
            Some((ahead, at)) => (
                format!("{this} overtook {ahead} on {lane}"),
                format!(
                    "On {lane}, {side} #{i} {this} comes before {ahead}, which {} has first (#{at}).",
                    side.other()
                ),
            ),
            None => {
                (format!("{this} out of order on {lane}"), format!("On {lane}, {side} #{i} {this} is out of order."))
            }
        },
        CauseKind::MissingEvent => {
            (format!("{this} never happened"), format!("On {lane}, expected #{i} {this} has no counterpart in actual."))
        }
        CauseKind::ExtraEvent => (
            format!("{this} is not expected"),
            format!("On {lane}, actual #{i} {this} has no counterpart in expected."),
        ),
        CauseKind::DuplicateEvent => (
            format!("{this} happened again"),
            format!("On {lane}, actual #{i} {this} is there once more; expected has it once."),
        ),
        CauseKind::EventMismatch => match (&other, cause.other) {
            (Some(other), Some(_)) if *other == this => (
                format!("{this} differs"),
                format!("On {lane}, {side} #{i} {this} has other values than its counterpart in {}.", side.other()),
            ),
            (Some(other), Some(at)) => (
                format!("{this} instead of {other}"),
                format!("On {lane}, expected goes on with #{at} {other}, actual with #{i} {this}."),
            ),
            _ => (format!("{this} differs"), format!("On {lane}, {side} #{i} {this} differs.")),
        },
        CauseKind::LateEvent => (format!("{this} is late"), format!("On {lane}, actual #{i} {this} is late.")),
        CauseKind::ValueDrift => {
            (format!("{this} drifts"), format!("On {lane}, a measure of actual #{i} {this} is beyond its tolerance."))
        }
        CauseKind::Truncated => (format!("ends at {this}"), format!("On {lane}, {side} ends at #{i} {this}.")),
    };
    let Explains { rows, of } = cause.explains;
    let effect = match (rows, of) {
        (_, 0) => "Nothing differs after it.".to_owned(),
        (rows, of) => {
            format!("It explains {} of {} later differing rows.", grouped(rows.into()), grouped(of.into()))
        }
    };
    let reason = format!("{what} Nothing that differs happened before it on any lane it touches. {effect}");
    (headline, reason)
}
