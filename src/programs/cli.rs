//! The command line of a program: help, version, messages, exit statuses.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::programs::arguments::{Arguments, Flag, flag};
use crate::programs::options;
use crate::programs::settings::PROB1A;
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

/// The `main` of every program: reads the command line, lets `run` write to standard output, and turns the outcome into
/// an exit status: 0 done, 1 failed, 2 wrong usage.
pub fn main(
    interface: Interface,
    run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
) -> ExitCode {
    let name = interface.name;
    let mut stdout = io::stdout().lock();
    let outcome = interface.respond(std::env::args_os().skip(1), &mut stdout, run);
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

impl Interface {
    /// Prints the help or the version if the arguments ask for it, and otherwise runs.
    fn respond(
        mut self,
        arguments: impl Iterator<Item = OsString>,
        out: &mut dyn Write,
        run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.flags.push(flag("--help", "", "print this").known_as("usage ?"));
        self.flags.push(flag("--version", "", "print name and version").known_as("v"));
        let mut others: Vec<Flag> = options::flags(&PROB1A).collect();
        others.extend(["--only", "--threads", "--shard"].map(|name| flag(name, "", "").only_of("tune")));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the program `p` prints, and whether it runs.
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
    }
}
