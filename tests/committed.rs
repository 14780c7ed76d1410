//! What is committed is what the programs write: the files in `out/` and the output in the README.
//!
//! `REGENERATE=1 cargo test --test committed` makes them anew.
#![forbid(unsafe_code)]

mod common;
#[path = "common/settle.rs"]
mod settle;

use std::fs;
use std::path::Path;

use common::{PROGRAMS, files, folder, stdout};
use settle::settle;

const README_BLOCK: [&str; 2] = ["<!-- output of prob1c --quiet -->\n```text\n", "```\n<!-- end -->"];

/// The files in a folder but for images of millions of bytes, as the same figures are there as SVG.
fn committable(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = files(folder);
    files.retain(|(name, _)| Path::new(name).extension().is_none_or(|extension| extension != "ppm"));
    files
}

#[test]
fn out_and_readme_are_what_the_programs_write() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder("committed");
    for (program, _) in PROGRAMS {
        let output = stdout(program, &folder, &["--quiet"]);
        let written = Path::new("out").join(program);
        for (name, contents) in committable(&folder.join(&written)) {
            settle(&root.join(&written).join(&name), &contents);
        }
        let names = |root: &Path| -> Vec<String> {
            committable(&root.join(&written)).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(root), names(&folder), "{program} does not write all of them any more");
        if program == "prob1c" {
            let readme = root.join("README.md");
            let text = fs::read_to_string(&readme).expect("readable");
            let (before, rest) = text.split_once(README_BLOCK[0]).expect("the start of the block");
            let (_, after) = rest.split_once(README_BLOCK[1]).expect("the end of the block");
            settle(&readme, [before, README_BLOCK[0], &output, README_BLOCK[1], after].concat().as_bytes());
        }
    }
}
