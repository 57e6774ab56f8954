//! Notes as they are read: Markdown in the window's own type and colours. Nothing is fetched: images, HTML and tables are shown
//! as they were written, and a link is copied, not opened.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Label, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::fonts::{medium, semibold};
use super::parts::{data, elided, focus_ring};
use super::theme::{self, Tokens, size};
use crate::trace::escape;

/// How far a list or a quotation stands in.
const STEP: f32 = 16.0;
/// Height of a line of words.
const LINE: f32 = 19.0;
/// Room between two blocks, and between two entries of a list.
const GAP: f32 = 8.0;
const ITEM_GAP: f32 = 2.0;

/// How words are set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    strong: u8,
    emphasis: u8,
    struck: u8,
    link: u8,
    code: bool,
}

/// What a block is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// A paragraph, or an entry of a list.
    #[default]
    Words,
    /// A heading, from 1.
    Heading(u8),
    /// Code, or what is shown as it was written.
    Verbatim,
    /// A line across.
    Rule,
}

/// A block as it is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Block {
    kind: Kind,
    /// How deep it stands in lists, and in quotations.
    lists: usize,
    quotes: usize,
    /// What stands before it: `•` or `2.`.
    marker: String,
    runs: Vec<(String, Style)>,
}

/// Draws the first `most` lines of a note, and `rest` below where there are more; gives the address of a link that was chosen.
pub fn show(ui: &mut Ui, note: &str, most: usize, rest: &str) -> Option<String> {
    let t = theme::tokens(ui);
    let (blocks, links) = blocks(&first(note, most, rest));
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let mut before: Option<&Block> = None;
    for block in &blocks {
        if let Some(before) = before {
            let entries = block.lists > 0 && before.lists > 0;
            ui.add_space(if entries { ITEM_GAP } else { GAP });
        }
        draw(ui, block, t);
        before = Some(block);
    }
    let mut chosen = None;
    for address in links {
        if link(ui, &address, t) {
            chosen = Some(address);
        }
    }
    chosen
}

/// The first lines, without what could turn a line around or hide.
fn first(note: &str, lines: usize, rest: &str) -> String {
    let mut kept: Vec<_> = note.trim_end().lines().take(lines).map(escape).collect();
    if note.trim_end().lines().nth(lines).is_some() {
        kept.extend(["".into(), rest.into()]);
    }
    kept.join("\n")
}

/// The blocks of a note, and where its links lead.
fn blocks(note: &str) -> (Vec<Block>, Vec<String>) {
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader { note, ..Reader::default() };
    let mut verbatim: Option<Range<usize>> = None;
    for (event, range) in Parser::new_ext(note, extensions).into_offset_iter() {
        // What is shown as it was written has no inside.
        if verbatim.as_ref().is_some_and(|whole| whole.start <= range.start && range.end <= whole.end) {
            continue;
        }
        if let Event::Start(Tag::Image { .. } | Tag::Table(_)) = event {
            verbatim = Some(range.clone());
        }
        reader.take(event, range);
    }
    reader.end_block();
    (reader.blocks, reader.links)
}

#[derive(Default)]
struct Reader<'n> {
    note: &'n str,
    blocks: Vec<Block>,
    links: Vec<String>,
    now: Block,
    style: Style,
    /// The next number of each list that is open, where it has numbers.
    lists: Vec<Option<u64>>,
    quotes: usize,
    marker: String,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.words(&text),
            Event::Code(text) => {
                self.style.code = true;
                self.words(&text);
                self.style.code = false;
            }
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.words("\n"),
            Event::TaskListMarker(done) => self.words(if done { "[x] " } else { "[ ] " }),
            Event::Rule => {
                self.end_block();
                self.now.kind = Kind::Rule;
                self.words("—");
                self.end_block();
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.as_written(range),
        }
    }

    fn begin(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_block();
                self.now.kind = Kind::Heading(if level == HeadingLevel::H1 { 1 } else { 2 });
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                self.now.kind = Kind::Verbatim;
            }
            Tag::Table(_) => {
                self.end_block();
                self.now.kind = Kind::Verbatim;
                self.as_written(range);
                self.end_block();
            }
            Tag::Image { .. } => self.as_written(range),
            Tag::List(number) => {
                self.end_block();
                self.lists.push(number);
            }
            Tag::Item => {
                self.end_block();
                self.marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "•".to_owned(),
                };
            }
            Tag::BlockQuote(_) => {
                self.end_block();
                self.quotes += 1;
            }
            Tag::Strong => self.style.strong += 1,
            Tag::Emphasis => self.style.emphasis += 1,
            Tag::Strikethrough => self.style.struck += 1,
            Tag::Link { dest_url, .. } => {
                self.style.link += 1;
                if !dest_url.is_empty() && !self.links.iter().any(|known| **known == *dest_url) {
                    self.links.push(dest_url.into_string());
                }
            }
            _ => self.end_block(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.strong -= 1,
            TagEnd::Emphasis => self.style.emphasis -= 1,
            TagEnd::Strikethrough => self.style.struck -= 1,
            TagEnd::Link => self.style.link -= 1,
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.end_block();
                self.quotes -= 1;
            }
            TagEnd::Image => {}
            _ => self.end_block(),
        }
    }

    fn as_written(&mut self, range: Range<usize>) {
        let note = self.note;
        self.words(&note[range]);
    }

    fn words(&mut self, words: &str) {
        match self.now.runs.last_mut() {
            Some((text, style)) if *style == self.style => text.push_str(words),
            _ => self.now.runs.push((words.to_owned(), self.style)),
        }
    }

    fn end_block(&mut self) {
        let mut block = std::mem::take(&mut self.now);
        let spoken = |(text, _): &(String, Style)| !text.trim().is_empty();
        if block.runs.iter().any(spoken) || !self.marker.is_empty() && !block.runs.is_empty() {
            if let Some((text, _)) = block.runs.last_mut() {
                text.truncate(text.trim_end_matches('\n').len());
            }
            (block.lists, block.quotes) = (self.lists.len(), self.quotes);
            block.marker = std::mem::take(&mut self.marker);
            self.blocks.push(block);
        }
    }
}

fn draw(ui: &mut Ui, block: &Block, t: &Tokens) {
    let indent = STEP * (block.lists + block.quotes) as f32;
    let free = ui.available_rect_before_wrap();
    let rect = egui::Rect::from_min_max(pos2(free.left() + indent, free.top()), free.max);
    if block.kind == Kind::Rule {
        let (rect, _) = ui.allocate_exact_size(vec2(free.width(), 1.0), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, t.line));
        return;
    }
    let drawn = ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        let label = Label::new(job(block, t)).wrap();
        if block.kind == Kind::Verbatim {
            let frame = egui::Frame::new().fill(t.raised).corner_radius(4).inner_margin(egui::Margin::symmetric(8, 4));
            frame.show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add(label)
            });
        } else {
            ui.add(label);
        }
    });
    let drawn = drawn.response.rect;
    let painter = ui.painter();
    if !block.marker.is_empty() {
        let galley = painter.layout_no_wrap(block.marker.clone(), FontId::proportional(size::BODY), t.dim);
        let left = (drawn.left() - galley.size().x - 4.0).max(free.left());
        painter.galley(pos2(left, drawn.top() + (LINE - galley.size().y) / 2.0), galley, t.dim);
    }
    for quote in 0..block.quotes {
        let x = free.left() + STEP * (block.lists + quote) as f32 + 4.0;
        painter.vline(x, drawn.y_range(), Stroke::new(2.0, t.line));
    }
}

/// The words of a block in their fonts.
fn job(block: &Block, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (text, style) in &block.runs {
        let mono = style.code || block.kind == Kind::Verbatim;
        let font = match block.kind {
            _ if mono => data(size::LABEL),
            Kind::Heading(1) => semibold(size::TITLE),
            Kind::Heading(_) => semibold(size::STRONG),
            _ if style.strong > 0 => semibold(size::BODY),
            _ if style.link > 0 => medium(size::BODY),
            _ => FontId::proportional(size::BODY),
        };
        let colour = if style.link > 0 {
            t.expected
        } else if block.quotes > 0 {
            t.dim
        } else {
            t.text
        };
        let line = |on: u8| if on > 0 { Stroke::new(1.0, colour) } else { Stroke::NONE };
        let mut format = TextFormat::simple(font, colour);
        format.line_height = Some(LINE);
        format.italics = style.emphasis > 0;
        format.underline = line(style.link);
        format.strikethrough = line(style.struck);
        if style.code && block.kind != Kind::Verbatim {
            format.background = t.raised;
        }
        job.append(text, 0.0, format);
    }
    job
}

/// Where a link leads, as a button; true when it was chosen.
fn link(ui: &mut Ui, address: &str, t: &Tokens) -> bool {
    let shown =
        elided(ui, &format!("⧉ {}", escape(address)), data(size::SMALL), t.expected, ui.available_width() - 8.0);
    let (rect, response) = ui.allocate_exact_size(vec2(shown.size().x + 8.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Copy {address}")));
    if response.hovered() || response.has_focus() {
        ui.painter().hline(rect.x_range().shrink(4.0), rect.bottom() - 4.0, Stroke::new(1.0, t.expected));
    }
    focus_ring(ui, &response, rect);
    ui.painter().galley(pos2(rect.left() + 4.0, rect.center().y - shown.size().y / 2.0), shown, t.expected);
    response.on_hover_text("Copy the address").clicked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of each block, with what stands before them.
    fn said(note: &str) -> Vec<String> {
        let words = |block: &Block| block.runs.iter().map(|(text, _)| text.as_str()).collect::<String>();
        let marked = |block: &Block| format!("{}{}", block.marker, words(block));
        blocks(note).0.iter().map(marked).collect()
    }

    #[test]
    fn blocks_are_headings_paragraphs_lists_and_code() {
        let note = "# Race\n\nSeen **twice**,\nat *night*.\n\n- one\n- two\n  1. three\n\n> quoted\n\n```\na  b\n```\n\n---\n- [x] done";
        assert_eq!(
            said(note),
            ["Race", "Seen twice, at night.", "•one", "•two", "1.three", "quoted", "a  b", "—", "•[x] done"]
        );
        let (blocks, _) = blocks(note);
        let of = |at: usize| (blocks[at].kind, blocks[at].lists, blocks[at].quotes);
        assert_eq!([of(0), of(4)], [(Kind::Heading(1), 0, 0), (Kind::Words, 2, 0)]);
        assert_eq!([of(5), of(6), of(7)], [(Kind::Words, 0, 1), (Kind::Verbatim, 0, 0), (Kind::Rule, 0, 0)]);
        let strong: Vec<&str> = blocks[1].runs.iter().filter(|r| r.1.strong > 0).map(|r| r.0.as_str()).collect();
        assert_eq!(strong, ["twice"]);
    }

    #[test]
    fn images_html_and_tables_are_shown_as_they_were_written() {
        for note in [
            "![alt](http://a/b.png)",
            "x ![a `b`](<c d> \"title\") y",
            "[![alt](i.png)](http://a)",
            "<b>bold</b> <img src=x>",
            "<div>\n<script>x</script>\n</div>",
            "| a | b |\n|---|---|\n| ![i](x) | [l](y) |",
        ] {
            let shown = note.replace("[![alt](i.png)](http://a)", "![alt](i.png)");
            assert_eq!(said(note), [shown], "{note}");
        }
    }

    #[test]
    fn links_are_named_once_and_only_where_they_are_links() {
        let note = "See [the *run*](https://ci/1), <https://x.y> and [again](https://ci/1); `[not](this)`.";
        assert_eq!(said(note), ["See the run, https://x.y and again; [not](this)."]);
        assert_eq!(blocks(note).1, ["https://ci/1", "https://x.y"]);
    }

    #[test]
    fn of_a_long_note_the_first_lines_are_shown() {
        assert_eq!(first("a\nb\nc\n", 2, "…"), "a\nb\n\n…");
        assert_eq!(first("a\nb\n\n", 2, "…"), "a\nb");
        assert_eq!(first("a\u{202e}b\tc", 1, "…"), "a\\u{202e}b\\tc");
    }

    proptest! {
        #[test]
        fn no_letter_of_a_note_is_lost(note in "[a-c!\\[\\]()<>:/`\\\\\n *\"|-]{0,60}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            let (_, links) = blocks(&note);
            // Titles and definitions of links and the language of code are not shown.
            let known = links.is_empty() && !note.contains("]:") && !note.contains("```");
            prop_assert!(!known || letters(&said(&note).concat()) == letters(&note), "{:?} becomes {:?}", note, said(&note));
        }
    }
}
