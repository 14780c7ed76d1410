//! The schoolbook loops of the [products](backprop::math::kernels), for tests and benchmarks: each product as its definition
//! says, in the order of summation that its fast twin keeps.

use backprop::math::relu::relu_gate;

/// The twin of [`affine`](backprop::math::kernels::affine).
pub(crate) fn affine<const N: usize, const I: usize, const O: usize>(
    activation: impl Fn(f64) -> f64,
    x: &[[f64; I]; N],
    w: &[[f64; O]; I],
    b: &[[f64; O]; 1],
    out: &mut [[f64; O]; N],
) {
    for n in 0..N {
        for o in 0..O {
            out[n][o] = activation(sum(b[0][o], I, |i| x[n][i] * w[i][o]));
        }
    }
}

/// The twin of [`transposed_product`](backprop::math::kernels::transposed_product) that starts from the sum.
pub(crate) fn add_transposed_product<const N: usize, const R: usize, const C: usize>(
    a: &[[f64; R]; N],
    b: &[[f64; C]; N],
    g: &mut [[f64; C]; R],
) {
    for r in 0..R {
        for c in 0..C {
            g[r][c] = sum(g[r][c], N, |n| a[n][r] * b[n][c]);
        }
    }
}

/// The twin of [`gated_product_with_transposed`](backprop::math::kernels::gated_product_with_transposed).
pub(crate) fn gated_product_with_transposed<const N: usize, const R: usize, const C: usize>(
    a: &[[f64; C]; N],
    b: &[[f64; C]; R],
    h: &[[f64; R]; N],
    out: &mut [[f64; R]; N],
) {
    for n in 0..N {
        for r in 0..R {
            out[n][r] = relu_gate(h[n][r], sum(-0.0, C, |c| a[n][c] * b[r][c]));
        }
    }
}

/// `start + term(0) + term(1) + …`, from left to right; −0 + x is x, whatever x.
#[inline(always)]
fn sum(start: f64, terms: usize, term: impl Fn(usize) -> f64) -> f64 {
    (0..terms).fold(start, |sum, index| sum + term(index))
}
