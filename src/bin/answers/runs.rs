//! Runs of the programs with their default settings.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use backprop::programs::arguments::Arguments;
use backprop::programs::cli::RunFn;
use backprop::programs::settings::Problem;
use backprop::programs::terminal::Progress;
use backprop::programs::{Console, Options};
use backprop::training::error::Error;

/// Figures as SVG, by their paths from the document.
pub(crate) type Figures = BTreeMap<String, String>;

/// Runs programs one after the other and keeps their figures.
pub(crate) struct Runner<'a> {
    pub(crate) given: &'a Arguments,
    pub(crate) progress: Progress,
    pub(crate) figures: Figures,
}

impl Runner<'_> {
    /// Runs a program, compiled for its default width alone, on the data in a folder or the built-in ones.
    pub(crate) fn run<R>(
        &mut self,
        problem: &'static Problem,
        run: RunFn<R>,
        data: Option<&Path>,
    ) -> Result<R, Error> {
        self.progress.show(|| problem.title.to_owned());
        let own = Options::read(problem, self.given)?;
        let options = Options { data: data.map(Path::to_owned), quiet: true, ..own };
        let mut sink = io::sink();
        let mut console = Console::new(&options, &mut sink);
        let found = run(&mut console).map_err(|error| match (error, data) {
            // The document has none of the flags that would help.
            (Error::Diverged { epoch, cause }, Some(data)) => Error::Diverged {
                epoch,
                cause: format!("{cause}; {} --data {} takes these flags", problem.name, data.display()),
            },
            (error, _) => error,
        })?;
        self.figures.extend(console.into_figures());
        Ok(found)
    }
}
