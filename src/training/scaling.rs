//! Standardised inputs, and the step sizes that inputs of some scale allow.
//!
//! **The largest step.** Gradient descent lowers a cost whose curvature is nowhere above L if α < 2/L, and may diverge above
//! it. In softmax regression with X̃ = [X 1] (the biases are weights of a column of ones), the Hessian of −log p_y in the
//! scores is diag(p) − ppᵀ, whose quadratic form vᵀ(diag(p) − ppᵀ)v is the variance of v under p. A variance is at most a
//! quarter of the squared range, and (max v − min v)² ≤ 2|v|², so diag(p) − ppᵀ ≼ ½·I. The scores are X̃·W̃: the Hessian of
//! the cost is at most ½·λmax(A) + λ with A = X̃ᵀX̃/N. The root of its entries' squares bounds λmax(A), and is at most √(D + 1)
//! times as large:
//!
//! ```text
//! L = ½·√ΣAᵢⱼ² + λ
//! ```
//!
//! For networks, whose first layer sees the same X̃, it is a hint: their weights enter too.

use std::array::from_fn;

use crate::math::model::Model;
use crate::math::order::{ascending, clamped, larger, smaller};
use crate::training::dataset::Dataset;
use crate::training::table::LARGEST;
use crate::training::train::Hyperparameters;

/// The mean and the deviation of each of D inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling<const D: usize> {
    /// The means.
    pub mean: [f64; D],
    /// The deviations, √(Σ(x − mean)²/N); 1 for an input that is constant.
    ///
    /// The sum is divided by N, as scikit-learn's `StandardScaler` does; R's `scale` and pandas' `std` take N − 1.
    pub deviation: [f64; D],
}

impl<const D: usize> Scaling<D> {
    /// The scaling of these data. A column whose deviation is at most N·ε·|mean| is constant: rounding alone makes as much.
    pub fn of<const K: usize>(data: &Dataset<D, K>) -> Self {
        let (mean, deviation) = moments(data);
        Scaling { mean, deviation: deviation.map(|deviation| if deviation == 0.0 { 1.0 } else { deviation }) }
    }

    /// A sample's inputs, standardised; those that become larger than an input of a file may be are limited to 10³⁰.
    #[must_use]
    pub fn row(&self, inputs: &[f64; D]) -> [f64; D] {
        let scaled = |column| (inputs[column] - self.mean[column]) / self.deviation[column];
        from_fn(|column| clamped(scaled(column), [-LARGEST, LARGEST]))
    }

    /// A dataset with its inputs standardised; classes and names stay.
    #[must_use]
    pub fn apply<const K: usize>(&self, data: &Dataset<D, K>) -> Dataset<D, K> {
        let samples = data.samples().iter().map(|inputs| self.row(inputs));
        Dataset::new(samples.collect(), data.labels().to_vec()).named(data.names().clone())
    }

    /// The network that gives for inputs as they are the scores that `model` gives for standardised ones, up to rounding:
    /// with W₁/deviation, row by row, and b₁ − (mean/deviation)·W₁.
    #[must_use]
    pub fn folded_into<M: Model<D, K>, const K: usize>(&self, model: &M) -> M {
        let mut folded = model.clone();
        let mut parameters = folded.parameters_mut();
        let [weights, biases, ..] = &mut parameters[..] else {
            unreachable!("a layer has weights and biases")
        };
        for (row, weights) in weights.values.chunks_exact_mut(weights.columns).enumerate() {
            for (weight, bias) in weights.iter_mut().zip(biases.values.iter_mut()) {
                *weight /= self.deviation[row];
                *bias -= self.mean[row] * *weight;
            }
        }
        folded
    }
}

/// The mean and the deviation of each column; the deviation of a constant one is 0.
fn moments<const D: usize, const K: usize>(data: &Dataset<D, K>) -> ([f64; D], [f64; D]) {
    let mean_of =
        |term: &dyn Fn(&[f64; D]) -> f64| data.samples().iter().map(term).sum::<f64>() / data.len() as f64;
    // Counted from the first, the mean of a constant column is exact and its deviation zero.
    let first = data.samples()[0];
    let middle = from_fn(|column| first[column] + mean_of(&|x| x[column] - first[column]));
    let deviation = from_fn(|column| {
        let deviation = mean_of(&|x| (x[column] - middle[column]) * (x[column] - middle[column])).sqrt();
        let rounding = larger(1e-100, data.len() as f64 * f64::EPSILON * middle[column].abs());
        if deviation > rounding { deviation } else { 0.0 }
    });
    (middle, deviation)
}

/// The names of the inputs that are constant.
pub fn constant<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Vec<&str> {
    let names = data.names().inputs.iter().zip(moments(data).1);
    names.filter(|(_, deviation)| *deviation == 0.0).map(|(name, _)| name.as_str()).collect()
}

/// The scale of inputs, and what it means for the step size.
#[derive(Debug, Clone)]
pub struct Scale<const D: usize> {
    scaling: Scaling<D>,
    /// L without λ.
    pub curvature: f64,
    /// L without λ of these inputs, standardised.
    pub standardised: f64,
    /// The least deviation of an input that varies.
    pub least_deviation: f64,
}

impl<const D: usize> Scale<D> {
    /// The scale of these data.
    pub fn of<const K: usize>(data: &Dataset<D, K>) -> Self {
        let (scaling, deviations) = (Scaling::of(data), moments(data).1);
        // Standardised, a constant column is rounding.
        let rounding = data.len() as f64 * f64::EPSILON * deviations.into_iter().fold(0.0, larger);
        let deviations = deviations.into_iter().filter(|deviation| *deviation > rounding);
        let least_deviation = deviations.fold(f64::INFINITY, smaller);
        let standardised = curvature(&scaling.apply(data));
        Scale { scaling, curvature: curvature(data), standardised, least_deviation }
    }

    /// Whether the scale of these inputs makes a run of so many steps fail, and standardised inputs may help.
    ///
    /// A step above 2/L is too large, unless standardised inputs, which allow steps up to 2/L′, make up for less of that than
    /// the step has to. Where all of K classes are equally likely, the cost curves by v/K along a column of variance v: T steps
    /// up to 2/L are too few to reach the minimum if T·(2/L)·v/K is below 1. (On standardised inputs v is 1; a λ above 1/K
    /// would hold the weights at 0 all the same.)
    pub fn is_cause(&self, hyper: &Hyperparameters, steps: u64, classes: usize) -> bool {
        let Hyperparameters { step_size, lambda, .. } = *hyper;
        // Where λ alone takes the step above the limit, the inputs are not to blame.
        let limit = largest_step(self.curvature, 0.0);
        let standardised = largest_step(self.standardised, lambda);
        let is_enough = |step: f64, variance: f64| steps as f64 * step * variance > classes as f64;
        if step_size > limit {
            steps > 0 && step_size * lambda < 2.0 && step_size * limit < standardised * standardised
        } else {
            let is_small = !is_enough(limit, self.least_deviation * self.least_deviation);
            is_small && is_enough(step_size, 1.0 - lambda * classes as f64) && step_size <= standardised
        }
    }

    /// A lower bound of what one step on standardised inputs would take off the cost of softmax regression with this gradient:
    /// ½·|∇′|²/L′, where ∇′ is the gradient in the weights w′ = deviation·w and biases b′ = b + mean·w. For networks, a hint.
    pub fn gain<M: Model<D, K>, const K: usize>(&self, gradient: &M) -> f64 {
        let parameters = gradient.parameters();
        let [weights, biases, ..] = &parameters[..] else { unreachable!("a layer has weights and biases") };
        let mut squares: f64 = biases.values.iter().map(|bias| bias * bias).sum();
        for (row, weights) in weights.values.chunks_exact(weights.columns).enumerate() {
            for (weight, bias) in weights.iter().zip(biases.values) {
                let slope = (weight - self.scaling.mean[row] * bias) / self.scaling.deviation[row];
                squares += slope * slope;
            }
        }
        squares / (2.0 * self.standardised)
    }
}

/// The step size 2/L, below which softmax regression never raises its cost, for L without λ.
pub fn largest_step(curvature: f64, lambda: f64) -> f64 {
    2.0 / (curvature + lambda)
}

/// ½·√ΣAᵢⱼ², which is L without λ.
fn curvature<const D: usize, const K: usize>(data: &Dataset<D, K>) -> f64 {
    let entry = |x: &[f64; D], column: usize| if column < D { x[column] } else { 1.0 };
    let mut squares = 0.0;
    for i in 0..=D {
        for j in 0..=D {
            let products = data.samples().iter().map(|x| entry(x, i) * entry(x, j));
            let product = products.sum::<f64>() / data.len() as f64;
            squares += product * product;
        }
    }
    squares.sqrt() / 2.0
}

/// The first column with outliers, their rows, and the column's lower and upper quartile. Outliers are at most one row in
/// twenty, outside the quartiles by more than three times their distance, and have most of the squares around their middle.
pub fn outliers<const D: usize, const K: usize>(
    data: &Dataset<D, K>,
) -> Option<(usize, Vec<usize>, [f64; 2])> {
    (0..D).find_map(|column| {
        let mut values: Vec<f64> = data.samples().iter().map(|x| x[column]).collect();
        let quarter = values.len() / 4;
        let low = *values.select_nth_unstable_by(quarter, ascending).1;
        let high = *values.select_nth_unstable_by(data.len() - 1 - quarter, ascending).1;
        let distance = |row: usize| (data.samples()[row][column] - f64::midpoint(low, high)).abs();
        let squares = |rows: &[usize]| rows.iter().map(|&row| distance(row) * distance(row)).sum::<f64>();
        let (rows, others): (Vec<usize>, Vec<usize>) =
            (0..data.len()).partition(|&row| distance(row) > 3.5 * (high - low));
        let is_few = rows.len() == 1 || 20 * rows.len() <= data.len();
        (low < high && is_few && squares(&rows) > squares(&others)).then_some((column, rows, [low, high]))
    })
}
