//! The outcome of a run: scores, findings, and losses over the epochs.

use std::fmt::Write as _;

use crate::draw::{Look, Mark, Point};
use crate::figures::{loss_curves, sparkline};
use crate::programs::check::Verdicts;
use crate::programs::console::Console;
use crate::programs::experiments::lowest_validation;
use crate::programs::settings::{Problem, Settings};
use crate::training::error::Error;
use crate::training::numbers::{about, loss_text, percent, readable};
use crate::training::train::{EpochScores, History, Score, losses};

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The problem.
    pub problem: &'static Problem,
    /// The settings of the run.
    pub settings: Settings,
    /// All of them on one line.
    pub settings_line: String,
    /// The gradient check.
    pub check: Verdicts,
    /// The scores over the epochs; not empty.
    pub history: History,
    /// The epoch of the network that is reported, drawn and saved, and its scores.
    pub scores: EpochScores,
    /// The findings, or the cause if the run diverged.
    pub findings: Result<Vec<String>, String>,
}

impl Outcome {
    /// Writes the losses as `history.csv`, and draws them beside a reference, such as a known optimum, as `loss.svg`: with
    /// validation data without the penalty, else the cost J. If the run diverged, the files say so, and the result is
    /// [`Error::Diverged`].
    pub fn draw_losses(&self, console: &mut Console, reference: Option<Mark>) -> Result<(), Error> {
        if self.scores.validation.is_some() {
            let curves = losses(&self.history, |score| score.data_loss);
            self.draw_curves(console, "data loss", &curves, reference)
        } else {
            self.draw_curves(console, "loss J", &losses(&self.history, Score::loss), reference)
        }
    }

    /// Draws J − `optimum`, raised to one unit in the last place of the optimum where it is smaller: below that it is rounding.
    pub fn draw_excess(&self, console: &mut Console, optimum: f64, label: &str) -> Result<(), Error> {
        let last_place = f64::from_bits(optimum.to_bits() + 1) - optimum;
        let mut curves = losses(&self.history, Score::loss);
        let mut arrives = false;
        for [_, loss] in curves.iter_mut().flatten() {
            let excess = *loss - optimum;
            arrives |= excess <= last_place;
            *loss = if excess < last_place { last_place } else { excess };
        }
        let optimal = Mark::new("equal, or one bit apart", Look::HorizontalLine(last_place));
        self.draw_curves(console, label, &curves, arrives.then_some(optimal))
    }

    fn draw_curves(
        &self,
        console: &mut Console,
        label: &str,
        curves: &[Vec<Point>; 2],
        reference: Option<Mark>,
    ) -> Result<(), Error> {
        console.write("history.csv", self.history_csv().as_bytes())?;
        let mut references: Vec<Mark> = reference.into_iter().collect();
        if let Some(lowest) = lowest_validation(&self.history) {
            let what = if console.options.keep_best { "kept" } else { "lowest validation loss" };
            let epoch = self.history[lowest].epoch;
            references.push(Mark::new(format!("{what}: epoch {epoch}"), Look::VerticalLine(epoch as f64)));
        }
        let curves = ["training", "validation"].into_iter().zip(curves.iter().map(Vec::as_slice));
        let curves: Vec<(&str, &[Point])> = curves.filter(|(_, points)| !points.is_empty()).collect();
        // As on a logarithmic axis.
        let about = |loss: f64| if loss < 1e-4 { format!("{loss:.2e}") } else { about(loss) };
        let mut ends = Vec::new();
        for (name, points) in &curves {
            let data = if curves.len() > 1 { format!(" ({name})") } else { String::new() };
            ends.push(format!("{} → {}{data}", about(points[0][1]), about(points[points.len() - 1][1])));
        }
        let last = self.last_epoch();
        let title = match self.findings {
            Ok(_) => format!("{label}, {}", ends.join(", ")),
            Err(_) => format!("diverged in epoch {last}"),
        };
        let mut figure = loss_curves(&title, "", &curves, references);
        label.clone_into(&mut figure.y.label);
        console.figure("loss.svg", figure)?;
        if let Err(cause) = &self.findings {
            return Err(Error::Diverged { epoch: last, cause: cause.clone() });
        }
        let costs: Vec<f64> = self.history.iter().map(|scores| scores.training.loss()).collect();
        let sketch = |bars| format!("loss {}", sparkline(&costs, bars));
        console.sketch(sketch(0).chars().count(), sketch)
    }

    fn last_epoch(&self) -> u64 {
        self.history[self.history.len() - 1].epoch
    }

    /// Prints which epoch is kept, if one is chosen, the accuracies and the findings.
    pub fn print(&self, console: &mut Console) -> Result<(), Error> {
        if let (true, Some(Score { data_loss, .. })) = (console.options.keep_best, self.scores.validation) {
            let (epoch, last) = (self.scores.epoch, self.last_epoch());
            let loss = loss_text(data_loss);
            console.line(if data_loss.is_finite() {
                format!(
                    "kept epoch {epoch} of {last}: the lowest validation loss without the penalty, {loss}"
                )
            } else {
                format!("kept epoch {epoch}, the last: no validation loss is finite")
            })?;
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
