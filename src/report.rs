//! What the six programs print and write.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::MAIN_SEPARATOR;

use crate::checkpoint::Checkpoint;
use crate::cli::{Options, Settings, spread_name};
use crate::dataset::Dataset;
use crate::error::{Error, readable};
use crate::experiments::overfitting;
use crate::fingerprint::Fingerprint;
use crate::gradient_check::{Check, Verdict};
use crate::model::Model;
use crate::output::write_whole;
use crate::plot::{self, Figure, Mark, Page, PlanarNetwork};
use crate::progress::Progress;
use crate::rng::Rng;
use crate::train::{Record, Score, Split, Trainer};

/// The width of the figures in characters.
const SKETCH_WIDTH: usize = 60;

/// The printed results of a run, and its files under `out/`.
pub struct Report<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
    network: String,
    progress: Progress,
    /// The number of the last epoch.
    last_epoch: usize,
    /// What the losses are drawn beside.
    references: Vec<Mark>,
    /// The figures in characters.
    sketches: Vec<String>,
}

impl<'a> Report<'a> {
    /// A report on a run with these options, printed to `out`.
    pub fn new(options: &'a Options, out: &'a mut dyn Write) -> Self {
        let progress = if options.quiet { Progress::none() } else { Progress::on_terminal(options.program) };
        Report {
            options,
            out,
            network: String::new(),
            progress,
            last_epoch: 0,
            references: Vec::new(),
            sketches: Vec::new(),
        }
    }

    /// What network, on what data (files and their numbers of samples), with which settings and seed.
    ///
    /// # Errors
    ///
    /// [`Error::Output`], as all that print.
    pub fn heading(&mut self, network: &str, files: &[(&str, usize)]) -> Result<(), Error> {
        network.clone_into(&mut self.network);
        let files: Vec<String> = files.iter().map(|(name, samples)| format!("{name} ({samples})")).collect();
        self.line(self.options.title)?;
        self.line(&format!("network: {network}"))?;
        self.line(&format!("data: {}", files.join(", ")))?;
        self.line(&format!("settings: {}", settings_line(self.options)))
    }

    /// Where training starts: from random parameters, or from those that `--load` names.
    ///
    /// # Errors
    ///
    /// What [`Checkpoint::read`] returns, or [`Error::Output`].
    pub fn start<M: Model<D, K>, const D: usize, const K: usize>(&mut self) -> Result<Checkpoint<M>, Error> {
        let start = if let Some(file) = &self.options.load {
            let checkpoint = Checkpoint::read(file, self.options.program)
                .map_err(|error| error.advise("--load names a file that --save has written"))?;
            self.line(&format!("loaded {}: trained for {} epochs", file.display(), checkpoint.epochs))?;
            checkpoint
        } else {
            let mut rng = Rng::new(self.options.seed);
            Checkpoint { model: M::initialised(&self.options.settings.init, &mut rng), rng, epochs: 0 }
        };
        self.last_epoch = start.epochs.saturating_add(self.options.settings.descent.epochs);
        Ok(start)
    }

    /// The end of a run: saves the parameters if `--save` says where, and closes the output with their fingerprint.
    ///
    /// # Errors
    ///
    /// [`Error::File`] or [`Error::Output`].
    pub fn finish<M: Model<D, K>, const D: usize, const K: usize>(
        &mut self,
        model: M,
        rng: Rng,
    ) -> Result<(), Error> {
        let fingerprint = Fingerprint::of(&model);
        if let Some(file) = &self.options.save {
            let checkpoint = Checkpoint { model, rng, epochs: self.last_epoch };
            let text = checkpoint.to_text(self.options.program, &settings_line(self.options));
            write_whole(file, text.as_bytes())
                .map_err(|error| error.advise("--save names the file to write"))?;
            self.line(&format!("saved {}", file.display()))?;
        }
        if self.options.ascii {
            for sketch in std::mem::take(&mut self.sketches) {
                self.line(&sketch)?;
            }
        }
        self.line(&format!("fingerprint: {fingerprint}"))
    }

    /// One line for each parameter: is its gradient right?
    ///
    /// # Errors
    ///
    /// [`Error::WrongGradient`] if one is not.
    pub fn gradient_check<M: Model<D, K>, const D: usize, const K: usize>(
        &mut self,
        check: &Check<M, D, K>,
    ) -> Result<(), Error> {
        let verdicts = check.verdicts();
        for (position, verdict) in verdicts.iter().enumerate() {
            let Verdict { name, rows, columns, error, kinks } = verdict;
            let word = if verdict.is_correct() { "CORRECT" } else { "WRONG" };
            let at_kinks = match kinks {
                0 => String::new(),
                _ => format!("; {kinks} of its entries at a kink: one-sided derivatives"),
            };
            self.line(&format!(
                "Param {position} is {word}, error = {error:.2e} ({name}, {rows}×{columns}{at_kinks})"
            ))?;
        }
        let figure = plot::check_errors(
            self.options.title,
            &format!("gradient check, seed {}", self.options.seed),
            check,
        );
        self.write_file("gradient_check.svg", plot::svg(&figure).as_bytes())?;
        if verdicts.iter().all(Verdict::is_correct) { Ok(()) } else { Err(Error::WrongGradient) }
    }

    /// The loss after every tenth epoch, or every tenth part of a run of more than 100, and the last.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn iteration(&mut self, record: &Record) -> Result<(), Error> {
        if self.options.quiet {
            return Ok(());
        }
        let every = (self.options.settings.descent.epochs / 10).max(10);
        if record.epoch % every != 0 && record.epoch != self.last_epoch {
            self.progress.show(record.epoch, self.last_epoch);
            return Ok(());
        }
        let mut line = format!("iteration {}: loss {:.6}", record.epoch, record.training.loss);
        if let Some(validation) = record.validation {
            let _ = write!(line, ", validation loss {:.6}", validation.loss);
        }
        self.line(&line)
    }

    /// The accuracy and loss on a dataset: `training accuracy: …`.
    fn score(&mut self, name: &str, score: &Score) -> Result<(), Error> {
        let Score { loss, correct, samples } = score;
        self.line(&format!("{name} accuracy: {} ({correct} of {samples}), loss {loss:.6}", percent(score)))
    }

    /// The accuracy after training, and what explains it if it is poor: hidden units that no sample switches on,
    /// a network that gives every sample the same class. The losses go to `history.csv` and `loss.svg`.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if the last loss is not finite; both files are written even so, and say it. Otherwise
    /// [`Error::Output`] or [`Error::File`].
    pub fn outcome<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        history: &[Record],
        trainer: &mut Trainer<M, D, K, N>,
        model: &M,
        data: &Dataset<D, K>,
    ) -> Result<(), Error> {
        self.write_file("history.csv", history_csv(history).as_bytes())?;
        self.loss_figure(history)?;
        let Some(last) = history.last() else { return Ok(()) };
        if diverged(last) {
            return Err(Error::Diverged { epoch: last.epoch, descent: self.options.settings.descent });
        }
        self.score("training", &last.training)?;
        if let Some(validation) = &last.validation {
            self.score("validation", validation)?;
        }
        for (layer, (dead, all)) in trainer.dead_units(model, data).into_iter().enumerate() {
            if dead > 0 {
                let layer = layer + 1;
                self.line(&format!(
                    "dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)"
                ))?;
            }
        }
        let predictions = trainer.predictions(model, data);
        if let Some(class) = (0..K).find(|class| predictions.iter().all(|prediction| prediction == class)) {
            self.line(&format!(
                "stuck: every sample is given class {class}; more --epochs, a wider --init or another --seed \
                 usually helps"
            ))?;
        }
        Ok(())
    }

    /// Scores the file that `--validation` names, if there is one.
    ///
    /// # Errors
    ///
    /// What [`Dataset::read`] returns, or [`Error::Output`].
    pub fn second_file<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        trainer: &mut Trainer<M, D, K, N>,
        model: &M,
    ) -> Result<(), Error> {
        if let Some(file) = &self.options.validation {
            let data =
                Dataset::read(file).map_err(|error| error.advise("--validation names the file itself"))?;
            self.score("validation", &trainer.evaluate(model, &data, self.options.settings.descent.lambda))?;
        }
        Ok(())
    }

    /// Draws the loss over epochs, training and (where there is one) validation superimposed, into `loss.svg`.
    fn loss_figure(&mut self, history: &[Record]) -> Result<(), Error> {
        let losses = |score: fn(&Record) -> Option<Score>| -> Vec<f64> {
            history.iter().filter_map(score).map(|score| score.loss).collect()
        };
        let first_epoch = history.first().map_or(0, |record| record.epoch);
        let training = losses(|record| Some(record.training));
        let validation = losses(|record| record.validation);
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
        let names: Vec<String> = (0..K).map(|class| format!("class {class}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let points: Vec<_> = data.samples().iter().copied().zip(data.labels().iter().copied()).collect();
        let figure = plot::decision_map(self.options.title, &self.subtitle(score), &names, network, &points);
        self.sketches.push(plot::character_map(network, &figure, &points, SKETCH_WIDTH));
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
        self.page("petals.svg", &plot::petals("Which flowers it mistakes", &subtitle, &groups))?;
        let title = "What it takes the validation flowers for";
        self.figure("confusion.svg", &plot::confusion(title, &subtitle, &plot::FLOWERS, &counts))
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
        let mut options = self.options.clone();
        options.settings.descent.step_size = OVERFITTING_STEP_SIZE;
        let Settings { descent, init, .. } = &options.settings;
        let runs = overfitting(trainer, split, (init, options.seed), (batch, descent));
        let runs: Vec<_> = runs
            .iter()
            .map(|(caption, [training, validation])| (caption.clone(), [&training[..], &validation[..]]))
            .collect();
        let subtitle = format!(
            "{}\n{}\nThe same flowers, of every fifteen of which four others validate.",
            self.network,
            settings_text(&options, "\n")
        );
        self.page(
            "overfitting.svg",
            &plot::loss_pages("Overfitting, and two ways to control it", &subtitle, &runs),
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
        let losses = |run: &(&str, &[Record])| {
            let training: Vec<f64> = run.1.iter().map(|record| record.training.loss).collect();
            let validation =
                run.1.iter().filter_map(|record| record.validation).map(|score| score.loss).collect();
            [(format!("{}, training", run.0), training), (format!("{}, validation", run.0), validation)]
        };
        let curves: Vec<(String, Vec<f64>)> = runs.iter().flat_map(losses).collect();
        let curves: Vec<(&str, &[f64])> =
            curves.iter().map(|(label, losses)| (&label[..], &losses[..])).collect();
        let figure = plot::loss_curves(title, &self.subtitle(None), 0, &curves, Vec::new());
        self.figure(name, &figure)
    }

    /// What a figure says below its title: the network, its settings, its accuracy.
    #[must_use]
    pub fn subtitle(&self, last: Option<&Record>) -> String {
        let mut subtitle = format!("{}\n{}", self.network, settings_text(self.options, "\n"));
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

    /// A line of the program's own.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        self.progress.clear();
        Ok(writeln!(self.out, "{line}")?)
    }

    /// Writes a file into the program's folder and says so. The file appears whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be written.
    pub fn write_file(&mut self, name: &str, contents: &[u8]) -> Result<(), Error> {
        const ADVICE: &str = "--out names another folder to write to";
        let folder = self.options.out.join(self.options.program);
        fs::create_dir_all(&folder)
            .map_err(|source| Error::file(&folder, "create the folder", source).advise(ADVICE))?;
        let path = folder.join(name);
        write_whole(&path, contents).map_err(|error| error.advise(ADVICE))?;
        self.line(&format!("wrote {}", path.display().to_string().replace(MAIN_SEPARATOR, "/")))
    }
}

/// Whether the training that ended with this record did so because its loss was not finite.
fn diverged(last: &Record) -> bool {
    !last.training.loss.is_finite()
}

/// A step so large that overfitting shows in a few hundred epochs.
const OVERFITTING_STEP_SIZE: f64 = 0.05;

/// The settings of a run on one line, as its output shows them.
#[must_use]
pub fn settings_line(options: &Options) -> String {
    settings_text(options, ", ")
}

/// The settings of a run in two parts: how it descends, and where it starts.
fn settings_text(options: &Options, between: &str) -> String {
    let settings = &options.settings;
    let batch = settings.batch.map_or("full batch".to_owned(), |batch| format!("batches of {batch}"));
    let (descent, init) = (&settings.descent, &settings.init);
    let start = match options.load {
        Some(_) => "from saved parameters".to_owned(),
        None => format!("init {} (biases {})", spread_name(init.weights), init.bias),
    };
    format!(
        "{batch}, {} epochs, step size {}, λ = {}{between}{start}, seed {}",
        descent.epochs,
        readable(descent.step_size),
        readable(descent.lambda),
        options.seed
    )
}

/// An accuracy in percent with two decimals.
#[must_use]
pub fn percent(score: &Score) -> String {
    format!("{:.2} %", 100.0 * score.accuracy())
}

/// The history as CSV with a header, one row an epoch. Of training that diverged, a last line says so, as a comment.
#[must_use]
pub fn history_csv(history: &[Record]) -> String {
    let validated = history.iter().any(|record| record.validation.is_some());
    let mut csv = String::from("epoch,training_loss,training_accuracy");
    csv.push_str(if validated { ",validation_loss,validation_accuracy\n" } else { "\n" });
    for record in history {
        let _ = write!(csv, "{},{},{}", record.epoch, record.training.loss, record.training.accuracy());
        if let Some(validation) = record.validation {
            let _ = write!(csv, ",{},{}", validation.loss, validation.accuracy());
        }
        csv.push('\n');
    }
    if let Some(last) = history.last().filter(|last| diverged(last)) {
        let _ = writeln!(csv, "# diverged in epoch {}", last.epoch);
    }
    csv
}
