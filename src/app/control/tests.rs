//! What is drawn of a control loop, and what commands change of it.

use std::sync::Arc;

use super::*;
use crate::control::plant::{self, Scenario};
use crate::trace::{Axis, Samples, Side, Sides, Signal, SignalRole, TimeScale, Unit};
use crate::view::Drawn;

fn scenario(scenario: Scenario) -> Sheet {
    let pair = plant::Pair::of(&scenario.setup());
    let samples = Sides::new(pair.expected, pair.actual).map(|steps| plant::samples(&steps, false));
    let control = Control::simulated(Sides::default(), samples);
    let plots = Plots::new(&control);
    Sheet::new(Arc::new(control), Arc::new(plots))
}

fn run(times: &[i64], values: &[f64], epoch: bool) -> Samples {
    let scale = TimeScale { unit: Unit::Millis, field: "t".to_owned(), epoch };
    let signal = Signal {
        name: "level".to_owned(),
        group: "level".to_owned(),
        role: SignalRole::State,
        values: values.to_vec(),
        ..Signal::default()
    };
    let axis = Axis { times: times.to_vec(), ..Axis::default() };
    Samples { scale: Some(scale), axes: vec![axis], signals: vec![signal], ..Samples::default() }
}

#[test]
fn both_runs_and_what_they_follow_share_a_plot() {
    let sheet = scenario(Scenario::DelayedSensor);
    let plots = sheet.plots();
    let of = |name: &str| plots.list.iter().find(|plot| plot.name == name).unwrap();
    let looks = |name: &str| of(name).lines.iter().map(|line| line.look).collect::<Vec<_>>();
    assert_eq!(looks("position.x"), [Look::Wanted, Look::Expected, Look::Actual]);
    assert_eq!(looks("velocity.x"), [Look::Expected, Look::Actual]);
    assert_eq!(looks("loop_elapsed_ms"), [Look::Wanted, Look::Expected, Look::Actual], "its budget is what was wanted");
    let (x, y) = plots.plane.unwrap();
    assert_eq!((plots.list[x].name.as_str(), plots.list[y].name.as_str()), ("position.x", "position.y"));
    let shown: Vec<&str> = sheet.shown().map(|plot| plots.list[plot].name.as_str()).collect();
    assert!(shown.contains(&"position.x") && shown.contains(&"gap · position") && shown.len() == 5, "{shown:?}");
    assert_eq!(plots.steps().len(), 80);
}

#[test]
fn a_setpoint_is_held_until_it_changes() {
    let sheet = scenario(Scenario::DelayedSensor);
    let plot = sheet.plots().list.iter().find(|plot| plot.name == "position.x").unwrap();
    let lines = |look: Look| {
        let line = plot.lines.iter().find(|line| line.look == look).unwrap();
        match sheet.plots().drawn(sheet.control(), line, (0.0, 8.0), 1000) {
            Drawn::Lines(lines) => lines.concat(),
            Drawn::Reaches(_) => panic!("there are few samples"),
        }
    };
    let corners = |line: &[[f64; 2]]| {
        line.windows(2).filter(|pair| pair[0][0] < pair[1][0]).all(|pair| pair[0][1].to_bits() == pair[1][1].to_bits())
    };
    assert!(corners(&lines(Look::Wanted)), "between two samples it does not move");
    assert!(!corners(&lines(Look::Actual)));
}

#[test]
fn runs_since_1970_are_laid_one_over_the_other_and_holes_stay() {
    let expected = run(&[1_700_000_000_000, 1_700_000_000_100, 1_700_000_000_200], &[1.0, 2.0, 3.0], true);
    let actual = run(&[1_800_000_000_000, 1_800_000_000_050, 1_800_000_000_100], &[1.0, f64::NAN, 3.0], true);
    let control = Control::simulated(Sides::default(), Sides::new(expected, actual));
    let plots = Plots::new(&control);
    assert_eq!(plots.whole, (0.0, 0.2));
    let [one, other] = plots.list[0].lines.as_slice() else { panic!("a line for each run") };
    let drawn = |line: &Line| plots.series(&control, line).drawn(0.0, 0.2, 100);
    assert_eq!(drawn(one), Drawn::Lines(vec![vec![[0.0, 1.0], [0.1, 2.0], [0.2, 3.0]]]));
    assert_eq!(drawn(other), Drawn::Lines(vec![vec![[0.0, 1.0]], vec![[0.1, 3.0]]]), "no line over the hole");
    let sheet = Sheet::new(Arc::new(control), Arc::new(plots));
    assert_eq!(sheet.both_at(0, 0.12), Sides::new(Some(2.0), Some(3.0)));
    assert_eq!(sheet.both_at(0, 0.06), Sides::new(Some(1.0), None), "what was not recorded is not made up");
}

#[test]
fn what_was_logged_before_the_clock_ran_does_not_stretch_the_axis() {
    let plain = run(&[9_000, 9_100, 9_200], &[1.0, 2.0, 3.0], false);
    let mut more = plain.clone();
    more.axes.push(Axis { times: vec![0, 0], ..Axis::default() });
    let whole = |actual: Samples| {
        Plots::new(&Control::simulated(Sides::default(), Sides::new(Samples::default(), actual))).whole
    };
    assert_eq!(whole(plain), (9.0, 9.2));
    assert_eq!(whole(more), (9.0, 9.2));
    assert_eq!(whole(run(&[500], &[1.0], false)), (0.5, 0.5), "where nothing else was, it is shown");
}

#[test]
fn moments_are_gone_through_in_the_order_of_time() {
    let mut sheet = scenario(Scenario::TimingJitter);
    let times: Vec<f64> = sheet.notable().iter().map(|notable| notable.at).collect();
    assert!(times.is_sorted() && times.len() >= 6, "the onset, the causes and five missed deadlines: {times:?}");
    sheet.apply(ControlCommand::First);
    let mut seen = Vec::new();
    for _ in 0..99 {
        sheet.apply(ControlCommand::StepMoment { forward: true });
        seen.push(sheet.cursors().at.unwrap());
    }
    seen.dedup();
    assert!(seen.is_sorted() && seen.len() >= 5, "{seen:?}");
    let late = sheet.plots().lanes.iter().find(|lane| lane.kind == crate::control::LaneKind::Deadline).unwrap();
    let missed: usize = late.stretches[Side::Actual].len();
    assert!(late.stretches[Side::Expected].is_empty() && (4..=5).contains(&missed), "neighbours may be one stretch");
}

#[test]
fn the_same_is_seen_of_recordings_that_were_read_again() {
    let page = |scenario_of: Scenario| {
        let sheet = scenario(scenario_of);
        ControlPage::new(Arc::clone(sheet.control()), Arc::clone(sheet.plots()), Some("pack".to_owned()))
    };
    let mut before = page(Scenario::DelayedSensor);
    before.apply(ControlCommand::Toggle(0));
    before.apply(ControlCommand::Box { times: (2.0, 4.0), values: None });
    before.apply(ControlCommand::Step(3));
    before.apply(ControlCommand::Show(ControlView::Trajectory));
    let seen = before.seen();
    let mut after = page(Scenario::DelayedSensor);
    after.set_seen(&seen);
    assert_eq!(after.seen(), seen);
    let text = serde_json::to_string(&seen).unwrap();
    assert_eq!(serde_json::from_str::<SeenControl>(&text).unwrap(), seen);
    let missing = after.set_seen(&serde_json::from_str(r#"{"view":"nowhere","selected":"nobody"}"#).unwrap());
    assert!(missing.len() == 2 && missing[0].contains("nobody") && missing[1].contains("nowhere"), "{missing:?}");
    assert_eq!((after.view(), after.seen().has_plant()), (ControlView::Trajectory, false));
    assert!(after.sheet().shown().count() > 0, "where no plots are said those that were stay");
}

#[test]
fn whatever_stands_in_a_file_is_shown_as_far_as_it_makes_sense() {
    let sheet = scenario(Scenario::DelayedSensor);
    let mut page = ControlPage::new(Arc::clone(sheet.control()), Arc::clone(sheet.plots()), None);
    let wild = serde_json::json!({
        "view": "what-if", "shown": ["position.x", "nobody"], "from": f64::MIN, "to": f64::MAX, "cursor": f64::MAX,
        "measured_from": f64::MIN, "values": [["position.x", 2.0, 1.0], ["nobody", 0.0, 1.0]], "top": "nobody",
        "what_if": { "fault": "lag", "strength": f64::MAX, "begins_at": u32::MAX, "lasts": 0, "knob": "?", "selected": "nobody" },
    });
    let missing = page.set_seen(&serde_json::from_value(wild).unwrap());
    assert_eq!(missing, ["The view file shows nobody, which is not recorded here."; 2]);
    let sheet = page.recorded();
    assert_eq!(sheet.shown().map(|plot| sheet.plots().list[plot].name.as_str()).collect::<Vec<_>>(), ["position.x"]);
    assert!(sheet.sight().is_whole() && sheet.zoomed().count() == 0);
    let words = Knob::ALL.map(|knob| page.what_if().words(knob));
    assert_eq!(words, ["actuator lag", "2.00 s", "79", "1 step"]);
    let unknown = serde_json::json!({ "what_if": { "fault": "gremlins" } });
    let missing = page.set_seen(&serde_json::from_value(unknown).unwrap());
    assert_eq!(missing, ["The view file tries out gremlins, which is no fault known here."]);
    assert_eq!(page.what_if().words(Knob::Kind), "actuator lag");
}

#[test]
fn the_way_back_leads_to_the_same_plots_of_recordings_that_grew() {
    let recorded = run(&[0, 100, 200], &[1.0, 2.0, 3.0], false);
    let page = |samples: Samples| {
        let control = Arc::new(Control::simulated(Sides::default(), Sides::new(Samples::default(), samples)));
        let plots = Arc::new(Plots::new(&control));
        (control, plots)
    };
    let named = |name: &str| Signal { name: name.to_owned(), ..recorded.signals[0].clone() };
    let with = |names: &[&str]| Samples { signals: names.iter().map(|name| named(name)).collect(), ..recorded.clone() };
    let (control, plots) = page(with(&["b", "c", "d"]));
    let mut looked_at = ControlPage::new(control, plots, None);
    for plot in ["c", "d", "b"] {
        let place = looked_at.recorded().plots().list.iter().position(|of| of.name == plot).unwrap();
        looked_at.apply(ControlCommand::Plot(place));
    }
    let (control, plots) = page(with(&["a", "b", "c"]));
    looked_at.renew(control, plots);
    let selected = |page: &ControlPage| page.sheet().plots().list[page.sheet().selected()].name.clone();
    assert_eq!(selected(&looked_at), "b");
    looked_at.apply(ControlCommand::Back);
    assert_eq!(selected(&looked_at), "c", "what is no longer there is left out");
}

#[test]
fn an_empty_recording_can_be_opened_and_commanded() {
    let control = Control::simulated(Sides::default(), Sides::default());
    let plots = Plots::new(&control);
    let mut page = ControlPage::new(Arc::new(control), Arc::new(plots), None);
    for command in [
        ControlCommand::Step(1),
        ControlCommand::First,
        ControlCommand::Onset,
        ControlCommand::Measure,
        ControlCommand::Select(1),
        ControlCommand::ToggleSelected,
        ControlCommand::FitPlot(None),
        ControlCommand::Zoom { at: 0.5, by: 0.5 },
        ControlCommand::Viewport(0.0),
        ControlCommand::Show(ControlView::Trajectory),
    ] {
        page.apply(command);
    }
    assert!(page.can(ControlCommand::Onset).is_err() && page.can(ControlCommand::Cause(0)).is_err());
}

#[test]
fn what_was_wanted_is_no_difference_of_two_runs_without_a_value() {
    let pair = plant::Pair::of(&Scenario::DelayedSensor.setup());
    let mut samples = Sides::new(pair.expected, pair.actual).map(|steps| plant::samples(&steps, false));
    for side in Side::BOTH {
        let at = samples[side].find("position.x").unwrap();
        samples[side].signals[at].values.fill(f64::NAN);
    }
    let control = Control::simulated(Sides::default(), samples);
    let plots = Plots::new(&control);
    let place = plots.list.iter().position(|plot| plot.name == "position.x").unwrap();
    let mut sheet = Sheet::new(Arc::new(control), Arc::new(plots));
    sheet.apply(ControlCommand::Cursor(Some(2.0)));
    let wanted = sheet.values_at(place, sheet.cursors().at.unwrap());
    assert!(wanted.iter().any(|(look, value)| *look == Look::Wanted && value.is_some()), "{wanted:?}");
    let moment = sheet.moment();
    let reading = moment.readings.iter().find(|reading| reading.name == "position.x").unwrap();
    assert_eq!((reading.values, reading.between), (Sides::default(), None));
}

#[test]
fn a_signal_of_one_run_has_the_line_of_that_run_alone() {
    let folder = tempfile::tempdir().unwrap();
    let rows = |more: &str| (0..40).map(|t| format!("{t},{}{more}\n", t * 2)).collect::<Vec<_>>().concat();
    let (expected, actual) = (folder.path().join("expected.csv"), folder.path().join("actual.csv"));
    std::fs::write(&expected, format!("t,speed\n{}", rows(""))).unwrap();
    std::fs::write(&actual, format!("t,speed,heat\n{}", rows(",7"))).unwrap();
    let mut runs = crate::pack::samples(&[expected, actual], Some(true)).unwrap().unwrap();
    let control = Control::new(runs.pairs.remove(0), &runs.overrides, runs.warnings, &()).unwrap();
    let (plots, control) = (Arc::new(Plots::new(&control)), Arc::new(control));
    let lines = |name: &str| {
        let place = plots.list.iter().position(|plot| plot.name == name).unwrap();
        let mut sheet = Sheet::new(Arc::clone(&control), Arc::clone(&plots));
        sheet.apply(ControlCommand::Cursor(Some(5.0)));
        sheet.apply(ControlCommand::Plot(place));
        sheet.lines()
    };
    assert_eq!(lines("speed").len(), 2);
    assert_eq!(lines("heat"), ["actual.csv:7 5,10,7"]);
}
