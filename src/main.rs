//! The `dettrace` program: arguments in, window or command out.

fn main() {}
