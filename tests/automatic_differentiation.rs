//! The gradients are those of two judges who share no line with the library: dual numbers, which differentiate a plain
//! re-implementation of the cost, and a table of values in high precision.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "a judge of exp and ln does not use the library's")]

use std::ops::{Add, AddAssign, Div, Mul, Sub};

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::{Batches, Hyperparameters, Split, Trainer, no_watch};

// Dual numbers

/// A number and its derivative with respect to one parameter.
#[derive(Debug, Clone, Copy)]
struct Dual {
    value: f64,
    derivative: f64,
}

impl Dual {
    const ZERO: Dual = Dual::constant(0.0);

    const fn constant(value: f64) -> Self {
        Dual { value, derivative: 0.0 }
    }

    fn exp(self) -> Self {
        let value = self.value.exp();
        Dual { value, derivative: value * self.derivative }
    }

    fn ln(self) -> Self {
        Dual { value: self.value.ln(), derivative: self.derivative / self.value }
    }

    fn relu(self) -> Self {
        if self.value > 0.0 { self } else { Dual::ZERO }
    }
}

impl Add for Dual {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Dual { value: self.value + other.value, derivative: self.derivative + other.derivative }
    }
}

impl AddAssign for Dual {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Dual {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Dual { value: self.value - other.value, derivative: self.derivative - other.derivative }
    }
}

impl Mul for Dual {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Dual {
            value: self.value * other.value,
            derivative: self.value * other.derivative + self.derivative * other.value,
        }
    }
}

impl Div for Dual {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Dual { value, derivative: (self.derivative - value * other.derivative) / other.value }
    }
}

#[test]
fn dual_numbers_know_the_rules_of_calculus() {
    let x = Dual { value: 0.5, derivative: 1.0 };
    let two = Dual::constant(2.0);
    let half_e = std::f64::consts::E.sqrt();
    let expected = [
        (x + two, 2.5, 1.0),
        (two - x, 1.5, -1.0),
        (x * x * x, 0.125, 0.75),
        (two / x, 4.0, -8.0),
        (x / (two - x), 1.0 / 3.0, 2.0 / 2.25),
        ((x * two).exp(), std::f64::consts::E, 2.0 * std::f64::consts::E),
        (x.exp(), half_e, half_e),
        ((x * two).ln(), 0.0, 2.0),
        (x.relu(), 0.5, 1.0),
        ((Dual::ZERO - x).relu(), 0.0, 0.0),
        ((x - Dual::constant(0.5)).relu(), 0.0, 0.0),
    ];
    for (number, (dual, value, derivative)) in expected.into_iter().enumerate() {
        assert!((dual.value - value).abs() < 1e-15, "{number}: {dual:?}");
        assert!((dual.derivative - derivative).abs() < 1e-15, "{number}: {dual:?}");
    }
}

// The cost, again

#[derive(Debug, Clone)]
struct Layer {
    /// `weights[i][o]` leads from input i to output o.
    weights: Vec<Vec<Dual>>,
    bias: Vec<Dual>,
}

/// J = −(1/N) Σₙ log p_y + (λ/2) ΣW².
fn cost<const D: usize>(layers: &[Layer], samples: &[[f64; D]], labels: &[usize], lambda: f64) -> Dual {
    let mut loss = Dual::ZERO;
    for (sample, &label) in samples.iter().zip(labels) {
        loss += cross_entropy(&scores(layers, sample), label);
    }
    let mut squares = Dual::ZERO;
    for layer in layers {
        for &weight in layer.weights.iter().flatten() {
            squares += weight * weight;
        }
    }
    loss / Dual::constant(samples.len() as f64) + Dual::constant(lambda / 2.0) * squares
}

fn scores(layers: &[Layer], sample: &[f64]) -> Vec<Dual> {
    let mut values: Vec<Dual> = sample.iter().map(|&x| Dual::constant(x)).collect();
    for (position, layer) in layers.iter().enumerate() {
        if position > 0 {
            values = values.into_iter().map(Dual::relu).collect();
        }
        let mut outputs = layer.bias.clone();
        for (&value, weights) in values.iter().zip(&layer.weights) {
            for (output, &weight) in outputs.iter_mut().zip(weights) {
                *output += value * weight;
            }
        }
        values = outputs;
    }
    values
}

fn cross_entropy(scores: &[Dual], label: usize) -> Dual {
    let largest = scores.iter().fold(scores[0], |best, &f| if f.value > best.value { f } else { best });
    let mut sum = Dual::ZERO;
    for &score in scores {
        sum += (score - largest).exp();
    }
    sum.ln() + largest - scores[label]
}

/// The model's parameters; the derivative is with respect to one of them, counted over all.
fn layers_of<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    variable: Option<usize>,
) -> Vec<Layer> {
    let mut count = 0;
    let mut next = |&value: &f64| {
        let derivative = if Some(count) == variable { 1.0 } else { 0.0 };
        count += 1;
        Dual { value, derivative }
    };
    let mut layers = Vec::new();
    for pair in model.parameters().chunks(2) {
        let [weights, bias] = pair else { panic!("weights without a bias") };
        assert!(!weights.is_bias && bias.is_bias && bias.rows == 1);
        assert_eq!((weights.columns, weights.values.len()), (bias.columns, weights.rows * weights.columns));
        layers.push(Layer {
            weights: weights
                .values
                .chunks(weights.columns)
                .map(|row| row.iter().map(&mut next).collect())
                .collect(),
            bias: bias.values.iter().map(&mut next).collect(),
        });
    }
    layers
}

// The comparison

/// The loss and all components of a gradient, parameter by parameter.
#[derive(Debug)]
struct Differentiated {
    loss: f64,
    gradient: Vec<f64>,
}

fn by_dual_numbers<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
) -> Differentiated {
    let cost = |variable| cost(&layers_of(model, variable), data.samples(), data.labels(), lambda);
    let count = names(model).len();
    Differentiated {
        loss: cost(None).value,
        gradient: (0..count).map(|variable| cost(Some(variable)).derivative).collect(),
    }
}

fn by_the_library<M: Model<D, K>, const D: usize, const K: usize, const TILE: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
) -> Differentiated {
    let mut trainer = Trainer::<M, D, K, TILE>::new();
    let loss = trainer.gradient(model, data, 0..data.len(), lambda).loss();
    assert_eq!(trainer.evaluate(model, data, lambda).loss(), loss);
    let gradient = trainer.last_gradient().parameters();
    Differentiated {
        loss,
        gradient: gradient.iter().flat_map(|parameter| parameter.values).copied().collect(),
    }
}

/// What each component of the model's gradient is called.
fn names<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> Vec<String> {
    let name = |name, columns, entry| format!("{name}[{}][{}]", entry / columns, entry % columns);
    let parameters = model.parameters();
    let names = parameters.iter().map(|parameter| {
        (0..parameter.values.len()).map(|entry| name(parameter.name, parameter.columns, entry))
    });
    names.flatten().collect()
}

/// Each component may differ by `tolerance` times the largest one, the loss by as much of itself.
fn assert_agree(
    case: &str,
    names: &[String],
    computed: &Differentiated,
    expected: &Differentiated,
    tolerance: f64,
) {
    assert_eq!(computed.gradient.len(), names.len(), "{case}");
    assert_eq!(expected.gradient.len(), names.len(), "{case}");
    let scale = expected.gradient.iter().fold(0.0, |scale: f64, component| larger(scale, component.abs()));
    assert!(scale > 0.0, "{case}: no gradient to compare with");
    let mut worst = (0.0, 0);
    for entry in 0..names.len() {
        let error = (computed.gradient[entry] - expected.gradient[entry]).abs() / scale;
        assert!(!error.is_nan(), "{case}: {} is not a number", names[entry]);
        if error > worst.0 {
            worst = (error, entry);
        }
    }
    let (error, entry) = worst;
    assert!(
        error <= tolerance,
        "{case}: the worst component is {}: {:e}, expected {:e}; off by {error:.1e} of the largest, {scale:.1e}",
        names[entry],
        computed.gradient[entry],
        expected.gradient[entry],
    );
    let error = (computed.loss / expected.loss - 1.0).abs();
    assert!(
        error <= tolerance,
        "{case}: the loss is {:e}, expected {:e}; off by {error:.1e} of it",
        computed.loss,
        expected.loss,
    );
}

// The library against dual numbers

/// Biases of 0 put the rectifiers exactly on their kink for a sample at the origin. (On the spiral nobody can see it:
/// there is one of each class, and their shares add up to 0.)
const INIT: Init = Init { weights: WeightInit::Glorot, bias: 0.0 };

/// One that leaves few units dead, whose gradients would all be 0.
const SEED: u64 = 52;

fn assert_gradients_are_those_of_dual_numbers<
    M: Model<D, K>,
    const D: usize,
    const K: usize,
    const TILE: usize,
>(
    data: &Dataset<D, K>,
    step_size: f64,
) {
    const TOLERANCE: f64 = 1e-13;
    for lambda in [0.0, 1e-3] {
        let mut model = M::initialised(&INIT, &mut Rng::new(SEED));
        for stage in ["initialised", "trained"] {
            if stage == "trained" {
                let descent = Hyperparameters { epochs: 200, step_size, lambda };
                let mut trainer = Trainer::<M, D, K, TILE>::new();
                let Ok(_) =
                    trainer.train(&mut model, Split::training(data), Batches::Full, &descent, no_watch);
            }
            let case =
                format!("{} of {} samples, λ = {lambda}, {stage}", std::any::type_name::<M>(), data.len());
            let computed = by_the_library::<M, D, K, TILE>(&model, data, lambda);
            let expected = by_dual_numbers(&model, data, lambda);
            assert_agree(&case, &names(&model), &computed, &expected, TOLERANCE);
        }
    }
}

#[test]
fn every_component_of_every_gradient_on_xor_is_that_of_dual_numbers() {
    let data = XOR.load(None).unwrap();
    assert_gradients_are_those_of_dual_numbers::<SoftmaxRegression<2, 2>, 2, 2, 4>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<2, 6, 2>, 2, 2, 4>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<2, 9, 2>, 2, 2, 3>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp2<2, 6, 5, 2>, 2, 2, 4>(&data, 0.1);
}

#[test]
fn every_component_of_every_gradient_on_the_spiral_is_that_of_dual_numbers() {
    let data = SPIRAL_TRAIN.load(None).unwrap();
    assert_gradients_are_those_of_dual_numbers::<SoftmaxRegression<2, 3>, 2, 3, 20>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<2, 6, 3>, 2, 3, 20>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<2, 9, 3>, 2, 3, 7>(&data, 0.1);
    assert_gradients_are_those_of_dual_numbers::<Mlp2<2, 6, 5, 3>, 2, 3, 20>(&data, 0.1);
}

#[test]
fn every_component_of_every_gradient_on_iris_is_that_of_dual_numbers() {
    let data = IRIS_TRAIN.load(None).unwrap();
    assert_gradients_are_those_of_dual_numbers::<SoftmaxRegression<4, 3>, 4, 3, 20>(&data, 0.01);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<4, 6, 3>, 4, 3, 20>(&data, 0.01);
    assert_gradients_are_those_of_dual_numbers::<Mlp1<4, 9, 3>, 4, 3, 7>(&data, 0.01);
    assert_gradients_are_those_of_dual_numbers::<Mlp2<4, 6, 5, 3>, 4, 3, 20>(&data, 0.01);
}

// Both against values in high precision

/// The file says how it was made.
const TABLE: &str = include_str!("automatic_differentiation.txt");

struct Case<'a> {
    model: &'a str,
    data: &'a str,
    lambda: f64,
    samples: Vec<usize>,
    /// The names of the parameters, and how many components each has.
    parameters: Vec<(&'a str, usize)>,
    expected: Differentiated,
}

fn cases() -> Vec<Case<'static>> {
    fn all<T: std::str::FromStr>(words: &[&str]) -> Vec<T> {
        words.iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{word}"))).collect()
    }

    let mut cases: Vec<Case> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        if let ["case", model, data, lambda] = words[..] {
            cases.push(Case {
                model,
                data,
                lambda: lambda.parse().unwrap(),
                samples: Vec::new(),
                parameters: Vec::new(),
                expected: Differentiated { loss: f64::NAN, gradient: Vec::new() },
            });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with its name");
        match words[..] {
            ["samples", ref positions @ ..] => case.samples = all(positions),
            ["loss", loss] => case.expected.loss = loss.parse().unwrap(),
            [name, ref components @ ..] => {
                case.parameters.push((name, components.len()));
                case.expected.gradient.extend(all::<f64>(components));
            }
            [] => unreachable!("split gives at least one word"),
        }
    }
    cases
}

fn assert_case<M: Model<D, K>, const D: usize, const K: usize>(case: &Case, data: &Dataset<D, K>) {
    const TILE: usize = 4;
    const TOLERANCE: f64 = 1e-15;
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
    let parameters = model.parameters();
    let shapes: Vec<_> =
        parameters.iter().map(|parameter| (parameter.name, parameter.values.len())).collect();
    assert_eq!(shapes, case.parameters);

    let data = data.select(&case.samples);
    let name = format!("{} on {} with λ = {}", case.model, case.data, case.lambda);
    let names = names(&model);
    let library = by_the_library::<M, D, K, TILE>(&model, &data, case.lambda);
    assert_agree(&format!("the library, {name}"), &names, &library, &case.expected, TOLERANCE);
    let duals = by_dual_numbers(&model, &data, case.lambda);
    assert_agree(&format!("dual numbers, {name}"), &names, &duals, &case.expected, TOLERANCE);
}

#[test]
fn every_component_of_every_gradient_is_that_of_high_precision() {
    let xor = XOR.load(None).unwrap();
    let spiral = SPIRAL_TRAIN.load(None).unwrap();
    let iris = IRIS_TRAIN.load(None).unwrap();
    let cases = cases();
    for case in &cases {
        match (case.model, case.data) {
            ("SoftmaxRegression", "xor") => assert_case::<SoftmaxRegression<2, 2>, _, _>(case, &xor),
            ("SoftmaxRegression", "spiral_train") => {
                assert_case::<SoftmaxRegression<2, 3>, _, _>(case, &spiral);
            }
            ("SoftmaxRegression", "iris_train") => assert_case::<SoftmaxRegression<4, 3>, _, _>(case, &iris),
            ("Mlp1", "xor") => assert_case::<Mlp1<2, 9, 2>, _, _>(case, &xor),
            ("Mlp1", "spiral_train") => assert_case::<Mlp1<2, 9, 3>, _, _>(case, &spiral),
            ("Mlp1", "iris_train") => assert_case::<Mlp1<4, 9, 3>, _, _>(case, &iris),
            ("Mlp2", "xor") => assert_case::<Mlp2<2, 9, 17, 2>, _, _>(case, &xor),
            ("Mlp2", "spiral_train") => assert_case::<Mlp2<2, 9, 17, 3>, _, _>(case, &spiral),
            ("Mlp2", "iris_train") => assert_case::<Mlp2<4, 9, 17, 3>, _, _>(case, &iris),
            (model, data) => panic!("an unknown case: {model} on {data}"),
        }
    }
    let with_penalty = cases.iter().filter(|case| case.lambda > 0.0).count();
    assert_eq!((cases.len(), with_penalty), (18, 9));
}
