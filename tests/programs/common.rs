//! Running the programs as their users do.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

#[path = "../common/mod.rs"]
mod files;

pub(crate) use files::{files, folder, regenerates, settle, skipped};

pub(crate) const PROGRAMS: [(&str, &str); 6] = [
    ("prob1a", env!("CARGO_BIN_EXE_prob1a")),
    ("prob1b", env!("CARGO_BIN_EXE_prob1b")),
    ("prob1c", env!("CARGO_BIN_EXE_prob1c")),
    ("prob1d", env!("CARGO_BIN_EXE_prob1d")),
    ("prob2a", env!("CARGO_BIN_EXE_prob2a")),
    ("prob2b", env!("CARGO_BIN_EXE_prob2b")),
];

/// The programs beside those of the problems.
const OTHERS: [(&str, &str); 2] =
    [("answers", env!("CARGO_BIN_EXE_answers")), ("tune", env!("CARGO_BIN_EXE_tune"))];

/// Where the program of this name is.
pub(crate) fn path(program: &str) -> &'static str {
    PROGRAMS.iter().chain(&OTHERS).find(|(name, _)| *name == program).expect("one of the eight").1
}

/// The program with these arguments, not yet started.
pub(crate) fn command(program: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(path(program));
    command.current_dir(folder).args(arguments);
    command
}

pub(crate) fn run(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    command(program, folder, arguments).output().expect("the program starts")
}

/// What a run that must succeed prints, and says on standard error.
pub(crate) fn printed(program: &str, folder: &Path, arguments: &[&str]) -> [String; 2] {
    let output = run(program, folder, arguments);
    let [text, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
    assert!(output.status.success(), "{program} {arguments:?} failed: {errors}\n{text}");
    [text, errors]
}

/// What a run that must succeed, and warn of nothing, prints.
pub(crate) fn stdout(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let [text, errors] = printed(program, folder, arguments);
    assert_eq!(errors, "", "{program} {arguments:?} warns");
    text
}

/// The exit status and the message of a run that must fail.
pub(crate) fn failure(program: &str, folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(program, folder, arguments);
    (output.status.code().expect("not killed"), String::from_utf8(output.stderr).expect("UTF-8"))
}

/// The lines of saved parameters but the settings and the seal.
pub(crate) fn content(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("readable");
    let is_result = |line: &&str| !line.starts_with("settings ") && !line.starts_with("seal ");
    text.lines().filter(is_result).map(str::to_owned).collect()
}
