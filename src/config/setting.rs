//! One row for each setting: its name, and how a given value becomes a typed one or a problem that names the right word.

use std::path::{Path, PathBuf};

use super::file::{self, Given};
use super::typed::{nearest, patterns, text, word, zone};
use super::value::{ASCII, LEVELS, PALETTES, SWITCH};
use super::{
    Ascii, CONFIG_VARIABLE, Config, Inputs, Loaded, LogLevel, PREFIX, Palette, Problem, Runbooks,
    Zone,
};
use kubernetes::alertmanager::{Alertmanager, Alertmanagers, Place as AlertPlace};

/// The name of every setting.
const NAMES: [&str; 11] = [
    "keymap",
    "theme",
    "ascii",
    "mouse",
    "read-only",
    "protected",
    "time-zone",
    "state-dir",
    "log-level",
    "alertmanager",
    "runbooks",
];

/// Matches every scope.
const EVERYTHING: &str = "*";

/// Takes the sources in, weakest first.
pub(super) struct Reader<'a> {
    inputs: &'a Inputs,
    pub(super) config: Config,
    problems: Vec<Problem>,
}

/// Where a value was given.
pub(super) struct Place<'a> {
    pub(super) name: String,
    /// The file, for rows of a section.
    pub(super) file: String,
    /// What relative paths are relative to.
    pub(super) beside: Option<&'a Path>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(inputs: &'a Inputs) -> Self {
        Reader {
            inputs,
            config: Config {
                keymap: None,
                palette: Palette::Sixteen,
                ascii: Ascii::Auto,
                has_mouse: false,
                is_read_only: false,
                protected: Vec::new(),
                zone: Zone::Utc,
                state_dir: None,
                log_level: LogLevel::Info,
                alertmanagers: Alertmanagers::default(),
                runbooks: Runbooks::default(),
            },
            problems: Vec::new(),
        }
    }

    pub(super) fn file(&mut self, name: &str, text: &str, beside: Option<&Path>) {
        let (rows, mut errors) = file::rows(text);
        errors.dedup_by_key(|(line, _)| *line);
        for row in rows {
            // What the parser makes of a broken line means nothing, but for what it may have been about.
            if errors.iter().any(|(line, _)| *line == row.line) {
                nearest(&row.name, NAMES).map(|name| self.guard(name));
                continue;
            }
            let place = Place {
                name: format!("{name}:{}", row.line),
                file: name.to_owned(),
                beside,
            };
            self.take(&place, &row.name, row.value);
        }
        for (line, message) in errors {
            self.guard_everything();
            let what = format!("{message}; until it is right every scope starts read-only");
            self.problem(format!("{name}:{line}"), what);
        }
    }

    /// The usual file is there and cannot be read.
    pub(super) fn unreadable(&mut self, name: &str, error: &str) {
        self.guard_everything();
        let what = format!("cannot be read: {error}; until then every scope starts read-only");
        self.problem(name, what);
    }

    pub(super) fn environment(&mut self) {
        let inputs = self.inputs;
        for (variable, value) in &inputs.variables {
            let Some(name) = variable.strip_prefix(PREFIX) else {
                continue;
            };
            if variable == CONFIG_VARIABLE || value.is_empty() {
                continue;
            }
            let name = name.to_ascii_lowercase().replace('_', "-");
            // A variable that resembles no setting belongs to somebody else.
            if !NAMES.contains(&name.as_str()) && nearest(&name, NAMES).is_none() {
                continue;
            }
            let place = Place {
                name: variable.clone(),
                file: String::new(),
                beside: None,
            };
            let value = match name.as_str() {
                "protected" => Given::List(
                    value
                        .split(',')
                        .map(|pattern| pattern.trim().to_owned())
                        .collect(),
                ),
                _ => Given::Text(value.clone()),
            };
            self.take(&place, &name, value);
        }
    }

    pub(super) fn flags(&mut self) {
        let flags = &self.inputs.flags;
        self.config.is_read_only |= flags.read_only;
        if flags.no_color {
            self.config.palette = Palette::Mono;
        }
        if flags.ascii {
            self.config.ascii = Ascii::Always;
        }
        self.config.log_level = flags.log_level.unwrap_or(self.config.log_level);
        if let Some(place) = &flags.alertmanager {
            match AlertPlace::parse(place) {
                // A person at the keyboard means this one, whatever else is wrong.
                Ok(place) => {
                    self.config.alertmanagers.flag = Some(Alertmanager::at(place));
                    self.config.alertmanagers.fault = None;
                }
                Err(what) => self.alertless("--alertmanager", &what),
            }
        }
        if let Some(keymap) = flags.keymap.clone() {
            let place = Place {
                name: "--keymap".to_owned(),
                file: String::new(),
                beside: None,
            };
            self.take(&place, "keymap", Given::Text(keymap));
        }
    }

    pub(super) fn loaded(self, file: Option<PathBuf>) -> Loaded {
        Loaded {
            config: self.config,
            file,
            problems: self.problems,
        }
    }

    fn take(&mut self, place: &Place<'_>, name: &str, value: Given) {
        let result = match name {
            "keymap" => self
                .keymap(place, value)
                .map(|keymap| self.config.keymap = keymap),
            "theme" => word(value, PALETTES).map(|palette| self.config.palette = palette),
            "ascii" => word(value, ASCII).map(|ascii| self.config.ascii = ascii),
            "mouse" => word(value, SWITCH).map(|switch| self.config.has_mouse = switch),
            "read-only" => word(value, SWITCH).map(|switch| self.config.is_read_only = switch),
            "protected" => patterns(value).map(|patterns| self.config.protected = patterns),
            "time-zone" => zone(value).map(|zone| self.config.zone = zone),
            "state-dir" => self
                .directory(value)
                .map(|path| self.config.state_dir = path),
            "log-level" => word(value, LEVELS).map(|level| self.config.log_level = level),
            "alertmanager" => {
                self.alertmanager(place, value);
                return;
            }
            "runbooks" => {
                self.runbooks(place, value);
                return;
            }
            unknown => {
                self.unknown(place, unknown);
                return;
            }
        };
        if let Err(what) = result {
            let consequence = self.guard(name);
            self.problem(&place.name, format!("{name}: {what}{consequence}"));
        }
    }

    fn unknown(&mut self, place: &Place<'_>, name: &str) {
        let near = nearest(name, NAMES);
        let hint = match near {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("there are {}", NAMES.join(", ")),
        };
        let consequence = near.map_or("", |near| self.guard(near));
        self.problem(
            &place.name,
            format!("unknown setting \"{name}\": {hint}{consequence}"),
        );
    }

    /// What a misunderstood setting means for safety.
    fn guard(&mut self, name: &str) -> &'static str {
        match name {
            "read-only" => {
                self.config.is_read_only = true;
                "; until then this console is read-only"
            }
            "protected" => {
                self.guard_everything();
                "; until then every scope starts read-only"
            }
            _ => "",
        }
    }

    fn guard_everything(&mut self) {
        self.config.protected = vec![EVERYTHING.to_owned()];
    }

    pub(super) fn problem(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.problems.push(Problem::new(place, what));
    }

    /// `default`, `vim`, `k9s`, a path, or a name in the folder `keymaps`.
    fn keymap(&self, place: &Place<'_>, value: Given) -> Result<Option<PathBuf>, String> {
        let name = text(value)?;
        if name == "default" {
            return Ok(None);
        }
        let is_path = name.contains('/') || Path::new(&name).extension().is_some();
        if is_path {
            return Ok(Some(self.beside(place, &name)));
        }
        let folder = self.inputs.directory.as_ref();
        let nowhere = PathBuf::new();
        let folder = folder
            .or_else(|| super::built_in(&name).map(|_| &nowhere))
            .ok_or("there is no home directory to look for it: give its path")?;
        Ok(Some(folder.join("keymaps").join(format!("{name}.toml"))))
    }

    /// A path; a relative one is relative to the file that names it.
    pub(super) fn beside(&self, place: &Place<'_>, name: &str) -> PathBuf {
        let path = self.expanded(name);
        match place.beside {
            Some(beside) if path.is_relative() => beside.join(path),
            _ => path,
        }
    }

    fn directory(&self, value: Given) -> Result<Option<PathBuf>, String> {
        let name = text(value)?;
        let path = self.expanded(&name);
        match name.as_str() {
            "default" => Ok(None),
            _ if path.is_absolute() => Ok(Some(path)),
            _ => Err(format!(
                "\"{name}\" depends on where you start from: write a path that begins with / or ~/"
            )),
        }
    }

    fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.inputs.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }
}
