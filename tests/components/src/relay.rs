//! A wire that can be cut or go dead: bytes between a client and a server on loopback, TLS and all.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of the connections.
#[derive(Clone, Copy, PartialEq)]
enum Wire {
    /// Bytes pass. The number moves when the connections that are open are cut.
    Whole(u32),
    /// Nothing passes and nothing ends, as behind a firewall that forgot the connection.
    Dead,
}

pub struct Relay {
    address: SocketAddr,
    wire: watch::Sender<Wire>,
}

impl Relay {
    /// A relay to this server, on a port of its own.
    pub async fn to(server: SocketAddr) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (wire, state) = watch::channel(Wire::Whole(0));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, state.clone()));
            }
        });
        Relay { address, wire }
    }

    /// A kubeconfig beside this one that goes through the relay, and the relay.
    pub async fn before(kubeconfig: &Path) -> (Relay, PathBuf) {
        let text = std::fs::read_to_string(kubeconfig).unwrap();
        let mut config: Value = serde_json::from_str(&text).unwrap();
        let server = &mut config["clusters"][0]["cluster"]["server"];
        let behind = server.as_str().unwrap().trim_start_matches("https://");
        let relay = Relay::to(behind.parse().unwrap()).await;
        *server = format!("https://{}", relay.address).into();
        let path = kubeconfig.with_extension("relayed");
        std::fs::write(&path, config.to_string()).unwrap();
        (relay, path)
    }

    /// Ends every open connection; new ones are taken.
    pub fn cut(&self) {
        self.wire.send_modify(|wire| {
            *wire = match *wire {
                Wire::Whole(cuts) => Wire::Whole(cuts + 1),
                Wire::Dead => Wire::Whole(0),
            };
        });
    }

    /// From now on nothing passes, and nothing is closed.
    pub fn die(&self) {
        self.wire.send_replace(Wire::Dead);
    }
}

async fn carry(mut client: TcpStream, server: SocketAddr, mut state: watch::Receiver<Wire>) {
    let opened = *state.borrow_and_update();
    // Both sockets stay open while the wire is dead, unread.
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    if opened != Wire::Dead {
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
            _ = state.wait_for(|wire| *wire != opened) => {}
        }
    }
    drop(state.wait_for(|wire| *wire != Wire::Dead).await);
}
