//! Chords to actions: a trie for each place, read from TOML. The only reader of `keymaps/`; names no key itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::action::Action;
use crate::key::Key;

/// The keymap that is built in.
pub const DEFAULT: &str = include_str!("../../../keymaps/default.toml");

/// Keymaps that are built in, by the name that selects them; a file of the user's with that name is stronger.
pub const BUILT_IN: [(&str, &str); 2] = [
    ("vim", include_str!("../../../keymaps/vim.toml")),
    ("k9s", include_str!("../../../keymaps/k9s.toml")),
];

/// Longest chord; a longer one could not be remembered anyway.
const MAX_CHORD_KEYS: usize = 4;

/// A place that has keys of its own.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Place {
    /// Panes and lists.
    Global,
    /// A line of text: filter, picker, form field. Unbound characters are text.
    Line,
    /// The note editor. Unbound keys are text.
    Editor,
    /// A question with a consequence.
    Dialog,
}

impl Place {
    pub const ALL: &[Place] = Place::VARIANTS;

    /// The table's name in the file.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What a key means after those that are pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    Action(Action),
    /// The beginning of a chord.
    Pending,
    /// Nothing is bound.
    Unbound,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Action(Action),
    Menu(BTreeMap<Key, Node>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    places: BTreeMap<Place, BTreeMap<Key, Node>>,
    menus: BTreeMap<Vec<Key>, String>,
    /// The chord of each action that is shortest to write: each frame asks for many.
    shortest: BTreeMap<(Place, Action), Vec<Key>>,
}

/// What is wrong with a keymap file, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeymapError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for KeymapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for KeymapError {}

impl Keymap {
    /// The built-in keymap with `overlays` (file name, text) laid over it in order.
    pub fn load(overlays: &[(&str, &str)]) -> Result<Keymap, KeymapError> {
        let mut bindings = BTreeMap::new();
        let mut menus = BTreeMap::new();
        let files = std::iter::once(&("keymaps/default.toml", DEFAULT)).chain(overlays);
        for (layer, (name, text)) in files.enumerate() {
            File { layer, name, text }.read(&mut bindings, &mut menus)?;
        }
        let mut keymap = Keymap {
            places: BTreeMap::new(),
            menus,
            shortest: BTreeMap::new(),
        };
        // The built-in keys first: a conflict is the fault of the file that came later.
        let mut bindings: Vec<_> = bindings.into_iter().collect();
        bindings.sort_by_key(|(_, binding)| binding.layer);
        for ((place, chord), binding) in bindings {
            keymap.insert(place, &chord, &binding)?;
        }
        for place in Place::ALL {
            let mut chords = keymap.bindings(*place);
            chords.sort_by_key(|(_, chord)| written(chord).chars().count());
            for (action, chord) in chords {
                keymap.shortest.entry((*place, action)).or_insert(chord);
            }
        }
        Ok(keymap)
    }

    /// What `key` means in `place` after the `pending` keys.
    pub fn resolve(&self, place: Place, pending: &[Key], key: Key) -> Resolved {
        match pending
            .iter()
            .chain(std::iter::once(&key))
            .try_fold(Step::Root, |step, key| self.step(place, &step, *key))
        {
            Some(Step::At(Node::Action(action))) => Resolved::Action(*action),
            Some(Step::At(Node::Menu(_))) => Resolved::Pending,
            Some(Step::Root) | None => Resolved::Unbound,
        }
    }

    /// The keys that may follow `pending`, with their action or the title of their menu: which-key.
    pub fn following(&self, place: Place, pending: &[Key]) -> Vec<(Key, &str, Option<Action>)> {
        let Some(Step::At(Node::Menu(menu))) = pending
            .iter()
            .try_fold(Step::Root, |step, key| self.step(place, &step, *key))
        else {
            return Vec::new();
        };
        let mut prefix = pending.to_vec();
        menu.iter()
            .map(|(key, node)| match node {
                Node::Action(action) => (*key, action.name(), Some(*action)),
                Node::Menu(_) => {
                    prefix.push(*key);
                    let title = self.menu_title(&prefix);
                    prefix.pop();
                    (*key, title, None)
                }
            })
            .collect()
    }

    /// The title of the menu that these keys open.
    pub fn menu_title(&self, keys: &[Key]) -> &str {
        self.menus.get(keys).map_or("more", String::as_str)
    }

    /// Every chord of a place with its action, in the order of [`Action::ALL`].
    pub fn bindings(&self, place: Place) -> Vec<(Action, Vec<Key>)> {
        let mut found = Vec::new();
        if let Some(root) = self.places.get(&place) {
            collect(root, &mut Vec::new(), &mut found);
        }
        found.sort();
        found
    }

    /// The shortest chord bound to `action`, as it is written: `x s`.
    pub fn chord_of(&self, place: Place, action: Action) -> Option<String> {
        let chord = self.chord_keys(place, action)?;
        Some(written(&chord))
    }

    /// The chord that is shortest to write.
    pub fn chord_keys(&self, place: Place, action: Action) -> Option<Vec<Key>> {
        self.shortest.get(&(place, action)).cloned()
    }

    fn step<'a>(&'a self, place: Place, step: &Step<'a>, key: Key) -> Option<Step<'a>> {
        match step {
            Step::Root => self.places.get(&place)?.get(&key).map(Step::At),
            Step::At(Node::Menu(menu)) => menu.get(&key).map(Step::At),
            Step::At(Node::Action(_)) => None,
        }
    }

    fn insert(
        &mut self,
        place: Place,
        chord: &[Key],
        binding: &Binding,
    ) -> Result<(), KeymapError> {
        let Some(action) = binding.action else {
            return Ok(());
        };
        let conflict = |other: &str| KeymapError {
            file: binding.file.clone(),
            line: binding.line,
            what: format!(
                "\"{}\" cannot be both {} and {other}: bind one of them to another key, or to \"none\"",
                written(chord),
                action.name()
            ),
        };
        let Some((last, before)) = chord.split_last() else {
            return Ok(());
        };
        let mut menu = self.places.entry(place).or_default();
        for key in before {
            menu = match menu
                .entry(*key)
                .or_insert_with(|| Node::Menu(BTreeMap::new()))
            {
                Node::Menu(inner) => inner,
                Node::Action(taken) => {
                    return Err(conflict(&format!(
                        "a chord that begins with the key of {}",
                        taken.name()
                    )));
                }
            };
        }
        match menu.insert(*last, Node::Action(action)) {
            None => Ok(()),
            Some(Node::Action(taken)) => Err(conflict(taken.name())),
            Some(Node::Menu(_)) => Err(conflict("the beginning of a longer chord")),
        }
    }
}

enum Step<'a> {
    Root,
    At(&'a Node),
}

struct Binding {
    action: Option<Action>,
    layer: usize,
    file: String,
    line: usize,
}

struct File<'a> {
    /// 0 is the built-in keymap.
    layer: usize,
    name: &'a str,
    text: &'a str,
}

type Bindings = BTreeMap<(Place, Vec<Key>), Binding>;

impl File<'_> {
    fn read(
        &self,
        bindings: &mut Bindings,
        menus: &mut BTreeMap<Vec<Key>, String>,
    ) -> Result<(), KeymapError> {
        let table = DeTable::parse(self.text).map_err(|error| {
            self.error(
                error.span().map_or(0, |span| span.start),
                error.message().to_owned(),
            )
        })?;
        for (name, value) in table.get_ref() {
            let at = name.span().start;
            let DeValue::Table(rows) = value.get_ref() else {
                return Err(self.error(
                    at,
                    format!(
                        "\"{}\" must be a table of keys: [{}]",
                        name.get_ref(),
                        name.get_ref()
                    ),
                ));
            };
            if name.get_ref() == "menus" {
                self.read_menus(rows, menus)?;
            } else if let Some(place) = Place::ALL
                .iter()
                .find(|place| place.name() == name.get_ref())
            {
                self.read_place(*place, rows, bindings)?;
            } else {
                let known: Vec<&str> = Place::ALL.iter().map(|place| place.name()).collect();
                let known = known.join(", ");
                return Err(self.error(
                    at,
                    format!(
                        "unknown table [{}]: there are {known} and menus",
                        name.get_ref()
                    ),
                ));
            }
        }
        Ok(())
    }

    fn read_menus(
        &self,
        rows: &DeTable<'_>,
        menus: &mut BTreeMap<Vec<Key>, String>,
    ) -> Result<(), KeymapError> {
        for (chord, title) in rows {
            menus.insert(self.chord(chord)?, self.word(title)?.to_owned());
        }
        Ok(())
    }

    fn read_place(
        &self,
        place: Place,
        rows: &DeTable<'_>,
        bindings: &mut Bindings,
    ) -> Result<(), KeymapError> {
        for (chord, action) in rows {
            let (word, at) = (self.word(action)?, action.span().start);
            let action = match Action::by_name(word) {
                Some(action) => Some(action),
                None if word == "none" => None,
                None => {
                    let hint = Action::nearest(word)
                        .map_or("`watchfloor keys` lists them".to_owned(), |near| {
                            format!("did you mean \"{near}\"?")
                        });
                    return Err(self.error(at, format!("unknown action \"{word}\": {hint}")));
                }
            };
            let line = self.line(chord.span().start);
            bindings.insert(
                (place, self.chord(chord)?),
                Binding {
                    action,
                    layer: self.layer,
                    file: self.name.to_owned(),
                    line,
                },
            );
        }
        Ok(())
    }

    fn chord(&self, text: &Spanned<Cow<'_, str>>) -> Result<Vec<Key>, KeymapError> {
        let at = text.span().start;
        let keys: Result<Vec<Key>, _> = text
            .get_ref()
            .split_ascii_whitespace()
            .map(str::parse::<Key>)
            .collect();
        match keys {
            Ok(keys) if keys.is_empty() => Err(self.error(at, "an empty chord".to_owned())),
            Ok(keys) if keys.len() > MAX_CHORD_KEYS => Err(self.error(
                at,
                format!("\"{}\" has more than {MAX_CHORD_KEYS} keys", text.get_ref()),
            )),
            Ok(keys) => Ok(keys),
            Err(error) => Err(self.error(at, format!("in \"{}\": {error}", text.get_ref()))),
        }
    }

    fn word<'a>(&self, value: &'a Spanned<DeValue<'_>>) -> Result<&'a str, KeymapError> {
        match value.get_ref() {
            DeValue::String(word) => Ok(word),
            _ => Err(self.error(value.span().start, "expected a name in quotes".to_owned())),
        }
    }

    fn error(&self, at: usize, what: String) -> KeymapError {
        KeymapError {
            file: self.name.to_owned(),
            line: self.line(at),
            what,
        }
    }

    fn line(&self, at: usize) -> usize {
        self.text
            .bytes()
            .take(at)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }
}

/// A chord as a keymap file has it.
pub fn written(chord: &[Key]) -> String {
    chord
        .iter()
        .map(Key::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

fn collect(menu: &BTreeMap<Key, Node>, prefix: &mut Vec<Key>, found: &mut Vec<(Action, Vec<Key>)>) {
    for (key, node) in menu {
        prefix.push(*key);
        match node {
            Node::Action(action) => found.push((*action, prefix.clone())),
            Node::Menu(inner) => collect(inner, prefix, found),
        }
        prefix.pop();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn error(text: &str) -> String {
        Keymap::load(&[("my.toml", text)]).unwrap_err().to_string()
    }

    #[test]
    fn a_chord_is_pending_until_its_last_key() {
        let keymap = Keymap::load(&[]).unwrap();
        assert_eq!(
            keymap.resolve(Place::Global, &[], key("x")),
            Resolved::Pending
        );
        assert_eq!(
            keymap.resolve(Place::Global, &[key("x")], key("s")),
            Resolved::Action(Action::Scale)
        );
        assert_eq!(
            keymap.resolve(Place::Global, &[key("x")], key("q")),
            Resolved::Unbound
        );
    }

    #[test]
    fn a_file_of_the_user_is_laid_over_the_default() {
        let keymap =
            Keymap::load(&[("my.toml", "[global]\nq = \"none\"\nQ = \"quit\"\n")]).unwrap();
        assert_eq!(
            keymap.resolve(Place::Global, &[], key("q")),
            Resolved::Unbound
        );
        assert_eq!(
            keymap.resolve(Place::Global, &[], key("Q")),
            Resolved::Action(Action::Quit)
        );
    }

    #[test]
    fn each_fault_names_file_line_and_the_right_word() {
        assert_eq!(
            error("[global]\n\"x s\" = \"scael\"\n"),
            "my.toml:2: unknown action \"scael\": did you mean \"scale\"?"
        );
        assert!(
            error("[global]\n\n\"ctrl-enterr\" = \"open\"\n")
                .starts_with("my.toml:3: in \"ctrl-enterr\"")
        );
        assert!(error("[globl]\nq = \"quit\"\n").starts_with("my.toml:1: unknown table [globl]"));
        let conflict = error("[global]\nx = \"open\"\n");
        assert!(conflict.starts_with("my.toml:2:") && conflict.contains("cannot be both"));
        assert!(error("[global]\nq = \"quit\"\nq = \"open\"\n").starts_with("my.toml:3:"));
        assert!(error("[global]\nq = 3\n").contains("expected a name"));
        assert!(error("[global\n").starts_with("my.toml:1:"));
    }
}
