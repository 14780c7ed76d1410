//! Studies of the program `tune`: each problem's sweep, and how it chooses settings.

use crate::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem};
use crate::programs::tuning::criteria::{
    BY_CROSS_VALIDATION, BY_EXCESS, BY_FRESH_SPIRALS, BY_LOSS, BY_SOLVED, Criterion,
};

/// A sweep and its purpose.
#[derive(Debug)]
pub struct Study {
    /// The name of its files.
    pub name: &'static str,
    /// How it chooses settings; `None` if it shows the chosen ones with other seeds and data.
    pub choice: Option<Choice>,
}

/// How settings are chosen.
#[derive(Debug)]
pub struct Choice {
    /// The problem that they are chosen for.
    pub problem: &'static Problem,
    /// Title of the figures.
    pub(super) title: &'static str,
    pub(super) criterion: Criterion,
    /// An explanation of the criterion's words; may be empty.
    pub(super) explained: &'static str,
}

const fn choosing(problem: &'static Problem, criterion: Criterion, explained: &'static str) -> Study {
    let Problem { name, title, .. } = *problem;
    Study { name, choice: Some(Choice { problem, title, criterion, explained }) }
}

const fn of_chosen(name: &'static str) -> Study {
    Study { name, choice: None }
}

const SOLVED: &str = "solved is all four right and a loss below 0.01";
const FRESH: &str = "fresh spirals are others from the same process, which no network is trained on";
const FOLDS: &str = "five-fold cross-validation on the training flowers alone";

/// All studies, in the order in which they are made.
pub static STUDIES: [Study; 11] = [
    choosing(&PROB1A, BY_EXCESS, ""),
    choosing(&PROB1B, BY_LOSS, ""),
    choosing(&PROB1C, BY_SOLVED, SOLVED),
    Study {
        name: "prob1c_atlas",
        choice: Some(Choice {
            problem: &PROB1C,
            title: "Problem 1c: which networks learn XOR",
            criterion: BY_SOLVED,
            explained: SOLVED,
        }),
    },
    choosing(&PROB1D, BY_FRESH_SPIRALS, FRESH),
    // Other seeds, and fresh spirals that no choice of settings has seen.
    of_chosen("prob1d_seeds"),
    choosing(&PROB2A, BY_CROSS_VALIDATION, FOLDS),
    // Other seeds, and other splits of the flowers.
    of_chosen("prob2a_seeds"),
    choosing(&PROB2B, BY_CROSS_VALIDATION, FOLDS),
    of_chosen("prob2b_seeds"),
    // One layer with the settings chosen for two.
    of_chosen("prob2b_one_layer"),
];
