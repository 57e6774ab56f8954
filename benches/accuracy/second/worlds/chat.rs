//! A chat server: connections that post, channels that append and number, deliveries and their acknowledgements.

use std::collections::BTreeMap;

use super::super::sim::{Msg, Sim, World, ident, lane, lane_id, mix, num, thing};

/// The first actor number of the channels; connections are 0 and up.
const CHANNELS: u32 = 100;

/// The state of the server.
#[derive(Debug)]
pub struct Chat {
    posts: i64,
    connections: u64,
    channels: u64,
    offsets: BTreeMap<u32, i64>,
    acks: BTreeMap<(i64, i64), usize>,
}

impl Chat {
    /// A server that gets so many posts.
    pub fn new(posts: i64, shape: u64) -> Self {
        let (connections, channels) = (4 + shape % 7, 2 + shape / 7 % 4);
        Self { posts, connections, channels, offsets: BTreeMap::new(), acks: BTreeMap::new() }
    }

    /// The connections that listen to a channel.
    fn members(&self, channel: i64) -> Vec<u32> {
        let listens = |conn: &u64| (conn + channel as u64).is_multiple_of(self.channels.min(3));
        (0..self.connections).filter(listens).map(|conn| conn as u32).collect()
    }
}

impl World for Chat {
    fn start(&mut self, sim: &mut Sim) {
        for conn in 0..self.connections {
            sim.outside(conn * 90, conn as u32, "open", [conn as i64, 0, 0, 0]);
        }
        let mut at = 2000;
        for post in 0..self.posts as u64 {
            at += 300 + sim.draw(post ^ 0x905, 2500);
            let conn = sim.draw(post ^ 0xc0, self.connections) as u32;
            let channel = sim.draw(post ^ 0xc1, self.channels) as i64;
            sim.outside(at, conn, "post", [channel, 8 + sim.draw(post, 400) as i64, 0, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [channel, size, offset, n] = msg.args;
        let own = || lane_id("conn", mix(0xc0_44, msg.to.into()));
        let topic = || thing("channel", "channel", channel);
        let id = || ident("message", msg.work);
        match msg.kind {
            "open" => {
                sim.emit(msg.to, "connected", vec![own(), num("slot", msg.to.into())]);
            }
            "post" | "edit" => {
                let what = if msg.kind == "post" { "post_received" } else { "edit_received" };
                sim.emit(msg.to, what, vec![own(), topic(), id(), num("bytes", size)]);
                let append = if msg.kind == "post" { "append" } else { "amend" };
                let target = CHANNELS + channel.clamp(0, self.channels as i64 - 1) as u32;
                sim.send(80 + sim.draw(msg.id, 120), target, append, [channel, size, 0, 0], msg.work);
            }
            "repost" => {
                sim.emit(msg.to, "post_retry", vec![own(), topic(), num("attempt", n)]);
            }
            "append" | "amend" => {
                let next = self.offsets.entry(msg.to).or_default();
                *next += 1;
                let (what, at) = (if msg.kind == "append" { "appended" } else { "amended" }, *next);
                sim.emit(msg.to, what, vec![lane("channel", channel), num("offset", at), id(), num("bytes", size)]);
                for member in self.members(channel) {
                    let delay = 100 + sim.draw(msg.id ^ u64::from(member), 700);
                    sim.send(delay, member, "deliver", [channel, size, at, 0], msg.work);
                }
            }
            "limit" => {
                sim.emit(msg.to, "rate_limited", vec![lane("channel", channel), id()]);
            }
            "deliver" => {
                sim.emit(msg.to, "delivered", vec![own(), topic(), num("offset", offset), id(), num("bytes", size)]);
                sim.send(200 + sim.draw(msg.id, 900), msg.to, "ack", [channel, size, offset, 0], msg.work);
            }
            "slow" => {
                sim.emit(msg.to, "slow_consumer", vec![own(), topic(), num("offset", offset)]);
                sim.send(2500, msg.to, "deliver", [channel, size, offset, 0], msg.work);
            }
            "redeliver" => {
                sim.emit(msg.to, "delivery_retry", vec![own(), topic(), num("offset", offset), num("attempt", n)]);
            }
            "ack" => {
                sim.emit(msg.to, "acked", vec![own(), topic(), num("offset", offset)]);
                sim.send(60, CHANNELS + channel as u32, "settle", [channel, size, offset, 0], msg.work);
            }
            "settle" => {
                let count = self.acks.entry((channel, offset)).or_default();
                *count += 1;
                if *count == self.members(channel).len() {
                    sim.emit(msg.to, "stable", vec![lane("channel", channel), num("offset", offset), id()]);
                }
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "post" => Some("edit"),
            "append" => Some("limit"),
            "deliver" => Some("slow"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        match kind {
            "post" | "append" => Some(1),
            "deliver" => Some(2),
            _ => None,
        }
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "post" => Some("repost"),
            "deliver" => Some("redeliver"),
            _ => None,
        }
    }
}
