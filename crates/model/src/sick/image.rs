//! Why an image cannot be had, in a word. Container runtimes say it in sentences that begin the same for all reasons:
//! <https://github.com/containerd/containerd/blob/main/core/remotes/docker/errdefs.go>,
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes>.

use text::Outside;

/// Words of the runtime or of a registry, and what they mean. The first that is found counts: a refused token request may
/// mention the image that was not found.
const CLASSES: &[(&str, &[&str])] = &[
    (
        "rate limit",
        &["toomanyrequests", "too many requests", "rate limit"],
    ),
    ("no such host", &["no such host", "server misbehaving"]),
    (
        "certificate not trusted",
        &["x509:", "certificate signed by unknown authority"],
    ),
    (
        "unauthorised",
        &[
            "unauthorized",
            "401",
            "403",
            "forbidden",
            "access denied",
            "access to the resource is denied",
            "authorization failed",
            "authentication required",
            "no basic auth credentials",
            "insufficient_scope",
            "denied:",
        ],
    ),
    (
        "wrong platform",
        &[
            "no matching manifest",
            "no match for platform",
            "exec format",
        ],
    ),
    (
        "no such tag",
        &[
            "manifest unknown",
            "manifest_unknown",
            "name unknown",
            "name_unknown",
            "not found",
            "notfound",
            "does not exist",
        ],
    ),
    ("disk full", &["no space left on device"]),
    (
        "registry not reachable",
        &[
            "connection refused",
            "i/o timeout",
            "timeout",
            "deadline exceeded",
            "no route to host",
            "network is unreachable",
            "connection reset",
            "eof",
        ],
    ),
    (
        "registry fails",
        &["500 internal", "502 bad", "503 service", "504 gateway"],
    ),
];

/// The reason of a container that waits for its image.
pub fn is_pull(reason: &Outside) -> bool {
    matches!(
        reason.raw(),
        "ErrImagePull" | "ImagePullBackOff" | "ImageInspectError" | "RegistryUnavailable"
    )
}

/// The class of a failed pull; `None` when the words do not say it.
pub fn class(words: &Outside) -> Option<&'static str> {
    let words = words.raw().to_lowercase();
    // The name of the image stands in quotes, and may hold anything.
    let said: String = words.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let is_in = |patterns: &&[&str]| patterns.iter().any(|pattern| contains(&said, pattern));
    let found = CLASSES.iter().find(|(_, patterns)| is_in(patterns));
    found.map(|(class, _)| *class)
}

/// As words of their own: `4010` is no 401, `georgeoff` no EOF.
fn contains(text: &str, pattern: &str) -> bool {
    text.match_indices(pattern).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + pattern.len()..].chars().next();
        let is_part = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
        let ends_open = pattern.ends_with(|last: char| !last.is_alphanumeric());
        !is_part(before) && (ends_open || !is_part(after))
    })
}

#[cfg(test)]
mod tests {
    use super::class;

    #[test]
    fn each_failure_of_a_pull_has_its_word() {
        let cases = [
            (
                "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginx:nope\": failed to resolve reference \"docker.io/library/nginx:nope\": docker.io/library/nginx:nope: not found",
                Some("no such tag"),
            ),
            (
                "Failed to pull image \"r.example/a:1\": rpc error: code = Unknown desc = Error response from daemon: manifest for r.example/a:1 not found: manifest unknown: manifest unknown",
                Some("no such tag"),
            ),
            (
                "Back-off pulling image \"r.example/a:1\": ErrImagePull: pull access denied for a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
                Some("unauthorised"),
            ),
            (
                "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=x: 403 Forbidden",
                Some("unauthorised"),
            ),
            (
                "unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 401 Unauthorized",
                Some("unauthorised"),
            ),
            ("no basic auth credentials", Some("unauthorised")),
            (
                "httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/x/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
                Some("rate limit"),
            ),
            (
                "failed to do request: Head \"https://r.example/v2/a\": dial tcp: lookup r.example on 10.96.0.10:53: no such host",
                Some("no such host"),
            ),
            (
                "dial tcp 10.0.0.7:443: connect: connection refused",
                Some("registry not reachable"),
            ),
            (
                "net/http: TLS handshake timeout",
                Some("registry not reachable"),
            ),
            (
                "tls: failed to verify certificate: x509: certificate signed by unknown authority",
                Some("certificate not trusted"),
            ),
            (
                "no matching manifest for linux/arm64/v8 in the manifest list entries",
                Some("wrong platform"),
            ),
            (
                "write /var/lib/containerd/x: no space left on device",
                Some("disk full"),
            ),
            (
                "Back-off pulling image \"registry.example/forbidden/unauthorized:401\"",
                None,
            ),
        ];
        for (words, expected) in cases {
            assert_eq!(class(&words.into()), expected, "{words}");
        }
    }
}
