//! The command line of every program, with help, version, messages and exit statuses; the `main` of the six.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::math::model::Model;
use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::console::Console;
use crate::programs::options::{Options, flags};
use crate::programs::planar::show_one_step;
use crate::programs::predict::predict;
use crate::programs::settings::Problem;
use crate::programs::terminal::{print, print_lines, tell};
use crate::training::error::Error;

/// The `main` of every program, with its `flags` beside `--help` and `--version`: prints its help, which begins with `about`, or
/// its version if the command line asks for them, or else lets `run` write to standard output, and turns the outcome into an exit
/// status: 0 done, 1 failed, 2 wrong usage.
pub fn start(
    name: &str,
    about: &str,
    mut flags: Vec<Flag>,
    run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
) -> ExitCode {
    flags.push(flag("--help", "", "print this"));
    flags.push(flag("--version", "", "print name and version"));
    let mut stdout = io::stdout().lock();
    let given = Arguments::read(&flags, std::env::args_os().skip(1));
    let outcome = given.and_then(|given| {
        if given.has("--help") {
            let mut text = format!("{about}\n\nFlags:\n");
            for Flag { name, value, help } in &flags {
                let _ = writeln!(text, "  {:<24} {help}", format!("{name} {value}"));
            }
            print_lines(&mut stdout, &(text + "\nExit status: 0 done, 1 the run failed, 2 wrong usage."))
        } else if given.has("--version") {
            print(&mut stdout, &format!("{name} {}", env!("CARGO_PKG_VERSION")))
        } else {
            run(&given, &mut stdout)
        }
    });
    match outcome.and_then(|()| stdout.flush().map_err(Error::Output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            tell(&format!("{name}: {error}"));
            if let Error::Usage(_) = error {
                tell(&format!("Try '{name} --help'."));
            }
            ExitCode::from(error.exit_status())
        }
    }
}

/// A run of a program compiled for one width.
pub type RunFn<R> = fn(&mut Console) -> Result<R, Error>;

/// A program compiled for one width.
#[derive(Debug)]
pub struct Width<R> {
    hidden: usize,
    run: RunFn<R>,
    predict: fn(&Options, &Path, &mut dyn Write) -> Result<(), Error>,
}

impl<R> Width<R> {
    /// The program whose network is M, with this number of hidden units.
    pub fn of<M: Model<D, K>, const D: usize, const K: usize>(hidden: usize, run: RunFn<R>) -> Self {
        Width { hidden, run, predict: predict::<M, D, K> }
    }
}

/// The `main` of the program of a problem, compiled for these widths, among which are those of its settings.
pub fn main<R>(problem: &'static Problem, widths: &[Width<R>]) -> ExitCode {
    let Problem { name, title, .. } = problem;
    let about = format!(
        "{title}\n\nExamples:\n  {name}                        train, report, draw into out/{name}/\n  \
         {name} --seed 7 --epochs 500  another run\n  {name} --starter              the course's settings\n  \
         {name} --data FILE            your own data\n\n\
         In brackets the defaults; those of training are the best settings of tune's sweeps (out/tuning/).\n\
         First weights: he are normal with variance 2/inputs, glorot with 2/(inputs + outputs), mirrored\n\
         orthogonal directions, each with its opposite."
    );
    let compiled: Vec<usize> = widths.iter().map(|width| width.hidden).collect();
    start(name, &about, flags(problem, &compiled), |given, out| {
        let mut options = Options::read(problem, &compiled, given)?;
        options.ascii |= io::stdout().is_terminal();
        let hidden = options.settings.hidden;
        let Some(width) = widths.iter().find(|width| width.hidden == hidden) else { unreachable!() };
        if let Some(path) = &options.predict {
            return (width.predict)(&options, path, out);
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
