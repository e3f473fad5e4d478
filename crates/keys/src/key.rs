//! Our own key: what the keymap, a recorded message and the screen share. Independent of the terminal library.
//!
//! Written as in a keymap: `q`, `?`, `A`, `ctrl-s`, `alt-x`, `enter`, `shift-tab`, `space`, `f1`, `page-up`. A chord is keys
//! with a space between them, so a key never has one in its name.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Function keys of the widest keyboards; terminals send Shift-F1 as F13.
const FUNCTION_MAX: u8 = 24;

/// The names of the keys that are not characters; the first of a code is the one it is written with.
const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("return", Code::Enter),
    ("esc", Code::Esc),
    ("escape", Code::Esc),
    ("tab", Code::Tab),
    ("space", Code::Char(' ')),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("del", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("page-up", Code::PageUp),
    ("pageup", Code::PageUp),
    ("page-down", Code::PageDown),
    ("pagedown", Code::PageDown),
];

/// Control characters that have a key of their own: a terminal cannot tell the two apart.
const SAME_KEY: &[(char, &str)] = &[
    ('i', "tab"),
    ('m', "enter"),
    ('[', "esc"),
    ('h', "backspace"),
];

/// One key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    pub code: Code,
    /// With Ctrl; a character is then in lower case.
    pub ctrl: bool,
    pub alt: bool,
    /// With Shift; never set for a character, whose case says it.
    pub shift: bool,
}

/// The key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Char(char),
    /// A function key, from 1.
    Function(u8),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// Why a word is not the name of a key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("an empty word is not a key")]
    Empty,
    /// No such key.
    #[error("no key is called {0:?}")]
    Unknown(String),
    /// `shift-a`.
    #[error("{0:?}: the case of a character says Shift, write {1:?}")]
    ShiftOfCharacter(String, char),
    /// `ctrl-i`.
    #[error("{0:?}: a terminal sends the same for {1}, write that")]
    SameAs(String, &'static str),
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Key {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// A character; an upper case one is Shift and that key.
    pub const fn char(character: char) -> Self {
        Key::plain(Code::Char(character))
    }

    /// A character with Ctrl.
    pub const fn ctrl(character: char) -> Self {
        Key {
            ctrl: true,
            ..Key::char(character.to_ascii_lowercase())
        }
    }

    /// The character that this key types into a text, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }

    /// The names of all keys that are not characters, to suggest the nearest right word.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (is_pressed, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if is_pressed {
                f.write_str(name)?;
            }
        }
        match (self.code, NAMES.iter().find(|(_, code)| *code == self.code)) {
            (_, Some((name, _))) => f.write_str(name),
            (Code::Function(number), None) => write!(f, "f{number}"),
            (Code::Char(character), None) => write!(f, "{character}"),
            (code, None) => write!(f, "{code:?}"),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut key = Key::plain(Code::Esc);
        let mut rest = text;
        while let Some((modifier, name)) = rest.split_once('-').filter(|(_, name)| !name.is_empty())
        {
            match modifier.to_ascii_lowercase().as_str() {
                "ctrl" | "control" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                _ => break,
            }
            rest = name;
        }
        key.code = code(rest).ok_or_else(|| match text {
            "" => KeyError::Empty,
            _ => KeyError::Unknown(text.to_owned()),
        })?;
        if rest.eq_ignore_ascii_case("backtab") {
            key.shift = true;
        }
        key.checked(text)
    }
}

impl Key {
    /// One spelling for each key that a terminal can send.
    fn checked(mut self, text: &str) -> Result<Self, KeyError> {
        let Code::Char(character) = self.code else {
            return Ok(self);
        };
        if self.shift && character != ' ' {
            let upper = character.to_uppercase().next().unwrap_or(character);
            return Err(KeyError::ShiftOfCharacter(text.to_owned(), upper));
        }
        self.shift = false;
        if self.ctrl {
            let lower = character.to_ascii_lowercase();
            self.code = Code::Char(lower);
            if let Some((_, same)) = SAME_KEY.iter().find(|(control, _)| *control == lower) {
                return Err(KeyError::SameAs(text.to_owned(), same));
            }
        }
        Ok(self)
    }
}

/// The key called `name`, without modifiers.
fn code(name: &str) -> Option<Code> {
    let mut characters = name.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return (!character.is_control() && !character.is_whitespace())
            .then_some(Code::Char(character));
    }
    let lower = name.to_ascii_lowercase();
    if lower == "backtab" {
        return Some(Code::Tab);
    }
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == lower) {
        return Some(*code);
    }
    let number = lower.strip_prefix('f')?;
    let number: u8 = number
        .parse()
        .ok()
        .filter(|_| !number.starts_with(['0', '+']))?;
    (1..=FUNCTION_MAX)
        .contains(&number)
        .then_some(Code::Function(number))
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}
