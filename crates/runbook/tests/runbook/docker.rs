//! Lines of docker and docker compose.

use runbook::{Risk, StepClass, StepRunner};

use crate::listing::{step, words};

#[test]
fn docker_and_compose_lines_say_what_they_ask_for() {
    for (line, expected) in [
        ("docker ps -a", "list all containers"),
        (
            "docker logs -f --tail=100 web",
            "logs of web followed last 100",
        ),
        (
            "docker exec -it web sh -c 'ls /'",
            "exec in web interactively: sh -c ls /",
        ),
        ("docker restart web db", "restart web db"),
        ("docker inspect -f '{{.State.Status}}' web", "inspect web"),
        ("docker images", "list images"),
        ("docker system df -v", "system df"),
        ("docker system prune -af", "prune system all"),
        ("podman stats --no-stream web", "usage of web"),
        ("docker compose logs --tail 50 api", "logs of api last 50"),
        (
            "docker-compose -p shop restart",
            "restart the whole project of shop",
        ),
        (
            "docker compose exec -T db pg_isready -U app",
            "exec in db: pg_isready -U app",
        ),
        (
            "docker compose up -d --scale api=3 api",
            "up api detached with api=3",
        ),
        ("docker compose down -v", "down with its volumes"),
        ("sudo docker compose stop web", "stop web | as root"),
    ] {
        assert_eq!(words(line), expected, "{line}");
        assert_eq!(step(line).runner(), StepRunner::Console, "{line}");
    }
}

#[test]
fn a_command_in_a_container_has_the_risk_of_the_command() {
    let restore = step("docker-compose exec db pg_restore -d shop shop.dump");
    assert_eq!(
        (restore.class, restore.risk),
        (StepClass::Compose, Risk::Destructive)
    );
    assert_eq!(step("docker exec web cat /etc/hosts").risk, Risk::Read);
    assert_eq!(step("docker exec -it web bash").risk, Risk::Session);
    assert_eq!(
        step("docker exec web sh -c 'rm -rf /data'").risk,
        Risk::Destructive
    );
    assert_eq!(
        step("docker run --rm alpine date").runner(),
        StepRunner::GuardedProcess
    );
}
