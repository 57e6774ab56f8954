//! Which files of a pack are its two sides. SEMANTICS: rules 4 and 5.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::listing::{Entry, Listing, skipped};
use super::look::{Kind, Seen, Unseen, look};
use super::manifest::{self, Manifest};
use super::words::{side_hint, side_hints};
use super::{Candidate, Found, OpenError, Pack, Recording, save};
use crate::spec::Overrides;
use crate::trace::{Side, Sides, Warning, WarningKind, Warnings, escape, grouped};

/// Files that stand beside recordings and are none, though some hold lists of objects.
const NO_RECORDINGS: &[&str] = &["expected-answer.json", "metadata.json", "target.json", "truth.json"];

/// What one folder of a pack holds.
#[derive(Debug, Default)]
struct Group {
    manifest: Manifest,
    notes: Option<String>,
    seen: Vec<Seen>,
    /// The sides, where they are clear.
    sides: Option<Sides<Option<Recording>>>,
    /// The sides of packs in folders of it, as those describe them.
    described: Vec<Candidate>,
    /// What is said of the packs in folders of it, by the folder.
    manifests: BTreeMap<String, Arc<Manifest>>,
    warnings: Warnings,
}

impl Group {
    /// True where it says itself what its sides are, or is: the files of such a folder were not looked at.
    fn is_described(&self) -> bool {
        self.seen.is_empty() && self.sides.is_some()
    }
}

/// A side of a described pack among several packs.
fn described(sides: &Sides<Option<Recording>>, side: Side) -> Option<Candidate> {
    let recording = sides[side].clone()?;
    Some(Candidate { name: recording.label.clone(), recording, hint: Some(side), described: None })
}

/// Finds the sides in a listing.
pub fn find(mut listing: Listing) -> Result<Found, OpenError> {
    let mut folders: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in std::mem::take(&mut listing.entries) {
        folders.entry(entry.folder().to_owned()).or_default().push(entry);
    }
    let own = group(&folders.remove("").unwrap_or_default())?;
    if own.sides.is_some() || folders.is_empty() {
        return settle(listing, own);
    }
    let mut groups: Vec<Group> = folders.values().map(|entries| group(entries)).collect::<Result<_, _>>()?;
    let paired = groups.iter().filter(|g| is_pair(g)).count();
    // A recording that is described alone is one beside nothing, too.
    let lone = paired == 0 && groups.iter().filter(|g| g.sides.is_some() || !g.seen.is_empty()).count() == 1;
    let only = groups.iter().position(|g| if lone { g.is_described() } else { is_pair(g) });
    if let Some(at) = only.filter(|_| (paired == 1 || lone) && own.seen.is_empty()) {
        let mut only = groups.swap_remove(at);
        only.warnings.extend(own.warnings);
        for other in &groups {
            let sides = other.sides.iter().filter(|_| other.is_described());
            let names = sides.flat_map(|sides| Side::BOTH.into_iter().filter_map(|side| described(sides, side)));
            let names = names.map(|other| other.name).chain(other.seen.iter().map(|seen| seen.name.clone()));
            names.for_each(|name| only.warnings.push(beside(&name)));
        }
        return settle(listing, only);
    }
    let mut all = own;
    for (folder, mut group) in folders.into_keys().zip(groups) {
        if let Some(sides) = group.sides.as_ref().filter(|_| group.is_described()) {
            all.described.extend(Side::BOTH.into_iter().filter_map(|side| described(sides, side)));
        }
        group.manifest.notes = group.manifest.notes.or(group.notes);
        all.manifests.insert(folder, Arc::new(group.manifest));
        all.seen.extend(group.seen);
        all.warnings.extend(group.warnings);
    }
    if paired == 0 && all.described.is_empty() {
        pair_up(&mut all);
    }
    settle(listing, all)
}

/// What a single file holds, that was named itself.
pub fn one(path: PathBuf, title: String, seen: Seen) -> Result<Found, OpenError> {
    if seen.kind == Kind::Empty {
        return Err(OpenError::new(path, "It is empty.", "Check that the recording was written."));
    }
    let mut group = Group { seen: vec![seen], ..Group::default() };
    pair_up(&mut group);
    settle(Listing { path, title, entries: Vec::new(), warnings: Warnings::default() }, group)
}

fn is_pair(group: &Group) -> bool {
    group.sides.as_ref().is_some_and(|sides| sides.expected.is_some() && sides.actual.is_some())
}

/// True when the name of a file does not say that it is something else that stands beside recordings: a report, notes,
/// decisions of ours.
pub fn may_be_recording(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let other = name == manifest::FILE
        || name.contains(save::BESIDE)
        || NO_RECORDINGS.contains(&name.as_str())
        || name.ends_with("_report.json")
        || name.strip_suffix(".md").is_some();
    !other
}

/// Looks at the files of one folder and pairs them.
fn group(entries: &[Entry]) -> Result<Group, OpenError> {
    let mut group = Group::default();
    if let Some(entry) = entries.iter().find(|e| e.file_name() == manifest::FILE) {
        group.manifest = manifest::read(entry, &mut group.warnings);
        if let Some(sides) = manifest::sides(&group.manifest, entries, entry, &mut group.warnings) {
            group.sides = Some(sides);
        }
    }
    for entry in entries {
        let name = entry.file_name().to_ascii_lowercase();
        // Files of ours that were put aside are no recordings either.
        if name == manifest::FILE || name.contains(save::BESIDE) {
            continue;
        }
        if name == "readme.md" || name == "notes.md" {
            group.notes = manifest::notes(entry);
            continue;
        }
        if group.sides.is_some() {
            continue;
        }
        if !may_be_recording(&name) {
            group.warnings.push(skipped(&entry.name, "It is no recording by its name, and was set aside.", ""));
            continue;
        }
        match entry.source().map_err(Unseen::Trouble).and_then(|source| look(&entry.name, &source)) {
            Ok(seen) => group.seen.push(seen),
            Err(Unseen::NoRecording(why)) => {
                group.warnings.push(skipped(&entry.name, format!("{} It was set aside.", why.what), ""));
            }
            // Without a side that is there but cannot be read, the rest would look like a whole incident.
            Err(Unseen::Trouble(error)) if side_hint(entry.file_name()).is_some() => return Err(error),
            Err(Unseen::Trouble(error)) => group.warnings.push(skipped(&entry.name, error.what, &error.remedy)),
        }
    }
    if group.sides.is_none() {
        set_doubtful_aside(&mut group);
        pair_up(&mut group);
    }
    Ok(group)
}

/// Sets files aside that may be no recordings, unless their names make them one of the sides.
fn set_doubtful_aside(group: &mut Group) {
    let hints = side_hints(group.seen.iter().map(|s| s.name.as_str()));
    for (seen, hint) in std::mem::take(&mut group.seen).into_iter().zip(hints) {
        match (seen.kind, hint) {
            (Kind::Empty, None) => group.warnings.push(skipped(&seen.name, "It is empty, and was set aside.", "")),
            (Kind::Doubtful, None) => {
                let what = "It does not look like a recording, and was set aside.";
                group.warnings.push(skipped(&seen.name, what, "Name the file itself to read it."));
            }
            (kind, _) => {
                if kind == Kind::Empty {
                    group.warnings.push(empty(&seen.name));
                }
                group.seen.push(seen);
            }
        }
    }
}

/// Sets the sides of a group where its files make them clear.
fn pair_up(group: &mut Group) {
    if let [only] = group.seen.as_slice() {
        let recordings = only.recordings();
        group.sides = match recordings.as_slice() {
            [lone] => Some(Sides::new(None, Some(lone.recording.clone()))),
            several => pair(several),
        };
        if let (true, Some(sides)) = (recordings.len() > 1, &group.sides)
            && let Some((records, field)) = only.beside(sides)
        {
            let records = grouped(records as u64);
            let what =
                format!("Records with another `{field}` than the pair's, or with none: {records}. They were left out.");
            let remedy = "Choose another trace with --expected or --actual to compare it.";
            group.warnings.push(skipped(&only.name, what, remedy));
        }
        return;
    }
    let whole = candidates(&group.seen, Seen::whole);
    group.sides = pair(&whole);
    if group.sides.is_some() {
        for other in whole.iter().filter(|c| c.hint.is_none()) {
            group.warnings.push(beside(&other.name));
        }
    }
}

/// The files as candidates, with the sides that their names suggest when read together.
fn candidates(seen: &[Seen], of: impl Fn(&Seen) -> Candidate) -> Vec<Candidate> {
    let hints = side_hints(seen.iter().map(|s| s.name.as_str()));
    seen.iter().zip(hints).map(|(s, hint)| Candidate { hint, ..of(s) }).collect()
}

/// The warning about a side without a record.
pub fn empty(name: &str) -> Warning {
    let what = "It is empty: nothing was recorded.";
    Warning { kind: WarningKind::Note, ..skipped(name, what, "Check that the recording was written.") }
}

fn beside(name: &str) -> Warning {
    let remedy = "Choose it with --expected or --actual to compare it.";
    skipped(name, "It is another recording beside the pair, and was set aside.", remedy)
}

/// The two sides, if there is exactly one candidate for each.
fn pair(candidates: &[Candidate]) -> Option<Sides<Option<Recording>>> {
    let only = |side: Side| {
        let mut of = candidates.iter().filter(|c| c.hint == Some(side));
        Some(of.next()?.recording.clone()).filter(|_| of.next().is_none())
    };
    Some(Sides::new(Some(only(Side::Expected)?), Some(only(Side::Actual)?)))
}

/// The result for what a group holds.
fn settle(listing: Listing, group: Group) -> Result<Found, OpenError> {
    let Listing { path, title, warnings, .. } = listing;
    let Group { manifest, notes, seen, sides, described, manifests, warnings: more } = group;
    let own_title = match seen.as_slice() {
        [only] => only.title.clone(),
        _ => None,
    };
    let mut pack = Box::new(Pack {
        title: manifest.title.or(own_title).unwrap_or(title),
        story: manifest.story,
        notes: manifest.notes.or(notes),
        path,
        sides: Sides::default(),
        overrides: manifest.spec.unwrap_or_else(Overrides::default),
        warnings,
    });
    pack.warnings.extend(more);
    for seen in &seen {
        pack.warnings.extend(seen.warnings.clone());
    }
    if let Some(sides) = sides {
        pack.sides = sides;
        return Ok(Found::Ready(pack));
    }
    if seen.is_empty() && described.is_empty() {
        let looked = pack.warnings.as_slice().iter().take(3).map(|w| {
            let what = w.what.strip_suffix(" It was set aside.").unwrap_or(&w.what);
            format!(" {}: {what}", escape(&w.file))
        });
        let what = format!("There is no recording in it.{}", looked.collect::<String>());
        let remedy =
            "Give a folder, archive or file with JSON objects, one a line or in an array, plain or compressed.";
        return Err(OpenError::new(&pack.path, what, remedy));
    }
    let mut candidates = expanded(&seen);
    candidates.extend(described);
    candidates.sort_by(|a, b| a.name.cmp(&b.name));
    for candidate in &mut candidates {
        let holds = |folder: &str| candidate.name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        // The longest of several folders that hold it is the one that it stands in.
        candidate.described = manifests.iter().rev().find(|(folder, _)| holds(folder)).map(|(_, of)| Arc::clone(of));
    }
    let why = why(&pack.path.to_string_lossy(), &candidates);
    Ok(Found::Choose { pack, candidates, why })
}

/// Every recording that could be a side: files, and the traces in those that hold a pair.
pub fn expanded(seen: &[Seen]) -> Vec<Candidate> {
    if let [only] = seen {
        return only.recordings();
    }
    let mut all = Vec::new();
    for whole in candidates(seen, Seen::whole).into_iter().zip(seen) {
        let (candidate, seen) = whole;
        let inner = seen.recordings();
        if pair(&inner).is_some() { all.extend(inner) } else { all.push(candidate) }
    }
    all
}

/// Why the sides are not clear.
fn why(path: &str, candidates: &[Candidate]) -> String {
    let count = |side: Side| candidates.iter().filter(|c| c.hint == Some(side)).count();
    let what = match (count(Side::Expected), count(Side::Actual)) {
        (0, 0) => "no name says which is expected and which is actual".to_owned(),
        (0, _) => "no name says which is expected".to_owned(),
        (_, 0) => "no name says which is actual".to_owned(),
        (e, a) => format!("{e} are named like expected and {a} like actual"),
    };
    format!("{} holds {} recordings, and {what}.", escape(path), candidates.len())
}
