//! The documents against the house: links lead somewhere, and what they quote is what the program has.

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use keys::action::Action;
use keys::keymap::{Keymap, Place, written};
use regex::Regex;
use watchfloor::cli::Cli;
use watchfloor::config;

fn file(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between `<!-- NAME -->` and `<!-- end -->`.
fn part<'a>(document: &'a str, name: &str) -> &'a str {
    let begin = format!("<!-- {name} -->\n");
    let (_, rest) = document.split_once(&begin).expect(name);
    rest.split_once("<!-- end -->").expect(name).0.trim()
}

/// The README's table of one place: one row for each action that has a key there.
fn key_table(keymap: &Keymap, place: Place) -> String {
    let bindings = keymap.bindings(place);
    let mut table = String::from("| key | does |\n|---|---|\n");
    for action in Action::ALL {
        let chords: Vec<String> = bindings
            .iter()
            .filter(|(bound, _)| bound == action)
            .map(|(_, chord)| format!("`{}`", written(chord).replace('|', "\\|")))
            .collect();
        if !chords.is_empty() {
            let row = format!("| {} | {} |\n", chords.join(" "), action.description());
            table.push_str(&row);
        }
    }
    table.trim_end().to_owned()
}

#[test]
fn the_keys_in_the_readme_are_those_of_the_keymap() {
    let (readme, keymap) = (file("README.md"), Keymap::load(&[]).unwrap());
    for &place in Place::ALL {
        let right = key_table(&keymap, place);
        let name = format!("keys: {}", place.name());
        assert!(
            part(&readme, &name) == right,
            "README.md, {name}: it should be\n\n{right}\n"
        );
    }
}

/// The README's table of a keymap that is laid over the built-in one: the keys that mean something else there.
fn overlay_table(name: &str, text: &str) -> String {
    let keymap = Keymap::load(&[(name, text)]).unwrap();
    let default = Keymap::load(&[]).unwrap().bindings(Place::Global);
    let mut table = String::from("| key | does |\n|---|---|\n");
    for (action, chord) in keymap.bindings(Place::Global) {
        if !default.contains(&(action, chord.clone())) {
            let row = format!("| `{}` | {} |\n", written(&chord), action.description());
            table.push_str(&row);
        }
    }
    table.trim_end().to_owned()
}

#[test]
fn the_keys_of_other_hands_in_the_readme_are_those_of_their_keymaps() {
    let readme = file("README.md");
    for (name, text) in keys::keymap::BUILT_IN {
        let right = overlay_table(name, text);
        assert!(
            part(&readme, &format!("keymap: {name}")) == right,
            "README.md, keymap: {name}: it should be\n\n{right}\n"
        );
    }
}

#[test]
fn the_readme_shows_the_board_and_a_dialog() {
    let readme = file("README.md");
    let pictures = part(&readme, "picture");
    for name in ["assets/board.svg", "assets/rollback.svg"] {
        assert!(pictures.contains(name), "README.md does not show {name}");
        assert!(file(name).starts_with("<svg "), "{name} is no picture");
    }
}

#[test]
fn every_flag_and_command_is_in_the_readme_and_every_one_there_exists() {
    let readme = file("README.md");
    let (mut flags, mut commands) = (Vec::new(), Vec::new());
    collect(&Cli::command(), &mut flags, &mut commands);
    for name in flags
        .iter()
        .filter(|name| !matches!(name.as_str(), "help" | "version"))
    {
        assert!(
            readme.contains(&format!("--{name}")),
            "--{name} is not in README.md"
        );
    }
    for name in commands.iter().filter(|name| *name != "help") {
        assert!(
            readme.contains(&format!("watchfloor {name}")) || readme.contains(&format!(" {name} ")),
            "{name} is not in README.md"
        );
    }
    let flag_in_text = Regex::new(r"--([a-z][a-z-]+)").unwrap();
    for found in Regex::new(r"`[^`\n]*`|(?m)^(?:watchfloor|  watchfloor) .*$")
        .unwrap()
        .find_iter(&readme)
    {
        for flag in flag_in_text.captures_iter(found.as_str()) {
            let name = &flag[1];
            assert!(
                flags.iter().any(|known| known == name)
                    || found.as_str().contains("kubectl")
                    || found.as_str().contains("cargo"),
                "README.md names --{name}, which does not exist"
            );
        }
    }
}

fn collect(command: &clap::Command, flags: &mut Vec<String>, commands: &mut Vec<String>) {
    flags.extend(
        command
            .get_arguments()
            .filter_map(|arg| arg.get_long())
            .map(str::to_owned),
    );
    for inner in command.get_subcommands() {
        commands.push(inner.get_name().to_owned());
        collect(inner, flags, commands);
    }
}

#[test]
fn every_setting_is_in_the_readme() {
    let readme = file("README.md");
    let settings: toml::Table = config::DEFAULTS.parse().unwrap();
    for name in settings.keys() {
        assert!(
            readme.contains(&format!("`{name}`")),
            "{name} is not in README.md"
        );
    }
}

#[test]
fn every_link_leads_to_a_file_that_holds_what_the_link_says() {
    let link = Regex::new(r"\[(`?)([^\]`]+)`?\]\(([^)#]+)(?:#[^)]*)?\)").unwrap();
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        let text = file(document);
        let mut count = 0;
        for found in link.captures_iter(&text) {
            let (is_code, words, target) = (!found[1].is_empty(), &found[2], &found[3]);
            if target.starts_with("http") {
                continue;
            }
            count += 1;
            let path = root().join(target);
            assert!(path.exists(), "{document}: {target} is not there");
            if is_code && path.is_file() {
                let name = words.rsplit("::").next().unwrap().trim_end_matches("()");
                let holds = std::fs::read_to_string(&path).unwrap().contains(name)
                    || target.ends_with(name)
                    || target.split('/').any(|folder| folder == name);
                assert!(holds, "{document}: {target} does not hold {name}");
            }
        }
        assert!(count > 0, "{document} links to nothing");
    }
}

#[test]
fn the_architecture_names_every_part_of_the_house() {
    let text = file("ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let has_file = Path::new(&path).with_extension("rs").exists();
        if !path.is_dir() || !has_file {
            let name = if path.is_dir() {
                format!("src/{stem}/")
            } else {
                format!("src/{stem}.rs")
            };
            assert!(text.contains(&name), "{name} is not in ARCHITECTURE.md");
        }
    }
}

#[test]
fn the_two_commands_come_first() {
    let readme = file("README.md");
    let first = readme.split("```").nth(1).unwrap();
    assert!(first.contains("\ncargo run --release -- demo"));
    assert!(first.contains("\ncargo test"));
}
