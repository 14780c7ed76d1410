//! The one order of numbers for everything that is sorted, ranked, or called least, largest or best.
//!
//! Ascending; −0 equals 0; every NaN comes after every number and equals every other NaN. No other order is used, for two
//! reasons. A NaN is the worst result there is, whatever its sign. And the sign of a NaN made at run time is the
//! compiler's and the processor's choice (0/0 is negative on x86-64, positive on AArch64), as is the zero that
//! `f64::max(0.0, -0.0)` returns, so an order that sees either gives other results on other machines.

use std::cmp::Ordering;

/// The order of two numbers: ascending, −0 equal to 0, NaN last and equal to NaN.
///
/// ```
/// use backprop::math::order::ascending;
///
/// let mut losses = [f64::NAN, 2.0, -f64::NAN, f64::INFINITY, 1.0];
/// losses.sort_by(ascending);
/// assert_eq!(losses[..3], [1.0, 2.0, f64::INFINITY]);
/// ```
pub fn ascending(a: &f64, b: &f64) -> Ordering {
    if a < b {
        Ordering::Less
    } else if a > b {
        Ordering::Greater
    } else {
        a.is_nan().cmp(&b.is_nan())
    }
}

/// The smaller of two numbers; of equals, the first. NaN only if both are.
pub fn smaller(a: f64, b: f64) -> f64 {
    if ascending(&b, &a).is_lt() { b } else { a }
}

/// The larger of two numbers; of equals, the first. NaN if either is.
pub fn larger(a: f64, b: f64) -> f64 {
    if ascending(&b, &a).is_gt() { b } else { a }
}

/// The number, or the bound that it is beyond; NaN stays.
pub fn clamped(number: f64, [low, high]: [f64; 2]) -> f64 {
    if number < low {
        low
    } else if number > high {
        high
    } else {
        number
    }
}

/// The position of the least number; of equals, the first. `None` if there is no number but NaN.
pub fn position_of_least(numbers: &[f64]) -> Option<usize> {
    let least = (0..numbers.len()).min_by(|&a, &b| ascending(&numbers[a], &numbers[b]))?;
    (!numbers[least].is_nan()).then_some(least)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the sign of a NaN and of a zero is what is tested")]
mod tests {
    use std::hint::black_box;

    use super::*;

    /// NaN with either sign bit, and one that the processor makes.
    fn nans() -> [f64; 3] {
        [f64::NAN.copysign(1.0), f64::NAN.copysign(-1.0), black_box(0.0) / black_box(0.0)]
    }

    #[test]
    fn every_nan_is_after_every_number_and_equal_to_every_nan() {
        for nan in nans() {
            for number in [f64::NEG_INFINITY, -1.0, 0.0, f64::MAX, f64::INFINITY] {
                assert_eq!(
                    (ascending(&number, &nan), ascending(&nan, &number)),
                    (Ordering::Less, Ordering::Greater)
                );
                assert_eq!([smaller(number, nan), smaller(nan, number)], [number; 2]);
                assert!(larger(number, nan).is_nan() && larger(nan, number).is_nan());
            }
            for other in nans() {
                assert_eq!(ascending(&nan, &other), Ordering::Equal);
                assert!(smaller(nan, other).is_nan());
            }
            assert_eq!(position_of_least(&[nan, 3.0, 1.0, nan, 1.0]), Some(2));
            assert_eq!(position_of_least(&[nan, f64::INFINITY]), Some(1));
            assert_eq!(position_of_least(&[nan, nan]), None);
        }
        assert_eq!(position_of_least(&[]), None);
    }

    #[test]
    fn numbers_ascend_and_zeros_are_equal() {
        assert_eq!(ascending(&-0.0, &0.0), Ordering::Equal);
        assert_eq!((ascending(&1.0, &2.0), ascending(&2.0, &1.0)), (Ordering::Less, Ordering::Greater));
        assert!(smaller(0.0, -0.0).is_sign_positive() && larger(-0.0, 0.0).is_sign_negative());
        assert_eq!([smaller(1.0, 2.0), smaller(2.0, 1.0)], [1.0; 2]);
        assert_eq!([larger(1.0, 2.0), larger(2.0, 1.0)], [2.0; 2]);
        assert_eq!([-5.0, 1.5, f64::INFINITY].map(|number| clamped(number, [-1.0, 2.0])), [-1.0, 1.5, 2.0]);
        assert!(clamped(-0.0, [0.0, 1.0]).is_sign_negative() && clamped(f64::NAN, [0.0, 1.0]).is_nan());
    }
}
