//! Output: a file is replaced as a whole or not at all, where a symbolic link leads, and keeps its permissions. What cannot be
//! written is said before a run, and leaves no temporary.

use std::fs;
use std::path::Path;

use crate::common::{files, folder, skipped};
use backprop::programs::output::{check_place, write_atomically};

/// What is said of a path that can neither be checked nor written.
fn refused(path: &Path) -> String {
    let message = check_place(path).unwrap_err().to_string();
    assert_eq!(write_atomically(path, b"new").unwrap_err().to_string(), message);
    assert!(message.starts_with(&format!("cannot write {}: ", path.display())), "{message}");
    message
}

#[test]
fn a_path_that_names_no_file_is_refused() {
    let folder = folder("folders");
    fs::create_dir(folder.join("there")).unwrap();
    for place in ["", "new/", "new/.", "x/..", ".", "./", "there", "missing/p", &"n".repeat(256)] {
        refused(&folder.join(place));
    }
    refused(Path::new(""));
    refused(Path::new("/"));
    assert_eq!(files(&folder), []);
}

#[test]
fn a_name_of_any_length_that_the_system_takes_is_written() {
    let folder = folder("long");
    for name in ["n".repeat(255), "é".repeat(127)] {
        let path = folder.join(&name);
        check_place(&path).unwrap();
        assert!(!path.exists());
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
    assert_eq!(files(&folder).len(), 2);
}

#[test]
fn a_write_protected_file_is_not_replaced() {
    let file = folder("protected").join("p");
    fs::write(&file, "mine").unwrap();
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    assert!(refused(&file).ends_with("the file is write-protected"));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

/// No file can be made in this folder, whoever asks, and the system says that it is not found.
#[test]
fn a_folder_in_which_no_file_can_be_made_is_refused() {
    let place = Path::new("/proc/self/backprop");
    if !place.with_file_name("stat").exists() {
        return skipped("a folder without files", "there is no /proc/self");
    }
    refused(place);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn the_file_that_a_symbolic_link_leads_to_is_replaced_and_the_link_stays() {
        let folder = folder("links");
        fs::create_dir_all(folder.join("a/b")).unwrap();
        fs::write(folder.join("a/old"), "").unwrap();
        // Where the file of each link is, seen from the folder.
        let absolute = folder.join("a/absolute");
        let links = [
            ("old-link", Path::new("a/old"), "a/old"),
            ("a/b/up", Path::new("../../top"), "top"),
            ("chain", Path::new("a/b/up2"), "a/two"),
            ("a/b/up2", Path::new("../two"), "a/two"),
            ("absolute", &absolute, "a/absolute"),
        ];
        for file in ["top", "a/two", "a/absolute"] {
            fs::write(folder.join(file), "").unwrap();
        }
        for (link, to, _) in links {
            symlink(to, folder.join(link)).unwrap();
        }
        symlink("a/b", folder.join("linked-folder")).unwrap();
        for (link, file) in
            links.map(|(link, _, file)| (link, file)).into_iter().chain([("linked-folder/p", "a/b/p")])
        {
            check_place(&folder.join(link)).unwrap();
            write_atomically(&folder.join(link), link.as_bytes()).unwrap();
            assert!(fs::symlink_metadata(folder.join(file)).unwrap().is_file(), "{link}");
            assert_eq!(fs::read(folder.join(file)).unwrap(), link.as_bytes());
        }
        assert!(links.iter().all(|(link, ..)| folder.join(link).is_symlink()));
        let names = |path| files(&folder.join(path)).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("a"), ["absolute", "old", "two"], "and no temporary");
        assert_eq!(names("a/b"), ["p", "up", "up2"]);
    }

    #[test]
    fn a_link_that_leads_to_no_place_for_a_file_is_refused() {
        let folder = folder("bad-links");
        fs::create_dir(folder.join("dir")).unwrap();
        for (link, to) in [
            ("circle", "circle"),
            ("there", "back"),
            ("back", "there"),
            ("dir-link", "dir"),
            ("null", "/dev/null"),
        ] {
            symlink(to, folder.join(link)).unwrap();
        }
        for link in ["circle", "there", "dir-link", "null"] {
            refused(&folder.join(link));
            assert!(folder.join(link).is_symlink());
        }
    }

    #[test]
    fn a_file_keeps_its_permissions() {
        let file = folder("kept").join("p");
        for mode in [0o600, 0o644, 0o660] {
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            write_atomically(&file, b"new").unwrap();
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}
