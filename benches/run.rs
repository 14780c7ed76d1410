//! `cargo bench` at the root: runs the criterion benchmarks, which are a package of their own, with the same arguments.
//! A first argument that is the name of one runs that one alone: `cargo bench -- matmul`.

use std::process::{Command, ExitCode};

/// The criterion benchmarks, which run if none is named.
const BENCHMARKS: [&str; 4] = ["matmul", "backprop", "elementary", "scaling"];

/// Those that run only if they are named: `results` writes `RESULTS.md`.
const NAMED: [&str; 2] = ["results", "units"];

fn main() -> ExitCode {
    // Cargo adds --bench.
    let mut arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut names: Vec<String> = BENCHMARKS.map(str::to_owned).to_vec();
    if arguments.first().is_some_and(|first| BENCHMARKS.iter().chain(&NAMED).any(|name| name == first)) {
        names = vec![arguments.remove(0)];
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["bench", "--manifest-path", "benches/Cargo.toml"]);
    for name in names {
        command.args(["--bench", &name]);
    }
    match command.arg("--").args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
