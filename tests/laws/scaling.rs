//! Standardised inputs: what they are, that a network for them is one for the inputs as they are, and when they are advised.

use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::order::larger;
use backprop::programs::data::Data;
use backprop::programs::experiments::trained;
use backprop::programs::findings::notes;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, Problem, Settings};
use backprop::training::diagnosis::{Cause, Finding, diagnose};
use backprop::training::scaling::{Scaling, outliers};
use backprop::training::train::Split;
use backprop::{Dataset, Init, Model, Rng, SoftmaxRegression, WeightInit};

use crate::{flowers, spiral, xor};

type Linear<const K: usize> = SoftmaxRegression<2, K>;

fn data(rows: &[[f64; 2]]) -> Dataset<2, 2> {
    Dataset::new(rows.to_vec(), (0..rows.len()).map(|n| n % 2).collect())
}

/// What is said of data of these rows in a file.
fn noted(training: Dataset<2, 2>, rows: Option<Vec<usize>>) -> Vec<String> {
    notes(&Data { training, validation: None, rows })
}

#[test]
fn standardised_columns_have_mean_0_and_deviation_1() {
    let [flowers, _] = flowers();
    let scaled = Scaling::of(&flowers).apply(&flowers);
    let Scaling { mean, deviation } = Scaling::of(&scaled);
    assert!(mean.iter().all(|mean| mean.abs() < 1e-14), "{mean:?}");
    assert!(deviation.iter().all(|deviation| (deviation - 1.0).abs() < 1e-14), "{deviation:?}");
    assert_eq!((scaled.labels(), scaled.names()), (flowers.labels(), flowers.names()));
    // The sum of squares is divided by N.
    assert_eq!(Scaling::of(&data(&[[1.0, 0.0], [3.0, 0.0]])).deviation, [1.0, 1.0]);
    // Far from zero, as large and as close together as a file may have them.
    for [a, b] in [[1e9, 1e9 + 1.0], [-1e30, 1e30], [1e-99, 3e-99], [0.3, 0.3 + 1e-15]] {
        let rows = data(&[[a, 0.0], [b, 1.0]]);
        let scaled = Scaling::of(&rows).apply(&rows);
        assert!(scaled.samples()[0][0] < -0.9 && scaled.samples()[1][0] > 0.9, "{a} {b}: {scaled:?}");
    }
}

/// The mean of three tenths, summed, is not a tenth.
#[test]
fn a_column_is_constant_up_to_rounding() {
    for [a, b, c] in [
        [0.1; 3],
        [0.0; 3],
        [-7e29; 3],
        [1e-300; 3],
        [0.1, 0.1, 0.100_000_000_000_000_02],
        [1.7e9, 1.7e9, 1.7e9 + 3e-7],
    ] {
        let rows = data(&[[a, 1.0], [b, 2.0], [c, 6.0]]);
        let scaling = Scaling::of(&rows);
        assert_eq!(scaling.deviation[0], 1.0, "{a} {b} {c}");
        assert!(scaling.apply(&rows).samples().iter().all(|row| row[0].abs() < 1e-6), "{a} {b} {c}");
        assert_eq!(noted(rows, None), ["constant in all rows, and so of no use: x₁"]);
    }
    assert!(noted(data(&[[1.7e9, 1.0], [1.7e9 + 1e-5, 2.0]]), None).is_empty());
}

#[test]
fn standardised_inputs_keep_the_limits_of_inputs() {
    let small = Scaling::of(&data(&[[1e-99, 1.0], [0.0, 2.0], [0.0, 6.0]]));
    assert_eq!(small.row(&[1e30, 3.0]), [1e30, 0.0]);
    assert_eq!(small.apply(&data(&[[-1e-60, 3.0]])).samples(), [[-1e30, 0.0]]);
}

fn assert_same_in_own_units<M: Model<4, 3>>() {
    let [_, flowers] = flowers();
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
fn outliers_are_few_far_from_the_quartiles_and_most_of_the_sum_of_squares() {
    let mut rng = Rng::new(1);
    let rows: Vec<[f64; 2]> = (0..200).map(|_| [rng.normal(), rng.uniform()]).collect();
    let with = |cells: &[(usize, f64)]| {
        let mut rows = rows.clone();
        for &(row, value) in cells {
            rows[row][1] = value;
        }
        outliers(&data(&rows)).map(|(column, rows, _)| (column, rows))
    };
    let tenth: Vec<(usize, f64)> = (0..20).map(|row| (row, 1e4)).collect();
    assert_eq!([with(&[]), with(&[(16, 3.0)]), with(&tenth)], [None, None, None]);
    assert_eq!(with(&[(16, 1e4), (3, -2e4), (199, 3e4)]), Some((1, vec![3, 16, 199])));
    // Of a column that is the same in half of the rows, others are no outliers.
    let flags: Vec<[f64; 2]> = (0..200).map(|row| [f64::from(u8::from(row == 5)), f64::from(row)]).collect();
    assert_eq!(outliers(&data(&flags)), None);
    // Rows of a file of which others are held out.
    let mut rows = rows;
    rows[16] = [-1e4, 0.5];
    let said = noted(data(&rows), Some((0..200).map(|row| 2 * row).collect()));
    assert!(said[0].starts_with("x₁ is far out in row 33 (-10000): half of all lie from -0."), "{said:?}");
}

/// A run with these settings: whether its scale is said to be the cause of a failure, and whether it failed.
fn run<M: Model<D, K>, const D: usize, const K: usize>(
    data: &Dataset<D, K>,
    settings: &Settings,
    seed: u64,
) -> [bool; 2] {
    let (model, history) = trained::<M, D, K, 20>(Split::training(data), settings, seed, |_, _| ());
    let (hyper, steps) = (settings.hyperparameters(), settings.count_steps(data.len()));
    match diagnose(&model, data, &history, &hyper, steps).as_ref().map(|found| found.last()) {
        Err(cause) => [*cause == Cause::Scale, true],
        Ok(Some(Finding::OnePrediction(_, cause) | Finding::WorseThanGuessing(_, cause))) => {
            [*cause == Cause::Scale, !matches!(cause, Cause::DeadLayer)]
        }
        Ok(finding) => [finding == Some(&Finding::Scale), false],
    }
}

/// Standardised data never get the hint; of data at all scales, a run that fails while the same run on standardised inputs
/// learns gets it. Returns the numbers of runs that fail and of hints.
fn count_hints<M: Model<D, K>, const D: usize, const K: usize>(
    problem: &Problem,
    plain: &Dataset<D, K>,
) -> [usize; 2] {
    let settings = Settings { epochs: problem.tuned.epochs.min(300), ..problem.tuned };
    assert!(!run::<M, D, K>(plain, &settings, 0)[0], "{}", problem.name);
    let mut counts = [0; 2];
    for (seed, scale) in [1e-3, 0.1, 1.0, 10.0, 100.0, 1e4].into_iter().enumerate() {
        for (factor, shift) in [(1.0, 0.0), (3.0, 0.0), (1.0, 1.0), (1.0, 10.0)] {
            let scaled = |x: &[f64; D]| x.map(|x| scale * factor * (x + shift));
            let data = Dataset::new(plain.samples().iter().map(scaled).collect(), plain.labels().to_vec());
            let [has_hint, failed] = run::<M, D, K>(&data, &settings, seed as u64);
            let standard = Scaling::of(&data).apply(&data);
            let [standard_has_hint, standard_failed] = run::<M, D, K>(&standard, &settings, seed as u64);
            assert!(!standard_has_hint);
            let place = format!("{}, {scale}·{factor}·(x + {shift})", problem.name);
            assert!(has_hint || !failed || standard_failed, "no hint: {place}");
            counts = [counts[0] + usize::from(failed), counts[1] + usize::from(has_hint)];
        }
    }
    counts
}

#[test]
fn the_hint_to_standardise_is_given_where_scale_makes_a_run_fail_and_never_of_standardised_inputs() {
    let (xor, spiral, [flowers, _]) = (xor(), spiral(), flowers());
    let counts = [
        count_hints::<Linear<2>, 2, 2>(&PROB1A, &xor),
        count_hints::<Linear<3>, 2, 3>(&PROB1B, &spiral),
        count_hints::<Mlp1<2, 6, 2>, 2, 2>(&PROB1C, &xor),
        count_hints::<Mlp1<2, 16, 3>, 2, 3>(&PROB1D, &spiral),
        count_hints::<Mlp1<4, 16, 3>, 4, 3>(&PROB2A, &flowers),
    ];
    assert!(counts.iter().flatten().all(|&count| count > 5), "failures and hints: {counts:?}");
}
