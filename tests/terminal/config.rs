//! The configuration through its front door: what is read, what is stronger, and what is said about a mistake.

use std::path::PathBuf;

use kubernetes::alertmanager::Alertmanagers;
use runbook::UrlRewrite;
use watchfloor::config::{
    self, Ascii, Config, Flags, Inputs, Loaded, LogLevel, Palette, Runbooks, Zone,
};

/// A user with this file, these variables and these flags.
struct User {
    folder: tempfile::TempDir,
    inputs: Inputs,
}

impl User {
    fn new() -> User {
        let folder = tempfile::tempdir().unwrap();
        let inputs = Inputs {
            directory: Some(folder.path().to_owned()),
            home: Some(PathBuf::from("/home/kate")),
            ..Inputs::default()
        };
        User { folder, inputs }
    }

    fn with_file(text: &str) -> User {
        let user = User::new();
        std::fs::write(user.file(), text).unwrap();
        user
    }

    fn variable(mut self, name: &str, value: &str) -> User {
        self.inputs.variables.insert(name.into(), value.into());
        self
    }

    fn flags(mut self, flags: Flags) -> User {
        self.inputs.flags = flags;
        self
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn load(&self) -> Loaded {
        config::load(&self.inputs).unwrap()
    }

    /// The settings, when nothing is wrong with them.
    fn config(&self) -> Config {
        let loaded = self.load();
        assert_eq!(loaded.problems, []);
        loaded.config
    }

    /// The one thing that is wrong, less the folder's name.
    fn problem(&self) -> String {
        let problems = self.load().problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0]
            .to_string()
            .replace(&format!("{}/", self.folder.path().display()), "")
    }
}

#[test]
fn without_a_file_the_documented_defaults_hold() {
    let config = User::new().config();
    assert_eq!(config.keymap, None);
    assert_eq!(config.palette, Palette::Sixteen);
    assert_eq!(config.ascii, Ascii::Auto);
    assert!(!config.has_mouse && !config.is_read_only);
    assert_eq!(config.protected, model::settings::PROTECTED);
    assert_eq!(config.zone, Zone::Utc);
    assert_eq!(config.state_dir, None);
    assert_eq!(config.log_level, LogLevel::Info);
}

#[test]
fn the_documented_file_is_itself_a_right_file() {
    let loaded = User::with_file(config::DEFAULTS).load();
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded.config, User::new().config());
    assert!(loaded.file.is_some());
}

#[test]
fn every_setting_can_be_set_in_the_file() {
    let user = User::with_file(
        "keymap = 'keys/mine.toml'\ntheme = 'mono'\nascii = true\nread-only = true\nprotected = ['*eu*']\n\
         time-zone = '-05:30'\nstate-dir = '~/incidents'\nlog-level = 'debug'\nmouse = true\n\
         [runbooks]\nfolders = ['oncall', '~/runbooks', '/srv/x']\n\
         urls = [{ from = 'https://wiki.example/oncall/', to = 'docs' }, { from = 'http://w.example', to = '' }]\n",
    );
    let expected = Config {
        keymap: Some(user.folder.path().join("keys/mine.toml")),
        palette: Palette::Mono,
        ascii: Ascii::Always,
        has_mouse: true,
        is_read_only: true,
        protected: vec!["*eu*".to_owned()],
        zone: Zone::Offset { minutes: -330 },
        state_dir: Some("/home/kate/incidents".into()),
        log_level: LogLevel::Debug,
        alertmanagers: Alertmanagers::default(),
        runbooks: Runbooks {
            folders: vec![
                user.folder.path().join("oncall"),
                "/home/kate/runbooks".into(),
                "/srv/x".into(),
            ],
            urls: vec![
                rewrite("https://wiki.example/oncall/", "docs"),
                rewrite("http://w.example", ""),
            ],
        },
    };
    assert_eq!(user.config(), expected);
}

#[test]
fn the_environment_is_stronger_than_the_file_and_flags_are_stronger_still() {
    let file = "theme = 'mono'\nlog-level = 'error'\nread-only = true\nprotected = ['*']\n";
    let user = User::with_file(file)
        .variable("WATCHFLOOR_LOG_LEVEL", "warn")
        .variable("WATCHFLOOR_READ_ONLY", "false")
        .variable("WATCHFLOOR_PROTECTED", "*prod*, *eu*")
        .variable("WATCHFLOOR_THEME", "");
    let config = user.config();
    assert_eq!(config.palette, Palette::Mono);
    assert_eq!(config.log_level, LogLevel::Warn);
    assert!(!config.is_read_only);
    assert_eq!(config.protected, ["*prod*", "*eu*"]);

    let config = user
        .flags(Flags {
            read_only: true,
            ascii: true,
            log_level: Some(LogLevel::Trace),
            ..Flags::default()
        })
        .config();
    assert!(config.is_read_only);
    assert_eq!(config.ascii, Ascii::Always);
    assert_eq!(config.log_level, LogLevel::Trace);
}

#[test]
fn a_keymap_is_the_built_in_one_a_path_or_a_name() {
    let keymap = |value: &str| {
        let user = User::with_file(&format!("keymap = '{value}'"));
        let keymap = user.config().keymap;
        keymap.map(|path| match path.strip_prefix(user.folder.path()) {
            Ok(inside) => inside.to_owned(),
            Err(_) => path,
        })
    };
    assert_eq!(keymap("default"), None);
    assert_eq!(keymap("vim"), Some("keymaps/vim.toml".into()));
    assert_eq!(keymap("mine.toml"), Some("mine.toml".into()));
    assert_eq!(keymap("/etc/keys.toml"), Some("/etc/keys.toml".into()));
    assert_eq!(keymap("~/k.toml"), Some("/home/kate/k.toml".into()));
}

#[test]
fn a_keymap_that_is_not_there_is_said_with_the_way_back() {
    let user = User::with_file("keymap = 'emacs'");
    let error = config::keymap_overlay(&user.config()).unwrap_err();
    assert!(error.to_string().contains("keymaps/emacs.toml"), "{error}");
    assert!(error.to_string().contains("\"default\""), "{error}");
}

#[test]
fn each_mistake_names_file_line_and_the_nearest_right_word() {
    for (file, said) in [
        (
            "\ntheem = 'mono'",
            "config.toml:2: unknown setting \"theem\": did you mean \"theme\"?",
        ),
        (
            "timezone = 'UTC'",
            "config.toml:1: unknown setting \"timezone\": did you mean \"time-zone\"?",
        ),
        (
            "colour = 1",
            "config.toml:1: unknown setting \"colour\": there are keymap, theme",
        ),
        (
            "theme = 'momo'",
            "config.toml:1: theme: must be \"16\" or \"truecolor\" or \"safe\" or \"mono\", not \"momo\": did you mean \"mono\"?",
        ),
        (
            "theme = 16",
            "config.toml:1: theme: must be \"16\" or \"truecolor\" or \"safe\" or \"mono\", not a number without quotes",
        ),
        (
            "[theme]\nx = 1",
            "config.toml:1: theme: must be \"16\" or \"truecolor\" or \"safe\" or \"mono\", not a table",
        ),
        ("log-level = 'wran'", "did you mean \"warn\"?"),
        (
            "ascii = 'treu'",
            "must be \"auto\" or true or false, not \"treu\": did you mean \"true\"?",
        ),
        (
            "time-zone = 'Utc+2'",
            "must be \"UTC\", \"local\" or an offset such as \"+02:00\"",
        ),
        ("time-zone = '+2:00'", "an offset such as \"+02:00\""),
        ("time-zone = '+15:00'", "an offset such as \"+02:00\""),
        ("state-dir = 'here'", "begins with / or ~/"),
        ("keymap = ''", "config.toml:1: keymap: must not be empty"),
        ("theme = 'mono'\ntheme = '16'", "config.toml:2: "),
        ("\n\ntheme = ", "config.toml:3: "),
    ] {
        let problem = User::with_file(file).problem();
        assert!(problem.contains(said), "{file:?}: {problem}");
    }
}

#[test]
fn a_mistake_in_a_variable_names_the_variable() {
    let said = User::new().variable("WATCHFLOOR_THEME", "blue").problem();
    assert!(
        said.starts_with("WATCHFLOOR_THEME: theme: must be"),
        "{said}"
    );
    let said = User::new()
        .variable("WATCHFLOOR_REED_ONLY", "true")
        .problem();
    assert!(said.contains("did you mean \"read-only\"?"), "{said}");
    assert_eq!(
        User::new()
            .variable("WATCHFLOOR_KILL_ROUNDS", "9")
            .load()
            .problems,
        []
    );
}

#[test]
fn what_is_right_beside_a_mistake_still_holds() {
    let file = "theme = 'mono'\nlog-level = 3\nascii = true\n= broken\ntime-zone = 'local'\n";
    let loaded = User::with_file(file).load();
    assert_eq!(loaded.problems.len(), 2, "{:?}", loaded.problems);
    assert_eq!(loaded.config.palette, Palette::Mono);
    assert_eq!(loaded.config.ascii, Ascii::Always);
    assert_eq!(loaded.config.zone, Zone::Local);
}

#[test]
fn a_guard_that_cannot_be_understood_guards_everything() {
    for file in [
        "read-only = 'yes'",
        "read_only = true",
        "readonly = true",
        "read-only = yes",
    ] {
        let loaded = User::with_file(file).load();
        assert!(loaded.config.is_read_only, "{file}");
        assert!(loaded.problems[0].to_string().ends_with("read-only"));
    }
    for file in [
        "protected = '*prod*'",
        "protected = ['']",
        "protected = [1]",
        "protect = ['*eu*']",
        "theme = ",
    ] {
        let loaded = User::with_file(file).load();
        assert_eq!(loaded.config.protected, ["*"], "{file}");
        assert!(
            loaded.problems[0]
                .to_string()
                .ends_with("every scope starts read-only"),
            "{:?}",
            loaded.problems
        );
    }
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let user = User::new();
    let missing = user.folder.path().join("nowhere.toml");
    let named = User::new().flags(Flags {
        config: Some(missing.clone()),
        ..Flags::default()
    });
    let error = config::load(&named.inputs).unwrap_err().to_string();
    assert!(
        error.contains("nowhere.toml") && error.contains("cannot be read"),
        "{error}"
    );
    let named = User::new().variable("WATCHFLOOR_CONFIG", &missing.display().to_string());
    assert!(config::load(&named.inputs).is_err());
}

#[test]
fn the_usual_file_that_cannot_be_read_is_said_and_guards() {
    let user = User::new();
    std::fs::create_dir(user.file()).unwrap();
    let loaded = user.load();
    assert!(user.problem().contains("cannot be read"));
    assert_eq!(loaded.config.protected, ["*"]);
    let huge = User::with_file(&"# x\n".repeat(300_000));
    assert!(huge.problem().contains("larger than 1 MiB"));
    let binary = User::new();
    std::fs::write(binary.file(), [0xff, 0xfe, 0x00]).unwrap();
    assert!(binary.problem().contains("cannot be read"));
}

#[test]
fn a_mistake_is_quoted_without_its_control_characters() {
    let said = User::with_file("theme = \"mo\\u001b[2Jno\"").problem();
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

fn rewrite(from: &str, to: &str) -> UrlRewrite {
    UrlRewrite {
        from: from.into(),
        to: to.into(),
    }
}

#[test]
fn what_is_wrong_about_runbooks_is_said_with_its_line_and_the_rest_holds() {
    for (section, said) in [
        (
            "folders = 3",
            "config.toml:2: runbooks.folders: must be a list of paths",
        ),
        (
            "folders = ['']",
            "config.toml:2: runbooks.folders: holds an empty path",
        ),
        (
            "folder = ['x']",
            "config.toml:2: runbooks.folder: is unknown: did you mean \"folders\"?",
        ),
        (
            "urls = ['x']",
            "config.toml:2: runbooks.urls: must be a list such as [{ from =",
        ),
        (
            "urls = [{ from = 'docs.example', to = 'x' }]",
            "from must begin with https:// and a host, not \"docs.example\"; this rule is left out",
        ),
        (
            "urls = [{ from = 'https:///', to = 'x' }]",
            "from must begin with https:// and a host",
        ),
        (
            "urls = [{ from = 'https://a', to = '../x' }]",
            "to is a path below a folder",
        ),
        (
            "urls = [{ from = 'https://a', to = '/x' }]",
            "to is a path below a folder",
        ),
        ("urls = [{ from = 'https://a' }]", "to is missing"),
        ("urls = [{ to = 'a' }]", "from is missing"),
        (
            "[[runbooks.urls]]\nform = 'https://a'\nto = ''",
            "config.toml:2: runbooks.urls: form is unknown: did you mean \"from\"?",
        ),
    ] {
        let user = User::with_file(&format!("[runbooks]\n{section}\n"));
        let problem = user.problem();
        assert!(problem.contains(said), "{section}: {problem}");
        assert_eq!(
            user.load().config.runbooks,
            Runbooks::default(),
            "{section}"
        );
    }
    let user = User::with_file(
        "[[runbooks.urls]]\nfrom = 'nowhere'\nto = ''\n[[runbooks.urls]]\nfrom = 'https://a'\nto = 'b'\n",
    );
    assert_eq!(
        user.load().config.runbooks.urls,
        [rewrite("https://a", "b")]
    );
    assert!(
        user.problem().starts_with("config.toml:1: "),
        "{}",
        user.problem()
    );
    let by_variable = User::new().variable("WATCHFLOOR_RUNBOOKS", "~/oncall");
    assert_eq!(
        by_variable.config().runbooks.folders,
        [PathBuf::from("/home/kate/oncall")]
    );
    let alone = User::with_file("runbooks = ['a', '~/b']\n");
    assert_eq!(
        alone.config().runbooks.folders,
        [alone.folder.path().join("a"), "/home/kate/b".into()]
    );
}
