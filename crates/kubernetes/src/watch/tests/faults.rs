//! Refusals and failures: who waits, who relists, who stops, and what is said.

use super::*;
use model::cluster::ProblemClass;

fn throttled(retry_after_s: Option<u64>) -> Input<Thing> {
    Input::Refused(Refusal {
        code: 429,
        retry_after_s,
        ..Refusal::default()
    })
}

#[test]
fn an_error_event_ends_the_watch() {
    // client-go: CloseWatchChannelOnError.
    let mut rig = Rig::live();
    rig.items(vec![error(404, "NotFound"), applied("c", 12)]);
    assert_eq!(rig.closes, 1);
    assert_eq!(rig.uids(), ["a", "b"], "nothing after an error counts");
    assert!(matches!(rig.until_asked(), Request::Stream { .. }));
}

#[test]
fn too_many_requests_waits_and_does_not_list() {
    // client-go: BackoffOnTooManyRequests, NoRelistOnTooManyRequests.
    let mut rig = Rig::live();
    rig.items(vec![error(429, "TooManyRequests")]);
    for _ in 0..5 {
        assert!(is_watch(&rig.until_asked()));
        rig.put(throttled(None));
    }
    assert_eq!(rig.syncs, 1);
    assert!(
        matches!(rig.health(), Health::Stale { problem, .. } if problem.class == ProblemClass::Throttled)
    );
}

#[test]
fn retry_after_is_obeyed_from_one_to_thirty_seconds() {
    for (said, waited) in [(Some(1), 1_000), (Some(12), 12_000), (Some(3_600), 30_000)] {
        let mut rig = Rig::live();
        rig.now_ms += 60_000;
        rig.put(Input::Ended);
        rig.until_asked();
        let asked = rig.now_ms;
        rig.put(throttled(said));
        assert_eq!(rig.servers.last(), Some(&Server::Throttled(waited)));
        rig.until_asked();
        let pause = rig.now_ms - asked;
        assert!(
            (waited..waited + 20).contains(&pause),
            "{said:?}: {pause} ms"
        );
    }
}

#[test]
fn an_internal_error_resumes_and_only_after_several_the_list_is_read_again() {
    // client-go: RetryInternalError.
    let mut rig = Rig::live();
    for _ in 0..INTERNAL_ERRORS_MAX {
        rig.items(vec![error(500, "InternalError")]);
        assert!(is_watch(&rig.until_asked()));
        rig.put(Input::Opened);
    }
    rig.items(vec![error(500, "InternalError")]);
    assert!(!is_watch(&rig.until_asked()));
}

#[test]
fn refused_credentials_are_renewed_once_and_then_a_person_is_asked_while_it_tries_each_minute() {
    let mut rig = Rig::live();
    rig.items(vec![error(401, "Unauthorized")]);
    assert_eq!(rig.logins, 1);
    rig.until_asked();
    rig.put(refusal(401));
    assert_eq!(rig.logins, 1);
    assert_eq!(rig.stopped().unwrap().class, ProblemClass::Unauthorized);
    assert!(rig.stopped().unwrap().next.contains("login"));
    assert_eq!(rig.uids(), ["a", "b"], "rows stay");
    let before = rig.sent.len();
    rig.pass(REFUSED_MS - 100);
    assert_eq!(rig.sent.len(), before);
    assert!(is_watch(&rig.until_asked()));
    rig.put(Input::Opened);
    rig.pass(PROOF_MS + 1);
    assert!(rig.is_live());
}

#[test]
fn where_only_watch_is_forbidden_the_list_is_read_each_fifteen_seconds() {
    let mut rig = Rig::new();
    rig.put(refusal(403));
    assert_eq!(
        rig.last(),
        Request::List {
            version: "0".into()
        }
    );
    for _ in 0..3 {
        rig.put(Input::Opened);
        rig.put(Input::Version("20".into()));
        rig.items(vec![applied("a", 3)]);
        rig.put(Input::Ended);
        assert!(matches!(rig.health(), Health::Polling { .. }));
        let before = rig.now_ms;
        assert!(matches!(rig.until_asked(), Request::List { .. }));
        assert!((POLL_MS..POLL_MS + 20).contains(&(rig.now_ms - before)));
    }
}

#[test]
fn where_list_is_forbidden_it_stops_says_so_and_asks_each_minute_whether_it_still_is() {
    let mut rig = Rig::new();
    rig.put(refusal(403));
    rig.put(refusal(403));
    let problem = rig.stopped().unwrap();
    assert_eq!(problem.class, ProblemClass::Forbidden);
    assert!(problem.what.raw().contains("list things in shop"));
    // A server that just started refuses for a moment what it will allow.
    let mut pauses = Vec::new();
    for _ in 0..3 {
        let before = rig.now_ms;
        rig.until_asked();
        pauses.push((rig.now_ms - before).next_multiple_of(1_000));
        rig.put(refusal(403));
        rig.put(refusal(403));
    }
    assert_eq!(pauses, [FORBIDDEN_MS, REFUSED_MS, REFUSED_MS]);
    rig.until_asked();
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3)]);
    assert!(rig.stopped().is_none(), "the right was granted");
}

#[test]
fn rights_that_are_taken_away_in_mid_watch_stop_it_and_the_rows_stay() {
    let mut rig = Rig::live();
    rig.items(vec![error(403, "Forbidden")]);
    assert!(matches!(rig.last(), Request::List { .. }));
    rig.put(refusal(403));
    assert!(rig.stopped().is_some());
    assert_eq!(rig.uids(), ["a", "b"]);
}

#[test]
fn an_unanswered_request_is_given_up_and_asked_again() {
    let mut rig = Rig::new();
    rig.pass(PATIENCE_MS + 1);
    assert!(rig.closes == 1 && rig.is_stale());
    rig.until_asked();
}

#[test]
fn a_wait_at_the_gate_is_told_with_the_time_of_the_next_try() {
    let mut rig = Rig::live();
    rig.put(broken());
    rig.until_asked();
    let retry = rig.now().plus_ms(9_000);
    rig.put(Input::Held(retry, None));
    assert!(matches!(rig.health(), Health::Stale { retry: Some(at), .. } if *at == retry));
}

#[test]
fn a_person_who_asks_is_obeyed_at_once_but_not_faster_than_the_floor() {
    let mut rig = Rig::live();
    for _ in 0..6 {
        rig.put(broken());
        rig.until_asked();
    }
    rig.put(broken());
    let before = rig.sent.len();
    rig.now_ms += 1_000;
    rig.put(Input::Retry);
    assert_eq!(rig.sent.len(), before + 1);
    rig.put(broken());
    rig.put(Input::Retry);
    assert_eq!(rig.sent.len(), before + 1, "within the floor");
}
