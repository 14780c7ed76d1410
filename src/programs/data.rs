//! The data of a run: those inside the program, or those of `--data` and `--validation`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::programs::options::Options;
use crate::programs::settings::Problem;
use crate::training::dataset::{Dataset, Source};
use crate::training::error::Error;
use crate::training::holdout::hold_out;
use crate::training::names::{Names, listed};
use crate::training::numbers::about;
use crate::training::reader::bytes_of;
use crate::training::scaling::Scaling;
use crate::training::train::Split;

/// The data of a run.
#[derive(Debug)]
pub struct Data<const D: usize, const K: usize> {
    /// The samples that the network learns from.
    pub training: Dataset<D, K>,
    /// Samples that it is only scored on.
    pub validation: Option<Dataset<D, K>>,
    /// The positions in the one file of the rows for training and of those held out for validation, if there is but one file.
    pub held_out: Option<[Vec<usize>; 2]>,
}

impl<const D: usize, const K: usize> Data<D, K> {
    /// The data inside the program, or those that the flags name. `names` are those of loaded parameters.
    pub fn load(options: &Options, names: Option<&Names>) -> Result<Self, Error> {
        let load = |source: &Source, names| {
            let Some(path) = &options.data else { return source.load(names) };
            let file = if path.is_dir() { path.join(source.name) } else { path.clone() };
            read(&file, names, "--data names the file, or the folder that holds it")
        };
        let training: Dataset<D, K> = load(options.problem.training, names)?;
        let names = Some(training.names());
        let validation = match (&options.validation, options.problem.validation, options.data_file()) {
            (Some(file), ..) => Some(read(file, names, "--validation names the file itself")?),
            (None, Some(_), Some(file)) => return Data::held_out_of(file, &training),
            (None, Some(source), None) => Some(load(source, names)?),
            (None, None, _) => None,
        };
        Ok(Data { training, validation, held_out: None })
    }

    /// The data of the one file that there is, of which some rows validate.
    fn held_out_of(file: &Path, all: &Dataset<D, K>) -> Result<Self, Error> {
        let rows = hold_out(all);
        if rows[1].is_empty() {
            return Err(Error::Usage(format!(
                "--data {} has too few rows to hold out one in four of a class: --validation names the file to validate \
                 with, which may be the same",
                file.display()
            )));
        }
        let [training, validation] = [0, 1].map(|part| all.select(&rows[part]));
        Ok(Data { training, validation: Some(validation), held_out: Some(rows) })
    }

    /// The files and the numbers of their rows.
    pub fn described(&self, options: &Options) -> String {
        let Problem { training, validation, .. } = options.problem;
        let file = |given: Option<&Path>, inside: &str, rows: usize| {
            let file = given.map_or(inside.to_owned(), |file| file.display().to_string());
            format!("{file} ({rows})")
        };
        if let Some(rows) = &self.held_out {
            return file(options.data_file(), training.name, rows.concat().len());
        }
        let mut files = file(options.data_file(), training.name, self.training.len());
        if let Some(data) = &self.validation {
            let inside = validation.map_or("", |source| source.name);
            files = files + ", " + &file(options.validation.as_deref(), inside, data.len());
        }
        files
    }

    /// Which rows are held out, on one line.
    pub fn held_out_line(&self) -> Option<String> {
        let ([training, held_out], held) = (self.held_out.as_ref()?, self.validation.as_ref()?);
        let [held_out, all] = [held_out.len(), training.len() + held_out.len()];
        let is_absent = |class: &usize| !held.labels().contains(class);
        let absent = listed((0..K).filter(is_absent).map(|class| held.names().class(class)));
        let none = if absent.is_empty() { absent } else { format!("; too few of {absent}") };
        Some(format!(
            "held out for validation: {held_out} of {all} rows, one in four of each class, chosen by their values \
             (--validation names other data){none}"
        ))
    }

    /// The data with standardised inputs; or the input that becomes too large.
    pub fn scaled(&self, scaling: &Scaling<D>, options: &Options) -> Result<Self, Error> {
        let apply = |data: &Dataset<D, K>, part: usize| {
            let given = options.validation.as_ref().filter(|_| part == 1).or(options.data.as_ref());
            scaling.apply(data).map_err(|[row, column]| {
                let (name, input) = (&data.names().inputs[column], about(data.samples()[row][column]));
                let row = 1 + self.held_out.as_ref().map_or(row, |rows| rows[part][row]);
                let problem = io::Error::other(format!("{name} of row {row}, {input}, becomes too large"));
                let inside = Path::new(options.problem.training.name);
                Error::file(given.map_or(inside, PathBuf::as_path), "standardise", problem)
            })
        };
        let validation = self.validation.as_ref().map(|data| apply(data, 1)).transpose()?;
        Ok(Data { training: apply(&self.training, 0)?, validation, held_out: self.held_out.clone() })
    }

    /// The data as training takes them.
    pub fn split(&self) -> Split<'_, D, K> {
        Split { training: &self.training, validation: self.validation.as_ref() }
    }

    /// The training and the validation data.
    ///
    /// # Panics
    ///
    /// If there are no validation data.
    pub fn both(&self) -> [&Dataset<D, K>; 2] {
        [&self.training, self.validation.as_ref().expect("problem 2 has validation data")]
    }
}

/// The data of a file. What was inferred of them is said on standard error, once for all programs of a document.
fn read<const D: usize, const K: usize>(
    file: &Path,
    names: Option<&Names>,
    advice: &'static str,
) -> Result<Dataset<D, K>, Error> {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let bytes = bytes_of(file).map_err(|error| error.advise(advice))?;
    let data = Dataset::parse(&file.display().to_string(), &bytes, names)?;
    if let (Some(reading), Ok(mut said)) = (data.reading(), SAID.lock()) {
        if !said.iter().any(|earlier| earlier == reading) {
            // If standard error is closed, there is nobody to tell.
            let _ = writeln!(io::stderr(), "{reading}");
            said.push(reading.to_owned());
        }
    }
    Ok(data)
}
