//! The steps of `steps.rs` in a program that is compiled in 16 codegen units, as cargo does by default, and in 1: how much
//! the kernels depend on how a crate that uses them is compiled. Two builds, run in turn; the least time of each counts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use backprop::math::order::smaller;

const ROUNDS: usize = 15;

/// The program, built in this number of units.
fn built(units: usize) -> PathBuf {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target")).join(format!("units-{units}"));
    let status = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--release", "--bin", "steps"])
        .args(["--config", &format!("profile.release.codegen-units={units}")])
        .arg("--target-dir")
        .arg(&folder)
        .status();
    assert!(status.is_ok_and(|status| status.success()), "the program is built");
    folder.join("release/steps")
}

fn main() {
    let programs = [16, 1].map(built);
    let mut least: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (build, program) in programs.iter().enumerate() {
            let output = Command::new(program).output().expect("the program runs");
            for line in String::from_utf8_lossy(&output.stdout).lines() {
                let (seconds, step) = line.split_once(' ').expect("a time and its step");
                let times = least.entry(step.to_owned()).or_insert([f64::INFINITY; 2]);
                times[build] = smaller(times[build], seconds.parse().expect("a time"));
            }
        }
    }
    println!("step | 16 units, µs | 1 unit, µs | ratio");
    for (step, [many, one]) in least {
        println!("{step} | {:.3} | {:.3} | {:.3}", 1e6 * many, 1e6 * one, many / one);
    }
}
