//! Output: every file is whole, old or new, whatever happens to the run that writes it; whatever cannot be written is
//! said. The rules of paths are tested in `laws/output.rs`.

use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::{self, command, failure, files, folder, stdout};

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
fn a_run_that_is_killed_leaves_every_file_whole() {
    const MOMENTS: u32 = 5;
    let folder = folder("killed");
    let new = results(&folder, &NEW);
    let old = results(&folder, &OLD);
    for (old, new) in old.iter().zip(&new) {
        // One figure is the same whatever the run.
        assert!(old.0 == new.0 && (old.1 != new.1 || old.0 == "one_step.svg"), "{}", old.0);
    }
    let began = Instant::now();
    results(&folder, &OLD);
    let whole_run = began.elapsed();

    let (mut killed, mut replaced) = (0, 0);
    // Until enough runs were killed before their end, and one of them after its first file.
    for moment in (0..MOMENTS).cycle() {
        let mut child = start(&folder, &NEW);
        std::thread::sleep(whole_run * moment / MOMENTS);
        child.kill().expect("it can be killed");
        let is_killed = !child.wait().expect("it ends").success();
        let found = files(&folder.join("out/prob1c"));
        assert_each_is_old_or_new(&found, &old, &new);
        if is_killed {
            killed += 1;
            replaced += found.iter().filter(|file| new.contains(file) && !old.contains(file)).count();
        }
        let mut again = results(&folder, &OLD);
        again.retain(|(name, _)| !is_temporary(name));
        assert_eq!(again, old);
        if killed >= MOMENTS && replaced > 0 {
            break;
        }
    }
}

#[test]
fn runs_at_once_into_the_same_folder_do_not_spoil_each_others_files() {
    let folder = folder("at-once");
    let new = results(&folder, &NEW);
    let old = results(&folder, &OLD);
    let children: Vec<Child> =
        (0..8).map(|number| start(&folder, if number % 2 == 0 { &OLD } else { &NEW })).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{errors}");
    }
    let found = files(&folder.join("out/prob1c"));
    assert_eq!(found.len(), new.len(), "a temporary file is left");
    assert_each_is_old_or_new(&found, &old, &new);
}

#[test]
fn what_is_in_the_way_of_a_file_is_named_before_training() {
    let folder = folder("in-the-way");
    fs::write(folder.join("file"), "").expect("writable");
    fs::create_dir_all(folder.join("out/prob1c/loss.svg")).expect("writable");
    let no_file = "there is something in its place that is not a file";
    let out = "--out names another folder to write to";
    let save = "--save names the file to write";
    for (arguments, problem, advice) in [
        (&["--out", "file"][..], "cannot create the folder file/prob1c: ", out),
        (&[], &format!("cannot write out/prob1c/loss.svg: {no_file}"), out),
        (&["--out", "b", "--save", "out"], &format!("cannot write out: {no_file}"), save),
        (&["--out", "b", "--save", "missing/p"], "cannot write missing/p: ", save),
        (&["--out", "b", "--save", "new/."], "cannot write new/.: ", save),
    ] {
        let (status, message) = failure("prob1c", &folder, &[&["--epochs", "1"], arguments].concat());
        assert_eq!(status, 1, "{message}");
        assert!(message.starts_with(&format!("prob1c: {problem}")), "{message}");
        assert!(message.ends_with(&format!("; {advice}\n")), "{message}");
    }
    assert!(!folder.join("b").exists());
    assert_eq!(files(&folder.join("out/prob1c/loss.svg")), []);
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
            reader.read_line(&mut line).expect("a line");
        }
        drop(reader);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_run_without_end_trains_until_it_is_killed_and_shows_no_progress_but_on_a_terminal() {
    let arguments = ["--epochs", "18446744073709551615", "--hidden", "16"];
    let mut command = command("prob1d", &folder("endless"), &arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = std::io::BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let trains = |line: std::io::Result<String>| line.expect("UTF-8").starts_with("iteration 0: ");
    assert!(lines.any(trains), "it trains");
    // Progress is due after half a second.
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(child.try_wait().expect("its state"), None, "it ends");
    child.kill().expect("it can be killed");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt as _;
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
        assert!(message.starts_with("prob1c: cannot write out/prob1c/history.csv: "), "{message}");
        assert!(message.ends_with("; --out names another folder to write to\n"), "{message}");
        assert_eq!(files(&folder.join("out/prob1c")), old);
    }

    #[test]
    fn a_full_standard_output_is_a_failure() {
        for arguments in ["", "--help", "--version"] {
            // A file that may not grow, and no signal when it would.
            let script = format!("trap '' XFSZ; ulimit -f 0; exec \"$0\" {arguments} >full");
            let output = shell("prob1c", &folder("full-output"), &script);
            let message = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(message.starts_with("prob1c: cannot write to standard output: "), "{message}");
        }
    }

    #[test]
    fn closed_standard_streams_do_not_stop_a_run() {
        let mut redirections = vec![">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"];
        if Path::new("/dev/full").exists() {
            redirections.push("2>/dev/full");
        } else {
            common::skipped("a full standard error", "there is no /dev/full");
        }
        for redirection in redirections {
            let folder = folder("closed");
            let output = shell("prob1c", &folder, &format!("exec \"$0\" --epochs 3 {redirection}"));
            assert_eq!(output.status.code(), Some(0), "{redirection}");
            assert_eq!(files(&folder.join("out/prob1c")).len(), 7, "{redirection}");
        }
    }

    #[test]
    fn an_unwritable_folder_is_named() {
        let folder = folder("unwritable");
        let locked = folder.join("locked");
        fs::create_dir(&locked).expect("writable");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("its owner may");
        for (arguments, start, end) in [
            (["--out", "locked"], "cannot create the folder locked/prob1c", "to write to"),
            // It is told before training.
            (["--save", "locked/p"], "cannot write locked/p", "the file to write"),
        ] {
            let arguments = [&["--epochs", "1"], &arguments[..]].concat();
            let Some(output) = common::run_unprivileged("prob1c", &folder, &arguments) else { return };
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(message.starts_with(&format!("prob1c: {start}: Permission denied")), "{message}");
            assert!(message.ends_with(&format!("{end}\n")), "{message}");
        }
    }

    /// What a command of the shell prints on a terminal of this many columns, in lines; `None`, and said, if there is no
    /// `script`.
    fn on_terminal(folder: &Path, columns: usize, script: &str) -> Option<Vec<String>> {
        let inner = format!("stty cols {columns} rows 24; {script}");
        let mut command = Command::new("script");
        // The two kinds of script take a command in their own ways.
        if cfg!(target_os = "linux") {
            command.args(["-qec", &inner, "/dev/null"]);
        } else {
            command.args(["-q", "/dev/null", "sh", "-c", &inner]);
        }
        command.current_dir(folder).stdin(Stdio::null()).env_remove("COLUMNS");
        match command.output() {
            Ok(output) => {
                let text = String::from_utf8(output.stdout).expect("UTF-8");
                assert!(output.status.success(), "{text}");
                Some(text.lines().map(str::to_owned).collect())
            }
            Err(error) => {
                common::skipped("the width of a terminal", &format!("script: {error}"));
                None
            }
        }
    }

    #[test]
    fn figures_in_characters_are_as_wide_as_the_terminal_up_to_60_columns() {
        for (columns, variable, expected) in [
            (1_usize, None, 1_usize),
            (20, None, 20),
            (40, None, 40),
            (59, None, 59),
            (100, None, 60),
            (0, None, 60),
            (100, Some("33"), 33),
            (40, Some("wide"), 40),
            (40, Some("0"), 40),
        ] {
            // Set in the shell: some shells change an inherited COLUMNS.
            let variable_set = variable.map_or(String::new(), |columns| format!("COLUMNS={columns}"));
            let program = common::path("prob1c");
            let script = format!("exec env {variable_set} '{program}' --epochs 100 --quiet");
            let Some(lines) = on_terminal(&folder("terminal"), columns, &script) else {
                return;
            };
            let start = lines.iter().position(|line| line.starts_with("loss ")).expect("a row of bars");
            let bars = lines[start].matches(|character| ('▁'..='█').contains(&character)).count();
            // The two losses and the word take 19; a row of 60 bars needs a terminal of 79.
            let expected_bars =
                if (columns, variable) == (100, None) { 60 } else { expected.saturating_sub(19) };
            assert_eq!(bars, expected_bars, "{lines:#?}");
            let map: Vec<&String> =
                lines[start + 1..].iter().take_while(|line| !line.contains("predicted")).collect();
            assert!(!map.is_empty(), "{lines:#?}");
            assert!(map.iter().all(|line| line.chars().count() == expected), "{lines:#?}");
        }
    }

    #[test]
    fn progress_fits_the_line_of_a_terminal() {
        let program = common::path("prob1d");
        // Progress is due after half a second; a slow machine is given longer.
        for seconds in [1, 4, 16, 64] {
            let script = format!("'{program}' --epochs 4000000000 --hidden 16 & sleep {seconds}; kill $!");
            let Some(lines) = on_terminal(&folder("progress-line"), 24, &script) else { return };
            let shown: Vec<&str> = lines.iter().flat_map(|line| line.split('\r')).collect();
            let fits = |text: &&str| !text.starts_with("prob1d: ") || text.chars().count() < 24;
            assert!(shown.iter().all(fits), "{shown:?}");
            if shown.iter().any(|text| text.starts_with("prob1d: epoch ")) {
                return;
            }
        }
        panic!("no progress is shown");
    }

    #[test]
    fn every_program_runs_on_a_stack_of_512_kib() {
        for (program, _) in common::PROGRAMS {
            let output = shell(program, &folder("stack"), "ulimit -s 512; exec \"$0\" --epochs 2");
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
