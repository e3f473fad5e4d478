//! The API server of the kubeconfig, and the few requests that the measurements themselves need.

use std::path::Path;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Pods that are deleted for a measurement come from the front of the list.
const LISTED: usize = 100;

/// Where it is, and how one gets in.
pub struct Api {
    /// Host and port.
    pub address: String,
    pub token: String,
    /// Its certificate authority.
    pub pem: Vec<u8>,
}

impl Api {
    pub fn of(kubeconfig: &Path) -> Api {
        let text = std::fs::read_to_string(kubeconfig).unwrap();
        let config: Value = serde_json::from_str(&text).expect("a kubeconfig in JSON");
        let cluster = &config["clusters"][0]["cluster"];
        let pem = match cluster["certificate-authority-data"].as_str() {
            Some(data) => STANDARD.decode(data).unwrap(),
            None => std::fs::read(cluster["certificate-authority"].as_str().unwrap()).unwrap(),
        };
        Api {
            address: cluster["server"]
                .as_str()
                .unwrap()
                .trim_start_matches("https://")
                .to_owned(),
            token: config["users"][0]["user"]["token"]
                .as_str()
                .unwrap()
                .to_owned(),
            pem,
        }
    }
}

/// Deletes one pod after another.
pub struct Deleter {
    api: Api,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    /// Paths of pods.
    paths: Vec<String>,
}

impl Deleter {
    pub fn new(kubeconfig: &Path) -> Deleter {
        let api = Api::of(kubeconfig);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = reqwest::Client::builder()
            .tls_certs_only(reqwest::Certificate::from_pem_bundle(&api.pem).unwrap())
            .user_agent("bench")
            .build()
            .unwrap();
        let mut deleter = Deleter {
            api,
            client,
            runtime,
            paths: Vec::new(),
        };
        let listed = deleter.send(
            reqwest::Method::GET,
            &format!("/api/v1/pods?limit={LISTED}"),
        );
        let listed: Value = serde_json::from_slice(&listed).unwrap();
        let meta = |pod: &Value| {
            let meta = &pod["metadata"];
            format!(
                "/api/v1/namespaces/{}/pods/{}",
                meta["namespace"].as_str().unwrap(),
                meta["name"].as_str().unwrap()
            )
        };
        deleter.paths = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(meta)
            .collect();
        deleter
    }

    /// Deletes the next pod; when the request left. `None` when there is none left.
    pub fn delete(&mut self) -> Option<Instant> {
        let path = self.paths.pop()?;
        let sent = Instant::now();
        self.send(reqwest::Method::DELETE, &path);
        Some(sent)
    }

    fn send(&self, method: reqwest::Method, path: &str) -> Vec<u8> {
        let request = self
            .client
            .request(method, format!("https://{}{path}", self.api.address))
            .bearer_auth(&self.api.token);
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap().error_for_status().unwrap();
            answer.bytes().await.unwrap().to_vec()
        })
    }
}
