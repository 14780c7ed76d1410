//! Each program, run as a process, does what its section of the handout asks and says so.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAMS: [(&str, &str); 6] = [
    ("prob1a", env!("CARGO_BIN_EXE_prob1a")),
    ("prob1b", env!("CARGO_BIN_EXE_prob1b")),
    ("prob1c", env!("CARGO_BIN_EXE_prob1c")),
    ("prob1d", env!("CARGO_BIN_EXE_prob1d")),
    ("prob2a", env!("CARGO_BIN_EXE_prob2a")),
    ("prob2b", env!("CARGO_BIN_EXE_prob2b")),
];

/// A fresh, empty folder for one test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn run(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let path = PROGRAMS.iter().find(|(name, _)| *name == program).expect("one of the six").1;
    Command::new(path).current_dir(folder).args(arguments).output().expect("the program starts")
}

/// What a run that must succeed prints.
fn stdout(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let output = run(program, folder, arguments);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?} failed: {errors}\n{text}");
    assert_eq!(errors, "", "{program} {arguments:?} warns");
    text
}

/// The exit status and the message of a run that must fail.
fn failure(program: &str, folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(program, folder, arguments);
    (output.status.code().expect("not killed"), String::from_utf8(output.stderr).expect("UTF-8"))
}

/// The number that follows `start` on the one line that begins so.
fn number(text: &str, start: &str) -> f64 {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(start));
    let line = lines.next().unwrap_or_else(|| panic!("no line {start:?} in\n{text}"));
    assert_eq!(lines.next(), None, "more than one line {start:?}");
    let number = line.trim_start().split([' ', ',']).next().expect("something");
    number.parse().unwrap_or_else(|_| panic!("{number:?} is no number"))
}

#[test]
fn every_gradient_is_correct_and_named() {
    let parameters: [(&str, &[&str]); 6] = [
        ("prob1a", &["W", "b"]),
        ("prob1b", &["W", "b"]),
        ("prob1c", &["W1", "b1", "W2", "b2"]),
        ("prob1d", &["W1", "b1", "W2", "b2"]),
        ("prob2a", &["W1", "b1", "W2", "b2"]),
        ("prob2b", &["W1", "b1", "W2", "b2", "W3", "b3"]),
    ];
    for (program, names) in parameters {
        let text = stdout(program, &folder("check").join(""), &["--epochs", "1"]);
        let verdicts: Vec<&str> = text.lines().filter(|line| line.starts_with("Param ")).collect();
        assert_eq!(verdicts.len(), names.len(), "{program}");
        for (position, (line, name)) in verdicts.iter().zip(names).enumerate() {
            assert!(line.starts_with(&format!("Param {position} is CORRECT, error = ")), "{program}: {line}");
            assert!(line.contains(&format!("({name}, ")), "{program}: {line}");
        }
    }
}

#[test]
fn the_default_settings_reach_what_each_model_can() {
    let folder = folder("defaults");
    let accuracy = |program, name: &str| number(&stdout(program, &folder, &[]), &format!("{name} accuracy:"));
    assert!(accuracy("prob1a", "training") <= 75.0, "a line gets at most 3 of 4 points of XOR");
    assert_eq!(accuracy("prob1b", "training"), 49.33);
    assert_eq!(accuracy("prob1c", "training"), 100.0);
    assert!(accuracy("prob1d", "training") >= 98.0);
    assert!(accuracy("prob2a", "validation") >= 95.0);
    assert!(accuracy("prob2b", "validation") >= 95.0);
}

#[test]
fn settings_come_first_and_losses_follow() {
    let text = stdout("prob1c", &folder("lines"), &["--epochs", "20", "--seed", "3", "--reg", "0.001"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "Problem 1c: one hidden layer on XOR",
            "network: 2 inputs → 6 ReLU units → 2 classes",
            "data: xor.dat (4)",
            "settings: full batch, 20 epochs, step size 0.5, λ = 0.001, init he (biases 0.1), seed 3",
        ]
    );
    let iterations: Vec<&str> =
        lines.iter().filter_map(|line| line.strip_prefix("iteration ")?.split(':').next()).collect();
    assert_eq!(iterations, ["0", "10", "20"]);
    let first = number(&text, "iteration 0: loss");
    assert!(number(&text, "iteration 20: loss") < first, "{text}");
}

#[test]
fn mini_batch_programs_report_both_losses() {
    let text = stdout("prob2a", &folder("both"), &["--epochs", "10"]);
    let last = text.lines().find(|line| line.starts_with("iteration 10: loss ")).expect("the last epoch");
    assert!(last.contains(", validation loss "), "{last}");
    number(&text, "validation accuracy:");
}

#[test]
fn the_learned_gate_stands_beside_figure_1b() {
    let text = stdout("prob1c", &folder("gate"), &[]);
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip_while(|line| !line.starts_with("in1 in2"))
        .skip(1)
        .take(4)
        .map(|line| line.split_whitespace().take(4).collect())
        .collect();
    assert_eq!(
        rows,
        [["0", "0", "0", "0"], ["0", "1", "1", "1"], ["1", "0", "1", "1"], ["1", "1", "0", "0"]]
    );
}

#[test]
fn every_file_that_is_written_is_named_and_only_those() {
    for (program, _) in PROGRAMS {
        let folder = folder("files");
        let text = stdout(program, &folder, &["--epochs", "3"]);
        let mut named: Vec<PathBuf> =
            text.lines().filter_map(|line| line.strip_prefix("wrote ")).map(PathBuf::from).collect();
        let written = fs::read_dir(folder.join("out").join(program)).expect("the program's folder");
        let mut written: Vec<PathBuf> = written
            .map(|entry| Path::new("out").join(program).join(entry.expect("readable").file_name()))
            .collect();
        named.sort();
        written.sort();
        assert_eq!(named, written, "{program}");
        assert!(written.iter().any(|path| path.ends_with("loss.svg")), "{program}: {written:?}");
    }
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    for (program, _) in PROGRAMS {
        let [first, second] = ["first", "second"].map(|name| {
            let folder = folder(name);
            let text = stdout(program, &folder, &["--epochs", "5"]);
            let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(folder.join("out").join(program))
                .expect("the program's folder")
                .map(|entry| entry.expect("readable").path())
                .map(|path| {
                    (PathBuf::from(path.file_name().expect("a name")), fs::read(&path).expect("readable"))
                })
                .collect();
            files.sort();
            (text, files)
        });
        assert!(first == second, "{program}");
    }
}

#[test]
fn data_from_a_folder_replace_those_inside() {
    let folder = folder("data");
    fs::write(folder.join("xor.dat"), "0,0,0\n1,1,0\n0,1,1\n1,0,1\n0,0,0\n").expect("writable");
    let text = stdout("prob1c", &folder, &["--data", "."]);
    assert!(text.contains("data: xor.dat (5)\n"), "{text}");
    assert!(text.contains("training accuracy: 100.00 % (5 of 5)"), "{text}");

    fs::write(folder.join("xor.dat"), "0,0,0\n1,1,7\n").expect("writable");
    let (status, message) = failure("prob1c", &folder, &["--data", "."]);
    assert_eq!(status, 1);
    assert!(message.contains("xor.dat:2:5: class 7, expected an integer from 0 to 1"), "{message}");

    let (status, message) = failure("prob1b", &folder, &["--data", "."]);
    assert_eq!(status, 1);
    assert!(message.contains("cannot read") && message.contains("spiral_train.dat"), "{message}");
}

#[test]
fn a_second_file_is_scored() {
    let folder = folder("validation");
    fs::write(folder.join("more.dat"), "0.1,0.1,0\n-0.5,0.5,1\n").expect("writable");
    for program in ["prob1b", "prob1d"] {
        let text = stdout(program, &folder, &["--epochs", "2", "--validation", "more.dat"]);
        assert!(text.contains(" of 2), loss "), "{program}: {text}");
        number(&text, "validation accuracy:");
    }
}

#[test]
fn the_starter_settings_are_the_courses() {
    let settings = |program| {
        let text = stdout(program, &folder("starter"), &["--starter"]);
        text.lines().find_map(|line| line.strip_prefix("settings: ")).expect("a line").to_owned()
    };
    let full = "full batch, 100 epochs, step size 1";
    let mini = "batches of 10, 100 epochs, step size 0.01";
    let init = "init 0.01 (biases 0), seed 0";
    assert_eq!(settings("prob1a"), format!("{full}, λ = 0, {init}"));
    assert_eq!(settings("prob1b"), format!("{full}, λ = 0, {init}"));
    assert_eq!(settings("prob1c"), format!("{full}, λ = 0, {init}"));
    assert_eq!(settings("prob1d"), format!("{full}, λ = 0.001, {init}"));
    assert_eq!(settings("prob2a"), format!("{mini}, λ = 0, {init}"));
    assert_eq!(settings("prob2b"), format!("{mini}, λ = 0, {init}"));
}

#[test]
fn a_network_stuck_on_one_class_says_so() {
    let text = stdout("prob1c", &folder("stuck"), &["--init", "0", "--epochs", "5"]);
    assert!(text.contains("stuck: every sample is given class 0"), "{text}");
}

#[test]
fn dead_units_are_counted() {
    // On the iris data all inputs are positive, so that units with negative weights never switch on.
    let text = stdout("prob2a", &folder("dead"), &["--epochs", "1"]);
    assert!(number(&text, "dead units:") > 0.0);
}

#[test]
fn a_diverging_run_fails_and_says_why() {
    let folder = folder("diverged");
    let (status, message) = failure("prob1d", &folder, &["--step-size", "1e6", "--epochs", "50"]);
    assert_eq!(status, 1);
    assert!(message.starts_with("prob1d: training diverged: the loss after "), "{message}");
    assert!(folder.join("out/prob1d/history.csv").exists(), "what was recorded is kept");
}

#[test]
fn wrong_usage_is_explained_and_exits_with_2() {
    let folder = folder("usage");
    let cases: [(&[&str], &str); 14] = [
        (&["--epoch", "5"], "unknown flag --epoch; did you mean --epochs?"),
        (&["nonsense"], "unknown flag nonsense"),
        (&["--seed"], "--seed needs a value: N"),
        (&["--seed", "-1"], "--seed -1: expected an integer from 0 to 18446744073709551615"),
        (&["--epochs", "0"], "--epochs 0: expected an integer from 1"),
        (&["--epochs=many"], "--epochs many: expected an integer from 1"),
        (&["--step-size", "nan"], "--step-size nan: expected a number above 0"),
        (&["--step-size", "-1"], "--step-size -1: expected a number above 0"),
        (&["--reg", "-0.1"], "--reg -0.1: expected a number from 0"),
        (&["--init", "wide"], "--init wide: expected he, glorot or a number from 0"),
        (&["--batch", "10"], "unknown flag --batch"),
        (&["--quiet=yes"], "--quiet takes no value"),
        (&["--seed", "1", "--seed", "2"], "--seed is given twice"),
        (
            &["--hidden", "7"],
            "--hidden 7: widths are types and this program is compiled for 2, 3, 4, 6, 8 or 16",
        ),
    ];
    for (arguments, expected) in cases {
        let (status, message) = failure("prob1c", &folder, arguments);
        assert_eq!(status, 2, "{arguments:?}");
        let first = message.lines().next().expect("a message");
        assert!(first.starts_with(&format!("prob1c: {expected}")), "{arguments:?}: {message}");
        assert!(message.ends_with("Try 'prob1c --help'.\n"), "{message}");
    }
    assert!(!folder.join("out").exists(), "nothing is written");
}

#[test]
fn every_compiled_width_runs() {
    for (program, widths) in [
        ("prob1c", "2 3 4 6 8 16"),
        ("prob1d", "16 32 64 100 256"),
        ("prob2a", "8 16 32 64 100"),
        ("prob2b", "16 32 64 100"),
    ] {
        for width in widths.split(' ') {
            let text = stdout(program, &folder("widths"), &["--hidden", width, "--epochs", "1"]);
            assert!(text.contains(&format!("→ {width} ReLU units →")), "{program}: {text}");
        }
    }
}

#[test]
fn quiet_leaves_out_the_losses_and_nothing_else() {
    let folder = folder("quiet");
    let loud = stdout("prob1c", &folder, &["--epochs", "30"]);
    let quiet = stdout("prob1c", &folder, &["--epochs", "30", "--quiet"]);
    let kept: Vec<&str> = loud.lines().filter(|line| !line.starts_with("iteration ")).collect();
    assert_eq!(quiet.lines().collect::<Vec<_>>(), kept);
    assert_ne!(loud, quiet);
}

#[test]
fn help_names_every_flag_with_its_default() {
    let folder = folder("help");
    for (program, _) in PROGRAMS {
        let text = stdout(program, &folder, &["--help"]);
        for flag in
            ["--seed N", "--epochs N", "--step-size X", "--reg X", "--init ", "--data DIR", "--out DIR"]
        {
            let line = text.lines().find(|line| line.trim_start().starts_with(flag));
            let line = line.unwrap_or_else(|| panic!("{program} --help lacks {flag}"));
            assert!(flag == "--data DIR" || line.ends_with(']'), "{line} lacks a default");
        }
        for flag in ["--starter", "--quiet", "--help", "--version"] {
            assert!(text.contains(&format!("\n  {flag} ")), "{program} --help lacks {flag}");
        }
        assert_eq!(text.contains("--hidden"), !["prob1a", "prob1b"].contains(&program), "{program}");
        assert_eq!(text.contains("--batch"), ["prob2a", "prob2b"].contains(&program), "{program}");
        assert_eq!(text.contains("--validation"), ["prob1b", "prob1d"].contains(&program), "{program}");
    }
    let version = stdout("prob1c", &folder, &["--version"]);
    assert_eq!(version, concat!("prob1c ", env!("CARGO_PKG_VERSION"), "\n"));
}
