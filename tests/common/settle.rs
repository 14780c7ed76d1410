//! Comparing committed files with what they must be.

use std::fs;
use std::path::Path;

/// Compares a committed file with what it must be, or replaces it if asked to.
pub(crate) fn settle(committed: &Path, expected: &[u8]) {
    if std::env::var_os("REGENERATE").is_some() {
        fs::create_dir_all(committed.parent().expect("a file in a folder")).expect("writable");
        fs::write(committed, expected).expect("writable");
    }
    let found = fs::read(committed).unwrap_or_default();
    assert!(found == expected, "{} is not what is drawn and written now", committed.display());
}
