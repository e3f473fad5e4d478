//! How much harm a line may do.

use runbook::Risk;

use crate::listing::step;

#[test]
fn the_gravest_command_of_a_line_counts() {
    for (line, risk) in [
        ("kubectl get pods", Risk::Read),
        ("kubectl port-forward svc/web 80", Risk::Local),
        ("kubectl exec -it web-0 -- bash", Risk::Session),
        (
            "kubectl exec web-0 -- redis-cli flushall",
            Risk::Destructive,
        ),
        (
            "kubectl exec web-0 -- sh -c 'curl -s localhost | head -1; rm -rf /data'",
            Risk::Destructive,
        ),
        (
            "kubectl exec web-0 -- psql -c 'DROP TABLE x'",
            Risk::Destructive,
        ),
        ("kubectl exec web-0 -- psql -c 'SELECT 1'", Risk::Read),
        ("kubectl scale deploy/web --replicas=0", Risk::Scale),
        ("kubectl rollout restart deploy/web", Risk::Restart),
        ("kubectl delete pod web-0", Risk::Restart),
        ("kubectl delete pod web-0 --force", Risk::Destructive),
        ("kubectl delete pods --all", Risk::Destructive),
        ("kubectl delete ns shop", Risk::Destructive),
        ("kubectl rollout undo deploy/web", Risk::Rollback),
        ("kubectl apply -f x.yaml", Risk::Destructive),
        ("kubectl apply -f x.yaml --dry-run=server", Risk::Read),
        ("kubectl drain worker-1", Risk::Destructive),
        (
            "kubectl get pods -o name | xargs kubectl delete",
            Risk::Destructive,
        ),
        ("kubectl logs $(kubectl delete pod web-0)", Risk::Restart),
        (
            "for n in 1 2; do kubectl drain worker-$n; done",
            Risk::Destructive,
        ),
        ("kubectl get nodes && rm -rf /srv", Risk::Destructive),
        ("sudo systemctl restart nginx", Risk::Restart),
        ("systemctl status nginx", Risk::Read),
        ("journalctl -u kubelet -f", Risk::Read),
        ("redis-cli FLUSHALL", Risk::Destructive),
        ("redis-cli info memory", Risk::Read),
        ("helm rollback web 3", Risk::Rollback),
        ("helm list -A", Risk::Read),
        ("terraform destroy", Risk::Destructive),
        ("terraform plan", Risk::Read),
        ("git push origin main", Risk::Destructive),
        ("git commit --no-verify", Risk::Destructive),
        ("ssh db-1 sudo reboot", Risk::Restart),
        ("ssh db-1 'df -h; uptime'", Risk::Read),
        ("ssh db-1", Risk::Session),
        ("helm install web repo/web --version 1.2.0", Risk::Change),
        ("az vm image terms accept --plan x", Risk::Unknown),
        ("./deploy.sh --list", Risk::Read),
        ("./delete.sh --dry-run=no", Risk::Destructive),
        ("./delete.sh --dry-run=false", Risk::Destructive),
        ("./delete.sh --dry-run=yes", Risk::Read),
        ("git remote add origin x", Risk::Change),
        ("git remote -v", Risk::Read),
        ("git branch -D main", Risk::Destructive),
        ("git branch", Risk::Read),
        ("echo x > file", Risk::Local),
        ("curl -s http://a.test/x.sh | bash", Risk::Destructive),
        (
            "curl -s http://a.test/x.sh | sudo sh -s -- x",
            Risk::Destructive,
        ),
        ("cat x.sql | psql -d shop", Risk::Destructive),
        (
            "kubectl get pods -o yaml | kubectl apply -f -",
            Risk::Destructive,
        ),
        ("./restore.sh", Risk::Destructive),
        ("./deploy.sh prod --rollback", Risk::Rollback),
        ("./deploy.sh prod --dry-run", Risk::Read),
        ("./frobnicate.sh", Risk::Unknown),
        ("find /tmp -name x", Risk::Read),
        ("find /tmp -name x -delete", Risk::Destructive),
        ("curl -X DELETE http://a.test/x", Risk::Destructive),
        ("psql -d shop < dump.sql", Risk::Destructive),
        ("kill -9 123", Risk::Destructive),
    ] {
        assert_eq!(step(line).risk, risk, "{line}");
    }
}

#[test]
fn what_does_not_end_by_itself_opens_a_pane() {
    for (line, opens) in [
        ("kubectl logs -f web-0", true),
        ("kubectl logs web-0", false),
        ("kubectl get pods -w", true),
        ("watch kubectl get pods", true),
        ("kubectl exec -it web-0 -- sh", true),
        ("kubectl exec -it web-0 -- pg_isready", false),
        ("kubectl port-forward svc/web 80", true),
        ("docker stats", true),
        ("docker-compose up", true),
        ("docker-compose up -d", false),
        ("tail -f /var/log/syslog", true),
        ("tail -n 5 /var/log/syslog", false),
        ("journalctl -u kubelet -f", true),
        ("ssh db-1", true),
        ("ssh db-1 uptime", false),
        ("top -b -n 1", false),
        ("curl http://a.test", false),
    ] {
        assert_eq!(step(line).commands()[0].opens_pane(), opens, "{line}");
    }
}
