//! What the program `tune` studies: each problem's sweep, and what is made of its runs.

use crate::plot::svg_page;
use crate::ranking::{
    BY_CROSS_VALIDATION, BY_EXCESS, BY_FRESH_SPIRALS, BY_LOSS, BY_SOLVED, Criterion, Ranking,
};
use crate::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Preset};
use crate::table::Table;

/// A sweep and what it is for.
#[derive(Debug)]
pub struct Study {
    /// The name of its files under `out/tuning/`.
    pub name: &'static str,
    /// What its figures and its table are called.
    pub title: &'static str,
    /// What its runs are.
    pub what: &'static str,
    /// How its settings are ranked, and what they are ranked for; `None` if it only shows what one setting does.
    pub choice: Option<(Criterion, Preset)>,
}

/// All studies, in the order in which they are made.
pub const STUDIES: [Study; 10] = [
    Study {
        name: "prob1a",
        title: "Problem 1a: softmax regression on XOR",
        what: "Full batch, 5 seeds each.",
        choice: Some((BY_EXCESS, PROB1A)),
    },
    Study {
        name: "prob1b",
        title: "Problem 1b: softmax regression on the spiral",
        what: "Full batch, 5 seeds each.",
        choice: Some((BY_LOSS, PROB1B)),
    },
    Study {
        name: "prob1c",
        title: "Problem 1c: one hidden layer on XOR",
        what: "Full batch, 6 hidden units, 1000 seeds each; solved is all four right and a loss below 0.01.",
        choice: Some((BY_SOLVED, PROB1C)),
    },
    Study {
        name: "prob1c_atlas",
        title: "Problem 1c: which networks learn XOR",
        what: "Full batch, step size 1, 1000 epochs, 1000 seeds each.",
        choice: Some((BY_SOLVED, PROB1C)),
    },
    Study {
        name: "prob1d",
        title: "Problem 1d: one hidden layer on the spiral",
        what: "Full batch, 4 seeds each; fresh spirals: 100 others from the same process.",
        choice: Some((BY_FRESH_SPIRALS, PROB1D)),
    },
    Study {
        name: "prob1d_seeds",
        title: "Problem 1d: the default and the starter script's settings with other seeds",
        what: "20 seeds, and 20 fresh spirals that no choice of settings has seen.",
        choice: None,
    },
    Study {
        name: "prob2a",
        title: "Problem 2a: one hidden layer on Iris",
        what: "Five-fold cross-validation on the 110 training flowers alone, 10 seeds each.",
        choice: Some((BY_CROSS_VALIDATION, PROB2A)),
    },
    Study {
        name: "prob2a_seeds",
        title: "Problem 2a: the default and the starter script's settings with other seeds, the default on other splits",
        what: "100 seeds on the given split, 5 seeds on each of 20 other splits of the 150 flowers.",
        choice: None,
    },
    Study {
        name: "prob2b",
        title: "Problem 2b: two hidden layers on Iris",
        what: "Five-fold cross-validation on the 110 training flowers alone, 10 seeds each.",
        choice: Some((BY_CROSS_VALIDATION, PROB2B)),
    },
    Study {
        name: "prob2b_seeds",
        title: "Problem 2b: the default and the starter script's settings with other seeds, the default on other splits",
        what: "100 seeds on the given split, 5 seeds on each of 20 other splits of the 150 flowers.",
        choice: None,
    },
];

/// The rows of a ranked table, beside those of the default and of the starter script.
const BEST: usize = 12;

impl Study {
    /// The settings of the study in their order, if it ranks them.
    #[must_use]
    pub fn ranking(&self, runs: &Table) -> Option<(Ranking, Preset)> {
        self.choice.map(|(criterion, preset)| (Ranking::new(criterion, runs), preset))
    }

    /// The ranked table as Markdown and the heat maps as SVG, with the names of their files; nothing if the study does not
    /// rank.
    #[must_use]
    pub fn summary(&self, runs: &Table) -> Vec<(String, String)> {
        let Some((ranking, preset)) = self.ranking(runs) else { return Vec::new() };
        let Study { name, title, what, .. } = self;
        let place = |settings| match ranking.place(settings) {
            Some(place) => format!("place {place}"),
            None => "not among them".to_owned(),
        };
        let text = format!(
            "# {title}\n\n{what} {} settings, ranked by {}.\n\nThe program's default: {}. The course's starter script: \
             {}.\n\n{}",
            ranking.len(),
            ranking.ranked_by(),
            place(&preset.tuned),
            place(&preset.starter),
            ranking.table(BEST, &[&preset.tuned, &preset.starter]).to_markdown()
        );
        let maps = ranking.heat_maps(title, what);
        vec![(format!("{name}.md"), text), (format!("{name}.svg"), svg_page(&maps))]
    }
}
