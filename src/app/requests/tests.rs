//! The page of two windows, by its commands alone.

use std::fmt::Write as _;

use super::*;
use crate::app::graph::Look;
use crate::pack;
use crate::population::What;

fn page() -> RequestsPage {
    let sides = pack::windows(&["fixtures/slow-checkout".into()], &[]).unwrap().unwrap();
    let survey = Survey::new(&sides, &()).unwrap();
    let chart = Chart::new(&survey);
    RequestsPage::new(Arc::new(survey), chart, None)
}

fn opened(page: &RequestsPage) -> &Opened {
    page.opened().unwrap()
}

/// What the row at a place does on the failing side.
fn operation(page: &RequestsPage, row: u32) -> &str {
    let span = opened(page).waterfall().span(Side::Actual, row).unwrap();
    page.population().words.get(span.operation)
}

#[test]
fn the_request_that_is_shown_has_the_evidence_and_its_row_is_selected() {
    let mut page = page();
    assert_eq!((page.title(), page.view(), page.service()), ("baseline ⇄ failing", RequestsView::Services, 0));
    page.apply(RequestsCommand::Enter);
    assert_eq!((page.view(), page.example()), (RequestsView::Waterfall, (0, 16)));
    assert_eq!(operation(&page, opened(&page).seen().row()), "pricing.Total");
    let Some(What::Slower { change, .. }) = page.evidence().next().map(|evidence| evidence.what) else {
        panic!("not the evidence of slow work");
    };
    let bar = opened(&page).waterfall().bar(Side::Actual, opened(&page).seen().row()).unwrap();
    assert!((bar.own as f64 / 1e6 - change.now).abs() < 0.1 * change.now, "the first one is the usual one: {bar:?}");
    let first = opened(&page).request().actual;
    page.apply(RequestsCommand::Example(-1));
    assert_eq!(page.example().0, 0, "there is none before");
    page.apply(RequestsCommand::Example(99));
    assert_eq!(page.example().0, 15);
    assert_ne!(opened(&page).request().actual, first);
}

#[test]
fn evidence_is_gone_through_service_by_service_and_is_there_again_later() {
    let mut page = page();
    let next = RequestsCommand::StepEvidence { forward: true };
    page.apply(next);
    assert_eq!((page.service(), page.view()), (0, RequestsView::Waterfall), "first the one that is selected");
    page.apply(next);
    assert_eq!((page.service(), page.example().1), (1, 4));
    let lost = opened(&page).waterfall();
    assert!(lost.rows.iter().any(|row| row.spans.actual.is_none()), "no receipt was sent");
    page.apply(next);
    page.apply(next);
    let end = page.evidence_place();
    page.apply(next);
    assert_eq!((page.service(), page.evidence_place()), (1, end), "there is no more");
    page.apply(RequestsCommand::Example(2));
    let seen = page.seen();
    let mut again = self::page();
    again.set_seen(&seen);
    assert_eq!((again.seen(), again.example().0), (seen, 2));
    let back = RequestsCommand::StepEvidence { forward: false };
    (0..=end).for_each(|_| again.apply(back));
    assert_eq!((again.service(), again.example().0), (0, 0));
    let before = again.view();
    let missing = again.set_seen(&serde_json::from_str(r#"{"view":"no such","service":"nobody"}"#).unwrap());
    assert!(missing.len() == 2 && missing[0].contains("no view `no such`") && missing[1].contains("nobody"));
    assert_eq!((again.view(), again.service()), (before, 0), "what is not here changes nothing");
}

#[test]
fn whatever_stands_in_a_file_is_shown_as_far_as_it_makes_sense() {
    let mut page = page();
    let (least, most) = (f64::MIN, f64::MAX);
    let row = |row: u32, span: &str| serde_json::json!({ "row": row, "side": "actual", "span": span });
    let wild = serde_json::json!({
        "view": "waterfall", "service": "pricing", "evidence": 0, "example": usize::MAX, "until": usize::MAX, "top": "receipts",
        "waterfall": { "selected": row(u32::MAX, ""), "folded": [row(0, "?"), row(u32::MAX, "")], "range": [least, most] },
        "graph": { "middle": [f32::MIN, f32::MAX], "scale": f32::MAX },
    });
    let missing = page.set_seen(&serde_json::from_value(wild).unwrap());
    assert_eq!(
        (missing, page.example()),
        (vec!["The request that the view file shows is not here.".to_owned()], (15, 16))
    );
    let wild = serde_json::json!({
        "view": "waterfall", "service": "pricing", "evidence": 0, "example": 1,
        "waterfall": {
            "selected": row(u32::MAX, "nobody"), "folded": [row(0, "a"), row(1, "b"), row(u32::MAX, "c")],
            "range": [3.0, 3.000_000_1], "top": row(0, "d"),
        },
    });
    assert_eq!(
        page.set_seen(&serde_json::from_value(wild).unwrap()),
        ["The view file folds 3 spans that are not here.", "The view file selects nobody, which is not here."]
    );
    let seen = opened(&page).seen();
    let (from, to) = seen.range();
    assert!(seen.lines().len() == opened(&page).waterfall().rows.len() && (to - from - 100.0).abs() < 1.0, "{seen:?}");
    assert!(page.chart().past().is_none());
}

#[test]
fn what_was_seen_of_a_request_is_put_on_no_other_one() {
    let mut page = page();
    page.apply(RequestsCommand::Cause);
    page.apply(RequestsCommand::Example(2));
    page.apply(RequestsCommand::Waterfall(WaterfallCommand::Fold(2)));
    let kept = serde_json::to_value(page.seen()).unwrap();
    let shown = |change: &dyn Fn(&mut serde_json::Value)| {
        let (mut kept, mut again) = (kept.clone(), self::page());
        change(&mut kept);
        let missing = again.set_seen(&serde_json::from_value(kept).unwrap());
        (missing, again)
    };
    let (missing, again) = shown(&|kept| kept["example"] = 7.into());
    assert_eq!((missing, again.example().0), (Vec::new(), 2), "it is the same request wherever it stands");
    assert_eq!(opened(&again).seen().lines(), [0, 1, 2]);
    let (missing, again) = shown(&|kept| kept["request"] = "another".into());
    assert_eq!(missing, ["The request that the view file shows is not here."]);
    assert_eq!(opened(&again).seen().lines().len(), opened(&again).waterfall().rows.len(), "nothing of it is folded");
    let (missing, again) = shown(&|kept| kept["waterfall"]["folded"][0]["row"] = 5.into());
    assert_eq!((missing, opened(&again).seen().lines()), (Vec::new(), [0, 1, 2].as_slice()), "spans go by their ids");
    let (missing, again) = shown(&|kept| kept["waterfall"]["folded"][0]["span"] = "gone".into());
    assert_eq!(missing, ["The view file folds a span that is not here."]);
    assert!(opened(&again).seen().lines().len() > 3);
}

#[test]
fn the_way_back_leads_to_a_span_of_the_same_request_only() {
    let mut old = page();
    old.apply(RequestsCommand::Cause);
    old.apply(RequestsCommand::Bottom);
    let last = opened(&old).seen().row();
    old.apply(RequestsCommand::Show(RequestsView::Services));
    let back = |mut new: RequestsPage| {
        new.take_over(&old);
        new.apply(RequestsCommand::Back);
        assert_eq!(new.view(), RequestsView::Waterfall);
        opened(&new).seen().row()
    };
    assert_eq!(back(page()), last);
    // The same windows with other trace ids are other requests.
    let folder = tempfile::tempdir().unwrap();
    for name in ["baseline/traces.jsonl", "baseline/logs.jsonl", "failing/traces.jsonl", "failing/logs.jsonl"] {
        let to = folder.path().join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let text = std::fs::read_to_string(std::path::Path::new("fixtures/slow-checkout").join(name)).unwrap();
        std::fs::write(to, text.replace("000000c0", "000000d0")).unwrap();
    }
    let sides = pack::windows(&[folder.path().to_path_buf()], &[]).unwrap().unwrap();
    let survey = Survey::new(&sides, &()).unwrap();
    let chart = Chart::new(&survey);
    let other = RequestsPage::new(Arc::new(survey), chart, None);
    assert_ne!(back(other), last);
}

#[test]
fn the_way_back_leads_to_the_same_services_in_a_newer_answer() {
    let mut old = page();
    for service in [1, 4, 2] {
        old.apply(RequestsCommand::Service(service));
    }
    let name = |page: &RequestsPage| page.population().words.get(page.services()[page.service()]).to_owned();
    let sides = pack::windows(&["fixtures/slow-checkout".into()], &[]).unwrap().unwrap().swapped();
    let survey = Survey::new(&sides, &()).unwrap();
    let chart = Chart::new(&survey);
    let mut new = RequestsPage::new(Arc::new(survey), chart, None);
    assert_ne!(new.services(), old.services(), "the services stand elsewhere");
    new.take_over(&old);
    for _ in 0..3 {
        old.apply(RequestsCommand::Back);
        new.apply(RequestsCommand::Back);
        assert_eq!((name(&new), new.notice()), (name(&old), ""));
    }
    new.apply(RequestsCommand::Back);
    assert_eq!(new.notice(), "This is where you began.");
}

#[test]
fn a_folded_span_takes_the_selection_of_what_is_below() {
    let mut page = page();
    page.apply(RequestsCommand::Cause);
    let rows = opened(&page).seen().lines().len();
    page.apply(RequestsCommand::Waterfall(WaterfallCommand::Fold(2)));
    assert_eq!(opened(&page).seen().lines(), [0, 1, 2]);
    assert!(opened(&page).seen().row() == 2 && opened(&page).seen().is_folded(2));
    page.apply(RequestsCommand::Step(5));
    assert_eq!(opened(&page).seen().row(), 2, "nothing is below");
    page.apply(RequestsCommand::Enter);
    assert_eq!(opened(&page).seen().lines().len(), rows);
    page.apply(RequestsCommand::Bottom);
    assert_eq!(opened(&page).seen().row() as usize, rows - 1);
    page.apply(RequestsCommand::Enter);
    assert_eq!(opened(&page).seen().lines().len(), rows, "a leaf does not fold");
    page.apply(RequestsCommand::Top);
    assert_eq!(opened(&page).seen().row(), 0);
}

#[test]
fn the_axis_is_zoomed_and_moved_within_the_request() {
    let mut page = page();
    page.apply(RequestsCommand::Cause);
    let whole = opened(&page).seen().range();
    page.apply(RequestsCommand::Waterfall(WaterfallCommand::Zoom { at: 0.5, by: 0.5 }));
    let (from, to) = opened(&page).seen().range();
    assert!((to - from) * 1.99 < whole.1 - whole.0 && from > whole.0);
    page.apply(RequestsCommand::Waterfall(WaterfallCommand::Pan(-99.0)));
    assert!((opened(&page).seen().range().0 - whole.0).abs() < 1.0, "not before the begin");
    for _ in 0..200 {
        page.apply(RequestsCommand::Waterfall(WaterfallCommand::Zoom { at: 0.0, by: 0.5 }));
    }
    let (from, to) = opened(&page).seen().range();
    assert!((to - from - 100.0).abs() < 1.0, "{from} {to}");
    page.apply(RequestsCommand::Waterfall(WaterfallCommand::Zoom { at: 0.3, by: f64::MAX }));
    assert_eq!(opened(&page).seen().range(), whole);
    page.apply(RequestsCommand::Look(Look::Fit));
    assert_eq!(opened(&page).seen().range(), whole);
}

#[test]
fn further_baselines_are_used_and_left_out_when_the_sides_are_swapped() {
    let paths = ["fixtures/slow-checkout".into()];
    let more = ["fixtures/slow-checkout/failing".into()];
    let windows = pack::windows(&paths, &more).unwrap().unwrap();
    let survey = Survey::new(&windows, &()).unwrap();
    let labels: Vec<&str> = survey.population.baselines.iter().map(|baseline| baseline.told.label.as_str()).collect();
    assert_eq!(labels, ["baseline", "failing"]);
    assert!(survey.population.ranking.clear().is_none(), "what a baseline shows too is usual");
    assert_eq!(survey.files.len(), 6, "those of the further baseline are watched as well");
    let swapped = windows.swapped();
    assert!(swapped.baselines.is_empty() && swapped.sides.expected.label == "failing");
    let aside = swapped.sides.actual.warnings.as_slice()[0].to_string();
    assert!(aside.starts_with("failing: It is a further baseline"), "{aside}");
}

/// The page of a shop that calls a bank, which became slow.
fn page_of_metrics() -> RequestsPage {
    let folder = tempfile::tempdir().unwrap();
    let table = |slow: bool| {
        let mut text = String::from(
            "microservice,shop,bank,shop,bank\nmetric,latency,latency,requests,requests\n\
             statistic,Average,Average,Sum,Sum\nunix_timestamp,,,,\n",
        );
        for row in 0..12 {
            let more = if slow && row >= 6 { 0.5 } else { f64::from(row % 3) / 1000.0 };
            let (time, shop, bank) = (1_681_398_600 + 300 * row, 0.1 + more, 0.05 + more);
            writeln!(text, "{time},{shop},{bank},100,100").unwrap();
        }
        text
    };
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    for (side, slow) in sides.iter().zip([false, true]) {
        std::fs::create_dir_all(side).unwrap();
        std::fs::write(side.join("metrics.csv"), table(slow)).unwrap();
    }
    std::fs::write(sides[0].join("graph.csv"), ",shop,bank\nshop,0,1\nbank,0,0\n").unwrap();
    let survey = Survey::of_metrics(&pack::metrics(&sides).unwrap().unwrap(), &()).unwrap();
    let chart = Chart::new(&survey);
    RequestsPage::new(Arc::new(survey), chart, None)
}

#[test]
fn tables_of_metrics_show_the_metric_of_the_cause_and_of_the_symptom() {
    let mut page = page_of_metrics();
    assert_eq!((page.verdict(), page.view()), (Verdict::Diverged, RequestsView::Metrics));
    let titles = |page: &RequestsPage| {
        page.curves().iter().map(|curve| format!("{} · {}", curve.metric, curve.node)).collect::<Vec<_>>()
    };
    assert_eq!(titles(&page), ["latency Average · bank", "latency Average · symptom at shop", "requests Sum · bank"]);
    let curve = &page.curves()[0];
    assert_eq!((curve.rows(), curve.nearest(1810.0), curve.since), (12, Some((1800.0, Some(0.55))), Some(1800.0)));
    let usual = curve.usual.unwrap();
    assert!(usual.is_sorted() && (usual[1] - 0.051).abs() < 1e-9, "{usual:?}");
    assert_eq!((curve.value(0.55), page.curves()[2].value(100.0)), ("550 ms".to_owned(), "100".to_owned()));
    for command in [RequestsCommand::Show(RequestsView::Waterfall), RequestsCommand::Enter, RequestsCommand::Cause] {
        page.apply(command);
        assert_eq!((page.view(), page.service()), (RequestsView::Metrics, 0), "{command:?}");
    }
    page.apply(RequestsCommand::Show(RequestsView::Propagation));
    page.apply(RequestsCommand::UntilBy(-4));
    assert_eq!(page.chart().past().map(|past| past.step), Some(STEPS - 4));
    page.apply(RequestsCommand::Until(None));
    let seen = page.graph();
    assert!(page.chart().past().is_none() && seen.symptom == Some(1) && seen.layout.at.len() == 2);
    assert_eq!(seen.notes[0], ["51 ms → 550 ms", "101 ms → 600 ms"]);
    page.apply(RequestsCommand::Cause);
    assert_eq!(page.view(), RequestsView::Metrics, "the cause is seen in its plot");
    page.apply(RequestsCommand::Step(1));
    assert_eq!(titles(&page), ["latency Average · shop", "requests Sum · shop"], "nothing speaks for it");
    let kept = page.seen();
    let mut again = page_of_metrics();
    again.set_seen(&kept);
    assert_eq!(again.service(), 1);
}
