//! The loop below all [products](crate::math::kernels): rows of a right matrix times factors of a left one are added to a
//! target, block by block, in registers.
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
//!    registers. But it makes them across rows too, where it sees how: with AVX-512, numbers a row apart are then stored
//!    and loaded as scatters and gathers, ten times slower. So a fence ends each block. On Intel's
//!    processors with AVX-512 it makes vectors of half their width, unless it is led to the whole (`widen`): blocks are then
//!    1.2 to 1.3 times as fast.
//! 3. **Columns go in strips of 8** (`add_strips`): all rows for one strip, then the next, so that the strip of the right
//!    matrix stays in the first-level cache. The last strip overlaps the one before it, and stores only the new columns.
//!    One to three rows need wider strips for as many sums.
//! 4. **Two cases of the cache.** Rows that are a multiple of 64 numbers apart fall into few sets of the cache; such a
//!    strip is copied first. A product of small inner size reads and writes more than it computes; it does 5 rows for
//!    all strips before the next rows, and one row at a time where the result is larger than the cache.

use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{Ordering, compiler_fence};

/// Columns of a register block, and the least number of columns or rows that counts as wide or tall.
pub(super) const COLUMNS: usize = 8;

/// Columns of a strip: 4 for x86-64 without AVX, because 5×8 sums do not fit 16 registers of 2 lanes.
const WIDTH: usize = if cfg!(all(target_arch = "x86_64", not(target_feature = "avx"))) { 4 } else { COLUMNS };

/// Rows of a register block.
pub(super) const ROWS: usize = 5;

/// A third of the columns of a block of 3 rows, a fifth of those of 1 or 2 rows: AVX-512 has twice the registers, each of
/// twice the lanes. With 4 in place of 8, AMD (Zen 4) and Intel (Sapphire Rapids) take up to 1.3 times as long.
const FLAT: usize = if cfg!(target_feature = "avx512f") { 8 } else { 4 };

/// The most numbers that are copied to the stack (128 KiB; of A·Bᵀ twice that). What is larger is computed in place, more slowly.
pub(super) const MOST_COPIED: usize = 1 << 14;

/// The most numbers of a result that stay in the first-level cache beside what it is computed from.
const IN_CACHE: usize = 1 << 12;

/// The result of a product: what its sums start from and where they go, block by block. A block has M rows and W columns
/// from row r and column c on.
pub(super) trait Target {
    fn start<const M: usize, const W: usize>(&self, r: usize, c: usize) -> [[f64; W]; M];

    /// Takes the sums of a block except its first `done` columns.
    fn put<const M: usize, const W: usize>(&mut self, r: usize, c: usize, done: usize, sums: &[[f64; W]; M]);
}

#[inline(always)]
pub(super) fn block<const M: usize, const W: usize, const R: usize, const C: usize>(
    matrix: &[[f64; C]; R],
    r: usize,
    c: usize,
) -> [[f64; W]; M] {
    let rows: &[[f64; C]; M] = matrix[r..].first_chunk().expect("M rows");
    tabulate(|i, j| rows[i][c + j])
}

#[inline(always)]
pub(super) fn store<const M: usize, const W: usize, const R: usize, const C: usize>(
    sums: &[[f64; W]; M],
    out: &mut [[f64; C]; R],
    r: usize,
    c: usize,
    done: usize,
) {
    let out: &mut [[f64; C]; M] = out[r..].first_chunk_mut().expect("M rows");
    for i in 0..M {
        out[i][c + done..c + W].copy_from_slice(&sums[i][done..]);
    }
}

/// The M×W array of `entry(i, j)`.
#[inline(always)]
pub(super) fn tabulate<const M: usize, const W: usize>(entry: impl Fn(usize, usize) -> f64) -> [[f64; W]; M] {
    let mut table = [[0.0; W]; M];
    for i in 0..M {
        for j in 0..W {
            table[i][j] = entry(i, j);
        }
    }
    table
}

/// `start + term(0) + term(1) + …`, from left to right.
#[inline(always)]
pub(super) fn sum(start: f64, terms: usize, term: impl Fn(usize) -> f64) -> f64 {
    let mut sum = start;
    for index in 0..terms {
        sum += term(index);
    }
    sum
}

/// Entry (r, c) of the target, which is R×C, adds `left(r, d)·b[d][c]` for d = 0, 1, …
#[inline(always)]
pub(super) fn add_wide<const R: usize, const D: usize, const C: usize>(
    left: impl Fn(usize, usize) -> f64 + Copy,
    b: &[[f64; C]; D],
    target: &mut impl Target,
) {
    match const { R } {
        1 | 2 => add_strips::<ROWS, { 5 * FLAT }, R, D, C>(left, b, target, 0..R),
        3 => add_strips::<ROWS, { 3 * FLAT }, R, D, C>(left, b, target, 0..R),
        _ if const { D < COLUMNS && R * C > IN_CACHE } => {
            for r in 0..R {
                add_strips::<1, { 5 * FLAT }, R, D, C>(left, b, target, r..r + 1);
            }
        }
        _ if const { D < COLUMNS } => {
            let rows = const { if R * C <= 1 << 10 { R } else { ROWS } };
            for r in (0..R).step_by(rows) {
                add_strips::<ROWS, WIDTH, R, D, C>(left, b, target, r..R.min(r + rows));
            }
        }
        _ => add_strips::<ROWS, WIDTH, R, D, C>(left, b, target, 0..R),
    }
}

/// `add_wide` for some rows, in strips of W columns, then of 8.
#[inline(always)]
fn add_strips<const M: usize, const W: usize, const R: usize, const D: usize, const C: usize>(
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
            add_strip::<M, W, R, D>(left, |d| strip[d], target, rows.clone(), c, 0);
        } else {
            let strip = |d: usize| *b[d][c..].first_chunk().expect("W columns");
            add_strip::<M, W, R, D>(left, strip, target, rows.clone(), c, 0);
        }
        c += W;
    }
    if const { C % W >= COLUMNS } {
        while c + COLUMNS <= C {
            let strip = |d: usize| *b[d][c..].first_chunk().expect("8 columns");
            add_strip::<M, COLUMNS, R, D>(left, strip, target, rows.clone(), c, 0);
            c += COLUMNS;
        }
    }
    if const { C % W % COLUMNS > 0 } {
        let strip = |d: usize| *b[d].last_chunk().expect("8 columns");
        let done = const { COLUMNS - C % W % COLUMNS };
        add_strip::<M, COLUMNS, R, D>(left, strip, target, rows, C - COLUMNS, done);
    }
}

/// W columns of the target from column c on, of which the first `done` are left as they are, in blocks of M rows.
#[inline(always)]
pub(super) fn add_strip<const M: usize, const W: usize, const R: usize, const D: usize>(
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

/// M rows of a strip from row r on. The fence is no instruction: it keeps the compiler from making one vector of numbers
/// of two blocks.
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
    if const { cfg!(target_feature = "avx512f") && M >= 3 && M * W >= 4 * COLUMNS && D >= COLUMNS } {
        widen(&sums);
    }
    target.put(r, c, done, &sums);
    compiler_fence(Ordering::AcqRel);
}

/// Makes the compiler sum in vectors of 8 lanes. On Intel's processors with AVX-512 it prefers 256 bits, which are 4 numbers
/// of 64 bits but 8 of 32 bits, and it begins with what is stored first: here 8 numbers of 32 bits, for which it needs all
/// sums, 8 at a time. They are not used: without `black_box` the compiler
/// would drop them. AMD's whole vectors need none of this; it was not measured there.
#[allow(clippy::cast_possible_truncation, reason = "nobody reads what is rounded")]
#[inline(always)]
fn widen<const M: usize, const W: usize>(sums: &[[f64; W]; M]) {
    let mut narrow = [0.0_f32; W];
    for j in 0..W {
        narrow[j] = sum(sums[0][j], M - 1, |i| sums[i + 1][j]) as f32;
    }
    black_box(&narrow);
}
