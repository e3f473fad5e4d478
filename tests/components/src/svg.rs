//! A screen as an SVG picture: text in runs on a grid, frames as lines, the colours of a dark terminal.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Width and height of a cell, and its font, in pixels.
const CELL: (f32, f32) = (8.4, 18.0);
const FONT_PX: u32 = 14;
/// From the top of a cell to the line on which letters stand.
const BASELINE: f32 = 13.5;
/// Around the screen.
const MARGIN: f32 = 12.0;
const GROUND: &str = "#15191f";
const TEXT: &str = "#d5dae3";

/// The picture of a screen; `title` is for those who cannot see it.
pub fn svg(buffer: &Buffer, title: &str) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (
        columns * CELL.0 + 2.0 * MARGIN,
        rows * CELL.1 + 2.0 * MARGIN,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
         <title>{}</title>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"{GROUND}\"/>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"{FONT_PX}\" fill=\"{TEXT}\" xml:space=\"preserve\">\n",
        escaped(title)
    );
    let cells_in_row = usize::from(buffer.area.width).max(1);
    let mut y = MARGIN;
    for cells in buffer.content.chunks(cells_in_row) {
        let mut x = MARGIN;
        for run in cells.chunk_by(|cell, next| Look::of(cell) == Look::of(next)) {
            run_of(&mut svg, run, (x, y));
            x += columns_of(run) * CELL.0;
        }
        y += CELL.1;
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// How a run of cells looks.
#[derive(PartialEq)]
struct Look {
    text: &'static str,
    ground: Option<&'static str>,
    modifier: Modifier,
    is_frame: bool,
}

impl Look {
    fn of(cell: &Cell) -> Look {
        let (text, ground) = (colour(cell.fg), colour(cell.bg));
        let (text, ground) = if cell.modifier.contains(Modifier::REVERSED) {
            (ground.unwrap_or(GROUND), Some(text.unwrap_or(TEXT)))
        } else {
            (text.unwrap_or(TEXT), ground)
        };
        Look {
            text,
            ground,
            modifier: cell.modifier - Modifier::REVERSED,
            is_frame: frame_path(cell.symbol()).is_some(),
        }
    }
}

fn columns_of(run: &[Cell]) -> f32 {
    f32::from(u16::try_from(run.len()).unwrap())
}

fn run_of(svg: &mut String, run: &[Cell], (x, y): (f32, f32)) {
    let look = Look::of(&run[0]);
    let width = columns_of(run) * CELL.0;
    if let Some(ground) = look.ground {
        let height = CELL.1;
        writeln!(svg, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{ground}\"/>").unwrap();
    }
    let faint = if look.modifier.contains(Modifier::DIM) {
        " opacity=\"0.5\""
    } else {
        ""
    };
    if look.is_frame {
        let paths: String = (0_u16..)
            .zip(run)
            .filter_map(|(at, cell)| {
                let path = frame_path(cell.symbol())?;
                Some(format!("M{:.1} {y:.1}{path}", x + f32::from(at) * CELL.0))
            })
            .collect();
        let colour = look.text;
        writeln!(
            svg,
            "<path d=\"{paths}\" fill=\"none\" stroke=\"{colour}\"{faint}/>"
        )
        .unwrap();
        return;
    }
    let text: String = run.iter().map(Cell::symbol).collect();
    if text.trim().is_empty() {
        return;
    }
    let mut style = String::from(faint);
    if look.text != TEXT {
        write!(style, " fill=\"{}\"", look.text).unwrap();
    }
    if look.modifier.contains(Modifier::BOLD) {
        style.push_str(" font-weight=\"bold\"");
    }
    if look.modifier.contains(Modifier::CROSSED_OUT) {
        style.push_str(" text-decoration=\"line-through\"");
    }
    let text = escaped(&text);
    let baseline = y + BASELINE;
    writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{baseline:.1}\" textLength=\"{width:.1}\"{style}>{text}</text>"
    )
    .unwrap();
}

/// The line of a frame within its cell, from its upper left corner.
fn frame_path(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "─" => "m0 9h8.4",
        "│" => "m4.2 0v18",
        "╭" => "m4.2 18v-5q0 -4 4.2 -4",
        "╮" => "m4.2 18v-5q0 -4 -4.2 -4",
        "╰" => "m4.2 0v5q0 4 4.2 4",
        "╯" => "m4.2 0v5q0 4 -4.2 4",
        _ => return None,
    })
}

/// The sixteen colours as a dark terminal has them.
fn colour(colour: Color) -> Option<&'static str> {
    Some(match colour {
        Color::Reset => return None,
        Color::Cyan => "#56b6c2",
        Color::LightRed => "#ff6b6b",
        Color::Yellow => "#e5b53f",
        Color::Green => "#6cc070",
        Color::Magenta => "#c678dd",
        other => panic!("the theme of the picture has no {other:?}"),
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
