//! Text into the cells of a line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use text::SafeText;

/// Writes text into the first line of `area`, cut without a sign; returns the column behind it. What is ASCII, as nearly
/// all is, needs not be taken apart into clusters.
pub(super) fn put(buffer: &mut Buffer, area: Rect, text: &SafeText<'_>, style: Style) -> u16 {
    let area = area.intersection(*buffer.area());
    let (text, room) = (text.as_str(), usize::from(area.width));
    if room == 0 {
        return area.x;
    }
    // The last one may be the first of a cluster.
    let other = text
        .bytes()
        .take(room + 1)
        .position(|byte| !byte.is_ascii());
    let ascii = other.map_or(text.len().min(room), |at| at.saturating_sub(1));
    let start = buffer.index_of(area.x, area.y);
    let cells = buffer.content[start..start + ascii].iter_mut();
    for (at, cell) in cells.enumerate() {
        cell.set_symbol(&text[at..=at]).set_style(style);
    }
    let x = area.x + u16::try_from(ascii).unwrap_or(area.width);
    match other {
        Some(_) => {
            buffer
                .set_stringn(x, area.y, &text[ascii..], room - ascii, style)
                .0
        }
        None => x,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;

    use super::*;

    #[test]
    fn text_is_put_as_ratatui_would_set_it() {
        let texts = [
            "",
            "a",
            "checkout-7d9f-x2k",
            "checkout-7d…-x2k",
            "e\u{301}",
            "cafe\u{301} au lait",
            "実行 done",
            "done 実行",
            "aｶﾞb",
            "–",
        ];
        let style = Style::new().add_modifier(Modifier::BOLD);
        for text in texts {
            for (x, width) in [
                (0, 12),
                (3, 4),
                (3, 5),
                (3, 6),
                (11, 1),
                (11, 9),
                (12, 4),
                (2, 0),
            ] {
                let screen = Rect::new(0, 0, 12, 2);
                let (mut ours, mut theirs) = (Buffer::empty(screen), Buffer::empty(screen));
                let area = Rect::new(x, 1, width, 1);
                let end = put(&mut ours, area, &SafeText::from(text), style);
                let room = usize::from(area.intersection(screen).width);
                if room > 0 {
                    let (expected, _) = theirs.set_stringn(x, 1, text, room, style);
                    assert_eq!(end, expected, "{text:?} at {x}, {width} wide");
                }
                assert_eq!(ours, theirs, "{text:?} at {x}, {width} wide");
            }
        }
    }
}
