//! The binary: parse, log, choose kubeconfig or demo, run; the only orderly exit.

fn main() {}
