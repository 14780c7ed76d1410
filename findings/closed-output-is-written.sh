#!/usr/bin/env bash
# A Rust program whose standard output is closed writes to it without an error.
#
# Rust's start-up opens the null device for each of the descriptors 0 to 2 that is closed. So `program >&-` ends with status 0,
# and what it wrote is lost; write_all and flush return Ok. A program in C gets EBADF. Seen with rustc 1.95.0 on Linux.
# Guess before: an error of the kind that a full disk gives.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/write.rs" <<'RUST'
use std::io::Write;
fn main() {
    let mut out = std::io::stdout().lock();
    let result = out.write_all(b"a result\n").and_then(|()| out.flush());
    eprintln!("closed: {result:?}");
}
RUST
rustc --version || exit 2
rustc --edition 2024 -o "$folder/write" "$folder/write.rs"
said=$("$folder/write" 2>&1 >&-)
echo "$said"
[ "$said" = "closed: Ok(())" ]
