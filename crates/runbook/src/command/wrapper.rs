//! Programs that only run another: `sudo`, `watch`, `time`, `timeout`, `env`, `nohup`.

use crate::argument::{Argument, ArgumentPiece};
use crate::flags::parse;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrapper {
    AsUser {
        user: Option<Argument>,
    },
    /// Again and again.
    Watched {
        interval_seconds: Option<Argument>,
    },
    Timed,
    TimeLimit(Argument),
    /// `nohup`, `nice`, `exec` and others that change nothing for the console.
    Other(String),
}

impl Wrapper {
    pub(super) fn words(&self) -> String {
        match self {
            Wrapper::AsUser { user: None } => "as root".into(),
            Wrapper::AsUser { user: Some(user) } => format!("as {}", user.written()),
            Wrapper::Watched {
                interval_seconds: None,
            } => "again and again".into(),
            Wrapper::Watched {
                interval_seconds: Some(seconds),
            } => format!("every {} s", seconds.written()),
            Wrapper::Timed => "timed".into(),
            Wrapper::TimeLimit(limit) => format!("at most {}", limit.written()),
            Wrapper::Other(program) => format!("by {program}"),
        }
    }
}

/// Wrappers in each other that are taken off: more is no line of a document.
const WRAPPERS_MAX: usize = 6;

/// Takes the wrappers off.
pub(super) fn strip(mut words: Vec<Argument>) -> (Vec<Wrapper>, Vec<Argument>) {
    let mut wrappers = Vec::new();
    while wrappers.len() < WRAPPERS_MAX {
        let Some((wrapper, rest)) = one(&words) else {
            break;
        };
        wrappers.push(wrapper);
        words = rest;
    }
    (wrappers, words)
}

fn one(words: &[Argument]) -> Option<(Wrapper, Vec<Argument>)> {
    let program = words.first()?.text()?;
    let name = program.rsplit('/').next().unwrap_or(program);
    let known = match name {
        "sudo" | "doas" => {
            "i/login s/shell E/preserve-env? H/set-home n/non-interactive S/stdin k u/user= g/group= b/background A/askpass preserve-env?"
        }
        "watch" => {
            "n/interval= d/differences? t/no-title b/beep e/errexit c/color x/exec g/chgexit p/precise w/no-wrap"
        }
        "time" => "p v/verbose f/format= o/output=",
        "timeout" => "s/signal= k/kill-after= preserve-status foreground v/verbose",
        "nohup" | "command" | "builtin" | "setsid" => "",
        "nice" => "n/adjustment=",
        "ionice" => "c/class= n/classdata= t",
        "stdbuf" => "i/input= o/output= e/error=",
        "env" => "i/ignore-environment u/unset= S/split-string=",
        _ => return None,
    };
    let flags = parse(&words[1..], &[known], Some(1));
    if flags.unknown.is_some() {
        return None;
    }
    let mut rest = flags.words.clone();
    rest.extend(flags.rest.clone().unwrap_or_default());
    if rest.is_empty() {
        return None;
    }
    let wrapper = match name {
        "sudo" | "doas" => Wrapper::AsUser {
            user: flags.value("user").cloned(),
        },
        "watch" => {
            if let [whole] = rest.as_slice() {
                rest = split(whole);
            }
            Wrapper::Watched {
                interval_seconds: flags.value("interval").cloned(),
            }
        }
        "time" => Wrapper::Timed,
        "timeout" => Wrapper::TimeLimit(rest.remove(0)),
        "env" => {
            let assigned = rest
                .iter()
                .take_while(|word| word.split_once('=').is_some())
                .count();
            rest.drain(..assigned);
            Wrapper::Other("env".into())
        }
        other => Wrapper::Other(other.to_owned()),
    };
    (!rest.is_empty()).then_some((wrapper, rest))
}

/// `watch "kubectl get pods"`: the words of one quoted text, when no quotes stand in it.
fn split(whole: &Argument) -> Vec<Argument> {
    let mut words = vec![Argument::default()];
    for piece in whole.pieces() {
        let ArgumentPiece::Text(text) = piece else {
            if let Some(last) = words.last_mut() {
                last.push(piece.clone());
            }
            continue;
        };
        if text.contains(['\'', '"', '|', ';', '&', '\\']) {
            return vec![whole.clone()];
        }
        for (at, part) in text.split(' ').enumerate() {
            if at > 0 {
                words.push(Argument::default());
            }
            if let Some(last) = words.last_mut() {
                last.push(ArgumentPiece::Text(part.to_owned()));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
