//! A bank of elevators: calls at a desk, cars that travel, doors that open, close or meet a foot.

use std::collections::{BTreeMap, VecDeque};

use super::super::sim::{Msg, Sim, World, ident, lane, num, thing};

/// One car.
#[derive(Debug, Default)]
struct Car {
    floor: i64,
    load: i64,
    busy: bool,
    stops: VecDeque<(i64, i64, u64)>,
}

/// The state of the bank; the desk is actor 0, the cars are 1 and up.
#[derive(Debug)]
pub struct Elevators {
    calls: i64,
    floors: u64,
    cars: BTreeMap<u32, Car>,
}

impl Elevators {
    /// A bank that gets so many calls.
    pub fn new(calls: i64, shape: u64) -> Self {
        let cars = 2 + (shape % 4) as u32;
        Self { calls, floors: 8 + shape / 4 % 20, cars: (1..=cars).map(|car| (car, Car::default())).collect() }
    }

    /// Sends an idle car to its next stop.
    fn depart(&mut self, number: u32, sim: &mut Sim) {
        let Some(car) = self.cars.get_mut(&number) else { return };
        let Some((floor, change, work)) = car.stops.pop_front() else {
            car.busy = false;
            return;
        };
        car.busy = true;
        let (from, travel) = (car.floor, car.floor.abs_diff(floor));
        let fields = vec![lane("car", number.into()), thing("from", "floor", from), thing("to", "floor", floor)];
        sim.emit(number, "depart", fields);
        sim.send(400 + travel * 700, number, "arrive", [floor, change, 0, 0], work);
    }
}

impl World for Elevators {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 0;
        let gap = 9000 / self.cars.len() as u64;
        for call in 0..self.calls as u64 {
            at += gap / 2 + sim.draw(call ^ 0xca11, gap);
            let from = sim.draw(call ^ 0xf0, self.floors) as i64;
            let to = (from + 1 + sim.draw(call ^ 0xf1, self.floors - 1) as i64) % self.floors as i64;
            sim.outside(at, 0, "call", [from, to, call as i64, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [floor, other, index, n] = msg.args;
        let number = msg.to;
        let own = lane("car", number.into());
        let at = |key, floor| thing(key, "floor", floor);
        match msg.kind {
            "call" => {
                sim.emit(
                    0,
                    "call",
                    vec![lane("desk", 0), at("floor", floor), at("to", other), ident("ticket", msg.work)],
                );
                let count = self.cars.len() as i64;
                let chosen = 1 + (index + floor).rem_euclid(count) as u32;
                let fields = vec![lane("desk", 0), thing("assigned", "car", chosen.into()), ident("ticket", msg.work)];
                sim.emit(0, "assign", fields);
                sim.send(40, chosen, "stop", [floor, 1, other, 0], msg.work);
            }
            "mash" => {
                sim.emit(0, "call_again", vec![lane("desk", 0), at("floor", floor), num("presses", n)]);
            }
            "invalid" => {
                sim.emit(0, "call_refused", vec![lane("desk", 0), at("floor", floor)]);
            }
            "stop" => {
                sim.emit(number, "stop_added", vec![own, at("floor", floor), ident("ticket", msg.work)]);
                let Some(car) = self.cars.get_mut(&number) else { return };
                car.stops.push_back((floor, 1, msg.work));
                car.stops.push_back((index, -1, msg.work));
                if !car.busy {
                    self.depart(number, sim);
                }
            }
            "arrive" => {
                sim.emit(number, "arrive", vec![own, at("floor", floor)]);
                if let Some(car) = self.cars.get_mut(&number) {
                    car.floor = floor;
                }
                sim.send(150, number, "open", [floor, other, 0, 0], msg.work);
            }
            "overrun" => {
                sim.emit(number, "overrun", vec![own, at("floor", floor)]);
                sim.send(900, number, "arrive", [floor, other, 0, 0], msg.work);
            }
            "open" => {
                sim.emit(number, "door_open", vec![own, at("floor", floor)]);
                sim.send(1200 + sim.draw(msg.work, 900), number, "close", [floor, other, 0, 0], msg.work);
            }
            "jam" | "blocked" => {
                let what = if msg.kind == "jam" { "door_jam" } else { "door_blocked" };
                sim.emit(number, what, vec![own, at("floor", floor), num("attempt", n)]);
                if n == 0 {
                    sim.send(800, number, "open", [floor, other, 0, 0], msg.work);
                }
            }
            "close" => {
                let Some(car) = self.cars.get_mut(&number) else { return };
                car.load += other;
                sim.emit(number, "door_close", vec![own, at("floor", floor), num("load", car.load)]);
                self.depart(number, sim);
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "call" => Some("invalid"),
            "arrive" => Some("overrun"),
            "close" => Some("blocked"),
            "open" => Some("jam"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        match kind {
            "call" | "arrive" | "stop" | "open" => Some(0),
            "close" => Some(1),
            _ => None,
        }
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "call" => Some("mash"),
            "close" => Some("blocked"),
            _ => None,
        }
    }
}
