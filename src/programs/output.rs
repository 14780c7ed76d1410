//! Atomic replacement of files: a reader, or a run that is killed, never leaves or sees half of one.
//!
//! A file is written under a temporary name in its folder and then renamed, which replaces an older one in one step. The
//! temporary name, `.NAME.backprop-PID.tmp`, holds the number of the process, so that two runs into the same folder do
//! not write into each other's. The next run that writes the same file removes the temporaries that killed runs left. It
//! may also remove the temporary of a run that is still writing: that run then finds nothing to rename, and writes again.

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

/// How often a file is written again after another run removed its temporary.
const TRIES: usize = 10;

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
    remove_strays(&target);
    let mut outcome = Ok(());
    for _ in 0..TRIES {
        let written = write_new(&temporary, contents, &target);
        let renamed = written.and_then(|()| fs::rename(&temporary, &target));
        outcome = renamed.inspect_err(|_| {
            // If it cannot be removed either, the first reason is the one to report.
            let _ = fs::remove_file(&temporary);
        });
        // Not found: another run took the temporary for one that was left.
        if !matches!(&outcome, Err(source) if source.kind() == io::ErrorKind::NotFound) {
            break;
        }
    }
    outcome.map_err(|source| Error::file(path, "write", source))
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
    // Another run may have removed it already.
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
    path.with_file_name(temporary_name(path, &pid.to_string()))
}

/// The name of a temporary for `path` written by process `pid`. Only the start of a long name fits.
fn temporary_name(path: &Path, pid: &str) -> String {
    let name: String = path.file_name().unwrap_or_default().to_string_lossy().chars().take(50).collect();
    format!(".{name}.backprop-{pid}.tmp")
}

/// Removes the temporaries that killed runs left of this file. One that cannot be listed or removed stays: it does no
/// harm.
fn remove_strays(path: &Path) {
    let Ok(entries) = fs::read_dir(folder_of(path)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_suffix(".tmp")?.rsplit('-').next());
        let is_number = |pid: &str| pid.bytes().all(|byte| byte.is_ascii_digit()) && !pid.is_empty();
        if pid.is_some_and(|pid| is_number(pid) && name == *temporary_name(path, pid)) {
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
