//! Where the objects of a kind are in the API.

use std::fmt::Write as _;

use model::cluster::Kind;

/// The path of all objects of a kind: `/apis/apps/v1/namespaces/shop/deployments`.
pub(crate) fn collection(kind: Kind, namespace: Option<&str>) -> String {
    let group = match kind {
        Kind::Pod
        | Kind::Event
        | Kind::Namespace
        | Kind::Service
        | Kind::Node
        | Kind::ConfigMap
        | Kind::Secret => "/api/v1",
        Kind::Deployment
        | Kind::ReplicaSet
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::ControllerRevision => "/apis/apps/v1",
        Kind::EndpointSlice => "/apis/discovery.k8s.io/v1",
        Kind::HorizontalPodAutoscaler => "/apis/autoscaling/v2",
    };
    let namespace = namespace.map_or(String::new(), |name| {
        format!("/namespaces/{}", segment(name))
    });
    format!("{group}{namespace}/{}", kind.plural())
}

/// The path of one object.
pub(crate) fn object(kind: Kind, namespace: Option<&str>, name: &str) -> String {
    format!("{}/{}", collection(kind, namespace), segment(name))
}

/// One segment of a path or value of a query, percent-encoded (RFC 3986, unreserved characters stay).
pub(crate) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
