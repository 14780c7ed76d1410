//! A field of a data file: a number, a missing value, or a name.

use crate::training::error::{is_invisible, shortened};

/// The largest input: squares of gradients, and of bounds on their errors, do not overflow.
pub(super) const LARGEST: f64 = 1e30;

/// What Python, R, SQL, SAS, Stata, Julia, spreadsheets and old C libraries write for a missing value, beside all that Rust reads
/// as NaN.
const MISSING: [&str; 22] = [
    "", "?", ".", "--", "NA", "N/A", "n/a", "na", "None", "NULL", "null", "\\N", "<NA>", "NaT", "missing",
    "#N/A", "#NA", "#NV", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
];

pub(super) fn is_missing(text: &str) -> bool {
    // As #VALUE! and #NAME?, in any language.
    let is_error = text.starts_with('#') && text.ends_with(['!', '?']) && !text.contains(char::is_lowercase);
    is_error && text.len() > 2 || MISSING.contains(&text) || text.parse().is_ok_and(f64::is_nan)
}

pub(super) fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// An input, if a field is one.
pub(super) fn input(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.abs() <= LARGEST)
}

/// As [`input`], but faster, of a number in at most 15 digits and a point: its digits and the power of ten are exact, so that
/// their quotient is the number nearest to what is written. `None` if it is written otherwise.
#[inline]
pub(super) fn plain_input(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let size = text.strip_prefix(b"-").unwrap_or(text);
    let (mut digits, mut count, mut point) = (0_u64, 0, None);
    for byte in size {
        if byte.is_ascii_digit() {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            count += 1;
        } else if *byte == b'.' && point.is_none() {
            point = Some(count);
        } else {
            return None;
        }
    }
    let sign = if size.len() == text.len() { 1.0 } else { -1.0 };
    let decimals = count - point.unwrap_or(count);
    (1..16).contains(&count).then(|| sign * (digits as f64 / POWERS[decimals]))
}

/// What a field is that is neither an input nor a class.
pub(super) fn kind(text: &str) -> &'static str {
    if is_missing(text) {
        "a missing value (pandas: df.dropna() removes the row)"
    } else if text.contains(is_invisible) {
        "a text with an invisible character"
    } else if is_number(text) {
        "a number beyond 1e30"
    } else if text.contains(',') && is_number(&text.replace(',', ".")) {
        "a number with a comma in place of a decimal point"
    } else {
        "not a number"
    }
}

/// The sentence about a text of a file.
pub(super) fn refusal(text: &str, found: &str, expected: &str) -> String {
    format!("'{}' is {found}, expected {expected}", shortened(text))
}
