//! The emulated cluster: a training ground, a load generator and a test bed that answers the Kubernetes API.

pub mod cluster;
pub mod faults;
pub mod kubeconfig;
pub mod logs;
pub mod mount;
pub mod render;
pub mod scenario;
pub mod service;
pub mod usage;
pub mod world;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use tokio::sync::watch;

pub use scenario::Scenario;

use cluster::Cluster;
use service::users::User;
use service::{Service, Tokens};
use world::World;
use world::object::Millis;

/// What cluster to emulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Pods of load, beside those of the scenario.
    pub pods: u32,
    /// Updates of load each second.
    pub churn_per_s: u32,
    /// Lines that each container prints a second.
    pub log_rate_per_s: u32,
    /// The same seed makes the same cluster.
    pub seed: u64,
    /// What is going on.
    pub scenario: Scenario,
    /// How many times as fast as the machine's its time goes.
    pub speed: u32,
    /// Its clock less the machine's, in seconds.
    pub ahead_s: i64,
    /// Port on loopback; 0 for a free one.
    pub port: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pods: 0,
            churn_per_s: 0,
            log_rate_per_s: 2,
            seed: 1,
            scenario: Scenario::default(),
            speed: 1,
            ahead_s: 0,
            port: 0,
        }
    }
}

/// The API of a new emulated cluster, without a socket: to be called directly, by whoever needs no token. Its time is tokio's, and
/// goes as fast as it is asked to.
pub fn direct(options: &Options) -> Service {
    let tokens = Tokens {
        users: User::ALL
            .iter()
            .map(|user| (user.name().to_owned(), *user))
            .collect(),
        anonymous: Some(User::Admin),
    };
    service(options, build(options), tokens)
}

fn wall(options: &Options) -> Millis {
    cluster::wall() + options.ahead_s * 1_000
}

fn build(options: &Options) -> World {
    let mut world = scenario::build(options.scenario, options.seed, options.pods, wall(options));
    world.set_churn(options.churn_per_s);
    world
}

fn service(options: &Options, world: World, tokens: Tokens) -> Service {
    let cluster = Cluster::start(world, options.speed);
    Service::new(cluster, tokens, options.log_rate_per_s)
}

/// An emulated cluster that listens on loopback. Dropped, it stops listening and ends all connections.
pub struct Server {
    /// `https://127.0.0.1:port`.
    pub url: String,
    /// The API behind it: for faults, and for the log of requests.
    pub service: Service,
    certificate_pem: String,
    tokens: BTreeMap<&'static str, String>,
    stop: watch::Sender<bool>,
}

/// Starts an emulated cluster on loopback, with TLS and a random token for each user.
///
/// # Errors
/// The port is taken, or no certificate could be made.
pub async fn serve(options: &Options) -> anyhow::Result<Server> {
    let mut tokens = BTreeMap::new();
    for user in User::ALL {
        tokens.insert(user.name(), token()?);
    }
    let users = User::ALL
        .iter()
        .filter_map(|user| Some((tokens.get(user.name())?.clone(), *user)))
        .collect();
    let mut world = build(options);
    // To build it took its time: a clock beside it is right.
    world.advance(wall(options));
    let service = service(
        options,
        world,
        Tokens {
            users,
            anonymous: None,
        },
    );
    let (stop, stopped) = watch::channel(false);
    let listening = mount::listen(service.clone(), options.port, stopped).await?;
    Ok(Server {
        url: listening.url,
        service,
        certificate_pem: listening.certificate_pem,
        tokens,
        stop,
    })
}

/// 128 bits from the operating system: the world's seed is no secret.
fn token() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("read random bytes of the operating system")?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

impl Server {
    /// A kubeconfig for the user who may do all.
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig_of(User::Admin)
    }

    /// A kubeconfig whose current context is this user's, and which has a context for each of the others.
    pub fn kubeconfig_of(&self, user: User) -> String {
        let with_token = |user: User| {
            let token = self.tokens.get(user.name()).map_or("", String::as_str);
            (user.name(), token)
        };
        let others = User::ALL.iter().copied().filter(|other| *other != user);
        let users = kubeconfig::Users {
            current: with_token(user),
            others: others.map(with_token).collect(),
        };
        kubeconfig::text(&self.url, &self.certificate_pem, &users, scenario::SHOP)
    }

    /// Ends the server and all its connections.
    pub fn shutdown(self) {
        self.stop.send_replace(true);
    }
}

/// `watchfloor demo serve`: serves until SIGINT or SIGTERM. The kubeconfig appears once the server answers, and is removed at the end
/// if it is still the one that was written.
///
/// # Errors
/// The server cannot start, or the kubeconfig cannot be written.
pub async fn serve_command(options: &Options, kubeconfig_path: &Path) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    let server = serve(options).await?;
    let text = server.kubeconfig();
    kubeconfig::write(kubeconfig_path, &text)
        .with_context(|| format!("write {}", kubeconfig_path.display()))?;
    println!(
        "{}\nexport KUBECONFIG={}",
        server.url,
        kubeconfig_path.display()
    );
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    if std::fs::read_to_string(kubeconfig_path).is_ok_and(|present| present == text) {
        std::fs::remove_file(kubeconfig_path).ok();
    }
    server.shutdown();
    Ok(())
}
