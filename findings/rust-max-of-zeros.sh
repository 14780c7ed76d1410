#!/usr/bin/env bash
# Rust: the sign of max(-0.0, 0.0) depends on the optimisation level.
#
# Without optimisation `x.max(0.0)` of x = -0.0 is -0.0, in an optimised loop it is 0.0, and as a constant -0.0 in both. The
# documentation lets either be returned. Seen with rustc 1.95.0 (LLVM 22.1.2), x86-64.
# Guess before: either of the two, but the same one in each build.
# Here: a ReLU written with `max` gives 1/h = -inf in one build and inf in the other. This project compares with `>` instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rustc --version || exit 2
cat > "$folder/relu.rs" <<'RUST'
fn main() {
    let x = std::hint::black_box(vec![-0.0_f64; 9]);
    let relu: Vec<f64> = x.iter().map(|x| x.max(0.0)).collect();
    const CONSTANT: f64 = (-0.0_f64).max(0.0);
    println!("{:?} and {CONSTANT:?} as a constant", relu[8]);
}
RUST
for level in 0 3; do
    rustc --edition 2024 -C opt-level=$level -o "$folder/level$level" "$folder/relu.rs"
    echo "opt-level=$level: max(-0.0, 0.0) = $("$folder/level$level")"
done
[ "$("$folder/level0")" = "-0.0 and -0.0 as a constant" ]
[ "$("$folder/level3")" = "0.0 and -0.0 as a constant" ]
