//! The summaries that the overview and the scroll bar draw, kept between frames.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use egui::Ui;

use crate::analyse::Analysis;
use crate::app::pair::Pair;
use crate::view::Overview;

#[derive(Default)]
struct Kept {
    analysis: Weak<Analysis>,
    rows: Option<(u32, Arc<Overview>)>,
    bars: Option<(u32, Arc<Overview>)>,
    lines: Option<((u32, u32), Arc<Overview>)>,
}

/// A handle on the kept summaries.
#[derive(Clone, Default)]
pub struct Strip(Arc<Mutex<Kept>>);

impl Strip {
    /// Columns of the scroll bar's summary: more than any window has pixels, so that it need not be made again.
    const LINES: u32 = 2160;

    /// The summaries of this window.
    pub fn of(ui: &Ui, pair: &Pair) -> Self {
        let id = egui::Id::unique("pair strip");
        let strip: Self = ui.data_mut(|data| data.get_temp_mut_or_default::<Self>(id).clone());
        {
            let mut kept = strip.lock();
            if !std::ptr::eq(kept.analysis.as_ptr(), Arc::as_ptr(pair.analysis())) {
                *kept = Kept { analysis: Arc::downgrade(pair.analysis()), ..Kept::default() };
            }
        }
        strip
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All rows in so many columns, one a pixel: for marks.
    pub fn rows(&self, pair: &Pair, columns: u32) -> Arc<Overview> {
        in_columns(&mut self.lock().rows, pair, columns)
    }

    /// All rows in so many bars: for densities.
    pub fn bars(&self, pair: &Pair, columns: u32) -> Arc<Overview> {
        in_columns(&mut self.lock().bars, pair, columns)
    }

    /// All lines as they are folded now.
    pub fn lines(&self, pair: &Pair) -> Arc<Overview> {
        let mut kept = self.lock();
        let generation = pair.lines().generation();
        match &kept.lines {
            Some((of, overview)) if *of == generation => overview.clone(),
            _ => {
                let overview = Arc::new(Overview::of_lines(pair.rows(), pair.lines(), Self::LINES));
                kept.lines = Some((generation, overview.clone()));
                overview
            }
        }
    }
}

fn in_columns(kept: &mut Option<(u32, Arc<Overview>)>, pair: &Pair, columns: u32) -> Arc<Overview> {
    match kept {
        Some((of, overview)) if *of == columns => overview.clone(),
        _ => {
            let overview = Arc::new(Overview::new(pair.rows(), columns));
            *kept = Some((columns, overview.clone()));
            overview
        }
    }
}
