//! The figures of a report.

use std::fmt::Write as _;

use super::{Report, diverged, settings_text};
use crate::draw::{self, Figure, Mark, Page};
use crate::figures::{self, LossRun, PlanarNetwork};
use crate::math::model::Model;
use crate::programs::experiments::{DECAY, Overfitting, OverfittingRun, lowest_validation, overfitting};
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::numbers::{fixed, mean, percent};
use crate::training::train::{EpochScores, Hyperparameters, Trainer, losses};

/// The most columns of the figures in characters.
const SKETCH_WIDTH: usize = 60;

/// A step so large that overfitting shows in a few hundred epochs.
const OVERFITTING_STEP_SIZE: f64 = 0.05;

impl Report<'_> {
    /// Draws the loss over epochs, training and (where there is one) validation superimposed, into `loss.svg`.
    pub(super) fn loss_figure(&mut self) -> Result<(), Error> {
        let first_epoch = self.history.first().map_or(0, |record| record.epoch);
        let losses = losses(&self.history);
        let [training, validation] = &losses;
        let mut curves = vec![("training", training.as_slice())];
        let mut references = std::mem::take(&mut self.references);
        if !validation.is_empty() {
            curves.push(("validation", validation.as_slice()));
            if let Some(lowest) = lowest_validation(&losses) {
                let epoch = first_epoch + lowest;
                let label = format!("lowest validation loss: epoch {epoch}");
                references.push(Mark::VerticalLine { label, x: epoch as f64 });
            }
        }
        let sketch = |bars| format!("loss {}", figures::sparkline(training, bars));
        let numbers = sketch(0).chars().count();
        let room = self.options.columns.map_or(SKETCH_WIDTH, |columns| columns.saturating_sub(numbers));
        self.sketches.push(sketch(room.min(SKETCH_WIDTH)));
        let subtitle = self.scored_subtitle();
        let figure =
            figures::loss_curves(self.options.problem.title, &subtitle, first_epoch, &curves, references);
        self.figure("loss.svg", &figure)
    }

    /// Draws the losses beside something, such as a known optimum.
    pub fn compare_losses_with(&mut self, reference: Mark) {
        self.references.push(reference);
    }

    /// Writes a figure.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn figure(&mut self, name: &str, figure: &Figure) -> Result<(), Error> {
        self.write_file(name, draw::svg(figure).as_bytes())
    }

    /// Writes a page of figures.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn page(&mut self, name: &str, page: &Page) -> Result<(), Error> {
        self.write_file(name, draw::svg_page(page).as_bytes())
    }

    /// Draws the network's predictions everywhere around the data into `regions.svg`, and into `regions.ppm` if `--ppm` asks
    /// for it.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn decision_figure<const K: usize>(
        &mut self,
        network: &PlanarNetwork,
        data: &Dataset<2, K>,
    ) -> Result<(), Error> {
        let map = figures::data_map(self.options.problem.title, &self.scored_subtitle(), network, data);
        let width = self.options.columns.map_or(SKETCH_WIDTH, |columns| columns.min(SKETCH_WIDTH));
        self.sketches.push(figures::character_map(network, &map, data, width));
        self.figure("regions.svg", &map)?;
        match self.options.ppm {
            Some(size) => self.write_file("regions.ppm", &figures::map_pixels(network, &map, size)),
            None => Ok(()),
        }
    }

    /// Draws which samples the network mistakes into `petals.svg`, and for which class (of the validation data) into
    /// `confusion.svg`.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn flowers<M: Model<4, 3>, const N: usize>(
        &mut self,
        trainer: &mut Trainer<M, 4, 3, N>,
        model: &M,
        data: [&Dataset<4, 3>; 2],
    ) -> Result<(), Error> {
        let subtitle = self.subtitle();
        let [training, validation] = data.map(|data| trainer.predictions(model, data));
        let mut counts = vec![vec![0; 3]; 3];
        for (&is, &predicted) in data[1].labels().iter().zip(&validation) {
            counts[is][predicted] += 1;
        }
        let names = figures::names_of(&data);
        let groups = [("training", data[0], training), ("validation", data[1], validation)];
        let title = self.titled(&format!("which {} it mistakes", names.samples));
        self.page("petals.svg", &figures::petals(&title, &subtitle, &names, &groups))?;
        let title = self.titled(&format!("confusion matrix, validation {}", names.samples));
        self.figure("confusion.svg", &figures::confusion(&title, &subtitle, &names.classes, &counts))
    }

    /// Overfitting and two ways of control with the settings of this run, into `overfitting.svg`: see
    /// [`experiments::overfitting`](overfitting).
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn overfitting<M: Model<4, 3>, const N: usize>(
        &mut self,
        trainer: &mut Trainer<M, 4, 3, N>,
        data: [&Dataset<4, 3>; 2],
        batch: usize,
    ) -> Result<(), Error> {
        let mut settings = self.options.settings;
        settings.descent.step_size = OVERFITTING_STEP_SIZE;
        let Overfitting { free, decayed } = overfitting(trainer, data, &settings, batch, self.options.seed);
        self.line(&format!(
            "overfitting, with another split and step size {OVERFITTING_STEP_SIZE} (losses without the penalty):"
        ))?;
        self.fact("decay.lambda", DECAY, DECAY.to_string());
        let [no_control, weight_decay] =
            ["No control: λ = 0".to_owned(), format!("Weight decay: λ = {DECAY}")];
        let mut runs = Vec::new();
        for (name, mut caption, run) in [("free", no_control, &free), ("decay", weight_decay, &decayed)] {
            let OverfittingRun { losses, lowest, diverged } = run;
            if let Some(epoch) = diverged {
                let _ = write!(caption, ": diverged in epoch {epoch}");
                self.line(&format!("  {caption}"))?;
            }
            if let Some(best) = *lowest {
                let validation = &losses[1];
                // The last eighth, because single epochs jump.
                let tail = validation.len() / 8 + 1;
                let at_the_end = mean(&validation[validation.len() - tail..]);
                let [least, at_the_end_text] = [validation[best], at_the_end].map(|loss| fixed(loss, 4));
                self.line(&format!(
                    "  {caption}: lowest validation loss {least}, in epoch {best}; {at_the_end_text} in the mean of the \
                     last {tail} epochs"
                ))?;
                self.fact(format!("{name}.best"), validation[best], least);
                self.count(format!("{name}.best_epoch"), best);
                self.count(format!("{name}.tail"), tail);
                self.fact(format!("{name}.end"), at_the_end, at_the_end_text);
            }
            runs.push(LossRun { caption, losses: losses.clone(), lowest: *lowest });
        }
        if let Some(stop) = free.lowest {
            runs.push(LossRun {
                caption: format!("Early stopping: the network of epoch {stop} is kept"),
                losses: free.losses.map(|losses| losses[..=stop].to_vec()),
                lowest: Some(stop),
            });
        }
        let Hyperparameters { epochs, step_size, .. } = settings.descent;
        let subtitle = format!(
            "{}\nthe same {}, split otherwise: four of every fifteen validate\nlosses without the penalty",
            self.subtitle_of(epochs, step_size, None),
            figures::names_of(&data).samples
        );
        self.page(
            "overfitting.svg",
            &figures::loss_pages(&self.titled("overfitting and two ways to control it"), &subtitle, &runs),
        )
    }

    /// The training and validation losses of another run and of this one in one figure.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn losses_beside(
        &mut self,
        name: &str,
        what: &str,
        (other, other_network, other_history): (&str, &str, &[EpochScores]),
        this: &str,
    ) -> Result<(), Error> {
        let mut subtitle = format!("{}\n{other}: {other_network}", self.subtitle());
        let mut other_history = other_history;
        if let [before @ .., last] = other_history {
            if diverged(last) {
                let _ = write!(subtitle, ", diverged in epoch {}", last.epoch);
                other_history = before;
            }
        }
        let mut curves = Vec::new();
        for (name, history) in [(other, other_history), (this, &self.history)] {
            for (data, losses) in ["training", "validation"].into_iter().zip(losses(history)) {
                curves.push((format!("{name}, {data}"), losses));
            }
        }
        let curves: Vec<(&str, &[f64])> =
            curves.iter().map(|(label, losses)| (&label[..], &losses[..])).collect();
        let figure = figures::loss_curves(&self.titled(what), &subtitle, 0, &curves, Vec::new());
        self.figure(name, &figure)
    }

    /// A figure's title, with the number of the problem.
    #[must_use]
    pub fn titled(&self, what: &str) -> String {
        let problem = self.options.problem.title.split(':').next().unwrap_or_default();
        format!("{problem}: {what}")
    }

    /// The text below a figure's title: the network and its settings.
    #[must_use]
    pub fn subtitle(&self) -> String {
        let Hyperparameters { epochs, step_size, lambda } = self.options.settings.descent;
        self.subtitle_of(epochs, step_size, Some(lambda))
    }

    /// The same with the accuracy that training reached.
    #[must_use]
    pub fn scored_subtitle(&self) -> String {
        let mut subtitle = self.subtitle();
        if let Some(last) = self.history.last() {
            let EpochScores { epoch, training, validation } = last;
            if diverged(last) {
                let _ = write!(subtitle, "\ndiverged in epoch {epoch}");
            } else {
                let _ = write!(subtitle, "\ntraining accuracy {}", percent(training.accuracy()));
                if let Some(validation) = validation {
                    let _ = write!(subtitle, ", validation accuracy {}", percent(validation.accuracy()));
                }
            }
        }
        subtitle
    }

    /// The same without an accuracy, for runs that descend otherwise; without λ if it is what they differ in.
    #[must_use]
    pub fn subtitle_of(&self, epochs: usize, step_size: f64, lambda: Option<f64>) -> String {
        let [how, start] = settings_text(self.options, epochs, step_size, lambda);
        format!("{}\n{how}\n{start}", self.network)
    }
}
