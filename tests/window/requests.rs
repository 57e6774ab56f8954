//! Two windows of requests, driven by keys and accessible names.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::requests::{RequestsCommand, RequestsPage, RequestsView, STEPS};
use dettrace::app::state::{Page, Request};
use dettrace::app::table::by_id;
use dettrace::app::{App, Command};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{SIZE, Window, click, hover, name, names, open, open_at, press, press_with, sized};

const PACK: &str = "slow-checkout";

fn page<'w>(window: &'w Window<'_>) -> &'w RequestsPage {
    match &window.state().state.front().page {
        Page::Requests(page) => page,
        other => panic!("no windows of requests are open: {other:?}"),
    }
}

fn halves() -> [PathBuf; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(PACK);
    [folder.join("baseline"), folder.join("failing")]
}

/// Runs until nothing is being loaded.
fn settle(window: &mut Window<'_>) {
    let start = Instant::now();
    while window.state().is_pending() || window.state().state.front().loading.is_some() {
        assert!(start.elapsed() < Duration::from_mins(1), "the load does not end");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
}

/// The rows of the waterfall that are in sight.
fn spans(window: &Window<'_>) -> Vec<String> {
    let mut spans = names(window, "span ");
    spans.retain(|name| name.contains(", depth "));
    spans
}

/// The selected row of the waterfall.
fn row(window: &Window<'_>) -> u32 {
    page(window).opened().unwrap().seen().row()
}

#[test]
fn two_folders_are_compared_and_the_services_ranked() {
    let window = open_at(SIZE, &halves());
    assert_eq!(name(&window, "Verdict: "), "Verdict: diverged");
    assert_eq!(
        name(&window, "Most likely cause"),
        "Most likely cause: pricing · pricing.Total, 1 more service (clear)"
    );
    let compared = name(&window, "Compared");
    assert!(compared.contains("24 ⇄ 24 requests, 216 ⇄ 208 spans · 72 ⇄ 72 lines of logs"), "{compared}");
    assert_eq!(name(&window, "service 1: "), "service 1: pricing, clear, pricing.Total");
    assert_eq!(name(&window, "service 2: "), "service 2: checkout, less likely, checkout.Place");
    let row = name(&window, "pricing, ranked 1");
    assert!(row.contains("median own time in a request 8.") && row.contains("before, 186 ms now"), "{row}");
    assert!(name(&window, "checkout, ranked 2").contains("failed spans 0 before, 4 now"));
    assert_eq!(window.state().state.title(), "baseline ⇄ failing · DetTrace");
}

#[test]
fn a_sentence_leads_to_a_request_that_shows_it() {
    let mut window = open(PACK);
    let sentence = name(&window, "evidence 1: ");
    assert!(sentence.contains("pricing.Total itself takes 183 ms") && sentence.ends_with("16 requests show it"));
    click(&mut window, &sentence);
    assert_eq!(page(&window).view(), RequestsView::Waterfall);
    let shown = name(&window, "representative, 1 of 16");
    assert!(shown.contains("the two are not one request"), "{shown}");
    assert_eq!(name(&window, "request gateway"), "request gateway POST /checkout");
    let marked = names(&window, "span pricing pricing.Total");
    assert_eq!(marked.len(), 1);
    assert!(marked[0].contains("on the critical path") && marked[0].contains("shows the evidence most"), "{marked:?}");
    assert!(!name(&window, "span checkout inventory.Reserve").contains("critical"), "it is done long before");
    assert!(name(&window, "field own time: expected 5.").contains("actual 18"), "the selected span is seen whole");
}

#[test]
fn keys_go_through_requests_evidence_rows_and_folds() {
    let mut window = open(PACK);
    press(&mut window, Key::Enter);
    assert_eq!((page(&window).view(), page(&window).example()), (RequestsView::Waterfall, (0, 16)));
    press_with(&mut window, Modifiers::SHIFT, Key::J);
    assert_eq!(name(&window, "representative").split(" requests").next(), Some("representative, 2 of 16"));
    press_with(&mut window, Modifiers::SHIFT, Key::K);
    assert_eq!(page(&window).example().0, 0);
    let cause = row(&window);
    press(&mut window, Key::ArrowDown);
    assert_eq!(row(&window), cause + 1);
    press(&mut window, Key::End);
    assert_eq!(row(&window), 11);
    press(&mut window, Key::Home);
    assert_eq!(row(&window), 0);
    press(&mut window, Key::Enter);
    assert_eq!(spans(&window).len(), 1, "all below the root is folded");
    press(&mut window, Key::Enter);
    press(&mut window, Key::N);
    assert_eq!(name(&window, "representative").split(" requests").next(), Some("representative, 1 of 4"));
    let failed = name(&window, "span checkout checkout.Place, expected 4");
    assert!(failed.contains(" failed"), "{failed}");
    assert!(name(&window, "span receipts receipts.Send").contains("not in actual"));
    press_with(&mut window, Modifiers::SHIFT, Key::N);
    assert_eq!(page(&window).service(), 0);
    let whole = page(&window).opened().unwrap().seen().range();
    press(&mut window, Key::Plus);
    assert!(page(&window).opened().unwrap().seen().range().1 < whole.1);
    press(&mut window, Key::Num0);
    assert_eq!(page(&window).opened().unwrap().seen().range(), whole);
    press(&mut window, Key::Num6);
    assert_eq!(page(&window).view(), RequestsView::Services);
    press(&mut window, Key::End);
    assert_eq!(page(&window).service(), page(&window).services().len() - 1);
    assert!(window.query_by_label("Nothing changed in it that would speak for it.").is_some());
    press(&mut window, Key::Num5);
    assert!(!names(&window, "No request to show.").is_empty(), "and the waterfall says why it is empty");
}

#[test]
fn what_is_about_pairs_says_why_it_cannot_be_done() {
    let window = open(PACK);
    let state = &window.state().state;
    for id in ["timeline", "events", "search", "bookmark", "spec", "undo", "first"] {
        let why = by_id(id).unwrap().enabled(state);
        assert!(why.is_err_and(|why| why.contains("windows of requests")), "{id}: {why:?}");
    }
    for id in ["swap", "reload", "down", "cause", "next", "messages", "services", "save-view", "back", "copy-text"] {
        assert_eq!(by_id(id).unwrap().enabled(state), Ok(()), "{id}");
    }
    assert_eq!(by_id("zoom-in").unwrap().enabled(state), Err("Show the waterfall or the propagation first."));
    let home = App::in_place();
    assert!(by_id("waterfall").unwrap().enabled(&home.state).is_err_and(|why| why.contains("OpenTelemetry")));
}

#[test]
fn exchanged_sides_and_reloading_keep_what_is_looked_at() {
    let mut window = open(PACK);
    press(&mut window, Key::N);
    press(&mut window, Key::N);
    assert_eq!(page(&window).service(), 1);
    press(&mut window, Key::F5);
    assert_eq!((page(&window).view(), page(&window).service()), (RequestsView::Waterfall, 1));
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    let told = &page(&window).population().told;
    assert_eq!((told.expected.label.as_str(), told.actual.label.as_str()), ("failing", "baseline"));
    assert!(!name(&window, "Most likely cause").contains("pricing"), "what became faster is no cause");
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    assert_eq!(name(&window, "Verdict: "), "Verdict: diverged");
}

#[test]
fn a_tab_of_requests_stands_beside_others_and_is_there_again_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let kept = || {
        let mut window = sized(SIZE, App::new(Some(Folders::inside(home.path()))));
        settle(&mut window);
        window
    };
    let mut window = kept();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for name in ["task-order-race", PACK] {
        window.state_mut().push(Command::Open(Request::paths([folder.join(name)])));
        window.run();
        settle(&mut window);
    }
    assert!(names(&window, "tab 2 of 2: slow-checkout, diverged").len() == 1, "{:?}", names(&window, "tab "));
    press(&mut window, Key::N);
    press_with(&mut window, Modifiers::SHIFT, Key::J);
    let recent = &window.state().state.recents.as_slice()[0];
    assert_eq!((recent.title.as_str(), recent.verdict.as_str()), (PACK, "diverged"));
    window.state_mut().save();
    drop(window);
    let window = kept();
    assert_eq!((page(&window).view(), page(&window).example().0), (RequestsView::Waterfall, 1));
}

#[test]
fn a_window_of_two_requests_is_said_to_be_too_small() {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    for side in &sides {
        std::fs::create_dir(side).unwrap();
        let span = |trace: u8| {
            format!(
                r#"{{"traceId":"{trace}","spanId":"a","name":"GET /","startTimeUnixNano":"1","endTimeUnixNano":"9"}}"#
            )
        };
        let spans = [span(1), span(2)].join(",");
        let line = format!(r#"{{"resourceSpans":[{{"resource":{{}},"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#);
        std::fs::write(side.join("traces.json"), line).unwrap();
    }
    let mut window = open_at(SIZE, &sides);
    assert_eq!(name(&window, "Verdict: "), "Verdict: incomparable");
    let doubt = name(&window, "Comparability: ");
    assert!(doubt.contains("2 requests in "), "{doubt}");
    press(&mut window, Key::Num5);
    assert_eq!(names(&window, "No request to show.").len(), 1);
}

#[test]
fn one_hover_lights_a_service_in_every_view() {
    let mut window = open(PACK);
    hover(&mut window, "service 2: checkout");
    assert_eq!(page(&window).hover(), Some(1));
    assert!(name(&window, "checkout, ranked 2").ends_with(", lit"));
    press(&mut window, Key::Num4);
    assert!(name(&window, "checkout, ").ends_with(", lit"), "{}", name(&window, "checkout, "));
    hover(&mut window, "pricing, root");
    assert_eq!(page(&window).hover(), Some(0));
    assert!(name(&window, "service 1: pricing").ends_with(", lit"));
    press(&mut window, Key::N);
    hover(&mut window, "service 1: pricing");
    let lit: Vec<String> = spans(&window).into_iter().filter(|span| span.contains(", lit")).collect();
    assert!(!lit.is_empty() && lit.iter().all(|span| span.starts_with("span pricing")), "{lit:?}");
    hover(&mut window, "span receipts receipts.Send");
    let receipts = page(&window).services()[page(&window).hover().unwrap()];
    assert_eq!(page(&window).population().words.get(receipts), "receipts");
}

#[test]
fn the_failing_window_is_gone_through_in_time() {
    let mut window = open(PACK);
    press(&mut window, Key::Num4);
    let whole = name(&window, "Failing window, ");
    assert!(whole.contains("of 24 requests in trouble"), "{whole}");
    let reached = |window: &Window<'_>| page(window).graph().graph.nodes.iter().filter(|n| n.reached.is_some()).count();
    let all = reached(&window);
    let slider = window.get_by_label(&whole);
    slider.focus();
    window.run();
    press(&mut window, Key::ArrowLeft);
    let past = page(&window).chart().past().unwrap();
    assert_eq!(past.step, STEPS - 1);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowLeft);
    assert!(page(&window).chart().past().unwrap().step < STEPS - 1);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    assert!(page(&window).chart().past().is_none());
    window.state_mut().push(RequestsCommand::Until(Some(0)));
    window.run();
    assert!(name(&window, "Failing window, ").contains("0 of 0 requests in trouble"));
    assert_eq!(reached(&window), 0);
    assert_eq!(name(&window, "pricing, root"), "pricing, root: no request yet, selected");
    // It grows: who is reached stays so in this recording, and at the end all are.
    let mut before = 0;
    for step in 0..=STEPS {
        window.state_mut().push(RequestsCommand::Until(Some(step)));
        window.run();
        assert!(reached(&window) >= before, "at step {step}");
        before = reached(&window);
    }
    assert!(before == all && page(&window).chart().past().is_none());
    assert_eq!(name(&window, "Failing window, "), whole);
    assert!(name(&window, "pricing, root").contains("→") || name(&window, "pricing, root").contains("ms"));
}

/// Real incidents, read where they lie.
#[test]
fn a_real_incident_opens_and_shows_its_evidence() {
    let corpus = std::env::var_os("DETTRACE_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let nezha = corpus.join("traces-labelled/nezha");
    let sides = [nezha.join("baseline-ts-2023-01-29"), nezha.join("nezha-ts-057")];
    if !sides[0].is_dir() {
        // Past the harness, which hides what passing tests print.
        let line = format!("SKIPPED {}: set DETTRACE_CORPUS to the corpus to run this test\n", nezha.display());
        std::io::stderr().write_all(line.as_bytes()).ok();
        return;
    }
    let mut window = open_at([900.0, 600.0], &sides);
    assert!(name(&window, "Most likely cause").contains("ts-contacts-service · log step"));
    press(&mut window, Key::N);
    let opened = page(&window).opened().unwrap();
    let waterfall = opened.waterfall();
    let cause = waterfall.causes[0];
    assert_eq!(opened.seen().row(), cause);
    let span = waterfall.span(Side::Actual, cause).unwrap();
    assert_eq!(page(&window).population().words.get(span.service), "ts-contacts-service");
    let (expected, _) = opened.request().expected.unwrap();
    let roots = [page(&window).survey().requests.expected.get(expected).root];
    assert_eq!(roots, [page(&window).survey().requests.actual.get(opened.request().actual).root]);
    // The rows in sight are drawn, and no others.
    assert!(waterfall.rows.len() > 100 && (5..20).contains(&spans(&window).len()));
}
