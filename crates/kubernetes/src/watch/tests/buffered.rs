//! A proxy that holds streams back: plain lists come through, and the table is read again and again.

use super::*;

fn is_stream(request: &Request) -> bool {
    matches!(request, Request::Stream { .. })
}

impl Rig {
    /// A whole answer to the plain list that is asked for.
    pub(super) fn answer_list(&mut self, items: Vec<Item<Thing>>) {
        assert!(
            matches!(self.last(), Request::List { .. }),
            "{:?}",
            self.last()
        );
        self.put(Input::Opened);
        self.put(Input::Version("20".into()));
        self.items(items);
        self.put(Input::Ended);
    }

    fn polls_buffered(&self) -> bool {
        let reason = PollReason::Buffered;
        matches!(self.health(), Health::Polling { reason: why, .. } if *why == reason)
    }

    /// A stream that brings these rows and stands still, twice, with whole lists of `a`, `b` and `c`.
    fn held_back(has_head: bool, brought: &[&str]) -> Rig {
        let mut rig = Rig::new();
        for _ in 0..2 {
            assert!(is_stream(&rig.until_asked()));
            if has_head {
                rig.put(Input::Opened);
                rig.items(brought.iter().map(|uid| applied(uid, 3)).collect());
            }
            rig.pass(STREAM_PATIENCE_MS + 1);
            rig.answer_list(vec![applied("a", 3), applied("b", 4), applied("c", 5)]);
            assert!(rig.polls_buffered());
            assert_eq!(rig.uids(), ["a", "b", "c"]);
        }
        rig
    }
}

#[test]
fn a_stream_that_is_held_back_twice_is_read_again_and_again_instead() {
    for (has_head, brought) in [(false, &[][..]), (true, &[]), (true, &["a", "b"])] {
        let mut rig = Rig::held_back(has_head, brought);
        assert!(!rig.no_streams && rig.servers.contains(&Server::Buffered));
        assert!(!rig.servers.contains(&Server::Failing));
        for _ in 0..30 {
            let before = rig.now_ms;
            assert!(matches!(rig.until_asked(), Request::List { .. }));
            assert!((POLL_MS..POLL_MS + 20).contains(&(rig.now_ms - before)));
            rig.answer_list(vec![applied("a", 3)]);
            assert_eq!(rig.uids(), ["a"], "what is gone goes");
        }
    }
}

#[test]
fn one_stream_that_stands_still_may_have_lost_its_connection() {
    let mut rig = Rig::new();
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3)]);
    rig.pass(STREAM_PATIENCE_MS + 1);
    rig.answer_list(vec![applied("a", 3), applied("b", 4)]);
    assert!(is_stream(&rig.until_asked()));
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3), applied("b", 4), initial_end(20)]);
    assert!(rig.is_live() && !rig.servers.contains(&Server::Buffered));
}

#[test]
fn a_stream_is_tried_again_after_a_while_and_ends_the_polling_when_it_flows() {
    let mut rig = Rig::held_back(true, &[]);
    while !is_stream(&rig.last()) {
        assert!(rig.now_ms < 1_200_000, "never tried again");
        if matches!(rig.until_asked(), Request::List { .. }) {
            rig.answer_list(vec![applied("a", 3)]);
        }
    }
    assert!(rig.polls_buffered(), "nothing is stale meanwhile");
    rig.put(Input::Opened);
    rig.items(vec![applied("a", 3), initial_end(30)]);
    assert!(rig.is_live());
    rig.now_ms += 60_000;
    rig.put(Input::Ended);
    assert!(is_watch(&rig.until_asked()));
}

#[test]
fn a_table_without_a_word_of_its_own_learns_it_from_another_table() {
    let mut rig = Rig::new();
    rig.put(Input::Opened);
    rig.pass(STREAM_PATIENCE_MS + 1);
    rig.answer_list(Vec::new());
    assert!(is_watch(&rig.last()), "an empty list says nothing");
    rig.put(Input::Opened);
    rig.put(Input::Buffered);
    rig.answer_list(vec![applied("a", 3)]);
    assert!(rig.polls_buffered());

    let mut fed = Rig::live();
    fed.items(vec![applied("c", 12)]);
    fed.put(Input::Buffered);
    assert!(fed.is_live() && fed.closes == 0, "its watch flows");
}

#[test]
fn a_server_that_is_dead_is_said_to_not_answer() {
    let mut rig = Rig::new();
    rig.pass(STREAM_PATIENCE_MS + 1);
    assert!(rig.is_stale());
    rig.pass(PATIENCE_MS + 1);
    assert_eq!(rig.servers.last(), Some(&Server::Failing));
    assert!(!rig.servers.contains(&Server::Buffered));
}
