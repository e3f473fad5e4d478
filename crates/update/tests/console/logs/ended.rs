//! The instance before: how it ended stands beside its lines, as far as the cluster says it.

use harness::console::Console;
use harness::fixtures::{crashing, pod};
use harness::logging::{nanos, stream};
use model::logs::StreamId;
use model::pods::{PodRow, Termination};

use super::one;

const POD: &str = "checkout-7d9f-a";

fn before(pod: PodRow) -> Console {
    let mut console = Console::live(120, 40, vec![pod]);
    console.type_keys("g o P");
    let stream = StreamId {
        is_previous: true,
        ..stream(POD)
    };
    console.say(stream, |filling| {
        filling.line(nanos(-12_500), b"INFO the last line", 0);
    });
    console
}

fn with_end(set: impl FnOnce(&mut Termination)) -> PodRow {
    let mut pod = crashing(POD, 137, "OOMKilled");
    set(pod.containers[0].last.as_mut().unwrap());
    pod
}

#[test]
fn how_the_instance_before_ended_stands_below_its_lines() {
    let mut console = before(with_end(|_| {}));
    assert!(
        console.shows("ended 03:23:58Z: exit 137, OOMKilled"),
        "{}",
        console.screen()
    );
    console.type_keys("P");
    assert!(!console.shows("ended 03"), "{}", console.screen());
    let console = before(with_end(|end| (end.exit_code, end.reason) = (0, None)));
    assert!(
        console.shows("ended 03:23:58Z: exit 0"),
        "{}",
        console.screen()
    );
}

#[test]
fn what_the_cluster_does_not_say_of_it_is_not_known() {
    let console = before(with_end(|end| end.finished = None));
    assert!(
        console.shows("ended, when is not known: exit 137, OOMKilled"),
        "{}",
        console.screen()
    );
    // Its pod is gone before anybody read how.
    let mut console = before(with_end(|_| {}));
    console.gone(POD);
    assert!(console.shows("ended 03:23:58Z"), "{}", console.screen());
}

#[test]
fn a_later_end_is_not_that_of_the_lines_that_are_shown() {
    let mut console = before(with_end(|_| {}));
    let mut again = with_end(|end| end.exit_code = 1);
    again.containers[0].restarts += 1;
    console.upsert(vec![harness::fixtures::versioned(again, 2)]);
    assert!(console.shows("exit 137, OOMKilled"), "{}", console.screen());
    let mut console = Console::live(120, 40, vec![pod("web-1-a")]);
    console.type_keys("g o P");
    assert!(!console.shows("ended"), "{}", console.screen());
}

#[test]
fn of_several_each_is_named() {
    let mut console = one(120, 40);
    console.type_keys("o P");
    assert!(
        console.shows("q8w ended 03:23:58Z: exit 1"),
        "{}",
        console.screen()
    );
}
