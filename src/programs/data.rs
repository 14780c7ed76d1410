//! The data of a run: those inside the program, or those of `--data` and `--validation`.

use std::path::Path;

use crate::programs::options::Options;
use crate::programs::settings::Problem;
use crate::programs::terminal::tell;
use crate::training::dataset::{Dataset, Source};
use crate::training::error::Error;
use crate::training::holdout::hold_out;
use crate::training::names::Names;
use crate::training::scaling::Scaling;
use crate::training::train::Split;

/// The data of a run.
#[derive(Debug)]
pub struct Data<const D: usize, const K: usize> {
    /// The samples that the network learns from.
    pub training: Dataset<D, K>,
    /// Samples that it is only scored on.
    pub validation: Option<Dataset<D, K>>,
    /// The positions of the training rows in their file, if the others are held out for validation.
    pub rows: Option<Vec<usize>>,
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
            (None, Some(_), Some(file)) => {
                let [rows, held_out] = hold_out(&training);
                if held_out.is_empty() {
                    return Err(Error::Usage(format!(
                        "--data {} has too few different rows to hold out one in four of a class: --validation names the file to \
                         validate with, which may be the same",
                        file.display()
                    )));
                }
                let validation = Some(training.select(&held_out));
                return Ok(Data { training: training.select(&rows), validation, rows: Some(rows) });
            }
            (None, Some(source), None) => Some(load(source, names)?),
            (None, None, _) => None,
        };
        Ok(Data { training, validation, rows: None })
    }

    /// The files and the numbers of samples.
    pub fn described(&self, options: &Options) -> String {
        let Problem { training, validation, .. } = options.problem;
        let file = |given: Option<&Path>, inside: &str, data: &Dataset<D, K>| {
            let file = given.map_or(inside.to_owned(), |file| file.display().to_string());
            format!("{file} ({})", data.len())
        };
        let files = file(options.data_file(), training.name, &self.training);
        let Some(data) = &self.validation else { return files };
        if self.rows.is_some() {
            let rule = "at most one in four of each class, chosen by their values; --validation names others";
            return format!("{files}, {} of its rows held out for validation: {rule}", data.len());
        }
        let inside = validation.map_or("", |source| source.name);
        files + ", " + &file(options.validation.as_deref(), inside, data)
    }

    /// The data with standardised inputs.
    #[must_use]
    pub fn scaled(&self, scaling: &Scaling<D>) -> Self {
        let validation = self.validation.as_ref().map(|data| scaling.apply(data));
        Data { training: scaling.apply(&self.training), validation, rows: self.rows.clone() }
    }

    /// The data as training takes them.
    pub fn split(&self) -> Split<'_, D, K> {
        Split { training: &self.training, validation: self.validation.as_ref() }
    }

    /// The training and the validation data of problem 2, which always has some.
    pub fn both(&self) -> [&Dataset<D, K>; 2] {
        [&self.training, self.validation.as_ref().unwrap_or_else(|| unreachable!("problem 2 has them"))]
    }
}

/// The data of a file. What was inferred of them is said on standard error.
fn read<const D: usize, const K: usize>(
    file: &Path,
    names: Option<&Names>,
    advice: &'static str,
) -> Result<Dataset<D, K>, Error> {
    let data = Dataset::read(file, names).map_err(|error| error.advise(advice))?;
    data.reading().into_iter().for_each(tell);
    Ok(data)
}
