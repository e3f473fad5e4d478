//! Lines of curl and wget, and requests that stand alone.

use runbook::{Native, Risk, StepRunner};

use crate::listing::{step, steps_of, words};

#[test]
fn curl_lines_become_requests() {
    for (line, expected) in [
        ("curl https://a.test/health", "GET https://a.test/health"),
        (
            "curl -sS -k -L https://a.test",
            "GET https://a.test following redirects with any certificate",
        ),
        ("curl -I localhost:8080", "HEAD localhost:8080"),
        (
            "curl -X POST -H 'Content-Type: application/json' -d '{\"a\":1}' http://a.test/x",
            "POST http://a.test/x header Content-Type: application/json body {\"a\":1}",
        ),
        (
            "curl -XDELETE \"http://a.test/x?y=1&z=2\"",
            "DELETE http://a.test/x?y=1&z=2",
        ),
        (
            "curl -fsS http://a.test | jq .status",
            "GET http://a.test expecting success | JSON .status",
        ),
        (
            "curl -u admin:<password> http://a.test/",
            "GET http://a.test/ with credentials",
        ),
        (
            "curl -o /dev/null -s -w '%{http_code}' http://<host>:9090/-/healthy",
            "GET http://<host>:9090/-/healthy measuring times",
        ),
        (
            "wget -qO- http://a.test/metrics",
            "GET http://a.test/metrics following redirects expecting success",
        ),
    ] {
        assert_eq!(words(line), expected, "{line}");
        assert_eq!(step(line).runner(), StepRunner::Console, "{line}");
    }
}

#[test]
fn requests_that_need_files_or_other_ways_are_guarded() {
    for line in [
        "curl -F file=@a.txt http://a.test",
        "curl --cert a.pem https://a.test",
        "curl --frob http://a.test",
        "curl",
        "curl http://a.test http://b.test",
    ] {
        assert_eq!(step(line).runner(), StepRunner::GuardedProcess, "{line}");
    }
}

#[test]
fn a_request_in_a_fence_of_its_own_is_a_step() {
    let steps =
        steps_of("```http\nGET /health HTTP/1.1\nHost: a.test\n\nDELETE /cache/<key>\n```\n");
    let [read, delete] = &steps[..] else {
        panic!("{steps:?}")
    };
    assert!(
        matches!(&read.commands()[0].native, Some(Native::Http(check)) if check.url.text() == Some("/health"))
    );
    assert_eq!(delete.risk, Risk::Destructive);
    assert_eq!(delete.placeholders[0].key, "key");
}
