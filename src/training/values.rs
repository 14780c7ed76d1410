//! A field of a data file: a number, a missing value, or what is wrong with it.

use crate::training::error::shortened;

/// The largest input: squares of gradients, and of bounds on their errors, do not overflow.
pub(super) const LARGEST: f64 = 1e30;

/// The words for a missing value.
const MISSING: [&str; 21] = [
    "", "?", "NA", "N/A", "n/a", "nan", "NaN", "NAN", "-nan", "NaT", "NULL", "null", "<NA>", "1.#QNAN",
    "-1.#IND", "#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!",
];

/// Further words for a missing input: as classes, they are names.
const MISSING_INPUT: [&str; 6] = ["-", "--", ".", "None", "na", "missing"];

/// Whether a text is a number, or several with whatever between them.
pub(super) fn is_numbers(text: &str) -> bool {
    let mut parts = text.split(|c: char| c.is_whitespace() || ",|:/".contains(c));
    !text.is_empty() && parts.all(|part| part.is_empty() || part.parse::<f64>().is_ok())
}

pub(super) fn is_missing(text: &str) -> bool {
    MISSING.contains(&text)
}

/// An input, or what is wrong with it.
pub(super) fn input(text: &str, separator: char) -> Result<f64, String> {
    let shown = shortened(text);
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    // As in 1,234 and -1,234,567.8.
    let whole = text.trim_start_matches(['+', '-']).split('.').next().unwrap_or_default();
    let is_grouped = whole.find(',').is_some_and(|digits| (1..=3).contains(&digits))
        && !whole.starts_with('0')
        && whole.bytes().all(|byte| byte == b',' || byte.is_ascii_digit())
        && whole.split(',').skip(1).all(|group| group.len() == 3)
        && is_number(&text.replace(',', ""));
    match text.parse::<f64>() {
        Ok(number) if number.abs() <= LARGEST => Ok(number),
        _ if is_missing(text) || MISSING_INPUT.contains(&text) => Err(missing(text)),
        Ok(_) if text.contains(|c: char| c.is_ascii_digit()) => {
            Err(format!("{shown} is too large, expected numbers up to {LARGEST:e}: scale it"))
        }
        Ok(_) => Err(format!("{shown} is not a finite number")),
        Err(_) if is_grouped => Err(format!(
            "{shown} has a comma: leave it out if it separates thousands, write it as a point if it is a decimal comma"
        )),
        Err(_) if is_number(&text.replacen(',', ".", 1)) => {
            Err(format!("{shown} has a decimal comma: write it as a point"))
        }
        Err(_) if is_number(&text.replace(['−', '–'], "-")) => {
            Err(format!("{shown} has a typographer's minus: write it as -"))
        }
        Err(_) if is_numbers(text) => Err(format!(
            "{shown} is more than one number: decimal commas, or another separator than {}",
            named(separator)
        )),
        Err(_) => Err(format!("{shown} is not a number")),
    }
}

pub(super) fn missing(text: &str) -> String {
    let shown = if text.is_empty() { "an empty field" } else { text };
    format!("{shown} is a missing value: remove the row or fill it in")
}

/// The name of a separator.
pub(super) fn named(separator: char) -> &'static str {
    match separator {
        ';' => "semicolons",
        '\t' => "tabs",
        ',' => "commas",
        _ => "spaces",
    }
}
