//! A saga of services: every request is a span that calls others in turn, books on shared accounts, and is undone when
//! a step fails. It is recorded as a log of span events, or as one record for each span.

use std::collections::BTreeMap;

use super::super::sim::{Field, Msg, Role, Sim, Val, World, ident, lane, lane_id, mix, num, thing, tie, word};

/// How long a caller waits for a step.
const PATIENCE: u64 = 60_000;

/// The services, by actor number, and the services each one calls.
const CALLS: [(&str, &[u32]); 8] = [
    ("gateway", &[1, 2]),
    ("orders", &[3, 4]),
    ("mail", &[7]),
    ("payment", &[5]),
    ("stock", &[6]),
    ("ledger", &[]),
    ("shelf", &[]),
    ("templates", &[]),
];

/// One open span.
#[derive(Debug, Clone, Default)]
struct Span {
    event: Option<u32>,
    actor: u32,
    parent: u64,
    step: usize,
    amount: i64,
    total: i64,
    since: u64,
    closed: bool,
}

/// The state of the services.
#[derive(Debug)]
pub struct Saga {
    requests: i64,
    accounts: u64,
    spans_only: bool,
    spans: BTreeMap<u64, Span>,
    balances: BTreeMap<i64, i64>,
}

impl Saga {
    /// So many requests, as a log or as one record for each span.
    pub fn new(requests: i64, shape: u64, spans_only: bool) -> Self {
        Self { requests, accounts: 2 + shape % 4, spans_only, spans: BTreeMap::new(), balances: BTreeMap::new() }
    }

    /// Records an event inside a span, unless only whole spans are recorded.
    fn note(&self, id: u64, label: &'static str, more: Vec<Field>, msg: &Msg, sim: &mut Sim) {
        if !self.spans_only {
            let mut fields = vec![lane_id("span", id), tie("trace", msg.work), service(msg.to)];
            fields.extend(more);
            sim.emit(msg.to, label, fields);
        }
    }

    /// Calls the next service, or answers when there is none left.
    fn advance(&mut self, id: u64, msg: &Msg, sim: &mut Sim) {
        let Some(span) = self.spans.get(&id).cloned() else { return };
        let calls = CALLS.get(span.actor as usize).map_or(&[][..], |(_, calls)| calls);
        if let Some(&next) = calls.get(span.step) {
            self.note(id, "call", vec![thing("peer", "service", next.into()), num("amount", span.amount)], msg, sim);
            let hop = 200 + sim.draw(msg.id, 900);
            sim.send(hop, next, "request", [0, span.amount + span.step as i64, id as i64, 0], msg.work);
            sim.send(PATIENCE, span.actor, "deadline", [span.step as i64, 0, id as i64, 0], msg.work);
        } else {
            self.close(id, "ok", msg, sim);
        }
    }

    /// Answers the caller and ends the span.
    fn close(&mut self, id: u64, status: &'static str, msg: &Msg, sim: &mut Sim) {
        let Some(span) = self.spans.get_mut(&id).filter(|span| !span.closed) else { return };
        span.closed = true;
        let span = span.clone();
        let total = span.total + span.amount;
        self.note(id, "responded", vec![word("status", status), num("total", total)], msg, sim);
        if let (true, Some(event)) = (self.spans_only, span.event) {
            let late = |key, val| Field { key, val, role: Role::Late };
            let taken = Val::Num((sim.now() - span.since) as i64);
            let ended =
                vec![late("status", Val::Word(status)), late("total", Val::Num(total)), late("duration_us", taken)];
            sim.finish(event, ended);
        }
        if let Some(parent) = self.spans.get(&span.parent) {
            let failed = i64::from(status != "ok");
            let to = parent.actor;
            sim.send(150, to, "reply", [failed, total, span.parent as i64, span.actor.into()], msg.work);
        }
    }

    /// Opens a span.
    fn open(&mut self, id: u64, label: &'static str, msg: &Msg, sim: &mut Sim) {
        let [_, amount, parent, _] = msg.args;
        let mut fields = vec![lane_id("span", id), tie("trace", msg.work), service(msg.to), num("amount", amount)];
        if parent != 0 {
            fields.insert(1, ident("parent", parent as u64));
        }
        let mut booked = 0;
        if CALLS.get(msg.to as usize).is_some_and(|(_, calls)| calls.is_empty()) {
            let account = (u64::from(msg.to) * 100 + sim.draw(msg.work ^ u64::from(msg.to), self.accounts)) as i64;
            let balance = self.balances.entry(account).or_insert(1000);
            *balance += amount;
            booked = *balance;
            fields.extend([lane("account", account), num("balance", booked)]);
        }
        let event = sim.emit(msg.to, label, fields);
        let span = Span {
            event: Some(event),
            actor: msg.to,
            parent: parent as u64,
            step: 0,
            amount,
            total: booked % 97,
            since: sim.now(),
            closed: false,
        };
        self.spans.insert(id, span);
    }
}

/// The field that names the service.
fn service(actor: u32) -> Field {
    let name = CALLS.get(actor as usize).map_or("unknown", |(name, _)| name);
    Field { key: "service", val: Val::Word(name), role: Role::Thing }
}

impl World for Saga {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 0;
        for request in 0..self.requests as u64 {
            at += 300 + sim.draw(request ^ 0x5a6a, 3200);
            sim.outside(at, 0, "request", [0, 10 + sim.draw(request, 500) as i64, 0, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [flag, amount, id, n] = msg.args;
        let own = mix(msg.id, 0x7370_616e);
        match msg.kind {
            "request" => {
                self.open(own, if self.spans_only { "span" } else { "received" }, msg, sim);
                sim.send(300 + sim.draw(msg.id, 1500), msg.to, "work", [0, 0, own as i64, 0], msg.work);
            }
            "retry" => {
                let mut fields = vec![lane_id("span", own), tie("trace", msg.work), service(msg.to), num("attempt", n)];
                if id != 0 {
                    fields.insert(1, ident("parent", id as u64));
                }
                sim.emit(msg.to, "connect_retry", fields);
            }
            "refuse" => {
                self.open(own, "refused", msg, sim);
                self.close(own, "refused", msg, sim);
            }
            "work" => self.advance(id as u64, msg, sim),
            "reply" | "garbled" => {
                let Some(span) = self.spans.get_mut(&(id as u64)) else { return };
                span.step += 1;
                span.total += amount;
                let failed = flag == 1 || msg.kind == "garbled";
                let what = if msg.kind == "garbled" { "bad_reply" } else { "reply" };
                let more = vec![thing("peer", "service", n), num("total", amount)];
                self.note(id as u64, what, more, msg, sim);
                if failed {
                    self.note(id as u64, "compensate", vec![num("undo", amount)], msg, sim);
                    self.close(id as u64, "failed", msg, sim);
                } else {
                    sim.send(100, msg.to, "work", [0, 0, id, 0], msg.work);
                }
            }
            "deadline" => {
                let late = |span: &Span| span.step as i64 == flag && !span.closed;
                if self.spans.get(&(id as u64)).is_some_and(late) {
                    self.note(id as u64, "timeout", vec![num("step", flag)], msg, sim);
                    self.close(id as u64, "timeout", msg, sim);
                }
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "request" => Some("refuse"),
            "reply" => Some("garbled"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        matches!(kind, "request" | "reply").then_some(1)
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        (kind == "request").then_some("retry")
    }
}
