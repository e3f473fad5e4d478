//! Prints what is understood of the Markdown files below folders: `cargo run --example understood -- FOLDER.. [--steps]`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program for the shell"
)]

use std::path::{Path, PathBuf};

use runbook::{Tally, parse};
use text::SafeText;

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<_> = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for entry in entries {
            files(&entry, found);
        }
    } else if path.extension().is_some_and(|extension| extension == "md") {
        found.push(path.to_owned());
    }
}

fn main() {
    let mut found = Vec::new();
    let mut shows_steps = false;
    for argument in std::env::args().skip(1) {
        if argument == "--steps" {
            shows_steps = true;
        } else {
            files(Path::new(&argument), &mut found);
        }
    }
    let mut tally = Tally::default();
    for file in &found {
        let runbook = parse(&std::fs::read(file).unwrap());
        tally.add(&runbook);
        for problem in &runbook.problems {
            println!(
                "{}:{}: {}",
                file.display(),
                problem.lines.first,
                problem.fault
            );
        }
        for step in runbook.steps.iter().filter(|_| shows_steps) {
            let line = step.text.raw().lines().collect::<Vec<_>>().join(" ⏎ ");
            println!(
                "{}:{} {:?} {} {:?} {}",
                file.display(),
                step.lines.first,
                step.class,
                step.risk.word(),
                step.runner(),
                SafeText::whole(&line)
            );
            for command in step.commands() {
                println!("    = {}", SafeText::whole(&command.words()));
            }
            if let Some(reason) = step.reason() {
                println!("    ! {}", SafeText::whole(&reason));
            }
            for placeholder in &step.placeholders {
                println!(
                    "    ? {} {:?} {:?}",
                    placeholder.written.shown(),
                    placeholder.kind,
                    placeholder.style
                );
            }
        }
    }
    print(&tally);
}

fn print(tally: &Tally) {
    println!(
        "{} documents, {} steps, {} with placeholders, {} bound",
        tally.documents, tally.steps, tally.with_placeholders, tally.bound
    );
    println!(
        "{} of {} lines of kubectl, docker, compose and http are native",
        tally.native_of_known, tally.known_programs
    );
    for (class, count) in &tally.by_class {
        println!("{count:>6} {class:?}");
    }
    for (runner, count) in &tally.by_runner {
        println!("{count:>6} by {runner:?}");
    }
    let mut reasons: Vec<_> = tally.reasons.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (reason, count) in reasons {
        println!("{count:>6} since {}", SafeText::whole(reason));
    }
}
