//! A watch that runs: events, bookmarks, silence.

use super::*;

#[test]
fn events_change_the_table_and_an_older_one_never_replaces_a_newer_one() {
    let mut rig = Rig::live();
    rig.items(vec![applied("a", 30), applied("a", 20), applied("a", 30)]);
    assert_eq!(rig.table["a"].1, 30);
    rig.items(vec![deleted("a", 31), applied("a", 25)]);
    assert_eq!(rig.uids(), ["b"]);
    rig.items(vec![deleted("b", 2)]);
    assert_eq!(rig.uids(), ["b"], "a deletion from the past");
}

#[test]
fn a_table_that_is_live_says_so_once() {
    let mut rig = Rig::live();
    let before = rig.healths.len();
    for version in 20..60 {
        rig.now_ms += 5_000;
        rig.items(vec![applied("a", version), bookmark(version)]);
    }
    assert_eq!(rig.healths.len(), before);
}

#[test]
fn a_name_that_is_deleted_and_created_again_is_another_object() {
    let mut rig = Rig::live();
    rig.items(vec![deleted("a", 11), applied("a-again", 12)]);
    assert_eq!(rig.uids(), ["a-again", "b"]);
}

#[test]
fn versions_that_are_no_numbers_are_let_through() {
    let mut rig = Rig::live();
    rig.items(vec![Item::Applied(thing("z", 0), "opaque".into())]);
    rig.items(vec![Item::Applied(thing("z", 0), "paque".into())]);
    assert!(rig.uids().contains(&"z"));
}

#[test]
fn an_unknown_event_type_is_counted_and_the_rest_goes_on() {
    let mut rig = Rig::live();
    rig.items(vec![Item::Strange, applied("c", 12)]);
    assert_eq!((rig.watch.strange(), rig.uids().len()), (1, 3));
    assert!(rig.is_live());
}

#[test]
fn one_unreadable_object_is_told_by_name_and_the_rest_goes_on() {
    let mut rig = Rig::live();
    rig.items(vec![Item::Unreadable("shop/odd".into()), applied("c", 12)]);
    assert_eq!((rig.unreadable, rig.uids().len()), (1, 3));
}

#[test]
fn a_watch_asks_for_five_to_ten_minutes_and_goes_on_where_it_ended() {
    // client-go: WatchTimeout.
    let mut rig = Rig::live();
    rig.items(vec![bookmark(40)]);
    for _ in 0..20 {
        rig.now_ms += 600_000;
        rig.put(Input::Ended);
        let Request::Watch { version, timeout_s } = rig.until_asked() else {
            panic!("not a watch")
        };
        assert_eq!(version, "40");
        assert!((300..600).contains(&timeout_s));
        rig.put(Input::Opened);
        assert!(rig.is_live());
    }
    assert!(
        rig.healths
            .iter()
            .all(|health| !matches!(health, Health::Stale { .. }))
    );
    assert_eq!(rig.syncs, 1, "never read the list again");
}

#[test]
fn silence_without_the_bookmarks_it_had_asks_for_the_watch_anew_and_no_answer_is_stale() {
    let mut rig = Rig::live();
    rig.items(vec![bookmark(20)]);
    rig.pass(SILENCE_WITH_BOOKMARKS_MS - 1);
    assert_eq!(rig.sent.len(), 1);
    rig.pass(2);
    assert_eq!(version_of(&rig.last()), "20");
    assert!(rig.closes == 1 && rig.is_live());
    rig.pass(ANSWER_MS);
    assert!(rig.is_stale());
    rig.pass(PATIENCE_MS);
    assert_eq!(rig.servers.last(), Some(&Server::Failing));
    assert_eq!(rig.uids(), ["a", "b"], "rows stay");
}

#[test]
fn a_watch_without_bookmarks_is_probed_each_minute() {
    let mut rig = Rig::live();
    rig.now_ms += 60_000;
    rig.put(Input::Ended);
    rig.until_asked();
    rig.put(Input::Opened);
    rig.pass(SILENCE_MS + 1);
    assert_eq!(rig.last(), Request::Probe);
    rig.put(Input::Probed(Ok(())));
    assert!(rig.is_live());
    rig.pass(SILENCE_MS + ANSWER_MS + 2);
    assert!(rig.is_stale(), "no answer to the second probe");
    rig.put(Input::Probed(Ok(())));
    assert!(rig.is_live(), "a late answer is an answer");
    assert_eq!(rig.closes, 0);
}

#[test]
fn a_watch_that_opens_after_failures_is_live_only_when_it_lasts() {
    let mut rig = Rig::live();
    rig.put(broken());
    assert!(rig.is_stale());
    rig.until_asked();
    rig.put(Input::Opened);
    assert!(rig.is_stale());
    rig.pass(PROOF_MS + 1);
    assert!(rig.is_live());
}
