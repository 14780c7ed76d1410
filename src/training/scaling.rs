//! Standardised inputs, and the step sizes that inputs of some scale allow.
//!
//! **The largest step.** Gradient descent lowers a cost whose curvature is nowhere above L if α < 2/L, and may diverge above
//! it. In softmax regression with X̃ = [X 1] (the biases are weights of a column of ones), the Hessian of −log p_y in the
//! scores is diag(p) − ppᵀ, whose quadratic form vᵀ(diag(p) − ppᵀ)v is the variance of v under p. A variance is at most a
//! quarter of the squared range, and (max v − min v)² ≤ 2|v|², so diag(p) − ppᵀ ≼ ½·I. The scores are X̃·W̃: the Hessian of
//! the cost is at most
//!
//! ```text
//! L = ½·λmax(X̃ᵀX̃/N) + λ
//! ```
//!
//! For networks, whose first layer sees the same X̃, it is a hint: their weights enter too.

use std::array::from_fn;

use crate::math::model::Model;
use crate::math::order::{ascending, larger};
use crate::training::dataset::Dataset;
use crate::training::numbers::mean;
use crate::training::train::Hyperparameters;
use crate::training::values::LARGEST;

/// The least deviation of a column that varies.
pub(super) const LEAST: f64 = 1e-100;

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
    #[must_use]
    pub fn of<const K: usize>(data: &Dataset<D, K>) -> Self {
        let (mean, deviation) = moments(data);
        Scaling { mean, deviation: deviation.map(|deviation| if deviation == 0.0 { 1.0 } else { deviation }) }
    }

    /// A sample's inputs, standardised.
    #[must_use]
    pub fn row(&self, inputs: &[f64; D]) -> [f64; D] {
        from_fn(|column| (inputs[column] - self.mean[column]) / self.deviation[column])
    }

    /// A dataset with its inputs standardised; classes and names stay. In a constant column, rounding is left out.
    ///
    /// # Errors
    ///
    /// The row and column of an input that becomes larger than one of a file may be, 10³⁰.
    pub fn apply<const K: usize>(&self, data: &Dataset<D, K>) -> Result<Dataset<D, K>, [usize; 2]> {
        let (middle, deviation) = moments(data);
        let is_constant: [bool; D] =
            from_fn(|column| deviation[column] == 0.0 && self.deviation[column] == 1.0);
        let exact =
            |x: &[f64; D]| from_fn(|column| if is_constant[column] { middle[column] } else { x[column] });
        let samples: Vec<[f64; D]> = data.samples().iter().map(|x| self.row(&exact(x))).collect();
        let is_large = |x: &f64| !(-LARGEST..=LARGEST).contains(x);
        match samples.as_flattened().iter().position(is_large) {
            Some(position) => Err([position / D, position % D]),
            None => Ok(Dataset::new(samples, data.labels().to_vec()).named(data.names().clone())),
        }
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
        |term: &dyn Fn(&[f64; D]) -> f64| mean(&data.samples().iter().map(term).collect::<Vec<_>>());
    // Counted from the first, the mean of a constant column is exact and its deviation zero.
    let first = data.samples()[0];
    let middle = from_fn(|column| first[column] + mean_of(&|x| x[column] - first[column]));
    let deviation = from_fn(|column| {
        let deviation = mean_of(&|x| (x[column] - middle[column]) * (x[column] - middle[column])).sqrt();
        let rounding = larger(LEAST, data.len() as f64 * f64::EPSILON * middle[column].abs());
        if deviation > rounding { deviation } else { 0.0 }
    });
    (middle, deviation)
}

/// The names of the inputs that are constant.
#[must_use]
pub fn constant<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Vec<&str> {
    let names = data.names().inputs.iter().zip(moments(data).1);
    names.filter(|(_, deviation)| *deviation == 0.0).map(|(name, _)| name.as_str()).collect()
}

/// The step size 2/L, below which softmax regression on these data never raises its cost.
///
/// λmax is at most tr(Aᵖ)^(1/p) for the matrix A = X̃ᵀX̃/N, and at least that divided by (D + 1)^(1/p): with p = 2⁶ it is
/// right within 3 % for four inputs. The power is that of repeated squares, of each of which a factor is taken out.
#[must_use]
pub fn largest_step<const D: usize, const K: usize>(data: &Dataset<D, K>, lambda: f64) -> f64 {
    const SQUARES: usize = 6;
    let entry = |sample: &[f64; D], column: usize| if column < D { sample[column] } else { 1.0 };
    let mut power = vec![vec![0.0; D + 1]; D + 1];
    for sample in data.samples() {
        for i in 0..=D {
            for j in 0..=D {
                power[i][j] += entry(sample, i) * entry(sample, j) / data.len() as f64;
            }
        }
    }
    let mut largest = 1.0;
    for square in 0..=SQUARES {
        let trace: f64 = (0..=D).map(|i| power[i][i]).sum();
        if !trace.is_finite() {
            return 0.0;
        }
        largest *= (0..square).fold(trace, |root, _| root.sqrt());
        let product = |i: usize, j: usize| (0..=D).map(|k| power[i][k] / trace * (power[k][j] / trace)).sum();
        power = (0..=D).map(|i| (0..=D).map(|j| product(i, j)).collect()).collect();
    }
    2.0 / (largest / 2.0 + lambda)
}

/// Rows with an input that is far from those of the others: at most one in twenty, outside the quartiles by more than three
/// times their distance, and with more than half of the squares around their middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Outliers {
    /// The column.
    pub column: usize,
    /// The rows, that of the farthest input first.
    pub rows: Vec<usize>,
    /// The farthest input.
    pub value: f64,
    /// The lower and the upper quartile of the column.
    pub quartiles: [f64; 2],
}

/// The outliers of each column that has some.
#[must_use]
pub fn outliers<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Vec<Outliers> {
    let of_column = |column: usize| {
        let mut values: Vec<f64> = data.samples().iter().map(|sample| sample[column]).collect();
        let quarter = values.len() / 4;
        let low = *values.select_nth_unstable_by(quarter, ascending).1;
        let high = *values.select_nth_unstable_by(data.len() - 1 - quarter, ascending).1;
        let distance = |row: &usize| (data.samples()[*row][column] - f64::midpoint(low, high)).abs();
        let mut rows: Vec<usize> = (0..data.len()).filter(|row| distance(row) > 3.5 * (high - low)).collect();
        rows.sort_by(|a, b| ascending(&distance(b), &distance(a)));
        let squares = |rows: &mut dyn Iterator<Item = usize>| {
            rows.map(|row| distance(&row) * distance(&row)).sum::<f64>()
        };
        let share = squares(&mut rows.iter().copied()) / squares(&mut (0..data.len()));
        let is_few = rows.len() == 1 || 20 * rows.len() <= data.len();
        let value = data.samples()[*rows.first()?][column];
        (low < high && is_few && share > 0.5).then_some(Outliers {
            column,
            rows,
            value,
            quartiles: [low, high],
        })
    };
    (0..D).filter_map(of_column).collect()
}

/// How the scale of the inputs makes a run fail.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// The step is above 2/L because of outliers, those of the first column that has some: for the other rows, 2/L is this.
    Outliers(f64, Outliers),
    /// The step is above 2/L, and standardised inputs, for which it is this, make up for more of that than the step has to.
    Large(f64),
    /// No step up to 2/L is enough for this column, of this deviation, in as many steps; on standardised inputs the step is.
    Small(usize, f64),
}

impl Scale {
    /// How the scale of these data makes a run fail that takes so many steps of this size, if it does.
    ///
    /// Where all classes are equally likely, the cost curves by v/K along a column of variance v: T steps go all the way to the
    /// minimum if T·α·v/K is above 1. (On standardised inputs, v is 1; a λ above 1/K would hold the weights at 0 all the same.)
    #[must_use]
    pub fn of<const D: usize, const K: usize>(
        data: &Dataset<D, K>,
        &Hyperparameters { step_size, lambda, .. }: &Hyperparameters,
        steps: u64,
    ) -> Option<Self> {
        let is_decay = step_size * lambda > 2.0;
        let scaled = Scaling::of(data).apply(data).ok().filter(|_| steps > 0 && !is_decay)?;
        let standardised = largest_step(&scaled, lambda);
        // Where λ alone takes the step above the limit, the inputs are not to blame.
        let limit = largest_step(data, 0.0);
        if step_size <= limit {
            let deviations = moments(data).1;
            let varying = (0..D).filter(|&column| deviations[column] > 0.0);
            let column = varying.min_by(|&a, &b| ascending(&deviations[a], &deviations[b]))?;
            let deviation = deviations[column];
            let is_enough = |step: f64, variance: f64| steps as f64 * step * variance > K as f64;
            let is_small =
                !is_enough(limit, deviation * deviation) && is_enough(step_size, 1.0 - lambda * K as f64);
            return (is_small && step_size <= standardised).then_some(Scale::Small(column, deviation));
        }
        let outliers = outliers(data);
        let mut rest: Vec<bool> = vec![true; data.len()];
        for row in outliers.iter().flat_map(|outliers| &outliers.rows) {
            rest[*row] = false;
        }
        let rest: Vec<usize> = (0..data.len()).filter(|&row| rest[row]).collect();
        let others = largest_step(&data.select(&rest), lambda);
        match outliers.into_iter().next() {
            Some(outliers) if step_size <= others => Some(Scale::Outliers(others, outliers)),
            _ => (standardised / limit > step_size / standardised).then_some(Scale::Large(standardised)),
        }
    }
}
