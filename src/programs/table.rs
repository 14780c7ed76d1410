//! Tables of text: read from CSV, written as Markdown.

use std::fmt::Write as _;

/// Rows under named columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, as long as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Table { columns: columns.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    /// Reads CSV with a header and without quotes.
    #[must_use]
    pub fn from_csv(text: &str) -> Self {
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect());
        Table { columns: lines.next().unwrap_or_default(), rows: lines.collect() }
    }

    /// The position of a column.
    ///
    /// # Panics
    ///
    /// If there is none of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> usize {
        let position = self.columns.iter().position(|column| column == name);
        position.unwrap_or_else(|| panic!("no column {name} among {}", self.columns.join(", ")))
    }

    /// The number in a column of a row; NaN if the entry is none.
    ///
    /// # Panics
    ///
    /// If there is no column of this name.
    #[must_use]
    pub fn number(&self, row: &[String], column: &str) -> f64 {
        row[self.column(column)].parse().unwrap_or(f64::NAN)
    }

    /// The same table with only some of its rows.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&[String]) -> bool) -> Self {
        let rows = self.rows.iter().filter(|row| keep(row)).cloned().collect();
        Table { columns: self.columns.clone(), rows }
    }

    /// The table in Markdown. Columns whose every entry is a number, or a dash for none, stand to the right.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let is_number =
            |text: &String| text == "–" || text.trim_end_matches([' ', '%']).parse::<f64>().is_ok();
        let numeric = |column: usize| self.rows.iter().all(|row| is_number(&row[column]));
        let rules = (0..self.columns.len()).map(|column| if numeric(column) { "---:" } else { "---" });
        let mut text = String::new();
        let _ = writeln!(text, "| {} |", self.columns.join(" | "));
        let _ = writeln!(text, "|{}|", rules.collect::<Vec<_>>().join("|"));
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_csv_is_written_as_markdown_with_numbers_to_the_right() {
        let table = Table::from_csv("init,loss,share\nhe,0.5,98 %\nmirrored,-1e-3,–\n");
        assert_eq!(table.column("loss"), 1);
        assert_eq!(
            table.to_markdown(),
            "| init | loss | share |\n|---|---:|---:|\n| he | 0.5 | 98 % |\n| mirrored | -1e-3 | – |\n"
        );
        assert_eq!(table.number(&table.rows[1], "loss"), -1e-3);
        assert!(table.number(&table.rows[1], "share").is_nan());
        let filtered = table.filtered(|row| row[0] == "he");
        assert_eq!(filtered.rows, [["he", "0.5", "98 %"]]);
    }
}
