//! New revisions of a StatefulSet and a DaemonSet, read over the network: what the list has, and what the timeline makes of it.

use components::rig::Rig;
use model::cluster::Kind;
use model::kind;
use model::owner::Owner;
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::settings::Settings;
use serde_json::json;

use crate::bed::Bed;

fn owner(kind: Kind, name: &str) -> Owner {
    Owner {
        kind: kind.into(),
        name: name.into(),
    }
}

/// `r2 16.3 postgres 16.3`, by number.
fn lines(rows: &[RevisionRow], of: &Owner) -> Vec<String> {
    let own = rows.iter().filter(|row| row.owner.as_ref() == Some(of));
    let mut own: Vec<_> = own.collect();
    own.sort_by_key(|row| row.number);
    assert!(own.is_sorted_by_key(|row| row.created) && own[0].created.is_some());
    let line = |row: &&RevisionRow| {
        let (_, tag) = row.images[0].raw().rsplit_once(':').unwrap();
        let cause = row.change_cause.as_ref().unwrap();
        format!("r{} {tag} {}", row.number.unwrap(), cause.raw())
    };
    own.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_controller_revisions_of_a_namespace_are_read_with_number_image_and_cause() {
    let mut bed = Bed::new().await;
    let (database, agent) = (
        owner(Kind::StatefulSet, "orders-db"),
        owner(Kind::DaemonSet, "log-agent"),
    );
    let list = RevisionList {
        namespace: "shop".into(),
        kind: RevisionKind::ControllerRevision,
    };
    let both = vec![database.clone(), agent.clone()];
    let rows = bed.watching.revisions(&list, both).await.unwrap();
    assert_eq!(
        lines(&rows, &database),
        [
            "r1 16.2 postgres 16.2",
            "r2 16.3 postgres 16.3",
            "r3 16.4 postgres 16.4"
        ]
    );
    assert_eq!(
        lines(&rows, &agent),
        ["r1 3.1.0 agent 3.1.0", "r2 3.2.0 agent 3.2.0"]
    );
    let alone = vec![agent.clone()];
    let rows = bed.watching.revisions(&list, alone).await.unwrap();
    assert_eq!(rows.len(), 2, "what nobody asked about is left out");
}

/// Another image, and why.
async fn set_image(bed: &Bed, plural: &str, name: &str, container: &str, tag: &str) {
    let image = format!("registry.shop.example/{name}:{tag}");
    let patch = json!({
        "metadata": {"annotations": {"kubernetes.io/change-cause": format!("to {tag}")}},
        "spec": {"template": {"spec": {"containers": [{"name": container, "image": image}]}}},
    });
    let path = format!("/apis/apps/v1/namespaces/shop/{plural}/{name}");
    bed.patch(&path, &patch).await;
}

async fn until_rollout(rig: &mut Rig, words: &str) {
    rig.until(words, |rig| {
        let titles = rig.titles(kind::Kind::Rollout);
        titles.iter().any(|title| title.contains(words))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_revision_of_a_statefulset_or_a_daemonset_is_on_the_timeline_with_its_end() {
    let bed = Bed::new().await;
    let mut rig = Rig::new(&bed.kubeconfig(), "shop", Settings::default()).await;
    rig.until("it is live", Rig::is_live).await;
    rig.until("what was there is filed", |rig| {
        rig.model.observed.rollouts.begun.len() == 3
    })
    .await;
    // Nobody has built this one.
    set_image(&bed, "statefulsets", "orders-db", "postgres", "17.0").await;
    for words in [
        "r4 of orders-db: 16.4 -> 17.0 (to 17.0)",
        "r4 of orders-db: failing, orders-db-1 ",
    ] {
        until_rollout(&mut rig, words).await;
    }
    // The template of its first revision: that one is used again, with the cause that it was made for.
    set_image(&bed, "daemonsets", "log-agent", "agent", "3.1.0").await;
    for words in [
        "r3 of log-agent: back to 3.1.0 (agent 3.1.0)",
        "r3 of log-agent: done, ",
    ] {
        until_rollout(&mut rig, words).await;
    }
    let titles = rig.titles(kind::Kind::Rollout);
    let about = |name: &str| titles.iter().filter(|title| title.contains(name)).count();
    assert_eq!(about(" of log-agent: "), 2, "{titles:?}");
    rig.close();
}
