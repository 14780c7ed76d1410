//! Elementary functions: exp and ln are as accurate as their documentation says, and the same bits in a loop
//! as one at a time.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2};
use std::hint::black_box;

use backprop::math::exp_ln::{exp, exp_in_place, ln};
use backprop::math::rng::Rng;
use backprop::training::fingerprint;

/// The largest errors, in ulp, that the documentation admits.
const EXP_ERROR: f64 = 0.76;
const EXP_ERROR_WHERE_SUBNORMAL: f64 = 0.80;
const LN_ERROR: f64 = 0.89;

/// A row of the grid: the exact value of the function at x is `nearest + beyond·ulp(nearest)`, to 0.00005 ulp.
struct Row {
    x: f64,
    nearest: f64,
    beyond: f64,
}

/// The rows of tests/elementary.txt below a function's name.
fn grid(function: &str) -> Vec<Row> {
    let number = |bits: &str| f64::from_bits(u64::from_str_radix(bits, 16).unwrap());
    include_str!("elementary.txt")
        .lines()
        .skip_while(|&line| line != function)
        .skip(1)
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .take_while(|fields| fields.len() == 3)
        .map(|fields| Row {
            x: number(fields[0]),
            nearest: number(fields[1]),
            beyond: fields[2].parse::<f64>().unwrap() / 1e4,
        })
        .collect()
}

impl Row {
    /// How far `found` is from the exact value, in ulp.
    fn error(&self, found: f64) -> f64 {
        if self.nearest.is_finite() {
            let magnitude = self.nearest.abs();
            let ulp = f64::from_bits(magnitude.to_bits() + 1) - magnitude;
            ((found - self.nearest) / ulp - self.beyond).abs()
        } else if found == self.nearest || found.is_nan() && self.nearest.is_nan() {
            0.0
        } else {
            f64::INFINITY
        }
    }
}

fn assert_accurate<'a>(function: fn(f64) -> f64, bound: f64, rows: impl Iterator<Item = &'a Row>) {
    let mut count = 0;
    for row in rows {
        let found = function(black_box(row.x));
        let error = row.error(found);
        assert!(error <= bound, "of {:e}: {found:e}, {error} ulp off {:e}", row.x, row.nearest);
        count += 1;
    }
    assert!(count >= 400, "only {count} rows");
}

fn assert_bits(found: f64, expected: f64) {
    assert_eq!(found.to_bits(), expected.to_bits(), "{found:e} is not {expected:e}");
}

#[test]
fn exp_and_ln_are_as_accurate_as_documented() {
    let grid = grid("exp");
    let subnormal = |row: &&Row| row.nearest < f64::MIN_POSITIVE;
    assert_accurate(exp, EXP_ERROR, grid.iter().filter(|row| !subnormal(row)));
    assert_accurate(exp, EXP_ERROR_WHERE_SUBNORMAL, grid.iter().filter(subnormal));
    assert_accurate(ln, LN_ERROR, self::grid("ln").iter());
}

/// Promise: the same bits on every platform. These are those of x86-64.
#[test]
fn the_results_over_the_grid_are_the_same_bits_everywhere() {
    let fingerprint = |name: &str, function: fn(f64) -> f64| {
        let grid = grid(name);
        // A NaN's sign and payload are the platform's.
        let found = grid.iter().map(|row| function(black_box(row.x))).filter(|found| !found.is_nan());
        fingerprint::of(found.flat_map(|found| found.to_bits().to_le_bytes()))
    };
    assert_eq!([fingerprint("exp", exp), fingerprint("ln", ln)], ["87e1a0c7c62efd01", "ff3e0ce385042729"]);
}

/// Over the 4000 doubles from x on.
fn assert_monotone_from(function: fn(f64) -> f64, x: f64) {
    let mut x = x;
    let mut before = function(x);
    for _ in 0..4000 {
        let next = next_up(x);
        let after = function(next);
        assert!(before <= after, "of {x:e}: {before:e}, but of the next number {after:e}");
        (x, before) = (next, after);
    }
}

/// `f64::next_up`, which the oldest compiler supported does not have.
fn next_up(x: f64) -> f64 {
    let bits = x.to_bits();
    f64::from_bits(if x == 0.0 {
        1
    } else if x > 0.0 {
        bits + 1
    } else {
        bits - 1
    })
}

#[test]
fn exp_never_falls() {
    let mut rng = Rng::new(6);
    for (low, high) in [(-745.2, -708.3), (-708.0, 709.7), (-40.0, 0.0), (-1.0, 1.0), (-0.35, 0.35)] {
        for _ in 0..400 {
            assert_monotone_from(exp, low + (high - low) * rng.uniform());
        }
    }
    // Where n, the multiple of ln 2 that is taken off, goes up by one, and where the result passes a power of two.
    for n in -1074..1024 {
        for multiple in [f64::from(n), f64::from(n) - 0.5] {
            let at = multiple * LN_2;
            assert_monotone_from(exp, at - 2000.0 * (next_up(at.abs()) - at.abs()));
        }
    }
    for edge in [-746.0_f64, -745.133_219_101_941_1, -708.396_418_532_264_1, 709.782_712_893_384, 710.0] {
        assert_monotone_from(exp, edge - 2000.0 * (next_up(edge.abs()) - edge.abs()));
    }
}

#[test]
fn ln_never_falls() {
    let mut rng = Rng::new(7);
    for (low, high) in [(0.7, 1.42), (0.99, 1.01), (0.0, 1.0), (1.0, 64.0)] {
        for _ in 0..500 {
            assert_monotone_from(ln, low + (high - low) * rng.uniform());
        }
    }
    for _ in 0..500 {
        assert_monotone_from(ln, f64::from_bits(rng.below(f64::MAX.to_bits() - 4000)));
    }
    // Where the exponent goes up by one, and at powers of two.
    for exponent in 1..2046 {
        for significand in [FRAC_1_SQRT_2, 1.0] {
            let fraction = significand.to_bits() % (1 << 52);
            assert_monotone_from(ln, f64::from_bits((exponent << 52 | fraction) - 2000));
        }
    }
    assert_monotone_from(ln, 0.0);
}

#[test]
fn exp_and_ln_at_the_edges_of_their_domains() {
    const INFINITY: f64 = f64::INFINITY;
    for x in [0.0, 5e-324, 1e-310, f64::MIN_POSITIVE] {
        assert_bits(exp(x), 1.0);
        assert_bits(exp(-x), 1.0);
    }
    // exp overflows just above the logarithm of the largest number.
    let last: f64 = 709.782_712_893_384;
    assert!(exp(last).is_finite());
    for x in [next_up(last), 709.79, 710.0, 710.5, 1e3, 1e10, f64::MAX, INFINITY] {
        assert_bits(exp(x), INFINITY);
    }
    // It underflows gradually, and to zero below half the smallest subnormal.
    let last: f64 = -745.133_219_101_941_1;
    assert_bits(exp(last), 5e-324);
    for x in [-next_up(-last), -745.14, -746.0, -746.5, -1e3, -1e10, f64::MIN, -INFINITY] {
        assert_bits(exp(x), 0.0);
    }
    assert!((exp(-720.0) / exp(-700.0) / exp(-20.0) - 1.0).abs() < 1e-9, "1e-9: e⁻⁷²⁰ has 35 bits");
    for (x, expected) in [(1.0, 0.0), (0.0, -INFINITY), (-0.0, -INFINITY), (INFINITY, INFINITY)] {
        assert_bits(ln(x), expected);
    }
    for x in [-5e-324, -1e-310, -f64::MIN_POSITIVE, -1.0, f64::MIN, -INFINITY] {
        assert!(ln(x).is_nan(), "ln({x:e}) is {:e}", ln(x));
    }
    for nan in [f64::NAN, -f64::NAN, f64::from_bits(0x7FF0_0000_0000_0001)] {
        assert!(exp(black_box(nan)).is_nan() && ln(black_box(nan)).is_nan());
    }
}

/// Those of the grid, the special ones among them, and a few thousand others of all magnitudes.
fn arguments() -> Vec<f64> {
    let mut rng = Rng::new(4);
    let mut arguments: Vec<f64> = (0..1001).map(|_| 300.0 * rng.normal()).collect();
    arguments.extend((0..1001).map(|_| rng.uniform()));
    arguments.extend((0..1001).map(|_| f64::from_bits(rng.next_u64())));
    arguments.extend(grid("exp").iter().chain(&grid("ln")).map(|row| row.x));
    arguments
}

/// `function` written as the loop of a layer, which the compiler vectorises, and called for one number at a
/// time, which it cannot.
fn assert_same_in_a_loop(function: impl Fn(f64) -> f64, apply_to_all: impl Fn(&mut [f64])) {
    let arguments = arguments();
    let mut in_a_loop = arguments.clone();
    apply_to_all(&mut in_a_loop);
    for (&x, in_a_loop) in arguments.iter().zip(in_a_loop) {
        let alone = black_box(function(black_box(x)));
        // The sign and payload of a NaN are nobody's promise.
        let same = alone.to_bits() == in_a_loop.to_bits() || alone.is_nan() && in_a_loop.is_nan();
        assert!(same, "of {x:e}: {in_a_loop:e} in a loop, {alone:e} alone");
    }
}

#[test]
fn in_a_vectorised_loop_exp_and_ln_give_the_bits_of_one_alone() {
    assert_same_in_a_loop(ln, |values| values.iter_mut().for_each(|value| *value = ln(*value)));
    assert_same_in_a_loop(exp, exp_in_place);
    assert_same_in_a_loop(exp, |values| values.chunks_mut(7).for_each(exp_in_place));
}
