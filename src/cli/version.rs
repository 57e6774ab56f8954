//! Which build this is.

/// The version and, where the build knew it, the commit.
pub const VERSION: &str = match option_env!("DETTRACE_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};
