//! Losses and gradients are those of a judge who shares no line with the library: a table of values in 60 digits, of which
//! nothing is derived by hand.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::Trainer;

// The comparison

/// The loss and all components of a gradient, parameter by parameter.
#[derive(Debug)]
struct Differentiated {
    loss: f64,
    gradient: Vec<f64>,
}

fn by_the_library<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
) -> Differentiated {
    let mut trainer = Trainer::<M, D, K, 10>::new();
    let loss = trainer.gradient(model, data, 0..data.len(), lambda).loss();
    assert_eq!(trainer.evaluate(model, data, lambda).loss(), loss);
    let gradient = trainer.last_gradient().parameters();
    Differentiated {
        loss,
        gradient: gradient.iter().flat_map(|parameter| parameter.values).copied().collect(),
    }
}

/// Each component may differ by a rounding of the largest one, the loss by one of itself.
fn assert_agree(case: &str, computed: &Differentiated, expected: &Differentiated) {
    const TOLERANCE: f64 = 1e-15;
    assert_eq!(computed.gradient.len(), expected.gradient.len(), "{case}");
    let scale = expected.gradient.iter().fold(0.0, |scale: f64, component| larger(scale, component.abs()));
    assert!(scale > 0.0, "{case}: no gradient to compare with");
    for (j, (computed, expected)) in computed.gradient.iter().zip(&expected.gradient).enumerate() {
        let error = (computed - expected).abs() / scale;
        assert!(error <= TOLERANCE, "{case}: θ_{j}: {computed:e}, not {expected:e}; off by {error:.1e}");
    }
    let error = (computed.loss / expected.loss - 1.0).abs();
    assert!(error <= TOLERANCE, "{case}: the loss is {:e}, not {:e}", computed.loss, expected.loss);
}

// The table

/// The file says how it was made.
const TABLE: &str = include_str!("high_precision.txt");

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
    let computed = by_the_library::<M, D, K>(&model, &data, case.lambda);
    let name = format!("{} on {} with λ = {}", case.model, case.data, case.lambda);
    assert_agree(&name, &computed, &case.expected);
}

#[test]
fn every_component_of_every_gradient_is_that_of_high_precision() {
    let xor = XOR.load(None).unwrap();
    let spiral = SPIRAL_TRAIN.load(None).unwrap();
    let iris = IRIS_TRAIN.load(None).unwrap();
    let cases = cases();
    for case in &cases {
        match (case.model, case.data) {
            ("SoftmaxRegression", "xor") => assert_case::<SoftmaxRegression<2, 2>, 2, 2>(case, &xor),
            ("SoftmaxRegression", "spiral_train") => {
                assert_case::<SoftmaxRegression<2, 3>, 2, 3>(case, &spiral);
            }
            ("SoftmaxRegression", "iris_train") => assert_case::<SoftmaxRegression<4, 3>, 4, 3>(case, &iris),
            ("Mlp1", "xor") => assert_case::<Mlp1<2, 9, 2>, 2, 2>(case, &xor),
            ("Mlp1", "spiral_train") => assert_case::<Mlp1<2, 9, 3>, 2, 3>(case, &spiral),
            ("Mlp1", "iris_train") => assert_case::<Mlp1<4, 9, 3>, 4, 3>(case, &iris),
            ("Mlp2", "xor") => assert_case::<Mlp2<2, 9, 17, 2>, 2, 2>(case, &xor),
            ("Mlp2", "spiral_train") => assert_case::<Mlp2<2, 9, 17, 3>, 2, 3>(case, &spiral),
            ("Mlp2", "iris_train") => assert_case::<Mlp2<4, 9, 17, 3>, 4, 3>(case, &iris),
            (model, data) => panic!("an unknown case: {model} on {data}"),
        }
    }
    let with_penalty = cases.iter().filter(|case| case.lambda > 0.0).count();
    assert_eq!((cases.len(), with_penalty), (18, 9));
}
