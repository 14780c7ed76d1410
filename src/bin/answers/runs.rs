//! The runs of the six programs, with their default settings.

#[path = "../prob1a.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1a;
#[path = "../prob1b.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1b;
#[path = "../prob1c.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1c;
#[path = "../prob1d.rs"]
#[expect(dead_code, reason = "its main")]
mod prob1d;
#[path = "../prob2a.rs"]
#[expect(dead_code, reason = "its main")]
mod prob2a;
#[path = "../prob2b.rs"]
#[expect(dead_code, reason = "its main")]
mod prob2b;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use backprop::figures::Part;
use backprop::programs::cli::{Options, RunFn};
use backprop::programs::console::Console;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::programs::progress::Progress;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem};
use backprop::training::error::Error;

pub(crate) use prob1c::SEEDS as BAND_SEEDS;

/// Results of the six programs.
pub(crate) struct Found {
    pub(crate) outcomes: [Outcome; 6],
    /// Of problem 1a, epochs and the largest distance of a probability from ½ after them.
    pub(crate) farthest: Vec<(u64, f64)>,
    /// The hidden units of problem 1c, the strongest first.
    pub(crate) units: Vec<Part>,
    /// The training of problem 1d with other λ.
    pub(crate) lambdas: Option<Lambdas>,
    /// The size of problem 2b's first gradient with the starter script's first weights, and with Glorot's.
    pub(crate) first_gradients: [f64; 2],
    /// All figures as SVG, by their paths from the document.
    pub(crate) figures: BTreeMap<String, String>,
}

/// Runs the programs, compiled for their default widths alone, each on the data in its folder.
pub(crate) fn run_all(
    out: &Path,
    [xor, spiral, iris]: [&Option<PathBuf>; 3],
    progress: &mut Progress,
) -> Result<Found, Error> {
    let mut figures = BTreeMap::new();
    let mut run = Runner { out, progress, figures: &mut figures };
    let prob1a = run.run(&PROB1A, prob1a::run, xor)?;
    let prob1b = run.run(&PROB1B, prob1b::run, spiral)?;
    let prob1c = run.run(&PROB1C, prob1c::run::<{ PROB1C.tuned.hidden }>, xor)?;
    let prob1d = run.run(&PROB1D, prob1d::run::<{ PROB1D.tuned.hidden }>, spiral)?;
    let prob2a = run.run(&PROB2A, prob2a::run::<{ PROB2A.tuned.hidden }>, iris)?;
    let prob2b = run.run(&PROB2B, prob2b::run::<{ PROB2B.tuned.hidden }>, iris)?;
    Ok(Found {
        outcomes: [prob1a.outcome, prob1b, prob1c.outcome, prob1d.outcome, prob2a, prob2b.outcome],
        farthest: prob1a.farthest,
        units: prob1c.units,
        lambdas: prob1d.lambdas,
        first_gradients: prob2b.first_gradients,
        figures,
    })
}

struct Runner<'a> {
    out: &'a Path,
    progress: &'a mut Progress,
    figures: &'a mut BTreeMap<String, String>,
}

impl Runner<'_> {
    fn run<R>(
        &mut self,
        problem: &'static Problem,
        run: RunFn<R>,
        data: &Option<PathBuf>,
    ) -> Result<R, Error> {
        self.progress.show(|| problem.title.to_owned());
        let options = Options { out: self.out.to_owned(), data: data.clone(), ..Options::new(problem) };
        let mut sink = io::sink();
        let mut console = Console::new(&options, &mut sink);
        let found = run(&options, &mut console).map_err(|error| match (error, data) {
            // The document has none of the flags that would help.
            (Error::Diverged { epoch, cause }, Some(data)) => {
                let alone = format!("{} --data {}", problem.name, data.display());
                Error::Diverged { epoch, cause: format!("{cause}; {alone} takes these flags") }
            }
            (error, _) => error,
        })?;
        self.figures.extend(console.into_figures());
        Ok(found)
    }
}
