//! Deployments, `StatefulSets` and `DaemonSets`: how their rollouts are judged and followed.

pub mod baseline;
