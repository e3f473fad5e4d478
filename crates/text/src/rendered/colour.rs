//! What the parameters of a Select Graphic Rendition change. Of a colour only its hue is kept: a theme says how that looks,
//! on the background that there is.

use super::Rendition;

/// What a colour is nearest to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Red,
    Yellow,
    Green,
    Cyan,
    Blue,
    Magenta,
    /// Grey and dark: less important text.
    Grey,
}

/// Below this difference of its parts a colour is a grey.
const GREY_RANGE: u8 = 40;
/// A grey above this is just text.
const LIGHT: u8 = 150;

/// Applies the parameters: `;` between attributes, `:` within one.
pub(super) fn apply(rendition: &mut Rendition, parameters: &str) {
    let mut attributes = parameters.split(';');
    while let Some(attribute) = attributes.next() {
        let mut parts = attribute.split(':');
        match number(parts.next()) {
            Some(0) => *rendition = Rendition::default(),
            // In reverse video it stands out just as well.
            Some(1 | 7) => rendition.is_bold = true,
            Some(2) => rendition.is_dim = true,
            // `4:0` is none.
            Some(4) => rendition.is_underlined = parts.next() != Some("0"),
            Some(22) => (rendition.is_bold, rendition.is_dim) = (false, false),
            Some(24) => rendition.is_underlined = false,
            Some(27) => rendition.is_bold = false,
            Some(code @ (30..=37 | 90..=97)) => rendition.colour = basic(code % 10 + code / 90 * 8),
            Some(39 | 49) => rendition.colour = None,
            // A coloured ground marks its text as much as its own colour does.
            Some(code @ (40..=47 | 100..=107)) => {
                let colour = basic(code % 10 + code / 100 * 8);
                rendition.colour = rendition.colour.or(colour);
            }
            Some(code @ (38 | 48)) => {
                let colour = if attribute.contains(':') {
                    extended_in_one(parts)
                } else {
                    extended(&mut attributes)
                };
                rendition.colour = if code == 38 {
                    colour
                } else {
                    rendition.colour.or(colour)
                };
            }
            _ => {}
        }
    }
}

/// An empty parameter is 0.
fn number(part: Option<&str>) -> Option<u16> {
    part.and_then(|part| {
        if part.is_empty() {
            Some(0)
        } else {
            part.parse().ok()
        }
    })
}

fn byte(part: Option<&str>) -> Option<u8> {
    number(part).map(|number| u8::try_from(number).unwrap_or(u8::MAX))
}

/// `5;N` or `2;R;G;B`.
fn extended<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<Colour> {
    match number(parts.next()) {
        Some(5) => indexed(byte(parts.next())?),
        Some(2) => {
            let mut part = || byte(parts.next());
            mixed([part()?, part()?, part()?])
        }
        _ => None,
    }
}

/// `5:N`, `2:R:G:B`, or `2:SPACE:R:G:B` with more behind it.
fn extended_in_one<'a>(parts: impl Iterator<Item = &'a str>) -> Option<Colour> {
    let parts: Vec<&str> = parts.collect();
    let at = |index: usize| byte(parts.get(index).copied());
    match number(parts.first().copied()) {
        Some(5) => indexed(at(1)?),
        Some(2) => {
            let from = if parts.len() > 4 { 2 } else { 1 };
            mixed([at(from)?, at(from + 1)?, at(from + 2)?])
        }
        _ => None,
    }
}

/// The sixteen of every terminal. Black and white are the terminal's own text and ground, whichever is which.
fn basic(number: u16) -> Option<Colour> {
    match number {
        1 | 9 => Some(Colour::Red),
        2 | 10 => Some(Colour::Green),
        3 | 11 => Some(Colour::Yellow),
        4 | 12 => Some(Colour::Blue),
        5 | 13 => Some(Colour::Magenta),
        6 | 14 => Some(Colour::Cyan),
        8 => Some(Colour::Grey),
        _ => None,
    }
}

/// Of 256: the sixteen, a cube of six by six by six, a ramp of greys.
fn indexed(number: u8) -> Option<Colour> {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match number {
        0..16 => basic(number.into()),
        16..232 => {
            let cube = usize::from(number - 16);
            mixed([cube / 36, cube / 6 % 6, cube % 6].map(|step| STEPS[step]))
        }
        232.. => {
            let grey = 8 + (number - 232) * 10;
            mixed([grey; 3])
        }
    }
}

/// By the angle on the circle of colours, each of the six a sixth of it.
fn mixed([red, green, blue]: [u8; 3]) -> Option<Colour> {
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    if high - low < GREY_RANGE {
        return (high < LIGHT).then_some(Colour::Grey);
    }
    let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
    let range = i32::from(high) - i32::from(low);
    let degrees = if i32::from(high) == red {
        60 * (green - blue) / range
    } else if i32::from(high) == green {
        120 + 60 * (blue - red) / range
    } else {
        240 + 60 * (red - green) / range
    };
    Some(match degrees.rem_euclid(360) {
        30..90 => Colour::Yellow,
        90..150 => Colour::Green,
        150..210 => Colour::Cyan,
        210..270 => Colour::Blue,
        270..330 => Colour::Magenta,
        _ => Colour::Red,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(parameters: &str) -> Option<Colour> {
        let mut rendition = Rendition::default();
        apply(&mut rendition, parameters);
        rendition.colour
    }

    #[test]
    fn all_ways_to_name_a_colour_come_to_its_hue() {
        for (parameters, wanted) in [
            ("31", Some(Colour::Red)),
            ("91", Some(Colour::Red)),
            ("38;5;196", Some(Colour::Red)),
            ("38:5:196", Some(Colour::Red)),
            ("38;2;255;0;0", Some(Colour::Red)),
            ("38:2:255:0:0", Some(Colour::Red)),
            ("38:2::255:0:0", Some(Colour::Red)),
            ("1;38;2;255;0;0;4", Some(Colour::Red)),
            ("41", Some(Colour::Red)),
            ("41;32", Some(Colour::Green)),
            ("38;5;46", Some(Colour::Green)),
            ("38;5;208", Some(Colour::Yellow)),
            ("38;5;21", Some(Colour::Blue)),
            ("38;5;51", Some(Colour::Cyan)),
            ("38;5;201", Some(Colour::Magenta)),
            ("90", Some(Colour::Grey)),
            ("38;5;240", Some(Colour::Grey)),
            ("38;5;255", None),
            ("30", None),
            ("37", None),
            ("97", None),
            ("31;39", None),
            ("31;", None),
            ("", None),
            ("38;5", None),
            ("38;2;1", None),
            ("38", None),
            ("99999999", None),
        ] {
            assert_eq!(colour(parameters), wanted, "{parameters}");
        }
    }
}
