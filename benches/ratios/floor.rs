//! The floor: the same list as the console asks for, downloaded and thrown away. A blocking socket, TLS, and nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::api::Api;

/// Says in the last event that the list is complete (KEP-3157).
const END: &[u8] = b"k8s.io/initial-events-end";
const PATH: &str = "/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=60";
/// A read that takes longer is a hung server.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Download {
    pub first: Duration,
    pub all: Duration,
}

/// From the connection on, as the console's time runs from its start.
pub fn download(kubeconfig: &Path) -> Download {
    let Api {
        address,
        token,
        pem,
    } = Api::of(kubeconfig);
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).map(Result::unwrap));
    let tls = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = address
        .rsplit_once(':')
        .map_or(address.as_str(), |(host, _)| host)
        .to_owned();
    let start = Instant::now();
    let socket = TcpStream::connect(&address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let session =
        ClientConnection::new(Arc::new(tls), ServerName::try_from(host).unwrap()).unwrap();
    let mut stream = StreamOwned::new(session, socket);
    write!(
        stream,
        "GET {PATH} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nUser-Agent: floor\r\nAccept-Encoding: identity\r\n\
         Accept: application/vnd.kubernetes.protobuf;stream=watch, application/json\r\n\r\n"
    )
    .unwrap();
    until_end(&mut stream, start)
}

fn until_end(stream: &mut impl Read, start: Instant) -> Download {
    let (mut buffer, mut kept, mut first) = (vec![0; 64 << 10], 0, None);
    loop {
        let count = stream.read(&mut buffer[kept..]).unwrap();
        assert!(count > 0, "the list ended before its end");
        let first = *first.get_or_insert_with(|| start.elapsed());
        let filled = kept + count;
        if memchr::memmem::find(&buffer[..filled], END).is_some() {
            return Download {
                first,
                all: start.elapsed(),
            };
        }
        // The mark may lie across two reads.
        kept = filled.min(END.len() - 1);
        buffer.copy_within(filled - kept..filled, 0);
    }
}
