//! The command line: every mistake is explained on standard error with exit status 2, before anything is written.
#![forbid(unsafe_code)]

mod common;

use std::fs;

use common::{PROGRAMS, failure, folder, stdout};

fn assert_refused(program: &str, arguments: &[&str], expected: &str) {
    // Tests run at once, each in its own thread.
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let folder = folder(&format!("refused-{test}"));
    let (status, message) = failure(program, &folder, arguments);
    assert_eq!(status, 2, "{program} {arguments:?}: {message}");
    let first = message.split_inclusive('\n').next().expect("a message");
    assert!(first.starts_with(&format!("{program}: {expected}")), "{arguments:?}: {message}");
    assert!(message.ends_with(&format!("\nTry '{program} --help'.\n")), "{message}");
    assert!(!folder.join("out").exists(), "{program} {arguments:?} writes");
}

#[test]
fn what_is_wrong_for_every_program_is_refused_by_every_program() {
    let cases: [(&[&str], &str); 42] = [
        (&["--epoch", "5"], "unknown flag --epoch; did you mean --epochs?"),
        (&["--stepsize", "1"], "unknown flag --stepsize; did you mean --step-size?"),
        (&["--quiet", "--epochs", "--seed", "1"], "--epochs needs a value: N"),
        (&["--lambda", "1"], "unknown flag --lambda; did you mean --reg?"),
        (&["nonsense"], "unknown flag nonsense"),
        (&["-x"], "unknown flag -x"),
        (&["--"], "unknown flag --"),
        (&[""], "unknown flag "),
        (&["--=3"], "unknown flag --"),
        (&["--seed"], "--seed needs a value: N"),
        (&["--seed", "-1"], "--seed -1: expected an integer from 0 to 18446744073709551615"),
        (&["--seed", "18446744073709551616"], "--seed 18446744073709551616: expected an integer from 0 to"),
        (&["--seed", "1.0"], "--seed 1.0: expected an integer"),
        (&["--seed="], "--seed needs a value: N"),
        (&["--epochs", "0"], "--epochs 0: expected an integer from 1"),
        (&["--epochs=many"], "--epochs many: expected an integer from 1"),
        (&["--epochs", "-3"], "--epochs -3: expected an integer from 1"),
        (&["--step-size", "nan"], "--step-size nan: expected a number above 0"),
        (&["--step-size", "inf"], "--step-size inf: expected a number above 0"),
        (&["--step-size", "1e999"], "--step-size 1e999: expected a number above 0"),
        (&["--step-size", "-1"], "--step-size -1: expected a number above 0"),
        (&["--step-size", "0"], "--step-size 0: expected a number above 0"),
        (&["--step-size", "1,5"], "--step-size 1,5: expected a number above 0"),
        (&["--reg", "-0.1"], "--reg -0.1: expected a number from 0"),
        (&["--bias", "inf"], "--bias inf: expected a number"),
        (&["--reg", "nan"], "--reg nan: expected a number from 0"),
        (&["--init", "wide"], "--init wide: expected he, glorot, mirrored or a number from 0"),
        (&["--init", "-1"], "--init -1: expected he, glorot, mirrored or a number from 0"),
        (&["--quiet=yes"], "--quiet takes no value"),
        (&["--seed", "1", "--seed", "2"], "--seed is given twice"),
        (&["--seed=1", "--seed", "1"], "--seed is given twice"),
        (&["--quiet", "--quiet"], "--quiet is given twice"),
        (&["--ppm", "800"], "--ppm 800: expected WIDTHxHEIGHT from 1x1 to 10000x10000"),
        (&["--ppm", "0x5"], "--ppm 0x5: expected WIDTHxHEIGHT"),
        (&["--ppm", "5x10001"], "--ppm 5x10001: expected WIDTHxHEIGHT"),
        (&["--ppm", "-5x5"], "--ppm -5x5: expected WIDTHxHEIGHT"),
        (&["--ppm", "5x5x5"], "--ppm 5x5x5: expected WIDTHxHEIGHT"),
        (&["--ascii=1"], "--ascii takes no value"),
        (&["--load"], "--load needs a value: FILE"),
        (&["--load", "x", "--epochs", "-1"], "--epochs -1: expected an integer from 0"),
        (&["--load", "x", "--init", "he"], "--init has no effect with --load"),
        (&["--bias", "1", "--load", "x"], "--bias has no effect with --load"),
    ];
    for (program, _) in PROGRAMS {
        for (arguments, expected) in cases {
            assert_refused(program, arguments, expected);
        }
    }
}

#[test]
fn a_path_that_is_empty_or_a_flag_is_refused_at_once() {
    let paths = [("--save", "FILE"), ("--load", "FILE"), ("--data", "DIR"), ("--out", "DIR")];
    let programs = PROGRAMS.map(|(program, _)| (program, &paths[..]));
    let second = [("--validation", "FILE")];
    let out = [("--out", "DIR")];
    let others = [("prob1b", &second[..]), ("prob1d", &second), ("tune", &out), ("answers", &out)];
    for (program, flags) in programs.into_iter().chain(others) {
        for (flag, value) in flags {
            let expected = format!("{flag} needs a value: {value}");
            assert_refused(program, &[flag, ""], &expected);
            assert_refused(program, &[&format!("{flag}=")], &expected);
            assert_refused(program, &[flag, "--quiet"], &expected);
            assert_refused(program, &["--quiet", flag], &expected);
        }
    }
    // A file whose name begins like a flag can still be named.
    let folder = folder("dashes");
    stdout("prob1c", &folder, &["--epochs", "1", "--save=--p"]);
    assert!(folder.join("--p").exists());
}

#[test]
fn the_words_of_other_programs_lead_to_the_flag() {
    for (flag, words) in [
        ("--step-size", "--lr --learning-rate --learning_rate --alpha --eta --step_size -lr --LR"),
        ("--reg", "--lambda --weight-decay --weight_decay --l2 --wd --regularization"),
        ("--epochs", "--iterations --iters --num_epochs --n-epochs --max-iter -epochs --Epochs"),
        ("--batch", "--batch-size --batch_size --batchsize --mini-batch"),
        ("--hidden", "--hidden-units --hidden_size --width --neurons"),
        ("--out", "--output --output-dir --out-dir -o"),
        ("--seed", "--random-seed --random_state"),
        ("--save", "--checkpoint --save-model"),
        ("--load", "--resume --load_model"),
        ("--quiet", "--silent -q"),
        ("--data", "--dataset --data-dir"),
        ("--help", "help -help -? /? --usage"),
    ] {
        for word in words.split(' ') {
            let expected = format!("unknown flag {word}; did you mean {flag}?");
            assert_refused("prob2a", &[word, "0.1"], &expected);
            assert_refused("prob2a", &[&format!("{word}=0.1")], &expected);
        }
    }
    assert_refused("prob1d", &["--test", "f"], "unknown flag --test; did you mean --validation?");
    assert_refused("tune", &["--jobs", "2"], "unknown flag --jobs; did you mean --threads?");
    let expected = "unknown flag --batch-size; --batch is a flag of prob2a and prob2b";
    assert_refused("prob1c", &["--batch-size", "2"], expected);
}

#[test]
fn a_flag_of_other_programs_is_known_as_theirs() {
    let folder = folder("owners");
    let programs: Vec<&str> =
        PROGRAMS.iter().map(|(program, _)| *program).chain(["tune", "answers"]).collect();
    let flags_of = |program: &&str| -> Vec<String> {
        let help = stdout(program, &folder, &["--help"]);
        let flags = help.lines().filter_map(|line| line.strip_prefix("  --")?.split(' ').next());
        flags.map(|flag| format!("--{flag}")).collect()
    };
    let flags: Vec<Vec<String>> = programs.iter().map(flags_of).collect();
    for flag in flags.concat() {
        let owners: Vec<&str> = programs
            .iter()
            .zip(&flags)
            .filter(|(_, flags)| flags.contains(&flag))
            .map(|(name, _)| *name)
            .collect();
        let named = match owners.split_last() {
            Some(_) if owners.len() == PROGRAMS.len() => "prob1a to prob2b".to_owned(),
            Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => owners.concat(),
        };
        for program in programs.iter().filter(|program| !owners.contains(program)) {
            assert_refused(program, &[&flag], &format!("unknown flag {flag}; {flag} is a flag of {named}\n"));
        }
    }
}

#[test]
fn a_width_outside_the_compiled_ones_is_refused_with_their_list() {
    for (program, widths) in [
        ("prob1c", "2, 3, 4, 6, 8 or 16"),
        ("prob1d", "16, 32, 64, 100 or 256"),
        ("prob2a", "8, 16, 32, 64 or 100"),
        ("prob2b", "16, 32, 64 or 100"),
    ] {
        let expected = format!("--hidden 7: widths are types and this program is compiled for {widths}");
        assert_refused(program, &["--hidden", "7"], &expected);
        assert_refused(program, &["--hidden", "-6"], &format!("--hidden -6: expected {widths}"));
    }
}

#[test]
fn a_batch_of_nothing_or_of_more_than_all_is_refused() {
    for program in ["prob2a", "prob2b"] {
        assert_refused(program, &["--batch", "0"], "--batch 0: expected an integer from 1");
        let expected = "--batch 111: expected at most 110, the samples of the training data";
        assert_refused(program, &["--batch", "111"], expected);
        stdout(program, &folder("batch"), &["--batch", "110", "--epochs", "1"]);
    }
}

#[test]
fn the_default_batch_is_at_most_all_rows_and_says_so() {
    let folder = folder("few-rows");
    let rows = |count: usize| "5.1,3.5,1.4,0.2,0\n6.3,3.3,6.0,2.5,2\n".repeat(count)[..18 * count].to_owned();
    fs::write(folder.join("iris_test.dat"), rows(3)).expect("writable");
    for program in ["prob2a", "prob2b"] {
        for (starter, default) in [(&["--starter"][..], 10), (&[], if program == "prob2a" { 22 } else { 10 })]
        {
            for count in [1, 2, default - 1, default, default + 1] {
                fs::write(folder.join("iris_train.dat"), rows(count)).expect("writable");
                let arguments = [&["--data", ".", "--epochs", "2"], starter].concat();
                let text = stdout(program, &folder, &arguments);
                assert!(text.contains(&format!("settings: batches of {}, ", count.min(default))), "{text}");
                let line =
                    format!("batch: all training samples, fewer than the default batch of {default}\n");
                assert_eq!(text.contains(&line), count < default, "{text}");
                let too_large = (count + 1).to_string();
                let expected = format!("--batch {too_large}: expected at most {count}, the samples");
                let arguments = [&arguments[..], &["--out", "b", "--batch", &too_large]].concat();
                let (status, message) = failure(program, &folder, &arguments);
                assert!(status == 2 && message.contains(&expected), "{message}");
            }
        }
    }
    assert!(!folder.join("b").exists());
}

#[test]
fn every_way_to_begin_is_taken_by_its_name() {
    for (name, shown) in
        [("he", "he"), ("glorot", "glorot"), ("mirrored", "mirrored"), ("0.25", "0.25"), ("0", "0")]
    {
        let text = stdout("prob2a", &folder("init"), &["--epochs", "1", "--init", name]);
        assert!(text.contains(&format!(", init {shown} (biases 0), seed 0\n")), "{text}");
    }
}

#[test]
fn a_value_follows_its_flag_or_an_equals_sign() {
    let folder = folder("values");
    let spaced = stdout("prob1c", &folder, &["--epochs", "5", "--seed", "3"]);
    assert_eq!(stdout("prob1c", &folder, &["--epochs=5", "--seed=3"]), spaced);
    assert_ne!(stdout("prob1c", &folder, &["--epochs=5", "--seed=4"]), spaced);
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_utf8_are_refused_or_file_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = folder("bytes");
    let run = |arguments: &[&[u8]]| {
        let arguments = arguments.iter().map(|bytes| OsStr::from_bytes(bytes));
        common::command("prob1c", &folder, &[]).args(arguments).output().expect("it starts")
    };
    for arguments in [&[&b"--s\xFFed"[..], b"1"][..], &[b"--seed=\xFF"], &[b"--seed", b"\xFF"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stderr.starts_with(b"prob1c: "), "{arguments:?}");
    }
    let output = run(&[b"--epochs", b"1", b"--out", b"n\xFFme"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.join(OsStr::from_bytes(b"n\xFFme")).join("prob1c/loss.svg").exists());
}

#[test]
fn help_begins_with_examples_and_names_every_flag_with_its_default() {
    let folder = folder("help");
    for (program, _) in PROGRAMS {
        let text = stdout(program, &folder, &["--help"]);
        assert_eq!(text.lines().nth(2), Some("Examples:"), "{text}");
        for flag in [
            "--seed N",
            "--epochs N",
            "--step-size X",
            "--reg X",
            "--init ",
            "--bias X",
            "--data DIR",
            "--out DIR",
            "--save FILE",
            "--load FILE",
            "--ppm WxH",
            "--ascii",
        ] {
            let line = text.lines().find(|line| line.trim_start().starts_with(flag));
            let line = line.unwrap_or_else(|| panic!("{program} --help lacks {flag}"));
            assert!(line.ends_with(']'), "{line} lacks a default");
        }
        for flag in ["--starter", "--quiet", "--help", "--version"] {
            assert!(text.contains(&format!("\n  {flag} ")), "{program} --help lacks {flag}");
        }
        assert_eq!(text.contains("--hidden"), !["prob1a", "prob1b"].contains(&program), "{program}");
        assert_eq!(text.contains("--batch"), ["prob2a", "prob2b"].contains(&program), "{program}");
        assert_eq!(text.contains("--validation"), ["prob1b", "prob1d"].contains(&program), "{program}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    assert_eq!(stdout("prob1c", &folder, &["-h"]), stdout("prob1c", &folder, &["--help"]));
    let version = stdout("prob1c", &folder, &["--version"]);
    assert_eq!(version, concat!("prob1c ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(
        stdout("prob1c", &folder, &["--seed", "nonsense", "--help"]),
        stdout("prob1c", &folder, &["--help"])
    );
}
