//! A problem's part of the document.

use backprop::programs::outcome::{Outcome, named};
use backprop::training::numbers::{loss_text, percent};
use backprop::training::train::Score;

use super::html::Figures;

/// A Markdown file beside this one, its places filled with the values of their names: in that of a problem also its opening and
/// what its sweep tried.
macro_rules! fill {
    ($file:literal; $($name:ident),+) => { format!(include_str!($file), $($name = $name),+) };
    ($file:literal, $outcome:expr, $sweep:expr; $($name:ident),+) => {{
        let (opening, tried) = (crate::section::opening($outcome), $sweep.tried(4));
        fill!($file; opening, tried, $($name),+)
    }};
}
pub(crate) use fill;

/// Checks what a text of the document says, and returns it. Panics with the first words that are not in the text, or whose
/// condition is false.
pub(crate) fn hold(text: String, claims: &[(&str, bool)]) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (words, holds) in claims {
        assert!(line.contains(words), "the document does not say '{words}'");
        assert!(holds, "the document says '{words}', which does not hold");
    }
    text
}

/// `98.18 % (108 of 110)`.
pub(crate) fn accuracy(score: &Score) -> String {
    format!("{} ({} of {})", percent(score.accuracy()), score.correct, score.samples)
}

/// The accuracies of a run, its cost, its settings and its findings.
pub(crate) fn opening(outcome: &Outcome) -> String {
    let Outcome { problem, settings, scores, findings, .. } = outcome;
    let scored = named(scores).map(|(data, score)| format!("{data} {}", accuracy(&score)));
    let found = |finding: &String| format!(" Found: {}.", escaped(finding));
    let found: String = findings.iter().flatten().map(found).collect();
    let (scored, loss) = (scored.collect::<Vec<_>>().join(", "), loss_text(scores.training.loss()));
    let hidden = problem.tuned.hidden;
    let units = if hidden > 0 { &format!("{hidden} hidden units, ") } else { "" };
    format!("**Accuracy:** {scored}, at J = {loss} ({units}{settings}).{found}")
}

/// Of a problem's template, what holds for any data: headings, questions, results and figures.
pub(crate) fn of_other_data(template: &str, outcome: &Outcome, figures: &Figures) -> String {
    let block = |block: &str| match block.rsplit_once("](") {
        Some((_, path)) if block.starts_with("![") => {
            let path = path.trim_end_matches(')');
            figures.contains_key(path).then(|| format!("![{path}]({path})"))
        }
        _ if block == "{opening}" => Some(opening(outcome)),
        _ => block.starts_with(['#', '>']).then(|| block.to_owned()),
    };
    let blocks: Vec<String> = template.trim_end().split("\n\n").filter_map(block).collect();
    blocks.join("\n\n") + "\n"
}

/// Text in Markdown that is shown as it is: names from data files cannot be links, pictures, marks, headings or lists.
pub(crate) fn escaped(text: &str) -> String {
    let mut markdown = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // Before a space, a colon or a full stop makes no address.
        let is_plain = if characters.peek() == Some(&' ') { "(),;%:." } else { "(),;%" };
        if character.is_ascii_punctuation() && !is_plain.contains(character) {
            markdown.push('\\');
        }
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
        hold("a\nb".to_owned(), &[("a b", true)]);
        hold("ab".to_owned(), &[("a b", true)]);
    }

    #[test]
    #[should_panic(expected = "the document says 'a', which does not hold")]
    fn a_claim_holds() {
        hold("a b".to_owned(), &[("b", true), ("a", false)]);
    }
}
