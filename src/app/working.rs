//! What was set up in the pairs that were worked on last: their breakpoints and filters come back with them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::pair::Working;
use super::state::Request;

/// Pairs that are remembered; the one that was worked on longest ago goes first.
const KEPT: usize = 50;

/// A pair, by what was opened. Sides are as they were recorded, whichever way they are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Worked {
    paths: Vec<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sides: Option<[Option<String>; 2]>,
    #[serde(flatten)]
    working: Working,
}

impl Worked {
    fn is_of(&self, request: &Request) -> bool {
        self.paths == request.paths && self.sides == request.sides
    }
}

/// What is set up in each pair, the last one first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Workings(Vec<Worked>);

impl Workings {
    /// What was set up in what a request opens, for the sides as it shows them.
    pub fn of(&self, request: &Request) -> Working {
        let working = self.0.iter().find(|worked| worked.is_of(request)).map(|worked| worked.working.clone());
        let working = working.unwrap_or_default();
        if request.swapped { working.mirrored() } else { working }
    }

    /// Notes what is set up; says whether that is new.
    pub fn note(&mut self, request: &Request, working: Working) -> bool {
        if self.of(request) == working {
            return false;
        }
        self.0.retain(|worked| !worked.is_of(request));
        if working != Working::default() {
            let working = if request.swapped { working.mirrored() } else { working };
            let Request { paths, sides, .. } = request.clone();
            self.0.insert(0, Worked { paths, sides, working });
            self.0.truncate(KEPT);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn working(breakpoint: &str) -> Working {
        serde_json::from_value(serde_json::json!({ "breakpoints": [breakpoint], "filters": ["kind:a"] })).unwrap()
    }

    fn request(name: &str) -> Request {
        Request::paths([PathBuf::from(name)])
    }

    #[test]
    fn each_pair_has_its_own_and_the_oldest_goes() {
        let mut workings = Workings::default();
        assert!(!workings.note(&request("a"), Working::default()), "nothing is nothing new");
        assert!(workings.note(&request("a"), working("lane q")) && !workings.note(&request("a"), working("lane q")));
        for n in 0..KEPT {
            assert!(workings.note(&request(&n.to_string()), working("kind x")));
        }
        assert_eq!(workings.of(&request("a")), Working::default());
        assert_eq!((workings.0.len(), workings.of(&request("0"))), (KEPT, working("kind x")));
        assert!(workings.note(&request("0"), Working::default()));
        assert_eq!(workings.0.len(), KEPT - 1, "what is empty is not kept");
    }

    #[test]
    fn exchanged_sides_are_the_same_pair() {
        let mut workings = Workings::default();
        let swapped = Request { swapped: true, ..request("a") };
        workings.note(&swapped, working("event actual:5"));
        assert_eq!(workings.of(&swapped), working("event actual:5"));
        assert_eq!(workings.of(&request("a")), working("event expected:5"));
        let text = serde_json::to_string(&workings).unwrap();
        assert_eq!(serde_json::from_str::<Workings>(&text).unwrap(), workings, "{text}");
    }
}
