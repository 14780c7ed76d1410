//! Softmax, its loss, and the gradient of the loss.
//!
//! Every exponential is taken of a score minus the largest of its row, so nothing overflows, and the logarithm
//! of a probability is `(f_y − max) − ln Σⱼ e^(f_j − max)` (log-sum-exp), so that a probability which underflows
//! to zero still has a finite loss.
//!
//! # Why the gradient is p − 1\[y\]
//!
//! With S = Σⱼ e^(f_j), the probabilities are p_k = e^(f_k) / S. As ∂S/∂f_j = e^(f_j), the quotient rule gives the
//! Jacobian of softmax, where 1\[j = k\] is 1 if j = k and 0 otherwise:
//!
//! ```text
//! ∂p_k/∂f_j = (1[j = k]·e^(f_k)·S − e^(f_k)·e^(f_j)) / S²
//!           = e^(f_k)/S · (1[j = k] − e^(f_j)/S)
//!           = p_k·(1[j = k] − p_j)
//! ```
//!
//! In numbers, for scores ln 1, ln 2 and ln 5, so that S = 8, beside the difference quotient of the function itself:
//!
//! ```
//! use backprop::{math::exp_ln::ln, math::matrix::Matrix, math::softmax::softmax};
//!
//! let f = [0.0, ln(2.0), ln(5.0)];
//! let probabilities = |f| {
//!     let mut p = Matrix::zeros();
//!     softmax(&Matrix::from_rows([f]), &mut p);
//!     p[0]
//! };
//! let p = [1.0 / 8.0, 2.0 / 8.0, 5.0 / 8.0];
//! let jacobian = [[7.0, -2.0, -5.0], [-2.0, 12.0, -10.0], [-5.0, -10.0, 15.0]]; // 64ths
//! for j in 0..3 {
//!     let [mut above, mut below] = [f; 2];
//!     above[j] += 1e-5;
//!     below[j] -= 1e-5;
//!     let (above, below) = (probabilities(above), probabilities(below));
//!     for k in 0..3 {
//!         assert!((probabilities(f)[k] - p[k]).abs() < 1e-15);
//!         let one = if j == k { 1.0 } else { 0.0 };
//!         assert_eq!(p[k] * (one - p[j]), jacobian[k][j] / 64.0);
//!         assert!(((above[k] - below[k]) / 2e-5 - jacobian[k][j] / 64.0).abs() < 1e-10);
//!     }
//! }
//! ```
//!
//! The loss of a sample of class y is J = −log p_y. By the chain rule, the probability cancels:
//!
//! ```text
//! ∂J/∂f_j = −1/p_y · ∂p_y/∂f_j
//!         = −1/p_y · p_y·(1[j = y] − p_j)
//!         = p_j − 1[j = y]                                 Eq. 2
//! ```
//!
//! ```
//! # use backprop::{math::exp_ln::ln, math::matrix::Matrix, math::softmax::softmax_loss};
//! let (p, jacobian) = ([1.0, 2.0, 5.0], [[7.0, -2.0, -5.0], [-2.0, 12.0, -10.0], [-5.0, -10.0, 15.0]]);
//! let y = 1;
//! let chain_rule = [0, 1, 2].map(|j| -8.0 / p[y] * (jacobian[y][j] / 64.0));
//! assert_eq!(chain_rule, [1.0 / 8.0, 2.0 / 8.0 - 1.0, 5.0 / 8.0]);
//!
//! let f = Matrix::from_rows([[0.0, ln(2.0), ln(5.0)]]);
//! let mut d_f = Matrix::zeros();
//! let [loss] = softmax_loss(&f, &[y], 1, 1.0, &mut d_f);
//! assert!((loss - ln(8.0 / 2.0)).abs() < 1e-15);
//! assert!((0..3).all(|j| (d_f[0][j] - chain_rule[j]).abs() < 1e-15));
//! ```
//!
//! The cost is the mean over N samples, each of which has scores of its own: so its gradient in the scores of one
//! sample is 1/N of this, and that factor enters here, as `one_over_n`, and nowhere else.

use std::array::{from_mut, from_ref};

use crate::math::exp_ln::{exp_in_place, ln_of_normal};
use crate::math::matrix::Matrix;

/// The probabilities `p_k = e^(f_k) / Σⱼ e^(f_j)` of each row of scores; f and p are N×K.
pub fn softmax<const N: usize, const K: usize>(f: &Matrix<N, K>, p: &mut Matrix<N, K>) {
    if const { N > 1 && size_of::<[[f64; K]; N]>() > MOST_ON_STACK } {
        for n in 0..N {
            [p[n]] = Shares::of(from_ref(&f[n])).p;
        }
    } else {
        **p = Shares::of(f).p;
    }
}

/// The loss `−log p_y` of each row: f is N×K, `labels` holds the class y of each row.
///
/// # Panics
///
/// If a label is not below K.
pub fn cross_entropy<const N: usize, const K: usize>(f: &[[f64; K]; N], labels: &[usize; N]) -> [f64; N] {
    if const { N > 1 && size_of::<[[f64; K]; N]>() > MOST_ON_STACK } {
        let mut losses = [0.0; N];
        for n in 0..N {
            [losses[n]] = cross_entropy(from_ref(&f[n]), &[labels[n]]);
        }
        losses
    } else {
        Shares::of(f).losses(f, labels)
    }
}

/// The loss −log p_y of each row, and its gradient times 1/N: `d_f[n][k] = one_over_n·(p_k − 1[y_n = k])`, and zero in
/// the rows from `count` on, which are padding. All matrices are N×K.
///
/// # Panics
///
/// If a label is not below K.
pub fn softmax_loss<const N: usize, const K: usize>(
    f: &[[f64; K]; N],
    labels: &[usize; N],
    count: usize,
    one_over_n: f64,
    d_f: &mut [[f64; K]; N],
) -> [f64; N] {
    if const { N > 1 && size_of::<[[f64; K]; N]>() > MOST_ON_STACK } {
        let mut losses = [0.0; N];
        for n in 0..N {
            let (f, d_f, count) = (from_ref(&f[n]), from_mut(&mut d_f[n]), count.saturating_sub(n));
            [losses[n]] = softmax_loss(f, &[labels[n]], count, one_over_n, d_f);
        }
        return losses;
    }
    let shares = Shares::of(f);
    // d_f[n][k] = (p[n][k] − 1[y_n = k]) / N
    for n in 0..N {
        for k in 0..K {
            let one_hot = if labels[n] == k { 1.0 } else { 0.0 };
            let gradient = one_over_n * (shares.p[n][k] - one_hot); // Eq. (2)
            d_f[n][k] = if n < count { gradient } else { 0.0 };
        }
    }
    shares.losses(f, labels)
}

/// The class with the largest score; of equals, the first.
#[inline]
pub fn arg_max(scores: &[f64]) -> usize {
    (1..scores.len()).fold(0, |best, k| if scores[k] > scores[best] { k } else { best })
}

/// The most bytes of probabilities on the stack; larger matrices are computed row by row.
const MOST_ON_STACK: usize = 64 * 1024;

/// The probabilities of N rows and the parts of their logarithms.
struct Shares<const N: usize, const K: usize> {
    p: [[f64; K]; N],
    maxima: [f64; N],
    sums: [f64; N],
}

impl<const N: usize, const K: usize> Shares<N, K> {
    #[inline(always)]
    fn of(f: &[[f64; K]; N]) -> Self {
        let mut p = *f;
        // maxₙ = maxₖ f[n][k]
        let mut maxima = [0.0; N];
        for n in 0..N {
            maxima[n] = p[n][0];
            for k in 1..K {
                maxima[n] = if p[n][k] > maxima[n] { p[n][k] } else { maxima[n] };
            }
        }
        // e^(f[n][k] − maxₙ)
        for n in 0..N {
            for k in 0..K {
                p[n][k] -= maxima[n];
            }
        }
        exp_in_place(p.as_flattened_mut());
        // sumₙ = Σₖ e^(f[n][k] − maxₙ)
        let mut sums = [0.0; N];
        for n in 0..N {
            for k in 0..K {
                sums[n] += p[n][k];
            }
        }
        // p[n][k] = e^(f[n][k] − maxₙ) / sumₙ
        for n in 0..N {
            for k in 0..K {
                p[n][k] /= sums[n]; // Eq. (1)
            }
        }
        Shares { p, maxima, sums }
    }

    /// −log p_y of each row.
    #[inline(always)]
    fn losses(&self, f: &[[f64; K]; N], labels: &[usize; N]) -> [f64; N] {
        // −log p[n][y] = ln sumₙ + maxₙ − f[n][y]
        let mut losses = self.sums;
        for loss in &mut losses {
            // A sum is from 1 to K, or NaN, which 0·NaN brings back.
            *loss = ln_of_normal(*loss, 0.0) + 0.0 * *loss;
        }
        for n in 0..N {
            losses[n] += self.maxima[n] - f[n][labels[n]];
        }
        losses
    }
}
