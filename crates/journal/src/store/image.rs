//! The pages of a timeline's file, with what its write-ahead log has committed, read as bytes. For files that SQLite does not
//! read; never in a process that has the file open with SQLite: closing a descriptor would drop SQLite's locks.
//!
//! Formats: <https://www.sqlite.org/fileformat2.html>, sections 1.3 and 4.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;

use super::directory;
use super::format;

/// The size of a page where the header does not say one: SQLite's default, with which all files of ours are made.
const PAGE_BYTES: usize = 4096;
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The pages of a file.
#[derive(Debug)]
pub struct Image {
    page_bytes: usize,
    bytes: Vec<u8>,
    /// Pages that stand newer in the write-ahead log.
    newer: BTreeMap<usize, Vec<u8>>,
}

impl Image {
    pub fn read(path: &Path) -> io::Result<Image> {
        let bytes = read(path)?;
        let wal = match read(&format::with_end(path, "-wal")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read?,
        };
        let page_bytes = bytes.get(16..18).map_or(0, |size| {
            usize::from(u16::from_be_bytes([size[0], size[1]]))
        });
        let page_bytes = if page_bytes.is_power_of_two() && page_bytes >= 512 {
            page_bytes
        } else {
            PAGE_BYTES
        };
        Ok(Image {
            page_bytes,
            newer: committed(&wal, page_bytes),
            bytes,
        })
    }

    /// Bytes of a page.
    pub fn page_bytes(&self) -> usize {
        self.page_bytes
    }

    /// The number of the last page, from 1.
    pub fn last(&self) -> usize {
        let last = self.newer.last_key_value().map_or(0, |(page, _)| *page);
        self.bytes.len().div_ceil(self.page_bytes).max(last)
    }

    /// The page with this number, from 1; `None` when it is not there as a whole.
    pub fn page(&self, number: usize) -> Option<&[u8]> {
        if let Some(newer) = self.newer.get(&number) {
            return Some(newer);
        }
        let end = number.checked_mul(self.page_bytes)?;
        self.bytes.get(end.checked_sub(self.page_bytes)?..end)
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    directory::open_as_it_is(path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The newest committed content of each page of this write-ahead log.
fn committed(wal: &[u8], page_bytes: usize) -> BTreeMap<usize, Vec<u8>> {
    let (mut pages, mut open) = (BTreeMap::new(), BTreeMap::new());
    let Some((header, mut rest)) = wal.split_at_checked(WAL_HEADER) else {
        return pages;
    };
    let is_big_endian = word(header, 0) & 1 == 1;
    let mut sum = checksum((0, 0), &header[..24], is_big_endian);
    if word(header, 0) & !1 != 0x377f_0682 || sum != (word(header, 24), word(header, 28)) {
        return pages;
    }
    while let Some((frame, behind)) = rest.split_at_checked(FRAME_HEADER + page_bytes) {
        let (head, page) = frame.split_at(FRAME_HEADER);
        sum = checksum(sum, &head[..8], is_big_endian);
        sum = checksum(sum, page, is_big_endian);
        if head[8..16] != header[16..24] || sum != (word(head, 16), word(head, 20)) {
            break; // the rest is of an earlier log, or was never committed
        }
        open.insert(word(head, 0) as usize, page.to_vec());
        let is_commit = word(head, 4) > 0;
        if is_commit {
            pages.append(&mut open);
        }
        rest = behind;
    }
    pages
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
    u32::from_be_bytes(word.unwrap_or_default())
}

fn checksum(start: (u32, u32), bytes: &[u8], is_big_endian: bool) -> (u32, u32) {
    let mut words = bytes.chunks_exact(4).map(|bytes| {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if is_big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    });
    let mut sum = start;
    while let (Some(first), Some(second)) = (words.next(), words.next()) {
        sum.0 = sum.0.wrapping_add(first).wrapping_add(sum.1);
        sum.1 = sum.1.wrapping_add(second).wrapping_add(sum.0);
    }
    sum
}
