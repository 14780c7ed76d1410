//! Softmax, its loss, and the gradient of the loss.
//!
//! Every exponential is taken of a score minus the largest of its row, so nothing overflows, and the logarithm
//! of a probability is `(f_y − max) − ln Σⱼ e^(f_j − max)` (log-sum-exp), so that a probability which underflows
//! to zero still has a finite loss.

use std::array::from_fn;

use crate::elementary::{exp_in_place, ln};
use crate::matrix::Matrix;

/// The probabilities `p_k = e^(f_k) / Σⱼ e^(f_j)` of each row of scores; f and p are N×K.
pub fn softmax<const N: usize, const K: usize>(f: &Matrix<N, K>, p: &mut Matrix<N, K>) {
    let shares = Shares::of(f);
    for n in 0..N {
        for k in 0..K {
            p[n][k] = shares.p[k][n];
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
    Shares::of(f).losses(f, labels)
}

/// The loss −log p_y of each row, and its gradient times `scale`: `d_f[n][k] = scale·(p_k − 1[y_n = k])`, and zero in
/// the rows from `count` on, which are padding. All matrices are N×K.
///
/// # Panics
///
/// If a label is not below K.
pub fn softmax_loss<const N: usize, const K: usize>(
    f: &Matrix<N, K>,
    labels: &[usize; N],
    count: usize,
    scale: f64,
    d_f: &mut Matrix<N, K>,
) -> [f64; N] {
    let shares = Shares::of(f);
    for n in 0..N {
        for k in 0..K {
            let one_hot = if labels[n] == k { 1.0 } else { 0.0 };
            let p_minus_one_hot = shares.p[k][n] - one_hot; // Eq. (2)
            d_f[n][k] = if n < count { scale * p_minus_one_hot } else { 0.0 };
        }
    }
    shares.losses(f, labels)
}

/// The class with the largest score; of equals, the first.
#[must_use]
pub fn arg_max(scores: &[f64]) -> usize {
    (1..scores.len()).fold(0, |best, k| if scores[k] > scores[best] { k } else { best })
}

/// The probabilities of N rows and what their logarithms are made of. Class by class, not row by row: the loops over
/// rows are then the long, innermost ones, which the compiler vectorises.
struct Shares<const N: usize, const K: usize> {
    p: [[f64; N]; K],
    maxima: [f64; N],
    sums: [f64; N],
}

impl<const N: usize, const K: usize> Shares<N, K> {
    #[inline(always)]
    fn of(f: &Matrix<N, K>) -> Self {
        let mut p: [[f64; N]; K] = from_fn(|k| from_fn(|n| f[n][k]));
        let mut maxima = p[0];
        for scores in &p[1..] {
            for n in 0..N {
                maxima[n] = if scores[n] > maxima[n] { scores[n] } else { maxima[n] };
            }
        }
        for scores in &mut p {
            for n in 0..N {
                scores[n] -= maxima[n];
            }
            exp_in_place(scores);
        }
        let mut sums = [0.0; N];
        for exponentials in &p {
            for n in 0..N {
                sums[n] += exponentials[n];
            }
        }
        for exponentials in &mut p {
            for n in 0..N {
                exponentials[n] /= sums[n]; // Eq. (1)
            }
        }
        Shares { p, maxima, sums }
    }

    /// −log p_y of each row.
    #[inline(always)]
    fn losses(&self, f: &Matrix<N, K>, labels: &[usize; N]) -> [f64; N] {
        let mut losses = self.sums;
        for loss in &mut losses {
            *loss = ln(*loss);
        }
        for n in 0..N {
            losses[n] += self.maxima[n] - f[n][labels[n]];
        }
        losses
    }
}
