//! What is committed is what the programs write: the files in `out/` and the output in the README.
//!
//! `REGENERATE=1 cargo test --test committed` makes them anew.
#![forbid(unsafe_code)]

use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAMS: [(&str, &str); 6] = [
    ("prob1a", env!("CARGO_BIN_EXE_prob1a")),
    ("prob1b", env!("CARGO_BIN_EXE_prob1b")),
    ("prob1c", env!("CARGO_BIN_EXE_prob1c")),
    ("prob1d", env!("CARGO_BIN_EXE_prob1d")),
    ("prob2a", env!("CARGO_BIN_EXE_prob2a")),
    ("prob2b", env!("CARGO_BIN_EXE_prob2b")),
];

const README_BLOCK: [&str; 2] = ["<!-- output of prob1c --quiet -->\n```text\n", "```\n<!-- end -->"];

/// Compares a committed file with what it must be, or replaces it if asked to.
fn settle(committed: &Path, expected: &[u8]) {
    if std::env::var_os("REGENERATE").is_some() {
        fs::create_dir_all(committed.parent().expect("a file in a folder")).expect("writable");
        fs::write(committed, expected).expect("writable");
    }
    let found = fs::read(committed).unwrap_or_default();
    assert!(found == expected, "{} is not what the programs write", committed.display());
}

#[test]
fn out_and_readme_are_what_the_programs_write() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("committed");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    for (program, path) in PROGRAMS {
        let output = Command::new(path).current_dir(&folder).arg("--quiet").output().expect("it starts");
        assert!(output.status.success(), "{program} failed");
        let written = Path::new("out").join(program);
        for entry in fs::read_dir(folder.join(&written)).expect("its folder") {
            let file = written.join(entry.expect("readable").file_name());
            // Images of millions of bytes are not committed; the same figures are there as SVG.
            if file.extension().is_none_or(|extension| extension != "ppm") {
                settle(&root.join(&file), &fs::read(folder.join(&file)).expect("readable"));
            }
        }
        if program == "prob1c" {
            let readme = root.join("README.md");
            let text = fs::read_to_string(&readme).expect("readable");
            let (before, rest) = text.split_once(README_BLOCK[0]).expect("the start of the block");
            let (_, after) = rest.split_once(README_BLOCK[1]).expect("the end of the block");
            let stdout = String::from_utf8(output.stdout).expect("UTF-8");
            settle(&readme, [before, README_BLOCK[0], &stdout, README_BLOCK[1], after].concat().as_bytes());
        }
    }
}
