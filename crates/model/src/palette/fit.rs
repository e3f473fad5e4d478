//! Whether a line fits what was typed, and whether it is what was meant: letters in their order find it, the beginnings of its
//! words mean it.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{PaletteGoal, PaletteLine};

/// How well a line fits: what is meant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    is_meant: bool,
    score: u32,
}

pub(super) struct Fitting {
    typed: String,
    pattern: Pattern,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Fitting {
    pub(super) fn new(typed: &str) -> Self {
        Fitting {
            typed: typed.to_lowercase(),
            pattern: Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            characters: Vec::new(),
        }
    }

    /// The line with how well it fits; `None` when it does not.
    pub(super) fn of(&mut self, mut offer: PaletteLine) -> Option<(Fit, PaletteLine)> {
        let name = format!("{} {}", offer.name.raw(), offer.what);
        let whole = Utf32Str::new(&name, &mut self.characters);
        let by_name = self.pattern.score(whole, &mut self.matcher);
        // Of what stands beside the name whole words must fit: letters in order are in every sentence.
        let beside = || {
            let words = format!("{name} {}", offer.note.raw()).to_lowercase();
            let mut typed = self.typed.split_whitespace();
            typed.all(|word| words.contains(word)).then_some(0)
        };
        let score = by_name.or_else(beside)?;
        // Of an action the word `action` says nothing; of an object its kind does.
        let named = match offer.goal {
            PaletteGoal::Action(_) => offer.name.raw(),
            _ => &name,
        };
        offer.is_meant = begins(&self.typed, named);
        let is_meant = offer.is_meant;
        Some((Fit { is_meant, score }, offer))
    }
}

/// Something was typed, and each word of it begins a word of the name.
pub(super) fn begins(typed: &str, name: &str) -> bool {
    let (typed, name) = (typed.to_lowercase(), name.to_lowercase());
    let mut before = None;
    let mut starts = Vec::new();
    for (at, character) in name.char_indices() {
        if before.is_none_or(|before: char| !before.is_alphanumeric()) {
            starts.push(&name[at..]);
        }
        before = Some(character);
    }
    let mut words = typed.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| starts.iter().any(|start| start.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn each_typed_word_has_to_begin_a_word() {
        for (typed, name, expected) in [
            ("time", "timeline-pane", true),
            ("pane time", "timeline-pane", true),
            ("line-pane", "timeline-pane", false),
            ("timeline-p", "timeline-pane", true),
            ("tp", "timeline-pane", false),
            ("", "timeline-pane", false),
            ("  ", "timeline-pane", false),
            ("TIME", "timeline-pane", true),
            ("7d9f-q", "checkout-7d9f-q8w pod", true),
            ("p\u{e9}", "p\u{e9}age", true),
        ] {
            assert_eq!(begins(typed, name), expected, "{typed} {name}");
        }
    }
}
