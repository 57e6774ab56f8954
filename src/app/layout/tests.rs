//! Whatever is done to the panes, each is there once, and a person finds it where it was put.

use egui::{Rect, Vec2, pos2, vec2};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::app::state::State;

const ROOM: Room = Room {
    window: Vec2::new(1600.0, 900.0),
    panes: Vec2::new(1600.0, 800.0),
    state: 64.0,
    headings: 64.0,
    bookmarks: f32::INFINITY,
};

fn usual() -> Layout {
    Layout { room: ROOM, ..Layout::default() }
}

fn planned(layout: &Layout, room: &Room) -> Plan {
    layout.plan(Rect::from_min_size(pos2(0.0, 0.0), room.panes), room)
}

/// Where a pane stands that is in front.
fn place(layout: &Layout, pane: Pane) -> Rect {
    let group = planned(layout, &layout.room).groups.into_iter().find(|group| group.shown == pane);
    group.unwrap_or_else(|| panic!("{} is not seen in {layout:#?}", pane.title())).rect
}

/// Sizes are whole points here.
fn points(size: f32) -> i32 {
    size.round() as i32
}

/// The trees that are there: the tabs of each place with their ways, for reading.
fn told(node: &Node) -> String {
    match node {
        Node::Tabs(tabs) => tabs.panes.iter().map(|pane| pane.title()).collect::<Vec<_>>().join("+"),
        Node::Split(split) => {
            let word = if split.way == Way::Beside { " | " } else { " / " };
            format!("({})", split.parts.iter().map(|part| told(&part.node)).collect::<Vec<_>>().join(word))
        }
    }
}

fn is_tidy(node: &Node, around: Option<Way>) -> bool {
    match node {
        Node::Tabs(tabs) => !tabs.panes.is_empty() && tabs.panes.contains(&tabs.shown),
        Node::Split(split) => {
            split.parts.len() > 1
                && around != Some(split.way)
                && split.parts.iter().all(|part| is_tidy(&part.node, Some(split.way)))
        }
    }
}

fn panes_once(layout: &Layout) -> bool {
    let mut panes = layout.root.panes();
    panes.sort_unstable();
    panes == Pane::ALL
}

#[test]
fn the_usual_layout_is_as_it_was_drawn() {
    let layout = usual();
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 356);
    assert_eq!(points(place(&layout, Pane::State).height()), 64);
    assert_eq!(place(&layout, Pane::Overview), Rect::from_min_max(pos2(0.0, 716.0), pos2(1600.0, 800.0)));
    assert_eq!(place(&layout, Pane::Events), Rect::from_min_max(pos2(0.0, 0.0), pos2(1243.0, 715.0)));
    assert!(layout.saved().is_none(), "what nobody changed is not kept");
    let small = Room { window: vec2(900.0, 600.0), panes: vec2(900.0, 480.0), ..ROOM };
    let groups = planned(&layout, &small).groups;
    assert_eq!(groups.iter().find(|group| group.shown == Pane::Inspector).unwrap().rect.width().round() as i32, 260);
}

#[test]
fn opening_the_spec_gives_it_the_room_that_it_needs() {
    let mut layout = usual();
    assert!(layout.show(Pane::Spec));
    assert_eq!(points(place(&layout, Pane::Spec).width()), 460);
    assert!(!layout.shows(Pane::Inspector) && layout.is_open(Pane::Inspector));
    assert!(layout.close(Pane::Spec));
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 356);
}

#[test]
fn a_narrow_or_low_window_shows_the_current_view_and_no_more() {
    let mut layout = usual();
    let (root, closed, _) = Preset::Everything.arrangement();
    layout.arrange(root, closed);
    layout.set_focus(Pane::Order);
    let small = Room { window: vec2(500.0, 400.0), panes: vec2(500.0, 300.0), ..ROOM };
    let shown: Vec<Pane> = planned(&layout, &small).groups.iter().map(|group| group.shown).collect();
    assert!(shown.contains(&Pane::Order), "{shown:?}");
    for gone in [Pane::Inspector, Pane::State, Pane::Overview, Pane::Timeline, Pane::Events] {
        assert!(!shown.contains(&gone), "{shown:?}");
    }
    layout.set_focus(Pane::Timeline);
    let shown: Vec<Pane> = planned(&layout, &small).groups.iter().map(|group| group.shown).collect();
    assert!(shown.contains(&Pane::Timeline) && !shown.contains(&Pane::Order), "{shown:?}");
}

#[test]
fn a_pane_walks_along_its_tabs_out_of_them_and_back_in() {
    let mut layout = usual();
    layout.show(Pane::Timeline);
    let step = |layout: &mut Layout, to| {
        assert!(layout.move_pane(Pane::Timeline, to));
        assert!(panes_once(layout) && is_tidy(&layout.root, None), "{}", told(&layout.root));
        told(&layout.root).replace(" / ", "/").replace(" | ", "|")
    };
    let side = "(Inspector+Comparison spec/State)";
    let whole = |middle: &str| format!("(Causes/Bookmarks/{middle}/Overview)");
    assert_eq!(
        step(&mut layout, Direction::Up),
        whole(&format!("((Timeline/Events+Order+Propagation+Waterfall)|{side})"))
    );
    assert!(layout.shows(Pane::Timeline) && layout.shows(Pane::Events), "both are seen");
    assert!(place(&layout, Pane::Timeline).bottom() <= place(&layout, Pane::Events).top());
    assert_eq!(
        step(&mut layout, Direction::Right),
        whole(&format!("(Events+Order+Propagation+Waterfall|Timeline|{side})"))
    );
    assert_eq!(
        step(&mut layout, Direction::Left),
        whole(&format!("(Events+Order+Propagation+Waterfall+Timeline|{side})"))
    );
    assert_eq!(
        step(&mut layout, Direction::Left),
        whole(&format!("(Events+Order+Propagation+Timeline+Waterfall|{side})"))
    );
    assert_eq!(
        step(&mut layout, Direction::Left),
        whole(&format!("(Events+Order+Timeline+Propagation+Waterfall|{side})"))
    );
    assert_eq!(
        step(&mut layout, Direction::Left),
        whole(&format!("(Events+Timeline+Order+Propagation+Waterfall|{side})"))
    );
    assert_eq!(
        step(&mut layout, Direction::Left),
        whole(&format!("(Timeline+Events+Order+Propagation+Waterfall|{side})"))
    );
    assert_eq!(
        layout.root,
        {
            let mut usual = usual();
            usual.show(Pane::Timeline);
            usual.root
        },
        "it is where it was"
    );
    assert_eq!(layout.focus(), Pane::Timeline);
}

#[test]
fn a_pane_passes_what_is_beside_it_and_stops_at_the_edge() {
    let mut layout = usual();
    assert!(!layout.move_pane(Pane::Overview, Direction::Down), "it is at the foot");
    assert!(layout.move_pane(Pane::Overview, Direction::Up));
    assert!(place(&layout, Pane::Overview).top() < place(&layout, Pane::Events).top());
    assert_eq!(points(place(&layout, Pane::Overview).height()), 84);
    assert!(!layout.move_pane(Pane::Overview, Direction::Up), "closed panes are no place");
}

#[test]
fn lines_move_within_what_panes_can_live_with_and_side_panes_keep_their_size() {
    let mut layout = usual();
    let path = [2];
    assert!(layout.move_line(&path, [0, 1], -100.0));
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 456);
    layout.room.panes.x = 1400.0;
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 456, "the views share what is left");
    assert!(layout.move_line(&path, [0, 1], 9_000.0));
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 248);
    assert!(!layout.move_line(&path, [0, 1], 10.0));
    assert!(layout.reset_line(&path, [0, 1]));
    assert_eq!(points(place(&layout, Pane::Inspector).width()), 356);

    let (root, closed, _) = Preset::TimelineAboveEvents.arrangement();
    layout.arrange(root, closed);
    let before = points(place(&layout, Pane::Timeline).height());
    assert!(layout.grow(Pane::Timeline, 32.0));
    assert_eq!(points(place(&layout, Pane::Timeline).height()), before + 32);
    assert!(layout.grow(Pane::Events, 32.0));
    assert_eq!(points(place(&layout, Pane::Timeline).height()), before);
}

#[test]
fn the_state_is_never_higher_than_what_it_says() {
    let mut layout = usual();
    layout.room.state = 300.0;
    assert_eq!(points(place(&layout, Pane::State).height()), 300);
    assert!(layout.grow(Pane::State, -32.0));
    assert_eq!(points(place(&layout, Pane::State).height()), 268);
    layout.room.state = 64.0;
    assert_eq!(points(place(&layout, Pane::State).height()), 64);
    layout.room.state = 300.0;
    assert_eq!(points(place(&layout, Pane::State).height()), 268);
}

#[test]
fn the_focus_walks_through_what_is_seen_and_leaves_what_is_closed() {
    let mut layout = usual();
    let mut seen = vec![layout.focus()];
    for _ in 0..3 {
        layout.walk_focus(true);
        seen.push(layout.focus());
    }
    assert_eq!(seen, [Pane::Events, Pane::Inspector, Pane::State, Pane::Overview]);
    assert_eq!(layout.view(), View::Events, "the view stays the one that had the focus last");
    layout.close(Pane::Overview);
    assert_eq!(layout.focus(), Pane::Events);
    layout.close(Pane::Events);
    assert_eq!((layout.focus(), layout.view()), (Pane::Timeline, View::Timeline));
    for pane in Pane::ALL {
        layout.close(pane);
    }
    assert_eq!(planned(&layout, &ROOM), Plan { hidden: Pane::ALL.into(), ..Plan::default() });
    assert!(layout.show(Pane::Events) && layout.focus() == Pane::Events);
}

#[test]
fn what_was_kept_is_read_again_and_nonsense_is_refused_with_the_reason() {
    for preset in [Preset::EventsAndInspector, Preset::TimelineAboveEvents, Preset::Everything] {
        let mut layout = usual();
        let (root, closed, _) = preset.arrangement();
        layout.arrange(root, closed);
        layout.grow(Pane::Events, 40.0);
        let again = Layout::from_saved(layout.saved().unwrap()).unwrap();
        assert_eq!((&again.root, &again.closed), (&layout.root, &layout.closed), "{preset:?}");
    }
    let refused = |saved| Layout::from_saved(saved).unwrap_err();
    let tabs = |panes: &[&str]| json!({"tabs": {"panes": panes, "shown": panes.first()}});
    assert!(refused(json!("][")).contains("damaged"));
    assert!(refused(json!({"root": tabs(&["events", "clock"])})).contains("clock"));
    assert!(refused(json!({"root": tabs(&["events", "order", "events"])})).contains("Events is in it twice"));
    assert!(refused(json!({"root": {"split": {"way": "beside", "parts": []}}})).contains("no place"));
    let part = json!({"node": tabs(&["events"]), "size": -4});
    assert!(refused(json!({"root": {"split": {"way": "beside", "parts": [part]}}})).contains("size"));
    let mut deep = tabs(&["events"]);
    for _ in 0..40 {
        deep = json!({"split": {"way": "below", "parts": [{"node": deep}]}});
    }
    assert!(refused(json!({ "root": deep })).contains("without end"));
    // A file of a version that had fewer panes.
    let old = Layout::from_saved(json!({"root": tabs(&["timeline", "events"]), "closed": ["timeline"]})).unwrap();
    assert!(panes_once(&old) && old.shows(Pane::Events) && !old.is_open(Pane::Overview));
}

fn a_change() -> impl Strategy<Value = LayoutCommand> {
    let pane = prop::sample::select(Pane::ALL.to_vec());
    let to = prop::sample::select(vec![Direction::Left, Direction::Right, Direction::Up, Direction::Down]);
    prop_oneof![
        pane.clone().prop_map(LayoutCommand::Show),
        pane.clone().prop_map(LayoutCommand::Toggle),
        pane.prop_map(LayoutCommand::Focus),
        Just(LayoutCommand::CloseFocused),
        any::<bool>().prop_map(|forward| LayoutCommand::WalkFocus { forward }),
        to.clone().prop_map(LayoutCommand::Move),
        to.prop_map(LayoutCommand::Move),
        any::<bool>().prop_map(|larger| LayoutCommand::Grow { larger }),
        Just(LayoutCommand::Preset(Preset::Everything)),
        (100.0_f32..2000.0, 100.0_f32..1400.0)
            .prop_map(|(x, y)| { LayoutCommand::Room(Room { window: vec2(x, y + 140.0), panes: vec2(x, y), ..ROOM }) }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_every_pane_is_there_once_and_fills_its_place(changes in prop::collection::vec(a_change(), 0..40)) {
        let mut state = State { layout: usual(), ..State::default() };
        for command in changes {
            change(&mut state, command);
            let layout = &state.layout;
            prop_assert!(panes_once(layout) && is_tidy(&layout.root, None), "{}", told(&layout.root));
            prop_assert!(layout.shows(layout.focus()) || layout.root.shown(&layout.closed).is_empty());
            let whole = Rect::from_min_size(pos2(0.0, 0.0), layout.room.panes);
            let plan = planned(layout, &layout.room);
            for group in &plan.groups {
                prop_assert!(group.rect.is_finite() && group.rect.size().min_elem() >= 0.0, "{group:?}");
                prop_assert!(group.panes.contains(&group.shown));
                prop_assert!(whole.expand(0.5 + plan.groups.len() as f32).contains_rect(group.rect), "{group:?} is outside {whole:?}");
                for other in plan.groups.iter().filter(|other| other.shown != group.shown) {
                    prop_assert!(!group.rect.shrink(0.6).intersects(other.rect.shrink(0.6)), "{group:?} covers {other:?}");
                }
            }
            let again = layout.saved().map(|saved| Layout::from_saved(saved).map(|again| (again.root, again.closed)));
            prop_assert_eq!(again.unwrap_or_else(|| Ok(presets::usual())), Ok((layout.root.clone(), layout.closed.clone())));
        }
    }

    #[test]
    fn any_json_is_a_layout_or_a_reason(text in "[\\[\\]{}\":a-z,0-9]{0,80}") {
        if let Ok(value) = serde_json::from_str(&text) && let Err(why) = Layout::from_saved(value) {
            prop_assert!(why.len() > 10);
        }
    }
}
