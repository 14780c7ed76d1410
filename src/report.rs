//! What the six programs print and write.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::cli::{Options, spread_name};
use crate::dataset::Dataset;
use crate::error::Error;
use crate::gradient_check::Verdict;
use crate::model::Model;
use crate::train::{Record, Score, Trainer};

/// The printed results of a run, and its files under `out/`.
pub struct Report<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
}

impl<'a> Report<'a> {
    /// A report on a run with these options, printed to `out`.
    pub fn new(options: &'a Options, out: &'a mut dyn Write) -> Self {
        Report { options, out }
    }

    /// What network, on what data, with which settings and seed.
    ///
    /// # Errors
    ///
    /// [`Error::Output`], as all that print.
    pub fn heading(&mut self, network: &str, data: &str) -> Result<(), Error> {
        writeln!(self.out, "{}: {}", self.options.program, self.options.summary)?;
        writeln!(self.out, "network: {network}")?;
        writeln!(self.out, "data: {data}")?;
        writeln!(self.out, "settings: {}", settings_line(self.options))?;
        Ok(())
    }

    /// One line for each parameter: is its gradient right?
    ///
    /// # Errors
    ///
    /// [`Error::WrongGradient`] if one is not.
    pub fn gradient_check(&mut self, verdicts: &[Verdict]) -> Result<(), Error> {
        for (position, verdict) in verdicts.iter().enumerate() {
            let Verdict { name, rows, columns, error } = verdict;
            let word = if verdict.is_correct() { "CORRECT" } else { "WRONG" };
            writeln!(self.out, "Param {position} is {word}, error = {error:.2e} ({name}, {rows}×{columns})")?;
        }
        if verdicts.iter().all(Verdict::is_correct) { Ok(()) } else { Err(Error::WrongGradient) }
    }

    /// The loss after every tenth epoch, or every tenth part of a run of more than 100, and the last.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn iteration(&mut self, record: &Record) -> Result<(), Error> {
        let epochs = self.options.settings.descent.epochs;
        let due = record.epoch % (epochs / 10).max(10) == 0 || record.epoch == epochs;
        if self.options.quiet || !due {
            return Ok(());
        }
        write!(self.out, "iteration {}: loss {:.6}", record.epoch, record.training.loss)?;
        if let Some(validation) = record.validation {
            write!(self.out, ", validation loss {:.6}", validation.loss)?;
        }
        writeln!(self.out)?;
        Ok(())
    }

    /// The accuracy and loss on a dataset: `training accuracy: …`.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn score(&mut self, name: &str, score: &Score) -> Result<(), Error> {
        let Score { loss, correct, samples } = score;
        writeln!(self.out, "{name} accuracy: {} ({correct} of {samples}), loss {loss:.6}", percent(score))?;
        Ok(())
    }

    /// Says what explains a poor result, if something does: hidden units that no sample switches on, and a
    /// network that gives every sample the same class.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn diagnosis<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        &mut self,
        trainer: &mut Trainer<M, D, K, N>,
        model: &M,
        data: &Dataset<D, K>,
    ) -> Result<(), Error> {
        for (layer, (dead, all)) in trainer.dead_units(model, data).into_iter().enumerate() {
            if dead > 0 {
                let layer = layer + 1;
                writeln!(
                    self.out,
                    "dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)"
                )?;
            }
        }
        let counts = trainer.class_counts(model, data);
        if let Some(class) = (0..K).find(|&class| counts[class] == data.len()) {
            writeln!(
                self.out,
                "stuck: every sample is given class {class}; another --seed, a wider --init or a smaller \
                 --step-size usually helps"
            )?;
        }
        Ok(())
    }

    /// A line of the program's own.
    ///
    /// # Errors
    ///
    /// [`Error::Output`].
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        Ok(writeln!(self.out, "{line}")?)
    }

    /// Writes a file into the program's folder and says so. The file appears whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be written.
    pub fn write_file(&mut self, name: &str, contents: &[u8]) -> Result<(), Error> {
        let folder: PathBuf = self.options.out.join(self.options.program);
        fs::create_dir_all(&folder).map_err(|source| Error::file(&folder, "create", source))?;
        let path = folder.join(name);
        let temporary = folder.join(format!("{name}.tmp"));
        fs::write(&temporary, contents).map_err(|source| Error::file(&temporary, "write", source))?;
        fs::rename(&temporary, &path).map_err(|source| Error::file(&path, "write", source))?;
        writeln!(self.out, "wrote {}", path.display())?;
        Ok(())
    }
}

/// The settings of a run on one line, as its output and its figures show them.
#[must_use]
pub fn settings_line(options: &Options) -> String {
    let settings = &options.settings;
    let batch = settings.batch.map_or("full batch".to_owned(), |batch| format!("batches of {batch}"));
    let (descent, init) = (&settings.descent, &settings.init);
    format!(
        "{batch}, {} epochs, step size {}, λ = {}, init {} (biases {}), seed {}",
        descent.epochs,
        descent.step_size,
        descent.lambda,
        spread_name(init.weights),
        init.bias,
        options.seed
    )
}

/// An accuracy in percent with two decimals.
#[must_use]
pub fn percent(score: &Score) -> String {
    format!("{:.2} %", 100.0 * score.accuracy())
}

/// The history as CSV with a header, one row an epoch.
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
    csv
}
