//! Everything that can happen to what is seen of a waterfall.

use crate::app::graph::Look;

/// A change of what is seen of a waterfall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WaterfallCommand {
    /// Moves the selection by this many lines.
    Step(i64),
    /// Moves the selection by this many screens.
    Page(i64),
    /// Selects the first line.
    Top,
    /// Selects the last line.
    Bottom,
    /// Selects a row.
    Row(u32),
    /// Folds what is below a row, or shows it again.
    Fold(u32),
    /// Folds what is below the selected row, or shows it again.
    FoldSelected,
    /// Shows more or less of the axis.
    Zoom {
        /// Share of the width that stays where it is, from the left.
        at: f64,
        /// Below one shows less, larger.
        by: f64,
    },
    /// Moves the axis by a share of its width.
    Pan(f64),
    /// Changes which part of the axis and which rows are in sight.
    Look(Look),
    /// Scrolls by points, downwards when positive.
    Scroll(f32),
    /// Scrolls to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The view has this height in points.
    Viewport(f32),
}
