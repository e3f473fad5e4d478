//! What each user may see, and what is said about the rest.

use model::cluster::{Kind, ProblemClass, Scope};

use crate::plane;
use components::watching::{Watching, flags};

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_everything() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let mut watching = Watching::new(flags(&plane.kubeconfig("viewer"))).await;
    let namespaces = watching.table(Kind::Namespace, &Scope::All);
    watching.want_all([
        watching.pods(&Scope::All),
        watching.deployments(&Scope::All),
        namespaces,
    ]);
    watching
        .until("all tables are live", |seen| {
            seen.pods.is_live()
                && seen.deployments.is_live()
                && seen.namespaces.rows().any(|row| row.name.raw() == "shop")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_one_namespace_is_shown_that_one_and_told_why() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let mut watching = Watching::new(flags(&plane.kubeconfig("shop-only"))).await;
    watching.want(&Scope::All);
    watching
        .until("the allowed namespace is proposed", |seen| {
            seen.narrowed.is_some()
        })
        .await;
    let (scope, words) = watching.seen.narrowed.clone().unwrap();
    assert_eq!(scope, Scope::Namespace("shop".into()));
    assert_eq!(
        words,
        "showing shop: listing pods in all namespaces is forbidden to shop-only"
    );
    assert_eq!(
        watching.seen.pods.stopped().unwrap().class,
        ProblemClass::Forbidden
    );
    watching.want(&scope);
    watching
        .until("it is live", |seen| {
            seen.pods.is_live() && seen.deployments.is_live()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_nothing_is_told_so_and_the_server_is_left_alone() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let mut watching = Watching::new(flags(&plane.kubeconfig("nobody"))).await;
    watching.want(&Scope::All);
    watching
        .until("both tables stop", |seen| {
            seen.pods.stopped().is_some() && seen.deployments.stopped().is_some()
        })
        .await;
    let problem = watching.seen.pods.stopped().unwrap();
    assert_eq!(problem.class, ProblemClass::Forbidden);
    assert!(
        problem.what.raw().contains("list pods in all namespaces"),
        "{}",
        problem.what.raw()
    );
    assert!(!problem.next.is_empty());
}
