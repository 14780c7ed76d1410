//! Standardised inputs: what they are, that a network for them is one for the inputs as they are, and when they are advised.

use backprop::math::matrix::Matrix;
use backprop::math::mlp2::Mlp2;
use backprop::math::order::larger;
use backprop::programs::findings::advice;
use backprop::training::dataset::{IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::names::Names;
use backprop::training::scaling::Scaling;
use backprop::{Dataset, Init, Model, Rng, SoftmaxRegression, WeightInit};

fn data(rows: &[[f64; 2]]) -> Dataset<2, 2> {
    Dataset::new(rows.to_vec(), (0..rows.len()).map(|n| n % 2).collect())
}

#[test]
fn standardised_columns_have_mean_0_and_deviation_1() {
    let flowers: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    let scaled = Scaling::of(&flowers).apply(&flowers);
    let Scaling { mean, deviation } = Scaling::of(&scaled);
    assert!(mean.iter().all(|mean| mean.abs() < 1e-14), "{mean:?}");
    assert!(deviation.iter().all(|deviation| (deviation - 1.0).abs() < 1e-14), "{deviation:?}");
    assert_eq!((scaled.labels(), scaled.names()), (flowers.labels(), flowers.names()));
    // The mean of three tenths, summed, is not a tenth.
    for constant in [0.1, 0.0, -7e29, 1e-300] {
        let rows = data(&[[constant, 1.0], [constant, 2.0], [constant, 6.0]]);
        let scaling = Scaling::of(&rows);
        assert_eq!((scaling.mean[0], scaling.deviation[0]), (constant, 1.0));
        assert!(scaling.apply(&rows).samples().iter().all(|row| row[0] == 0.0));
    }
    // Far from zero, as large and as close together as a file may have them.
    for [a, b] in [[1e9, 1e9 + 1.0], [-1e30, 1e30], [1e-99, 3e-99], [0.3, 0.3 + 1e-15]] {
        let rows = data(&[[a, 0.0], [b, 1.0]]);
        let scaled = Scaling::of(&rows).apply(&rows);
        assert!(scaled.samples()[0][0] < -0.9 && scaled.samples()[1][0] > 0.9, "{a} {b}: {scaled:?}");
        let far = Scaling::of(&rows).row(&[1e30, -1e30]);
        assert!(far.iter().all(|x| x.is_finite()), "{far:?}");
    }
}

fn assert_same_in_own_units<M: Model<4, 3>>() {
    let flowers: Dataset<4, 3> = IRIS_TEST.load(None).unwrap();
    let scaling = Scaling::of(&flowers);
    let model = M::initialised(&Init { weights: WeightInit::He, bias: 0.3 }, &mut Rng::new(1));
    let folded: M = scaling.folded_into(&model);
    for inputs in flowers.samples() {
        let expected = model.probabilities(&Matrix::from_rows([scaling.row(inputs)]));
        let found = folded.probabilities(&Matrix::from_rows([*inputs]));
        let pairs = found.values().iter().zip(expected.values());
        let error = pairs.fold(0.0, |error, (a, b)| larger(error, (a - b).abs()));
        assert!(error < 1e-13, "{error}");
    }
}

#[test]
fn a_network_for_standardised_inputs_is_one_for_inputs_in_their_own_units() {
    assert_same_in_own_units::<SoftmaxRegression<4, 3>>();
    assert_same_in_own_units::<Mlp2<4, 9, 17, 3>>();
}

#[test]
fn inputs_of_unsuitable_size_are_named_and_the_built_in_ones_are_not() {
    assert_eq!(advice::<2, 2>(&XOR.load(None).unwrap()), None);
    assert_eq!(advice::<2, 3>(&SPIRAL_TRAIN.load(None).unwrap()), None);
    assert_eq!(advice::<4, 3>(&IRIS_TRAIN.load(None).unwrap()), None);
    for (rows, reason) in [
        (&[[0.0, 0.0], [0.0, 0.0]][..], None),
        (&[[-1.0, 100.0], [1.0, -2.0]], None),
        (&[[-1.0, 101.0], [1.0, -2.0]], Some("x₂ reaches 101, x₁ reaches 1")),
        (&[[-90.0, -640.0], [1.0, 480.0]], Some("x₂ reaches 640")),
        (&[[0.5, 0.0], [0.004, 0.0049]], Some("x₁ reaches 0.5, x₂ reaches 0.0049")),
        (&[[0.001, 0.002], [0.003, 0.009]], Some("x₂ reaches 0.009")),
        (&[[0.001, 0.002], [0.003, 0.0101]], None),
        (&[[7.35, 0.5], [7.45, 0.7]], Some("x₁ is 7.4 in the mean, with a deviation of 0.05")),
        (&[[-30.0, 0.5], [-26.0, 0.7]], Some("x₁ is -28 in the mean, with a deviation of 2")),
        (&[[30.0, 0.5], [20.0, 0.7]], None),
    ] {
        let expected =
            reason.map(|reason| format!("inputs of unsuitable size ({reason}): try --standardize"));
        assert_eq!(advice(&data(rows)), expected, "{rows:?}");
    }
    // A column of ones, and one of zeros.
    let constant = "constant in all rows, and so of no use: x₁";
    for rows in [[[1.0, 0.5], [1.0, 0.7]], [[0.0, 0.5], [0.0, 0.7]], [[20.0, 0.5], [20.0, 0.7]]] {
        assert_eq!(advice(&data(&rows)).as_deref(), Some(constant), "{rows:?}");
    }
    let both = advice(&data(&[[200.0, 0.5], [200.0, 0.7]])).unwrap();
    assert!(
        both.starts_with("inputs of unsuitable size (") && both.ends_with(&format!("\n{constant}")),
        "{both}"
    );
    assert_eq!(advice(&data(&[[7.0, 7.0], [7.0, 7.0]])), None, "all rows are the same");
    let names = Names { inputs: vec!["bill, mm".to_owned(), "mass, g".to_owned()], ..Names::neutral(2, 2) };
    let named = advice(&data(&[[40.0, 4000.0], [50.0, 5000.0]]).named(names)).unwrap();
    assert!(named.contains("mass, g reaches 5000"), "{named}");
}
