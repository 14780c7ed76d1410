//! Output: every file is whole, old or new, whatever happens to the run that writes it; whatever cannot be written is
//! said. The rules of paths are tested in `laws/output.rs`.

use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

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
            let output = shell("prob1c", &folder, &format!("exec \"$0\" --epochs 100 {redirection}"));
            assert_eq!(output.status.code(), Some(0), "{redirection}");
            assert_eq!(files(&folder.join("out/prob1c")).len(), 7, "{redirection}");
        }
    }

    /// On both streams, what does not show is escaped, and a name is never more than its line.
    #[test]
    fn names_are_printed_as_text() {
        let folder = folder("names");
        let name = |number: usize| ["plain", "a\x1b[31m\n\u{202e}b\r"][number].to_owned();
        let outputs = [0, 1].map(|number| {
            let [out, save, data] = ["-o", "-w", ".csv"].map(|end| name(number) + end);
            fs::write(folder.join(&data), "0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n").expect("writable");
            let (mut texts, mut statuses) = (Vec::new(), Vec::new());
            for (program, arguments) in [
                ("prob1c", &["--data", &data, "--out", &out, "--save", &save, "--epochs", "20"][..]),
                ("prob1c", &["--load", &save, "--data", &data, "--epochs", "1", "--save", &save]),
                ("prob1c", &["--load", &save, "--predict", &data]),
                ("prob1c", &["--load", &save, "--data", &name(number)]),
                ("prob2a", &[&name(number)]),
                ("prob2a", &["--step-size", &name(number)]),
                ("tune", &["--only", &name(number)]),
                ("tune", &["--only", "prob1a", "--shard", "1/5", "--quiet", "--out", &out]),
                ("answers", &["--data", &name(number)]),
            ] {
                let output = common::run(program, &folder, arguments);
                statuses.push(output.status.code());
                texts.extend(
                    [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8")),
                );
            }
            (texts, statuses)
        });
        assert_eq!(outputs[0].1, outputs[1].1);
        let figure = fs::read_to_string(folder.join(name(1) + "-o/prob1c/loss.svg")).expect("written");
        assert!(figure.contains("a\\u{1b}[31m\\n") && !figure.contains(['\x1b', '\r']), "{figure}");
        for (plain, strange) in outputs[0].0.iter().zip(&outputs[1].0) {
            assert!(!strange.contains(['\x1b', '\u{202e}', '\r']), "{strange:?}");
            assert_eq!(strange.lines().count(), plain.lines().count(), "{strange:?} is not {plain:?}");
        }
    }

    #[test]
    fn on_a_terminal_progress_is_one_line_with_the_time_left() {
        let program = common::path("prob1d");
        // Progress is due after half a second; a slow machine is given longer.
        for seconds in [1, 4, 16, 64] {
            let script = format!("'{program}' --epochs 4000000000 --hidden 16 & sleep {seconds}; kill $!");
            let mut command = Command::new("script");
            // The two kinds of script take a command in their own ways.
            if cfg!(target_os = "linux") {
                command.args(["-qec", &script, "/dev/null"]);
            } else {
                command.args(["-q", "/dev/null", "sh", "-c", &script]);
            }
            let output = command.current_dir(folder("progress-line")).stdin(Stdio::null()).output();
            let Ok(output) = output else { return common::skipped("progress", "there is no script") };
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let mut shown: Vec<&str> = text
                .lines()
                .flat_map(|line| line.split('\r'))
                .filter(|text| text.starts_with("prob1d: "))
                .collect();
            // The end of the program may cut the last.
            shown.pop();
            let is_progress = |text: &&str| {
                let rest =
                    text.strip_prefix("prob1d: epoch ").and_then(|rest| rest.split_once(" of 4000000000, "));
                rest.is_some_and(|(epoch, left)| {
                    epoch.parse::<u64>().is_ok()
                        && left.trim_end().ends_with(" left")
                        && text.chars().count() == 59
                })
            };
            assert!(shown.iter().all(is_progress), "{shown:?}");
            if !shown.is_empty() {
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
