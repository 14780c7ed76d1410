//! The command line of the programs as processes: a mistake is explained on standard error with exit status 2 before
//! anything is written. What a mistake is, and its words, is tested beside the code, in `src/programs/`.

use std::fs;

use crate::common::{self, PROGRAMS, failure, folder, stdout};

fn programs() -> impl Iterator<Item = &'static str> {
    PROGRAMS.into_iter().map(|(program, _)| program).chain(["tune", "answers"])
}

fn assert_refused(program: &str, arguments: &[&str], expected: &str) {
    let folder = folder("refused");
    let (status, message) = failure(program, &folder, arguments);
    assert_eq!(status, 2, "{program} {arguments:?}: {message}");
    assert!(message.starts_with(&format!("{program}: {expected}")), "{arguments:?}: {message}");
    assert!(message.ends_with(&format!("\nTry '{program} --help'.\n")), "{message}");
    assert!(common::files(&folder).is_empty(), "{program} {arguments:?} writes");
}

#[test]
fn every_program_refuses_a_wrong_command_line() {
    for program in programs() {
        assert_refused(program, &["nonsense"], "unknown flag nonsense");
        assert_refused(program, &["--quiet", "--out"], "--out needs a value: DIR");
    }
    for (program, _) in PROGRAMS {
        let expected = "--epochs 0: expected an integer from 1 to 18446744073709551615\n";
        assert_refused(program, &["--epochs", "0"], expected);
    }
    for (program, arguments, expected) in [
        ("tune", &["--only", "prob3"][..], "--only prob3: expected the name of a sweep (see --help)"),
        ("tune", &["--shard", "9/8"], "--shard 9/8: expected I/N with I from 1 to N"),
        ("tune", &["--threads", "0"], "--threads 0: expected an integer from 1"),
        ("prob1b", &["--keep", "best"], "--keep best needs --validation FILE"),
        ("prob1c", &["--keep", "best"], "unknown flag --keep\n"),
        ("prob2a", &["--keep", "worst"], "--keep worst: expected best or last"),
        ("prob1c", &["--one-step", "--starter"], "--starter has no effect with --one-step\n"),
        ("prob2a", &["--predict", "x"], "--predict needs --load FILE"),
        ("prob2a", &["--predict", "x", "--load", "w", "--save", "p"], "--save has no effect with --predict"),
        ("prob2a", &["--predict", "x", "--load", "w", "--epochs", "9"], "--epochs has no effect with"),
        ("prob2a", &["--load", "w", "--standardize"], "--standardize has no effect with --load"),
    ] {
        assert_refused(program, arguments, expected);
    }
}

#[test]
fn a_batch_is_at_most_all_rows() {
    let folder = folder("few-rows");
    let rows = "5.1,3.5,1.4,0.2,0\n6.3,3.3,6.0,2.5,2\n7.0,3.2,4.7,1.4,1\n";
    for name in ["iris_train.dat", "iris_test.dat"] {
        fs::write(folder.join(name), rows).expect("writable");
    }
    let text = stdout("prob2a", &folder, &["--data", ".", "--epochs", "2", "--batch", "4"]);
    assert!(text.contains("settings: batches of 3, "), "{text}");
}

#[test]
fn help_begins_with_examples_and_gives_the_default_of_every_flag_with_a_value() {
    let folder = folder("help");
    for program in programs() {
        let text = stdout(program, &folder, &["--help"]);
        assert_eq!(text.lines().nth(2), Some("Examples:"), "{text}");
        let fits = text.lines().all(|line| line.chars().count() <= 100);
        assert!(fits || !program.starts_with("prob"), "{text}");
        for flag in ["--out", "--quiet", "--help", "--version"] {
            assert!(text.contains(&format!("\n  {flag} ")), "{program} --help lacks {flag}");
        }
        for line in text.lines().filter(|line| line.starts_with("  --")) {
            let takes_value = line[4..].split(' ').nth(1).is_some_and(|value| !value.is_empty());
            assert!(!takes_value || line.ends_with(']'), "{program}: {line} lacks a default");
        }
        let version = stdout(program, &folder, &["--version"]);
        assert_eq!(version, format!("{program} {}\n", env!("CARGO_PKG_VERSION")));
    }
    assert!(stdout("tune", &folder, &["--help"]).contains("RUSTFLAGS="), "how to build for other machines");
}
