//! The three matrix products of back-propagation. Each equals its [schoolbook](crate::math::schoolbook) loop bit for bit.
//!
//! | function | computes | used for |
//! |---|---|---|
//! | [`affine`], [`affine_relu`] | `X·W + b`, φ(X·W + b) | the forward pass |
//! | [`add_transposed_product`] | `G + Aᵀ·B` | gradients of weights |
//! | [`gated_product_with_transposed`] | `(A·Bᵀ) ⊗ 1[h > 0]` | the way back through a layer |
//!
//! # How this is fast
//!
//! The schoolbook loop is slow for three reasons: it loads and stores an entry of the result for every addition, each
//! addition waits for the one before it, and it uses one lane of a vector register. Against them, from the inside out:
//!
//! 1. **A block of the result stays in registers** (`add_block`). 5 rows × 8 columns are summed over the whole inner index
//!    before they are stored. One step of the inner index loads 8 numbers of the right matrix and 5 of the left one, for
//!    40 multiplications and additions. The sums are 10 vectors of 4 lanes (AVX2) or 5 of 8 (AVX-512): enough independent
//!    additions that none waits, and few enough that they fit 16 registers beside a row and a factor. 6×8 and 4×12 do not
//!    fit, and store registers to memory in every step.
//! 2. **The compiler makes the vectors.** Blocks are arrays of constant size, all sums are complete before the first is
//!    stored, and so nothing stored can change what is loaded next: the condition for the compiler to keep them in
//!    registers. Where it has AVX-512, two things mislead it: rows of 4 that are neighbours in memory become vectors of 8
//!    by shuffles (hence `Line`), and numbers that are stored or loaded at a distance become scatters and gathers, ten
//!    times slower (hence transposition by 4 rows, and `add_rows` for long rows).
//! 3. **Columns go in strips of 8** (`add_strips`): all rows for one strip, then the next, so that the strip of the right
//!    matrix stays in the first-level cache. The last strip overlaps the one before it, and stores only the new columns.
//!    One to three rows need wider strips for as many sums.
//! 4. **Every product takes this form** (`add_wide`): rows of the right matrix times factors of the left one.
//!    `A·Bᵀ` transposes B first, in strips of 4 with blocks of 10 rows, or all of it if the inner size is small. `Aᵀ·B`
//!    with fewer than 8 columns is computed as its own transpose, `Bᵀ·A`. `X·W + b` with fewer than 8 columns pads W with
//!    columns of zeros.
//! 5. **Two cases of the cache.** Rows that are a multiple of 64 numbers apart fall into few sets of the cache; such a
//!    strip is copied first. A product of small inner size reads and writes more than it computes; it does 20 rows for
//!    all strips before the next rows, and long rows three at a time from end to end (`add_long_rows`): of
//!    rows that fall into the same sets, three of the result and three of h fit the 8 lines of a set, five of each do not.
//!
//! Products too small for a block are plain loops, which the compiler unrolls. All choices depend on shapes alone, in
//! `const { … }`: a branch that is not taken is not compiled. The limits between them were found by measuring on AMD Zen 4:
//! no shape of `cargo bench -- results` takes more than 1.1 times as long as its schoolbook loop.
//!
//! # Order of summation
//!
//! Every entry is one running sum over the inner index in ascending order, whatever the shape: the same product has the
//! same bits on every machine, and equals its schoolbook twin bit for bit.

use std::array::from_fn;
use std::ops::Range;

use crate::math::matrix::Matrix;
use crate::math::relu::{relu, relu_gate};

/// Columns of a register block, and the least number of columns or rows that counts as wide or tall.
const COLUMNS: usize = 8;

/// Rows of a register block.
const ROWS: usize = 5;

/// A third of the columns of a block of 3 rows, a fifth of those of 1 or 2 rows. AVX-512 has twice the registers, each of
/// twice the lanes.
const FLAT: usize = if cfg!(target_feature = "avx512f") { 8 } else { 4 };

/// Rows of a block of 4 columns: as many independent sums as a full block has.
const NARROW_ROWS: usize = 10;

/// The most numbers that are copied to the stack (128 KiB). What is larger is computed in place, more slowly.
const MOST_COPIED: usize = 1 << 14;

/// The most columns of a shallow product that are done in strips.
const LONG: usize = 128;

/// The least inner size for which padding pays.
const DEEP: usize = 16;

/// `out = X·W + b`. X is N×I, W is I×O, b is 1×O, `out` is N×O.
///
/// Entry (n, o) starts as `b[o]` and adds `x[n][i]·w[i][o]` for i = 0, 1, …
pub fn affine<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    out: &mut Matrix<N, O>,
) {
    affine_into(x, w, &b[0], &mut AffineTarget { b: &b[0], activation: |sum| sum, out: out.rows_mut() });
}

/// `h = φ(X·W + b)`: what [`affine`] computes, through the [rectifier](relu) φ.
pub fn affine_relu<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &Matrix<1, O>,
    h: &mut Matrix<N, O>,
) {
    affine_into(x, w, &b[0], &mut AffineTarget { b: &b[0], activation: relu, out: h.rows_mut() });
}

#[inline(always)]
fn affine_into<const N: usize, const I: usize, const O: usize>(
    x: &Matrix<N, I>,
    w: &Matrix<I, O>,
    b: &[f64; O],
    target: &mut impl Target,
) {
    let (x, w) = (x.rows(), w.rows());
    if const { O >= COLUMNS } {
        add_wide::<N, I, O>(|n, i| x[n][i], w, target);
    } else if const { N >= ROWS && I >= DEEP && O > 4 && I * COLUMNS <= MOST_COPIED } {
        affine_narrow::<ROWS, COLUMNS, N, I, O>(x, w, b, target);
    } else if const { N >= NARROW_ROWS && I >= DEEP && O > 1 && I * 4 <= MOST_COPIED } {
        affine_narrow::<NARROW_ROWS, 4, N, I, O>(x, w, b, target);
    } else if const { N >= ROWS && I >= 2 * DEEP && O > 1 && I * 4 <= MOST_COPIED } {
        affine_narrow::<ROWS, 4, N, I, O>(x, w, b, target);
    } else {
        for n in 0..N {
            let row = from_fn(|o| (0..I).fold(b[o], |sum, i| sum + x[n][i] * w[i][o]));
            target.put::<1, O>(n, 0, 0, &[row]);
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
    if const { C >= COLUMNS } {
        add_wide::<R, N, C>(|r, n| a[n][r], b, g);
    } else if const { R >= COLUMNS && N >= COLUMNS && R * C <= MOST_COPIED && !unrolled_is_faster(R, N, C) } {
        let mut transposed = [[0.0; R]; C];
        transpose(g, &mut transposed);
        add_wide::<C, N, R>(|c, n| b[n][c], a, &mut transposed);
        transpose(&transposed, g);
    } else {
        for r in 0..R {
            g[r] = from_fn(|c| (0..N).fold(g[r][c], |sum, n| sum + a[n][r] * b[n][c]));
        }
    }
}

/// Whether the plain loop for an R×C sum over N rows beats its transposed form: if N·C is small, the compiler unrolls the
/// sums and makes vectors along R.
const fn unrolled_is_faster(rows: usize, inner: usize, columns: usize) -> bool {
    rows >= 2 * COLUMNS && inner * columns <= 60 && inner * rows <= 800
}

/// `g[0][c] += Σₙ d[n][c]`, for n = 0, 1, …: the product 1ᵀ·D with a column of ones. D is N×C.
pub fn add_column_sums<const N: usize, const C: usize>(d: &Matrix<N, C>, g: &mut Matrix<1, C>) {
    let (d, g) = (d.rows(), g.rows_mut());
    if const { C >= COLUMNS } {
        add_wide::<1, N, C>(|_, _| 1.0, d, g);
    } else {
        g[0] = from_fn(|c| (0..N).fold(g[0][c], |sum, n| sum + d[n][c]));
    }
}

/// The sum of the squares of all entries, in 16 sums side by side: sum l takes the entries l, l + 16, l + 32, … in
/// row-major order. The sums are then added in pairs l and l + 8, these in pairs l and l + 4, and so on.
#[must_use]
pub fn sum_of_squares<const R: usize, const C: usize>(matrix: &Matrix<R, C>) -> f64 {
    let mut sums = [0.0; 16];
    let mut chunks = matrix.values().chunks_exact(16);
    for chunk in chunks.by_ref() {
        for l in 0..16 {
            sums[l] += chunk[l] * chunk[l];
        }
    }
    for (sum, value) in sums.iter_mut().zip(chunks.remainder()) {
        *sum += value * value;
    }
    for half in [8, 4, 2, 1] {
        for l in 0..half {
            sums[l] += sums[l + half];
        }
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
    a: &Matrix<N, C>,
    b: &Matrix<R, C>,
    h: &Matrix<N, R>,
    out: &mut Matrix<N, R>,
) {
    let (a, b) = (a.rows(), b.rows());
    let mut target = Gated { h: h.rows(), out: out.rows_mut() };
    if const { R < COLUMNS } {
        dot_rows::<R, N, R, C>(a, b, &mut target);
    } else if const { N <= 2 || C <= 2 || C * 4 > MOST_COPIED } {
        dot_rows::<1, N, R, C>(a, b, &mut target);
    } else if const { C < COLUMNS && R * C <= MOST_COPIED } {
        // All at once: what has just been stored number by number cannot be loaded as a vector without a wait.
        let mut transposed = [[0.0; R]; C];
        transpose(b, &mut transposed);
        add_wide::<N, C, R>(|n, c| a[n][c], &transposed, &mut target);
    } else {
        // Four rows at a time: eight, and the compiler scatters them number by number where it has AVX-512.
        let mut strip = [[0.0; 4]; C];
        for r in (0..R).step_by(4) {
            let r = r.min(R - 4);
            transpose(b[r..].first_chunk::<4>().expect("4 rows"), &mut strip);
            add_strip::<NARROW_ROWS, 4, N, C>(|n, c| a[n][c], |c| strip[c], &mut target, 0..N, r, 0);
        }
    }
}

/// `A·Bᵀ` in blocks of one row and W columns, each entry for itself.
#[inline(always)]
fn dot_rows<const W: usize, const N: usize, const R: usize, const C: usize>(
    a: &[[f64; C]; N],
    b: &[[f64; C]; R],
    target: &mut impl Target,
) {
    for n in 0..N {
        for r in (0..R).step_by(W) {
            // The last block may overlap the one before it.
            let r = r.min(R - W);
            let row = from_fn(|j| (0..C).fold(0.0, |sum, c| sum + a[n][c] * b[r + j][c]));
            target.put::<1, W>(n, r, 0, &[row]);
        }
    }
}

#[inline(always)]
fn transpose<const R: usize, const C: usize>(matrix: &[[f64; C]; R], transposed: &mut [[f64; R]; C]) {
    for c in 0..C {
        transposed[c] = from_fn(|r| matrix[r][c]);
    }
}

/// The result of a product: what its sums start from and where they go, block by block. A block has M rows and W columns
/// from row r and column c on.
trait Target {
    fn start<const M: usize, const W: usize>(&self, r: usize, c: usize) -> [[f64; W]; M];

    /// Takes the sums of a block except its first `done` columns.
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]);
}

/// A matrix to which the product is added.
impl<const R: usize, const C: usize> Target for [[f64; C]; R] {
    #[inline(always)]
    fn start<const M: usize, const W: usize>(&self, r: usize, c: usize) -> [[f64; W]; M] {
        block(self, r, c)
    }

    #[inline(always)]
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]) {
        store(sums, self, r, c, done);
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
        store(&sums.map(|row| row.map(&self.activation)), self.out, r, c, done);
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
        [[0.0; W]; M]
    }

    #[inline(always)]
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]) {
        let h: [[f64; W]; M] = block(self.h, r, c);
        let gated: [[f64; W]; M] = from_fn(|i| from_fn(|j| relu_gate(h[i][j], sums[i][j])));
        store(&gated, self.out, r, c, done);
    }
}

#[inline(always)]
fn block<const M: usize, const W: usize, const R: usize, const C: usize>(
    matrix: &[[f64; C]; R],
    r: usize,
    c: usize,
) -> [[f64; W]; M] {
    let rows: &[[f64; C]; M] = matrix[r..].first_chunk().expect("M rows");
    from_fn(|i| *rows[i][c..].first_chunk().expect("W columns"))
}

#[inline(always)]
fn store<const M: usize, const W: usize, const R: usize, const C: usize>(
    sums: &[[f64; W]; M],
    out: &mut [[f64; C]; R],
    r: usize,
    c: usize,
    done: usize,
) {
    let out: &mut [[f64; C]; M] = out[r..].first_chunk_mut().expect("M rows");
    for i in 0..M {
        for j in done..W {
            out[i][c + j] = sums[i][j];
        }
    }
}

/// Entry (r, c) of the target, which is R×C, adds `left(r, d)·b[d][c]` for d = 0, 1, …
#[inline(always)]
fn add_wide<const R: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    target: &mut impl Target,
) {
    match const { R } {
        1 | 2 => add_strips::<{ 5 * FLAT }, R, D, C>(left, b, target, 0..R),
        3 => add_strips::<{ 3 * FLAT }, R, D, C>(left, b, target, 0..R),
        _ if const { D < COLUMNS && C > LONG } => add_long_rows::<R, D, C>(left, b, target),
        _ if const { D < COLUMNS } => {
            for r in (0..R).step_by(4 * ROWS) {
                add_strips::<COLUMNS, R, D, C>(left, b, target, r..R.min(r + 4 * ROWS));
            }
        }
        _ => add_strips::<COLUMNS, R, D, C>(left, b, target, 0..R),
    }
}

/// `add_wide` of a shallow product, three rows at a time.
#[inline(always)]
fn add_long_rows<const R: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    target: &mut impl Target,
) {
    let mut r = 0;
    while r + 3 <= R {
        add_rows::<3, D, C>(left, b, target, r);
        r += 3;
    }
    match const { R % 3 } {
        1 => add_rows::<1, D, C>(left, b, target, r),
        2 => add_rows::<2, D, C>(left, b, target, r),
        _ => {}
    }
}

/// M rows of the target from row r on, entry by entry: the compiler makes vectors of neighbouring entries, whose factors
/// stay in registers.
#[inline(always)]
fn add_rows<const M: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64,
    b: &[[f64; C]; D],
    target: &mut impl Target,
    r: usize,
) {
    let factors: [[f64; D]; M] = from_fn(|i| from_fn(|d| left(r + i, d)));
    for c in 0..C {
        add_block::<M, 1, D>(|row, d| factors[row - r][d], |d| [b[d][c]], target, r, c, 0);
    }
}

/// `add_wide` for some rows, in strips of W columns, then of 8.
#[inline(always)]
fn add_strips<const W: usize, const R: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    target: &mut impl Target,
    rows: Range<usize>,
) {
    let mut c = 0;
    while c + W <= C {
        if const { R >= 32 && C % 64 == 0 && D * W <= MOST_COPIED } {
            let mut strip = [[0.0; W]; D];
            for d in 0..D {
                strip[d] = *b[d][c..].first_chunk().expect("W columns");
            }
            add_strip::<ROWS, W, R, D>(left, |d| strip[d], target, rows.clone(), c, 0);
        } else {
            let strip = |d: usize| *b[d][c..].first_chunk().expect("W columns");
            add_strip::<ROWS, W, R, D>(left, strip, target, rows.clone(), c, 0);
        }
        c += W;
    }
    if const { C % W >= COLUMNS } {
        while c + COLUMNS <= C {
            let strip = |d: usize| *b[d][c..].first_chunk().expect("8 columns");
            add_strip::<ROWS, COLUMNS, R, D>(left, strip, target, rows.clone(), c, 0);
            c += COLUMNS;
        }
    }
    if const { C % W % COLUMNS > 0 } {
        let strip = |d: usize| *b[d].last_chunk().expect("8 columns");
        let done = const { COLUMNS - C % W % COLUMNS };
        add_strip::<ROWS, COLUMNS, R, D>(left, strip, target, rows, C - COLUMNS, done);
    }
}

/// W columns of the target from column c on, of which the first `done` are left as they are, in blocks of M rows and then
/// of 5.
#[inline(always)]
fn add_strip<const M: usize, const W: usize, const R: usize, const D: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    strip: impl Fn(usize) -> [f64; W] + Copy,
    target: &mut impl Target,
    rows: Range<usize>,
    c: usize,
    done: usize,
) {
    let mut r = rows.start;
    while r + M <= rows.end {
        add_block::<M, W, D>(left, strip, target, r, c, done);
        r += M;
    }
    while r + ROWS <= rows.end {
        add_block::<ROWS, W, D>(left, strip, target, r, c, done);
        r += ROWS;
    }
    if r < rows.end {
        match const { R % ROWS } {
            1 => add_block::<1, W, D>(left, strip, target, r, c, done),
            2 => add_block::<2, W, D>(left, strip, target, r, c, done),
            3 => add_block::<3, W, D>(left, strip, target, r, c, done),
            4 => add_block::<4, W, D>(left, strip, target, r, c, done),
            _ => {}
        }
    }
}

/// M rows of a strip from row r on.
#[inline(always)]
fn add_block<const M: usize, const W: usize, const D: usize>(
    left: impl Fn(usize, usize) -> f64,
    strip: impl Fn(usize) -> [f64; W],
    target: &mut impl Target,
    r: usize,
    c: usize,
    done: usize,
) {
    let mut sums: [[f64; W]; M] = target.start(r, c);
    for d in 0..D {
        let row = strip(d);
        for i in 0..M {
            let factor = left(r + i, d);
            for j in 0..W {
                sums[i][j] += factor * row[j];
            }
        }
    }
    target.put(r, c, done, &sums);
}

/// `affine` with W and b padded with zeros to P columns.
#[inline(always)]
fn affine_narrow<const M: usize, const P: usize, const N: usize, const I: usize, const O: usize>(
    x: &[[f64; I]; N],
    w: &[[f64; O]; I],
    b: &[f64; O],
    target: &mut impl Target,
) {
    let padded = |row: &[f64; O]| -> [f64; P] { from_fn(|o| if o < O { row[o] } else { 0.0 }) };
    let padded_w = from_fn(|i| padded(&w[i]));
    let padded_b = padded(b);
    for n in (0..N).step_by(M) {
        // The last rows may overlap those before them, which are then computed twice.
        let n = n.min(N - M);
        let sums = affine_block::<M, P, I>(x[n..].first_chunk().expect("M rows"), &padded_w, &padded_b);
        target.put(n, 0, 0, &sums.map(|Line(row)| *row.first_chunk::<O>().expect("O columns")));
    }
}

/// A row from the start of a cache line on.
#[repr(align(64))]
struct Line<const P: usize>([f64; P]);

/// M rows of X·W + b. A function of its own on purpose: where the compiler sees that the padding is not used, it no
/// longer makes whole vectors. Its rows are a line each, because rows of 4 that are neighbours in memory would become
/// vectors of 8 in pairs, and the factors of two rows would have to be shuffled into one vector in every step.
#[inline(never)]
fn affine_block<const M: usize, const P: usize, const I: usize>(
    x: &[[f64; I]; M],
    w: &[[f64; P]; I],
    b: &[f64; P],
) -> [Line<P>; M] {
    let mut sums = [*b; M];
    for i in 0..I {
        for m in 0..M {
            for o in 0..P {
                sums[m][o] += x[m][i] * w[i][o];
            }
        }
    }
    sums.map(Line)
}
