//! The native window: runs the app in eframe. The only file that knows eframe.

use std::path::PathBuf;
use std::time::Instant;

use egui::{UserAttentionType, ViewportBuilder, ViewportCommand};

use crate::app::folders::Folders;
use crate::app::kept::Placement;
use crate::app::pictures::Drawers;
use crate::app::state::Request;
use crate::app::{App, Command, crash};
use crate::jobs::Waker;

/// Size of the window at its first start, in points.
const SIZE: [f32; 2] = [1280.0, 800.0];
/// Below this size nothing can be read.
const MIN_SIZE: [f32; 2] = [480.0, 320.0];

/// What the window starts with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A pack, or the expected and the actual recording, to open at once; empty for the home page.
    pub paths: Vec<PathBuf>,
    /// Further baselines, of windows of requests.
    pub baselines: Vec<PathBuf>,
    /// What draws the pictures that are exported.
    pub draw: Option<Drawers>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display or the window cannot be made, as a sentence.
pub fn run(options: Options) -> anyhow::Result<()> {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().any(set) {
        anyhow::bail!(
            "There is no display to open a window on; `dettrace screenshot PACK -o FILE.png` draws without one."
        );
    }
    // Whatever level goes to stderr, the window hears warnings: only they tell why no file dialog appears.
    log::set_max_level(log::max_level().max(log::LevelFilter::Warn));
    let folders = Folders::find();
    if let Some(folders) = &folders {
        crash::install(folders.state.clone());
    }
    // The session is read before the window is made, so that it appears where it was.
    let mut app = App::new(folders);
    let native = eframe::NativeOptions { viewport: viewport(app.placement()), ..eframe::NativeOptions::default() };
    app.welcome();
    if let Some(draw) = options.draw {
        app.draw_with(draw);
    }
    if !options.paths.is_empty() {
        let Options { paths, baselines, .. } = options;
        app.push(Command::Open(Request { paths, baselines, ..Request::default() }));
    }
    let start = move |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        super::install(&cc.egui_ctx);
        let repaint = cc.egui_ctx.clone();
        app.wake_with(&Waker::new(move || repaint.request_repaint()));
        Ok(Box::new(Window { app, out: Vec::new(), title: String::new() }))
    };
    eframe::run_native("dettrace", native, Box::new(start)).map_err(|error| {
        anyhow::anyhow!(
            "The window could not be opened ({error}); `dettrace screenshot PACK -o FILE.png` draws without one."
        )
    })
}

fn viewport(placement: Option<Placement>) -> ViewportBuilder {
    let builder =
        ViewportBuilder::default().with_title("DetTrace").with_app_id("dettrace").with_min_inner_size(MIN_SIZE);
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png"));
    let builder = icon.into_iter().fold(builder, ViewportBuilder::with_icon);
    match placement {
        None => builder.with_inner_size(SIZE),
        Some(Placement { position, size, maximized }) => {
            let builder = builder.with_inner_size(size).with_maximized(maximized);
            position.map_or(builder.clone(), |position| builder.with_position(position))
        }
    }
}

struct Window {
    app: App,
    out: Vec<Command>,
    /// The title that the system shows.
    title: String,
}

impl Window {
    /// Where the window is now, for the next start.
    fn note_placement(&mut self, ctx: &egui::Context) {
        let now = ctx.input(|input| {
            let viewport = input.viewport();
            let size = viewport.inner_rect.map(|rect| rect.size().into());
            let maximized = viewport.maximized.unwrap_or(false) || viewport.fullscreen.unwrap_or(false);
            let position = viewport.outer_rect.map(|rect| rect.min.into());
            let hidden = viewport.minimized.unwrap_or(false);
            size.filter(|_| !hidden).map(|size| Placement { position, size, maximized })
        });
        let before = self.app.placement();
        match now {
            // What the window was before it filled the screen is what it goes back to.
            Some(now) if now.maximized => {
                let before = before.unwrap_or(Placement { position: None, size: SIZE, maximized: true });
                self.app.set_placement(Placement { maximized: true, ..before });
            }
            Some(now) => self.app.set_placement(now),
            None => {}
        }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.note_placement(ctx);
        if let Some(wait) = self.app.step(Instant::now()) {
            ctx.request_repaint_after(wait);
        }
        super::follow_settings(ctx, &self.app.state.settings);
        if let Some(text) = self.app.take_clipboard() {
            ctx.copy_text(text);
        }
        if self.app.take_attention() && !ctx.input(|input| input.focused) {
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
        }
        if self.app.wants_to_quit() {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        let title = self.app.state.title();
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
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

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.app.save();
    }
}
