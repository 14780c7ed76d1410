//! Rows of the sweeps' CSV files, all of one kind: which runs, and their results summed up.

use std::fmt;
use std::str::FromStr;

use backprop::math::init::Init;
use backprop::programs::settings::Settings;
use backprop::training::score::Score;

/// Names of the columns.
pub(crate) const HEADER: &str = "hidden,init,bias,step_size,lambda,batch,epochs,data,seed,runs,loss,worst_loss,data_loss,correct,\
     samples,validation_loss,validation_correct,validation_samples,solved,slow,two_tied,three_tied,four_tied";

/// A row: one run, or a thousand of problem 1c.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) key: Key,
    pub(crate) results: Results,
}

/// The runs of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Key {
    pub(crate) settings: Settings,
    pub(crate) data: Data,
    /// Seed of the initialisation and of the order of samples; of several runs, the first.
    pub(crate) seed: u64,
}

/// The samples that a run trains on and those that validate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// The files as they are.
    Given,
    /// The files as they are, for a network with one hidden layer where the problem has two.
    OneLayer,
    /// The training samples in five parts, which the seed of the run draws: each in turn validates, the others train.
    Folds,
    /// All samples divided otherwise, by a shuffle with this seed.
    Split(u64),
    /// A split, where the validation samples are scored in two halves.
    Halves(u64),
    /// As [`Halves`](Data::Halves), with the network of the least validation loss.
    Stopped(u64),
    /// As [`Halves`](Data::Halves), where each half of the validation samples scores the network of the other half's least loss.
    StoppedByOthers(u64),
    /// The spiral, and fresh ones with other seeds than those that settings are chosen by.
    Fresh,
}

/// Results of some runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Results {
    /// Number of runs.
    pub(crate) runs: usize,
    /// The median of the runs' cost J on the training samples; infinite if that run diverged.
    pub(crate) loss: f64,
    /// The largest J; infinite if a run diverged.
    pub(crate) worst_loss: f64,
    /// The score on the training samples of all runs, as if λ were 0. Its loss is the mean of all runs, and infinite if a run
    /// diverged.
    pub(crate) training: Score,
    /// The score on the validation samples of all runs; zeros if there are none.
    pub(crate) validation: Score,
    /// Of the runs on XOR: how many solve it, are right at a larger loss, or are stuck with two, three or four points tied.
    pub(crate) ends: [usize; 5],
}

impl Results {
    /// The share of runs that solve XOR, in percent.
    pub(crate) fn percent_solved(&self) -> f64 {
        100.0 * self.ends[0] as f64 / self.runs as f64
    }

    pub(crate) fn validation_loss(&self) -> f64 {
        self.validation.data_loss
    }

    /// The share of training samples right, in percent.
    pub(crate) fn training_percent(&self) -> f64 {
        100.0 * self.training.accuracy()
    }

    /// The share of validation samples right, in percent.
    pub(crate) fn validation_percent(&self) -> f64 {
        100.0 * self.validation.accuracy()
    }
}

/// The beginning of a row, up to its results. A batch of 0 is the full batch.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { settings, data, seed } = self;
        let Settings { epochs, step_size, lambda, batch, init: Init { weights, bias }, hidden } = settings;
        let batch = batch.unwrap_or(0);
        write!(formatter, "{hidden},{weights},{bias},{step_size},{lambda},{batch},{epochs},{data},{seed}")
    }
}

impl fmt::Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Given => formatter.write_str("given"),
            Data::OneLayer => formatter.write_str("given (one layer)"),
            Data::Folds => formatter.write_str("5 folds"),
            Data::Split(seed) => write!(formatter, "split {seed}"),
            Data::Halves(seed) => write!(formatter, "halves of split {seed}"),
            Data::Stopped(seed) => write!(formatter, "stopped split {seed}"),
            Data::StoppedByOthers(seed) => write!(formatter, "stopped by others split {seed}"),
            Data::Fresh => formatter.write_str("fresh"),
        }
    }
}

/// The row without its line's end.
impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { key, results: Results { runs, loss, worst_loss, training, validation, ends } } = self;
        write!(formatter, "{key},{runs},{loss},{worst_loss}")?;
        for Score { data_loss, correct, samples, .. } in [training, validation] {
            write!(formatter, ",{data_loss},{correct},{samples}")?;
        }
        ends.iter().try_for_each(|count| write!(formatter, ",{count}"))
    }
}

impl Row {
    /// Reads a row of these runs; `None` if the line is another.
    pub(crate) fn read(key: Key, line: &str) -> Option<Self> {
        fn next<'a, T: FromStr>(entries: &mut impl Iterator<Item = &'a str>) -> Option<T> {
            entries.next()?.parse().ok()
        }
        let mut entries = line.strip_prefix(&key.to_string())?.strip_prefix(',')?.split(',');
        let entries = &mut entries;
        let (runs, loss, worst_loss) = (next(entries)?, next(entries)?, next(entries)?);
        let [training, validation] = [(); 2].map(|()| {
            let (data_loss, correct, samples) = (next(entries)?, next(entries)?, next(entries)?);
            Some(Score { data_loss, penalty: 0.0, correct, samples })
        });
        let mut ends = [0; 5];
        for count in &mut ends {
            *count = next(entries)?;
        }
        let results = Results { runs, loss, worst_loss, training: training?, validation: validation?, ends };
        entries.next().is_none().then_some(Row { key, results })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backprop::math::init::WeightInit;

    #[test]
    fn a_row_is_read_as_it_is_written_and_no_other_is() {
        let init = Init { weights: WeightInit::Fixed(0.01), bias: 0.5 };
        let settings =
            Settings { epochs: 7, step_size: 0.5, lambda: 0.001, batch: Some(10), init, hidden: 6 };
        let key = Key { settings, data: Data::StoppedByOthers(101), seed: 3 };
        let start = "6,0.01,0.5,0.5,0.001,10,7,stopped by others split 101,3";
        for results in ["1,0.25,0.25,0.125,3,4,0.5,30,40,0,0,0,0,0", "9,0.1,inf,inf,20,36,0,0,0,1,2,3,0,1"] {
            let line = format!("{start},{results}");
            assert_eq!(Row::read(key, &line).unwrap().to_string(), line);
            for wrong in [&line[1..], &line[..line.len() - 2], &format!("{line},0"), &format!("{line}x")] {
                assert_eq!(Row::read(key, wrong), None, "{wrong}");
            }
            assert_eq!(Row::read(Key { seed: 4, ..key }, &line), None);
            assert_eq!(line.split(',').count(), HEADER.split(',').count());
        }
        let full = Key { settings: Settings { batch: None, ..settings }, ..key };
        assert!(full.to_string().starts_with("6,0.01,0.5,0.5,0.001,0,7,"));
    }
}
