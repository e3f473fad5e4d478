//! The commands that answer on standard output and end: export, note, timeline, verify, doctor, keys,
//! completions, man.

use std::fmt::Write as _;
use std::io::{Read, Write};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::CommandFactory;

use crate::cli::{
    Cli, Completions, Doctor, Export, ExportFormat, General, Keys, Man, Moment, Note, Range,
    Timeline, TimelineFormat,
};
use crate::config::{Config, Loaded, Zone};
use crate::doctor::{self, Examination};
use crate::start;
use journal::command::{self, Failure, Format, Part, Printout, Writer};
use journal::store::directory::StateDir;
use keys::action::Action;
use keys::keymap::{Keymap, Place, written};
use kubernetes::clock::Clock;
use text::Outside;

/// What completions and the manual page call it.
const PROGRAM: &str = "watchfloor";

/// A note from standard input is cut here; longer text belongs into a file.
const NOTE_BYTES_MAX: u64 = 1 << 20;

/// The settings for a command that opens no console; what is wrong with them is told and does not stop it.
pub(crate) fn settings(general: &General) -> anyhow::Result<Loaded> {
    let loaded = start::settings(general, None)?;
    for problem in &loaded.problems {
        eprintln!("watchfloor: {}", Outside::from(problem.to_string()).shown());
    }
    Ok(loaded)
}

fn timeline_dir(general: &General) -> anyhow::Result<(StateDir, Config)> {
    let config = settings(general)?.config;
    let dir = start::state_dir(&config, false).map_err(Failure::from)?;
    Ok((dir, config))
}

/// `watchfloor export`.
pub fn export(general: &General, export: &Export) -> anyhow::Result<u8> {
    let (dir, config) = timeline_dir(general)?;
    let now = Utc::now();
    let part = Part {
        incident: export.incident.clone(),
        ..part(&export.range, now, config.zone)?
    };
    let format = match export.format {
        ExportFormat::Markdown => Format::Markdown,
        ExportFormat::Json => Format::Json,
        ExportFormat::Csv => Format::Csv,
    };
    print_all(&command::export(&dir, &part, format, now)?)
}

/// `watchfloor timeline`.
pub fn timeline(general: &General, timeline: &Timeline) -> anyhow::Result<u8> {
    let (dir, config) = timeline_dir(general)?;
    let now = Utc::now();
    let format = match timeline.format {
        TimelineFormat::Text => Format::Text,
        TimelineFormat::Markdown => Format::Markdown,
        TimelineFormat::Json => Format::Json,
    };
    print_all(&command::timeline(
        &dir,
        &part(&timeline.range, now, config.zone)?,
        format,
        now,
    )?)
}

/// `watchfloor note`.
pub fn note(general: &General, note: &Note) -> anyhow::Result<u8> {
    let (dir, config) = timeline_dir(general)?;
    let mut text = note.text.join(" ");
    let mut cut = None;
    if text == "-" {
        (text, cut) = note_of(std::io::stdin().lock())?;
    }
    let writer = Writer {
        identity: start::identity(),
        actor: start::person(),
        seed: fastrand::u64(..),
    };
    let mut saved = command::note(
        &dir,
        &text,
        note.severity.as_deref(),
        &writer,
        Utc::now().with_timezone(&start::offset(config.zone)),
    )?;
    saved.warnings.extend(cut);
    print_all(&saved)
}

/// A note from outside, and what to say when it was longer than a note may be.
fn note_of(input: impl Read) -> anyhow::Result<(String, Option<String>)> {
    let mut bytes = Vec::new();
    input
        .take(NOTE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .context("read the note from standard input")?;
    let is_cut = u64::try_from(bytes.len()).is_ok_and(|read| read > NOTE_BYTES_MAX);
    if is_cut {
        bytes.pop();
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // A character that the bound cuts in two.
        Err(error) if is_cut && error.utf8_error().error_len().is_none() => {
            let whole = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(whole);
            String::from_utf8(bytes)?
        }
        Err(error) => return Err(error).context("the note on standard input is not UTF-8"),
    };
    let cut = is_cut.then(|| {
        let kept = text.len();
        format!(
            "the note was cut to its first {kept} bytes; the rest was not read: keep it in a file"
        )
    });
    Ok((text, cut))
}

/// `watchfloor verify`.
pub fn verify(general: &General) -> anyhow::Result<u8> {
    let (dir, _) = timeline_dir(general)?;
    print(&command::verify(&dir)?)
}

/// `watchfloor doctor`.
pub async fn doctor(general: &General, doctor: &Doctor, clock: Clock) -> anyhow::Result<u8> {
    let loaded = start::settings(general, Some(&doctor.console))?;
    let connect = start::connect(&doctor.access, &loaded.config, clock);
    let is_chosen = doctor.console.all_namespaces || doctor.console.namespace.is_some();
    let scope = is_chosen.then(|| start::scope(&doctor.console, None));
    let state_dir = loaded.config.state_dir.clone();
    let findings = doctor::examine(&Examination {
        connect,
        scope,
        loaded,
        state_dir,
    })
    .await;
    print(&doctor::report(&findings))?;
    Ok(u8::from(!doctor::is_fit(&findings)))
}

/// `watchfloor keys`.
pub fn keys(general: &General, keys: &Keys) -> anyhow::Result<u8> {
    let console = crate::cli::Console {
        keymap: keys.keymap.clone(),
        ..Default::default()
    };
    let loaded = start::settings(general, Some(&console))?;
    let overlay = crate::config::keymap_overlay(&loaded.config)?;
    let overlay = overlay
        .as_ref()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let keymap = Keymap::load(overlay.as_slice())?;
    print(&table(&keymap))
}

/// `watchfloor completions`.
pub fn completions(completions: &Completions) -> anyhow::Result<u8> {
    let mut text = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), PROGRAM, &mut text);
    print(&String::from_utf8(text).context("completions are text")?)
}

/// `watchfloor man`: the page of the program, or that of one of its commands.
pub fn man(man: &Man) -> anyhow::Result<u8> {
    let mut program = Cli::command();
    program.build();
    let page = match &man.command {
        None => clap_mangen::Man::new(program),
        Some(name) => {
            clap_mangen::Man::new(named(&program, name)?.clone()).title(format!("{PROGRAM}-{name}"))
        }
    };
    let mut text = Vec::new();
    page.render(&mut text)?;
    print(&String::from_utf8(text).context("the manual page is text")?)
}

fn named<'a>(program: &'a clap::Command, name: &str) -> Result<&'a clap::Command, Failure> {
    program.find_subcommand(name).ok_or_else(|| {
        let names = program.get_subcommands().map(clap::Command::get_name);
        let names: Vec<&str> = names.collect();
        Failure {
            words: format!(
                "no command is called {name:?}: there are {}",
                names.join(", ")
            ),
            code: command::MISUSED,
        }
    })
}

/// Every action with its keys, a section for each place.
fn table(keymap: &Keymap) -> String {
    let mut text = String::new();
    for &place in Place::ALL {
        let bindings = keymap.bindings(place);
        let _ = writeln!(text, "[{}]", place.name());
        for action in Action::ALL {
            let chords = bindings
                .iter()
                .filter(|(bound, _)| bound == action)
                .map(|(_, chord)| written(chord));
            let chords: Vec<String> = chords.collect();
            if !chords.is_empty() {
                let _ = writeln!(
                    text,
                    "{:24} {:18} {}",
                    chords.join(", "),
                    action.name(),
                    action.description()
                );
            }
        }
        text.push('\n');
    }
    text
}

fn part(range: &Range, now: DateTime<Utc>, zone: Zone) -> anyhow::Result<Part> {
    let offset = start::offset(zone);
    let resolve = |moment: Option<Moment>| {
        moment
            .map(|moment| {
                moment
                    .resolve(now, offset)
                    .context("this moment does not exist in the displayed zone")
            })
            .transpose()
    };
    Ok(Part {
        incident: None,
        since: resolve(range.since)?,
        until: resolve(range.until)?,
    })
}

/// Prints to standard output, and what is to be known beside it to standard error.
fn print_all(printout: &Printout) -> anyhow::Result<u8> {
    let code = print(&printout.text)?;
    for warning in &printout.warnings {
        eprintln!("watchfloor: {warning}");
    }
    Ok(if printout.warnings.is_empty() {
        code
    } else {
        command::FAILED
    })
}

/// Prints to standard output; a reader that went away (`| head`) is no failure.
///
/// # Errors
/// It cannot be written to.
pub fn print(text: &str) -> anyhow::Result<u8> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("write to standard output")
        }
        Ok(()) | Err(_) => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_note_of_a_megabyte_is_whole_and_what_is_cut_of_a_longer_one_is_said() {
        let limit = usize::try_from(NOTE_BYTES_MAX).unwrap();
        let whole = "x".repeat(limit);
        assert_eq!(note_of(whole.as_bytes()).unwrap(), (whole, None));
        let longer = "é".repeat(limit / 2 + 1);
        let (text, cut) = note_of(longer.as_bytes()).unwrap();
        assert_eq!(text.len(), limit);
        assert!(cut.unwrap().contains("cut to its first 1048576 bytes"));
        let (text, _) = note_of(format!("x{longer}").as_bytes()).unwrap();
        assert_eq!(text.len(), limit - 1, "no half of a character");
        assert!(note_of(&b"\xff"[..]).is_err());
    }
}
