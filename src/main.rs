//! The `dettrace` program: arguments in, window or command out.

use std::process::ExitCode;

fn main() -> ExitCode {
    dettrace::cli::main()
}
