//! Two reads of one register do not depend on each other (SEMANTICS rule 13). Lanes are all that says what depends on what, in
//! every machine that compares; so a register has one lane for each actor: who reads it touches his own, who writes it
//! touches all. Then a write shares a lane with every read and every other write, and two reads share none unless one actor
//! does both, whose own lane orders them anyway. Who may read is fixed by the sample; whoever comes later touches all lanes,
//! as a write does.

use super::gathered::Gathered;
use super::lanes::LanePlan;
use super::roles::{Action, FieldSpec};
use super::stats::Stats;
use super::words::{self, Selectivity};
use crate::trace::Side;

/// Actors from which on a register is one lane again: every write touches the lanes of all.
const MOST: usize = 8;

/// Who reads registers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Readers {
    /// Rank of the register's field among the lanes. The actor's is 0.
    pub(crate) rank: u8,
    /// The hashes of the actors' names, ascending.
    pub(crate) actors: Vec<u64>,
}

/// Who reads registers, where registers and actors are told by lanes that have the same names on both sides.
pub(crate) fn readers(stats: &[Stats], fields: &[FieldSpec], plans: &[LanePlan]) -> Option<Readers> {
    let actor = plans.first().filter(|p| p.selectivity == Selectivity::Actor)?;
    let rank = plans.iter().position(|p| matches!(p.word.as_str(), "register" | "reg" | "registro"))?;
    let named = [actor, &plans[rank]].iter().all(|p| fields[p.field].action == Action::Compare);
    let known = Side::BOTH.into_iter().flat_map(|side| stats[actor.field].sides[side].distinct.iter().copied());
    let mut actors: Vec<u64> = known.collect();
    actors.sort_unstable();
    actors.dedup();
    (rank > 0 && named && (2..=MOST).contains(&actors.len())).then_some(Readers { rank: rank as u8, actors })
}

impl Readers {
    /// Puts the lanes of a register in the place of the one: that of the actor who reads, or all of them. The first actor's
    /// is the one itself.
    pub(crate) fn part(&self, reads: Option<u64>, lanes: &[(u8, u32)], out: &mut Gathered, numbers: &mut Vec<u32>) {
        let Some(at) = lanes.iter().position(|lane| lane.0 == self.rank) else { return };
        let register = numbers[at];
        let mut lane = |actor: usize| {
            if actor == 0 { register } else { out.lane_beside(register, self.actors[actor]) }
        };
        match reads.and_then(|actor| self.actors.binary_search(&actor).ok()) {
            Some(actor) => numbers[at] = lane(actor),
            None => drop(numbers.splice(at..=at, (0..self.actors.len()).map(lane))),
        }
    }
}

/// True for kinds that read and leave everything as it was.
pub(crate) fn is_read(kind: &str) -> bool {
    let words = words::words(kind);
    let any = |list: &str| words.iter().any(|word| list.split(' ').any(|one| one == word));
    any("read reads leer lee leido lesen gelesen lire lecture")
        && !any(
            "write writes modify update set reset clear swap exchange increment decrement rmw toggle pop consume consumed \
             take ack dequeue drain escribir schreiben ecrire",
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_is_told_by_the_kind() {
        assert!(["REG_READ", "register read", "registerRead"].iter().all(|kind| is_read(kind)));
        assert!(!["REG_WRITE", "read_modify_write", "READ_CLEAR", "ready", "thread"].iter().any(|kind| is_read(kind)));
    }
}
