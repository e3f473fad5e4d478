//! Of `ConfigMaps` and Secrets nothing but metadata is ever asked for, whatever is looked at.

use model::changes::ChangeField;
use model::cluster::{Kind, ObjectRef};

use crate::bed::{Bed, shop};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_configmap_or_a_secret_holds_is_never_asked_for() {
    let mut bed = Bed::new().await;
    let scope = shop();
    let wants = [Kind::ConfigMap, Kind::Secret].map(|kind| bed.watching.table(kind, &scope));
    bed.watching.want_all(wants);
    bed.watching
        .until("both are live", |seen| {
            seen.configmaps.is_live() && seen.secrets.is_live()
        })
        .await;
    for kind in [Kind::ConfigMap, Kind::Secret] {
        let object = ObjectRef {
            kind,
            namespace: Some("shop".into()),
            name: "key".into(),
            uid: "uid-key".into(),
        };
        let managers = bed.watching.managers(&object, ChangeField::Content).await;
        assert_eq!(managers, None, "there is none of this name");
    }
    let seen = bed.faults(|faults| faults.seen()).await;
    let asked: Vec<_> = seen
        .iter()
        .filter(|seen| seen.path.contains("/configmaps") || seen.path.contains("/secrets"))
        .collect();
    let is_bare = |range: &str| range.contains(";as=PartialObjectMetadata");
    for request in &asked {
        let mut ranges = request.accept.split(',');
        assert!(ranges.all(is_bare), "{request:?}");
    }
    for part in [
        "/configmaps?",
        "/secrets?",
        "/configmaps/key",
        "/secrets/key",
    ] {
        assert!(
            asked.iter().any(|seen| seen.path.contains(part)),
            "{part}: {asked:?}"
        );
    }
}
