//! The emulated cluster: a training ground, a load generator and a test bed that answers the Kubernetes API.

pub mod world;
