//! Who sits here and on which host, as far as this machine knows.

use journal::store::disk::Identity;
use model::entry::Actor;
use model::kind::ActorKind;
use text::Outside;

/// Who writes the journal.
pub fn identity() -> Identity {
    Identity {
        user: user(),
        host: Some(host()),
    }
}

/// Who sits here, as far as this machine knows.
pub fn person() -> Actor {
    let ssh_client =
        variable("SSH_CLIENT").and_then(|client| client.split(' ').next().map(Outside::from));
    Actor {
        user: user().map(Outside::from),
        host: Some(Outside::from(host())),
        ssh_client,
        sudo_user: variable("SUDO_USER").map(Outside::from),
        ..Actor::of(ActorKind::Human)
    }
}

/// What a login sets; some shells set only one of them.
fn user() -> Option<String> {
    variable("USER").or_else(|| variable("LOGNAME"))
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
