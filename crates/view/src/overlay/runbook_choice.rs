//! Several documents fit: which one?

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint;
use crate::theme::{Glyph, Role, Theme};
use crate::{layout, paint};
use model::Model;
use model::runbook::RunbookChoice;
use text::{Outside, SafeText};

const COLUMNS: u16 = 110;
const ROWS: u16 = 24;
/// A title gets so many parts of a hundred, the reason has the rest.
const TITLE_PERCENT: usize = 50;

impl OverlayView for RunbookChoice {
    fn draw(&self, _: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = if self.answer.is_fitting {
            " Which runbook? "
        } else {
            " None fits. Which runbook? "
        };
        let area = layout::centred(whole, COLUMNS, ROWS);
        let title = vec![(SafeText::from(title), theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        let typed = SafeText::from(format!("/{}_", Outside::from(self.text.as_str()).shown()));
        let (line, warn) = (paint::row(inside, 0), theme.style(Role::Warn));
        paint::text(buffer, line, &typed, warn);
        let offers = self.offers();
        let height = usize::from(inside.height.saturating_sub(1)).max(1);
        let top = (self.selected + 1).saturating_sub(height);
        if offers.is_empty() {
            let words = SafeText::from("no title and no path has this in it");
            let line = paint::row(inside, 1);
            paint::text(buffer, line, &words, theme.style(Role::Dim));
        }
        let room = usize::from(inside.width).saturating_sub(2);
        let wide = offers
            .iter()
            .map(|offer| offer.name().shown().width())
            .max();
        let wide = wide.unwrap_or(0).min(room * TITLE_PERCENT / 100);
        for (at, offer) in offers.iter().enumerate().skip(top).take(height) {
            let line = paint::row(inside, at - top + 1);
            let is_selected = at == self.selected;
            let sign = if is_selected {
                theme.glyph(Glyph::Cursor)
            } else {
                " "
            };
            let name = offer.name().shown();
            let beside = offer.reason.as_ref().unwrap_or(&offer.file.path);
            let pieces = [
                (
                    SafeText::from(format!("{sign} {name:wide$.wide$}  ")),
                    theme.style(Role::Text),
                ),
                (beside.shown(), theme.style(Role::Dim)),
            ];
            paint::pieces(buffer, line, &pieces);
            if is_selected && !line.is_empty() {
                buffer.set_style(line, theme.style(Role::Selected));
            }
        }
        if let Some(offer) = offers.get(self.selected) {
            let words = SafeText::from(format!(" {} ", offer.file.path.shown()));
            paint::foot(buffer, area, &words, theme.style(Role::Dim));
        }
    }

    fn hints(&self) -> &'static [Hint] {
        super::CHOICE_HINTS
    }
}
