//! A microcontroller: pins raise interrupts, one core serves them through registers, a timer drains a fifo.

use std::collections::{BTreeMap, VecDeque};

use super::super::sim::{Msg, Sim, World, lane, num, thing};

/// The actor number of the core.
const CORE: u32 = 0;
/// The actor number of the fifo.
const FIFO: u32 = 1;
/// The first actor number of the pins.
const PINS: u32 = 10;
/// The first actor number of the interrupt lines.
const LINES: u32 = 40;
/// The actor number of the timer.
const TIMERS: u32 = 70;

/// The state of the chip.
#[derive(Debug)]
pub struct Mcu {
    edges: i64,
    pins: u64,
    busy: bool,
    pending: VecDeque<(i64, i64, u64)>,
    raised: BTreeMap<i64, i64>,
    registers: BTreeMap<i64, i64>,
    fifo: VecDeque<i64>,
    ticks: i64,
}

impl Mcu {
    /// A chip whose pins see so many edges.
    pub fn new(edges: i64, shape: u64) -> Self {
        Self {
            edges,
            pins: 2 + shape % 5,
            busy: false,
            pending: VecDeque::new(),
            raised: BTreeMap::new(),
            registers: BTreeMap::new(),
            fifo: VecDeque::new(),
            ticks: 0,
        }
    }

    /// Lets the core serve the next interrupt, when there is one and the core is free.
    fn serve(&mut self, delay: u64, sim: &mut Sim) {
        if self.busy {
            return;
        }
        if let Some((line, level, work)) = self.pending.pop_front() {
            self.busy = true;
            sim.send(delay, CORE, "enter", [line, level, 0, 0], work);
        }
    }
}

impl World for Mcu {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 0;
        for edge in 0..self.edges as u64 {
            at += 20 + sim.draw(edge ^ 0xed6e, 240);
            let pin = sim.draw(edge ^ 0x91, self.pins);
            sim.outside(at, PINS + pin as u32, "edge", [pin as i64, sim.draw(edge, 250) as i64, 0, 0]);
        }
        for tick in 1..=at / 900 {
            sim.outside(tick * 900, TIMERS, "tick", [0, 0, 0, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [line, value, register, n] = msg.args;
        let core = || lane("core", 0);
        let irq = || lane("irq", line);
        match msg.kind {
            "edge" => {
                sim.emit(msg.to, "pin_edge", vec![lane("pin", line), num("level", value)]);
                sim.send(2, LINES + line as u32, "raise", msg.args, msg.work);
            }
            "glitch" => {
                sim.emit(msg.to, "pin_glitch", vec![lane("pin", line), num("level", value)]);
            }
            "raise" => {
                let count = self.raised.entry(line).or_default();
                *count += 1;
                sim.emit(msg.to, "irq_assert", vec![irq(), num("count", *count)]);
                self.pending.push_back((line, value, msg.work));
                self.serve(3, sim);
            }
            "retrigger" => {
                sim.emit(msg.to, "irq_retrigger", vec![irq(), num("count", n)]);
            }
            "mask" => {
                sim.emit(msg.to, "irq_masked", vec![irq()]);
            }
            "enter" => {
                sim.emit(CORE, "isr_enter", vec![core(), irq()]);
                sim.send(5, CORE, "read", [line, value, line % 3, 0], msg.work);
            }
            "read" => {
                let seen = self.registers.get(&register).copied().unwrap_or_default();
                sim.emit(CORE, "reg_read", vec![core(), lane("register", register), num("value", seen)]);
                sim.send(
                    8 + sim.draw(msg.id, 20),
                    CORE,
                    "write",
                    [line, (seen * 3 + value + 1) % 4096, register, 0],
                    msg.work,
                );
            }
            "write" => {
                self.registers.insert(register, value);
                sim.emit(CORE, "reg_write", vec![core(), lane("register", register), num("value", value)]);
                if line % 2 == 0 {
                    sim.send(4, FIFO, "push", [line, value % 256, 0, 0], msg.work);
                }
                sim.send(6, CORE, "exit", [line, 0, 0, 0], msg.work);
            }
            "stall" => {
                sim.emit(CORE, "bus_fault", vec![core(), lane("register", register)]);
                sim.send(90, CORE, "exit", [line, 0, 0, 0], msg.work);
            }
            "push" => {
                self.fifo.push_back(value);
                let level = self.fifo.len() as i64;
                sim.emit(FIFO, "fifo_push", vec![lane("fifo", 0), num("byte", value), num("level", level)]);
            }
            "busy" => {
                sim.emit(FIFO, "fifo_busy", vec![lane("fifo", 0), num("attempt", n)]);
            }
            "overflow" => {
                sim.emit(FIFO, "fifo_overflow", vec![lane("fifo", 0), num("byte", value)]);
            }
            "exit" => {
                sim.emit(CORE, "isr_exit", vec![core(), irq()]);
                self.busy = false;
                self.serve(4, sim);
            }
            "tick" => {
                self.ticks += 1 + value;
                sim.emit(msg.to, "tick", vec![lane("timer", 0), num("count", self.ticks)]);
                sim.send(5, FIFO, "drain", [0, 0, 0, 0], msg.work);
            }
            "miss" => {
                sim.emit(msg.to, "tick_missed", vec![lane("timer", 0)]);
            }
            "drain" => {
                let bytes: Vec<i64> = self.fifo.drain(..).collect();
                let sum = bytes.iter().sum();
                let fields =
                    vec![lane("fifo", 0), thing("to", "port", 0), num("sent", bytes.len() as i64), num("sum", sum)];
                sim.emit(FIFO, "fifo_drain", fields);
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "edge" => Some("glitch"),
            "raise" => Some("mask"),
            "write" => Some("stall"),
            "push" => Some("overflow"),
            "tick" => Some("miss"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        matches!(kind, "edge" | "write" | "push" | "tick").then_some(1)
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "raise" => Some("retrigger"),
            "push" => Some("busy"),
            _ => None,
        }
    }
}
