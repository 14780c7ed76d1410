//! The outcome of a run: scores, findings, and losses over the epochs.

use std::fmt::Write as _;

use crate::draw::{Look, Mark};
use crate::figures::{loss_curves, loss_pages, sparkline};
use crate::programs::console::Console;
use crate::programs::experiments::lowest_validation;
use crate::programs::settings::Problem;
use crate::training::error::Error;
use crate::training::numbers::{loss_text, percent, readable};
use crate::training::train::{EpochScores, History, Score, losses};

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The problem.
    pub problem: &'static Problem,
    /// The settings of the run, on one line.
    pub settings: String,
    /// The scores over the epochs; not empty.
    pub history: History,
    /// The epoch of the network that is reported, drawn and saved, and its scores.
    pub scores: EpochScores,
    /// The findings, or the cause if the run diverged.
    pub findings: Result<Vec<String>, String>,
}

impl Outcome {
    /// Writes the scores as `history.csv`, and draws the losses beside a reference, such as a known optimum, as `loss.svg`: with
    /// validation data without the penalty, else the cost J. If the run diverged, the files say so, and the result is
    /// [`Error::Failed`].
    pub fn draw_losses(&self, console: &mut Console, reference: Option<Mark>) -> Result<(), Error> {
        console.write("history.csv", self.history_csv().as_bytes())?;
        let (label, loss): (_, fn(&Score) -> f64) = match self.scores.validation {
            Some(_) => ("data loss", |score| score.data_loss),
            None => ("loss J", Score::loss),
        };
        let mut references: Vec<Mark> = reference.into_iter().collect();
        if let Some(lowest) = lowest_validation(&self.history) {
            let epoch = self.history[lowest].epoch;
            let look = Look::VerticalLine(epoch as f64);
            references.push(Mark::new(format!("lowest validation loss: epoch {epoch}"), look));
        }
        let (curves, mut named, mut ends) = (losses(&self.history, loss), Vec::new(), Vec::new());
        for (name, points) in ["training", "validation"].into_iter().zip(&curves) {
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                ends.push(format!("{name} {} → {}", loss_text(first[1]), loss_text(last[1])));
                named.push((name, &points[..]));
            }
        }
        let last = self.last_epoch();
        let title = match self.findings {
            Ok(_) => format!("{label}, {}", ends.join(", ")),
            Err(_) => format!("diverged in epoch {last}"),
        };
        let curves = loss_curves("", &named, references);
        console.figure("loss.svg", loss_pages(&title, "", label, vec![curves]))?;
        if let Err(cause) = &self.findings {
            let problem = format!("the loss or a parameter in epoch {last} is not finite {cause}");
            return Err(Error::Failed(format!("training diverged: {problem}")));
        }
        let costs: Vec<f64> = self.history.iter().map(|scores| scores.training.loss()).collect();
        console.sketch(|| format!("loss {}", sparkline(&costs, 60)))
    }

    fn last_epoch(&self) -> u64 {
        self.history[self.history.len() - 1].epoch
    }

    /// Prints which epoch is kept, if one is chosen, the accuracies and the findings.
    pub fn print(&self, console: &mut Console) -> Result<(), Error> {
        if let (true, Some(score)) = (console.options.keep_best, self.scores.validation) {
            let (epoch, last) = (self.scores.epoch, self.last_epoch());
            let loss = loss_text(score.data_loss);
            console.line(format!("kept epoch {epoch} of {last}: data loss in validation {loss}"))?;
        }
        for (name, score) in named(&self.scores) {
            let Score { correct, samples, .. } = score;
            let (accuracy, loss) = (percent(score.accuracy()), loss_text(score.loss()));
            console.line(format!("{name} accuracy: {accuracy} ({correct} of {samples}), loss {loss}"))?;
        }
        self.findings.iter().flatten().try_for_each(|finding| console.line(finding))
    }

    /// The history as CSV with a header, one row an epoch, J = data loss + penalty: every epoch or, of more than
    /// [`MOST_KEPT`](crate::training::history::MOST_KEPT), every 2nd, 4th, 8th, …,
    /// those of the lowest losses and the last. Of training that diverged, a last line says so, as a comment.
    fn history_csv(&self) -> String {
        let mut csv = "epoch,penalty".to_owned();
        for (name, _) in named(&self.scores) {
            let _ = write!(csv, ",{name}_data_loss,{name}_accuracy");
        }
        for scores in &self.history {
            let _ = write!(csv, "\n{},{}", scores.epoch, readable(scores.training.penalty));
            for (_, score) in named(scores) {
                let _ = write!(csv, ",{},{}", readable(score.data_loss), score.accuracy());
            }
        }
        csv.push('\n');
        if self.findings.is_err() {
            let _ = writeln!(csv, "# diverged in epoch {}", self.last_epoch());
        }
        csv
    }
}

/// The scores on the training data and, if there are any, the validation data, with the names of these.
pub fn named(scores: &EpochScores) -> impl Iterator<Item = (&'static str, Score)> {
    let validation = scores.validation.map(|score| ("validation", score));
    [("training", scores.training)].into_iter().chain(validation)
}
