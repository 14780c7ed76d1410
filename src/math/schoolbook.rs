//! The schoolbook loops of the [products](crate::math::kernels): each product as its definition says, in the order of
//! summation that its fast twin keeps.

use crate::math::matrix::Matrix;
use crate::math::relu::{relu, relu_gate};

/// The twin of [`affine`](crate::math::kernels::affine).
pub fn affine<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    out: &mut Matrix<N, O>,
) {
    for n in 0..N {
        for o in 0..O {
            out[n][o] = sum(b[0][o], I, |i| x[n][i] * w[i][o]);
        }
    }
}

/// The twin of [`affine_relu`](crate::math::kernels::affine_relu).
pub fn affine_relu<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    h: &mut Matrix<N, O>,
) {
    affine(x, w, b, h);
    for h in h.values_mut() {
        *h = relu(*h);
    }
}

/// The twin of [`add_transposed_product`](crate::math::kernels::add_transposed_product).
pub fn add_transposed_product<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, R>,
    b: &Matrix<N, C>,
    g: &mut Matrix<R, C>,
) {
    for r in 0..R {
        for c in 0..C {
            g[r][c] = sum(g[r][c], N, |n| a[n][r] * b[n][c]);
        }
    }
}

/// The twin of [`gated_product_with_transposed`](crate::math::kernels::gated_product_with_transposed).
pub fn gated_product_with_transposed<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, C>,
    b: &Matrix<R, C>,
    h: &Matrix<N, R>,
    out: &mut Matrix<N, R>,
) {
    for n in 0..N {
        for r in 0..R {
            out[n][r] = relu_gate(h[n][r], sum(0.0, C, |c| a[n][c] * b[r][c]));
        }
    }
}

/// `start + term(0) + term(1) + …`, from left to right.
#[inline(always)]
fn sum(start: f64, terms: usize, term: impl Fn(usize) -> f64) -> f64 {
    (0..terms).fold(start, |sum, index| sum + term(index))
}
