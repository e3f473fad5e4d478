//! Bytes that are not UTF-8, held inside a `str` without loss: byte 0xHH is the character U+10FFHH.
//!
//! A character of that range that was really there is held as its four bytes, so that the way back is unambiguous. It lies
//! at the end of private use plane 16, where no font has anything.

use std::borrow::Cow;

/// Where bytes 0x80..=0xFF are held.
const HELD: std::ops::RangeInclusive<char> = '\u{10FF80}'..='\u{10FFFF}';

/// The byte that `character` holds, if it holds one.
pub(super) fn held(character: char) -> Option<u8> {
    HELD.contains(&character)
        .then(|| (u32::from(character) & 0xFF) as u8)
}

/// `bytes` as a string, each byte that is not UTF-8 held as a character.
pub(super) fn escape(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(|c| held(c).is_some())
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if held(character).is_some() {
                let mut buffer = [0; 4];
                text.extend(character.encode_utf8(&mut buffer).bytes().filter_map(hold));
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().copied().filter_map(hold));
    }
    Cow::Owned(text)
}

/// The bytes that [`escape`] was given.
pub(super) fn unescape(text: &str) -> Cow<'_, [u8]> {
    if !text.contains(|c| held(c).is_some()) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match held(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// Only bytes above 0x7F can be invalid, so nothing is ever filtered out here.
fn hold(byte: u8) -> Option<char> {
    char::from_u32(0x0010_FF00 + u32::from(byte)).filter(|c| HELD.contains(c))
}
