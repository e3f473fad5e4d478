//! What pods use: asked for while it is shown, as often as it is measured, and once when it is refused.

use std::time::{Duration, Instant};

use components::rig::Rig;
use emulator::faults::{Faults, Rule};
use http::Method;
use model::message::{Input, Msg};
use model::settings::Settings;
use model::usage::MeasuredNamespace;

use crate::bed::{Bed, status};

const METRICS: &str = "/apis/metrics.k8s.io/";
/// Longer than a measurement stands.
const A_WHILE: Duration = Duration::from_secs(17);

async fn looking(bed: &Bed) -> Rig {
    let mut rig = Rig::new(&bed.kubeconfig(), "shop", Settings::default()).await;
    rig.until("it is live", Rig::is_live).await;
    rig.take(Msg::Input(Input::Resize {
        columns: 160,
        rows: 50,
    }));
    rig
}

async fn asked(bed: &Bed) -> usize {
    bed.faults(|faults| faults.count(&Method::GET, METRICS))
        .await
}

fn is_measured(rig: &Rig) -> bool {
    let namespaces = &rig.model.cluster.measured.namespaces;
    matches!(namespaces.get(&"shop".into()), Some(MeasuredNamespace::Known(pods)) if !pods.is_empty())
}

async fn for_a_while(rig: &mut Rig) {
    let end = Instant::now() + A_WHILE;
    rig.until("time has passed", move |_| Instant::now() >= end)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn use_is_measured_while_it_is_shown_and_with_the_limits_of_the_pods() {
    let bed = Bed::new().await;
    let mut rig = looking(&bed).await;
    assert_eq!(asked(&bed).await, 0, "nobody looks");
    rig.type_keys("z");
    rig.until("it is measured", is_measured).await;
    let screen = rig.screen();
    assert!(screen.contains("Mi/512Mi"), "{screen}");
    assert_eq!(asked(&bed).await, 1);
    for_a_while(&mut rig).await;
    assert_eq!(asked(&bed).await, 2, "each 15 s");
    rig.type_keys("z");
    for_a_while(&mut rig).await;
    assert!(asked(&bed).await <= 2, "nobody looks any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_said_and_not_asked_for_again() {
    for (code, words) in [(404, "is not served here"), (403, "is forbidden")] {
        let bed = Bed::new().await;
        bed.script([Rule::always(METRICS, status(code, None))])
            .await;
        let mut rig = looking(&bed).await;
        rig.type_keys("z");
        rig.until("it is known why not", |rig| {
            rig.model.cluster.measured.problem().is_some()
        })
        .await;
        let screen = rig.screen();
        assert!(
            screen.contains(words) && screen.contains("?/512Mi"),
            "{screen}"
        );
        bed.faults(Faults::forget).await;
        for_a_while(&mut rig).await;
        assert_eq!(asked(&bed).await, 0, "{code}");
        assert!(
            rig.model.cluster.problem().is_none(),
            "the cluster itself is well"
        );
    }
}
