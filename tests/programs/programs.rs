//! Each program, run as a process, does what its section of the handout asks and says so.

use std::fs;
use std::path::Path;

use crate::common::{PROGRAMS, failure, files, folder, printed, run, stdout};

/// The number that follows `start` on the one line that begins so.
fn number(text: &str, start: &str) -> f64 {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(start));
    let line = lines.next().unwrap_or_else(|| panic!("no line {start:?} in\n{text}"));
    assert_eq!(lines.next(), None, "more than one line {start:?}");
    let number = line.trim_start().split([' ', ',']).next().expect("something");
    number.parse().unwrap_or_else(|_| panic!("{number:?} is no number"))
}

/// The same command gives the same bytes whatever the folder; all gradients are CORRECT; the last lines name the figure to
/// look at and every file.
#[test]
fn every_program_checks_trains_and_names_what_it_writes() {
    let programs: [(&str, &[&str]); 6] = [
        ("lines", &["W", "b"]),
        ("regions", &["W", "b"]),
        ("regions", &["W1", "b1", "W2", "b2"]),
        ("regions", &["W1", "b1", "W2", "b2"]),
        ("overfitting", &["W1", "b1", "W2", "b2"]),
        ("layers", &["W1", "b1", "W2", "b2", "W3", "b3"]),
    ];
    for ((program, _), (figure, parameters)) in PROGRAMS.into_iter().zip(programs) {
        let results = |name: &str, out: &str| {
            let folder = folder(name);
            let text = stdout(program, &folder, &["--epochs", "5", "--out", out]);
            (text, files(&folder.join(out).join(program)))
        };
        let (text, files) = results("first", "out");
        assert!(results("second", "out") == (text.clone(), files.clone()), "{program}");
        let (elsewhere, others) = results("third", "else/where");
        assert_eq!(elsewhere.replace("else/where", "out"), text);
        assert!(others == files, "{program} writes its path");

        let verdicts: Vec<&str> = text.lines().filter(|line| line.starts_with("Param ")).collect();
        assert_eq!(verdicts.len(), parameters.len(), "{program}");
        for (position, (line, name)) in verdicts.iter().zip(parameters).enumerate() {
            assert!(line.starts_with(&format!("Param {position} is CORRECT, error = ")), "{program}: {line}");
            assert!(line.contains(&format!("({name}, ")), "{program}: {line}");
        }
        let mut named: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("wrote ")).collect();
        let before = text.lines().rev().nth(named.len()).expect("a line");
        assert_eq!(before, format!("open out/{program}/{figure}.svg"));
        named.sort_unstable();
        let written = files.iter().map(|(name, _)| format!("out/{program}/{name}"));
        assert_eq!(named, written.collect::<Vec<_>>());
        assert!(named.contains(&&before[5..]) && named.contains(&&*format!("out/{program}/loss.svg")));
    }
}

#[test]
fn the_output_says_what_its_settings_are_and_where_they_come_from() {
    let line = |program: &str, arguments: &[&str], start: &str| {
        let text = stdout(program, &folder("from"), arguments);
        text.lines().find_map(|line| line.strip_prefix(start).map(str::to_owned))
    };
    let from = |arguments: &[&str]| line("prob1c", arguments, "settings from: ");
    let tune = Some("the sweeps of tune (out/tuning/prob1c.md)".to_owned());
    assert_eq!(from(&[]), tune);
    assert_eq!(from(&["--seed", "2", "--epochs", "1000"]), tune, "the default anyway");
    assert_eq!(from(&["--epochs", "999"]), None);
    assert_eq!(from(&["--starter"]), Some("the course's starter script".to_owned()));
    for (program, settings) in [
        ("prob1a", "full batch, 100 epochs, step size 1, λ = 0"),
        ("prob1d", "full batch, 100 epochs, step size 1, λ = 0.001"),
        ("prob2a", "batches of 10, 100 epochs, step size 0.01, λ = 0"),
    ] {
        let expected = format!("{settings}, init 0.01 (biases 0), seed 0");
        assert_eq!(line(program, &["--starter"], "settings: "), Some(expected), "{program}");
    }
}

#[test]
fn losses_are_printed_every_tenth_epoch_or_ten_times_and_at_the_end() {
    for (epochs, every) in [(35, 10), (100, 10), (257, 25)] {
        let text = stdout("prob1a", &folder("iterations"), &["--epochs", &epochs.to_string()]);
        let printed: Vec<i32> = text
            .lines()
            .filter_map(|line| line.strip_prefix("iteration ")?.split_once(": loss ")?.0.parse().ok())
            .collect();
        let mut expected: Vec<i32> = (0..=epochs).step_by(every).collect();
        if expected.last() != Some(&epochs) {
            expected.push(epochs);
        }
        assert_eq!(printed, expected);
    }
}

/// All the ways in which a file can be wrong are in `reader.rs`.
#[test]
fn a_fault_of_a_data_file_is_named_with_its_place() {
    let folder = folder("faults");
    fs::write(folder.join("xor.dat"), "0,0,0\n0,1,1\n1,1,2\n").expect("writable");
    let (status, message) = failure("prob1c", &folder, &["--data", "."]);
    let file = Path::new(".").join("xor.dat");
    let expected =
        format!("prob1c: {}:3:5: '2' is a class beside 0, 1, expected 2 classes, ", file.display());
    assert!(status == 1 && message.starts_with(&expected), "{message}");

    let advice = "; --data names the file, or the folder that holds it\n";
    let (status, message) = failure("prob1c", &folder, &["--data", "missing"]);
    assert_eq!(status, 1);
    let start = "prob1c: cannot read missing: ";
    assert!(message.starts_with(start) && message.ends_with(advice), "{message}");
    fs::create_dir(folder.join("spiral_train.dat")).expect("writable");
    let (status, message) = failure("prob1d", &folder, &["--data", "."]);
    assert_eq!(status, 1);
    let start = format!("prob1d: cannot read {}: ", Path::new(".").join("spiral_train.dat").display());
    assert!(message.starts_with(&start) && message.ends_with(advice), "{message}");
    assert!(!folder.join("out").exists(), "nothing is written");
}

#[test]
fn what_is_said_of_xor_is_said_of_its_truth_table_alone() {
    let folder = folder("gates");
    let named = "in1,in2,out\n1,1,no\n0,1,yes\n0,0,no\n1,0,yes\n";
    fs::write(folder.join("named.csv"), named).expect("writable");
    let [text, _] = printed("prob1c", &folder, &["--data", "named.csv"]);
    assert!(
        text.contains("in1 in2  Figure 1b  network  p(out = yes)\n  0   0         no       no  0.0"),
        "{text}"
    );
    let xor_reordered = "1,1,0\n0,1,1\n0,0,0\n1,0,1\n";
    for (data, is_xor) in [
        (xor_reordered, true),
        ("0,0,0\n1,0,1\n0,1,1\n1,1,1\n", false),
        ("0,0,1\n1,0,0\n0,1,0\n1,1,1\n", false),
        ("0,0,0\n1,0,1\n0,1,1\n1,1,0\n0,0,0\n", false),
        ("0,0,0\n1,0,1\n1,0,1\n1,1,0\n", false),
        ("0.2,0.7,0\n1.5,0.1,1\n", false),
    ] {
        fs::write(folder.join("xor.dat"), data).expect("writable");
        let text = stdout("prob1c", &folder, &["--data", ".", "--epochs", "20"]);
        assert_eq!(text.contains("Figure 1b"), is_xor, "{text}");
        let networks = fs::read_to_string(folder.join("out/prob1c/networks.svg")).expect("written");
        for words in ["Figure 1a", "Figure 1b", "NAND"] {
            assert_eq!(networks.contains(words), is_xor, "{words} of {data}");
        }
        assert!(networks.contains("The trained network: "), "{data}");
        assert_eq!(text.contains("one_step.svg"), is_xor, "{text}");
        let text = stdout("prob1a", &folder, &["--data", ".", "--epochs", "20"]);
        assert_eq!(text.contains("lines.svg"), is_xor, "{text}");
    }
}

/// Nothing is said to tie or to have a border that does not.
#[test]
fn figures_of_xor_say_what_the_network_does() {
    let folder = folder("unlearned");
    let title = |name: &str| {
        let figure = fs::read_to_string(folder.join("out").join(name)).expect("written");
        figure.split_once("<title>").and_then(|(_, rest)| rest.split_once('<')).expect("a title").0.to_owned()
    };
    stdout("prob1a", &folder, &["--epochs", "1", "--init", "50"]);
    assert_eq!(title("prob1a/lines.svg"), "Problem 1a: the trained line, and one that is right three times");
    let text = stdout("prob1a", &folder, &["--ascii", "--ppm", "8x8"]);
    assert!(text.contains("\nall classes tie everywhere; digits: the samples\n"), "{text}");
    let image = fs::read(folder.join("out/prob1a/regions.ppm")).expect("written");
    assert!(image.starts_with(b"P6\n8 8\n255\n"));
    let white = image.rchunks(3).take(64).filter(|pixel| *pixel == [255; 3]).count();
    assert!(white > 40, "{white} white pixels");
}

/// From a file to a figure in one command.
#[test]
fn a_file_of_ones_own_is_trained_on_under_its_own_names() {
    let folder = folder("own");
    let flowers = include_str!("../../data/iris_train.dat").lines().enumerate().map(|(n, row)| {
        let (inputs, class) = row.rsplit_once(',').expect("five columns");
        let name =
            ["Iris-setosa", "Iris-versicolor", "Iris-virginica"][class.parse::<usize>().expect("a class")];
        (n, format!("{inputs},{name}\n"))
    });
    let (training, validation): (Vec<_>, Vec<_>) = flowers.partition(|(n, _)| n % 4 > 0);
    let text = |rows: Vec<(usize, String)>| rows.into_iter().map(|(_, row)| row).collect::<String>();
    fs::write(folder.join("iris.data"), text(training) + "\n").expect("writable");
    fs::write(folder.join("more.csv"), "a,b,c,d,class\n".to_owned() + &text(validation)).expect("writable");
    let arguments = ["--data", "iris.data", "--validation", "more.csv", "--epochs", "2", "--hidden", "8"];
    let [text, errors] = printed("prob2a", &folder, &arguments);
    let said = "iris.data: classes Iris-setosa, Iris-versicolor, Iris-virginica are 0, 1, 2\n\
                more.csv: header: a, b, c, d, class\n";
    assert_eq!(errors, said);
    assert!(text.starts_with("Problem 2a on iris.data: 4 inputs → 8 ReLU units → 3 classes\n"), "{text}");
    assert!(text.contains("\ndata: iris.data (82), more.csv (28)\n"), "{text}");
    let [petals, overfitting] = ["petals", "overfitting"].map(|name| {
        fs::read_to_string(folder.join(format!("out/prob2a/{name}.svg"))).expect("written").to_lowercase()
    });
    assert!(
        petals.contains("by x₃ and x₄, the misclassified") && petals.contains("iris-versicolor"),
        "{petals}"
    );
    for words in ["flower", "petal ", "sepal"] {
        assert!(!petals.contains(words) && !overfitting.contains(words), "{words}");
    }

    fs::write(folder.join("other.csv"), "1,2,3,4,Iris-setosa\n1,2,3,4,rose\n").expect("writable");
    let (status, message) = failure("prob2b", &folder, &["--data", "iris.data", "--validation", "other.csv"]);
    let place = "prob2b: other.csv:2:9: 'rose' is no class of the training data";
    assert!(status == 1 && message.contains(place), "{message}");
    let (status, message) = failure("prob1b", &folder, &["--data", "iris.data"]);
    let fitting = "is 5 columns separated by ',', expected 2 inputs and then the class\n";
    assert!(status == 1 && message.contains(fitting), "{message}");
    assert!(!folder.join("out/prob1b").exists());
}

/// By their values alone: in another order, with another seed and at another place they are the same.
#[test]
fn of_a_single_file_one_row_in_four_of_each_class_is_held_out() {
    let folder = folder("held-out");
    let mut rows: Vec<&str> = include_str!("../../data/iris_train.dat").lines().collect();
    let write = |name: &str, rows: &[&str]| fs::write(folder.join(name), rows.join("\n")).expect("writable");
    write("one.csv", &rows);
    rows.reverse();
    write("two.csv", &rows);
    write("equal.csv", &["1,2,3,4,0", "1,2,3,4,0", "1,2,3,4,0", "1,2,3,4,0", "7,7,7,7,1", "9,9,9,9,2"]);
    let held = |arguments: &[&str]| {
        let text = stdout("prob2a", &folder, &[arguments, &["--epochs", "1", "--save", "p"]].concat());
        let saved = fs::read_to_string(folder.join("p")).expect("saved");
        let line = |text: &str, start: &str| {
            text.lines().find_map(|line| line.strip_prefix(start).map(str::to_owned))
        };
        [line(&text, "data: ").expect("the data"), line(&saved, "held-out ").expect("a record")]
    };
    let [said, record] = held(&["--data", "one.csv"]);
    assert!(
        said.starts_with(
            "one.csv (83), 27 of its rows held out for validation: at most one in four of each class, "
        ),
        "{said}"
    );
    assert_eq!(held(&["--data", "two.csv", "--seed", "7"]), [said.replace("one.csv", "two.csv"), record]);
    assert_eq!(
        held(&["--data", "one.csv", "--validation", "two.csv"]),
        ["one.csv (110), two.csv (110)", "none"]
    );
    let (status, message) = failure("prob2b", &folder, &["--data", "equal.csv"]);
    let expected = "prob2b: --data equal.csv has too few different rows to hold out one in four of a class: ";
    assert!(status == 2 && message.starts_with(expected), "{message}");
}

/// What would cost more is left out, and what is trained is said first.
#[test]
fn comparisons_cost_at_most_as_much_as_the_training_and_can_be_left_out() {
    let folder = folder("comparisons");
    for (program, figure, what) in [
        ("prob1c", "loss", "100 networks from other seeds, for the band in loss.svg, 4"),
        ("prob1d", "lambdas", "6 networks with other λ, for lambdas.svg, 4"),
        ("prob2a", "overfitting", "2 networks with another split and step size 0.05, for overfitting.svg, 4"),
        ("prob2b", "layers", "1 network with one hidden layer, for layers.svg, 4"),
    ] {
        let figure = folder.join(format!("out/{program}/{figure}.svg"));
        let text = stdout(program, &folder, &["--epochs", "4", "--quiet"]);
        assert!(text.contains(&format!("\ncomparison: {what} epochs each")), "{text}");
        assert!(fs::remove_file(&figure).is_ok(), "{program}");
        let plain = stdout(program, &folder, &["--epochs", "4", "--no-comparisons"]);
        assert!(!plain.contains("comparison") && figure.exists() == (program == "prob1c"), "{plain}");
    }
    let row = |n: usize| format!("{},{},{}\n", n % 50, n / 50, (n % 50 + n / 50) % 2);
    fs::write(folder.join("many.csv"), (0..4000).map(row).collect::<String>()).expect("writable");
    let text = stdout("prob1c", &folder, &["--data", "many.csv", "--epochs", "99"]);
    assert!(text.contains("\ncomparison left out, too long beside the training: 100 networks"), "{text}");
}

#[test]
fn axes_choose_the_inputs_that_are_drawn() {
    let folder = folder("axes");
    let text = stdout("prob2b", &folder, &["--axes", "2,1", "--epochs", "1"]);
    assert!(text.contains("petals.svg"), "{text}");
    let figure = fs::read_to_string(folder.join("out/prob2b/petals.svg")).expect("written");
    assert!(figure.contains("The flowers by sepal width and sepal length, the misclassified ones ringed."));
}

#[test]
fn figures_in_characters_come_before_the_results_if_asked_for() {
    let folder = folder("ascii");
    let plain = stdout("prob1c", &folder, &["--epochs", "20"]);
    let drawn = stdout("prob1c", &folder, &["--epochs", "20", "--ascii"]);
    let (before, results) = plain.split_once("training accuracy: ").expect("a result");
    let sketches = drawn
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(&format!("training accuracy: {results}")));
    let sketches: Vec<&str> = sketches.unwrap_or_else(|| panic!("{drawn}")).lines().collect();
    assert!(sketches[0].starts_with("loss ") && sketches[0].contains('█'), "{drawn}");
    let legend = sketches[sketches.len() - 1];
    assert_eq!(legend, ". class 0 predicted, + class 1 predicted; digits: the samples");
    let map: String = sketches[1..sketches.len() - 1].concat();
    assert!(map.chars().all(|character| ".+01".contains(character)), "{drawn}");
    assert_eq!(map.matches(['0', '1']).count(), 4, "{drawn}");
    // Four inputs have no map.
    let flowers = stdout("prob2a", &folder, &["--epochs", "20", "--ascii"]);
    assert!(flowers.contains("\nloss ") && !flowers.contains("predicted"), "{flowers}");
}

/// And so do the files that were written up to then.
#[test]
fn a_diverging_run_stops_at_once_and_says_why() {
    let folder = folder("diverged");
    for program in ["prob1d", "prob2a", "prob2b"] {
        let arguments = ["--step-size", "1e300", "--reg", "0", "--epochs", "50", "--save", "saved"];
        let keep = if program == "prob2a" { &["--keep", "best"][..] } else { &[] };
        let output = run(program, &folder, &[&arguments, keep].concat());
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        let epoch = message
            .strip_prefix(&format!("{program}: training diverged: the loss or a parameter in epoch "))
            .and_then(|rest| {
                rest.split_once(" is not finite (step size 1e300, λ = 0); try a smaller --step-size (2/L = ")
            })
            .unwrap_or_else(|| panic!("{message}"))
            .0;
        let figure = format!("out/{program}/loss.svg");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&format!("\nopen {figure}\nwrote ")), "{text}");
        assert!(text.ends_with(&format!("\nwrote {figure}\n")), "{text}");
        let file =
            |name: &str| fs::read_to_string(folder.join("out").join(program).join(name)).expect("written");
        let history = file("history.csv");
        assert!(history.ends_with(&format!("\n# diverged in epoch {epoch}\n")), "{history}");
        let rows = history.lines().filter(|line| line.starts_with(char::is_numeric)).count();
        assert_eq!(rows, epoch.parse::<usize>().expect("a number") + 1, "epochs from 0 on: {history}");
        assert!(file("loss.svg").contains(&format!("diverged in epoch {epoch}")), "{program}");
        assert!(!folder.join("saved").exists(), "parameters that are no numbers are not saved");
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
fn what_is_found_about_a_run_is_printed() {
    // On the iris data all inputs are positive, so that units with negative weights never switch on.
    let text = stdout("prob2a", &folder("dead"), &["--epochs", "1"]);
    assert!(number(&text, "dead units:") > 0.0);
    let folder = folder("one-class");
    fs::write(folder.join("xor.dat"), "0,0,1\n1,1,1\n").expect("writable");
    let [text, said] = printed("prob1a", &folder, &["--data", "."]);
    let expected = format!(
        "{}: classes 0, 1, but all rows are of 1 (if the file was cut from a sorted one, shuffle that first)\n",
        Path::new(".").join("xor.dat").display()
    );
    assert_eq!(said, expected);
    assert!(!text.contains("every sample is given class"), "{text}");
    assert!(!folder.join("out/prob1a/lines.svg").exists());
}
