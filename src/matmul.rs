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
//! Shapes are constants, so every choice below is made by the compiler; in `const { … }` it is made early, and what is
//! not chosen costs no compile time. Which of three ways a product takes depends on its sizes; 8 is the number of lanes
//! of the widest vector.
//!
//! **Wide** results (8 columns or more), `add_wide`: 4 rows of the result take 4 rows of the right matrix at once, column
//! by column. The 16 factors stay in registers, so 8 loads and 4 stores of a vector feed 32 operations on it. The
//! innermost loop runs along rows; each of its steps does two neighbouring columns and the number of steps is a
//! multiple of 4, because a compiler that prefers vectors of 4 lanes (as it does on many processors with 8) then makes
//! vectors of 4×2 = 8. The last 4 columns, then the last 1 to 3, have loops of their own. 5 rows of depth at once,
//! or steps of 4 columns, overflow the registers and run up to ten times slower. Results of depth 4 or less are written
//! row by row: there is nothing to share, and four rows written at once stall a larger result on its way to the caches.
//!
//! **Deep** results (inner size at least 32) of `X·W + b` with fewer than 8 columns and of `A·Bᵀ`, `dots`: each entry is a
//! dot product of two rows, for which W is transposed first, split over 8 lanes that are added up at the end; 5 rows and
//! up to 4 columns at a time, so that 20 sums hide the time an addition takes. The steps are 4×2 lanes as above; 1 or 2
//! rows at a time are several times slower. A shallower `A·Bᵀ` transposes B and is a wide product.
//!
//! **Narrow and tall** gradients (fewer than 8 columns, at least 8 rows), `add_narrow`: the loop runs down the rows of the
//! result, whose columns it loads and stores interleaved, and takes 5 rows of both matrices at once.
//!
//! Anything smaller is a plain loop that the compiler unrolls.
//!
//! # Order of summation
//!
//! An entry is one running sum over the inner index in ascending order, except in `dots`: there lane l sums the
//! products of the indices l, l + 8, l + 16, … in ascending order, and the lanes are added as
//! `((0+4) + (2+6)) + ((1+5) + (3+7))`. Which it is follows from the shape alone, so the same product has the same
//! bits on every machine, and equals its schoolbook twin bit for bit.

use std::array::from_fn;

use crate::matrix::Matrix;

/// The lanes over which `dots` splits a sum, and the least number of columns or rows that counts as wide or tall.
const LANES: usize = 8;

/// The least inner size that counts as deep: below it, `dots` gains less than adding up its lanes costs.
const DEEP: usize = 32;

/// Rows of the result that `add_wide` works on at once, and rows of the right matrix that they take.
const BLOCK: usize = 4;

/// Rows of the result that `dots` works on at once, and rows of both matrices that `add_narrow` takes.
const DOT_ROWS: usize = 5;

/// Columns of the result that `dots` works on at once.
const DOT_COLUMNS: usize = 4;

/// `out = X·W + b`. X is N×I, W is I×O, b is 1×O, `out` is N×O.
///
/// Entry (n, o) starts as `b[o]` and adds `x[n][i]·w[i][o]` for i = 0, 1, …; if O < 8 and I ≥ 32 it is `b[o]` plus the dot
/// product summed [in lanes](self#order-of-summation).
pub fn affine<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    out: &mut Matrix<N, O>,
) {
    let (x, w, b, out) = (x.rows(), w.rows(), &b[0], out.rows_mut());
    if const { O >= LANES } {
        add_wide(|n, i| x[n][i], w, |_, o| b[o], out);
    } else if const { I >= DEEP } {
        dots(x, &transposed(w), |o| b[o], out);
    } else {
        for n in 0..N {
            out[n] = from_fn(|o| (0..I).fold(b[o], |sum, i| sum + x[n][i] * w[i][o]));
        }
    }
}

/// `g += Aᵀ·B`. A is N×R, B is N×C, G is R×C.
///
/// Entry (r, c) adds `a[n][r]·b[n][c]` for n = 0, 1, …
pub fn add_transposed_product<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, R>,
    b: &Matrix<N, C>,
    g: &mut Matrix<R, C>,
) {
    let (a, b, g) = (a.rows(), b.rows(), g.rows_mut());
    if const { C >= LANES } {
        add_wide(|r, n| a[n][r], b, |row, c| row[c], g);
    } else if const { R >= LANES } {
        add_narrow(a, b, g);
    } else {
        for r in 0..R {
            g[r] = from_fn(|c| (0..N).fold(g[r][c], |sum, n| sum + a[n][r] * b[n][c]));
        }
    }
}

/// `g[0][c] += Σₙ d[n][c]`, for n = 0, 1, …: the product 1ᵀ·D with a column of ones. D is N×C.
pub fn add_column_sums<const N: usize, const C: usize>(d: &Matrix<N, C>, g: &mut Matrix<1, C>) {
    let (d, g) = (d.rows(), g.rows_mut());
    if const { C >= LANES } {
        add_wide(|_, _| 1.0, d, |row, c| row[c], g);
    } else {
        g[0] = from_fn(|c| (0..N).fold(g[0][c], |sum, n| sum + d[n][c]));
    }
}

/// Σ v², summed [in lanes](self#order-of-summation).
#[must_use]
pub fn sum_of_squares(values: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for chunk in values.chunks(LANES) {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value * value;
        }
    }
    sum_of_lanes(&lanes)
}

/// `out = A·Bᵀ`. A is N×C, B is R×C, `out` is N×R.
///
/// Entry (n, r) is the sum of `a[n][c]·b[r][c]` for c = 0, 1, …; if C ≥ 32 it is summed
/// [in lanes](self#order-of-summation).
pub fn product_with_transposed<const N: usize, const R: usize, const C: usize>(
    a: &Matrix<N, C>,
    b: &Matrix<R, C>,
    out: &mut Matrix<N, R>,
) {
    let (a, b, out) = (a.rows(), b.rows(), out.rows_mut());
    if const { C >= DEEP } {
        dots(a, b, |_| 0.0, out);
    } else if const { R >= LANES } {
        add_wide(|n, c| a[n][c], &transposed(b), |_, _| 0.0, out);
    } else {
        for n in 0..N {
            out[n] = from_fn(|r| (0..C).fold(0.0, |sum, c| sum + a[n][c] * b[r][c]));
        }
    }
}

/// The transpose of a matrix with fewer than [`DEEP`] columns, on the stack.
#[inline(always)]
fn transposed<const R: usize, const C: usize>(matrix: &[[f64; C]; R]) -> [[f64; R]; C] {
    let mut transposed = [[0.0; R]; C];
    for r in 0..R {
        for c in 0..C {
            transposed[c][r] = matrix[r][c];
        }
    }
    transposed
}

/// Row r of `out` becomes `start(row, ·)` plus the sum of `left(r, d)·b[d]` for d = 0, 1, …, where `row` is what stood
/// there.
#[inline(always)]
fn add_wide<const R: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    start: impl Fn(&[f64; C], usize) -> f64 + Copy,
    out: &mut [[f64; C]; R],
) {
    // With so little depth there is nothing to share between rows, and writing one after the other suits the caches.
    if const { D <= BLOCK } {
        for r in 0..R {
            add_wide_rows::<1, D, C>(|_, d| left(r, d), b, start, &mut out[r..]);
        }
        return;
    }
    let mut r = 0;
    while r + BLOCK <= R {
        add_wide_rows::<BLOCK, D, C>(|i, d| left(r + i, d), b, start, &mut out[r..]);
        r += BLOCK;
    }
    match const { R % BLOCK } {
        1 => add_wide_rows::<1, D, C>(|i, d| left(r + i, d), b, start, &mut out[r..]),
        2 => add_wide_rows::<2, D, C>(|i, d| left(r + i, d), b, start, &mut out[r..]),
        3 => add_wide_rows::<3, D, C>(|i, d| left(r + i, d), b, start, &mut out[r..]),
        _ => {}
    }
}

/// `add_wide` for the first M rows of `out`: 1 to 4 rows of B first, which take the start, then 4 at a time.
#[inline]
fn add_wide_rows<const M: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    start: impl Fn(&[f64; C], usize) -> f64 + Copy,
    out: &mut [[f64; C]],
) {
    let out = out.first_chunk_mut().expect("M rows");
    let mut d = match const { if D == 0 { 0 } else { (D - 1) % BLOCK + 1 } } {
        0 => add_wide_block::<M, 0, C>(left, b, start, out),
        1 => add_wide_block::<M, 1, C>(left, b, start, out),
        2 => add_wide_block::<M, 2, C>(left, b, start, out),
        3 => add_wide_block::<M, 3, C>(left, b, start, out),
        _ => add_wide_block::<M, BLOCK, C>(left, b, start, out),
    };
    while d < D {
        d += add_wide_block::<M, BLOCK, C>(|i, k| left(i, d + k), &b[d..], |row, c| row[c], out);
    }
}

/// M rows of `out` take the first K rows of `b`; returns K.
#[inline(always)]
fn add_wide_block<const M: usize, const K: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64,
    b: &[[f64; C]],
    start: impl Fn(&[f64; C], usize) -> f64,
    out: &mut [[f64; C]; M],
) -> usize {
    let b: &[[f64; C]; K] = b.first_chunk().expect("K rows");
    let factors: [[f64; K]; M] = from_fn(|i| from_fn(|k| left(i, k)));
    let sum = |row: &[f64; C], i: usize, c: usize| {
        let mut sum = start(row, c);
        for k in 0..K {
            sum += factors[i][k] * b[k][c];
        }
        sum
    };
    for c in (0..C / LANES * (LANES / 2)).map(|pair| 2 * pair) {
        store(out, c, from_fn(|i| from_fn::<_, 2, _>(|j| sum(&out[i], i, c + j))));
    }
    if const { C % LANES >= 4 } {
        let c = C / LANES * LANES;
        store(out, c, from_fn(|i| from_fn::<_, 4, _>(|j| sum(&out[i], i, c + j))));
    }
    if const { C % 4 >= 2 } {
        let c = C / 4 * 4;
        store(out, c, from_fn(|i| from_fn::<_, 2, _>(|j| sum(&out[i], i, c + j))));
    }
    if const { C % 2 == 1 } {
        store(out, C - 1, from_fn(|i| [sum(&out[i], i, C - 1)]));
    }
    K
}

/// Stores W columns from column c on. All sums are made before any is stored: a store between them might change
/// what is loaded next, for all that the compiler knows, and everything would be loaded anew for every row.
#[inline(always)]
fn store<const M: usize, const W: usize, const C: usize>(
    out: &mut [[f64; C]; M],
    c: usize,
    sums: [[f64; W]; M],
) {
    for i in 0..M {
        for j in 0..W {
            out[i][c + j] = sums[i][j];
        }
    }
}

/// `g[r][c]` adds `a[n][r]·b[n][c]` for n = 0, 1, …: 1 to 5 rows of A and B first, then 5 at a time.
#[inline(always)]
fn add_narrow<const N: usize, const R: usize, const C: usize>(
    a: &[[f64; R]; N],
    b: &[[f64; C]; N],
    g: &mut [[f64; C]; R],
) {
    let mut n = match const { N % DOT_ROWS } {
        1 => add_narrow_block::<1, R, C>(a, b, g),
        2 => add_narrow_block::<2, R, C>(a, b, g),
        3 => add_narrow_block::<3, R, C>(a, b, g),
        4 => add_narrow_block::<4, R, C>(a, b, g),
        _ => 0,
    };
    while n < N {
        n += add_narrow_block::<DOT_ROWS, R, C>(&a[n..], &b[n..], g);
    }
}

/// `add_narrow` for the first M rows of A and B; returns M.
#[inline(always)]
fn add_narrow_block<const M: usize, const R: usize, const C: usize>(
    a: &[[f64; R]],
    b: &[[f64; C]],
    g: &mut [[f64; C]; R],
) -> usize {
    let a: &[[f64; R]; M] = a.first_chunk().expect("M rows");
    let b: &[[f64; C]; M] = b.first_chunk().expect("M rows");
    for r in 0..R {
        for c in 0..C {
            let mut sum = g[r][c];
            for m in 0..M {
                sum += a[m][r] * b[m][c];
            }
            g[r][c] = sum;
        }
    }
    M
}

/// `out[n][r]` becomes `start(r)` plus the dot product of rows n of A and r of B, summed in lanes.
#[inline(always)]
fn dots<const N: usize, const R: usize, const D: usize>(
    a: &[[f64; D]; N],
    b: &[[f64; D]; R],
    start: impl Fn(usize) -> f64 + Copy,
    out: &mut [[f64; R]; N],
) {
    let mut r = 0;
    while r + DOT_COLUMNS <= R {
        dots_columns::<DOT_COLUMNS, N, R, D>(a, b, start, out, r);
        r += DOT_COLUMNS;
    }
    match const { R % DOT_COLUMNS } {
        1 => dots_columns::<1, N, R, D>(a, b, start, out, r),
        2 => dots_columns::<2, N, R, D>(a, b, start, out, r),
        3 => dots_columns::<3, N, R, D>(a, b, start, out, r),
        _ => {}
    }
}

/// `dots` for W columns of `out` from column r on.
#[inline(always)]
fn dots_columns<const W: usize, const N: usize, const R: usize, const D: usize>(
    a: &[[f64; D]; N],
    b: &[[f64; D]; R],
    start: impl Fn(usize) -> f64 + Copy,
    out: &mut [[f64; R]; N],
    r: usize,
) {
    let b: &[[f64; D]; W] = b[r..].first_chunk().expect("W rows");
    if const { N < DOT_ROWS } {
        match N {
            1 => dots_rows::<1, W, R, D>(a, b, start, out, r),
            2 => dots_rows::<2, W, R, D>(a, b, start, out, r),
            3 => dots_rows::<3, W, R, D>(a, b, start, out, r),
            4 => dots_rows::<4, W, R, D>(a, b, start, out, r),
            _ => {}
        }
        return;
    }
    for n in (0..N).step_by(DOT_ROWS) {
        // The last 5 rows may overlap those before them, which are then computed twice.
        let n = n.min(N - DOT_ROWS);
        dots_rows::<DOT_ROWS, W, R, D>(&a[n..], b, start, &mut out[n..], r);
    }
}

/// `dots` for the first M rows and W columns of `out` from column r on.
#[inline(always)]
fn dots_rows<const M: usize, const W: usize, const R: usize, const D: usize>(
    a: &[[f64; D]],
    b: &[[f64; D]; W],
    start: impl Fn(usize) -> f64,
    out: &mut [[f64; R]],
    r: usize,
) {
    let dots = dots_block::<M, W, D>(a.first_chunk().expect("M rows"), b);
    for i in 0..M {
        for j in 0..W {
            out[i][r + j] = start(r + j) + dots[i][j];
        }
    }
}

/// The dot products of M rows of A and W rows of B, summed in lanes. A function of its own on purpose: unrolled into its
/// callers, it is vectorised well in some and four times slower in others.
#[inline(never)]
fn dots_block<const M: usize, const W: usize, const D: usize>(
    a: &[[f64; D]; M],
    b: &[[f64; D]; W],
) -> [[f64; W]; M] {
    let mut sums = [[[0.0; LANES]; W]; M];
    for chunk in 0..D / LANES {
        for pair in 0..LANES / 2 {
            for i in 0..M {
                for j in 0..W {
                    for half in 0..2 {
                        let lane = 2 * pair + half;
                        sums[i][j][lane] += a[i][LANES * chunk + lane] * b[j][LANES * chunk + lane];
                    }
                }
            }
        }
    }
    let d = D / LANES * LANES;
    for i in 0..M {
        for j in 0..W {
            for lane in 0..D % LANES {
                sums[i][j][lane] += a[i][d + lane] * b[j][d + lane];
            }
        }
    }
    from_fn(|i| from_fn(|j| sum_of_lanes(&sums[i][j])))
}

#[inline(always)]
fn sum_of_lanes(lane: &[f64; LANES]) -> f64 {
    ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]))
}

/// The products as a textbook writes them: three loops, no blocks. They define what the fast ones compute.
pub mod schoolbook {
    use super::{DEEP, LANES, sum_of_lanes};
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
                let product = |i: usize| x[n][i] * w[i][o];
                let in_lanes = O < LANES && I >= DEEP;
                out[n][o] =
                    if in_lanes { b[0][o] + sum_in_lanes(I, product) } else { sum(b[0][o], I, product) };
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
                g[r][c] = sum(g[r][c], N, |n| a[n][r] * b[n][c]);
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
                let product = |c: usize| a[n][c] * b[r][c];
                out[n][r] = if C >= DEEP { 0.0 + sum_in_lanes(C, product) } else { sum(0.0, C, product) };
            }
        }
    }

    /// `start + term(0) + term(1) + …`, from left to right.
    #[inline(always)]
    fn sum(start: f64, terms: usize, term: impl Fn(usize) -> f64) -> f64 {
        (0..terms).fold(start, |sum, index| sum + term(index))
    }

    /// The terms added up in lanes.
    #[inline(always)]
    fn sum_in_lanes(terms: usize, term: impl Fn(usize) -> f64) -> f64 {
        let mut lanes = [0.0; LANES];
        for index in 0..terms {
            lanes[index % LANES] += term(index);
        }
        sum_of_lanes(&lanes)
    }
}
