//! The first list, streamed or plain, and lists that are read again.

use super::*;

#[test]
fn the_first_request_streams_the_list_and_its_end_mark_makes_the_table_live() {
    let mut rig = Rig::new();
    assert!(matches!(rig.last(), Request::Stream { version, .. } if version.is_empty()));
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3)]);
    assert!(matches!(rig.health(), Health::Listing { rows: 1 }));
    rig.items(vec![applied("b", 7), initial_end(10), applied("c", 11)]);
    assert!(rig.is_live());
    assert_eq!((rig.uids(), rig.syncs), (vec!["a", "b", "c"], 1));
}

#[test]
fn a_server_without_streamed_lists_is_asked_once_and_then_never_again() {
    for code in [400, 422] {
        let mut rig = Rig::new();
        rig.put(refusal(code));
        assert_eq!(
            rig.last(),
            Request::List {
                version: "0".into()
            }
        );
        assert!(rig.no_streams);
        rig.put(Input::Opened);
        rig.put(Input::Version("20".into()));
        rig.items(vec![applied("a", 3)]);
        rig.put(Input::Ended);
        assert!(rig.is_live());
        assert!(is_watch(&rig.last()));
        assert_eq!(version_of(&rig.last()), "20");
        rig.put(Input::Opened);
        rig.items(vec![error(410, "Expired")]);
        assert!(matches!(rig.until_asked(), Request::List { .. }));
    }
}

#[test]
fn a_server_that_ignores_streamed_lists_never_marks_their_end_and_is_listed_plainly() {
    let mut rig = Rig::new();
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3)]);
    rig.pass(STREAM_PATIENCE_MS + 1);
    assert_eq!(
        rig.last(),
        Request::List {
            version: "0".into()
        }
    );
    assert!(rig.closes == 1 && !rig.no_streams);
    rig.answer_list(vec![applied("a", 3)]);
    assert!(rig.no_streams, "there was no more to be sent");
    assert!(is_watch(&rig.last()));
}

#[test]
fn a_streamed_list_that_fails_is_tried_plainly_once_and_streamed_the_next_time() {
    let mut rig = Rig::new();
    rig.put(refusal(500));
    assert!(matches!(rig.until_asked(), Request::List { .. }));
    rig.put(refusal(500));
    assert!(matches!(rig.until_asked(), Request::Stream { .. }));
    assert!(!rig.no_streams);
}

#[test]
fn an_expired_watch_lists_at_least_what_is_known_and_the_newest_when_even_that_is_refused() {
    // client-go: FullListIfExpired, ExpiredExactResourceVersion. Both forms of 410.
    for is_event in [true, false] {
        let mut rig = Rig::live();
        rig.now_ms += 60_000;
        if is_event {
            rig.items(vec![error(410, "Expired")]);
        } else {
            rig.put(Input::Ended);
            assert!(is_watch(&rig.until_asked()));
            rig.put(refusal(410));
        }
        assert_eq!(version_of(&rig.until_asked()), "10");
        assert!(!is_watch(&rig.last()));
        rig.put(refusal(410));
        assert_eq!(version_of(&rig.until_asked()), "");
        rig.put(Input::Opened);
        rig.items(vec![applied("b", 30), initial_end(31)]);
        assert_eq!(rig.uids(), ["b"], "what went meanwhile is swept");
    }
}

#[test]
fn a_server_behind_the_known_version_is_asked_for_its_newest() {
    // client-go: FullListIfTooLarge.
    let mut rig = Rig::live();
    rig.items(vec![error(410, "Expired")]);
    rig.until_asked();
    rig.put(Input::Refused(Refusal {
        code: 504,
        is_version_ahead: true,
        ..Refusal::default()
    }));
    assert_eq!(version_of(&rig.until_asked()), "");
}

#[test]
fn rows_stay_until_a_list_is_whole_and_a_cut_list_sweeps_nothing() {
    let mut rig = Rig::live();
    rig.items(vec![error(410, "Expired")]);
    rig.until_asked();
    rig.put(Input::Opened);
    rig.items(vec![applied("b", 12)]);
    rig.put(broken());
    assert_eq!(rig.uids(), ["a", "b"]);
    assert!(rig.is_stale());
    assert!(matches!(rig.until_asked(), Request::List { .. }));
    rig.put(Input::Opened);
    rig.put(Input::Version("15".into()));
    rig.items(vec![applied("b", 12)]);
    assert_eq!(rig.uids(), ["a", "b"]);
    rig.put(Input::Ended);
    assert_eq!(rig.uids(), ["b"]);
}

#[test]
fn a_list_that_stands_still_is_given_up() {
    let mut rig = Rig::new();
    rig.put(refusal(422));
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3)]);
    rig.pass(PATIENCE_MS + 1);
    assert!(rig.closes == 1 && rig.is_stale());
}

#[test]
fn an_older_state_from_a_restored_server_is_believed_when_a_list_says_so() {
    let mut rig = Rig::live();
    rig.items(vec![error(410, "Expired")]);
    rig.until_asked();
    rig.put(refusal(410));
    rig.until_asked();
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 2), initial_end(5)]);
    assert_eq!(rig.table["a"].1, 2);
    rig.items(vec![applied("a", 6)]);
    assert_eq!(rig.table["a"].1, 6);
    rig.now_ms += 60_000;
    rig.put(Input::Ended);
    assert_eq!(version_of(&rig.until_asked()), "6");
}
