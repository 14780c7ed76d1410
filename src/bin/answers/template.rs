//! The answer document's template: prose written by hand, with a place for every number.
//!
//! - `{{name}}` stands for the value of that name: a number, words or a table.
//! - `{{words if a > b}}` stands for the words, provided that the comparison holds; otherwise filling fails, so that the
//!   prose and the results cannot part. `a` and `b` are names or numbers; the signs are `>`, `<`, `>=`, `<=` and `=`;
//!   several comparisons are joined by `and`.
//! - `{{#name}}` begins, and `{{/}}` ends, text that is left out unless the value of that name is 1, and `{{^name}}` text that
//!   is left out if it is: what is said of the built-in data alone, and what is said of others.
//!
//! Where the data are others, a paragraph or list item in which a claim does not hold or a value is missing is left out too.

use std::collections::BTreeMap;

use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, percent};

/// The values that fill a template.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: BTreeMap<String, (f64, String)>,
}

impl Values {
    /// A number and how it is written.
    pub(crate) fn set(&mut self, name: &str, number: f64, text: impl Into<String>) {
        self.values.insert(name.to_owned(), (number, text.into()));
    }

    /// A number that is written as it is.
    pub(crate) fn count(&mut self, name: &str, number: f64) {
        self.set(name, number, number.to_string());
    }

    /// A number with this many decimals.
    pub(crate) fn decimals(&mut self, name: &str, number: f64, decimals: usize) {
        self.set(name, number, format!("{number:.decimals$}"));
    }

    /// A share from 0 to 1, as a number of percent.
    pub(crate) fn share(&mut self, name: &str, share: f64) {
        self.set(name, 100.0 * share, percent(share));
    }

    /// The mean, the median and the least of some shares in ascending order.
    pub(crate) fn spread(&mut self, name: &str, sorted: &[f64]) {
        self.share(&format!("{name}.mean"), mean(sorted));
        self.share(&format!("{name}.median"), median(sorted));
        self.share(&format!("{name}.worst"), sorted[0]);
    }

    /// Words or a table, which no claim compares.
    pub(crate) fn words(&mut self, name: &str, text: &str) {
        self.set(name, f64::NAN, text.trim_end());
    }

    /// The value of this name.
    fn get(&self, name: &str) -> Result<&(f64, String), String> {
        self.values.get(name).ok_or_else(|| format!("no value is called {name}"))
    }

    /// The text for a place of the template, or what is wrong with the place.
    fn resolve<'a>(&'a self, place: &'a str) -> Result<&'a str, String> {
        let Some((words, claim)) = place.split_once(" if ") else { return Ok(&self.get(place)?.1) };
        claim.split(" and ").try_for_each(|comparison| self.compare(comparison))?;
        Ok(words)
    }

    /// Whether a comparison holds; if not, why.
    fn compare(&self, comparison: &str) -> Result<(), String> {
        let [left, sign, right] = comparison.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(format!("{comparison}: expected a name or number, a sign, a name or number"));
        };
        let number = |text: &str| text.parse().or_else(|_| self.get(text).map(|value| value.0));
        let (a, b): (f64, f64) = (number(left)?, number(right)?);
        let holds = match sign {
            ">" => a > b,
            "<" => a < b,
            ">=" => a >= b,
            "<=" => a <= b,
            "=" => a == b,
            _ => return Err(format!("{comparison}: {sign} is not one of > < >= <= =")),
        };
        if holds { Ok(()) } else { Err(format!("the claim {comparison} does not hold: {a} {sign} {b}")) }
    }
}

/// The template with every place filled. If `lenient`, a paragraph or list item with a place that cannot be filled is left
/// out.
///
/// # Errors
///
/// [`Error::Data`] for a name that stands for nothing or a claim that does not hold, with its place.
pub(crate) fn fill(file: &str, template: &str, values: &Values, lenient: bool) -> Result<String, Error> {
    let mut text = String::new();
    // Whether the text is left out up to the next {{/}}, and up to the end of the paragraph; where that begins.
    let (mut hidden, mut spoilt, mut paragraph) = (false, false, 0);
    for (index, line) in template.lines().enumerate() {
        if line.is_empty() || line.starts_with("- ") {
            (spoilt, paragraph) = (false, text.len());
        }
        let start = text.len();
        let is_marked = hidden || ["{{#", "{{^", "{{/}}"].iter().any(|mark| line.contains(mark));
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("{{") {
            let at = |problem: String| Error::Data {
                file: file.to_owned(),
                line: index + 1,
                column: line.chars().count() - after.chars().count() + 1,
                problem,
            };
            let (place, after) = after.split_once("}}").ok_or_else(|| at("{{ without }}".to_owned()))?;
            text.push_str(if hidden { "" } else { before });
            if let Some(name) = place.strip_prefix(['#', '^']) {
                hidden = (values.get(name).map_err(at)?.0 == 1.0) != place.starts_with('#');
            } else if place == "/" {
                hidden = false;
            } else if !hidden {
                match values.resolve(place).map_err(at) {
                    Ok(filled) => text.push_str(filled),
                    Err(_) if lenient => spoilt = true,
                    Err(error) => return Err(error),
                }
            }
            rest = after;
        }
        text.push_str(if hidden { "" } else { rest });
        if spoilt {
            text.truncate(paragraph);
        } else if text.len() > start || !is_marked {
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        values.set("deep", 99.5, "99.50 %");
        values.count("flat", 50.0);
        values.words("runs", "| a | b |\n|---:|---|\n| 1 | x |\n");
        values
    }

    #[test]
    fn names_stand_for_values_and_tables() {
        let text = fill("t.md", "It got {{deep}}, not {{flat}}.\n\n{{runs}}\n", &values(), false).unwrap();
        assert_eq!(text, "It got 99.50 %, not 50.\n\n| a | b |\n|---:|---|\n| 1 | x |\n");
    }

    #[test]
    fn words_with_a_claim_stand_only_if_it_holds() {
        let fill = |template| fill("t.md", template, &values(), false).map_err(|error| error.to_string());
        assert_eq!(fill("{{higher if deep > flat and flat = 50}}"), Ok("higher\n".to_owned()));
        for (template, error) in [
            ("x\ny {{lower if deep < flat}}", "t.md:2:5: the claim deep < flat does not hold: 99.5 < 50"),
            ("{{a if deep >= 99 and flat <= 49}}", "t.md:1:3: the claim flat <= 49 does not hold: 50 <= 49"),
            ("{{other}}", "t.md:1:3: no value is called other"),
            ("{{a if deep > other}}", "t.md:1:3: no value is called other"),
            ("{{a if deep ~ 1}}", "t.md:1:3: deep ~ 1: ~ is not one of > < >= <= ="),
            ("{{deep", "t.md:1:3: {{ without }}"),
        ] {
            assert_eq!(fill(template), Err(error.to_owned()));
        }
    }

    #[test]
    fn text_between_marks_stands_only_if_its_value_is_one_or_is_not() {
        let mut values = values();
        values.count("xor", 1.0);
        values.count("iris", 0.0);
        let fill = |template| fill("t.md", template, &values, false).unwrap();
        assert_eq!(fill("a{{#xor}} b{{/}}{{^xor}} c{{/}}.\n"), "a b.\n");
        assert_eq!(fill("a{{#iris}} {{none}} if 1 > 2{{/}}{{^iris}} {{flat}}{{/}}.\n"), "a 50.\n");
        assert_eq!(fill("a\n\n{{#iris}}\nb\n\nc\n{{/}}\nd\n"), "a\n\nd\n");
        assert_eq!(fill("a\n\n{{#xor}}\nb\n\nc\n{{/}}\nd\n"), "a\n\nb\n\nc\nd\n");
    }

    #[test]
    fn of_other_data_a_paragraph_that_does_not_hold_is_left_out() {
        let text = "a\n\nb {{x if deep < flat}}\nc\n\n- d\n- {{none}}\n  e\n- f {{flat}}\n\ng\n";
        assert_eq!(fill("t.md", text, &values(), true).unwrap(), "a\n\n- d\n- f 50\n\ng\n");
        assert!(fill("t.md", text, &values(), false).is_err());
    }
}
