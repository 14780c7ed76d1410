//! The six programs: their command lines, and the runs that these start.

use std::io::Write;
use std::process::ExitCode;

use crate::math::model::Model;
use crate::programs::cli::{self, Interface};
use crate::programs::console::Console;
use crate::programs::one_step::show_one_step;
use crate::programs::options::{Options, flags};
use crate::programs::predict::predict;
use crate::programs::settings::Problem;
use crate::training::error::Error;

/// A run of a program compiled for one width.
pub type RunFn<R> = fn(&mut Console) -> Result<R, Error>;

/// A program compiled for one width.
#[derive(Debug)]
pub struct Width<R> {
    hidden: usize,
    run: RunFn<R>,
    predict: fn(&Options, &mut dyn Write) -> Result<(), Error>,
}

impl<R> Width<R> {
    /// The program whose network is M, with this number of hidden units.
    pub fn of<M: Model<D, K>, const D: usize, const K: usize>(hidden: usize, run: RunFn<R>) -> Self {
        Width { hidden, run, predict: predict::<M, D, K> }
    }
}

/// The `main` of the program of a problem, compiled for the problem's widths.
pub fn main<R>(problem: &'static Problem, widths: &[Width<R>]) -> ExitCode {
    cli::main(interface(problem), |given, out| {
        let options = Options::read(problem, given)?;
        let hidden = options.settings.hidden;
        let width = widths.iter().find(|width| width.hidden == hidden).ok_or_else(|| {
            let widths = problem.listed_widths();
            Error::Usage(format!(
                "--hidden {hidden}: widths are types and this program is compiled for {widths}"
            ))
        })?;
        if options.predict.is_some() {
            return (width.predict)(&options, out);
        }
        let mut console = Console::new(&options, out);
        let (result, figure) = if options.one_step {
            (show_one_step(&mut console), "one_step.svg")
        } else {
            ((width.run)(&mut console).map(drop), problem.figure)
        };
        // A run that failed may have written files too.
        let closed = console.close(figure);
        result.and(closed)
    })
}

fn interface(problem: &Problem) -> Interface {
    let Problem { name, title, .. } = problem;
    Interface {
        name,
        about: format!(
            "{title}\n\nExamples:\n  {name}                        train, report, draw into out/{name}/\n  \
             {name} --seed 7 --epochs 500  another run\n  {name} --starter              the course's settings\n  \
             {name} --data FILE            your own data"
        ),
        flags: flags(problem).filter(|flag| flag.is_of(name)).collect(),
        note: "In brackets the defaults; those of training are the best settings of tune's sweeps (out/tuning/).\n\
               First weights: he are normal with variance 2/inputs, glorot with 2/(inputs + outputs), mirrored\n\
               orthogonal directions, each with its opposite.",
    }
}
