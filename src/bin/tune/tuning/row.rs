//! Rows of the sweeps' CSV files. Each begins with the settings; the other columns depend on the study.

use backprop::math::init::{Init, WeightInit};
use backprop::programs::experiments::tied_losses;
use backprop::programs::settings::Settings;
use backprop::training::error::Error;
use backprop::training::numbers::{finite, median, sorted};
use backprop::training::train::Score;

/// Columns of the settings.
const SETTINGS: &str = "hidden,init,bias,step_size,lambda,batch,epochs";

/// Entry of a loss that is infinite or NaN.
const DIVERGED: &str = "diverged";

/// One row of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row<R> {
    /// Settings of its runs.
    pub(crate) settings: Settings,
    /// Which samples its runs train on and which validate them.
    pub(crate) data: String,
    /// Seed of the initialisation and of the order of samples; of several runs, the first.
    pub(crate) seed: u64,
    /// Other columns.
    pub(crate) results: R,
}

/// Columns after those of the settings, the data and the seed.
pub(crate) trait Results: Sized {
    /// Names of the columns, separated by commas.
    const COLUMNS: &'static str;

    /// The entries of the columns.
    fn encode(&self) -> String;

    /// Reads the entries of the columns; `None` if one is not of its column's kind.
    fn decode(entries: &[&str]) -> Option<Self>;
}

/// The first line of a file with rows of this kind, without its end.
pub(crate) fn header<R: Results>() -> String {
    format!("{SETTINGS},data,seed,{}", R::COLUMNS)
}

/// The settings as a row begins with them. The entry of a full batch is 0.
pub(crate) fn key(Settings { epochs, step_size, lambda, batch, init, hidden }: &Settings) -> String {
    let Init { weights, bias } = init;
    format!("{hidden},{weights},{bias},{step_size},{lambda},{},{epochs}", batch.unwrap_or(0))
}

/// An initialisation as tables show it: `he`, or `he, b = 0.1`.
pub(crate) fn init_label(Init { weights, bias }: &Init) -> String {
    if *bias == 0.0 { weights.to_string() } else { format!("{weights}, b = {bias}") }
}

/// Reads the rows of a file.
///
/// # Errors
///
/// [`Error::Data`] for a file with other columns, and for a row that lacks an entry or has one of another kind.
pub(crate) fn read<R: Results>(file: &str, csv: &str) -> Result<Vec<Row<R>>, Error> {
    let at = |line, problem: String| Error::Data { file: file.to_owned(), line, column: 1, problem };
    let mut lines = csv.lines();
    let header = header::<R>();
    if lines.next() != Some(&header) {
        return Err(at(1, format!("expected the columns {header}")));
    }
    let row = |(index, line)| {
        decode(line).ok_or_else(|| at(index + 2, format!("expected a row with the columns {header}")))
    };
    lines.enumerate().map(row).collect()
}

fn decode<R: Results>(line: &str) -> Option<Row<R>> {
    let entries: Vec<&str> = line.split(',').collect();
    let [hidden, weights, bias, step_size, lambda, batch, epochs, data, seed, results @ ..] = &entries[..]
    else {
        return None;
    };
    let settings = Settings {
        epochs: epochs.parse().ok()?,
        step_size: finite(step_size)?,
        lambda: finite(lambda)?,
        batch: Some(batch.parse().ok()?).filter(|&batch| batch > 0),
        init: Init { weights: WeightInit::parse(weights)?, bias: finite(bias)? },
        hidden: hidden.parse().ok()?,
    };
    let (data, seed) = ((*data).to_owned(), seed.parse().ok()?);
    Some(Row { settings, data, seed, results: R::decode(results)? })
}

/// Scores of a network after training; `None` if the run diverged.
pub(crate) type Run = Option<Scores>;

/// Scores of a network after training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scores {
    /// On the training samples.
    pub(crate) training: Score,
    /// On the validation samples, if there are any. The penalty, which is the network's, is with `training`.
    pub(crate) validation: Option<Score>,
}

impl Scores {
    /// The scores on these samples and others together. A penalty is the mean of both.
    pub(crate) fn with(self, other: Scores) -> Self {
        let together = |a: Score, b: Score| {
            let samples = a.samples + b.samples;
            let mean =
                |a_loss, b_loss| (a_loss * a.samples as f64 + b_loss * b.samples as f64) / samples as f64;
            let (data_loss, penalty) = (mean(a.data_loss, b.data_loss), mean(a.penalty, b.penalty));
            Score { data_loss, penalty, correct: a.correct + b.correct, samples }
        };
        let validation = self.validation.zip(other.validation).map(|(a, b)| together(a, b));
        Scores { training: together(self.training, other.training), validation }
    }
}

impl Results for Run {
    const COLUMNS: &'static str =
        "data_loss,penalty,correct,samples,validation_loss,validation_correct,validation_samples";

    fn encode(&self) -> String {
        let finite = |scores: &&Scores| {
            scores.training.loss().is_finite()
                && scores.validation.is_none_or(|score| score.loss().is_finite())
        };
        let Some(Scores { training, validation }) = self.as_ref().filter(finite) else {
            return format!("{DIVERGED},,,,,,");
        };
        let Score { data_loss, penalty, correct, samples } = training;
        let validation = validation.map_or(",,".to_owned(), |score| {
            format!("{},{},{}", score.data_loss, score.correct, score.samples)
        });
        format!("{data_loss},{penalty},{correct},{samples},{validation}")
    }

    fn decode(entries: &[&str]) -> Option<Self> {
        let score = |[loss, penalty, correct, samples]: [&str; 4]| {
            let (correct, samples) = (correct.parse().ok()?, samples.parse().ok()?);
            Some(Score { data_loss: finite(loss)?, penalty: finite(penalty)?, correct, samples })
        };
        match *<&[&str; 7]>::try_from(entries).ok()? {
            [DIVERGED, "", "", "", "", "", ""] => Some(None),
            [loss, penalty, correct, samples, validation @ ..] => {
                let [of_validation, right, count] = validation;
                let validation = match validation {
                    ["", "", ""] => None,
                    _ => Some(score([of_validation, "0", right, count])?),
                };
                Some(Some(Scores { training: score([loss, penalty, correct, samples])?, validation }))
            }
        }
    }
}

/// How a run of problem 1c ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// All four right, and a loss below 0.01.
    Solved,
    /// All four right, but a larger loss.
    Slow,
    /// Stuck at the first of the [`tied_losses`].
    TwoTied,
    /// Stuck at the second.
    ThreeTied,
    /// Stuck at the third.
    FourTied,
    /// None of these, or diverged.
    Other,
}

impl Fate {
    /// How a run with this score has ended.
    pub(crate) fn of(score: &Score) -> Self {
        let tied = tied_losses().into_iter().position(|loss| (score.loss() - loss).abs() < 0.01);
        let all_right = score.correct == score.samples && score.loss().is_finite();
        match tied {
            _ if all_right && score.loss() < 0.01 => Fate::Solved,
            Some(0) => Fate::TwoTied,
            Some(1) => Fate::ThreeTied,
            Some(_) => Fate::FourTied,
            None if all_right => Fate::Slow,
            None => Fate::Other,
        }
    }
}

/// Runs of problem 1c with the same settings and different seeds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seeds {
    /// Number of runs.
    pub(crate) runs: usize,
    /// Number of runs that end in each [`Fate`], in its order.
    pub(crate) fates: [usize; 6],
    /// The median loss; NaN if that run diverged.
    pub(crate) median_loss: f64,
    /// The largest loss; NaN if a run diverged.
    pub(crate) worst_loss: f64,
}

impl Seeds {
    /// Counts the runs by their scores.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub(crate) fn of(runs: &[Score]) -> Self {
        let losses = sorted(runs.iter().map(Score::loss));
        let mut fates = [0; 6];
        for score in runs {
            fates[Fate::of(score) as usize] += 1;
        }
        Seeds { runs: runs.len(), fates, median_loss: median(&losses), worst_loss: losses[losses.len() - 1] }
    }

    /// Number of runs that end so.
    pub(crate) fn count(&self, fate: Fate) -> usize {
        self.fates[fate as usize]
    }

    /// The share of runs that have solved it, in percent.
    pub(crate) fn percent_solved(&self) -> f64 {
        100.0 * self.count(Fate::Solved) as f64 / self.runs as f64
    }
}

impl Results for Seeds {
    const COLUMNS: &'static str =
        "runs,solved,slow,two_tied,three_tied,four_tied,other,median_loss,worst_loss";

    fn encode(&self) -> String {
        let fates = self.fates.map(|count| count.to_string()).join(",");
        let [median, worst] = [self.median_loss, self.worst_loss]
            .map(|loss| if loss.is_finite() { loss.to_string() } else { DIVERGED.to_owned() });
        format!("{},{fates},{median},{worst}", self.runs)
    }

    fn decode(entries: &[&str]) -> Option<Self> {
        let [runs, fates @ .., median, worst] = entries else { return None };
        let fates = fates.iter().map(|count| count.parse().ok()).collect::<Option<Vec<usize>>>()?;
        let loss = |text: &str| if text == DIVERGED { Some(f64::NAN) } else { finite(text) };
        Some(Seeds {
            runs: runs.parse().ok()?,
            fates: fates.try_into().ok()?,
            median_loss: loss(median)?,
            worst_loss: loss(worst)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &str = "6,0.01,0.1,0.5,0.001,10,7";

    #[test]
    fn a_row_is_read_as_it_is_written() {
        for scores in ["0.25,0.5,3,4,,,", "0.25,0,3,4,0.5,30,40", "diverged,,,,,,"] {
            let line = format!("{SOME},5 folds,3,{scores}");
            let Row { settings, data, seed, results } = decode::<Run>(&line).unwrap();
            assert_eq!((key(&settings), data.as_str(), seed), (SOME.to_owned(), "5 folds", 3));
            assert_eq!(results.encode(), scores);
        }
        for seeds in ["1000,1,2,3,4,5,985,0.1,diverged", "9,0,0,0,0,0,9,0.1,0.2"] {
            assert_eq!(decode::<Seeds>(&format!("{SOME},given,0,{seeds}")).unwrap().results.encode(), seeds);
        }
        let full = decode::<Run>("0,he,0,1,0,0,7,given,0,1,0,1,4,,,").unwrap().settings;
        assert_eq!((full.batch, full.init.weights), (None, WeightInit::He));
    }

    #[test]
    fn a_row_of_another_kind_is_reported_with_its_line() {
        let wrong = [
            "",
            "x",
            "given,0,NaN,0,1,4,,,",
            "given,0,diverged,0,1,4,,,",
            "given,0,1,0,1,4,1,1,",
            "given,0,1,0,1,4,,",
            "given,0,1,0,1,4,,,,",
        ];
        for wrong in wrong {
            let csv = format!("{}\n{SOME},given,0,1,0,1,4,,,\n{SOME},{wrong}\n", header::<Run>());
            let error = read::<Run>("r.csv", &csv).unwrap_err().to_string();
            assert!(
                error.starts_with("r.csv:3:1: expected a row with the columns hidden,init,"),
                "{wrong}: {error}"
            );
        }
        let error = read::<Seeds>("r.csv", &header::<Run>()).unwrap_err().to_string();
        assert!(error.contains("r.csv:1:1: expected the columns hidden,"), "{error}");
    }

    #[test]
    fn a_loss_that_is_not_finite_is_written_as_diverged() {
        let score = |loss| Score { data_loss: loss, penalty: 0.0, correct: 4, samples: 4 };
        for wrong in [f64::NAN, f64::INFINITY] {
            for [training, validation] in [[wrong, 0.1], [0.1, wrong]] {
                let scores = Scores { training: score(training), validation: Some(score(validation)) };
                assert_eq!(Some(scores).encode(), "diverged,,,,,,");
            }
            let seeds = Seeds::of(&[score(wrong), score(0.001), score(0.002)]);
            assert_eq!(seeds.encode(), "3,2,0,0,0,0,1,0.002,diverged");
        }
    }

    #[test]
    fn a_run_is_solved_or_slow_or_stuck_at_a_loss() {
        let [two, three, four] = tied_losses();
        for (loss, correct, fate) in [
            (0.009, 4, Fate::Solved),
            (0.011, 4, Fate::Slow),
            (0.009, 3, Fate::Other),
            (two, 4, Fate::TwoTied),
            (three, 3, Fate::ThreeTied),
            (four, 2, Fate::FourTied),
            (f64::NAN, 4, Fate::Other),
            (f64::INFINITY, 4, Fate::Other),
        ] {
            assert_eq!(
                Fate::of(&Score { data_loss: loss, penalty: 0.0, correct, samples: 4 }),
                fate,
                "{loss}"
            );
        }
    }

    #[test]
    fn a_label_leaves_out_biases_of_zero() {
        let label = |weights, bias| init_label(&Init { weights, bias });
        assert_eq!(
            [label(WeightInit::He, 0.0), label(WeightInit::Fixed(0.01), 0.5)],
            ["he", "0.01, b = 0.5"]
        );
    }
}
