//! The command line of every program, with help, version, messages and exit statuses; the `main` of the six.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::math::model::Model;
use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::console::Console;
use crate::programs::one_step::show_one_step;
use crate::programs::options::{Options, flags};
use crate::programs::predict::predict;
use crate::programs::settings::{PROB1A, Problem};
use crate::programs::terminal;
use crate::training::error::Error;

/// The command line of a program: its name, help and flags.
#[derive(Debug)]
pub struct Interface {
    /// The program's name.
    pub name: &'static str,
    /// The beginning of its help: what it does, and examples.
    pub about: String,
    /// Its flags, without `--help` and `--version`.
    pub flags: Vec<Flag>,
    /// The end of its help, after the flags.
    pub note: &'static str,
}

impl Interface {
    /// The `main` of every program: reads the command line, lets `run` write to standard output, and turns the outcome into
    /// an exit status: 0 done, 1 failed, 2 wrong usage.
    pub fn main(self, run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>) -> ExitCode {
        let name = self.name;
        let mut stdout = io::stdout().lock();
        let outcome = self.respond(std::env::args_os().skip(1), &mut stdout, run);
        let outcome = outcome.and_then(|()| stdout.flush().map_err(Error::Output));
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
            Err(error) => {
                let hint = match error {
                    Error::Usage(_) => format!("\nTry '{name} --help'."),
                    _ => String::new(),
                };
                // If standard error is gone too, there is nobody left to tell.
                let _ = writeln!(io::stderr(), "{name}: {error}{hint}");
                ExitCode::from(error.exit_status())
            }
        }
    }

    /// Prints the help or the version if the arguments ask for it, and otherwise runs.
    fn respond(
        mut self,
        arguments: impl Iterator<Item = OsString>,
        out: &mut dyn Write,
        run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.flags.push(flag("--help", "", "print this").known_as("usage ?"));
        self.flags.push(flag("--version", "", "print name and version").known_as("v"));
        let mut others = flags(&PROB1A);
        others.extend(["--only", "--shard"].map(|name| flag(name, "", "").only_of("tune")));
        others.push(flag("--threads", "", "").only_of("tune").known_as("jobs workers n-jobs j"));
        others.push(flag("--author", "", "").only_of("answers"));
        let given = Arguments::read(&self.flags, &others, arguments)?;
        if given.has("--help") {
            out.write_all(self.help().as_bytes()).map_err(Error::Output)
        } else if given.has("--version") {
            writeln!(out, "{} {}", self.name, env!("CARGO_PKG_VERSION")).map_err(Error::Output)
        } else {
            run(&given, out)
        }
    }

    /// The text that `--help` prints.
    fn help(&self) -> String {
        let mut text = format!("{}\n\nFlags:\n", self.about);
        for Flag { name, value, help, .. } in &self.flags {
            let _ = writeln!(text, "  {:<24} {help}", format!("{name} {value}"));
        }
        let _ = writeln!(text, "\n{}\nExit status: 0 done, 1 the run failed, 2 wrong usage.", self.note);
        text
    }
}

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
    interface(problem).main(|given, out| {
        let mut options = Options::read(problem, given)?;
        options.columns = terminal::columns(io::stdout()).or(options.columns);
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
        flags: flags(problem).into_iter().filter(|flag| flag.is_of(name)).collect(),
        note: "In brackets the defaults; those of training are the best settings of tune's sweeps (out/tuning/).\n\
               First weights: he are normal with variance 2/inputs, glorot with 2/(inputs + outputs), mirrored\n\
               orthogonal directions, each with its opposite.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output of the program `p`, and whether it runs.
    fn respond(arguments: &[&str]) -> Result<(String, bool), String> {
        let flags = vec![flag("--epochs", "N", "passes [10]"), flag("--quiet", "", "no progress")];
        let interface = Interface { name: "p", about: "What it is.".to_owned(), flags, note: "A note." };
        let (mut out, mut runs) = (Vec::new(), false);
        let run = |_: &Arguments, _: &mut dyn Write| {
            runs = true;
            Ok(())
        };
        let outcome = interface.respond(arguments.iter().map(OsString::from), &mut out, run);
        outcome.map_err(|error| error.to_string())?;
        Ok((String::from_utf8(out).unwrap(), runs))
    }

    #[test]
    fn the_help_lists_the_flags_then_a_note_then_the_exit_statuses() {
        let text = "What it is.\n\nFlags:\n  --epochs N               passes [10]\n  --quiet                  no \
                    progress\n  --help                   print this\n  --version                print name and \
                    version\n\nA note.\nExit status: 0 done, 1 the run failed, 2 wrong usage.\n";
        assert_eq!(respond(&["--quiet", "--help"]), Ok((text.to_owned(), false)));
        assert_eq!(respond(&["--epochs", "nonsense", "-h"]), Ok((text.to_owned(), false)));
        let version = concat!("p ", env!("CARGO_PKG_VERSION"), "\n").to_owned();
        assert_eq!(respond(&["--version"]), Ok((version, false)));
        assert_eq!(respond(&["--quiet"]), Ok((String::new(), true)));
        assert_eq!(respond(&["--loud"]), Err("unknown flag --loud".to_owned()));
        assert_eq!(respond(&["--jobs"]), Err("unknown flag --jobs; --threads is a flag of tune".to_owned()));
    }
}
