//! Bytes that are not UTF-8, kept inside a `str` without loss: byte 0xHH is the character U+10FFHH.
//!
//! A character of that range that was really there is escaped as its four bytes, so that unescaping gives it back. It lies
//! at the end of private use plane 16, where no font has anything.

use std::borrow::Cow;

/// The characters that stand for bytes 0x80..=0xFF.
const ESCAPED: std::ops::RangeInclusive<char> = '\u{10FF80}'..='\u{10FFFF}';

/// The byte that `character` stands for, if it does.
pub(super) fn byte_of(character: char) -> Option<u8> {
    ESCAPED
        .contains(&character)
        .then(|| (u32::from(character) & 0xFF) as u8)
}

/// `bytes` as a string, each byte that is not UTF-8 as a character of its own.
pub(super) fn escape(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(|c| byte_of(c).is_some())
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if byte_of(character).is_some() {
                let mut buffer = [0; 4];
                text.extend(
                    character
                        .encode_utf8(&mut buffer)
                        .bytes()
                        .filter_map(character_of),
                );
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().copied().filter_map(character_of));
    }
    Cow::Owned(text)
}

/// The bytes that [`escape`] was given.
pub(super) fn unescape(text: &str) -> Cow<'_, [u8]> {
    if !text.contains(|c| byte_of(c).is_some()) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// Only bytes above 0x7F can be invalid, so nothing is ever filtered out here.
fn character_of(byte: u8) -> Option<char> {
    char::from_u32(0x0010_FF00 + u32::from(byte)).filter(|c| ESCAPED.contains(c))
}
