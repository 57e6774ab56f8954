//! An event as the simulation knows it, before it is written down in somebody's words.

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Datum {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A word.
    Word(&'static str),
    /// A resource that does one thing at a time, by its class and number.
    Lane(&'static str, u64),
    /// The other end of a link, named like a lane but none.
    Peer(&'static str, u64),
    /// What works concurrently, such as a service: a lane only where its work does not overlap. The largest number is
    /// none: it has a name of its own.
    Group(&'static str, u64),
    /// A name that every run makes anew; the flag says that it is a lane, too (a span, a thread).
    Id(&'static str, u64, bool),
    /// A measure, which no two runs share.
    Measure(u64),
}

/// Where in the work an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    Put,
    Get,
    Work,
    Acquire,
    Wait,
    Release,
    End,
    Call,
    Reply,
    Timeout,
    Fail,
    Retry,
    Odd,
    Instead,
}

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: &'static str,
    pub fields: Vec<(&'static str, Datum)>,
    pub point: Point,
    /// Microseconds since the start.
    pub time: u64,
    /// Who did it.
    pub agent: u32,
    /// The machine whose clock was read.
    pub host: u32,
    /// The work it belongs to.
    pub job: u64,
    /// True for what somebody does by itself all the time.
    pub own: bool,
    /// The step within the work.
    pub step: u32,
    /// What it happened on, besides who did it: the queue or lock.
    pub on: u32,
    /// The event that had to happen before, on another lane.
    pub after: Option<u32>,
}

impl Event {
    /// True when two events say the same but for the time.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let differ = |(one, two): (&(&str, Datum), &(&str, Datum))| {
            !matches!((&one.1, &two.1), (Datum::Measure(_), Datum::Measure(_))) && one != two
        };
        self.kind == other.kind
            && self.fields.len() == other.fields.len()
            && !self.fields.iter().zip(&other.fields).any(differ)
    }
}
