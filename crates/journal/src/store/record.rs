//! The records on a page of a database's tree, as bytes say them. A record that its bytes do not say whole is none.
//!
//! Format: <https://www.sqlite.org/fileformat2.html>, sections 1.6 and 2.1.

use rusqlite::types::Value;

use super::image::Image;

/// No record of ours is longer: what says so is damaged.
const PAYLOAD_MAX: usize = 16 * 1024 * 1024;

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The row's number in a table; none in an index.
    pub row: Option<i64>,
    /// `Err`: text that is not UTF-8.
    pub values: Vec<Result<Value, ()>>,
}

#[derive(Clone, Copy, PartialEq)]
enum CellKind {
    TableLeaf,
    IndexLeaf,
    IndexInterior,
}

/// All records on page `number`, whatever kind of page it says to be: the byte that says so may be the damaged one. What was
/// read in the wrong way is no row of ours.
pub fn records(image: &Image, number: usize) -> Vec<Cell> {
    let Some(page) = image.page(number) else {
        return Vec::new();
    };
    let at = if number == 1 { 100 } else { 0 }; // behind the header of the file
    let kinds = [
        (CellKind::TableLeaf, at + 8),
        (CellKind::IndexLeaf, at + 8),
        (CellKind::IndexInterior, at + 12),
    ];
    kinds
        .into_iter()
        .flat_map(|(kind, cells)| {
            (0..cell_count(page, at, cells))
                .filter_map(move |cell| record(image, page, kind, short(page, cells + 2 * cell)?))
        })
        .collect()
}

/// As many as the page says, or more when that is the damaged number: pointers end where the content begins at the latest.
fn cell_count(page: &[u8], at: usize, cells: usize) -> usize {
    let count = short(page, at + 3).unwrap_or(0);
    let content = short(page, at + 5).unwrap_or(0);
    let room = content.min(page.len()).saturating_sub(cells) / 2;
    count.max(room).min(page.len() / 4)
}

fn short(page: &[u8], at: usize) -> Option<usize> {
    let bytes = page.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
}

fn record(image: &Image, page: &[u8], kind: CellKind, at: usize) -> Option<Cell> {
    let mut cell = page.get(at..)?;
    if kind == CellKind::IndexInterior {
        cell = cell.get(4..)?;
    }
    let payload = usize::try_from(varint(&mut cell)?).ok()?;
    let row = match kind {
        CellKind::TableLeaf => Some(varint(&mut cell)?),
        CellKind::IndexLeaf | CellKind::IndexInterior => None,
    };
    let payload = payload_of(image, cell, kind, payload)?;
    Some(Cell {
        row,
        values: values(&payload)?,
    })
}

/// The bytes of a record: those in the cell, then those on the pages to which it overflows.
fn payload_of(image: &Image, cell: &[u8], kind: CellKind, bytes: usize) -> Option<Vec<u8>> {
    let usable = image.page_bytes();
    let most = match kind {
        CellKind::TableLeaf => usable - 35,
        CellKind::IndexLeaf | CellKind::IndexInterior => (usable - 12) * 64 / 255 - 23,
    };
    if bytes > PAYLOAD_MAX {
        return None;
    }
    if bytes <= most {
        return Some(cell.get(..bytes)?.to_vec());
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let fit = least + (bytes - least) % (usable - 4);
    let here = if fit <= most { fit } else { least };
    let mut payload = cell.get(..here)?.to_vec();
    let mut next = number(cell.get(here..here + 4)?);
    while payload.len() < bytes {
        let page = image.page(next)?;
        next = number(&page[..4]);
        let rest = (bytes - payload.len()).min(usable - 4);
        payload.extend_from_slice(&page[4..4 + rest]);
    }
    Some(payload)
}

fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn values(payload: &[u8]) -> Option<Vec<Result<Value, ()>>> {
    let mut head = payload;
    let head_bytes = usize::try_from(varint(&mut head)?).ok()?;
    let mut kinds = payload.get(payload.len() - head.len()..head_bytes)?;
    let mut body = payload.get(head_bytes..)?;
    let mut values = Vec::new();
    while !kinds.is_empty() {
        let kind = varint(&mut kinds)?;
        let bytes = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            12.. => (kind - 12) / 2,
            _ => return None,
        };
        let (bytes, rest) = body.split_at_checked(usize::try_from(bytes).ok()?)?;
        body = rest;
        values.push(match kind {
            0 => Ok(Value::Null),
            8 | 9 => Ok(Value::Integer(kind - 8)),
            1..=6 => Ok(Value::Integer(signed(bytes))),
            7 => Ok(Value::Real(f64::from_be_bytes(bytes.try_into().ok()?))),
            _ if kind % 2 == 0 => Ok(Value::Blob(bytes.to_vec())),
            _ => String::from_utf8(bytes.to_vec())
                .map(Value::Text)
                .map_err(drop),
        });
    }
    Some(values)
}

fn signed(bytes: &[u8]) -> i64 {
    let is_negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if is_negative { -1 } else { 0 };
    bytes
        .iter()
        .fold(start, |number, byte| number << 8 | i64::from(*byte))
}

/// A number of one to nine bytes, which are taken off.
fn varint(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_i64;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if place == 8 {
            return Some(number << 8 | i64::from(*byte));
        }
        number = number << 7 | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
