//! Formulas as values: `x.times(w1).plus(b1)` is X·W₁ + b₁, not yet computed.
//!
//! A formula holds references to its matrices. `store` computes it into a matrix by one
//! [kernel](crate::math::kernels), so that no intermediate result, such as h_pre, is stored. Shapes are checked by the
//! compiler:
//!
//! ```
//! use backprop::math::matrix::Matrix;
//!
//! let x = Matrix::from_rows([[1.0, 2.0]]);
//! let w = Matrix::from_rows([[1.0, 0.0, -3.0], [1.0, 1.0, 1.0]]);
//! let b = Matrix::from_rows([[0.5, 0.5, 0.5]]);
//! let (mut h_pre, mut h) = (Matrix::zeros(), Matrix::zeros());
//! x.times(&w).plus(&b).store(&mut h_pre);
//! x.times(&w).plus(&b).relu().store(&mut h);
//! assert_eq!(h_pre[0], [3.5, 2.5, -0.5]);
//! assert_eq!(h[0], [3.5, 2.5, 0.0]);
//! ```
//!
//! ```compile_fail,E0308
//! # use backprop::math::matrix::Matrix;
//! let (x, w) = (Matrix::<4, 2>::zeros(), Matrix::<3, 6>::zeros());
//! x.times(&w); // expected `2`, found `3`
//! ```
//!
//! ```compile_fail,E0308
//! # use backprop::math::matrix::Matrix;
//! let (x, w, b) = (Matrix::<4, 2>::zeros(), Matrix::<2, 6>::zeros(), Matrix::<1, 6>::zeros());
//! let mut h = Matrix::<4, 5>::zeros();
//! x.times(&w).plus(&b).relu().store(&mut h); // expected `6`, found `5`
//! ```
//!
//! # Why the gradients are these products
//!
//! An entry of out = X·W + b is `out[n][o] = Σᵢ x[n][i]·W[i][o] + b[o]`. Let δ = ∂J/∂out, N×O. J depends on a weight, a
//! bias or an input only through the outputs in which that one stands, so the chain rule sums over those:
//!
//! ```text
//! ∂out[n][o]/∂W[i][o] = x[n][i]     ∂J/∂W[i][o] = Σₙ x[n][i]·δ[n][o] = (Xᵀ·δ)[i][o]     one column, every sample
//! ∂out[n][o]/∂b[o]    = 1           ∂J/∂b[o]    = Σₙ δ[n][o]                            one column, every sample
//! ∂out[n][o]/∂x[n][i] = W[i][o]     ∂J/∂x[n][i] = Σₒ δ[n][o]·W[i][o] = (δ·Wᵀ)[n][i]     one row, every output
//! ```
//!
//! With J = Σ δ⊗out, whose gradient in the outputs is δ, and integers for all numbers, a step of 1 changes J by exactly
//! the derivative:
//!
//! ```
//! use backprop::math::matrix::Matrix;
//!
//! let x = Matrix::from_rows([[1.0, 2.0], [-3.0, 4.0], [5.0, -6.0]]);
//! let w = Matrix::from_rows([[2.0, -1.0], [7.0, 3.0]]);
//! let b = Matrix::from_rows([[1.0, -4.0]]);
//! let delta = Matrix::from_rows([[1.0, -2.0], [3.0, 5.0], [-1.0, 4.0]]);
//! let cost = |x: &Matrix<3, 2>, w: &Matrix<2, 2>, b: &Matrix<1, 2>| {
//!     let mut out = Matrix::zeros();
//!     x.times(w).plus(b).store(&mut out);
//!     delta.values().iter().zip(out.values()).map(|(delta, out)| delta * out).sum::<f64>()
//! };
//!
//! let (mut d_w, mut d_b, mut d_x) = (Matrix::zeros(), Matrix::zeros(), Matrix::zeros());
//! x.transposed_times(&delta).store(&mut d_w);
//! delta.column_sums().store(&mut d_b);
//! // As if x were φ(h_pre) of positive numbers: the gate of Eq. 10 is open.
//! let open = Matrix::from_rows([[1.0; 2]; 3]);
//! delta.times_transposed(&w).where_positive(&open).store(&mut d_x);
//!
//! let before = cost(&x, &w, &b);
//! for (r, c) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
//!     let mut moved = w.clone();
//!     moved[r][c] += 1.0;
//!     assert_eq!(cost(&x, &moved, &b) - before, d_w[r][c]);
//! }
//! for c in 0..2 {
//!     let mut moved = b.clone();
//!     moved[0][c] += 1.0;
//!     assert_eq!(cost(&x, &w, &moved) - before, d_b[0][c]);
//! }
//! for (r, c) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
//!     let mut moved = x.clone();
//!     moved[r][c] += 1.0;
//!     assert_eq!(cost(&moved, &w, &b) - before, d_x[r][c]);
//! }
//! ```

use std::convert::identity;

use crate::math::kernels::{self, Start};
use crate::math::matrix::Matrix;
use crate::math::relu::relu;

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// X·W. X is this matrix, R×C; W is C×O.
    #[inline(always)]
    #[must_use]
    pub fn times<'a, const O: usize>(&'a self, w: &'a Matrix<C, O>) -> Product<'a, R, C, O> {
        Product { x: self, w }
    }

    /// Aᵀ·B. A is this matrix, R×C; B is R×O.
    #[inline(always)]
    #[must_use]
    pub fn transposed_times<'a, const O: usize>(
        &'a self,
        b: &'a Matrix<R, O>,
    ) -> TransposedProduct<'a, R, C, O> {
        TransposedProduct { a: self, b, start: Start::Penalty { lambda: 0.0 }, w: None }
    }

    /// A·Bᵀ. A is this matrix, R×C; B is O×C.
    #[inline(always)]
    #[must_use]
    pub fn times_transposed<'a, const O: usize>(
        &'a self,
        b: &'a Matrix<O, C>,
    ) -> ProductWithTransposed<'a, R, C, O> {
        ProductWithTransposed { a: self, b }
    }

    /// Σₙ over the rows n of this matrix, 1×C.
    #[inline(always)]
    #[must_use]
    pub fn column_sums(&self) -> ColumnSums<'_, R, C> {
        ColumnSums { d: self, start: Start::Penalty { lambda: 0.0 } }
    }

    /// One step of gradient descent: `θ −= α·∂J/∂θ`.
    #[inline(always)]
    pub fn descend(&mut self, alpha: f64, gradient: &Self) {
        let (theta, d_theta) = (self.values_mut(), gradient.values());
        for i in 0..R * C {
            theta[i] -= alpha * d_theta[i];
        }
    }
}

/// X·W.
#[derive(Debug, Clone, Copy)]
pub struct Product<'a, const N: usize, const I: usize, const O: usize> {
    x: &'a Matrix<N, I>,
    w: &'a Matrix<I, O>,
}

impl<'a, const N: usize, const I: usize, const O: usize> Product<'a, N, I, O> {
    /// X·W + b. b, 1×O, is added to every row.
    #[inline(always)]
    #[must_use]
    pub fn plus(self, b: &'a Matrix<1, O>) -> Affine<'a, impl Fn(f64) -> f64, N, I, O> {
        Affine { product: self, b, activation: identity }
    }
}

/// φ(X·W + b) with an activation φ.
#[derive(Debug, Clone, Copy)]
pub struct Affine<'a, F, const N: usize, const I: usize, const O: usize> {
    product: Product<'a, N, I, O>,
    b: &'a Matrix<1, O>,
    activation: F,
}

impl<'a, F: Fn(f64) -> f64, const N: usize, const I: usize, const O: usize> Affine<'a, F, N, I, O> {
    /// φ(X·W + b) with the [rectifier](crate::math::relu) φ.
    #[inline(always)]
    #[must_use]
    pub fn relu(self) -> Affine<'a, impl Fn(f64) -> f64, N, I, O> {
        Affine { product: self.product, b: self.b, activation: relu }
    }

    /// Computes it into `out`.
    #[inline(always)]
    pub fn store(self, out: &mut Matrix<N, O>) {
        kernels::affine(self.activation, self.product.x, self.product.w, self.b, out);
    }
}

/// Aᵀ·B, added to a [start](Start).
#[derive(Debug, Clone, Copy)]
pub struct TransposedProduct<'a, const N: usize, const R: usize, const C: usize> {
    a: &'a Matrix<N, R>,
    b: &'a Matrix<N, C>,
    start: Start,
    w: Option<&'a [[f64; C]; R]>,
}

impl<'a, const N: usize, const R: usize, const C: usize> TransposedProduct<'a, N, R, C> {
    /// Adds it to the start of the gradient of W.
    ///
    /// ```
    /// # use backprop::math::{kernels::Start, matrix::Matrix};
    /// let (w, mut g) = (Matrix::from_rows([[2.0, f64::INFINITY]]), Matrix::zeros());
    /// let (x, d) = (Matrix::from_rows([[1.0]]), Matrix::from_rows([[3.0, 3.0]]));
    /// x.transposed_times(&d).plus(Start::Penalty { lambda: 0.5 }, &w).store(&mut g);
    /// assert_eq!(g[0], [4.0, f64::INFINITY]);
    /// x.transposed_times(&d).plus(Start::Sum, &w).store(&mut g);
    /// assert_eq!(g[0], [7.0, f64::INFINITY]);
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn plus(self, start: Start, w: &'a Matrix<R, C>) -> Self {
        TransposedProduct { start, w: Some(w), ..self }
    }

    /// Computes it into `sum`, row after row of A and B, so that a batch gives the same bits however it is cut into tiles.
    #[inline(always)]
    pub fn store(self, sum: &mut Matrix<R, C>) {
        kernels::transposed_product(self.start, self.w, self.a, self.b, sum);
    }
}

/// A·Bᵀ.
#[derive(Debug, Clone, Copy)]
pub struct ProductWithTransposed<'a, const N: usize, const C: usize, const R: usize> {
    a: &'a Matrix<N, C>,
    b: &'a Matrix<R, C>,
}

impl<'a, const N: usize, const C: usize, const R: usize> ProductWithTransposed<'a, N, C, R> {
    /// (A·Bᵀ) ⊗ 1\[h > 0\]: its entries where those of h are positive, and 0 elsewhere. As h = φ(h_pre) is positive where
    /// h_pre is, this is the [gate](crate::math::relu#why-the-gradient-passes-a-gate) of h_pre.
    #[inline(always)]
    #[must_use]
    pub fn where_positive(self, h: &'a Matrix<N, R>) -> Gated<'a, N, C, R> {
        Gated { product: self, h }
    }
}

/// (A·Bᵀ) ⊗ 1\[h > 0\].
#[derive(Debug, Clone, Copy)]
pub struct Gated<'a, const N: usize, const C: usize, const R: usize> {
    product: ProductWithTransposed<'a, N, C, R>,
    h: &'a Matrix<N, R>,
}

impl<const N: usize, const C: usize, const R: usize> Gated<'_, N, C, R> {
    /// Computes it into `out`.
    #[inline(always)]
    pub fn store(self, out: &mut Matrix<N, R>) {
        kernels::gated_product_with_transposed(self.product.a, self.product.b, self.h, out);
    }
}

/// Σₙ of the rows of D, added to a [start](Start).
#[derive(Debug, Clone, Copy)]
pub struct ColumnSums<'a, const N: usize, const C: usize> {
    d: &'a Matrix<N, C>,
    start: Start,
}

impl<const N: usize, const C: usize> ColumnSums<'_, N, C> {
    /// Adds it to the start of the gradient of biases.
    #[inline(always)]
    #[must_use]
    pub fn plus(self, start: Start) -> Self {
        ColumnSums { start, ..self }
    }

    /// Computes it into `sum`, row after row.
    #[inline(always)]
    pub fn store(self, sum: &mut Matrix<1, C>) {
        kernels::column_sums(self.start, self.d, sum);
    }
}
