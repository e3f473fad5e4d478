//! Lines of kubectl and oc to what they ask for.

use runbook::{GuardedReason, StepClass, StepRunner};

use crate::listing::{step, words};

fn all(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(line, expected)| {
            let said = words(line);
            let is_native = step(line).runner() == StepRunner::Console;
            (said != *expected || !is_native)
                .then(|| format!("{line}\n  is  {said}\n  not {expected}, native: {is_native}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn flags_count_in_every_form_and_place() {
    all(&[
        ("kubectl get pods -n shop", "get pods in shop"),
        ("kubectl get pods -nshop", "get pods in shop"),
        ("kubectl get pods -n=shop", "get pods in shop"),
        ("kubectl get pods --namespace shop", "get pods in shop"),
        ("kubectl --namespace=shop get pods", "get pods in shop"),
        ("kubectl -n shop get pods", "get pods in shop"),
        ("kubectl get -n shop pods", "get pods in shop"),
        ("oc get -nshop po", "get pods in shop"),
        ("k get pods -A", "get pods in all namespaces"),
        (
            "kubectl get pods --all-namespaces=true",
            "get pods in all namespaces",
        ),
        (
            "kubectl --context prod get pods",
            "get pods at context prod",
        ),
        (
            "kubectl get pods -Ao wide",
            "get pods as wide in all namespaces",
        ),
        ("kubectl get pods -oname", "get pods as name"),
        (
            "kubectl get pods -w --sort-by=.status.startTime",
            "get pods sorted by .status.startTime watched",
        ),
        (
            "kubectl logs web -fc app",
            "logs of pods web container app followed",
        ),
        ("kubectl -v=8 get nodes", "get nodes"),
    ]);
}

#[test]
fn objects_are_named_in_every_form() {
    all(&[
        ("kubectl get deploy", "get deployments"),
        ("kubectl get deployment web api", "get deployments web api"),
        (
            "kubectl get deploy/web svc/web",
            "get deployments/web services/web",
        ),
        ("kubectl get pods,svc,ing", "get pods,services,ingresses"),
        ("kubectl get deployments.apps web", "get deployments web"),
        (
            "kubectl get PVC data-0",
            "get persistentvolumeclaims data-0",
        ),
        ("kubectl get networkpolicy", "get networkpolicies"),
        ("kubectl get ingress web", "get ingresses web"),
        (
            "kubectl get certificates.cert-manager.io web",
            "get certificates.cert-manager.io web",
        ),
        (
            "kubectl get pods -l app=web,tier!=x --field-selector=status.phase=Failed",
            "get pods with labels app=web,tier!=x with fields status.phase=Failed",
        ),
        ("kubectl describe node worker-1", "describe nodes worker-1"),
        ("kubectl describe -f web.yaml", "describe from web.yaml"),
        ("kubectl delete pods --all", "delete pods all of them"),
    ]);
}

#[test]
fn logs_in_their_forms() {
    all(&[
        ("kubectl logs web-0", "logs of pods web-0"),
        (
            "kubectl logs -f deployment/web -n shop",
            "logs of deployments/web followed in shop",
        ),
        (
            "kubectl logs -f -l app=web",
            "logs of pods with labels app=web followed",
        ),
        (
            "kubectl logs web-0 -c app --previous --tail=50 --timestamps",
            "logs of pods web-0 container app of the previous container with times last 50",
        ),
        ("kubectl logs web-0 app", "logs of pods web-0 container app"),
        (
            "kubectl logs pod/web-0 --all-containers --since 1h",
            "logs of pods/web-0 all containers since 1h",
        ),
        (
            "kubectl logs web-0 -p | grep -i error | tail -n 5",
            "logs of pods web-0 of the previous container | lines with error in any case | last 5 lines",
        ),
        (
            "kubectl logs web-0 2>&1 | less",
            "logs of pods web-0 | read page by page",
        ),
        (
            "kubectl logs web-0 > web.log",
            "logs of pods web-0 | saved to web.log",
        ),
        (
            "kubectl logs web-0 >> web.log 2>/dev/null",
            "logs of pods web-0 | added to web.log",
        ),
    ]);
}

#[test]
fn changes_in_their_forms() {
    all(&[
        (
            "kubectl scale deploy web --replicas 0",
            "scale deployments web to 0",
        ),
        (
            "kubectl scale --replicas=3 sts/db",
            "scale statefulsets/db to 3",
        ),
        (
            "kubectl rollout status deploy/web --timeout=60s",
            "rollout status of deployments/web",
        ),
        (
            "kubectl rollout history deployment web --revision=3",
            "rollout history of deployments web revision 3",
        ),
        (
            "kubectl rollout undo deployment web --to-revision=3",
            "roll back deployments web revision 3",
        ),
        (
            "kubectl rollout restart ds/agent -n kube-system",
            "restart daemonsets/agent in kube-system",
        ),
        (
            "kubectl -n shop rollout pause deploy web",
            "pause rollout of deployments web in shop",
        ),
        (
            "kubectl delete pod web-0 --force --grace-period=0",
            "delete pods web-0 by force",
        ),
        ("kubectl apply -k overlays/prod", "apply from overlays/prod"),
        (
            "kubectl apply -f web.yaml --dry-run=server",
            "dry run of from web.yaml",
        ),
        ("kubectl diff -f web.yaml", "difference to from web.yaml"),
        ("kubectl cordon worker-1", "cordon nodes worker-1"),
        (
            "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --force",
            "drain nodes worker-1 with local data by force",
        ),
        (
            "kubectl set image deployment/web app=web:2",
            "set image of deployments/web app=web:2",
        ),
        (
            "kubectl set env deploy/web LOG_LEVEL=debug",
            "set env of deployments/web LOG_LEVEL=debug",
        ),
        (
            "kubectl patch pdb web --type=merge -p '{\"spec\":{\"minAvailable\":0}}'",
            "patch poddisruptionbudgets web as merge with {\"spec\":{\"minAvailable\":0}}",
        ),
        (
            "kubectl label node worker-1 disk=ssd old-",
            "label nodes worker-1 disk=ssd old-",
        ),
        (
            "kubectl annotate deploy/web note=x --overwrite",
            "annotate deployments/web note=x",
        ),
        (
            "kubectl taint nodes worker-1 key=value:NoSchedule-",
            "taint nodes worker-1 key=value:NoSchedule-",
        ),
        ("kubectl edit cm web", "edit configmaps web"),
        (
            "kubectl cp shop/web-0:/tmp/heap ./heap -c app",
            "copy shop/web-0:/tmp/heap to ./heap container app",
        ),
        ("kubectl config use-context prod", "use context prod"),
        ("oc project shop", "use namespace shop"),
    ]);
}

#[test]
fn commands_in_pods_and_what_else_reads() {
    all(&[
        (
            "kubectl exec -it web-0 -c app -- sh",
            "exec in pods web-0 container app interactively : sh",
        ),
        (
            "kubectl exec web-0 -n shop -- curl -s localhost:8080/health",
            "exec in pods web-0 : curl -s localhost:8080/health in shop",
        ),
        (
            "kubectl exec deploy/web -- env",
            "exec in deployments/web : env",
        ),
        ("kubectl exec web-0 date", "exec in pods web-0 : date"),
        ("oc rsh web-0", "exec in pods web-0 interactively"),
        ("kubectl top nodes --sort-by=cpu", "top nodes sorted by cpu"),
        (
            "kubectl top pod web-0 --containers",
            "top pods web-0 by container",
        ),
        ("oc adm top pods", "top pods"),
        (
            "kubectl get events --field-selector involvedObject.name=web-0 -w",
            "events of involvedObject.name=web-0 watched",
        ),
        ("kubectl events --for pod/web-0", "events of pod/web-0"),
        (
            "kubectl port-forward svc/web 8080:80",
            "forward services/web 8080:80",
        ),
        (
            "kubectl auth can-i delete pods -n shop",
            "may I delete pods in shop",
        ),
        (
            "kubectl wait --for=condition=Ready pod/web-0 --timeout=60s",
            "wait for pods/web-0 until condition=Ready at most 60s",
        ),
        ("kubectl api-resources", "api-resources"),
        ("kubectl cluster-info", "cluster-info"),
        ("kubectl config current-context", "config current-context"),
        ("kubectl get --raw /readyz", "get --raw /readyz"),
        (
            "kubectl debug node/worker-1 -it --image=busybox",
            "debug nodes/worker-1 image busybox",
        ),
        (
            "kubectl run tmp --rm -it --image=busybox -- nslookup web",
            "run tmp image busybox : nslookup web",
        ),
        ("watch -n 5 kubectl get pods", "get pods | every 5 s"),
        (
            "watch 'kubectl get pods -n shop'",
            "get pods in shop | again and again",
        ),
        ("sudo kubectl get nodes", "get nodes | as root"),
    ]);
}

#[test]
fn what_is_not_native_is_guarded_and_says_why() {
    for (line, why) in [
        (
            "kubectl get pods --colour",
            "the flag --colour of get is not known",
        ),
        (
            "kubectl frobnicate pods",
            "the verb frobnicate is not known",
        ),
        (
            "kubectl create secret generic a --from-literal=b=c",
            "create secret is done by no native action",
        ),
        ("kubectl delete -n shop", "delete names no object"),
        ("kubectl scale deploy/web", "scale has no --replicas"),
        ("kubectl <verb> pods", "the verb is left open"),
        ("kubectl exec web-0", "exec names no command"),
        (
            "kubectl logs -n",
            "the flag --namespace without a value of logs is not known",
        ),
    ] {
        let step = step(line);
        assert_eq!(step.class, StepClass::Kubectl, "{line}");
        assert_eq!(step.runner(), StepRunner::GuardedProcess, "{line}");
        assert_eq!(
            step.commands()[0].guarded,
            Some(GuardedReason::NotNative(why.into())),
            "{line}"
        );
    }
    let piped = step("kubectl get pods | sed s/a/b/");
    assert_eq!(piped.reason().unwrap(), "its output goes through sed");
    let computed = step("kubectl delete pod $(kubectl get pods -o name)");
    assert_eq!(
        computed.reason().unwrap(),
        "a part of it is worked out by a shell"
    );
}

/// A native action that left one of these out would be another one than the line asks for.
#[test]
fn a_flag_that_no_native_action_knows_is_never_left_out() {
    for line in [
        "kubectl delete pod web-0 --dry-run=client",
        "kubectl scale deploy/web --replicas=3 --dry-run=server",
        "kubectl scale deploy/web --replicas=3 --current-replicas=2",
        "kubectl delete sts db --cascade=orphan",
        "kubectl delete pod web-0 --grace-period=30",
        "kubectl apply -f x.yaml --prune -l app=web",
        "kubectl replace -f x.yaml --force",
        "kubectl patch deploy web --patch-file=x.json",
        "kubectl drain worker-1 --pod-selector=app=web",
        "kubectl get pods --as=admin",
        "kubectl --kubeconfig=/etc/admin.conf get nodes",
        "kubectl get nodes --server=https://a.test",
        "KUBECONFIG=/etc/admin.conf kubectl get nodes",
        "kubectl port-forward svc/web 80 --address=0.0.0.0",
        "kubectl run tmp --image=busybox --overrides={} -- sh",
        "kubectl debug web-0 --image=busybox --target=app",
        "docker -H tcp://a.test ps",
        "DOCKER_HOST=tcp://a.test docker ps",
        "docker exec -e A=1 web env",
        "docker exec -w /srv web ls",
        "docker compose --env-file x up -d",
        "docker compose exec --index=2 web ls",
        "docker compose down --rmi all",
        "curl --resolve a.test:80:1.2.3.4 http://a.test",
        "curl -b a=1 http://a.test",
        "curl -d a=1 -d b=2 http://a.test",
        "curl -d @body.json http://a.test",
        "curl -G -d a=1 http://a.test",
        "curl -O http://a.test/x.tar",
        "kubectl apply -f x.yaml --dry-run=false --validate=false --edit",
    ] {
        assert_eq!(
            step(line).runner(),
            StepRunner::GuardedProcess,
            "{line}: {}",
            words(line)
        );
    }
    assert_eq!(
        words("docker exec -u root web id"),
        "exec in web as root: id"
    );
    assert_eq!(
        words("docker compose --profile full up -d"),
        "up the whole project detached in profile full"
    );
    assert_eq!(
        words("kubectl apply -f x.yaml --dry-run=none"),
        "apply from x.yaml"
    );
}
