//! The writes of the console itself, one to one with the requests of the audit log.

use components::control_plane::eventually;

use super::{AGREED, Shift};

#[tokio::test(flavor = "multi_thread")]
async fn each_write_of_the_console_is_one_request_of_the_audit_log() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let name = "record-own";
    plane.kubectl(&["create", "namespace", name]);
    plane.deploy(name, "checkout", 2);
    let mut shift = Box::pin(Shift::begin(plane, name)).await;
    shift.until_ready(2).await;
    let incident = shift.open("too few pods").await;
    shift.rig.ready(2).await;
    for (keys, times) in [("x s 3 enter", 1), ("x r", 2), ("x s 2 enter", 3)] {
        shift.rig.type_keys(keys);
        shift.rig.say_yes().await;
        shift
            .rig
            .until("applied", |rig| rig.intents("applied") == (times, times))
            .await;
        let pods = if times == 3 { 2 } else { 3 };
        shift.until_ready(pods).await;
        // The pod under the cursor may be another one now.
        shift.rig.ready(pods).await;
    }
    shift.close("done").await;

    let told = shift.end().read(incident);
    told.assert_own();
    eventually("the audit log has all writes", || plane.writes(name) >= 3);
    let requests = plane.writes_of("watchfloor", name);
    let of_kind = |kind: &str| {
        let entries = told.entries.iter();
        let found = entries.filter(|entry| entry.word("kind") == kind);
        found.collect::<Vec<_>>()
    };
    let (intents, results) = (of_kind("action.intent"), of_kind("action.result"));
    assert_eq!(intents.len(), requests.len(), "{requests:#?}\n{told}");
    assert_eq!(results.len(), requests.len(), "{requests:#?}\n{told}");
    for ((intent, result), request) in intents.iter().zip(&results).zip(&requests) {
        assert_eq!(result.word("refers_to"), intent.word("id"), "{told}");
        // On disk before it was sent, answered after.
        let near = |at: chrono::DateTime<chrono::Utc>| (at - request.received).abs() <= AGREED;
        assert!(
            near(intent.at()) && near(result.at()),
            "{request:?}\n{told}"
        );
        let recorded: chrono::DateTime<chrono::Utc> = intent.word("recorded_at").parse().unwrap();
        assert!(recorded <= request.received, "{request:?}\n{told}");
        let command = &result.0["command"];
        assert_eq!(command["exit"], request.code, "{told}");
        let verb = command["verb"].as_str().unwrap();
        let (method, resource) = verb.split_once(' ').unwrap();
        let asked = request.verb.to_uppercase();
        assert!(
            method == asked || (method, &*asked) == ("PUT", "UPDATE"),
            "{verb} {request:?}"
        );
        let is_scale = request.uri.split('?').next().unwrap().ends_with("/scale");
        assert_eq!(resource.ends_with("/scale"), is_scale, "{verb} {request:?}");
        if is_scale {
            let mut operations = request.body.as_array().unwrap().iter();
            let sets = operations.find(|one| one["op"] != "test").unwrap();
            assert_eq!(sets["path"], "/spec/replicas", "{request:?}");
            let after = sets["value"].to_string();
            assert_eq!(
                intent.0["change"]["after"].as_str(),
                Some(&*after),
                "{request:?}"
            );
        }
    }
}
