//! What each field is for. Roles are inferred from the first events of both sides, can be overridden, and are then
//! compiled into a [`Tokenizer`] that turns records into columns. Knows nothing of files or formats.

mod behaviour;
mod bind;
mod canonical;
mod gathered;
mod infer;
mod iso;
mod judge;
mod lanes;
mod lasting;
mod links;
mod overrides;
mod pairs;
mod readers;
mod rename;
mod roles;
mod sample;
mod services;
mod shape;
mod skew;
mod stats;
mod time;
mod tokenize;
mod words;

pub use canonical::same_value;
pub use gathered::Gathered;
pub use infer::{infer, infer_unless};
pub use overrides::{Decision, GAP, Overrides, PairDecision, Tolerance};
pub use rename::Shared;
pub use roles::{Action, FieldSpec, Role, Spec};
pub use sample::{SAMPLE, Sample, constants, median_gap};
pub use services::Services;
pub use tokenize::Tokenizer;
pub(crate) use words::{Extent, any, extent_of, is_outcome_name, is_reply_word, is_timeout_word, words};
