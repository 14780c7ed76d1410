//! The runs of `tune`, and what they say of every problem alike.

use backprop::programs::settings::{Problem, Settings};
use backprop::training::error::Error;
use backprop::training::numbers::{median, sorted};

use super::template::Values;
use super::tuning::ranking::Ranking;
use super::tuning::row::{Data, Results, Row};
use super::tuning::study::{STUDIES, Study};

/// The rows of a study.
#[derive(Debug)]
pub(crate) struct StudyRows {
    pub(crate) study: &'static Study,
    pub(crate) rows: Vec<Row>,
}

/// The sweeps of all studies, as `tune` has written them.
///
/// # Errors
///
/// [`Error::Data`] if a file lacks a row of its study.
pub(crate) fn read_all() -> Result<Vec<StudyRows>, Error> {
    macro_rules! files {
        ($($name:literal)*) => {
            [$(($name, include_str!(concat!("../../../data/tuning/", $name, ".csv")))),*]
        };
    }
    let files = files!("prob1a" "prob1a_seeds" "prob1b" "prob1b_seeds" "prob1c" "prob1c_seeds" "prob1c_atlas" "prob1d"
        "prob1d_seeds" "prob2a" "prob2a_seeds" "prob2a_overfitting" "prob2b" "prob2b_seeds" "prob2b_overfitting");
    let read = |study: &'static Study| {
        let (_, csv) = files.iter().find(|(name, _)| *name == study.name).expect("each study has a file");
        Ok(StudyRows { study, rows: study.read(csv)? })
    };
    STUDIES.iter().map(read).collect()
}

/// The sweep of this name.
pub(crate) fn of<'a>(sweeps: &'a [StudyRows], name: &str) -> &'a StudyRows {
    sweeps.iter().find(|sweep| sweep.study.name == name).expect("a study has this name")
}

impl StudyRows {
    /// The rows with these settings on such data, in their order.
    ///
    /// # Panics
    ///
    /// If the study has none.
    pub(crate) fn with(&self, settings: &Settings, data: fn(Data) -> bool) -> Vec<&Row> {
        let is_it = |row: &&Row| row.key.settings == *settings && data(row.key.data);
        let rows: Vec<&Row> = self.rows.iter().filter(is_it).collect();
        assert!(!rows.is_empty(), "{} has runs with {settings:?}", self.study.name);
        rows
    }

    /// A number of each row with these settings on such data, in their order.
    pub(crate) fn numbers(
        &self,
        settings: &Settings,
        data: fn(Data) -> bool,
        number: fn(&Results) -> f64,
    ) -> Vec<f64> {
        self.with(settings, data).into_iter().map(|row| number(&row.results)).collect()
    }

    /// The rows of the most epochs, and how many those are.
    pub(crate) fn longest(&self) -> (u64, Vec<&Row>) {
        let epochs = self.rows.iter().map(|row| row.key.settings.epochs).fold(0, u64::max);
        (epochs, self.rows.iter().filter(|row| row.key.settings.epochs == epochs).collect())
    }
}

/// The data that a problem's settings are reported on, but for other splits of the flowers.
pub(crate) fn is_given(data: Data) -> bool {
    matches!(data, Data::Given | Data::Fresh)
}

pub(crate) fn is_split(data: Data) -> bool {
    matches!(data, Data::Split(_))
}

pub(crate) fn validation_loss(results: &Results) -> f64 {
    results.validation.data_loss
}

/// The values of all problems' rankings and seeds.
pub(crate) fn collect(sweeps: &[StudyRows], rankings: &[Ranking], values: &mut Values) {
    values.count("rows", sweeps.iter().map(|sweep| sweep.rows.len()).sum::<usize>() as f64);
    for found in rankings {
        ranking(found, values);
    }
    for sweep in sweeps.iter().filter(|sweep| sweep.study.name.ends_with("_seeds")) {
        let Problem { tuned, starter, .. } = sweep.study.problem;
        seeds(sweep, "tuned", tuned, is_given, values);
        seeds(sweep, "starter", starter, is_given, values);
    }
}

/// How a study ranks its settings.
fn ranking(ranking: &Ranking, values: &mut Values) {
    let study = ranking.study.name.trim_start_matches("prob");
    values.words(&format!("{study}.ranking"), &ranking.table(4));
    values.words(&format!("{study}.grid"), &ranking.grid());
    values.words(&format!("{study}.ranked_by"), ranking.criterion.ranked_by);
    values.count(&format!("{study}.tried"), ranking.len() as f64);
    for (setting, best) in ranking.bests() {
        values.words(&format!("{study}.best.{setting}"), &best);
    }
    let Problem { tuned, starter, .. } = ranking.study.problem;
    for (which, settings) in [("tuned", tuned), ("starter", starter)] {
        let Settings { epochs, step_size, lambda, init, .. } = settings;
        values.count(&format!("{study}.{which}.epochs"), *epochs as f64);
        values.count(&format!("{study}.{which}.step_size"), *step_size);
        values.count(&format!("{study}.{which}.lambda"), *lambda);
        values.words(&format!("{study}.{which}.init"), &init.weights.to_string());
    }
}

/// The number of a problem's runs with some settings on such data, their median losses, and their accuracies.
pub(crate) fn seeds(
    sweep: &StudyRows,
    name: &str,
    settings: &Settings,
    data: fn(Data) -> bool,
    values: &mut Values,
) {
    let name = format!("{}.{name}", sweep.study.problem.short());
    let sorted = |number| sorted(sweep.numbers(settings, data, number).into_iter());
    values.count(&format!("{name}.runs"), sorted(|results| results.runs as f64).iter().sum());
    values.decimals(&format!("{name}.loss"), median(&sorted(|results| results.loss)), 4);
    values.decimals(&format!("{name}.validation.loss"), median(&sorted(validation_loss)), 3);
    values.spread(&format!("{name}.training"), &sorted(|results| results.training.accuracy()));
    values.spread(&format!("{name}.validation"), &sorted(|results| results.validation.accuracy()));
}
