//! The figures that the programs write are true for runs that diverge, for data of other kinds, and for many samples.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::common::{folder, stdout};

/// A figure that a program has written.
fn figure(folder: &Path, name: &str) -> String {
    let path = folder.join("out").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of a figure that begin so.
fn texts<'a>(figure: &'a str, start: &str) -> Vec<&'a str> {
    let texts = figure.split('>').filter_map(|part| part.split('<').next());
    texts.filter(|text| text.starts_with(start)).collect()
}

#[test]
fn the_film_ends_with_the_trained_network() {
    let folder = folder("film");
    for (epochs, moments) in [("50", &[0, 1, 3, 10, 30, 50][..]), ("100", &[0, 1, 3, 10, 30, 100])] {
        stdout("prob1d", &folder, &["--epochs", epochs, "--hidden", "16"]);
        let film = figure(&folder, "prob1d/film.svg");
        let captions: Vec<_> =
            texts(&film, "epoch ").into_iter().map(|text| text.split(':').next()).collect();
        let expected: Vec<String> = moments.iter().map(|moment| format!("epoch {moment}")).collect();
        assert_eq!(captions, expected.iter().map(|text| Some(&text[..])).collect::<Vec<_>>());
    }
}

/// Of more than 20 000 epochs, every second is kept, and the last.
#[test]
fn the_losses_of_a_long_run_are_drawn_at_their_epochs() {
    let folder = folder("long");
    stdout("prob1a", &folder, &["--epochs", "20003", "--quiet"]);
    let history = figure(&folder, "prob1a/history.csv");
    let epochs: Vec<u64> =
        history.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    assert!((0..=20_002).step_by(2).all(|epoch| epochs.contains(&epoch)), "{epochs:?}");
    assert!(epochs.len() <= 10_004 && epochs.last() == Some(&20_003) && epochs.is_sorted(), "{epochs:?}");
    let loss = figure(&folder, "prob1a/loss.svg");
    assert!(loss.contains(" in 20003 epochs. "), "{loss}");
}

/// Step size × λ = 2.5: each step makes the weights larger.
#[test]
fn a_comparison_that_diverged_is_called_so_and_drawn_on_no_map() {
    let folder = folder("lambda");
    // After 100 epochs the loss is still finite, 10⁶⁹.
    for epochs in ["100", "3000"] {
        let text = stdout("prob1d", &folder, &["--step-size", "25", "--epochs", epochs, "--hidden", "16"]);
        let line = text.lines().find(|line| line.starts_with("after ")).expect("the comparison");
        assert!(line.ends_with(", λ = 0.1: diverged"), "{line}");
        let maps = figure(&folder, "prob1d/lambdas.svg");
        assert_eq!(maps.matches("<g>").count(), 5, "maps");
        assert!(maps.contains("λ\u{a0}=\u{a0}0.1:\u{a0}diverged"), "{maps}");
    }
}

#[test]
fn a_diverged_run_beside_another_is_called_so() {
    let folder = folder("layers");
    // The second hidden layer is dead, and saves the network from its own step size.
    let arguments = ["--init", "0.01", "--bias=-0.05", "--step-size", "1e200", "--reg", "0", "--epochs", "8"];
    stdout("prob2b", &folder, &arguments);
    let layers = figure(&folder, "prob2b/layers.svg");
    assert!(layers.contains("with one hidden layer: diverged in epoch 1, with two: "), "{layers}");
    assert!(layers.contains("1 layer: from 1.0984 to 1.0984 in 0 epochs."), "only epoch 0 is drawn");
}

#[test]
fn overfitting_runs_that_diverge_have_no_lowest_loss() {
    let folder = folder("overfitting");
    // Overfitting has a step size of its own, too large for such weights.
    let arguments = ["--init", "1e100", "--step-size", "1e-200", "--epochs", "20"];
    stdout("prob2b", &folder, &arguments);
    let page = figure(&folder, "prob2b/overfitting.svg");
    for caption in ["No control: λ = 0", "Weight decay: λ = 0.01"] {
        assert!(page.contains(&format!(">{caption}: diverged in epoch 1<")), "{page}");
    }
    assert!(!page.contains("lowest") && texts(&page, "early stopping").is_empty(), "{page}");
}

/// Rows of four inputs and a class.
fn rows(count: usize) -> String {
    let row = |n: usize| {
        let class = n % 3;
        let [a, b] = [(n * 7919 % 10_007) as f64 / 10_007.0, (n * 104_729 % 9973) as f64 / 9973.0];
        (class, [a, b, a + 0.5 * class as f64, b - 0.4 * class as f64])
    };
    (0..count).map(row).fold(String::new(), |mut text, (class, [a, b, c, d])| {
        writeln!(text, "{a},{b},{c},{d},{class}").expect("text");
        text
    })
}

/// Marks that would cover each other are left out: a figure of twenty times as many samples is not larger.
#[test]
fn figures_of_many_samples_are_small_and_say_how_many_they_draw() {
    let folder = folder("many");
    let rows = rows(60_000);
    let mut planar = String::new();
    for row in rows.lines() {
        let (_, row) = row.split_once(',').expect("five columns");
        let (_, row) = row.split_once(',').expect("four columns");
        writeln!(planar, "{row}").expect("text");
    }
    for (name, text) in [("iris_train.dat", &rows), ("iris_test.dat", &rows), ("spiral_train.dat", &planar)] {
        fs::write(folder.join(name), text).expect("writable");
    }
    stdout("prob1b", &folder, &["--data", ".", "--epochs", "2"]);
    stdout("prob2a", &folder, &["--data", ".", "--epochs", "1", "--hidden", "8"]);
    for name in ["prob1b/regions.svg", "prob2a/petals.svg"] {
        let figure = figure(&folder, name);
        assert_eq!(figure.matches(" of 20000 drawn<").count(), 3, "{name}");
        assert!(figure.len() < 1_000_000, "{name} has {} bytes", figure.len());
    }
}

#[test]
fn mistakes_on_the_validation_data_are_counted_by_class() {
    let folder = folder("mistakes");
    fs::write(folder.join("easy.dat"), "5.1,3.5,1.4,0.2,setosa\n6.3,3.3,6.0,2.5,virginica\n")
        .expect("writable");
    let mistakes = |arguments: &[&str]| {
        let text = stdout("prob2a", &folder, arguments);
        let lines = text.lines().filter(|line| line.starts_with("mistaken in validation: "));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(mistakes(&["--validation", "easy.dat", "--epochs", "100"]), [""; 0]);
    let one = ["mistaken in validation: 1 of virginica for versicolor"];
    assert_eq!(mistakes(&["--quiet"]), one);
}
