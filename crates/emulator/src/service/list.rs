//! LIST: pages, selectors, resourceVersion.

use std::ops::ControlFlow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::cluster::Cluster;
use super::super::world::World;
use super::super::world::object::{Key, Object};
use super::answer::{Answer, Form, streamed, whole};
use super::encode::Damage;
use super::listing::{Listing, Page};
use super::request::{Asked, Target};
use super::selector::Selection;
use super::status::Status;

/// From this size on a list is rendered beside the tasks that answer others, and sent while it is.
const LARGE: usize = 500;

/// Answers a list.
pub async fn list(
    cluster: &Cluster,
    target: &Target,
    asked: &Asked,
    damage: Damage,
) -> Result<Answer, Status> {
    let resource = target.resource;
    let form = Form::negotiate(&asked.accept, resource.stored, true)?;
    let selection = Selection::parse(
        target.namespace.as_deref(),
        asked.query.text("labelSelector"),
        asked.query.text("fieldSelector"),
        resource.stored,
    )?;
    let wanted = Wanted::parse(asked)?;
    let kind = resource.stored;
    let read = move |world: &World| match kind {
        Some(kind) => wanted.read(world, kind, &selection),
        None => Ok(Page {
            objects: vec![],
            version: world.version(),
            next: String::new(),
            remaining: None,
            now: world.now(),
        }),
    };
    let page = cluster.ask(move |state| read(&state.world)).await??;
    let listing = Listing {
        resource,
        page,
        form,
        include: asked.query.text("includeObject").to_owned(),
        damage,
    };
    Ok(answer(listing))
}

fn answer(listing: Listing) -> Answer {
    let content_type = listing.form.content_type();
    if listing.page.objects.len() < LARGE {
        let mut bytes = vec![];
        let _ = listing.render(|piece| {
            bytes.extend(piece);
            ControlFlow::Continue(())
        });
        return whole(http::StatusCode::OK, content_type, bytes);
    }
    let (pieces, answer) = streamed(content_type);
    tokio::task::spawn_blocking(move || {
        // A reader that has gone ends it: nobody is left to read an error.
        let _ = listing.render(|piece| match pieces.blocking_send(Ok(piece.into())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        });
    });
    answer
}

/// A resourceVersion; none for any.
pub fn version(text: &str) -> Result<Option<u64>, Status> {
    if text.is_empty() {
        return Ok(None);
    }
    let why = |_| {
        Status::bad_request(format!(
            "invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax"
        ))
    };
    text.parse().map(Some).map_err(why)
}

struct Wanted {
    limit: usize,
    version: Option<u64>,
    exact: bool,
    /// Version of the first page, and the first key of this one.
    from: Option<(u64, Key)>,
}

impl Wanted {
    fn parse(asked: &Asked) -> Result<Self, Status> {
        let limit = asked
            .query
            .number("limit")
            .filter(|limit| *limit > 0)
            .unwrap_or(usize::MAX);
        let from = match asked.query.text("continue") {
            "" => None,
            token => Some(read_token(token)?),
        };
        let exact = asked.query.text("resourceVersionMatch") == "Exact";
        Ok(Self {
            limit,
            version: version(asked.query.text("resourceVersion"))?,
            exact,
            from,
        })
    }

    fn read(
        &self,
        world: &World,
        kind: super::super::world::object::Kind,
        selection: &Selection,
    ) -> Result<Page, Status> {
        let current = world.version();
        if let Some(asked) = self.version.filter(|asked| *asked > current) {
            return Err(Status::too_large_version(asked, current));
        }
        let too_old = self
            .version
            .filter(|asked| self.exact && *asked < world.oldest(kind));
        if let Some(asked) = too_old {
            return Err(Status::expired(format!(
                "The resourceVersion for the provided list is too old: {asked}"
            )));
        }
        let (version, start) = self
            .from
            .clone()
            .map_or((current, None), |(version, key)| (version, Some(key)));
        if version < world.oldest(kind) {
            return Err(Status::expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.".to_owned()));
        }
        let mut found = world
            .list(kind, selection.namespace.as_deref(), start)
            .filter(|object| selection.takes(object));
        let objects: Vec<Object> = found.by_ref().take(self.limit).cloned().collect();
        let more = objects.len() == self.limit && found.next().is_some();
        let remaining = (more && !selection.is_narrow()).then(|| found.count() + 1);
        let next = objects
            .last()
            .filter(|_| more)
            .map_or(String::new(), |last| write_token(version, &last.meta().key));
        Ok(Page {
            objects,
            version,
            next,
            remaining,
            now: world.now(),
        })
    }
}

fn write_token(version: u64, last: &Key) -> String {
    let start = format!("{}/{}\0", last.namespace, last.name);
    URL_SAFE_NO_PAD
        .encode(json!({"v": "meta.k8s.io/v1", "rv": version, "start": start}).to_string())
}

fn read_token(token: &str) -> Result<(u64, Key), Status> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(token.trim_end_matches('=')).ok()?;
        let value: Value = serde_json::from_slice(&bytes).ok()?;
        let (namespace, name) = value["start"].as_str()?.split_once('/')?;
        Some((value["rv"].as_u64()?, Key::new(namespace, name)))
    };
    read().ok_or_else(|| Status::bad_request("invalid continue token: continue key is not valid"))
}
