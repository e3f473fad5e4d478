//! A gap, a drop, a restart is a marker with a count or a span: what was printed and is not there is said, at its place.

use emulator::Options;
use emulator::faults::{Fault, Rule};
use model::logs::{Marker, RING_BYTES_MAX};
use model::settings::Settings;

use crate::bed::Bed;
use components::rig::Rig;
use harness::console::Console;
use harness::fixtures::outage;

const POD: &str = "checkout-7d9f-q8w";

/// Lines with their times, as `timestamps=true` gives them.
fn kept(rig: &Rig) -> Vec<String> {
    let ring = &rig.model.logs.ring;
    let line = |index: usize| {
        let (segment, line) = ring.line(ring.order().at(index)?)?;
        assert!(
            line.marker.is_none(),
            "nothing is missing: {:?}",
            line.marker
        );
        let at = line
            .at
            .utc()
            .to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
        Some(format!("{at} {}", segment.text(line)))
    };
    (0..ring.order().len()).filter_map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_connection_breaks_each_line_is_there_once_and_in_order() {
    let options = Options {
        log_rate_per_s: 200,
        ..Options::default()
    };
    let bed = Bed::of(&options, None).await;
    let breaks = [90_000, 1_234, 777].map(|bytes| Rule::next("/log?", Fault::CutAt(bytes)));
    bed.script(breaks).await;
    let mut rig = Rig::new(&bed.kubeconfig(), "shop", Settings::default()).await;
    rig.until("the pods are there", |rig| {
        rig.model.cluster.pods.is_complete
    })
    .await;
    rig.type_keys("2 G o");
    let [follow] = rig.model.logs.followed.as_slice() else {
        panic!("{:?}", rig.model.logs.followed);
    };
    assert!(follow.is_running, "a well pod is the last one");
    let (pod, container) = (follow.stream.pod.clone(), follow.stream.container.clone());
    let asked = |seen: &mut emulator::faults::Faults| seen.count(&http::Method::GET, "/log?");
    rig.until("lines came", |rig| rig.model.logs.ring.printed() >= 1_000)
        .await;
    let mut requests = 0;
    while requests < 4 {
        let printed = rig.model.logs.ring.printed();
        rig.until("more lines came", |rig| {
            rig.model.logs.ring.printed() > printed
        })
        .await;
        requests = bed.faults(asked).await;
    }
    let printed = rig.model.logs.ring.printed();
    rig.until("it goes on", |rig| {
        rig.model.logs.ring.printed() >= printed + 200
    })
    .await;
    let kept = kept(&rig);
    let path = format!(
        "/api/v1/namespaces/shop/pods/{}/log?container={}&timestamps=true",
        pod.raw(),
        container.raw()
    );
    let truth = bed.get(&path).await;
    let truth: Vec<&str> = truth.lines().collect();
    let last = kept.last().unwrap();
    let end = 1 + truth.iter().position(|line| line == last).unwrap();
    assert_eq!(
        kept,
        truth[end - kept.len()..end],
        "a line is lost, doubled or out of order"
    );
}

#[test]
fn what_does_not_fit_while_somebody_reads_is_counted_where_it_is_missing() {
    let mut console = Console::live(120, 40, outage());
    console.type_keys("j o");
    let text = "x".repeat(30_000);
    console.log(POD, &[(0, "what is read")]);
    console.type_keys("p");
    let lines = 2 * RING_BYTES_MAX as u64 / 30_000;
    for line in 1..=lines {
        console.log(POD, &[(i64::try_from(line).unwrap(), &text)]);
    }
    let ring = &console.model.logs.ring;
    let (mut kept, mut counted) = (0, 0);
    for index in 0..ring.order().len() {
        let (_, line) = ring.line(ring.order().at(index).unwrap()).unwrap();
        match line.marker.as_deref() {
            Some(Marker::Dropped { lines }) => counted += lines,
            _ => kept += 1,
        }
    }
    assert!(counted > 0 && ring.bytes() <= RING_BYTES_MAX);
    assert_eq!(kept + counted + ring.let_go_lines(), lines + 1);
    assert!(console.shows("what is read"), "{}", console.screen());
    // Down to where it is missing, behind as much as a reader may need.
    for _ in 0..40 {
        console.type_keys("page-down");
        if console.shows("lines dropped: more than can be kept") {
            return;
        }
    }
    panic!("nowhere said:\n{}", console.screen());
}
