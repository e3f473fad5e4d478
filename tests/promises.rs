//! The nine promises, one module each, with what would catch each being broken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;

/// The emulated cluster with a script of faults, and a log of what it was asked.
#[path = "faults/bed.rs"]
#[allow(dead_code)]
mod bed;
#[path = "promises/mash.rs"]
mod mash;

#[path = "promises/freshness.rs"]
mod promise_1_nothing_stale_is_shown_as_live;
#[path = "promises/cursor.rs"]
mod promise_2_the_cursor_is_on_an_object;
#[path = "promises/saved.rs"]
mod promise_4_nothing_acknowledged_is_lost;
#[path = "promises/log_lines.rs"]
mod promise_5_log_lines_are_never_lost_silently;
#[path = "promises/hostile.rs"]
mod promise_6_cluster_text_cannot_speak_to_the_terminal;
#[path = "promises/read_only.rs"]
mod promise_8_at_the_server;
#[path = "promises/link.rs"]
mod promises_7_and_9;

/// Every write is seen before, during and after: preview, yes, intent on disk, request, verdict.
mod promise_3_every_write_is_seen {
    use crate::mash::free;

    #[test]
    fn whatever_keys_come_a_request_leaves_only_after_its_own_intent_is_on_disk() {
        let mashed = free();
        assert!(mashed.sent.len() >= 100, "{} sent", mashed.sent.len());
        let mut intents = Vec::new();
        assert!(
            mashed.sent.iter().any(|(intent, _)| intent.is_none()),
            "no write went without a record"
        );
        for (intent, was_asked_twice) in &mashed.sent {
            match intent {
                Some(intent) => {
                    assert!(mashed.saved.contains(intent), "its intent is not on disk");
                    intents.push(*intent);
                }
                None => assert!(
                    was_asked_twice,
                    "sent without a record and without a second yes"
                ),
            }
        }
        let all = intents.len();
        intents.sort();
        intents.dedup();
        assert_eq!(intents.len(), all, "one intent, two requests");
    }

    #[test]
    fn every_answer_is_an_entry_beside_its_intent() {
        let mashed = free();
        let answered = mashed.sent.iter().filter_map(|(intent, _)| *intent);
        for intent in answered {
            assert!(mashed.results.contains(&intent), "no result: {intent}");
        }
    }
}

/// It never makes the outage worse: read-only means that nothing leaves this machine but reads.
mod promise_8_never_worse {
    use watchfloor::model::settings::Settings;

    use crate::mash::{free, mash};

    /// The same keys twice: they would write, and with the flag they do not.
    #[test]
    fn the_keys_that_write_are_disabled_with_their_reason_when_read_only() {
        let free = free();
        assert!(free.dialogs >= 1_000, "{} dialogs", free.dialogs);
        assert!(free.sent.len() >= 100, "{} confirmed", free.sent.len());
        let bound = mash(Settings {
            is_read_only: true,
            ..Settings::default()
        });
        assert_eq!(bound.keys, free.keys, "not the same keys");
        assert_eq!((bound.dialogs, bound.asked, bound.sent.len()), (0, 0, 0));
        assert!(bound.disabled >= 1_000, "{} refusals", bound.disabled);
        assert_eq!(bound.mute, 0, "a write key that said nothing");
    }
}
