//! Roles to styles and glyphs: 16 colours by default, none under `NO_COLOR`, ASCII where the locale is not UTF-8.
//! A state is never told by colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use serde::{Deserialize, Serialize};
use text::{Colour, Rendition};

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
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
    Bad,
    Warn,
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
    Sick,
    Well,
    /// Starting or ending.
    Moving,
    /// Done for good.
    Finished,
    /// Trouble that is past.
    Past,
    Restarts,
    Live,
    Stale,
    /// Between parts of a line.
    Separator,
    /// The selected line, for terminals without reverse video.
    Cursor,
    /// Lines above the first on the screen.
    Above,
    /// Lines below the last.
    Below,
}

/// Whose colours are used where colours may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Palette {
    /// The terminal's own 16: they fit its background.
    #[default]
    Sixteen,
    True,
    /// Of the 256 those that differ for eyes that confuse red and green, after Okabe and Ito:
    /// <https://jfly.uni-koeln.de/color/>.
    Safe,
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hue {
    Dim,
    Accent,
    Bad,
    Warn,
    Good,
    Banner,
}

impl Palette {
    fn colour(self, hue: Hue) -> Color {
        match (self, hue) {
            // Bright black is the background itself in Solarized, and hardly seen on the Linux console.
            (Palette::Sixteen, Hue::Dim) => Color::Reset,
            (Palette::Sixteen, Hue::Accent) => Color::Cyan,
            (Palette::Sixteen, Hue::Bad) => Color::LightRed,
            (Palette::Sixteen, Hue::Warn) => Color::Yellow,
            (Palette::Sixteen, Hue::Good) => Color::Green,
            (Palette::Sixteen, Hue::Banner) => Color::Magenta,
            (Palette::True, Hue::Dim) => Color::Rgb(0x7a, 0x80, 0x8c),
            (Palette::True, Hue::Accent) => Color::Rgb(0x4f, 0xb3, 0xd9),
            (Palette::True, Hue::Bad) => Color::Rgb(0xff, 0x6b, 0x6b),
            (Palette::True, Hue::Warn) => Color::Rgb(0xe5, 0xb5, 0x3f),
            (Palette::True, Hue::Good) => Color::Rgb(0x6c, 0xc0, 0x70),
            (Palette::True, Hue::Banner) => Color::Rgb(0xc6, 0x78, 0xdd),
            (Palette::Safe, Hue::Dim) => Color::Indexed(245),
            (Palette::Safe, Hue::Accent) => Color::Indexed(74),
            (Palette::Safe, Hue::Bad) => Color::Indexed(202),
            (Palette::Safe, Hue::Warn) => Color::Indexed(227),
            (Palette::Safe, Hue::Good) => Color::Indexed(33),
            (Palette::Safe, Hue::Banner) => Color::Indexed(175),
        }
    }
}

/// Styles and glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Colours may be used.
    pub has_colour: bool,
    pub palette: Palette,
    /// Only ASCII may be drawn by us.
    pub is_ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Theme {
            has_colour: true,
            palette: Palette::Sixteen,
            is_ascii: false,
        }
    }
}

impl Theme {
    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let coloured = |hue: Hue| {
            if self.has_colour {
                plain.fg(self.palette.colour(hue))
            } else {
                plain
            }
        };
        match role {
            Role::Text => plain,
            Role::Dim => coloured(Hue::Dim),
            // Nobody reads a frame: it may be as faint as the terminal makes it.
            Role::Border => coloured(Hue::Dim).add_modifier(Modifier::DIM),
            Role::Title => plain.add_modifier(Modifier::BOLD),
            Role::Focus => coloured(Hue::Accent).add_modifier(Modifier::BOLD),
            Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::Bad => coloured(Hue::Bad).add_modifier(Modifier::BOLD),
            Role::Warn => coloured(Hue::Warn),
            Role::Good => coloured(Hue::Good),
            Role::Key => coloured(Hue::Accent),
            Role::Banner => coloured(Hue::Banner).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::Danger => coloured(Hue::Bad).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::Gone => plain.add_modifier(Modifier::DIM | Modifier::CROSSED_OUT),
        }
    }

    /// How a log line wants a piece of it to look, over the style of the line; nothing without colours.
    pub fn rendition(&self, rendition: Rendition) -> Style {
        let mut style = Style::new();
        if !self.has_colour {
            return style;
        }
        if let Some(colour) = rendition.colour {
            let hue = match colour {
                Colour::Red => Hue::Bad,
                Colour::Yellow => Hue::Warn,
                Colour::Green => Hue::Good,
                Colour::Cyan | Colour::Blue => Hue::Accent,
                Colour::Magenta => Hue::Banner,
                Colour::Grey => Hue::Dim,
            };
            style = style.fg(self.palette.colour(hue));
        }
        for (is_set, modifier) in [
            (rendition.is_bold, Modifier::BOLD),
            (rendition.is_dim, Modifier::DIM),
            (rendition.is_underlined, Modifier::UNDERLINED),
        ] {
            if is_set {
                style = style.add_modifier(modifier);
            }
        }
        style
    }

    /// The sign, in one column.
    pub fn glyph(&self, glyph: Glyph) -> &'static str {
        let (fine, ascii) = match glyph {
            Glyph::Sick => ("✗", "x"),
            Glyph::Well => ("●", "o"),
            Glyph::Moving => ("◌", "~"),
            Glyph::Finished => ("✓", "."),
            Glyph::Past => ("–", "-"),
            Glyph::Restarts => ("↻", "r"),
            Glyph::Live => ("●", "*"),
            Glyph::Stale => ("○", "!"),
            Glyph::Separator => ("·", "-"),
            Glyph::Cursor => ("▸", ">"),
            Glyph::Above => ("↑", "^"),
            Glyph::Below => ("↓", "v"),
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
