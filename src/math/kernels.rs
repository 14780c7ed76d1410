//! The three matrix products of back-propagation. Each equals its schoolbook loop, in
//! `tests/common/schoolbook.rs`, bit for bit.
//!
//! | function | computes | used for |
//! |---|---|---|
//! | [`affine`] | `φ(X·W + b)` | the forward pass |
//! | [`transposed_product`] | `S + Aᵀ·B` | gradients of weights, from S = λW on |
//! | [`gated_product_with_transposed`] | `(A·Bᵀ) ⊗ 1[h > 0]` | the way back through a layer |
//!
//! # How this is fast
//!
//! `blocks.rs` has the fast loop, and says why it is fast: rows of the right matrix times factors of the left one, in blocks
//! of 5 rows × 8 columns. Here every product is given that form. `A·Bᵀ` transposes B first, in strips of 8, or all of it if the
//! inner size is small. `Aᵀ·B` with fewer than 8 columns is computed as its own transpose, `Bᵀ·A`. `X·W + b` with fewer than
//! 8 columns computes columns that W does not have, and drops them.
//!
//! A kernel takes arrays, not [matrices](crate::math::matrix): of references to arrays the compiler knows that what is
//! written is nowhere else read. And its loops count indices: adapters like `array::map` are calls of functions as soon as
//! the program is compiled in several units, and no loop with a call becomes vectors.
//!
//! Products too small for a block are plain loops, which the compiler unrolls. All choices depend on shapes alone, in
//! `const { … }`: a branch that is not taken is not compiled. The limits between them were found by measuring on AMD (Zen 4),
//! those of one row at a time, of `Aᵀ·B` and of `A·Bᵀ` on Intel (Sapphire Rapids); `benches/RESULTS.md` has every product
//! beside its schoolbook loop.
//!
//! # Order of summation
//!
//! Every entry is one running sum over the inner index in ascending order, whatever the shape: the same product has the
//! same bits on every machine, and equals its schoolbook twin bit for bit.

use std::hint::black_box;

use crate::math::blocks::{
    COLUMNS, MOST_COPIED, ROWS, Target, add_strip, add_wide, block, store, sum, tabulate,
};
use crate::math::relu::relu_gate;

/// Rows of a block of 4 columns: as many independent sums as a full block has.
const NARROW_ROWS: usize = 10;

/// The least inner size for which unused columns pay in blocks of 10 rows; blocks of 5 need twice that.
const DEEP: usize = 16;

/// `out = φ(X·W + b)`. The activation φ is the [rectifier](crate::math::relu) or [`identity`](std::convert::identity); X is
/// N×I, W is I×O, b is 1×O, `out` is N×O.
///
/// Entry (n, o) starts as `b[o]` and adds `x[n][i]·w[i][o]` for i = 0, 1, …
pub fn affine<const N: usize, const I: usize, const O: usize>(
    activation: impl Fn(f64) -> f64,
    x: &[[f64; I]; N],
    w: &[[f64; O]; I],
    b: &[[f64; O]; 1],
    out: &mut [[f64; O]; N],
) {
    let b = &b[0];
    let target = &mut AffineTarget { b, activation, out };
    if const { O >= COLUMNS } {
        add_wide::<N, I, O>(|n, i| x[n][i], w, target);
    } else if const { N >= ROWS && I >= 2 * DEEP && O > 4 } {
        affine_narrow::<ROWS, COLUMNS, N, I, O>(x, w, b, target);
    } else if const { N >= NARROW_ROWS && I >= DEEP && O > 1 && O <= 4 } {
        affine_narrow::<NARROW_ROWS, 4, N, I, O>(x, w, b, target);
    } else {
        for n in 0..N {
            for o in 0..O {
                target.put(n, o, 0, &[[sum(b[o], I, |i| x[n][i] * w[i][o])]]);
            }
        }
    }
}

/// What a tile's share of a gradient is added to.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// The gradient of the penalty: λW for weights, 0 for biases. If λ is 0 it is 0, even where W is infinite.
    Penalty {
        /// λ.
        lambda: f64,
    },
    /// The gradient so far, of the tiles before.
    Sum,
}

impl Start {
    /// A block of it, for the weights W or for biases.
    #[inline(always)]
    fn block<const M: usize, const W: usize, const R: usize, const C: usize>(
        self,
        w: Option<&[[f64; C]; R]>,
        sum: &[[f64; C]; R],
        r: usize,
        c: usize,
    ) -> [[f64; W]; M] {
        match (self, w) {
            (Start::Sum, _) => block(sum, r, c),
            (Start::Penalty { lambda: 0.0 }, _) | (_, None) => [[0.0; W]; M],
            (Start::Penalty { lambda }, Some(w)) => {
                let w: [[f64; W]; M] = block(w, r, c);
                // + 0.0 turns −0 into 0: a sum that starts from 0 takes zeros from padding rows without a trace.
                tabulate(|i, j| lambda * w[i][j] + 0.0)
            }
        }
    }
}

/// `g = S + Aᵀ·B`. A is N×R, B is N×C, G is R×C. W are the weights, R×C, of which the [start](Start) S takes λW.
///
/// Entry (r, c) adds `a[n][r]·b[n][c]` for n = 0, 1, …
pub fn transposed_product<const N: usize, const R: usize, const C: usize>(
    start: Start,
    w: Option<&[[f64; C]; R]>,
    a: &[[f64; R]; N],
    b: &[[f64; C]; N],
    g: &mut [[f64; C]; R],
) {
    if const { C >= COLUMNS } {
        add_wide::<R, N, C>(|r, n| a[n][r], b, &mut Gradient { start, w, g });
    } else if const { R >= COLUMNS && N * C >= 60 && R * N * C >= 1500 && R * C <= MOST_COPIED } {
        let mut transposed = [[0.0; R]; C];
        match start {
            Start::Sum => transpose(g, &mut transposed),
            Start::Penalty { lambda: 0.0 } => {}
            Start::Penalty { .. } => {
                for r in 0..R {
                    let [row]: [[f64; C]; 1] = start.block(w, g, r, 0);
                    for c in 0..C {
                        transposed[c][r] = row[c];
                    }
                }
            }
        }
        let mut sum = Gradient { start: Start::Sum, w: None, g: &mut transposed };
        add_wide::<C, N, R>(|c, n| b[n][c], a, &mut sum);
        transpose(&transposed, g);
    } else {
        for r in 0..R {
            [g[r]] = start.block(w, g, r, 0);
            for c in 0..C {
                g[r][c] = sum(g[r][c], N, |n| a[n][r] * b[n][c]);
            }
        }
    }
}

/// `g = S + Σₙ d[n]`, for n = 0, 1, …: the product 1ᵀ·D with a column of ones. D is N×C, G is 1×C, S the [start](Start) of
/// biases.
pub fn column_sums<const N: usize, const C: usize>(start: Start, d: &[[f64; C]; N], g: &mut [[f64; C]; 1]) {
    if const { C >= COLUMNS } {
        add_wide::<1, N, C>(|_, _| 1.0, d, &mut Gradient { start, w: None, g });
    } else {
        let [row]: [[f64; C]; 1] = start.block(None, g, 0, 0);
        *g = tabulate(|_, c| sum(row[c], N, |n| d[n][c]));
    }
}

/// The sum of the squares of all entries, in 16 sums side by side: sum l takes the entries l, l + 16, l + 32, … in
/// row-major order. The sums are then added in pairs l and l + 8, these in pairs l and l + 4, and so on.
pub fn sum_of_squares<const R: usize, const C: usize>(matrix: &[[f64; C]; R]) -> f64 {
    let mut sums = [0.0; 16];
    let mut chunks = matrix.as_flattened().chunks_exact(16);
    for chunk in chunks.by_ref() {
        for l in 0..16 {
            sums[l] += chunk[l] * chunk[l];
        }
    }
    if const { R * C >= 16 } {
        // Hides the sums from the optimiser: else it builds the loop above from vectors of two, the shape of the last addition.
        sums = black_box(sums);
    }
    let rest = chunks.remainder();
    for l in 0..rest.len() {
        sums[l] += rest[l] * rest[l];
    }
    let mut half = 8;
    while half > 0 {
        for l in 0..half {
            sums[l] += sums[l + half];
        }
        half /= 2;
    }
    sums[0]
}

/// `out = (A·Bᵀ) ⊗ 1[h > 0]`. A is N×C, B is R×C, `h` and `out` are N×R.
///
/// Entry (n, r) is the sum of `a[n][c]·b[r][c]` for c = 0, 1, …, behind the [gate](relu_gate).
///
/// # Panics
///
/// Never.
pub fn gated_product_with_transposed<const N: usize, const R: usize, const C: usize>(
    a: &[[f64; C]; N],
    b: &[[f64; C]; R],
    h: &[[f64; R]; N],
    out: &mut [[f64; R]; N],
) {
    let mut target = Gated { h, out };
    if const { R < COLUMNS || N <= 2 || C <= 2 || C * 4 > MOST_COPIED } {
        for n in 0..N {
            for r in 0..R {
                target.put(n, r, 0, &[[sum(-0.0, C, |c| a[n][c] * b[r][c])]]);
            }
        }
    } else if const { C < 2 * COLUMNS && R * C <= MOST_COPIED } {
        // All at once: what has just been stored number by number cannot be loaded as a vector without a wait.
        let mut transposed = [[0.0; R]; C];
        transpose(b, &mut transposed);
        add_wide::<N, C, R>(|n, c| a[n][c], &transposed, &mut target);
    } else {
        // Four rows at a time: eight, and the compiler scatters them number by number where it has AVX-512.
        let mut strips = [[[0.0; 4]; C]; 2];
        for r in (0..R).step_by(COLUMNS) {
            let r = r.min(R - COLUMNS);
            for half in 0..2 {
                transpose(b[r + 4 * half..].first_chunk::<4>().expect("4 rows"), &mut strips[half]);
            }
            let strip = |c: usize| {
                let [[b0, b1, b2, b3], [b4, b5, b6, b7]] = [strips[0][c], strips[1][c]];
                [b0, b1, b2, b3, b4, b5, b6, b7]
            };
            add_strip::<ROWS, COLUMNS, N, C>(|n, c| a[n][c], strip, &mut target, 0..N, r, 0);
        }
    }
}

#[inline(always)]
fn transpose<const R: usize, const C: usize>(matrix: &[[f64; C]; R], transposed: &mut [[f64; R]; C]) {
    for c in 0..C {
        [transposed[c]] = tabulate(|_, r| matrix[r][c]);
    }
}

/// X·W + b through an activation.
struct AffineTarget<'a, F, const N: usize, const O: usize> {
    b: &'a [f64; O],
    activation: F,
    out: &'a mut [[f64; O]; N],
}

impl<F: Fn(f64) -> f64, const N: usize, const O: usize> Target for AffineTarget<'_, F, N, O> {
    #[inline(always)]
    fn start<const M: usize, const W: usize>(&self, _: usize, c: usize) -> [[f64; W]; M] {
        [*self.b[c..].first_chunk().expect("W columns"); M]
    }

    #[inline(always)]
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]) {
        let out: &mut [[f64; O]; M] = self.out[r..].first_chunk_mut().expect("M rows");
        for i in 0..M {
            for j in done..W {
                out[i][c + j] = (self.activation)(sums[i][j]);
            }
        }
    }
}

/// A product that is added to a start.
struct Gradient<'a, const R: usize, const C: usize> {
    start: Start,
    w: Option<&'a [[f64; C]; R]>,
    g: &'a mut [[f64; C]; R],
}

impl<const R: usize, const C: usize> Target for Gradient<'_, R, C> {
    #[inline(always)]
    fn start<const M: usize, const W: usize>(&self, r: usize, c: usize) -> [[f64; W]; M] {
        self.start.block(self.w, self.g, r, c)
    }

    #[inline(always)]
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]) {
        store(sums, self.g, r, c, done);
    }
}

/// A product behind the gate of a rectifier.
struct Gated<'a, const N: usize, const H: usize> {
    h: &'a [[f64; H]; N],
    out: &'a mut [[f64; H]; N],
}

impl<const N: usize, const H: usize> Target for Gated<'_, N, H> {
    #[inline(always)]
    fn start<const M: usize, const W: usize>(&self, _: usize, _: usize) -> [[f64; W]; M] {
        [[-0.0; W]; M]
    }

    #[inline(always)]
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]) {
        let h: [[f64; W]; M] = block(self.h, r, c);
        let gated: [[f64; W]; M] = tabulate(|i, j| relu_gate(h[i][j], sums[i][j]));
        store(&gated, self.out, r, c, done);
    }
}

/// `affine` in rows of P columns, of which the last are not used: what follows a row of W in memory, the next row, serves as
/// its padding.
#[inline(always)]
fn affine_narrow<const M: usize, const P: usize, const N: usize, const I: usize, const O: usize>(
    x: &[[f64; I]; N],
    w: &[[f64; O]; I],
    b: &[f64; O],
    target: &mut impl Target,
) {
    let [b, last] = [b, &w[I - 1]].map(|row| tabulate::<1, P>(|_, o| if o < O { row[o] } else { 0.0 })[0]);
    let mut sums = [const { Line([0.0; P]) }; M];
    for n in (0..N).step_by(M) {
        // The last rows may overlap those before them, which are then computed twice.
        let n = n.min(N - M);
        affine_block(x[n..].first_chunk().expect("M rows"), w, &last, &b, &mut sums);
        for m in 0..M {
            target.put::<1, O>(n + m, 0, 0, &tabulate(|_, o| sums[m].0[o]));
        }
    }
}

/// A row from the start of a cache line on.
#[repr(align(64))]
struct Line<const P: usize>([f64; P]);

/// M rows of X·W + b; `last` is W's last row. A function of its own on purpose: where the compiler sees that the padding is
/// not used, it no longer makes whole vectors. Its rows are a line each, because rows of 4 that are neighbours in memory
/// would become vectors of 8 in pairs, and the factors of two rows would have to be shuffled into one vector in every step.
#[inline(never)]
fn affine_block<const M: usize, const P: usize, const I: usize, const O: usize>(
    x: &[[f64; I]; M],
    w: &[[f64; O]; I],
    last: &[f64; P],
    b: &[f64; P],
    out: &mut [Line<P>; M],
) {
    let mut sums = [*b; M];
    for i in 0..I {
        let row = if i + 1 < I { w.as_flattened()[i * O..].first_chunk().expect("P columns") } else { last };
        for m in 0..M {
            for o in 0..P {
                sums[m][o] += x[m][i] * row[o];
            }
        }
    }
    for m in 0..M {
        out[m].0 = sums[m];
    }
}
