//! A warehouse: a desk hands orders to robots, which lock the aisles they cross, pick from shelves and drop at stations.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::sim::{Msg, Sim, World, ident, lane, num, thing};
use super::locks::Locks;

/// The first actor number of the aisles; the desk is 0, robots are 1 and up.
const AISLES: u32 = 100;
/// The first actor number of the stations.
const STATIONS: u32 = 200;

/// The state of the warehouse.
#[derive(Debug)]
pub struct Warehouse {
    orders: i64,
    aisles: u64,
    stations: u64,
    idle: BTreeSet<u32>,
    waiting: VecDeque<Msg>,
    charge: BTreeMap<u32, i64>,
    stock: BTreeMap<i64, i64>,
    dropped: BTreeMap<u32, i64>,
    /// The goods that a robot was asked for, with their count.
    goods: BTreeMap<u32, (i64, i64)>,
    locks: Locks,
}

impl Warehouse {
    /// A warehouse that gets so many orders.
    pub fn new(orders: i64, shape: u64) -> Self {
        let robots = 2 + (shape % 5) as u32;
        Self {
            orders,
            aisles: 3 + shape / 5 % 5,
            stations: 1 + shape / 25 % 3,
            idle: (1..=robots).collect(),
            waiting: VecDeque::new(),
            charge: (1..=robots).map(|robot| (robot, 100 - i64::from(robot))).collect(),
            stock: BTreeMap::new(),
            dropped: BTreeMap::new(),
            goods: BTreeMap::new(),
            locks: Locks::default(),
        }
    }

    fn dispatch(&mut self, sim: &mut Sim) {
        while let (Some(&robot), false) = (self.idle.first(), self.waiting.is_empty()) {
            let Some(order) = self.waiting.pop_front() else { return };
            self.idle.remove(&robot);
            let [a, b, goods, count] = order.args;
            let fields = vec![lane("desk", 0), thing("assigned", "robot", robot.into()), ident("order", order.work)];
            sim.emit(0, "dispatch", fields);
            self.goods.insert(robot, (goods, count));
            sim.send(90, robot, "route", [a, b, goods, count], order.work);
        }
    }

    fn entered(want: &Msg, sim: &mut Sim) {
        let [aisle, other, robot, second] = want.args;
        sim.emit(want.to, "aisle_entered", vec![lane("robot", robot), lane("aisle", aisle)]);
        if second == 1 {
            let pause = 400 + sim.draw(want.work ^ 0x91c, 900);
            sim.send(pause, robot as u32, "pick", [other, aisle, 0, 0], want.work);
        } else {
            let pause = 200 + sim.draw(want.work ^ 0xa15, 400);
            sim.send(pause, AISLES + other as u32, "want", [other, aisle, robot, 1], want.work);
        }
    }
}

impl World for Warehouse {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 0;
        for order in 0..self.orders as u64 {
            at += 500 + sim.draw(order ^ 0x0de2, 4000);
            let a = sim.draw(order ^ 0xa, self.aisles - 1);
            let b = a + 1 + sim.draw(order ^ 0xb, self.aisles - a - 1);
            let goods = sim.draw(order ^ 0xc, 12) as i64;
            sim.outside(at, 0, "order", [a as i64, b as i64, goods, 1 + sim.draw(order, 9) as i64]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [a, b, c, d] = msg.args;
        let robot = || lane("robot", msg.to.into());
        let order = || ident("order", msg.work);
        match msg.kind {
            "order" => {
                let fields = vec![lane("desk", 0), order(), thing("goods", "item", c), num("quantity", d)];
                sim.emit(0, "order", fields);
                self.waiting.push_back(msg.clone());
                self.dispatch(sim);
            }
            "recall" => {
                sim.emit(0, "order_refused", vec![lane("desk", 0), order(), thing("goods", "item", c)]);
            }
            "reorder" => {
                sim.emit(0, "order_retry", vec![lane("desk", 0), thing("goods", "item", c), num("attempt", d)]);
            }
            "route" => {
                let left = self.charge.entry(msg.to).or_insert(100);
                *left -= 7;
                let fields =
                    vec![robot(), order(), thing("goods", "item", c), num("quantity", d), num("charge", *left)];
                sim.emit(msg.to, "route", fields);
                self.goods.insert(msg.to, (c, d));
                sim.send(120, AISLES + a as u32, "want", [a, b, msg.to.into(), 0], msg.work);
            }
            "want" => {
                if self.locks.take(a, c, msg) {
                    Self::entered(msg, sim);
                } else {
                    sim.emit(msg.to, "aisle_wait", vec![lane("robot", c), lane("aisle", a)]);
                }
            }
            "pick" => {
                let (goods, count) = self.goods.get(&msg.to).copied().unwrap_or_default();
                let left = self.stock.entry(goods).or_insert(500);
                *left -= count;
                sim.emit(
                    msg.to,
                    "picked",
                    vec![robot(), lane("shelf", goods), num("stock", *left), num("quantity", count)],
                );
                for (n, aisle) in [a, b].into_iter().enumerate() {
                    sim.send(
                        80 + 60 * n as u64,
                        AISLES + aisle as u32,
                        "leave",
                        [aisle, 0, msg.to.into(), 0],
                        msg.work,
                    );
                }
                let station = STATIONS + sim.draw(msg.work ^ 0x57a, self.stations) as u32;
                let travel = 700 + sim.draw(msg.work ^ 0x77, 1500);
                sim.send(travel, station, "drop", [0, count, msg.to.into(), 0], msg.work);
            }
            "slip" => {
                sim.emit(msg.to, "grip_lost", vec![robot(), order()]);
                sim.send(900, msg.to, "pick", msg.args, msg.work);
            }
            "leave" => {
                let (freed, next) = self.locks.free(a, c);
                if freed {
                    sim.emit(msg.to, "aisle_left", vec![lane("robot", c), lane("aisle", a)]);
                }
                if let Some(next) = next.filter(|next| self.locks.take(a, next.args[2], next)) {
                    Self::entered(&next, sim);
                }
            }
            "drop" => {
                let total = self.dropped.entry(msg.to).or_default();
                *total += b;
                let station = lane("station", i64::from(msg.to - STATIONS));
                let fields = vec![lane("robot", c), station, order(), num("quantity", b), num("total", *total)];
                sim.emit(msg.to, "dropped", fields);
                let low = self.charge.get(&(c as u32)).is_some_and(|left| *left < 25);
                let (pause, next) = if low { (300, "charge") } else { (150, "home") };
                sim.send(pause, c as u32, next, [0, 0, 0, 0], msg.work);
            }
            "misplace" => {
                let station = lane("station", i64::from(msg.to - STATIONS));
                sim.emit(msg.to, "misplaced", vec![lane("robot", c), station, order(), num("quantity", b)]);
                sim.send(2000, msg.to, "drop", msg.args, msg.work);
            }
            "charge" => {
                self.charge.insert(msg.to, 100);
                sim.emit(msg.to, "charging", vec![robot(), num("charge", 100)]);
                sim.send(9000, msg.to, "home", [0, 0, 0, 0], msg.work);
            }
            "home" => {
                sim.emit(msg.to, "home", vec![robot()]);
                sim.send(50, 0, "free", [msg.to.into(), 0, 0, 0], msg.work);
            }
            "free" => {
                self.idle.insert(a as u32);
                self.dispatch(sim);
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "order" => Some("recall"),
            "pick" => Some("slip"),
            "drop" => Some("misplace"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        match kind {
            "order" | "route" => Some(3),
            "drop" => Some(1),
            _ => None,
        }
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        (kind == "order").then_some("reorder")
    }

    fn locks(&self) -> Option<(&'static str, [&'static str; 2])> {
        Some(("route", ["aisle_wait", "aisle_entered"]))
    }
}
