//! What the user set: built-in defaults, then the file, then the environment, then flags; each stronger than those before.
//!
//! A fault never stops the console and never loosens a guard: a setting that guards writes and cannot be understood guards
//! everything.

mod file;
mod runbooks;
mod section;
mod setting;
mod typed;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use text::Outside;

use keys::keymap;
use kubernetes::alertmanager::Alertmanagers;
pub use runbooks::Runbooks;
pub use value::{Ascii, LogLevel, Palette, Zone};

/// The built-in defaults: the documented file itself.
pub const DEFAULTS: &str = include_str!("../assets/config.toml");

/// What a variable's name begins with.
pub const PREFIX: &str = "WATCHFLOOR_";

/// Names the file, like `--config`.
const CONFIG_VARIABLE: &str = "WATCHFLOOR_CONFIG";

/// Far above any file written by hand; somebody's disk image is not read into memory.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The keymap file laid over the built-in one; `None` for the built-in one alone.
    pub keymap: Option<PathBuf>,
    /// Colours.
    pub palette: Palette,
    /// ASCII alone.
    pub ascii: Ascii,
    /// Clicks and the wheel are taken from the terminal.
    pub has_mouse: bool,
    /// Nothing but reads.
    pub is_read_only: bool,
    /// Name patterns of scopes that start read-only.
    pub protected: Vec<String>,
    /// The displayed zone.
    pub zone: Zone,
    /// `None` for the system's own place.
    pub state_dir: Option<PathBuf>,
    /// How much is logged.
    pub log_level: LogLevel,
    /// Who is asked for alerts.
    pub alertmanagers: Alertmanagers,
    /// Where runbooks are looked for.
    pub runbooks: Runbooks,
}

/// What the flags say; a flag that was not given says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--keymap`.
    pub keymap: Option<String>,
    /// `--read-only`.
    pub read_only: bool,
    /// `--no-color`.
    pub no_color: bool,
    /// `--ascii`.
    pub ascii: bool,
    /// `--log-level`.
    pub log_level: Option<LogLevel>,
    /// `--alertmanager`.
    pub alertmanager: Option<String>,
}

/// Where settings come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// `$XDG_CONFIG_HOME/watchfloor`; `None` without a home.
    pub directory: Option<PathBuf>,
    /// The user's home, for `~/`.
    pub home: Option<PathBuf>,
    /// The command line.
    pub flags: Flags,
}

/// The settings, and what could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The settings that hold.
    pub config: Config,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// What is wrong, in the order in which it was read.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong with the configuration: where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `config.toml:3`, `WATCHFLOOR_THEME`, `--keymap`.
    pub place: Outside,
    /// In words; may quote the file.
    pub what: Outside,
}

impl Problem {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Problem {
        Problem {
            place: Outside::new(place.into()),
            what: Outside::new(what.into()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, what) = (self.place.shown(), self.what.shown());
        write!(f, "{}: {}", place.as_str(), what.as_str())
    }
}

impl std::error::Error for Problem {}

impl Inputs {
    /// This process's.
    pub fn of_process(flags: Flags) -> Inputs {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        let project = directories::ProjectDirs::from("", "", "watchfloor");
        Inputs {
            variables: std::env::vars_os()
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
            directory: project.map(|project| project.config_dir().to_owned()),
            home: directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            flags,
        }
    }

    /// The file to read, and whether it was asked for by name.
    fn file(&self) -> Option<(PathBuf, bool)> {
        let named = self.variables.get(CONFIG_VARIABLE).map(PathBuf::from);
        let named = self.flags.config.clone().or(named);
        match named.filter(|path| !path.as_os_str().is_empty()) {
            Some(path) => Some((path, true)),
            None => Some((self.directory.as_ref()?.join("config.toml"), false)),
        }
    }
}

/// Reads all of it. Fails only when a file that was asked for by name cannot be read.
pub fn load(inputs: &Inputs) -> Result<Loaded, Problem> {
    let mut reader = setting::Reader::new(inputs);
    reader.file("assets/config.toml", DEFAULTS, None);
    let mut file = None;
    if let Some((path, is_named)) = inputs.file() {
        let shown = path.display().to_string();
        match read(&path) {
            Ok(text) => {
                reader.file(&shown, &text, path.parent());
                file = Some(path);
            }
            Err(error) if is_named => {
                return Err(Problem::new(
                    shown,
                    format!("cannot be read: {error}; name another file, or leave --config out"),
                ));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => reader.unreadable(&shown, &error.to_string()),
        }
    }
    reader.environment();
    reader.flags();
    Ok(reader.loaded(file))
}

fn built_in(name: &str) -> Option<&'static str> {
    let known = keymap::BUILT_IN.iter().find(|(known, _)| *known == name);
    known.map(|(_, text)| *text)
}

/// The text of the keymap file laid over the built-in one, with its name.
pub fn keymap_overlay(config: &Config) -> Result<Option<(String, String)>, Problem> {
    let Some(path) = &config.keymap else {
        return Ok(None);
    };
    let name = path.display().to_string();
    match read(path) {
        Ok(text) => Ok(Some((name, text))),
        Err(error) => {
            let is_missing = error.kind() == std::io::ErrorKind::NotFound;
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            match stem.and_then(built_in).filter(|_| is_missing) {
                Some(text) => Ok(Some((name, text.to_owned()))),
                None => Err(Problem::new(
                    name,
                    format!(
                        "the keymap cannot be read: {error}; \"default\", \"vim\" and \"k9s\" are built in"
                    ),
                )),
            }
        }
    }
}

/// A small text file.
fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    let count = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if count as u64 > FILE_BYTES_MAX {
        return Err(std::io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}
