//! The data of a run: those inside the program, or those of `--data` and `--validation`.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;

use crate::programs::cli::Options;
use crate::training::dataset::{Dataset, Source};
use crate::training::error::Error;
use crate::training::names::Names;
use crate::training::reader::bytes_of;

impl Options {
    /// The data inside the program, or those of `--data`: of the file itself, or of the file of this name in a folder. They are
    /// read with the names of other data, if there are any.
    pub fn samples<const D: usize, const K: usize>(
        &self,
        source: &Source,
        like: Option<&Names>,
    ) -> Result<Dataset<D, K>, Error> {
        let Some(path) = &self.data else { return source.load(like) };
        let file = if path.is_dir() { path.join(source.name) } else { path.clone() };
        read(&file, like, "--data names the file, or the folder that holds it")
    }

    /// The validation data of a problem that has some, read as the training data are.
    pub fn validation<const D: usize, const K: usize>(
        &self,
        source: &Source,
        training: &Dataset<D, K>,
    ) -> Result<Dataset<D, K>, Error> {
        if let Some(second) = self.second_file(training)? {
            return Ok(second);
        }
        if let [Some(file), None] = self.files() {
            return Err(Error::Usage(format!(
                "--data {} is a single file: --validation names the one to validate with, which may be the same",
                file.display()
            )));
        }
        self.samples(source, Some(training.names()))
    }

    /// The data of the file that `--validation` names, if it does.
    pub fn second_file<const D: usize, const K: usize>(
        &self,
        training: &Dataset<D, K>,
    ) -> Result<Option<Dataset<D, K>>, Error> {
        let Some(file) = &self.validation else { return Ok(None) };
        read(file, Some(training.names()), "--validation names the file itself").map(Some)
    }

    /// The title of the problem, with the file that takes the place of its data.
    pub fn title(&self) -> String {
        let title = self.problem.title;
        match (title.rsplit_once(" on "), self.file()) {
            (Some((network, _)), Some(file)) => format!("{network} on {file}"),
            _ => title.to_owned(),
        }
    }

    /// The name of the file that takes the place of the problem's training data, if one does.
    pub fn file(&self) -> Option<String> {
        Some(self.files()[0]?.file_name()?.to_string_lossy().into_owned())
    }

    /// The files that the flags name for training and for validation, if they do.
    pub fn files(&self) -> [Option<&Path>; 2] {
        [self.data.as_deref().filter(|data| !data.is_dir()), self.validation.as_deref()]
    }
}

/// The data of a file, with the names of other data, if there are any.
fn read<const D: usize, const K: usize>(
    file: &Path,
    like: Option<&Names>,
    advice: &'static str,
) -> Result<Dataset<D, K>, Error> {
    let bytes = bytes_of(file).map_err(|error| error.advise(advice))?;
    Dataset::parse(&file.display().to_string(), &bytes, like).map(said)
}

/// The data, after what was inferred of them is said on standard error, once for all programs of a document.
fn said<const D: usize, const K: usize>(data: Dataset<D, K>) -> Dataset<D, K> {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    if let (Some(reading), Ok(mut said)) = (data.reading(), SAID.lock()) {
        if !said.iter().any(|earlier| earlier == reading) {
            // If standard error is closed, there is nobody to tell.
            let _ = writeln!(io::stderr(), "{reading}");
            said.push(reading.to_owned());
        }
    }
    data
}
