//! A console with something in each of its panes: alerts, pods, workloads, Services, a log that is followed, a timeline.

use std::sync::Arc;

use model::cluster::Health;
use model::logs::{Nanos, OpenSegment, Segment};
use model::message::{
    Effect, LogsMsg, Msg, StoreEffect, StoreMsg, TableChange, Want, Watch, WatchChange,
};

use super::console::Console;
use super::fixtures::{alerts, outage, stored};
use super::serving::{node, service, slice};
use super::writing::checkout;

impl Console {
    /// The outage with all that stands beside it; the first pod is selected and its log followed.
    pub fn board(columns: u16, rows: u16) -> Console {
        Console::live(columns, rows, outage()).with_board()
    }

    /// The same beside the outage.
    pub fn with_board(self) -> Console {
        let mut console = self;
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        console.save_all();
        console.deployments(vec![checkout(2)]);
        console.no_other_workloads();
        console.services(vec![service("checkout"), service("frontend")]);
        let behind = [("checkout-7d9f-x2k", false), ("checkout-7d9f-q8w", false)];
        let well = [("frontend-5c7f-bbbbb", true), ("frontend-5c7f-ccccc", true)];
        console.endpoints(vec![slice("checkout", &behind), slice("frontend", &well)]);
        console.nodes(vec![
            node("node-1", true, &[]),
            node("node-2", true, &["DiskPressure"]),
        ]);
        console.alerts(alerts());
        console.type_keys("g");
        console.advance(1_500);
        console.print();
        console.save_all();
        console
    }

    /// There are no `StatefulSets` and `DaemonSets`, and that is known.
    pub fn no_other_workloads(&mut self) {
        let heard = self.at;
        self.table(TableChange::Deployments(WatchChange::Synced {
            generation: 0,
        }));
        self.table(TableChange::StatefulSets(WatchChange::Synced {
            generation: 0,
        }));
        self.table(TableChange::DaemonSets(WatchChange::Synced {
            generation: 0,
        }));
        let live = WatchChange::Health(Health::Live { heard });
        self.table(TableChange::StatefulSets(live));
        let live = WatchChange::Health(Health::Live { heard });
        self.table(TableChange::DaemonSets(live));
    }

    /// The first followed container prints some lines, a second apart. Where no log is on the screen none is followed.
    pub fn print(&mut self) {
        const LINES: [&str; 4] = [
            "starting checkout 1.9.2",
            "WARN  pool 18/20 in use",
            "ERROR pool exhausted (20/20): no connection within 5 s",
            "ERROR request 5f1c failed: 503",
        ];
        let followed = self.wants().into_iter().find_map(|want| match want {
            Want {
                what: Watch::Logs(follow),
                epoch,
                ..
            } => Some((epoch, follow.stream)),
            _ => None,
        });
        let Some((session, stream)) = followed else {
            return;
        };
        let mut filling = OpenSegment::default();
        let first = self.model.server_now().timestamp_nanos_opt().unwrap() - 60_000_000_000;
        for (at, line) in (0..).zip(LINES) {
            filling.line(Nanos(first + at * 1_000_000_000), line.as_bytes(), 0);
        }
        let segment: Arc<Segment> = Arc::new(filling.seal(&stream));
        self.send(Msg::Logs(LogsMsg::Lines { session, segment }));
    }

    /// The store saves everything that it was given.
    pub fn save_all(&mut self) {
        for effect in self.take_effects() {
            match effect {
                Effect::Store(StoreEffect::Save { token, draft }) => {
                    let entry = Box::new(stored(&draft));
                    self.send(Msg::Store(StoreMsg::Saved { token, entry }));
                }
                Effect::Store(StoreEffect::Append(drafts)) => {
                    let entries = drafts.iter().map(stored).collect();
                    self.send(Msg::Store(StoreMsg::Appended(entries)));
                }
                Effect::Store(StoreEffect::KeepNote { revision, .. }) => {
                    self.send(Msg::Store(StoreMsg::NoteKept { revision }));
                }
                _ => {}
            }
        }
    }
}
