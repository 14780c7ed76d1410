//! Saved parameters read back to the same bits, and any change to the file is found.

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::checkpoint::Checkpoint;
use backprop::training::fingerprint::Fingerprint;
use backprop::training::names::Names;
use backprop::training::scaling::Scaling;

fn checkpoint<M: Model<D, K>, const D: usize, const K: usize>() -> Checkpoint<M, D> {
    let mut rng = Rng::new(7);
    let mut model = M::initialised(&Init { weights: WeightInit::He, bias: 0.1 }, &mut rng);
    let edges = [-0.0, 5e-324, -f64::MAX, f64::MIN_POSITIVE, 1.0 / 3.0, 1e23];
    for (value, edge) in model.parameters_mut().remove(0).values.iter_mut().zip(edges) {
        *value = edge;
    }
    rng.next_u64();
    let mut names = Names::neutral(D, K);
    "a, b".clone_into(&mut names.inputs[0]);
    let (rng, scaling) =
        (Rng::from_state(rng.state()), Some(Scaling { mean: [1.0 / 3.0; D], deviation: [1e-100; D] }));
    Checkpoint { model, rng, epochs: 12, seed: 7, names, scaling }
}

fn assert_reads_back<M: Model<D, K>, const D: usize, const K: usize>() {
    let saved = checkpoint::<M, D, K>();
    let text = saved.to_text("prob", "any");
    for text in [text.clone(), text.replace('\n', "\r\n"), text + "\n"] {
        let read = Checkpoint::<M, D>::parse("p.txt", text.as_bytes(), "prob").unwrap();
        assert_eq!((read.rng, read.epochs, read.seed), (saved.rng.clone(), 12, 7));
        assert_eq!((&read.names, &read.scaling), (&saved.names, &saved.scaling));
        for (read, saved) in read.model.parameters().iter().zip(saved.model.parameters()) {
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(read.values), bits(saved.values));
        }
    }
}

#[test]
fn saved_parameters_read_back_to_the_same_bits() {
    assert_reads_back::<SoftmaxRegression<2, 3>, 2, 3>();
    assert_reads_back::<Mlp2<4, 9, 17, 3>, 4, 3>();
}

type Small = Mlp1<2, 3, 2>;

/// The message of contents that must be refused.
fn refusal(contents: &[u8]) -> String {
    match Checkpoint::<Small, 2>::parse("p.txt", contents, "prob") {
        Err(error) => error.to_string(),
        Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(contents)),
    }
}

fn small() -> String {
    checkpoint::<Small, 2, 2>().to_text("prob", "any")
}

#[test]
fn any_name_is_saved() {
    for name in
        ["", " ", "Ölfrucht x₁", "a\nb\r", "\r\n", "\\n \\", "seal 0", "W1 1 2 3", "\u{2028}\0", "\u{feff}"]
    {
        let mut saved = checkpoint::<Small, 2, 2>();
        name.clone_into(&mut saved.names.inputs[1]);
        name.clone_into(&mut saved.names.classes[1]);
        let text = saved.to_text("prob", "any");
        assert_eq!(Checkpoint::parse("p.txt", text.as_bytes(), "prob").unwrap(), saved, "{name:?}");
    }
}

#[test]
fn any_byte_that_is_changed_and_any_line_that_is_lost_doubled_or_swapped_is_found() {
    let text = small();
    let saved = text.as_bytes();
    // The last is a line end, as which a space or none does too.
    for position in 0..saved.len() - 1 {
        refusal(&saved[..position]);
        for change in [1, 2, 16, 128] {
            let mut changed = saved.to_vec();
            changed[position] ^= change;
            refusal(&changed);
        }
    }
    let half = refusal(&saved[..saved.len() / 2]);
    assert!(half.contains("the file is not as it was saved"), "{half}");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for line in 0..lines.len() {
        let [mut lost, mut doubled, mut swapped] = [lines.clone(), lines.clone(), lines.clone()];
        lost.remove(line);
        refusal(lost.concat().as_bytes());
        doubled.insert(line, lines[line]);
        refusal(doubled.concat().as_bytes());
        if line > 0 {
            swapped.swap(line - 1, line);
            refusal(swapped.concat().as_bytes());
        }
    }
    refusal((text + "more\n").as_bytes());
}

/// Lines with their seal.
fn sealed(lines: &[String]) -> String {
    let text = lines.join("\n") + "\n";
    format!("{text}seal {}\n", Fingerprint::of(text.bytes()))
}

/// Whoever can count fingerprints can still not make a network of what is none.
#[test]
fn a_forged_line_is_refused_for_what_it_says() {
    let text = small();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.pop();
    assert_eq!(sealed(&lines), text);
    for (line, forged, problem) in [
        (2, "problem prob", "program prob"),
        (3, "layers 2 3 3", "layers 2 3 2"),
        (4, "epochs -1", "epochs and a number of epochs"),
        (4, "epochs 18446744073709551616", "epochs and a number of epochs"),
        (4, "epochs 9223372036854775808", "epochs and a number of epochs"),
        (5, "seed -1", "seed and a number"),
        (7, "generator 0000000000000000", "generator and its state"),
        (7, "generator xyz", "generator and its state"),
        (8, "imput x", "input and a name"),
        (10, "class a\\b", "class and a name"),
        (11, "mean 0 0", "class and a name"),
        (12, "mean 0 0 0", "mean and 2 finite numbers"),
        (13, "deviation 0 1", "expected deviations above 0"),
        (13, "deviation 1 -1", "expected deviations above 0"),
        (14, "W1 1 2", "W1 and 3 finite numbers"),
        (14, "W1 1 2 3 4", "W1 and 3 finite numbers"),
        (14, "W1 1 2 nan", "W1 and 3 finite numbers"),
        (14, "W1 1 2 inf", "W1 and 3 finite numbers"),
        (14, "W1 1  2", "W1 and 3 finite numbers"),
        (15, "b1 1 2 3", "W1 and 3 finite numbers"),
        (20, "", "b2 and 2 finite numbers"),
        (20, "b2 1 2\nb3 1 2", "expected the end of the parameters"),
    ] {
        let mut changed = lines.clone();
        forged.clone_into(&mut changed[line - 1]);
        let line = if forged.contains('\n') { line + 1 } else { line };
        let problem = match problem.strip_prefix("expected") {
            Some(_) => problem.to_owned(),
            None => format!("'{forged}', expected {problem}"),
        };
        assert_eq!(refusal(sealed(&changed).as_bytes()), format!("p.txt:{line}:1: {problem}"));
    }
}

#[test]
fn another_kind_of_file_is_not_saved_parameters() {
    for contents in
        [&b"0.0,0.0,0\n"[..], b"\n", b"\0\xFF\n", b"P6\n800 800\n255\n", &[b'7'; 10_000], b"x y\n"]
    {
        assert_eq!(refusal(contents), "p.txt:1:1: not saved parameters");
    }
}

#[test]
fn the_fingerprint_is_that_of_the_parameters() {
    let model = Small::zeros();
    let bytes = [0; 8 * (2 * 3 + 3 + 3 * 2 + 2)];
    assert_eq!(Fingerprint::of_model(&model), Fingerprint::of(bytes));
    let mut last = model.clone();
    *last.b2.values_mut().last_mut().unwrap() = -0.0;
    assert_ne!(Fingerprint::of_model(&last), Fingerprint::of_model(&model));
}
