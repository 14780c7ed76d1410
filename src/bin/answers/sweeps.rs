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
    pub(crate) ranking: Ranking,
    pub(crate) rows: Vec<Row>,
}

/// Some rows of a sweep, in its order: those of the same settings follow their splits and seeds.
#[derive(Debug)]
pub(crate) struct Runs<'a>(pub(crate) Vec<&'a Row>);

/// A number of each run.
type Number = fn(&Results) -> f64;

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
        Ok(Sweep { ranking: Ranking::of(study, &rows), rows })
    };
    STUDIES.iter().zip(files).map(read).collect()
}

impl Sweep {
    /// The runs for which something holds.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub(crate) fn filter(&self, is_of: impl Fn(&Key) -> bool) -> Runs<'_> {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| is_of(&row.key)).collect();
        assert!(!rows.is_empty(), "{} has such runs", self.problem().name);
        Runs(rows)
    }

    /// The runs with these settings and fresh seeds on data of this kind.
    pub(crate) fn fresh(&self, settings: &Settings, is_of: fn(Data) -> bool) -> Runs<'_> {
        self.filter(|key| key.settings == *settings && key.seed >= FRESH_SEEDS && is_of(key.data))
    }

    pub(crate) fn problem(&self) -> &'static Problem {
        self.ranking.study.problem
    }

    /// The values of each setting that were tried to choose, and the number of their combinations.
    pub(crate) fn tried(&self) -> (String, usize) {
        (self.ranking.grid(), self.ranking.ranked.len())
    }
}

impl Runs<'_> {
    pub(crate) fn numbers(&self, number: Number) -> Vec<f64> {
        self.0.iter().map(|row| number(&row.results)).collect()
    }

    pub(crate) fn sorted(&self, number: Number) -> Vec<f64> {
        sorted(self.numbers(number).into_iter())
    }

    pub(crate) fn median(&self, number: Number) -> f64 {
        median(&self.sorted(number))
    }

    pub(crate) fn mean(&self, number: Number) -> f64 {
        mean(&self.numbers(number))
    }

    pub(crate) fn count(&self, is_of: impl Fn(&Results) -> bool) -> usize {
        self.0.iter().filter(|row| is_of(&row.results)).count()
    }

    pub(crate) fn all(&self, holds: impl Fn(&Results) -> bool) -> bool {
        self.0.iter().all(|row| holds(&row.results))
    }
}

/// The files as they are, or the spiral with the fresh ones on which its settings are reported.
pub(crate) fn is_given(data: Data) -> bool {
    matches!(data, Data::Given | Data::Fresh)
}

pub(crate) fn is_split(data: Data) -> bool {
    matches!(data, Data::Split(_))
}

pub(crate) fn is_halves(data: Data) -> bool {
    matches!(data, Data::Halves(_))
}
