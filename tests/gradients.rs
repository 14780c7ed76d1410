//! The gradient check: it calls the gradients of all models CORRECT and every seeded mistake WRONG.
#![forbid(unsafe_code)]

use std::array::from_fn;

use backprop::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, Tile, XOR};
use backprop::elementary::exp;
use backprop::gradient_check::{
    Check, EPSILON, HALF_ON, Kink, LAMBDA, Numerical, THRESHOLD, Verdict, all_on, compare,
    numerical_gradient, relative_error,
};
use backprop::linear::Linear;
use backprop::matrix::Matrix;
use backprop::mlp1::Mlp1;
use backprop::mlp2::Mlp2;
use backprop::model::{Init, Model, Spread};
use backprop::order::larger;
use backprop::rng::Rng;
use backprop::softmax_regression::SoftmaxRegression;
use backprop::train::{Descent, Trainer};

/// The course's checks begin like this: softmax regression, and networks with hidden units.
const INIT_SOFTMAX_REGRESSION: Init = all_on(0.01);
const INIT_MLP: Init = all_on(0.05);

// The gradients are right

/// The largest error of 1000 seeds, at the programs' two starts.
fn assert_correct<M: Model<D, K>, const D: usize, const K: usize>(deviation: f64, data: &Dataset<D, K>) {
    let zeros = M::zeros();
    let mut largest: f64 = 0.0;
    for (init, seed) in
        [all_on(deviation), HALF_ON].iter().flat_map(|init| (0..1000).map(move |seed| (init, seed)))
    {
        let verdicts = Check::<M, D, K>::new(init, &mut Rng::new(seed), data).verdicts();
        assert_eq!(verdicts.len(), zeros.parameters().len());
        for (verdict, parameter) in verdicts.iter().zip(zeros.parameters()) {
            let shape = (verdict.name, verdict.rows, verdict.columns);
            assert_eq!(shape, (parameter.name, parameter.rows, parameter.columns));
            assert!(verdict.is_correct(), "seed {seed}: {verdict:?}");
            // Differences round: no error at all would be a gradient compared with itself.
            assert!(verdict.error > 0.0, "seed {seed}: {verdict:?}");
            largest = larger(largest, verdict.error);
        }
    }
    // What the doc of EPSILON says.
    assert!(largest < 6e-9, "{largest:e}");
}

#[test]
fn the_gradients_of_softmax_regression_are_correct() {
    assert_correct::<SoftmaxRegression<2, 2>, _, _>(0.01, &XOR.load(None).unwrap());
    assert_correct::<SoftmaxRegression<2, 3>, _, _>(0.01, &SPIRAL_TRAIN.load(None).unwrap());
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
    assert_correct::<Mlp1<2, 9, 2>, _, _>(0.05, &XOR.load(None).unwrap());
    assert_correct::<Mlp1<2, 9, 3>, _, _>(0.05, &SPIRAL_TRAIN.load(None).unwrap());
    assert_correct::<Mlp1<4, 9, 3>, _, _>(0.05, &IRIS_TRAIN.load(None).unwrap());
}

#[test]
fn at_the_handouts_epsilon_a_correct_gradient_may_be_called_wrong() {
    let data: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    let error = |seed| Check::<Mlp1<4, 9, 3>, 4, 3>::new(&HALF_ON, &mut Rng::new(seed), &data).error(1e-4);
    assert!((0..1000).any(|seed| error(seed) > THRESHOLD));
}

#[test]
fn the_gradients_of_two_hidden_layers_are_correct() {
    assert_correct::<Mlp2<2, 9, 17, 2>, _, _>(0.05, &XOR.load(None).unwrap());
    assert_correct::<Mlp2<2, 9, 17, 3>, _, _>(0.05, &SPIRAL_TRAIN.load(None).unwrap());
    assert_correct::<Mlp2<4, 9, 17, 3>, _, _>(0.05, &IRIS_TRAIN.load(None).unwrap());
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
    let model = M::initialised(&HALF_ON, &mut Rng::new(24));

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
    assert_correct_where_units_are_off::<Mlp1<2, 9, 3>>();
    assert_correct_where_units_are_off::<Mlp2<2, 9, 17, 3>>();
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
        $function(&checked::<Mlp1<2, 9, 3>>(&INIT_MLP));
        $function(&checked::<Mlp2<2, 9, 17, 3>>(&INIT_MLP));
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

/// Eq. 9 without its 1/N.
#[test]
fn not_dividing_by_n_is_wrong_in_every_parameter() {
    fn check<M: Model<2, 3>>(checked: &Checked<M>) {
        let mut summed = checked.computed.clone();
        let of_data = gradient(&checked.model, &checked.data, 0.0);
        for (summed, of_data) in summed.parameters_mut().iter_mut().zip(of_data.parameters()) {
            for (summed, of_data) in summed.values.iter_mut().zip(of_data.values) {
                *summed += of_data * (checked.data.len() as f64 - 1.0);
            }
        }
        assert_eq!(wrong(&summed, &checked.numerical), names::<M>()[2]);
    }
    with_each_model!(check);
}

/// The gradient of the hidden layer of a network whose units are partly off, if ∂J/∂h_pre is made from ∂J/∂h by this.
fn hidden_gradient(
    model: &Mlp1<2, 9, 3>,
    data: &Dataset<2, 3>,
    d_h_pre: impl Fn(&[f64; 3], &Matrix<9, 3>, usize, f64) -> f64,
) -> Linear<2, 9> {
    let mut gradient = Linear::zeros();
    gradient.set_to_penalty_gradient(&model.hidden, LAMBDA);
    for (x, &y) in data.samples().iter().zip(data.labels()) {
        let h_pre: [f64; 9] = from_fn(|h| {
            model.hidden.bias[0][h] + (0..2).map(|i| x[i] * model.hidden.weights[i][h]).sum::<f64>()
        });
        let mut d_f = model.probabilities::<1>(&Matrix::from_rows([*x]))[0];
        d_f[y] -= 1.0;
        for h in 0..9 {
            let d = d_h_pre(&d_f, &model.output.weights, h, h_pre[h]) / data.len() as f64;
            gradient.bias[0][h] += d;
            for i in 0..2 {
                gradient.weights[i][h] += x[i] * d;
            }
        }
    }
    gradient
}

#[test]
fn a_misplaced_gate_and_a_transposed_weight_matrix_are_wrong_in_the_hidden_layer() {
    let data = ten_points();
    let init = HALF_ON;
    let model = Mlp1::<2, 9, 3>::initialised(&init, &mut Rng::new(24));
    let computed = gradient(&model, &data, LAMBDA);
    let numerical = numerical_gradient(&model, &data, LAMBDA, EPSILON);
    let with_hidden = |hidden| Mlp1 { hidden, output: computed.output.clone() };
    let verdict = |hidden| wrong(&with_hidden(hidden), &numerical);

    let d_h = |d_f: &[f64; 3], w: &Matrix<9, 3>, h: usize| (0..3).map(|k| d_f[k] * w[h][k]).sum::<f64>();
    let gated = |on: bool, d_h: f64| if on { d_h } else { 0.0 };
    let right = hidden_gradient(&model, &data, |d_f, w, h, h_pre| gated(h_pre > 0.0, d_h(d_f, w, h)));
    assert_eq!(verdict(right), NONE);
    let gate_of_d_h =
        hidden_gradient(&model, &data, |d_f, w, h, _| gated(d_h(d_f, w, h) > 0.0, d_h(d_f, w, h)));
    assert_eq!(verdict(gate_of_d_h), ["W1", "b1"]);
    let no_gate = hidden_gradient(&model, &data, |d_f, w, h, _| d_h(d_f, w, h));
    assert_eq!(verdict(no_gate), ["W1", "b1"]);
    // W₂ read as if it were stored column by column.
    let transposed = hidden_gradient(&model, &data, |d_f, w, h, h_pre| {
        gated(h_pre > 0.0, (0..3).map(|k| d_f[k] * w.values()[k * 9 + h]).sum())
    });
    assert_eq!(verdict(transposed), ["W1", "b1"]);
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

// Differences

/// With and without λ, before and after training. Richardson: the errors of Eq. 5 at ε and 2ε are as 1 to 4, up to the
/// order of ε⁴.
fn assert_differences_and_richardson_agree<M: Model<D, K>, const D: usize, const K: usize>(
    init: &Init,
    data: &Dataset<D, K>,
) {
    let data = data.select(&(0..data.len()).step_by(1 + data.len() / 10).collect::<Vec<_>>());
    let mut model = M::initialised(init, &mut Rng::new(3));
    let mut trainer = Trainer::<M, D, K, 10>::new();
    for trained in [false, true] {
        for lambda in [0.0, LAMBDA] {
            let [once, twice] =
                [EPSILON, 2.0 * EPSILON].map(|epsilon| numerical_gradient(&model, &data, lambda, epsilon));
            trainer.gradient(&model, &data, 0..data.len(), lambda);
            let computed = trainer.last_gradient();
            // Where training has made the gradient tiny, the error of Eq. 5 is so only with an ε that is smaller too.
            let verdicts = compare(computed, &numerical_gradient(&model, &data, lambda, EPSILON / 32.0));
            assert!(verdicts.iter().all(Verdict::is_correct), "trained {trained} λ {lambda}: {verdicts:?}");
            let (mut extrapolated, twice) = (once.centred, twice.centred);
            for (value, twice) in extrapolated.parameters_mut().into_iter().zip(twice.parameters()) {
                for (value, twice) in value.values.iter_mut().zip(twice.values) {
                    *value += (*value - twice) / 3.0;
                }
            }
            for (computed, extrapolated) in computed.parameters().iter().zip(extrapolated.parameters()) {
                for (computed, extrapolated) in computed.values.iter().zip(extrapolated.values) {
                    let error = (computed - extrapolated).abs();
                    // Rounding alone, of means of numbers up to 8: the truncation is 4ε⁴/5! ≈ 3·10⁻²⁰ times the fifth
                    // derivative.
                    assert!(error < 2e-15, "{error:e} trained {trained} λ {lambda}");
                }
            }
        }
        let descent = Descent { epochs: 1, step_size: 0.05, lambda: LAMBDA };
        for _ in 0..100 {
            trainer.step(&mut model, &data, 0..data.len(), &descent);
        }
    }
}

#[test]
fn every_gradient_is_that_of_its_differences_and_their_richardson_extrapolation() {
    assert_differences_and_richardson_agree::<SoftmaxRegression<2, 2>, _, _>(
        &INIT_SOFTMAX_REGRESSION,
        &XOR.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<Mlp1<2, 9, 2>, _, _>(&INIT_MLP, &XOR.load(None).unwrap());
    assert_differences_and_richardson_agree::<Mlp2<2, 9, 17, 2>, _, _>(&INIT_MLP, &XOR.load(None).unwrap());
    assert_differences_and_richardson_agree::<SoftmaxRegression<2, 3>, _, _>(
        &INIT_SOFTMAX_REGRESSION,
        &SPIRAL_TRAIN.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<Mlp1<2, 9, 3>, _, _>(
        &INIT_MLP,
        &SPIRAL_TRAIN.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<Mlp2<2, 9, 17, 3>, _, _>(
        &INIT_MLP,
        &SPIRAL_TRAIN.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<SoftmaxRegression<4, 3>, _, _>(
        &INIT_SOFTMAX_REGRESSION,
        &IRIS_TRAIN.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<Mlp1<4, 9, 3>, _, _>(
        &INIT_MLP,
        &IRIS_TRAIN.load(None).unwrap(),
    );
    assert_differences_and_richardson_agree::<Mlp2<4, 9, 17, 3>, _, _>(
        &INIT_MLP,
        &IRIS_TRAIN.load(None).unwrap(),
    );
}

/// The check has its own forward pass: its differences are those of the cost that training minimises.
#[test]
fn the_difference_is_that_of_the_cost() {
    let data = ten_points();
    let epsilon = 1.0 / 16.0;
    let model = Mlp2::<2, 9, 17, 3>::initialised(&Init { weights: Spread::He, bias: 0.3 }, &mut Rng::new(5));
    let numerical = numerical_gradient(&model, &data, LAMBDA, epsilon);
    let mut trainer = Trainer::<_, 2, 3, 10>::new();
    let mut moved = model.clone();
    for (position, parameter) in model.parameters().iter().enumerate() {
        for (entry, theta) in parameter.values.iter().enumerate() {
            let [above, below] = [epsilon, -epsilon].map(|step| {
                moved.parameters_mut()[position].values[entry] = theta + step;
                trainer.evaluate(&moved, &data, LAMBDA).loss
            });
            moved.parameters_mut()[position].values[entry] = *theta;
            let difference = (above - below) / (2.0 * epsilon);
            let ours = numerical.centred.parameters()[position].values[entry];
            // Two costs of about 1, each right to some ulp, over 2ε = 1/8.
            assert!((difference - ours).abs() < 2e-14, "{difference:e} {ours:e}");
        }
    }
}

/// What `gradient_check.svg` shows: for a large ε both evaluations have the error of Eq. 5, for a small one the plain
/// difference drowns in rounding.
#[test]
fn the_plain_difference_fails_for_a_small_epsilon_and_the_other_does_not() {
    fn check<M: Model<2, 3>>(init: &Init) {
        let check = Check::<M, 2, 3>::new(init, &mut Rng::new(4), &SPIRAL_TRAIN.load(None).unwrap());
        let errors = check.verdicts().iter().map(|verdict| verdict.error).fold(0.0, larger);
        assert_eq!(check.error(EPSILON), errors);
        let large = 1.0 / 64.0;
        let ratio = check.error_of_plain_difference(large) / check.error(large);
        assert!(check.error(large) > 1e-7 && (ratio - 1.0).abs() < 1e-6, "{ratio}");
        let small = EPSILON / 1024.0;
        assert!(check.error(small) < 1e-12, "{:e}", check.error(small));
        assert!((1e-9..1e-4).contains(&check.error_of_plain_difference(small)));
    }
    check::<SoftmaxRegression<2, 3>>(&INIT_SOFTMAX_REGRESSION);
    check::<Mlp1<2, 9, 3>>(&INIT_MLP);
    check::<Mlp2<2, 9, 17, 3>>(&INIT_MLP);
}

#[test]
fn scores_beyond_the_range_of_exp_have_a_difference() {
    let data = ten_points();
    let mut model = SoftmaxRegression::<2, 3>::initialised(&INIT_SOFTMAX_REGRESSION, &mut Rng::new(1));
    model.output.bias = Matrix::from_rows([[2000.0, 2000.5, 1999.0]]);
    assert_eq!(wrong(&gradient(&model, &data, 0.0), &numerical_gradient(&model, &data, 0.0, EPSILON)), NONE);
}

// Kinks

/// The spiral's point (0, 0), with zero biases: every h_pre is exactly 0, where a step of a bias upwards switches the unit
/// on and one downwards does not. Eq. 10 takes the derivative from below.
#[test]
fn at_a_kink_the_gradient_is_a_one_sided_derivative() {
    let spiral: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let origin = spiral.samples().iter().position(|x| *x == [0.0, 0.0]).unwrap();
    let data = spiral.select(&[origin, 40, 130, 260]);
    let model = Mlp1::<2, 9, 3>::initialised(&Init { weights: Spread::He, bias: 0.0 }, &mut Rng::new(2));
    let computed = gradient(&model, &data, LAMBDA);
    let numerical = numerical_gradient(&model, &data, LAMBDA, EPSILON);

    assert_eq!(
        numerical.kinks.iter().map(|kink| (kink.parameter, kink.entry)).collect::<Vec<_>>(),
        (0..9).map(|unit| (1, unit)).collect::<Vec<_>>()
    );
    for kink in &numerical.kinks {
        let [below, above] = kink.one_sided;
        let value = computed.hidden.bias[0][kink.entry];
        assert!((value - below).abs() < 1e-11 && (value - above).abs() > 1e-3, "{value} {kink:?}");
    }
    let verdicts = compare(&computed, &numerical);
    assert_eq!(verdicts.iter().map(|verdict| verdict.kinks).collect::<Vec<_>>(), [0, 9, 0, 0]);
    assert!(verdicts.iter().all(Verdict::is_correct), "{verdicts:?}");
    // The centred difference is the mean of the two derivatives: without the kinks, b1 would be called WRONG.
    let centred = Numerical { centred: numerical.centred.clone(), kinks: Vec::new() };
    assert_eq!(wrong(&computed, &centred), ["b1"]);
    // Neither side excuses a wrong gradient.
    let mut flipped = computed.clone();
    flipped.hidden.bias[0][3] *= -1.0;
    assert_eq!(wrong(&flipped, &numerical), ["b1"]);
}

#[test]
fn at_a_kink_the_nearer_derivative_counts() {
    let computed = gradient(&Mlp1::<2, 9, 3>::zeros(), &ten_points(), 0.0);
    let value = computed.output.bias[0][1];
    assert!(value > 0.0);
    for one_sided in [[value, value / 2.0], [value / 2.0, value], [value, 2.0 * value], [2.0 * value, value]]
    {
        let kinks = vec![Kink { parameter: 3, entry: 1, one_sided }];
        let mut centred = computed.clone();
        centred.output.bias[0][1] = -5.0;
        let verdicts = compare(&computed, &Numerical { centred, kinks });
        assert_eq!((verdicts[3].error, verdicts[3].kinks), (0.0, 1), "{one_sided:?}");
    }
}

/// Eq. 10 and ReLU call h_pre = 0 off, so a step from below to exactly 0 changes nothing.
#[test]
fn a_step_that_ends_exactly_at_a_kink_does_not_cross_it() {
    let spiral: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let origin = spiral.samples().iter().position(|x| *x == [0.0, 0.0]).unwrap();
    let data = spiral.select(&[origin]);
    let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
    model.hidden.bias[0][2] = -EPSILON;
    let numerical = numerical_gradient(&model, &data, 0.0, EPSILON);
    assert_eq!(numerical.kinks, []);
    assert_eq!(numerical.centred.hidden.bias[0][2], 0.0);
    assert_eq!(wrong(&gradient(&model, &data, 0.0), &numerical), NONE);
}

/// A unit whose h_pre is closer to 0 than ε, on either side.
#[test]
fn near_a_kink_the_derivative_is_that_of_its_own_side() {
    let data = ten_points();
    for (h_pre, side) in [(EPSILON / 3.0, 1), (-EPSILON / 3.0, 0)] {
        let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
        let x = data.samples()[0];
        let product: f64 = (0..2).map(|i| x[i] * model.hidden.weights[i][4]).sum();
        model.hidden.bias[0][4] = h_pre - product;
        let computed = gradient(&model, &data, LAMBDA);
        let numerical = numerical_gradient(&model, &data, LAMBDA, EPSILON);
        let kink = numerical.kinks.iter().find(|kink| (kink.parameter, kink.entry) == (1, 4)).unwrap();
        let error = (computed.hidden.bias[0][4] - kink.one_sided[side]).abs();
        assert!(error < 1e-11, "{error:e}");
        assert!(compare(&computed, &numerical).iter().all(Verdict::is_correct));
    }
}

/// A step that is lost in θ would be 0/0.
#[test]
fn the_one_sided_steps_at_a_kink_are_not_lost_in_theta() {
    let data = Dataset::<2, 3>::new(vec![[1.0, 0.5]], vec![1]);
    for (theta, epsilon) in [(1.0, EPSILON / 32.0), (1.0, EPSILON / 1024.0), (-1000.0, EPSILON)] {
        let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
        let x = data.samples()[0];
        // h_pre is 0 but for a rounding.
        model.hidden.bias[0][4] = theta;
        model.hidden.weights[0][4] = 0.25;
        model.hidden.weights[1][4] = (-theta - 0.25 * x[0]) / x[1];
        let computed = gradient(&model, &data, LAMBDA);
        let numerical = numerical_gradient(&model, &data, LAMBDA, epsilon);
        assert!(numerical.kinks.iter().any(|kink| (kink.parameter, kink.entry) == (1, 4)));
        let finite = |kink: &Kink| kink.one_sided.iter().all(|slope| slope.is_finite());
        assert!(numerical.kinks.iter().all(finite), "{:?}", numerical.kinks);
        assert_eq!(wrong(&computed, &numerical), NONE);
    }
}

/// Where p_y is nearly 1, Σ p̄·sinh δ / Σ p̄·cosh δ is nearly δ_y, and must not be subtracted from it.
#[test]
fn a_sure_network_has_as_good_a_difference_as_any() {
    let data = ten_points().select(&[0]);
    let y = data.labels()[0];
    for margin in [18.0, 25.0, 40.0, 300.0] {
        let mut model = SoftmaxRegression::<2, 3>::zeros();
        model.output.bias[0][y] = margin;
        let numerical = numerical_gradient(&model, &data, 0.0, EPSILON).centred;
        // ∂J/∂b_y = p_y − 1 = −2/(e^margin + 2).
        let expected = -2.0 / (exp(margin) + 2.0);
        let error = (numerical.output.bias[0][y] / expected - 1.0).abs();
        assert!(error < 2e-10, "margin {margin}: {error:e}");
    }
}

#[test]
fn an_error_that_is_no_number_is_the_largest_and_a_verdict_of_two_is_the_worse() {
    let verdict = |error, kinks| Verdict { name: "W", rows: 1, columns: 1, error, kinks };
    assert_eq!(verdict(1e-9, 1).with(&verdict(1e-10, 2)), verdict(1e-9, 3));
    assert_eq!(verdict(1e-9, 0).with(&verdict(1e-7, 0)), verdict(1e-7, 0));
    for pair in [[1.0, f64::NAN], [f64::NAN, 1.0]] {
        let [a, b] = pair.map(|error| verdict(error, 0));
        assert!(!a.with(&b).is_correct());
    }
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
fn the_error_neither_overflows_nor_vanishes_with_the_gradients() {
    for size in [1e-300, 1e-170, 1e160, 1e300] {
        assert_eq!(relative_error(&[size, 0.0], &[0.0, size]), 1.0);
        assert_eq!(relative_error(&[size], &[-size]), f64::INFINITY);
    }
    for wrong in [f64::NAN, f64::INFINITY] {
        assert!(relative_error(&[1.0, wrong], &[1.0, 2.0]).is_nan());
    }
}

#[test]
fn a_layer_of_dead_units_is_correct() {
    let data = ten_points();
    let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
    model.hidden.bias.values_mut().fill(-9.0);
    let computed = gradient(&model, &data, 0.0);
    assert_eq!(computed.hidden.weights, Matrix::zeros());
    let numerical = numerical_gradient(&model, &data, 0.0, EPSILON);
    let errors: Vec<f64> = compare(&computed, &numerical).iter().map(|verdict| verdict.error).collect();
    // W1, b1 and W2 have no gradient; b2 has.
    assert_eq!(errors[..3], [0.0; 3]);
    assert!(0.0 < errors[3] && errors[3] <= THRESHOLD);
}
