//! More containers than can be followed at once: those in trouble first, whichever pod they are of, and who has a place keeps
//! it while nobody else is worse.

use model::logs::{LogFollow, Marker, STREAMS_MAX};
use model::pods::{ContainerRow, ContainerState, PodRow, Termination};

use harness::console::Console;
use harness::fixtures::{ago, crashing, not_ready, pod, versioned};

/// A pod with so many well containers, `c00` and on.
fn wide(name: &str, containers: usize) -> PodRow {
    let mut pod = pod(name);
    let plain = pod.containers[0].clone();
    let named = |number: usize| ContainerRow {
        name: format!("c{number:02}").into(),
        ..plain.clone()
    };
    pod.containers = (0..containers).map(named).collect();
    pod
}

/// The row once this container is in a crash loop.
fn with_crash(mut pod: PodRow, container: usize, version: u64) -> PodRow {
    let sick = crashing(pod.name.raw(), 1, "Error");
    pod.ready = sick.ready;
    pod.containers[container] = ContainerRow {
        name: pod.containers[container].name.clone(),
        ..sick.containers[0].clone()
    };
    versioned(pod, version)
}

fn streams(console: &Console) -> Vec<String> {
    let name = |follow: &LogFollow| {
        let stream = &follow.stream;
        format!("{}/{}", stream.pod.raw(), stream.container.raw())
    };
    console.followed().iter().map(name).collect()
}

#[test]
fn of_thirty_containers_the_one_in_a_crash_loop_is_followed_wherever_it_stands() {
    for sick in [27, 29, 0] {
        let row = with_crash(wide("web-1-a", 30), sick, 1);
        let mut console = Console::live(120, 40, vec![row]);
        console.type_keys("j o");
        let followed = streams(&console);
        assert_eq!(followed.len(), STREAMS_MAX);
        assert!(
            followed.contains(&format!("web-1-a/c{sick:02}")),
            "{followed:?}"
        );
        for words in ["24 of 30 containers", "at most 24 streams at once"] {
            assert!(console.shows(words), "{words}\n{}", console.screen());
        }
    }
}

#[test]
fn where_all_are_followed_nothing_is_said_of_a_bound() {
    let row = with_crash(wide("web-1-a", 24), 3, 1);
    let mut console = Console::live(120, 40, vec![row]);
    console.type_keys("j o");
    assert_eq!(streams(&console).len(), 24);
    for words in ["of 24", "at most"] {
        assert!(!console.shows(words), "{words}\n{}", console.screen());
    }
}

#[test]
fn of_twelve_pods_with_three_containers_the_crashing_one_is_followed() {
    for sick in 0..12 {
        let pods = (0..12).map(|number| {
            let pod = wide(&format!("web-1-{number:02}"), 3);
            if number == sick {
                with_crash(pod, 2, 1)
            } else {
                pod
            }
        });
        let mut console = Console::live(120, 40, pods.collect());
        console.type_keys("j o o");
        let followed = streams(&console);
        assert_eq!(followed.len(), STREAMS_MAX);
        for container in ["c00", "c01", "c02"] {
            let stream = format!("web-1-{sick:02}/{container}");
            assert!(followed.contains(&stream), "{stream}: {followed:?}");
        }
        let words = "24 of 36 containers in 12 pods";
        assert!(console.shows(words), "{}", console.screen());
    }
}

type Change<'a> = (&'a str, &'a dyn Fn(&mut ContainerRow));

#[test]
fn every_kind_of_trouble_comes_before_what_is_well() {
    let ended = |ago_s: i64, exit_code| {
        Box::new(Termination {
            exit_code,
            finished: ago(ago_s),
            ..Termination::default()
        })
    };
    let since = |ago_s: i64| ContainerState::Running { since: ago(ago_s) };
    let waiting = |reason: &str| ContainerState::Waiting {
        reason: reason.into(),
        message: None,
    };
    let kinds: [Change<'_>; 6] = [
        ("crash loop", &|one| one.state = waiting("CrashLoopBackOff")),
        ("no image", &|one| one.state = waiting("ImagePullBackOff")),
        ("ended badly", &|one| {
            one.state = ContainerState::Terminated(ended(30, 137))
        }),
        ("restarted after a crash", &|one| {
            (one.restarts, one.last, one.state) = (2, Some(ended(60, 1)), since(50));
        }),
        ("restarted after a good end", &|one| {
            (one.restarts, one.last, one.state) = (2, Some(ended(60, 0)), since(50));
        }),
        ("not ready", &|one| one.is_ready = false),
    ];
    for (kind, change) in kinds {
        let mut row = wide("web-1-a", 40);
        change(&mut row.containers[37]);
        let mut console = Console::live(120, 40, vec![row]);
        console.type_keys("j o");
        let followed = streams(&console);
        assert!(
            followed.contains(&"web-1-a/c37".to_owned()),
            "{kind}: {followed:?}"
        );
    }
    // What ended well, or crashed long ago, is no trouble.
    let past: [Change<'_>; 2] = [
        ("long ago", &|one| {
            (one.restarts, one.last) = (2, Some(ended(86_400, 1)))
        }),
        ("starting", &|one| one.state = waiting("ContainerCreating")),
    ];
    for (kind, change) in past {
        let mut row = wide("web-1-a", 40);
        change(&mut row.containers[37]);
        let mut console = Console::live(120, 40, vec![row]);
        console.type_keys("j o");
        assert!(
            !streams(&console).contains(&"web-1-a/c37".to_owned()),
            "{kind}"
        );
    }
}

#[test]
fn what_gets_into_trouble_gets_a_place_and_nobody_loses_one_for_being_well_again() {
    let mut console = Console::live(120, 40, vec![wide("web-1-a", 30)]);
    console.type_keys("j o");
    let before = streams(&console);
    assert!(before.contains(&"web-1-a/c23".to_owned()));
    console.upsert(vec![with_crash(wide("web-1-a", 30), 28, 2)]);
    let after = streams(&console);
    let came: Vec<_> = after
        .iter()
        .filter(|stream| !before.contains(stream))
        .collect();
    assert_eq!(came, ["web-1-a/c28"]);
    assert_eq!(after.len(), STREAMS_MAX);
    console.upsert(vec![versioned(wide("web-1-a", 30), 3)]);
    assert_eq!(streams(&console), after, "well again is no reason to go");
    console.upsert(vec![with_crash(wide("web-1-a", 30), 29, 4)]);
    let last = streams(&console);
    assert!(last.contains(&"web-1-a/c29".to_owned()));
    assert_eq!(
        last.iter().filter(|stream| after.contains(stream)).count(),
        23
    );
}

#[test]
fn a_container_in_trouble_is_not_displaced_by_another_one() {
    let sick = |from: usize, version| {
        let many =
            (from..from + 24).fold(wide("web-1-a", 60), |row, at| with_crash(row, at, version));
        versioned(many, version)
    };
    let mut console = Console::live(120, 40, vec![sick(20, 1)]);
    console.type_keys("j o");
    let before = streams(&console);
    let more = (50..56).fold(sick(20, 2), |row, at| with_crash(row, at, 2));
    console.upsert(vec![more]);
    assert_eq!(streams(&console), before);
    let words = "at most 24 streams at once: 6 in trouble are not among them";
    assert!(console.shows(words), "{}", console.screen());
}

#[test]
fn where_others_took_its_place_a_log_says_so_and_goes_on_when_it_is_followed_again() {
    let mut console = Console::live(120, 40, vec![wide("web-1-a", 25)]);
    console.type_keys("j o");
    console.upsert(vec![with_crash(wide("web-1-a", 25), 24, 2)]);
    let aside: Vec<_> = console
        .set_aside()
        .iter()
        .map(|follow| follow.stream.clone())
        .collect();
    let [stream] = aside.as_slice() else {
        panic!("{aside:?}");
    };
    console.say(stream.as_ref().clone(), |filling| {
        filling.marker(harness::logging::nanos(0), Marker::SetAside);
    });
    assert!(
        console.shows("set aside here for containers in trouble"),
        "{}",
        console.screen()
    );
    // All others go: there is room again, and it is the same stream that goes on.
    console.upsert(vec![versioned(wide("web-1-a", 24), 3)]);
    assert!(console.set_aside().is_empty());
    assert!(
        console
            .followed()
            .iter()
            .any(|follow| follow.stream == *stream)
    );
}

#[test]
fn not_ready_pods_come_before_well_ones_and_after_crashing_ones() {
    let mut pods: Vec<PodRow> = (0..60)
        .map(|number| pod(&format!("web-1-{number:02}")))
        .collect();
    for row in pods.iter_mut().skip(30) {
        *row = not_ready(row.name.raw(), 300);
    }
    pods[59] = crashing("web-1-59", 1, "Error");
    let mut console = Console::live(120, 40, pods);
    console.type_keys("j o o");
    let followed = console.followed_pods();
    assert!(followed.contains(&"web-1-59".to_owned()));
    let number = |name: &String| name[6..].parse::<usize>().unwrap();
    assert!(
        followed.iter().all(|name| number(name) >= 30),
        "{followed:?}"
    );
}
