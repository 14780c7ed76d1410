//! The ranges of axes around data.

use crate::math::order::{larger, smaller};

/// Whether an axis can reach `value`.
pub(super) fn drawable(value: f64) -> bool {
    value.abs() <= 1e299
}

/// The least and the greatest of the values; 0 and 1 if there are none.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values
        .map(|value| [value, value])
        .reduce(|[a, b], [c, d]| [smaller(a, c), larger(b, d)])
        .unwrap_or([0.0, 1.0])
}

/// The range with a `share` of its length added at both ends; a single value is given room to stand in.
pub(super) fn widened([low, high]: [f64; 2], share: f64) -> [f64; 2] {
    let largest = larger(low.abs(), high.abs());
    let narrowest = if largest > 1e-290 { 1e-9 * largest } else { 1.0 };
    let margin = if high - low > narrowest { share * (high - low) } else { 0.1 * larger(largest, narrowest) };
    [low - margin, high + margin]
}
