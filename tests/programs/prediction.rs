//! Standardised inputs, the best epoch and prediction: what the programs do with them. Scaling itself is tested in
//! `laws/scaling.rs`.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::common::{PROGRAMS, command, content, failure, files, folder, path, printed, run, stdout};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::IRIS_TEST;
use backprop::training::names::Names;
use backprop::{Dataset, Matrix, Rng, SoftmaxRegression};

/// Three kinds of bird: two measurements in unlike units, overlapping a little.
fn birds(rows: usize, seed: u64) -> String {
    let mut rng = Rng::new(seed);
    let mut text = String::from("bill_mm,mass_g,species\n");
    for n in 0..rows {
        let (kind, bill, mass) =
            [("Adelie", 39.0, 3700.0), ("Chinstrap", 49.0, 3730.0), ("Gentoo", 47.0, 5070.0)][n % 3];
        let _ = writeln!(text, "{:.1},{:.0},{kind}", bill + 2.5 * rng.normal(), mass + 400.0 * rng.normal());
    }
    text
}

/// The number of right samples of an accuracy.
fn count(accuracy: &str) -> usize {
    let (_, count) = accuracy.split_once('(').expect("a count");
    count.split(' ').next().and_then(|count| count.parse().ok()).expect("a number")
}

#[test]
fn grams_beside_millimetres_are_learned_when_standardised_and_drawn_in_their_units() {
    let folder = folder("birds");
    fs::write(folder.join("birds.csv"), birds(120, 1)).expect("writable");
    let said = ": try --standardize, with which 2/L = ";
    for program in ["prob1b", "prob1d"] {
        let arguments = ["--data", "birds.csv", "--epochs", "500", "--out"];
        let output = |more: &[&str]| {
            let [text, _] = printed(program, &folder, &[&arguments[..], more].concat());
            text
        };
        let (raw, scaled) = (output(&["raw"]), output(&["scaled", "--standardize"]));
        assert!(raw.contains(said) && !scaled.contains(said), "{raw}");
        assert!(scaled.contains("seed 0, inputs standardised\n"), "{scaled}");
        // Logistic regression without penalty (scikit-learn) gets 115 of the 120 right.
        let [few, most] = [&raw, &scaled].map(|text| count(line(text, "training accuracy: ")));
        assert!(few < 80 && most >= 115, "{raw}\n{scaled}");
        let map =
            fs::read_to_string(folder.join("scaled").join(program).join("regions.svg")).expect("written");
        for label in [">mass_g<", ">5000<", ">50<", "inputs standardised"] {
            assert!(map.contains(label), "{label}");
        }
    }
}

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_else(|| panic!("{start} in\n{text}"))
}

/// The epoch of the lowest validation loss in a history.
fn lowest(folder: &Path) -> usize {
    let history = fs::read_to_string(folder.join("history.csv")).expect("written");
    let losses =
        history.lines().skip(1).map(|row| row.split(',').nth(4).expect("a loss").parse().expect("a number"));
    let losses: Vec<f64> = losses.collect();
    backprop::math::order::position_of_least(&losses).expect("a loss")
}

#[test]
fn the_best_epoch_is_reported_and_saved() {
    let folder = folder("best");
    fs::write(folder.join("train.csv"), birds(24, 3)).expect("writable");
    fs::write(folder.join("more.csv"), birds(60, 2)).expect("writable");
    let birds = ["--data", "train.csv", "--validation", "more.csv", "--standardize"];
    // With these step sizes, the validation loss is lowest on the way.
    for (program, data, step) in [("prob1d", &birds[..], "2"), ("prob2a", &[], "0.08")] {
        let result = |epochs: &str, more: &[&str]| {
            let settings = ["--reg", "0", "--step-size", step, "--epochs", epochs];
            let [text, _] = printed(program, &folder, &[data, &settings, more].concat());
            text
        };
        let whole = result("150", &["--save", "last"]);
        let best = result("150", &["--keep", "best", "--save", "kept"]);
        let epoch = lowest(&folder.join("out").join(program));
        assert!(0 < epoch && epoch < 150, "{program}: {epoch}");
        assert!(best.contains(&format!("\nkept epoch {epoch} of 150: data loss in validation ")), "{best}");
        // The same network as that of a run that ends there.
        let short = result(&epoch.to_string(), &["--save", "short"]);
        for start in ["fingerprint: ", "training accuracy: ", "validation accuracy: "] {
            assert_eq!(line(&best, start), line(&short, start), "{program}");
            assert_ne!(line(&best, "fingerprint: "), line(&whole, "fingerprint: "));
        }
        assert_eq!(content(&folder.join("kept")), content(&folder.join("short")), "{program}");
        let data: Vec<&str> = data.iter().copied().filter(|flag| *flag != "--standardize").collect();
        // Without training, the loaded one is the best.
        let none = [&data[..], &["--load", "kept", "--keep", "best", "--epochs", "0"]].concat();
        let [none, _] = printed(program, &folder, &none);
        assert_eq!(line(&none, "fingerprint: "), line(&best, "fingerprint: "), "{none}");
        assert!(none.contains(&format!("\nkept epoch {epoch} of {epoch}: ")), "{none}");
    }
}

#[test]
fn of_equally_good_epochs_the_first_is_kept() {
    // So small a step that no parameter changes.
    let arguments = ["--keep", "best", "--step-size", "1e-300", "--reg", "0", "--epochs", "5"];
    let text = stdout("prob2a", &folder("ties"), &arguments);
    assert!(text.contains("\nkept epoch 0 of 5: "), "{text}");
}

#[test]
fn prediction_prints_a_row_of_csv_for_each_row_and_writes_nothing() {
    let folder = folder("predict");
    let flowers: Dataset<4, 3> = IRIS_TEST.load(None).unwrap();
    let [mut plain, mut labelled] = [String::new(), String::new()];
    for (inputs, label) in flowers.samples().iter().zip(flowers.labels()) {
        let row = inputs.map(|x| x.to_string()).join(",");
        let _ = writeln!(plain, "{row}");
        let _ = writeln!(labelled, "{row},{}", flowers.names().classes[*label]);
    }
    fs::write(folder.join("new.csv"), plain).expect("writable");
    fs::write(folder.join("known.csv"), labelled).expect("writable");
    let result = stdout("prob2a", &folder, &["--epochs", "30", "--standardize", "--save", "w"]);
    let expected = count(line(&result, "validation accuracy: ")).to_string();
    fs::remove_dir_all(folder.join("out")).expect("written");
    let mut outputs = Vec::new();
    for (file, said) in [
        ("new.csv", "new.csv: 40 rows, 0 with a class, 0 of these right\n".to_owned()),
        ("known.csv", format!("known.csv: 40 rows, 40 with a class, {expected} of these right\n")),
    ] {
        for more in [&[][..], &["--epochs", "0", "--quiet"]] {
            let arguments = [&["--load", "w", "--predict", file], more].concat();
            let [text, errors] = printed("prob2a", &folder, &arguments);
            assert_eq!(errors, said);
            outputs.push(text);
        }
    }
    assert!(outputs.iter().all(|output| *output == outputs[0]), "{outputs:?}");
    let mut rows = outputs[0].lines();
    assert_eq!(rows.next(), Some("class,p_setosa,p_versicolor,p_virginica"));
    let mut right = 0;
    for (n, row) in rows.clone().enumerate() {
        let (class, p) = row.split_once(',').expect("columns");
        let p: Vec<f64> = p.split(',').map(|p| p.parse().expect("a number")).collect();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-15 && p.len() == 3, "{row}");
        let likeliest = (0..3).fold(0, |best, k| if p[k] > p[best] { k } else { best });
        assert_eq!(class, flowers.names().classes[likeliest]);
        right += usize::from(likeliest == flowers.labels()[n]);
    }
    assert_eq!(rows.count(), 40);
    assert_eq!(right.to_string(), expected);
    assert!(!folder.join("out").exists() && files(&folder).len() == 3, "it writes");
}

#[test]
fn every_program_predicts() {
    let folder = folder("all");
    for (program, _) in PROGRAMS {
        let inputs = if program.starts_with("prob2") { "5.1,3.5,1.4,0.2\n" } else { "0.5,0.25\n" };
        fs::write(folder.join("new.csv"), inputs).expect("writable");
        stdout(program, &folder, &["--epochs", "1", "--save", "w"]);
        let [text, _] = printed(program, &folder, &["--load", "w", "--predict", "new.csv"]);
        assert_eq!(text.lines().count(), 2, "{program}: {text}");
    }
}

#[test]
fn a_file_that_cannot_be_predicted_is_refused() {
    let folder = folder("refused");
    stdout("prob2a", &folder, &["--epochs", "1", "--save", "w", "--out", "o"]);
    fs::write(folder.join("x"), "1,2,3\n").expect("writable");
    for (file, expected) in [("x", "prob2a: x:1:1: "), ("missing", "prob2a: cannot read missing: ")] {
        let (status, message) = failure("prob2a", &folder, &["--predict", file, "--load", "w"]);
        assert!(status == 1 && message.starts_with(expected), "{message}");
    }
}

/// The program and its standard input and output.
fn predicting(folder: &Path) -> (Child, ChildStdin, BufReader<ChildStdout>) {
    stdout("prob2a", folder, &["--epochs", "1", "--save", "w", "--out", "o"]);
    let mut command = command("prob2a", folder, &["--predict", "-", "--load", "w"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let (input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    (child, input, BufReader::new(output))
}

fn next_line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("readable");
    line
}

#[test]
fn a_row_of_standard_input_is_answered_before_the_next_is_written_and_stands_if_that_is_none() {
    let (child, mut input, mut output) = predicting(&folder("answers"));
    let row = "5.1,3.5,1.4,0.2\n";
    input.write_all(row.as_bytes()).expect("open");
    assert!(next_line(&mut output).starts_with("class,"));
    let first = next_line(&mut output);
    input.write_all(row.as_bytes()).expect("open");
    assert_eq!(next_line(&mut output), first);
    input.write_all(format!("# {row}5%,3.5,1.4,0.2\n{row}").as_bytes()).expect("open");
    assert_eq!(next_line(&mut output), "");
    let output = child.wait_with_output().expect("it ends");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(message.starts_with("prob2a: standard input:4:1: '5%' is not a number, expected "), "{message}");
}

#[test]
fn a_row_whose_scores_overflow_is_an_error_of_its_line() {
    let folder = folder("overflow");
    let model =
        SoftmaxRegression { w: Matrix::from_rows([[1e300, 1e300], [1e300, 1e300]]), b: Matrix::zeros() };
    let (rng, names) = (Rng::new(0), Names::neutral(2, 2));
    let (settings, held_out) = (String::new(), None);
    let saved = Checkpoint { model, rng, epochs: 1, seed: 0, settings, names, held_out, scaling: None };
    let saved = saved.to_text("prob1a");
    fs::write(folder.join("w"), saved).expect("writable");
    fs::write(folder.join("new.csv"), "# large\n1,0\n1e30,1e30\n1,1\n").expect("writable");
    let output = run("prob1a", &folder, &["--load", "w", "--predict", "new.csv"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(message, "prob1a: new.csv:3:1: the scores of this row overflow, so that it has no class\n");
    let rows = String::from_utf8_lossy(&output.stdout);
    assert_eq!((output.status.code(), &*rows), (Some(1), "class,p_0,p_1\n0,0.5,0.5\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_standard_output_is_an_error_and_a_discarded_one_is_none() {
    let folder = folder("closed");
    stdout("prob2a", &folder, &["--epochs", "1", "--save", "w", "--out", "o"]);
    fs::write(folder.join("new.csv"), "5.1,3.5,1.4,0.2\n").expect("writable");
    for (redirection, status) in [(">&-", 1), ("> /dev/null", 0), ("> /dev/full", 1)] {
        let script = format!("\"$0\" --load w --predict new.csv {redirection}");
        let mut shell = Command::new("sh");
        let output =
            shell.current_dir(&folder).args(["-c", &script, path("prob2a")]).output().expect("a shell");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{redirection}: {message}");
        assert_eq!(message.contains("prob2a: cannot write to standard output: "), status == 1, "{message}");
    }
}

/// Names keep their meaning: what a loaded network calls its classes is what the data must call them.
#[test]
fn loaded_classes_are_those_of_the_data() {
    let folder = folder("names");
    fs::write(folder.join("birds.csv"), birds(30, 1)).expect("writable");
    printed("prob1b", &folder, &["--data", "birds.csv", "--standardize", "--save", "w"]);
    fs::write(folder.join("gentoo.csv"), "bill_mm,mass_g,species\n47,5000,Gentoo\n49,3700,Chinstrap\n")
        .expect("writable");
    let [text, _] = printed("prob1b", &folder, &["--load", "w", "--epochs", "0", "--data", "gentoo.csv"]);
    assert!(text.contains("training accuracy: 100.00 % (2 of 2)"), "{text}");
    let output = run("prob1b", &folder, &["--load", "w", "--epochs", "0"]);
    assert_eq!(output.status.code(), Some(1), "the built-in spiral has other classes");
    let [text, _] = printed("prob1b", &folder, &["--load", "w", "--predict", "gentoo.csv"]);
    assert!(text.starts_with("class,p_Adelie,p_Chinstrap,p_Gentoo\nGentoo,"), "{text}");
    // Classes are written as they were read.
    for (off, on, columns) in [
        ("2", "5", "p_2,p_5"),
        ("\"#1; class\"", "\"5\"\" pot\"", "p__1__class,p_5__pot"),
        ("<", ">", "p_0,p_1"),
    ] {
        let rows = format!("0,0,{off}\n0,1,{on}\n1,0,{on}\n1,1,{off}\n");
        fs::write(folder.join("xor.csv"), rows).expect("writable");
        printed("prob1c", &folder, &["--data", "xor.csv", "--save", "xor"]);
        let [text, _] = printed("prob1c", &folder, &["--load", "xor", "--predict", "xor.csv"]);
        let classes: Vec<&str> = text.lines().filter_map(|line| line.split(',').next()).collect();
        assert!(text.starts_with(&format!("class,{columns}\n")), "{text}");
        assert_eq!(classes, ["class", off, on, on, off]);
    }
}

/// The penalty falls with the weights, so the least of data loss plus penalty is at another epoch.
#[test]
fn the_least_validation_loss_of_the_history_is_that_of_the_epoch_that_is_kept_and_marked() {
    let folder = folder("least");
    let arguments = ["--keep", "best", "--epochs", "6000", "--quiet", "--no-comparisons"];
    let output = stdout("prob2a", &folder, &arguments);
    let csv = fs::read_to_string(folder.join("out/prob2a/history.csv")).expect("written");
    let mut lines = csv.lines();
    let header =
        "epoch,penalty,training_data_loss,training_accuracy,validation_data_loss,validation_accuracy";
    assert_eq!(lines.next(), Some(header));
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split(',').map(|entry| entry.parse().expect("a number")).collect()).collect();
    let least = |loss: fn(&[f64]) -> f64| {
        let losses: Vec<f64> = rows.iter().map(|row| loss(row)).collect();
        rows[backprop::math::order::position_of_least(&losses).expect("there are rows")][0]
    };
    let epoch = least(|row| row[4]);
    assert_ne!(epoch, least(|row| row[1] + row[4]));
    assert!(output.contains(&format!("kept epoch {epoch} of 6000")), "{output}");
    let figure = fs::read_to_string(folder.join("out/prob2a/loss.svg")).expect("written");
    assert!(figure.contains(&format!("lowest validation loss: epoch {epoch}")), "epoch {epoch}");
}
