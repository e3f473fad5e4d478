//! What a container says in one line: its workload's routine, and the trouble that the world makes it.

use super::super::world::World;
use super::super::world::database::lost;
use super::super::world::object::Millis;
use super::super::world::pod::Pod;
use super::super::world::spans::Spans;
use super::{Failure, Instance};

/// Memory of a container at its start, of 512 MiB.
const HEAP_FIRST_MIB: Millis = 110;
/// And at most: the next request kills it.
const HEAP_LAST_MIB: Millis = 507;
/// How long a container under too much load takes to fill its memory.
const FILL_MS: Millis = 60_000;
/// Fuller than this it warns.
const HEAP_WARN_MIB: Millis = 300;

/// What troubles an instance, though it does not fail by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// The share of its requests, in per cent, that fail while the database has no connections left, and when that was.
    starved: Option<(u64, Spans)>,
    /// It is that database: when it refused everybody.
    refuses: Option<Spans>,
    /// When its workload had too few pods for its load.
    strained: Option<Spans>,
    /// It gives no connection back.
    leaks: bool,
}

impl Stress {
    /// What the world does to a container.
    pub fn of(world: &World, pod: &Pod, container: usize, app: &str) -> Self {
        let database = &world.database;
        let client = database.client(app).filter(|_| database.set.is_some());
        let is_database = database.set.as_ref().is_some_and(|set| *set.name == *app);
        let image = &pod.template.containers[container].image;
        Self {
            starved: client
                .filter(|client| client.errors_percent > 0)
                .map(|client| (client.errors_percent, database.exhausted.clone())),
            refuses: is_database.then(|| database.exhausted.clone()),
            strained: world.behaviours.strain(image).cloned(),
            leaks: client.is_some_and(|client| client.leaks(pod)),
        }
    }
}

/// The line of that number, printed at that time.
pub fn line(instance: &Instance, number: u64, at: Millis) -> String {
    if let Some(failure) = instance.fails {
        return failing(instance, number, failure);
    }
    let random = instance.random(number);
    let trouble = &instance.trouble;
    if let Some(refuses) = &trouble.refuses {
        return database(random, refuses.holds_at(at));
    }
    if let Some(strained) = &trouble.strained
        && let Some(line) = heap(instance, number, strained.lasted(instance.started, at))
    {
        return line;
    }
    if trouble.leaks && number.is_multiple_of(4) {
        let lost = lost(at - instance.started);
        return format!(
            "WARN  stock-sync: pool grown to {} connections, {lost} idle in transaction and never given back",
            lost + 4
        );
    }
    let starved = trouble.starved.as_ref();
    let is_starved =
        starved.is_some_and(|(percent, when)| random / 64 % 100 < *percent && when.holds_at(at));
    if is_starved {
        return format!(
            "ERROR {} 500 orders-db: FATAL: sorry, too many clients already trace={:08x}",
            route(instance, number),
            random >> 32
        );
    }
    routine(instance, number)
}

fn database(random: u64, refuses: bool) -> String {
    if refuses && random % 10 < 8 {
        let app = ["checkout", "payment", "cart"][(random / 16 % 3) as usize];
        return format!("FATAL:  sorry, too many clients already (user={app} database=orders)");
    }
    let took = random / 7 % 900;
    match random / 16 % 3 {
        0 => format!(
            "LOG:  checkpoint complete: wrote {took} buffers, sync={}ms",
            took / 9
        ),
        1 => format!("LOG:  automatic vacuum of table \"orders.public.items\": {took} pages"),
        _ => format!("LOG:  duration: {took} ms  statement: SELECT * FROM orders WHERE id = $1"),
    }
}

/// What is said of the memory, now and then; more often the fuller it is.
fn heap(instance: &Instance, number: u64, strained: Millis) -> Option<String> {
    match number {
        0 => {
            return Some(format!(
                "INFO  starting {} {} pid=1",
                instance.workload, instance.tag
            ));
        }
        1 => {
            return Some(
                "INFO  sessions are kept in memory, without a bound; memory limit 512MiB"
                    .to_owned(),
            );
        }
        _ => {}
    }
    let grown = (HEAP_LAST_MIB - HEAP_FIRST_MIB) * strained.min(FILL_MS) / FILL_MS;
    let heap = HEAP_FIRST_MIB + grown;
    if strained == 0 {
        return None;
    }
    let sessions = heap * 170;
    if heap > HEAP_WARN_MIB {
        return number.is_multiple_of(2).then(|| {
            format!("WARN  heap {heap}MiB of 512MiB: {sessions} sessions, more load than this pod can hold")
        });
    }
    number
        .is_multiple_of(4)
        .then(|| format!("INFO  heap {heap}MiB of 512MiB: {sessions} sessions"))
}

fn routes(workload: &str) -> &'static [&'static str] {
    match workload {
        "checkout" => &[
            "POST /checkout",
            "GET /checkout/status",
            "POST /checkout/confirm",
        ],
        "cart" => &["GET /cart", "POST /cart/items", "DELETE /cart/items"],
        "catalog" => &["GET /products", "GET /products/search", "GET /prices"],
        "payment" => &["POST /charge", "GET /charge/status"],
        "frontend" => &["GET /", "GET /product", "GET /static/app.js"],
        _ => &["GET /healthz", "GET /api/items", "POST /api/events"],
    }
}

fn route(instance: &Instance, number: u64) -> &'static str {
    let routes = routes(&instance.workload);
    routes[(instance.random(number ^ 0xabcd) % routes.len() as u64) as usize]
}

fn routine(instance: &Instance, number: u64) -> String {
    let random = instance.random(number);
    if instance.workload == "cart" && random.is_multiple_of(37) {
        let order = random % 90_000 + 10_000;
        return format!("WARN  upstream=checkout retry=1/3 after 503 order={order}");
    }
    let random = instance.random(number ^ 0xabcd);
    let took = 3 + random / 7 % 90;
    let route = route(instance, number);
    format!("INFO  {route} 200 {took}ms trace={:08x}", random >> 32)
}

fn failing(instance: &Instance, number: u64, failure: Failure) -> String {
    let random = instance.random(number);
    match (number, failure) {
        (0, _) => format!(
            "INFO  starting {} {} pid=1",
            instance.workload, instance.tag
        ),
        (1, _) => {
            "INFO  config: db.pool.max=5 (default, DB_POOL_MAX is not set) db.pool.timeout=3s"
                .to_owned()
        }
        (2, _) => "INFO  connected to postgres://checkout@orders-db:5432/orders".to_owned(),
        (3, _) => "WARN  connection pool exhausted (5/5 in use), 17 requests waiting".to_owned(),
        (_, Failure::Killed) => format!(
            "WARN  heap {}MiB of 512MiB, {} requests queued for a connection",
            300 + number * 12,
            2_000 * number
        ),
        (_, Failure::Exit) => format!(
            "ERROR POST /checkout 503 timed out after 3000ms waiting for a connection (pool 5/5, {} waiting) trace={:08x}",
            17 + number,
            random >> 32
        ),
    }
}

/// What an instance that fails says at its end.
pub fn last(failure: Failure) -> &'static [&'static str] {
    match failure {
        Failure::Exit => &[
            "ERROR readiness: database unreachable for 5s, 128 requests waiting",
            "FATAL giving up: connection pool exhausted (5/5 in use), shutting down with exit code 1",
        ],
        Failure::Killed => &[],
    }
}
