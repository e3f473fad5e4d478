//! How often a server is asked that goes wrong in every way: never faster than the floor, and slower each time.

use super::*;

/// Answers every request the same way for ten minutes; the times of the requests.
fn hammer(mut rig: Rig, answer: impl Fn(&mut Rig, &Request)) -> Vec<u64> {
    if !rig.watch.is_asking() {
        rig.put(broken());
        rig.until_asked();
    }
    let end = rig.now_ms + 600_000;
    while rig.now_ms < end {
        let request = rig.last();
        answer(&mut rig, &request);
        rig.until_asked();
    }
    rig.sent.iter().map(|(at, _)| *at).collect()
}

fn assert_calm(times: &[u64], name: &str) {
    // The list that follows a refused stream, and the watch that follows a list, come at once: pairs at most.
    for three in times.windows(3) {
        assert!(three[2] - three[0] >= FLOOR_MS, "{name}: {three:?}");
    }
    let last: Vec<u64> = times.iter().rev().take(6).copied().collect();
    assert!(
        last[0] - last[5] >= 40_000,
        "{name}: never slowed down: {last:?}"
    );
    assert!(
        times.len() < 90,
        "{name}: {} requests in ten minutes",
        times.len()
    );
}

#[test]
fn watches_that_end_at_once_are_asked_for_ever_more_slowly_whatever_they_delivered() {
    // client-go calls only those without an event very short.
    for events in [0, 1] {
        let version = std::cell::Cell::new(100);
        let mut rig = Rig::live();
        rig.put(Input::Ended);
        rig.until_asked();
        let times = hammer(rig, |rig, _| {
            rig.put(Input::Opened);
            if events == 1 {
                version.set(version.get() + 1);
                rig.items(vec![applied("a", version.get())]);
            }
            rig.put(Input::Ended);
        });
        assert_calm(&times, &format!("{events} events"));
    }
}

#[test]
fn a_server_that_always_says_expired_is_listed_ever_more_slowly() {
    let times = hammer(Rig::live(), |rig, request| {
        if is_watch(request) {
            rig.put(refusal(410));
        } else {
            rig.put(Input::Opened);
            rig.items(vec![
                applied("a", 20),
                initial_end(21),
                error(410, "Expired"),
            ]);
        }
    });
    assert_calm(&times, "410 after each list");
}

#[test]
fn refusals_and_broken_connections_are_asked_ever_more_slowly() {
    for code in [404, 429, 500, 503] {
        assert_calm(
            &hammer(Rig::live(), |rig, _| rig.put(refusal(code))),
            &code.to_string(),
        );
    }
    assert_calm(&hammer(Rig::live(), |rig, _| rig.put(broken())), "reset");
    let opened_and_reset = |rig: &mut Rig, _: &Request| {
        rig.put(Input::Opened);
        rig.put(broken());
    };
    assert_calm(
        &hammer(Rig::live(), opened_and_reset),
        "reset after the head",
    );
}

#[test]
fn a_good_spell_forgives_earlier_failures() {
    let mut rig = Rig::live();
    for _ in 0..8 {
        rig.put(broken());
        rig.until_asked();
    }
    rig.put(Input::Opened);
    rig.pass(SHORT_MS + 1);
    rig.put(broken());
    let before = rig.now_ms;
    rig.until_asked();
    assert!(rig.now_ms - before <= FLOOR_MS * 5 / 4 + 20);
}
