//! How numbers are written for people, and what stands for many of them.

use crate::math::order::ascending;

/// A number as people write it: with an exponent only if it is very large or very small.
pub fn readable(number: f64) -> String {
    if number == 0.0 || (1e-5..1e6).contains(&number.abs()) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// A number to three digits.
pub(crate) fn about(number: f64) -> String {
    readable(format!("{number:.2e}").parse().unwrap_or(number))
}

/// A number with this many decimals; from 10⁶ on with an exponent.
pub(crate) fn fixed(number: f64, decimals: usize) -> String {
    if number.abs() < 1e6 { format!("{number:.decimals$}") } else { format!("{number:.decimals$e}") }
}

/// A written number with the typographer's minus, without a sign if it is zero.
pub(crate) fn typeset(number: &str) -> String {
    let minus = if number.parse() == Ok(0.0) { "" } else { "−" };
    number.replace('-', minus)
}

/// A number, with decimals if it is not whole.
pub(crate) fn signed(number: f64, decimals: usize) -> String {
    let is_whole = number.fract() == 0.0;
    typeset(&if is_whole { number.to_string() } else { format!("{number:.decimals$}") })
}

/// A number without its sign, to one decimal, or to two digits if that would be zero.
pub(crate) fn magnitude(number: f64) -> String {
    let text = |decimals: usize| format!("{:.decimals$}", number.abs());
    match (1..300).find(|&decimals| text(decimals).parse() != Ok(0.0)) {
        Some(decimals) if decimals > 1 => text(decimals + 1),
        _ => text(1),
    }
}

/// A loss with six decimals; from 10⁶ on with an exponent.
pub fn loss_text(loss: f64) -> String {
    fixed(loss, 6)
}

/// A share from 0 to 1 in percent, with two decimals.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// A number in small digits below the line.
pub(crate) fn subscript(number: usize) -> String {
    let small = |digit: char| char::from_u32('₀' as u32 + digit as u32 - '0' as u32).unwrap_or(digit);
    number.to_string().chars().map(small).collect()
}

/// A number of things: `1 input`, `2 inputs`.
pub(crate) fn counted(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// The mean; NaN if there are no numbers.
pub fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The numbers in ascending order.
pub fn sorted(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(ascending);
    numbers
}

/// The middle of sorted numbers, at least one; of two in the middle their mean.
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// The numbers between which nine in ten of some sorted ones, at least one, lie.
pub fn nine_in_ten(sorted: &[f64]) -> [f64; 2] {
    let twentieth = sorted.len() / 20;
    [sorted[twentieth], sorted[sorted.len() - 1 - twentieth]]
}

/// The number that a text names, if it is finite.
pub(crate) fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_for_very_large_and_very_small_numbers() {
        let numbers = [0.0, -3.0, 1e-5, 9.9e-6, 999_999.0, 1e6, f64::NAN].map(readable);
        assert_eq!(numbers, ["0", "-3", "0.00001", "9.9e-6", "999999", "1e6", "NaN"]);
    }

    #[test]
    fn figures_have_a_typographers_minus_and_no_sign_on_zero() {
        let numbers = ["-2", "-0", "-0.00", "0.26", "-1.62", "-inf"].map(typeset);
        assert_eq!(numbers, ["−2", "0", "0.00", "0.26", "−1.62", "−inf"]);
        let sizes = [0.0, -4.04, 0.05, 0.0123, -4e-7].map(magnitude);
        assert_eq!(sizes, ["0.0", "4.0", "0.1", "0.012", "0.00000040"]);
    }

    #[test]
    fn about_has_three_digits_and_a_loss_six_decimals_or_an_exponent() {
        assert_eq!([613.376_7, 1.2345e200, 0.1].map(about), ["613", "1.23e200", "0.1"]);
        let losses = [0.25, 1e6, f64::INFINITY, f64::NAN].map(loss_text);
        assert_eq!(losses, ["0.250000", "1.000000e6", "inf", "NaN"]);
    }

    #[test]
    fn the_mean_is_the_sum_over_the_count_and_the_median_is_in_the_middle() {
        assert_eq!(mean(&[1.0, 2.0, 9.0]), 4.0);
        assert!(mean(&[]).is_nan());
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&sorted([9.0, 1.0, 3.0, 2.0].into_iter())), 2.5);
    }
}
