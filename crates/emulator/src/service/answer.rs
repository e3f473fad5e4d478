//! Answers: whole or streamed, in the form that was asked for.

use std::io;

use bytes::Bytes;
use futures::stream;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::Value;
use tokio::sync::mpsc;

use super::super::world::object::Kind;
use super::status::Status;

/// The body of every answer.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;
pub type Answer = Response<Body>;

/// Pieces of a stream that wait for a slow reader.
const PIECES_MAX: usize = 16;

/// A representation of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Protobuf,
    /// JSON, as a table for people.
    Table,
    /// JSON, of each object nothing but its metadata.
    Metadata,
}

impl Form {
    /// The first form that the client accepts and the kind speaks. Protobuf is for lists and watches: its messages leave out what no
    /// row shows, and kubectl writes back what it reads of a single object.
    ///
    /// # Errors
    /// 406.
    pub fn negotiate(accept: &str, kind: Option<Kind>, many: bool) -> Result<Self, Status> {
        if accept.trim().is_empty() {
            return Ok(Self::Json);
        }
        for media in accept.split(',') {
            let mut parts = media.split(';').map(str::trim);
            let main = parts.next().unwrap_or_default();
            let shape = parts.find_map(|p| p.strip_prefix("as="));
            match (main, shape) {
                ("application/json", Some("Table")) => return Ok(Self::Table),
                (
                    "application/json",
                    Some("PartialObjectMetadata" | "PartialObjectMetadataList"),
                ) => return Ok(Self::Metadata),
                ("application/json" | "application/*" | "*/*", None) => return Ok(Self::Json),
                ("application/vnd.kubernetes.protobuf", None)
                    if many && kind.is_some_and(super::super::render::protobuf::speaks) =>
                {
                    return Ok(Self::Protobuf);
                }
                _ => {}
            }
        }
        Err(Status::not_acceptable())
    }

    /// `Content-Type` of a whole answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Table | Self::Metadata => "application/json",
            Self::Protobuf => "application/vnd.kubernetes.protobuf",
        }
    }

    /// `Content-Type` of a watch.
    pub fn stream_type(self) -> &'static str {
        match self {
            Self::Json | Self::Table | Self::Metadata => "application/json",
            Self::Protobuf => "application/vnd.kubernetes.protobuf;stream=watch",
        }
    }
}

/// A whole answer.
pub fn whole(code: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into())
        .map_err(|never| match never {})
        .boxed_unsync();
    answer(code, content_type, body)
}

fn answer(code: StatusCode, content_type: &str, body: Body) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = code;
    if let Ok(value) = HeaderValue::from_str(content_type) {
        answer.headers_mut().insert(CONTENT_TYPE, value);
    }
    answer
}

/// JSON with a code.
pub fn json(code: StatusCode, value: &Value) -> Answer {
    whole(code, "application/json", value.to_string())
}

/// A Status, in protobuf for those who ask for that first.
pub fn status(status: &Status, accept: &str) -> Answer {
    let mut answer = if accept
        .trim_start()
        .starts_with("application/vnd.kubernetes.protobuf")
    {
        whole(
            status.code,
            "application/vnd.kubernetes.protobuf",
            status.to_protobuf(),
        )
    } else {
        json(status.code, &status.to_value())
    };
    if let Some(details) = status.details.as_ref().filter(|d| d.retry_after_s > 0) {
        answer
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(details.retry_after_s));
    }
    answer
}

/// The sending end of a streamed answer; dropped, the answer ends.
pub type Pieces = mpsc::Sender<Result<Bytes, io::Error>>;

/// An answer that is sent piece by piece.
pub fn streamed(content_type: &str) -> (Pieces, Answer) {
    let (pieces, receiver) = mpsc::channel(PIECES_MAX);
    (
        pieces,
        answer(StatusCode::OK, content_type, body_of(receiver)),
    )
}

fn body_of(receiver: mpsc::Receiver<Result<Bytes, io::Error>>) -> Body {
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece.map(Frame::data), receiver))
    });
    StreamBody::new(pieces).boxed_unsync()
}

/// How an answer's body is broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The connection is cut.
    Cut,
    /// Nothing comes any more.
    Hang,
}

/// The same answer, broken off after `limit` bytes.
pub fn broken(whole: Answer, limit: usize, how: Break) -> Answer {
    let (mut parts, mut body) = whole.into_parts();
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let (pieces, receiver) = mpsc::channel(PIECES_MAX);
    tokio::spawn(async move {
        let mut left = limit;
        while left > 0 {
            let Some(Ok(frame)) = body.frame().await else {
                return;
            };
            let mut piece = frame.into_data().unwrap_or_default();
            piece.truncate(left);
            left -= piece.len();
            if pieces.send(Ok(piece)).await.is_err() {
                return;
            }
        }
        match how {
            Break::Cut => drop(
                pieces
                    .send(Err(io::Error::from(io::ErrorKind::ConnectionReset)))
                    .await,
            ),
            Break::Hang => pieces.closed().await,
        }
    });
    Response::from_parts(parts, body_of(receiver))
}

/// The same answer in blocks of `bytes`; the last one is what is left. Comes with the first of them.
pub async fn in_blocks(whole: Answer, bytes: usize) -> Answer {
    let (mut parts, mut body) = whole.into_parts();
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let (pieces, receiver) = mpsc::channel(PIECES_MAX);
    let mut held = Vec::new();
    let is_whole = fill(&mut body, &mut held, bytes).await;
    tokio::spawn(async move {
        let mut is_whole = is_whole;
        loop {
            let block = Bytes::from(std::mem::take(&mut held));
            if pieces.send(Ok(block)).await.is_err() || is_whole {
                return;
            }
            tokio::select! {
                ended = fill(&mut body, &mut held, bytes) => is_whole = ended,
                () = pieces.closed() => return,
            }
        }
    });
    Response::from_parts(parts, body_of(receiver))
}

/// Reads until there are so many bytes. Says whether the body ended.
async fn fill(body: &mut Body, held: &mut Vec<u8>, bytes: usize) -> bool {
    while held.len() < bytes {
        let Some(Ok(frame)) = body.frame().await else {
            return true;
        };
        held.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    false
}
