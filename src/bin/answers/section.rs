//! A problem's part of the document.

use backprop::programs::outcome::{Outcome, named};
use backprop::training::numbers::{loss_text, percent};
use backprop::training::train::Score;

use super::runs::Figures;

/// The answers to a problem, in Markdown, and what the table of results says of other settings and seeds.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) text: String,
    pub(crate) starter: String,
    pub(crate) seeds: String,
}

/// A Markdown file beside this one, its places filled with the values of their names.
macro_rules! fill {
    ($file:literal; $($name:ident),+) => { format!(include_str!($file), $($name = $name),+) };
}
pub(crate) use fill;

/// Checks what the document says in words.
///
/// # Panics
///
/// With the first words that are not in the text, or whose condition is false.
pub(crate) fn hold(text: &str, claims: &[(&str, bool)]) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (words, holds) in claims {
        assert!(text.contains(words), "the document does not say '{words}'");
        assert!(holds, "the document says '{words}', which does not hold");
    }
}

/// `98.18 % (108 of 110)`.
pub(crate) fn accuracy(score: &Score) -> String {
    format!("{} ({} of {})", percent(score.accuracy()), score.correct, score.samples)
}

/// The accuracies of a run, its cost, its settings and its findings.
pub(crate) fn opening(outcome: &Outcome) -> String {
    let Outcome { settings, settings_line, scores, findings, .. } = outcome;
    let scored: Vec<String> =
        named(scores).map(|(data, score)| format!("{data} {}", accuracy(&score))).collect();
    let units = match settings.hidden {
        0 => String::new(),
        units => format!("{units} units in a hidden layer, "),
    };
    let findings: Vec<String> = findings.iter().flatten().map(|finding| escaped(finding)).collect();
    let found = if findings.is_empty() { String::new() } else { format!(" Found: {}.", findings.join("; ")) };
    let loss = loss_text(scores.training.loss());
    format!("**Accuracy:** {}, at J = {loss} ({units}{settings_line}).{found}", scored.join(", "))
}

/// Of a problem's template, what holds for any data: headings, questions, results and figures.
pub(crate) fn of_other_data(template: &str, outcome: &Outcome, figures: &Figures) -> Section {
    let block = |block: &str| match block.rsplit_once("](") {
        Some((_, path)) if block.starts_with("![") => {
            let path = path.trim_end_matches(')');
            figures.contains_key(path).then(|| format!("![{path}]({path})"))
        }
        _ if block == "{opening}" => Some(opening(outcome)),
        _ => block.starts_with(['#', '>']).then(|| block.to_owned()),
    };
    let blocks: Vec<String> = template.trim_end().split("\n\n").filter_map(block).collect();
    let [starter, seeds] = ["–"; 2].map(str::to_owned);
    Section { text: blocks.join("\n\n") + "\n", starter, seeds }
}

/// Text in Markdown that is shown as it is: names from data files cannot be links, pictures or marks.
pub(crate) fn escaped(text: &str) -> String {
    let mut markdown = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // Before a space they begin no address, and one hyphen is no dash.
        let is_plain = match character {
            '.' | ':' => characters.peek().is_none_or(|next| next.is_whitespace()),
            '-' => characters.peek() != Some(&'-'),
            _ => matches!(character, '(' | ')' | ',' | ';' | '%'),
        };
        if character.is_ascii_punctuation() && !is_plain {
            markdown.push('\\');
        }
        // A line's end could begin a heading or a list.
        markdown.push(if character.is_control() { ' ' } else { character });
    }
    markdown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "the document does not say 'a b'")]
    fn words_of_a_claim_stand_in_the_text() {
        hold("a\nb", &[("a b", true)]);
        hold("ab", &[("a b", true)]);
    }

    #[test]
    #[should_panic(expected = "the document says 'a', which does not hold")]
    fn a_claim_holds() {
        hold("a b", &[("b", true), ("a", false)]);
    }
}
