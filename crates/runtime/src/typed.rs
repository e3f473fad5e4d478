//! Messages held back while a text is typed: a secret shows only when its last character is there. Keys of one become `x`.

use std::ops::Range;

use keys::key::{Code, Key};
use model::message::{Input, Msg};
use model::redact;
use model::time::At;
use text::Outside;

/// So many messages are held back while one text is typed; a text that takes longer is written in parts.
const HELD_MAX: usize = 2_000;
/// What stands for a typed character of a secret.
const TYPED: char = 'x';

/// What the loop hands over.
#[derive(Debug)]
pub enum Handed {
    /// A message, and whether it was and is still typed text.
    Message {
        at: At,
        msg: Box<Msg>,
        was_typing: bool,
        is_typing: bool,
    },
    /// The state was drawn.
    Frame,
    /// The console ends.
    Leave(At),
}

/// What was held back, and the text as it stands.
#[derive(Default)]
pub struct Typed {
    held: Vec<Handed>,
    text: String,
    pieces: Vec<Piece>,
    is_cutting: bool,
}

/// What one message typed.
struct Piece {
    /// Which message; none when it is written already.
    held: Option<usize>,
    place: Range<usize>,
}

impl Typed {
    /// Is something held back?
    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Holds a message back. Returns those that have to be written now, as too many are held.
    pub fn hold(&mut self, sent: Handed) -> Vec<Handed> {
        if let Handed::Message { msg, .. } = &sent {
            match &**msg {
                Msg::Input(Input::Key { key, .. }) => self.on_key(*key),
                Msg::Input(Input::Paste(text)) => self.on_text(text.raw()),
                _ => {}
            }
        }
        self.held.push(sent);
        if self.held.len() < HELD_MAX {
            return Vec::new();
        }
        self.hide_secrets();
        // What follows may make a secret of the last word.
        let word = self.text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let end = self.text.len();
        self.hide(&(word..end));
        for piece in &mut self.pieces {
            piece.held = None;
        }
        std::mem::take(&mut self.held)
    }

    /// The text is finished: what was held back, in order.
    pub fn release(&mut self) -> Vec<Handed> {
        self.hide_secrets();
        std::mem::take(self).held
    }

    fn on_key(&mut self, key: Key) {
        let is_cutting = key.code == Code::Backspace;
        if is_cutting && !self.is_cutting {
            // What was there before it is taken back.
            self.hide_secrets();
        }
        self.is_cutting = is_cutting;
        match (key.typed(), key.code) {
            (Some(character), _) => self.on_text(character.encode_utf8(&mut [0; 4])),
            (None, Code::Enter) => self.on_text("\n"),
            (None, Code::Backspace) => {
                self.text.pop();
                let end = self.text.len();
                if let Some(last) = self.pieces.last_mut() {
                    last.place.end = end;
                }
                if self.pieces.last().is_some_and(|last| last.place.is_empty()) {
                    self.pieces.pop();
                }
            }
            (None, _) => {}
        }
    }

    fn on_text(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece {
            held: Some(self.held.len()),
            place: start..self.text.len(),
        });
    }

    fn hide_secrets(&mut self) {
        for secret in redact::spans(&self.text) {
            self.hide(&secret);
        }
    }

    fn hide(&mut self, secret: &Range<usize>) {
        let touched = self
            .pieces
            .iter()
            .filter(|piece| piece.place.start < secret.end && piece.place.end > secret.start);
        for piece in touched {
            let Some(Handed::Message { msg, .. }) =
                piece.held.and_then(|held| self.held.get_mut(held))
            else {
                continue;
            };
            match &mut **msg {
                Msg::Input(Input::Key { key, .. }) if key.typed().is_some() => {
                    *key = Key::char(TYPED);
                }
                Msg::Input(Input::Paste(text)) => *text = masked(text, &piece.place, secret),
                _ => {}
            }
        }
    }
}

/// A paste with its characters of the secret hidden one by one: it is as long as before, for the keys that follow.
fn masked(text: &Outside, place: &Range<usize>, secret: &Range<usize>) -> Outside {
    let mut masked = String::with_capacity(text.raw().len());
    let mut at = place.start;
    for character in text.raw().chars() {
        let is_hidden = secret.contains(&at) && character != '\n';
        masked.push(if is_hidden { TYPED } else { character });
        at += character.len_utf8();
    }
    masked.into()
}
