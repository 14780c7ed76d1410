//! Softmax, its loss, and the gradient of the loss.
//!
//! Every exponential is taken of a score minus the largest of its row, so nothing overflows, and the logarithm
//! of a probability is `(f_y − max) − ln Σⱼ e^(f_j − max)` (log-sum-exp), so that a probability which underflows
//! to zero still has a finite loss.

use crate::elementary::{exp, ln};
use crate::matrix::Matrix;

/// The probabilities `p_k = e^(f_k) / Σⱼ e^(f_j)` of each row of scores; f and p are N×K.
pub fn softmax<const N: usize, const K: usize>(f: &Matrix<N, K>, p: &mut Matrix<N, K>) {
    let rows = exponentials(f, p.rows_mut());
    for n in 0..N {
        for k in 0..K {
            p[n][k] /= rows.sums[n]; // Eq. (1)
        }
    }
}

/// The loss `−log p_y` of each row: f is N×K, `labels` holds the class y of each row.
///
/// # Panics
///
/// If a label is not below K.
#[must_use]
pub fn cross_entropy<const N: usize, const K: usize>(f: &Matrix<N, K>, labels: &[usize; N]) -> [f64; N] {
    exponentials(f, &mut [[0.0; K]; N]).losses(f, labels)
}

/// The loss −log p_y of each row, and its gradient times `scale`: `d_f[n][k] = scale·(p_k − 1[y_n = k])`, and zero in
/// the rows from `count` on, which are padding. All matrices are N×K.
///
/// # Panics
///
/// If a label is not below K.
#[inline]
pub fn softmax_loss<const N: usize, const K: usize>(
    f: &Matrix<N, K>,
    labels: &[usize; N],
    count: usize,
    scale: f64,
    d_f: &mut Matrix<N, K>,
) -> [f64; N] {
    let rows = exponentials(f, d_f.rows_mut());
    for n in 0..N {
        for k in 0..K {
            let one_hot = if labels[n] == k { 1.0 } else { 0.0 };
            let p_minus_one_hot = d_f[n][k] / rows.sums[n] - one_hot; // Eq. (2)
            d_f[n][k] = if n < count { scale * p_minus_one_hot } else { 0.0 };
        }
    }
    rows.losses(f, labels)
}

/// The class with the largest score; of equals, the first.
#[must_use]
pub fn arg_max(scores: &[f64]) -> usize {
    (1..scores.len()).fold(0, |best, k| if scores[k] > scores[best] { k } else { best })
}

/// The largest score of each row and the sum of the exponentials of the scores less the largest.
struct Rows<const N: usize> {
    maxima: [f64; N],
    sums: [f64; N],
}

impl<const N: usize> Rows<N> {
    /// −log p_y of each row.
    #[inline]
    fn losses<const K: usize>(&self, f: &Matrix<N, K>, labels: &[usize; N]) -> [f64; N] {
        let mut losses = [0.0; N];
        for n in 0..N {
            losses[n] = ln(self.sums[n]) + (self.maxima[n] - f[n][labels[n]]);
        }
        losses
    }
}

/// `e[n][k] = e^(f_k − max)` for every row, with the row's maximum and sum.
#[inline]
fn exponentials<const N: usize, const K: usize>(f: &Matrix<N, K>, e: &mut [[f64; K]; N]) -> Rows<N> {
    let mut rows = Rows { maxima: [0.0; N], sums: [0.0; N] };
    for n in 0..N {
        let row = &f[n];
        rows.maxima[n] = row.iter().fold(row[0], |max, &score| if score > max { score } else { max });
        for k in 0..K {
            e[n][k] = row[k] - rows.maxima[n];
        }
    }
    for value in e.as_flattened_mut() {
        *value = exp(*value);
    }
    for n in 0..N {
        rows.sums[n] = e[n].iter().fold(0.0, |sum, value| sum + value);
    }
    rows
}
