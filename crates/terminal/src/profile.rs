//! What this terminal can show, by its environment alone: nothing that is drawn depends on an answer that could be lost.

/// What may be sent to this terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// It reads UTF-8; without it only ASCII goes out.
    pub utf8: bool,
    /// It has signs beyond ASCII to show what it reads. The fonts of the Linux console have a few hundred characters.
    pub signs: bool,
    /// It shows colours and the user wants them (<https://no-color.org>).
    pub color: bool,
    /// It moves its cursor. A dumb terminal cannot show a screen.
    pub cursor: bool,
    /// It is known to scroll a part of its rows (DECSTBM).
    pub scrolls: bool,
}

/// Terminals that have scroll regions, by the beginning of their names in terminfo.
const SCROLLING: [&str; 17] = [
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "gnome",
    "iterm",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "putty",
    "rxvt",
    "screen",
    "st-",
    "tmux",
    "wezterm",
    "xterm",
];

impl Profile {
    /// Reads `TERM`, `NO_COLOR` and the locale (`LC_ALL` before `LC_CTYPE` before `LANG`, as POSIX has it).
    pub fn detect() -> Self {
        Profile::from_variables(|name| std::env::var(name).ok())
    }

    /// The same over any environment. An empty variable counts as unset.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(set)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let term = set("TERM");
        Profile {
            utf8: locale.contains("utf-8") || locale.contains("utf8"),
            signs: term.as_deref() != Some("linux"),
            color: set("NO_COLOR").is_none(),
            scrolls: term
                .as_deref()
                .is_some_and(|term| SCROLLING.iter().any(|known| term.starts_with(known))),
            cursor: term.is_some_and(|term| term != "dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(variables: &[(&str, &str)]) -> Profile {
        Profile::from_variables(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(profile(&[("LANG", "en_GB.UTF-8")]).utf8);
        assert!(profile(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")]).utf8);
        assert!(!profile(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]).utf8);
        assert!(!profile(&[("LANG", "de_DE.ISO-8859-1")]).utf8);
        assert!(!profile(&[]).utf8);
    }

    #[test]
    fn the_linux_console_reads_utf8_and_has_no_signs_for_it() {
        let console = profile(&[("TERM", "linux"), ("LANG", "C.UTF-8")]);
        assert!(console.utf8 && !console.signs);
        assert!(profile(&[("TERM", "xterm-256color")]).signs);
    }

    #[test]
    fn no_color_is_obeyed_unless_it_is_empty() {
        assert!(!profile(&[("NO_COLOR", "1")]).color);
        assert!(profile(&[("NO_COLOR", "")]).color);
    }

    #[test]
    fn a_terminal_that_is_not_known_is_not_scrolled() {
        for term in [
            "xterm-256color",
            "tmux-256color",
            "screen",
            "linux",
            "st-256color",
        ] {
            assert!(profile(&[("TERM", term)]).scrolls, "{term}");
        }
        for term in ["vt52", "dumb", "sun", "std"] {
            assert!(!profile(&[("TERM", term)]).scrolls, "{term}");
        }
        assert!(!profile(&[]).scrolls);
    }

    #[test]
    fn a_dumb_or_unnamed_terminal_cannot_show_a_screen() {
        assert!(profile(&[("TERM", "xterm-256color")]).cursor);
        assert!(!profile(&[("TERM", "dumb")]).cursor);
        assert!(!profile(&[]).cursor);
    }
}
