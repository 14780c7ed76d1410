//! Saved parameters, as the programs write and read them: training goes on from them as if it had never stopped, and another
//! program's, or another file, is refused. Their format is tested in `laws/checkpoint.rs`.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::common::{PROGRAMS, content, failure, folder, stdout};
use backprop::programs::arguments::Arguments;
use backprop::programs::options::flags;
use backprop::programs::settings::{PROB1B, PROB2A, Problem};
use backprop::programs::{Console, Options, Run};
use backprop::{Mlp1, Model, SoftmaxRegression};

/// The fingerprint of the trained parameters, once.
fn fingerprint(text: &str) -> &str {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("fingerprint: "));
    let digits = lines.next().expect("a fingerprint");
    assert_eq!(lines.next(), None, "{text}");
    assert!(digits.len() == 16 && digits.chars().all(|digit| digit.is_ascii_hexdigit()), "{digits}");
    digits
}

/// With inputs as they are and standardised, in every other program.
#[test]
fn training_in_two_parts_ends_with_the_bits_of_training_in_one() {
    for (position, (program, _)) in PROGRAMS.into_iter().enumerate() {
        let folder = folder(program);
        let start = [&["--seed", "5", "--standardize"][..], &["--seed", "5"]][position % 2];
        let run = |epochs: &str, arguments: &[&str]| {
            stdout(program, &folder, &[&["--epochs", epochs], arguments].concat())
        };
        let whole = run("23", &[start, &["--save", "whole"]].concat());
        let first = run("9", &[start, &["--save", "part"]].concat());
        let second = run("14", &["--load", "part", "--save", "parts"]);
        let said = "from saved parameters, inputs standardised\n";
        assert_eq!(second.contains(said), start.contains(&"--standardize"), "{second}");
        assert_ne!(fingerprint(&first), fingerprint(&whole), "{program}");
        assert_eq!(fingerprint(&second), fingerprint(&whole), "{program}");
        assert!(second.contains("loaded part: trained for 9 epochs from seed 5\n"), "{second}");
        assert!(second.contains("iteration 23: loss"), "epochs are counted on: {second}");

        assert_eq!(content(&folder.join("parts")), content(&folder.join("whole")), "{program}");

        let history =
            fs::read_to_string(folder.join("out").join(program).join("history.csv")).expect("readable");
        let epochs: Vec<&str> = history.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!((epochs[0], epochs[epochs.len() - 1], epochs.len()), ("9", "23", 15), "{program}");
    }
}

/// Trains as the program does, with the parameters written after every epoch, and copies the file of each epoch to a file of its
/// number, where a kill in the next would leave it.
fn killed<M: Model<D, K>, const D: usize, const K: usize>(
    problem: &'static Problem,
    folder: &Path,
    arguments: &[&str],
) {
    let given = Arguments::read(&flags(problem, &[]), arguments.iter().map(OsString::from)).expect("flags");
    let options = Options::read(problem, &[], &given).expect("options");
    let saved = folder.join("saved");
    let options = Options { save: Some(saved.clone()), quiet: true, ..options };
    let mut out = Vec::new();
    let mut console = Console::new(&options, &mut out);
    let mut run = Run::<M, D, K, 10>::start(&mut console).expect("data");
    run.interval = Duration::ZERO;
    let copy = |_: &M, scores: &backprop::training::train::EpochScores| {
        fs::copy(&saved, folder.join(scores.epoch.to_string())).expect("a file is there");
    };
    run.train(&mut console, copy).expect("it trains");
}

type Killed = fn(&'static Problem, &Path, &[&str]);

/// By the command that `--load` prints, whatever it is given itself.
#[test]
fn a_killed_run_goes_on_to_the_bits_of_the_whole() {
    let best = ["--keep", "best", "--step-size", "0.08", "--reg", "0", "--batch", "7", "--epochs", "60"];
    let cases: [(_, Killed, &[&str]); 3] = [
        (&PROB2A, killed::<Mlp1<4, 16, 3>, 4, 3>, &best),
        (&PROB2A, killed::<Mlp1<4, 16, 3>, 4, 3>, &best[2..]),
        (
            &PROB1B,
            killed::<SoftmaxRegression<2, 3>, 2, 3>,
            &["--standardize", "--reg", "1e-3", "--epochs", "60"],
        ),
    ];
    for (position, (problem, killed, arguments)) in cases.into_iter().enumerate() {
        let folder = folder(&position.to_string());
        let whole = stdout(problem.name, &folder, &[arguments, &["--save", "whole"]].concat());
        killed(problem, &folder, arguments);
        assert_eq!(content(&folder.join("saved")), content(&folder.join("whole")));
        for epoch in ["0", "1", "37", "59"] {
            let message = stdout(problem.name, &folder, &["--load", epoch, "--epochs", "0"]);
            let said =
                format!("loaded {epoch}: trained for {epoch} epochs from seed 0\nthe rest of that run: ");
            let (_, command) = message.split_once(&said).unwrap_or_else(|| panic!("{message}"));
            let command: Vec<&str> = command.lines().next().expect("a command").split(' ').collect();
            assert_eq!(command[0], problem.name);
            let rest = stdout(problem.name, &folder, &command[1..]);
            assert_eq!(fingerprint(&rest), fingerprint(&whole), "{command:?}");
            assert_eq!(content(&folder.join(epoch)), content(&folder.join("whole")), "{command:?}");
            for start in ["kept epoch ", "training accuracy: ", "validation accuracy: "] {
                let line = |text: &str| text.lines().find(|line| line.starts_with(start)).map(str::to_owned);
                assert_eq!(line(&rest), line(&whole));
            }
        }
        let message = stdout(problem.name, &folder, &["--load", "whole", "--epochs", "0"]);
        assert_eq!(message.contains("the rest of that run"), arguments.contains(&"--keep"), "{message}");
    }
}

#[test]
fn no_epochs_only_evaluate() {
    let folder = folder("evaluate");
    let accuracy = |text: &str| text.lines().find(|line| line.contains(" accuracy: ")).map(str::to_owned);
    let trained = stdout("prob1c", &folder, &["--epochs", "300", "--save", "p"]);
    let saved = fs::read(folder.join("p")).expect("readable");
    let evaluated = stdout("prob1c", &folder, &["--epochs", "0", "--load", "p"]);
    assert!(accuracy(&trained).is_some());
    assert_eq!(accuracy(&evaluated), accuracy(&trained));
    assert_eq!(fingerprint(&evaluated), fingerprint(&trained));
    assert_eq!(fs::read(folder.join("p")).expect("readable"), saved, "it changes what it loads");
}

fn assert_refused(program: &str, folder: &Path, arguments: &[&str], expected: &str) {
    let (status, message) = failure(program, folder, arguments);
    assert_eq!(status, 1, "{message}");
    assert!(message.starts_with(&format!("{program}: {expected}")), "{message}");
    assert!(!folder.join("out").join(program).exists(), "{program} writes before it reads");
}

#[test]
fn parameters_of_another_program_or_width_are_refused() {
    let folder = folder("wrong");
    stdout("prob1c", &folder, &["--epochs", "1", "--save", "p"]);
    fs::remove_dir_all(folder.join("out")).expect("it is there");
    let load = ["--load", "p"];
    assert_refused("prob1d", &folder, &load, "p:2:1: 'program prob1c', expected program prob1d\n");
    let wider = ["--load", "p", "--hidden", "16"];
    let expected = "p:3:1: 'layers 2 6 2', expected layers 2 16 2\n";
    assert_refused("prob1c", &folder, &wider, expected);
    let expected = "cannot read missing: ";
    assert_refused("prob1c", &folder, &["--load", "missing"], expected);
    fs::write(folder.join("p"), "0,0,0\n").expect("writable");
    let expected = "p:1:1: not saved parameters\n";
    assert_refused("prob1c", &folder, &load, expected);
}

/// A mistyped `--save` would replace data by parameters.
#[test]
fn only_saved_parameters_are_replaced_by_others() {
    let folder = folder("over");
    let rows = "0,0,0\n0,1,1\n1,0,1\n1,1,0\n";
    fs::write(folder.join("xor.dat"), rows).expect("writable");
    for data in [&["--data", "xor.dat"][..], &[]] {
        let arguments = [data, &["--save", "xor.dat", "--epochs", "1"]].concat();
        let (status, message) = failure("prob1c", &folder, &arguments);
        assert!(
            status == 2 && message.contains("--save xor.dat would replace a file without saved parameters")
        );
        assert_eq!(fs::read_to_string(folder.join("xor.dat")).expect("readable"), rows);
        assert!(!folder.join("out").exists(), "it trains before it refuses");
    }
    for old in ["", "backprop parameters, format 3", "backprop parameters, format 5\n"] {
        fs::write(folder.join("p"), old).expect("writable");
        stdout("prob1c", &folder, &["--epochs", "1", "--save", "p"]);
    }
    stdout("prob1c", &folder, &["--load", "p", "--epochs", "1", "--save", "p"]);
}

/// A file that has changed may have other rows for validation.
#[test]
fn training_goes_on_with_the_same_rows_or_not_at_all() {
    let folder = folder("held-out");
    let rows: Vec<&str> = include_str!("../../data/iris_train.dat").lines().collect();
    fs::write(folder.join("one.csv"), rows.join("\n")).expect("writable");
    fs::write(folder.join("less.csv"), rows[1..].join("\n")).expect("writable");
    let names = [(",0\n", ",setosa\n"), (",1\n", ",versicolor\n"), (",2\n", ",virginica\n")];
    let named = |text: String, (number, name): (&str, &str)| text.replace(number, name);
    fs::write(folder.join("named.csv"), names.into_iter().fold(rows.join("\n") + "\n", named))
        .expect("writable");
    let run = |arguments: &[&str]| stdout("prob2a", &folder, &[arguments, &["--data", "one.csv"]].concat());
    let whole = run(&["--epochs", "9"]);
    run(&["--epochs", "5", "--save", "p"]);
    assert_eq!(fingerprint(&run(&["--load", "p", "--epochs", "4"])), fingerprint(&whole));
    stdout("prob2a", &folder, &["--epochs", "1", "--save", "inside"]);
    for [parameters, data] in [["p", "less.csv"], ["inside", "named.csv"]] {
        let arguments = ["--load", parameters, "--data", data, "--epochs", "0"];
        let (status, message) = failure("prob2a", &folder, &arguments);
        let expected = "prob2a: --load: these parameters may have learned from rows that are held out";
        assert!(status == 2 && message.contains(expected), "{message}");
        let apart = [&arguments[..], &["--validation", data]].concat();
        assert!(crate::common::run("prob2a", &folder, &apart).status.success());
    }
}
