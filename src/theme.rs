//! Roles to styles and glyphs: 16 colours by default, none under `NO_COLOR`, ASCII where the locale is not UTF-8.
//! A state is never told by colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Less important text.
    Dim,
    /// Column heads, titles.
    Title,
    /// The frame of a pane without the focus.
    Border,
    /// The frame of the pane with the focus.
    Focus,
    /// The selected line.
    Selected,
    /// Broken now.
    Bad,
    /// Worrying.
    Warn,
    /// Well.
    Good,
    /// A key in a hint.
    Key,
    /// The DEMO and read-only banners.
    Banner,
    /// A dialog that ends in a write.
    Danger,
    /// A row that is gone from the cluster but still on the screen.
    Gone,
}

/// A sign that goes before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Sick.
    Sick,
    /// Well.
    Well,
    /// Starting or ending.
    Moving,
    /// Done for good.
    Finished,
    /// Restarts.
    Restarts,
    /// Live.
    Live,
    /// Stale.
    Stale,
    /// Between parts of a line.
    Separator,
    /// The selected line, for terminals without reverse video.
    Cursor,
}

/// Styles and glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colours may be used.
    pub has_colour: bool,
    /// Only ASCII may be drawn by us.
    pub is_ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Theme {
            has_colour: true,
            is_ascii: false,
        }
    }
}

impl Theme {
    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let coloured = |colour: Color| {
            if self.has_colour {
                plain.fg(colour)
            } else {
                plain
            }
        };
        match role {
            Role::Text => plain,
            Role::Dim if self.has_colour => plain.fg(Color::DarkGray),
            Role::Dim => plain.add_modifier(Modifier::DIM),
            Role::Border => coloured(Color::DarkGray),
            Role::Title => plain.add_modifier(Modifier::BOLD),
            Role::Focus => coloured(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::Bad => coloured(Color::LightRed).add_modifier(Modifier::BOLD),
            Role::Warn => coloured(Color::Yellow),
            Role::Good => coloured(Color::Green),
            Role::Key => coloured(Color::Cyan),
            Role::Banner => {
                coloured(Color::Magenta).add_modifier(Modifier::REVERSED | Modifier::BOLD)
            }
            Role::Danger => {
                coloured(Color::LightRed).add_modifier(Modifier::REVERSED | Modifier::BOLD)
            }
            Role::Gone => plain.add_modifier(Modifier::DIM | Modifier::CROSSED_OUT),
        }
    }

    /// The sign, in one column.
    pub fn glyph(&self, glyph: Glyph) -> &'static str {
        let (fine, ascii) = match glyph {
            Glyph::Sick => ("✗", "x"),
            Glyph::Well => ("●", "o"),
            Glyph::Moving => ("◌", "~"),
            Glyph::Finished => ("✓", "."),
            Glyph::Restarts => ("↻", "r"),
            Glyph::Live => ("●", "*"),
            Glyph::Stale => ("○", "!"),
            Glyph::Separator => ("·", "-"),
            Glyph::Cursor => ("▸", ">"),
        };
        if self.is_ascii { ascii } else { fine }
    }

    /// The frame of a pane.
    pub fn border(&self) -> border::Set<'static> {
        const ASCII: border::Set<'static> = border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        };
        if self.is_ascii {
            ASCII
        } else {
            border::ROUNDED
        }
    }
}
