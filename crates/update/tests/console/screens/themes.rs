//! Themes: what is read can be read on a dark and on a light terminal, and no two meanings differ by colour alone.

use ratatui::style::{Color, Modifier, Style};
use view::theme::{Palette, Role, Theme};

use harness::console::Console;

const ROLES: [Role; 13] = [
    Role::Text,
    Role::Dim,
    Role::Title,
    Role::Border,
    Role::Focus,
    Role::Selected,
    Role::Bad,
    Role::Warn,
    Role::Good,
    Role::Key,
    Role::Banner,
    Role::Danger,
    Role::Gone,
];

fn theme(palette: Palette) -> Theme {
    Theme {
        palette,
        ..Theme::default()
    }
}

fn bare(is_ascii: bool) -> Theme {
    Theme {
        has_colour: false,
        is_ascii,
        ..Theme::default()
    }
}

/// Red, green and blue of a colour of 24 bits or of the cube and greys of the 256.
fn rgb(colour: Color) -> Option<[f64; 3]> {
    let of = |level: u8| f64::from(level) / 255.0;
    match colour {
        Color::Rgb(red, green, blue) => Some([of(red), of(green), of(blue)]),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| of(if step == 0 { 0 } else { 55 + 40 * step });
            let index = index - 16;
            Some([level(index / 36), level(index / 6 % 6), level(index % 6)])
        }
        Color::Indexed(index @ 232..) => Some([of(8 + 10 * (index - 232)); 3]),
        _ => None,
    }
}

/// Contrast of two colours: <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|c| {
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055_f64).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_of_our_own_stand_out_from_a_dark_terminal() {
    for palette in [Palette::True, Palette::Safe] {
        for role in ROLES {
            let Some(colour) = theme(palette).style(role).fg else {
                continue;
            };
            let colour = rgb(colour).unwrap_or_else(|| panic!("{palette:?} {role:?}: {colour:?}"));
            // 4.5 is what text needs; what is less important may be fainter, 3 as for large letters.
            let needs = if matches!(role, Role::Dim | Role::Border) {
                3.0
            } else {
                4.5
            };
            for ground in [[0.0; 3], [0.118; 3]] {
                let ratio = contrast(colour, ground);
                assert!(
                    ratio >= needs,
                    "{palette:?} {role:?}: {ratio:.1} on {ground:?}"
                );
            }
        }
    }
}

#[test]
fn bad_warn_and_good_differ_for_eyes_that_confuse_red_and_green() {
    // Deuteranopia and protanopia leave blue against yellow, and light against dark: Viénot, Brettel, Mollon 1999.
    let seen = |[red, green, blue]: [f64; 3]| [(0.29 * red + 0.71 * green), blue];
    let style = |role| theme(Palette::Safe).style(role).fg.and_then(rgb).unwrap();
    let roles = [Role::Bad, Role::Warn, Role::Good];
    for (at, a) in roles.iter().enumerate() {
        for b in &roles[at + 1..] {
            let (x, y) = (seen(style(*a)), seen(style(*b)));
            let far = (x[0] - y[0]).hypot(x[1] - y[1]);
            assert!(far > 0.3, "{a:?} and {b:?}: {far:.2}");
        }
    }
}

#[test]
fn words_are_never_fainter_than_the_terminals_own_text_where_its_palette_is_used() {
    for theme in [theme(Palette::Sixteen), bare(false)] {
        let mut console = Console::board(160, 50);
        console.theme = theme;
        for keys in [
            "",
            "?",
            "esc enter",
            "esc 4 enter",
            "enter",
            "esc 1 enter",
            "esc 5 z",
        ] {
            console.type_keys(keys);
            let buffer = console.buffer();
            let words = buffer
                .content
                .iter()
                .filter(|cell| cell.symbol().contains(char::is_alphanumeric));
            for cell in words {
                let is_faint = cell.modifier.contains(Modifier::DIM)
                    && !cell.modifier.contains(Modifier::CROSSED_OUT);
                let is_ground = matches!(
                    cell.fg,
                    Color::DarkGray | Color::Black | Color::Gray | Color::White
                );
                assert!(
                    !is_faint && !is_ground,
                    "{keys:?}: {cell:?}\n{}",
                    console.screen()
                );
            }
        }
    }
}

#[test]
fn without_colour_no_style_has_any() {
    for role in ROLES {
        let style = bare(true).style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
    }
    let coloured = |theme: Theme| {
        let mut console = Console::board(120, 40);
        console.theme = theme;
        let buffer = console.buffer();
        let cells = buffer.content.iter();
        cells
            .filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
            .count()
    };
    assert_eq!(coloured(bare(false)), 0);
    for palette in [Palette::Sixteen, Palette::True, Palette::Safe] {
        assert!(coloured(theme(palette)) > 0);
    }
}

#[test]
fn every_theme_draws_the_same_words() {
    let words = |theme: Theme| {
        let mut console = Console::board(120, 40);
        console.theme = theme;
        harness::console::text(&console.buffer())
    };
    let right = words(Theme::default());
    for other in [theme(Palette::True), theme(Palette::Safe), bare(false)] {
        assert_eq!(words(other), right);
    }
}

#[test]
fn what_is_selected_or_dangerous_is_told_without_colour() {
    for role in [
        Role::Selected,
        Role::Danger,
        Role::Banner,
        Role::Bad,
        Role::Gone,
        Role::Focus,
        Role::Title,
    ] {
        assert_ne!(bare(true).style(role), Style::new(), "{role:?}");
    }
}
