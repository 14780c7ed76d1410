//! Losses, gradients and the bound of the gradient check against 60-digit values, of which no gradient is derived by hand.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::proof::exact_difference::{Difference, STEP, exact_difference};
use backprop::training::dataset::Dataset;
use backprop::training::train::Trainer;

use crate::{flowers, spiral, xor};

/// The words behind `case`, and the lines up to the next case: a name and numbers.
type Case = (Vec<&'static str>, Vec<(&'static str, Vec<f64>)>);

/// The cases of a table that says, in the lines that begin with `#`, how it was made.
fn cases(table: &'static str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, rest) = line.split_once(' ').unwrap();
        if name == "case" {
            cases.push((rest.split(' ').collect(), Vec::new()));
        } else {
            let numbers = rest.split(' ').map(|word| word.parse().unwrap());
            cases.last_mut().unwrap().1.push((name, numbers.collect()));
        }
    }
    cases
}

/// Each component may differ by a rounding of the largest one, the loss by one of itself.
fn assert_gradient<M: Model<D, K>, const D: usize, const K: usize>(case: &Case, data: &Dataset<D, K>) {
    const TOLERANCE: f64 = 1e-15;
    let (words, lines) = case;
    let [(_, samples), (_, loss), expected @ ..] = &lines[..] else { panic!("{words:?}") };
    let mut model = M::zeros();
    let mut j = 0;
    for parameter in model.parameters_mut() {
        for value in parameter.values {
            *value = if parameter.is_bias {
                (2.0 * f64::from(3 * j % 5) - 3.0) / 32.0
            } else {
                (f64::from(27 * j % 37) - 18.0) / 16.0
            };
            j += 1;
        }
    }
    let samples: Vec<usize> = samples.iter().filter_map(|n| (0..300).find(|&i| i as f64 == *n)).collect();
    let (data, lambda) = (data.select(&samples), words[2].parse().unwrap());
    let mut trainer = Trainer::<M, D, K, 10>::new();
    let computed = trainer.gradient(&model, &data, 0..data.len(), lambda).loss();
    assert_eq!(trainer.evaluate(&model, &data, lambda).loss(), computed);
    assert!((computed / loss[0] - 1.0).abs() <= TOLERANCE, "{words:?}: the loss is {computed:e}");
    let scale = expected.iter().flat_map(|(_, values)| values).fold(0.0, |scale, g| larger(scale, g.abs()));
    let computed = trainer.last_gradient().parameters();
    assert_eq!(computed.len(), expected.len());
    for (computed, (name, expected)) in computed.iter().zip(expected) {
        assert_eq!((computed.name, computed.values.len()), (*name, expected.len()), "{words:?}");
        for (computed, expected) in computed.values.iter().zip(expected) {
            let error = (computed - expected).abs() / scale;
            assert!(error <= TOLERANCE, "{words:?}: {name} has {computed:e}, not {expected:e}");
        }
    }
}

#[test]
fn every_component_of_every_gradient_is_that_of_high_precision() {
    let (xor, spiral, [iris, _]) = (xor(), spiral(), flowers());
    let cases = cases(include_str!("high_precision.txt"));
    for case in &cases {
        match case.0[..2] {
            ["SoftmaxRegression", "xor"] => assert_gradient::<SoftmaxRegression<2, 2>, 2, 2>(case, &xor),
            ["SoftmaxRegression", "spiral_train"] => {
                assert_gradient::<SoftmaxRegression<2, 3>, 2, 3>(case, &spiral);
            }
            ["SoftmaxRegression", "iris_train"] => {
                assert_gradient::<SoftmaxRegression<4, 3>, 4, 3>(case, &iris);
            }
            ["Mlp1", "xor"] => assert_gradient::<Mlp1<2, 9, 2>, 2, 2>(case, &xor),
            ["Mlp1", "spiral_train"] => assert_gradient::<Mlp1<2, 9, 3>, 2, 3>(case, &spiral),
            ["Mlp1", "iris_train"] => assert_gradient::<Mlp1<4, 9, 3>, 4, 3>(case, &iris),
            ["Mlp2", "xor"] => assert_gradient::<Mlp2<2, 9, 17, 2>, 2, 2>(case, &xor),
            ["Mlp2", "spiral_train"] => assert_gradient::<Mlp2<2, 9, 17, 3>, 2, 3>(case, &spiral),
            ["Mlp2", "iris_train"] => assert_gradient::<Mlp2<4, 9, 17, 3>, 4, 3>(case, &iris),
            _ => panic!("{:?}", case.0),
        }
    }
    assert_eq!(cases.len(), 18);
}

/// A right gradient and its difference err by no more than their worst case; and the bound is at least four times either, at
/// most 12.5 times the sum of both. `rounding.txt` has the worst cases in units of u, in five digits.
fn assert_bound<M: Model<2, K>, const K: usize>((words, lines): &Case) {
    const U: f64 = f64::EPSILON / 2.0;
    let (samples, parameters): (Vec<_>, Vec<_>) = lines.iter().partition(|(name, _)| *name == "sample");
    let inputs = samples.iter().map(|(_, sample)| [sample[0], sample[1]]).collect();
    let labels = samples.iter().filter_map(|(_, sample)| (0..K).find(|&y| y as f64 == sample[2])).collect();
    let data = Dataset::new(inputs, labels);
    let mut model = M::zeros();
    for (parameter, lines) in model.parameters_mut().into_iter().zip(parameters.chunks_exact(4)) {
        parameter.values.copy_from_slice(&lines[0].1);
    }
    let lambda = words[words.len() - 1].parse().unwrap();
    let mut trainer = Trainer::<M, 2, K, 10>::new();
    trainer.gradient(&model, &data, 0..data.len(), lambda);
    let Difference { held, bound, .. } = exact_difference(&model, &data, lambda, STEP);
    let found = [trainer.last_gradient(), &held, &bound].map(M::parameters);
    for (n, lines) in parameters.chunks_exact(4).enumerate() {
        for entry in 0..lines[0].1.len() {
            let [computed, held, bound] = found.each_ref().map(|parameters| parameters[n].values[entry]);
            let [exact, of_difference, of_gradient] = [1, 2, 3].map(|line: usize| lines[line].1[entry]);
            for (value, worst) in [(held, of_difference), (computed, of_gradient)] {
                let error = (value - exact).abs() / U;
                assert!(error <= worst + exact.abs(), "{words:?} {n} {entry}: {value:e} errs by {error}");
                assert!(bound / U >= 3.999 * worst, "{words:?} {n} {entry}: {bound:e} for {worst}");
            }
            let largest = 12.5 * U * (of_difference + of_gradient);
            assert!(bound <= largest, "{words:?} {n} {entry}: {bound:e}, not {largest:e}");
        }
    }
}

#[test]
fn the_bound_of_the_gradient_check_is_above_the_worst_case_and_near_it() {
    for case in cases(include_str!("rounding.txt")) {
        match case.0[..case.0.len() - 1] {
            ["2", "2"] => assert_bound::<SoftmaxRegression<2, 2>, 2>(&case),
            ["2", "12"] => assert_bound::<SoftmaxRegression<2, 12>, 12>(&case),
            ["2", "3"] => assert_bound::<SoftmaxRegression<2, 3>, 3>(&case),
            ["2", "1", "2"] => assert_bound::<Mlp1<2, 1, 2>, 2>(&case),
            ["2", "2", "1", "2"] => assert_bound::<Mlp2<2, 2, 1, 2>, 2>(&case),
            _ => panic!("{:?}", case.0),
        }
    }
}
