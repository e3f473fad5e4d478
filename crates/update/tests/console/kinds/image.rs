//! Why an image cannot be had, in a word.

use super::*;

const BACK_OFF: &str = r#"Back-off pulling image "registry.example/shop/app:1""#;

fn pulling(name: &str, reason: &str, message: &str) -> Value {
    pod(
        name,
        &json!({
            "metadata": {"creationTimestamp": ago(300)},
            "status": {
                "phase": "Pending",
                "conditions": [condition("Ready", "False", 300, "", "")],
                "containerStatuses": [container("app", &waiting(reason, message), &json!({}), 0)],
            },
        }),
    )
}

#[test]
fn the_class_stands_before_the_image() {
    let unknown = r#"rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/shop/app:1": failed to resolve reference "registry.example/shop/app:1": registry.example/shop/app:1: not found"#;
    let newer = format!(
        "{BACK_OFF}: ErrImagePull: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
    );
    let pods = [
        pulling("a-tag", "ErrImagePull", unknown),
        pulling("b-auth", "ImagePullBackOff", &newer),
        pulling("c-said", "ImagePullBackOff", BACK_OFF),
        pulling(
            "d-host",
            "ErrImagePull",
            "dial tcp: lookup registry.example on 10.96.0.10:53: no such host",
        ),
        pulling("e-open", "ImagePullBackOff", BACK_OFF),
    ];
    let limit = r#"Failed to pull image "registry.example/shop/app:1": 429 Too Many Requests: toomanyrequests: You have reached your pull rate limit"#;
    let events = [
        event(("Pod", "c-said"), "Failed", limit, (4, 60)),
        event(
            ("Pod", "c-said"),
            "Failed",
            "Error: ImagePullBackOff",
            (4, 10),
        ),
    ];
    let console = seen(&pods, &events);
    let image = "registry.example/shop/app:1";
    for (name, class) in [
        ("a-tag", "no such tag"),
        ("b-auth", "unauthorised"),
        ("c-said", "rate limit"),
        ("d-host", "no such host"),
    ] {
        says(&console, name, &[&format!("{class}: {image}")]);
    }
    says(&console, "e-open", &[BACK_OFF]);
}
