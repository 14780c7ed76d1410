//! Architecture: the folders of `src/` stand in an order, and each imports only those before it; so do the files of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ORDER: [&str; 6] = ["math", "training", "proof", "draw", "figures", "programs"];

/// What drawing needs of the rest: the order of numbers and the logarithm. It knows no network and no data.
const FOR_DRAWING: [&str; 2] = ["math::order::", "math::exp_ln::"];

pub(crate) fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of a folder and of the folders in it.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).expect("readable")
}

/// The code of a text without its comments, on one line.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().trim()).collect()
}

/// The code of a file without its comments and its tests.
fn product(file: &Path) -> String {
    code(text(file).split("#[cfg(test)]").next().unwrap_or_default())
}

/// The identifier that a text begins with.
pub(crate) fn identifier(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// What the code of a file names outside its folder and by `crate::…`, without that word; comments do not count.
fn named(file: &Path, folder: &Path) -> Vec<String> {
    let code = code(&text(file)).replace("pub(crate)", "");
    let after = |word: &str| code.split(word).skip(1).map(str::to_owned).collect::<Vec<_>>();
    // A use of the word without a path, as in `use crate::{…}`, names nothing that is allowed, and so is found.
    let mut named: Vec<String> = after("crate")
        .into_iter()
        .map(|rest| rest.strip_prefix("::").unwrap_or_default().to_owned())
        .collect();
    // From a folder's mod.rs one step up leads out of it, from its other files two, but for those of a test module.
    let up = if file == folder.join("mod.rs") { "super::" } else { "super::super::" };
    for rest in after(up) {
        let module = identifier(&rest);
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

/// The files in a folder, and the folders, each with those beside it that its code names.
fn neighbours(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let inside = folder.strip_prefix(source()).expect("in src").to_str().expect("UTF-8").replace('/', "::");
    // A program of several files is a crate of its own.
    let path = if inside.starts_with("bin::") { "crate::".to_owned() } else { format!("crate::{inside}::") };
    let mut neighbours = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()) {
        let (files, up) =
            if entry.is_dir() { (files(&entry), "super::super::") } else { (vec![entry.clone()], "super::") };
        let mut named = Vec::new();
        for code in files.iter().map(|file| product(file)) {
            for rest in code.split(&path).skip(1).chain(code.split(up).skip(1)) {
                let names = match rest.strip_prefix('{') {
                    Some(group) => group.split('}').next().unwrap_or_default(),
                    None => identifier(rest),
                };
                named.extend(names.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
            }
        }
        let name = entry.file_stem().expect("a name").to_str().expect("UTF-8").to_owned();
        named.retain(|other| *other != name);
        neighbours.insert(name, named);
    }
    neighbours
}

/// Folders whose files stand in an order, too.
const ORDERED: [&str; 9] = [
    "math",
    "training",
    "proof",
    "draw",
    "figures",
    "programs",
    "bin/tune",
    "bin/tune/tuning",
    "bin/answers",
];

#[test]
fn no_file_is_named_by_those_that_it_names() {
    for folder in ORDERED {
        let mut rest = neighbours(&source().join(folder));
        // Whatever names none of the rest stands below it.
        while let Some(lowest) =
            rest.iter().find(|(_, named)| !named.iter().any(|name| rest.contains_key(name)))
        {
            let lowest = lowest.0.clone();
            rest.remove(&lowest);
        }
        assert!(rest.is_empty(), "{folder} has a circle: {rest:?}");
    }
}

/// What to do about a finding is said by the programs, which have the flags.
#[test]
fn training_names_no_flag_and_no_program() {
    for file in files(&source().join("training")) {
        let code = product(&file);
        let flag = code.split("--").skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        assert_eq!(flag, None, "{}", file.display());
        assert!(!code.contains("prob1") && !code.contains("prob2"), "{}", file.display());
    }
}
