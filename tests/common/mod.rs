//! Folders and files of the tests of `laws` and of `programs`.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

/// A fresh, empty folder of the test that asks for it.
pub(crate) fn folder(name: &str) -> PathBuf {
    // Tests run at once, each in a thread of its name.
    let test = thread::current().name().unwrap_or_default().replace("::", "/");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// The names and contents of the files in a folder.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
            (name, fs::read(&path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

/// Says that a test, or a part of it, cannot be made here: even if the test passes, whose output is not shown.
pub(crate) fn skipped(what: &str, reason: &str) {
    let _ = writeln!(io::stderr(), "skipped: {what}: {reason}");
}

/// Whether committed files are to be replaced by what they must be.
pub(crate) fn regenerates() -> bool {
    std::env::var_os("REGENERATE").is_some()
}

/// Compares a committed file with what it must be, or replaces it if asked to.
pub(crate) fn settle(committed: &Path, expected: &[u8]) {
    if regenerates() {
        fs::create_dir_all(committed.parent().expect("a file in a folder")).expect("writable");
        fs::write(committed, expected).expect("writable");
    }
    let found = fs::read(committed).unwrap_or_default();
    let mut lines = found.split(|&byte| byte == b'\n').zip(expected.split(|&byte| byte == b'\n'));
    let first = lines.position(|(found, expected)| found != expected);
    let place = first.map_or("at its end".to_owned(), |line| format!("from line {} on", line + 1));
    assert!(found == expected, "{}: {place} it is not what is drawn and written now", committed.display());
}
