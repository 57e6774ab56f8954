//! The native window: runs the app in eframe. The only file that knows eframe.

use std::path::PathBuf;
use std::time::Instant;

use crate::app::{App, Command};
use crate::jobs::Waker;

/// What the window starts with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A pack, or the expected and the actual recording, to open at once; empty for the home page.
    pub paths: Vec<PathBuf>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display or the window cannot be made, as a sentence.
pub fn run(options: Options) -> anyhow::Result<()> {
    if cfg!(target_os = "linux") && ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        anyhow::bail!(
            "There is no display to open a window on; `dettrace screenshot PACK -o FILE.png` draws without one."
        );
    }
    let viewport = egui::ViewportBuilder::default().with_title("DetTrace").with_inner_size([1280.0, 800.0]);
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native("dettrace", native, Box::new(move |cc| Ok(Box::new(Window::new(&cc.egui_ctx, options)))))
        .map_err(|error| anyhow::anyhow!("The window could not be opened: {error}"))
}

struct Window {
    app: App,
    out: Vec<Command>,
}

impl Window {
    fn new(ctx: &egui::Context, options: Options) -> Self {
        super::install(ctx);
        let repaint = ctx.clone();
        let mut app = App::new(Waker::new(move || repaint.request_repaint()));
        if !options.paths.is_empty() {
            app.open(options.paths);
        }
        Self { app, out: Vec::new() }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(wait) = self.app.step(Instant::now()) {
            ctx.request_repaint_after(wait);
        }
        if let Some(text) = self.app.take_clipboard() {
            ctx.copy_text(text);
        }
        if self.app.wants_to_quit() {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        super::frame(ui, &self.app.state, &mut self.out);
        for command in self.out.drain(..) {
            self.app.push(command);
        }
        if self.app.is_pending() {
            ui.ctx().request_repaint();
        }
    }
}
