//! Files that appear whole or not at all, whatever happens to the program that writes them.
//!
//! A file is written under a temporary name beside its place and then renamed, which replaces an older one in one
//! step. The temporary name, `.NAME.PID.tmp`, holds the number of the process, so that two runs into the same folder do
//! not write into each other's. What a killed run left is removed by the next that writes the same file. It may thereby
//! take away the temporary of a run that lives: that run notices, because there is nothing to rename, and writes again.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::error::Error;

/// Writes a result into the folder `out`, under a name that begins with those of folders, which are made if they are not
/// there. Returns the file's path as people read it, the same on every system.
///
/// # Errors
///
/// [`Error::File`], which advises to name another folder.
pub fn write_result(out: &Path, name: &[&str], contents: &[u8]) -> Result<String, Error> {
    let path = name.iter().fold(out.to_owned(), |path, part| path.join(part));
    let folder = path.parent().unwrap_or(out);
    fs::create_dir_all(folder)
        .map_err(|source| Error::file(folder, "create the folder", source))
        .and_then(|()| write_whole(&path, contents))
        .map_err(|error| error.advise(OUT_ADVICE))?;
    Ok(shown(&path))
}

/// What to do if results cannot be written.
pub const OUT_ADVICE: &str = "--out names another folder to write to";

/// A path as people read it, the same on every system.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.display().to_string().replace(MAIN_SEPARATOR, "/")
}

/// Writes a file into an existing folder, in place of an older one of this name.
///
/// # Errors
///
/// [`Error::File`] if it cannot be written, or if there is something in its place that is not a file. The older file is
/// then as it was.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<(), Error> {
    check_place(path)?;
    let failed = |source| Error::file(path, "write", source);
    remove_strays(path);
    loop {
        let temporary = path.with_file_name(temporary_name(path, &std::process::id().to_string()));
        let written = write_new(&temporary, contents).map_err(|source| (source, false));
        let renamed = written.and_then(|()| fs::rename(&temporary, path).map_err(|source| (source, true)));
        match renamed {
            Ok(()) => return Ok(()),
            // Another run took the temporary for a stray one.
            Err((source, true)) if source.kind() == io::ErrorKind::NotFound => {}
            Err((source, _)) => {
                // If it cannot be removed either, the first reason is the one to tell.
                let _ = fs::remove_file(&temporary);
                return Err(failed(source));
            }
        }
    }
}

/// Whether a file can have its place there, as far as can be seen before it is written.
///
/// # Errors
///
/// [`Error::File`] if its folder does not exist, or if there is something in its place that is not a file.
pub fn check_place(path: &Path) -> Result<(), Error> {
    let failed = |source| Err(Error::file(path, "write", source));
    if let Err(source) = fs::metadata(folder_of(path)) {
        return failed(source);
    }
    if fs::metadata(path).is_ok_and(|place| !place.is_file()) {
        return failed(io::Error::other("there is something in its place that is not a file"));
    }
    Ok(())
}

fn write_new(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(contents)
}

/// The name of a temporary for `path` written by process `pid`.
fn temporary_name(path: &Path, pid: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.{pid}.tmp")
}

/// Removes what runs that were killed left of this file. Whatever cannot be listed or removed stays: it does no harm.
fn remove_strays(path: &Path) {
    let Ok(entries) = fs::read_dir(folder_of(path)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_suffix(".tmp")?.rsplit('.').next());
        if pid.is_some_and(|pid| name == *temporary_name(path, pid)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folder that a file is in, in a form that can be listed.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
