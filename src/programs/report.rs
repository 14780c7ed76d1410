//! What the six programs print and write.

mod figures;

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

use crate::draw::{self, Mark};
use crate::figures::check_errors;
use crate::math::model::Model;
use crate::math::order::larger;
use crate::math::rng::Rng;
use crate::programs::cli::{Fact, Options, Outcome};
use crate::programs::experiments::errors_over_epsilon;
use crate::programs::output::{check_place, write_atomically, write_result};
use crate::programs::progress::Progress;
use crate::programs::settings::{Problem, Settings};
use crate::proof::gradient_check::{Check, EPSILON, HALF_ON, Verdict, all_on};
use crate::training::checkpoint::Checkpoint;
use crate::training::dataset::Dataset;
use crate::training::diagnosis::Run;
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;
use crate::training::numbers::{loss_text, percent, readable};
use crate::training::train::{EpochScores, History, Hyperparameters, Score, Trainer};

const SAVE_ADVICE: &str = "--save names the file to write";

/// The printed results of a run, and its files under `out/`.
pub struct Report<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
    network: String,
    progress: Progress,
    /// The number of the last epoch.
    last_epoch: usize,
    /// The seed of the run's start.
    seed: u64,
    /// What the losses are drawn beside.
    references: Vec<Mark>,
    /// The figures in characters.
    sketches: Vec<String>,
    /// The losses and accuracies over the epochs, once training is over.
    history: History,
    facts: Vec<Fact>,
}

impl<'a> Report<'a> {
    /// Begins a report on a run with these options, printed to `out`: what network, on what data (files and their numbers
    /// of samples), with which settings and seed.
    ///
    /// # Errors
    ///
    /// [`Error::Output`], as all that print; [`Error::File`] if `--save` names no place for a file.
    pub fn begin(
        options: &'a Options,
        out: &'a mut dyn Write,
        network: &str,
        files: &[(&str, usize)],
    ) -> Result<Self, Error> {
        let Options { problem, settings, quiet, save, .. } = options;
        if let Some(file) = save {
            // Not only after long training.
            check_place(file).map_err(|error| error.advise(SAVE_ADVICE))?;
        }
        let progress = if *quiet { Progress::none() } else { Progress::on_terminal(problem.name) };
        let mut report = Report {
            options,
            out,
            network: network.to_owned(),
            progress,
            last_epoch: 0,
            seed: 0,
            references: Vec::new(),
            sketches: Vec::new(),
            history: History::new(),
            facts: Vec::new(),
        };
        let files: Vec<String> = files.iter().map(|(name, samples)| format!("{name} ({samples})")).collect();
        let how = settings_line(options);
        report.line(problem.title)?;
        report.line(&format!("network: {network}"))?;
        report.line(&format!("data: {}", files.join(", ")))?;
        report.line(&format!("settings: {how}"))?;
        if let Some(batch) = options.replaced_batch {
            report.line(&format!("batch: all training samples, fewer than the default batch of {batch}"))?;
        }
        report.fact("settings", f64::NAN, how);
        let Problem { name, tuned, starter, .. } = problem;
        if settings == tuned {
            report.line(&format!("settings from: the sweeps of tune (out/tuning/{name}.md)"))?;
        } else if settings == starter {
            report.line("settings from: the course's starter script")?;
        }
        Ok(report)
    }

    /// Where training starts: from random parameters, or from those that `--load` names.
    ///
    /// # Errors
    ///
    /// What [`Checkpoint::read`] returns, or [`Error::Output`].
    pub fn start<M: Model<D, K>, const D: usize, const K: usize>(&mut self) -> Result<Checkpoint<M>, Error> {
        let start = if let Some(file) = &self.options.load {
            let checkpoint = Checkpoint::read(file, self.options.problem.name)
                .map_err(|error| error.advise("--load names a file that --save has written"))?;
            let Checkpoint { epochs, seed, .. } = checkpoint;
            self.line(&format!("loaded {}: trained for {epochs} epochs from seed {seed}", file.display()))?;
            checkpoint
        } else {
            let seed = self.options.seed;
            let mut rng = Rng::new(seed);
            Checkpoint { model: M::initialised(&self.options.settings.init, &mut rng), rng, epochs: 0, seed }
        };
        self.seed = start.seed;
        self.last_epoch = start.epochs.saturating_add(self.options.settings.descent.epochs);
        Ok(start)
    }

    /// The end of a run: saves the parameters if `--save` says where, closes the output with their fingerprint, and returns
    /// what the run has found.
    ///
    /// # Errors
    ///
    /// [`Error::File`] or [`Error::Output`].
    pub fn finish<M: Model<D, K>, const D: usize, const K: usize>(
        mut self,
        model: M,
        rng: Rng,
    ) -> Result<Outcome, Error> {
        let fingerprint = Fingerprint::of(&model);
        if let Some(file) = &self.options.save {
            let checkpoint = Checkpoint { model, rng, epochs: self.last_epoch, seed: self.seed };
            let text = checkpoint.to_text(self.options.problem.name, &settings_line(self.options));
            write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
            self.line(&format!("saved {}", file.display()))?;
        }
        if self.options.ascii {
            for sketch in std::mem::take(&mut self.sketches) {
                self.line(&sketch)?;
            }
        }
        self.line(&format!("fingerprint: {fingerprint}"))?;
        Ok(Outcome { history: self.history, facts: self.facts })
    }

    /// One line for each parameter of M: is its gradient right? It is checked at two random points: where the course's
    /// check begins, with weights of this deviation and all units on, and where half of the units are off.
    ///
    /// # Errors
    ///
    /// [`Error::WrongGradient`] if one is not.
    pub fn gradient_check<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        deviation: f64,
        data: &Dataset<D, K>,
    ) -> Result<(), Error> {
        let [course, gated] = [all_on(deviation), HALF_ON]
            .map(|init| Check::<M, D, K, N>::new(&init, &mut Rng::new(self.options.seed), data));
        let verdicts: Vec<Verdict> =
            course.verdicts().into_iter().zip(gated.verdicts()).map(|(a, b)| a.with(b)).collect();
        let as_printed = [&course, &gated].map(|check| check.errors_as_printed(EPSILON));
        self.line(&format!(
            "gradient check at two random points, {} samples: CORRECT is an error that rounding explains",
            course.data.len()
        ))?;
        for (position, verdict) in verdicts.iter().enumerate() {
            let Verdict { name, rows, columns, error, bound, kinks } = verdict;
            let word = if verdict.is_correct() { "CORRECT" } else { "WRONG" };
            let as_printed = larger(as_printed[0][position], as_printed[1][position]);
            let at_kinks = match kinks {
                0 => String::new(),
                _ => format!("; {kinks} of its entries at a kink: one-sided derivatives"),
            };
            self.line(&format!(
                "Param {position} is {word}, error = {error:.1e}, bound {bound:.1e} ({name}, {rows}×{columns}; Eq. 5 as \
                 printed, ε = {EPSILON:e}: {as_printed:.1e}{at_kinks})"
            ))?;
        }
        let worst = verdicts.iter().map(Verdict::share).fold(0.0, larger);
        self.fact("check", worst, percent(worst));
        self.count("checked", verdicts.len());
        if verdicts.iter().all(Verdict::is_correct) { Ok(()) } else { Err(Error::WrongGradient) }
    }

    /// Draws the error of the check over ε for a network M, where the course's check begins, into `gradient_check.svg`.
    ///
    /// # Errors
    ///
    /// [`Error::Output`] or [`Error::File`].
    pub fn error_over_epsilon<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        deviation: f64,
        data: &Dataset<D, K>,
    ) -> Result<(), Error> {
        let seed = self.options.seed;
        let check = Check::<M, D, K, N>::new(&all_on(deviation), &mut Rng::new(seed), data);
        let subtitle = format!("gradient check of a network {}, seed {seed}", check.widths());
        let [plain, stable] = errors_over_epsilon(&check);
        let figure = check_errors(self.options.problem.title, &subtitle, plain, stable);
        self.write_file("gradient_check.svg", draw::svg(&figure).as_bytes())
    }

    /// The loss after every tenth epoch, or every tenth part of a run of more than 100, and the last.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn iteration(&mut self, record: &EpochScores) -> Result<(), Error> {
        if self.options.quiet {
            return Ok(());
        }
        let every = (self.options.settings.descent.epochs / 10).max(10);
        if record.epoch % every != 0 && record.epoch != self.last_epoch {
            self.progress.show(|| format!("epoch {} of {}", record.epoch, self.last_epoch));
            return Ok(());
        }
        let mut line = format!("iteration {}: loss {}", record.epoch, loss_text(record.training.loss()));
        if let Some(validation) = record.validation {
            let _ = write!(line, ", validation loss {}", loss_text(validation.loss()));
        }
        self.line(&line)
    }

    /// The accuracy and loss on a dataset: `training accuracy: …`.
    fn score(&mut self, name: &str, score: &Score) -> Result<(), Error> {
        let Score { correct, samples, .. } = score;
        let loss = score.loss();
        let (accuracy, loss_text) = (percent(score.accuracy()), loss_text(loss));
        self.line(&format!("{name} accuracy: {accuracy} ({correct} of {samples}), loss {loss_text}"))?;
        self.fact(format!("{name}.accuracy"), 100.0 * score.accuracy(), accuracy);
        self.fact(format!("{name}.loss"), loss, loss_text);
        self.count(format!("{name}.correct"), *correct);
        self.count(format!("{name}.samples"), *samples);
        Ok(())
    }

    /// The accuracy after training and the [findings](Run::findings) that explain it. The losses go to `history.csv` and
    /// `loss.svg`.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if the run diverged; the files are written even so, and say it. Otherwise
    /// [`Error::Output`] or [`Error::File`].
    pub fn outcome<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        history: History,
        trainer: &mut Trainer<M, D, K, N>,
        model: &M,
        data: &Dataset<D, K>,
    ) -> Result<(), Error> {
        self.history = history;
        self.write_file("history.csv", history_csv(&self.history).as_bytes())?;
        self.loss_figure()?;
        let Some(last) = self.history.last().copied() else { return Ok(()) };
        let (hyper, loaded) = (&self.options.settings.descent, self.options.load.is_some());
        let run = Run::new(model, data, trainer, &self.history, hyper, loaded);
        run.check_convergence()?;
        let findings = run.findings();
        self.score("training", &last.training)?;
        if let Some(validation) = &last.validation {
            self.score("validation", validation)?;
        }
        for (layer, (dead, _)) in trainer.dead_units(model, data).into_iter().enumerate() {
            if dead > 0 {
                self.count(format!("dead{}", layer + 1), dead);
            }
        }
        findings.iter().try_for_each(|finding| self.line(finding))
    }

    /// Scores the data of the file that `--validation` names, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn second_file<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        data: Option<&Dataset<D, K>>,
        trainer: &mut Trainer<M, D, K, N>,
        model: &M,
    ) -> Result<(), Error> {
        let Some(data) = data else { return Ok(()) };
        self.score("validation", &trainer.evaluate(model, data, self.options.settings.descent.lambda))
    }

    /// Keeps a number, and how it is written, for [`Outcome::facts`].
    pub fn fact(&mut self, name: impl Into<String>, number: f64, text: impl Into<String>) {
        self.facts.push(Fact { name: name.into(), number, text: text.into() });
    }

    /// The same of a count.
    fn count(&mut self, name: impl Into<String>, count: usize) {
        self.fact(name, count as f64, count.to_string());
    }

    /// A line of the program's own.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        self.progress.clear();
        match writeln!(self.out, "{line}") {
            // Whoever closes the output still wants the parameters that are to be saved.
            Err(source) if source.kind() == ErrorKind::BrokenPipe && self.options.save.is_some() => Ok(()),
            printed => printed.map_err(Error::Output),
        }
    }

    /// Writes a file into the program's folder and says so. The file appears whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be written.
    pub fn write_file(&mut self, name: &str, contents: &[u8]) -> Result<(), Error> {
        let path = write_result(&self.options.out, &[self.options.problem.name, name], contents)?;
        self.line(&format!("wrote {path}"))
    }
}

/// Whether the training that ended with this record did so because its loss was not finite.
fn diverged(last: &EpochScores) -> bool {
    !last.training.loss().is_finite()
}

/// The settings of a run on one line, as its output shows them.
fn settings_line(options: &Options) -> String {
    let Hyperparameters { epochs, step_size, lambda } = options.settings.descent;
    settings_text(options, epochs, step_size, Some(lambda)).join(", ")
}

/// How a run with these options descends, and where it starts.
fn settings_text(options: &Options, epochs: usize, step_size: f64, lambda: Option<f64>) -> [String; 2] {
    let Settings { init, batch, .. } = options.settings;
    let batch = batch.map_or("full batch".to_owned(), |batch| format!("batches of {batch}"));
    let lambda = lambda.map_or(String::new(), |lambda| format!(", λ = {}", readable(lambda)));
    let start = match options.load {
        Some(_) => "from saved parameters".to_owned(),
        None => format!("init {} (biases {}), seed {}", init.weights, readable(init.bias), options.seed),
    };
    [format!("{batch}, {epochs} epochs, step size {}{lambda}", readable(step_size)), start]
}

/// The history as CSV with a header, one row an epoch. Of training that diverged, a last line says so, as a comment.
fn history_csv(history: &[EpochScores]) -> String {
    let validated = history.iter().any(|record| record.validation.is_some());
    let mut csv = String::from("epoch,training_loss,training_accuracy");
    csv.push_str(if validated { ",validation_loss,validation_accuracy\n" } else { "\n" });
    for record in history {
        let (loss, accuracy) = (readable(record.training.loss()), record.training.accuracy());
        let _ = write!(csv, "{},{loss},{accuracy}", record.epoch);
        if let Some(validation) = record.validation {
            let _ = write!(csv, ",{},{}", readable(validation.loss()), validation.accuracy());
        }
        csv.push('\n');
    }
    if let Some(last) = history.last().filter(|last| diverged(last)) {
        let _ = writeln!(csv, "# diverged in epoch {}", last.epoch);
    }
    csv
}
