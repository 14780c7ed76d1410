//! Rows that are held out for validation, of data that come without any: one in four of each class.
//!
//! The rows of a class are put into the order of a hash of their inputs' bits, and the first quarter of them is held out. So
//! the choice depends on the rows alone: not on their order or place, nor on a seed. Equal rows are on the same side; those
//! that are more than the rest of the quarter stay in training.

use crate::math::rng::SplitMix64;
use crate::training::dataset::Dataset;
use crate::training::fingerprint::Fingerprint;

/// The positions of the rows for training and of those held out, each ascending. None is held out if no class has four.
#[must_use]
pub fn hold_out<const D: usize, const K: usize>(data: &Dataset<D, K>) -> [Vec<usize>; 2] {
    let hashes: Vec<u64> = data.samples().iter().map(hash).collect();
    let mut is_held = vec![false; data.len()];
    for class in 0..K {
        let mut rows: Vec<usize> = (0..data.len()).filter(|&row| data.labels()[row] == class).collect();
        rows.sort_by_key(|&row| hashes[row]);
        let mut left = rows.len() / 4;
        for equal in rows.chunk_by(|&a, &b| hashes[a] == hashes[b]) {
            if equal.len() <= left {
                left -= equal.len();
                for &row in equal {
                    is_held[row] = true;
                }
            }
        }
    }
    let (held_out, training) = (0..data.len()).partition(|&row| is_held[row]);
    [training, held_out]
}

/// The fingerprint of the rows of these data, whatever their order.
#[must_use]
pub fn fingerprint<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Fingerprint {
    let rows = data.samples().iter().zip(data.labels());
    let mut rows: Vec<[u64; 2]> = rows.map(|(row, &label)| [hash(row), label as u64]).collect();
    rows.sort_unstable();
    Fingerprint::of(rows.into_iter().flatten().flat_map(u64::to_le_bytes))
}

/// A hash of inputs; that of −0 is that of 0.
fn hash<const D: usize>(inputs: &[f64; D]) -> u64 {
    inputs.iter().fold(0, |hash, input| SplitMix64::new(hash ^ (input + 0.0).to_bits()).next_u64())
}
