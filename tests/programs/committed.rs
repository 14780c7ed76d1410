//! What is committed is what the programs write: the files that they write into `out/`, by their fingerprints in
//! `tests/programs/out.fingerprints`, and the blocks of output in the README. `out/` itself is not read.
//!
//! `cargo run --release --bin tune && REGENERATE=1 cargo test --test programs committed` makes them and `out/` anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::common::{files, folder, regenerates, settle, stdout};
use backprop::programs::output::shown;
use backprop::training::fingerprint;

/// The README with the text between a block's two ends replaced.
fn with_block(readme: &str, [start, end]: [&str; 2], text: &str) -> String {
    let (before, rest) = readme.split_once(start).expect("the start of the block");
    let (_, after) = rest.split_once(end).expect("the end of the block");
    [before, start, text, end, after].concat()
}

/// All files in a folder and its folders, by their paths from there.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("readable").map(|entry| entry.expect("readable").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let name = shown(entry.strip_prefix(root).expect("inside"));
                all.insert(name, fs::read(&entry).expect("readable"));
            }
        }
    }
    all
}

/// Makes `out/` anew: files that stand in the old list of fingerprints and are not written any more go.
fn refresh(out: &Path, old: &str, written: &BTreeMap<String, Vec<u8>>) {
    for name in old.lines().filter_map(|line| Some(line.split_once("  ")?.1)) {
        if !written.contains_key(name) {
            // It may be gone already.
            let _ = fs::remove_file(out.join(name));
        }
    }
    for (name, contents) in written {
        let path = out.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, contents).expect("writable");
    }
}

#[test]
fn what_the_programs_write_has_the_committed_fingerprints_and_is_in_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder("out");
    let results = stdout("answers", &folder, &["--quiet"]);
    let (table, _) = results.split_once("\n\n").expect("a table and what is written");
    let written = tree(&folder.join("out"));
    let mut fingerprints = String::new();
    for (name, contents) in &written {
        let fingerprint = fingerprint::of(contents.iter().copied());
        writeln!(fingerprints, "{fingerprint}  {name}").expect("text");
    }
    let list = root.join("tests/programs/out.fingerprints");
    if regenerates() {
        refresh(&root.join("out"), &fs::read_to_string(&list).unwrap_or_default(), &written);
    }
    settle(&list, fingerprints.as_bytes());

    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).expect("readable");
    let output = stdout("prob1c", &folder, &["--quiet"]);
    let text =
        with_block(&text, ["<!-- output of prob1c --quiet -->\n```text\n", "```\n<!-- end -->"], &output);
    let text = with_block(&text, ["<!-- results -->\n", "\n<!-- end of results -->"], table);
    settle(&readme, text.as_bytes());
}

/// `tune` goes on where a sweep stopped. Here the 26th of every thirteen hundred lines has been taken out of the
/// committed files, so those are trained again, and the files must be what they were.
#[test]
fn the_sweeps_are_what_tune_writes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tuning");
    let folder = folder("tuning");
    let tuning = folder.join("data/tuning");
    fs::create_dir_all(&tuning).expect("writable");
    let mut taken = 0;
    for (name, contents) in files(&committed) {
        let text = String::from_utf8(contents).expect("UTF-8");
        let kept = text.split_inclusive('\n').enumerate().filter(|(line, _)| line % 1300 != 25);
        let kept: String = kept.map(|(_, line)| line).collect();
        taken += text.lines().count() - kept.lines().count();
        fs::write(tuning.join(name), kept).expect("writable");
    }
    let output = stdout("tune", &folder, &["--quiet"]);
    let made = output
        .lines()
        .filter_map(|line| line.strip_suffix(" of them new")?.rsplit(' ').next()?.parse::<usize>().ok());
    assert_eq!(made.sum::<usize>(), taken, "{output}");
    let (made, committed) = (files(&tuning), files(&committed));
    assert_eq!(made.len(), committed.len(), "a file for each sweep");
    for (made, committed) in made.iter().zip(&committed) {
        assert!(made == committed, "{} is not what tune writes: remove data/tuning/*.csv and run it", made.0);
    }
}
