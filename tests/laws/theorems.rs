//! Theorems: what mathematics proves of these models and data holds of the code.

use std::collections::BTreeMap;

use backprop::math::exp_ln::ln;
use backprop::math::init::{Init, WeightInit};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax::softmax;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::proof::xor_gate::{HIDDEN, OUTPUT, ThresholdUnit, xor as gate};
use backprop::training::dataset::{Dataset, SPIRAL_TRAIN};
use backprop::training::scaling::{Scale, largest_step};
use backprop::training::train::{Hyperparameters, Trainer};

use super::training::full_batch;
use crate::{flowers, spiral, xor};

const HE: Init = Init { weights: WeightInit::He, bias: 0.1 };

fn iris() -> Dataset<4, 3> {
    let [training, _] = flowers();
    training
}

// XOR and straight lines

const SQUARE: [[i32; 2]; 4] = [[0, 0], [1, 0], [0, 1], [1, 1]];

/// Weights and bias of a line that has all points of class 1 on its positive side and all others on its negative one.
fn line(classes: [bool; 4]) -> Option<[i32; 3]> {
    let separates = |&[w1, w2, b]: &[i32; 3]| {
        SQUARE.iter().zip(classes).all(|([x1, x2], class)| {
            let side = w1 * x1 + w2 * x2 + b;
            if class { side > 0 } else { side < 0 }
        })
    };
    let lines = (-3..=3).flat_map(|w1| (-3..=3).flat_map(move |w2| (-3..=3).map(move |b| [w1, w2, b])));
    lines.into_iter().find(separates)
}

/// Σ ±(x₁, x₂, 1), + for class 1 and − for the others. On the right side of a line every point has
/// ±(w₁x₁ + w₂x₂ + b) > 0, and so these numbers have a sum above 0; but where Σ ±(x₁, x₂, 1) = 0, they sum to 0
/// whatever w₁, w₂ and b (Farkas' lemma, with multipliers of 1).
fn signed_sum(classes: [bool; 4]) -> [i32; 3] {
    SQUARE.iter().zip(classes).fold([0; 3], |sum, ([x1, x2], class)| {
        let sign = if class { 1 } else { -1 };
        [sum[0] + sign * x1, sum[1] + sign * x2, sum[2] + sign]
    })
}

#[test]
fn of_the_16_ways_to_class_the_points_of_xor_exactly_14_are_separated_by_a_line() {
    let mut inseparable = Vec::new();
    for number in 0..16 {
        let classes = [0, 1, 2, 3].map(|point| number >> point & 1 == 1);
        if let Some([w1, w2, b]) = line(classes) {
            let unit = ThresholdUnit { weights: [w1, w2].map(f64::from), threshold: f64::from(-b) };
            for (point, class) in SQUARE.iter().zip(classes) {
                assert_eq!(unit.output(point.map(f64::from)), f64::from(u8::from(class)));
            }
        } else {
            assert_eq!(signed_sum(classes), [0; 3], "{classes:?}");
            inseparable.push(classes);
        }
    }
    // XOR and its opposite.
    assert_eq!(inseparable, [[false, true, true, false], [true, false, false, true]]);
    let data = xor();
    assert!(data.samples().iter().zip(SQUARE).all(|(&sample, point)| sample == point.map(f64::from)));
    assert!(data.labels().iter().zip(inseparable[0]).all(|(&label, class)| (label == 1) == class));
}

#[test]
fn softmax_regression_on_xor_has_a_gradient_of_exactly_zero_at_zero_and_never_leaves_it() {
    let (data, zeros) = (xor(), SoftmaxRegression::<2, 2>::zeros());
    for lambda in [0.0, 1e-3] {
        let mut trainer = Trainer::<_, 2, 2, 10>::new();
        let score = trainer.gradient(&zeros, &data, 0..4, lambda);
        assert_eq!(score.loss().to_bits(), ln(2.0).to_bits());
        assert_eq!(*trainer.last_gradient(), zeros);
        let mut model = zeros.clone();
        full_batch(&mut model, &data, Hyperparameters { epochs: 50, step_size: 1.0, lambda });
        assert_eq!(model, zeros);
    }
}

// The loss of zeros

/// For every sample, bit for bit: e⁰ = 1, and a sum of K ones is exact.
fn assert_loses_ln_k<M: Model<D, K>, const D: usize, const K: usize>(data: &Dataset<D, K>) {
    let mut trainer = Trainer::<M, D, K, 10>::new();
    for n in 0..data.len() {
        let loss = trainer.evaluate(&M::zeros(), &data.select(&[n]), 1e-3).loss();
        assert_eq!(loss.to_bits(), ln(K as f64).to_bits(), "{loss}");
    }
}

#[test]
fn every_sample_costs_a_network_of_zeros_exactly_ln_k() {
    assert_loses_ln_k::<SoftmaxRegression<2, 2>, 2, 2>(&xor());
    assert_loses_ln_k::<Mlp1<4, 9, 3>, 4, 3>(&iris());
    assert_loses_ln_k::<Mlp2<2, 9, 17, 10>, 2, 10>(&SPIRAL_TRAIN.load(None).unwrap());
}

// Convexity

/// Taylor's theorem: a step α takes at least α(1 − αL/2)‖∇J‖² off the cost, so every step below 2/L descends. In the scores of
/// one sample the Hessian is diag(p) − p·pᵀ, whose eigenvalues are at most ½ (D. Böhning, "Multinomial logistic regression
/// algorithm", Annals of the Institute of Statistical Mathematics 44, 1992).
fn assert_descends<const D: usize, const K: usize>(data: &Dataset<D, K>, lambda: f64) {
    let bound = 2.0 / largest_step(Scale::of(data).curvature, lambda);
    for step_size in [0.1 / bound, 1.0 / bound, 1.999 / bound] {
        let mut model = SoftmaxRegression::<D, K>::initialised(&HE, &mut Rng::new(2));
        let mut trainer = Trainer::<_, D, K, 10>::new();
        let mut before = f64::INFINITY;
        let mut promised = 0.0;
        for epoch in 0..500 {
            let hyper = Hyperparameters { epochs: 1, step_size, lambda };
            let loss = trainer.step(&mut model, data, 0..data.len(), &hyper).loss();
            let case = format!("step {step_size}, λ = {lambda}, epoch {epoch}");
            // 1e-13: at the minimum, what a sum of 300 losses rounds by.
            assert!(before - loss >= promised - 1e-13, "{case}: {loss} after {before}, promised {promised}");
            assert!(loss < before || promised < 1e-13, "{case}: {loss} after {before}");
            let gradient = trainer.last_gradient().parameters();
            let squares: f64 = gradient.iter().flat_map(|parameter| parameter.values).map(|g| g * g).sum();
            promised = step_size * (1.0 - step_size * bound / 2.0) * squares;
            before = loss;
        }
    }
}

#[test]
fn full_batch_training_of_softmax_regression_descends_with_every_step_below_2_over_l() {
    for lambda in [0.0, 1e-3, 0.1] {
        assert_descends(&spiral(), lambda);
        assert_descends(&iris(), lambda);
    }
    // It is no law of all step sizes.
    let step_size = 10.0 * largest_step(Scale::of(&iris()).curvature, 0.0);
    let mut model = SoftmaxRegression::<4, 3>::initialised(&HE, &mut Rng::new(2));
    let history = full_batch(&mut model, &iris(), Hyperparameters { epochs: 500, step_size, lambda: 0.0 });
    assert!(history.windows(2).any(|pair| pair[1].training.loss() > pair[0].training.loss()));
}

// Symmetry

/// The network whose class k is class `order[k]` of `model`.
fn with_classes<M: Model<D, K>, const D: usize, const K: usize>(model: &M, order: [usize; K]) -> M {
    let mut permuted = model.clone();
    let parameters = permuted.parameters_mut();
    let layers = parameters.len() / 2;
    for parameter in parameters.into_iter().skip(2 * (layers - 1)) {
        for row in parameter.values.chunks_exact_mut(K) {
            let before: [f64; K] = row.try_into().unwrap();
            row.copy_from_slice(&order.map(|class| before[class]));
        }
    }
    permuted
}

/// Scores and probabilities of a network on 50 random inputs.
fn outputs<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> [Matrix<50, K>; 2] {
    let mut rng = Rng::new(3);
    let mut x = Matrix::<50, D>::zeros();
    x.values_mut().fill_with(|| 3.0 * rng.normal());
    let mut pass = M::Pass::default();
    model.forward(&x, &mut pass);
    let f = M::scores(&pass);
    let mut p = Matrix::zeros();
    softmax(f, &mut p);
    assert_eq!(p, model.probabilities(&x));
    [f.clone(), p]
}

fn assert_equivariant<M: Model<D, K>, const D: usize, const K: usize>(orders: &[[usize; K]]) {
    for seed in 0..20 {
        let mut model = M::initialised(&HE, &mut Rng::new(seed));
        // Other biases for every class.
        for parameter in model.parameters_mut() {
            parameter.values.iter_mut().enumerate().for_each(|(entry, value)| *value += 0.01 * entry as f64);
        }
        let [f, p] = outputs(&model);
        for &order in orders {
            let [permuted_f, permuted_p] = outputs(&with_classes(&model, order));
            for n in 0..50 {
                assert_eq!(permuted_f[n], order.map(|class| f[n][class]), "scores in order {order:?}");
                let p = order.map(|class| p[n][class]);
                if order[K.min(2)..].iter().enumerate().all(|(k, &class)| class == k + 2) {
                    assert_eq!(permuted_p[n], p, "probabilities in order {order:?}");
                }
                for (permuted, p) in permuted_p[n].into_iter().zip(p) {
                    let off = (permuted - p).abs() / p;
                    assert!(off <= K as f64 * f64::EPSILON, "{permuted}, not {p}, in order {order:?}");
                }
            }
        }
    }
}

const ORDERS_OF_3: [[usize; 3]; 6] = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [2, 0, 1]];

/// Scores to the bit. So are probabilities as long as only the first two classes change places, for their exponentials
/// are added first, and a + b = b + a. In other orders the sum rounds otherwise: of K − 1 additions each by half an ulp
/// at most, in both orders, and so does each quotient; 2K halves in all.
#[test]
fn permuting_the_classes_permutes_scores_and_probabilities() {
    assert_equivariant::<Mlp1<2, 9, 2>, 2, 2>(&[[0, 1], [1, 0]]);
    assert_equivariant::<Mlp2<4, 9, 17, 3>, 4, 3>(&ORDERS_OF_3);
    let reversed = std::array::from_fn(|k| 11 - k);
    let rotated = std::array::from_fn(|k| (k + 5) % 12);
    assert_equivariant::<SoftmaxRegression<20, 12>, 20, 12>(&[reversed, rotated]);
}

// Ceilings

/// The most samples that a function of the inputs can class right: for each distinct input those of its most frequent
/// class. And the inputs that have samples of several classes.
fn ceiling<const D: usize, const K: usize>(data: &Dataset<D, K>) -> (usize, Vec<[f64; D]>) {
    let mut counts = BTreeMap::<[u64; D], [usize; K]>::new();
    for (x, &label) in data.samples().iter().zip(data.labels()) {
        // + 0.0 turns −0 into 0.
        counts.entry(x.map(|x| (x + 0.0).to_bits())).or_insert([0; K])[label] += 1;
    }
    let largest = |counts: &[usize; K]| counts.iter().copied().max().unwrap();
    let disputed = counts.iter().filter(|(_, counts)| largest(counts) < counts.iter().sum());
    (counts.values().map(largest).sum(), disputed.map(|(x, _)| x.map(f64::from_bits)).collect())
}

#[test]
fn at_most_298_of_the_300_samples_of_the_spiral_can_be_right_and_all_of_the_other_data() {
    assert_eq!(ceiling(&spiral()), (298, vec![[0.0, 0.0]]));
    assert_eq!(ceiling(&xor()), (4, vec![]));
    assert_eq!(ceiling(&iris()), (110, vec![]));
    assert_eq!(ceiling(&flowers()[1]), (40, vec![]));
}

#[test]
fn the_hard_coded_gate_of_figure_1b_is_xor() {
    assert_eq!((HIDDEN.weights, HIDDEN.threshold), ([1.0, 1.0], 1.5));
    assert_eq!((OUTPUT.weights, OUTPUT.threshold), ([1.0, 1.0, -2.0], 0.5));
    for (inputs, hidden, out) in
        [([0.0, 0.0], 0.0, 0.0), ([0.0, 1.0], 0.0, 1.0), ([1.0, 0.0], 0.0, 1.0), ([1.0, 1.0], 1.0, 0.0)]
    {
        assert_eq!((HIDDEN.output(inputs), gate(inputs)), (hidden, out), "{inputs:?}");
    }
    // On only above the threshold.
    let unit = ThresholdUnit { weights: [1.0, 2.0], threshold: 3.0 };
    assert_eq!([[1.0, 1.0], [1.0, 1.125], [1.0, 0.875]].map(|inputs| unit.output(inputs)), [0.0, 1.0, 0.0]);
}
