//! Rows that are held out for validation, of data that come without any: at most one in four of each class.
//!
//! Of each class, these are the rows with the smallest hashes of their inputs' bits. So the choice depends on the rows alone:
//! not on their order or place, nor on a seed; and equal rows stay together.

use crate::math::rng::SplitMix64;
use crate::training::dataset::Dataset;

/// The positions of the rows for training and of those held out, each ascending. None is held out if no class has four.
pub fn hold_out<const D: usize, const K: usize>(data: &Dataset<D, K>) -> [Vec<usize>; 2] {
    let hashes: Vec<u64> = data.samples().iter().map(hash).collect();
    let mut first_kept = [0; K];
    for (class, first_kept) in first_kept.iter_mut().enumerate() {
        let mut rows: Vec<u64> =
            (0..data.len()).filter(|&row| data.labels()[row] == class).map(|row| hashes[row]).collect();
        rows.sort_unstable();
        *first_kept = rows.get(rows.len() / 4).copied().unwrap_or_default();
    }
    let (held_out, training) = (0..data.len()).partition(|&row| hashes[row] < first_kept[data.labels()[row]]);
    [training, held_out]
}

/// A record of the rows of these data, whatever their order.
pub fn record<const D: usize, const K: usize>(data: &Dataset<D, K>) -> String {
    let rows = data.samples().iter().zip(data.labels());
    let hashes = rows.map(|(inputs, &label)| SplitMix64::new(hash(inputs) ^ label as u64).next_u64());
    format!("{:016x}", hashes.fold(0, u64::wrapping_add))
}

/// A hash of inputs; that of −0 is that of 0.
fn hash<const D: usize>(inputs: &[f64; D]) -> u64 {
    inputs.iter().fold(0, |hash, input| SplitMix64::new(hash ^ (input + 0.0).to_bits()).next_u64())
}
