//! Standardised inputs: each column of the training data with mean 0 and deviation 1, and other data by the same numbers.

use std::array::from_fn;

use crate::math::model::Model;
use crate::math::order::{ascending, larger};
use crate::training::dataset::Dataset;
use crate::training::numbers::{about, mean};

/// Inputs above this, or below its inverse, are far from 1: steps that suit weights of about 1 are too large for them, or
/// too small.
pub(super) const FAR: f64 = 100.0;

/// A column whose mean is this many deviations from 0 acts like a second bias.
const FAR_FROM_ZERO: f64 = 10.0;

/// The least deviation of a column that varies: so no input of a file that is read overflows when it is divided by it.
pub(super) const LEAST: f64 = 1e-100;

/// The mean and the deviation of each of D inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling<const D: usize> {
    /// The means.
    pub mean: [f64; D],
    /// The deviations, √(Σ(x − mean)²/N); 1 for an input that is constant.
    pub deviation: [f64; D],
}

impl<const D: usize> Scaling<D> {
    /// The scaling of these data.
    #[must_use]
    pub fn of<const K: usize>(data: &Dataset<D, K>) -> Self {
        let moments: [[f64; 2]; D] = from_fn(|column| {
            let mean_of = |term: &dyn Fn(f64) -> f64| {
                mean(&data.samples().iter().map(|sample| term(sample[column])).collect::<Vec<_>>())
            };
            // Counted from the first, the mean of a constant column is exact and its deviation zero.
            let first = data.samples()[0][column];
            let middle = first + mean_of(&|x| x - first);
            let deviation = mean_of(&|x| (x - middle) * (x - middle)).sqrt();
            [middle, if deviation < LEAST { 1.0 } else { deviation }]
        });
        Scaling { mean: moments.map(|[mean, _]| mean), deviation: moments.map(|[_, deviation]| deviation) }
    }

    /// A sample's inputs, standardised.
    #[must_use]
    pub fn row(&self, inputs: &[f64; D]) -> [f64; D] {
        from_fn(|column| (inputs[column] - self.mean[column]) / self.deviation[column])
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

/// The names of the inputs that are constant.
#[must_use]
pub fn constant<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Vec<&str> {
    let names = data.names().inputs.iter().enumerate();
    names.filter(|(column, _)| is_constant(data, *column)).map(|(_, name)| name.as_str()).collect()
}

fn is_constant<const D: usize, const K: usize>(data: &Dataset<D, K>, column: usize) -> bool {
    data.samples().iter().all(|sample| sample[column] == data.samples()[0][column])
}

/// Why these inputs should be standardised, if they should: where the largest is above 100 or below 1/100, where one column
/// reaches more than a hundred times another, or where the mean of one that varies is more than ten deviations from 0.
#[must_use]
pub fn unsuitable<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Option<String> {
    let names = &data.names().inputs;
    let size = |column: usize| data.samples().iter().fold(0.0, |size, x| larger(size, x[column].abs()));
    let sizes: [f64; D] = from_fn(size);
    let Scaling { mean, deviation } = Scaling::of(data);
    // A column of zeros has no size.
    let columns = || (0..D).filter(|&column| sizes[column] > 0.0);
    let smallest = columns().min_by(|&a, &b| ascending(&sizes[a], &sizes[b]))?;
    let largest = columns().max_by(|&a, &b| ascending(&sizes[a], &sizes[b]))?;
    let reaches = |column: usize| format!("{} reaches {}", names[column], about(sizes[column]));
    Some(if sizes[largest] > FAR * sizes[smallest] {
        format!("{}, {}", reaches(largest), reaches(smallest))
    } else if sizes[largest] > FAR || sizes[largest] < 1.0 / FAR {
        reaches(largest)
    } else {
        let is_far = |&column: &usize| {
            mean[column].abs() > FAR_FROM_ZERO * deviation[column] && !is_constant(data, column)
        };
        let column = columns().find(is_far)?;
        let [middle, spread] = [mean[column], deviation[column]].map(about);
        format!("{} is {middle} in the mean, with a deviation of {spread}", names[column])
    })
}
