//! What a reader has to fill in, and what only looks so.

use runbook::PlaceholderKind;

use crate::listing::{step, written};

#[test]
fn every_way_of_writing_a_placeholder_is_seen() {
    for (line, expected) in [
        (
            "kubectl logs <pod-name> -n <ns>",
            &["<pod-name>", "<ns>"][..],
        ),
        (
            "kubectl logs deploy/<name> -c \"<container>\"",
            &["<name>", "<container>"],
        ),
        (
            "kubectl exec -it <pod name from the list> -- /bin/sh",
            &["<pod name from the list>"],
        ),
        ("kubectl -n $NAMESPACE logs ${POD}", &["$NAMESPACE", "$POD"]),
        (
            "kubectl -n \"$NAMESPACE\" logs \"${POD:-web-0}\"",
            &["$NAMESPACE", "$POD"],
        ),
        ("docker logs [service]", &["[service]"]),
        (
            "kubectl -n [your namespace] get pods",
            &["[your namespace]"],
        ),
        ("kubectl -n ${NAMESPACE?} get pods", &["$NAMESPACE"]),
        ("curl https://a.test/[org]/issues", &["[org]"]),
        ("kubectl get pods -n {namespace}", &["{namespace}"]),
        ("kubectl get pods -n {{ namespace }}", &["{{ namespace }}"]),
        ("kubectl logs {{ $labels.pod }}", &["{{ $labels.pod }}"]),
        ("kubectl describe pod pod-name", &["pod-name"]),
        (
            "kubectl logs POD_NAME -n NAMESPACE",
            &["POD_NAME", "NAMESPACE"],
        ),
        (
            "kubectl rollout restart deployment/service-name",
            &["service-name"],
        ),
        (
            "kubectl logs your-pod -n my-namespace",
            &["your-pod", "my-namespace"],
        ),
        ("kubectl logs web-xxxxx", &["web-xxxxx"]),
        (
            "psql -h HOST -U USER -d DATABASE -c 'select 1;'",
            &["HOST", "USER", "DATABASE"],
        ),
        ("./deploy.sh prod --tag v1.2.3", &["v1.2.3"]),
        ("./deploy.sh registry.test/web:v1.2.3", &["v1.2.3"]),
        ("make restore BACKUP=filename.sql.gz", &["filename.sql.gz"]),
        (
            "kubectl patch deploy web -p '{\"spec\":{\"replicas\":<number>}}'",
            &["<number>"],
        ),
        ("kubectl cp <ns>/<pod>:/tmp/x ./x", &["<ns>", "<pod>"]),
        ("ssh <user>@<host>", &["<user>", "<host>"]),
    ] {
        assert_eq!(written(line), expected, "{line}");
    }
}

#[test]
fn what_belongs_to_a_language_is_no_placeholder() {
    for line in [
        "cat <in.txt >out.txt",
        "sort < in.txt > out.txt",
        "ls file[0-9] [a-z]*",
        "[ -f /tmp/x ]",
        "kubectl get pods -o jsonpath='{.items[0].metadata.name}'",
        "kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
        "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
        "docker inspect --format '{{json .State}}' web",
        "awk '{print}' x",
        "jq '.items[] | {name: .metadata.name}' x",
        "find . -name x -exec rm {} +",
        "mkdir {a,b} {1..3}",
        "curl -w '%{http_code}' http://a.test",
        "grep '[error]' x",
        "kubectl set env deploy/web LOG_LEVEL=debug",
        "curl -X POST http://a.test",
        "kill -HUP 1",
        "redis-cli CONFIG GET maxmemory",
        "kubectl get pods -l app.kubernetes.io/name=web",
        "kubectl logs web | grep ERROR",
        "kubectl patch svc web -p '{\"spec\":{\"x\":[\"a\"]}}'",
        "printf $HOME $1 $?",
        "for pod in a b; do kubectl logs $pod; done",
    ] {
        assert_eq!(written(line), [] as [&str; 0], "{line}");
    }
}

#[test]
fn the_kind_of_a_value_follows_from_its_name_and_its_place() {
    use PlaceholderKind::{
        Container, Deployment, Free, Host, Namespace, Node, Number, Pod, Secret, Url, Version,
    };
    for (line, kind) in [
        ("kubectl get pods -n <x>", Namespace),
        ("kubectl get pods --namespace=<x>", Namespace),
        ("kubectl logs <x>", Pod),
        ("kubectl logs a -c <x>", Container),
        ("kubectl describe pod <x>", Pod),
        ("kubectl scale deployment a --replicas=<x>", Number),
        ("kubectl rollout undo deployment/<x>", Deployment),
        ("kubectl drain <x>", Node),
        ("ping <db-host>", Host),
        ("curl <endpoint-url>", Url),
        ("./deploy.sh <version>", Version),
        ("./login.sh <api-token>", Secret),
        ("./rollback.sh <deployment-id>", Free),
        ("docker logs <container>", Free),
        ("nc -z a <node-port>", Number),
        ("ping <pod-ip>", Host),
        ("./x.sh <host-pod>", Pod),
    ] {
        assert_eq!(step(line).placeholders[0].kind, kind, "{line}");
    }
}

#[test]
fn one_name_is_one_placeholder_however_it_is_written() {
    let step =
        step("kubectl logs <pod-name> && kubectl delete pod $POD_NAME && kubectl get pod pod-name");
    assert_eq!(step.placeholders.len(), 1);
    assert_eq!(step.placeholders[0].places.len(), 3);
}
