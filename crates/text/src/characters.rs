//! What kind of character is this? Unicode's own tables (`icu_properties`), with short cuts for what logs are made of.

use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GraphemeClusterBreak, NoncharacterCodePoint, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Takes its own cell or two whatever stands beside it, and says what it is: nothing to think about.
///
/// False for every character that must be replaced, and for those that may join their neighbours into one cluster.
pub(super) fn is_plain(character: char) -> bool {
    match character {
        // Latin without the soft hyphen, lines and blocks, Han, Hangul syllables.
        ' '..='~'
        | '\u{A0}'..='\u{AC}'
        | '\u{AE}'..='\u{2FF}'
        | '\u{2500}'..='\u{259F}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' => true,
        '\0'..='\u{9F}' => false,
        _ => {
            CodePointMapData::<GraphemeClusterBreak>::new().get(character)
                == GraphemeClusterBreak::Other
                && !is_unshowable(character)
                && super::not_utf8::byte_of(character).is_none()
        }
    }
}

/// Has no shape of its own or steers the text around it: control, format (bidi, joiners, tags), line and paragraph
/// separators, fillers, variation selectors, noncharacters.
pub(super) fn is_unshowable(character: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::Surrogate
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(character)
}

/// Joins the character before it, whatever that is: combining marks, and the skin tones of emoji.
pub(super) fn is_mark(character: char) -> bool {
    matches!(
        CodePointMapData::<GraphemeClusterBreak>::new().get(character),
        GraphemeClusterBreak::Extend | GraphemeClusterBreak::SpacingMark
    )
}

/// Are there letters of more than one script? Han, Hiragana and Katakana belong together, as in Japanese.
pub(super) fn mixes_scripts(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let scripts = CodePointMapData::<Script>::new();
    let mut found = text
        .chars()
        .map(|c| scripts.get(c))
        .filter_map(|script| match script {
            Script::Common | Script::Inherited | Script::Unknown => None,
            Script::Hiragana | Script::Katakana => Some(Script::Han),
            other => Some(other),
        });
    let first = found.next();
    found.any(|script| Some(script) != first)
}
