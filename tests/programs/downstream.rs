//! The library as a dependency of another crate.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::folder;

#[test]
fn a_crate_with_nothing_but_a_path_dependency_reads_checks_trains_saves_and_predicts() {
    let (folder, here) = (folder("crate"), Path::new(env!("CARGO_MANIFEST_DIR")));
    let manifest =
        "package = { name = \"beans\", edition = \"2024\" }\nworkspace = {}\ndependencies.backprop.path = ";
    fs::create_dir(folder.join("src")).expect("writable");
    fs::write(folder.join("Cargo.toml"), format!("{manifest}{here:?}\n")).expect("writable");
    fs::copy(here.join("tests/programs/downstream/main.rs"), folder.join("src/main.rs")).expect("writable");
    // Of each kind one of four inputs is large; the fifth tells nothing.
    let row = |n: usize| {
        let size = |input| 40 * usize::from(n % 4 == input) + (7 * n + 5 * input) % 11;
        format!("{},{},{},{},{n},{}\n", size(0), size(1), size(2), size(3), ["a", "b", "c", "d"][n % 4])
    };
    let rows: String = (0..80).map(row).collect();
    fs::write(folder.join("beans.csv"), format!("length,width,mass,age,day,kind\n{rows}")).expect("writable");

    let mut cargo = Command::new(env!("CARGO"));
    // rustc needs more than the stack that the tests are tried on.
    cargo.env_remove("RUST_MIN_STACK").args(["run", "--quiet", "--offline", "--target-dir", "target"]);
    let output = cargo.current_dir(&folder).output().expect("cargo starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let is_right =
        |line: &&str| line.split_once(": predicted ").is_some_and(|(kind, predicted)| kind == predicted);
    let counts =
        [said.matches(" CORRECT\n").count(), said.lines().filter(is_right).count(), said.lines().count()];
    assert_eq!(counts, [4, 9, 13], "{said}");
}
