//! Saved parameters read back to the same bits, and any change to the file is found.

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::checkpoint::{Checkpoint, is_saved};
use backprop::training::fingerprint;
use backprop::training::names::Names;
use backprop::training::scaling::Scaling;

fn checkpoint<M: Model<D, K>, const D: usize, const K: usize>() -> Checkpoint<M, D, K> {
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
        (Rng::from_state(rng.state()), Some(Scaling { mean: [1.0 / 3.0; D], deviation: [3.5; D] }));
    let (settings, held_out) = ("any".to_owned(), Some("0123".to_owned()));
    Checkpoint { model, rng, epochs: 12, seed: 7, settings, names, held_out, scaling }
}

fn assert_reads_back<M: Model<D, K>, const D: usize, const K: usize>() {
    let saved = checkpoint::<M, D, K>();
    let text = saved.to_text("prob");
    for text in [text.clone(), text.replace('\n', "\r\n"), text + "\n"] {
        let read = Checkpoint::<M, D, K>::parse("p.txt", text.as_bytes(), "prob").unwrap();
        assert_eq!((read.rng, read.epochs, read.seed), (saved.rng.clone(), 12, 7));
        assert_eq!((&read.names, &read.held_out), (&saved.names, &saved.held_out));
        assert_eq!(read.settings, saved.settings);
        assert_eq!(read.scaling, saved.scaling);
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
    match Checkpoint::<Small, 2, 2>::parse("p.txt", contents, "prob") {
        Err(error) => error.to_string(),
        Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(contents)),
    }
}

fn small() -> String {
    checkpoint::<Small, 2, 2>().to_text("prob")
}

#[test]
fn names_are_saved_as_they_are_and_refused_with_invisible_characters_or_of_equal_classes() {
    let with = |name: &str| {
        let mut saved = checkpoint::<Small, 2, 2>();
        name.clone_into(&mut saved.names.inputs[1]);
        name.clone_into(&mut saved.names.classes[1]);
        (saved.to_text("prob"), saved)
    };
    for name in ["", " ", "Ölfrucht x₁", "\\n \\", "seal 0", "W1 1 2 3", "held-out 0", "mean 0 0", "class 1"]
    {
        let (text, saved) = with(name);
        assert_eq!(Checkpoint::parse("p.txt", text.as_bytes(), "prob").unwrap(), saved, "{name:?}");
    }
    for name in ["a\u{200F}b", "a\u{AD}", "\u{1b}[2J", "a\tb", "\u{2028}", "\0", "\u{feff}", "\u{202E}a"] {
        let problem = refusal(with(name).0.as_bytes());
        assert!(problem.contains("', expected input "), "{problem}");
    }
    let problem = refusal(with("class 0").0.as_bytes());
    assert_eq!(problem, "p.txt:12:1: expected classes of different names");
}

#[test]
fn another_format_is_refused_as_older_or_newer() {
    for (format, age) in [("3", "an older"), ("5", "a newer"), ("4294967295", "a newer")] {
        let text = small().replace("format 4", &format!("format {format}"));
        assert!(is_saved(text.as_bytes()));
        let expected = format!("p.txt:1:1: format {format}, written by {age} version: expected 4");
        assert_eq!(refusal(text.as_bytes()), expected);
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
    assert!(half.contains("', expected W"), "{half}");
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
    format!("{text}seal {}\n", fingerprint::of(text.bytes()))
}

/// Whoever can count fingerprints can still not make a network of what is none.
#[test]
fn a_forged_line_is_refused_for_what_it_says() {
    let text = small();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.pop();
    assert_eq!(sealed(&lines), text);
    for (line, forged, problem) in [
        (2, "problem prob", "'problem prob', expected program prob"),
        (3, "layers 2 3 3", "'layers 2 3 3', expected layers 2 3 2"),
        (4, "epochs 9223372036854775808", "'epochs 9223372036854775808', expected epochs 0"),
        (5, "seed 07", "'seed 07', expected seed 7"),
        (7, "held", "'held', expected held-out "),
        (
            8,
            "generator 0000000000000000",
            "'generator 0000000000000000', expected generator 0000000000000001",
        ),
        (9, "imput x", "'imput x', expected input "),
        (13, "mean 0e0 0e0 0e0", "'mean 0e0 0e0 0e0', expected mean 0e0 0e0"),
        (15, "W1 1e0 2e0", "'W1 1e0 2e0', expected W1 1e0 2e0 0e0"),
        (15, "W1 1e0 2e0 inf", "'W1 1e0 2e0 inf', expected W1 1e0 2e0 0e0"),
        (21, "b2 1e0 2e0\nb3 1e0", "the file is not as it was saved: a line was changed"),
        (14, "deviation 1e-100 1e-100", "these parameters overflow with this scaling"),
        (14, "deviation 0e0 1e0", "'deviation 0e0 1e0', expected deviation 1e0 1e0"),
        (14, "deviation -1e0 1e0", "'deviation -1e0 1e0', expected deviation 1e0 1e0"),
    ] {
        let mut changed = lines.clone();
        forged.clone_into(&mut changed[line - 1]);
        let line = if problem.starts_with("these") { 21 } else { line + usize::from(forged.contains('\n')) };
        let refused = refusal(sealed(&changed).as_bytes());
        assert!(refused.starts_with(&format!("p.txt:{line}:1: {problem}")), "{refused}");
    }
}

#[test]
fn another_kind_of_file_is_not_saved_parameters() {
    let other = [&b"0.0,0.0,0\n"[..], b"\n", b"\0\xFF\n", b"P6\n800 800\n255\n", &[b'7'; 10_000], b"x y\n"];
    for contents in
        other.into_iter().chain([&b"backprop parameters, format \n"[..], b"backprop parameters, format 4 x"])
    {
        assert_eq!(refusal(contents), "p.txt:1:1: not saved parameters");
    }
}

#[test]
fn the_fingerprint_is_that_of_the_parameters() {
    let model = Small::zeros();
    let bytes = [0; 8 * (2 * 3 + 3 + 3 * 2 + 2)];
    assert_eq!(fingerprint::of_model(&model), fingerprint::of(bytes));
    let mut last = model.clone();
    *last.b2.values_mut().last_mut().unwrap() = -0.0;
    assert_ne!(fingerprint::of_model(&last), fingerprint::of_model(&model));
}
