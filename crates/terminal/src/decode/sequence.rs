//! The first key of some bytes: ECMA-48 sequences as xterm, the Linux console and rxvt write them. Total: any bytes at all
//! are a key, nothing, or unfinished.

use crate::report::{FIRST_ROW, Report};
use keys::key::{Code, Key};
use keys::mouse::{Gesture, Mouse};

const ESC: u8 = 0x1B;

/// Longest answer to a query (OSC, DCS, ...) that is skipped as one; we do not ask so, another program may have.
const ANSWER_BYTES_MAX: usize = 4096;

/// Longest sequence that a key can be; what is longer is dropped whole.
const SEQUENCE_BYTES_MAX: usize = 64;

/// The event type of a key that was let go, in sequences of the kitty keyboard protocol.
const RELEASED: u32 = 3;

const UTF8_BYTES_MAX: usize = 4;

/// What the first bytes of the input are.
pub(super) enum Token {
    /// So many bytes are this key, or nothing that we know.
    Key(usize, Option<Key>),
    /// So many bytes say where the cursor is.
    Report(usize, Report),
    /// So many bytes say what the mouse did.
    Mouse(usize, Mouse),
    /// So many bytes open a paste.
    PasteStart(usize),
    /// More bytes are needed to tell.
    Unfinished,
}

/// The first token of `bytes`, which are not empty. With `last`, never unfinished.
pub(super) fn token(bytes: &[u8], last: bool) -> Token {
    let found = match bytes {
        [ESC] | [ESC, b'[' | b'O' | b']' | b'P' | b'_' | b'^' | b'X'] => None,
        [ESC, ESC, ..] => Some(Token::Key(1, Some(Key::plain(Code::Esc)))),
        [ESC, b'[', b'[', rest @ ..] => rest
            .first()
            .map(|&letter| Token::Key(4, linux_function(letter))),
        [ESC, b'[', b'M', rest @ ..] => (rest.len() >= 3).then_some(Token::Key(6, None)),
        [ESC, b'[', rest @ ..] if !rest.is_empty() => csi(rest),
        [ESC, b'O', rest @ ..] if !rest.is_empty() => Some(Token::Key(3, ss3(rest[0]))),
        [ESC, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] if !rest.is_empty() => answer(rest),
        [ESC, rest @ ..] => character(rest)
            .map(|(length, key)| Token::Key(length + 1, key.map(|key| Key { alt: true, ..key }))),
        _ => character(bytes).map(|(length, key)| Token::Key(length, key)),
    };
    found.unwrap_or_else(|| if last { lone(bytes) } else { Token::Unfinished })
}

/// Nothing followed: what can these bytes still be?
fn lone(bytes: &[u8]) -> Token {
    match bytes {
        [ESC] => Token::Key(1, Some(Key::plain(Code::Esc))),
        [ESC, letter] => Token::Key(
            2,
            Some(Key {
                alt: true,
                ..Key::char(char::from(*letter))
            }),
        ),
        _ => Token::Key(bytes.len(), None),
    }
}

/// An answer to somebody's query: skipped up to its terminator (BEL or ESC \).
fn answer(rest: &[u8]) -> Option<Token> {
    let end = rest.iter().position(|&byte| byte == 0x07).map(|at| at + 1);
    let string_end = memchr::memmem::find(rest, b"\x1b\\").map(|at| at + 2);
    match (end, string_end) {
        (Some(a), Some(b)) => Some(Token::Key(2 + a.min(b), None)),
        (Some(a), None) | (None, Some(a)) => Some(Token::Key(2 + a, None)),
        (None, None) if rest.len() > ANSWER_BYTES_MAX => Some(Token::Key(2 + rest.len(), None)),
        (None, None) => None,
    }
}

/// A control sequence, from behind `ESC [`.
fn csi(rest: &[u8]) -> Option<Token> {
    let Some(end) = rest.iter().position(|byte| !matches!(byte, 0x20..=0x3F)) else {
        return (rest.len() > SEQUENCE_BYTES_MAX).then_some(Token::Key(2 + rest.len(), None));
    };
    let (parameters, last) = (&rest[..end], rest[end]);
    if !matches!(last, 0x40..=0x7E) {
        // Not a sequence after all; what broke it off is looked at by itself.
        return Some(Token::Key(2 + end, None));
    }
    if (parameters, last) == (b"200", b'~') {
        return Some(Token::PasteStart(2 + end + 1));
    }
    if let Some(mouse) = mouse(parameters, last) {
        return Some(Token::Mouse(2 + end + 1, mouse));
    }
    if let Some(report) = report(parameters, last) {
        return Some(Token::Report(2 + end + 1, report));
    }
    Some(Token::Key(2 + end + 1, csi_key(parameters, last)))
}

/// `ESC [ row ; column R`, from where no key is written alike.
fn report(parameters: &[u8], last: u8) -> Option<Report> {
    let (row, column) = std::str::from_utf8(parameters).ok()?.split_once(';')?;
    let number = |digits: &str| -> Option<u16> {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    };
    let (row, column) = (number(row)?, number(column)?);
    (last == b'R' && row >= FIRST_ROW).then_some(Report { row, column })
}

/// `ESC [ < button ; column ; row M`: the mouse in mode 1006, a button pressed. Cells are counted from 1.
fn mouse(parameters: &[u8], last: u8) -> Option<Mouse> {
    const LEFT: u16 = 0;
    const WHEEL_UP: u16 = 64;
    const WHEEL_DOWN: u16 = 65;
    let text = std::str::from_utf8(parameters).ok()?.strip_prefix('<')?;
    let mut numbers = text.split(';').map(|digits| {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| is_number)
    });
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let gesture = match button {
        LEFT => Gesture::Click,
        WHEEL_UP => Gesture::WheelUp,
        WHEEL_DOWN => Gesture::WheelDown,
        _ => return None,
    };
    let is_whole = last == b'M' && numbers.next().is_none();
    Some(Mouse {
        gesture,
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
    })
    .filter(|_| is_whole)
}

/// Can these bytes be the head of a report?
pub(super) fn begins_report(bytes: &[u8]) -> bool {
    let digits = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    matches!(bytes, [ESC, b'[', rest @ ..] if rest.len() < SEQUENCE_BYTES_MAX && rest.iter().all(digits))
}

/// Are these bytes what follows the Escape of a report?
pub(super) fn ends_report(bytes: &[u8]) -> bool {
    let sequence = [&[ESC], bytes].concat();
    matches!(token(&sequence, false), Token::Report(..))
}

/// `ESC [ number ; modifiers letter`; sequences with a private mark (mouse, answers) are no keys.
fn csi_key(parameters: &[u8], last: u8) -> Option<Key> {
    if parameters
        .iter()
        .any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))
    {
        return None;
    }
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = text.split(';').map(|number| {
        let mut parts = number
            .split(':')
            .map(|part| part.parse::<u32>().unwrap_or(1));
        (parts.next().unwrap_or(1), parts.next())
    });
    let (first, _) = numbers.next()?;
    let (modifiers, event) = numbers.next().unwrap_or((1, None));
    let third = numbers.next().map(|(number, _)| number);
    if event == Some(RELEASED) {
        return None;
    }
    match (last, first) {
        (b'Z', _) => Some(Key {
            shift: true,
            ..Key::plain(Code::Tab)
        }),
        (b'~', 27) => modified(unicode(third?)?, modifiers),
        (b'u', code) => modified(unicode(code)?, modifiers),
        (b'~', number) => modified(tilde(number)?, modifiers),
        (letter, 1) => modified(letter_code(letter)?, modifiers),
        _ => None,
    }
}

/// A key with xterm's modifier number: 1 + Shift (1) + Alt (2) + Ctrl (4).
fn modified(code: Code, modifiers: u32) -> Option<Key> {
    let bits = modifiers.checked_sub(1)?;
    let (shift, alt, ctrl) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
    let Code::Char(character) = code else {
        return Some(Key {
            code,
            ctrl,
            alt,
            shift,
        });
    };
    let character = if shift && !ctrl {
        character.to_uppercase().next()?
    } else {
        character
    };
    let key = if ctrl {
        Key::ctrl(character)
    } else {
        Key::char(character)
    };
    Some(Key { alt, ..key })
}

fn unicode(code: u32) -> Option<Code> {
    match code {
        9 => Some(Code::Tab),
        13 => Some(Code::Enter),
        27 => Some(Code::Esc),
        8 | 127 => Some(Code::Backspace),
        _ => char::from_u32(code)
            .filter(|character| !character.is_control())
            .map(Code::Char),
    }
}

fn letter_code(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'F' => Code::End,
        b'H' => Code::Home,
        b'P'..=b'S' => Code::Function(letter - b'P' + 1),
        _ => return None,
    })
}

fn tilde(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::Function(number as u8 - 10),
        17..=21 => Code::Function(number as u8 - 11),
        23..=26 => Code::Function(number as u8 - 12),
        28..=29 => Code::Function(number as u8 - 13),
        31..=34 => Code::Function(number as u8 - 14),
        _ => return None,
    })
}

/// `ESC O letter`: the keypad and arrows in application mode.
fn ss3(letter: u8) -> Option<Key> {
    let code = match letter {
        b'M' => Code::Enter,
        b'I' => Code::Tab,
        b'j'..=b'y' => Code::Char(char::from(letter - 0x40)),
        _ => letter_code(letter)?,
    };
    Some(Key::plain(code))
}

/// `ESC [ [ A` to `E`: F1 to F5 on the Linux console.
fn linux_function(letter: u8) -> Option<Key> {
    matches!(letter, b'A'..=b'E').then(|| Key::plain(Code::Function(letter - b'A' + 1)))
}

/// One character, or one byte that is none; `None` when more bytes of it must come.
fn character(bytes: &[u8]) -> Option<(usize, Option<Key>)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((1, Some(ascii(first))));
    }
    let head = &bytes[..bytes.len().min(UTF8_BYTES_MAX)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(error) => return error.error_len().map(|length| (length, None)),
    };
    let character = valid.chars().next()?;
    Some((
        character.len_utf8(),
        (!character.is_control()).then(|| Key::char(character)),
    ))
}

fn ascii(byte: u8) -> Key {
    match byte {
        b'\r' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        0x08 | 0x7F => Key::plain(Code::Backspace),
        0x00 => Key::ctrl(' '),
        ESC => Key::plain(Code::Esc),
        0x01..=0x1F => Key::ctrl(char::from(byte | 0x40)),
        _ => Key::char(char::from(byte)),
    }
}
