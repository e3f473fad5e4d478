//! How the API is reached: an HTTP/1 connection over any pair of pipes, or TLS on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::service::Service;

/// Bytes in flight in a pipe: about what a loopback socket holds.
const PIPE_BYTES: usize = 256 * 1024;

/// Serves one connection until either side ends it.
pub async fn connection(
    io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    service: Service,
) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let service = service.clone();
        async move {
            let (parts, body) = request.into_parts();
            let bytes = body.collect().await?.to_bytes();
            Ok::<_, hyper::Error>(service.handle(Request::from_parts(parts, bytes)).await)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(io), answer)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "demo connection ended");
    }
}

/// The client's end of a new connection in memory.
pub fn pipe(service: Service) -> DuplexStream {
    let (client, server) = tokio::io::duplex(PIPE_BYTES);
    tokio::spawn(connection(server, service));
    client
}

/// A listening TLS server.
pub struct Listening {
    /// `https://127.0.0.1:port`.
    pub url: String,
    /// The certificate that clients trust.
    pub certificate_pem: String,
}

/// Listens on a loopback port (0: a free one) and serves until `stop` is dropped or says so.
///
/// # Errors
/// The port is taken, or no certificate could be made.
pub async fn listen(
    service: Service,
    port: u16,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<Listening> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .with_context(|| format!("listen on 127.0.0.1:{port}"))?;
    let address = listener.local_addr().context("read the port")?;
    let (acceptor, certificate_pem) = acceptor().context("make a certificate")?;
    tokio::spawn(accept(listener, acceptor, service, stop));
    Ok(Listening {
        url: format!("https://{address}"),
        certificate_pem,
    })
}

/// A certificate authority of its own and a server certificate under it: Go's verifier refuses a server certificate that is its own authority.
fn acceptor() -> anyhow::Result<(TlsAcceptor, String)> {
    let mut authority = CertificateParams::default();
    authority
        .distinguished_name
        .push(rcgen::DnType::CommonName, "watchfloor demo");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), authority.pem()))
}

/// Until the server is to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stopped| *stopped).await.ok();
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    service: Service,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let (socket, _) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors: wait for some to come back rather than spin.
                    tracing::warn!(%error, "demo cannot accept");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stopped(&mut stop) => return,
        };
        socket.set_nodelay(true).ok();
        let (acceptor, service, mut stop) = (acceptor.clone(), service.clone(), stop.clone());
        tokio::spawn(async move {
            let served = async {
                if let Ok(stream) = acceptor.accept(socket).await {
                    connection(stream, service).await;
                }
            };
            tokio::select! {
                () = served => {}
                () = stopped(&mut stop) => {}
            }
        });
    }
}
