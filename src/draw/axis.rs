//! Axes: where a value lies between the two ends, and which round values get a tick.

use super::text::{scientific, typeset};
use crate::math::exp_ln::ln;
use crate::math::order::larger;

/// The most ticks with a label on an axis as long as a figure; more would collide in one 400 pixels wide.
pub(super) const MOST_TICKS: i32 = 7;
/// The most ticks with a label on a short axis.
pub(super) const FEW_TICKS: i32 = 4;

/// How distance along an [`Axis`] relates to value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal distances are equal differences.
    Linear,
    /// Equal distances are equal ratios.
    Log,
    /// Equal distances are equal ratios of 1 + value, for counts from 0 on.
    LogFromZero,
}

/// One axis of a figure: its label, the values at its two ends, its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The quantity along the axis, with the unit if there is one.
    pub label: String,
    /// The values at the two ends.
    pub(crate) range: [f64; 2],
    pub(crate) scale: Scale,
}

/// A round value on an axis, and its label; without one it is a minor tick.
pub(crate) type Tick = (f64, Option<String>);

impl Axis {
    /// An axis from `range[0]` to `range[1]`.
    ///
    /// # Panics
    ///
    /// If the range is not increasing, reaches beyond ±1e300, or is too narrow for its ticks to be told apart in an
    /// `f64` (under 1e-12 of its larger end, or 1e-300); on a log scale, if it does not lie above 1e-301, or at or
    /// above 0 where 0 has a place.
    pub fn new(label: &str, range: [f64; 2], scale: Scale) -> Self {
        let [low, high] = range;
        let largest = larger(low.abs(), high.abs());
        assert!(
            largest <= 1e300 && high - low >= larger(1e-12 * largest, 1e-300),
            "an axis cannot run from {low:e} to {high:e}"
        );
        let least = [f64::NEG_INFINITY, 1e-301, 0.0][scale as usize];
        assert!(low >= least, "a log axis cannot start at {low:e}");
        Self { label: label.to_owned(), range, scale }
    }

    /// The place of `value` as a fraction of the axis: 0 at its low end, 1 at its high end, and NaN if it has none
    /// (not finite, or not positive on a log scale).
    pub fn position(&self, value: f64) -> f64 {
        let along = |value: f64| match self.scale {
            Scale::Linear => value,
            Scale::Log => ln(value),
            Scale::LogFromZero => ln(1.0 + value),
        };
        let [low, high] = self.range.map(along);
        let position = (along(value) - low) / (high - low);
        if position.is_finite() { position } else { f64::NAN }
    }

    /// The ticks within the range, in increasing order: multiples of 1, 2 or 5 times a power of ten, on a log scale
    /// the powers of ten. About `most` of them have a label.
    pub(crate) fn ticks(&self, most: i32) -> Vec<Tick> {
        let is_linear = self.scale == Scale::Linear;
        let mut ticks = if is_linear { self.linear_ticks(most) } else { self.log_ticks(most) };
        if self.scale == Scale::LogFromZero {
            ticks.insert(0, (0.0, Some("0".to_owned())));
        }
        ticks.retain(|(value, _)| self.range[0] <= *value && *value <= self.range[1]);
        ticks
    }

    fn linear_ticks(&self, most: i32) -> Vec<Tick> {
        let [low, high] = self.range;
        let finest = (high - low) / f64::from(most - 1);
        let floor = decade(finest);
        let (digit, exponent) = [(1, floor), (2, floor), (5, floor)]
            .into_iter()
            .find(|&(digit, exponent)| decimal(digit, exponent) >= finest)
            .unwrap_or((1, floor + 1));
        let step = decimal(digit, exponent);
        // Short enough to write out, or else in scientific notation: by the whole axis, so that its labels agree.
        let plain = larger(low.abs(), high.abs()) <= 1e6 && exponent >= -6;
        let decimals = exponent.min(0).unsigned_abs() as usize;
        let mut ticks = Vec::new();
        for multiple in (low / step).floor() as i64..=(high / step).ceil() as i64 {
            let value = decimal(multiple * digit, exponent);
            let label = if plain { format!("{value:.decimals$}") } else { format!("{value:e}") };
            ticks.push((value, Some(typeset(&label))));
        }
        ticks
    }

    fn log_ticks(&self, most: i32) -> Vec<Tick> {
        let (first, last) = (decade(self.range[0]), decade(self.range[1]));
        let plain = first >= -4 && last <= 4;
        // One or two powers of ten are too few to read a value from.
        let powers = (first..=last).filter(|&power| decimal(1, power) >= self.range[0]).count();
        let labelled: &[i64] = if powers <= 2 { &[1, 2, 5] } else { &[1] };
        let stride = (last - first) / most + 1;
        let mut ticks = Vec::new();
        for exponent in first..=last {
            for digit in 1..=if stride == 1 { 9 } else { 1 } {
                let value = decimal(digit, exponent);
                let text =
                    || if plain { value.to_string() } else { scientific(&digit.to_string(), exponent) };
                let has_label = labelled.contains(&digit) && exponent.rem_euclid(stride) == 0;
                ticks.push((value, has_label.then(text)));
            }
        }
        ticks
    }
}

/// `digits`·10^`exponent`, correctly rounded: the parser's work, as a product of powers of ten is not.
fn decimal(digits: i64, exponent: i32) -> f64 {
    format!("{digits}e{exponent}").parse().expect("digits, an e and an integer are a number")
}

/// The largest exponent whose power of ten does not exceed `value`, which is positive: the one in its shortest
/// scientific notation, which no rounding can carry over a power of ten.
fn decade(value: f64) -> i32 {
    let text = format!("{value:e}");
    let exponent = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok());
    exponent.expect("a finite number is written with an exponent")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: [f64; 2], scale: Scale) -> Vec<String> {
        Axis::new("", range, scale).ticks(MOST_TICKS).into_iter().filter_map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_written_with_equal_decimals() {
        assert_eq!(labels([0.0, 1.0], Scale::Linear), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels([-1.3, 1.2], Scale::Linear), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels([0.0, 10_000.0], Scale::Linear), ["0", "2000", "4000", "6000", "8000", "10000"]);
        assert_eq!(labels([-0.1, 4.1], Scale::Linear), ["0", "1", "2", "3", "4"]);
        assert_eq!(labels([0.0, 4e9], Scale::Linear), ["0", "10⁹", "2·10⁹", "3·10⁹", "4·10⁹"]);
        assert_eq!(labels([0.6521, 0.6523], Scale::Linear)[0], "0.65210");
    }

    #[test]
    fn log_ticks_are_decades_with_minor_ones_between() {
        assert_eq!(labels([0.002, 2.0], Scale::Log), ["0.01", "0.1", "1"]);
        assert_eq!(labels([0.5, 6.0], Scale::Log), ["0.5", "1", "2", "5"]);
        assert_eq!(labels([1e-9, 1.0], Scale::Log), ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
        assert_eq!(labels([0.0, 1000.0], Scale::LogFromZero), ["0", "1", "10", "100", "1000"]);
        assert_eq!(Axis::new("", [0.1, 1.0], Scale::Log).ticks(MOST_TICKS).len(), 10);
    }

    #[test]
    fn every_axis_has_two_to_seven_labelled_ticks() {
        for exponent in (-290..290).step_by(10) {
            for low in [-1.0, 0.0, 0.3, 7.0, 123_456.7] {
                for span in [1.0, 1.7, 2.5, 3.0, 6.1, 7.0, 9.99] {
                    let scale = decimal(1, exponent);
                    let count = labels([low * scale, (low + span) * scale], Scale::Linear).len();
                    assert!((2..=7).contains(&count), "{count} ticks from {low}e{exponent} over {span}");
                }
            }
        }
        for last in (-290..300).step_by(13) {
            for first in (-300..last - 1).step_by(7) {
                let count = labels([decimal(1, first), decimal(1, last)], Scale::Log).len();
                assert!((2..=8).contains(&count), "{count} ticks from 1e{first} to 1e{last}");
            }
        }
    }

    #[test]
    fn position_runs_from_zero_to_one_and_refuses_what_has_no_place() {
        let linear = Axis::new("", [-1.0, 3.0], Scale::Linear);
        assert_eq!([-1.0, 1.0, 3.0].map(|value| linear.position(value)), [0.0, 0.5, 1.0]);
        let log = Axis::new("", [0.01, 100.0], Scale::Log);
        let from_zero = Axis::new("", [0.0, 8.0], Scale::LogFromZero);
        for (axis, values) in [(&log, [0.01, 1.0, 100.0]), (&from_zero, [0.0, 2.0, 8.0])] {
            for (value, position) in values.into_iter().zip([0.0, 0.5, 1.0]) {
                // Three logarithms and a division, each within a few ulp of 1.
                assert!((axis.position(value) - position).abs() < 1e-15);
            }
        }
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(log.position(value).is_nan());
        }
    }

    #[test]
    fn a_range_without_room_for_ticks_is_refused() {
        for (range, scale) in [
            ([1.0, 1.0], Scale::Linear),
            ([0.0, 1e301], Scale::Linear),
            ([0.0, 1.0], Scale::Log),
            ([-1.0, 1.0], Scale::LogFromZero),
        ] {
            assert!(std::panic::catch_unwind(|| Axis::new("", range, scale)).is_err(), "{range:?} {scale:?}");
        }
    }
}
