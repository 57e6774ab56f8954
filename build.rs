//! Lets `--version` name the commit, where there is one to name.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    // A packager without git can say it.
    println!("cargo::rerun-if-env-changed=DETTRACE_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let commit = env::var("DETTRACE_COMMIT").ok().filter(|c| !c.is_empty()).or_else(|| commit(&root));
    if let Some(commit) = commit {
        let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
        println!("cargo::rustc-env=DETTRACE_VERSION={version} (commit {commit})");
    }
}

/// The commit of the checkout at `root`; nothing where `root` is not itself a checkout.
fn commit(root: &Path) -> Option<String> {
    let top = PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    // This log grows whenever the commit changes. A path that does not exist would run this script each time.
    let moves = root.join(git(root, &["rev-parse", "--git-path", "logs/HEAD"])?);
    if moves.exists() {
        println!("cargo::rerun-if-changed={}", moves.display());
    }
    git(root, &["rev-parse", "--short=10", "HEAD"])
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
