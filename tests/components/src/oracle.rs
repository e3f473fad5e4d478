//! The judge of what reaches a terminal: an independent parser over every byte, with a short list of what we may send.

use vte::{Params, Parser, Perform};

/// Private modes that may be switched: cursor, alternate screen, bracketed paste, synchronized output.
const MODES: [u16; 4] = [25, 1049, 2004, 2026];

/// Mouse modes: only ever switched off, on the way out.
const MOUSE_MODES: [u16; 5] = [1000, 1002, 1003, 1006, 1015];

const ALTERNATE_SCREEN: u16 = 1049;
const SYNCHRONIZED: u16 = 2026;

/// Reads bytes as a terminal would and remembers what it did not like.
#[derive(Default)]
pub struct Oracle {
    parser: Parser,
    judge: Judge,
}

/// What has been seen so far.
#[derive(Default)]
pub struct Judge {
    /// Everything that is not on the list.
    pub faults: Vec<String>,
    /// Frames that ended.
    pub frames: usize,
    /// Colours that were set.
    pub colors: usize,
    /// What was put on the clipboard, still in base64.
    pub copied: Vec<String>,
    /// The mouse may be asked for.
    takes_mouse: bool,
    in_alternate_screen: bool,
    in_frame: bool,
    /// A part of the rows scrolls.
    in_region: bool,
}

impl Oracle {
    pub fn new(takes_mouse: bool) -> Self {
        let judge = Judge {
            takes_mouse,
            ..Judge::default()
        };
        Oracle {
            parser: Parser::new(),
            judge,
        }
    }

    /// The next bytes.
    pub fn read(&mut self, bytes: &[u8]) {
        self.parser.advance(&mut self.judge, bytes);
    }

    /// What has been seen so far.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }
}

impl Judge {
    fn fault(&mut self, what: String) {
        const KEPT: usize = 20;
        if self.faults.len() < KEPT {
            self.faults.push(what);
        }
    }

    fn mode(&mut self, mode: u16, on: bool) {
        match mode {
            ALTERNATE_SCREEN => self.in_alternate_screen = on,
            SYNCHRONIZED if on && self.in_frame => self.fault("a frame begins in a frame".into()),
            SYNCHRONIZED => {
                self.frames += usize::from(self.in_frame && !on);
                self.in_frame = on;
            }
            _ if MODES.contains(&mode) => {}
            _ if MOUSE_MODES.contains(&mode) && (!on || self.takes_mouse) => {}
            _ => self.fault(format!(
                "private mode {mode} {}",
                if on { "on" } else { "off" }
            )),
        }
    }
}

/// Has no business on a screen: format characters (bidi, joiners, tags), separators, fillers, variation selectors.
pub fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

impl Perform for Judge {
    fn print(&mut self, character: char) {
        if character.is_control() || is_hidden(character) {
            self.fault(format!("prints {character:?}"));
        } else if self.in_region {
            self.fault(format!("prints {character:?} in a scroll region"));
        } else if self.in_alternate_screen && !self.in_frame {
            self.fault(format!("prints {character:?} outside a synchronized frame"));
        }
    }

    fn execute(&mut self, byte: u8) {
        const CANCEL: u8 = 0x18;
        // Behind the alternate screen a message or a shell may end its lines.
        let allowed = byte == CANCEL
            || (self.in_region && byte == b'\n')
            || (!self.in_alternate_screen && matches!(byte, b'\r' | b'\n'));
        if !allowed {
            self.fault(format!("control {byte:#04x}"));
        }
    }

    fn csi_dispatch(
        &mut self,
        parameters: &Params,
        intermediates: &[u8],
        ignored: bool,
        action: char,
    ) {
        let numbers: Vec<u16> = parameters.iter().map(|parts| parts[0]).collect();
        match (intermediates, action, numbers.as_slice()) {
            (b"?", 'h' | 'l', modes) => modes
                .iter()
                .for_each(|&mode| self.mode(mode, action == 'h')),
            (b"", 'r', [top, bottom]) if self.in_frame && top < bottom => self.in_region = true,
            (b"", 'r', [] | [0]) if self.in_region => self.in_region = false,
            // Where is the cursor? The answer says that the frame before it was read.
            (b"", 'n', [6]) if !ignored && !self.in_frame => {}
            (b"", 'H', [_, _] | [_]) | (b"", 'J' | 'K', [_]) | (b"", 'm', _) if !ignored => {
                let is_color =
                    |number: &u16| matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107);
                self.colors += usize::from(action == 'm' && numbers.iter().any(is_color));
                if action == 'm'
                    && numbers.contains(&8)
                    && !numbers.contains(&38)
                    && !numbers.contains(&48)
                {
                    self.fault("hidden text".into());
                }
            }
            _ => self.fault(format!(
                "CSI {:?} {numbers:?} {action}",
                String::from_utf8_lossy(intermediates)
            )),
        }
    }

    fn osc_dispatch(&mut self, parameters: &[&[u8]], bell: bool) {
        match parameters {
            [b"52", b"c", text]
                if bell
                    && text
                        .iter()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte)) =>
            {
                self.copied.push(String::from_utf8_lossy(text).into_owned());
            }
            _ => self.fault(format!(
                "OSC {:?}",
                parameters
                    .first()
                    .map(|first| String::from_utf8_lossy(first))
            )),
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignored: bool, byte: u8) {
        self.fault(format!("ESC {intermediates:?} {:?}", char::from(byte)));
    }

    fn hook(&mut self, _parameters: &Params, _intermediates: &[u8], _ignored: bool, action: char) {
        self.fault(format!("DCS {action}"));
    }
}
