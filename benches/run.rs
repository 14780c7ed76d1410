//! `cargo bench` at the root: runs the criterion benchmarks, which are a package of their own, with the same arguments.
//! A first argument that is the name of one runs that one alone: `cargo bench -- matmul`.

use std::process::{Command, ExitCode};

/// The criterion benchmarks. `results`, which writes `RESULTS.md`, and `units` run only if they are named.
const BENCHMARKS: [&str; 4] = ["matmul", "backprop", "elementary", "scaling"];

fn main() -> ExitCode {
    // Cargo adds --bench.
    let mut arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut names: Vec<String> = BENCHMARKS.map(str::to_owned).to_vec();
    names.extend(["results", "units"].map(str::to_owned));
    if arguments.first().is_some_and(|first| names.contains(first)) {
        names = vec![arguments.remove(0)];
    } else {
        names.truncate(BENCHMARKS.len());
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
