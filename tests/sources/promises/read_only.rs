//! Promise 8 as the server sees it: whatever is pressed, a read-only console sends nothing but reads and questions about itself.

use std::cell::Cell;

use emulator::faults::Seen;
use emulator::{Options, Scenario};
use http::Method;
use model::settings::Settings;

use crate::bed::Bed;
use components::rig::Rig;
use harness::mash::KEYS;

/// Keys pressed; after each handful the server and the disk are heard.
const PRESSED: usize = 3_000;
const HANDFUL: usize = 60;
const SEED: u64 = 20_260_302;
/// Subresources that act although they are asked for by GET.
const ACTING: [&str; 4] = ["/exec", "/attach", "/portforward", "/proxy"];
/// Keys that look around, besides those that write and answer.
const LOOKS: [&str; 8] = ["enter", "esc", "w", "down", "r", "s", "z", "tab"];

/// Nothing that changes anything.
fn is_harmless(seen: &Seen) -> bool {
    let path = seen.path.split('?').next().unwrap();
    match seen.method {
        Method::POST => path.contains("/selfsubject"),
        Method::GET | Method::HEAD => !ACTING.iter().any(|part| path.contains(part)),
        _ => false,
    }
}

async fn rig(bed: &Bed, is_read_only: bool) -> Rig {
    let settings = Settings {
        is_read_only,
        ..Settings::default()
    };
    let mut rig = Rig::new(&bed.kubeconfig(), "shop", settings).await;
    rig.until("all is there", |rig| {
        let cluster = &rig.model.cluster;
        cluster.pods.is_complete && cluster.deployments.is_complete && rig.model.timeline.is_open
    })
    .await;
    rig
}

async fn harmful(bed: &Bed) -> Vec<Seen> {
    let mut seen = bed.faults(|faults| faults.seen()).await;
    assert!(!seen.is_empty(), "the server saw nothing at all");
    seen.retain(|seen| !is_harmless(seen));
    seen
}

fn healthy() -> Options {
    Options {
        scenario: Scenario::Healthy,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_sees_no_request_of_a_refused_class() {
    let bed = Bed::of(&healthy(), None).await;
    let mut rig = rig(&bed, true).await;
    let mut dice = fastrand::Rng::with_seed(SEED);
    for _ in 0..PRESSED / HANDFUL {
        for _ in 0..HANDFUL {
            let key = match dice.u32(..3) {
                0 => LOOKS[dice.usize(..LOOKS.len())],
                _ => KEYS[dice.usize(..KEYS.len())].0,
            };
            rig.type_keys(key);
        }
        let is_second = Cell::new(false);
        rig.until("it was heard", |_| is_second.replace(true)).await;
    }
    assert_eq!(harmful(&bed).await, []);
}

/// The same eyes see a write where one is allowed.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_flag_the_server_sees_the_write() {
    let bed = Bed::of(&healthy(), None).await;
    let mut rig = rig(&bed, false).await;
    rig.type_keys("g x r");
    rig.say_yes().await;
    rig.until("it was sent", |rig| rig.intents("applied").1 == 1)
        .await;
    let harmful = harmful(&bed).await;
    assert!(
        harmful.iter().any(|seen| seen.method == Method::PATCH),
        "{harmful:?}"
    );
}
