//! What an event means for the services it touches: a call, a failure, a retry. Told by the words of its values, of which
//! those that say more win over those that say only that it failed.

use crate::spec::{any, is_reply_word, is_timeout_word, words};
use crate::trace::EventIndex;

/// What an event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Act {
    /// Anything else: work, a message.
    #[default]
    Work,
    /// Something is answered.
    Reply,
    /// Something failed.
    Fault,
    /// Something came later than expected, and did not fail.
    Late,
    /// Something did not come in time.
    Timeout,
    /// Something is tried again.
    Retry,
    /// Something is given up for somebody who no longer waits.
    Cancel,
    /// Another one takes the place of one that failed.
    Failover,
    /// One that failed is said to be well.
    Recovery,
    /// A new version, or a new configuration.
    Deploy,
}

impl Act {
    /// Its word in chains and on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Work => "call",
            Self::Reply => "reply",
            Self::Fault => "failure",
            Self::Late => "latency",
            Self::Timeout => "timeout",
            Self::Retry => "retry",
            Self::Cancel => "cancellation",
            Self::Failover => "failover",
            Self::Recovery => "recovery",
            Self::Deploy => "deploy",
        }
    }

    /// True for what went wrong, or was done because something had.
    pub const fn is_trouble(self) -> bool {
        !matches!(self, Self::Work | Self::Reply | Self::Deploy)
    }

    /// True for what went wrong.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Fault | Self::Timeout)
    }

    /// What the kind of an event or the value of its status says, if it says anything but that it failed.
    pub fn of_word(text: &str) -> Option<Self> {
        const KNOWN: [(Act, &str); 5] = [
            (Act::Failover, "failover reroute rerouted rerouting failback switchover"),
            (Act::Recovery, "recovery recover recovered recovering healthy restored"),
            (Act::Retry, "retry retries retried retrying reattempt resend resent"),
            (Act::Cancel, "cancel cancels cancelled canceled cancelling cancellation"),
            // What is released may as well be a lock.
            (Act::Deploy, "deploy deploys deployed deploying deployment rollout rollback"),
        ];
        if is_timeout_word(text) {
            return Some(Self::Timeout);
        }
        let own = words(text);
        let known = KNOWN.into_iter().find(|(_, list)| any(&own, list)).map(|(act, _)| act);
        known.or_else(|| is_reply_word(text).then_some(Self::Reply))
    }

    /// What a line of a log says: the same, but that of a deploy only where it tells that there was one.
    pub fn of_line(text: &str) -> Option<Self> {
        let told = || {
            let own = words(text);
            let done = any(&own, "deployed deploys deploying redeployed rollout rollback rolled");
            let named = any(&own, "deploy deployment")
                && any(
                    &own,
                    "start started starting begin begins began finished complete completed succeeded done failed new",
                );
            (done || named) && !any(&own, "no not cannot can't couldn't could unable without missing if")
        };
        Self::of_word(text).filter(|act| *act != Self::Deploy || told())
    }

    /// What an event means by the word of its kind, then by those of its other telling values; `failed` where it says only so
    /// much.
    pub fn of(by_kind: Option<Self>, others: impl Iterator<Item = Option<Self>>, failed: bool) -> Self {
        let told = match by_kind {
            Some(Self::Reply) | None => others.flatten().find(|act| act.is_trouble()).or(by_kind),
            told => told,
        };
        match told {
            // A reply that tells of a failure is one.
            Some(Self::Reply) | None if failed => Self::Fault,
            told => told.unwrap_or(Self::Work),
        }
    }
}

/// A service, task or lane by its place in [`super::Story::places`].
pub type Place = u32;

/// One event as it concerns services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// The event.
    pub index: EventIndex,
    /// When, in ticks of one clock.
    pub time: Option<i64>,
    /// Where it happened.
    pub place: Place,
    /// Whom it calls or talks of.
    pub peer: Option<Place>,
    /// What it means.
    pub act: Act,
    /// The word that it gives as its reason, such as `dns_failure`; empty without one.
    pub reason: String,
    /// What it belongs to: the name of its span or task; empty without one.
    pub span: String,
    /// Which try it is, where it says so: 0 is the first.
    pub attempt: u32,
    /// It answers a call, as its kind or its direction says.
    pub answers: bool,
    /// A field names the place; else it is a lane.
    pub named: bool,
    /// The row of the comparison differs, or there is nothing to compare it with.
    pub differs: bool,
    /// How much longer it took itself than in expected, in ticks; 0 where nothing is late.
    pub longer: i64,
}

impl Happening {
    /// When it happened: its time, or else its number.
    pub fn moment(&self) -> i64 {
        self.time.unwrap_or_else(|| i64::from(self.index))
    }

    /// True when it happened at a place, or to it.
    pub fn about(&self, place: Place) -> bool {
        self.place == place || self.peer == Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_what_an_event_means() {
        let of = |kind, status, failed| Act::of(Act::of_word(kind), [Act::of_word(status)].into_iter(), failed);
        assert_eq!(of("NETWORK_ERROR", "error", true), Act::Fault);
        assert_eq!(of("dependency_retry", "timeout", true), Act::Retry, "the kind wins");
        assert_eq!(of("response", "timeout", true), Act::Timeout);
        assert_eq!(of("reply", "degraded", true), Act::Fault);
        assert_eq!(of("reply", "ok", false), Act::Reply);
        assert_eq!(of("CLIENT", "retry", false), Act::Retry);
        assert_eq!(of("marked_healthy", "ok", false), Act::Recovery);
        assert_eq!(of("CANCEL", "cancelled", true), Act::Cancel);
        assert_eq!(of("CLIENT_SEND", "ok", false), Act::Work);
        assert_eq!(of("", "reroute", false), Act::Failover);
    }

    #[test]
    fn a_line_that_speaks_of_deployments_is_none() {
        for line in ["Deployed version v2.3.1 of shop", "rollout of shop", "deployment of shop started"] {
            assert_eq!(Act::of_line(line), Some(Act::Deploy), "{line}");
        }
        for line in
            ["cannot find deployment descriptor, using default", "reading deployment config", "not deployed yet"]
        {
            assert_eq!(Act::of_line(line), None, "{line}");
        }
        assert_eq!(Act::of_line("request timed out"), Act::of_word("request timed out"));
    }
}
