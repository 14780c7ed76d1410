//! Comparing committed files with what they must be.

use std::fs;
use std::path::Path;

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
