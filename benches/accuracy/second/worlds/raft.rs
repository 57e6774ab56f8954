//! A replicated log: one leader numbers the entries, the others follow, and elect another when it falls silent.

use std::collections::{BTreeMap, BTreeSet};

use super::super::sim::{Msg, Sim, World, ident, lane, mix, num, thing};

/// The actor number of the client; nodes are 0 and up.
const CLIENT: u32 = 100;
/// The time between two heartbeats.
const BEAT: u64 = 6_000;

/// One node.
#[derive(Debug, Clone, Default)]
struct Node {
    term: i64,
    leads: bool,
    heard: u64,
    last: i64,
    sum: i64,
    votes: i64,
    beats: i64,
}

/// The state of the cluster.
#[derive(Debug)]
pub struct Raft {
    entries: i64,
    nodes: Vec<Node>,
    leader: u32,
    end: u64,
    acks: BTreeMap<(i64, i64), i64>,
    committed: BTreeSet<i64>,
}

impl Raft {
    /// A cluster that gets so many entries.
    pub fn new(entries: i64, shape: u64) -> Self {
        let nodes = if shape.is_multiple_of(3) { 5 } else { 3 };
        Self {
            entries,
            nodes: vec![Node::default(); nodes],
            leader: 0,
            end: 0,
            acks: BTreeMap::new(),
            committed: BTreeSet::new(),
        }
    }

    fn others(&self, own: u32) -> impl Iterator<Item = u32> + use<> {
        (0..self.nodes.len() as u32).filter(move |node| *node != own)
    }

    fn majority(&self) -> i64 {
        self.nodes.len() as i64 / 2
    }
}

impl World for Raft {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 4000;
        for entry in 0..self.entries as u64 {
            at += 900 + sim.draw(entry ^ 0x9a, 3500);
            sim.outside(at, CLIENT, "submit", [0, 0, 1 + sim.draw(entry, 90) as i64, 0]);
        }
        self.end = at + 2 * BEAT;
        sim.outside(500, 0, "campaign", [0, 0, 0, 0]);
        for node in 1..self.nodes.len() as u32 {
            sim.outside(4 * BEAT + u64::from(node) * 2_300, node, "check", [0, 0, 0, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [index, term, value, from] = msg.args;
        let own = || lane("node", msg.to.into());
        let peer = |key, node| thing(key, "node", node);
        let majority = self.majority();
        let others: Vec<u32> = self.others(msg.to).collect();
        if msg.to == CLIENT {
            match msg.kind {
                "submit" => {
                    sim.emit(
                        CLIENT,
                        "submit",
                        vec![lane("client", 0), ident("command", msg.work), num("value", value)],
                    );
                    sim.send(150, self.leader, "propose", [0, 0, value, 0], msg.work);
                }
                "led" => {
                    self.leader = from as u32;
                    sim.emit(CLIENT, "leader_known", vec![lane("client", 0), peer("leader", from), num("term", term)]);
                }
                "resubmit" => {
                    sim.emit(CLIENT, "submit_retry", vec![lane("client", 0), num("attempt", from)]);
                }
                _ => {}
            }
            return;
        }
        let Some(node) = self.nodes.get_mut(msg.to as usize) else { return };
        match msg.kind {
            "campaign" => {
                node.term += 1;
                node.votes = 0;
                sim.emit(msg.to, "campaign", vec![own(), num("term", node.term)]);
                for other in others {
                    let delay = 200 + sim.draw(msg.id ^ u64::from(other), 300);
                    sim.send(delay, other, "ballot", [0, node.term, 0, msg.to.into()], msg.work);
                }
            }
            "ballot" | "refusal" => {
                let grants = msg.kind == "ballot" && term > node.term;
                node.term = node.term.max(term);
                let what = if grants { "vote_granted" } else { "vote_refused" };
                sim.emit(msg.to, what, vec![own(), peer("candidate", from), num("term", term)]);
                if grants {
                    sim.send(180, from as u32, "vote", [0, term, 0, msg.to.into()], msg.work);
                }
            }
            "vote" => {
                node.votes += 1;
                sim.emit(msg.to, "vote_counted", vec![own(), peer("from", from), num("votes", node.votes)]);
                if node.votes == majority && !node.leads {
                    node.leads = true;
                    sim.emit(msg.to, "leader_elected", vec![own(), num("term", node.term)]);
                    sim.send(100, CLIENT, "led", [0, node.term, 0, msg.to.into()], msg.work);
                    sim.send(50, msg.to, "beat", [0, 0, 0, 0], msg.work);
                }
            }
            "beat" => {
                if !node.leads {
                    return;
                }
                node.beats += 1;
                sim.emit(msg.to, "heartbeat", vec![own(), num("term", node.term), num("beat", node.beats)]);
                for other in others {
                    let delay = 150 + sim.draw(msg.id ^ u64::from(other), 600);
                    sim.send(
                        delay,
                        other,
                        "pulse",
                        [node.beats, node.term, 0, msg.to.into()],
                        mix(msg.id, other.into()),
                    );
                }
                if sim.now() < self.end {
                    sim.send(BEAT, msg.to, "beat", [0, 0, 0, 0], msg.work);
                }
            }
            "pulse" | "stale" => {
                let what = if msg.kind == "pulse" { "heartbeat_seen" } else { "heartbeat_stale" };
                if msg.kind == "pulse" && term >= node.term {
                    (node.heard, node.leads) = (sim.now(), false);
                }
                sim.emit(msg.to, what, vec![own(), peer("from", from), num("beat", index)]);
            }
            "check" => {
                if !node.leads && sim.now() - node.heard > 3 * BEAT {
                    node.heard = sim.now();
                    sim.send(10, msg.to, "campaign", [0, 0, 0, 0], msg.work);
                }
                if sim.now() < self.end {
                    sim.send(BEAT, msg.to, "check", [0, 0, 0, 0], msg.work);
                }
            }
            "propose" => {
                if !node.leads {
                    sim.emit(msg.to, "redirect", vec![own(), ident("command", msg.work)]);
                    return;
                }
                node.last += 1;
                node.sum += value;
                let (next, term) = (node.last, node.term);
                let fields = vec![own(), ident("command", msg.work), num("index", next), num("value", value)];
                sim.emit(msg.to, "propose", fields);
                for other in others {
                    let link = mix(msg.id, 0x100 + u64::from(other));
                    let fields = vec![own(), peer("to", other.into()), ident("packet", link), num("index", next)];
                    sim.emit(msg.to, "send_entry", fields);
                    let delay = 150 + sim.draw(link, 700);
                    sim.send(delay, other, "entry", [next, term, value, msg.to.into()], link);
                }
            }
            "entry" => {
                let gap = index - node.last;
                node.last = node.last.max(index);
                node.sum += value;
                let mut fields = vec![own(), peer("from", from), ident("packet", msg.work), num("index", index)];
                fields.extend([num("value", value), num("sum", node.sum)]);
                sim.emit(msg.to, if gap == 1 { "entry_stored" } else { "entry_out_of_order" }, fields);
                sim.send(120 + sim.draw(msg.id, 300), from as u32, "ack", [index, term, 0, msg.to.into()], msg.work);
            }
            "reject" => {
                let fields = vec![own(), peer("from", from), ident("packet", msg.work), num("index", index)];
                sim.emit(msg.to, "entry_rejected", fields);
            }
            "resend" => {
                sim.emit(msg.to, "entry_retry", vec![own(), num("index", index), num("value", value)]);
            }
            "ack" => {
                sim.emit(msg.to, "ack_seen", vec![own(), peer("from", from), num("index", index)]);
                let count = self.acks.entry((index, term)).or_default();
                *count += 1;
                if *count == majority && self.committed.insert(index) {
                    let sum = self.nodes.get(msg.to as usize).map_or(0, |node| node.sum);
                    sim.emit(msg.to, "commit", vec![own(), num("index", index), num("sum", sum)]);
                }
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "ballot" => Some("refusal"),
            "pulse" => Some("stale"),
            "entry" => Some("reject"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        matches!(kind, "submit" | "propose" | "entry").then_some(2)
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "entry" => Some("resend"),
            "submit" => Some("resubmit"),
            _ => None,
        }
    }
}
