//! Architecture: the folders of `src/` stand in an order, and each imports only those before it.

use std::fs;
use std::path::{Path, PathBuf};

const ORDER: [&str; 6] = ["math", "training", "proof", "draw", "figures", "programs"];

/// What drawing needs of the rest: the order of numbers and the logarithm. It knows no network and no data.
const FOR_DRAWING: [&str; 2] = ["math::order::", "math::exp_ln::"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of a folder and of the folders in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What the code of a file names outside its folder and by `crate::…`, without that word; comments do not count.
fn named(file: &Path, folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("readable");
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default().trim());
    let code = code.collect::<String>().replace("pub(crate)", "");
    let after = |word: &str| code.split(word).skip(1).map(str::to_owned).collect::<Vec<_>>();
    // A use of the word without a path, as in `use crate::{…}`, names nothing that is allowed, and so is found.
    let mut named: Vec<String> = after("crate")
        .into_iter()
        .map(|rest| rest.strip_prefix("::").unwrap_or_default().to_owned())
        .collect();
    // From a folder's mod.rs one step up leads out of it, from its other files two, but for those of a test module.
    let up = if file == folder.join("mod.rs") { "super::" } else { "super::super::" };
    for rest in after(up) {
        let module = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if !folder.join(module).with_extension("rs").exists() {
            named.push(format!("{up}{rest}"));
        }
    }
    named
}

/// What the files of a folder name beside what `allowed` allows.
fn assert_names_only(folder: &str, allowed: &[String]) {
    let folder = source().join(folder);
    let files = files(&folder);
    assert!(files.len() > 1, "{} has files", folder.display());
    for file in files {
        for name in named(&file, &folder) {
            let is_allowed = allowed.iter().any(|start| name.starts_with(start));
            let name: String = name.chars().take(40).collect();
            assert!(is_allowed, "{} names {name:?}, and may name {allowed:?}", file.display());
        }
    }
}

#[test]
fn the_mathematics_names_nothing_outside_itself() {
    assert_names_only("math", &["math::".to_owned()]);
}

#[test]
fn each_folder_names_only_those_before_it() {
    for (position, folder) in ORDER.iter().enumerate() {
        let allowed: Vec<String> = if *folder == "draw" {
            FOR_DRAWING.into_iter().chain(["draw::"]).map(str::to_owned).collect()
        } else {
            ORDER[..=position].iter().map(|folder| format!("{folder}::")).collect()
        };
        assert_names_only(folder, &allowed);
    }
}

#[test]
fn the_folders_in_their_order_are_all_there_are() {
    let mut folders: Vec<String> = fs::read_dir(source())
        .expect("a folder")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_str().expect("UTF-8").to_owned())
        .collect();
    folders.sort();
    // The programs know everything.
    folders.retain(|folder| folder != "bin");
    let mut expected = ORDER;
    expected.sort_unstable();
    assert_eq!(folders, expected);
}
