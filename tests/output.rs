//! Output: every file is whole, old or new, whatever happens to the run that writes it; whatever cannot be written is
//! said.
#![forbid(unsafe_code)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::{command, failure, files, folder, run, stdout};

/// Two runs that write other bytes into every file, and what they write.
const OLD: [&str; 4] = ["--epochs", "30", "--seed", "1"];
const NEW: [&str; 4] = ["--epochs", "30", "--seed", "2"];

type Files = Vec<(String, Vec<u8>)>;

fn results(folder: &Path, arguments: &[&str]) -> Files {
    stdout("prob1c", folder, arguments);
    files(&folder.join("out/prob1c"))
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = command("prob1c", folder, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn is_temporary(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "tmp")
}

/// Every file is as it was before or as it should be after.
fn assert_each_is_old_or_new(found: &Files, old: &Files, new: &Files) {
    for (position, (name, contents)) in found.iter().filter(|(name, _)| !is_temporary(name)).enumerate() {
        assert_eq!((name, name), (&old[position].0, &new[position].0));
        assert!(*contents == old[position].1 || *contents == new[position].1, "{name} is neither");
    }
}

#[test]
fn a_run_that_is_killed_leaves_every_file_whole_and_the_next_run_tidies_up() {
    const MOMENTS: u32 = 60;
    let folder = folder("killed");
    let new = results(&folder, &NEW);
    let old = results(&folder, &OLD);
    assert!(old.iter().zip(&new).all(|(old, new)| old.0 == new.0 && old.1 != new.1));
    let began = Instant::now();
    results(&folder, &OLD);
    let whole_run = began.elapsed();

    let mut killed = 0;
    let mut replaced = 0;
    for moment in 0..MOMENTS {
        let mut child = start(&folder, &NEW);
        std::thread::sleep(whole_run * moment / MOMENTS);
        child.kill().expect("it can be killed");
        killed += u32::from(!child.wait().expect("it ends").success());
        let found = files(&folder.join("out/prob1c"));
        assert_each_is_old_or_new(&found, &old, &new);
        replaced += found.iter().filter(|file| new.contains(file)).count();
        assert_eq!(results(&folder, &OLD), old, "a stray file is left");
    }
    // Otherwise the moments were not those of a run.
    assert!(killed > MOMENTS / 4, "only {killed} runs were killed before their end");
    assert!(replaced > 0, "no run was killed after its first file");
}

#[test]
fn a_temporary_that_a_killed_run_left_is_removed_by_the_next_and_nothing_else_is() {
    let folder = folder("stray");
    let out = folder.join("out/prob1c");
    fs::create_dir_all(&out).expect("writable");
    for name in
        [".loss.svg.4294967295.tmp", ".loss.svg.7.tmp", ".other.svg.7.tmp", "loss.svg.tmp", ".loss.svg.tmp"]
    {
        fs::write(out.join(name), "half").expect("writable");
    }
    let left: Vec<String> =
        results(&folder, &NEW).into_iter().map(|(name, _)| name).filter(|name| is_temporary(name)).collect();
    assert_eq!(left, [".loss.svg.tmp", ".other.svg.7.tmp", "loss.svg.tmp"]);

    // Beside a file in the current folder, and beside one in another.
    for file in ["p", "out/p"] {
        let stray = folder.join(Path::new(file).with_file_name(".p.7.tmp"));
        fs::write(&stray, "half").expect("writable");
        stdout("prob1c", &folder, &["--epochs", "1", "--save", file]);
        assert!(folder.join(file).exists() && !stray.exists(), "{}", stray.display());
    }
}

#[test]
fn runs_at_once_into_the_same_folder_do_not_spoil_each_others_files() {
    let folder = folder("at-once");
    let new = results(&folder, &NEW);
    let old = results(&folder, &OLD);
    for _ in 0..5 {
        let children: Vec<Child> =
            (0..8).map(|number| start(&folder, if number % 2 == 0 { &OLD } else { &NEW })).collect();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && errors.is_empty(), "{errors}");
        }
        let found = files(&folder.join("out/prob1c"));
        assert_eq!(found.len(), new.len(), "a stray file is left");
        assert_each_is_old_or_new(&found, &old, &new);
    }
}

fn assert_fails(folder: &Path, arguments: &[&str], start: &str, end: &str) {
    let (status, message) = failure("prob1c", folder, arguments);
    assert_eq!(status, 1, "{message}");
    assert!(message.starts_with(&format!("prob1c: {start}")), "{message}");
    assert!(message.ends_with(&format!("{end}\n")), "{message}");
}

#[test]
fn what_is_in_the_way_of_a_file_is_named() {
    let folder = folder("in-the-way");
    let advice = "; --out names another folder to write to";
    fs::write(folder.join("file"), "").expect("writable");
    assert_fails(&folder, &["--out", "file"], "cannot create the folder file", advice);
    fs::create_dir_all(folder.join("out/prob1c/loss.svg")).expect("writable");
    let path = Path::new("out").join("prob1c").join("loss.svg");
    let problem =
        format!("cannot write {}: there is something in its place that is not a file", path.display());
    assert_fails(&folder, &["--epochs", "1"], &problem, advice);
    assert_eq!(files(&folder.join("out/prob1c/loss.svg")), []);
    let problem = "cannot write out: there is something in its place that is not a file";
    assert_fails(
        &folder,
        &["--epochs", "1", "--out", "b", "--save", "out"],
        problem,
        "; --save names the file to write",
    );
    let problem = "cannot write missing/p: ";
    assert_fails(
        &folder,
        &["--epochs", "1", "--out", "b", "--save", "missing/p"],
        problem,
        "the file to write",
    );
    assert!(!folder.join("b").exists(), "it is told before training");
}

#[test]
fn an_unwritable_folder_is_named() {
    let folder = folder("unwritable");
    let locked = folder.join("locked");
    fs::create_dir(&locked).expect("writable");
    let mut permissions = fs::metadata(&locked).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("its owner may");
    // Whoever may write everywhere (root) cannot be refused.
    if fs::write(locked.join("probe"), "").is_err() {
        assert_fails(&folder, &["--out", "locked"], "cannot create the folder locked", "to write to");
    }
}

#[test]
fn a_closed_pipe_ends_a_run_quietly() {
    for (lines, arguments) in [(0, &["--epochs", "2000"][..]), (1, &["--epochs", "2000"]), (3, &["--help"])] {
        let mut child = command("prob1c", &folder("pipe"), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut reader = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
        for _ in 0..lines {
            let mut line = String::new();
            std::io::BufRead::read_line(&mut reader, &mut line).expect("a line");
        }
        drop(reader);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_run_without_end_trains_until_it_is_killed() {
    for program in ["prob1c", "prob2a"] {
        let arguments = ["--epochs", "18446744073709551615"];
        let mut command = command(program, &folder("endless"), &arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(child.try_wait().expect("its state"), None, "{program} ends");
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
}

#[test]
fn progress_is_for_terminals_alone() {
    // Long enough for progress to be due.
    let began = Instant::now();
    let output = run("prob1d", &folder("progress"), &["--epochs", "30000", "--hidden", "16"]);
    assert!(output.status.success());
    assert!(began.elapsed() > Duration::from_millis(600), "too short a run: {:?}", began.elapsed());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
mod unix {
    use std::process::Command;

    use super::*;

    /// A run under a shell, which sets a limit first or redirects.
    fn shell(program: &str, folder: &Path, script: &str) -> std::process::Output {
        let mut command = Command::new("sh");
        command.current_dir(folder).args(["-c", script, common::path(program)]);
        command.output().expect("a shell")
    }

    #[test]
    fn a_file_that_cannot_be_written_to_its_end_leaves_the_old_one() {
        let folder = folder("full");
        let old = results(&folder, &OLD);
        // Files of at most a few blocks; the signal that would end the program is ignored, so that writing fails.
        let output = shell("prob1c", &folder, "trap '' XFSZ; ulimit -f 4; exec \"$0\" --seed 2");
        assert_eq!(output.status.code(), Some(1));
        let message = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(message.starts_with("prob1c: cannot write out/prob1c/gradient_check.svg: "), "{message}");
        assert!(message.ends_with("; --out names another folder to write to\n"), "{message}");
        assert_eq!(files(&folder.join("out/prob1c")), old);
    }

    #[test]
    fn a_full_standard_output_is_a_failure() {
        if !Path::new("/dev/full").exists() {
            return;
        }
        for arguments in ["", "--help", "--version"] {
            let output = shell("prob1c", &folder("dev-full"), &format!("exec \"$0\" {arguments} >/dev/full"));
            let message = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(message.starts_with("prob1c: cannot write to standard output: "), "{message}");
        }
    }

    #[test]
    fn closed_standard_streams_do_not_stop_a_run() {
        for redirection in [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"] {
            let folder = folder("closed");
            let output = shell("prob1c", &folder, &format!("exec \"$0\" --epochs 3 {redirection}"));
            assert_eq!(output.status.code(), Some(0), "{redirection}");
            assert_eq!(files(&folder.join("out/prob1c")).len(), 5, "{redirection}");
        }
    }

    #[test]
    fn every_program_runs_on_a_stack_of_512_kib() {
        for (program, _) in common::PROGRAMS {
            let output = shell(program, &folder("stack"), "ulimit -s 512; exec \"$0\" --epochs 2");
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
