//! The figures of a report.

use std::fmt::Write as _;

use super::{Report, diverged, percent, settings_text};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::experiments::overfitting;
use crate::model::Model;
use crate::plot::{self, Figure, Mark, Page, PlanarNetwork};
use crate::settings::Settings;
use crate::train::{Descent, Record, Split, Trainer, losses};

/// The width of the figures in characters.
const SKETCH_WIDTH: usize = 60;

/// A step so large that overfitting shows in a few hundred epochs.
const OVERFITTING_STEP_SIZE: f64 = 0.05;

impl Report<'_> {
    /// Draws the loss over epochs, training and (where there is one) validation superimposed, into `loss.svg`.
    pub(super) fn loss_figure(&mut self, history: &[Record]) -> Result<(), Error> {
        let first_epoch = history.first().map_or(0, |record| record.epoch);
        let [training, validation] = losses(history);
        let mut curves = vec![("training", training.as_slice())];
        let mut references = std::mem::take(&mut self.references);
        if !validation.is_empty() {
            curves.push(("validation", validation.as_slice()));
            if let Some(lowest) = plot::lowest(&validation) {
                let epoch = first_epoch + lowest;
                let label = format!("lowest validation loss: epoch {epoch}");
                references.push(Mark::VerticalLine { label, x: epoch as f64 });
            }
        }
        self.sketches.push(format!("loss {}", plot::sparkline(&training, SKETCH_WIDTH)));
        let subtitle = self.subtitle(history.last());
        let figure = plot::loss_curves(self.options.title, &subtitle, first_epoch, &curves, references);
        self.write_file("loss.svg", plot::svg(&figure).as_bytes())?;
        self.write_ppm("loss.ppm", &figure)
    }

    /// Draws the losses beside something, such as a known optimum.
    pub fn compare_losses_with(&mut self, reference: Mark) {
        self.references.push(reference);
    }

    fn write_ppm(&mut self, name: &str, figure: &Figure) -> Result<(), Error> {
        let [width, height] = self.options.ppm;
        self.write_file(name, &plot::ppm(figure, width, height))
    }

    /// Writes a figure.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn figure(&mut self, name: &str, figure: &Figure) -> Result<(), Error> {
        self.write_file(name, plot::svg(figure).as_bytes())
    }

    /// Writes a page of figures.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn page(&mut self, name: &str, page: &Page) -> Result<(), Error> {
        self.write_file(name, plot::svg_page(page).as_bytes())
    }

    /// Draws what the network predicts everywhere around the data into `regions.svg` and `regions.ppm`.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn decision_figure<const K: usize>(
        &mut self,
        network: &PlanarNetwork,
        data: &Dataset<2, K>,
        score: Option<&Record>,
    ) -> Result<(), Error> {
        let figure = plot::data_map(self.options.title, &self.subtitle(score), network, data);
        self.sketches.push(plot::character_map(network, &figure, data, SKETCH_WIDTH));
        self.write_file("regions.svg", plot::svg(&figure).as_bytes())?;
        self.write_ppm("regions.ppm", &figure)
    }

    /// What the network makes of the flowers, into `petals.svg` and (of the validation data) `confusion.svg`.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn flowers<M: Model<4, 3>, const N: usize>(
        &mut self,
        trainer: &mut Trainer<M, 4, 3, N>,
        model: &M,
        split: Split<'_, 4, 3>,
    ) -> Result<(), Error> {
        let subtitle = self.subtitle(None);
        let [training, validation] =
            [split.training, split.validation].map(|data| trainer.predictions(model, data));
        let mut counts = vec![vec![0; 3]; 3];
        for (&is, &predicted) in split.validation.labels().iter().zip(&validation) {
            counts[is][predicted] += 1;
        }
        let groups = [("training", split.training, training), ("validation", split.validation, validation)];
        self.page(
            "petals.svg",
            &plot::petals(&self.titled("which flowers it mistakes"), &subtitle, &groups),
        )?;
        let title = self.titled("what it takes the validation flowers for");
        self.figure("confusion.svg", &plot::confusion(&title, &subtitle, &plot::FLOWERS, &counts))
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
        split: Split<'_, 4, 3>,
        batch: usize,
    ) -> Result<(), Error> {
        let Settings { descent, init, .. } = &self.options.settings;
        let descent = Descent { step_size: OVERFITTING_STEP_SIZE, ..*descent };
        let runs = overfitting(trainer, split, (init, self.options.seed), (batch, &descent));
        self.line(&format!("overfitting, with another split and step size {OVERFITTING_STEP_SIZE}:"))?;
        // The third run is the beginning of the first.
        for (caption, [_, validation]) in &runs[..2] {
            let last = validation.len() - 1;
            let best = plot::lowest(validation).unwrap_or(last);
            self.line(&format!(
                "  {caption}: validation loss {:.4} in epoch {best}, {:.4} in epoch {last}",
                validation[best], validation[last]
            ))?;
        }
        let runs: Vec<_> = runs
            .iter()
            .map(|(caption, [training, validation])| (caption.clone(), [&training[..], &validation[..]]))
            .collect();
        let settings = self.subtitle_of(descent.epochs, descent.step_size, None);
        let subtitle =
            format!("{settings}\nthe same flowers, split otherwise: four of every fifteen validate");
        self.page(
            "overfitting.svg",
            &plot::loss_pages(&self.titled("overfitting and two ways to control it"), &subtitle, &runs),
        )
    }

    /// The training and validation losses of several runs in one figure.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn compared_losses(
        &mut self,
        name: &str,
        title: &str,
        runs: &[(&str, &[Record])],
    ) -> Result<(), Error> {
        let named = |&(name, history): &(&str, &[Record])| {
            let [training, validation] = losses(history);
            [(format!("{name}, training"), training), (format!("{name}, validation"), validation)]
        };
        let curves: Vec<(String, Vec<f64>)> = runs.iter().flat_map(named).collect();
        let curves: Vec<(&str, &[f64])> =
            curves.iter().map(|(label, losses)| (&label[..], &losses[..])).collect();
        let figure = plot::loss_curves(title, &self.subtitle(None), 0, &curves, Vec::new());
        self.figure(name, &figure)
    }

    /// A figure's title, with the number of the problem.
    fn titled(&self, what: &str) -> String {
        let problem = self.options.title.split(':').next().unwrap_or_default();
        format!("{problem}: {what}")
    }

    /// What a figure says below its title: the network, its settings, its accuracy.
    #[must_use]
    pub fn subtitle(&self, last: Option<&Record>) -> String {
        let Descent { epochs, step_size, lambda } = self.options.settings.descent;
        let mut subtitle = self.subtitle_of(epochs, step_size, Some(lambda));
        if let Some(Record { epoch, .. }) = last.filter(|last| diverged(last)) {
            let _ = write!(subtitle, "\ndiverged in epoch {epoch}");
        } else if let Some(Record { training, validation, .. }) = last {
            let _ = write!(subtitle, "\ntraining accuracy {}", percent(training));
            if let Some(validation) = validation {
                let _ = write!(subtitle, ", validation accuracy {}", percent(validation));
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
