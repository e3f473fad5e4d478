//! The console without a terminal: keys and messages in, screen and effects out, on a clock of the test's own.

use chrono::{DateTime, TimeDelta, Utc};
use keys::key::Key;
use keys::keymap::Keymap;
use model::Model;
use model::alert::{AlertRow, Silence};
use model::alerts::{AlertmanagerStatus, AlertsAnswer};
use model::cluster::{Connection, Health, Problem, ProblemClass, Scope};
use model::detail::{Detail, DetailRow};
use model::message::{AlertsMsg, ClusterMsg, Effect, Input, Msg, TableChange, Want, WatchChange};
use model::pods::PodRow;
use model::settings::Settings;
use model::time::At;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use text::Outside;
use view::theme::Theme;

use super::{fixtures, styles};

/// 03:24:10 on a night in March.
pub const START: &str = "2026-03-01T03:24:10Z";

/// A console under test.
pub struct Console {
    pub model: Model,
    pub theme: Theme,
    pub at: At,
    /// Every effect so far, oldest first.
    pub effects: Vec<Effect>,
}

impl Console {
    /// On context `prod-eu`, namespace `shop`, in a terminal of this size.
    pub fn new(columns: u16, rows: u16) -> Console {
        Console::with(
            columns,
            rows,
            Settings::default(),
            Scope::Namespace("shop".into()),
        )
    }

    pub fn with(columns: u16, rows: u16, settings: Settings, scope: Scope) -> Console {
        let wall: DateTime<Utc> = START.parse().unwrap();
        let at = At {
            mono_ms: 1_000_000,
            wall,
        };
        let model = Model::new(
            at,
            settings,
            Keymap::load(&[]).unwrap(),
            "staging-eu".into(),
            scope,
        );
        let mut console = Console {
            model,
            theme: Theme::default(),
            at,
            effects: Vec::new(),
        };
        console.send(Msg::Input(Input::Resize { columns, rows }));
        console
    }

    /// Connected, with these pods, live.
    pub fn live(columns: u16, rows: u16, pods: Vec<PodRow>) -> Console {
        let mut console = Console::new(columns, rows);
        console.connect();
        console.list(pods);
        console
    }

    /// The same where the server's clock is so many seconds ahead of the local one, as the first answer says.
    pub fn skewed(columns: u16, rows: u16, pods: Vec<PodRow>, skew_s: i64) -> Console {
        let mut console = Console::new(columns, rows);
        console.local_clock(-skew_s);
        console.connect();
        console.clock("staging-eu", skew_s);
        console.list(pods);
        console
    }

    /// The local clock is put forward, or back.
    pub fn local_clock(&mut self, seconds: i64) {
        self.at.wall += TimeDelta::seconds(seconds);
        self.send(Msg::Tick);
    }

    /// An answer of this context's server bears another clock than is known.
    pub fn clock(&mut self, context: &str, skew_s: i64) {
        let context = context.into();
        self.send(Msg::Cluster(ClusterMsg::Clock { context, skew_s }));
    }

    pub fn connect(&mut self) {
        self.send(Msg::Cluster(ClusterMsg::Connected(connection())));
    }

    /// A whole answer of Alertmanager.
    pub fn alerts(&mut self, alerts: Vec<AlertRow>) {
        self.alerts_with(alerts, Vec::new());
    }

    /// A whole answer of Alertmanager, with its silences.
    pub fn alerts_with(&mut self, alerts: Vec<AlertRow>, silences: Vec<Silence>) {
        self.alerts_answered(alerts, silences, Vec::new());
    }

    /// And with what could not be read.
    pub fn alerts_answered(
        &mut self,
        alerts: Vec<AlertRow>,
        silences: Vec<Silence>,
        unreadable: Vec<Outside>,
    ) {
        let started = Some(START.parse().unwrap());
        let answer = AlertsAnswer {
            silences: Some(silences),
            unreadable,
            ..answer_of(alerts, started)
        };
        self.answer_alerts(answer);
    }

    /// A whole answer of the Alertmanager that started then; `None`: it does not say.
    pub fn alerts_of(&mut self, alerts: Vec<AlertRow>, started: Option<DateTime<Utc>>) {
        self.answer_alerts(answer_of(alerts, started));
    }

    fn answer_alerts(&mut self, answer: AlertsAnswer) {
        self.send(Msg::Alerts(AlertsMsg::Asking {
            context: "staging-eu".into(),
            place: "http://alertmanager.shop:9093".into(),
        }));
        self.send(Msg::Alerts(AlertsMsg::Answered {
            context: "staging-eu".into(),
            answer: Box::new(answer),
        }));
    }

    /// Nobody answers for Alertmanager.
    pub fn alerts_fail(&mut self) {
        self.send(Msg::Alerts(AlertsMsg::Failed {
            context: "staging-eu".into(),
            problem: Problem {
                class: ProblemClass::Unreachable,
                what: "alertmanager.shop:9093 refuses the connection".into(),
                next: "r tries now".into(),
            },
            retry: self.at.plus_ms(3_000),
        }));
    }

    /// A complete list of pods, and live from then on.
    pub fn list(&mut self, pods: Vec<PodRow>) {
        self.pods(WatchChange::Begin { generation: 1 });
        self.upsert(pods);
        self.pods(WatchChange::Synced { generation: 1 });
        self.pods(WatchChange::Health(Health::Live { heard: self.at }));
    }

    pub fn upsert(&mut self, rows: Vec<PodRow>) {
        self.pods(WatchChange::Batch {
            rows,
            gone: Vec::new(),
            unreadable: Vec::new(),
        });
    }

    pub fn gone(&mut self, uid: &str) {
        self.pods(WatchChange::Batch {
            rows: Vec::new(),
            gone: vec![uid.into()],
            unreadable: Vec::new(),
        });
    }

    pub fn pods(&mut self, change: WatchChange<PodRow>) {
        self.table(TableChange::Pods(change));
    }

    /// The object that is looked at arrives, with one event.
    pub fn look(&mut self, pod: PodRow) {
        let object = pod.uid.clone();
        let detail = Detail {
            labels: Box::new([("app".into(), "checkout".into())]),
            annotations: Box::new([]),
            finalizers: Box::new([]),
            conditions: Box::new([("Ready".into(), pod.ready.clone().unwrap())]),
            row: DetailRow::Pod(Box::new(pod)),
        };
        let change = WatchChange::Batch {
            rows: vec![detail],
            gone: Vec::new(),
            unreadable: Vec::new(),
        };
        self.table(TableChange::Detail(object.clone(), change));
        let change = WatchChange::Batch {
            rows: vec![fixtures::back_off(&object)],
            gone: Vec::new(),
            unreadable: Vec::new(),
        };
        self.table(TableChange::DetailEvents(object.clone(), change));
        let heard = self.at;
        let change = WatchChange::Health(Health::Live { heard });
        self.table(TableChange::Detail(object, change));
    }

    /// A change of a table of the present epoch.
    pub fn table(&mut self, change: TableChange) {
        let epoch = self.model.cluster.epoch;
        self.send(Msg::Cluster(ClusterMsg::Table { epoch, change }));
    }

    /// One message, 1 ms after the one before.
    pub fn send(&mut self, msg: Msg) {
        self.at = self.at.plus_ms(1);
        let effects = update::update(&mut self.model, self.at, msg);
        self.effects.extend(effects);
    }

    /// Keys as a keymap writes them, separated by spaces; each alone in its read, 20 ms apart.
    pub fn type_keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.at = self.at.plus_ms(20);
            self.send(Msg::Input(Input::Key { key, alone: true }));
        }
    }

    /// Letters, one key each.
    pub fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            let key = if character == ' ' {
                "space".parse().unwrap()
            } else {
                character.to_string().parse().unwrap()
            };
            self.send(Msg::Input(Input::Key { key, alone: true }));
        }
    }

    /// Time passes: every wake on the way is delivered.
    pub fn advance(&mut self, ms: u64) {
        let end = self.at.plus_ms(ms);
        while let Some(wake) =
            update::next_wake(&self.model).filter(|wake| wake.mono_ms <= end.mono_ms)
        {
            self.at = if wake.mono_ms > self.at.mono_ms {
                wake
            } else {
                self.at.plus_ms(1)
            };
            let effects = update::update(&mut self.model, self.at, Msg::Tick);
            self.effects.extend(effects);
        }
        self.at = end;
        let effects = update::update(&mut self.model, self.at, Msg::Tick);
        self.effects.extend(effects);
    }

    pub fn wants(&self) -> Vec<Want> {
        update::wants(&self.model).into_iter().collect()
    }

    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub fn buffer(&self) -> Buffer {
        let (columns, rows) = self.model.screen.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        view::draw(&self.model, &self.theme, &mut buffer);
        buffer
    }

    /// The text of the screen, and below it where it is not drawn plainly.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        format!("{}\n{}", text(&buffer), styles::runs(&buffer))
    }

    /// The line of the screen that contains `needle`.
    pub fn line_with(&self, needle: &str) -> Option<usize> {
        text(&self.buffer())
            .lines()
            .position(|line| line.contains(needle))
    }

    pub fn shows(&self, needle: &str) -> bool {
        self.line_with(needle).is_some()
    }
}

/// The characters of a buffer, a line each, blanks at the end cut.
pub fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let lines = buffer.content.chunks(width).map(|cells| {
        cells
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect::<String>()
    });
    lines
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whom the console talks to.
pub fn connection() -> Connection {
    Connection {
        context: "staging-eu".into(),
        contexts: vec!["lab".into(), "staging-eu".into()],
        cluster: "eu".into(),
        namespace: Some("shop".into()),
        server: "10.0.0.1:6443".into(),
        user: Some("kate".into()),
        acting_as: None,
        is_insecure: false,
    }
}

fn answer_of(alerts: Vec<AlertRow>, started: Option<DateTime<Utc>>) -> AlertsAnswer {
    let about = started.map(|started| AlertmanagerStatus {
        version: "0.25.0".into(),
        started: Some(started),
        peers: 1,
        gossip: "disabled".into(),
    });
    AlertsAnswer {
        alerts,
        silences: Some(Vec::new()),
        about,
        skew_s: None,
        unreadable: Vec::new(),
    }
}
