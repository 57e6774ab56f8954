//! A pair whose recordings grow: what was appended costs what was appended, and the whole answer is the one that a
//! [`super::Session`] gives for the same bytes.
//!
//! A [`Live`] reads on where it stopped and pushes what it read through reader, tokenizer and lock step. What it then knows
//! ([`Standing`]) is up to date; rows, causes and words are made on demand by [`Live::snapshot`], from the columns that are
//! there, without reading a file again.
//!
//! The spec stays what a batch would infer: while a side has fewer events than a sample holds, it is inferred again each time
//! the sample has grown by a sixteenth, and always for a snapshot; where that changes a rule, both sides are tokenized again
//! (SEMANTICS rule 10). From then on it is fixed.

use std::sync::Arc;

use super::Analysis;
use super::comparable;
use super::growing::{Growing, Rebuilt};
use super::session::{Progress, Read, Trouble, conclude};
use super::waveform;
use crate::compare::{Lockstep, Pushed, Stand, Standing, Verdict};
use crate::pack::{OpenError, Pack, Recording, nothing_in};
use crate::spec::{FieldSpec, GAP, Gathered, Shared, Spec, infer_unless};
use crate::trace::{Columns, EventIndex, Side, Sides, Sink as _, Trace, Warnings};

/// The spec is inferred again when a side's sample has grown by this part of it.
const GROWN: usize = 16;
/// Where it takes all events to order or to name one: up to this many, all are gone through whenever one comes (a millisecond
/// or two); of more, when they have grown by a sixteenth, which keeps what an event costs in all below that of reading it twice.
const FEW: usize = 1_000;

/// What a refresh found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Update {
    /// Events that came to each side; all of them where it was read again.
    pub appended: Sides<u32>,
    /// The sides that were read again from their beginnings, and why.
    pub rebuilt: Sides<Option<Rebuilt>>,
    /// True when all events were put in order again, because the order or the names of events are known only from all of them
    /// (spans ordered by their start, ids that are renamed). No file was read again for it.
    pub reordered: bool,
    /// Events of each side that `standing` does not know of yet, because of that. [`Live::catch_up`] or a snapshot tells.
    pub behind: Sides<u32>,
    /// Visits of an event to a lane that this took: what it cost, without a clock.
    pub visited: u64,
    /// How the sides stand now.
    pub standing: Standing,
}

/// Both sides, followed as they grow.
#[derive(Debug)]
pub struct Live {
    pack: Arc<Pack>,
    sides: Sides<Option<Growing>>,
    spec: Spec,
    /// What its samples say about whether the sides may be compared.
    judged: Warnings,
    /// Sampled events of each side that the spec was inferred from.
    inferred_from: Sides<Option<usize>>,
    ended: Sides<bool>,
    lockstep: Lockstep,
    /// True when the lock step must start again.
    restart: bool,
    shared: Shared,
    lane_maps: Sides<Vec<u32>>,
    /// The traces in their final order, where that takes all events.
    ordered: Option<Sides<Trace>>,
    standing: Standing,
    /// What the last update told: how many events, and what happened since that it did not tell.
    told: Sides<u32>,
    rebuilt: Sides<Option<Rebuilt>>,
}

impl Live {
    /// Reads what is there. A side that cannot grow (compressed, piped, in an archive) is read as it is.
    ///
    /// # Errors
    /// When a side cannot be read, or the progress says to stop.
    pub fn open(pack: Pack, progress: &dyn Progress) -> Result<Self, Trouble> {
        if waveform::concerns(&pack) {
            return Err(Trouble::Open(OpenError {
                path: pack.path,
                what: "A waveform is not followed as it grows.".to_owned(),
                remedy: "Open it again when it has grown.".to_owned(),
            }));
        }
        let spec = Spec::default();
        let start = |side: Side| {
            pack.sides[side].as_ref().map(|recording| Growing::start(recording, &spec, progress)).transpose()
        };
        let mut live = Self {
            sides: Sides::new(start(Side::Expected)?, start(Side::Actual)?),
            pack: Arc::new(pack),
            spec,
            judged: Warnings::default(),
            inferred_from: Sides::default(),
            ended: Sides::default(),
            lockstep: Lockstep::new(),
            restart: true,
            shared: Shared::default(),
            lane_maps: Sides::default(),
            ordered: None,
            standing: Standing::default(),
            told: Sides::default(),
            rebuilt: Sides::default(),
        };
        live.infer(false, progress)?;
        live.refresh(progress)?;
        Ok(live)
    }

    /// Says that a side will grow no more (or that it may again): what waits for it then waits in vain.
    pub fn set_ended(&mut self, side: Side, ended: bool) {
        self.ended[side] = ended;
        // What the lock step knows may be of files that are no more; the next refresh tells.
        if !self.restart {
            self.standing = self.stand();
        }
    }

    /// Takes in what became of the files since the last time. After an error, what could not be taken in is tried again by
    /// the next call.
    ///
    /// # Errors
    /// When a side cannot be read (it may be gone for a moment), or the progress says to stop.
    pub fn refresh(&mut self, progress: &dyn Progress) -> Result<Update, Trouble> {
        self.look(Growing::look, progress)?;
        for growing in [&mut self.sides.expected, &mut self.sides.actual].into_iter().flatten() {
            growing.read(progress)?;
        }
        if self.spec_is_due() {
            self.infer(false, progress)?;
        }
        let (reordered, visited) = self.advance(false, progress)?;
        let rebuilt = std::mem::take(&mut self.rebuilt);
        let events = self.events();
        let appended = |side: Side| events[side] - if rebuilt[side].is_some() { 0 } else { self.told[side] };
        let appended = Sides::new(appended(Side::Expected), appended(Side::Actual));
        self.told = events;
        Ok(Update { appended, rebuilt, reordered, behind: self.behind(), visited, standing: self.standing })
    }

    /// Brings the standing up to all events that were read, where a refresh put that off: it goes through all of them.
    ///
    /// # Errors
    /// When the progress says to stop.
    pub fn catch_up(&mut self, progress: &dyn Progress) -> Result<Standing, Trouble> {
        self.advance(true, progress)?;
        Ok(self.standing)
    }

    /// How many events were read.
    pub fn events(&self) -> Sides<u32> {
        self.sides.as_ref().map(|s| s.as_ref().map_or(0, |s| s.gathered().columns.len() as u32))
    }

    /// What was read of a side's whole records.
    pub(super) fn gathered(&self, side: Side) -> Option<&Gathered> {
        self.sides[side].as_ref().map(Growing::gathered)
    }

    /// The recordings, with their files as far as they were read.
    pub fn recordings(&self) -> Sides<Option<Recording>> {
        self.sides.as_ref().map(|side| side.as_ref().map(Growing::recording))
    }

    /// How an event stands in the lock step; `None` where that has the events in another order than their file.
    pub(super) fn stand_of(&self, side: Side, event: EventIndex) -> Option<Stand> {
        if self.ordered.is_some() { None } else { self.lockstep.stand(side, event) }
    }

    /// How many bytes of each side were read, with those of a record that has no end yet.
    pub fn bytes(&self) -> Sides<u64> {
        self.sides.as_ref().map(|s| s.as_ref().map_or(0, Growing::position))
    }

    /// How many of them the standing does not know of.
    fn behind(&self) -> Sides<u32> {
        let (events, seen) = (self.events(), self.lockstep.seen());
        Sides::new(events.expected.saturating_sub(seen.expected), events.actual.saturating_sub(seen.actual))
    }

    /// How the sides stand, as of the last refresh.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The comparison spec, as of the last refresh.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// True while more events may change what the fields are for.
    pub fn spec_is_open(&self) -> bool {
        Side::BOTH
            .into_iter()
            .any(|side| !self.ended[side] && self.sides[side].as_ref().is_some_and(|s| !s.is_sampled()))
    }

    /// The whole analysis of what was read, as a [`super::Session`] makes it of the same bytes; only marked as provisional
    /// where more events may change it. A last line without its end counts as in a file that ends there.
    ///
    /// # Errors
    /// When a file was rewritten meanwhile and cannot be read again, or the progress says to stop.
    pub fn snapshot(&mut self, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        let analysis = self.finish(progress)?;
        Ok(Analysis { provisional: self.standing.provisional || self.spec_is_open(), ..analysis })
    }

    /// The whole analysis of what was read, as if no more came.
    ///
    /// # Errors
    /// As [`Self::snapshot`].
    pub fn finish(&mut self, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        self.freeze(progress)?.finish(progress)
    }

    /// What was read, as if no more came: a copy of it, from which the whole answer is made while this goes on to grow.
    ///
    /// # Errors
    /// As [`Self::snapshot`].
    pub fn freeze(&mut self, progress: &dyn Progress) -> Result<Frozen, Trouble> {
        if self.look(Growing::look_closely, progress)? {
            for growing in [&mut self.sides.expected, &mut self.sides.actual].into_iter().flatten() {
                growing.read(progress)?;
            }
        }
        let full = |side: Side| {
            self.sides[side].as_ref().is_none_or(|s| Some(s.sampled()) == self.inferred_from[side] && s.is_sampled())
        };
        if !(full(Side::Expected) && full(Side::Actual)) {
            self.infer(true, progress)?;
        }
        self.advance(false, progress)?;
        let sides = self.sides.as_ref().map(Option::as_ref);
        Ok(Frozen {
            pack: Pack { sides: self.recordings(), ..(*self.pack).clone() },
            spec: self.spec.clone(),
            sides: sides.map(|s| s.map(Growing::as_it_ends)),
            warnings: self.warnings(),
        })
    }

    /// What the pack says of its sides as they are now, and what the samples say.
    fn warnings(&self) -> Warnings {
        let recordings = Side::BOTH.map(|side| self.pack.sides[side].as_ref().map(nothing_in));
        let mut warnings = Warnings::default();
        for (side, nothing) in Side::BOTH.into_iter().zip(&recordings) {
            if self.sides[side].as_ref().is_some_and(Growing::is_empty) {
                warnings.extend(nothing.iter().cloned());
            }
        }
        let others = self.pack.warnings.as_slice().iter().filter(|w| !recordings.iter().flatten().any(|n| n == *w));
        warnings.extend(others.cloned());
        warnings.extend(self.judged.clone());
        warnings
    }

    /// Starts the sides again that must be. True when there was one.
    fn look(
        &mut self,
        look: fn(&mut Growing) -> Result<Option<Rebuilt>, Trouble>,
        progress: &dyn Progress,
    ) -> Result<bool, Trouble> {
        let mut found = false;
        for side in Side::BOTH {
            let Some(growing) = &mut self.sides[side] else { continue };
            if let Some(why) = look(growing)? {
                *growing = growing.again(&self.spec, progress)?;
                self.rebuilt[side] = Some(why);
                self.inferred_from[side] = None;
                (self.restart, found) = (true, true);
            }
        }
        Ok(found)
    }

    /// True when a sample has grown so much that it may say something else.
    fn spec_is_due(&self) -> bool {
        Side::BOTH.into_iter().any(|side| {
            let Some(growing) = &self.sides[side] else { return false };
            self.inferred_from[side].is_none_or(|before| growing.sampled() > before + before / GROWN)
        })
    }

    /// Infers the spec. Where that changes a rule, both sides are read again by the new ones.
    fn infer(&mut self, as_it_ends: bool, progress: &dyn Progress) -> Result<(), Trouble> {
        let samples = self.sides.as_ref().map(|s| s.as_ref().map(|s| s.sample(as_it_ends)));
        let inferred_from = samples.as_ref().map(|s| s.as_ref().map(|s| s.len()));
        let samples = samples.as_ref().map(|s| s.as_ref().map(AsRef::as_ref));
        let cancelled = || progress.cancelled();
        let spec = infer_unless(samples, &self.pack.overrides, &cancelled).ok_or(Trouble::Cancelled)?;
        self.judged = Warnings::default();
        comparable::judge(samples, &spec, &mut self.judged);
        if rules(&spec) != rules(&self.spec) {
            // Until both sides know the new rules, no rules hold.
            (self.spec, self.inferred_from, self.restart) = (Spec::default(), Sides::default(), true);
            for side in Side::BOTH {
                if let Some(growing) = &mut self.sides[side] {
                    growing.tell(&spec)?;
                    self.rebuilt[side].get_or_insert(Rebuilt::Spec);
                }
            }
        }
        (self.spec, self.inferred_from) = (spec, inferred_from);
        for growing in [&mut self.sides.expected, &mut self.sides.actual].into_iter().flatten() {
            growing.read(progress)?;
        }
        Ok(())
    }

    /// Brings the lock step up to what was read; where that takes all events, when it is due or `now`. Whether all were put in
    /// order again, and the visits that it took.
    fn advance(&mut self, now: bool, progress: &dyn Progress) -> Result<(bool, u64), Trouble> {
        let needs_all = self.spec.plan_needs_all();
        if needs_all && !self.restart {
            let both = |of: Sides<u32>| of.expected as usize + of.actual as usize;
            let (seen, behind) = (both(self.lockstep.seen()), both(self.behind()));
            let due = now || self.ended == Sides::new(true, true) || seen <= FEW || behind > seen / GROWN;
            if behind == 0 || !due {
                self.standing = self.stand();
                return Ok((false, 0));
            }
            self.restart = true;
        }
        if self.restart {
            (self.lockstep, self.shared, self.lane_maps) = (Lockstep::new(), Shared::default(), Sides::default());
            self.ordered = None;
        }
        if needs_all {
            let mut shared = Shared::default();
            let mut trace = |side: &Option<Growing>| {
                side.as_ref().map_or_else(Trace::default, |s| shared.finish(s.gathered().clone(), &self.spec, false))
            };
            self.ordered = Some(Sides::new(trace(&self.sides.expected), trace(&self.sides.actual)));
        } else {
            for side in Side::BOTH {
                if let Some(growing) = &self.sides[side] {
                    self.shared.map_lanes(growing.gathered(), &mut self.lane_maps[side]);
                }
            }
        }
        let nothing = Columns::default();
        let before = self.lockstep.visited();
        let mut lockstep = std::mem::take(&mut self.lockstep);
        let measures = |side: Side| match (&self.ordered, &self.sides[side]) {
            (Some(ordered), _) => ordered[side].measures.as_slice(),
            (None, Some(growing)) => &growing.gathered().measures,
            (None, None) => &[],
        };
        let measures = Sides::new(measures(Side::Expected), measures(Side::Actual));
        let pushed = self.pushed(&nothing);
        let went_on = lockstep.push(pushed, measures, &self.spec, &|| progress.cancelled());
        self.lockstep = lockstep;
        self.restart = !went_on;
        if !went_on {
            return Err(Trouble::Cancelled);
        }
        self.standing = self.stand();
        Ok((needs_all, self.lockstep.visited() - before))
    }

    /// Both sides' events; `nothing` for a side that is not there.
    fn pushed<'a>(&'a self, nothing: &'a Columns) -> Sides<Pushed<'a>> {
        let pushed = |side: Side| {
            let (columns, lane_map) = match (&self.ordered, &self.sides[side]) {
                (Some(ordered), _) => (&ordered[side].events, None),
                (None, Some(growing)) => (&growing.gathered().columns, Some(self.lane_maps[side].as_slice())),
                (None, None) => (nothing, None),
            };
            Pushed { columns, lane_map, ended: self.ended[side] }
        };
        Sides::new(pushed(Side::Expected), pushed(Side::Actual))
    }

    fn stand(&self) -> Standing {
        let mut standing = self.lockstep.standing(self.pushed(&Columns::default()), &self.spec);
        let gaps = self.pack.overrides.tolerance.iter().any(|(path, _)| path == GAP);
        if matches!(standing.verdict, Some(Verdict::Equivalent | Verdict::Truncated)) {
            // What is late no lane knows: only a snapshot does, and until it is over nobody needs to.
            let timed = self.spec.unit.is_some();
            let over = self.ended == Sides::new(true, true);
            standing.verdict = standing.verdict.filter(|_| !(gaps || timed && over));
            standing.provisional |= timed && !over;
        }
        if !self.pack.overrides.pairs.is_empty() {
            // What a person decided about pairs only a snapshot knows. It never brings together what has parted.
            let settled = matches!(standing.verdict, Some(Verdict::Diverged | Verdict::Incomparable));
            standing.verdict = standing.verdict.filter(|_| settled);
            standing.certain = Sides::default();
        }
        if self.spec.plan_needs_all() && (self.ended != Sides::new(true, true) || self.behind() != Sides::default()) {
            // A span that ends later may have begun before all others; an id is known by all that it does.
            (standing.provisional, standing.certain) = (true, Sides::default());
        }
        standing
    }
}

/// What was read of both sides at one time.
#[derive(Debug)]
pub struct Frozen {
    pack: Pack,
    spec: Spec,
    sides: Sides<Option<Read>>,
    warnings: Warnings,
}

impl Frozen {
    /// The whole analysis of it, as if no more came.
    ///
    /// # Errors
    /// When the progress says to stop.
    pub fn finish(self, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        conclude(Arc::new(self.pack), self.spec, self.sides, self.warnings, progress)
    }
}

/// What of a spec makes events what they are: all but the words about it.
fn rules(spec: &Spec) -> Spec {
    let bare = |field: &FieldSpec| FieldSpec { why: String::new(), shared: false, by_hand: false, ..field.clone() };
    Spec { fields: spec.fields.iter().map(bare).collect(), ..spec.clone() }
}
