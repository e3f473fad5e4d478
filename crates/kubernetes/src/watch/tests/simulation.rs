//! A server with a history and every fault in random order: when it is well again, the table is the truth.

use proptest::prelude::*;

use super::*;

/// What the server does next.
#[derive(Clone, Debug)]
enum Act {
    /// An object changes or appears.
    Change(u8),
    /// An object goes.
    Delete(u8),
    /// Old events come again, out of order.
    Replay(u8),
    Bookmark,
    End,
    Break,
    Expire,
    Refuse(u16),
    Wait(u16),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..12u8).prop_map(Act::Change),
        3 => (0..12u8).prop_map(Act::Delete),
        2 => any::<u8>().prop_map(Act::Replay),
        1 => Just(Act::Bookmark),
        1 => Just(Act::End),
        1 => Just(Act::Break),
        1 => Just(Act::Expire),
        1 => prop_oneof![Just(410u16), Just(429), Just(500), Just(503), Just(404)].prop_map(Act::Refuse),
        2 => (0..40_000u16).prop_map(Act::Wait),
    ]
}

/// The truth, and what was sent of it.
#[derive(Default)]
struct World {
    version: u64,
    objects: BTreeMap<String, u64>,
    history: Vec<(bool, String, u64)>,
    /// The open answer has sent everything up to here.
    sent: Option<u64>,
    closes: u32,
    incarnation: u64,
}

impl World {
    fn change(&mut self, number: u8) {
        self.version += 1;
        let incarnation = self.incarnation;
        let name = self
            .objects
            .keys()
            .find(|uid| uid.starts_with(&format!("{number}.")))
            .cloned();
        let uid = name.unwrap_or_else(|| format!("{number}.{incarnation}"));
        self.incarnation += 1;
        self.objects.insert(uid.clone(), self.version);
        self.history.push((true, uid, self.version));
    }

    fn delete(&mut self, number: u8) {
        let found = self
            .objects
            .keys()
            .find(|uid| uid.starts_with(&format!("{number}.")))
            .cloned();
        if let Some(uid) = found {
            self.version += 1;
            self.objects.remove(&uid);
            self.history.push((false, uid, self.version));
        }
    }

    fn event((is_there, uid, version): &(bool, String, u64)) -> Item<Thing> {
        if *is_there {
            applied(uid, *version)
        } else {
            deleted(uid, *version)
        }
    }

    /// Answers an open request, and sends what is new.
    fn serve(&mut self, rig: &mut Rig) {
        self.notice_close(rig);
        if rig.watch.is_asking() {
            let request = rig.last();
            rig.put(Input::Opened);
            self.sent = Some(self.version);
            let all = || {
                self.objects
                    .iter()
                    .map(|(uid, version)| applied(uid, *version))
            };
            match &request {
                Request::Stream { .. } => {
                    let items = all().chain([initial_end(self.version)]).collect();
                    rig.items(items);
                }
                Request::List { .. } => {
                    rig.put(Input::Version(self.version.to_string()));
                    rig.items(all().collect());
                    self.sent = None;
                    rig.put(Input::Ended);
                    return self.serve(rig);
                }
                Request::Watch { version, .. } => self.sent = version.parse().ok(),
                Request::Probe => {}
            }
        }
        if let Some(sent) = self.sent {
            let news: Vec<_> = self
                .history
                .iter()
                .filter(|event| event.2 > sent)
                .map(World::event)
                .collect();
            self.sent = Some(self.version);
            if !news.is_empty() {
                rig.items(news);
            }
        }
    }

    fn notice_close(&mut self, rig: &Rig) {
        if self.closes != rig.closes {
            self.closes = rig.closes;
            self.sent = None;
        }
    }

    fn act(&mut self, act: &Act, rig: &mut Rig) {
        self.notice_close(rig);
        let is_open = self.sent.is_some() && !rig.watch.is_asking();
        match act {
            Act::Change(number) => self.change(*number),
            Act::Delete(number) => self.delete(*number),
            Act::Wait(ms) => rig.pass_calmly(u64::from(*ms)),
            Act::Refuse(code) if rig.watch.is_asking() => rig.put(refusal(*code)),
            Act::Replay(seed) if is_open => {
                let sent = self.sent.unwrap_or(0);
                let known: Vec<_> = self
                    .history
                    .iter()
                    .filter(|event| event.2 <= sent)
                    .collect();
                let pick = |at: usize| known[(at * 7 + usize::from(*seed)) % known.len()];
                rig.items(
                    (0..known.len().min(5))
                        .map(|at| World::event(pick(at)))
                        .collect(),
                );
            }
            Act::Bookmark if is_open => {
                self.serve(rig);
                rig.items(vec![bookmark(self.version)]);
            }
            Act::End if is_open => self.finish(rig, Input::Ended),
            Act::Break if is_open => self.finish(rig, broken()),
            Act::Expire if is_open => self.finish(rig, Input::Items(vec![error(410, "Expired")])),
            Act::Refuse(_)
            | Act::Replay(_)
            | Act::Bookmark
            | Act::End
            | Act::Break
            | Act::Expire => {}
        }
    }

    fn finish(&mut self, rig: &mut Rig, how: Input<Thing>) {
        self.sent = None;
        rig.put(how);
    }
}

impl Rig {
    /// Time passes; probes are answered, requests wait.
    fn pass_calmly(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        while self.now_ms < end {
            self.pass((end - self.now_ms).min(500));
            if self.last() == Request::Probe {
                self.put(Input::Probed(Ok(())));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn after_any_faults_the_table_is_the_truth(acts in prop::collection::vec((act(), any::<bool>()), 0..80)) {
        let mut rig = Rig::new();
        let mut world = World::default();
        for (act, serves) in &acts {
            world.act(act, &mut rig);
            if *serves {
                world.serve(&mut rig);
            }
        }
        for _ in 0..200 {
            rig.pass_calmly(1_000);
            world.serve(&mut rig);
        }
        let table: BTreeMap<String, u64> = rig.table.iter().map(|(uid, (_, version))| (uid.clone(), *version)).collect();
        prop_assert_eq!(table, world.objects);
        prop_assert!(rig.is_live());
    }
}
