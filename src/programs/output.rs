//! Atomic replacement of files: a reader, or a run that is killed, never leaves or sees half of one.
//!
//! A file is written under a temporary name in its folder and then renamed, which replaces an older one in one step. The
//! temporary name, `.NAME.backprop-PID.tmp`, holds the number of the process, so that two runs into the same folder do
//! not write into each other's. A process that is killed in the millisecond of a write leaves its temporary.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};

use crate::training::error::Error;

/// Writes a result into the folder `out`, under a name such as `prob1c/loss.svg`. Returns the file's path as [`shown`].
pub fn write_result(out: &Path, name: &str, contents: &[u8]) -> Result<String, Error> {
    let path = in_folder(out, name)?;
    write_atomically(&path, contents).map_err(|error| error.advise(OUT_ADVICE))?;
    Ok(shown(&path))
}

/// The path of a result, whose folders are made if they are not there, and at which it can be written.
pub fn placed(out: &Path, name: &str) -> Result<PathBuf, Error> {
    let path = in_folder(out, name)?;
    check_place(&path).map_err(|error| error.advise(OUT_ADVICE)).map(|()| path)
}

fn in_folder(out: &Path, name: &str) -> Result<PathBuf, Error> {
    let path = out.join(name);
    let folder = path.parent().unwrap_or(out);
    let made = fs::create_dir_all(folder).map_err(|source| Error::file(folder, "create the folder", source));
    made.map_err(|error| error.advise(OUT_ADVICE))?;
    Ok(path)
}

const OUT_ADVICE: &str = "--out names another folder to write to";

/// A path as people read it, the same on every system.
pub fn shown(path: &Path) -> String {
    path.display().to_string().replace(MAIN_SEPARATOR, "/")
}

/// Replaces a file, or makes it, in an existing folder. Of a symbolic link to a file the target is replaced. The new file has the
/// permissions of the old one. If it cannot be written, the old one is as it was.
pub fn write_atomically(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let target = target_of(path)?;
    let temporary = temporary_of(&target);
    let written = fs::write(&temporary, contents).and_then(|()| {
        if let Ok(old) = fs::metadata(&target) {
            // Some file systems have no permissions to set.
            let _ = fs::set_permissions(&temporary, old.permissions());
        }
        fs::rename(&temporary, &target)
    });
    written.map_err(|source| {
        // If it cannot be removed either, the first reason is the one to report.
        let _ = fs::remove_file(&temporary);
        Error::file(path, "write", source)
    })
}

/// Checks before a long run that its result can be written at this path: that it names no folder nor something else that is
/// not a file, that the file is not write-protected, and that one can be made in its folder.
pub fn check_place(path: &Path) -> Result<(), Error> {
    let temporary = temporary_of(&target_of(path)?);
    File::create(&temporary).map_err(|source| Error::file(path, "write", source))?;
    let _ = fs::remove_file(&temporary);
    Ok(())
}

/// The path of the file that is to be replaced: where symbolic links lead, or a link itself that leads to nothing.
fn target_of(path: &Path) -> Result<PathBuf, Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // Of a path that can only be a folder's, `x/`, `x/.` or `..`, `Path` ignores the end.
    let names_folder = matches!(path.to_string_lossy().rsplit(is_separator).next(), Some("" | "." | ".."));
    let refused = |problem: &str| Err(io::Error::other(problem.to_owned()));
    let place = match fs::metadata(&target) {
        Ok(place) if !place.is_file() => refused("there is something in its place that is not a file"),
        // Renaming would replace it all the same.
        Ok(place) if place.permissions().readonly() => refused("the file is write-protected"),
        _ if names_folder => refused("this names a folder, not a file"),
        // Such as a name that is too long, or links in a circle.
        Err(source) if source.kind() != ErrorKind::NotFound => Err(source),
        _ => Ok(target),
    };
    place.map_err(|source| Error::file(path, "write", source))
}

/// The path of this process's temporary for `path`.
fn temporary_of(path: &Path) -> PathBuf {
    // WebAssembly has no processes, and panics when asked for the number of one.
    let pid = if cfg!(target_family = "wasm") { 0 } else { std::process::id() };
    // Only the start of a long name fits.
    let name: String = path.file_name().unwrap_or_default().to_string_lossy().chars().take(50).collect();
    path.with_file_name(format!(".{name}.backprop-{pid}.tmp"))
}
