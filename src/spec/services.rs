//! Which fields tell of services: who acts, whom he calls, how it went and why.

use super::roles::{Role, Spec};
use super::words::{Selectivity, any, is_outcome_name, is_request_id_name, words};

/// Names of the other end of a call.
const CALLED: &str = "downstream upstream peer dest destination dst target to remote callee";
/// Names of fields that count tries.
const ATTEMPTS: &str = "attempt attempts try tries retry retries";
/// Names of fields that say why.
const REASONS: &str = "reason failure error exception detail details because cause";

/// The fields of a recording that tell of services, by dotted path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Services {
    /// Who acts; `None` where no field names one: then lanes do.
    pub place: Option<String>,
    /// Whom it calls or talks of.
    pub peer: Option<String>,
    /// How it went.
    pub outcomes: Vec<String>,
    /// Why, best first.
    pub reasons: Vec<String>,
    /// Which try it is.
    pub attempt: Option<String>,
    /// What it belongs to.
    pub span: Option<String>,
    /// What that belongs to.
    pub parent: Option<String>,
    /// The request that both are of.
    pub request: Option<String>,
}

/// True when a word of a path's own name stands in `list`.
fn named(path: &str, list: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), list)
}

/// True for the name of the other end of a call.
pub(super) fn is_called_name(path: &str) -> bool {
    named(path, CALLED)
}

impl Spec {
    /// The fields that tell of services.
    pub fn services(&self) -> Services {
        let path = |at: usize| self.fields[at].path.clone();
        let lanes = &self.plan.lanes;
        let component = lanes.iter().find(|lane| matches!(lane.1, Selectivity::Component | Selectivity::Group));
        let data = || self.fields.iter().filter(|field| matches!(field.role, Role::Data | Role::Identity | Role::Text));
        let place = component.map(|lane| path(lane.0));
        let peer = data().find(|field| is_called_name(&field.path) && Some(&field.path) != place.as_ref());
        let mut reasons: Vec<String> = Vec::new();
        for word in REASONS.split(' ') {
            for field in self.fields.iter().filter(|field| named(&field.path, word)) {
                if !reasons.contains(&field.path) {
                    reasons.push(field.path.clone());
                }
            }
        }
        let outcomes = self.fields.iter().filter(|field| is_outcome_name(&field.path)).map(|field| field.path.clone());
        let attempt = self.fields.iter().find(|field| named(&field.path, ATTEMPTS));
        Services {
            attempt: attempt.map(|field| field.path.clone()),
            peer: peer.map(|field| field.path.clone()),
            place,
            outcomes: outcomes.filter(|path| !reasons.contains(path)).collect(),
            reasons,
            span: self.plan.span.map(path),
            parent: self.plan.parent.map(path),
            request: self.fields.iter().find(|field| is_request_id_name(&field.path)).map(|field| field.path.clone()),
        }
    }
}
