//! Atomic replacement of files: a reader, or a run that is killed, never leaves or sees half of one.
//!
//! A file is written under a temporary name in its folder and then renamed, which replaces an older one in one step. The
//! temporary name, `.NAME.backprop-PID.tmp`, holds the number of the process, so that two runs into the same folder do
//! not write into each other's. A process that is killed in the millisecond of a write leaves its temporary.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};

use crate::training::error::Error;

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
        .and_then(|()| write_atomically(&path, contents))
        .map_err(|error| error.advise(OUT_ADVICE))?;
    Ok(shown(&path))
}

/// What to do if results cannot be written.
pub const OUT_ADVICE: &str = "--out names another folder to write to";

/// A path as people read it, the same on every system.
pub fn shown(path: &Path) -> String {
    path.display().to_string().replace(MAIN_SEPARATOR, "/")
}

/// The longest chain of symbolic links that is followed, as on Linux.
const MOST_LINKS: usize = 40;

/// Replaces a file, or makes it, in an existing folder. Of a symbolic link the target is replaced. The new file has the
/// permissions of the old one.
///
/// # Errors
///
/// [`Error::File`] if it cannot be written, or as [`check_place`]. The older file is then as it was.
pub fn write_atomically(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let target = resolve(path)?;
    let temporary = temporary_of(&target);
    let written = write_new(&temporary, contents, &target).and_then(|()| fs::rename(&temporary, &target));
    written.map_err(|source| {
        // If it cannot be removed either, the first reason is the one to report.
        let _ = fs::remove_file(&temporary);
        Error::file(path, "write", source)
    })
}

/// Checks before a long run that its result can be written at this path.
///
/// # Errors
///
/// [`Error::File`] if the path names a folder or something else that is not a file, if the file is write-protected, or if
/// no file can be made in its folder.
pub fn check_place(path: &Path) -> Result<(), Error> {
    let temporary = temporary_of(&resolve(path)?);
    File::create(&temporary).map_err(|source| Error::file(path, "write", source))?;
    let _ = fs::remove_file(&temporary);
    Ok(())
}

/// The path of the file that is to be replaced, without symbolic links.
fn resolve(path: &Path) -> Result<PathBuf, Error> {
    let failed = |source| Error::file(path, "write", source);
    let refused = |problem: &str| failed(io::Error::other(problem.to_owned()));
    let place = fs::metadata(path);
    if place.as_ref().is_ok_and(|place| !place.is_file()) {
        return Err(refused("there is something in its place that is not a file"));
    }
    // Renaming would replace it all the same.
    if place.is_ok_and(|place| place.permissions().readonly()) {
        return Err(refused("the file is write-protected"));
    }
    let target = target_of(path).ok_or_else(|| refused("its symbolic links form a circle"))?;
    if names_folder(&target) {
        return Err(refused("this names a folder, not a file"));
    }
    fs::metadata(folder_of(&target)).map_err(failed)?;
    match fs::symlink_metadata(&target) {
        // Such as a name that is too long.
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(failed(source)),
        _ => Ok(target),
    }
}

/// Where a chain of symbolic links ends, whether or not there is something; `None` if it does not end.
fn target_of(path: &Path) -> Option<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else { return Some(target) };
        target = folder_of(&target).join(next);
    }
    None
}

/// Whether the path can only be that of a folder: `x/`, `x/.`, `..`. [`Path`] itself ignores such an end.
fn names_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    matches!(text.rsplit(is_separator).next(), Some("" | "." | ".."))
}

/// Writes a file that shall replace another.
fn write_new(path: &Path, contents: &[u8], old: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    if let Ok(old) = fs::metadata(old) {
        // Some file systems have no permissions to set.
        let _ = file.set_permissions(old.permissions());
    }
    file.write_all(contents)
}

/// The path of this process's temporary for `path`.
fn temporary_of(path: &Path) -> PathBuf {
    // WebAssembly has no processes, and panics when asked for the number of one.
    let pid = if cfg!(target_family = "wasm") { 0 } else { std::process::id() };
    // Only the start of a long name fits.
    let name: String = path.file_name().unwrap_or_default().to_string_lossy().chars().take(50).collect();
    path.with_file_name(format!(".{name}.backprop-{pid}.tmp"))
}

/// The folder that a file is in, in a form that can be listed.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
