//! Tables in Markdown.

use std::borrow::Borrow;
use std::fmt::Write as _;

/// A table in Markdown. Columns of numbers, of dashes for none and of `diverged` are set to the right.
pub(crate) fn markdown(headings: &[impl Borrow<str>], rows: &[Vec<String>]) -> String {
    let is_number = |text: &str| {
        matches!(text, "–" | "diverged") || text.trim_end_matches([' ', '%']).parse::<f64>().is_ok()
    };
    let rule = |column: usize| if rows.iter().all(|row| is_number(&row[column])) { "---:" } else { "---" };
    let rules: Vec<&str> = (0..headings.len()).map(rule).collect();
    let mut text = format!("| {} |\n|{}|\n", headings.join(" | "), rules.join("|"));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_numbers_are_set_to_the_right() {
        let rows =
            [["he", "0.5", "98 %"], ["mirrored", "diverged", "–"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(
            markdown(&["init", "loss", "share"], &rows),
            "| init | loss | share |\n|---|---:|---:|\n| he | 0.5 | 98 % |\n| mirrored | diverged | – |\n"
        );
    }
}
