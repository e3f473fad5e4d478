//! The hash chain of a writer: each entry's hash covers all its columns and the hash before it. Never reads the disk.
//!
//! Format 1: SHA-256 over a domain, then each column in the order of [`super::row::COLUMNS`] as tag, length, bytes.

use rusqlite::types::Value;
use sha2::{Digest, Sha256};

/// Version of the hash, stored beside each entry.
pub const FORMAT: i64 = 1;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What stands before the first entry of the first writer of a file.
pub const GENESIS: Hash = [0; 32];

const ENTRY_DOMAIN: &[u8] = b"watchfloor entry 1";
const TEXT_DOMAIN: &[u8] = b"watchfloor text 1";

/// The hash of an entry: over the hash before it and all its columns.
pub fn entry_hash(prev: &Hash, columns: &[Value]) -> Hash {
    let mut hasher = Sha256::new();
    put(&mut hasher, b'd', ENTRY_DOMAIN);
    put(&mut hasher, b'b', prev);
    for column in columns {
        match column {
            Value::Null => put(&mut hasher, b'n', &[]),
            Value::Integer(number) => put(&mut hasher, b'i', &number.to_le_bytes()),
            Value::Real(number) => put(&mut hasher, b'r', &number.to_bits().to_le_bytes()),
            Value::Text(text) => put(&mut hasher, b't', text.as_bytes()),
            Value::Blob(bytes) => put(&mut hasher, b'b', bytes),
        }
    }
    hasher.finalize().into()
}

/// The digest by which a text that may be taken out later takes part in the chain.
///
/// The salt leaves with the text: without it a short text could be guessed from the digest.
pub fn text_digest(part: &str, salt: &[u8], text: &str) -> Hash {
    let mut hasher = Sha256::new();
    put(&mut hasher, b'd', TEXT_DOMAIN);
    put(&mut hasher, b't', part.as_bytes());
    put(&mut hasher, b'b', salt);
    put(&mut hasher, b't', text.as_bytes());
    hasher.finalize().into()
}

fn put(hasher: &mut Sha256, tag: u8, bytes: &[u8]) {
    hasher.update([tag]);
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// A hash as people and JSON write it.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write as _;
    hash.iter()
        .fold(String::with_capacity(hash.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
            text
        })
}
