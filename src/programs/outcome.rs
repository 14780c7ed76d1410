//! The outcome of a run: its scores, findings, and losses over the epochs.

use std::fmt::Write as _;

use crate::draw::{Look, Mark, Point};
use crate::figures::{loss_curves, sparkline};
use crate::math::model::Model;
use crate::programs::check::GradientCheck;
use crate::programs::cli::Options;
use crate::programs::console::Console;
use crate::programs::experiments::lowest_validation;
use crate::programs::findings;
use crate::programs::run::{Run, network};
use crate::programs::settings::Settings;
use crate::training::diagnosis::diagnose;
use crate::training::error::Error;
use crate::training::numbers::{about, loss_text, percent, readable};
use crate::training::train::{EpochScores, History, Score, Trainer, losses};

/// The outcome of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The problem, the settings and the seed.
    pub options: Options,
    /// The network in words.
    pub network: String,
    /// The gradient check.
    pub check: GradientCheck,
    /// The scores over the epochs.
    pub history: History,
    /// The epoch of the network that is reported, drawn and saved.
    pub epoch: u64,
    /// Its score on the training data.
    pub training: Score,
    /// Its score on the validation data, if there are any.
    pub validation: Option<Score>,
    /// The [findings](findings::line) about a run that did not diverge.
    pub findings: Vec<String>,
    /// The cause of divergence, if the run diverged.
    pub divergence: Option<String>,
}

impl Outcome {
    /// The outcome of a run after its training.
    ///
    /// # Panics
    ///
    /// If the history is empty.
    pub fn new<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        run: &Run<M, D, K>,
        check: GradientCheck,
        history: History,
        trainer: &mut Trainer<M, D, K, N>,
    ) -> Self {
        let (options, model, epoch) = (&run.options, &run.state.model, run.state.epochs);
        let hyper = options.settings.hyperparameters();
        let data = &run.data().training;
        let diagnosis = diagnose(model, data, trainer, &history, &hyper, epoch);
        let divergence = diagnosis.as_ref().err().map(|divergence| findings::cause(*divergence, &hyper));
        let line = |finding| findings::line(finding, data.names(), hyper.lambda, options.load.is_some());
        let findings = diagnosis.unwrap_or_default().into_iter().map(line).collect();
        // Of a long run, not every epoch is in the history.
        let reported = history.partition_point(|scores| scores.epoch < epoch);
        let EpochScores { training, validation, .. } = history[reported];
        Outcome {
            options: options.clone(),
            network: network(model),
            check,
            epoch,
            training,
            validation,
            findings,
            divergence,
            history,
        }
    }

    /// Writes the losses as `history.csv`, and draws them beside `references`, such as a known optimum, as `loss.svg`: with
    /// validation data without the penalty, else the cost J. If the run diverged, the files say so, and the result is
    /// [`Error::Diverged`].
    pub fn draw_losses(
        &self,
        console: &mut Console,
        references: impl IntoIterator<Item = Mark>,
    ) -> Result<(), Error> {
        let has_validation = self.history[0].validation.is_some();
        let (losses, label) = if has_validation {
            (losses(&self.history, |score| score.data_loss), "data loss")
        } else {
            (losses(&self.history, Score::loss), "loss J")
        };
        self.draw_curves(console, &losses, label, references)
    }

    /// The same of the cost J less its optimum, and at least one unit in the last place of that: what is less, or below zero,
    /// is rounding.
    pub fn draw_excess(&self, console: &mut Console, optimum: f64, label: &str) -> Result<(), Error> {
        let last_place = f64::from_bits(optimum.to_bits() + 1) - optimum;
        let excess = |loss| if loss - optimum < last_place { last_place } else { loss - optimum };
        let less =
            |points: Vec<Point>| points.into_iter().map(|[epoch, loss]| [epoch, excess(loss)]).collect();
        let curves: [Vec<Point>; 2] = losses(&self.history, Score::loss).map(less);
        let optimal = Mark::new("equal, or one bit apart", Look::HorizontalLine(last_place));
        let arrives = curves[0].iter().any(|[_, excess]| *excess == last_place);
        self.draw_curves(console, &curves, label, arrives.then_some(optimal))
    }

    fn draw_curves(
        &self,
        console: &mut Console,
        [training, validation]: &[Vec<Point>; 2],
        label: &str,
        references: impl IntoIterator<Item = Mark>,
    ) -> Result<(), Error> {
        console.write("history.csv", self.history_csv().as_bytes())?;
        let has_validation = !validation.is_empty();
        let mut curves = vec![("training", training.as_slice())];
        let mut references: Vec<Mark> = references.into_iter().collect();
        if has_validation {
            curves.push(("validation", validation.as_slice()));
            // The kept one has the lowest loss without the penalty, which need not be the lowest cost.
            let line = |lowest: usize| {
                let (what, epoch) = if self.options.keep_best {
                    ("kept", self.epoch)
                } else {
                    ("lowest validation loss", self.history[lowest].epoch)
                };
                Mark::new(format!("{what}: epoch {epoch}"), Look::VerticalLine(epoch as f64))
            };
            references.extend(lowest_validation(&self.history).map(line));
        }
        let ends = |(name, points): &(&str, &[Point])| {
            let data = if has_validation { format!(" ({name})") } else { String::new() };
            format!("{} → {}{data}", about(points[0][1]), about(points[points.len() - 1][1]))
        };
        let ends: Vec<String> = curves.iter().map(ends).collect();
        let last = self.last_epoch();
        let what = match self.divergence {
            Some(_) => format!("diverged in epoch {last}"),
            None => format!("{label}, {}", ends.join(", ")),
        };
        let mut figure = loss_curves(&self.titled(&what), "", &curves, references);
        label.clone_into(&mut figure.y.label);
        console.figure("loss.svg", &figure)?;
        if let Some(cause) = &self.divergence {
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
        if let (true, Some(Score { data_loss, .. })) = (self.options.keep_best, self.validation) {
            let (epoch, last) = (self.epoch, self.last_epoch());
            console.line(if data_loss.is_finite() {
                let loss = loss_text(data_loss);
                format!(
                    "kept epoch {epoch} of {last}: the lowest validation loss without the penalty, {loss}"
                )
            } else {
                format!("kept epoch {epoch}, the last: no validation loss is finite")
            })?;
        }
        let scores = [("training", Some(self.training)), ("validation", self.validation)];
        for (name, score) in scores.into_iter().filter_map(|(name, score)| Some((name, score?))) {
            let Score { correct, samples, .. } = score;
            let (accuracy, loss) = (percent(score.accuracy()), loss_text(score.loss()));
            console.line(format!("{name} accuracy: {accuracy} ({correct} of {samples}), loss {loss}"))?;
        }
        self.findings.iter().try_for_each(|finding| console.line(finding))
    }

    /// A figure's title.
    pub fn titled(&self, what: &str) -> String {
        self.options.titled(what)
    }

    /// The text below a title for runs with other settings from the same start, without λ and accuracy.
    pub fn subtitle_of(&self, settings: &Settings) -> String {
        format!("{}\n{}\n{}", self.network, settings.steps(), self.options.start())
    }

    /// The history as CSV with a header, one row an epoch: every epoch or, of more than
    /// [`MOST_KEPT`](crate::training::history::MOST_KEPT), every 2nd, 4th, 8th, …,
    /// those of the lowest losses and the last. Of training that diverged, a last line says so, as a comment.
    fn history_csv(&self) -> String {
        let validated = self.history[0].validation.is_some();
        let mut csv = String::from("epoch,training_loss,training_accuracy");
        csv.push_str(if validated { ",validation_loss,validation_accuracy\n" } else { "\n" });
        for EpochScores { epoch, training, validation } in &self.history {
            let _ = write!(csv, "{epoch},{},{}", readable(training.loss()), training.accuracy());
            if let Some(validation) = validation {
                let _ = write!(csv, ",{},{}", readable(validation.loss()), validation.accuracy());
            }
            csv.push('\n');
        }
        if self.divergence.is_some() {
            let _ = writeln!(csv, "# diverged in epoch {}", self.last_epoch());
        }
        csv
    }
}
