//! The gradient check: it calls the gradients of all models CORRECT and every seeded mistake WRONG.
#![forbid(unsafe_code)]

use backprop::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, Tile, XOR};
use backprop::gradient_check::{
    Check, EPSILON, LAMBDA, Numerical, THRESHOLD, compare, numerical_gradient, relative_error,
};
use backprop::matrix::Matrix;
use backprop::mlp1::Mlp1;
use backprop::mlp2::Mlp2;
use backprop::model::{Init, Model, Spread};
use backprop::rng::Rng;
use backprop::softmax_regression::SoftmaxRegression;
use backprop::train::Trainer;

/// The course's checks begin like this: softmax regression, and networks with hidden units.
const INIT_SOFTMAX_REGRESSION: Init = Init { weights: Spread::Fixed(0.01), bias: 1.0 };
const INIT_MLP: Init = Init { weights: Spread::Fixed(0.05), bias: 1.0 };

// The gradients are right

fn assert_correct<M: Model<D, K>, const D: usize, const K: usize>(init: &Init, data: &Dataset<D, K>) {
    let zeros = M::zeros();
    for seed in 0..1000 {
        let verdicts = Check::<M, D, K>::new(init, &mut Rng::new(seed), data).verdicts();
        assert_eq!(verdicts.len(), zeros.parameters().len());
        for (verdict, parameter) in verdicts.iter().zip(zeros.parameters()) {
            let shape = (verdict.name, verdict.rows, verdict.columns);
            assert_eq!(shape, (parameter.name, parameter.rows, parameter.columns));
            assert!(verdict.is_correct(), "seed {seed}: {verdict:?}");
            // Differences round: no error at all would be a gradient compared with itself.
            assert!(verdict.error > 0.0, "seed {seed}: {verdict:?}");
        }
    }
}

#[test]
fn the_gradients_of_softmax_regression_are_correct() {
    let init = &INIT_SOFTMAX_REGRESSION;
    assert_correct::<SoftmaxRegression<2, 2>, _, _>(init, &XOR.load(None).unwrap());
    assert_correct::<SoftmaxRegression<2, 3>, _, _>(init, &SPIRAL_TRAIN.load(None).unwrap());
}

/// Eq. 5 is off by ε²/6 times the third derivative, which holds the cubes of the inputs. Flowers measure up to
/// 7.9, so without hidden units to damp them the check needs a smaller ε than the programs', which never do this.
#[test]
fn the_error_of_the_check_falls_with_the_square_of_epsilon_until_it_says_correct() {
    let data: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    let model = SoftmaxRegression::<4, 3>::initialised(&INIT_SOFTMAX_REGRESSION, &mut Rng::new(1));
    let computed = gradient(&model, &data, LAMBDA);
    let errors = [1e-3, 1e-4, 1e-5].map(|epsilon| {
        let verdicts = compare(&computed, &numerical_gradient(&model, &data, LAMBDA, epsilon));
        verdicts.iter().map(|verdict| verdict.error).collect::<Vec<_>>()
    });
    for parameter in 0..2 {
        let ratio = errors[0][parameter] / errors[1][parameter];
        // What is not ε² here is rounding, a part in a thousand at ε = 1e-4.
        assert!((ratio - 100.0).abs() < 1.0, "{errors:?}");
        assert!(errors[2][parameter] < THRESHOLD, "{errors:?}");
    }
}

#[test]
fn the_gradients_of_one_hidden_layer_are_correct() {
    assert_correct::<Mlp1<2, 6, 2>, _, _>(&INIT_MLP, &XOR.load(None).unwrap());
    assert_correct::<Mlp1<2, 6, 3>, _, _>(&INIT_MLP, &SPIRAL_TRAIN.load(None).unwrap());
    assert_correct::<Mlp1<4, 6, 3>, _, _>(&INIT_MLP, &IRIS_TRAIN.load(None).unwrap());
}

#[test]
fn the_gradients_of_two_hidden_layers_are_correct() {
    assert_correct::<Mlp2<2, 6, 5, 2>, _, _>(&INIT_MLP, &XOR.load(None).unwrap());
    assert_correct::<Mlp2<2, 6, 5, 3>, _, _>(&INIT_MLP, &SPIRAL_TRAIN.load(None).unwrap());
    assert_correct::<Mlp2<4, 6, 5, 3>, _, _>(&INIT_MLP, &IRIS_TRAIN.load(None).unwrap());
}

/// Which hidden units are on for which of the ten samples.
fn units_on<M: Model<2, 3>>(model: &M, data: &Dataset<2, 3>) -> Vec<bool> {
    let mut tile = Tile::<10, 2>::empty();
    let mut tape = M::tape();
    assert!(tile.fill(data, &mut (0..10)));
    model.forward(&tile.x, &mut tape);
    M::hidden_layers(&tape).concat().iter().map(|&h| h > 0.0).collect()
}

/// With biases at 1 every unit is on and the check is blind to the gate of Eq. 10: here it is not.
fn assert_correct_where_units_are_off<M: Model<2, 3>>() {
    let data = ten_points();
    let model = M::initialised(&Init { weights: Spread::Glorot, bias: 0.1 }, &mut Rng::new(24));

    let on = units_on(&model, &data);
    let count = on.iter().filter(|&&on| on).count();
    assert!((on.len() / 5..on.len() * 4 / 5).contains(&count), "{count} of {} are on", on.len());
    // No step of ε moves a unit over its kink.
    for parameter in 0..model.parameters().len() {
        for index in 0..model.parameters()[parameter].values.len() {
            for step in [-EPSILON, EPSILON] {
                let mut moved = model.clone();
                moved.parameters_mut()[parameter].values[index] += step;
                assert_eq!(units_on(&moved, &data), on);
            }
        }
    }

    let numerical = numerical_gradient(&model, &data, LAMBDA, EPSILON);
    assert_eq!(wrong(&gradient(&model, &data, LAMBDA), &numerical), NONE);
}

#[test]
fn the_gradients_are_correct_where_some_units_are_off() {
    assert_correct_where_units_are_off::<Mlp1<2, 6, 3>>();
    assert_correct_where_units_are_off::<Mlp2<2, 6, 5, 3>>();
}

// Seeded mistakes

const NONE: [&str; 0] = [];

/// Ten points of the spiral, of all classes but not of each as many.
fn ten_points() -> Dataset<2, 3> {
    SPIRAL_TRAIN.load(None).unwrap().select(&[10, 40, 60, 80, 90, 130, 170, 190, 260, 290])
}

fn gradient<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
) -> M {
    let mut trainer = Trainer::<M, D, K, 10>::new();
    trainer.gradient(model, data, 0..data.len(), lambda);
    trainer.last_gradient().clone()
}

/// The names of the parameters whose gradient is called WRONG.
fn wrong<M: Model<2, 3>>(computed: &M, numerical: &Numerical<M>) -> Vec<&'static str> {
    let verdicts = compare(computed, numerical);
    verdicts.iter().filter(|verdict| !verdict.is_correct()).map(|verdict| verdict.name).collect()
}

/// The names of all weights, of all biases, and of both.
fn names<M: Model<2, 3>>() -> [Vec<&'static str>; 3] {
    let zeros = M::zeros();
    let of = |choose: fn(bool) -> bool| {
        let chosen = zeros.parameters().into_iter().filter(|parameter| choose(parameter.is_bias));
        chosen.map(|parameter| parameter.name).collect()
    };
    [of(|is_bias| !is_bias), of(|is_bias| is_bias), of(|_| true)]
}

/// A model with its data, its gradient and its numerical gradient, which agree.
struct Checked<M> {
    model: M,
    data: Dataset<2, 3>,
    computed: M,
    numerical: Numerical<M>,
}

fn checked<M: Model<2, 3>>(init: &Init) -> Checked<M> {
    let model = M::initialised(init, &mut Rng::new(1));
    let data = ten_points();
    let computed = gradient(&model, &data, LAMBDA);
    let numerical = numerical_gradient(&model, &data, LAMBDA, EPSILON);
    assert_eq!(wrong(&computed, &numerical), NONE);
    Checked { model, data, computed, numerical }
}

/// Calls a function with each of the three models as the course's check begins.
macro_rules! with_each_model {
    ($function:ident) => {
        $function(&checked::<SoftmaxRegression<2, 3>>(&INIT_SOFTMAX_REGRESSION));
        $function(&checked::<Mlp1<2, 6, 3>>(&INIT_MLP));
        $function(&checked::<Mlp2<2, 6, 5, 3>>(&INIT_MLP));
    };
}

#[test]
fn a_doubled_lambda_is_wrong_in_every_weight() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let doubled = gradient(&checked.model, &checked.data, 2.0 * LAMBDA);
        assert_eq!(wrong(&doubled, &checked.numerical), names::<M>()[0]);
    }
    with_each_model!(check);
}

/// Eq. 1 and 8 print the penalty λΣW² (here as (2λ/2)ΣW²), Eq. 3, 11 and 13 its gradient as λW.
#[test]
fn the_handouts_penalty_and_its_gradient_do_not_belong_together() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let of_printed_cost = numerical_gradient(&checked.model, &checked.data, 2.0 * LAMBDA, EPSILON);
        assert_eq!(wrong(&checked.computed, &of_printed_cost), names::<M>()[0]);
    }
    with_each_model!(check);
}

#[test]
fn a_forgotten_penalty_is_wrong_in_every_weight() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let without = gradient(&checked.model, &checked.data, 0.0);
        assert_eq!(wrong(&without, &checked.numerical), names::<M>()[0]);
    }
    with_each_model!(check);
}

/// Eq. 11 and 12 print a 1/N that Eq. 9 has already applied.
#[test]
fn dividing_by_n_twice_is_wrong_in_the_output_layer() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let mut divided = checked.computed.clone();
        let of_data = gradient(&checked.model, &checked.data, 0.0);
        let outputs = names::<M>()[2].len() - 2;
        for (divided, of_data) in divided.parameters_mut().iter_mut().zip(of_data.parameters()).skip(outputs)
        {
            for (divided, of_data) in divided.values.iter_mut().zip(of_data.values) {
                *divided -= of_data * (1.0 - 1.0 / checked.data.len() as f64);
            }
        }
        assert_eq!(wrong(&divided, &checked.numerical), names::<M>()[2][outputs..]);
    }
    with_each_model!(check);
}

#[test]
fn a_regularised_bias_is_wrong_in_every_bias() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let mut regularised = checked.computed.clone();
        for (gradient, parameter) in regularised.parameters_mut().iter_mut().zip(checked.model.parameters()) {
            for (gradient, theta) in gradient.values.iter_mut().zip(parameter.values) {
                *gradient += if parameter.is_bias { LAMBDA * theta } else { 0.0 };
            }
        }
        assert_eq!(wrong(&regularised, &checked.numerical), names::<M>()[1]);
    }
    with_each_model!(check);
}

#[test]
fn one_flipped_sign_is_wrong_in_its_parameter_alone() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        for (position, name) in names::<M>()[2].iter().enumerate() {
            for entry in 0..checked.computed.parameters()[position].values.len() {
                let mut flipped = checked.computed.clone();
                flipped.parameters_mut()[position].values[entry] *= -1.0;
                assert_eq!(wrong(&flipped, &checked.numerical), [*name], "entry {entry}");
            }
        }
    }
    with_each_model!(check);
}

#[test]
fn one_dropped_sample_is_wrong_in_every_parameter() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let mut trainer = Trainer::<M, 2, 3, 10>::new();
        trainer.gradient(&checked.model, &checked.data, 0..9, LAMBDA);
        assert_eq!(wrong(trainer.last_gradient(), &checked.numerical), names::<M>()[2]);
    }
    with_each_model!(check);
}

#[test]
fn a_gradient_that_is_not_a_number_is_wrong() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let mut spoilt = checked.computed.clone();
        spoilt.parameters_mut()[0].values[1] = f64::NAN;
        assert_eq!(wrong(&spoilt, &checked.numerical), names::<M>()[0][..1]);
        let spoilt = Numerical { centred: spoilt, kinks: Vec::new() };
        assert_eq!(wrong(&checked.computed, &spoilt), names::<M>()[0][..1]);
    }
    with_each_model!(check);
}

// The measure

#[test]
fn the_error_is_the_norm_of_the_difference_over_the_norm_of_the_sum() {
    assert_eq!(relative_error(&[3.0, 0.0], &[0.0, 4.0]), 1.0);
    assert_eq!(relative_error(&[5.0, 0.0, 1.0], &[1.0, 3.0, 1.0]), 5.0 / 7.0);
    assert_eq!(relative_error(&[2.0], &[2.0]), 0.0);
    assert_eq!(relative_error(&[2.0], &[-2.0]), f64::INFINITY);
    assert_eq!(THRESHOLD, 1e-8);
}

#[test]
fn two_zero_gradients_have_no_error_and_one_has() {
    assert_eq!(relative_error(&[0.0; 3], &[0.0, -0.0, 0.0]), 0.0);
    assert_eq!(relative_error(&[0.0; 3], &[0.0, 1e-30, 0.0]), 1.0);
    assert_eq!(relative_error(&[], &[]), 0.0);
}

#[test]
fn a_layer_of_dead_units_is_correct() {
    let data = ten_points();
    let mut model = Mlp1::<2, 6, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
    model.hidden.bias.values_mut().fill(-9.0);
    let computed = gradient(&model, &data, 0.0);
    assert_eq!(computed.hidden.weights, Matrix::zeros());
    let numerical = numerical_gradient(&model, &data, 0.0, EPSILON);
    let errors: Vec<f64> = compare(&computed, &numerical).iter().map(|verdict| verdict.error).collect();
    // W1, b1 and W2 have no gradient; b2 has.
    assert_eq!(errors[..3], [0.0; 3]);
    assert!(0.0 < errors[3] && errors[3] <= THRESHOLD);
}
