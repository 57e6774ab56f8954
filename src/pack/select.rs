//! The sides that a person chose, over those that names suggest.

use std::sync::Arc;

use super::look::look;
use super::open::{listing, measure};
use super::{Candidate, Found, OpenError, Pack};
use crate::ingest::Request;
use crate::spec::Overrides;
use crate::trace::{Side, Sides};

/// Names listed in an error before the rest is counted.
const LISTED: usize = 20;

/// The pack with these two recordings as its sides. Where both are of one described pack among several, what that says holds;
/// decisions that were saved about all of them come first.
pub fn choose(mut pack: Pack, expected: &Candidate, actual: &Candidate) -> Pack {
    if let (Some(described), Some(other)) = (&expected.described, &actual.described)
        && Arc::ptr_eq(described, other)
    {
        pack.title = described.title.clone().unwrap_or(pack.title);
        pack.story = described.story.clone().or(pack.story);
        pack.notes = described.notes.clone().or(pack.notes);
        // What kind of telemetry it is was decided by nobody.
        let kind = pack.overrides.kind.clone().filter(|kind| kind == Request::KIND);
        if pack.overrides == (Overrides { kind: kind.clone(), ..Overrides::default() }) {
            let spec = described.spec.clone().unwrap_or_default();
            pack.overrides = Overrides { kind: spec.kind.clone().or(kind), ..spec };
        }
    }
    pack.sides = Sides::new(Some(expected.recording.clone()), Some(actual.recording.clone()));
    measure(&mut pack);
    pack
}

/// The pack with the sides that a person named, whatever their names suggest: by a candidate's name, a file's name inside
/// the pack, or the id of a trace.
///
/// # Errors
/// When a name is none of the candidates', as a sentence that lists them.
pub fn select(found: &Found, expected: Option<&str>, actual: Option<&str>) -> Result<Pack, OpenError> {
    let (pack, mut offered) = match found {
        Found::Choose { pack, candidates, .. } => (pack, candidates.clone()),
        Found::Ready(pack) => (pack, of_sides(pack)),
    };
    let known = |name: &str| offered.iter().any(|c| fits(c, name));
    if !expected.is_none_or(known) || !actual.is_none_or(known) {
        offered.extend(everything(pack));
    }
    let chosen = |name: Option<&str>, side| name.map(|name| named(pack, &offered, name, side)).transpose();
    let picked = Sides::new(chosen(expected, Side::Expected)?, chosen(actual, Side::Actual)?);
    let other = |side: Side| rest(pack, found, picked[side.other()]?, side);
    let sides = Sides::new(
        picked.expected.cloned().or_else(|| other(Side::Expected)),
        picked.actual.cloned().or_else(|| other(Side::Actual)),
    );
    match (&sides.expected, &sides.actual) {
        (Some(expected), Some(actual)) => Ok(choose((**pack).clone(), expected, actual)),
        (None, None) => Ok((**pack).clone()),
        (expected, actual) if matches!(found, Found::Ready(_)) => {
            let mut pack = (**pack).clone();
            pack.sides = Sides::new(expected.as_ref(), actual.as_ref()).map(|c| c.map(|c| c.recording.clone()));
            Ok(pack)
        }
        (expected, _) => {
            let missing = if expected.is_none() { Side::Expected } else { Side::Actual };
            let what = format!("It is not clear which recording is {missing}. {}", listed(&offered));
            Err(OpenError::new(&pack.path, what, format!("Say it with --{missing}.")))
        }
    }
}

/// The recording for the side that was not named, beside the one that was.
fn rest(pack: &Pack, found: &Found, picked: &Candidate, side: Side) -> Option<Candidate> {
    let free = |c: &&Candidate| c.name != picked.name;
    match found {
        Found::Ready(_) => {
            let own = of_sides(pack);
            // Whoever names one side's recording as the other side swaps them.
            let swapped = pack.sides[side].as_ref().is_some_and(|r| r.label == picked.name);
            let from = if swapped { side.other() } else { side };
            own.into_iter().find(|c| c.hint == Some(from)).filter(|c| free(&c))
        }
        Found::Choose { candidates, .. } => {
            let only = |of: &mut dyn Iterator<Item = &Candidate>| of.next().filter(|_| of.next().is_none()).cloned();
            only(&mut candidates.iter().filter(free))
                .or_else(|| only(&mut candidates.iter().filter(free).filter(|c| c.hint == Some(side))))
        }
    }
}

/// True when a person may mean this candidate by `name`.
fn fits(candidate: &Candidate, name: &str) -> bool {
    let own = candidate.name.as_str();
    own == name
        || own.rsplit_once('#').is_some_and(|(_, trace)| trace == name)
        || own.rsplit_once('/').is_some_and(|(_, file)| file == name)
}

/// The candidate that `name` means: its full name first, then one that stands on this side already.
fn named<'c>(pack: &Pack, offered: &'c [Candidate], name: &str, side: Side) -> Result<&'c Candidate, OpenError> {
    if let Some(exact) = offered.iter().find(|c| c.name == name) {
        return Ok(exact);
    }
    let fitting: Vec<&Candidate> = offered.iter().filter(|c| fits(c, name)).collect();
    let mut own = fitting.iter().filter(|c| c.hint == Some(side));
    let (what, remedy) = match (fitting.as_slice(), own.next(), own.next()) {
        ([only], ..) => return Ok(only),
        ([], ..) => (format!("There is no recording \"{name}\" in it. {}", listed(offered)), "Name one of these."),
        (_, Some(own), None) => return Ok(own),
        (several, ..) => {
            let names: Vec<&str> = several.iter().map(|c| c.name.as_str()).collect();
            (format!("\"{name}\" may mean {}.", names.join(" or ")), "Name it in full.")
        }
    };
    Err(OpenError::new(&pack.path, what, remedy))
}

/// What there is, as a sentence.
fn listed(offered: &[Candidate]) -> String {
    let mut names: Vec<&str> = offered.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("There is: {}{more}.", names.join(", "))
}

/// The recordings of a pack whose sides are clear.
fn of_sides(pack: &Pack) -> Vec<Candidate> {
    let of = |side: Side| {
        let recording = pack.sides[side].clone()?;
        Some(Candidate { name: recording.label.clone(), recording, hint: Some(side), described: None })
    };
    Side::BOTH.into_iter().filter_map(of).collect()
}

/// Every file and every trace in the pack's sides and in its folder or archive.
fn everything(pack: &Pack) -> Vec<Candidate> {
    let mut all = Vec::new();
    for side in Side::BOTH {
        let Some(source) = pack.sides[side].as_ref().map(|r| Arc::clone(&r.source)) else { continue };
        let Ok(seen) = look(&source.name, &source) else { continue };
        all.extend(std::iter::once(seen.whole()).chain(seen.traces()).map(|c| Candidate { hint: Some(side), ..c }));
    }
    let entries = listing(&pack.path).ok().flatten().map(|listing| listing.entries).unwrap_or_default();
    for entry in entries {
        let Ok(seen) = entry.source().map_err(drop).and_then(|source| look(&entry.name, &source).map_err(drop)) else {
            continue;
        };
        all.extend(std::iter::once(seen.whole()).chain(seen.traces()));
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup_by(|b, a| a.name == b.name);
    all
}
