//! A console is recorded as the loop does it: what the file holds, what a replay makes of it, and what ends a recording.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::console::START;
use harness::{fixtures, logging};
use keys::key::Key;
use model::Model;
use model::cluster::Scope;
use model::detail::{Detail, DetailRow};
use model::entry::Actor;
use model::kind::ActorKind;
use model::logs::OpenSegment;
use model::message::{ClusterMsg, Input, LogsMsg, Msg, ReadAnswer, TableChange, WatchChange};
use model::settings::Settings;
use model::templates::Template;
use model::time::At;
use model::workload::revisions::History;
use model::yaml::Document;
use runtime::recording::{BYTES_MAX, FORMAT, Start};
use runtime::replay::{Problem, Replayed, replay};
use runtime::{Recorder, Say, create};
use serde_json::{Value, json};
use view::theme::Theme;

/// Only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A console that is recorded.
struct Console {
    model: Model,
    at: At,
    recorder: Recorder,
    said: Receiver<Msg>,
    folder: tempfile::TempDir,
}

fn start() -> Start {
    Start {
        watchfloor: "0.1.0".to_owned(),
        format: FORMAT,
        at: At {
            mono_ms: 1_000,
            wall: START.parse().unwrap(),
        },
        settings: Settings::default(),
        keymap: None,
        theme: Theme::default(),
        context: "staging-eu".into(),
        contexts: Vec::new(),
        scope: Scope::Namespace("shop".into()),
        size: (80, 24),
        person: Actor::of(ActorKind::Human),
        seed: 7,
    }
}

impl Console {
    fn new() -> Console {
        Console::bounded(BYTES_MAX)
    }

    fn bounded(bytes_max: u64) -> Console {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording");
        let file = create(&path).unwrap();
        Console::into_file(file, folder, bytes_max)
    }

    fn into_file(file: File, folder: tempfile::TempDir, bytes_max: u64) -> Console {
        let path = folder.path().join("recording");
        let (say, said) = mpsc::channel();
        let say = Mutex::new(say);
        let say: Say = Arc::new(move |msg| drop(say.lock().unwrap().send(msg)));
        let mut console = Console {
            model: start().model(),
            at: start().at,
            recorder: Recorder::bounded(file, path, start(), say, bytes_max).unwrap(),
            said,
            folder,
        };
        console.take(Msg::Input(Input::Resize {
            columns: 80,
            rows: 24,
        }));
        console
    }

    fn take(&mut self, msg: Msg) {
        self.at = self.at.plus_ms(20);
        self.recorder.before(&self.model);
        drop(update::update(&mut self.model, self.at, msg.clone()));
        self.recorder.message(self.at, msg, &self.model);
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.take(Msg::Input(Input::Key { key, alone: true }));
        }
    }

    fn types(&mut self, text: &str) {
        for character in text.chars() {
            let key = Key::char(character);
            self.take(Msg::Input(Input::Key { key, alone: false }));
        }
    }

    fn cluster(&mut self, msg: ClusterMsg) {
        self.take(Msg::Cluster(msg));
    }

    fn pods(&mut self) {
        for change in [
            WatchChange::Begin { generation: 1 },
            WatchChange::Batch {
                rows: fixtures::outage(),
                gone: Vec::new(),
                unreadable: Vec::new(),
            },
            WatchChange::Synced { generation: 1 },
        ] {
            self.cluster(ClusterMsg::Table {
                epoch: 0,
                change: TableChange::Pods(change),
            });
        }
    }

    /// What is on the screen.
    fn draw(&mut self) -> String {
        self.recorder.frame();
        let (columns, rows) = self.model.screen.size;
        let area = ratatui::layout::Rect::new(0, 0, columns, rows);
        let mut buffer = ratatui::buffer::Buffer::empty(area);
        view::draw(&self.model, &Theme::default(), &mut buffer);
        harness::console::text(&buffer) + "\n"
    }

    /// Ends; the text of the file.
    fn recorded(self) -> String {
        assert!(self.recorder.close(PATIENCE));
        fs::read_to_string(self.folder.path().join("recording")).unwrap()
    }

    fn failure(&self) -> String {
        match self.said.recv_timeout(PATIENCE).unwrap() {
            Msg::Input(Input::Failed(words)) => words.raw().to_owned(),
            other => panic!("{other:?}"),
        }
    }
}

/// What a recording comes to, and its frames.
fn replayed(text: &str) -> (Replayed, Vec<String>) {
    let mut frames = Vec::new();
    let replayed = replay(text.as_bytes(), |frame| frames.push(frame.text())).unwrap();
    (replayed, frames)
}

/// An outage that somebody looks at.
fn outage() -> (String, Vec<String>) {
    let mut console = Console::new();
    let mut drawn = vec![console.draw()];
    console.pods();
    drawn.push(console.draw());
    console.press("j enter");
    drawn.push(console.draw());
    console.press("esc m");
    console.types("コンテナ crashes, 1.9.2 is bad");
    drawn.push(console.draw());
    console.press("ctrl-s");
    drawn.push(console.draw());
    (console.recorded(), drawn)
}

#[test]
fn a_replay_draws_what_was_drawn() {
    let (text, drawn) = outage();
    let (replayed, frames) = replayed(&text);
    assert_eq!(replayed.difference, None);
    assert_eq!((replayed.cut, &replayed.stopped), (None, &None));
    assert_eq!(replayed.frames, 5);
    // The test's own picture keeps the cell that a wide character covers.
    let narrow = |text: &String| text.replace(' ', "");
    assert_eq!(
        frames.iter().map(narrow).collect::<Vec<_>>(),
        drawn.iter().map(narrow).collect::<Vec<_>>()
    );
    assert!(frames[3].contains("コンテナ crashes"), "{}", frames[3]);
    assert!(text.contains(r#""Save""#), "the note was saved");
}

#[test]
fn an_effect_that_changed_is_found_and_named() {
    let (text, _) = outage();
    let line = 1 + text
        .lines()
        .position(|line| line.contains(r#""Save""#))
        .unwrap();
    let changed = text.replace("is bad\",\"visibility", "was bad\",\"visibility");
    assert!(changed != text);
    let difference = replayed(&changed).0.difference.unwrap();
    assert_eq!((difference.line, difference.effect), (line as u64, 1));
    let title = |effect: Option<Value>| effect.unwrap()["Store"]["Save"]["draft"]["title"].clone();
    assert_eq!(
        title(difference.expected),
        "コンテナ crashes, 1.9.2 was bad"
    );
    assert_eq!(title(difference.found), "コンテナ crashes, 1.9.2 is bad");
}

#[test]
fn a_line_that_was_not_written_to_its_end_is_said() {
    let (text, drawn) = outage();
    let end = text.trim_end().rfind('\n').unwrap() + 10;
    let (cut, frames) = replayed(&text[..end]);
    assert_eq!(cut.cut, Some(text.lines().count() as u64));
    assert_eq!((cut.difference, frames.len()), (None, drawn.len() - 1));
    let broken = text.replacen("{\"message\"", "{\"massage\"", 1);
    let problem = replay(broken.as_bytes(), |_| {}).unwrap_err().to_string();
    assert!(problem.contains("line 2"), "{problem}");
}

#[test]
fn what_is_no_recording_is_refused_in_words() {
    let (text, _) = outage();
    for other in [
        "",
        "\n",
        "apiVersion: v1\n",
        "{\"kind\":\"Config\"}\n",
        "[1]\n",
    ] {
        let problem = replay(other.as_bytes(), |_| {}).unwrap_err();
        assert!(
            matches!(problem, Problem::NoRecording),
            "{other:?}: {problem}"
        );
    }
    let newer = text.replacen(&format!("\"format\":{FORMAT}"), "\"format\":9", 1);
    let problem = replay(newer.as_bytes(), |_| {}).unwrap_err().to_string();
    assert!(
        problem.contains("format 9 by watchfloor 0.1.0"),
        "{problem}"
    );
    let huge = text.replacen("\"columns\":80", "\"columns\":60000", 1);
    let problem = replay(huge.as_bytes(), |_| {}).unwrap_err().to_string();
    assert!(problem.contains("60000x24"), "{problem}");
}

fn secret_env() -> History {
    let template = json!({"spec": {"containers": [{
        "name": "app",
        "image": "shop:1.9.2",
        "env": [{"name": "DB_PASSWORD", "value": "of-the-env"}, {"name": "MODE", "value": "live"}],
    }]}});
    History {
        template: Template::of(&template),
        is_paused: false,
        annotations: Box::new([]),
        revisions: Vec::new(),
    }
}

#[test]
fn a_recording_holds_no_secret() {
    let mut console = Console::new();
    console.pods();
    console.cluster(ClusterMsg::Read {
        epoch: 0,
        answer: ReadAnswer::History("checkout".into(), Ok(Box::new(secret_env()))),
    });
    let document = Document {
        text: "env:\n- name: API_TOKEN\n  value: of-the-yaml\n- name: MODE\n  value: live\n".into(),
        left_out: Vec::new(),
    };
    console.cluster(ClusterMsg::Read {
        epoch: 0,
        answer: ReadAnswer::Yaml("checkout".into(), Ok(Box::new(document))),
    });
    let pod = fixtures::pod("checkout-7d9f-x2k");
    let detail = Detail {
        labels: Box::new([("app".into(), "checkout".into())]),
        annotations: Box::new([("vault/auth-token".into(), "of-the-annotation".into())]),
        finalizers: Box::new([]),
        conditions: Box::new([]),
        row: DetailRow::Pod(Box::new(pod)),
    };
    let change = WatchChange::Batch {
        rows: vec![detail],
        gone: Vec::new(),
        unreadable: Vec::new(),
    };
    console.cluster(ClusterMsg::Table {
        epoch: 0,
        change: TableChange::Detail("checkout-7d9f-x2k".into(), change),
    });
    let mut filling = OpenSegment::default();
    for line in [
        "GET /cart Authorization: Bearer of-the-log-line.abc 200",
        "-----BEGIN PRIVATE KEY-----",
        "b2YtdGhlLXBlbQ==",
        "-----END PRIVATE KEY-----",
        "upstream is well",
    ] {
        filling.line(logging::nanos(0), line.as_bytes(), 0);
    }
    console.take(Msg::Logs(LogsMsg::Lines {
        session: 0,
        segment: Arc::new(filling.seal(&Arc::new(logging::stream("checkout-7d9f-x2k")))),
    }));
    console.take(Msg::Input(Input::Failed(
        "https://kate:of-the-url@10.0.0.1:6443 refused".into(),
    )));
    console.press("m");
    console.take(Msg::Input(Input::Paste(
        "postgres://app:of-the-paste@db is where it hangs ".into(),
    )));
    console.types("password=typed-one is wrong token=typed-two");
    console.press(&"backspace ".repeat(9));
    console.types("gone --db-password ");
    console.take(Msg::Input(Input::Paste("pasted-alone".into())));
    console.draw();
    console.press("ctrl-s");
    console.draw();
    let text = console.recorded();

    let keys: String = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| {
            line["message"]["msg"]["Input"]["Key"]["key"]
                .as_str()
                .map(str::to_owned)
        })
        .map(|key| if key == "space" { " ".to_owned() } else { key })
        .collect();
    for secret in [
        "of-the-env",
        "of-the-yaml",
        "of-the-annotation",
        "of-the-log-line",
        "b2YtdGhlLXBlbQ",
        "of-the-url",
        "of-the-paste",
        "typed-one",
        "typed-two",
        "pasted-alone",
    ] {
        assert!(!text.contains(secret), "{secret} is in the file");
        assert!(!keys.contains(secret), "{secret} was typed: {keys}");
    }
    for kept in [
        "is where it hangs",
        "upstream is well",
        "shop:1.9.2",
        "live",
        "200",
    ] {
        assert!(text.contains(kept), "{kept} is not in the file");
    }
    assert!(
        keys.contains("password=xxxxxxxxx is wrong token=xxxxxxxxx"),
        "{keys}"
    );
    let (replayed, frames) = replayed(&text);
    assert_eq!(replayed.difference, None);
    assert!(
        frames[0].contains("postgres://app:[redacted]@db"),
        "{}",
        frames[0]
    );
}

#[test]
fn what_happens_while_a_long_text_is_typed_is_written_in_parts() {
    let mut console = Console::new();
    console.press("m");
    console.types("password=");
    for _ in 0..2_000 {
        console.take(Msg::Tick);
    }
    console.types("hunter2 and more");
    console.press("ctrl-s");
    let text = console.recorded();
    let (replayed, _) = replayed(&text);
    assert_eq!(
        (replayed.difference, replayed.messages),
        (None, 1 + 1 + 9 + 2_000 + 16 + 1)
    );
    assert!(!text.contains("hunter2"));
    assert!(!text.contains(r#""h""#), "the first letter of the secret");
}

#[test]
fn a_recording_that_grows_too_long_ends_and_says_so() {
    let mut console = Console::bounded(4 << 10);
    console.pods();
    let words = console.failure();
    assert!(
        words.contains("the recording has ended: it has grown to"),
        "{words}"
    );
    console.press("j j j");
    let text = console.recorded();
    assert!(text.len() < 5 << 10, "{}", text.len());
    let (replayed, _) = replayed(&text);
    assert_eq!((replayed.difference, replayed.cut), (None, None));
    assert!(replayed.stopped.unwrap().contains("it has grown to"));
}

#[test]
fn a_full_disk_is_said_and_costs_nothing_else() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::into_file(full, folder, BYTES_MAX);
    console.pods();
    let words = console.failure();
    assert!(words.contains("No space left on device"), "{words}");
    assert!(words.contains("recording"), "{words}");
    for _ in 0..5_000 {
        console.take(Msg::Tick);
    }
    assert!(console.said.try_recv().is_err(), "said once");
}

#[test]
fn a_recording_is_readable_by_its_user_alone_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let file = create(&path).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let refused = create(&path).unwrap_err();
    assert!(refused.contains("is there already"), "{refused}");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link).unwrap();
    assert!(create(&link).is_err());
    let nowhere = create(&folder.path().join("no/such/folder")).unwrap_err();
    assert!(nowhere.contains("cannot record into"), "{nowhere}");
}
