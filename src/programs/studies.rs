//! What the program `tune` studies: each problem's sweep, and what is made of its runs.

use std::path::Path;

use crate::draw::svg_page;
use crate::programs::criteria::{
    BY_CROSS_VALIDATION, BY_EXCESS, BY_FRESH_SPIRALS, BY_LOSS, BY_SOLVED, Criterion,
};
use crate::programs::output::write_result;
use crate::programs::ranking::Ranking;
use crate::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem};
use crate::programs::table::Table;
use crate::training::error::Error;

/// A sweep and what it is for.
#[derive(Debug)]
pub struct Study {
    /// The name of its files under `out/tuning/`.
    pub name: &'static str,
    /// How it chooses settings; `None` if it shows what chosen ones do with other seeds and data.
    pub choice: Option<Choice>,
}

/// How settings are chosen.
#[derive(Debug)]
pub struct Choice {
    /// What they are chosen for.
    pub problem: &'static Problem,
    /// What makes them better than others.
    pub criterion: Criterion,
    /// What the figures are called.
    title: &'static str,
    /// What the words of the criterion mean; may be empty.
    explained: &'static str,
}

impl Study {
    const fn choosing(problem: &'static Problem, criterion: Criterion, explained: &'static str) -> Self {
        let Problem { name, title, .. } = *problem;
        Study { name, choice: Some(Choice { problem, criterion, title, explained }) }
    }

    const fn of_chosen(name: &'static str) -> Self {
        Study { name, choice: None }
    }
}

const SOLVED: &str = "solved is all four right and a loss below 0.01";
const FRESH: &str = "fresh spirals are others from the same process, which no network is trained on";
const FOLDS: &str = "five-fold cross-validation on the training flowers alone";

/// All studies, in the order in which they are made.
pub const STUDIES: [Study; 11] = [
    Study::choosing(&PROB1A, BY_EXCESS, ""),
    Study::choosing(&PROB1B, BY_LOSS, ""),
    Study::choosing(&PROB1C, BY_SOLVED, SOLVED),
    Study {
        name: "prob1c_atlas",
        choice: Some(Choice {
            problem: &PROB1C,
            criterion: BY_SOLVED,
            title: "Problem 1c: which networks learn XOR",
            explained: SOLVED,
        }),
    },
    Study::choosing(&PROB1D, BY_FRESH_SPIRALS, FRESH),
    // Other seeds, and fresh spirals that no choice of settings has seen.
    Study::of_chosen("prob1d_seeds"),
    Study::choosing(&PROB2A, BY_CROSS_VALIDATION, FOLDS),
    // Other seeds, and other splits of the flowers.
    Study::of_chosen("prob2a_seeds"),
    Study::choosing(&PROB2B, BY_CROSS_VALIDATION, FOLDS),
    Study::of_chosen("prob2b_seeds"),
    // One layer with the settings chosen for two.
    Study::of_chosen("prob2b_one_layer"),
];

/// The rows of a ranked table, beside those of the default and of the starter script.
const BEST: usize = 12;

impl Study {
    /// Writes the ranked table as Markdown and the heat maps as SVG into `out/tuning/`; nothing if the study does not
    /// choose.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn write_summary(&self, out: &Path, runs: &Table) -> Result<(), Error> {
        let Some(Choice { problem, criterion, title, explained }) = &self.choice else { return Ok(()) };
        let ranking = Ranking::new(*criterion, runs);
        let place = |settings| match ranking.place(settings) {
            Some(place) => format!("place {place}"),
            None => "not among them".to_owned(),
        };
        let separator = if explained.is_empty() { "" } else { "; " };
        let what = format!("{}{separator}{explained}", ranking.common());
        let text = format!(
            "# {title}\n\n{} settings ({what}), ranked by {}.\n\nThe program's default: {}. The course's starter \
             script: {}.\n\n{}",
            ranking.len(),
            ranking.ranked_by(),
            place(&problem.tuned),
            place(&problem.starter),
            ranking.table(BEST, &[&problem.tuned, &problem.starter]).to_markdown()
        );
        let maps = svg_page(&ranking.heat_maps(title, &what));
        write_result(out, &["tuning", &format!("{}.md", self.name)], text.as_bytes())?;
        write_result(out, &["tuning", &format!("{}.svg", self.name)], maps.as_bytes())?;
        Ok(())
    }
}
