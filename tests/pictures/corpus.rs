//! Pictures of real incidents.

use std::io::Write as _;
use std::path::PathBuf;

use dettrace::app::requests::RequestsView;
use dettrace::app::state::Request;
use dettrace::offscreen::screenshot::{AnyView, Options};
use dettrace::offscreen::{Picture, screenshot};
use egui::Theme;

/// A real incident of a public corpus, read where it lies: its graph and a request of it. None where the corpus is not.
pub fn incident() -> Vec<(&'static str, Picture)> {
    let corpus = std::env::var_os("DETTRACE_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    let nezha = corpus.join("traces-labelled/nezha");
    let sides = ["baseline-ts-2023-01-29", "nezha-ts-057"].map(|side| nezha.join(side));
    if !sides.iter().all(|side| side.is_dir()) {
        // Past the harness, which hides what passing tests print.
        let line =
            format!("SKIPPED the pictures of {}: set DETTRACE_CORPUS to the corpus to draw them\n", nezha.display());
        std::io::stderr().write_all(line.as_bytes()).ok();
        return Vec::new();
    }
    let view = |view, theme| Options {
        request: Request::paths(sides.clone()),
        theme,
        view: Some(AnyView::Requests(view)),
        // The cause of requests is looked at in the waterfall.
        select: (view == RequestsView::Waterfall).then(|| "cause".parse().unwrap()),
        ..Options::default()
    };
    vec![
        ("nezha-propagation-dark", screenshot(&view(RequestsView::Propagation, Theme::Dark)).unwrap()),
        ("nezha-waterfall-light", screenshot(&view(RequestsView::Waterfall, Theme::Light)).unwrap()),
    ]
}
