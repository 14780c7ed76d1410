#!/usr/bin/env bash
# `cargo run --offline` needs the crates that only tests and benchmarks use.
#
# A package with a dev-dependency and a lock file does not run where cargo's cache is empty: "no matching package". The
# dev-dependency would not be compiled, but cargo resolves it, and for that it wants the registry's index even with a lock
# file. Without the dev-dependency the program runs. Seen with cargo 1.95.0.
# Guess before: the lock file is enough, since `cargo run` builds no test.
# Here: why the benchmarks (criterion) are a package of their own, so that the two commands of the README need no network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset CARGO_TARGET_DIR
cargo --version || exit 2
cd "$folder"
mkdir src cache
cat > Cargo.toml <<'TOML'
[package]
name = "project"
version = "0.1.0"
edition = "2021"
TOML
echo 'fn main() { println!("it runs"); }' > src/main.rs
run() { CARGO_HOME=$folder/cache RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} cargo run -q --offline 2>&1 | head -1; }
without=$(run || true)
printf '[dev-dependencies]\nfastrand = "=2.3.0"\n' >> Cargo.toml
cargo generate-lockfile -q || exit 2
grep -q 'name = "fastrand"' Cargo.lock
with=$(run || true)
echo "without a dev-dependency: $without"
echo "with one, and a lock file: $with"
[ "$without" = "it runs" ] && [[ $with == "error: no matching package named \`fastrand\` found" ]]
