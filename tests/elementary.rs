//! Promise 4, elementary functions: exp and ln are within 1 ulp, and the same bits in a loop as one at a time.
#![forbid(unsafe_code)]
#![expect(
    clippy::unreadable_literal,
    clippy::approx_constant,
    reason = "the tables are another program's output"
)]

use std::hint::black_box;

use backprop::elementary::{exp, exp_in_place, ln};
use backprop::rng::Rng;

// Both tables were made with mpmath 1.4.1: x is a double, `mp.prec = 400; mp.exp(mpf(x))` (or `mp.log`) its
// image to 400 bits, rounded to the nearest double (or subnormal) and printed by Python's repr, which, like
// Rust's parser, is exact.

/// x and eˣ.
const EXP: [(f64, f64); 46] = [
    (1.0, 2.718281828459045),
    (-1.0, 0.36787944117144233),
    (0.5, 1.6487212707001282),
    (-0.5, 0.6065306597126334),
    (0.1, 1.1051709180756477),
    (-0.1, 0.9048374180359595),
    (0.01, 1.010050167084168),
    (1e-05, 1.00001000005),
    (-1e-05, 0.9999900000499998),
    (1e-10, 1.0000000001),
    (-1e-10, 0.9999999999),
    (1e-16, 1.0),
    (-1e-16, 0.9999999999999999),
    (0.34657359027997264, 1.414213562373095),
    (0.3465735902799727, 1.4142135623730951),
    (-0.34657359027997264, 0.7071067811865476),
    (-0.3465735902799727, 0.7071067811865475),
    (0.6931471805599453, 2.0),
    (1.0397207708399179, 2.82842712474619),
    (2.0, 7.38905609893065),
    (-2.0, 0.1353352832366127),
    (3.141592653589793, 23.140692632779267),
    (-5.0, 0.006737946999085467),
    (7.25, 1408.1048482046956),
    (10.0, 22026.465794806718),
    (-10.0, 4.5399929762484854e-05),
    (-23.5, 6.224144622907783e-11),
    (37.0, 1.1719142372802612e+16),
    (-36.7368005696771, 1.1102230246251573e-16),
    (64.0, 6.235149080811617e+27),
    (-64.0, 1.603810890548638e-28),
    (100.0, 2.6881171418161356e+43),
    (-100.0, 3.720075976020836e-44),
    (256.7, 3.0436415525477595e+111),
    (-300.0, 5.148200222412013e-131),
    (511.5, 1.3855668797004616e+222),
    (700.0, 1.0142320547350045e+304),
    (-700.0, 9.85967654375977e-305),
    (709.7, 1.6549840276802644e+308),
    (709.782712893384, 1.7976931348622732e+308),
    (-708.3964185322641, 2.2250738585072626e-308),
    (-708.5, 2.006132305331306e-308),
    (-715.25, 2.3489394329234e-311),
    (-730.0, 9.226315e-318),
    (-740.0, 4.2e-322),
    (-744.4400719213812, 5e-324),
];

/// x and ln x.
const LN: [(f64, f64); 40] = [
    (2.0, 0.6931471805599453),
    (0.5, -0.6931471805599453),
    (10.0, 2.302585092994046),
    (0.1, -2.3025850929940455),
    (3.0, 1.0986122886681098),
    (2.718281828459045, 1.0),
    (0.7071067811865475, -0.34657359027997275),
    (0.7071067811865476, -0.3465735902799726),
    (1.414213562373095, 0.3465735902799726),
    (1.4142135623730951, 0.3465735902799727),
    (0.9999999999999999, -1.1102230246251565e-16),
    (1.0000000000000002, 2.2204460492503128e-16),
    (0.9999999990686774, -9.313225750491594e-10),
    (1.0000000009313226, 9.313225741817976e-10),
    (0.99, -0.01005033585350145),
    (1.01, 0.009950330853168092),
    (0.9, -0.10536051565782628),
    (1.1, 0.09531017980432493),
    (0.75, -0.2876820724517809),
    (1.25, 0.22314355131420976),
    (1.3333333333333333, 0.28768207245178085),
    (5.0, 1.6094379124341003),
    (7.38905609893065, 2.0),
    (20.0, 2.995732273553991),
    (100.0, 4.605170185988092),
    (0.001, -6.907755278982137),
    (12345.678, 9.421061321291832),
    (10000000000.0, 23.025850929940457),
    (1e-10, -23.025850929940457),
    (1e+100, 230.25850929940458),
    (1e-100, -230.25850929940458),
    (1e+300, 690.7755278982137),
    (1e-300, -690.7755278982137),
    (2.2250738585072014e-308, -708.3964185322641),
    (2.225073858507201e-308, -708.3964185322641),
    (1e-310, -713.8013788281542),
    (5e-324, -744.4400719213812),
    (1.7976931348623157e+308, 709.782712893384),
    (0.3333333333333333, -1.0986122886681098),
    (42.0, 3.7376696182833684),
];

/// How many doubles lie between two of the same sign.
fn ulps(a: f64, b: f64) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a:e} and {b:e}");
    a.to_bits().abs_diff(b.to_bits())
}

fn assert_bits(found: f64, expected: f64) {
    assert_eq!(found.to_bits(), expected.to_bits(), "{found:e} is not {expected:e}");
}

#[test]
fn exp_is_within_one_ulp() {
    for (x, expected) in EXP {
        let found = exp(black_box(x));
        assert!(ulps(found, expected) <= 1, "exp({x:e}) is {found:e}, not {expected:e}");
    }
}

#[test]
fn ln_is_within_one_ulp() {
    for (x, expected) in LN {
        let found = ln(black_box(x));
        assert!(ulps(found, expected) <= 1, "ln({x:e}) is {found:e}, not {expected:e}");
    }
}

#[test]
fn exp_of_a_zero_or_a_subnormal_is_one() {
    for x in [0.0, 5e-324, 1e-310, f64::MIN_POSITIVE] {
        assert_bits(exp(x), 1.0);
        assert_bits(exp(-x), 1.0);
    }
}

#[test]
fn exp_overflows_just_above_the_logarithm_of_the_largest_number() {
    let last: f64 = 709.782712893384;
    assert!(exp(last).is_finite());
    for x in [last.next_up(), 709.79, 710.0, 710.5, 1e3, 1e10, f64::MAX, f64::INFINITY] {
        assert_bits(exp(x), f64::INFINITY);
    }
}

#[test]
fn exp_underflows_gradually_and_to_zero_below_half_the_smallest_subnormal() {
    let last: f64 = -745.1332191019411;
    assert_bits(exp(last), 5e-324);
    for x in [last.next_down(), -745.14, -746.0, -746.5, -1e3, -1e10, f64::MIN, f64::NEG_INFINITY] {
        assert_bits(exp(x), 0.0);
    }
    // e⁻⁷²⁰ is subnormal, and has neither been flushed to zero nor lost more than its last bits.
    assert!(exp(-720.0).is_subnormal());
    assert!((exp(-720.0) / exp(-700.0) / exp(-20.0) - 1.0).abs() < 1e-9, "1e-9: e⁻⁷²⁰ has 35 bits");
}

#[test]
fn ln_at_the_edges_of_its_domain() {
    assert_bits(ln(1.0), 0.0);
    assert_bits(ln(0.0), f64::NEG_INFINITY);
    assert_bits(ln(-0.0), f64::NEG_INFINITY);
    assert_bits(ln(f64::INFINITY), f64::INFINITY);
    for x in [-5e-324, -1e-310, -f64::MIN_POSITIVE, -1.0, f64::MIN, f64::NEG_INFINITY] {
        assert!(ln(x).is_nan(), "ln({x:e}) is {:e}", ln(x));
    }
}

#[test]
fn not_a_number_stays_one() {
    for nan in [f64::NAN, -f64::NAN, f64::from_bits(0x7FF0_0000_0000_0001)] {
        assert!(exp(black_box(nan)).is_nan());
        assert!(ln(black_box(nan)).is_nan());
    }
}

/// A few thousand numbers of all magnitudes, and the special ones.
fn arguments() -> Vec<f64> {
    let mut rng = Rng::new(4);
    let mut arguments: Vec<f64> = (0..1001).map(|_| 300.0 * rng.normal()).collect();
    arguments.extend((0..1001).map(|_| rng.uniform()));
    arguments.extend((0..1001).map(|_| f64::from_bits(rng.next_u64())));
    arguments.extend(EXP.iter().chain(&LN).map(|&(x, _)| x));
    arguments.extend([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, -5e-324]);
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

fn exp_in_arrays_of<const N: usize>(values: &mut [f64]) {
    let mut arrays = values.chunks_exact_mut(N);
    arrays.by_ref().for_each(|array| exp_in_place::<N>(array.try_into().unwrap()));
    arrays.into_remainder().iter_mut().for_each(|value| *value = exp(*value));
}

#[test]
fn exp_in_a_vectorised_loop_gives_the_bits_of_exp_alone() {
    assert_same_in_a_loop(exp, |values| values.iter_mut().for_each(|value| *value = exp(*value)));
    assert_same_in_a_loop(exp, exp_in_arrays_of::<1>);
    assert_same_in_a_loop(exp, exp_in_arrays_of::<7>);
    assert_same_in_a_loop(exp, exp_in_arrays_of::<64>);
}

#[test]
fn ln_in_a_vectorised_loop_gives_the_bits_of_ln_alone() {
    assert_same_in_a_loop(ln, |values| values.iter_mut().for_each(|value| *value = ln(*value)));
}
