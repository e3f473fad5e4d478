//! The blocks of a document, bounded in depth.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use text::Outside;

use super::spans::{OpenSpan, outside};
use super::{Anchors, html};
use crate::block::{
    Block, BlockKind, CodeBlock, ColumnSide, ListItem, SpanStyle, TextSpan, plain_text,
};
use crate::problem::{RunbookFault, RunbookProblem, SourceLines};
use crate::source::Source;

/// How deep quotes and lists are shown in each other: 80 columns hold no more.
pub const DEPTH_MAX: usize = 24;

enum Frame {
    Quote,
    List(Option<u64>, Vec<ListItem>),
    Item(Option<bool>),
    /// Deeper than is shown: what is in it goes to what it stands in.
    Through,
}

pub(super) struct Reader<'s> {
    source: &'s Source,
    open: Vec<(Frame, Vec<Block>, usize)>,
    blocks: Vec<Block>,
    pub(super) spans: Vec<OpenSpan>,
    pub(super) spans_at: Option<Range<usize>>,
    pub(super) style: SpanStyle,
    pub(super) links: Vec<(Outside, bool)>,
    pub(super) code: Option<(String, String, String, usize)>,
    table: Option<Table>,
    html: String,
    anchors: Anchors,
    is_too_deep: Option<usize>,
}

#[derive(Default)]
struct Table {
    columns: Vec<ColumnSide>,
    head: Vec<Vec<TextSpan>>,
    rows: Vec<Vec<Vec<TextSpan>>>,
    row: Vec<Vec<TextSpan>>,
}

/// Reads the Markdown from `start` on.
pub(crate) fn read(
    source: &Source,
    start: usize,
    problems: &mut Vec<RunbookProblem>,
) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(&source.text[start..], options);
    let mut reader = Reader {
        source,
        open: Vec::new(),
        blocks: Vec::new(),
        spans: Vec::new(),
        spans_at: None,
        style: SpanStyle::default(),
        links: Vec::new(),
        code: None,
        table: None,
        html: String::new(),
        anchors: Anchors::default(),
        is_too_deep: None,
    };
    for (event, range) in parser.into_offset_iter() {
        reader.take(event, range.start + start..range.end + start);
    }
    if let Some(line) = reader.is_too_deep {
        problems.push(RunbookProblem {
            lines: SourceLines {
                first: line,
                last: line,
            },
            fault: RunbookFault::TooDeep,
        });
    }
    reader.blocks
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        self.keep_place(&event, &range);
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => match &mut self.code {
                Some((.., body, _)) => body.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.code_span(&text)
            }
            Event::Html(text) => self.html.push_str(&text),
            Event::InlineHtml(text) => self.text(&html::shown(&text)),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::Rule => self.push(BlockKind::Rule, range),
            Event::TaskListMarker(ticked) => self.tick(ticked),
            Event::FootnoteReference(name) => self.text(&format!("[^{name}]")),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::BlockQuote(_) => self.enter(Frame::Quote, range.start),
            Tag::List(first) => {
                self.flush(&range);
                self.enter(Frame::List(first, Vec::new()), range.start);
            }
            Tag::Item => self.enter(Frame::Item(None), range.start),
            Tag::CodeBlock(kind) => {
                self.flush(&range);
                self.code = Some(code_start(&kind, self.source.line(range.start)));
            }
            Tag::Table(columns) => {
                let columns = columns.into_iter().map(side).collect();
                self.table = Some(Table {
                    columns,
                    ..Table::default()
                });
            }
            Tag::Emphasis => self.style.is_emphasis = true,
            Tag::Strong => self.style.is_strong = true,
            Tag::Strikethrough => self.style.is_struck = true,
            Tag::Link { dest_url, .. } => self.links.push((outside(&dest_url), false)),
            Tag::Image { dest_url, .. } => self.links.push((outside(&dest_url), true)),
            Tag::HtmlBlock => self.html.clear(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.flush(&range),
            TagEnd::Heading(level) => {
                let spans = self.take_spans();
                let anchor = self.anchors.next(&plain_text(&spans));
                self.push(
                    BlockKind::Heading {
                        level: level as u8,
                        anchor,
                        spans,
                    },
                    range,
                );
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(&range),
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.push(
                        BlockKind::Table {
                            columns: table.columns,
                            head: table.head,
                            rows: table.rows,
                        },
                        range,
                    );
                }
            }
            TagEnd::TableCell => {
                let cell = self.take_spans();
                if let Some(table) = &mut self.table {
                    table.row.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.head = std::mem::take(&mut table.row);
                }
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(std::mem::take(&mut table.row));
                }
            }
            TagEnd::Emphasis => self.style.is_emphasis = false,
            TagEnd::Strong => self.style.is_strong = false,
            TagEnd::Strikethrough => self.style.is_struck = false,
            TagEnd::Link | TagEnd::Image => {
                self.links.pop();
            }
            TagEnd::HtmlBlock => {
                let text = html::shown(&std::mem::take(&mut self.html));
                if !text.trim().is_empty() {
                    self.text(text.trim());
                    self.flush(&range);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, frame: Frame, at: usize) {
        self.flush(&(at..at));
        let frame = if self.open.len() >= DEPTH_MAX && !matches!(frame, Frame::Item(_)) {
            self.is_too_deep.get_or_insert(self.source.line(at));
            Frame::Through
        } else if matches!(frame, Frame::Item(_))
            && matches!(self.open.last(), Some((Frame::Through, ..)))
        {
            Frame::Through
        } else {
            frame
        };
        let blocks = std::mem::take(&mut self.blocks);
        self.open.push((frame, blocks, at));
    }

    fn leave(&mut self, range: &Range<usize>) {
        self.flush(range);
        let Some((frame, before, start)) = self.open.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.blocks, before);
        let range = start..range.end.max(start);
        match frame {
            Frame::Quote => self.push(BlockKind::Quote(inner), range),
            Frame::List(first_number, items) => self.push(
                BlockKind::List {
                    first_number,
                    items,
                },
                range,
            ),
            Frame::Item(ticked) => {
                let lines = self.source.lines(range);
                if let Some((Frame::List(_, items), ..)) = self.open.last_mut() {
                    items.push(ListItem {
                        lines,
                        ticked,
                        blocks: inner,
                    });
                }
            }
            Frame::Through => self.blocks.extend(inner),
        }
    }

    fn tick(&mut self, ticked: bool) {
        if let Some((Frame::Item(tick), ..)) = self.open.last_mut() {
            *tick = Some(ticked);
        }
    }

    fn end_code(&mut self, range: Range<usize>) {
        let Some((language, attributes, text, text_line)) = self.code.take() else {
            return;
        };
        let code = CodeBlock {
            language: Outside::new(language),
            attributes: Outside::new(attributes),
            text: Outside::new(text),
            text_line,
        };
        self.push(BlockKind::Code(code), range);
    }

    pub(super) fn push(&mut self, kind: BlockKind, range: Range<usize>) {
        let lines = self.source.lines(range);
        self.blocks.push(Block { lines, kind });
    }
}

fn side(alignment: Alignment) -> ColumnSide {
    match alignment {
        Alignment::None => ColumnSide::None,
        Alignment::Left => ColumnSide::Left,
        Alignment::Center => ColumnSide::Centre,
        Alignment::Right => ColumnSide::Right,
    }
}

fn code_start(kind: &CodeBlockKind<'_>, line: usize) -> (String, String, String, usize) {
    match kind {
        CodeBlockKind::Indented => (String::new(), String::new(), String::new(), line),
        CodeBlockKind::Fenced(info) => {
            let info = info.trim();
            let end = info.find([' ', ',', '{', '\t']).unwrap_or(info.len());
            let (language, attributes) = info.split_at(end);
            (
                language.to_lowercase(),
                attributes.trim().to_owned(),
                String::new(),
                line + 1,
            )
        }
    }
}
