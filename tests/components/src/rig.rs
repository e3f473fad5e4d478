//! A whole console without a terminal, on a real server and a real disk: keys in, and the model as it becomes.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use journal::store;
use journal::store::directory::StateDir;
use journal::store::disk::Identity;
use keys::key::Key;
use keys::keymap::Keymap;
use kubernetes::alertmanager::Alertmanagers;
use kubernetes::clock::Clock;
use kubernetes::{CHANNEL_MESSAGES, Connect, connect};
use model::Model;
use model::cluster::{Health, Scope};
use model::entry::Draft;
use model::kind::Kind;
use model::message::{Input, Msg, StoreMsg};
use model::settings::Settings;
use model::time::At;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use runtime::{Next, RunbookFolders, RunbookReader, Runtime, Say};
use tokio::sync::mpsc;
use view::theme::Theme;

use super::control_plane::PATIENCE;

/// The longest wait before a condition is looked at again.
const LOOK: Duration = Duration::from_millis(100);

/// The console: its runtime, driven by a test instead of a terminal.
pub struct Rig {
    /// Boxed: every test holds it across its waits.
    pub runtime: Box<Runtime>,
    /// Every entry that the store said is on disk.
    pub recorded: Vec<Draft>,
    started: Instant,
    say: Say,
    state: Option<tempfile::TempDir>,
}

impl Deref for Rig {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.runtime
    }
}

impl DerefMut for Rig {
    fn deref_mut(&mut self) -> &mut Runtime {
        &mut self.runtime
    }
}

impl Rig {
    /// On a namespace, with this kubeconfig.
    pub async fn new(kubeconfig: &Path, namespace: &str, settings: Settings) -> Rig {
        let state = tempfile::tempdir().unwrap();
        let nobody = Alertmanagers::default();
        let mut rig = Rig::recording(kubeconfig, namespace, settings, nobody, state.path()).await;
        rig.state = Some(state);
        rig
    }

    /// With alerts, and its record in a directory that others may use too.
    pub async fn recording(
        kubeconfig: &Path,
        namespace: &str,
        settings: Settings,
        alertmanagers: Alertmanagers,
        state: &Path,
    ) -> Rig {
        let clock = Clock::new(Instant::now());
        Rig::on_clock(clock, kubeconfig, namespace, settings, alertmanagers, state).await
    }

    /// The same beside a cluster whose time goes faster.
    pub async fn on_clock(
        clock: Clock,
        kubeconfig: &Path,
        namespace: &str,
        settings: Settings,
        alertmanagers: Alertmanagers,
        state: &Path,
    ) -> Rig {
        let started = Instant::now();
        let (sender, world) = mpsc::channel(CHANNEL_MESSAGES);
        let flags = Connect {
            kubeconfig: Some(kubeconfig.to_owned()),
            context: None,
            impersonate: None,
            request_timeout: None,
            is_read_only: settings.is_read_only,
            alertmanagers,
            clock,
        };
        let source = connect(flags, sender).await;
        let source = source.unwrap_or_else(|problem| panic!("{}", problem.what.raw()));
        let (say, answers) = mpsc::unbounded_channel();
        let of_runbooks: Say = {
            let say = say.clone();
            Arc::new(move |msg| drop(say.send(msg)))
        };
        let say = Arc::new(move |msg| drop(say.send(Msg::Store(msg))));
        let place = StateDir::at(state.join("state"));
        let store = store::open(Ok(place), Identity::default(), say).unwrap();
        let context = source.connection().context.clone();
        let at = At {
            mono_ms: 0,
            wall: clock.now().wall,
        };
        let model = Model::new(
            at,
            settings,
            Keymap::load(&[]).unwrap(),
            context.into(),
            Scope::Namespace(namespace.into()),
        );
        let runtime = Runtime {
            model,
            source,
            world,
            store: Some(store),
            runbooks: RunbookReader::start(RunbookFolders::default(), of_runbooks.clone()),
            answers,
            clock,
            recorder: None,
            wants: BTreeSet::new(),
        };
        let mut rig = Rig {
            runtime: Box::new(runtime),
            recorded: Vec::new(),
            started,
            say: of_runbooks,
            state: None,
        };
        rig.take(Msg::Input(Input::Resize {
            columns: 120,
            rows: 40,
        }));
        rig
    }

    /// Runbooks are looked for in this folder.
    pub fn runbooks_in(&mut self, folder: &Path) {
        let folders = RunbookFolders {
            folders: vec![folder.to_owned()],
            ..RunbookFolders::default()
        };
        self.runtime.runbooks = RunbookReader::start(folders, self.say.clone());
    }

    /// One message through the whole console.
    pub fn take(&mut self, msg: Msg) {
        if let Msg::Store(StoreMsg::Saved { entry, .. }) = &msg {
            self.recorded.push(entry.draft.clone());
        }
        // There is no terminal for what is left.
        drop(self.runtime.take(msg));
    }

    pub fn type_keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.take(Msg::Input(Input::Key { key, alone: true }));
        }
    }

    /// Takes what comes until this is true; panics with its name and the status line otherwise.
    pub async fn until(&mut self, what: &str, is_true: impl Fn(&Rig) -> bool) {
        self.until_within(PATIENCE, what, is_true).await;
    }

    /// The same for what takes longer by its nature.
    pub async fn until_within(
        &mut self,
        patience: Duration,
        what: &str,
        is_true: impl Fn(&Rig) -> bool,
    ) {
        let end = tokio::time::Instant::now() + patience;
        while !is_true(self) {
            match self.runtime.next(Some(Instant::now() + LOOK)).await {
                Next::Answer(msg) | Next::World(msg) => self.take(msg),
                Next::Tick => self.take(Msg::Tick),
                Next::Nothing => {}
            }
            let status = self
                .model
                .screen
                .status
                .as_ref()
                .map(|status| status.text.raw());
            let titles: Vec<_> = self
                .recorded
                .iter()
                .map(|draft| draft.title.raw())
                .collect();
            assert!(
                tokio::time::Instant::now() < end,
                "never came true: {what}; {status:?}; {titles:?}\n{}",
                self.screen()
            );
        }
    }

    /// Pods and workloads are live, and the timeline is open.
    pub fn is_live(&self) -> bool {
        let cluster = &self.model.cluster;
        let is_live = |health: &Health| matches!(health, Health::Live { .. });
        [
            &cluster.pods.health,
            &cluster.deployments.health,
            &cluster.statefulsets.health,
            &cluster.daemonsets.health,
        ]
        .into_iter()
        .all(is_live)
            && self.model.timeline.is_open
    }

    /// Waits for so many pods that are ready and for their Deployment; selects the first.
    pub async fn ready(&mut self, pods: usize) {
        self.until("the pods are there", |rig| {
            let cluster = &rig.model.cluster;
            let ready = cluster
                .pods
                .table
                .rows()
                .filter(|pod| pod.ready.as_ref().is_some_and(|ready| ready.is_true))
                .count();
            let is_live = |health: &Health| matches!(health, Health::Live { .. });
            ready == pods
                && cluster.deployments.table.len() == 1
                && is_live(&cluster.pods.health)
                && is_live(&cluster.deployments.health)
                && rig.model.timeline.is_open
        })
        .await;
        self.type_keys("g");
    }

    /// Reads the question for as long as it takes, then says yes.
    pub async fn say_yes(&mut self) {
        for msg in harness::writing::shown(&self.model) {
            self.take(msg);
        }
        let shown = self.started.elapsed();
        let read = Duration::from_millis(1_600);
        self.until("it was read", |rig| rig.started.elapsed() >= shown + read)
            .await;
        self.type_keys("y");
    }

    /// What the screen shows.
    pub fn screen(&self) -> String {
        let (columns, rows) = self.model.screen.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        view::draw(&self.model, &Theme::default(), &mut buffer);
        harness::console::text(&buffer)
    }

    /// The first entry of a kind that is on disk or in memory.
    pub fn first(&self, kind: Kind) -> &Draft {
        let mut stored = self.model.timeline.stored();
        stored.find(|draft| draft.kind == kind).unwrap()
    }

    /// The titles of all entries of a kind that are on disk and in memory.
    pub fn titles(&self, kind: Kind) -> Vec<String> {
        let stored = self.model.timeline.stored();
        stored
            .filter(|draft| draft.kind == kind)
            .map(|draft| draft.title.raw().to_owned())
            .collect()
    }

    /// Ends in order: what waits to be saved is saved.
    pub fn close(self) {
        if let Some(store) = (*self.runtime).close().store {
            store.close(PATIENCE);
        }
    }

    /// Is there an entry of this kind with these words?
    pub fn tells(&self, kind: Kind, words: &str) -> bool {
        self.recorded
            .iter()
            .any(|draft| draft.kind == kind && draft.title.contains(words))
    }

    pub async fn until_told(&mut self, kind: Kind, words: &str) {
        self.until(words, |rig| rig.tells(kind, words)).await;
    }

    /// Intents on disk, and those whose result is `outcome`.
    pub fn intents(&self, outcome: &str) -> (usize, usize) {
        let intents = self
            .recorded
            .iter()
            .filter(|draft| draft.kind == Kind::ActionIntent);
        let has_outcome = |intent: &&Draft| {
            self.recorded.iter().any(|draft| {
                draft.kind == Kind::ActionResult
                    && draft.refers_to == Some(intent.id)
                    && draft.tags.iter().any(|tag| tag.raw() == outcome)
            })
        };
        (intents.clone().count(), intents.filter(has_outcome).count())
    }
}
