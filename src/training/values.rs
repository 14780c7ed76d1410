//! A field of a data file: a number, a missing value, or a name.

use crate::training::error::{is_invisible, shortened};

/// The largest input: squares of gradients, and of bounds on their errors, do not overflow.
pub(super) const LARGEST: f64 = 1e30;

/// What Python, R, SQL, SAS, Stata, Julia and spreadsheets write for a missing value, beside all that Rust reads as NaN.
const MISSING: [&str; 21] = [
    "", "?", ".", "--", "NA", "N/A", "n/a", "na", "None", "NULL", "null", "\\N", "<NA>", "NaT", "missing",
    "#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!",
];

pub(super) fn is_missing(text: &str) -> bool {
    // The last two are those of old C libraries.
    MISSING.contains(&text) || text.parse().is_ok_and(f64::is_nan) || ["1.#QNAN", "-1.#IND"].contains(&text)
}

pub(super) fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// An input, if a field is one.
pub(super) fn input(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.abs() <= LARGEST)
}

/// Why a field of a row is no input.
pub(super) fn refusal(text: &str, row: &str) -> String {
    let shown = shortened(text);
    if is_missing(text) {
        let shown = if shown.is_empty() { "an empty field".to_owned() } else { format!("'{shown}'") };
        format!("{shown} is a missing value: remove the row (pandas: df.dropna()) or fill it in")
    } else if is_number(text) {
        format!("'{shown}' is beyond {LARGEST:e}: scale it")
    } else if text.contains(',') && is_number(&text.replace(',', "")) {
        format!("'{shown}' has a comma: write a decimal point, and nothing between thousands")
    } else {
        format!("'{shown}' is not a number, expected {row}")
    }
}

/// Refuses a name with a character that does not show: it may look like another.
pub(super) fn refuse_invisible(kind: &str, name: &str) -> Result<(), String> {
    name.chars().find(|&c| is_invisible(c)).map_or(Ok(()), |found| {
        let (shown, found) = (shortened(name), u32::from(found));
        Err(format!("{kind} '{shown}' has the invisible character U+{found:04X}: remove it"))
    })
}
