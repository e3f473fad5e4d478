//! Bytes from the keyboard -> keys, pastes and the terminal's reports. No I/O and no clock: what is unfinished waits for [`Decoder::feed`] or for
//! [`Decoder::give_up`].
//!
//! Ours because crossterm's reader cannot be parked, spins when its terminal is gone and does not say which keys came in one
//! read. The format: ECMA-48 sequences as xterm writes them (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>).

mod sequence;

use keys::key::Key;
use keys::mouse::Mouse;
use text::Outside;

use sequence::{Token, begins_report, ends_report, token};

use super::report::Report;

/// What one paste may bring: a long runbook page. The rest is counted and dropped.
pub const PASTE_BYTES_MAX: usize = 256 * 1024;

const ESC: u8 = 0x1B;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What a person did, or the terminal said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Key(Key),
    Paste { text: Outside, cut_bytes: usize },
    Report(Report),
    Mouse(Mouse),
}

/// A paste that has begun.
#[derive(Default)]
struct Paste {
    bytes: Vec<u8>,
    cut_bytes: usize,
}

#[derive(Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
    paste: Option<Paste>,
    /// The last byte was an Escape that was taken for the key.
    was_escape: bool,
}

impl Decoder {
    /// Takes the bytes of one read and gives what is complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Typed> {
        // A report that the network has cut behind its first byte is none of the keys that it looks like.
        if std::mem::take(&mut self.was_escape) && ends_report(bytes) {
            self.pending.push(ESC);
        }
        self.pending.extend_from_slice(bytes);
        self.take(false)
    }

    /// Is there something unfinished that only time can tell, such as Escape or the head of a sequence?
    pub(super) fn is_waiting(&self) -> bool {
        self.paste.is_none() && !self.pending.is_empty()
    }

    /// May that be the head of a report, of which the rest has to come?
    pub(super) fn may_be_report(&self) -> bool {
        self.paste.is_none() && begins_report(&self.pending)
    }

    /// Nothing followed in time: an Escape was the key itself, any other head of a sequence means nothing.
    pub(super) fn give_up(&mut self) -> Vec<Typed> {
        if self.is_waiting() {
            self.was_escape = self.pending == [ESC];
            self.take(true)
        } else {
            Vec::new()
        }
    }

    /// Ends a paste whose end mark was lost on the way, so that the keyboard comes back.
    pub(super) fn break_off_paste(&mut self) -> Vec<Typed> {
        self.paste_done().into_iter().collect()
    }

    /// Is a paste open?
    pub(super) fn is_pasting(&self) -> bool {
        self.paste.is_some()
    }

    fn take(&mut self, last: bool) -> Vec<Typed> {
        let mut typed = Vec::new();
        let pending = std::mem::take(&mut self.pending);
        let mut at = 0;
        while at < pending.len() {
            if self.paste.is_some() {
                at += self.paste_on(&pending[at..], &mut typed);
                if self.paste.is_some() {
                    break;
                }
                continue;
            }
            match token(&pending[at..], last) {
                Token::Key(length, key) => {
                    at += length;
                    typed.extend(key.map(Typed::Key));
                }
                Token::Report(length, report) => {
                    at += length;
                    typed.push(Typed::Report(report));
                }
                Token::Mouse(length, mouse) => {
                    at += length;
                    typed.push(Typed::Mouse(mouse));
                }
                Token::PasteStart(length) => {
                    at += length;
                    self.paste = Some(Paste::default());
                }
                Token::Unfinished => break,
            }
        }
        self.pending = pending[at.min(pending.len())..].to_vec();
        typed
    }

    /// Adds to the open paste up to its end; a head of the end mark stays for the next read. Gives the bytes used.
    fn paste_on(&mut self, bytes: &[u8], typed: &mut Vec<Typed>) -> usize {
        let Some(paste) = self.paste.as_mut() else {
            return 0;
        };
        let end = memchr::memmem::find(bytes, PASTE_END);
        let content = end.unwrap_or_else(|| bytes.len() - unfinished_end(bytes));
        let room = PASTE_BYTES_MAX
            .saturating_sub(paste.bytes.len())
            .min(content);
        paste.bytes.extend_from_slice(&bytes[..room]);
        paste.cut_bytes += content - room;
        if end.is_none() {
            return content;
        }
        typed.extend(self.paste_done());
        content + PASTE_END.len()
    }

    /// Terminals send a carriage return for each line end of a paste.
    fn paste_done(&mut self) -> Option<Typed> {
        let Paste { bytes, cut_bytes } = self.paste.take()?;
        let text = Outside::from_bytes(&bytes)
            .raw()
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        Some(Typed::Paste {
            text: Outside::from(text),
            cut_bytes,
        })
    }
}

/// Length of the longest head of the end mark that `bytes` ends with.
fn unfinished_end(bytes: &[u8]) -> usize {
    (1..PASTE_END.len())
        .rev()
        .find(|&length| bytes.ends_with(&PASTE_END[..length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;
