//! The finite differences of the gradient check and the measures of their error. What the check calls CORRECT and WRONG is
//! counted in `verdicts.rs`.

use std::hint::black_box;
use std::panic::catch_unwind;

use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::larger;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::proof::exact_difference::{Difference, STEP, exact_difference};
use backprop::proof::gradient_check::{
    AsPrinted, COURSE_THRESHOLD, Check, LAMBDA, SOME_OFF, Verdict, check_gradient, compare,
    numerical_gradient, of_the_course, relative_error,
};
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::Trainer;

/// The course's checks begin like this: softmax regression, and networks with hidden units.
const INIT_SOFTMAX_REGRESSION: Init = of_the_course(0.01);
const INIT_MLP: Init = of_the_course(0.05);

/// An ε at which the truncation error of Eq. 5 is seen, and θ ± ε rounds little: 2⁻¹⁵.
const EPSILON: f64 = 1.0 / 32_768.0;

// The handout's procedure

#[test]
fn the_error_of_a_difference_falls_with_the_square_of_epsilon() {
    let data: Dataset<4, 3> = IRIS_TRAIN.load(None).unwrap();
    let check =
        Check::<SoftmaxRegression<4, 3>, 4, 3, 10>::new(&INIT_SOFTMAX_REGRESSION, &mut Rng::new(1), &data);
    for (coarse, fine) in check.as_printed(1e-3).iter().zip(check.as_printed(1e-4)) {
        // What is not ε² here is rounding, a part in a thousand at ε = 1e-4.
        assert!((coarse.unrounded / fine.unrounded - 100.0).abs() < 1.0, "{coarse:?} {fine:?}");
    }
}

/// How many entries of each parameter have a gate that is open at one end of ±ε and shut at the other, by the network itself.
fn crossing<M: Model<D, K>, const D: usize, const K: usize>(model: &M, data: &Dataset<D, K>) -> Vec<usize> {
    let gates = |model: &M| -> Vec<bool> {
        let mut pass = M::Pass::<1>::default();
        let of_sample = |x: &[f64; D]| {
            model.forward(&Matrix::from_rows([*x]), &mut pass);
            M::hidden_layers(&pass).concat()
        };
        data.samples().iter().flat_map(of_sample).map(|h| h > 0.0).collect()
    };
    let crosses = |parameter: usize, entry: usize| {
        let [above, below] = [1e-4, -1e-4].map(|step| {
            let mut moved = model.clone();
            moved.parameters_mut()[parameter].values[entry] += step;
            gates(&moved)
        });
        above != below
    };
    let lengths = model.parameters().into_iter().map(|parameter| parameter.values.len()).enumerate();
    lengths.map(|(n, length)| (0..length).filter(|&entry| crosses(n, entry)).count()).collect()
}

/// Checks M at the handout's ε for these seeds; how many errors above the course's threshold kinks, rounding and truncation cause.
fn causes<M: Model<D, K>, const D: usize, const K: usize>(
    init: &Init,
    data: &Dataset<D, K>,
    seeds: std::ops::Range<u64>,
) -> [usize; 3] {
    let mut causes = [0; 3];
    for seed in seeds {
        let check = Check::<M, D, K, 10>::new(init, &mut Rng::new(seed), data);
        let printed = check.as_printed(1e-4);
        let found: Vec<usize> = printed.iter().map(|printed| printed.crossing).collect();
        assert_eq!(found, crossing(&check.model, &check.data), "seed {seed}");
        assert_eq!(check.verdicts().iter().filter(|verdict| verdict.is_correct()).count(), printed.len());
        for AsPrinted { error, others, crossing, rounding, .. } in printed {
            // Truncation: ε²/6·J‴, of inputs up to 8. Rounding takes more only of a gradient that nearly vanishes.
            assert!(others < 1e-7 || rounding > 0.99, "seed {seed}: {others:e} {rounding}");
            assert!(crossing > 0 || error == others);
            assert!(rounding.is_nan() || (0.0..=1.0).contains(&rounding), "seed {seed}: {rounding}");
            causes[0] += usize::from(error > COURSE_THRESHOLD && others <= COURSE_THRESHOLD);
            causes[if rounding > 0.5 { 1 } else { 2 }] += usize::from(others > COURSE_THRESHOLD);
        }
        // A step of 2⁻²⁸ has no truncation beyond the bound.
        let finest = check.as_printed(1.0 / (1_u64 << 28) as f64);
        assert!(finest.iter().all(|printed| printed.rounding == 1.0 || printed.rounding.is_nan()));
    }
    causes
}

#[test]
fn an_error_above_the_courses_threshold_is_of_entries_across_a_kink_of_rounding_or_of_truncation() {
    let (xor, iris) = (XOR.load(None).unwrap(), IRIS_TRAIN.load(None).unwrap());
    assert_eq!(causes::<SoftmaxRegression<2, 2>, 2, 2>(&INIT_SOFTMAX_REGRESSION, &xor, 0..30), [0, 1, 0]);
    // XOR of ±1: the gradient of the biases is zero by symmetry, and so is, of some seeds, Eq. 5.
    let signs = Dataset::parse("signs", &b"-1,-1,0\n-1,1,1\n1,-1,1\n1,1,0\n"[..], None).unwrap();
    assert_eq!(causes::<SoftmaxRegression<2, 2>, 2, 2>(&INIT_SOFTMAX_REGRESSION, &signs, 0..30), [0, 26, 0]);
    assert_eq!(causes::<Mlp2<4, 9, 17, 3>, 4, 3>(&SOME_OFF, &iris, 0..30), [4, 0, 3]);
}

// The exact difference

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

fn wrong<M: Model<2, 3>>(computed: &M, difference: &Difference<M>) -> Vec<&'static str> {
    let verdicts = compare(computed, difference);
    verdicts.iter().filter(|verdict| !verdict.is_correct()).map(|verdict| verdict.name).collect()
}

/// The exact difference has its own forward pass: its differences are those of the cost that training minimises.
#[test]
fn the_exact_difference_is_that_of_the_cost() {
    let data = ten_points();
    let epsilon = 1.0 / 16.0;
    let model =
        Mlp2::<2, 9, 17, 3>::initialised(&Init { weights: WeightInit::He, bias: 0.3 }, &mut Rng::new(5));
    let exact = exact_difference(&model, &data, LAMBDA, epsilon).centred;
    let numerical = numerical_gradient(&mut Trainer::<_, 2, 3, 10>::new(), &model, &data, LAMBDA, epsilon);
    for (exact, numerical) in exact.parameters().iter().zip(numerical.parameters()) {
        for (exact, numerical) in exact.values.iter().zip(numerical.values) {
            // Two costs of about 1, each right to some ulp, over 2ε = 1/8.
            assert!((exact - numerical).abs() < 2e-14, "{exact:e} {numerical:e}");
        }
    }
}

// Kinks

/// The spiral's point (0, 0), with zero biases: every h_pre is exactly 0, where a step of a bias upwards switches the unit
/// on and one downwards does not. Eq. 10 takes the derivative from below.
#[test]
fn at_a_kink_the_gradient_is_that_of_the_gates_as_they_are() {
    let spiral: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let origin = spiral.samples().iter().position(|x| *x == [0.0, 0.0]).unwrap();
    let data = spiral.select(&[origin, 40, 130, 260]);
    let model = Mlp1::<2, 9, 3>::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut Rng::new(2));
    let computed = gradient(&model, &data, LAMBDA);
    let difference = exact_difference(&model, &data, LAMBDA, STEP);

    for unit in 0..9 {
        let [value, held, mean] =
            [&computed, &difference.held, &difference.centred].map(|model| model.b1[0][unit]);
        assert!((value - held).abs() < 1e-15 && (value - mean).abs() > 1e-3, "{value} {held} {mean}");
    }
    let verdicts = compare(&computed, &difference);
    assert_eq!(verdicts.iter().map(|verdict| verdict.kinks).collect::<Vec<_>>(), [0, 9, 0, 0]);
    assert!(verdicts.iter().all(Verdict::is_correct), "{verdicts:?}");
    // The centred difference is the mean of the two derivatives: without the kinks, b1 would be called WRONG.
    assert_eq!(
        wrong(&computed, &Difference { held: difference.centred.clone(), ..difference.clone() }),
        ["b1"]
    );
    // A kink excuses no wrong gradient.
    let mut flipped = computed.clone();
    flipped.b1[0][3] *= -1.0;
    assert_eq!(wrong(&flipped, &difference), ["b1"]);
}

/// Eq. 10 and ReLU call h_pre = 0 off, so a step from below to exactly 0 changes nothing.
#[test]
fn a_step_that_ends_exactly_at_a_kink_does_not_cross_it() {
    let spiral: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let origin = spiral.samples().iter().position(|x| *x == [0.0, 0.0]).unwrap();
    let data = spiral.select(&[origin]);
    let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
    model.b1[0][2] = -EPSILON;
    let Difference { kinks, centred, .. } = exact_difference(&model, &data, 0.0, EPSILON);
    assert!(!kinks.concat().contains(&true) && centred.b1[0][2] == 0.0);
}

/// A unit whose h_pre is closer to 0 than ε, on either side.
#[test]
fn near_a_kink_the_derivative_is_that_of_its_own_side() {
    let data = ten_points();
    for (h_pre, epsilon) in [(1e-5, EPSILON), (-1e-5, EPSILON), (1e-12, 4e-12), (-1e-12, 4e-12)] {
        let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
        let x = data.samples()[0];
        let product: f64 = (0..2).map(|i| x[i] * model.w1[i][4]).sum();
        model.b1[0][4] = h_pre - product;
        let computed = gradient(&model, &data, LAMBDA);
        let difference = exact_difference(&model, &data, LAMBDA, epsilon);
        assert!(difference.kinks[1].contains(&true));
        // The error of Eq. 5, of the order of ε².
        let error = (computed.b1[0][4] - difference.held.b1[0][4]).abs();
        assert!(error < larger(epsilon * epsilon, 1e-15), "{error:e}");
        assert_eq!(wrong(&computed, &exact_difference(&model, &data, LAMBDA, STEP)), NONE);
    }
}

/// Scores beyond the range of exp have a difference; and where the gradient is nearly lost to underflow, the difference may be.
#[test]
fn a_network_that_is_as_sure_as_can_be_has_a_correct_gradient() {
    let data = ten_points();
    let mut model = SoftmaxRegression::<2, 3>::initialised(&INIT_SOFTMAX_REGRESSION, &mut Rng::new(1));
    for margin in [0.5, 40.0, 300.0, 690.0, 740.0, 1e4] {
        model.b = Matrix::from_rows([[2000.0, 2000.0 + margin, 1999.0]]);
        assert_eq!(wrong(&gradient(&model, &data, 0.0), &exact_difference(&model, &data, 0.0, STEP)), NONE);
    }
}

#[test]
fn the_check_refuses_what_it_cannot_bound() {
    fn holds<const H: usize>(input: f64, size: f64) -> bool {
        let data = Dataset::<2, 3>::new(vec![[input, input / 2.0], [-input, input]], vec![0, 1]);
        let mut model = Mlp1::<2, H, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
        model.w2.values_mut().iter_mut().for_each(|weight| *weight *= size);
        check_gradient(&model, &data, 0.0).iter().all(Verdict::is_correct)
    }
    for (input, size) in [(1e30, 1e6), (1e-300, 1e34), (1e-310, 1e34), (1e-200, 1e20), (1e-290, 1.0)] {
        assert!(holds::<9>(input, size), "{input:e} {size:e}");
    }
    // The step is lost to underflow, whose error the weight behind it enlarges.
    assert!(holds::<1>(3.4e-279, 1e6));
    for (input, size) in [(1e30, 1e8), (1e40, 1.0), (1.0, 1e60), (1e-200, 1e300), (1.0, f64::NAN)] {
        assert!(catch_unwind(|| holds::<9>(input, size)).is_err(), "{input:e} {size:e}");
    }
}

#[test]
fn a_verdict_of_two_is_the_worse_beside_its_bound_and_nan_is_the_worst() {
    let verdict = |error, bound, kinks| Verdict { name: "W", rows: 1, columns: 1, error, bound, kinks };
    assert_eq!(verdict(1e-9, 1e-8, 1).with(verdict(1e-10, 1e-8, 2)), verdict(1e-9, 1e-8, 3));
    assert_eq!(verdict(1e-9, 1e-8, 0).with(verdict(1e-7, 1e-5, 0)), verdict(1e-9, 1e-8, 0));
    assert_eq!(verdict(0.0, 0.0, 0).with(verdict(1e-7, 1e-5, 0)), verdict(1e-7, 1e-5, 0));
    for nan in [f64::NAN, -f64::NAN, black_box(0.0) / black_box(0.0)] {
        for pair in [[1.0, nan], [nan, 1.0]] {
            let [a, b] = pair.map(|error| verdict(error, 2.0, 0));
            assert!(!a.with(b).is_correct());
        }
    }
}

// The measure

#[test]
fn the_error_is_the_norm_of_the_difference_over_the_norm_of_the_sum() {
    assert_eq!(relative_error(&[3.0, 0.0], &[0.0, 4.0]), 1.0);
    assert_eq!(relative_error(&[5.0, 0.0, 1.0], &[1.0, 3.0, 1.0]), 5.0 / 7.0);
    assert_eq!(relative_error(&[2.0], &[2.0]), 0.0);
    assert_eq!(relative_error(&[2.0], &[-2.0]), f64::INFINITY);
    // Two zero gradients have no error, and one has.
    assert_eq!(relative_error(&[0.0; 3], &[0.0, -0.0, 0.0]), 0.0);
    assert_eq!(relative_error(&[0.0; 3], &[0.0, 1e-30, 0.0]), 1.0);
    assert_eq!(relative_error(&[], &[]), 0.0);
    // It neither overflows nor vanishes with the gradients.
    for size in [1e-300, 1e-170, 1e160, 1e300] {
        assert_eq!(relative_error(&[size, 0.0], &[0.0, size]), 1.0);
        assert_eq!(relative_error(&[size], &[-size]), f64::INFINITY);
    }
    for wrong in [f64::NAN, f64::INFINITY] {
        for other in [1.0, 0.0] {
            assert!(relative_error(&[1.0, wrong], &[other; 2]).is_nan());
        }
    }
}

#[test]
fn a_layer_of_dead_units_is_correct_and_nan_in_its_place_is_wrong() {
    let data = ten_points();
    let mut model = Mlp1::<2, 9, 3>::initialised(&INIT_MLP, &mut Rng::new(2));
    model.b1.values_mut().fill(-9.0);
    let mut computed = gradient(&model, &data, 0.0);
    assert_eq!(computed.w1, Matrix::zeros());
    let difference = exact_difference(&model, &data, 0.0, STEP);
    // W1, b1 and W2 have no gradient; b2 has.
    assert!(compare(&computed, &difference)[..3].iter().all(|verdict| verdict.error == 0.0));
    assert_eq!(wrong(&computed, &difference), NONE);
    // What the gate h/h makes of dead units, with either sign.
    for nan in [f64::NAN, -f64::NAN, black_box(0.0) / black_box(0.0)] {
        computed.w1.values_mut().fill(nan);
        assert_eq!(wrong(&computed, &difference), ["W1"]);
    }
}
