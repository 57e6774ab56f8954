//! Scrolling over any number of equally high lines: a whole line number and a rest in points, so that the last of ten
//! million lines moves as smoothly as the first. One float for both would step by two points at a million lines.

use std::ops::Range;

/// A thumb shorter than this cannot be caught.
const LEAST_THUMB: f32 = 24.0;

/// Where a table stands: its top line, and how far that line is pushed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scroller {
    /// Height of one line in points.
    line_height: f32,
    /// Height of the view in points.
    viewport: f32,
    /// The first line in sight.
    top: u32,
    /// How much of it is above the view: from 0 to below the line's height.
    rest: f32,
    lines: u32,
}

/// The thumb of a scroll bar, in points from the track's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thumb {
    /// Where it begins.
    pub start: f32,
    /// How long it is.
    pub length: f32,
}

impl Scroller {
    /// A table of `lines` lines of this height, at its top.
    pub const fn new(line_height: f32, viewport: f32, lines: u32) -> Self {
        Self { line_height, viewport, top: 0, rest: 0.0, lines }
    }

    /// The first line in sight.
    pub const fn top(&self) -> u32 {
        self.top
    }

    /// Height of the view in points.
    pub const fn viewport(&self) -> f32 {
        self.viewport
    }

    /// Height of a line in points.
    pub const fn line_height(&self) -> f32 {
        self.line_height
    }

    /// Where a line's upper edge is, in points below the view's. Exact for every line in sight.
    pub fn y_of(&self, line: u32) -> f32 {
        (i64::from(line) - i64::from(self.top)) as f32 * self.line_height - self.rest
    }

    /// The lines in sight, the partly visible ones included.
    pub fn visible(&self) -> Range<u32> {
        let count = ((self.viewport + self.rest) / self.line_height).ceil() as u32;
        self.top..self.top.saturating_add(count).min(self.lines)
    }

    /// How many whole lines fit into the view; at least one.
    pub fn page(&self) -> u32 {
        ((self.viewport / self.line_height) as u32).max(1)
    }

    /// The view has another height. The top line stays where it is.
    pub fn set_viewport(&mut self, viewport: f32) {
        self.viewport = viewport.max(0.0);
        self.clamp();
    }

    /// There are now this many lines. The top line's number stays as long as it exists.
    pub fn set_lines(&mut self, lines: u32) {
        self.lines = lines;
        self.clamp();
    }

    /// Moves the view down by `points` (up when negative).
    pub fn scroll_by(&mut self, points: f32) {
        let offset = f64::from(self.rest) + f64::from(points);
        let whole = (offset / f64::from(self.line_height)).floor();
        self.rest = (offset - whole * f64::from(self.line_height)) as f32;
        let top = i64::from(self.top) + whole as i64;
        if top < 0 {
            self.top = 0;
            self.rest = 0.0;
        } else {
            self.top = top.min(i64::from(self.lines)) as u32;
        }
        self.clamp();
    }

    /// Makes `line` the first in sight, as far as the end allows, pushed up by `rest` points.
    pub fn set_top(&mut self, line: u32, rest: f32) {
        self.top = line;
        self.rest = rest.clamp(0.0, self.line_height);
        self.clamp();
    }

    /// Makes `line` the first in sight before it is known how high the view is: until it is told, it is no higher than that allows.
    pub fn begin_at(&mut self, line: u32) {
        let line = line.min(self.lines.saturating_sub(1));
        let below = (self.lines - line) as f32 * self.line_height;
        self.viewport = self.viewport.min(below.max(0.0));
        self.set_top(line, 0.0);
    }

    /// How far the top line is pushed up, in points.
    pub const fn rest(&self) -> f32 {
        self.rest
    }

    /// Moves as little as possible so that `line` is whole in sight, with `margin` lines around it where there are any.
    /// A line that is already there moves nothing.
    pub fn reveal(&mut self, line: u32, margin: u32) {
        let page = self.page();
        let margin = margin.min(page.saturating_sub(1) / 2);
        let y = self.y_of(line);
        if y >= 0.0 && y + self.line_height <= self.viewport {
            return;
        }
        let far = line.abs_diff(self.top.saturating_add(page / 2)) > page;
        if far {
            self.center(line);
        } else if y < 0.0 {
            self.set_top(line.saturating_sub(margin), 0.0);
        } else {
            let below = line.saturating_add(margin).min(self.lines.saturating_sub(1));
            self.scroll_by(self.y_of(below) + self.line_height - self.viewport);
        }
    }

    /// Brings `line` to the upper third of the view, where the eye rests and what follows is in sight.
    pub fn center(&mut self, line: u32) {
        self.set_top(line.saturating_sub(self.page() / 3), 0.0);
    }

    /// How far down the view is, 0 at the start and 1 at the end.
    pub fn fraction(&self) -> f64 {
        let last = self.last_offset();
        if last <= 0.0 { 0.0 } else { self.offset() / last }
    }

    /// True when somebody scrolled down as far as it goes; never where everything is in sight.
    pub fn is_at_end(&self) -> bool {
        let last = self.last_offset();
        // Half a point is less than any eye or wheel moves.
        last > 0.0 && self.offset() + 0.5 >= last
    }

    /// Goes to a share of the whole. 0 and 1 are exactly the start and the end.
    pub fn set_fraction(&mut self, fraction: f64) {
        let offset = self.last_offset() * fraction.clamp(0.0, 1.0);
        let height = f64::from(self.line_height);
        self.top = (offset / height) as u32;
        self.rest = (offset - f64::from(self.top) * height) as f32;
        self.clamp();
    }

    /// The scroll bar's thumb on a track of this length; `None` when everything is in sight.
    pub fn thumb(&self, track: f32) -> Option<Thumb> {
        let whole = f64::from(self.lines) * f64::from(self.line_height);
        if whole <= f64::from(self.viewport) || track <= LEAST_THUMB {
            return None;
        }
        let length = ((f64::from(self.viewport) / whole) as f32 * track).max(LEAST_THUMB);
        Some(Thumb { start: self.fraction() as f32 * (track - length), length })
    }

    /// The share to go to when the thumb's start is dragged to `start` on a track of this length.
    pub fn fraction_at(&self, start: f32, track: f32) -> f64 {
        let free = self.thumb(track).map_or(0.0, |thumb| track - thumb.length);
        if free <= 0.0 { 0.0 } else { f64::from((start / free).clamp(0.0, 1.0)) }
    }

    /// The share of all lines that is in sight, as a range within 0 to 1.
    pub fn window(&self) -> Range<f32> {
        let lines = f64::from(self.lines.max(1));
        let first = f64::from(self.top) + f64::from(self.rest / self.line_height);
        let last = first + f64::from(self.viewport / self.line_height);
        (first / lines) as f32..(last / lines).min(1.0) as f32
    }

    fn offset(&self) -> f64 {
        f64::from(self.top) * f64::from(self.line_height) + f64::from(self.rest)
    }

    fn last_offset(&self) -> f64 {
        (f64::from(self.lines) * f64::from(self.line_height) - f64::from(self.viewport)).max(0.0)
    }

    fn clamp(&mut self) {
        let last = self.last_offset();
        if self.offset() > last {
            let height = f64::from(self.line_height);
            self.top = (last / height) as u32;
            self.rest = (last - f64::from(self.top) * height) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_MILLION: u32 = 10_000_000;

    fn table(lines: u32) -> Scroller {
        Scroller::new(30.0, 615.0, lines)
    }

    #[test]
    fn a_view_begins_at_a_line_however_high_it_turns_out_to_be() {
        let mut scroller = Scroller::new(30.0, 600.0, 24);
        scroller.begin_at(10);
        assert_eq!((scroller.top(), scroller.visible()), (10, 10..24), "24 lines are 720 points");
        scroller.set_viewport(300.0);
        assert_eq!(scroller.top(), 10);
        scroller.set_viewport(600.0);
        assert_eq!(scroller.top(), 4, "what is there ends with the view");
        scroller.begin_at(99);
        assert_eq!(scroller.top(), 23);
        let mut none = Scroller::new(30.0, 600.0, 0);
        none.begin_at(3);
        assert_eq!(none.visible(), 0..0);
    }

    #[test]
    fn the_last_of_ten_million_rows_is_reached_exactly() {
        let mut scroller = table(TEN_MILLION);
        scroller.set_fraction(1.0);
        assert_eq!(scroller.visible().end, TEN_MILLION);
        let last = scroller.y_of(TEN_MILLION - 1) + 30.0;
        assert!((last - 615.0).abs() < 0.01, "its lower edge is the view's: {last}");
        scroller.scroll_by(1e9);
        assert_eq!(scroller.visible().end, TEN_MILLION);
        let mut walked = table(TEN_MILLION);
        walked.reveal(TEN_MILLION - 1, 3);
        assert!(walked.visible().contains(&(TEN_MILLION - 1)));
        assert!(walked.y_of(TEN_MILLION - 1) + 30.0 <= 615.01);
    }

    #[test]
    fn adjacent_wheel_ticks_move_equally_far_at_the_very_end() {
        for at in [0, 920_000, 5_000_000, TEN_MILLION - 200] {
            let mut scroller = table(TEN_MILLION);
            scroller.set_top(at, 0.0);
            let line = at + 40;
            let mut before = scroller.y_of(line);
            for tick in 0..100 {
                scroller.scroll_by(3.7);
                let now = scroller.y_of(line);
                assert!((before - now - 3.7).abs() < 0.005, "tick {tick} at {at}: {}", before - now);
                before = now;
            }
        }
    }

    #[test]
    fn scrolling_up_and_down_comes_back_and_stops_at_the_ends() {
        let mut scroller = table(1000);
        scroller.scroll_by(-50.0);
        assert_eq!((scroller.top(), scroller.rest()), (0, 0.0));
        scroller.scroll_by(1234.5);
        scroller.scroll_by(-1234.5);
        assert!(scroller.y_of(0).abs() < 0.01);
        let mut short = table(5);
        short.scroll_by(500.0);
        assert_eq!((short.top(), short.rest()), (0, 0.0));
        assert_eq!(short.thumb(600.0), None);
    }

    #[test]
    fn revealing_what_is_in_sight_moves_nothing() {
        let mut scroller = table(1000);
        scroller.set_top(100, 7.0);
        let before = scroller;
        scroller.reveal(101, 3);
        scroller.reveal(119, 3);
        assert_eq!(scroller, before);
        scroller.reveal(121, 3);
        assert!((scroller.y_of(124) + 30.0 - 615.0).abs() < 0.01, "three lines below it come along");
        scroller.reveal(100, 3);
        assert_eq!(scroller.top(), 97);
        scroller.reveal(700, 3);
        assert_eq!(scroller.top(), 700 - 20 / 3, "from afar it comes to the upper third");
    }

    #[test]
    fn the_thumb_can_be_dragged_from_end_to_end() {
        let mut scroller = table(TEN_MILLION);
        let thumb = scroller.thumb(600.0).unwrap();
        assert!((thumb.length - LEAST_THUMB).abs() < 0.01);
        scroller.set_fraction(scroller.fraction_at(600.0 - LEAST_THUMB, 600.0));
        assert_eq!(scroller.visible().end, TEN_MILLION);
        scroller.set_fraction(scroller.fraction_at(0.0, 600.0));
        assert_eq!(scroller.top(), 0);
    }

    #[test]
    fn a_growing_view_keeps_the_end_at_the_bottom() {
        let mut scroller = table(100);
        scroller.set_fraction(1.0);
        scroller.set_viewport(900.0);
        assert!((scroller.y_of(99) + 30.0 - 900.0).abs() < 0.01);
        scroller.set_lines(10);
        assert_eq!((scroller.top(), scroller.visible()), (0, 0..10));
    }
}
