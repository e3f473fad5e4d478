//! The nine promises, one module each, with what would catch each being broken.

mod cursor;
mod freshness;
mod saved;

/// Every write is seen before, during and after: preview, yes, intent on disk, request, verdict.
mod promise_3_every_write_is_seen {
    use harness::mash::free;

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
    use model::settings::Settings;

    use harness::mash::{free, mash};

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
