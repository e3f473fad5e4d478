//! Who sits here and on which host, as far as this machine knows.

use journal::store::disk::Identity;
use model::entry::Actor;
use model::kind::ActorKind;
use text::Outside;

/// Who writes the journal.
pub fn identity() -> Identity {
    Identity {
        user: variable("USER"),
        host: Some(host()),
    }
}

/// Who sits here, as far as this machine knows.
pub fn person() -> Actor {
    let ssh_client =
        variable("SSH_CLIENT").and_then(|client| client.split(' ').next().map(Outside::from));
    Actor {
        user: variable("USER").map(Outside::from),
        host: Some(Outside::from(host())),
        ssh_client,
        sudo_user: variable("SUDO_USER").map(Outside::from),
        ..Actor::of(ActorKind::Human)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn host() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}
