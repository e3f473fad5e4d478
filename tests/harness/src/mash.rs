//! One seeded, weighted sequence of random keys on a clock of the test's, with a store and a cluster that answer.

use std::num::NonZeroU64;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use model::entry::EntryId;
use model::kind::Kind;
use model::message::{Effect, StoreEffect, WriteEffect};
use model::screen::{Overlay, Pane};
use model::settings::Settings;
use model::write::dialog::Step;
use model::write::{Answer, Change, Seen, WriteId};

use crate::console::Console;
use crate::writing::checkout;

/// Enough for a thousand dialogs and a hundred writes.
const STEPS: usize = 30_000;
const SEED: u64 = 20_260_301;

/// Keys with their weights. Those of a write are pressed often, and so are those of an answer.
pub const KEYS: [(&str, u32); 22] = [
    ("x s", 14),
    ("x r", 12),
    ("x z", 5),
    ("y", 22),
    ("enter", 14),
    ("esc", 9),
    ("n", 2),
    ("tab", 2),
    ("backtab", 1),
    ("0", 2),
    ("1", 2),
    ("2", 4),
    ("4", 2),
    ("7", 2),
    ("backspace", 1),
    ("j", 2),
    ("k", 2),
    ("g", 2),
    ("up", 1),
    ("A", 1),
    ("ctrl-y", 1),
    ("?", 1),
];

/// What the keys led to.
#[derive(Default)]
pub struct Mashed {
    /// The keys, to compare two runs.
    pub keys: Vec<&'static str>,
    /// Questions that opened.
    pub dialogs: usize,
    /// Checks that were asked of the server, dry runs among them.
    pub asked: usize,
    /// Requests that write: their intent, and whether a second yes was asked for.
    pub sent: Vec<(Option<EntryId>, bool)>,
    /// Intents that the store saved.
    pub saved: BTreeSet<EntryId>,
    /// Intents that have a result.
    pub results: BTreeSet<EntryId>,
    /// Write keys that were answered with the reason why not.
    pub disabled: usize,
    /// Write keys that led to nothing and said nothing.
    pub mute: usize,
}

/// The keys without `--read-only`, pressed once for all tests.
pub fn free() -> &'static Mashed {
    static FREE: LazyLock<Mashed> = LazyLock::new(|| mash(Settings::default()));
    &FREE
}

/// Presses the keys.
pub fn mash(settings: Settings) -> Mashed {
    let mut dice = fastrand::Rng::with_seed(SEED);
    // What the world answers has dice of its own: the keys stay the same whatever is answered.
    let mut behaviour = fastrand::Rng::with_seed(SEED + 1);
    let mut console = Console::writing_with(checkout(3), settings);
    let mut mashed = Mashed::default();
    let mut world = World {
        replicas: 3,
        version: 10,
        last: None,
        asked_twice: BTreeSet::new(),
    };
    let total: u32 = KEYS.iter().map(|(_, weight)| weight).sum();
    for _ in 0..STEPS {
        let mut at = dice.u32(..total);
        let wait_ms = u64::from(dice.u32(1..2_400));
        let keys = KEYS.iter().find(|(_, weight)| {
            let is_it = at < *weight;
            at = at.saturating_sub(*weight);
            is_it
        });
        let (keys, _) = keys.unwrap();
        mashed.keys.push(keys);
        press(&mut console, &mut mashed, keys);
        world.answer(&mut console, &mut mashed, &mut behaviour);
        console.frame_shown();
        console.advance(wait_ms);
        world.answer(&mut console, &mut mashed, &mut behaviour);
    }
    mashed
}

fn press(console: &mut Console, mashed: &mut Mashed, keys: &'static str) {
    let is_bare =
        console.model.screen.overlays.is_empty() && console.model.screen.pending.is_empty();
    let is_write = matches!(keys, "x s" | "x r" | "x z");
    console.model.screen.status = None;
    console.type_keys(keys);
    if !is_bare || !is_write {
        return;
    }
    let asks = matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Dialog(_))
    );
    let status = console.model.screen.status.as_ref();
    if status.is_some_and(|status| status.text.contains("--read-only")) {
        mashed.disabled += 1;
    } else if !asks && status.is_none() {
        mashed.mute += 1;
    }
}

/// The store and the cluster.
struct World {
    replicas: u32,
    version: u64,
    last: Option<WriteId>,
    /// Questions that went on to "without a record?".
    asked_twice: BTreeSet<WriteId>,
}

impl World {
    fn answer(
        &mut self,
        console: &mut Console,
        mashed: &mut Mashed,
        behaviour: &mut fastrand::Rng,
    ) {
        if let Some(Overlay::Dialog(dialog)) = console.model.screen.overlays.last()
            && self.last != Some(dialog.write)
        {
            self.last = Some(dialog.write);
            mashed.dialogs += 1;
        }
        if let Some(Overlay::Dialog(dialog)) = console.model.screen.overlays.last()
            && matches!(dialog.step, Step::Unrecorded(_))
        {
            self.asked_twice.insert(dialog.write);
        }
        // The timeline pane cannot write: back to the pods, as a person would go.
        if console.model.screen.overlays.is_empty() {
            console.model.screen.focus = Pane::Pods;
        }
        while !console.effects.is_empty() {
            for effect in std::mem::take(&mut console.effects) {
                self.answer_one(console, mashed, behaviour, effect);
            }
        }
    }

    fn answer_one(
        &mut self,
        console: &mut Console,
        mashed: &mut Mashed,
        behaviour: &mut fastrand::Rng,
        effect: Effect,
    ) {
        match effect {
            Effect::Store(StoreEffect::Save { token, draft }) => {
                if draft.kind == Kind::ActionIntent && behaviour.u32(..10) == 0 {
                    console.not_saved(token);
                    return;
                }
                match draft.kind {
                    Kind::ActionIntent => drop(mashed.saved.insert(draft.id)),
                    Kind::ActionResult => mashed.results.extend(draft.refers_to),
                    _ => {}
                }
                console.saved(token, *draft);
            }
            Effect::Write(WriteEffect::Send(confirmed, receipt)) => {
                let was_asked_twice = self.asked_twice.contains(&confirmed.write());
                mashed.sent.push((receipt.intent(), was_asked_twice));
                let answer = self.behaviour_of(confirmed.change(), behaviour);
                console.answered(confirmed.write(), answer);
                let mut row = checkout(self.replicas);
                row.version = NonZeroU64::new(self.version);
                console.deployments(vec![row]);
            }
            Effect::Write(WriteEffect::Inspect { .. } | WriteEffect::DryRun { .. }) => {
                mashed.asked += 1;
            }
            _ => {}
        }
    }

    fn behaviour_of(&mut self, change: &Change, behaviour: &mut fastrand::Rng) -> Answer {
        self.version += 1;
        if behaviour.u32(..6) == 0 {
            return Answer::Changed { seen: Seen::Gone };
        }
        if let Change::Scale { to, .. } = change {
            self.replicas = *to;
        }
        Answer::Applied {
            resource_version: Some(self.version),
            tries: 1,
        }
    }
}
