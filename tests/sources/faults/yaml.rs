//! An object as YAML: what the server has is shown, and what it answers badly is said in words, once, and not asked again.

use emulator::faults::{Fault, Rule};
use model::cluster::{ObjectRef, Problem, ProblemClass};
use model::pods::PodRow;
use serde_json::Value;

use crate::bed::{Bed, json, status};

/// A pod of the shop, and the path of its own.
async fn pod(bed: &mut Bed) -> (ObjectRef, String) {
    bed.look();
    bed.watching
        .until("the pods are there", |seen| seen.pods.synced == 1)
        .await;
    let pod = bed.watching.seen.pods.rows().next().map(PodRow::object);
    let pod = pod.expect("the shop has pods");
    let path = format!("/api/v1/namespaces/shop/pods/{}", pod.name.raw());
    (pod, path)
}

async fn refused(bed: &mut Bed, object: &ObjectRef) -> (ProblemClass, String) {
    let Problem { class, what, next } = bed.watching.yaml(object).await.unwrap_err();
    (class, format!("{}; {next}", what.raw()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_the_object_without_its_managed_fields() {
    let mut bed = Bed::new().await;
    let (object, path) = pod(&mut bed).await;
    let mut whole: Value = serde_json::from_str(&bed.get(&path).await).unwrap();
    let mut shown = bed.watching.yaml(&object).await.unwrap();
    let parsed = |text: &str| serde_saphyr::from_str::<Value>(text).unwrap();
    // The world goes on between the two.
    for _ in 0..20 {
        whole = serde_json::from_str(&bed.get(&path).await).unwrap();
        shown = bed.watching.yaml(&object).await.unwrap();
        if whole["metadata"]["resourceVersion"]
            == parsed(shown.text.raw())["metadata"]["resourceVersion"]
        {
            break;
        }
    }
    let metadata = whole["metadata"].as_object_mut().unwrap();
    metadata.remove("managedFields");
    assert_eq!(parsed(shown.text.raw()), whole);
    assert!(
        shown.text.raw().starts_with("apiVersion: v1\n"),
        "{shown:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_forbidden_or_failing_is_said_so() {
    let mut bed = Bed::new().await;
    let (object, path) = pod(&mut bed).await;
    for (code, class, words) in [
        (404, ProblemClass::Refused, "is gone from the cluster (404)"),
        (403, ProblemClass::Forbidden, "403"),
        (401, ProblemClass::Unauthorized, "log in again"),
        (500, ProblemClass::ServerError, "500"),
    ] {
        bed.script([Rule::next(&path, status(code, None))]).await;
        let (is, said) = refused(&mut bed, &object).await;
        assert!(is == class && said.contains(words), "{code}: {is:?} {said}");
    }
    bed.watching.yaml(&object).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_and_a_cut_answer_are_no_object() {
    let mut bed = Bed::new().await;
    let (object, path) = pod(&mut bed).await;
    let whole = bed.get(&path).await;
    let half = json(whole[..whole.len() / 2].to_owned());
    for fault in [Fault::Html, half, json("[]"), json("null")] {
        bed.script([Rule::next(&path, fault.clone())]).await;
        let (_, said) = refused(&mut bed, &object).await;
        let is_told = said.contains("no JSON") || said.contains("another");
        assert!(is_told, "{fault:?}: {said}");
    }
    bed.script([Rule::next(&path, Fault::Half)]).await;
    let (class, said) = refused(&mut bed, &object).await;
    assert_eq!(class, ProblemClass::Unreachable, "{said}");
    assert!(said.contains("not tried again by itself"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_object_of_the_same_name_is_not_taken_for_it() {
    let mut bed = Bed::new().await;
    let (object, _) = pod(&mut bed).await;
    let earlier = ObjectRef {
        uid: "an-earlier-one".into(),
        ..object
    };
    let (_, said) = refused(&mut bed, &earlier).await;
    assert!(said.contains("another has its name now"), "{said}");
}
