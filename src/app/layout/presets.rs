//! Arrangements with a name.

use std::collections::BTreeSet;

use super::{Node, Pane, Way};

/// An arrangement with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// As the window is when it is opened first.
    Usual,
    /// The events with the inspector, and nothing else.
    EventsAndInspector,
    /// The timeline above the events, so that both are seen.
    TimelineAboveEvents,
    /// Every pane at once.
    Everything,
}

impl Preset {
    /// Its tree, what of it is closed, and what has the focus.
    pub(super) fn arrangement(self) -> (Node, BTreeSet<Pane>, Pane) {
        let lists = [Pane::Spec, Pane::Causes, Pane::Bookmarks];
        let closed = |panes: &[Pane]| panes.iter().copied().collect();
        match self {
            Self::Usual => (whole(views()), closed(&lists), Pane::Events),
            Self::EventsAndInspector => {
                let more = [Pane::State, Pane::Overview];
                (whole(views()), closed(&[&lists[..], &more].concat()), Pane::Events)
            }
            Self::TimelineAboveEvents => {
                let below = Node::tabs(&[Pane::Events, Pane::Order, Pane::Propagation, Pane::Waterfall]);
                let both = Node::split(Way::Below, vec![Node::tabs(&[Pane::Timeline]), below]);
                (whole(both), closed(&lists), Pane::Timeline)
            }
            Self::Everything => {
                let above = [&[Pane::Timeline][..], &[Pane::Waterfall], &[Pane::Propagation]].map(Node::tabs);
                let views = Node::split(
                    Way::Below,
                    vec![
                        Node::split(Way::Beside, above.into()),
                        Node::split(Way::Beside, vec![Node::tabs(&[Pane::Events]), Node::tabs(&[Pane::Order])]),
                    ],
                );
                let side = [&[Pane::Inspector][..], &[Pane::Spec], &[Pane::State]].map(Node::tabs);
                let middle = Node::split(Way::Beside, vec![views, Node::split(Way::Below, side.into())]);
                let lists = [&[Pane::Causes][..], &[Pane::Bookmarks]].map(Node::tabs);
                let lists = Node::split(Way::Beside, lists.into());
                let root = Node::split(Way::Below, vec![lists, middle, Node::tabs(&[Pane::Overview])]);
                (root, BTreeSet::new(), Pane::Timeline)
            }
        }
    }
}

/// The usual arrangement.
pub(super) fn usual() -> (Node, BTreeSet<Pane>) {
    let (root, closed, _) = Preset::Usual.arrangement();
    (root, closed)
}

/// The views as tabs, the events in front.
fn views() -> Node {
    let mut views = Node::tabs(&[Pane::Timeline, Pane::Events, Pane::Order, Pane::Propagation, Pane::Waterfall]);
    views.bring_to_front(Pane::Events);
    views
}

/// Everything around the views: lists above, the inspector with the state below it on the right, the overview at the foot.
fn whole(views: Node) -> Node {
    let side = Node::split(Way::Below, vec![Node::tabs(&[Pane::Inspector, Pane::Spec]), Node::tabs(&[Pane::State])]);
    Node::split(
        Way::Below,
        vec![
            Node::tabs(&[Pane::Causes]),
            Node::tabs(&[Pane::Bookmarks]),
            Node::split(Way::Beside, vec![views, side]),
            Node::tabs(&[Pane::Overview]),
        ],
    )
}
