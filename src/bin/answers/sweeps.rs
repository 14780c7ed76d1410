//! The runs of `tune`, as it has written them.

use backprop::programs::settings::{Problem, Settings};
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, sorted};

use super::tuning::ranking::Ranking;
use super::tuning::row::{Data, Key, Results, Row};
use super::tuning::study::{FRESH_SEEDS, STUDIES, Study};

/// A study with its rows.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) problem: &'static Problem,
    pub(crate) ranking: Ranking,
    pub(crate) rows: Vec<Row>,
}

/// The results of some rows of a sweep, in its order: those of the same settings follow their splits and seeds.
#[derive(Debug)]
pub(crate) struct Runs(pub(crate) Vec<Results>);

/// A number of each run.
pub(crate) type Number = fn(&Results) -> f64;

/// The sweeps of all problems.
///
/// # Errors
///
/// [`Error::Data`] if a file lacks a row of its study.
pub(crate) fn read_all() -> Result<Vec<Sweep>, Error> {
    macro_rules! files {
        ($($name:literal)*) => { [$(include_str!(concat!("../../../data/tuning/", $name, ".csv"))),*] };
    }
    let files = files!("prob1a" "prob1b" "prob1c" "prob1d" "prob2a" "prob2b");
    let read = |(study, csv): (&'static Study, &str)| {
        let rows = study.read(csv)?;
        Ok(Sweep { problem: study.problem, ranking: Ranking::of(study, &rows), rows })
    };
    STUDIES.iter().zip(files).map(read).collect()
}

impl Sweep {
    /// The runs for which something holds.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub(crate) fn filter(&self, is_of: impl Fn(&Key) -> bool) -> Runs {
        let rows = self.rows.iter().filter(|row| is_of(&row.key));
        let results: Vec<Results> = rows.map(|row| row.results).collect();
        assert!(!results.is_empty(), "{} has such runs", self.problem.name);
        Runs(results)
    }

    /// The runs with these settings and fresh seeds on the given data.
    pub(crate) fn fresh(&self, settings: &Settings) -> Runs {
        self.filter(|key| {
            key.settings == *settings && key.seed >= FRESH_SEEDS && matches!(key.data, Data::Given)
        })
    }

    /// The runs on other splits with this λ and the other tuned settings, after these epochs.
    pub(crate) fn on_splits(&self, lambda: f64, epochs: u64) -> Runs {
        let settings = Settings { lambda, epochs, ..self.problem.tuned };
        self.filter(|key| key.settings == settings && matches!(key.data, Data::Split(_)))
    }
}

impl Runs {
    pub(crate) fn sorted(&self, number: Number) -> Vec<f64> {
        sorted(self.0.iter().map(number))
    }

    pub(crate) fn median(&self, number: Number) -> f64 {
        median(&self.sorted(number))
    }

    pub(crate) fn mean(&self, number: Number) -> f64 {
        mean(&self.0.iter().map(number).collect::<Vec<_>>())
    }
}
