//! The three matrix products of back-propagation, and beside each the schoolbook loop it must equal.
//!
//! | function | computes | used for |
//! |---|---|---|
//! | [`affine`] | `X·W + b` | the forward pass |
//! | [`add_transposed_product`] | `G + Aᵀ·B` | gradients of weights |
//! | [`product_with_transposed`] | `A·Bᵀ` | the way back through a layer |
//!
//! # How this is fast
//!
//! Every product is cut into register blocks of at most 5×32 results. A block's sums stay in vector registers
//! while the inner index runs once over the whole depth: each step loads one row piece of the right matrix and
//! reuses it for every row of the block. The right matrix is read along its rows, so every load is contiguous.
//! `A·Bᵀ` copies a panel of Bᵀ into a small buffer first, for the same reason.
//!
//! # Order of summation
//!
//! Each result is one running sum over the inner index in ascending order, whatever the block it falls into, so
//! the fast products equal their schoolbook twins bit for bit.

use crate::matrix::Matrix;

/// Rows of a register block. With 4 vectors of 8 columns it needs 20 of 32 vector registers; a number of rows
/// equal to the lanes of a vector (8) makes the compiler vectorise across rows instead, many times slower.
const BLOCK_ROWS: usize = 5;
/// Columns of a register block.
const BLOCK_COLUMNS: usize = 32;
/// Depth of a packed panel of Bᵀ: 64×32 values are 16 KiB, half of a first-level cache.
const PANEL_DEPTH: usize = 64;

/// `out = X·W + b`: row n of `out` starts as `b` and adds `x[n][i]·w[i][·]` for i = 0, 1, …
///
/// X is N×I, W is I×O, b is 1×O, `out` is N×O.
#[inline]
pub fn affine<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    out: &mut Matrix<N, O>,
) {
    for row in out.rows_mut() {
        *row = b[0];
    }
    add_product::<I, N, O>(|i, n| x[n][i], w.rows(), out.rows_mut());
}

/// `g += Aᵀ·B`: every entry of G adds `a[n][r]·b[n][c]` for n = 0, 1, …
///
/// A is N×R, B is N×C, G is R×C.
#[inline]
pub fn add_transposed_product<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, R>,
    b: &Matrix<N, C>,
    g: &mut Matrix<R, C>,
) {
    add_product::<N, R, C>(|n, r| a[n][r], b.rows(), g.rows_mut());
}

/// `out = A·Bᵀ`: entry (n, r) is the sum of `a[n][c]·b[r][c]` for c = 0, 1, …
///
/// A is N×C, B is R×C, `out` is N×R.
#[inline]
pub fn product_with_transposed<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, C>,
    b: &Matrix<R, C>,
    out: &mut Matrix<N, R>,
) {
    let mut panel = [[0.0; BLOCK_COLUMNS]; PANEL_DEPTH];
    out.values_mut().fill(0.0);
    for first_column in (0..R).step_by(BLOCK_COLUMNS) {
        let columns = BLOCK_COLUMNS.min(R - first_column);
        for first_depth in (0..C).step_by(PANEL_DEPTH) {
            let depth = PANEL_DEPTH.min(C - first_depth);
            for j in 0..columns {
                for c in 0..depth {
                    panel[c][j] = b[first_column + j][first_depth + c];
                }
            }
            for n in 0..N {
                let mut sums = [0.0; BLOCK_COLUMNS];
                sums[..columns].copy_from_slice(&out[n][first_column..first_column + columns]);
                for c in 0..depth {
                    let left = a[n][first_depth + c];
                    for j in 0..BLOCK_COLUMNS {
                        sums[j] += left * panel[c][j];
                    }
                }
                out[n][first_column..first_column + columns].copy_from_slice(&sums[..columns]);
            }
        }
    }
}

/// `out += L·B` with the left factor given by its entries: `left(d, r)` is what row r of `out` takes of row d
/// of B. The rows go by fives, the rest at once.
#[inline(always)]
fn add_product<const D: usize, const R: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    out: &mut [[f64; C]; R],
) {
    let mut row = 0;
    while row + BLOCK_ROWS <= R {
        add_rows::<BLOCK_ROWS, D, C>(|d, i| left(d, row + i), b, &mut out[row..]);
        row += BLOCK_ROWS;
    }
    let rest = &mut out[row..];
    match R % BLOCK_ROWS {
        1 => add_rows::<1, D, C>(|d, i| left(d, row + i), b, rest),
        2 => add_rows::<2, D, C>(|d, i| left(d, row + i), b, rest),
        3 => add_rows::<3, D, C>(|d, i| left(d, row + i), b, rest),
        4 => add_rows::<4, D, C>(|d, i| left(d, row + i), b, rest),
        _ => {}
    }
}

/// The first M rows of `out`, by blocks of 32 columns, then ever narrower ones.
#[inline(always)]
fn add_rows<const M: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    out: &mut [[f64; C]],
) {
    let mut column = 0;
    while column + BLOCK_COLUMNS <= C {
        add_block::<M, BLOCK_COLUMNS, D, C>(left, b, out, column);
        column += BLOCK_COLUMNS;
    }
    if C & 16 != 0 {
        add_block::<M, 16, D, C>(left, b, out, column);
        column += 16;
    }
    if C & 8 != 0 {
        add_block::<M, 8, D, C>(left, b, out, column);
        column += 8;
    }
    if C & 4 != 0 {
        add_block::<M, 4, D, C>(left, b, out, column);
        column += 4;
    }
    if C & 2 != 0 {
        add_block::<M, 2, D, C>(left, b, out, column);
        column += 2;
    }
    if C & 1 != 0 {
        add_block::<M, 1, D, C>(left, b, out, column);
    }
}

/// The M×W block of `out` whose top left corner is (0, column).
#[inline(always)]
fn add_block<const M: usize, const W: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64,
    b: &[[f64; C]; D],
    out: &mut [[f64; C]],
    column: usize,
) {
    let mut sums = [[0.0; W]; M];
    for i in 0..M {
        sums[i].copy_from_slice(&out[i][column..column + W]);
    }
    for d in 0..D {
        let right = &b[d][column..column + W];
        for i in 0..M {
            let factor = left(d, i);
            for j in 0..W {
                sums[i][j] += factor * right[j];
            }
        }
    }
    for i in 0..M {
        out[i][column..column + W].copy_from_slice(&sums[i]);
    }
}

/// The products as a textbook writes them: three loops, no blocks. They define what the fast ones compute.
pub mod schoolbook {
    use crate::matrix::Matrix;

    /// The twin of [`affine`](super::affine).
    pub fn affine<const N: usize, const I: usize, const O: usize>(
        x: &Matrix<N, I>,
        w: &Matrix<I, O>,
        b: &Matrix<1, O>,
        out: &mut Matrix<N, O>,
    ) {
        for n in 0..N {
            for o in 0..O {
                let mut sum = b[0][o];
                for i in 0..I {
                    sum += x[n][i] * w[i][o];
                }
                out[n][o] = sum;
            }
        }
    }

    /// The twin of [`add_transposed_product`](super::add_transposed_product).
    pub fn add_transposed_product<const N: usize, const R: usize, const C: usize>(
        a: &Matrix<N, R>,
        b: &Matrix<N, C>,
        g: &mut Matrix<R, C>,
    ) {
        for r in 0..R {
            for c in 0..C {
                for n in 0..N {
                    g[r][c] += a[n][r] * b[n][c];
                }
            }
        }
    }

    /// The twin of [`product_with_transposed`](super::product_with_transposed).
    pub fn product_with_transposed<const N: usize, const R: usize, const C: usize>(
        a: &Matrix<N, C>,
        b: &Matrix<R, C>,
        out: &mut Matrix<N, R>,
    ) {
        for n in 0..N {
            for r in 0..R {
                let mut sum = 0.0;
                for c in 0..C {
                    sum += a[n][c] * b[r][c];
                }
                out[n][r] = sum;
            }
        }
    }
}
